"""A filled-in template -> rows of cells, with every cell that cannot be read told at once."""

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from stepdown.errors import Collector, InputError, Problem, nearest
from stepdown.files.words import as_number
from stepdown.workbook.cells import letters
from stepdown.workbook.layout import CHOICES, LAYOUT, SCENARIO_KEYS, Column, SheetLayout
from stepdown.workbook.words_of_template import tell

__all__ = ["BookReader", "Row", "read_book"]

HEAD_ROW = 2  # of the headings, from 0
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CODE = re.compile(r"[a-z][a-z0-9_-]*")
_YEARS = range(1990, 2101)


@dataclass
class Row:
    """One row of one sheet: what its cells hold, and where they stand."""

    sheet: str
    number: int
    """As a spreadsheet counts, from 1."""
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    """The cell of each key, such as C5."""
    wrong: set[str] = field(default_factory=set)
    """Keys whose cell was reported."""

    def get(self, key: str) -> Any:
        """Return what a cell holds; None where it is empty or was reported."""
        return self.values.get(key)

    def place(self, key: str) -> str:
        """Return the cell of a key, as Sheet!C5; the first of the row where there is none."""
        return f"{self.sheet}!{self.cells.get(key, f'A{self.number}')}"

    @property
    def years(self) -> dict[str, float]:
        """The amounts by year."""
        found = {key: value for key, value in self.values.items() if key.isdigit()}
        return dict(sorted(found.items()))


@dataclass
class BookReader:
    """A book as read: the scenario's own keys, the rows by sheet, and the problems so far."""

    name: str
    problems: Collector
    scenario: Row
    rows: dict[str, list[Row]]
    unread: frozenset[str] = frozenset()
    """Cells with a formula that has no value, reported before the rows are read."""

    def say(self, row: Row, key: str, what: str, rule: str, fix: str) -> None:
        """Report a problem of one cell, once."""
        if key not in row.wrong:
            row.wrong.add(key)
            self.problems.report(self.name, 0, row.place(key), what, rule, fix)


def read_book(path: Path) -> BookReader:
    """Read every sheet of a template.

    Raises
    ------
    InputError
        There is no such file, or it is no workbook.

    Notes: what is wrong with sheets and cells is kept in the reader's problems.
    """
    sheets = _sheets(path)
    name, problems = str(path), Collector()
    scenario = Row(tell("sheet_scenario", "da"), HEAD_ROW + 1)
    unread = frozenset(_formulas_without_value(path))
    reader = BookReader(name, problems, scenario, {}, unread)
    _report_formulas(reader)
    _read_scenario(reader, sheets)
    for layout in LAYOUT:
        found = next((own for own in (layout.da, layout.en) if own in sheets), None)
        if found is None:
            close = nearest(layout.da, sheets) or nearest(layout.en, sheets)
            fix = f'rename the sheet "{close}"' if close else "make a new template and copy it in"
            problems.report(name, 0, f"{layout.da} ({layout.en})", "no such sheet",
                            "a template has all its sheets, also those without rows",
                            fix)  # fmt: skip
            continue
        reader.rows[layout.key] = list(_rows(reader, layout, found, sheets[found]))
    return reader


