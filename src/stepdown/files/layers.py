"""Files laid over each other: the tables that hold, and which file says what.

Tables are merged key by key, and the upper file wins. A table that is one figure (a quantity, a
row of years, factors by band, a stock) is replaced whole, so a value never stands beside the
distribution, nor a number beside the source, that it replaces. Lists are replaced whole. What a
file names in `without` is left out of the files under it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepdown.files.positions import KeyPath
from stepdown.files.toml import TomlFile
from stepdown.files.types import below, model_of

__all__ = ["Layers", "has_key", "left_out", "overlay"]


@dataclass(frozen=True)
class Layers:
    """One or more files read as one."""

    files: tuple[TomlFile, ...]
    """The uppermost first."""
    tables: dict[str, Any]
    origin: Mapping[KeyPath, TomlFile]
    """The file a key comes from; what is not named comes from where its table does."""

    def place(self, path: KeyPath) -> tuple[str, int]:
        """Return the file and the line of a key, or of the nearest table above it."""
        file = self._file(path)
        return file.name, file.line(path) or 1

    def token(self, path: KeyPath) -> str:
        """Return a value as its file has it, such as 250.000; empty for a table or a list."""
        return self._file(path).tokens.get(path, "")

    def depth(self, path: KeyPath) -> int:
        """Return how many files lie over the one that a key comes from."""
        file = self._file(path)
        return next(depth for depth, own in enumerate(self.files) if own is file)

    def lies_under(self, path: KeyPath, depth: int) -> bool:
        """Tell whether a file below the one at a depth has a key, whoever has it above."""
        return any(has_key(file.tables, path) for file in self.files[depth + 1 :])

    def _file(self, path: KeyPath) -> TomlFile:
        for length in range(len(path), 0, -1):
            if path[:length] in self.origin:
                return self.origin[path[:length]]
        return self.files[0]

    def place_of_missing(self, path: KeyPath) -> tuple[str, int]:
        """Return where a missing key belongs: the uppermost file, which need not have its table."""
        top = self.files[0]
        return top.name, top.line(path[:-1]) or 1


def has_key(tables: Any, path: KeyPath) -> bool:
    """Tell whether nested tables have a key."""
    for key in path:
        if not isinstance(tables, dict) or key not in tables:
            return False
        tables = tables[key]
    return True


def overlay(files: Sequence[TomlFile], kind: Any) -> Layers:
    """Lay files over each other, the uppermost first.

    Parameters
    ----------
    files
        At least one.
    kind
        Type of the whole, which tells figures from tables of figures.
    """
    origin: dict[KeyPath, TomlFile] = {}
    tables: dict[str, Any] = {}
    for file in reversed(files):
        for path in left_out(file):
            tables = _pruned(tables, path)
            for old in [known for known in origin if known[: len(path)] == path]:
                del origin[old]
        tables = _merged(tables, file.tables, kind, (), file, origin)
    return Layers(tuple(files), tables, origin)


def left_out(file: TomlFile) -> list[KeyPath]:
    """Return the tables that a file leaves out of those under it."""
    named = file.tables.get("without")
    if not isinstance(named, list):
        return []
    return [tuple(name.split(".")) for name in named if isinstance(name, str)]


def _pruned(tables: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """Return tables without the one at a path."""
    key, rest = str(path[0]), path[1:]
    if not rest:
        return {name: table for name, table in tables.items() if name != key}
    if not isinstance(tables.get(key), dict):
        return tables
    return {**tables, key: _pruned(tables[key], rest)}


def _merged(
    under: dict[str, Any],
    over: dict[str, Any],
    kind: Any,
    path: KeyPath,
    file: TomlFile,
    origin: dict[KeyPath, TomlFile],
) -> dict[str, Any]:
    """Return `under` with what `over` says instead, and note where each key comes from."""
    merged = dict(under)
    for key, value in over.items():
        here, inner, lower = (*path, key), below(kind, key), under.get(key)
        model = model_of(inner)
        is_whole = model is not None and getattr(model, "is_figure", False)
        origin[here] = file
        if isinstance(value, dict) and not is_whole:
            lower = lower if isinstance(lower, dict) else {}
            merged[key] = _merged(lower, value, inner, here, file, origin)
            continue
        merged[key] = value
        if isinstance(lower, dict) and not is_whole:  # a table gives way to what is none
            for old in [known for known in origin if known[: len(here)] == here != known]:
                del origin[old]
    return merged
