"""A filled-in template -> rows of cells, with every cell that cannot be read told at once."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stepdown.errors import Collector, InputError, Problem, nearest
from stepdown.workbook.cells import letters
from stepdown.workbook.headings import Columns, columns_of
from stepdown.workbook.layout import LAYOUT, SCENARIO_KEYS, SheetLayout
from stepdown.workbook.rows import HEAD_ROW, BookReader, Row, heading_of
from stepdown.workbook.sheets import OpenedBook, Sheet, open_book
from stepdown.workbook.values import Cell, value_of
from stepdown.workbook.words_of_template import tell

__all__ = ["read_book"]

_FEW = 3  # needed cells, of which a row with one at most is no row of the sheet


def read_book(path: Path) -> BookReader:
    """Read every sheet of a template.

    Raises
    ------
    InputError
        There is no such file, it is no workbook, or it is too large.

    Notes: what is wrong with sheets and cells is kept in the reader's problems.
    """
    first, other = tell("sheet_scenario", "da"), tell("sheet_scenario", "en")
    names = {name for layout in LAYOUT for name in (layout.da, layout.en)}
    book = open_book(path, {*names, first, other})
    if not book.sheets:
        rule = "a template has the sheets that stepdown template makes"
        what = "a workbook without any sheet of a template: " + ", ".join(book.others[:4])
        fix = "import a filled-in template; one is made by stepdown template --xlsx FILE.xlsx"
        raise InputError([Problem(str(path), 0, "", what, rule, fix)])
    reader = BookReader(str(path), Collector(), Row(first, HEAD_ROW + 1))
    reader.lang = "en" if other in book.sheets and first not in book.sheets else "da"
    instructions = {tell("sheet_instructions", "da"), tell("sheet_instructions", "en")}
    reader.others = tuple(name for name in book.others if name not in instructions)
    _check_others(reader, names)
    _read_scenario(reader, book, (first, other))
    for layout in LAYOUT:
        found = _found(reader, book, (layout.da, layout.en))
        if found is not None:
            reader.rows[layout.key] = list(_rows(reader, layout, found, book.sheets[found]))
        elif not layout.is_new:
            close = nearest(layout.da, reader.others) or nearest(layout.en, reader.others)
            fix = f'rename the sheet "{close}"' if close else (
                "make a new template with stepdown template, and copy the sheet from it"
            )  # fmt: skip
            reader.tell(f"{layout.da} ({layout.en})", "no such sheet",
                        "a template has all its sheets, also those without rows", fix)  # fmt: skip
    return reader


def _found(reader: BookReader, book: OpenedBook, names: tuple[str, str]) -> str | None:
    """Return the name of a sheet, in the language of the book."""
    found = [name for name in names if name in book.sheets]
    if len(found) == 2:
        reader.tell(found[1], f'a sheet beside "{found[0]}"', "a template has each sheet once",
                    "move its rows into one of the two, and delete the other")  # fmt: skip
    return found[0] if found else None


def _check_others(reader: BookReader, names: set[str]) -> None:
    """Report a sheet that somebody may take for one of the template, such as a copy of it."""
    for other in reader.others:
        alike = [name for name in names if other.casefold().startswith(name.casefold())]
        if alike:
            own = max(alike, key=len)
            reader.tell(other, f'a sheet that is not read, beside "{own}"',
                        "sheets are found by their names",
                        f'move its rows into "{own}", or begin its name otherwise')  # fmt: skip


def _read_scenario(reader: BookReader, book: OpenedBook, names: tuple[str, str]) -> None:
    """Read the keys of the sheet that says what the scenario is."""
    found = _found(reader, book, names)
    row = reader.scenario
    if found is None:
        reader.tell(" or ".join(names), "no such sheet",
                    "the sheet says which scenario the book extends",
                    "make a new template with stepdown template")  # fmt: skip
        row.wrong |= set(SCENARIO_KEYS)  # what it lacks follows from that
        return
    row.sheet, sheet = found, book.sheets[found]
    _check_merged(reader, found, sheet)
    by_words = {words: key for key, both in SCENARIO_KEYS.items() for words in both}
    for number, cells in enumerate(sheet.cells):
        words = str(cells[0]).strip() if cells else ""
        cell = _cell(sheet, number, 1)
        key = by_words.get(words)
        if key is None:
            if not cell.is_empty and number >= HEAD_ROW:
                _tell_unknown_key(reader, f"{found}!A{number + 1}", words, by_words)
        elif key in row.cells:
            reader.tell(f"{found}!A{number + 1}", f'"{words}" stands there twice',
                        "a line stands there once",
                        "see which of the two is right, and delete the other")  # fmt: skip
        else:
            row.cells[key] = f"B{number + 1}"
            value = _scenario_value(reader, key, cell)
            if value not in (None, ""):
                row.values[key] = value


def _tell_unknown_key(reader: BookReader, place: str, words: str, by_words: dict[str, str]) -> None:
    free = [own for own, key in by_words.items() if key not in reader.scenario.cells]
    close = nearest(words, free)
    fix = f'did you mean "{close}"?' if close else "move it to a sheet of your own"
    what = f'unknown line "{words}"' if words else "a value without the words for it"
    reader.tell(place, what, "lines are found by the words in column A", fix)


def _scenario_value(reader: BookReader, key: str, cell: Cell) -> Any:
    """Return what a cell of the first sheet holds; a date as text."""
    if cell.error is not None or cell.is_uncalculated:
        what = cell.error or "a formula without a value"
        reader.say(reader.scenario, key, what, "such a cell has no value", "write the value itself")
        return None
    value = cell.value.strip() if isinstance(cell.value, str) else cell.value
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}" if key == "stock_date" else f"{value:%Y-%m-%d}"
    return value


def _cell(sheet: Sheet, row: int, column: int) -> Cell:
    """Return a cell with its marks; an empty one where the sheet does not reach."""
    cells = sheet.cells[row] if row < len(sheet.cells) else []
    name, marks = f"{letters(column)}{row + 1}", sheet.marks
    return Cell(
        cells[column] if column < len(cells) else None,
        marks.errors.get(name),
        name in marks.uncalculated,
        marks.formats.get(name, ""),
    )


def _rows(reader: BookReader, layout: SheetLayout, name: str, sheet: Sheet) -> Iterator[Row]:
    """Yield the rows of one sheet that are not empty."""
    _check_merged(reader, name, sheet)
    if len(sheet.cells) <= HEAD_ROW or not any(str(cell) for cell in sheet.cells[HEAD_ROW]):
        rule = f"the headings of its columns stand in row {HEAD_ROW + 1}"
        reader.tell(name, "no headings", rule, "copy the headings from a new template")
        return
    columns = columns_of(reader, layout, name, sheet)
    seen: dict[tuple[Any, ...], int] = {}
    for index in range(HEAD_ROW + 1, len(sheet.cells)):
        cells = {at: _cell(sheet, index, at) for at in range(len(sheet.cells[index]))}
        if all(cell.is_empty for cell in cells.values()):
            continue
        if _is_stray(reader, layout, columns, cells, f"{name}!{index + 1}:{index + 1}"):
            continue
        places = {key: f"{letters(at)}{index + 1}" for at, (key, _) in columns.items()}
        row = Row(name, index + 1, cells=places)
        for at, (key, column) in columns.items():
            value = value_of(reader, row, key, column, cells.get(at, Cell(None)))
            if value is not None:
                row.values[key] = value
        _check_hidden(reader, row, sheet, columns)
        _check_row(reader, layout, row, seen)
        yield row


def _is_stray(
    reader: BookReader, layout: SheetLayout, columns: Columns, cells: dict[int, Cell], place: str
) -> bool:
    """Tell whether a row is none of the sheet's, such as a total or a note; report it."""
    needed = {at: column for at, (_, column) in columns.items() if column and column.needed}
    filled = [at for at in needed if not cells.get(at, Cell(None)).is_empty]
    if len(needed) < _FEW or len(filled) > 1:
        return False
    words = ", ".join(f'"{column.heading(reader.lang)}"' for column in needed.values())
    reader.tell(place, "a row that is not filled in", f"every row needs {words}",
                "fill them in, or move a total or a note to a sheet of your own")  # fmt: skip
    return True


