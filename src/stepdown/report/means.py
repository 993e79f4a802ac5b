"""What a run for expectations says: means with their simulation errors, and nothing else.

One door for the console, budget.csv and JSON. Beside each plain mean stands the one improved by
regression on the run's own draws, where there are draws enough.

Decision: docs/decisions/0023-expectations.md.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from rich.console import Console
from rich.text import Text

from stepdown import analysis
from stepdown.analysis.regression import fewest_draws
from stepdown.report.csv_text import CsvRow, csv_text
from stepdown.report.terminal import Grid, Head
from stepdown.report.whose_money import whose_money
from stepdown.report.words import Language, millions, number, thousands, word
from stepdown.scenario import LoadedScenario

__all__ = ["Mean", "StrategyMeans", "YearMeans", "means_csv", "print_means", "summarise_means"]


@dataclass(frozen=True)
class Mean:
    """A mean over draws and its Monte Carlo standard error, plain and with the regression."""

    value: float
    error: float | None
    """None with a single draw."""
    adjusted: float | None
    """None with too few draws for the regression, and of a Sobol run, which needs none."""
    adjusted_error: float | None


@dataclass(frozen=True)
class YearMeans:
    """One strategy in one budget year; kroner in the price level, gains positive."""

    year: int
    spending: float
    """Total spending on the strategy, grants included, all payers."""
    grant: float
    """Grants the municipality receives."""
    gross_saving: Mean
    casework: Mean
    """Caseworkers for more open cases than the baseline has."""
    net_saving: Mean
    """The municipality's."""


@dataclass(frozen=True)
class StrategyMeans:
    """One strategy over the budget years."""

    name: str
    label_da: str
    label_en: str
    years: tuple[YearMeans, ...]
    present_value: Mean
    """Of the municipality's net saving."""
    variance_ratio: float | None
    """Of the present value: the variance over draws without the regression over that with it."""
    children: dict[str, float | None]
    """Placement months avoided, more moves down and breakdowns, each with `..._error`; None where
    it is not known."""


def summarise_means(loaded: LoadedScenario, result: xr.Dataset) -> list[StrategyMeans]:
    """Sum up every strategy of a run for expectations.

    Parameters
    ----------
    loaded
        The scenario that was simulated; it holds the means of its uncertain numbers.
    """
    years = analysis.budget_years(result).isel(strategy=slice(1, None))
    found = {
        "gross_saving": _means(loaded, result, years.gross_saving_dkk),
        "casework": _means(loaded, result, years.casework_dkk),
        "net_saving": _means(loaded, result, analysis.net_saving(result)),
        "present_value": _means(loaded, result, analysis.present_value(result)),
    }
    children = analysis.children_beside_money(result)
    return [_strategy(years, found, children, str(name)) for name in years.strategy.values]


def _means(loaded: LoadedScenario, result: xr.Dataset, values: xr.DataArray) -> xr.Dataset:
    """Return plain and adjusted means with their errors; nan where there is no regression."""
    plain = analysis.mean(values)
    if "scramble" in result.coords or result.sizes["draw"] < fewest_draws(result):
        nothing = plain.value * np.nan
        return plain.assign(adjusted=nothing, adjusted_error=nothing, variance_ratio=nothing)
    with_it = analysis.regression_on_draws(loaded, result, values)
    return plain.assign(
        adjusted=with_it.value,
        adjusted_error=with_it.error,
        variance_ratio=with_it.variance_ratio,
    )


def _strategy(
    years: xr.Dataset, found: dict[str, xr.Dataset], children: xr.Dataset, name: str
) -> StrategyMeans:
    own = years.sel(strategy=name)
    beside = children.sel(strategy=name)
    value = found["present_value"].sel(strategy=name)
    by_year = tuple(
        YearMeans(
            year=int(year),
            spending=float(own.investment_dkk.sel(year=year).sum("payer").mean()),
            grant=float(analysis.of_payer(own.grant_dkk.sel(year=year)).mean()),
            **{
                key: _mean(found[key].sel(strategy=name, year=year))
                for key in ("gross_saving", "casework", "net_saving")
            },
        )
        for year in own.year.values
    )
    return StrategyMeans(
        name=name,
        label_da=str(own.strategy_da.values),
        label_en=str(own.strategy_en.values),
        years=by_year,
        present_value=_mean(value),
        variance_ratio=_or_none(value.variance_ratio),
        children={str(key): _or_none(beside[key]) for key in beside.data_vars},
    )


def _mean(one: xr.Dataset) -> Mean:
    return Mean(
        float(one.value), _or_none(one.error), _or_none(one.adjusted), _or_none(one.adjusted_error)
    )


def _or_none(value: xr.DataArray) -> float | None:
    return float(value) if np.isfinite(float(value)) else None


# ------------------------------------------------------------------------------------- console


