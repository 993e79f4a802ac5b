"""Tables made by hand, not from a scenario: random integers with the awkward values in them."""

import numpy as np

from stepdown.kernel.layout import (
    AGE,
    BAND,
    BIRTHDAY,
    MONTH,
    MOVE,
    POISSON,
    REACH,
    ROW,
    STEP,
    TIME,
    Coupling,
    DrawTables,
    Staircase,
)
from stepdown.kernel.randomness import WORD


def staircase(n_strategies=3, n_months=60, n_reach=1, **others):
    """Five steps (the last absorbing), ages 0-20 years in months, birthdays at 12 and 20 years."""
    # Random entries can make a child's time on a step exceed its age by up to 24 months.
    n_ages = 20 * 12 + 24 + n_months + 2
    age = np.arange(n_ages)
    edges = np.array([0, 60, 150, 10**6])
    birthdays = np.array([144, 240])
    stops = np.unique(np.concatenate([edges, birthdays]))
    time_edge = np.array([0, 7, 24, 10**6])
    moves_from = np.array([[0, 1, 2], [3, 4, -1], [5, 6, 7], [8, -1, -1], [-1, -1, -1]])
    column = np.array([0, 1, 2, 0, 3, 1, 2, 3, 0])
    destination = np.array([1, 2, 4, 0, 2, 2, 1, 3, 0])  # move 5 leads back to its own step
    month = np.arange(n_months)
    return Staircase(
        n_months=n_months,
        n_strategies=n_strategies,
        n_age_bands=3,
        n_time_bands=3,
        n_classes=2,
        n_start_ages=n_ages,
        pooled_from=n_ages,
        ages=records(
            AGE,
            np.searchsorted(edges, age, side="right") - 1,
            stops[np.searchsorted(stops, age, side="right")] - age,
            np.where(age == 144, 0, np.where(age == 240, 1, -1)),
            age >= 100,
        ),
        times=records(
            TIME,
            np.searchsorted(time_edge, age, side="right") - 1,
            time_edge[np.searchsorted(time_edge, age, side="right")] - age,
        ),
        time_edge=time_edge,
        steps=records(
            STEP,
            np.array([0, 0, 0, 0, 1]),
            np.array([0, 1, 2, 0, 1]),
            np.array([0, 1, 1, 0, 0]),
        ),
        moves_from=moves_from,
        moves=records(MOVE, destination, column, np.array([1, 1, 1, 1, 0, 1, 1, 0, 1])),
        birthdays=records(
            BIRTHDAY,
            np.array([[0, 1, 3, 3, 4], [4, 4, 4, 4, 4]]),
            np.array([[4, 4, 4, 3, 4], [4, 4, 4, 4, 4]]),
            np.array([[0, 1, 1, 0, 0], [0, 0, 0, 0, 0]]),
        ),
        months=records(MONTH, month // 12, month // 24, (month // 12 + 1) * 12),
        bands=records(BAND, np.array([0, 60, 150]), np.array([60, 90, 50])),
        reach_key=np.arange(n_reach, dtype=np.int64) + 77,
        reach_touches=np.ones((n_reach, 4, 2), bool),
        overflow=np.full(5, -1),
        placed_edge=np.array([0, 3, 20]),
        follows_money=True,
        keeps_occupied=True,
    )._replace(**others)


def records(kind, *fields):
    """A structured array of the kind, its fields given in order."""
    found = np.zeros(fields[0].shape, dtype=kind)
    for name, values in zip(kind.names, fields, strict=True):
        found[name] = values
    return found


def draw_tables(stairs, seed, n_draws=2, children=4):
    """Random tables; hazards include 0 and certainty, thresholds include 0 and 2^32."""
    rng = np.random.default_rng(seed)
    n_rows = 2 * 5 * stairs.n_age_bands * stairs.n_time_bands
    hazard = rng.integers(0, 2**38, (n_draws, n_rows))
    hazard[rng.random(hazard.shape) < 0.1] = 0
    hazard[rng.random(hazard.shape) < 0.03] = 1 << 46
    slot = np.sort(rng.integers(0, WORD, (n_draws, n_rows, 3)), axis=2)
    for step in range(5):
        n = max(int((stairs.moves_from[step] >= 0).sum()), 1)
        for frailty in range(2):
            first = (frailty * 5 + step) * 9
            slot[:, first : first + 9, n - 1 :] = WORD
    shape = (n_draws, 4, 2, stairs.n_months, stairs.n_strategies)
    accept = rng.integers(0, WORD + 1, shape)
    accept[rng.random(shape) < 0.1] = 0
    accept[rng.random(shape) < 0.1] = WORD
    n_reach = stairs.reach_key.size
    reach = (n_draws, n_reach, stairs.n_months, stairs.n_strategies)
    n_periods = int(stairs.months["period"][-1]) + 1
    mean = rng.random((n_draws, n_periods, 5, 2, 3, stairs.n_strategies)) * 0.05
    mean[:, :, 3:] = 0
    mean[:, :, :, 1] = mean[:, :, :, 1, :, :1]  # no strategy changes who comes beyond reach
    n_ages, n_years = stairs.ages.size, int(stairs.months["year"][-1]) + 1
    cells = np.sort(rng.integers(0, WORD, (n_draws, 5, 2, n_ages * 3)), axis=3)
    cells[..., 230 * 3 :] = WORD
    cells = _only_possible(stairs, cells)
    cells = np.stack([cells, cells[:, ::-1]], axis=1)  # beyond reach: as on another step
    stock_mean = np.zeros((n_draws, 2, 5))
    stock_mean[:, 0, 3] = 1.5
    fixed = np.zeros((n_draws, 2, 5), np.int64)
    fixed[:, 0, :3] = children
    fixed[:, 1, 1] = 2
    return DrawTables(
        row=records(
            ROW, hazard, np.divide(1.0, hazard, where=hazard > 0, out=np.zeros(hazard.shape))
        ),
        slot=slot,
        accept=accept,
        accept_base=np.full((n_draws, 4), WORD // 2),
        keep_share=rng.integers(0, WORD, (n_draws, 2, 5)),
        reach=records(REACH, rng.integers(0, WORD, reach), rng.integers(0, 1 << 29, reach)),
        arrivals=records(POISSON, mean, np.exp(-mean)),
        stock_fixed=fixed,
        stock_drawn=records(POISSON, stock_mean, np.exp(-stock_mean)),
        stock_cell=cells,
        stock_entry=np.cumsum(rng.random((n_draws, 2, 5, 2, 3, n_ages + 1)), axis=5),
        class_share=_up_to_one(rng.integers(0, WORD, (n_draws, 2))),
        stock_class=_up_to_one(rng.integers(0, WORD, (n_draws, 2, 5, 2))),
        enter_share=_up_to_one(rng.integers(0, WORD, (n_draws, 2, 9, 5))),
        case_weight=np.tile([1.0, 0.5, 1.7, 0.0, 0.0], (n_draws, 1)),
        price_factor=rng.integers(0, 3 << 20, (n_draws, 5, 2, 7)),
        price=rng.integers(0, 100_000 << 16, (n_draws, stairs.n_strategies, n_years, 5)),
        refund_edge=np.tile([2e5, 4e5], (n_draws, n_years, 1)),
        refund_share=np.tile([0.25, 0.5], (n_draws, n_years, 1)),
    )


def coupling(stairs, tables, seed, places=(-1, 4, 3, -1, -1), follows=True):
    """Posts that do not follow the cases, and places on two of five steps."""
    rng = np.random.default_rng(seed)
    n_draws, n_columns, n_bands = tables.accept.shape[:3]
    n_years = int(stairs.months["year"][-1]) + 1
    shape = (n_draws, stairs.n_strategies, n_years, 5)
    rest = rng.normal(-0.5, 0.4, tables.accept.shape)
    return Coupling(
        places=np.tile(places, (*shape[:3], 1))
        if places is not None
        else np.zeros((n_draws, stairs.n_strategies, 0, 5), np.int64),
        log_rest=rest if follows else rest[:, :0],
        log_relief=rng.normal(0, 0.2, (n_draws, stairs.n_strategies, stairs.n_months)),
        elasticity=rng.normal(0, 0.3, (n_draws, n_columns)),
        bound=np.full((n_draws, n_columns), 16.0),
        reach_log_max=np.full((n_draws, n_columns, n_bands, stairs.n_strategies), 0.1),
        cases_at_start=np.full(n_draws, 12.0),
    )


def _up_to_one(shares):
    """Sort cumulative shares along the last axis and let the last be 1."""
    shares = np.sort(shares, axis=-1)
    shares[..., -1] = WORD
    return shares


def _only_possible(stairs, cells):
    """Take the share of a (age, time band) that no child can be in: time on the step above age."""
    widths = np.diff(cells, axis=3, prepend=0)
    age, band = np.divmod(np.arange(cells.shape[3]), stairs.n_time_bands)
    widths[..., stairs.time_edge[band] > age] = 0
    cells = np.cumsum(widths, axis=3)
    cells[..., 229 * 3 :] = WORD
    return cells
