"""Tables -> the text of a TOML file, each figure on a line below the cell it came from."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stepdown.files.kroner import is_kroner, two_readings

__all__ = ["Figure", "toml_text"]

Path = tuple[str, ...]


class Figure(dict[str, Any]):
    """A table written on one line, since its keys belong together."""


def toml_text(tables: Mapping[str, Any], cells: Mapping[Path, str], head: str) -> str:
    """Return the text of a file.

    Parameters
    ----------
    tables
        Nested; a `Figure` is written on one line.
    cells
        Where keys came from, by their paths: a comment above each.
    head
        Comment at the top of the file, a line or more.
    """
    lines = [f"# {line}" if line else "#" for line in head.splitlines()]
    return "\n".join([*lines, "", *_table(tables, cells, ())]).rstrip() + "\n"


def _table(table: Mapping[str, Any], cells: Mapping[Path, str], path: Path) -> Iterator[str]:
    """Yield the lines of a table: its own keys first, then the tables below it."""
    below = {key: value for key, value in table.items() if _is_table(value)}
    own = {key: value for key, value in table.items() if key not in below}
    if path and own:
        yield f"[{'.'.join(_key(part) for part in path)}]"
    for key, value in own.items():
        if (*path, key) in cells:
            yield f"# {cells[(*path, key)]}"
        yield f"{_key(key)} = {_value(value)}"
    if own:
        yield ""
    for key, value in below.items():
        yield from _table(value, cells, (*path, key))


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and not isinstance(value, Figure)


def _key(key: str) -> str:
    is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if is_bare and not key.isdigit() else _text(key)


def _value(value: Any, *, in_kroner: bool = False) -> str:
    """Return a value as it is written; below a unit of kroner, an amount with one reading."""
    if isinstance(value, dict):
        in_kroner = in_kroner or is_kroner(value.get("unit"))
        inside = (f"{_key(k)} = {_value(v, in_kroner=in_kroner)}" for k, v in value.items())
        return "{ " + ", ".join(inside) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item, in_kroner=in_kroner) for item in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= 10_000 else str(value)
    # 212.625 would be refused: it may be a Danish 212,625. A cell holds a number, which is clear.
    return f"{value!r}0" if in_kroner and two_readings(repr(value)) else repr(value)


def _text(text: str) -> str:
    # A basic string of TOML takes the escapes of JSON, and wants DEL escaped too.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
