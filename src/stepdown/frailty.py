"""Children who differ: classes of frailty, and prices that differ between children on one step.

A child has one class for life, drawn when it comes. Its price of a step is the step's price times
a factor of its own, lognormal between children and correlated with the class.

Decision: docs/decisions/0019-children-that-differ.md.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from stepdown.errors import RunError
from stepdown.kernel.spending import FACTOR_UNIT
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.classes import group_of

__all__ = ["class_hazards", "class_shares", "price_factors"]

Floats = NDArray[np.float64]

_N_FACTORS = 256


def class_hazards(plan: Plan, hazard: Floats) -> Floats:
    """Return hazards by class, (draw, class, move, age band, time band), from those of the mean.

    A class multiplies a move by multiplier ^ loading of the move's class; multipliers have a mean
    of 1 among arrivals.
    """
    frailty = plan.scenario.frailty
    if frailty is None:
        return hazard[:, None]
    moves = plan.scenario.moves.values()
    loadings = [frailty.loadings.get(group_of(plan.scenario, move), 0.0) for move in moves]
    factor = _multipliers(plan)[:, None] ** np.array(loadings)
    return np.asarray(hazard[:, None] * factor[None, :, :, None, None])


def class_shares(plan: Plan, n_draws: int) -> Floats:
    """Return the shares of the classes among arrivals, (draw, class)."""
    frailty = plan.scenario.frailty
    shares = np.array(frailty.shares if frailty else (1.0,))
    return np.tile(shares / shares.sum(), (n_draws, 1))


def price_factors(plan: Plan, draws: Draws, stock: Floats) -> NDArray[np.int64]:
    """Return equally likely factors on the prices, (draw, step, class, factor) [2^-20].

    Parameters
    ----------
    stock
        (draw, step, class) [children]. Who is on the steps in the baseline's steady state: over
        them the factors of a step have a mean of 1.

    Returns
    -------
        Lognormal between children: the log has the variance ln(1 + spread^2), of which the class
        explains the squared correlation. Length 0 in the last axis if no step has a spread.

    Raises
    ------
    RunError
        A drawn spread is negative; names the step.
    """
    steps = plan.scenario.steps
    if not any(step.price_spread for step in steps.values()):
        return np.zeros((draws.count, len(steps), plan.stairs.n_classes, 0), dtype=np.int64)
    shares = class_shares(plan, draws.count)
    found = np.ones((draws.count, len(steps), plan.stairs.n_classes, _N_FACTORS))
    for index, (name, step) in enumerate(steps.items()):
        if step.price_spread is None:
            continue
        spread = draws.of(step.price_spread)
        if (spread < 0).any():
            raise RunError(
                f"the price spread of {name} is {spread.min():g} in some draw; a standard "
                "deviation is >= 0. Use a distribution without negative values."
            )
        here = stock[:, index]
        there = here.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.where(there > 0, here / there, shares)
        found[:, index] = _factors(plan, np.sqrt(np.log1p(spread**2)), weight)
    return np.rint(found * FACTOR_UNIT).astype(np.int64)


def _factors(plan: Plan, sigma: Floats, weight: Floats) -> Floats:
    """Return (draw, class, factor) with mean 1 over classes by (draw, class) weights."""
    frailty = plan.scenario.frailty
    rho = frailty.price_correlation if frailty else 0.0
    score = _scores(plan)
    by_class = np.exp(rho * sigma[:, None] * score)
    own = sigma * np.sqrt(1 - rho**2)
    edges = ndtri(np.linspace(0, 1, _N_FACTORS + 1))
    below = ndtr(edges[None, :] - own[:, None])
    # The mean of a lognormal number between two of its quantiles, in units of its overall mean.
    inside = np.diff(below, axis=1) * _N_FACTORS
    level = by_class / (weight * by_class).sum(axis=1, keepdims=True)
    return np.asarray(level[:, :, None] * inside[:, None, :])


def _multipliers(plan: Plan) -> Floats:
    frailty = plan.scenario.frailty
    assert frailty is not None, "own invariant: there are classes"
    shares = np.array(frailty.shares) / sum(frailty.shares)
    multipliers = np.array(frailty.multipliers)
    return np.asarray(multipliers / (shares * multipliers).sum())


def _scores(plan: Plan) -> Floats:
    """Return log multipliers with mean 0 and standard deviation 1 among arrivals."""
    if plan.scenario.frailty is None:
        return np.zeros(1)
    shares = class_shares(plan, 1)[0]
    logs = np.log(_multipliers(plan))
    logs = logs - (shares * logs).sum()
    spread = np.sqrt((shares * logs**2).sum())
    return np.asarray(logs / spread if spread > 0 else logs)
