"""What most analysts write in numpy: `samplev` month by month, with matrices of states and costs.

The vectorised style of the DARTH tutorials: a matrix of probabilities for all children, cumulated,
one uniform number a child, and the whole history kept.
"""

import numpy as np
from job import Ints, Job, by_year, counts_of, measure


def run(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    rng = np.random.default_rng(seed)
    n, n_states = job.step.size, job.n_steps + 1
    price = np.append(np.linspace(10e3, 100e3, job.n_steps), 0.0)
    history = np.empty((job.n_months, n), np.int64)
    cost = np.empty((job.n_months, n))
    state, held = job.step.copy(), job.elapsed.copy()
    for month in range(job.n_months):
        history[month], cost[month] = state, price[state]
        p = job.probability[
            job.level[month], job.age_band[job.age + month], job.time_band[held], state
        ]
        came = samplev(p, rng)
        held = np.where(came == state, held + 1, 0)
        state = came
    cost.sum()
    return by_year(counts_of(history, n_states))


def samplev(p: np.ndarray, rng: np.random.Generator) -> Ints:
    """Draw a state for each row of a matrix of probabilities."""
    cumulated = np.cumsum(p, axis=1)
    return (rng.random((len(p), 1)) > cumulated[:, :-1]).sum(axis=1)


if __name__ == "__main__":
    measure(run, "numpy", remarks="history and cost matrices kept")
