"""Hazards and multipliers of a chunk of draws -> the integer tables the walk reads.

Bounds are stated per group of moves and do not depend on the strategies present; in a draw that
exceeds one it doubles until it fits, and the draw is counted.

Decision: docs/decisions/0002-candidates-and-moves.md.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from stepdown.kernel.layout import Floats, Ints, Staircase

__all__ = ["MAX_HAZARD", "Effects", "Rows", "Thresholds", "build_rows", "build_thresholds"]

MAX_HAZARD = 64.0
"""Largest hazard of a row per month: certain, since no exponential exceeds 53 ln 2."""


class Effects(NamedTuple):
    """What multiplies the moves in one chunk; axis 0 is the draw where there is an N.

    An effect belongs to one strategy. L effects reach every eligible child.
    """

    strategy: Ints
    """(L). Strategy of the effect."""
    touches: NDArray[np.bool_]
    """(L, C, E). Columns and age bands it multiplies."""
    log_ratio: Floats
    """(N, L). Logarithm of the full ratio."""
    weight: Floats
    """(N, L, T) in [0, 1]. How much of it works in a month: ramp and fade-out."""
    elasticity: Floats
    """(N, C). Signed elasticity of the caseload: positive raises the move when cases fall."""
    log_relief: Floats
    """(N, Q, T). log(reference caseload / caseload)."""
    reach_log_max: Floats
    """(N, C, E, Q). Sum of the positive log ratios of effects with limited reach."""


class Thresholds(NamedTuple):
    """Integer acceptance thresholds and the bounds they were made with."""

    accept: Ints
    """(N, C, E, T, Q) [2^-32]."""
    accept_base: Ints
    """(N, C) [2^-32]."""
    bound: Floats
    """(N, C). The bound used."""
    multiplier: Floats
    """(N, C, E, T, Q) if asked for, else (N, 0, 0, 0, 0). The multipliers themselves."""
    log_rest: Floats
    """The same shape. Logarithms of the multipliers without the caseload."""


class Rows(NamedTuple):
    """Hazards of rows as integers."""

    hazard: Ints
    slot: Ints


@njit(cache=True, nogil=True)
def build_thresholds(
    effects: Effects, stated_bound: Floats, group: Ints, n_months: int, keep_multipliers: bool
) -> Thresholds:
    """Return the thresholds of a chunk.

    `stated_bound` is (N, C), `group` (C).
    """
    n_draws, n_columns = effects.elasticity.shape
    n_strategies, n_bands = effects.log_relief.shape[1], effects.touches.shape[2]
    shape = (n_columns, n_bands, n_months, n_strategies)
    accept = np.empty((n_draws, *shape), np.int64)
    base = np.empty((n_draws, n_columns), np.int64)
    bound = np.empty((n_draws, n_columns))
    kept = np.empty((n_draws, *shape) if keep_multipliers else (n_draws, 0, 0, 0, 0))
    rest = np.empty(kept.shape)
    for draw in range(n_draws):
        multiplier = np.empty(shape)
        _fill_multipliers(effects, draw, multiplier)
        _fit_bounds(effects, draw, multiplier, stated_bound[draw], group, bound[draw])
        for column in range(n_columns):
            scale = 4294967296.0 / bound[draw, column]
            base[draw, column] = np.int64(np.ceil(scale))
            _fill_accept(multiplier[column], scale, accept[draw, column])
        if keep_multipliers:
            _copy(multiplier, kept[draw])
            _fill_rest(effects, draw, rest[draw])
    return Thresholds(accept, base, bound, kept, rest)


@njit(cache=True, _nrt=False)
def _fill_accept(multiplier, scale, accept):
    """Fill (E, T, Q) thresholds: the smallest integers that a scaled multiplier does not exceed."""
    n_bands, n_months, n_strategies = multiplier.shape
    for band in range(n_bands):
        for month in range(n_months):
            for strategy in range(n_strategies):
                edge = np.ceil(multiplier[band, month, strategy] * scale)
                accept[band, month, strategy] = np.int64(edge)


@njit(cache=True, _nrt=False)
def _copy(source, target):
    """Copy (C, E, T, Q) multipliers: a loop, since an array expression takes seconds to compile."""
    n_columns, n_bands, n_months, n_strategies = source.shape
    for column in range(n_columns):
        for band in range(n_bands):
            for month in range(n_months):
                for strategy in range(n_strategies):
                    value = source[column, band, month, strategy]
                    target[column, band, month, strategy] = value


@njit(cache=True, _nrt=False)
def _fill_multipliers(effects, draw, multiplier):
    """Fill (C, E, T, Q) with exp of the summed logs; months that repeat cost no exponential."""
    n_columns, n_bands, n_months, n_strategies = multiplier.shape
    for column in range(n_columns):
        for band in range(n_bands):
            for strategy in range(n_strategies):
                last_log, last = 0.0, 1.0
                for month in range(n_months):
                    log = effects.elasticity[draw, column]
                    log *= effects.log_relief[draw, strategy, month]
                    log = _add_effects(effects, draw, (column, band, month, strategy), log)
                    if log != last_log:
                        last_log, last = log, np.exp(log)
                    multiplier[column, band, month, strategy] = last


@njit(cache=True, _nrt=False)
def _fill_rest(effects, draw, rest):
    """Fill (C, E, T, Q) with the summed logs of all but the caseload."""
    n_columns, n_bands, n_months, n_strategies = rest.shape
    for column in range(n_columns):
        for band in range(n_bands):
            for month in range(n_months):
                for strategy in range(n_strategies):
                    where = (column, band, month, strategy)
                    rest[where] = _add_effects(effects, draw, where, 0.0)


@njit(cache=True, forceinline=True, _nrt=False)
def _add_effects(effects, draw, where, log):
    """Return a logarithm increased by those of the effects, one after the other."""
    column, band, month, strategy = where
    for effect in range(effects.strategy.size):
        if effects.strategy[effect] == strategy and effects.touches[effect, column, band]:
            log += effects.weight[draw, effect, month] * effects.log_ratio[draw, effect]
    return log


@njit(cache=True)
def _fit_bounds(effects, draw, multiplier, stated_bound, group, bound):
    """Double the stated bound of a group until every multiplier of its columns fits."""
    n_columns, n_bands, _, n_strategies = multiplier.shape
    largest = np.zeros(n_columns)
    for column in range(n_columns):
        for band in range(n_bands):
            for strategy in range(n_strategies):
                top = 0.0
                for month in range(multiplier.shape[2]):
                    top = max(top, multiplier[column, band, month, strategy])
                top *= np.exp(effects.reach_log_max[draw, column, band, strategy])
                largest[group[column]] = max(largest[group[column]], top)
    for column in range(n_columns):
        bound[column] = stated_bound[column]
        while bound[column] < largest[group[column]]:
            bound[column] *= 2.0


@njit(cache=True, nogil=True)
def build_rows(stairs: Staircase, hazard: Floats, bound: Floats) -> Rows:
    """Return integer rows from (N, G, K, A, D) hazards per month and (N, C) bounds.

    Every row total is assumed to be at most `MAX_HAZARD` (checked by the caller).
    """
    n_draws, n_classes, _, n_ages, n_times = hazard.shape
    n_steps, n_slots = stairs.moves_from.shape
    n_rows = n_classes * n_steps * n_ages * n_times
    total = np.zeros((n_draws, n_rows), np.int64)
    slot = np.full((n_draws, n_rows, n_slots), np.int64(1) << 32)
    for draw in range(n_draws):
        width = np.zeros(n_slots)
        for row in range(n_rows):
            step, band = row // (n_ages * n_times) % n_steps, row // n_times % n_ages
            frailty, time = row // (n_steps * n_ages * n_times), row % n_times
            sum_of_widths = 0.0
            for index in range(n_slots):
                move = stairs.moves_from[step, index]
                width[index] = 0.0
                if move >= 0:
                    rate = hazard[draw, frailty, move, band, time]
                    width[index] = rate * bound[draw, stairs.moves[move].column]
                sum_of_widths += width[index]
            if sum_of_widths <= 0.0:
                continue
            total[draw, row] = np.int64(np.rint(sum_of_widths * 1099511627776.0))
            _fill_slots(width, sum_of_widths, slot[draw, row])
    return Rows(total, slot)


@njit(cache=True)
def _fill_slots(width, sum_of_widths, slot):
    """Fill upper edges in units of 2^-32; from the last move with a width on, the edge is 2^32."""
    last = 0
    for index in range(width.size):
        if width[index] > 0.0:
            last = index
    running = 0.0
    for index in range(last):
        running += width[index]
        slot[index] = np.int64(np.floor(running / sum_of_widths * 4294967296.0))
