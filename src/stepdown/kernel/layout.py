"""The arrays the compiled core reads and writes: records of read-only numpy arrays, one axis order.

Sizes: Q strategies, S steps, A age bands, E effect age bands, D time-on-step bands, K moves,
J most moves from one step, C columns of multipliers, B birthdays, R effects with limited reach,
T months (cycles) of the walk, Y calendar years, P periods of arrivals, N draws of the chunk,
G classes of frailty, H cells of a child's history, F price factors, L thresholds of reimbursement.
A row is (class, step, age band, time-on-step band):
row = ((class * S + step) * A + age_band) * D + time_band.
Tables that a scenario does not use have a length of 0.

Small tables are structured arrays with named fields: few arrays pass through the calls (a record of
forty arrays cost as much to pass as a child to walk), and each field keeps its name.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AGE",
    "AHEAD_HAZARD",
    "AHEAD_SLOT",
    "AHEAD_WORD",
    "BAND",
    "BIRTHDAY",
    "CHILD",
    "DISPLACED",
    "INFLOW",
    "MADE_TO_WAIT",
    "MONTH",
    "MOVE",
    "PERSON",
    "POISSON",
    "REACH",
    "REQUESTED",
    "ROW",
    "SET",
    "STEP",
    "STOCK",
    "TIME",
    "WAITED",
    "Coupling",
    "Draw",
    "DrawTables",
    "Scratch",
    "Staircase",
    "Tally",
    "Ties",
    "World",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[Any]

REQUESTED, DISPLACED, MADE_TO_WAIT, WAITED = 0, 1, 2, 3
"""Requests for a place on a full or limited step; children sent to its overflow; children who had
to wait; child-months waited."""

AHEAD_HAZARD, AHEAD_SLOT, AHEAD_WORD = 0, 1, 2
"""What a candidate is made of: hazard to go until it comes, the words for its slot and for who
accepts it."""

STOCK, INFLOW = 0, 1
"""Sources of a child's key; beyond reach adds 2, so a child never changes key with its class."""


def _integers(*names: str) -> np.dtype[Any]:
    return np.dtype([(name, np.int32) for name in names])


AGE = _integers("band", "next_edge", "birthday", "effect_band")
"""By age in months: its band, months to the next band edge or birthday, the birthday (or -1)."""
TIME = _integers("band", "next_edge")
"""By months on the step: its band, and months to the next band edge."""
MOVE = _integers("destination", "column", "planned")
"""By move: the step it leads to, the column of multipliers it reads; 0 marks a breakdown."""
STEP = _integers("is_absorbing", "rank", "is_placed")
"""By step: 1 where nothing happens any more; how high it counts in a child's history; 1 if its
months are months placed."""
BIRTHDAY = _integers("keep_to", "leave_to", "by_history")
"""By birthday and step: where a child goes that goes on, and one that does not; 1 where the latter
depends on its history instead."""
MONTH = _integers("year", "period", "next_year")
"""By month: calendar year from 0, period of constant arrivals, first month of the next year."""
BAND = _integers("first_age", "n_ages")
"""By age band: where the ages of arrivals start, and how many there are."""
REACH = np.dtype([("share", np.int64), ("ratio", np.int64)])
"""Share of the eligible reached [2^-32], and the multiplier of a child reached [2^-28]."""
CHILD = np.dtype(
    [("key_low", np.uint64), ("key_high", np.uint64)]
    + [(n, np.int64) for n in ("strategies", "month", "step", "since", "born")]
    + [(n, np.int64) for n in ("beyond_reach", "frailty")]
)
"""Who walks: its key; the strategies (bits) that hold it; where and since when; month of birth;
1 if no investment moves it; its class."""
ROW = np.dtype([("hazard", np.int64), ("inverse", np.float64)])
"""Total hazard of candidates on a row [2^-40 per month], and its reciprocal; 0 where it is 0."""
SET = np.dtype(
    [(n, np.int64) for n in ("strategies", "month", "step", "since", "number", "rank", "placed")]
)
"""A set of strategies on one path: where and since when, the next candidate's number, the highest
rank reached and the months placed so far."""
PERSON = np.dtype(
    [(n, np.int64) for n in ("step", "since", "number", "rank", "placed", "begin")]
    + [(n, np.int64) for n in ("month", "spent", "stop", "row", "slot", "word", "move")]
    + [(n, np.int64) for n in ("wanted", "by", "asked", "order", "asks")]
    + [(n, np.int64) for n in ("page", "before", "after")]
)
"""Where a child is: step (-1: between two) and since when, the next candidate's number, its history
and the start of the spell not yet paid for; its next stop (month, hazard spent, why, row, words);
the move just accepted (-1: none); the place wanted (-1: none), by which move, asked for when, its
place in the line, 1 if it stands there; its page of the diary and its neighbours on it."""
POISSON = np.dtype([("mean", np.float64), ("none", np.float64)])
"""A Poisson mean, and exp(-mean)."""


class Staircase(NamedTuple):
    """What all draws share: the shape of the staircase and of time. Ages and times in months."""

    n_months: int
    n_strategies: int
    n_age_bands: int
    n_time_bands: int
    n_classes: int
    n_start_ages: int
    """Ages a child can have at the start; the table of ages has room to grow older."""
    pooled_from: int
    """Where no birthday ends support, the age from which children at the start are pooled with all
    older ones: the last age at the start, those before it being their past. Else `n_start_ages`."""
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
    overflow: Ints
    """(S). The step that takes whom a full step refuses, or -1: they wait where they are."""
    placed_edge: Ints
    """(bands of months placed). First month of each; a history's cell is rank x bands + band."""
    follows_money: bool
    """Cost is followed child by child: prices differ between children, or the state refunds."""
    keeps_occupied: bool
    """Children on each step are kept for every month."""


