"""How far each block of columns of a regression is believed: variances by marginal likelihood.

The coefficients of a block are normal with one variance, and so is the noise. What is maximised is
the likelihood of the draws with the coefficients integrated out. With few draws and many blocks it
has several optima. The one that is taken is reached from blocks of one variance that together are
as large as the noise, and is followed to its last digits: so it hangs on the draws alone, and not
on the last bits of some product of matrices.

Decision: docs/decisions/0028-value-of-information.md.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

__all__ = ["BlockFit", "BlockRegression"]

Floats = NDArray[np.float64]

_LEAST_NOISE = 1e-10  # share of the variance; a figure without any noise is fitted all the same
_ROUNDING = 1e-24  # mean square of what rounding leaves of a figure of size 1 that is none
_UNSEEN = 1e-4  # variance of a block over that of the noise of a mean; it tells nothing
_ROUNDS, _FLAT, _LAST_ROUNDS = 200, 1e-6, 4


@dataclass(frozen=True)
class BlockFit:
    """A figure given columns."""

    coefficients: Floats
    """(column)."""
    root: Floats
    """(column, column). A square root of their covariance."""
    noise: float
    """Standard deviation of what the columns leave; 0 of a figure that is rounding alone."""


class BlockRegression:
    """Regression of one figure at a time on columns in blocks, each with a variance of its own.

    Parameters
    ----------
    columns
        (draw, column), each with mean 0.
    blocks
        (column). The block of each; its columns stand together.

    Notes: all is worked out from the triangular factor of the columns, which has as many rows as
    there are columns or draws, whichever are fewer. So more columns than draws do no harm.
    """

    def __init__(self, columns: Floats, blocks: NDArray[np.int64]) -> None:
        self._turn, self._factor = np.linalg.qr(columns)
        # Numbers from 0 on: a block may have no column at all.
        known, self._blocks = np.unique(blocks, return_inverse=True)
        self._first = np.full(known.size, 1.0 / max(known.size, 1))

    def left(self, figures: Floats) -> Floats:
        """Return what the columns leave of figures, (draw, figure), before anything is learnt."""
        inverse = _root(self._factor, self._first[self._blocks])
        coefficients = inverse @ (inverse.T @ (self._factor.T @ (self._turn.T @ figures)))
        return np.asarray(figures - self._turn @ (self._factor @ coefficients))

    def fit(self, figure: Floats) -> BlockFit:
        """Return the fit to a figure of about size 1 and mean 0, (draw)."""
        n, k, total = len(figure), self._blocks.size, float(figure @ figure)
        is_none = total <= _ROUNDING * n
        if k == 0 or is_none:
            noise = 0.0 if is_none else float(np.sqrt(total / (n - 1)))
            return BlockFit(np.zeros(k), np.zeros((k, k)), noise)
        turned = self._turn.T @ figure
        beside = figure - self._turn @ turned
        least = float(beside @ beside + _LEAST_NOISE * total)
        given = _Given(self._factor, self._blocks, turned, least, n)
        ratio, noise = _most_likely(given, self._first)
        root = _root(self._factor, ratio[self._blocks])
        return BlockFit(root @ (root.T @ (self._factor.T @ turned)), root * noise, noise)


def _root(factor: Floats, ratio: Floats) -> Floats:
    """Return a square root of the coefficients' covariance over the noise's variance."""
    scale = np.sqrt(ratio)
    kept = np.flatnonzero(scale)
    scaled = factor[:, kept] * scale[kept]
    within = scaled.T @ scaled
    within[np.diag_indices_from(within)] += 1.0
    lower = linalg.cholesky(within, lower=True, check_finite=False)
    solved = linalg.solve_triangular(lower, np.diag(scale[kept]), lower=True, check_finite=False)
    root = np.zeros((scale.size, scale.size))
    root[np.ix_(kept, kept)] = solved.T
    return root


@dataclass(frozen=True)
class _Given:
    """What the likelihood of the blocks' variances depends on."""

    factor: Floats
    blocks: NDArray[np.int64]
    turned: Floats
    """The figure along the rows of the factor."""
    least: float
    """Its sum of squares that no column explains."""
    n: int

    def deviations(self, theta: Floats) -> Floats:
        """Return those of the blocks over that of the noise.

        The logarithm where a block is seen; even, so that a block that is not believed has its
        optimum at theta = 0, a point like any other.
        """
        return np.asarray(np.sinh(theta) / np.sqrt(self.n))


