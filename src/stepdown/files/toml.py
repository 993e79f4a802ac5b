"""A TOML file as read: its text, its tables, and the line of every key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from stepdown.errors import InputError, Problem
from stepdown.files.positions import KeyPath, key_lines, line_of

__all__ = ["TomlFile", "read_toml"]


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
        text = path.read_bytes().decode("utf-8")
        return TomlFile(name, text, tomllib.loads(text))
    except OSError as error:
        what = "no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)
        problem = Problem(name, 0, "", what, "", "check the path")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        rule = "TOML files are UTF-8"
        problem = Problem(name, line, "", "not UTF-8", rule, "save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        line = _line_of_decode_error(text, error)
        fix = 'write numbers as 1_200_000 and 0.25, text in "quotes", true or false'
        problem = Problem(name, line, "", f"not TOML: {error}", "", fix)
    raise InputError([problem]) from None


def _line_of_decode_error(text: str, error: tomllib.TOMLDecodeError) -> int:
    words = str(error).replace(",", " ").replace(")", " ").split()
    if "line" in words:
        return int(words[words.index("line") + 1])
    return text.count("\n") + 1
