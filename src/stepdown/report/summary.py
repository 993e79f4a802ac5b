"""The figures a run is summed up in, gathered once for the console, the CSV file and JSON."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.report.committees import CommitteeSummary, summarise_committees
from stepdown.report.published import basis_of

__all__ = ["StrategySummary", "YearSummary", "summarise"]

_LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class YearSummary:
    """One strategy in one budget year; kroner in the price level, gains positive."""

    year: int
    spending: float
    """Total spending on the strategy, grants included, all payers (mean over draws)."""
    grant: float
    """Grants the municipality receives."""
    gross_saving: float
    """Mean saving on measures."""
    gross_quantiles: tuple[float, ...]
    """10, 50, 90 %."""
    casework: float
    """Mean cost of caseworkers for more open cases than the baseline has."""
    net_mean: float
    net_quantiles: tuple[float, ...]
    """Municipality's net saving at 10, 50, 90 %."""
    p_positive: float
    published: dict[str, float | None]
    """Published saving by line; None where the line says nothing of the year."""
    p_reached: dict[str, float | None]
    """P(saving reached) by line; None where none is promised, or the line is a residual."""
    residual: float | None
    """Published residual, with no calculation behind it: in no other figure of the year."""
    p_kept: float | None
    service_expenditure: tuple[float, float] | None
    """Mean spending of the municipality before grants and reimbursement: baseline, strategy."""
    public_net_mean: float
    """Mean net saving of all payers together."""
    refusion: float | None
    """Mean reimbursement the municipality gets, strategy less baseline; None without a law."""
    stranded: float | None
    """Mean cost of emptied places under notice; None where no step has a notice period."""
    reinvested: float | None
    """Mean part of the saving on measures that is spent again; None where no share is stated."""


@dataclass(frozen=True)
class StrategySummary:
    """One strategy over the budget years."""

    name: str
    label_da: str
    label_en: str
    payers_da: tuple[str, ...]
    payers_en: tuple[str, ...]
    first_year_by_payer: tuple[float, ...]
    """Net saving of each payer in the first budget year, before any saving on measures."""
    years: tuple[YearSummary, ...]
    present_value: tuple[float, ...]
    """10, 50, 90 %."""
    present_value_mean: float
    present_value_error: float
    """Monte Carlo standard error of the mean."""
    payback: dict[int, float]
    """P(paid back by the end of the year)."""
    deepest_year: int
    deepest: tuple[float, ...]
    luck_share: float | None
    """Share of luck in the variance of the last year's net saving; above 1 where knowledge is
    estimated below 0."""
    luck_share_interval: tuple[float, ...] | None
    """Its 95 % interval."""
    spread_last_year: dict[str, float] | None
    """Standard deviations of the last year's saving on measures, over luck (`luck_...`) and over
    luck and knowledge (`spread_...`), under shared and independent lives, each with its error."""
    spread_present_value: dict[str, float] | None
    """The same for the present value of the saving on measures."""
    places: dict[str, float]
    """Full-year places in the last year, strategy less baseline, by placement step."""
    """Empty without a staircase, like `children`."""
    children: dict[str, float]
    committees: tuple[CommitteeSummary, ...]
    published_basis: str
    """What its published savings are, as `scenario.published_basis` has it, or several."""


def summarise(result: xr.Dataset) -> list[StrategySummary]:
    """Sum up every strategy of a result."""
    net = analysis.net_saving(result)
    facts = {
        "net": net,
        "quantiles": analysis.bands(net, _LEVELS),
        "positive": analysis.probability(net > 0).value,
        "reached": analysis.saving_reached(result),
        "kept": analysis.budget_kept(result),
        "value": analysis.present_value(result),
        "payback": analysis.payback_year(result),
        "deepest": analysis.deepest_deficit(result),
        "promised": analysis.promised(result),
        "years": analysis.budget_years(result),
        "basis": {str(name): basis_of(result, [str(name)]) for name in net.strategy.values},
        "money": _yearly_money(result),
    }
    if "months_in_step" in result:
        facts["places"] = analysis.full_year_places(result).value
        facts["children"] = analysis.children_beside_money(result)
        if result.sizes["replicate"] > 1:
            facts["spread"] = analysis.saving_spread(result)
    return [
        _strategy(facts, str(name), summarise_committees(result, str(name)))
        for name in net.strategy.values
    ]


def _strategy(
    facts: dict[str, Any], name: str, committees: tuple[CommitteeSummary, ...]
) -> StrategySummary:
    years: xr.Dataset = facts["years"].sel(strategy=name)
    value = facts["value"].sel(strategy=name)
    estimate = analysis.mean(value)
    deepest = facts["deepest"].sel(strategy=name)
    payback = facts["payback"].sel(strategy=name)
    last = int(years.year[-1])
    luck = _luck(facts, name, last)
    return StrategySummary(
        name=name,
        label_da=str(years.strategy_da.values),
        label_en=str(years.strategy_en.values),
        payers_da=tuple(str(label) for label in years.payer_da.values),
        payers_en=tuple(str(label) for label in years.payer_en.values),
        first_year_by_payer=_floats(
            (years.grant_dkk - years.investment_dkk).isel(year=0).mean("draw")
        ),
        years=_by_year(facts, years, name),
        present_value=_floats(analysis.bands(value, _LEVELS)),
        present_value_mean=float(estimate.value),
        present_value_error=float(estimate.error),
        payback={int(y): float((payback <= int(y)).mean()) for y in years.year.values},
        deepest_year=int(deepest.year),
        deepest=_floats(deepest.depth),
        luck_share=luck["share"],
        luck_share_interval=luck["interval"],
        spread_last_year=luck["last_year"],
        spread_present_value=luck["value"],
        places=_places(facts, name, last),
        children=_children(facts, name),
        committees=committees,
        published_basis=facts["basis"][name],
    )


