"""Rows of a template as read, and the book they come from."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from stepdown.errors import Collector
from stepdown.report.words import Language
from stepdown.workbook.layout import LAYOUT, Column

__all__ = ["HEAD_ROW", "BookReader", "Row"]

HEAD_ROW = 2
"""Row of the headings in every sheet of rows, from 0."""


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

    def is_empty(self, key: str) -> bool:
        """Tell whether a cell is empty, and not merely wrong."""
        return key not in self.values and key not in self.wrong

    @property
    def years(self) -> dict[str, float]:
        """The amounts by year."""
        found = {key: value for key, value in self.values.items() if key.isdigit()}
        return dict(sorted(found.items()))

    @property
    def year_columns(self) -> list[str]:
        """The years that the sheet has a column for, in order."""
        return sorted(key for key in self.cells if key.isdigit())


@dataclass
class BookReader:
    """A book as read: the scenario's own keys, the rows by sheet, and the problems so far."""

    name: str
    problems: Collector
    scenario: Row
    lang: Language = "da"
    """Of its sheets, so that what is said names the headings that are seen."""
    rows: dict[str, list[Row]] = field(default_factory=dict)
    """By sheet; a sheet that is not in the book has no entry."""
    others: tuple[str, ...] = ()
    """Sheets that no template has; they are not read."""
    broken: set[str] = field(default_factory=set)
    """Sheets with a heading that was reported: what lacks in their rows may stand below it."""

    def say(self, row: Row, key: str, what: str, rule: str, fix: str) -> None:
        """Report a problem of one cell, once."""
        if key not in row.wrong:
            row.wrong.add(key)
            self.problems.report(self.name, 0, row.place(key), what, rule, fix)

    def tell(self, place: str, what: str, rule: str, fix: str) -> None:
        """Report a problem of a place that is no cell of a row."""
        self.problems.report(self.name, 0, place, what, rule, fix)

    def heading(self, sheet: str, key: str) -> str:
        """Return the heading of a column, in the language of the book."""
        columns = next(layout.columns for layout in LAYOUT if layout.key == sheet)
        return heading_of(columns, key, self.lang)


def heading_of(columns: Collection[Column], key: str, lang: Language) -> str:
    """Return the heading of the column with a key; the key itself, where there is none."""
    return next((own.heading(lang) for own in columns if own.key == key), key)
