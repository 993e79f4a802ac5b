"""A TOML file as read: its text, its tables, the line of every key, the text of every value."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from stepdown.errors import InputError, Problem
from stepdown.files.positions import KeyPath, key_lines, line_of, value_tokens
from stepdown.files.syntax import syntax_problem

__all__ = ["TomlFile", "parse_toml", "read_toml"]

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that netCDF or a workbook cannot hold."""


@dataclass(frozen=True)
class TomlFile:
    """One file, valid as TOML."""

    name: str
    """Path as the user wrote it."""
    text: str = field(repr=False)
    tables: dict[str, Any] = field(repr=False)

    @cached_property
    def lines(self) -> Mapping[KeyPath, int]:
        """Line of every key; found only when a message needs it."""
        return key_lines(self.text)

    @cached_property
    def tokens(self) -> Mapping[KeyPath, str]:
        """Text of every value; found only when the numbers read are not enough."""
        return value_tokens(self.text)

    def line(self, path: KeyPath) -> int:
        """Return the line of a key, or of the nearest table above it; 0 if the file has neither."""
        return line_of(self.lines, path)


def read_toml(path: Path, shown_as: str | None = None) -> TomlFile:
    """Read one TOML file.

    Raises
    ------
    InputError
        There is no such file, or it is not UTF-8 or not TOML; names the line where it breaks.
    """
    name = shown_as or str(path)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise InputError([_not_readable(name, error)]) from None
    try:
        # Some editors put a byte order mark before the text: it is no part of it.
        text = data.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        rule = "TOML files are UTF-8, or Danish letters come out wrong"
        fix = "save the file as UTF-8"
        raise InputError([Problem(name, line, "", "not UTF-8", rule, fix)]) from None
    return parse_toml(name, text)


def parse_toml(name: str, text: str) -> TomlFile:
    """Read the text of one TOML file.

    Raises
    ------
    InputError
        It is not TOML; names the line where it breaks.
    """
    try:
        file = TomlFile(name, text, tomllib.loads(text))
        _check_signs(file)
        return file
    except RecursionError:
        rule = "tables and lists may not stand inside each other so deeply"
        problem = Problem(name, 0, "", "too many brackets", rule, "close the brackets")
        raise InputError([problem]) from None
    except ValueError as error:  # TOMLDecodeError, or a number with thousands of digits
        raise InputError([syntax_problem(name, text, str(error))]) from None


def _not_readable(name: str, error: Exception) -> Problem:
    if isinstance(error, FileNotFoundError):
        return Problem(name, 0, "", "no such file", "a path must lead to a file", "check the path")
    if isinstance(error, IsADirectoryError):
        rule = "a path must lead to a file"
        return Problem(name, 0, "", "is a folder", rule, f"{name.rstrip('/')}/scenario.toml")
    said = error.strerror if isinstance(error, OSError) else None
    return Problem(name, 0, "", f"cannot be read: {said or error}", "", "check the path")


def _check_signs(file: TomlFile) -> None:
    """Refuse texts with signs that no file can hold: netCDF and workbooks would be lost by them."""

    def walk(path: KeyPath, value: object) -> Iterator[Problem]:
        if isinstance(value, str) and (found := _NO_TEXT.search(value)):
            rule = "a text has letters, and signs that can be seen"
            what = f"the sign U+{ord(found.group()):04X} in a text"
            key = ".".join(map(str, path))
            yield Problem(file.name, file.line(path), key, what, rule, "take the sign away")
        elif isinstance(value, dict):
            for key, below in value.items():
                yield from walk((*path, key), below)
        elif isinstance(value, list):
            for index, below in enumerate(value):
                yield from walk((*path, index), below)

    problems = list(walk((), file.tables))
    if problems:
        raise InputError(problems)
