"""A document as plain data, which both templates read."""

import itertools
import re
from typing import Any

from stepdown.report.document.model import (
    Answer,
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
    Caution: "caution",
    Chart: "chart",
    KeyFigures: "key_figures",
    Paragraph: "paragraph",
    Points: "points",
    Table: "table",
}
_LONG = 14  # characters; a column of longer texts shares the width with its like
_LINE = 105  # characters of a table on one line of paper
_GAP = 3  # characters between two columns


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
    elif isinstance(block, Chart):
        del fields["draw"]
        fields["picture"] = picture
        fields["table"] = _block(block.table, -1)
    return fields


def _widths(table: Table) -> list[dict[str, float]]:
    """Say of each column how many characters it needs, or what share of what is left it takes.

    A column of figures, or of short texts, needs its longest cell, the longest word of its heading,
    and a third of the heading, so that it takes three lines or so. Long texts share the rest. Both
    are 0 where all columns fit on the line as they are.
    """
    columns = list(zip(table.head, *table.rows, strict=True))
    if sum(max(map(len, column)) + _GAP for column in columns) <= _LINE:
        return [{"need": 0, "share": 0.0}] * len(columns)
    return [_width(column, side) for column, side in zip(columns, table.align, strict=True)]


def _width(column: tuple[str, ...], side: str) -> dict[str, float]:
    head, *cells = column
    longest = max(map(len, cells), default=0)
    if side == "left" and longest > _LONG:
        # Widths grow more slowly than texts, which can go on to the next line.
        mean = sum(map(len, cells)) / len(cells)
        return {"need": 0, "share": round(max(mean, _LONG) ** 0.7, 2)}
    words = re.split(r"[\s-]", head)
    return {"need": max(longest, -(-len(head) // 3), *map(len, words)), "share": 0.0}
