"""One child's walk up and down the staircase, under all strategies at once until they part.

Candidates come in continuous time at the row's hazard, which is constant between band edges; a
strategy accepts a candidate of move k iff u < multiplier / bound. Accepted moves take effect at
the next month edge. All arithmetic is on integers, so a plain month-by-month model gives the same
moves by arithmetic (tests/naive.py).

Decision: docs/decisions/0002-candidates-and-moves.md, 0004-order-within-a-month.md.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from stepdown.kernel.randomness import Stream, exponential, philox

__all__ = ["Child", "enter", "walk"]

_MOVES = np.uint64(Stream.MOVES)
_BIRTHDAYS = np.uint64(Stream.BIRTHDAYS)
_REACH = np.uint64(Stream.REACH)

_HORIZON, _BIRTHDAY, _CANDIDATE = 0, 1, 2


class Child(NamedTuple):
    """Who walks: its key, the month it was born in (may be negative), and whether out of reach."""

    key_low: np.uint64
    key_high: np.uint64
    born: int
    beyond_reach: bool


@njit(cache=True)
def walk(stairs, draw, run, child, start, tally, pending):
    """Walk a child from `start` to the horizon; count what happens in `tally`.

    `start` is (set of strategies as bits, month, step, month it came there); `pending` is scratch
    (Q, 5) for the sets of strategies that part on the way.
    """
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    mask, month, step, since = start
    enter(tally, mask, everyone, month, step, 1)
    pending[0, 0], pending[0, 1], pending[0, 2] = mask, month, step
    pending[0, 3], pending[0, 4] = since, 0
    depth = 1
    while depth > 0:
        depth -= 1
        depth = _walk_set(stairs, draw, run, child, tally, pending, depth)


@njit(cache=True)
def _walk_set(stairs, draw, run, child, tally, pending, depth):
    """Walk one set of strategies to the horizon, leaving those that part in `pending`."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    mask, month, step = pending[depth, 0], pending[depth, 1], pending[depth, 2]
    since, number = pending[depth, 3], pending[depth, 4]
    spent = np.int64(0)  # cumulative hazard already used up of the current month
    while month < stairs.n_months and not stairs.is_absorbing[step]:
        words = philox(number, child.key_low, child.key_high, _MOVES, run)
        number += 1
        left = spent + exponential(words[0], words[1])
        month, spent, stop, row = _next_stop(stairs, draw, child, month, step, since, left)
        if stop == _BIRTHDAY:
            step, since = _birthday(stairs, draw, run, child, tally, mask, month, step, since)
        if stop != _CANDIDATE:
            continue
        move = _choose(stairs, draw, step, row, words[2])
        accepted = _accept(stairs, draw, run, child, move, month, words[3], mask)
        if accepted == 0:
            continue
        to = stairs.destination[move]
        _part(tally, mask, accepted, everyone, month + 1, step, to)
        _count(tally, accepted, everyone, stairs.year_of_month[month], move)
        came = month + 1
        if stairs.birthday[came - child.born] >= 0:
            to, came = _birthday(stairs, draw, run, child, tally, accepted, came, to, came)
        if accepted == mask:
            month, step, since, spent = month + 1, to, came, np.int64(0)
        else:
            mask &= ~accepted
            pending[depth, 0], pending[depth, 1], pending[depth, 2] = accepted, month + 1, to
            pending[depth, 3], pending[depth, 4] = came, number
            depth += 1
    return depth


@njit(cache=True)
def _next_stop(stairs, draw, child, month, step, since, left):
    """Spend `left` hazard from the start of `month`: to a candidate, a birthday or the horizon.

    Returns (month, hazard spent within it, why it stopped, row).
    """
    while True:
        age = month - child.born
        elapsed = month - since
        row = (step * stairs.n_age_bands + stairs.age_band[age]) * stairs.n_time_bands
        row += stairs.time_band[elapsed]
        span = min(stairs.next_age[age], stairs.next_time[elapsed], stairs.n_months - month)
        hazard = draw.hazard[row]
        if left < span * hazard:
            # An exact quotient from a rounded product: the remainder says which way it was off.
            quotient = np.int64(np.float64(left) * draw.reciprocal[row])
            spent = left - quotient * hazard
            if spent < 0:
                quotient, spent = quotient - 1, spent + hazard
            elif spent >= hazard:
                quotient, spent = quotient + 1, spent - hazard
            return month + quotient, spent, _CANDIDATE, row
        left -= span * hazard
        month += span
        if stairs.birthday[month - child.born] >= 0:
            return month, np.int64(0), _BIRTHDAY, row
        if month >= stairs.n_months:
            return month, np.int64(0), _HORIZON, row


