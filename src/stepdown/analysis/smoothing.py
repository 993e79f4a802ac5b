"""The mean of a figure given one or a few of the uncertain numbers: smooth regression on draws.

A figure of a draw is a smooth function of the draw's numbers, plus what all other numbers and luck
add. The function is a sum of natural cubic splines, one for each number, and of products of two
numbers. How much of each is believed follows from the draws themselves (the marginal likelihood):
a number that shows no effect gets none, instead of the noise that a free curve would follow.

Decision: docs/decisions/0028-value-of-information.md.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg
from scipy.interpolate import CubicSpline

from stepdown.analysis.marginal_likelihood import BlockRegression

__all__ = ["SmoothMean", "smooth_mean"]

Floats = NDArray[np.float64]

_KNOTS_ALONE, _KNOTS_OF_MANY = 16, 6
_SMALL = 64 * 64
_FEW = 3  # numbers, each with all its knots
_MOST_IN_PRODUCTS = 12


@dataclass(frozen=True)
class Spline:
    """Columns of one number: it itself, then ever wigglier curves, each of mean square 1."""

    knots: Floats
    mix: Floats
    """(knot, column). Values at the knots of the natural spline that a column is."""
    size: Floats
    """(column). Expected size beside the first curve: a wigglier one is less likely."""

    def at(self, x: Floats) -> Floats:
        """Return the columns at some values, (value, column); straight beyond the data."""
        inside = np.clip(x, self.knots[0], self.knots[-1])
        curve = CubicSpline(self.knots, self.mix, bc_type="natural")
        return np.asarray(curve(inside) + (x - inside)[:, None] * curve(inside, 1))


@dataclass(frozen=True)
class Basis:
    """Columns of several numbers, and the blocks of columns that share a size."""

    splines: tuple[Spline, ...]
    products: tuple[tuple[int, int], ...]
    centre: Floats
    """(product). Mean of each product over the draws."""

    def at(self, x: Floats) -> Floats:
        """Return the columns at (value, number), scaled so that a block has one size."""
        own = [s.at(x[:, i]) for i, s in enumerate(self.splines)]
        pairs = [own[i][:, 0] * own[j][:, 0] for i, j in self.products]
        scaled = [columns * s.size for columns, s in zip(own, self.splines, strict=True)]
        together = np.array(pairs).reshape(len(pairs), len(x)).T - self.centre
        return np.column_stack([*scaled, together])

    @property
    def blocks(self) -> NDArray[np.int64]:
        """The block of each column: of every number the straight part and the curves; products."""
        ids: list[int] = []
        for number, spline in enumerate(self.splines):
            ids += ([2 * number] + [2 * number + 1] * spline.size.size)[: spline.size.size]
        return np.array(ids + [2 * len(self.splines)] * len(self.products), dtype=np.int64)


@dataclass(frozen=True)
class SmoothMean:
    """The mean of some figures given some numbers, with its uncertainty."""

    x: Floats
    """(draw, number)."""
    basis: Basis
    level: Floats
    """(figure). Mean over the draws."""
    coefficients: Floats
    """(figure, column)."""
    factors: Floats
    """(component, column, column). Square roots of the coefficients' covariances."""
    noise: Floats
    """(component). Standard deviation of what the function leaves; 0 where there is no figure."""
    mixing: Floats
    """(figure, component). Figures from components whose noise is uncorrelated."""
    unmixing: Floats
    """(figure, component). Those components from the figures."""

    @property
    def fitted(self) -> Floats:
        """The function at the draws themselves, (draw, figure)."""
        return self.level + self.basis.at(self.x) @ self.coefficients.T

    def at(self, x: Floats) -> tuple[Floats, Floats]:
        """Return mean and standard error at some values, each (value, figure).

        Parameters
        ----------
        x
            (value) or (value, number).
        """
        columns = self.basis.at(_table(x))
        spread = np.einsum("vk,ckl->cvl", columns, self.factors)
        own = (spread**2).sum(axis=2) + self.noise[:, None] ** 2 / len(self.x)
        variance = np.einsum("fc,cv->vf", self.mixing**2, own)
        return self.level + columns @ self.coefficients.T, np.sqrt(variance)

    def curves(self, x: Floats, n: int, seed: int = 1) -> Floats:
        """Return functions as likely as the data leave them, at some values.

        Parameters
        ----------
        x
            (value) or (value, number).
        n, seed
            How many, and the seed of the normal numbers behind them.

        Returns
        -------
            (n, value, figure).
        """
        coefficients, level = self.likely(n, seed)
        columns = self.basis.at(_table(x))
        return np.asarray(level[:, None] + np.einsum("vk,nfk->nvf", columns, coefficients))

    def likely(self, n: int, seed: int = 1) -> tuple[Floats, Floats]:
        """Return likely coefficients (n, figure, column) and levels (n, figure)."""
        generator = np.random.default_rng(seed)
        normal = generator.standard_normal((n, *self.factors.shape[:2]))
        about = np.einsum(
            "fc,nck->nfk", self.mixing, np.einsum("ncl,ckl->nck", normal, self.factors)
        )
        raised = generator.standard_normal((n, self.noise.size)) * self.noise / np.sqrt(len(self.x))
        return self.coefficients + about, self.level + raised @ self.mixing.T

    def again(self, products: Floats) -> Floats:
        """Return the coefficients of other figures, smoothed as much as those fitted.

        Parameters
        ----------
        products
            (..., figure, column). Sums over the draws of a figure, less its mean, times a column.

        Returns
        -------
            (..., figure, column).
        """
        known = self.noise > 0
        covariance = self.factors @ self.factors.transpose(0, 2, 1)
        covariance[known] /= self.noise[known, None, None] ** 2
        # A component that the figures fitted have nothing of is smoothed as the others are.
        covariance[~known] = covariance[known].mean(axis=0) if known.any() else 0.0
        by_component = np.einsum("fc,...fk->...ck", self.unmixing, products)
        smoothed = np.einsum("ckl,...cl->...ck", covariance, by_component)
        return np.asarray(np.einsum("fc,...ck->...fk", self.mixing, smoothed))

    def explained(self) -> tuple[Floats, Floats]:
        """Return the variance of the function over the draws, (figure), and how open it is.

        Notes: the expectation over what the data leave open, so that it holds no noise on average.
        The second is the standard deviation that the squares of the coefficients' errors give it;
        what the errors themselves give it shows in the draws' residuals.
        """
        columns = self.basis.at(self.x)
        gram = inner(columns, columns) / len(columns)
        squares = np.array([factor.T @ gram @ factor for factor in self.factors])
        traces = np.trace(squares, axis1=1, axis2=2)
        doubled = 2 * np.einsum("ckl,clk->c", squares, squares)
        own = np.einsum("fk,kl,fl->f", self.coefficients, gram, self.coefficients)
        return own + self.mixing**2 @ traces, np.sqrt(self.mixing**4 @ doubled)


