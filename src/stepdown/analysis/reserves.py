"""What to set aside: the loss that most futures stay within, and how bad the rest are.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

import xarray as xr

from stepdown.analysis.distribution import mean, quantiles
from stepdown.analysis.options import refuse_share
from stepdown.analysis.purpose import refuse_expectation
from stepdown.analysis.savings import budget_years, net_saving, present_value

__all__ = ["expected_shortfall", "lower_quantile", "reserve"]


def reserve(result: xr.Dataset, share: float = 0.9, payer: str | None = None) -> xr.Dataset:
    """Return the reserve that covers the net loss in a share of the futures.

    Parameters
    ----------
    result
        Of `simulate`.
    share
        Of the futures, inside (0, 1).
    payer
        Whose money; "all" for all public purses.

    Returns
    -------
        (strategy, year) [DKK], undiscounted: `value` covers the year's own net loss, `cumulative`
        the loss since the first budget year; both >= 0, with the standard errors `error` and
        `cumulative_error` of the quantiles behind them.

    Notes: the (1 - share) quantile of the net saving over draws and replicates with its sign
    turned, 0 where that is a gain. A cumulative reserve is that of each year alone: that the
    account never goes below it in any year is less probable.
    """
    net = net_saving(result, payer)
    own = lower_quantile(net, share)
    whole = lower_quantile(_summed(net, result), share)
    return xr.Dataset(
        {
            "value": (-own.value).clip(min=0),
            "error": own.error,
            "cumulative": (-whole.value).clip(min=0),
            "cumulative_error": whole.error,
        }
    )


def expected_shortfall(
    result: xr.Dataset, share: float = 0.9, payer: str | None = None
) -> xr.Dataset:
    """Return the mean net saving in the worst futures, those that a reserve does not cover.

    Parameters
    ----------
    result, share, payer
        As in `reserve`: the worst are 1 - share of the futures.

    Returns
    -------
        [DKK], negative for a loss, each with a standard error: `value`, `error` (strategy, year) of
        the year's own net saving; `cumulative`, `cumulative_error` (strategy, year) of the sum
        since the first budget year, undiscounted; `present_value`, `present_value_error`
        (strategy). The worst futures are those of each figure by itself.

    Notes: with q the (1 - share) quantile, q - mean of max(0, q - saving) / (1 - share). It is
    flat in q at the quantile, so that the error of q does not count to the first order, and the
    error is that of a mean.
    Source: Rockafellar and Uryasev, "Optimization of conditional value-at-risk", Journal of Risk 2
    (2000).
    """
    refuse_expectation(result, "shortfalls")
    net = net_saving(result, payer)
    figures = {
        ("value", "error"): net,
        ("cumulative", "cumulative_error"): _summed(net, result),
        ("present_value", "present_value_error"): present_value(result, payer),
    }
    found = xr.Dataset()
    for (name, error), values in figures.items():
        q = lower_quantile(values, share).value
        below = mean(q - (q - values).clip(min=0) / (1 - share))
        found[name], found[error] = below.value, below.error
    return found


def lower_quantile(values: xr.DataArray, share: float) -> xr.Dataset:
    """Return what is reached in a share of the futures: the (1 - share) quantile.

    Parameters
    ----------
    values
        (..., draw, replicate). Higher is better.
    share
        Inside (0, 1).

    Returns
    -------
        `value` and its standard error `error`, (...) in the unit of `values`.
    """
    refuse_share(share)
    level = round(1 - share, 12)
    return quantiles(values, (level,)).isel(quantile=0, drop=True)


def _summed(net: xr.DataArray, result: xr.Dataset) -> xr.DataArray:
    return net.cumsum("year").assign_coords(year=budget_years(result).year)
