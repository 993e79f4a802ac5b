"""The arrays the compiled core reads and writes: records of read-only numpy arrays, one axis order.

Sizes: Q strategies, S steps, A age bands, E effect age bands, D time-on-step bands, K moves,
J most moves from one step, C columns of multipliers, B birthdays, R effects with limited reach,
T months (cycles) of the walk, Y calendar years, P periods of arrivals, N draws of the chunk.
A row is (step, age band, time-on-step band): row = (step * A + age_band) * D + time_band.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["STOCK", "INFLOW", "Draw", "DrawTables", "Staircase", "Tally"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

STOCK, INFLOW = 0, 1
"""Sources of a child's key; beyond reach adds 2, so a child never changes key with its class."""


class Staircase(NamedTuple):
    """What all draws share: the shape of the staircase and of time. Ages and times in months."""

    n_months: int
    n_strategies: int
    age_band: Ints
    """(age). Base age band of a completed age."""
    next_age: Ints
    """(age). Months until the next edge of an age band, or the next birthday."""
    birthday: Ints
    """(age). Index of the birthday reached at that age, else -1."""
    effect_band: Ints
    """(age). Age band of effects."""
    time_band: Ints
    """(elapsed). Band of the time on the step."""
    next_time: Ints
    """(elapsed). Months until the next band edge of the time on the step."""
    time_edge: Ints
    """(D + 1). First month of each time band; the last entry is beyond any age."""
    n_age_bands: int
    n_time_bands: int
    moves_from: Ints
    """(S, J). Moves that leave a step, in slot order; padded with -1."""
    destination: Ints
    """(K). Step a move leads to."""
    column: Ints
    """(K). Column of multipliers a move reads."""
    keep_to: Ints
    """(B, S). Step of a child that goes on at a birthday."""
    leave_to: Ints
    """(B, S). Step of a child that does not."""
    is_absorbing: NDArray[np.bool_]
    """(S). Nothing happens on this step any more."""
    counts_as_case: Ints
    """(S). 1 where a child on the step is an open case."""
    year_of_month: Ints
    """(T). Calendar year of a month, counted from 0."""
    period_of_month: Ints
    """(T). Period of arrivals of a month."""
    entry_age: Ints
    """(A). First age of each band, for the ages of arrivals."""
    entry_width: Ints
    """(A). Ages in each band."""
    reach_key: Ints
    """(R). A hash of the effect's name: the first word of its random numbers."""
    reach_touches: NDArray[np.bool_]
    """(R, C, E). Whether the effect multiplies that column in that band."""


class DrawTables(NamedTuple):
    """What one chunk of draws decides; axis 0 is the draw."""

    hazard: Ints
    """(N, rows) [2^-40 per month]. Total hazard of candidates."""
    reciprocal: Floats
    """(N, rows). 1 / hazard, 0 where there is none."""
    slot: Ints
    """(N, rows, J) [2^-32]. Upper edges of the moves' slots; the last is 2^32."""
    accept: Ints
    """(N, C, E, T, Q) [2^-32]. A candidate is accepted below this: ceil(multiplier / bound)."""
    accept_base: Ints
    """(N, C) [2^-32]. The same for a multiplier of 1 (children beyond reach)."""
    keep_share: Ints
    """(N, B, S) [2^-32]. Share that goes on at a birthday."""
    reach_share: Ints
    """(N, R, T, Q) [2^-32]. Share of the eligible children that the effect reaches."""
    reach_ratio: Ints
    """(N, R, T, Q) [2^-28]. Multiplier of a child that is reached."""
    arrival_mean: Floats
    """(N, P, A, S, 2, W). Expected arrivals of a month within and beyond reach; W is 1, or Q."""
    arrival_none: Floats
    """Same shape. exp(-arrival_mean)."""
    stock_fixed: Ints
    """(N, 2, S). Documented children at the start."""
    stock_mean: Floats
    """(N, 2, S). Expected children at the start where no number is documented."""
    stock_none: Floats
    """Same shape. exp(-stock_mean)."""
    stock_cell: Ints
    """(N, S, ages * D) [2^-32]. Cumulative shares of (age, time band) on a step at the start."""
    stock_entry: Floats
    """(N, S, D, ages + 1). Running sum over ages of weighted entries into a time band."""


class Draw(NamedTuple):
    """One draw of `DrawTables`, with the same names."""

    hazard: Ints
    reciprocal: Floats
    slot: Ints
    accept: Ints
    accept_base: Ints
    keep_share: Ints
    reach_share: Ints
    reach_ratio: Ints
    arrival_mean: Floats
    arrival_none: Floats
    stock_fixed: Ints
    stock_mean: Floats
    stock_none: Floats
    stock_cell: Ints
    stock_entry: Floats


class Tally(NamedTuple):
    """Scratch counts of one run. Index Q holds what all strategies share, 0..Q-1 their own."""

    change: NDArray[np.int32]
    """(Q + 1, T + 1, S). Children entering minus leaving a step at a month edge."""
    moves: NDArray[np.int32]
    """(Q + 1, Y, K + B). Moves, then departures at birthdays, by calendar year."""