def smooth_mean(y: Floats, x: Floats) -> SmoothMean:
    """Fit the mean of figures given numbers, by penalised regression over independent draws.

    Parameters
    ----------
    y
        (draw) or (draw, figure), any unit.
    x
        (draw) or (draw, number), any units. A number that is the same in all draws has no effect.

    Returns
    -------
        The function, the error of it, and functions as likely. Up to three numbers have curves of
        14 columns, more have 4; the twelve that matter most have products, two by two.

    Notes: the coefficients of a block of columns are normal with a variance found by maximising the
    marginal likelihood, so each block is believed as far as it shows. The
    figures are first turned to components whose noise is uncorrelated, so that functions drawn for
    several figures err together as the figures do.
    Source: Wood, "Generalized Additive Models" (2017), ch. 5-6; MacKay, Neural Computation 4
    (1992); Strong, Oakley and Brennan, Medical Decision Making 34 (2014), for its use on draws.
    """
    figures, numbers = _table(y), _table(x)
    level = figures.mean(axis=0)
    about = figures - level
    basis = _basis(numbers, about)
    regression = BlockRegression(basis.at(numbers), basis.blocks)
    mixing, unmixing = _components(about, regression)
    fits = [regression.fit(part) for part in (about @ unmixing).T]
    shape = len(fits), basis.blocks.size
    by_component = np.array([fit.coefficients for fit in fits]).reshape(shape)
    factors = np.array([fit.root for fit in fits]).reshape(*shape, shape[1])
    noise = np.array([fit.noise for fit in fits])
    return SmoothMean(
        numbers, basis, level, mixing @ by_component, factors, noise, mixing, unmixing
    )


