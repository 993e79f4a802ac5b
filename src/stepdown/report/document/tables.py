"""Tables that several sections are built of."""

from collections.abc import Iterable, Sequence
from typing import Literal

from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Table

__all__ = ["Align", "table_by_year", "table_of", "thousands"]

Align = Literal["left", "right"]
Column = tuple[str, Iterable[str]]


def table_of(caption: str, columns: Sequence[Column], notes: tuple[str, ...] = ()) -> Table:
    """Return a table of columns, the first one text and the others numbers."""
    cells = [list(values) for _, values in columns]
    right: Align = "right"
    align: tuple[Align, ...] = ("left", *(right for _ in columns[1:]))
    rows = tuple(zip(*cells, strict=True))
    return Table(caption, tuple(head for head, _ in columns), rows, align, notes)


def table_by_year(
    facts: Facts, caption: str, columns: Sequence[Column], notes: tuple[str, ...] = ()
) -> Table:
    """Return a table with a row for each budget year."""
    years = (facts.write.say("År", "Year"), [str(year) for year in facts.year_numbers])
    return table_of(caption, [years, *columns], notes)


def thousands(facts: Facts, values: Iterable[float]) -> list[str]:
    """Return kroner in thousands, as cells."""
    return [facts.write.thousands(float(value)) for value in values]
