"""What can be booked, and which level reaches a goal: from the share of futures to the kroner.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

import json
from typing import Literal

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import mean
from stepdown.analysis.levels import step_up_coordinates, steps_up
from stepdown.analysis.lines import gross_saving
from stepdown.analysis.options import chance, spending_of_options
from stepdown.analysis.payers import of_payer, own_payer
from stepdown.analysis.purpose import refuse_expectation
from stepdown.analysis.reserves import lower_quantile
from stepdown.analysis.savings import budget_years, net_saving
from stepdown.errors import ParameterError

__all__ = ["bookable", "level_reaching"]

Figure = Literal["gross_saving", "net_saving"]


def bookable(result: xr.Dataset, share: float = 0.8, payer: str | None = None) -> xr.Dataset:
    """Return what can be booked so that it is reached in a share of the futures.

    Parameters
    ----------
    result
        Of `simulate`.
    share
        Of the futures, inside (0, 1).
    payer
        Whose saving; "all" for all public purses.

    Returns
    -------
        (strategy, year) [DKK], undiscounted: `gross` and `net`, the (1 - share) quantiles of the
        gross and net saving of the year, with standard errors `gross_error` and `net_error`;
        `published`, the published savings on measures and budget lines of this payer, residuals
        left out, and `published_net`, the published net savings; nan where nothing was published.

    Notes: each year by itself. Years of one future go together, so all of them being reached is
    less probable than each.
    """
    payer = own_payer(result) if payer is None else payer
    gross = lower_quantile(gross_saving(result, payer), share)
    net = lower_quantile(net_saving(result, payer), share)
    return xr.Dataset(
        {
            "gross": gross.value,
            "gross_error": gross.error,
            "net": net.value,
            "net_error": net.error,
            "published": _published(result, payer, "measures"),
            "published_net": _published(result, payer, "net"),
        }
    )


def level_reaching(
    result: xr.Dataset,
    target_dkk: float,
    year: int,
    share: float = 0.8,
    *,
    figure: Figure = "gross_saving",
    payer: str | None = None,
) -> xr.Dataset:
    """Return which level reaches an amount in a share of the futures, and how near the others are.

    Parameters
    ----------
    result
        Of `simulate`; the strategies may be a grid of levels.
    target_dkk
        The amount to reach [DKK, price level].
    year
        In which budget year.
    share
        Of the futures, inside (0, 1).

    Other arguments
    ---------------
    figure
        "gross_saving" or "net_saving" of `payer`.

    Returns
    -------
        (strategy): `probability` of reaching the amount, with `error`, `low`, `high`; `reached`
        with `reached_error`, the amount that is reached in `share` of the futures [DKK];
        `spending`, mean present value of investment less grants [DKK].
        (step_up), along the axes of a grid as in `marginal_saving`, none without a grid: `fraction`
        of the way from one level to the next at which the amount is just reached in `share`, with
        `fraction_error`; `spending_between` there [DKK], and `caseload_between` where there is a
        caseload [cases per caseworker]; nan where the amount is not crossed between the two.
        `cheapest`, the strategy with the least spending of those that reach it, "" when none does;
        `best`, the one that does so most often, and `best_probability`.

    Raises
    ------
    ParameterError
        The amount is not a number, or the year no budget year.

    Notes: between two levels the amount reached is taken to go in a straight line, in the spending
    and in the caseload alike. The error of the fraction is at most the one given, since errors of
    two levels with the same futures go together.
    """
    saving = _saving_in(result, target_dkk, year, (figure, payer))
    reached = lower_quantile(saving, share)
    found = chance(saving >= target_dkk).rename(value="probability")
    found = found.assign(
        reached=reached.value,
        reached_error=reached.error,
        spending=mean(spending_of_options(result, payer)).value.isel(strategy=slice(1, None)),
    )
    crossings = _crossings(result, found, target_dkk, payer)
    return found.merge(crossings, compat="override").assign(_named(found, share))


def _named(found: xr.Dataset, share: float) -> dict[str, str | float]:
    """Return the cheapest strategy that reaches the amount, and the one that mostly does."""
    p, names = found.probability.values, found.strategy.values
    cost = np.where(p >= share, found.spending.values, np.inf)
    best = int(np.argmax(p))
    return {
        "cheapest": str(names[int(np.argmin(cost))]) if np.isfinite(cost).any() else "",
        "best": str(names[best]),
        "best_probability": float(p[best]),
    }


def _crossings(
    result: xr.Dataset, found: xr.Dataset, target: float, payer: str | None
) -> xr.Dataset:
    """Return where the amount reached crosses the target between one level and the next."""
    steps = [step for step in steps_up(result, payer) if step.axis]
    start, end = (
        xr.DataArray([getattr(step, name) for step in steps], dims="step_up", name=name)
        for name in ("start", "end")
    )
    reached, error, spending = (
        np.concatenate([[0.0], found[name].values])  # the baseline saves and costs nothing
        for name in ("reached", "reached_error", "spending")
    )
    low, high = reached[start], reached[end]
    crosses = (np.minimum(low, high) <= target) & (target <= np.maximum(low, high)) & (low != high)
    slope = np.where(crosses, high - low, np.nan)
    fraction = (target - low) / slope
    between = {
        "fraction": fraction,
        "fraction_error": (error[start] * (1 - fraction) + error[end] * fraction) / abs(slope),
        "spending_between": spending[start] * (1 - fraction) + spending[end] * fraction,
    }
    if "caseload" in result:
        cases = (
            result.caseload.isel(month=-1)
            .mean([dim for dim in ("draw", "replicate") if dim in result.caseload.dims])
            .values
        )
        between["caseload_between"] = cases[start] * (1 - fraction) + cases[end] * fraction
    data = {name: ("step_up", values) for name, values in between.items()}
    return xr.Dataset(data, step_up_coordinates(result, steps))


def _saving_in(
    result: xr.Dataset, target: float, year: int, what: tuple[Figure, str | None]
) -> xr.DataArray:
    """Return the saving of one budget year, (strategy, draw, replicate) [DKK]."""
    refuse_expectation(result, "probabilities")
    figure, payer = what
    years = [int(y) for y in budget_years(result).year.values]
    if not np.isfinite(target):
        raise ParameterError(
            f"target_dkk = {target!r}: must be a finite number; it is the saving to reach in DKK. "
            "Write target_dkk = 3_000_000."
        )
    if year not in years:
        raise ParameterError(
            f"year = {year!r}: must be a budget year, {years[0]} to {years[-1]}. "
            f"Write year = {years[-1]}."
        )
    if figure not in ("gross_saving", "net_saving"):
        raise ParameterError(
            f'figure = {figure!r}: must be "gross_saving" or "net_saving". '
            'Write figure = "gross_saving".'
        )
    of = gross_saving if figure == "gross_saving" else net_saving
    saving: xr.DataArray = of(result, payer).sel(year=year, drop=True)
    return saving


def _published(result: xr.Dataset, payer: str, scope: str) -> xr.DataArray:
    """Return the published savings of a payer in one scope, (strategy, year), nan where none."""
    years = budget_years(result)
    published = years.published_dkk.isel(strategy=slice(1, None))
    kinds = json.loads(result.attrs["published"])
    parts = []
    for line in published.line.values:
        own = published.sel(line=line, drop=True)
        said = [kinds.get(f"{strategy}.{line}", {}) for strategy in published.strategy.values]
        if scope == "measures" and any(one.get("scope") == "budget_lines" for one in said):
            own = _of_lines(years, payer).where(own.notnull())
        fits = [_fits(one, payer, scope) for one in said]
        parts.append(own.where(xr.DataArray(fits, {"strategy": published.strategy}, "strategy")))
    lines: xr.DataArray = xr.concat(parts, "line") if parts else published
    found: xr.DataArray = lines.sum("line").where(lines.notnull().any("line"))
    return found.transpose("strategy", "year")


def _fits(line: dict[str, str], payer: str, scope: str) -> bool:
    """Tell whether a published line speaks of a payer's saving in a scope."""
    if line.get("kind", "residual") == "residual":
        return False
    if line.get("scope") == "budget_lines":
        return scope == "measures"
    return line.get("scope") == scope and line.get("payer") == payer


def _of_lines(years: xr.Dataset, payer: str) -> xr.DataArray:
    """Return what the budget lines of each strategy promise a payer, (strategy, year) [DKK]."""
    promised = of_payer(years.line_published_dkk, payer)
    promised = promised.where(years.budget_line_kind != "residual", 0.0)
    rows = [
        promised.isel(
            budget_line=[
                strategy in str(names).split() for names in years.budget_line_strategies.values
            ]
        ).sum("budget_line")
        for strategy in years.strategy.values[1:]
    ]
    found: xr.DataArray = xr.concat(rows, years.strategy[1:])
    return found
