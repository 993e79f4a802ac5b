"""Expectations with the luck taken out: the cohort solution as a control variate.

In each draw the simulated months on steps less the expected, at the draw's prices, are an amount
with mean 0 that holds luck alone. What of a figure's luck goes with it is taken off, which leaves
the mean and makes its error smaller. Knowledge, the spread between draws, stays.

Decision: docs/decisions/0014-uncertainty.md.
"""

from typing import Literal

import xarray as xr

from stepdown.analysis.distribution import by_cluster, mean, mean_by_draw
from stepdown.analysis.savings import budget_years, present_value
from stepdown.expectation import NotExact, expected
from stepdown.scenario import LoadedScenario

__all__ = ["control_variate", "controlled_mean"]


def control_variate(
    loaded: LoadedScenario,
    result: xr.Dataset,
    figure: Literal["present_value", "gross_saving", "cost"] = "present_value",
) -> xr.Dataset | NotExact:
    """Return the mean of a figure, improved by the cohort solution of the same draws.

    Parameters
    ----------
    loaded
        The scenario that `result` was simulated from.
    result
        Of `simulate`, with luck of each draw's own.
    figure
        "present_value" of the municipality's net saving, (strategy); "gross_saving" on measures,
        (strategy, year); or "cost" of measures over all payers, (strategy, year), baseline too.

    Returns
    -------
        As `controlled_mean` [DKK], or `NotExact` with the reason where the scenario has no cohort
        solution; `stepdown.analysis.mean` then is all there is.
    """
    exact = expected(
        loaded, result.sizes["draw"], int(result.attrs["seed"]), design=result.attrs["design"]
    )
    if isinstance(exact, NotExact):
        return exact
    if "months_in_step" not in result:
        return NotExact("budget lines alone: nothing in them is luck")
    years = budget_years(result)
    months = years.months_in_step.mean("replicate") - exact.months_in_step.sel(year=years.year)
    # Months at the mean price, not spending: what children cost beside it has no expectation here.
    spent = (months * years.price_dkk_per_month).sum("step")
    if figure == "cost":
        return controlled_mean(years.cost_dkk.sum("payer"), spent)
    saved = (spent.isel(strategy=0, drop=True) - spent).isel(strategy=slice(1, None))
    if figure == "gross_saving":
        return controlled_mean(years.gross_saving_dkk.isel(strategy=slice(1, None)), saved)
    return controlled_mean(present_value(result), (saved * years.discount_factor).sum("year"))


def controlled_mean(values: xr.DataArray, control: xr.DataArray) -> xr.Dataset:
    """Return the mean over runs with a control variate, and its standard error.

    Parameters
    ----------
    values
        (..., draw, replicate). Any figure.
    control
        (..., draw). A figure of the same runs whose expectation in every draw is 0.

    Returns
    -------
        `value`, `error`, `coefficient` of the control, and `variance_ratio`: the squared error
        without the control over that with it.

    Notes: the coefficient of a draw (of a scramble, in a Sobol run) is the regression on all the
    others, so it is independent of the draw's own control, and the mean is exactly unbiased.
    """
    plain, own = mean(values), mean_by_draw(values)
    adjusted, coefficient = _adjusted(own, control)
    found = mean(adjusted)
    squared = found.error.where(found.error > 0) ** 2
    found = found.assign(coefficient=coefficient, variance_ratio=plain.error**2 / squared)
    for name in ("coefficient", "variance_ratio"):
        found[name].attrs = {"units": "1"}
    for name in ("value", "error"):
        found[name].attrs = {}  # of products they would be those of a factor
    return found


def _adjusted(own: xr.DataArray, control: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the figures by draw less what goes with the control, and the overall coefficient."""
    about = own - own.mean("draw")
    products, squares = by_cluster(about * control), by_cluster(control**2)
    controls, abouts = by_cluster(control), by_cluster(about)
    n = products.sizes["draw"]

    def without(means: xr.DataArray) -> xr.DataArray:
        return means.sum("draw") - means

    # About the mean of the others: the products' sum less the sum of controls times that mean.
    others = without(products) - without(controls) * without(abouts) / max(n - 1, 1)
    slope = (others / without(squares).where(without(squares) > 0)).fillna(0.0)
    total = squares.sum("draw")
    coefficient = (products.sum("draw") / total.where(total > 0)).fillna(0.0)
    if "scramble" in own.coords:
        slope = slope.rename(draw="scramble").sel(scramble=own.scramble)
    return own - slope * control, coefficient
