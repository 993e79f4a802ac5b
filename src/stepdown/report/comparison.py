"""Two runs beside each other: what changed in the input, and what it did to the result.

Runs of one seed share their draws, the numbers and the luck of each, so they are compared draw by
draw, and only what the change does is left in the difference.

Decision: docs/decisions/0026-stored-runs.md.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.analysis.distribution import by_cluster, mean_by_draw
from stepdown.analysis.purpose import is_for_expectation
from stepdown.report.comparison_input import InputChange, input_changes
from stepdown.store import scenario_of

__all__ = ["Comparison", "ResultChange", "Setting", "compare_runs"]

_SETTINGS = ("scenario", "seed", "n_draws", "n_replicates", "design", "purpose", "n_children",
             "price_level", "law")  # fmt: skip
Unit = Literal["DKK", "probability", "child-months"]


@dataclass(frozen=True)
class Setting:
    """What a run was, beside the other."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ResultChange:
    """One figure of one strategy in both runs; None where a run does not have it."""

    strategy: str
    label_da: str
    label_en: str
    figure: str
    year: int | None
    line: str | None
    """Published line, of a saving that is reached."""
    line_da: str | None
    line_en: str | None
    unit: Unit
    before: float | None
    after: float | None
    difference: float | None
    """After less before."""
    error: float | None
    """Its Monte Carlo standard error."""


@dataclass(frozen=True)
class Comparison:
    """What changed between two runs, and what it did."""

    settings: tuple[Setting, ...]
    inputs: tuple[InputChange, ...]
    results: tuple[ResultChange, ...]
    shared_draws: int
    """Draws that both have; 0 where the runs are not compared draw by draw."""
    why_unpaired: Literal["seed", "design"] | None
    years: tuple[int, ...]
    """Budget years that both have; sums and payback are over these."""
    only_before: tuple[tuple[str, ...], tuple[int, ...]]
    """Strategies and budget years of the first run only."""
    only_after: tuple[tuple[str, ...], tuple[int, ...]]
    has_one_price_level: bool
    has_probabilities: bool

    @property
    def is_same(self) -> bool:
        """Whether the runs are equal in all that is compared, and have the same draws."""
        nothing_alone = not any((*self.only_before, *self.only_after))
        settings = {s.key: s.before == s.after for s in self.settings}
        same_draws = settings["n_draws"] and settings["n_replicates"] and self.shared_draws > 0
        differs = any(change.before != change.after for change in self.results)
        return bool(nothing_alone and same_draws and not self.inputs and not differs)


def compare_runs(before: xr.Dataset, after: xr.Dataset) -> Comparison:
    """Compare two results of `stepdown.simulate` or `stepdown.open_result`.

    Parameters
    ----------
    before, after
        Runs of two scenarios, or of two versions of one.

    Returns
    -------
        Differences are after less before, with their Monte Carlo standard errors. Strategies are
        matched by name; only budget years that both have are compared.

    Raises
    ------
    InputError
        A scenario cannot be read again from its result.
    ParameterError
        A run has luck in common to all its draws, and so no error.
    """
    inputs = input_changes(scenario_of(before), scenario_of(after))
    strategies, years = _names(before), _years(before)
    both = [name for name in strategies if name in _names(after)]
    common = [year for year in years if year in _years(after)]
    shared, why = _shared_draws(before, after)
    one_price_level = before.attrs["price_level"] == after.attrs["price_level"]
    for_means = is_for_expectation(before) or is_for_expectation(after)
    found: list[ResultChange] = []
    if both and common:
        pair = _cut(before, both, common), _cut(after, both, common)
        for figure in _figures(*pair, has_probabilities=not for_means):
            found += _changes(figure, pair[1], shared, has_one_price_level=one_price_level)
    order = {name: at for at, name in enumerate(both)}
    return Comparison(
        settings=tuple(_settings(before, after)),
        inputs=inputs,
        results=tuple(sorted(found, key=lambda change: order[change.strategy])),
        shared_draws=shared,
        why_unpaired=why,
        years=tuple(common),
        only_before=_only(before, after),
        only_after=_only(after, before),
        has_one_price_level=one_price_level,
        has_probabilities=not for_means,
    )


def difference_of_means(before: xr.DataArray, after: xr.DataArray, shared: int) -> xr.Dataset:
    """Return the difference of two means and its standard error.

    Parameters
    ----------
    before, after
        (..., draw, replicate). The same figure of two runs.
    shared
        The first draws, as many as are the same in both; 0 for independent runs.

    Returns
    -------
        `before`, `after`, `difference` and `error`, without draw and replicate.

    Notes: with n draws of one run and N > n of the other, the n of which are shared, the difference
    is the sum of two independent means: of (n / N) a - b over the shared draws, and of
    (N - n) / N times a over the others.
    """
    old, new = mean_by_draw(before), mean_by_draw(after)
    means = {"before": old.mean("draw"), "after": new.mean("draw")}
    few, many = sorted((by_cluster(old), by_cluster(new)), key=lambda v: v.sizes["draw"])
    n, n_many = few.sizes["draw"], many.sizes["draw"]
    if not shared:
        variance = _variance(few) + _variance(many)
    else:
        part = n / n_many
        rest = many.isel(draw=slice(n, None))
        variance = _variance(part * many.isel(draw=slice(n)) - few)
        if n < n_many:
            variance = variance + (1 - part) ** 2 * _variance(rest)
    means["difference"] = means["after"] - means["before"]
    means["error"] = variance**0.5
    # Strategies are one by name, though their labels may differ.
    return xr.Dataset({name: values.reset_coords(drop=True) for name, values in means.items()})


