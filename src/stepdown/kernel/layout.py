"""The arrays the compiled core reads and writes: records of read-only numpy arrays, one axis order.

Sizes: Q strategies, S steps, A age bands, E effect age bands, D time-on-step bands, K moves,
J most moves from one step, C columns of multipliers, B birthdays, R effects with limited reach,
T months (cycles) of the walk, Y calendar years, P periods of arrivals, N draws of the chunk.
A row is (step, age band, time-on-step band): row = (step * A + age_band) * D + time_band.

Small tables are structured arrays with named fields: few arrays pass through the calls (a record of
forty arrays cost as much to pass as a child to walk), and each field keeps its name.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AGE",
    "BAND",
    "BIRTHDAY",
    "CHILD",
    "INFLOW",
    "MONTH",
    "MOVE",
    "POISSON",
    "REACH",
    "STEP",
    "STOCK",
    "TIME",
    "Draw",
    "DrawTables",
    "Staircase",
    "Tally",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[Any]

STOCK, INFLOW = 0, 1
"""Sources of a child's key; beyond reach adds 2, so a child never changes key with its class."""


def _integers(*names: str) -> np.dtype[Any]:
    return np.dtype([(name, np.int32) for name in names])


AGE = _integers("band", "next_edge", "birthday", "effect_band")
"""By age in months: its band, months to the next band edge or birthday, the birthday (or -1)."""
TIME = _integers("band", "next_edge")
"""By months on the step: its band, and months to the next band edge."""
MOVE = _integers("destination", "column")
"""By move: the step it leads to, and the column of multipliers it reads."""
STEP = _integers("is_absorbing", "counts_as_case")
"""By step: 1 where nothing happens any more; 1 where a child is an open case."""
BIRTHDAY = _integers("keep_to", "leave_to")
"""By birthday and step: where a child goes that goes on, and one that does not."""
MONTH = _integers("year", "period")
"""By month: calendar year from 0, and period of constant arrivals."""
BAND = _integers("first_age", "n_ages")
"""By age band: where the ages of arrivals start, and how many there are."""
REACH = np.dtype([("share", np.int64), ("ratio", np.int64)])
"""Share of the eligible reached [2^-32], and the multiplier of a child reached [2^-28]."""
CHILD = np.dtype(
    [("key_low", np.uint64), ("key_high", np.uint64)]
    + [(n, np.int64) for n in ("strategies", "month", "step", "since", "born", "beyond_reach")]
)
"""Who walks: its key; the strategies (bits) that hold it; where and since when; month of birth."""
POISSON = np.dtype([("mean", np.float64), ("none", np.float64)])
"""A Poisson mean, and exp(-mean)."""


class Staircase(NamedTuple):
    """What all draws share: the shape of the staircase and of time. Ages and times in months."""

    n_months: int
    n_strategies: int
    n_age_bands: int
    n_time_bands: int
    n_start_ages: int
    """Ages a child can have at the start; the table of ages has room to grow older."""
    ages: Records
    """(ages) AGE."""
    times: Records
    """(ages) TIME."""
    time_edge: Ints
    """(D + 1). First month of each time band; the last entry is beyond any age."""
    steps: Records
    """(S) STEP."""
    moves_from: Ints
    """(S, J). Moves that leave a step, in slot order; padded with -1."""
    moves: Records
    """(K) MOVE."""
    birthdays: Records
    """(B, S) BIRTHDAY."""
    months: Records
    """(T) MONTH."""
    bands: Records
    """(A) BAND."""
    reach_key: Ints
    """(R). A hash of the effect's name, below 2^32: the first word of its random numbers."""
    reach_touches: NDArray[np.bool_]
    """(R, C, E). Whether the effect multiplies that column in that band."""


class DrawTables(NamedTuple):
    """What one chunk of draws decides; axis 0 is the draw."""

    hazard: Ints
    """(N, rows) [2^-40 per month]. Total hazard of candidates."""
    slot: Ints
    """(N, rows, J) [2^-32]. Upper edges of the moves' slots; the last is 2^32."""
    accept: Ints
    """(N, C, E, T, Q) [2^-32]. A candidate is accepted below this: ceil(multiplier / bound)."""
    accept_base: Ints
    """(N, C) [2^-32]. The same for a multiplier of 1 (children beyond reach)."""
    keep_share: Ints
    """(N, B, S) [2^-32]. Share that goes on at a birthday."""
    reach: Records
    """(N, R, T, Q) REACH."""
    arrivals: Records
    """(N, P, S, 2, A, W) POISSON. Arrivals of a month within and beyond reach; W is 1, or Q."""
    stock_fixed: Ints
    """(N, 2, S). Documented children at the start."""
    stock_drawn: Records
    """(N, 2, S) POISSON. Children at the start where no number is documented."""
    stock_cell: Ints
    """(N, S, ages * D) [2^-32]. Cumulative shares of (age, time band) on a step at the start."""
    stock_entry: Floats
    """(N, S, D, ages + 1). Running sum over ages of weighted entries into a time band."""


class Draw(NamedTuple):
    """One draw of `DrawTables`, with the same names."""

    hazard: Ints
    slot: Ints
    accept: Ints
    accept_base: Ints
    keep_share: Ints
    reach: Records
    arrivals: Records
    stock_fixed: Ints
    stock_drawn: Records
    stock_cell: Ints
    stock_entry: Floats


class Tally(NamedTuple):
    """Scratch counts of one run. Index Q holds what all strategies share, 0..Q-1 their own."""

    change: NDArray[np.int32]
    """(Q + 1, T + 1, S). Children entering minus leaving a step at a month edge."""
    moves: NDArray[np.int32]
    """(Q + 1, Y, K + B). Moves, then departures at birthdays, by calendar year."""
