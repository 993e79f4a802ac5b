"""What a run must come to on average, exactly, and the check of a peer against it.

The expected number of children on each step is carried forward month by month, by age at the start
and time on the step; nothing is drawn. Children who began on different steps are kept apart, so
that the chance that is left has a bound.
"""

import numpy as np
from job import Floats, Ints, Job

LIMIT = 6.0
"""Greatest deviation that passes [standard errors]."""
FEWEST = 5000.0
"""Cells with fewer expected child-months in all runs are not judged.

A child brings up to 12, so a cell that is judged has more than 400 children, and is near normal.
"""


def expected_months(job: Job, parts: int = 1) -> tuple[Floats, Floats]:
    """Return expected child-months of a run by year and state, and a bound on their deviation.

    Parameters
    ----------
    job
        The table and the children.
    parts
        Parts of a month in which a child may move. With 1 the monthly table is walked as it
        stands; with many, moves come at any time, as in continuous time, at the same hazards.

    Returns
    -------
        (Y, S + 1) twice [child-months]. Children are independent, so the variance of a month's
        count is at most the sum over starting steps of n p (1 - p); the deviation of a year's sum
        is at most the sum of its months' deviations. So a test that takes the bound for the
        standard deviation has at most the false alarms that it states.
    """
    mean = np.zeros((job.n_months, job.n_steps + 1))
    variance = np.zeros_like(mean)
    for step in np.unique(job.step):
        stock = _stock_of(job, job.step == step, parts)
        n = np.count_nonzero(job.step == step)
        mean += stock
        variance += stock * np.clip(1 - stock / n, 0.0, 1.0)
    years = (-1, 12, mean.shape[1])
    return mean.reshape(years).sum(axis=1), np.sqrt(variance).reshape(years).sum(axis=1)


def largest_z(months: Ints, n_runs: int, expected: Floats, bound: Floats) -> float:
    """Return the largest deviation of summed child-months from what was expected [std. errors]."""
    judged = (expected * n_runs >= FEWEST) & (bound > 0.0)
    z = (months - n_runs * expected)[judged] / (bound[judged] * np.sqrt(n_runs))
    return float(np.abs(z).max())


def _stock_of(job: Job, chosen: np.ndarray, parts: int) -> Floats:
    """Return expected children on each step at the start of each month, (T, S + 1)."""
    probability = job.probability if parts == 1 else _in_parts(job.probability, parts)
    n_states = job.n_steps + 1
    ages, age_at = np.unique(job.age[chosen], return_inverse=True)
    longest = int(np.flatnonzero(np.diff(job.time_band))[-1]) + 1 if job.cells[2] > 1 else 0
    longest = max(longest, int(job.elapsed.max())) * parts + 1
    mass = np.zeros((ages.size, longest + 1, n_states))
    np.add.at(mass, (age_at, job.elapsed[chosen] * parts, job.step[chosen]), 1.0)
    held = job.time_band[np.arange(longest + 1) // parts]
    stock = np.zeros((job.n_months, n_states))
    for month in range(job.n_months):
        stock[month] = mass.sum(axis=(0, 1))
        rows = probability[job.level[month], job.age_band[ages + month]]
        for _ in range(parts):
            mass = _one_on(mass, rows, held)
    return stock


def _one_on(mass: Floats, rows: Floats, held: Ints) -> Floats:
    """Move mass (age, time, state) one month or part on; who moves begins at time 0."""
    stay = np.diagonal(rows, axis1=-2, axis2=-1)[:, held]
    moved = np.zeros_like(mass)
    staying = mass * stay
    moved[:, 1:] = staying[:, :-1]
    moved[:, -1] += staying[:, -1]
    states = np.arange(mass.shape[-1])
    for band in np.unique(held):
        going = rows[:, band].copy()
        going[:, states, states] = 0.0
        moved[:, 0] += np.einsum("as,asd->ad", mass[:, held == band].sum(axis=1), going)
    return moved


def _in_parts(probability: Floats, parts: int) -> Floats:
    """Return probabilities of a part of a month at the same hazards."""
    states = np.arange(probability.shape[-1])
    stay = probability[..., states, states]
    going = probability.copy()
    going[..., states, states] = 0.0
    leave = 1.0 - stay
    part = stay ** (1 / parts)
    going *= np.where(leave > 0.0, (1.0 - part) / np.where(leave > 0.0, leave, 1.0), 0.0)[..., None]
    going[..., states, states] = part
    return going
