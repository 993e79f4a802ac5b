"""The same walks in month order, where the children of one municipality depend on each other.

With fixed posts the caseload follows the number of open cases; with places a child may be refused.
Then the children of one strategy walk together, month by month: the very same candidates as in
`stepdown.kernel.moves`, accepted with the multiplier of that month. Where the coupling does
nothing the moves are the same, bit for bit.

A child is looked at only in the months in which it meets a candidate or has a birthday: it stands
in the diary of the next such edge.

Decision: docs/decisions/0020-posts-and-places.md.
"""

import numpy as np

from stepdown.kernel.compiled import inlined, inner
from stepdown.kernel.diary import DUE, NOWHERE, enter_diary, take_from_diary
from stepdown.kernel.moves import (
    BIRTHDAY_STOP,
    CANDIDATE,
    HORIZON,
    after_birthday,
    at,
    choose,
    next_stop,
    reached,
)
from stepdown.kernel.places import ask_for_place, close_spell, enter, give_places, has_limit
from stepdown.kernel.randomness import Stream, exponential, philox
from stepdown.kernel.spending import refunded

__all__ = ["walk_together"]

_MOVES = np.uint64(Stream.MOVES)


@inner
def walk_together(stairs, draw, coupling, world):
    """Walk the children within reach to the horizon; return whether all multipliers fit."""
    _clear(world)
    coming = 0
    for edge in range(stairs.n_months + 1):
        index = take_from_diary(world, edge)
        while index != NOWHERE:
            _meet_candidates(stairs, draw, world, index, edge - 1)
            _cross_edge(stairs, draw, coupling, world, index, edge)
            index = take_from_diary(world, edge)
        while coming < world.roster.size and world.roster[coming].month <= edge:
            if _is_here(world.roster[coming], world.strategy):
                _come(stairs, coupling, world, coming, edge)
            coming += 1
        if coupling.places.size > 0 and edge > 0:
            give_places(stairs, draw, coupling, world, edge)
        if edge == stairs.n_months:
            break
        index = take_from_diary(world, DUE)
        while index != NOWHERE:
            if stairs.steps[world.people[index].step].is_absorbing == 0:
                _look_ahead(stairs, draw, world, index, edge, np.int64(0))
                _note_stop(world, index)
            index = take_from_diary(world, DUE)
        if not _set_accept(stairs, draw, coupling, world, edge):
            return False
    if stairs.follows_money:
        _close_accounts(stairs, draw, world)
    return True


@inner
def _clear(world):
    """Let nobody be anywhere."""
    world.in_line[0] = 0
    for edge in range(world.diary.size):
        world.diary[edge] = NOWHERE
    for step in range(world.held.size):
        world.held[step] = 0


@inner
def _is_here(child, strategy):
    """Tell whether a child belongs to the strategy's world and can be moved."""
    return child.beyond_reach == 0 and (child.strategies >> strategy) & 1 == 1


@inner
def _come(stairs, coupling, world, index, edge):
    """Let a child come; one that arrives on a step with places asks for one."""
    child, person = world.roster[index], world.people[index]
    step = child.step
    person.since, person.begin = child.since, child.month
    person.rank = stairs.steps[step].rank
    person.placed = (child.month - child.since) * stairs.steps[step].is_placed
    person.number, person.stop = 0, CANDIDATE
    person.move, person.wanted, person.month, person.asks = -1, -1, -1, 0
    person.page = NOWHERE
    for year in range(world.accounts.shape[1]):
        world.accounts[index, year] = 0
    enter_diary(world, index, DUE)
    if edge > 0 and has_limit(coupling, world, step):
        person.step, person.rank = -1, 0
        ask_for_place(world, index, step, -1, edge)
    else:
        enter(stairs, world, index, step, edge)


@inlined
def _look_ahead(stairs, draw, world, index, month, spent):
    """Find a child's next stop from an instant of a month."""
    child, person = world.roster[at(index)], world.people[at(index)]
    words = philox(person.number, child.key_low, child.key_high, _MOVES, world.run)
    person.number += 1
    left = spent + exponential(words[0], words[1])
    place = (np.int64(month), person.step, person.since)
    month, spent, stop, row = next_stop(stairs, draw.row, child, place, left)
    person.month, person.spent, person.stop, person.row = month, spent, stop, row
    person.slot, person.word = words[2], words[3]