@dataclass(frozen=True)
class _Sheet:
    """The values of one sheet, and its merged cells."""

    cells: list[list[Any]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def _sheets(path: Path) -> dict[str, _Sheet]:
    import python_calamine as calamine

    if not path.is_file():
        rule = "a path must lead to a workbook (.xlsx)"
        raise InputError([Problem(str(path), 0, "", "no such file", rule, "check the path")])
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return {
                name: _Sheet(
                    book.get_sheet_by_name(name).to_python(skip_empty_area=False),
                    tuple(book.get_sheet_by_name(name).merged_cell_ranges or ()),
                )
                for name in book.sheet_names
            }
    except (calamine.CalamineError, OSError, ValueError) as error:
        rule = "a template is an .xlsx file that is not protected by a password"
        problem = Problem(str(path), 0, "", f"no workbook ({error})", rule,
                          "save it as an Excel workbook (.xlsx)")  # fmt: skip
        raise InputError([problem]) from None


def _read_scenario(reader: BookReader, sheets: dict[str, _Sheet]) -> None:
    """Read the keys of the sheet that says what the scenario is."""
    names = [tell("sheet_scenario", lang) for lang in ("da", "en")]
    found = next((name for name in names if name in sheets), None)
    if found is None:
        rule = "the sheet says which scenario the book extends"
        reader.problems.report(reader.name, 0, " or ".join(names), "no such sheet", rule,
                               "make a new template with stepdown template")  # fmt: skip
        reader.scenario.wrong |= set(SCENARIO_KEYS)  # what it lacks follows from that
        return
    row = reader.scenario
    row.sheet = found
    _check_merged(reader, found, sheets[found])
    by_words = {words: key for key, both in SCENARIO_KEYS.items() for words in both}
    for number, cells in enumerate(sheets[found].cells, start=1):
        key = by_words.get(str(cells[0]).strip()) if cells else None
        if key is not None:
            row.cells[key] = f"B{number}"
            value = cells[1] if len(cells) > 1 else None
            value = value.strip() if isinstance(value, str) else value
            if isinstance(value, datetime.date):
                value = f"{value:%Y-%m-%d}"
            if value not in (None, ""):
                row.values[key] = value


def _rows(reader: BookReader, layout: SheetLayout, name: str, sheet: _Sheet) -> Iterator[Row]:
    """Yield the rows of one sheet that are not empty."""
    _check_merged(reader, name, sheet)
    if len(sheet.cells) <= HEAD_ROW or not any(str(cell) for cell in sheet.cells[HEAD_ROW]):
        rule = f"the headings of its columns stand in row {HEAD_ROW + 1}"
        reader.problems.report(reader.name, 0, name, "an empty sheet", rule,
                               "copy the headings from a new template")  # fmt: skip
        return
    columns = _columns(reader, layout, name, sheet.cells[HEAD_ROW])
    seen: dict[tuple[Any, ...], int] = {}
    for index in range(HEAD_ROW + 1, len(sheet.cells)):
        cells = sheet.cells[index]
        if not any(str(cell).strip() for cell in cells):
            continue
        places = {key: f"{letters(at)}{index + 1}" for at, (key, _) in columns.items()}
        row = Row(name, index + 1, cells=places)
        row.wrong |= {key for key in places if row.place(key) in reader.unread}
        for at, (key, column) in columns.items():
            value = _value(reader, row, key, column, cells[at] if at < len(cells) else "")
            if value is not None:
                row.values[key] = value
        _check_row(reader, layout, row, seen)
        yield row


def _columns(
    reader: BookReader, layout: SheetLayout, name: str, heads: Sequence[Any]
) -> dict[int, tuple[str, Column | None]]:
    """Return what each column holds, found by its heading; years by their number."""
    known = {head: own for own in layout.columns for head in (own.da, own.en)}
    found: dict[int, tuple[str, Column | None]] = {}
    for at, head in enumerate(heads):
        text = str(int(head)) if isinstance(head, float) and head == int(head) else str(head)
        text = text.strip().removesuffix("*").strip()
        place = f"{name}!{letters(at)}{HEAD_ROW + 1}"
        if not text:
            continue
        if text in known:
            found[at] = (known[text].key, known[text])
        elif layout.has_years and re.fullmatch(r"\d{4}", text):
            if text in {key for key, _ in found.values()}:
                reader.problems.report(reader.name, 0, place, f"{text} stands there twice",
                                       "a year has one column", "remove one of them")  # fmt: skip
            found[at] = (text, None)
        else:
            close = nearest(text, known)
            fix = f'did you mean "{close}"?' if close else "remove the column"
            reader.problems.report(reader.name, 0, place, f'unknown heading "{text}"',
                                   "columns are found by their headings", fix)  # fmt: skip
    have = {key for key, _ in found.values()}
    for column in layout.columns:
        if column.key not in have and column.needed:
            reader.problems.report(reader.name, 0, f"{name}!{HEAD_ROW + 1}:{HEAD_ROW + 1}",
                                   f'no column "{column.da}" ({column.en})',
                                   "columns are found by their headings",
                                   "copy the heading from a new template")  # fmt: skip
    return found


def _value(reader: BookReader, row: Row, key: str, column: Column | None, value: Any) -> Any:
    """Return what a cell holds as its column wants it; None where it is empty or wrong."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        return None
    kind = "number" if column is None else column.kind
    if kind in ("number", "year"):
        return _number(reader, row, key, value, is_year=kind == "year")
    text = _text(value)
    if kind == "choice":
        assert column is not None, "own invariant: a choice is a column's"
        options = {word: own for own, both in CHOICES[column.choices].items() for word in both}
        folded = {word.casefold(): own for word, own in options.items()}
        if text.casefold() in folded:
            return folded[text.casefold()]
        close = nearest(text, options)
        fix = f'write "{close}"' if close else "choose from the list of the cell"
        rule = "it is one of " + ", ".join(dict.fromkeys(options))
        reader.say(row, key, f'"{text}"', rule, fix)
        return None
    if kind == "code" and not _CODE.fullmatch(text):
        rule = "a code has lower-case letters a-z, digits and _, and begins with a letter"
        reader.say(row, key, f'"{text}"', rule, "write it as the scenario does")
        return None
    return text


def _text(value: Any) -> str:
    """Return a text; a month that a spreadsheet has made a date, as year-month."""
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _number(reader: BookReader, row: Row, key: str, value: Any, *, is_year: bool) -> Any:
    """Return a number; a text that looks like one is reported with what it would be read as."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        meant = as_number(str(value))
        rule = "a number is written as a number, not as text"
        what = f'the text "{value}"'
        if meant is None:
            reader.say(row, key, what, rule, "write a number, or leave the cell empty")
        else:
            meant = meant.replace("_", "")
            said = meant.replace(".", ",") if "." in meant else meant
            reader.say(row, key, f"{what}, which would be read as {said}", rule,
                       f"write {said} as a number (format the cell as a number first)")  # fmt: skip
        return None
    if is_year and (value != int(value) or int(value) not in _YEARS):
        reader.say(row, key, f"{value:g}", "a price year is a year from 1990 to 2100",
                   "write a year such as 2025")  # fmt: skip
        return None
    return int(value) if value == int(value) and abs(value) < 1e15 else float(value)


def _check_row(
    reader: BookReader, layout: SheetLayout, row: Row, seen: dict[tuple[Any, ...], int]
) -> None:
    """Report cells that must be filled in, and a line that stands there twice."""
    for column in layout.columns:
        is_open = column.key in row.cells and column.key not in row.wrong
        if column.needed and is_open and row.get(column.key) is None:
            reader.say(row, column.key, "empty", f'"{column.da}" is needed in every row',
                       "fill it in, or empty the whole row")  # fmt: skip
    keys = _IDENTITY[layout.key]
    own = tuple(row.get(key) for key in keys)
    if None not in own[-1:] and own in seen:
        what = f"{', '.join(str(part) for part in own if part)} stands in row {seen[own]} too"
        reader.say(row, keys[-1], what, "a line stands there once", "remove one of the rows")
    seen.setdefault(own, row.number)


_IDENTITY = {
    "strategies": ("strategy",),
    "payers": ("payer",),
    "prices": ("what", "item"),
    "posts": ("strategy", "investment", "cost"),
    "lines": ("line",),
    "amounts": ("type", "strategy", "investment", "payer", "name"),
    "published": ("strategy", "line"),
}
"""Cells that no two rows of a sheet share."""


def _check_merged(reader: BookReader, name: str, sheet: _Sheet) -> None:
    for (top, left), (bottom, right) in sheet.merged:
        place = f"{name}!{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        rule = "only the first of merged cells has a value, so the others would count as empty"
        reader.problems.report(reader.name, 0, place, "merged cells", rule, "unmerge them")


def _report_formulas(reader: BookReader) -> None:
    rule = "the value of a formula is read as the spreadsheet saved it"
    fix = "open the book in a spreadsheet, save it, and read it again; or write the number"
    for cell in sorted(reader.unread):
        reader.problems.report(reader.name, 0, cell, "a formula without a value", rule, fix)


def _formulas_without_value(path: Path) -> list[str]:
    """Return the cells with a formula that nobody has calculated, as Sheet!C5.

    The library that reads the values passes over formulas, so that these would count as empty.
    """
    found: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for name, part in _sheet_parts(archive):
                for cell in ElementTree.fromstring(archive.read(part)).iter(f"{_MAIN}c"):
                    value = cell.find(f"{_MAIN}v")
                    if cell.find(f"{_MAIN}f") is not None and (value is None or not value.text):
                        found.append(f"{name}!{cell.get('r')}")
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return []  # another kind of workbook (.ods, .xls), which keeps its values
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the name of each sheet and the part of the file it stands in."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {own.get("Id"): str(own.get("Target")) for own in relations}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = targets[sheet.get(_RELATION)].lstrip("/")
        yield str(sheet.get("name")), target if target.startswith("xl/") else f"xl/{target}"
