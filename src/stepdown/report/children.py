"""Children by measure: full-year places and stock on 31 December, on screen and in children.csv.

Numbers of simulated children, averaged over futures: there is no real child behind any of them.
"""

from itertools import product

import xarray as xr

from stepdown.analysis import children_on_steps
from stepdown.analysis.children import ALL_PLACEMENTS
from stepdown.report.csv_text import CsvRow, csv_text
from stepdown.report.terminal import Grid, Head
from stepdown.report.words import Language, number, word

__all__ = ["children_csv", "children_table"]

_VOLUMES = {"full_year_places": "places", "stock": "stock"}
_BANDS = ("10 %", "50 %", "90 %")
_ORDER = ("statistic", "strategy", "step")


def children_table(result: xr.Dataset, children: xr.Dataset, strategy: str, lang: Language) -> Grid:
    """Return the children of each measure in the last year, baseline and one strategy.

    `children` is what `children_on_steps` found.
    """
    found = children.isel(year=-1)
    title = word("steps", lang).format(int(found.year))
    heads: list[Head] = [word("step", lang)]
    for words in _VOLUMES.values():
        heads.append((word(f"{words}_without", lang), word("with", lang), *_BANDS))
    labels = _labels(result, lang)
    own = list(found.strategy.values).index(strategy)
    # (statistic, strategy, step); the first strategy is the baseline.
    by_name = {name: found[name].transpose(*_ORDER).values for name in _VOLUMES}
    rows = []
    for at, step in enumerate(found.step.values):
        cells = [labels[str(step)]]
        for amounts in by_name.values():
            values = [amounts[0, 0, at], *amounts[:, own, at]]
            cells += [number(float(value), lang, 1) for value in values]
        rows.append(cells)
    return Grid(title, heads, rows)


def children_csv(result: xr.Dataset, lang: Language) -> str:
    """Return the text of children.csv: strategy, measure and statistic; a column for each year.

    Semicolons, and decimal commas in Danish, as in budget.csv.
    """
    found = children_on_steps(result)
    heads = [word(key, lang) for key in ("strategy", "step", "measure", "statistic")]
    rows = [CsvRow(heads, [str(year) for year in found.year.values])]
    labels = _labels(result, lang)
    strategies = result[f"strategy_{lang}"].values.tolist()
    by_name = {name: found[name].transpose(*_ORDER, "year").values for name in _VOLUMES}
    statistics = [word("mean", lang) if s == "mean" else s for s in found.statistic.values]
    for (own, strategy), (at, step) in product(enumerate(strategies), enumerate(found.step.values)):
        for (name, amounts), (row, statistic) in product(by_name.items(), enumerate(statistics)):
            heads = [strategy, labels[str(step)], word(f"{_VOLUMES[name]}_row", lang), statistic]
            years = [_plain(float(value), lang) for value in amounts[row, own, at]]
            rows.append(CsvRow(heads, years))
    return csv_text(rows)


def _labels(result: xr.Dataset, lang: Language) -> dict[str, str]:
    """Return the names of the steps, and of the sum over placements."""
    steps = zip(result.step.values, result[f"step_{lang}"].values, strict=True)
    return {str(step): str(label) for step, label in steps} | {
        ALL_PLACEMENTS: word(ALL_PLACEMENTS, lang)
    }


def _plain(value: float, lang: Language) -> str:
    """Return a number for a spreadsheet: two decimals, nothing between the thousands."""
    text = f"{value:.2f}"
    return text.replace(".", ",") if lang == "da" else text
