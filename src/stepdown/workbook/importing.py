"""A filled-in template -> a scenario file that extends the scenario it was filled in from.

Decision: docs/decisions/0031-workbook.md.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stepdown.errors import InputError, Problem, nearest
from stepdown.extras import require
from stepdown.files.layers import overlay
from stepdown.files.toml import TomlFile, read_toml
from stepdown.files.words import plain_name
from stepdown.scenario import load_scenario
from stepdown.scenario.model import Scenario
from stepdown.scenario.shipped import base_names, scenario_names, shipped_folder
from stepdown.workbook.entries import Entries
from stepdown.workbook.layout import VERSION
from stepdown.workbook.reading import read_book
from stepdown.workbook.rows import BookReader
from stepdown.workbook.sheet_fixes import as_typed, in_words_of_the_sheet
from stepdown.workbook.sheet_rows import entries_of
from stepdown.workbook.taken_over import (
    check_taken_over,
    drop_other_papers,
    is_another_municipality,
)
from stepdown.workbook.toml_text import toml_text
from stepdown.writing import aside, forget_folders, make_folder, unwritten

__all__ = ["Imported", "import_book", "read_into_scenario"]

_TEXTS = ("title", "description")
_NUMBERS = {
    "price_level": ("money", "price_level"),
    "first_budget_year": ("clock", "first_budget_year"),
    "n_budget_years": ("clock", "n_budget_years"),
}
"""Whole numbers of the first sheet, and their keys in a file."""
_YEARS = ("price_level", "first_budget_year")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_TAKEN_OVER = ("moves", "rate_factors", "inflow", "parameters", "causes")
"""Tables that no book holds and that a municipality may have of its own."""


@dataclass(frozen=True)
class Imported:
    """What a book became."""

    files: tuple[Path, ...]
    not_read: tuple[str, ...]
    """Sheets of the book that no template has."""
    left_out: tuple[str, ...]
    """Tables of the extended scenario that the new one leaves out."""
    as_they_stand: tuple[str, ...]
    """What no book holds, and is another municipality's in the new scenario."""


def import_book(book: Path, out: Path, *, replace: bool = False) -> list[Path]:
    """Read a filled-in template into a scenario file, and return the files written.

    Parameters, Raises: as in `read_into_scenario`.
    """
    return list(read_into_scenario(book, out, replace=replace).files)


def read_into_scenario(book: Path, out: Path, *, replace: bool = False) -> Imported:
    """Read a filled-in template into a scenario file.

    Parameters
    ----------
    book
        The workbook.
    out
        Folder of the scenario.toml, made if missing; sources in the user's own words go into a file
        of evidence beside it.
    replace
        Whether a scenario.toml that is there already is replaced.

    Returns
    -------
        The files written, and what the book does not say; the scenario passes `stepdown check`.

    Raises
    ------
    InputError
        Something in the book is wrong; holds every problem found, by sheet and cell. Nothing is
        written.
    MissingExtraError
        python-calamine is missing or too old.
    RunError
        The disk is full.
    """
    require("reading a workbook", "excel", "python-calamine")
    _check_out(out, replace=replace)
    reader = read_book(book)
    _check_numbers(reader)
    above = _extended(reader, book)
    chain = [] if above is None else _chain(above)
    tables = overlay(chain, Scenario).tables if chain else {}
    evidence = _evidence_beside(above)
    entries = entries_of(reader, tables, [file.stem for file in evidence])
    _check_is_another(reader, above, out)
    rest = _compared(entries, above, chain)
    _put_scenario(entries)
    written = _checked_files(entries, _Job(book, out, above), evidence, rest)
    left_out = tuple(sorted(".".join(path) for path in entries.without))
    return Imported(written, reader.others, left_out, rest)


@dataclass(frozen=True)
class _Job:
    """Which book becomes which scenario, over which file."""

    book: Path
    out: Path
    above: Path | None


def _checked_files(
    entries: Entries, job: _Job, evidence: list[Path], rest: tuple[str, ...]
) -> tuple[Path, ...]:
    """Write the files beside the folder, check them there, and move them into it if all is right.

    Beside it, so that a path from the scenario to what it extends holds in both places.
    """
    made: list[Path] = []
    try:
        made = make_folder(job.out.parent)
        with aside(job.out.parent, ".importing") as folder:
            files = [*_written(entries, folder, job, rest), *_copied(evidence, folder)]
            if job.above is not None:
                _check_scenario(entries, folder)
            entries.reader.problems.raise_if_any()
            return tuple(_moved(file, folder, job.out) for file in files)
    except OSError as error:
        rule = "the scenario is written there"
        fix = "name a folder you may write in"
        raise unwritten(job.out, error, "--out", rule, fix) from None
    finally:
        forget_folders(made)


