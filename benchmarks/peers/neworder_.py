"""neworder: a model on a linear timeline with a pandas data frame, uniform numbers from its stream.

With the argument `transition` it uses `df.transition` instead, its own function in C++, which knows
neither age nor time on the step.
"""

import sys

import neworder
import numpy as np
import pandas as pd
from job import Ints, Job, by_year, measure


class Staircase(neworder.Model):
    """Children on the steps, in a data frame, counted at the start of each month."""

    def __init__(self, job: Job, seed: int) -> None:
        super().__init__(neworder.LinearTimeline(0, job.n_months, job.n_months), lambda: seed)
        self.job, self.month = job, 0
        self.children = pd.DataFrame({"state": job.step, "age": job.age, "held": job.elapsed})
        self.stock = np.zeros((job.n_months, job.n_steps + 1), np.int64)

    def step(self) -> None:
        """Count the children and move them a month on."""
        state = self.children["state"].to_numpy()
        self.stock[self.month] = np.bincount(state, minlength=self.stock.shape[1])
        self.move(state)
        self.month += 1


class ByNumpy(Staircase):
    """The full table: those who leave are found first, then where they go."""

    def __init__(self, job: Job, seed: int) -> None:
        super().__init__(job, seed)
        self.stay = np.diagonal(job.probability, axis1=-2, axis2=-1).copy()
        going = job.probability.copy()
        states = np.arange(job.n_steps + 1)
        going[..., states, states] = 0.0
        leave = going.sum(axis=-1, keepdims=True)
        self.reach = np.cumsum(going, axis=-1) / np.where(leave > 0.0, leave, 1.0)

    def move(self, state: Ints) -> None:
        """Draw who leaves and where to."""
        job, children = self.job, self.children
        age, held = children["age"].to_numpy(), children["held"].to_numpy()
        at = (job.level[self.month], job.age_band[age], job.time_band[held], state)
        moved = np.flatnonzero(self.mc.ustream(len(children)) >= self.stay[at])
        rows = self.reach[at[0], at[1][moved], at[2][moved], state[moved]]
        came = (self.mc.ustream(moved.size)[:, None] >= rows[:, :-1]).sum(axis=1)
        held, state = held + 1, state.copy()
        state[moved], held[moved] = came, 0
        children["age"], children["held"], children["state"] = age + 1, held, state


class ByTransition(Staircase):
    """A matrix for each level, and the library's own transition."""

    def move(self, state: Ints) -> None:
        """Let the library draw."""
        matrix = self.job.probability[self.job.level[self.month], 0, 0]
        categories = np.arange(len(matrix))
        neworder.df.transition(self, categories, matrix, self.children, "state")


def run_numpy(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    return _run(ByNumpy(job, seed))


def run_transition(job: Job, seed: int) -> Ints:
    """Make one run with `df.transition`."""
    return _run(ByTransition(job, seed))


def _run(model: Staircase) -> Ints:
    neworder.run(model)
    return by_year(model.stock)


if __name__ == "__main__":
    if sys.argv[4:] == ["transition"]:
        measure(run_transition, "neworder", "pandas", simplifications="no age, no time on the step")
    else:
        measure(run_numpy, "neworder", "numpy", "pandas", remarks="ustream and numpy on the frame")