@njit(cache=True)
def _choose(stairs, draw, step, row, word):
    """Return the move in whose slot the word falls."""
    slot = 0
    point = np.int64(word)
    while point >= draw.slot[row, slot]:
        slot += 1
    return stairs.moves_from[step, slot]


@njit(cache=True)
def _accept(stairs, draw, run, child, move, month, word, mask):
    """Return the strategies of `mask` that accept a candidate of `move` in `month`."""
    column = stairs.column[move]
    point = np.int64(word)
    if child.beyond_reach:
        return mask if point < draw.accept_base[column] else np.int64(0)
    band = stairs.effect_band[month - child.born]
    accepted = np.int64(0)
    for strategy in range(stairs.n_strategies):
        bit = np.int64(1) << strategy
        if mask & bit:
            threshold = draw.accept[column, band, month, strategy]
            for effect in range(stairs.reach_key.size):
                if stairs.reach_touches[effect, column, band] and _is_reached(
                    stairs, draw, run, child, effect, month, strategy
                ):
                    ratio = draw.reach_ratio[effect, month, strategy]
                    threshold = (threshold * ratio) >> 28
            if point < threshold:
                accepted |= bit
    return accepted


@njit(cache=True)
def _is_reached(stairs, draw, run, child, effect, month, strategy):
    """Tell whether a child is among those an effect of limited reach has reached by `month`."""
    words = philox(stairs.reach_key[effect], child.key_low, child.key_high, _REACH, run)
    return np.int64(words[0]) < draw.reach_share[effect, month, strategy]


@njit(cache=True)
def _birthday(stairs, draw, run, child, tally, mask, month, step, since):
    """Decide a birthday at the edge of `month`; return the step and since when it is held."""
    birthday = stairs.birthday[month - child.born]
    words = philox(birthday, child.key_low, child.key_high, _BIRTHDAYS, run)
    goes_on = np.int64(words[0]) < draw.keep_share[birthday, step]
    to = stairs.keep_to[birthday, step] if goes_on else stairs.leave_to[birthday, step]
    if to == step:
        return step, since
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    enter(tally, mask, everyone, month, step, -1)
    enter(tally, mask, everyone, month, to, 1)
    n_moves = stairs.destination.size
    _count(tally, mask, everyone, stairs.year_of_month[month - 1], n_moves + birthday)
    return to, month


@njit(cache=True)
def enter(tally, mask, everyone, month, step, sign):
    """Count a child as entering (+1) or leaving (-1) a step under the strategies of `mask`."""
    if mask == everyone:
        tally.change[tally.change.shape[0] - 1, month, step] += sign
        return
    for strategy in range(tally.change.shape[0] - 1):
        if (mask >> strategy) & 1:
            tally.change[strategy, month, step] += sign


@njit(cache=True)
def _part(tally, mask, accepted, everyone, month, step, to):
    """Move the accepting strategies at an edge; the others stay, no longer counted as shared."""
    if accepted != mask and mask == everyone:
        enter(tally, everyone, everyone, month, step, -1)
        enter(tally, mask & ~accepted, everyone, month, step, 1)
    else:
        enter(tally, accepted, everyone, month, step, -1)
    enter(tally, accepted, everyone, month, to, 1)


@njit(cache=True)
def _count(tally, mask, everyone, year, move):
    """Count one move under the strategies of `mask`."""
    if mask == everyone:
        tally.moves[tally.moves.shape[0] - 1, year, move] += 1
        return
    for strategy in range(tally.moves.shape[0] - 1):
        if (mask >> strategy) & 1:
            tally.moves[strategy, year, move] += 1
