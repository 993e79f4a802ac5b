"""The sheet of unrounded kroner that every form takes its figures from."""

from collections.abc import Sequence
from typing import NamedTuple

from stepdown.workbook.book import Book
from stepdown.workbook.cells import letters
from stepdown.workbook.lines import FormLine, Proposal, form_lines, form_payers
from stepdown.workbook.words import say

__all__ = ["BaseRow", "base_cell", "base_range", "base_rows", "write_base"]

_FIRST_ROW = 3  # the first line of the table, counted from 0
_FIRST_YEAR = 5  # column of the first year


class BaseRow(NamedTuple):
    """One line of one strategy, and its row in the sheet, from 0."""

    strategy: str
    line: FormLine
    row: int


def base_rows(proposals: Sequence[Proposal]) -> list[BaseRow]:
    """Return every line of every strategy; those of a strategy, and of a payer, together."""
    found: list[BaseRow] = []
    for proposal in proposals:
        for payer in form_payers(proposal.years):
            for line in form_lines(proposal, payer):
                found.append(BaseRow(proposal.strategy, line, _FIRST_ROW + len(found)))
    return found


def base_cell(book: Book, row: BaseRow, year: int) -> str:
    """Return the cell of a line in the budget year with a number, as a formula writes it."""
    return f"'{say('sheet_base', book.lang)}'!{_column(year)}{row.row + 1}"


def base_range(book: Book, rows: Sequence[BaseRow], year: int) -> str:
    """Return the cells of lines that stand together."""
    column, sheet = _column(year), say("sheet_base", book.lang)
    return f"'{sheet}'!{column}{rows[0].row + 1}:{column}{rows[-1].row + 1}"


def write_base(book: Book, proposals: Sequence[Proposal], rows: Sequence[BaseRow]) -> None:
    """Write the sheet: a table of all lines, every budget year."""
    lang, first = book.lang, proposals[0]
    sheet = book.sheet(say("sheet_base", lang), repeat=_FIRST_ROW - 1, freeze=(_FIRST_ROW, 4))
    level = first.years.attrs["price_level"]
    sheet.write(0, 0, say("base_title", lang).format(level), book.style("title"))
    sheet.write(1, 0, say("sign_note", lang), book.style("plain"))
    head, right = book.style("header"), book.style("header_right")
    keys = ("strategy", "payer", "part", "line", "function")
    columns = [{"header": say(key, lang), "header_format": head} for key in keys]
    columns += [
        {"header": str(year), "header_format": right, "format": book.style("kroner")}
        for year in first.numbers
    ]
    labels = {own.strategy: own.label for own in proposals}
    data = [
        [
            labels[row.strategy],
            first.payer_label(row.line.payer),
            say(f"part_{row.line.part}", lang),
            row.line.label,
            row.line.function,
            *row.line.amounts,
        ]
        for row in rows
    ]
    last = _FIRST_ROW + max(len(data), 1) - 1
    options = {
        "columns": columns,
        "data": data,
        "name": "base_figures",
        "style": "Table Style Light 9",
    }
    sheet.add_table(_FIRST_ROW - 1, 0, last, len(columns) - 1, options)
    for column, width in enumerate((26, 50, 18, 52, 11)):
        sheet.set_column(column, column, width)
    sheet.set_column(_FIRST_YEAR, len(columns) - 1, 13)


def _column(year: int) -> str:
    return letters(_FIRST_YEAR + year)
