"""CSV as a Danish spreadsheet opens it: with semicolons, and no text that it would calculate."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["CsvRow", "csv_text"]

_FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"  # and their full-width twins
_UNSEEN = ("C", "Z")  # Unicode's categories of what does not show: spaces, tabs, controls


class CsvRow(NamedTuple):
    """One line: texts of anybody's, then figures."""

    texts: Sequence[str]
    figures: Sequence[str]
    """Written as they are: a negative number stays a number."""


def csv_text(rows: Iterable[CsvRow]) -> str:
    """Return the text of a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([*map(_as_text, row.texts), *row.figures] for row in rows)
    return text.getvalue()


def _as_text(text: str) -> str:
    """Return a text that no spreadsheet calculates: with an apostrophe before a formula's sign."""
    shown = (sign for sign in text if unicodedata.category(sign)[0] not in _UNSEEN)
    return f"'{text}" if next(shown, "") in {*_FORMULA} else text