def _places(facts: dict[str, Any], name: str, year: int) -> dict[str, float]:
    if "places" not in facts:
        return {}
    places = facts["places"].sel(strategy=name, year=year)
    is_placement = (places.step_kind == "placement").values
    return {str(step): float(places.sel(step=step)) for step in places.step.values[is_placement]}


def _children(facts: dict[str, Any], name: str) -> dict[str, float]:
    if "children" not in facts:
        return {}
    children = facts["children"].sel(strategy=name)
    return {str(key): float(children[key]) for key in children.data_vars}


def _luck(facts: dict[str, Any], name: str, last: int) -> dict[str, Any]:
    """Return what is luck in a strategy's saving; None without children, or with too few runs."""
    found: dict[str, Any] = dict.fromkeys(("share", "interval", "last_year", "value"))
    net = facts["net"].sel(strategy=name, year=last)
    if "spread" not in facts or net.sizes["draw"] < 3:
        return found
    luck = analysis.luck_share(net)
    if not np.isnan(luck.low):
        found |= {"share": float(luck.share), "interval": (float(luck.low), float(luck.high))}
    spread = facts["spread"].sel(strategy=name, year=last)
    values = {str(key): float(spread[key]) for key in spread.data_vars}
    if not np.isnan(list(values.values())).any():
        found["value"] = {k.removesuffix("_pv"): v for k, v in values.items() if k.endswith("_pv")}
        found["last_year"] = {k: v for k, v in values.items() if not k.endswith("_pv")}
    return found


def _by_year(facts: dict[str, Any], years: xr.Dataset, name: str) -> tuple[YearSummary, ...]:
    """Return the budget years of a strategy.

    Arrays are taken out once: selecting by label, year by year, costs more than what is computed.
    """
    here = {"strategy": name}
    own, kept = facts["reached"].sel(here), facts["kept"]
    lines = [str(line) for line in own.line.values]
    spending = years.investment_dkk.sum("payer").values
    grant = analysis.of_payer(years.grant_dkk).values
    gross = years.gross_saving_dkk.values
    gross_quantiles = analysis.bands(years.gross_saving_dkk, _LEVELS).values
    casework = years.casework_dkk.values if "casework_dkk" in years else np.zeros_like(gross)
    net = facts["net"].sel(here).values
    quantiles, positive = facts["quantiles"].sel(here).values, facts["positive"].sel(here).values
    published, reached = own.published.values, own.value.values
    residual = facts["promised"].residual.sel(here).values
    p_kept = None if kept is None else kept.value.sel(here).values
    money = _money(facts["money"], name)
    return tuple(
        YearSummary(
            year=int(year),
            spending=float(np.nanmean(spending[..., at])),
            grant=float(np.nanmean(grant[..., at])),
            gross_saving=float(np.nanmean(gross[..., at])),
            gross_quantiles=tuple(gross_quantiles[:, at].tolist()),
            casework=float(np.nanmean(casework[..., at])),
            net_mean=float(np.nanmean(net[..., at])),
            net_quantiles=tuple(quantiles[:, at].tolist()),
            p_positive=float(positive[at]),
            published={line: _or_none(published[row, at]) for row, line in enumerate(lines)},
            p_reached={line: _or_none(reached[row, at]) for row, line in enumerate(lines)},
            residual=_or_none(residual[at]),
            p_kept=None if p_kept is None else _or_none(p_kept[at]),
            **{key: each[at] for key, each in money.items()},
        )
        for at, year in enumerate(years.year.values)
    )


def _yearly_money(result: xr.Dataset) -> xr.Dataset:
    """Return the means of what stands beside net saving, by (strategy, year)."""
    years = analysis.budget_years(result)
    found = {"public_net": years.net_saving_dkk.sum("payer")}
    if "service_expenditure_dkk" in years:
        found["service"] = years.service_expenditure_dkk
    if "refusion_dkk" in years:
        own = analysis.of_payer(years.refusion_dkk)
        found["refusion"] = own - own.isel(strategy=0, drop=True)
    if "stranded_dkk" in years:
        found["stranded"] = years.stranded_dkk.sum("payer")
    if "reinvested_dkk" in years:
        found["reinvested"] = years.reinvested_dkk
    return xr.Dataset({name: each.mean(["draw", "replicate"]) for name, each in found.items()})


def _money(money: xr.Dataset, name: str) -> dict[str, Any]:
    """Return what stands beside net saving, by year; None for what the scenario does not have."""
    own = money.sel(strategy=name)
    none = [None] * own.sizes["year"]
    found = {
        key: own[key].values.tolist() if key in own else none
        for key in ("refusion", "stranded", "reinvested")
    }
    found["public_net_mean"] = own.public_net.values.tolist()
    found["service_expenditure"] = none
    if "service" in money:
        before, after = money.service.isel(strategy=0).values, own.service.values
        found["service_expenditure"] = list(zip(before.tolist(), after.tolist(), strict=True))
    return found


def _or_none(value: np.float64) -> float | None:
    found = float(value)
    return None if np.isnan(found) else found


def _floats(values: xr.DataArray) -> tuple[float, ...]:
    return tuple(float(value) for value in values.values)
