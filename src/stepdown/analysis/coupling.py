"""The spread of the saving over luck, under shared and under independent lives.

A saving compares two worlds. How they are coupled does not change its mean, and no data say how
they are: a child may be thought to live the same life in both except where the strategy touches it
(shared lives, as simulated), or two lives of its own (independent lives). The spread over luck of
the first is smaller.

Each world's spending has a variance over luck of its own, whatever it is paired with; under
independent lives the variance of the difference is their sum. So it needs no second simulation.

Decision: docs/decisions/0014-uncertainty.md.
"""

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import mean, mean_by_draw
from stepdown.analysis.purpose import refuse_expectation
from stepdown.analysis.savings import budget_years

__all__ = ["luck_by_coupling", "saving_spread", "spread_by_coupling"]


def saving_spread(result: xr.Dataset) -> xr.Dataset:
    """Return the spread of the saving on measures by year and of its present value.

    Parameters
    ----------
    result
        With at least 2 replicates.

    Returns
    -------
        As `spread_by_coupling` [DKK]: (strategy, year), and with `_pv` (strategy) for the present
        value over the budget years. The saving on measures is the difference of what the two worlds
        spend; investment and grants have no luck, and the casework for changed cases is left out.
    """
    years = budget_years(result)
    cost = years.cost_dkk.sum("payer")
    value = (cost * years.discount_factor).sum("year")
    by_year, whole = (
        spread_by_coupling(spent.isel(strategy=0, drop=True), spent.isel(strategy=slice(1, None)))
        for spent in (cost, value)
    )
    return by_year.assign({f"{name}_pv": whole[name] for name in whole.data_vars})


def luck_by_coupling(
    without: xr.DataArray, with_strategy: xr.DataArray
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the variance of a difference over luck in each draw: lives shared, lives apart.

    Parameters
    ----------
    without, with_strategy
        (..., draw, replicate), at least 2 replicates. The baseline's and a strategy's figure.

    Returns
    -------
        Each (..., draw), in the square of the figures' unit; unbiased for any number of replicates.
    """
    refuse_expectation(without, "variances over luck")
    assert without.sizes["replicate"] > 1, "own invariant: luck needs at least two replicates"
    shared = (with_strategy - without).var("replicate", ddof=1)
    apart = with_strategy.var("replicate", ddof=1) + without.var("replicate", ddof=1)
    return shared, apart


def spread_by_coupling(without: xr.DataArray, with_strategy: xr.DataArray) -> xr.Dataset:
    """Return the standard deviations of a difference under shared and under independent lives.

    Parameters
    ----------
    without, with_strategy
        (..., draw, replicate), at least 2 replicates. The baseline's and a strategy's figure.

    Returns
    -------
        `luck_shared` and `luck_independent`, over luck alone; `spread_shared` and
        `spread_independent`, over luck and knowledge; all in the unit of the figures, each with
        `..._error`. nan for a standard deviation whose variance is estimated below 0.

    Notes: with s^2 the variance over the replicates of a draw, luck is the mean over draws of
    s^2(without - with) when shared and of s^2(without) + s^2(with) when independent. Knowledge is
    the same in both: the variance of the draws' mean differences less shared luck / R. Every
    variance is the mean of one figure for each draw, hence its error.
    """
    n_replicates = without.sizes["replicate"]
    shared, independent = luck_by_coupling(without, with_strategy)
    own = mean_by_draw(with_strategy - without)
    n_draws = own.sizes["draw"]
    about = (own - own.mean("draw")) ** 2 * (n_draws / (n_draws - 1) if n_draws > 1 else np.nan)
    knowledge = about - shared / n_replicates
    found = {
        "luck_shared": shared,
        "luck_independent": independent,
        "spread_shared": shared + knowledge,
        "spread_independent": independent + knowledge,
    }
    summary = xr.Dataset()
    for name, variance in found.items():
        estimate = mean(variance)
        sd = np.sqrt(estimate.value.where(estimate.value >= 0))
        summary[name] = sd
        summary[f"{name}_error"] = (estimate.error / (2 * sd)).where(sd > 0, 0.0)
    return summary
