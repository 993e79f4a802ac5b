"""Tuned numpy: months outside, children inside; most stay, so only those who move are looked at.

Each child keeps the probability that it leaves and the month in which that next changes, so a
month is one comparison with 32-bit uniforms. No history is kept: stock is counted by the moves.
"""

import numpy as np
from job import Ints, Job, by_year, measure

NEVER = 1 << 14


def run(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    rng = np.random.default_rng(seed)
    n_states, n_months = job.n_steps + 1, job.n_months
    table = job.probability.reshape(-1, n_states)
    states = np.tile(np.arange(n_states), table.shape[0] // n_states)
    going = table.copy()
    going[np.arange(states.size), states] = 0.0
    leave = going.sum(axis=1)
    reach = np.cumsum(going, axis=1) / np.where(leave > 0.0, leave, 1.0)[:, None]
    leave32 = leave.astype(np.float32)
    next_age, next_time = next_change(job.age_band), next_change(job.time_band)
    next_level = next_change(job.level)
    level_of, age_of, time_of = strides(job)

    step, age, since = job.step.copy(), job.age, -job.elapsed
    row = np.empty_like(step)
    threshold = np.empty(step.size, np.float32)
    changes = np.empty(step.size, np.int16)
    uniform = np.empty(step.size, np.float32)
    stock = np.zeros((n_months, n_states), np.int64)
    stock[0] = np.bincount(step, minlength=n_states)
    look = np.arange(step.size)
    for month in range(n_months - 1):
        if look.size:
            years, held = age[look] + month, month - since[look]
            now = level_of[month] + age_of[years] + time_of[held] + step[look]
            row[look] = now
            threshold[look] = leave32[now]
            soonest = np.minimum(np.minimum(next_age[years], next_time[held]), next_level[month])
            changes[look] = np.minimum(month + soonest, NEVER)
        rng.random(out=uniform, dtype=np.float32)
        moved = (uniform < threshold).nonzero()[0]
        stock[month + 1] = stock[month]
        look = (changes == month + 1).nonzero()[0]
        if moved.size:
            choice = rng.random(moved.size)
            left = step[moved]
            came = (choice[:, None] >= reach[row[moved], :-1]).sum(axis=1)
            step[moved], since[moved] = came, month + 1
            stock[month + 1] += np.bincount(came, minlength=n_states)
            stock[month + 1] -= np.bincount(left, minlength=n_states)
            # Twice the same child does no harm: the same row is found twice.
            look = np.concatenate([moved, look])
    return by_year(stock)


def next_change(bands: Ints) -> Ints:
    """Return in how many months the band of each age or time changes."""
    edges = np.append(np.flatnonzero(np.diff(bands)) + 1, NEVER)
    at = np.arange(bands.size)
    return edges[np.searchsorted(edges, at, side="right")] - at


def strides(job: Job) -> tuple[Ints, Ints, Ints]:
    """Return what the level of a month, an age and a time add to the number of a row."""
    _, n_ages, n_times, n_states = job.cells
    return (
        job.level * n_ages * n_times * n_states,
        job.age_band * n_times * n_states,
        job.time_band * n_states,
    )


if __name__ == "__main__":
    measure(run, "numpy", remarks="stay first, thresholds kept per child, no history")
