"""The sheet of charts that a spreadsheet draws itself, from kroner beside them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.published import published_words
from stepdown.workbook.book import Book
from stepdown.workbook.lines import Proposal, outcomes
from stepdown.workbook.memo import published
from stepdown.workbook.words import say

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.worksheet import Worksheet

__all__ = ["write_charts"]

_HEIGHT = 20  # rows of a chart
_SCALE = 72  # per cent: two rows of charts on a page of A4
_DATA = 16  # first column of the data, right of the charts
_MILLIONS = "#,##0.0,,"
_BLUE, _DARK, _ORANGE = "#0072B2", "#000000", "#D55E00"  # told apart by the colour-blind


def write_charts(book: Book, proposals: Sequence[Proposal]) -> None:
    """Write two charts for each strategy: cumulative net saving, and gross saving by year."""
    sheet = book.sheet(say("sheet_charts", book.lang), repeat=0, freeze=(1, 0))
    sheet.write(0, 0, say("sheet_charts", book.lang), book.style("title"))
    sheet.write(0, _DATA, say("chart_data", book.lang), book.style("field"))
    sheet.set_column(0, _DATA - 1, 8.5)
    sheet.set_column(_DATA, _DATA, 30)
    sheet.set_column(_DATA + 1, _DATA + 12, 12)
    sheet.print_area(0, 0, 1 + _HEIGHT * len(proposals), _DATA - 1)
    sheet.set_print_scale(_SCALE)  # a sheet fitted to the page would pass over the breaks
    breaks = [2 + _HEIGHT * at for at in range(2, len(proposals), 2)]
    sheet.set_h_pagebreaks(breaks)
    for at, proposal in enumerate(proposals):
        _write_pair(book, sheet, proposal, 2 + _HEIGHT * at)


def _write_pair(book: Book, sheet: "Worksheet", proposal: Proposal, row: int) -> None:
    rows = _data(proposal)
    years = [str(year) for year in proposal.numbers]
    sheet.write(row, _DATA, proposal.label, book.style("header"))
    sheet.write_row(row, _DATA + 1, years, book.style("header_right"))
    for at, (label, values) in enumerate(rows, start=row + 1):
        sheet.write(at, _DATA, label, book.style("plain"))
        for column, value in enumerate(values, start=_DATA + 1):
            if not np.isnan(value):
                sheet.write_number(at, column, value + 0.0, book.style("kroner"))
    # A title in a cell is a text whatever it holds; written into the chart it may be a formula.
    keys = ("chart_cumulative", "chart_gross")
    titles = {key: row + 1 + len(rows) + at for at, key in enumerate(keys)}
    for key, at in titles.items():
        sheet.write(at, _DATA, say(key, book.lang).format(proposal.label), book.style("plain"))
    colours = (_ORANGE, _DARK, _BLUE)
    lines = book.workbook.add_chart({"type": "line"})
    for at, colour in enumerate(colours, start=row + 1):
        dash = "solid" if colour == _DARK else "dash"
        line = {"color": colour, "width": 2.25, "dash_type": dash}
        _add(book, lines, len(years), (row, at), {"line": line})
    _finish(book, lines, titles["chart_cumulative"])
    sheet.insert_chart(row, 0, lines, {"x_scale": 0.96, "y_scale": 1.15})
    columns = book.workbook.add_chart({"type": "column"})
    _add(book, columns, len(years), (row, row + 4), {"fill": {"color": _BLUE}, "gap": 80})
    if len(rows) > 4:
        _add(book, columns, len(years), (row, row + 5), {"fill": {"color": _ORANGE}})
    _finish(book, columns, titles["chart_gross"])
    sheet.insert_chart(row, 8, columns, {"x_scale": 0.96, "y_scale": 1.15})


def _data(proposal: Proposal) -> list[tuple[str, NDArray[np.float64]]]:
    """Return the rows behind the charts of a strategy; (year) kroner, a gain is +."""
    lang, here = proposal.lang, {"strategy": proposal.strategy}
    cumulative = analysis.net_saving(proposal.years).sel(here).cumsum("year")
    bands = outcomes(cumulative, (0.1, 0.5, 0.9))
    keys = ("chart_p10", "chart_p50", "chart_p90")
    rows = [(say(key, lang), bands.isel(quantile=at).values) for at, key in enumerate(keys)]
    gross = analysis.gross_saving(proposal.years).sel(here)
    rows.append((say("chart_mean", lang), analysis.mean(gross).value.values))
    promised = published(proposal, None).get("published")
    if promised is not None:
        words = published_words(proposal.years, [proposal.strategy])
        rows.append((words.head(lang).lower(), -promised))
    return rows


def _add(
    book: Book, chart: "Chart", n_years: int, rows: tuple[int, int], look: dict[str, Any]
) -> None:
    name = say("sheet_charts", book.lang)
    heads, row = rows
    last = _DATA + n_years
    chart.add_series(
        {
            "name": [name, row, _DATA],
            "categories": [name, heads, _DATA + 1, heads, last],
            "values": [name, row, _DATA + 1, row, last],
            **look,
        }
    )


def _finish(book: Book, chart: "Chart", title: int) -> None:
    """Give a chart its axes, and the title that stands in a row of the data."""
    name = [say("sheet_charts", book.lang), title, _DATA]
    chart.set_title({"name": name, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"label_position": "low"})
    chart.set_y_axis(
        {
            "num_format": _MILLIONS,
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        }
    )
    chart.show_blanks_as("gap")
