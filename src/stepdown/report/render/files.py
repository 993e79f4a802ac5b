"""The job behind `stepdown report`: read a run, lay its report out, write it whole or not at all.

Decision: docs/decisions/0030-layout-of-reports.md.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stepdown.endings import held
from stepdown.errors import InputError, Problem
from stepdown.extras import require
from stepdown.report.words import Language, word
from stepdown.streams import say
from stepdown.writing import (
    aside,
    check_replaceable,
    forget_folders,
    make_folder,
    place,
    unwritten,
    write_bytes,
)

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ReportRequest", "save_report", "write_report"]

_NAMES = ("report.html", "report.pdf")
_OUT = (
    "--out",
    "the report is written there",
    "close the report if it is open, or name another place with --out",
)


@dataclass(frozen=True)
class ReportRequest:
    """What the user asked for."""

    run: Path
    """A result.nc, or the folder that holds one."""
    out: Path | None
    """A file that ends in .html or .pdf, or a folder for both; None: beside the run."""
    lang: Language
    strategy: str | None = None
    """The strategy that the first page is about; None: as `build_document` chooses."""


def write_report(request: ReportRequest) -> None:
    """Write the report of a run, and say what was written.

    Raises
    ------
    InputError
        The run cannot be read or has no spread to report, such as one for expectations; there is no
        such strategy; or the report cannot be written there.
    MissingExtraError
        A library is missing or too old.
    RunError
        A figure cannot be drawn, a sign is in no typeface of the PDF, or the disk is full.
    """
    require("a report", "report")
    targets = _targets(request)
    from stepdown.store import open_result

    result = open_result(request.run)
    _lay_out(result, targets, request.lang, request.strategy)
    for target in targets:
        say(word("written", request.lang).format(target))


def save_report(
    result: "xr.Dataset", out: Path, lang: Language = "da", strategy: str | None = None
) -> list[Path]:
    """Write the report of a result that is in memory, and return the files.

    Parameters
    ----------
    result
        Of `simulate` or `open_result`.
    out
        A file that ends in .html or .pdf, or a folder for both.
    lang, strategy
        As in `ReportRequest`.

    Raises
    ------
    InputError, MissingExtraError, RunError
        As `write_report`.
    """
    require("a report", "report")
    targets = _targets(ReportRequest(out, out, lang))
    _lay_out(result, targets, lang, strategy)
    return targets


def _lay_out(
    result: "xr.Dataset", targets: list[Path], lang: Language, strategy: str | None
) -> None:
    """Write the report of a result to every target."""
    from stepdown.report.document import build_document
    from stepdown.report.render import html_of, pdf_of, pictures_of

    _check_writable(targets)
    document = build_document(result, lang, strategy=strategy)
    pictures = pictures_of(document)
    contents = [
        pdf_of(document, pictures=pictures)
        if target.suffix.lower() == ".pdf"
        else html_of(document, pictures=pictures).encode()
        for target in targets
    ]
    _write(targets, contents)


def _targets(request: ReportRequest) -> list[Path]:
    """Return the files to write."""
    out = request.out
    if out is not None and out.suffix.lower() in {".html", ".pdf"} and not out.is_dir():
        return [out]
    if out is not None and out.suffix and not out.is_dir():
        what = f"{out.suffix} is no form of a report"
        rule = "a report is written as .html or .pdf, or both into a folder"
        fix = f"--out {out.with_suffix('.pdf')}"
        raise InputError([Problem(str(out), 0, "--out", what, rule, fix)])
    beside = request.run if request.run.is_dir() else request.run.parent
    return [(beside if out is None else out) / name for name in _NAMES]


def _check_writable(targets: list[Path]) -> None:
    """Refuse a place that cannot be written, and leave nothing behind."""
    folder = targets[0].parent
    try:
        forget_folders(make_folder(folder))
        for target in targets:
            check_replaceable(target)
    except OSError as error:
        raise unwritten(Path(error.filename or folder), error, *_OUT) from None


def _write(targets: list[Path], contents: list[bytes]) -> None:
    """Write every file beside its name first, then put them all in place."""
    folder = targets[0].parent
    made: list[Path] = []
    try:
        made = make_folder(folder)
        with aside(folder) as beside:
            for target, content in zip(targets, contents, strict=True):
                write_bytes(beside / target.name, content)
            # The PDF first: on Windows a reader that shows it holds it, and then nothing changes.
            with held():
                for target in reversed(targets):
                    place(beside / target.name, target)
    except OSError as error:
        forget_folders(made)
        raise unwritten(Path(error.filename2 or folder), error, *_OUT) from None
