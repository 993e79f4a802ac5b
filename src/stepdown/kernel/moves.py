"""Children's walks up and down the staircase, under all strategies at once until they part.

Candidates come in continuous time at the row's hazard, which is constant between band edges; a
strategy accepts a candidate of move k iff u < multiplier / bound. Accepted moves take effect at
the next month edge. All arithmetic is on integers, so a plain month-by-month model gives the same
moves by arithmetic (tests/naive.py).

A child's history (highest rank reached, months placed) and its spells in `stepdown.kernel.spending`
are followed from event to event; between events nothing is done.

Two measured choices of form: `_nrt=False` compiles without reference counts of the arrays, which
nothing here makes or keeps and which took half of the time of a walk; and children come in
rosters, because passing the tables to a call cost as much as walking a child.

Decision: docs/decisions/0002-candidates-and-moves.md, 0004-order-within-a-month.md.
"""

import numpy as np
from numba import njit

from stepdown.kernel.randomness import Stream, exponential, philox
from stepdown.kernel.spending import settle, spend

__all__ = [
    "BIRTHDAY_STOP",
    "CANDIDATE",
    "HORIZON",
    "after_birthday",
    "choose",
    "first_above",
    "next_stop",
    "reached",
    "walk_roster",
]

_MOVES = np.uint64(Stream.MOVES)
_BIRTHDAYS = np.uint64(Stream.BIRTHDAYS)
_REACH = np.uint64(Stream.REACH)

HORIZON, BIRTHDAY_STOP, CANDIDATE = 0, 1, 2


@njit(cache=True, _nrt=False)
def walk_roster(stairs, draw, run, roster, only_beyond, tally, pending):
    """Walk the children of a roster to the horizon, each alone; count what happens in `tally`.

    `only_beyond` = 1 leaves out those within reach. `pending` is scratch, (Q) SET: the sets of
    strategies that part on the way.
    """
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    for index in range(roster.size):
        child = roster[index]
        if child.beyond_reach < only_beyond:
            continue
        _enter(tally, child.strategies, everyone, child.beyond_reach, (child.month, child.step, 1))
        step = stairs.steps[child.step]
        history = (0, step.rank, (child.month - child.since) * step.is_placed)
        _set_out(pending[0], child.strategies, (child.month, child.step, child.since), history)
        depth = 1
        while depth > 0:
            depth -= 1
            depth = _walk_set(stairs, draw, run, child, tally, pending, depth)
        if stairs.follows_money:
            settle(draw, tally.refund, child.strategies, tally.account, 0)


@njit(cache=True, forceinline=True, _nrt=False)
def _set_out(walker, strategies, place, history):
    """Write a set of strategies with its (month, step, since) and (number, rank, placed)."""
    walker.strategies = strategies
    walker.month, walker.step, walker.since = place
    walker.number, walker.rank, walker.placed = history


