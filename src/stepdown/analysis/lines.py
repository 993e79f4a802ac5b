"""Budget lines: what each saves beside what was published, and what each payer saves."""

import xarray as xr

from stepdown.analysis.distribution import probability
from stepdown.analysis.payers import of_payer
from stepdown.analysis.purpose import refuse_expectation

__all__ = ["gross_saving", "lines_reached", "saving_of_lines"]


def lines_reached(result: xr.Dataset) -> xr.Dataset:
    """Return the probability that each budget line saves what was published, over all payers.

    Returns
    -------
        `published` [DKK] and `value`, `low`, `high` in [0, 1], (budget_line, year), for the budget
        years. nan where a line promises nothing, or is a residual: no calculation stands behind a
        residual, so nothing of it is drawn and no probability is given.
    """
    refuse_expectation(result, "probabilities")
    years = result.sel(year=slice(result.attrs["first_budget_year"], None))
    published = years.line_published_dkk.sum("payer")
    reached = probability(years.line_saving_dkk.sum("payer", skipna=False) >= published)
    promises = (published > 0) & (years.budget_line_kind != "residual")
    return reached.where(promises).assign(published=published)


def saving_of_lines(result: xr.Dataset) -> xr.DataArray:
    """Return what the budget lines of each strategy save, (strategy, draw, year, payer) [DKK].

    Residuals are not in it. The baseline has no lines.
    """
    saved = []
    for strategy in result.strategy.values:
        own = [strategy in str(names).split() for names in result.budget_line_strategies.values]
        saved.append(result.line_saving_dkk.isel(budget_line=own).sum("budget_line"))
    found: xr.DataArray = xr.concat(saved, result.strategy)
    return found


def gross_saving(result: xr.Dataset, payer: str | None = None) -> xr.DataArray:
    """Return what a payer and its parts save before the investment is paid.

    Returns
    -------
        (strategy, draw, replicate, year) [DKK], strategies only, by budget year; on measures and
        budget lines together. Casework is not in it.
    """
    years = result.sel(year=slice(result.attrs["first_budget_year"], None))
    if "cost_dkk" in years:
        cost = of_payer(years.cost_dkk, payer)
        saved = cost.isel(strategy=0, drop=True) - cost
        return saved.isel(strategy=slice(1, None)).transpose(*cost.dims)
    saved = of_payer(saving_of_lines(years), payer).isel(strategy=slice(1, None))
    shape = years.gross_saving_dkk.isel(strategy=slice(1, None))
    return saved.broadcast_like(shape).transpose(*shape.dims)