def _variance(by_draw: xr.DataArray) -> xr.DataArray:
    """Return the variance of a mean over clusters; nan for a single one."""
    n = by_draw.sizes["draw"]
    variance: xr.DataArray = (
        by_draw.var("draw", ddof=1) / n if n > 1 else by_draw.sum("draw") * np.nan
    )
    return variance


@dataclass(frozen=True)
class _Figure:
    name: str
    unit: Unit
    before: xr.DataArray
    after: xr.DataArray


def _figures(
    before: xr.Dataset, after: xr.Dataset, *, has_probabilities: bool
) -> Iterator[_Figure]:
    """Yield the figures that are compared, future by future."""
    runs = (before, after)
    yield _Figure("present_value", "DKK", *(analysis.present_value(run) for run in runs))
    yield _Figure("net_saving", "DKK", *(analysis.net_saving(run) for run in runs))
    if has_probabilities:
        last = int(after.year[-1])
        paid = [(analysis.payback_year(run) <= last).astype(float) for run in runs]
        yield _Figure("paid_back", "probability", *(one.expand_dims(year=[last]) for one in paid))
        reached = [analysis.reached_in_futures(run) for run in runs]
        if all("draw" in one.dims for one in reached):
            old, new = xr.align(*reached, join="outer", exclude=("draw", "replicate"))
            yield _Figure("saving_reached", "probability", old, new)
    if all("months_in_step" in run for run in runs):
        months = [analysis.placement_months_avoided(run) for run in runs]
        yield _Figure("placement_months_avoided", "child-months", *months)


def _changes(
    figure: _Figure, after: xr.Dataset, shared: int, *, has_one_price_level: bool
) -> Iterator[ResultChange]:
    found = difference_of_means(figure.before, figure.after, shared)
    comparable = has_one_price_level or figure.unit != "DKK"
    names = [str(name) for name in after.strategy.values]
    in_danish = dict(zip(names, after.strategy_da.values, strict=True))
    in_english = dict(zip(names, after.strategy_en.values, strict=True))
    published = json.loads(after.attrs["published"])
    for row in found.to_dataframe().reset_index().to_dict("records"):
        if np.isnan(row["before"]) and np.isnan(row["after"]):
            continue
        strategy, line = str(row["strategy"]), row.get("line")
        called = {} if line is None else published.get(f"{strategy}.{line}", {}).get("label", {})
        yield ResultChange(
            strategy=strategy,
            label_da=str(in_danish[strategy]),
            label_en=str(in_english[strategy]),
            figure=figure.name,
            year=None if "year" not in row else int(row["year"]),
            line=line,
            line_da=called.get("da", line),
            line_en=called.get("en", line),
            unit=figure.unit,
            before=_finite(row["before"]),
            after=_finite(row["after"]),
            difference=_finite(row["difference"]) if comparable else None,
            error=_finite(row["error"]) if comparable else None,
        )


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _shared_draws(
    before: xr.Dataset, after: xr.Dataset
) -> tuple[int, Literal["seed", "design"] | None]:
    """Return how many of the first draws both runs have, or why they share none."""
    old, new = before.attrs, after.attrs
    if str(old["seed"]) != str(new["seed"]):
        return 0, "seed"
    counts = (before.sizes["draw"], after.sizes["draw"])
    is_sobol = old["design"] == "sobol"
    if old["design"] != new["design"] or (is_sobol and counts[0] != counts[1]):
        return 0, "design"
    return min(counts), None


def _settings(before: xr.Dataset, after: xr.Dataset) -> Iterator[Setting]:
    old, new = before.attrs, after.attrs
    versions = [json.loads(attrs["versions"]) for attrs in (old, new)]
    for key in _SETTINGS:
        if old.get(key) is not None or new.get(key) is not None:
            yield Setting(key, old.get(key), new.get(key))
    yield Setting("payer", analysis.own_payer(before), analysis.own_payer(after))
    yield Setting("budget_years", *(f"{_years(run)[0]}-{_years(run)[-1]}" for run in
                                    (before, after)))  # fmt: skip
    for name in {**versions[0], **versions[1]}:
        yield Setting(name, *(each.get(name) for each in versions))


def _names(result: xr.Dataset) -> list[str]:
    return [str(name) for name in result.strategy.values[1:]]


def _years(result: xr.Dataset) -> list[int]:
    return [int(year) for year in analysis.budget_years(result).year.values]


def _only(own: xr.Dataset, other: xr.Dataset) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the strategies and budget years that one run has and the other has not."""
    names = tuple(name for name in _names(own) if name not in _names(other))
    return names, tuple(year for year in _years(own) if year not in _years(other))


def _cut(result: xr.Dataset, strategies: list[str], years: list[int]) -> xr.Dataset:
    """Return a result with the baseline and some strategies, in some budget years."""
    baseline = str(result.strategy.values[0])
    return result.sel(strategy=[baseline, *strategies], year=years)
