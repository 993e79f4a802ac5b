"""What the reference job must come to on average, exactly, by carrying shares forward monthly.

Nothing is drawn and nothing of the engine is used but who is there at the start: months, hazards
and effects are read from the parameters. In a month the children of one (age at the start, months
on the step, step) leave with probability 1 - exp(-total hazard), split in proportion to hazards;
who moves is in its first month on the new step at the next edge.
"""

from typing import NamedTuple

import numpy as np
import reference
from reference import Features, Floats, Ints, Job, Parameters

__all__ = [
    "Averages",
    "Rules",
    "by_class",
    "expected_counts",
    "expected_job",
    "probabilities",
    "rules",
    "stock_law",
    "strategies",
]


class Rules(NamedTuple):
    """When bands and effects change; a test alters them to see what the statistic finds."""

    age_edges: Ints
    """(A). First age of each band [months]."""
    time_edges: Ints
    """(D). First month on the step of each band."""
    level: Ints
    """(T). Which of the levels of the intervention works in each month."""
    start_width: int
    """Months on the step at the start: even over 0 to this, the last left out, and up to age."""
    start_ages: int
    """Ages at the start [months]: even over 0 to this, the last left out."""


class Averages(NamedTuple):
    """Expectations of one strategy."""

    months: Floats
    """(N, Y, S + 1) [child-months]. By the step held at the month's opening edge."""
    moves: Floats
    """(N, Y, K). In the order of `reference.moves`."""
    stock: Floats
    """(N, Y + 1, S + 1) [children]. At the start and at the end of each year."""


class _Children(NamedTuple):
    """Expected children on the steps, as they stand at an edge."""

    held: list[Floats]
    """By months on the step, the last for all longer times: (N, ages, S)."""
    left: Floats
    """(N). Who has left."""


def rules(n_months: int = reference.N_MONTHS) -> Rules:
    """Return the rules of the reference job."""
    level = np.unique(reference.ramp(n_months), return_inverse=True)[1]
    edges = reference.TIME_EDGES
    return Rules(reference.AGE_EDGES, edges, level, int(edges[1]), reference.START_AGES)


def probabilities(parameters: Parameters, portion: float, n_months: int) -> Floats:
    """Return monthly probabilities (level, N, A, D, S, S + 1) of a strategy.

    `portion` is how much of the logarithm of the full effects a strategy has, 0 in the baseline.
    """
    levels = np.unique(reference.ramp(n_months))
    n_draws = len(parameters.hazard)
    return np.stack(
        [
            [
                reference.transition_table(parameters, draw, portion * level)
                for draw in range(n_draws)
            ]
            for level in levels
        ]
    )


def strategies(n_strategies: int) -> Floats:
    """Return the portion of each strategy: the first has the full effects, others a little less."""
    n_others = n_strategies - 1
    return np.append(0.0, 1.0 - np.arange(n_others) / max(n_others, 1) / 2)


def expected_job(job: Job, features: Features, changed: Parameters | None = None) -> list[Averages]:
    """Return the expectations of every strategy of a job, with its own or changed parameters."""
    parameters = changed or job.parameters
    start = job.tables.stock_fixed[:, 0, : reference.N_STEPS].astype(float)
    found = []
    for portion in strategies(features.n_strategies):
        parts = [
            expected_counts(
                probabilities(apart, portion, features.n_months),
                rules(features.n_months),
                share * start,
            )
            for share, apart in by_class(parameters, features)
        ]
        found.append(Averages(*(sum(part) for part in zip(*parts, strict=True))))
    return found


