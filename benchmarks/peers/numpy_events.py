"""The engine's own idea in numpy: from one event to the next, all children side by side.

Each child carries an exponential number. In a round it is used up by the hazard until the row of
the table changes, or the child moves. Shows how much is owed to the idea and how much to compiling.
"""

import numpy as np
from job import Ints, Job, by_year, measure
from numpy_tuned import next_change, strides


def run(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    rng = np.random.default_rng(seed)
    n_states, n_months, leaver = job.n_steps + 1, job.n_months, job.n_steps
    hazard, reach = _hazard_and_reach(job)
    next_age, next_time = next_change(job.age_band), next_change(job.time_band)
    next_level = next_change(job.level)
    level_of, age_of, time_of = strides(job)

    change = np.zeros((n_months + 1) * n_states, np.int64)
    change[:n_states] = np.bincount(job.step, minlength=n_states)
    month = np.zeros(job.step.size, np.int64)
    step, age, since = job.step, job.age, -job.elapsed
    left = rng.standard_exponential(month.size)
    while month.size:
        years, held = age + month, month - since
        row = level_of[month] + age_of[years] + time_of[held] + step
        steady = np.minimum(np.minimum(next_age[years], next_time[held]), next_level[month])
        rate = hazard[row]
        rest = left - rate * steady
        month = month + steady
        moved = (rest < 0.0).nonzero()[0]
        wait = (left[moved] / rate[moved]).astype(np.int64)
        wait = np.minimum(wait, steady[moved] - 1)
        at = np.minimum(month[moved] - steady[moved] + wait + 1, n_months)
        choice = rng.random(moved.size)
        came = (choice[:, None] >= reach[row[moved], :-1]).sum(axis=1)
        cells = at * n_states
        change -= np.bincount(cells + step[moved], minlength=change.size)
        change += np.bincount(cells + came, minlength=change.size)
        step, since = step.copy(), since.copy()
        step[moved], since[moved], month[moved] = came, at, at
        rest[moved] = rng.standard_exponential(moved.size)
        stay = ((month < n_months) & (step != leaver)).nonzero()[0]
        month, step, age, since, left = month[stay], step[stay], age[stay], since[stay], rest[stay]
    return by_year(np.cumsum(change.reshape(-1, n_states)[:-1], axis=0))


def _hazard_and_reach(job: Job) -> tuple[np.ndarray, np.ndarray]:
    """Return the hazard of leaving each row, and cumulated shares of destinations."""
    n_states = job.n_steps + 1
    going = job.probability.reshape(-1, n_states).copy()
    own = np.tile(np.arange(n_states), len(going) // n_states)
    stay = going[np.arange(own.size), own]
    going[np.arange(own.size), own] = 0.0
    leave = going.sum(axis=1)
    return -np.log(stay), np.cumsum(going, axis=1) / np.where(leave > 0.0, leave, 1.0)[:, None]


if __name__ == "__main__":
    measure(run, "numpy", remarks="the engine's idea, not compiled: moves are drawn, not months")
