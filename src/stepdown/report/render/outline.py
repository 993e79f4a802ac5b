"""A document as plain data, which both templates read."""

import itertools
import math
import re
from typing import Any

from stepdown.report.document.model import (
    Answer,
    Beside,
    Block,
    Caution,
    Chart,
    Document,
    KeyFigures,
    Paragraph,
    Points,
    Table,
)
from stepdown.report.render.words import word_of_layout

__all__ = ["outline"]

_KINDS: dict[type, str] = {
    Answer: "answer",
    Beside: "beside",
    Caution: "caution",
    Chart: "chart",
    KeyFigures: "key_figures",
    Paragraph: "paragraph",
    Points: "points",
    Table: "table",
}
_LONG = 14  # characters; a column of longer texts shares the width with its like
_LINE = 890  # characters of a table on one line of paper, times their size in points
_LABEL = 30  # characters; a column of labels this long has room for them on a line or two
_VERY_LONG = 200  # characters; a column of longer texts takes no more for it
_GAP = 3  # characters between two columns
_LEAST = 24  # characters left for each column of long texts
_HEAD_LINES = 4  # that a heading of a column may have


def outline(document: Document) -> dict[str, Any]:
    """Return a document as dicts, lists and strings; a chart has the number of its picture.

    Notes: text stays as it is. Each template escapes it by its own means.
    """
    charts = itertools.count()
    return {
        **vars(document),
        "words": {key: word_of_layout(key, document.lang) for key in ("page_of", "scroll", "skip")},
        "sections": [
            {
                **vars(section),
                "blocks": [
                    _block(block, next(charts) if isinstance(block, Chart) else -1)
                    for block in section.blocks
                ],
            }
            for section in document.sections
        ],
    }


def _block(block: Block, picture: int) -> dict[str, Any]:
    """Return a block's fields, and its kind."""
    fields: dict[str, Any] = {"kind": _KINDS[type(block)], **vars(block)}
    if isinstance(block, KeyFigures):
        fields["figures"] = [vars(figure) for figure in block.figures]
    elif isinstance(block, Table):
        fields["widths"] = _widths(block)
        fields["points"] = _points(len(block.head))
    elif isinstance(block, Beside):
        fields["table"], fields["caution"] = _block(block.table, -1), _block(block.caution, -1)
    elif isinstance(block, Chart):
        del fields["draw"]
        fields["picture"] = picture
        fields["table"] = _block(block.table, -1)
    return fields


def _points(n_columns: int) -> float:
    """Return the size of letters on paper at which so many columns of amounts fit."""
    return 8.5 if n_columns <= 8 else 7.5 if n_columns <= 11 else 6.5


def _widths(table: Table) -> list[dict[str, float]]:
    """Say of each column how many characters it needs, or what share of what is left it takes.

    Both are 0 where all columns fit on the line as they are. Else long texts share what is left
    by columns of figures and of short texts; and headings go over as few lines as will do.
    """
    columns = list(zip(table.head, *table.rows, strict=True))
    line = _LINE / _points(len(columns))
    if sum(max(map(len, column)) + _GAP for column in columns) <= line:
        return [{"need": 0, "share": 0.0}] * len(columns)
    shares = [_share(column, side) for column, side in zip(columns, table.align, strict=True)]
    taken = sum(_GAP if share == 0 else _GAP + _LEAST for share in shares)
    for n_lines in range(1, _HEAD_LINES + 1):
        needs = [
            0 if share else _need(column, n_lines)
            for column, share in zip(columns, shares, strict=True)
        ]
        if taken + sum(needs) <= line:
            break
    return [{"need": need, "share": share} for need, share in zip(needs, shares, strict=True)]


def _share(column: tuple[str, ...], side: str) -> float:
    """Return what share a column takes: 0 unless it holds long texts."""
    cells = column[1:]
    if side == "right" or max(map(len, cells), default=0) <= _LONG:
        return 0.0
    # Widths grow more slowly than texts, which can go on to the next line.
    mean = sum(map(len, cells)) / len(cells)
    least = min(max(map(len, cells)), _LABEL)
    return round(math.pow(min(max(mean, least), _VERY_LONG), 0.7), 2)


def _need(column: tuple[str, ...], n_lines: int) -> int:
    """Return the characters of a column whose heading goes over some lines."""
    head, *cells = column
    words = re.split(r"[\s-]", head)
    # Lines of a heading are seldom equally long.
    spread = len(head) if n_lines == 1 else len(head) // n_lines + 3
    return max(spread, *map(len, words), *map(len, cells))