@inner
def _note_stop(world, index):
    """Enter a child in the diary of the edge at which its next stop takes effect, if any does."""
    person = world.people[index]
    if person.stop != HORIZON:
        enter_diary(world, index, person.month + (person.stop == CANDIDATE))


@inlined
def _meet_candidates(stairs, draw, world, index, month):
    """Let a child meet the candidates of a month until it accepts one."""
    child, person = world.roster[at(index)], world.people[at(index)]
    while person.stop == CANDIDATE and person.month == month and person.move < 0:
        move = choose(stairs, draw, person.step, person.row, person.slot)
        column = stairs.moves[at(move)].column
        band = stairs.ages[at(month - child.born)].effect_band
        threshold = world.accept[at(column), at(band)]
        if stairs.reach_key.size > 0:
            where = (column, band, month, world.strategy)
            effects = (stairs.reach_key, stairs.reach_touches, draw.reach)
            threshold = reached(effects, world.run, child, where, threshold)
        if person.word < threshold:
            person.move = move
        else:
            _look_ahead(stairs, draw, world, index, month, person.spent)


@inlined
def _cross_edge(stairs, draw, coupling, world, index, edge):
    """Let an accepted move and a birthday take effect, or ask for the place they lead to."""
    child, person = world.roster[at(index)], world.people[at(index)]
    move, origin = person.move, person.step
    if move < 0 and not (person.stop == BIRTHDAY_STOP and person.month == edge):
        _note_stop(world, index)
        return
    person.move = -1
    enter_diary(world, index, DUE)
    close_spell(stairs, draw, world, index, edge)
    to = np.int64(stairs.moves[move].destination) if move >= 0 else origin
    held, rank = to, person.rank
    birthday = stairs.ages[edge - child.born].birthday
    if birthday >= 0:
        highest = max(rank, np.int64(stairs.steps[held].rank))
        history = (held, highest, person.placed)
        to = after_birthday(stairs, draw, world.run, child, birthday, history)
    asks = to != origin and has_limit(coupling, world, to)
    if asks and to == held and stairs.moves[move].planned and stairs.overflow[to] < 0:
        if person.wanted != to:
            ask_for_place(world, index, to, move, edge)
        return
    person.wanted = -1
    year = stairs.months[edge - 1].year
    if move >= 0:
        world.tally.moves[world.strategy, year, move] += 1
        person.since = edge
    if to != held:
        world.tally.moves[world.strategy, year, stairs.moves.size + birthday] += 1
        person.rank = max(rank, np.int64(stairs.steps[held].rank))
    if to == origin:
        return
    world.tally.change[world.strategy, edge, origin] -= 1
    world.held[origin] -= 1
    person.since = edge
    if asks:
        person.step = -1
        ask_for_place(world, index, to, move, edge)
    else:
        enter(stairs, world, index, to, edge)


@inner
def _close_accounts(stairs, draw, world):
    """Pay for every child's last spell and close its account."""
    refund = world.tally.refund[world.strategy]
    for index in range(world.roster.size):
        if _is_here(world.roster[index], world.strategy):
            close_spell(stairs, draw, world, index, stairs.n_months)
            for year in range(draw.refund_edge.shape[0]):
                edges, shares = draw.refund_edge[year], draw.refund_share[year]
                refund[year] += refunded(edges, shares, world.accounts[index, year])


@inner
def _set_accept(stairs, draw, coupling, world, month):
    """Set the thresholds of a month; return False if a multiplier exceeds its bound."""
    n_columns, n_bands = world.accept.shape
    strategy, fits = world.strategy, True
    follows = coupling.log_rest.size > 0
    relief = 0.0
    if follows:
        relief = coupling.log_relief[strategy, month]
        cases = 0.0
        for step in range(world.held.size):
            cases += world.held[step] * draw.case_weight[step]
        relief -= np.log(max(cases, 1.0) / coupling.cases_at_start)
    for column in range(n_columns):
        for band in range(n_bands):
            if not follows:
                world.accept[column, band] = draw.accept[column, band, month, strategy]
                continue
            log = coupling.elasticity[column] * relief
            multiplier = np.exp(log + coupling.log_rest[column, band, month, strategy])
            scale = 4294967296.0 / coupling.bound[column]
            world.accept[column, band] = np.int64(np.ceil(multiplier * scale))
            largest = multiplier * np.exp(coupling.reach_log_max[column, band, strategy])
            world.excess[column] = max(world.excess[column], largest / coupling.bound[column])
            fits = fits and largest <= coupling.bound[column]
    return fits
