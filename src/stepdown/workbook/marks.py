"""What a workbook's own text says of its cells and the library that reads the values passes over.

That library gives a cell with an error, and a formula that nobody has calculated, as an empty cell.
It says nothing of number formats or of what is hidden, and makes a table that reaches to the last
cell. So the text of a sheet is looked through first.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree

from stepdown.workbook.cells import letters, place_of

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "Marks", "marks_of", "sheet_parts"]

MOST_ROWS, MOST_COLUMNS = 5_000, 300
"""Of a sheet that is read; no template comes near."""
_PERCENT = {9: "0%", 10: "0.00%"}  # formats of numbers that every spreadsheet knows
_HIDDEN = ("1", "true")


@dataclass
class Marks:
    """What is marked in one sheet; cells as C5, rows and columns from 0."""

    errors: dict[str, str] = field(default_factory=dict)
    """Cells that show an error, with what they show."""
    uncalculated: set[str] = field(default_factory=set)
    formats: dict[str, str] = field(default_factory=dict)
    """Number formats of the cells that have one of their own."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False
    far: str | None = None
    """A cell beyond the largest sheet that is read; no more is looked for after it."""


@dataclass(frozen=True)
class _Book:
    """What holds for all sheets of a workbook."""

    formats: Mapping[str, str]
    """Number formats by the number of the style."""
    is_uncalculated: bool
    """Whether a program wrote it and left the formulas, as 0, to the spreadsheet that opens it."""


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """Return the part of the file that each sheet stands in, and whether the sheet is hidden."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {own.get("Id"): str(own.get("Target")).lstrip("/") for own in relations}
    found = {}
    for sheet in _named(ElementTree.fromstring(archive.read("xl/workbook.xml")), "sheet"):
        own = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        part = targets[own]
        is_hidden = sheet.get("state", "visible") != "visible"
        found[str(sheet.get("name"))] = (
            part if part.startswith("xl/") else f"xl/{part}",
            is_hidden,
        )
    return found


def marks_of(archive: zipfile.ZipFile, names: set[str]) -> dict[str, Marks]:
    """Return the marks of the sheets with some names."""
    book = _Book(_formats(archive), _is_uncalculated(archive))
    found = {}
    for name, (part, is_hidden) in sheet_parts(archive).items():
        if name in names:
            with archive.open(part) as text:
                found[name] = _marks(text, book)
            found[name].is_hidden = is_hidden
    return found


def _local(tag: str) -> str:
    """Return a tag without its namespace, of which there are two: the usual and the strict one."""
    return tag.rpartition("}")[2]


def _named(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (own for own in element.iter() if _local(own.tag) == name)


def _is_uncalculated(archive: zipfile.ZipFile) -> bool:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return any(own.get("fullCalcOnLoad") in _HIDDEN for own in _named(book, "calcPr"))


def _formats(archive: zipfile.ZipFile) -> dict[str, str]:
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes = {
        str(own.get("numFmtId")): str(own.get("formatCode")) for own in _named(styles, "numFmt")
    }
    codes |= {str(number): code for number, code in _PERCENT.items()}
    of_cells = next(_named(styles, "cellXfs"), ElementTree.Element("none"))
    numbers = [str(own.get("numFmtId")) for own in of_cells]
    return {str(at): codes[number] for at, number in enumerate(numbers) if number in codes}


def _marks(text: IO[bytes], book: _Book) -> Marks:
    marks = Marks()
    row = column = -1
    for event, element in ElementTree.iterparse(text, events=("start", "end")):
        tag = _local(element.tag)
        if event == "start":
            if tag == "row":
                number = element.get("r", "")
                row, column = int(number) - 1 if number.isdigit() else row + 1, -1
                if element.get("hidden") in _HIDDEN:
                    marks.hidden_rows.add(row)
            continue
        if tag == "col" and element.get("hidden") in _HIDDEN:
            last = min(int(element.get("max", "0")), MOST_COLUMNS)
            marks.hidden_columns |= set(range(int(element.get("min", "1")) - 1, last))
        elif tag == "c":
            row, column = place_of(element.get("r", "")) or (row, column + 1)
            if len(element) and (row >= MOST_ROWS or column >= MOST_COLUMNS):
                marks.far = f"{letters(column)}{row + 1}"
                return marks
            _mark(element, f"{letters(column)}{row + 1}", book, marks)
        if tag in ("c", "row"):
            element.clear()
    return marks


def _mark(element: ElementTree.Element, cell: str, book: _Book, marks: Marks) -> None:
    """Note what is to be known of one cell."""
    parts = {_local(own.tag): own for own in element}
    value = (parts["v"].text or "") if "v" in parts else ""
    kind = element.get("t")
    if kind == "e":
        marks.errors[cell] = value or "an error"
    is_zero = book.is_uncalculated and re.fullmatch(r"0(\.0*)?", value)
    if "f" in parts and kind not in ("e", "str") and (not value or is_zero):
        marks.uncalculated.add(cell)  # an empty text ("str") is a value that was calculated
    style = book.formats.get(element.get("s", "0"))
    if style is not None and value:
        marks.formats[cell] = style
