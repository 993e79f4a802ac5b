"""The parts a report is made of; text is final, in one language, and free of markup.

Whoever lays a report out (HTML, PDF) reads these records and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stepdown.report.words import Language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Answer",
    "Beside",
    "Block",
    "Caution",
    "Chart",
    "Document",
    "KeyFigure",
    "KeyFigures",
    "Paragraph",
    "Points",
    "Section",
    "Table",
]


@dataclass(frozen=True)
class Paragraph:
    """One or more sentences."""

    text: str


@dataclass(frozen=True)
class Caution:
    """What a reader must not miss."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list of sentences, with numbers where the order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class KeyFigure:
    """One figure that a reader takes away."""

    value: str
    """As the language writes it, unit included."""
    label: str
    note: str = ""


@dataclass(frozen=True)
class KeyFigures:
    """A few figures side by side."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True)
class Answer:
    """A question that a politician asks, and the answer; the first sentence answers it."""

    question: str
    text: str


@dataclass(frozen=True)
class Table:
    """A table with one row of headings; the first column names the rows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Literal["left", "right"], ...]
    """By column."""
    notes: tuple[str, ...] = ()
    has_sum: bool = False
    """Whether the last row is the sum of the others."""


@dataclass(frozen=True)
class Beside:
    """A narrow table and what must not be missed about it, side by side where there is room."""

    table: Table
    caution: Caution


@dataclass(frozen=True)
class Chart:
    """A figure with the sentence that says what it shows, and the same figures as a table."""

    title: str
    shows: str
    """What a reader should see in it."""
    alternative: str
    """For those who cannot see it."""
    draw: "Callable[[], Figure]"
    table: Table


Block = Paragraph | Caution | Points | KeyFigures | Answer | Table | Beside | Chart


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    key: str
    """Of the anchor: ASCII letters and hyphens, unique in the document."""
    title: str
    blocks: tuple[Block, ...]
    starts_page: bool = False
    """On paper."""


@dataclass(frozen=True)
class Document:
    """A whole report."""

    lang: Language
    title: str
    subtitle: str
    """What was computed, in one line: municipality or question, price level, budget years."""
    sections: tuple[Section, ...]
    contents_title: str
    """Heading of the list of contents."""
    table_title: str
    """What opens the table behind a chart: "The figures as a table"."""
    footer: str
    """One line with program, version and scenario."""
