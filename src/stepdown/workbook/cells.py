"""Cells as a spreadsheet names them."""

import re

__all__ = ["letters", "place_of"]

_NAME = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def letters(column: int) -> str:
    """Return the letters of a column counted from 0: 0 is A, 26 is AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def place_of(cell: str) -> tuple[int, int] | None:
    """Return the row and the column of a cell, both from 0: C5 is (4, 2); None if it is none."""
    match = _NAME.fullmatch(cell)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1