def _most_likely(given: _Given, first: Floats) -> tuple[Floats, float]:
    """Return the variance of each block over that of the noise, and the noise's deviation."""
    last = _Point(given, np.arcsinh(np.sqrt(first * given.n)))

    def at(theta: Floats) -> _Point:
        nonlocal last
        if not np.array_equal(last.theta, theta):
            last = _Point(given, theta.copy())
        return last

    theta = optimize.minimize(
        lambda x: at(x).value, last.theta, jac=lambda x: at(x).slope, hess=lambda x: at(x).bend,
        method="trust-exact", options={"gtol": _FLAT, "maxiter": _ROUNDS},
    ).x  # fmt: skip
    # That compares values, whose digits end before those of the slopes do.
    for _ in range(_LAST_ROUNDS):
        theta = theta - at(theta).newton_step
    seen = np.square(given.deviations(theta))
    return np.where(seen < _UNSEEN / given.n, 0.0, seen), at(theta).noise


class _Point:
    """Minus twice the log marginal likelihood at some theta, and its derivatives.

    The variance of the noise is taken out at its best. With C = 1 + X R X' for columns X with
    variances R, the derivatives by R are made of Q = X' C^-1 X and z = X' C^-1 y.
    """

    def __init__(self, given: _Given, theta: Floats) -> None:
        self.theta = theta
        self._given, self._deviation = given, given.deviations(theta)
        scaled = given.factor * self._deviation[given.blocks]
        within = scaled @ scaled.T
        within[np.diag_indices_from(within)] += 1.0
        self._lower = linalg.cholesky(within, lower=True, check_finite=False)
        solved = linalg.solve_triangular(
            self._lower, np.column_stack([given.factor, given.turned]), lower=True,
            check_finite=False,
        )  # fmt: skip
        self._columns, self._figure = solved[:, :-1], solved[:, -1]
        self._left = given.least + float(self._figure @ self._figure)

    @property
    def noise(self) -> float:
        """Standard deviation of the noise."""
        return float(np.sqrt(self._left / (self._given.n - 1)))

    @property
    def value(self) -> float:
        """Minus twice the log likelihood, but for a constant."""
        within = 2 * np.log(np.diag(self._lower)).sum()
        return float((self._given.n - 1) * np.log(self._left) + within)

    @cached_property
    def slope(self) -> Floats:
        """By theta, (block)."""
        return np.asarray(self._by_ratio * self._stretch)

    @cached_property
    def bend(self) -> Floats:
        """By theta twice, (block, block)."""
        given = self._given
        crossed = self._columns.T @ self._columns
        along = self._columns.T @ self._figure
        squares = np.bincount(given.blocks, along**2, self.theta.size) / self._left
        both = crossed * (2 * (given.n - 1) / self._left * np.outer(along, along) - crossed)
        starts = np.flatnonzero(np.r_[True, np.diff(given.blocks) > 0])
        summed = np.add.reduceat(np.add.reduceat(both, starts, axis=0), starts, axis=1)
        found = summed - (given.n - 1) * np.outer(squares, squares)
        found *= np.outer(self._stretch, self._stretch)
        found[np.diag_indices_from(found)] += self._by_ratio * 2 * np.cosh(2 * self.theta) / given.n
        return np.asarray(found)

    @property
    def newton_step(self) -> Floats:
        """What to take off theta for the point where the slope is 0; nothing far from one."""
        try:
            step = linalg.solve(self.bend, self.slope, assume_a="pos", check_finite=False)
        except linalg.LinAlgError:
            return np.zeros_like(self.theta)
        return np.where(np.abs(step).max(initial=0.0) < 1e-2, step, 0.0)

    @cached_property
    def _by_ratio(self) -> Floats:
        """The slope by the blocks' variances over that of the noise, (block)."""
        given, n_blocks = self._given, self.theta.size
        own = np.bincount(given.blocks, (self._columns**2).sum(axis=0), n_blocks)
        seen = np.bincount(given.blocks, (self._columns.T @ self._figure) ** 2, n_blocks)
        return np.asarray(own - (given.n - 1) / self._left * seen)

    @property
    def _stretch(self) -> Floats:
        """The slope of those variances by theta, (block)."""
        return np.asarray(np.sinh(2 * self.theta) / self._given.n)
