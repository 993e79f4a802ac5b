"""On which line of a TOML file each key stands, and how each value is written.

The standard library's reader keeps no lines, and an error without a line does not teach; nor does
it keep the text of a number, and 250.000 is not what 250.0 is to whoever wrote it. This scanner
reads where keys and elements begin, and takes values as they stand. It trusts that `tomllib` has
accepted the text: on any other text it fails on an assertion or answers wrongly. Nested arrays and
inline tables are read by recursion, as in `tomllib`.
"""

import re
import tomllib
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SEPARATOR = re.compile(rf"{_BLANK.pattern},?{_BLANK.pattern}")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_EQUALS = re.compile(r"[ \t]*=[ \t]*")
_HEADER_OPEN = re.compile(r"\[\[?[ \t]*")
_HEADER_CLOSE = re.compile(r"[ \t]*\]\]?")
_ARRAY_OPEN, _ARRAY_CLOSE = re.compile(r"\["), re.compile(r"\]")
_TABLE_OPEN, _TABLE_CLOSE = re.compile(r"\{"), re.compile(r"\}")
_BASIC = r'"(?:[^"\\\n]|\\.)*"'
_LITERAL = r"'[^'\n]*'"
_NAME = re.compile(rf"[A-Za-z0-9_-]+|{_BASIC}|{_LITERAL}")
_SCALAR = re.compile(
    r'"""(?s:\\.|[^\\])*?"{3,5}'  # up to two quotes may stand before the closing three
    r"|'''(?s:.)*?'{3,5}"
    rf"|{_BASIC}|{_LITERAL}"
    r"|\d{4}-\d\d-\d\d \d[^\s,\]}#]*"  # a date and a time with a space between
    r"|[^\s,\]}#]+"
)


class _Cursor:
    """A place in the text that knows its line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1

    @property
    def at_end(self) -> bool:
        """Tell whether the whole text is read."""
        return self.at == len(self.text)

    def accept(self, pattern: re.Pattern[str]) -> str | None:
        """Step over what matches here and return it, or stay and return None."""
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        self.line += match.group().count("\n")
        return match.group()

    def take(self, pattern: re.Pattern[str]) -> str:
        """Step over what must match here and return it."""
        token = self.accept(pattern)
        assert token is not None, f"own invariant: not valid TOML at line {self.line}"
        return token


class _Scanner:
    """Walks the document once and writes down the line of each path, and each value's text."""

    def __init__(self, text: str) -> None:
        self.cursor = _Cursor(text)
        self.lines: dict[KeyPath, int] = {}
        self.tokens: dict[KeyPath, str] = {}
        self.n_tables: dict[KeyPath, int] = {}  # of each array of tables, so far

    def document(self) -> "_Scanner":
        """Read headers and key-value pairs to the end."""
        table: KeyPath = ()
        self.cursor.take(_BLANK)
        while not self.cursor.at_end:
            if opening := self.cursor.accept(_HEADER_OPEN):
                table = self.header(in_array=opening.startswith("[["))
            else:
                self.pair(table)
            self.cursor.take(_BLANK)
        return self

    def header(self, *, in_array: bool) -> KeyPath:
        """Read a table header after its opening, and return the path of its table."""
        line = self.cursor.line
        path = self.key(())
        self.cursor.take(_HEADER_CLOSE)
        if in_array:
            self.lines.setdefault(path, line)
            index = self.n_tables.get(path, 0)
            self.n_tables[path] = index + 1
            path = (*path, index)
        self.lines[path] = line
        return path

    def pair(self, table: KeyPath) -> None:
        """Read one key and its value."""
        line = self.cursor.line
        path = self.key(table)
        self.lines[path] = line
        self.cursor.take(_EQUALS)
        self.value(path)

    def key(self, path: KeyPath) -> KeyPath:
        """Read a dotted key and return its path, each parent's line kept if it had none."""
        path = (*path, self.name())
        while self.cursor.accept(_DOT):
            self.lines.setdefault(path, self.cursor.line)
            if path in self.n_tables:  # a header reaches into the latest table of an array
                path = (*path, self.n_tables[path] - 1)
            path = (*path, self.name())
        return path

    def name(self) -> str:
        """Read one part of a key, without its quotes and escapes."""
        token = self.cursor.take(_NAME)
        if token.startswith('"'):
            return str(tomllib.loads(f"name = {token}")["name"])
        return token.strip("'")

    def value(self, path: KeyPath) -> None:
        """Read a value, and the keys and elements inside it."""
        if self.cursor.accept(_ARRAY_OPEN):
            self.array(path)
        elif self.cursor.accept(_TABLE_OPEN):
            self.inline_table(path)
        else:
            self.tokens[path] = self.cursor.take(_SCALAR)

    def array(self, path: KeyPath) -> None:
        """Read an array after its opening."""
        index = 0
        self.cursor.take(_BLANK)
        while not self.cursor.accept(_ARRAY_CLOSE):
            self.lines[*path, index] = self.cursor.line
            self.value((*path, index))
            self.cursor.take(_SEPARATOR)
            index += 1

    def inline_table(self, path: KeyPath) -> None:
        """Read an inline table after its opening; lines may break in it, as TOML 1.1 allows."""
        self.cursor.take(_BLANK)
        while not self.cursor.accept(_TABLE_CLOSE):
            self.pair(path)
            self.cursor.take(_SEPARATOR)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Find the line of every key, table and array element of a TOML document.

    Parameters
    ----------
    text
        The document, as `tomllib.loads` accepted it.

    Returns
    -------
        Line, from 1, by path. A path is the keys from the root down, with a whole number, from
        0, for each element of an array and each table of an array of tables.

    Notes: a table stands on the line of its header; one that has none, and an array of tables,
    on the line that first names it. An element stands on the line where it begins.
    """
    return _Scanner(text).document().lines


def value_tokens(text: str) -> dict[KeyPath, str]:
    """Find the text of every value of a TOML document that is no table and no array.

    Parameters
    ----------
    text
        The document, as `tomllib.loads` accepted it.

    Returns
    -------
        Text as it is written, quotes included, by path as in `key_lines`.
    """
    return _Scanner(text).document().tokens


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a path, or of the nearest place above it that has one.

    Parameters
    ----------
    lines
        Line by path, from `key_lines`.
    path
        Where to look. It may name what the document lacks, such as a missing key.

    Returns
    -------
        Line, from 1, of the longest beginning of the path that is known; 0 when none is.
    """
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 0
