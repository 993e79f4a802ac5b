"""What is saved, when, by whom, and how likely the published figures are.

Two probabilities, never one word. The saving is reached when baseline less strategy, paired run by
run, is at least the published saving: it can never be seen in an account. The budget is kept when
the strategy's own spending stays within the frame; it needs the base budget.
"""

import json

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import bands, probability
from stepdown.analysis.lines import saving_of_lines
from stepdown.analysis.payers import of_payer
from stepdown.analysis.purpose import refuse_expectation

__all__ = [
    "budget_kept",
    "budget_years",
    "deepest_deficit",
    "net_saving",
    "payback_year",
    "present_value",
    "promised",
    "reached_in_futures",
    "saving_reached",
]


def budget_years(result: xr.Dataset) -> xr.Dataset:
    """Return the result for the budget years alone, without the run-in."""
    return result.sel(year=slice(result.attrs["first_budget_year"], None))


def net_saving(result: xr.Dataset, payer: str | None = None) -> xr.DataArray:
    """Return the net saving of a payer, (strategy, draw, replicate, year) [DKK], strategies only.

    A payer's is its own and that of its committees. `payer` may be "all": all public purses, in
    which transfers cancel. None: `own_payer`, as everywhere.
    """
    net: xr.DataArray = budget_years(result).net_saving_dkk.isel(strategy=slice(1, None))
    return of_payer(net, payer)


def saving_reached(result: xr.Dataset) -> xr.Dataset:
    """Return the probability that each published saving is reached.

    Returns
    -------
        `published` and `mean` saving [DKK], and `value`, `low`, `high` in [0, 1], (strategy, line,
        year), in the line's own scope. nan where a line says nothing of a year, promises 0, or is
        a residual: behind a residual stands no calculation, so no probability is given.
    """
    refuse_expectation(result, "probabilities")
    published = budget_years(result).published_dkk.isel(strategy=slice(1, None))
    if not published.sizes["line"]:
        names = ("published", "mean", "value", "low", "high")
        return xr.Dataset(dict.fromkeys(names, published))
    reached = probability(_reached(result, published))
    mean = _saved_by_line(result, published).mean(["draw", "replicate"])
    return (
        reached.assign(mean=mean).where(_is_promise(result, published)).assign(published=published)
    )


def reached_in_futures(result: xr.Dataset) -> xr.DataArray:
    """Return whether each published saving is reached, future by future.

    Returns
    -------
        (strategy, line, draw, replicate, year): 1 where it is, 0 where it is not, nan where
        `saving_reached` gives no probability.
    """
    refuse_expectation(result, "probabilities")
    published = budget_years(result).published_dkk.isel(strategy=slice(1, None))
    reached: xr.DataArray = published
    if published.sizes["line"]:
        reached = _reached(result, published).where(_is_promise(result, published))
    return reached.astype(float)


def promised(result: xr.Dataset) -> xr.Dataset:
    """Return what was published in all, residuals apart.

    Returns
    -------
        `calculated` and `residual`, (strategy, year) [DKK], strategies only, by budget year; nan
        where no line says anything of the year.
    """
    published = budget_years(result).published_dkk.isel(strategy=slice(1, None))
    is_residual = _is_residual(result, published)
    parts = {"calculated": published.where(~is_residual), "residual": published.where(is_residual)}
    return xr.Dataset(
        {n: part.sum("line").where(part.notnull().any("line")) for n, part in parts.items()}
    )


def budget_kept(result: xr.Dataset) -> xr.Dataset | None:
    """Return the probability that spending stays within the frame, or None without a base budget.

    The frame is the base budget plus investment less grants less published savings on measures.
    Both sides stand before reimbursement, as service expenditure does.

    Returns
    -------
        `frame` [DKK] and `value`, `low`, `high` in [0, 1], (strategy, year).
    """
    refuse_expectation(result, "probabilities")
    years = budget_years(result).isel(strategy=slice(1, None))
    if "base_budget_dkk" not in years:
        return None
    own = of_payer(years.investment_dkk) - of_payer(years.grant_dkk)
    spent = of_payer(years.cost_dkk) + years.casework_dkk + own
    if "stranded_dkk" in years:
        spent = spent + of_payer(years.stranded_dkk)
    promised = years.published_dkk.sum("line").where(years.published_dkk.notnull().any("line"))
    frame = years.base_budget_dkk + own.mean("draw") - promised
    return probability(spent <= frame).where(frame.notnull()).assign(frame=frame)