def stock_law(job: Job, features: Features, n_years: int, n_lowest: int) -> tuple[Floats, Floats]:
    """Return mean and variance (N) of the baseline's children on the lowest steps after years.

    Children who start on one step are independent and alike before their ages are drawn, so the
    number of them is binomial.
    """
    n_months, n_steps = 12 * n_years, reference.N_STEPS
    classes = [
        (share, probabilities(apart, 0.0, n_months))
        for share, apart in by_class(job.parameters, features)
    ]
    mean = variance = np.zeros(len(job.parameters.hazard))
    for step in range(n_steps):
        start = np.tile(np.eye(n_steps)[step], (mean.size, 1))
        averages = [
            expected_counts(probability, rules(n_months), share * start)
            for share, probability in classes
        ]
        p = sum(one.stock[:, -1, :n_lowest].sum(axis=1) for one in averages)
        n = job.tables.stock_fixed[:, 0, step]
        mean, variance = mean + n * p, variance + n * p * (1.0 - p)
    return mean, variance


def by_class(parameters: Parameters, features: Features) -> list[tuple[float, Parameters]]:
    """Return the share and the parameters of each class of children."""
    if not features.frailty:
        return [(1.0, parameters)]
    shares, multipliers = reference.CLASS_SHARES, reference.CLASS_MULTIPLIERS
    mean = shares @ multipliers
    return [
        (share, parameters._replace(hazard=parameters.hazard * multiplier / mean))
        for share, multiplier in zip(shares, multipliers, strict=True)
    ]


def expected_counts(probability: Floats, when: Rules, start: Floats) -> Averages:
    """Carry (N, S) children at the start forward with probabilities (level, N, A, D, S, S + 1)."""
    n_draws, n_steps = start.shape
    n_months = when.level.size
    years = np.arange(n_months) // 12
    found = Averages(
        months=np.zeros((n_draws, years[-1] + 1, n_steps + 1)),
        moves=np.zeros((n_draws, years[-1] + 1, n_steps * n_steps)),
        stock=np.zeros((n_draws, years[-1] + 2, n_steps + 1)),
    )
    origin, destination = reference.moves()
    children = _at_start(when, start)
    for month, year in enumerate(years):
        standing = _standing(children)
        found.months[:, year] += standing
        if month % 12 == 0:
            found.stock[:, year] = standing
        ages = np.searchsorted(when.age_edges, month + np.arange(when.start_ages), side="right") - 1
        children, flow = _one_on(children, probability[when.level[month]], ages, when.time_edges)
        found.moves[:, year] += flow[:, origin, destination]
    found.stock[:, -1] = _standing(children)
    return found


def _at_start(when: Rules, start: Floats) -> _Children:
    age = np.arange(when.start_ages)
    longest = np.minimum(age, when.start_width - 1)
    held = []
    for time in range(int(when.time_edges[-1]) + 1):
        share = (time <= longest) / (longest + 1) / when.start_ages
        held.append(start[:, None, :] * share[:, None])
    return _Children(held, np.zeros(len(start)))


def _standing(children: _Children) -> Floats:
    """Return the children on each step and the exit, (N, S + 1)."""
    on_steps = sum(held.sum(axis=1) for held in children.held)
    return np.concatenate([on_steps, children.left[:, None]], axis=1)


def _one_on(
    children: _Children, probability: Floats, age_band: Ints, time_edges: Ints
) -> tuple[_Children, Floats]:
    """Move the children a month on; return them and who moved, (N, S, S + 1)."""
    times = np.searchsorted(time_edges, np.arange(len(children.held)), side="right") - 1
    by_band = [
        sum(held for held, at in zip(children.held, times, strict=True) if at == band)
        for band in range(time_edges.size)
    ]
    arriving = np.zeros((*children.held[0].shape[:2], probability.shape[-1]))
    flow = np.zeros((len(probability), *probability.shape[-2:]))
    stay = 1.0 - probability.sum(axis=-1)
    for age in np.unique(age_band):
        chosen = age_band == age
        for band, held in enumerate(by_band):
            here = probability[:, age, band]
            arriving[:, chosen] += held[:, chosen] @ here
            flow += held[:, chosen].sum(axis=1)[:, :, None] * here
    staying = [
        held * stay[:, age_band, band] for held, band in zip(children.held, times, strict=True)
    ]
    longest = staying.pop() + staying.pop()
    left = children.left + arriving[..., -1].sum(axis=1)
    return _Children([arriving[..., :-1], *staying, longest], left), flow