class DrawTables(NamedTuple):
    """What one chunk of draws decides; axis 0 is the draw."""

    row: Records
    """(N, rows) ROW."""
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
    """(N, W, S, G, ages * D) [2^-32]. Cumulative shares of (age, time band) on a step at the start,
    within and beyond reach; W is 2, or 1 where they are alike."""
    stock_entry: Floats
    """(N, W, S, G, D, ages + 1). Running sum over ages of weighted entries into a time band."""
    class_share: Ints
    """(N, G) [2^-32]. Cumulative shares of the classes among arrivals."""
    stock_class: Ints
    """(N, W, S, G) [2^-32]. Cumulative shares of the classes on a step at the start."""
    enter_share: Ints
    """(N, B, H, S) [2^-32]. Cumulative shares of the steps entered at a birthday, by history."""
    case_weight: Floats
    """(N, S). How much of an open case a child on a step is."""
    price_factor: Ints
    """(N, S, G, F) [2^-20]. Equally likely factors on a child's price of a step."""
    price: Ints
    """(N, W, Y, S) [2^-16 DKK of that year per month]. Price of a step that counts; W is 1, or Q
    where a strategy has prices of its own."""
    refund_edge: Floats
    """(N, Y, L) [DKK of that year]. Cost of a child and year above which the state pays a share."""
    refund_share: Floats
    """(N, Y, L). What each threshold adds to the state's share."""


class Coupling(NamedTuple):
    """What couples the children of one municipality; axis 0 is the draw."""

    places: Ints
    """(N, Q, Y, S). Places on a step; -1: no limit. Length 0 if no step has one."""
    log_rest: Floats
    """(N, C, E, T, Q). Logarithm of the multipliers without the caseload; 0 if posts follow."""
    log_relief: Floats
    """(N, Q, T). log(reference caseload / caseload) as long as cases are as at the start."""
    elasticity: Floats
    """(N, C). Signed elasticity of the caseload."""
    bound: Floats
    """(N, C). The bound used."""
    reach_log_max: Floats
    """(N, C, E, Q). Sum of the positive log ratios of effects with limited reach."""
    cases_at_start: Floats
    """(N). Weighted open cases that the posts are made for."""


class Ties(NamedTuple):
    """One draw of `Coupling`, with the same names."""

    places: Ints
    log_rest: Floats
    log_relief: Floats
    elasticity: Floats
    bound: Floats
    reach_log_max: Floats
    cases_at_start: float


class Draw(NamedTuple):
    """One draw of `DrawTables`, with the same names."""

    row: Records
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
    class_share: Ints
    stock_class: Ints
    enter_share: Ints
    case_weight: Floats
    price_factor: Ints
    price: Ints
    refund_edge: Floats
    refund_share: Floats


class Tally(NamedTuple):
    """Scratch counts of one run. Index Q holds what all strategies share, 0..Q-1 their own."""

    change: NDArray[np.int32]
    """(Q + 2, T + 1, S). Children entering minus leaving a step at a month edge; the last layer
    holds the children beyond reach, whom all strategies share."""
    held: NDArray[np.int32]
    """(2, S). Children on each step within and beyond reach, while months are added up."""
    moves: NDArray[np.int32]
    """(Q + 1, Y, K + B). Moves, then departures at birthdays, by calendar year."""
    weighted: Ints
    """(Q + 1, Y, S) [2^-20 months]. Months times the children's price factors."""
    refund: Ints
    """(Q + 1, Y) [2^-24 DKK of that year]. Reimbursement of children whose account is closed."""
    account: Ints
    """(Q + 1, Y) [2^-36 DKK of that year]. Cost of the child that is walking."""
    queue: NDArray[np.int32]
    """(Q, Y, S, 4). Requests for a place, by what became of them; see `REQUESTED` and on."""


class Scratch(NamedTuple):
    """What the walk of one child writes and nobody reads afterwards."""

    pending: Records
    """(Q) SET. Sets of strategies that have parted and are still to be walked."""
    ahead: Ints
    """(3, blocks, 8). The child's candidates, made in blocks of eight: AHEAD_HAZARD and on."""
    made: Ints
    """(blocks). Which block of the child's candidates stands there, or -1."""


class World(NamedTuple):
    """One run under one strategy: the children who come, and scratch for where they are."""

    run: np.uint64
    strategy: int
    roster: Records
    """(children) CHILD, by the month of coming."""
    people: Records
    """(children) PERSON."""
    accounts: Ints
    """(children, Y) [2^-36 DKK of that year]."""
    diary: Ints
    """(T + 2). First child on the page of each month edge; the last page is for who is due."""
    line: Ints
    """(children). Who asks for a place, in order."""
    in_line: Ints
    """(1). How many ask."""
    held: Ints
    """(S). Children on each step."""
    accept: Ints
    """(C, E) [2^-32]. Thresholds of the month."""
    excess: Floats
    """(C). Largest multiplier / bound seen."""
    tally: Tally
