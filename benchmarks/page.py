"""Tables in Markdown, and the page that keeps them between two marks."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["BEGIN", "END", "table", "write"]

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Row = Sequence[str]


def table(title: str, heading: Row, rows: Iterable[Row], note: str = "") -> str:
    """Return a table under its title and a note below it; columns of numbers stand to the right."""
    rows = list(rows)
    marks = [
        "---:" if all(map(_is_number, column)) else "---" for column in zip(*rows, strict=True)
    ]
    lines = [f"### {title}", "", *map(_line, (heading, marks, *rows)), ""]
    return "\n".join([*lines, note, ""] if note else lines)


def _is_number(cell: str) -> bool:
    return cell in ("", "-") or cell[0].isdigit() or cell.startswith("below")


def _line(cells: Row) -> str:
    return f"| {' | '.join(cells)} |"


def write(page: Path, text: str) -> None:
    """Put the text between the marks of the page, which must be there."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{page} lacks the line {BEGIN} or the line {END}; the tables go between them.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
