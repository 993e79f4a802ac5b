"""Children's walks up and down the staircase, under all strategies at once until they part.

Candidates come in continuous time at the row's hazard, which is constant between band edges; a
strategy accepts a candidate of move k iff u < multiplier / bound. Accepted moves take effect at
the next month edge. All arithmetic is on integers, so a plain month-by-month model gives the same
moves by arithmetic (tests/naive.py).

Two measured choices of form: `_nrt=False` compiles without reference counts of the arrays, which
nothing here makes or keeps and which took half of the time of a walk; and children come in
rosters, because passing the tables to a call cost as much as walking a child.

Decision: docs/decisions/0002-candidates-and-moves.md, 0004-order-within-a-month.md.
"""

import numpy as np
from numba import njit

from stepdown.kernel.randomness import Stream, exponential, philox

__all__ = ["walk_roster"]

_MOVES = np.uint64(Stream.MOVES)
_BIRTHDAYS = np.uint64(Stream.BIRTHDAYS)
_REACH = np.uint64(Stream.REACH)

_HORIZON, _BIRTHDAY, _CANDIDATE = 0, 1, 2


@njit(cache=True, _nrt=False)
def walk_roster(stairs, draw, run, roster, n_children, tally, pending):
    """Walk the first children of a roster to the horizon; count what happens in `tally`.

    `pending` is scratch (Q, 5): the sets of strategies that part on the way, each with its month,
    step, month it came there, and next candidate number.
    """
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    for index in range(n_children):
        child = roster[index]
        _enter(tally, child.strategies, everyone, child.month, child.step, 1)
        pending[0, 0], pending[0, 1] = child.strategies, child.month
        pending[0, 2], pending[0, 3], pending[0, 4] = child.step, child.since, 0
        depth = 1
        while depth > 0:
            depth -= 1
            depth = _walk_set(stairs, draw, run, child, tally, pending, depth)


@njit(cache=True, forceinline=True, _nrt=False)
def _walk_set(stairs, draw, run, child, tally, pending, depth):
    """Walk one set of strategies to the horizon, leaving those that part in `pending`."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    mask, month, step = pending[depth, 0], pending[depth, 1], pending[depth, 2]
    since, number = pending[depth, 3], pending[depth, 4]
    spent = np.int64(0)  # cumulative hazard already used up of the current month
    while month < stairs.n_months and stairs.steps[step].is_absorbing == 0:
        words = philox(number, child.key_low, child.key_high, _MOVES, run)
        number += 1
        left = spent + exponential(words[0], words[1])
        month, spent, stop, row = _next_stop(stairs, draw, child, month, step, since, left)
        accepted, to = mask, step
        if stop == _CANDIDATE:
            move = _choose(stairs, draw, step, row, words[2])
            accepted = _accept(stairs, draw, run, child, (move, month, words[3]), mask)
            if accepted == 0:
                continue
            to = stairs.moves[move].destination
            _count(tally, accepted, everyone, stairs.months[month].year, move)
            _part(tally, mask, accepted, everyone, month + 1, step, to)
        edge = month + 1 if stop == _CANDIDATE else month
        came = edge if stop == _CANDIDATE else since
        birthday = stairs.ages[edge - child.born].birthday
        if birthday >= 0 and stop != _HORIZON:
            held = to
            to = _after_birthday(stairs.birthdays, draw.keep_share, run, child, birthday, held)
            if to != held:
                came = edge
                year = stairs.months[edge - 1].year
                _count(tally, accepted, everyone, year, stairs.moves.size + birthday)
                _enter(tally, accepted, everyone, edge, held, -1)
                _enter(tally, accepted, everyone, edge, to, 1)
        if accepted == mask:
            month, step, since, spent = edge, to, came, np.int64(0)
        else:
            mask &= ~accepted
            pending[depth, 0], pending[depth, 1], pending[depth, 2] = accepted, edge, to
            pending[depth, 3], pending[depth, 4] = came, number
            depth += 1
    return depth


@njit(cache=True, forceinline=True, _nrt=False)
def _next_stop(stairs, draw, child, month, step, since, left):
    """Spend `left` hazard from the start of `month`: to a candidate, a birthday or the horizon.

    Returns (month, hazard spent within it, why it stopped, row).
    """
    while True:
        age = stairs.ages[month - child.born]
        time = stairs.times[month - since]
        row = (step * stairs.n_age_bands + age.band) * stairs.n_time_bands + time.band
        span = min(np.int64(min(age.next_edge, time.next_edge)), stairs.n_months - month)
        hazard = draw.hazard[row]
        if left < span * hazard:
            # An exact quotient from a rounded one: the remainder says which way it was off.
            quotient = np.int64(np.float64(left) / np.float64(hazard))
            spent = left - quotient * hazard
            if spent < 0:
                quotient, spent = quotient - 1, spent + hazard
            elif spent >= hazard:
                quotient, spent = quotient + 1, spent - hazard
            return month + quotient, spent, _CANDIDATE, row
        left -= span * hazard
        month += span
        if stairs.ages[month - child.born].birthday >= 0:
            return month, np.int64(0), _BIRTHDAY, row
        if month >= stairs.n_months:
            return month, np.int64(0), _HORIZON, row


@njit(cache=True, forceinline=True, _nrt=False)
def _choose(stairs, draw, step, row, word):
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
            for effect in range(stairs.reach_key.size):
                if stairs.reach_touches[effect, column, band]:
                    reach = draw.reach[effect, month, strategy]
                    key = stairs.reach_key[effect]
                    words = philox(key, child.key_low, child.key_high, _REACH, run)
                    if np.int64(words[0]) < reach.share:
                        threshold = (threshold * reach.ratio) >> 28
            if point < threshold:
                accepted |= bit
    return accepted


@njit(cache=True, _nrt=False)
def _after_birthday(birthdays, keep_share, run, child, birthday, step):
    """Return the step a child holds after a birthday, decided by its own uniform."""
    words = philox(birthday, child.key_low, child.key_high, _BIRTHDAYS, run)
    if np.int64(words[0]) < keep_share[birthday, step]:
        return birthdays[birthday, step].keep_to
    return birthdays[birthday, step].leave_to


@njit(cache=True, _nrt=False)
def _enter(tally, mask, everyone, month, step, sign):
    """Count a child as entering (+1) or leaving (-1) a step under the strategies of `mask`."""
    shared = tally.change.shape[0] - 1
    if mask == everyone:
        tally.change[shared, month, step] += sign
        return
    for strategy in range(shared):
        if (mask >> strategy) & 1:
            tally.change[strategy, month, step] += sign


@njit(cache=True, _nrt=False)
def _part(tally, mask, accepted, everyone, month, step, to):
    """Move the accepting strategies at an edge; the others stay, no longer counted as shared."""
    if accepted != mask and mask == everyone:
        _enter(tally, everyone, everyone, month, step, -1)
        _enter(tally, mask & ~accepted, everyone, month, step, 1)
    else:
        _enter(tally, accepted, everyone, month, step, -1)
    _enter(tally, accepted, everyone, month, to, 1)


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
