"""When an investment has paid back, as a probability by year.

Two readings are in use, and both are shown: the sum since the start has turned and stays positive,
or the year's own net saving has.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

import xarray as xr

from stepdown.analysis.options import chance, refuse_share
from stepdown.analysis.purpose import refuse_expectation
from stepdown.analysis.savings import budget_years, net_saving

__all__ = ["annual_payback", "payback_by_year", "payback_reached"]


def payback_by_year(
    result: xr.Dataset, payer: str | None = None, *, discounted: bool = False
) -> xr.Dataset:
    """Return the probability that the investment has paid back by the end of each year.

    Parameters
    ----------
    result
        Of `simulate`.
    payer
        Whose money; "all" for all public purses.
    discounted
        By present values; undiscounted unless told so, as budgets are read.

    Returns
    -------
        (strategy, year): `value` = P(cumulative net saving is >= 0 at the end of the year and of
        every later one to the horizon), its standard error `error` and 95 % interval `low`, `high`.
        It never falls from year to year; 1 less the last is P(not within the horizon).

    Notes: the distribution function of `payback_year`.
    """
    return _stays_positive(_net(result, payer, discounted).cumsum("year"), result)


def annual_payback(
    result: xr.Dataset, payer: str | None = None, *, discounted: bool = False
) -> xr.Dataset:
    """Return the probability that each year's own net saving has turned for good.

    Parameters
    ----------
    result, payer, discounted
        As in `payback_by_year`; a discounted year has the sign of the undiscounted one.

    Returns
    -------
        (strategy, year): `value` = P(the net saving of the year and of every later one to the
        horizon is >= 0), `error`, `low` and `high`, as in `payback_by_year`.
    """
    return _stays_positive(_net(result, payer, discounted), result)


def payback_reached(paid_back: xr.Dataset, share: float = 0.8) -> xr.DataArray:
    """Return the first year by whose end it has paid back in a share of the futures.

    Parameters
    ----------
    paid_back
        Of `payback_by_year` or `annual_payback`.
    share
        Of the futures, inside (0, 1).

    Returns
    -------
        (strategy) [year]; nan where it is not reached within the horizon.
    """
    refuse_share(share)
    reached = paid_back.value >= share
    first: xr.DataArray = paid_back.year.isel(year=reached.argmax("year")).drop_vars("year")
    return first.where(reached.any("year"))


def _net(result: xr.Dataset, payer: str | None, discounted: bool) -> xr.DataArray:
    refuse_expectation(result, "probabilities of payback")
    net = net_saving(result, payer)
    if discounted:
        net = (net * budget_years(result).discount_factor).transpose(*net.dims)
    return net


def _stays_positive(values: xr.DataArray, result: xr.Dataset) -> xr.Dataset:
    """Return the probability that figures are >= 0 from a year on to the horizon."""
    backwards = {"year": slice(None, None, -1)}
    holds = (values >= 0).isel(backwards).cumprod("year").isel(backwards)
    holds = holds.transpose(*values.dims).astype(bool)
    return chance(holds.assign_coords(year=budget_years(result).year))
