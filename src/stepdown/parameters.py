"""Scenario -> draws: one value of every number for every draw.

The uniform behind a number depends on (seed, draw, name) alone, so a new number changes no other
and a run can be extended. A number's name is the path of its key in the file; a shared parameter
has one name wherever it is used. Where the file correlates numbers, their uniforms are turned into
those of a Gaussian copula; no other number changes. What a calibration learnt comes together, a row
of its posterior for each draw.

Decisions: docs/decisions/0003-random-numbers.md, docs/decisions/0014-uncertainty.md,
docs/decisions/0034-joint-draws.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from stepdown.causes import caused_uniforms, factor_names
from stepdown.posterior_rows import ROW, joint_values, posterior_column
from stepdown.scenario.learnt import learnt_numbers
from stepdown.scenario.model import Scenario
from stepdown.scenario.posterior_model import Learnt
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.tree import figures, named_quantities
from stepdown.uniforms import correlated, independent_uniforms, sobol_uniforms

__all__ = ["Draws", "draw_parameters", "named_quantities"]

Floats = NDArray[np.float64]

_NORMAL_975 = 1.959963984540054


@dataclass(frozen=True)
class Draws:
    """Values of all numbers of a scenario for a range of draws."""

    first: int
    """Number of the first draw."""
    count: int
    values: Mapping[str, Floats]
    """(draw) by name of the number."""
    names: Mapping[int, str]
    """Name of a number by the identity of its record."""

    def of(self, quantity: Quantity) -> Floats:
        """Return the values of a number of the scenario, (draw)."""
        return self.values[self.names[id(quantity)]]


def draw_parameters(
    scenario: Scenario, seed: int, first: int, count: int, sobol_draws: int | None = None
) -> Draws:
    """Draw every number of a scenario.

    Parameters
    ----------
    scenario
        What to draw.
    seed
        Seed of the run, 0 to 2^64 - 1.
    first, count
        The draws: first, first + 1, ..., first + count - 1.
    sobol_draws
        Draws of the whole run, where they are Sobol points; None for independent draws.
    """
    quantities = named_quantities(scenario)
    learnt = learnt_numbers(scenario)
    uncertain = [n for n, q in quantities.items() if q.distribution is not None and n not in learnt]
    keys = [*uncertain, *factor_names(scenario), *([ROW] if learnt else [])]
    if sobol_draws is None:
        rows = independent_uniforms(seed, first, count, keys)
    else:
        rows = sobol_uniforms(seed, first, count, keys, sobol_draws)
    uniforms = dict(zip(keys, correlated(rows, keys, _pairs(scenario)), strict=True))

    together = joint_values(learnt, uniforms[ROW]) if learnt else {}

    def drawn(name: str, uniforms: Mapping[str, Floats]) -> Floats:
        quantity = quantities[name]
        if name in together:
            return together[name]
        if quantity.distribution is None:
            return np.full(count, float(quantity.value or 0.0))
        return quantile(quantity, uniforms[name])

    correlation = {
        name: drawn(_own_name(cause.correlation, f"causes.{name}.correlation"), uniforms)
        for name, cause in scenario.causes.items()
    }
    uniforms |= caused_uniforms(scenario, uniforms, correlation)
    values = {name: drawn(name, uniforms) for name in quantities}
    names = {}
    for path, figure in figures(scenario):
        if isinstance(figure, Quantity):
            names[id(figure)] = _own_name(figure, ".".join(str(part) for part in path))
    return Draws(first, count, values, names)


def _own_name(quantity: Quantity, path: str) -> str:
    """Return the name a number is drawn by: the path of its key, or its shared parameter's."""
    return path if quantity.parameter is None else f"parameters.{quantity.parameter}"


def quantile(quantity: Quantity, u: Floats) -> Floats:
    """Return the quantiles of a distribution at `u`, in the quantity's unit.

    A lognormal is given by its median and its 2.5 and 97.5 % quantiles, each half with its own
    spread, so that all three hold. A learnt number has the quantiles of its posterior draws.
    """
    if isinstance(quantity, Learnt):
        return np.asarray(np.quantile(posterior_column(quantity), u), dtype=np.float64)
    q = quantity
    kind = q.distribution
    mean, sd = q.mean or 0.0, q.sd or 0.0
    low, high = q.low or 0.0, q.high or 0.0
    found: Floats
    if kind == "normal":
        found = mean + sd * special.ndtri(u)
    elif kind == "lognormal":
        median = q.median or 0.0
        z: Floats = special.ndtri(u)
        below, above = z * np.log(median / low), z * np.log(high / median)
        found = median * np.exp(np.where(z < 0, below, above) / _NORMAL_975)
    elif kind == "uniform":
        found = low + (high - low) * u
    elif kind == "triangular":
        mode = q.mode or 0.0
        below = np.sqrt(u * (high - low) * (mode - low)) + low
        above = high - np.sqrt((1 - u) * (high - low) * (high - mode))
        found = np.where(u * (high - low) < mode - low, below, above)
    elif kind == "beta":
        size = mean * (1 - mean) / sd**2 - 1
        found = _beta_quantile(mean * size, (1 - mean) * size, u)
    else:
        assert kind == "gamma", "own invariant: the file's types know no other distribution"
        found = special.gammaincinv((mean / sd) ** 2, u) * sd**2 / mean
    return np.asarray(found, dtype=np.float64)


def _beta_quantile(a: float, b: float, u: Floats) -> Floats:
    """Return quantiles of a beta.

    scipy's inverse is nan for `a` just above 1 and u below 1e-16. So far out the distribution
    function is its first term, x^a / (a B(a, b)), to rounding, and that has a plain inverse.
    """
    found: Floats = special.betaincinv(a, b, u)
    far_out = np.exp((np.log(u) + np.log(a) + special.betaln(a, b)) / a)
    return np.where(np.isnan(found), far_out, found)


def _pairs(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Return the correlation of each pair of names that has one."""
    return {
        (pair.between[0], pair.between[1]): float(pair.rho.value or 0.0)
        for pair in scenario.correlations
    }
