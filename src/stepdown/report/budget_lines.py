"""Each budget line beside what was published of it."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.report.terminal import Grid
from stepdown.report.words import Language, percent, thousands, word

__all__ = ["LineSummary", "lines_table", "summarise_lines"]

_LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class LineSummary:
    """One budget line over the budget years; (year) kroner in the price level, gains positive."""

    name: str
    label_da: str
    label_en: str
    kind: str
    strategies: tuple[str, ...]
    investment: tuple[float, ...]
    published: tuple[float, ...]
    saving_quantiles: tuple[tuple[float, ...], ...] | None
    """10, 50, 90 % by year; None for a residual, which is not drawn."""
    p_reached: tuple[float | None, ...]
    """P(saving reached); None where nothing is promised, and for a residual."""


def summarise_lines(result: xr.Dataset) -> tuple[LineSummary, ...]:
    """Sum up every budget line of a result; none where it has none."""
    if "line_saving_dkk" not in result:
        return ()
    years = analysis.budget_years(result)
    reached = analysis.lines_reached(result)
    return tuple(_line(years, reached, str(name)) for name in years.budget_line.values)


def _line(years: xr.Dataset, reached: xr.Dataset, name: str) -> LineSummary:
    own, promise = years.sel(budget_line=name), reached.sel(budget_line=name)
    kind = str(own.budget_line_kind.values)
    quantiles = None
    if kind != "residual":
        found = analysis.bands(own.line_saving_dkk.sum("payer"), _LEVELS)
        quantiles = tuple(tuple(float(q) for q in year) for year in found.values.T)
    return LineSummary(
        name=name,
        label_da=str(own.budget_line_da.values),
        label_en=str(own.budget_line_en.values),
        kind=kind,
        strategies=tuple(str(own.budget_line_strategies.values).split()),
        investment=_floats(own.line_investment_dkk.sum("payer")),
        published=_floats(promise.published),
        saving_quantiles=quantiles,
        p_reached=tuple(None if np.isnan(p) else float(p) for p in promise.value.values),
    )


def lines_table(
    lines: tuple[LineSummary, ...], years: list[int], price_level: int, lang: Language
) -> Grid:
    """Return a row for each line that saves: published, median and P(saving reached) by year."""
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(price_level)}"
    title = f"{word('lines', lang)}. {word('lines_cells', lang)} ({unit})"
    rows = []
    for line in lines:
        if any(line.published):
            label = line.label_da if lang == "da" else line.label_en
            cells = [_cell(line, index, lang) for index in range(len(years))]
            rows.append([label, word(line.kind, lang), *cells])
    heads = [word("line", lang), word("kind", lang), *map(str, years)]
    return Grid(title, heads, rows, n_names=2)


def _cell(line: LineSummary, year: int, lang: Language) -> str:
    published = thousands(line.published[year], lang)
    if not line.published[year]:
        return "" if line.saving_quantiles is None else f"0 / {_median(line, year, lang)}"
    p = line.p_reached[year]
    if p is None:
        return f"{published} / -"
    return f"{published} / {_median(line, year, lang)} ({percent(p, lang)})"


def _median(line: LineSummary, year: int, lang: Language) -> str:
    assert line.saving_quantiles is not None, "own invariant: asked of lines that are drawn"
    return thousands(line.saving_quantiles[year][1], lang)


def _floats(values: xr.DataArray) -> tuple[float, ...]:
    return tuple(float(value) for value in values.values)