def print_means(
    console: Console, result: xr.Dataset, summaries: list[StrategyMeans], lang: Language
) -> None:
    """Print every strategy: means by year, their errors, and what it adds up to."""
    facts = result.attrs
    runs = word("runs_of_part", lang).format(
        draws=number(facts["n_draws"], lang), replicates=facts["n_replicates"], seed=facts["seed"],
        children=number(facts["n_children"], lang),
    )  # fmt: skip
    console.print(Text.assemble((facts[f"title_{lang}"], "bold"), f" ({runs})"))
    for said in whose_money(result, lang):
        console.print(Text(said))
    console.print(word("reading_means", lang), style="dim")
    for summary in summaries:
        console.print()
        console.print(_table(summary, facts["price_level"], lang))
        for line in _totals(summary, lang):
            console.print(Text(line))


def _table(summary: StrategyMeans, price_level: int, lang: Language) -> Grid:
    label = summary.label_da if lang == "da" else summary.label_en
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(price_level)}"
    beside = [word(key, lang) for key in ("std_error", "with_regression", "std_error")]
    heads: list[Head] = [word(key, lang) for key in ("year", "short_spending", "short_grant")]
    heads += [(word("short_gross", lang), *beside), (word("short_net", lang), *beside)]
    rows = []
    for year in summary.years:
        amounts = [year.spending, year.grant, *_parts(year.gross_saving), *_parts(year.net_saving)]
        told = ("-" if amount is None else thousands(amount, lang) for amount in amounts)
        rows.append([str(year.year), *told])
    return Grid(f"{label} ({unit})", heads, rows)


def _parts(mean: Mean) -> tuple[float | None, ...]:
    return mean.value, mean.error, mean.adjusted, mean.adjusted_error


def _totals(summary: StrategyMeans, lang: Language) -> list[str]:
    """Return the present value, plain and adjusted, and what happens to the children."""
    value = summary.present_value
    said = f"{millions(value.value, lang)} (±{millions(_known(value.error), lang)})"
    lines = [f"{word('present_value', lang)}, {word('mean', lang)}: {said}"]
    if value.adjusted is not None and value.adjusted_error is not None:
        lines.append(
            word("adjusted_value", lang).format(
                value=millions(value.adjusted, lang),
                error=millions(value.adjusted_error, lang),
                ratio=number(summary.variance_ratio or 0.0, lang, 1),
            )
        )
    own = summary.children
    parts = [
        f"{word(key, lang)}: {number(sign * _known(own[name]), lang, 1)} "
        f"±{number(_known(own[f'{name}_error']), lang, 1)}"
        for key, name, sign in (
            ("months_avoided", "placement_months_avoided", 1),
            ("moves_down", "moves_down", 1),
            ("breakdowns", "breakdowns", -1),
        )
    ]
    heading = word("children", lang).format(summary.years[0].year, summary.years[-1].year)
    return [*lines, f"{heading}: {'; '.join(parts)}"]


def _known(value: float | None) -> float:
    """Return a number to be written, "-" where there is none."""
    return np.nan if value is None else value


# ----------------------------------------------------------------------------------- budget.csv


def means_csv(
    summaries: list[StrategyMeans], price_level: int, lang: Language, whose: str = ""
) -> str:
    """Return the text of budget.csv for expectations: means and errors, a column for each year.

    Signs, form and `whose` are those of `budget_csv`: + is spending. An error has no sign.
    """
    years = [str(year.year) for year in summaries[0].years] if summaries else []
    rows = [CsvRow([word(key, lang) for key in ("strategy", "row", "unit")], years)]
    unit = f"kr., {word('prices', lang).format(price_level)} ({word('sign', lang)}{whose})"
    for summary in summaries:
        label = summary.label_da if lang == "da" else summary.label_en
        for name, amounts in _rows(summary, lang):
            rows.append(CsvRow((label, name, unit), [_whole(amount) for amount in amounts]))
    return csv_text(rows)


def _rows(summary: StrategyMeans, lang: Language) -> list[tuple[str, list[float | None]]]:
    years = summary.years
    rows: list[tuple[str, list[float | None]]] = [
        (word("spending", lang), [year.spending for year in years]),
        (word("grant", lang), [-year.grant for year in years]),
        (word("municipal_investment", lang), [year.spending - year.grant for year in years]),
    ]
    for key, sign, means in (
        ("measures_row", -1, [year.gross_saving for year in years]),
        ("casework", 1, [year.casework for year in years]),
        ("net_row", -1, [year.net_saving for year in years]),
    ):
        name = f"{word(key, lang)}, {word('mean', lang)}"
        adjusted = f"{name}, {word('with_regression', lang)}"
        error = f" ({word('error', lang)})"
        rows += [
            (name, [sign * mean.value for mean in means]),
            (name + error, [mean.error for mean in means]),
            (adjusted, [None if m.adjusted is None else sign * m.adjusted for m in means]),
            (adjusted + error, [mean.adjusted_error for mean in means]),
        ]
    return rows


def _whole(amount: float | None) -> str:
    # Adding 0 turns -0 into 0.
    return "" if amount is None else str(round(amount) + 0)
