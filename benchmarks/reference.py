"""The reference job: one staircase that every engine and every peer can walk, at three rates.

Nine steps and an exit, 240 months, 2,000 children aged 0-35 months at the start, a baseline and an
intervention that comes in over four years. A move's hazard depends on its steps, the child's age
(five bands) and time on the step (four bands); every draw has hazards and effects of its own.
`mid` is about 3 moves a child in 20 years, `low` 0.4 and `high` 3 times as many: the time of a walk
that jumps from candidate to candidate grows with this number, that of a monthly model does not.

Everything is made up: the job is for speed and for checks, and says nothing of any municipality.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.build import Effects, build_rows, build_thresholds
from stepdown.kernel.layout import (
    AGE,
    BAND,
    BIRTHDAY,
    MONTH,
    MOVE,
    POISSON,
    REACH,
    STEP,
    TIME,
    Coupling,
    DrawTables,
    Staircase,
)
from stepdown.kernel.loop import Counts, simulate_runs
from stepdown.kernel.randomness import WORD
from stepdown.kernel.spending import FACTOR_UNIT, PRICE_UNIT

__all__ = [
    "EXIT",
    "RATES",
    "Features",
    "Job",
    "Parameters",
    "prepare",
    "run",
    "scores",
    "transition_table",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RATES = {"low": 0.4, "mid": 1.0, "high": 3.0}
"""What every hazard is multiplied by."""

N_STEPS, N_MONTHS, N_CHILDREN = 9, 240, 2000
EXIT = N_STEPS
"""Index of the exit, after the live steps."""
AGE_EDGES = np.array([0, 48, 96, 144, 192])
"""First age of each band [months]."""
TIME_EDGES = np.array([0, 6, 12, 36])
"""First month on the step of each band."""
START_AGES = 36
UP, DOWN, LEAVE = 0, 1, 2
"""Columns of multipliers: moves to a higher step, to a lower one, and out of the staircase."""
EFFECTS = (0.9, 1.4, 1.2)
"""Ratios of the full intervention on each column, at the median."""
YEARS_TO_FULL_EFFECT = 4
MEAN_MOVES = 0.0258
"""Hazard of any move below age 4 in the first months on a step, at mid rates [per month]."""
_NEVER = 1 << 30
CLASS_SHARES, CLASS_MULTIPLIERS = np.array([0.5, 0.3, 0.2]), np.array([0.5, 1.0, 2.25])


@dataclass(frozen=True)
class Features:
    """What is switched on beyond the plain walk."""

    n_strategies: int = 2
    n_children: int = N_CHILDREN
    n_months: int = N_MONTHS
    frailty: bool = False
    """Three classes of children."""
    money: bool = False
    """Prices that differ between children, and refunds of costly cases by child and year."""
    places: bool = False
    """A limit on the places of one step, which nobody meets: the children walk in month order."""


class Parameters(NamedTuple):
    """What a draw decides; axis 0 is the draw."""

    hazard: Floats
    """(N, K). Hazard of each move in the first bands [per month]."""
    by_age: Floats
    """(N, A). Factor by age band, 1 in the first."""
    by_time: Floats
    """(N, D). Factor by time on the step, 1 in the first."""
    effect: Floats
    """(N, C). Ratios of the full intervention."""
    price: Floats
    """(N, S + 1) [DKK per month]. Price of a step; 0 for the exit."""


class Job(NamedTuple):
    """A chunk of draws of the reference job, ready to walk."""

    stairs: Staircase
    tables: DrawTables
    coupling: Coupling | None
    parameters: Parameters


def prepare(rates: str, first_draw: int, n_draws: int, features: Features | None = None) -> Job:
    """Draw the parameters of a chunk and build its tables.

    Parameters
    ----------
    rates
        "low", "mid" or "high".
    first_draw, n_draws
        Numbers of the draws; a draw has the same parameters in whatever chunk.
    """
    features = features or Features()
    stairs = _staircase(features)
    parameters = draw_parameters(rates, first_draw, n_draws)
    return Job(
        stairs, _tables(features, stairs, parameters), _coupling(features, n_draws), parameters
    )


def run(job: Job, seed: int, first_draw: int, n_replicates: int = 1) -> Counts:
    """Walk the children of a chunk."""
    counts, _ = simulate_runs(job.stairs, job.tables, seed, first_draw, n_replicates, job.coupling)
    return counts


def moves() -> tuple[Ints, Ints]:
    """Return the steps that each move leaves and leads to: from every step to every other."""
    pairs = [(a, b) for a in range(N_STEPS) for b in range(N_STEPS + 1) if a != b]
    origin, destination = np.array(pairs).T
    return origin, destination


def draw_parameters(rates: str, first_draw: int, n_draws: int) -> Parameters:
    """Draw the parameters of a chunk: lognormal around the medians, draw by draw."""
    hazard, by_age, by_time = _medians(RATES[rates])
    price = np.append(12_000.0 * 1.35 ** np.arange(N_STEPS), 0.0)
    medians = (hazard, by_age, by_time, np.array(EFFECTS), price)
    spreads = (0.25, 0.1, 0.1, 0.08, 0.1)
    sizes = [median.size for median in medians]
    normal = scores(first_draw, n_draws, sum(sizes))
    parts = np.split(normal, np.cumsum(sizes)[:-1], axis=1)
    values = [
        median * np.exp(spread * part)
        for median, spread, part in zip(medians, spreads, parts, strict=True)
    ]
    values[1][:, 0] = values[2][:, 0] = 1.0
    return Parameters(*values)


def scores(first_draw: int, n_draws: int, count: int) -> Floats:
    """Return the standard normal numbers behind the parameters of draws, (draw, parameter)."""
    return np.stack(
        [
            np.random.default_rng([2026, first_draw + draw]).standard_normal(count)
            for draw in range(n_draws)
        ]
    )


def transition_table(parameters: Parameters, draw: int, level: float) -> Floats:
    """Return monthly probabilities (age band, time band, step, destination) of one draw.

    `level` says how much of the intervention works, from 0 (the baseline) to 1. The exit is the
    last destination; a row sums to less than 1, and the rest stays.
    """
    origin, destination = moves()
    hazard = (
        parameters.hazard[draw][:, None, None]
        * parameters.by_age[draw][:, None]
        * parameters.by_time[draw]
        * parameters.effect[draw][column_of(origin, destination), None, None] ** level
    )
    table = np.zeros((AGE_EDGES.size, TIME_EDGES.size, N_STEPS, N_STEPS + 1))
    table[:, :, origin, destination] = np.moveaxis(hazard, 0, -1)
    total = table.sum(axis=-1, keepdims=True)
    return table / total * -np.expm1(-total)


def ramp(n_months: int) -> Floats:
    """Return how much of the intervention works in each month: a quarter more every year."""
    return np.minimum(np.arange(n_months) // 12 / YEARS_TO_FULL_EFFECT, 1.0)


def column_of(origin: Ints, destination: Ints) -> Ints:
    """Return the column of multipliers of a move."""
    up_or_down = np.where(destination > origin, UP, DOWN)
    return np.where(destination == N_STEPS, LEAVE, up_or_down)


def _medians(factor: float) -> tuple[Floats, Floats, Floats]:
    """Return hazards by move, and the factors by age and time on the step."""
    origin, destination = moves()
    nearness = np.where(destination == N_STEPS, 0.04, 0.5 ** np.abs(destination - origin))
    by_step = np.bincount(origin, nearness, N_STEPS)
    speed = np.linspace(0.7, 1.3, N_STEPS)
    hazard = factor * MEAN_MOVES * speed[origin] * nearness / by_step[origin]
    return hazard, np.array([1.0, 1.15, 1.0, 1.3, 0.9]), np.array([1.0, 0.8, 0.6, 0.4])


def _staircase(features: Features) -> Staircase:
    origin, destination = moves()
    n_ages = START_AGES + features.n_months + 2
    age, month = np.arange(n_ages), np.arange(features.n_months)
    slots = np.array([np.flatnonzero(origin == step) for step in range(N_STEPS)])
    of_exit = np.full((1, slots.shape[1]), -1)
    no_birthday = np.full(n_ages, -1)
    return Staircase(
        n_months=features.n_months,
        n_strategies=features.n_strategies,
        n_age_bands=AGE_EDGES.size,
        n_time_bands=TIME_EDGES.size,
        n_classes=3 if features.frailty else 1,
        n_start_ages=START_AGES,
        pooled_from=START_AGES,
        ages=_records(
            AGE, _band(AGE_EDGES, age), _to_next(AGE_EDGES, age), no_birthday, np.zeros(n_ages)
        ),
        times=_records(TIME, _band(TIME_EDGES, age), _to_next(TIME_EDGES, age)),
        time_edge=np.append(TIME_EDGES, _NEVER),
        steps=_records(STEP, np.arange(N_STEPS + 1) == N_STEPS, *np.zeros((2, N_STEPS + 1))),
        moves_from=np.concatenate([slots, of_exit]),
        moves=_records(MOVE, destination, column_of(origin, destination), np.ones(origin.size)),
        birthdays=np.zeros((0, N_STEPS + 1), BIRTHDAY),
        months=_records(MONTH, month // 12, np.zeros(month.size), (month // 12 + 1) * 12),
        bands=_records(BAND, AGE_EDGES, np.full(AGE_EDGES.size, 48)),
        reach_key=np.zeros(0, np.int64),
        reach_touches=np.zeros((0, len(EFFECTS), 1), bool),
        overflow=np.full(N_STEPS + 1, -1),
        placed_edge=np.zeros(1, np.int64),
        follows_money=features.money,
        keeps_occupied=False,
    )


def _band(edges: Ints, at: Ints) -> Ints:
    return np.searchsorted(edges, at, side="right") - 1


def _to_next(edges: Ints, at: Ints) -> Ints:
    return np.append(edges, _NEVER)[np.searchsorted(edges, at, side="right")] - at


def _records(kind: np.dtype, *fields: NDArray) -> NDArray:
    records = np.zeros(fields[0].shape, kind)
    for name, values in zip(kind.names, fields, strict=True):
        records[name] = values
    return records


def _tables(features: Features, stairs: Staircase, parameters: Parameters) -> DrawTables:
    n_draws, n_months = len(parameters.hazard), stairs.n_months
    n_others = stairs.n_strategies - 1
    n_columns, n_bands = len(EFFECTS), 1
    # The first strategy has the full effects, each further one a little less.
    portion = 1.0 - np.arange(n_others) / max(n_others, 1) / 2
    log_ratio = np.log(parameters.effect)[:, None] * portion[:, None]
    touches = np.eye(n_columns, dtype=bool)[np.tile(np.arange(n_columns), n_others)]
    effects = Effects(
        strategy=np.repeat(np.arange(1, n_others + 1), n_columns),
        touches=touches[:, :, None],
        log_ratio=log_ratio.reshape(n_draws, -1),
        weight=np.tile(ramp(n_months), (n_draws, n_others * n_columns, 1)),
        elasticity=np.zeros((n_draws, n_columns)),
        log_relief=np.zeros((n_draws, stairs.n_strategies, n_months)),
        reach_log_max=np.zeros((n_draws, n_columns, n_bands, stairs.n_strategies)),
    )
    bound = np.full((n_draws, n_columns), 2.0)
    thresholds = build_thresholds(effects, bound, np.arange(n_columns), n_months, False)
    rows = build_rows(stairs, _hazards(features, parameters), thresholds.bound)
    return DrawTables(
        row=rows.row,
        slot=rows.slot,
        accept=thresholds.accept,
        accept_base=thresholds.accept_base,
        keep_share=np.zeros((n_draws, 0, N_STEPS + 1), np.int64),
        reach=np.zeros((n_draws, 0, n_months, stairs.n_strategies), REACH),
        enter_share=np.zeros((n_draws, 0, 1, N_STEPS + 1), np.int64),
        case_weight=np.ones((n_draws, N_STEPS + 1)) * (np.arange(N_STEPS + 1) < N_STEPS),
        **_start(features, stairs, n_draws),
        **_money(features, stairs, parameters),
    )


def _hazards(features: Features, parameters: Parameters) -> Floats:
    """Return hazards (draw, class, move, age band, time band)."""
    hazard = (
        parameters.hazard[:, None, :, None, None]
        * parameters.by_age[:, None, None, :, None]
        * parameters.by_time[:, None, None, None, :]
    )
    if not features.frailty:
        return hazard
    multiplier = CLASS_MULTIPLIERS / (CLASS_SHARES @ CLASS_MULTIPLIERS)
    return hazard * multiplier[:, None, None, None]


def _start(features: Features, stairs: Staircase, n_draws: int) -> dict[str, NDArray]:
    """Return who is there at the start: more children on the lower steps, nobody comes later."""
    n_classes, n_ages, n_steps = stairs.n_classes, stairs.n_start_ages, N_STEPS + 1
    share = np.append(0.8 ** np.arange(N_STEPS), 0.0)
    fixed = np.zeros((n_draws, 2, n_steps), np.int64)
    edges = np.rint(np.cumsum(share) / share.sum() * features.n_children).astype(np.int64)
    fixed[:, 0] = np.diff(edges, prepend=0)
    cell = np.zeros((n_ages, TIME_EDGES.size))
    cell[:START_AGES, 0] = 1 / START_AGES
    shares = np.floor(np.cumsum(cell.ravel()) * WORD).astype(np.int64)
    shares[(START_AGES - 1) * TIME_EDGES.size :] = WORD
    entry = np.arange(n_ages + 1.0)
    classes = _edges(CLASS_SHARES) if features.frailty else np.array([WORD])
    by_class = (n_draws, n_steps, n_classes)
    return {
        "arrivals": np.zeros((n_draws, 1, n_steps, 2, AGE_EDGES.size, 1), POISSON),
        "stock_fixed": fixed,
        "stock_drawn": np.zeros((n_draws, 2, n_steps), POISSON),
        "stock_cell": np.tile(shares, (*by_class, 1))[:, None],
        "stock_entry": np.tile(entry, (*by_class, TIME_EDGES.size, 1))[:, None],
        "class_share": np.tile(classes, (n_draws, 1)),
        "stock_class": np.tile(classes, (n_draws, 1, n_steps, 1)),
    }


def _edges(shares: Floats) -> Ints:
    edges = np.floor(np.cumsum(shares) * WORD).astype(np.int64)
    edges[-1] = WORD
    return edges


def _money(features: Features, stairs: Staircase, parameters: Parameters) -> dict[str, NDArray]:
    """Return prices, how they differ between children, and thresholds of reimbursement."""
    n_draws, n_steps = len(parameters.hazard), N_STEPS + 1
    n_years = stairs.n_months // 12 if features.money else 0
    n_factors = 256 if features.money else 0
    price = np.zeros((n_draws, 1, n_years, n_steps), np.int64)
    price[:] = np.rint(parameters.price * PRICE_UNIT)[:, None, None]
    factors = np.exp(0.4 * np.linspace(-2, 2, n_factors)) * FACTOR_UNIT
    edges = np.tile(np.array([830e3, 1_630e3, 2_050e3]), (n_draws, n_years, 1))
    return {
        "price_factor": np.tile(
            np.rint(factors).astype(np.int64), (n_draws, n_steps, stairs.n_classes, 1)
        ),
        "price": price,
        "refund_edge": edges,
        "refund_share": np.full(edges.shape, 0.25),
    }


def _coupling(features: Features, n_draws: int) -> Coupling | None:
    if not features.places:
        return None
    n_years, n_columns = features.n_months // 12, len(EFFECTS)
    places = np.full((n_draws, features.n_strategies, n_years, N_STEPS + 1), -1)
    places[..., N_STEPS - 1] = features.n_children
    none = np.zeros((n_draws, 0, 0, 0, 0))
    return Coupling(
        places=places,
        log_rest=none,
        log_relief=np.zeros((n_draws, features.n_strategies, features.n_months)),
        elasticity=np.zeros((n_draws, n_columns)),
        bound=np.full((n_draws, n_columns), 2.0),
        reach_log_max=np.zeros((n_draws, n_columns, 1, features.n_strategies)),
        cases_at_start=np.full(n_draws, float(features.n_children)),
    )
