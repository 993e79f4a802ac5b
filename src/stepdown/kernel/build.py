"""Hazards and multipliers of a chunk of draws -> the integer tables the walk reads.

Bounds are stated per group of moves and do not depend on the strategies present; in a draw that
exceeds one it doubles until it fits, and the draw is counted.

Decision: docs/decisions/0002-candidates-and-moves.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.compiled import entry, inner
from stepdown.kernel.layout import ROW, Floats, Ints, Records, Staircase

__all__ = [
    "CERTAIN",
    "CERTAIN_IN_BAND",
    "MAX_HAZARD",
    "MAX_HAZARD_OF_RUN",
    "Effects",
    "Rows",
    "Thresholds",
    "build_rows",
    "build_thresholds",
]

CERTAIN = 64.0
"""Hazard per cycle of a row left with certainty: no exponential exceeds 53 ln 2."""

CERTAIN_IN_BAND = 1024.0
"""The same where other bands of the step are not certain: multipliers down to 1/28 leave it so."""

MAX_HAZARD = 64.0
"""Largest hazard per cycle of a row of rates, bounds included: more only takes time to walk."""

MAX_HAZARD_OF_RUN = 8e6
"""The same of a row of probabilities, over all cycles: an int64 of 2^-40 holds no more."""


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

    row: Records
    slot: Ints


def build_thresholds(
    effects: Effects, stated_bound: Floats, group: Ints, n_months: int, keep_multipliers: bool
) -> Thresholds:
    """Return the thresholds of a chunk.

    `stated_bound` is (N, C), `group` (C).
    """
    n_draws, n_columns = effects.elasticity.shape
    n_strategies, n_bands = effects.log_relief.shape[1], effects.touches.shape[2]
    shape = (n_columns, n_bands, n_months, n_strategies)
    kept = np.empty((n_draws, *shape) if keep_multipliers else (n_draws, 0, 0, 0, 0))
    thresholds = Thresholds(
        accept=np.empty((n_draws, *shape), np.int64),
        accept_base=np.empty((n_draws, n_columns), np.int64),
        bound=np.array(stated_bound),
        multiplier=kept,
        log_rest=np.empty(kept.shape),
    )
    scratch = (np.empty(shape), np.empty(n_columns))
    _fill_thresholds(effects, group, _first_alike(effects.touches), thresholds, scratch)
    return thresholds


def _first_alike(touches: NDArray[np.bool_]) -> Ints:
    """Return (C, E): the first age band with the very effects of this one, column by column."""
    alike = (touches[:, :, :, None] == touches[:, :, None, :]).all(axis=0)
    return np.ascontiguousarray(alike.argmax(axis=2))


@entry
def _fill_thresholds(effects, group, first_alike, thresholds, scratch):
    """Fill the thresholds of all draws; (C, E, T, Q) and (C) are scratch for one draw."""
    multiplier, largest = scratch
    for draw in range(thresholds.accept.shape[0]):
        bound = thresholds.bound[draw]
        _fill_multipliers(effects, draw, first_alike, multiplier)
        _fit_bounds(effects, draw, multiplier, group, largest, bound)
        for column in range(multiplier.shape[0]):
            scale = 4294967296.0 / bound[column]
            thresholds.accept_base[draw, column] = np.int64(np.ceil(scale))
            accept = thresholds.accept[draw, column]
            _fill_accept(multiplier[column], scale, first_alike[column], accept)
        if thresholds.multiplier.size > 0:
            for column in range(multiplier.shape[0]):
                for band in range(multiplier.shape[1]):
                    _copy(multiplier[column, band], thresholds.multiplier[draw, column, band])
            _fill_rest(effects, draw, thresholds.log_rest[draw])


@inner
def _fill_accept(multiplier, scale, first_alike, accept):
    """Fill (E, T, Q) thresholds: the smallest integers that a scaled multiplier does not exceed."""
    n_bands, n_months, n_strategies = multiplier.shape
    for band in range(n_bands):
        if first_alike[band] < band:
            _copy(accept[first_alike[band]], accept[band])
            continue
        for month in range(n_months):
            for strategy in range(n_strategies):
                edge = np.ceil(multiplier[band, month, strategy] * scale)
                accept[band, month, strategy] = np.int64(edge)


@inner
def _copy(source, target):
    """Copy (T, Q): a loop, since an array expression takes seconds to compile."""
    for month in range(source.shape[0]):
        for strategy in range(source.shape[1]):
            target[month, strategy] = source[month, strategy]


@inner
def _fill_multipliers(effects, draw, first_alike, multiplier):
    """Fill (C, E, T, Q) with exp of the summed logs; what repeats costs no exponential."""
    n_columns, n_bands, n_months, n_strategies = multiplier.shape
    for column in range(n_columns):
        elasticity = effects.elasticity[draw, column]
        for month in range(n_months):
            for strategy in range(n_strategies):
                log = elasticity * effects.log_relief[draw, strategy, month]
                for band in range(n_bands):
                    multiplier[column, band, month, strategy] = log
        _add_effects(effects, draw, column, multiplier[column])
        for band in range(n_bands):
            if first_alike[column, band] < band:
                _copy(multiplier[column, first_alike[column, band]], multiplier[column, band])
                continue
            for strategy in range(n_strategies):
                last_log, last = 0.0, 1.0
                for month in range(n_months):
                    log = multiplier[column, band, month, strategy]
                    if log != last_log:
                        last_log, last = log, np.exp(log)
                    multiplier[column, band, month, strategy] = last


@inner
def _fill_rest(effects, draw, rest):
    """Fill (C, E, T, Q) with the summed logs of all but the caseload."""
    n_columns, n_bands, n_months, n_strategies = rest.shape
    for column in range(n_columns):
        for band in range(n_bands):
            for month in range(n_months):
                for strategy in range(n_strategies):
                    rest[column, band, month, strategy] = 0.0
        _add_effects(effects, draw, column, rest[column])


@inner
def _add_effects(effects, draw, column, logs):
    """Add the logs of the effects on a column to (E, T, Q), one effect after the other."""
    for effect in range(effects.strategy.size):
        strategy, full = effects.strategy[effect], effects.log_ratio[draw, effect]
        for band in range(logs.shape[0]):
            if effects.touches[effect, column, band]:
                for month in range(logs.shape[1]):
                    logs[band, month, strategy] += effects.weight[draw, effect, month] * full


@inner
def _fit_bounds(effects, draw, multiplier, group, largest, bound):
    """Double the stated bound of a group until every multiplier of its columns fits."""
    n_columns, n_bands, _, n_strategies = multiplier.shape
    for column in range(n_columns):
        largest[column] = 0.0
    for column in range(n_columns):
        for band in range(n_bands):
            for strategy in range(n_strategies):
                top = 0.0
                for month in range(multiplier.shape[2]):
                    top = max(top, multiplier[column, band, month, strategy])
                top *= np.exp(effects.reach_log_max[draw, column, band, strategy])
                largest[group[column]] = max(largest[group[column]], top)
    for column in range(n_columns):
        while bound[column] < largest[group[column]]:
            bound[column] *= 2.0


def build_rows(stairs: Staircase, hazard: Floats, bound: Floats) -> Rows:
    """Return integer rows from (N, G, K, A, D) hazards per month and (N, C) bounds.

    Row totals are assumed to be within the limits above (checked by the caller).
    """
    n_draws, n_classes, _, n_ages, n_times = hazard.shape
    n_steps, n_slots = stairs.moves_from.shape
    n_rows = n_classes * n_steps * n_ages * n_times
    rows = Rows(
        row=np.zeros((n_draws, n_rows), ROW),
        slot=np.full((n_draws, n_rows, n_slots), np.int64(1) << 32),
    )
    _fill_rows(stairs, np.ascontiguousarray(hazard), bound, rows, np.zeros(n_slots))
    return rows


@entry
def _fill_rows(stairs, hazard, bound, rows, width):
    """Fill the rows of all draws; `width` is scratch for the slots of one."""
    n_ages, n_times = hazard.shape[3:]
    n_steps, n_slots = stairs.moves_from.shape
    for draw in range(rows.row.shape[0]):
        for row in range(rows.row.shape[1]):
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
            total = np.int64(np.rint(sum_of_widths * 1099511627776.0))
            rows.row[draw, row].hazard = total
            rows.row[draw, row].inverse = 1.0 / total if total > 0 else 0.0
            _fill_slots(width, sum_of_widths, rows.slot[draw, row])


@inner
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