def _compared(entries: Entries, above: Path | None, chain: list[TomlFile]) -> tuple[str, ...]:
    """Check what the book takes over; return what no book holds of another municipality."""
    bases = shipped_folder() / "base"
    files = [file for file in chain if not Path(file.name).resolve().is_relative_to(bases)]
    if above is None or not files:
        return ()
    try:
        loaded = load_scenario(above)
    except InputError as error:
        for problem in error.problems:
            entries.reader.problems.add(problem)
        return ()
    own = overlay(files, Scenario).tables
    check_taken_over(entries, loaded, own)
    if not is_another_municipality(entries, loaded):
        return ()
    drop_other_papers(entries, own)
    return tuple(
        f"{table}.{name}" for table in _TAKEN_OVER for name in own.get(table, {})
        if (table, name) not in entries.cells
    )  # fmt: skip


def _check_out(out: Path, *, replace: bool) -> None:
    target = out / "scenario.toml"
    if out.exists() and not out.is_dir():
        rule = "a scenario is written into a folder"
        raise InputError([Problem(str(out), 0, "", "is a file", rule, "name a folder")])
    if target.exists() and not replace:
        rule = "a scenario that is there already is not written over"
        fix = "name another folder with --out, or add --replace"
        raise InputError([Problem(str(target), 0, "", "is there already", rule, fix)])


def _extended(reader: BookReader, book: Path) -> Path | None:
    """Return the file that the book extends; None where there is none, which is reported."""
    row = reader.scenario
    version = row.get("version")
    if version != VERSION:
        what = "no version" if version is None else f"version {version}"
        reader.say(row, "version", what, f"this version of stepdown reads templates of {VERSION}",
                   "make a new template with stepdown template, and copy the cells")  # fmt: skip
    name = row.get("extends")
    if name is None:
        reader.say(row, "extends", "empty", "a book extends a scenario or a base file",
                   'write "municipal-budget" for budget lines alone')  # fmt: skip
        return None
    places = (
        shipped_folder() / str(name) / "scenario.toml",
        shipped_folder() / "base" / f"{name}.toml",
        book.parent / str(name),
        book.parent / str(name) / "scenario.toml",
    )
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        known = [*scenario_names(), *base_names()]
        close = nearest(str(name), known)
        fix = f"did you mean {close}?" if close else f"one of {', '.join(known)}"
        reader.say(row, "extends", f'"{name}" is not there',
                   "a book extends a shipped scenario, a base file, or the path of a file",
                   fix)  # fmt: skip
    return found


def _chain(path: Path) -> list[TomlFile]:
    file = read_toml(path)
    named = file.tables.get("extends", [])
    files = [file]
    for base in named if isinstance(named, list) else [named]:
        places = (
            path.parent / f"{base}",
            path.parent / f"{base}.toml",
            shipped_folder() / "base" / f"{base}.toml",
            shipped_folder() / f"{base}" / "scenario.toml",
        )
        found = next((place for place in places if place.is_file()), None)
        files += [] if found is None or found == path else _chain(found)
    return files


def _evidence_beside(above: Path | None) -> list[Path]:
    """Return the files of evidence that only the extended scenario finds."""
    if above is None or above.is_relative_to(shipped_folder()):
        return []
    return sorted((above.parent / "evidence").glob("*.toml"))


def _copied(evidence: list[Path], folder: Path) -> list[Path]:
    """Copy them beside the new scenario, which finds evidence there and among the shipped."""
    targets = [folder / "evidence" / file.name for file in evidence]
    for file, target in zip(evidence, targets, strict=True):
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(file, target)
    return targets


def _check_is_another(reader: BookReader, above: Path | None, out: Path) -> None:
    if above is not None and above.resolve() == (out / "scenario.toml").resolve():
        rule = "a scenario cannot extend itself"
        reader.say(reader.scenario, "extends", f"{out} is the scenario that the book extends", rule,
                   "name another folder with --out")  # fmt: skip


def _check_numbers(reader: BookReader) -> None:
    """Report years and numbers of the first sheet that are none."""
    row = reader.scenario
    for key in _NUMBERS:
        value = row.get(key)
        if value is None:
            continue
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or value != int(value):
            reader.say(row, key, f'"{value}"', "it is a whole number",
                       "format the cell as a number, and write the number again")  # fmt: skip
        elif key in _YEARS and not _FIRST_YEAR <= value <= _LAST_YEAR:
            rule = f"a year is from {_FIRST_YEAR} to {_LAST_YEAR}"
            reader.say(row, key, f"{value:g}", rule, "write the year in four digits")


