"""Children by measure: full-year places and stock on 31 December, on screen and in children.csv.

Numbers of simulated children, averaged over futures: there is no real child behind any of them.
"""

import csv
import io
from itertools import product

import xarray as xr
from rich.table import Table

from stepdown.analysis import children_on_steps
from stepdown.analysis.children import ALL_PLACEMENTS
from stepdown.report.words import Language, number, word

__all__ = ["children_csv", "children_table"]

_VOLUMES = {"full_year_places": "places", "stock": "stock"}
_BANDS = ("10 %", "50 %", "90 %")


def children_table(
    result: xr.Dataset, children: xr.Dataset, strategy: str, lang: Language
) -> Table:
    """Return the children of each measure in the last year, baseline and one strategy.

    `children` is what `children_on_steps` found.
    """
    found = children.isel(year=-1)
    title = word("steps", lang).format(int(found.year))
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.add_column(word("step", lang), no_wrap=True)
    for words in _VOLUMES.values():
        for heading in (word(f"{words}_without", lang), word("with", lang), *_BANDS):
            table.add_column(heading, justify="right", no_wrap=True)
    baseline = str(found.strategy.values[0])
    for step in found.step.values:
        cells = [_label(result, str(step), lang)]
        for name in _VOLUMES:
            one = found[name].sel(step=step)
            own = one.sel(strategy=strategy)
            values = [one.sel(strategy=baseline, statistic="mean"), own.sel(statistic="mean")]
            cells += [number(float(value), lang, 1) for value in values]
            cells += [number(float(own.sel(statistic=band)), lang, 1) for band in _BANDS]
        table.add_row(*cells)
    return table


def children_csv(result: xr.Dataset, lang: Language) -> str:
    """Return the text of children.csv: strategy, measure and statistic; a column for each year.

    Semicolons, and decimal commas in Danish, as in budget.csv.
    """
    found = children_on_steps(result)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = [word(key, lang) for key in ("strategy", "step", "measure", "statistic")]
    writer.writerow([*heads, *(int(year) for year in found.year.values)])
    rows = product(found.strategy.values, found.step.values, _VOLUMES, found.statistic.values)
    for strategy, step, name, statistic in rows:
        own = found[name].sel(strategy=strategy, step=step, statistic=statistic)
        writer.writerow(
            [
                result[f"strategy_{lang}"].sel(strategy=strategy).item(),
                _label(result, str(step), lang),
                word(f"{_VOLUMES[name]}_row", lang),
                word("mean", lang) if statistic == "mean" else statistic,
                *(_plain(float(value), lang) for value in own.values),
            ]
        )
    return text.getvalue()


def _label(result: xr.Dataset, step: str, lang: Language) -> str:
    if step == ALL_PLACEMENTS:
        return word(ALL_PLACEMENTS, lang)
    return str(result[f"step_{lang}"].sel(step=step).item())


def _plain(value: float, lang: Language) -> str:
    """Return a number for a spreadsheet: two decimals, nothing between the thousands."""
    text = f"{value:.2f}"
    return text.replace(".", ",") if lang == "da" else text
