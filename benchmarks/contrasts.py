"""One statistic that says whether runs of the reference job are right.

A run gives a vector of contrasts: what it counted less the exact expectation of its own draw. Its
mean is 0 in every draw if the engine is right, whatever the draw. Hotelling's T squared of the mean
over independent draws is the one statistic.

Decision: docs/decisions/0025-one-statistic.md.
"""

from typing import NamedTuple

import numpy as np
import reference
from recursion import Averages, expected_job, stock_law
from reference import N_STEPS, Features, Floats, Ints, Job
from scipy import stats

from stepdown.kernel.loop import Counts

__all__ = [
    "FALSE_ALARM",
    "LIMIT_AT",
    "Exact",
    "Verdict",
    "beyond_limit",
    "exact_for",
    "judge",
    "names",
    "of_averages",
    "of_counts",
    "of_runs",
    "power",
    "spread",
]

FALSE_ALARM = 1e-6
LIMIT_AT = 1e-8
"""Where the limit lies in F's law: a hundred times stricter than the false alarm that is stated.
The law of runs that are right is nearly F, not quite; simulated sets of them bound the rest."""

_BASELINE = (
    "months on steps 1-3, years 1-5",
    "months on steps 4-6",
    "months on steps 7-9, from year 11",
    "moves up",
    "moves down",
    "children who leave",
    "moves by place in the slots",
    "moves in the first year",
)
_CHANGE = (
    "more moves up in years 2-4",
    "more moves down",
    "more children who leave",
    "more months on steps 7-9",
)


SPREAD_YEARS, SPREAD_STEPS = 5, 3
"""Of children on the lowest steps after some years the spread is judged as well as the mean."""


class Exact(NamedTuple):
    """Exact figures of a chunk of draws."""

    contrasts: Floats
    """(N, p - 1). Expected contrasts."""
    mean: Floats
    """(N) [children]. On the lowest steps after 5 years, in the baseline."""
    variance: Floats
    """(N)."""


class Verdict(NamedTuple):
    """What the statistic says of a set of runs."""

    f: float
    """T squared (n - p) / (p (n - 1))."""
    limit: float
    p_value: float
    """Under the F law."""
    n: int
    p: int

    @property
    def is_right(self) -> bool:
        """Whether the runs pass."""
        return self.f < self.limit


def names(n_strategies: int) -> list[str]:
    """Return what the contrasts are, in order."""
    found = list(_BASELINE)
    for strategy in range(1, n_strategies):
        found += [f"strategy {strategy}: {name}" for name in _CHANGE]
    return [*found, "spread of children on steps 1-3 after 5 years"]


def of_counts(months: Floats | Ints, moves: Floats | Ints) -> Floats:
    """Return contrasts (..., p) of months (Q, ..., Y, S + 1) and moves (Q, ..., Y, K).

    They are linear, so they are taken of counts and of expectations alike.
    """
    origin, destination = reference.moves()
    column = reference.column_of(origin, destination)
    place = np.arange(origin.size) % N_STEPS - (N_STEPS - 1) / 2
    by_column = np.stack([moves[..., column == c].sum(axis=-1) for c in range(3)], axis=-1)
    up, down, leave = np.moveaxis(by_column.sum(axis=-2), -1, 0)
    low, high = months[..., :3].sum(axis=-1), months[..., 6:9].sum(axis=-1)
    baseline = [
        low[0, ..., :5].sum(axis=-1),
        months[0, ..., 3:6].sum(axis=(-1, -2)),
        high[0, ..., 10:].sum(axis=-1),
        up[0],
        down[0],
        leave[0],
        moves[0].sum(axis=-2) @ place,
        moves[0, ..., 0, :].sum(axis=-1),
    ]
    change = []
    for strategy in range(1, len(months)):
        more_up = by_column[strategy, ..., 1:4, 0] - by_column[0, ..., 1:4, 0]
        change += [
            more_up.sum(axis=-1),
            down[strategy] - down[0],
            leave[strategy] - leave[0],
            (high[strategy] - high[0]).sum(axis=-1),
        ]
    return np.stack(baseline + change, axis=-1)


def of_averages(averages: list[Averages]) -> Floats:
    """Return the contrasts (N, p) of expectations."""
    return of_counts(
        np.stack([one.months for one in averages]), np.stack([one.moves for one in averages])
    )


def of_runs(counts: Counts, exact: Exact) -> Floats:
    """Return the contrasts (N, p) of a chunk, the mean of each draw's replicates."""
    linear = of_counts(counts.months.mean(axis=2), counts.moves.mean(axis=2)) - exact.contrasts
    low = counts.stock[0, :, :, SPREAD_YEARS, :SPREAD_STEPS].sum(axis=-1)
    return np.column_stack([linear, spread(low, exact)])


def exact_for(job: Job, features: Features) -> Exact:
    """Return what the contrasts of a job are taken from."""
    mean, variance = stock_law(job, features, SPREAD_YEARS, SPREAD_STEPS)
    return Exact(of_averages(expected_job(job, features)), mean, variance)


def spread(low: Ints, exact: Exact) -> Floats:
    """Return (N): mean over replicates (N, R) of the squared deviation, less its variance.

    It sees children who are not independent, whose means are right all the same.
    """
    return ((low - exact.mean[:, None]) ** 2).mean(axis=1) - exact.variance


def judge(contrasts: Floats) -> Verdict:
    """Return the verdict on (n, p) contrasts of independent draws, expectation taken off."""
    n, p = contrasts.shape
    f = float(_f(contrasts[None])[0])
    law = stats.f(p, n - p)
    return Verdict(f, float(law.isf(LIMIT_AT)), float(law.sf(f)), n, p)


def beyond_limit(
    pool: Floats, n: int, n_sets: int, at: tuple[float, ...], rng: np.random.Generator
) -> Ints:
    """Count sets of n runs whose statistic is beyond points of F's law with probabilities `at`.

    The sets are drawn with replacement from a pool (M, p) of runs that are right, whose mean is
    taken off, as it is 0.
    """
    p = pool.shape[1]
    limits = stats.f(p, n - p).isf(at)
    # Any linear map leaves T squared as it is; this one keeps its matrices well conditioned.
    pool = pool - pool.mean(axis=0)
    pool = pool @ np.linalg.inv(np.linalg.cholesky(np.cov(pool.T))).T
    found, batch = np.zeros(limits.size, np.int64), 2000
    for first in range(0, n_sets, batch):
        chosen = rng.integers(0, len(pool), (min(batch, n_sets - first), n))
        found += (_f(pool[chosen])[:, None] > limits).sum(axis=0)
    return found


def power(shift: Floats, covariance: Floats, n: int) -> float:
    """Return the probability that n runs whose mean contrasts are off by `shift` do not pass."""
    p = shift.size
    off = n * shift @ np.linalg.solve(covariance, shift)
    limit = stats.f.isf(LIMIT_AT, p, n - p)
    # Far off the series of the noncentral law fails, and the power is 1 to all digits.
    return 1.0 if off > 2000 else float(stats.ncf.sf(limit, p, n - p, off))


def _f(sets: Floats) -> Floats:
    """Return F of each of (sets, n, p) contrasts."""
    n, p = sets.shape[1:]
    mean = sets.mean(axis=1)
    square = np.swapaxes(sets, 1, 2) @ sets - n * mean[:, :, None] * mean[:, None, :]
    solved = np.linalg.solve(square / (n - 1), mean[:, :, None])[:, :, 0]
    return n * (mean * solved).sum(axis=1) * (n - p) / (p * (n - 1))
