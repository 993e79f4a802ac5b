"""A workbook on disk -> the sheets of a template: their values, and what is marked in them."""

import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from stepdown.errors import InputError, Problem
from stepdown.workbook.marks import MOST_COLUMNS, MOST_ROWS, Marks, marks_of, sheet_parts

__all__ = ["OpenedBook", "Sheet", "open_book"]

_MOST_BYTES = 200_000_000  # unpacked; a filled-in template has less than a hundredth of it


@dataclass(frozen=True)
class Sheet:
    """The values of one sheet, its merged cells, and what is marked in it."""

    cells: list[list[Any]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    marks: Marks


@dataclass(frozen=True)
class OpenedBook:
    """The sheets of a workbook that a template has, and the names of the others."""

    sheets: Mapping[str, Sheet]
    others: tuple[str, ...]


def open_book(path: Path, wanted: Collection[str]) -> OpenedBook:
    """Read the sheets with some names.

    Raises
    ------
    InputError
        There is no such file, it is no workbook, or a sheet is too large.
    """
    import python_calamine as calamine

    if not path.is_file():
        rule = "a path must lead to a workbook (.xlsx)"
        raise InputError([Problem(str(path), 0, "", "no such file", rule, "check the path")])
    marks, others = _looked_through(path, set(wanted))
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            sheets = {}
            for name in marks:
                sheet = book.get_sheet_by_name(name)
                merged = tuple(sheet.merged_cell_ranges or ())
                sheets[name] = Sheet(sheet.to_python(skip_empty_area=False), merged, marks[name])
            return OpenedBook(sheets, others)
    except (calamine.CalamineError, OSError, ValueError) as error:
        # It does not know every error of a cell, and gives up on the book.
        raise _error_cells(path, marks) or _no_workbook(path, str(error)) from None


def _error_cells(path: Path, marks: Mapping[str, Marks]) -> InputError | None:
    """Return what to say of a book that cannot be read while some cells show an error."""
    found = [
        Problem(str(path), 0, f"{name}!{cell}", f"{shown}, an error of the spreadsheet",
                "a cell with an error has no value",
                "mend the formula, or write the value itself")
        for name, own in marks.items() for cell, shown in own.errors.items()
    ]  # fmt: skip
    return InputError(found) if found else None


def _looked_through(path: Path, wanted: set[str]) -> tuple[dict[str, Marks], tuple[str, ...]]:
    """Return the marks of the wanted sheets and the names of the others, if all can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > _MOST_BYTES:
                rule = f"a workbook that is read takes up to {_MOST_BYTES // 1_000_000} MB unpacked"
                problem = Problem(str(path), 0, "", f"{size // 1_000_000} MB unpacked", rule,
                                  "copy the cells into a new template")  # fmt: skip
                raise InputError([problem])
            marks = marks_of(archive, wanted)
            others = tuple(name for name in sheet_parts(archive) if name not in wanted)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, StopIteration, OSError,
            NotImplementedError, RuntimeError, ElementTree.ParseError) as error:  # fmt: skip
        raise _no_workbook(path, str(error)) from None
    far = [
        Problem(str(path), 0, f"{name}!{own.far}", "a value far outside the table",
                f"a sheet has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns",
                "delete what stands there (Ctrl+End leads to the last cell)")
        for name, own in marks.items() if own.far is not None
    ]  # fmt: skip
    if far:
        raise InputError(far)
    return marks, others


def _no_workbook(path: Path, error: str) -> InputError:
    rule = "a template is an .xlsx file that is not protected by a password"
    return InputError([Problem(str(path), 0, "", f"no workbook ({error})", rule,
                               "save it as an Excel workbook (.xlsx)")])  # fmt: skip