def present_value(result: xr.Dataset, payer: str | None = None) -> xr.DataArray:
    """Return the discounted net saving over the budget years, (strategy, draw, replicate) [DKK]."""
    factor = budget_years(result).discount_factor
    value: xr.DataArray = (net_saving(result, payer) * factor).sum("year")
    return value


def payback_year(
    result: xr.Dataset, payer: str | None = None, *, discounted: bool = False
) -> xr.DataArray:
    """Return when the investment has paid back, (strategy, draw, replicate) [year].

    The first year from which the cumulative net saving stays >= 0 to the horizon; nan when it does
    not within the horizon. Undiscounted as budgets are read, or `discounted` as present values.
    """
    refuse_expectation(result, "years of payback")
    net = net_saving(result, payer)
    if discounted:
        net = (net * budget_years(result).discount_factor).transpose(*net.dims)
    cumulative = net.cumsum("year")
    stays = (cumulative >= 0)[..., ::-1].cumprod("year")[..., ::-1].astype(bool)
    stays = stays.transpose(*cumulative.dims)
    first: xr.DataArray = net.year.values[0] + stays.argmax("year")
    return first.where(stays.any("year"))


def deepest_deficit(result: xr.Dataset, payer: str | None = None) -> xr.Dataset:
    """Return the deepest hole before the gains, by strategy.

    Returns
    -------
        `year` in which the median cumulative net saving is lowest, and its 10, 50 and 90 %
        quantiles then, `depth` (strategy, quantile) [DKK], negative.
    """
    refuse_expectation(result, "deficits")
    cumulative = net_saving(result, payer).cumsum("year")
    cumulative["year"] = budget_years(result).year
    spread = bands(cumulative)
    year = spread.sel(quantile=0.5, drop=True).idxmin("year").astype(int)
    depth = spread.sel(year=year).drop_vars("year").transpose("strategy", "quantile")
    return xr.Dataset({"year": year, "depth": depth})


def _reached(result: xr.Dataset, published: xr.DataArray) -> xr.DataArray:
    """Return whether at least the published is saved, (strategy, line, draw, replicate, year)."""
    reached: xr.DataArray = _saved_by_line(result, published) >= published
    return reached.transpose("strategy", "line", "draw", "replicate", "year")


def _saved_by_line(result: xr.Dataset, published: xr.DataArray) -> xr.DataArray:
    """Return what each line is compared with, (strategy, line, draw, replicate, year) [DKK]."""
    years = budget_years(result)
    found = []
    for line in published.line.values:
        saved = [
            _saved(years, str(strategy), _line(result, strategy, line))
            for strategy in published.strategy.values
        ]
        found.append(xr.concat(saved, published.strategy))
    by_line: xr.DataArray = xr.concat(found, published.line)
    return by_line.transpose("strategy", "line", "draw", "replicate", "year")


def _is_promise(result: xr.Dataset, published: xr.DataArray) -> xr.DataArray:
    return (published > 0) & ~_is_residual(result, published)


def _saved(years: xr.Dataset, strategy: str, line: dict[str, str]) -> xr.DataArray:
    """Return what a published line is compared with, in its own scope, (draw, replicate, year)."""
    own = years.sel(strategy=strategy, drop=True)
    if line.get("scope") == "net":
        return of_payer(own.net_saving_dkk, line.get("payer"))
    gross: xr.DataArray = own.gross_saving_dkk
    if "line_saving_dkk" not in years:
        return gross
    by_payer = saving_of_lines(years).sel(strategy=strategy, drop=True)
    lines: xr.DataArray = by_payer.sum("payer").broadcast_like(gross).transpose(*gross.dims)
    return lines if line.get("scope") == "budget_lines" else gross - lines


def _line(result: xr.Dataset, strategy: str, line: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(result.attrs["published"]).get(f"{strategy}.{line}", {})
    return found


def _is_residual(result: xr.Dataset, published: xr.DataArray) -> xr.DataArray:
    kinds = np.array(
        [
            [_line(result, s, n).get("kind") == "residual" for n in published.line.values]
            for s in published.strategy.values
        ],
        dtype=bool,  # also where no line is published
    ).reshape(published.sizes["strategy"], published.sizes["line"])
    return xr.DataArray(
        kinds, {"strategy": published.strategy, "line": published.line}, ("strategy", "line")
    )
