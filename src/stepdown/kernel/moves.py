"""Children's walks up and down the staircase, under all strategies at once until they part.

Candidates come in continuous time at the row's hazard, which is constant between band edges; a
strategy accepts a candidate of move k iff u < multiplier / bound. Accepted moves take effect at
the next month edge. All arithmetic is on integers, so a plain month-by-month model gives the same
moves by arithmetic (tests/naive.py).

A child's history (highest rank reached, months placed) and its spells in `stepdown.kernel.spending`
are followed from event to event; between events nothing is done.

Measured choices of form, each with its gain in docs/decisions/0024-speed-of-the-walk.md: a child's
candidates are made eight at a time, for all strategies; indices are unsigned (`at`), which spares
the test for one that counts from the end; searches among a few edges count instead of branching.

Decision: docs/decisions/0002-candidates-and-moves.md, 0004-order-within-a-month.md.
"""

import numpy as np

from stepdown.kernel.compiled import inlined, inner
from stepdown.kernel.layout import AHEAD_HAZARD, AHEAD_SLOT, AHEAD_WORD
from stepdown.kernel.randomness import Stream, exponential, philox
from stepdown.kernel.spending import settle, spend

__all__ = [
    "BIRTHDAY_STOP",
    "CANDIDATE",
    "HORIZON",
    "after_birthday",
    "at",
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

at = np.uint64
"""An index that is never negative."""


@inner
def walk_roster(stairs, draw, run, roster, only_beyond, tally, scratch):
    """Walk the children of a roster to the horizon, each alone; count what happens in `tally`.

    `only_beyond` = 1 leaves out those within reach.
    """
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    for index in range(roster.size):
        child = roster[index]
        if child.beyond_reach < only_beyond:
            continue
        _enter(tally, child.strategies, everyone, child.beyond_reach, (child.month, child.step, 1))
        step = stairs.steps[child.step]
        history = (0, step.rank, (child.month - child.since) * step.is_placed)
        place = (child.month, child.step, child.since)
        _set_out(scratch.pending[0], child.strategies, place, history)
        for block in range(scratch.made.size):
            scratch.made[block] = -1
        depth, is_shared = 1, child.strategies == everyone and draw.price.shape[0] == 1
        while depth > 0:
            depth = _walk_set(stairs, draw, run, child, tally, scratch, depth - 1)
            is_shared = is_shared and depth == 0
        if stairs.follows_money:
            apart = np.int64(0) if is_shared else child.strategies
            settle(draw.refund_edge, draw.refund_share, tally.refund, tally.account, apart)


@inlined
def _set_out(walker, strategies, place, history):
    """Write a set of strategies with its (month, step, since) and (number, rank, placed)."""
    walker.strategies = strategies
    walker.month, walker.step, walker.since = place
    walker.number, walker.rank, walker.placed = history


@inlined
def _walk_set(stairs, draw, run, child, tally, scratch, depth):
    """Walk one set of strategies to the horizon, leaving those that part in `scratch.pending`."""
    walker = scratch.pending[depth]
    mask, month, step = walker.strategies, walker.month, walker.step
    since, number, rank, placed = walker.since, walker.number, walker.rank, walker.placed
    begin, spent = month, np.int64(0)  # hazard already used up of the current month
    while month < stairs.n_months and stairs.steps[at(step)].is_absorbing == 0:
        block, lane = _look_ahead(run, child, number, scratch)
        number += 1
        left = spent + scratch.ahead[AHEAD_HAZARD, block, lane]
        month, spent, stop, row = next_stop(stairs, draw.row, child, (month, step, since), left)
        accepted, to, edge, came = mask, step, month, since
        if stop == CANDIDATE:
            move = choose(stairs, draw, step, row, scratch.ahead[AHEAD_SLOT, block, lane])
            candidate = (move, month, scratch.ahead[AHEAD_WORD, block, lane])
            accepted = _accept(stairs, draw, run, child, candidate, mask)
            if accepted == 0:
                continue
            to, edge, came = np.int64(stairs.moves[at(move)].destination), month + 1, month + 1
            _move(stairs, tally, child, mask, accepted, (move, edge, step, to))
        if stairs.follows_money:
            spend(stairs, draw, run, child, tally, mask, (step, begin, edge))
        placed, begin = placed + (edge - begin) * stairs.steps[at(step)].is_placed, edge
        highest = max(rank, np.int64(stairs.steps[at(to)].rank))
        birthday = stairs.ages[at(edge - child.born)].birthday
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
            history = (number, highest, placed)
            _set_out(scratch.pending[depth], accepted, (edge, to, came), history)
            depth += 1
    if stairs.follows_money:
        spend(stairs, draw, run, child, tally, mask, (step, begin, stairs.n_months))
    return depth


@inlined
def _look_ahead(run, child, number, scratch):
    """Return (block, lane) of a child's candidate in `scratch.ahead`; make its block if need be.

    Strategies that have parted meet the same candidates, so a block is made once for all.
    """
    block = at((number >> 3) & (scratch.made.size - 1))
    if scratch.made[block] != number >> 3:
        scratch.made[block] = number >> 3
        _make_block(run, child.key_low, child.key_high, number & ~7, scratch.ahead, block)
    return block, at(number & 7)


@inner
def _make_block(run, key_low, key_high, number, ahead, block):
    """Make eight candidates: without branches, so that it compiles to vector instructions."""
    for lane in range(ahead.shape[2]):
        words = philox(number + lane, key_low, key_high, _MOVES, run)
        ahead[AHEAD_HAZARD, block, lane] = exponential(words[0], words[1])
        ahead[AHEAD_SLOT, block, lane] = words[2]
        ahead[AHEAD_WORD, block, lane] = words[3]


@inlined
def next_stop(stairs, rows, child, place, left):
    """Spend `left` hazard from `place` (month, step, since): to a candidate, birthday or horizon.

    Returns (month, hazard spent within it, why it stopped, row).
    """
    month, step, since = place
    first = child.frailty * stairs.steps.size + step
    first *= stairs.n_age_bands * stairs.n_time_bands
    while True:
        age = stairs.ages[at(month - child.born)]
        time = stairs.times[at(month - since)]
        row = first + age.band * stairs.n_time_bands + time.band
        span = min(np.int64(min(age.next_edge, time.next_edge)), stairs.n_months - month)
        hazard = rows[at(row)].hazard
        if left < span * hazard:
            # An exact quotient from a rounded one: the remainder says which way it was off.
            quotient = np.int64(np.float64(left) * rows[at(row)].inverse)
            spent = left - quotient * hazard
            if spent < 0:
                quotient, spent = quotient - 1, spent + hazard
            elif spent >= hazard:
                quotient, spent = quotient + 1, spent - hazard
            return month + quotient, spent, CANDIDATE, row
        left -= span * hazard
        month += span
        if stairs.ages[at(month - child.born)].birthday >= 0:
            return month, np.int64(0), BIRTHDAY_STOP, row
        if month >= stairs.n_months:
            return month, np.int64(0), HORIZON, row


@inlined
def choose(stairs, draw, step, row, word):
    """Return the move in whose slot the word falls: as many edges lie at or below it."""
    slot = np.int64(0)
    for index in range(draw.slot.shape[1] - 1):  # the last edge is above every word
        slot += np.int64(word >= draw.slot[at(row), at(index)])
    return stairs.moves_from[at(step), at(slot)]


@inlined
def _accept(stairs, draw, run, child, candidate, mask):
    """Return the strategies of `mask` that accept a candidate (move, month, word)."""
    move, month, word = candidate
    column = stairs.moves[at(move)].column
    if child.beyond_reach != 0:
        return mask if word < draw.accept_base[column] else np.int64(0)
    band = stairs.ages[at(month - child.born)].effect_band
    accepted, strategy, rest = np.int64(0), 0, mask
    while rest != 0:
        threshold = draw.accept[at(column), at(band), at(month), at(strategy)]
        if stairs.reach_key.size > 0 and rest & 1:
            where = (column, band, month, strategy)
            effects = (stairs.reach_key, stairs.reach_touches, draw.reach)
            threshold = reached(effects, run, child, where, threshold)
        accepted |= np.int64(word < threshold) << strategy
        strategy += 1
        rest >>= 1
    return accepted & mask


@inner
def reached(effects, run, child, where, threshold):
    """Return the threshold of a child after the effects of limited reach that reach it.

    `effects` are their keys, what they touch, and their reach.
    """
    (keys, touches, reaches), (column, band, month, strategy) = effects, where
    for effect in range(keys.size):
        if touches[effect, column, band]:
            reach = reaches[effect, month, strategy]
            words = philox(keys[effect], child.key_low, child.key_high, _REACH, run)
            if np.int64(words[0]) < reach.share:
                threshold = (threshold * reach.ratio) >> 28
    return threshold


@inlined
def after_birthday(stairs, draw, run, child, birthday, held):
    """Return the step after a birthday of a child that held (step, highest rank, months placed)."""
    step, rank, placed = held
    words = philox(birthday, child.key_low, child.key_high, _BIRTHDAYS, run)
    ways = stairs.birthdays[birthday, step]
    if np.int64(words[0]) < draw.keep_share[birthday, step]:
        return np.int64(ways.keep_to)
    if ways.by_history == 0:
        return np.int64(ways.leave_to)
    shares = draw.enter_share[birthday]
    return _enter_adult_life(stairs.placed_edge, shares, np.int64(words[1]), rank, placed)


@inner
def _enter_adult_life(placed_edge, shares, point, rank, placed):
    """Return the step on which a history (highest rank, months placed) goes on."""
    band = 0
    while band + 1 < placed_edge.size and placed >= placed_edge[band + 1]:
        band += 1
    return first_above(shares[rank * placed_edge.size + band], point)


@inner
def first_above(edges, point):
    """Return the first index whose edge is above `point`; the last edge is."""
    low, high = np.int64(0), np.int64(edges.size - 1)
    while low < high:
        middle = (low + high) >> 1
        if edges[at(middle)] > point:
            high = middle
        else:
            low = middle + 1
    return low


@inlined
def _enter(tally, mask, everyone, beyond, entry):
    """Count a child as entering or leaving (month, step, 1 or -1) under the strategies of `mask`.

    Children beyond reach live one life under all strategies, in a layer of their own.
    """
    month, step, sign = entry
    if mask == everyone:
        shared = tally.change.shape[0] - 2
        tally.change[at(shared + beyond), at(month), at(step)] += sign
        return
    strategy = 0
    while mask != 0:
        tally.change[at(strategy), at(month), at(step)] += sign * (mask & 1)
        strategy += 1
        mask >>= 1


@inlined
def _move(stairs, tally, child, mask, accepted, made):
    """Count a move (move, edge, from, to) of those who accept; the others are not shared longer."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    move, edge, step, to = made
    _count(tally, accepted, everyone, stairs.months[at(edge - 1)].year, move)
    if accepted != mask and mask == everyone:
        _enter(tally, everyone, everyone, child.beyond_reach, (edge, step, -1))
        _enter(tally, mask & ~accepted, everyone, child.beyond_reach, (edge, step, 1))
    else:
        _enter(tally, accepted, everyone, child.beyond_reach, (edge, step, -1))
    _enter(tally, accepted, everyone, child.beyond_reach, (edge, to, 1))


@inlined
def _turn(stairs, tally, child, accepted, birthday, passed):
    """Count a birthday (edge, from, to) that led to another step."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    edge, held, to = passed
    year = stairs.months[at(edge - 1)].year
    _count(tally, accepted, everyone, year, stairs.moves.size + birthday)
    _enter(tally, accepted, everyone, child.beyond_reach, (edge, held, -1))
    _enter(tally, accepted, everyone, child.beyond_reach, (edge, to, 1))


@inlined
def _count(tally, mask, everyone, year, move):
    """Count one move under the strategies of `mask`."""
    if mask == everyone:
        tally.moves[at(tally.moves.shape[0] - 1), at(year), at(move)] += 1
        return
    strategy = 0
    while mask != 0:
        tally.moves[at(strategy), at(year), at(move)] += mask & 1
        strategy += 1
        mask >>= 1