def _check_hidden(reader: BookReader, row: Row, sheet: Sheet, columns: Columns) -> None:
    """Report values that are read and that nobody sees."""
    marks, rule = sheet.marks, "what is read can be seen"
    if marks.is_hidden or row.number - 1 in marks.hidden_rows:
        what = "a hidden sheet" if marks.is_hidden else "a hidden row"
        fix = "show it, and see that it is right (a filter hides rows too)"
        reader.tell(f"{row.sheet}!{row.number}:{row.number}", what, rule, fix)
        return
    for at, (key, column) in columns.items():
        is_read = column is None or column.key != "label"
        if at in marks.hidden_columns and is_read and key in row.values:
            reader.say(row, key, "a value in a hidden column", rule,
                       "show the column, and see that it is right")  # fmt: skip


def _check_row(
    reader: BookReader, layout: SheetLayout, row: Row, seen: dict[tuple[Any, ...], int]
) -> None:
    """Report cells that must be filled in, and a line that stands there twice."""
    for column in layout.columns:
        if column.needed and column.key in row.cells and row.is_empty(column.key):
            words = heading_of(layout.columns, column.key, reader.lang)
            reader.say(row, column.key, "empty", f'"{words}" is needed in every row',
                       "fill it in")  # fmt: skip
    keys = _IDENTITY[layout.key]
    own = tuple(row.get(key) for key in keys)
    if None not in own[-1:] and own in seen:
        what = f"{', '.join(str(part) for part in own if part)} stands in row {seen[own]} too"
        reader.say(row, keys[-1], what, "a line stands there once",
                   "see which of the two is right, and delete the other")  # fmt: skip
    seen.setdefault(own, row.number)


_IDENTITY = {
    "strategies": ("strategy",),
    "payers": ("payer",),
    "prices": ("what", "item"),
    "posts": ("strategy", "investment", "cost"),
    "lines": ("line",),
    "amounts": ("type", "strategy", "investment", "payer", "name"),
    "published": ("strategy", "line"),
    "children": ("step",),
    "levers": ("effect", "strategy", "lever"),
}
"""Cells that no two rows of a sheet share."""


def _check_merged(reader: BookReader, name: str, sheet: Sheet) -> None:
    for (top, left), (bottom, right) in sheet.merged:
        place = f"{name}!{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
        rule = "only the first of merged cells has a value, so the others would count as empty"
        reader.tell(place, "merged cells", rule, "unmerge them")
