"""Children in expectation, month by month, by a matrix over every age and month on the step.

It shares nothing with the package: a state is (step, months of age, months on the step), both
capped where rates no longer change, and one month is one product with a matrix. Slow and obvious;
for small models alone.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls


@dataclass(frozen=True)
class Dense:
    """A model of rates by month: `hazard(step, age, months)` lists (to, rate a month)."""

    steps: tuple[str, ...]
    hazard: object
    oldest: int
    """Age in months from which on nothing depends on age."""
    longest: int
    """Months on a step from which on nothing depends on them."""
    ends_at: int | None = None
    """Age in months of a last birthday, at which everybody leaves for the last step."""

    @property
    def shape(self):
        return len(self.steps), self.oldest + 1, self.longest + 1

    def month(self):
        """Return the matrix of a month: moves, then the birthday."""
        size = int(np.prod(self.shape))
        matrix = np.zeros((size, size))
        for state in range(size):
            step, age, months = np.unravel_index(state, self.shape)
            older, longer = min(age + 1, self.oldest), min(months + 1, self.longest)
            ways = self.hazard(self.steps[step], age, months)
            total = sum(rate for _, rate in ways)
            gone = -np.expm1(-total)
            reach = [(self.steps[step], longer, 1 - gone)]
            reach += [(to, 0, gone * rate / total) for to, rate in ways if rate > 0]
            if older == self.ends_at:
                reach = [(self.steps[-1], 0, 1.0)]
            for to, now, share in reach:
                place = np.ravel_multi_index((self.steps.index(to), older, now), self.shape)
                matrix[state, place] += share
        return matrix

    def arrive(self, step, ages):
        """Return one arrival on a step, newly come, its age even over some months."""
        found = np.zeros(self.shape)
        found[self.steps.index(step), list(ages), 0] = 1 / len(ages)
        return found.ravel()

    def steady(self, arrivals):
        """Return the steady states of rows of arrivals a month, those of the last step left out."""
        live = np.ones(self.shape, bool)
        live[-1] = False
        keep = np.flatnonzero(live)
        matrix = self.month()[np.ix_(keep, keep)]
        found = np.zeros_like(arrivals)
        found[:, keep] = np.linalg.solve(np.eye(keep.size) - matrix.T, arrivals[:, keep].T).T
        return found

    def by_step(self, states):
        return states.reshape(*states.shape[:-1], *self.shape).sum(axis=(-2, -1))

    def follow(self, start, arrivals, n_years):
        """Return children by step at the year ends of a constant inflow."""
        matrix, now, found = self.month(), start, []
        for month in range(12 * n_years):
            now = now @ matrix + arrivals
            if month % 12 == 11:
                found.append(self.by_step(now))
        return np.array(found)

    def from_documented(self, steady, documented):
        """Return a start: documented numbers where given, else steady ones, in the steady mix."""
        there = self.by_step(steady)
        wanted = np.array([documented.get(s, n) for s, n in zip(self.steps, there, strict=True)])
        scale = np.divide(wanted, there, out=np.zeros(len(there)), where=there > 0)
        return (steady.reshape(self.shape) * scale[:, None, None]).ravel()


def keeping(stocks, wanted):
    """Return arrivals that keep a stock as nearly as can be, from (entry, step) stocks of one."""
    weight = 1 / np.maximum(wanted, 1)
    return nnls((stocks * weight).T, wanted * weight)[0]
