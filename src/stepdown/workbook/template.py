"""The template: a workbook to fill in, or filled in from a scenario, that `import` reads back."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepdown.report.words import Language
from stepdown.scenario import load_scenario
from stepdown.workbook.book import Book, lines_of
from stepdown.workbook.layout import (
    CHOICES,
    LAYOUT,
    SCENARIO_KEYS,
    VERSION,
    Column,
    SheetLayout,
    choice_words,
)
from stepdown.workbook.rows import HEAD_ROW
from stepdown.workbook.template_rows import scenario_values, template_rows
from stepdown.workbook.words_of_template import INSTRUCTIONS, tell

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["template_of"]

_WIDTH = 100  # characters of an instruction
_SPARE = 200  # rows with drop-down lists below those filled in
_EMPTY_YEARS = 4  # the budget year and three overslagsår
_PAYERS = (
    {"payer": "municipality", "label_da": "Kommunen", "label_en": "Municipality"},
    {"payer": "region", "label_da": "Regionen", "label_en": "Region"},
    {"payer": "state", "label_da": "Staten", "label_en": "State"},
)


def template_of(scenario: str | None, lang: Language = "da") -> bytes:
    """Return a template as a workbook.

    Parameters
    ----------
    scenario
        Name or path of the scenario to fill it from, which the book will extend; None for an empty
        one, of budget lines alone.
    lang
        "da" or "en".

    Returns
    -------
        The bytes of an .xlsx file; the same for the same scenario.

    Raises
    ------
    InputError
        The scenario is wrong, or the library that writes workbooks is not installed.
    """
    book = Book(lang, tell("title", lang))
    values: dict[str, Any] = {"extends": "municipal-budget", "version": VERSION}
    rows: dict[str, list[dict[str, Any]]] = {"payers": [dict(payer) for payer in _PAYERS]}
    years: list[int] = []
    if scenario is not None:
        loaded = load_scenario(scenario).scenario
        values |= scenario_values(loaded, _extends(scenario))
        rows = template_rows(loaded)
        first = loaded.clock.first_budget_year
        years = list(range(first, first + loaded.clock.n_budget_years))
    _write_instructions(book)
    _write_scenario(book, values)
    for layout in LAYOUT:
        _write_rows(book, layout, rows.get(layout.key, []), years)
    return book.data()


def _extends(scenario: str) -> str:
    """Return what the book extends: the name, or where the file is."""
    path = Path(scenario)
    if path.is_dir():
        path = path / "scenario.toml"
    return str(path.resolve()) if path.is_file() else scenario


def _write_instructions(book: Book) -> None:
    sheet = book.sheet(tell("sheet_instructions", book.lang), repeat=0, freeze=(1, 0))
    sheet.set_column(0, 0, _WIDTH)
    sheet.write(0, 0, tell("title", book.lang), book.style("title"))
    for row, text in enumerate(INSTRUCTIONS[book.lang], start=2):
        sheet.write(row, 0, text, book.style("text"))
        sheet.set_row(row, 14 * lines_of(text, _WIDTH) + 6)


def _write_scenario(book: Book, values: Mapping[str, Any]) -> None:
    sheet = book.sheet(tell("sheet_scenario", book.lang), repeat=0, freeze=(1, 1))
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 90)
    sheet.write(0, 0, tell("scenario_title", book.lang), book.style("title"))
    for row, (key, words) in enumerate(SCENARIO_KEYS.items(), start=HEAD_ROW):
        sheet.write(row, 0, words[0 if book.lang == "da" else 1], book.style("field"))
        value = values.get(key)
        style = book.style("year" if key == "version" else "fill_in")
        if value is None:
            sheet.write_blank(row, 1, None, style)
        else:
            sheet.write(row, 1, value, style)


def _write_rows(
    book: Book, layout: SheetLayout, rows: Sequence[Mapping[str, Any]], years: Sequence[int]
) -> None:
    """Write one sheet: its headings, its rows, and lists to choose from."""
    lang = book.lang
    sheet = book.sheet(layout.name(lang), repeat=HEAD_ROW, freeze=(HEAD_ROW + 1, 1))
    sheet.write(0, 0, layout.name(lang), book.style("title"))
    sheet.write(1, 0, layout.lead_da if lang == "da" else layout.lead_en, book.style("plain"))
    shown: list[int | None] = []
    if layout.has_years:
        shown = list(years) or [None] * _EMPTY_YEARS
    places, first_year = _places(layout, len(shown))
    for at, column in zip(places, layout.columns, strict=True):
        heading = column.heading(lang) + (" *" if column.needed else "")
        sheet.write(HEAD_ROW, at, heading, book.style("header"))
        sheet.set_column(at, at, column.width)
        _validate(sheet, column, at, HEAD_ROW + 1 + len(rows) + _SPARE, lang)
    for at, year in enumerate(shown, start=first_year):
        sheet.write(HEAD_ROW, at, "" if year is None else year, book.style("header_right"))
        sheet.set_column(at, at, 12)
    sheet.set_row(HEAD_ROW, 30)
    for number, row in enumerate(rows, start=HEAD_ROW + 1):
        for at, column in zip(places, layout.columns, strict=True):
            _write_cell(book, sheet, (number, at), column, row.get(column.key))
        for at, year in enumerate(shown, start=first_year):
            amount = row.get(str(year))
            if amount is not None:
                sheet.write_number(number, at, amount, book.style("kroner"))


def _places(layout: SheetLayout, n_years: int) -> tuple[list[int], int]:
    """Return where each column stands, and the first year: the years before what they rest on."""
    keys = [column.key for column in layout.columns]
    before = keys.index("after") if n_years else len(keys)
    return [at if at < before else at + n_years for at in range(len(keys))], before


def _write_cell(
    book: Book, sheet: "Worksheet", place: tuple[int, int], column: Column, value: Any
) -> None:
    if value is None or value == "":
        return
    if column.kind == "choice":
        value = CHOICES[column.choices][value][0 if book.lang == "da" else 1]
    if column.is_number:
        sheet.write_number(*place, value, book.style("plain"))
    else:
        sheet.write_string(*place, str(value), book.style("plain"))


def _validate(sheet: "Worksheet", column: Column, at: int, last: int, lang: Language) -> None:
    """Let a spreadsheet refuse what cannot be read."""
    place = (HEAD_ROW + 1, at, last, at)
    if column.kind == "choice":
        words = choice_words(column.choices, lang)
        sheet.data_validation(*place, {"validate": "list", "source": words})
    elif column.kind == "year":
        rule = {"validate": "integer", "criteria": "between", "minimum": 1990, "maximum": 2100}
        sheet.data_validation(*place, rule | {"error_message": tell("year_rule", lang)})
    elif column.is_number:
        rule = {"validate": "decimal", "criteria": ">=", "value": -1_000_000_000}
        sheet.data_validation(*place, rule | {"error_message": tell("number_rule", lang)})
