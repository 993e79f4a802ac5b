"""laser-core: children in a LaserFrame, a month's step compiled with numba as its guide advises.

LASER gives the frame and the style; the step itself is the user's own loop over properties.
"""

import numba as nb
import numpy as np
from job import Ints, Job, by_year, measure
from laser.core import LaserFrame
from laser.core.random import seed as seed_laser


def run(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    seed_laser(seed)
    children = LaserFrame(capacity=job.step.size)
    children.add_scalar_property("state", dtype=np.int8)
    children.add_scalar_property("age", dtype=np.int16)
    children.add_scalar_property("held", dtype=np.int16)
    children.state[:], children.age[:], children.held[:] = job.step, job.age, job.elapsed
    cumulated = np.cumsum(stay_first(job.probability), axis=-1).astype(np.float32)
    stock = np.zeros((job.n_months, job.n_steps + 1), np.int64)
    for month in range(job.n_months):
        step_month(
            children.state, children.age, children.held, cumulated[job.level[month]],
            job.age_band, job.time_band, stock[month],
        )  # fmt: skip
    return by_year(stock)


def stay_first(probability: np.ndarray) -> np.ndarray:
    """Put the probability of staying before those of the states."""
    stay = np.diagonal(probability, axis1=-2, axis2=-1)
    going = probability.copy()
    n_states = going.shape[-1]
    going[..., np.arange(n_states), np.arange(n_states)] = 0.0
    return np.concatenate([stay[..., None], going], axis=-1)


@nb.njit(parallel=True)
def step_month(state, age, held, cumulated, age_band, time_band, stock):
    """Count the children, then move them one month on."""
    n_threads = nb.get_num_threads()
    counts = np.zeros((n_threads, stock.size), np.int64)
    for i in nb.prange(state.size):
        here = state[i]
        counts[nb.get_thread_id(), here] += 1
        row = cumulated[age_band[age[i]], time_band[held[i]], here]
        u = np.random.random()
        age[i] += 1
        held[i] += 1
        if u >= row[0]:
            # The last state is left out: rounding must not lead beyond it.
            to = 0
            while to < stock.size - 1 and u >= row[to + 1]:
                to += 1
            state[i], held[i] = to, 0
    stock[:] = counts.sum(axis=0)


if __name__ == "__main__":
    measure(run, "laser-core", "numba", "numpy", remarks="the step is written by the user")
