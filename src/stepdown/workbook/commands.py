"""The jobs behind `stepdown export`, `template` and `import`: files are whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

from stepdown.errors import InputError, Problem
from stepdown.report.words import Language
from stepdown.store import open_result, scenario_of
from stepdown.workbook.book import require_xlsx
from stepdown.workbook.export import workbook_of
from stepdown.workbook.importing import read_into_scenario
from stepdown.workbook.template import template_of
from stepdown.writing import forget_folders, make_folder, unwritten, write_whole

__all__ = ["export_run", "import_template", "write_template"]

_FILE = "budget.xlsx"  # in the folder of the run


def export_run(
    run: Path,
    out: Path | None = None,
    lang: Language = "da",
    strategies: Sequence[str] | None = None,
    *,
    replace: bool = False,
) -> Path:
    """Write the workbook of a finished run and return its file.

    Parameters
    ----------
    run
        The folder of a run, or its result.nc.
    out
        The file; budget.xlsx beside the result unless given.
    lang, strategies
        As in `workbook_of`.
    replace
        Whether a file that is there already is replaced: it may have been filled in by hand.

    Raises
    ------
    InputError
        The run cannot be read, or the file cannot be written.
    MissingExtraError
        xlsxwriter is missing or too old.
    RunError
        The disk is full.
    ParameterError
        There is no such strategy, or the run has no quantiles.
    """
    target = (run if run.is_dir() else run.parent) / _FILE if out is None else out
    _check(target, replace=replace)
    result = open_result(run)
    _write(target, workbook_of(result, scenario_of(result), lang, strategies))
    return target


def write_template(
    scenario: str | None, target: Path, lang: Language = "da", *, replace: bool = False
) -> Path:
    """Write a template, empty or filled in from a scenario, and return its file.

    Raises
    ------
    InputError
        The scenario is wrong, or the file cannot be written.
    MissingExtraError
        xlsxwriter is missing or too old.
    RunError
        The disk is full.
    """
    _check(target, replace=replace)
    _write(target, template_of(scenario, lang))
    return target


def import_template(book: Path, out: Path, *, replace: bool = False) -> list[str]:
    """Read a filled-in template into a scenario, and return what there is to say of it.

    Returns
    -------
        The files written, a line each; then what of the book was not read, what was left out of the
        scenario it extends, and what was taken over because no book holds it.

    Raises
    ------
    InputError
        As in `read_into_scenario`.
    """
    done = read_into_scenario(book, out, replace=replace)
    lines = [str(path) for path in done.files]
    for words, names in (
        ("sheets not read", done.not_read),
        ("left out of the scenario that it extends", done.left_out),
        ("of another municipality, as no book holds them", done.as_they_stand),
    ):
        if names:
            lines.append(f"{words}: {', '.join(names)}")
    return lines


def _check(target: Path, *, replace: bool) -> None:
    """Refuse what cannot be written, before anything is computed."""
    require_xlsx()
    if target.suffix.lower() != ".xlsx":
        rule = "a spreadsheet knows a workbook by the end of its name"
        fix = f"write {target.with_suffix('.xlsx')}"
        raise InputError([Problem(str(target), 0, "", "no .xlsx file", rule, fix)])
    if target.exists() and not replace:
        rule = "a workbook that is there may have been filled in, and is not written over"
        fix = "name another file, or add --replace"
        raise InputError([Problem(str(target), 0, "", "is there already", rule, fix)])


def _write(target: Path, data: bytes) -> None:
    made: list[Path] = []
    try:
        made = make_folder(target.parent)
        write_whole(target, data)
    except OSError as error:
        forget_folders(made)
        rule = "close it where it is open, and write where you may"
        raise unwritten(target, error, "", rule, "name another file") from None