def _put_scenario(entries: Entries) -> None:
    """Put the keys of the scenario itself: its name, its texts, its years."""
    row, reader = entries.reader.scenario, entries.reader
    if row.get("name") is None:
        reader.say(row, "name", "empty", "a scenario has a name", "write one such as skovby_2027")
    else:
        _check_name(reader, str(row.get("name")))
    for key in _TEXTS:
        for lang in ("da", "en"):
            other = row.get(f"{key}_{'en' if lang == 'da' else 'da'}")
            entries.put((key, lang), row.get(f"{key}_{lang}") or other, row, f"{key}_{lang}")
    for key, path in _NUMBERS.items():
        if row.get(key) is not None and key not in row.wrong:
            entries.put(path, int(row.get(key)), row, key)
    entries.put(("law",), row.get("law"), row, "law")
    first = entries.tables.get("clock", {}).get("first_budget_year")
    has_start = "starts" in {**entries.known.get("clock", {}), **entries.tables.get("clock", {})}
    if first is not None and not has_start:
        entries.put(("clock", "starts"), f"{first}-01", row, "first_budget_year")


def _check_name(reader: BookReader, name: str) -> None:
    """Report a name that is none in a file, with all else that is wrong."""
    if not (name.isascii() and name.isidentifier() and name == name.lower()):
        rule = "a name has lower-case letters a-z, digits and _"
        reader.say(reader.scenario, "name", f'the name "{name}"', rule, f"write {plain_name(name)}")


def _written(entries: Entries, folder: Path, job: _Job, rest: tuple[str, ...]) -> list[Path]:
    """Write the files into a folder and return them."""
    name = str(entries.reader.scenario.get("name") or "unnamed")
    tables: dict[str, Any] = {"schema_version": 1, "extends": _named(job.above, folder)}
    if entries.without:
        tables["without"] = sorted(".".join(path) for path in entries.without)
    tables["name"] = name
    head = (
        f"Read from {job.book.name}. The comment above a key names the sheet and the cell it was"
        "\nread from. What does not stand here is as in the scenario that this one extends."
    )
    if rest:
        head += "\nOf another municipality, as no book holds them: " + ", ".join(rest) + "."
    files = {"scenario.toml": toml_text(tables | entries.tables, entries.cells, head)}
    if entries.evidence:
        row = entries.reader.scenario
        owner, date = str(row.get("municipality") or ""), str(row.get("source_date") or "")
        source = {"title": f"{owner}: {job.book.name}", "publisher": owner, "date": date,
                  "municipality": owner, "read": date}  # fmt: skip
        figures = {"source": source, "figures": entries.evidence}
        head = f"Sources in the municipality's own words, read from {job.book.name}."
        files[f"evidence/{entries.stem}.toml"] = toml_text(figures, {}, head)
    for file, text in files.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    return [folder / file for file in files]


def _named(above: Path | None, folder: Path) -> str:
    """Return what the file extends: the name of what is shipped, or the path from its folder."""
    if above is None:
        return ""
    shipped = shipped_folder()
    if above.is_relative_to(shipped):
        return above.stem if above.parent.name == "base" else above.parent.name
    return os.path.relpath(above.resolve(), folder.resolve()).replace("\\", "/")


def _check_scenario(entries: Entries, folder: Path) -> None:
    """Check the file as `stepdown check` does, and tell what is wrong by sheet and cell."""
    problems = entries.reader.problems
    told = {problem.key for problem in problems.problems} | entries.told
    told |= _gaps(entries.reader)
    try:
        load_scenario(folder / "scenario.toml")
    except InputError as error:
        for problem in error.problems:
            cell = _cell_of(entries.cells, problem.key)
            if cell is not None and cell not in told:
                what = as_typed(problem.what)
                fix = in_words_of_the_sheet(problem.fix, cell, entries.reader.lang)
                rule = as_typed(problem.rule)
                problems.report(entries.reader.name, 0, cell, what, rule, fix)
            elif cell is None and not told:
                # What was left out because a cell is wrong is missing as a consequence.
                problems.report(entries.reader.name, 0, problem.key, problem.what, problem.rule,
                                problem.fix)  # fmt: skip


def _gaps(reader: BookReader) -> set[str]:
    """Return the cells of rows with a year that was reported: the gap is told once."""
    rows = (row for sheet in reader.rows.values() for row in sheet)
    return {
        row.place(key)
        for row in rows
        if row.sheet in reader.broken or any(wrong.isdigit() for wrong in row.wrong)
        for key in row.cells
    }


def _cell_of(cells: Mapping[tuple[str, ...], str], key: str) -> str | None:
    """Return the cell that a key came from, or that of the nearest table above it."""
    by_name = {".".join(path): cell for path, cell in cells.items()}
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        found = by_name.get(".".join(parts[:length]))
        if found is not None:
            return found
    # A table without a cell of its own: the first cell below it.
    return next((cell for name, cell in by_name.items() if name.startswith(f"{key}.")), None)


def _moved(file: Path, folder: Path, out: Path) -> Path:
    target = out / file.relative_to(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(file, target)
    return target