@njit(cache=True, _nrt=False)
def _turn(stairs, tally, child, accepted, birthday, passed):
    """Count a birthday (edge, from, to) that led to another step."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    edge, held, to = passed
    year = stairs.months[edge - 1].year
    _count(tally, accepted, everyone, year, stairs.moves.size + birthday)
    _enter(tally, accepted, everyone, child.beyond_reach, (edge, held, -1))
    _enter(tally, accepted, everyone, child.beyond_reach, (edge, to, 1))


@njit(cache=True, forceinline=True, _nrt=False)
def _walk_set(stairs, draw, run, child, tally, pending, depth):
    """Walk one set of strategies to the horizon, leaving those that part in `pending`."""
    walker = pending[depth]
    mask, month, step = walker.strategies, walker.month, walker.step
    since, number, rank, placed = walker.since, walker.number, walker.rank, walker.placed
    begin, spent = month, np.int64(0)  # hazard already used up of the current month
    books = (tally.weighted, tally.account, 0)
    while month < stairs.n_months and stairs.steps[step].is_absorbing == 0:
        words = philox(number, child.key_low, child.key_high, _MOVES, run)
        number += 1
        left = spent + exponential(words[0], words[1])
        month, spent, stop, row = next_stop(stairs, draw.hazard, child, (month, step, since), left)
        accepted, to, edge, came = mask, step, month, since
        if stop == CANDIDATE:
            move = choose(stairs, draw, step, row, words[2])
            accepted = _accept(stairs, draw, run, child, (move, month, words[3]), mask)
            if accepted == 0:
                continue
            to, edge, came = np.int64(stairs.moves[move].destination), month + 1, month + 1
            _move(stairs, tally, child, mask, accepted, (move, edge, step, to))
        if stairs.follows_money:
            spend(stairs, draw, run, child, books, mask, (step, begin, edge))
        placed, begin = placed + (edge - begin) * stairs.steps[step].is_placed, edge
        highest = max(rank, np.int64(stairs.steps[to].rank))
        birthday = stairs.ages[edge - child.born].birthday
        if birthday >= 0 and stop != HORIZON:
            held = to
            to = after_birthday(stairs, draw, run, child, birthday, (held, highest, placed))
            if to != held:
                came = edge
                highest = max(highest, np.int64(stairs.steps[to].rank))
                _turn(stairs, tally, child, accepted, birthday, (edge, held, to))
        if accepted == mask:
            month, step, since, rank, spent = edge, to, came, highest, np.int64(0)
        else:
            mask &= ~accepted
            _set_out(pending[depth], accepted, (edge, to, came), (number, highest, placed))
            depth += 1
    if stairs.follows_money:
        spend(stairs, draw, run, child, books, mask, (step, begin, stairs.n_months))
    return depth


@njit(cache=True, forceinline=True, _nrt=False)
def next_stop(stairs, hazards, child, place, left):
    """Spend `left` hazard from `place` (month, step, since): to a candidate, birthday or horizon.

    Returns (month, hazard spent within it, why it stopped, row).
    """
    month, step, since = place
    while True:
        age = stairs.ages[month - child.born]
        time = stairs.times[month - since]
        row = child.frailty * stairs.steps.size + step
        row = (row * stairs.n_age_bands + age.band) * stairs.n_time_bands + time.band
        span = min(np.int64(min(age.next_edge, time.next_edge)), stairs.n_months - month)
        hazard = hazards[row]
        if left < span * hazard:
            # An exact quotient from a rounded one: the remainder says which way it was off.
            quotient = np.int64(np.float64(left) / np.float64(hazard))
            spent = left - quotient * hazard
            if spent < 0:
                quotient, spent = quotient - 1, spent + hazard
            elif spent >= hazard:
                quotient, spent = quotient + 1, spent - hazard
            return month + quotient, spent, CANDIDATE, row
        left -= span * hazard
        month += span
        if stairs.ages[month - child.born].birthday >= 0:
            return month, np.int64(0), BIRTHDAY_STOP, row
        if month >= stairs.n_months:
            return month, np.int64(0), HORIZON, row


@njit(cache=True, forceinline=True, _nrt=False)
def choose(stairs, draw, step, row, word):
    """Return the move in whose slot the word falls."""
    slot = 0
    point = np.int64(word)
    while point >= draw.slot[row, slot]:
        slot += 1
    return stairs.moves_from[step, slot]


@njit(cache=True, forceinline=True, _nrt=False)
def _accept(stairs, draw, run, child, candidate, mask):
    """Return the strategies of `mask` that accept a candidate (move, month, word)."""
    move, month, word = candidate
    column = stairs.moves[move].column
    point = np.int64(word)
    if child.beyond_reach != 0:
        return mask if point < draw.accept_base[column] else np.int64(0)
    band = stairs.ages[month - child.born].effect_band
    accepted = np.int64(0)
    for strategy in range(stairs.n_strategies):
        bit = np.int64(1) << strategy
        if mask & bit:
            threshold = draw.accept[column, band, month, strategy]
            if stairs.reach_key.size > 0:
                where = (column, band, month, strategy)
                threshold = reached(stairs, draw, run, child, where, threshold)
            if point < threshold:
                accepted |= bit
    return accepted


@njit(cache=True, forceinline=True, _nrt=False)
def reached(stairs, draw, run, child, where, threshold):
    """Return the threshold of a child after the effects of limited reach that reach it."""
    column, band, month, strategy = where
    for effect in range(stairs.reach_key.size):
        if stairs.reach_touches[effect, column, band]:
            reach = draw.reach[effect, month, strategy]
            words = philox(stairs.reach_key[effect], child.key_low, child.key_high, _REACH, run)
            if np.int64(words[0]) < reach.share:
                threshold = (threshold * reach.ratio) >> 28
    return threshold


@njit(cache=True, _nrt=False)
def after_birthday(stairs, draw, run, child, birthday, held):
    """Return the step after a birthday of a child that held (step, highest rank, months placed)."""
    step, rank, placed = held
    words = philox(birthday, child.key_low, child.key_high, _BIRTHDAYS, run)
    ways = stairs.birthdays[birthday, step]
    if np.int64(words[0]) < draw.keep_share[birthday, step]:
        return np.int64(ways.keep_to)
    if ways.by_history == 0:
        return np.int64(ways.leave_to)
    band = 0
    while band + 1 < stairs.placed_edge.size and placed >= stairs.placed_edge[band + 1]:
        band += 1
    cell = rank * stairs.placed_edge.size + band
    return first_above(draw.enter_share[birthday, cell], np.int64(words[1]))


@njit(cache=True, _nrt=False)
def first_above(edges, point):
    """Return the first index whose edge is above `point`; the last edge is."""
    low, high = np.int64(0), np.int64(edges.size - 1)
    while low < high:
        middle = (low + high) >> 1
        if edges[middle] > point:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True, _nrt=False)
def _enter(tally, mask, everyone, beyond, entry):
    """Count a child as entering or leaving (month, step, 1 or -1) under the strategies of `mask`.

    Children beyond reach live one life under all strategies, in a layer of their own.
    """
    month, step, sign = entry
    shared = tally.change.shape[0] - 2
    if mask == everyone:
        tally.change[shared + beyond, month, step] += sign
        return
    for strategy in range(shared):
        if (mask >> strategy) & 1:
            tally.change[strategy, month, step] += sign


@njit(cache=True, _nrt=False)
def _move(stairs, tally, child, mask, accepted, made):
    """Count a move (move, edge, from, to) of those who accept; the others are not shared longer."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    move, edge, step, to = made
    _count(tally, accepted, everyone, stairs.months[edge - 1].year, move)
    if accepted != mask and mask == everyone:
        _enter(tally, everyone, everyone, child.beyond_reach, (edge, step, -1))
        _enter(tally, mask & ~accepted, everyone, child.beyond_reach, (edge, step, 1))
    else:
        _enter(tally, accepted, everyone, child.beyond_reach, (edge, step, -1))
    _enter(tally, accepted, everyone, child.beyond_reach, (edge, to, 1))


@njit(cache=True, _nrt=False)
def _count(tally, mask, everyone, year, move):
    """Count one move under the strategies of `mask`."""
    shared = tally.moves.shape[0] - 1
    if mask == everyone:
        tally.moves[shared, year, move] += 1
        return
    for strategy in range(shared):
        if (mask >> strategy) & 1:
            tally.moves[strategy, year, move] += 1
