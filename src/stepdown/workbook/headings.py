"""The headings of a sheet: which column holds what."""

import datetime
import re
from typing import Any

from stepdown.errors import nearest
from stepdown.workbook.cells import letters
from stepdown.workbook.layout import Column, SheetLayout
from stepdown.workbook.rows import HEAD_ROW, BookReader, heading_of
from stepdown.workbook.sheets import Sheet
from stepdown.workbook.values import IN_THOUSANDS

__all__ = ["Columns", "columns_of"]

Columns = dict[int, tuple[str, Column | None]]
"""What each column holds, by its place: the key, and the column unless it is a year."""
_YEAR = re.compile(r"(?:19|20)\d{2}")


def columns_of(reader: BookReader, layout: SheetLayout, name: str, sheet: Sheet) -> Columns:
    """Return what each column of a sheet holds, found by its heading; years by their number."""
    known = {head: own for own in layout.columns for head in (own.da, own.en)}
    found: Columns = {}
    _check_lead(reader, layout, name, sheet)
    texts = {at: _heading(head) for at, head in enumerate(sheet.cells[HEAD_ROW])}
    present = {known[text].key for text in texts.values() if text in known}
    free = [head for head, own in known.items() if own.key not in present]
    for at, text in texts.items():
        place = f"{name}!{letters(at)}{HEAD_ROW + 1}"
        own = known.get(text)
        if own is None and layout.has_years and re.fullmatch(r"\d{4}", text):
            key = text
        elif own is not None:
            key = own.key
        else:
            _tell_unknown(reader, layout, sheet, (place, at, text), free)
            continue
        if key in {other for other, _ in found.values()}:
            reader.broken.add(name)
            reader.tell(place, f'"{text}" stands there twice', "a column stands there once",
                        "see what each of the two holds, and give one another heading")  # fmt: skip
        else:
            found[at] = (key, own)
    for column in layout.columns if name not in reader.broken else ():
        if not column.may_lack and column.key not in {key for key, _ in found.values()}:
            own_words = heading_of(layout.columns, column.key, reader.lang)
            reader.tell(f"{name}!{HEAD_ROW + 1}:{HEAD_ROW + 1}", f'no column "{own_words}"',
                        "a sheet has all its columns, found by their headings",
                        f'write "{own_words}" above the column that holds it')  # fmt: skip
    return found


def _heading(head: Any) -> str:
    if isinstance(head, float) and head == int(head):
        return str(int(head))
    if isinstance(head, datetime.date):
        return f"{head:%Y-%m-%d}"
    return str(head).strip().removesuffix("*").strip()


def _tell_unknown(
    reader: BookReader, layout: SheetLayout, sheet: Sheet, head: tuple[str, int, str],
    free: list[str],
) -> None:  # fmt: skip
    """Report a heading that no column has, or values that have no heading."""
    place, at, text = head
    filled = next((number for number in range(HEAD_ROW + 1, len(sheet.cells))
                   if at < len(sheet.cells[number]) and str(sheet.cells[number][at]).strip()),
                  None)  # fmt: skip
    wanted = "a year in four digits, or a heading" if layout.has_years else "a heading"
    if not text:
        if filled is not None:
            reader.broken.add(place.split("!")[0])
            cell = f"{place.split('!')[0]}!{letters(at)}{filled + 1}"
            reader.tell(cell, "a value in a column without a heading",
                        "columns are found by their headings",
                        f"write {wanted} of the template in row {HEAD_ROW + 1}")  # fmt: skip
        return
    reader.broken.add(place.split("!")[0])
    what, rule = f'unknown heading "{text}"', "columns are found by their headings"
    year, close = _YEAR.search(text), nearest(text, free)
    if layout.has_years and IN_THOUSANDS.search(text):
        rule = "amounts are whole kroner, not thousands or millions"
        fix = "write the amounts in kroner" + (f", and the year alone, {year[0]}" if year else "")
    elif layout.has_years and year is not None:
        rule, fix = "a year stands alone above its amounts", f"write the year alone, {year[0]}"
    elif close is not None:
        fix = f'did you mean "{close}"?'
    elif filled is None:
        fix = "empty the cell: nothing stands below it"
    else:
        fix = "give it a heading of the template, or move the column to a sheet of your own"
    reader.tell(place, what, rule, fix)


def _check_lead(reader: BookReader, layout: SheetLayout, name: str, sheet: Sheet) -> None:
    """Report a text above the headings that says that amounts are not in kroner."""
    if not any(own.kind == "kroner" for own in layout.columns) and not layout.has_years:
        return
    for number, cells in enumerate(sheet.cells[:HEAD_ROW]):
        for at, value in enumerate(cells):
            if isinstance(value, str) and IN_THOUSANDS.search(value):
                reader.tell(f"{name}!{letters(at)}{number + 1}", f'"{value}"',
                            "amounts are whole kroner, not thousands or millions",
                            "write the amounts in kroner, and take the text away")  # fmt: skip
