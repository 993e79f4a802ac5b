"""What common random numbers are worth: the variance over luck that shared lives save.

The same child lives the same life under every strategy except where the strategy touches it. How
much smaller that makes the variance of a saving over luck is measured here, at fixed parameters,
against two worlds with luck of their own.

Decision: docs/decisions/0023-expectations.md.
"""

import xarray as xr

from stepdown.analysis.coupling import luck_by_coupling
from stepdown.analysis.ratio import ratio_of_means
from stepdown.analysis.savings import budget_years

__all__ = ["shared_lives_ratio", "variance_ratio_of_lives"]


def shared_lives_ratio(result: xr.Dataset) -> xr.Dataset:
    """Return the variance ratio of common random numbers for the present value of the saving.

    Parameters
    ----------
    result
        With at least 2 replicates, not for expectations.

    Returns
    -------
        As `variance_ratio_of_lives`, (strategy): of the discounted spending on measures of all
        payers over the budget years, baseline less strategy.
    """
    years = budget_years(result)
    cost = (years.cost_dkk.sum("payer") * years.discount_factor).sum("year")
    return variance_ratio_of_lives(
        cost.isel(strategy=0, drop=True), cost.isel(strategy=slice(1, None))
    )


def variance_ratio_of_lives(without: xr.DataArray, with_strategy: xr.DataArray) -> xr.Dataset:
    """Return the variance of a difference over luck with independent lives over that with shared.

    Parameters
    ----------
    without, with_strategy
        (..., draw, replicate), at least 2 replicates. The baseline's and a strategy's figure.

    Returns
    -------
        `value` and its 95 % interval `low`, `high`, as `ratio_of_means`. 1: nothing is gained.

    Notes: the variances are those within draws, that is at fixed parameters, averaged over draws;
    with independent lives the variance of the difference is the sum of the two worlds' own, so
    that no second simulation is needed. Both are unbiased for any number of replicates from 2.
    """
    shared, apart = luck_by_coupling(without, with_strategy)
    return ratio_of_means(apart, shared)