def inner(left: Floats, right: Floats) -> Floats:
    """Return left' right for (draw, ...) tables.

    Small ones are multiplied without BLAS: its threads take many times longer to start and wait
    for each other than such a product takes, most of all on a busy machine.
    """
    if left.shape[1] * right.shape[1] <= _SMALL:
        return np.asarray(np.einsum("di,dj->ij", left, right))
    return np.asarray(left.T @ right)


def _table(values: Floats) -> Floats:
    """Return (value) as (value, 1), and a table as it is."""
    found = np.asarray(values, dtype=np.float64)
    return found[:, None] if found.ndim == 1 else found


def _basis(x: Floats, about: Floats) -> Basis:
    """Return the columns for the numbers, with products of those that matter most."""
    wanted = _KNOTS_ALONE if x.shape[1] <= _FEW else _KNOTS_OF_MANY
    splines = tuple(_spline(column, wanted) for column in x.T)
    own = [spline.at(column) for spline, column in zip(splines, x.T, strict=True)]
    strength = np.array([_strength(columns, about) for columns in own])
    first = sorted(np.argsort(-strength, kind="stable")[:_MOST_IN_PRODUCTS].tolist())
    pairs = [(i, j) for i, j in combinations(first, 2) if own[i].size and own[j].size]
    centre = np.array([(own[i][:, 0] * own[j][:, 0]).mean() for i, j in pairs])
    return Basis(splines, tuple(pairs), centre)


def _strength(columns: Floats, about: Floats) -> float:
    """Return the share of the figures' variance that goes with one number's columns."""
    spread = (about**2).mean(axis=0)
    known = spread > 0
    explained = ((inner(columns, about[:, known]) / len(about)) ** 2).sum(axis=0)
    return float((explained / spread[known]).sum())


def _spline(x: Floats, wanted: int) -> Spline:
    """Return the columns of one number; none where it never differs, one where it has two values.

    The curves are the natural splines that are orthogonal over the draws and in curvature
    (Demmler-Reinsch), the straightest first.
    """
    scale = float(np.abs(x).max(initial=0.0))
    distinct = np.unique(x)
    if distinct.size < 2 or np.ptp(distinct) <= 1e-12 * scale:
        none = np.empty((2, 0))
        return Spline(np.array([x[0] - 1, x[0] + 1]), none, np.empty(0))
    levels = np.linspace(0, 1, min(wanted, distinct.size, max(2, x.size // 10)))
    knots = np.unique(np.quantile(x, levels, method="nearest"))
    if knots.size < 3:
        knots = distinct[[0, -1]]
    values = CubicSpline(knots, np.eye(knots.size), bc_type="natural")(x)
    straight = np.array(knots - x.mean())
    mean_square = float(((values @ straight) ** 2).mean())
    first = straight / np.sqrt(mean_square)
    if knots.size == 2:
        return Spline(knots, first[:, None], np.ones(1))
    gram = inner(values, values) / x.size
    roughness, curves = linalg.eigh(_roughness(knots), gram)
    curves = _signed(curves)
    rough = np.clip(roughness[2:], roughness[2] * 1e-3, None)
    return Spline(
        knots, np.column_stack([first, curves[:, 2:]]), np.sqrt(np.r_[1.0, rough[0] / rough])
    )


def _roughness(knots: Floats) -> Floats:
    """Return the integral of the product of second derivatives of two natural splines."""
    second = CubicSpline(knots, np.eye(knots.size), bc_type="natural")(knots, 2)
    left, right, width = second[:-1], second[1:], np.diff(knots)[:, None]
    both = left.T @ (width * left) + right.T @ (width * right)
    crossed = left.T @ (width * right)
    return np.asarray((both + (crossed + crossed.T) / 2) / 3)


def _components(about: Floats, regression: BlockRegression) -> tuple[Floats, Floats]:
    """Return figures from components whose noise is uncorrelated, and those from the figures."""
    scale = about.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    left = regression.left(about / scale)
    directions = _signed(np.linalg.eigh(inner(left, left))[1])
    return directions * scale[:, None], directions / scale[:, None]


def _signed(vectors: Floats) -> Floats:
    """Return eigenvectors, in columns, whose sum with weights 1, 1/2, 1/3, ... is positive.

    Their signs are free: without a rule they, and all random functions, hang on the machine. The
    weights differ, since a vector such as (1, -1) is common, and none of its entries is largest.
    """
    weights = 1 / np.arange(1, len(vectors) + 1)
    return vectors * np.where(weights @ vectors < 0, -1.0, 1.0)
