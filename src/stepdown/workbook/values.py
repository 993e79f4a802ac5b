"""Cells -> values as their columns want them; whatever cannot be read as that is told."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from stepdown.errors import nearest
from stepdown.workbook.layout import CHOICES, Column
from stepdown.workbook.rows import BookReader, Row
from stepdown.workbook.typed_numbers import readings, shown, typed

__all__ = ["IN_THOUSANDS", "Cell", "value_of"]

IN_THOUSANDS = re.compile(
    r"(?i)\b1[.,\s]?000[.\s-]*kr|\bt\.?\s?kr|\bk\.?\s?kr|\btkr\b|tusind|thousand|\bmio\b|\bmill|\bmia\b"
)
"""A text that says that amounts are in thousands or more."""
_SHOWS_THOUSANDS = re.compile(r"0\.000(?!0)|\"[.,]?000|\\\\?0{3}\"")
"""A number format that shows 250 as 250.000: three decimals, or three zeros as a text."""
_CODE = re.compile(r"[a-z][a-z0-9_-]*")
_YEARS = range(1990, 2101)
_NUMBERS = ("number", "kroner", "share")
_SHARES = ("share",)
_EXACT = 1e15  # a float holds every whole number below


@dataclass(frozen=True)
class Cell:
    """What one cell holds, and what is marked in it."""

    value: Any
    error: str | None = None
    """What it shows where its formula went wrong."""
    is_uncalculated: bool = False
    format: str = ""
    """Its number format, where that is one of its own."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        is_blank = self.value is None or (isinstance(self.value, str) and not self.value.strip())
        return is_blank and self.error is None and not self.is_uncalculated


def value_of(reader: BookReader, row: Row, key: str, column: Column | None, cell: Cell) -> Any:
    """Return what a cell holds as its column wants it; None where it is empty or wrong.

    Parameters
    ----------
    column
        None for the amount of a year.
    """
    if cell.error is not None:
        reader.say(row, key, f"{cell.error}, an error of the spreadsheet",
                   "a cell with an error has no value",
                   "mend the formula, or write the value itself")  # fmt: skip
    elif cell.is_uncalculated:
        reader.say(row, key, "a formula without a value",
                   "the value of a formula is read as the spreadsheet saved it",
                   "open the book in a spreadsheet, save it, and read it again; or write the value"
                   " itself")  # fmt: skip
    elif not cell.is_empty:
        kind = "kroner" if column is None else column.kind
        if kind == "year":
            return _year(reader, row, key, cell)
        if kind in _NUMBERS:
            return _number(reader, row, key, cell, kind)
        return _words(reader, row, key, column, _text(cell.value))
    return None


def _words(reader: BookReader, row: Row, key: str, column: Column | None, text: str) -> Any:
    """Return a text, a code, or the scenario's own word for a choice."""
    assert column is not None, "own invariant: only amounts of years have no column"
    if column.kind == "choice":
        options = {word: own for own, both in CHOICES[column.choices].items() for word in both}
        folded = {word.casefold(): own for word, own in options.items()}
        if text.casefold() in folded:
            return folded[text.casefold()]
        close = nearest(text, options)
        fix = f'write "{close}"' if close else "choose from the list of the cell"
        reader.say(row, key, f'"{text}"', "it is one of " + ", ".join(dict.fromkeys(options)), fix)
        return None
    if column.kind == "code" and not _CODE.fullmatch(text):
        rule = "a code has lower-case letters a-z, digits and _, and begins with a letter"
        reader.say(row, key, f'"{text}"', rule, "write the code that the scenario has for it")
        return None
    return text


def _text(value: Any) -> str:
    """Return a text; a month that a spreadsheet has made a date, as year-month."""
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value).strip()


def _year(reader: BookReader, row: Row, key: str, cell: Cell) -> int | None:
    value = cell.value
    if isinstance(value, str) and re.fullmatch(r"\d{4}", value.strip()):
        rule = "a year is written as a number, not as text"
        reader.say(row, key, f'the text "{value.strip()}"', rule,
                   f"format the cell as a number and write {value.strip()} again")  # fmt: skip
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or value != int(value) or int(value) not in _YEARS:
        said = f"{value:g}" if is_number else _shown(value)
        reader.say(row, key, said, "a price year is a year from 1990 to 2100",
                   "write the year that the prices are of, in four digits")  # fmt: skip
        return None
    return int(value)


def _shown(value: Any) -> str:
    """Say what stands in a cell that should hold a number."""
    if isinstance(value, bool):
        return "TRUE (SAND), no number" if value else "FALSE (FALSK), no number"
    if isinstance(value, datetime.date):
        return f"the date {value:%Y-%m-%d}"
    if isinstance(value, datetime.time | datetime.timedelta):
        return f"the time {value}"
    return f'the text "{value}"'


def _number(reader: BookReader, row: Row, key: str, cell: Cell, kind: str) -> int | float | None:
    """Return a number; what only looks like one is told with what it can be read as."""
    value = cell.value
    if isinstance(value, str):
        _tell_text(reader, row, key, value.strip(), kind)
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        reader.say(row, key, _shown(value), "a number is wanted",
                   "format the cell as a number, and write the number again")  # fmt: skip
        return None
    formats = (IN_THOUSANDS, _SHOWS_THOUSANDS)
    is_odd = cell.format.endswith("%") or any(odd.search(cell.format) for odd in formats)
    if kind == "kroner" and is_odd:
        reader.say(row, key, f'{shown(value, reader.lang)} in the number format "{cell.format}"',
                   "amounts are whole kroner, and what is seen is what is read",
                   "format the cell as a plain number, and see that it says kroner")  # fmt: skip
        return None
    return int(value) if value == int(value) and abs(value) < _EXACT else float(value)


def _tell_text(reader: BookReader, row: Row, key: str, text: str, kind: str) -> None:
    what, rule = f'the text "{text}"', "a number is written as a number, not as text"
    found = readings(text, is_share=kind in _SHARES)
    if kind == "kroner" and IN_THOUSANDS.search(text):
        rule = "amounts are whole kroner, not thousands or millions"
        reader.say(row, key, what, rule, "write the amount in kroner, as a number alone")
    elif not found:
        reader.say(row, key, what, rule, "write the number alone")
    elif len(found) == 1:
        said = shown(found[0], reader.lang)
        reader.say(row, key, f"{what}, which would be read as {said}", rule,
                   f"format the cell as a number and write {typed(found[0])} again")  # fmt: skip
    else:
        more, less = (typed(number) for number in found)
        both = " or as ".join(shown(number, reader.lang) for number in found)
        fix = f"format the cell as a number and write {more} or {less}, whichever is meant"
        reader.say(row, key, f"{what}, which can be read as {both}", rule, fix)
