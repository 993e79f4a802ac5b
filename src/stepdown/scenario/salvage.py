"""What is left of a file with some wrong tables, so that the rest is checked all the same."""

import copy
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from stepdown.files.explain import path_in_file
from stepdown.files.model import tuples
from stepdown.files.positions import KeyPath
from stepdown.files.types import at, model_of
from stepdown.scenario.model import Scenario

__all__ = ["owner", "salvaged"]

_ROUNDS = 12  # a wrong key takes its table with it, and so on up: no file is nested deeper


def salvaged(
    tables: dict[str, Any], error: ValidationError
) -> tuple[Scenario | None, tuple[KeyPath, ...]]:
    """Leave out what is wrong, and read the rest.

    Parameters
    ----------
    tables
        What was validated.
    error
        What is wrong with it.

    Returns
    -------
        The scenario without the wrong keys, or None when one is left out that no scenario can
        lack; and the paths of what was left out.
    """
    rest = copy.deepcopy(tables)
    gone: list[KeyPath] = []
    for _ in range(_ROUNDS):
        for item in error.errors():
            path = path_in_file(item, rest)
            if item["type"] == "missing":
                path = path[:-1]  # a table that lacks a key goes as a whole
            if not path:
                return None, tuple(gone)
            gone.append(_remove(rest, path))
        try:
            return Scenario.model_validate(tuples(rest)), tuple(gone)
        except ValidationError as again:
            error = again
    return None, tuple(gone)


def owner(path: KeyPath) -> KeyPath:
    """Return the table that a wrong key belongs to, or the key itself at the top of the file."""
    for length in range(len(path) - 1, 0, -1):
        if model_of(at(Scenario, path[:length])) is not None:
            return path[:length]
    return path


def _remove(tables: dict[str, Any], path: KeyPath) -> KeyPath:
    """Remove a key; of a list the whole list, since the places of its elements have a meaning."""
    keys = _until_list(path)
    table: Any = tables
    for key in keys[:-1]:
        table = table.get(key, {}) if isinstance(table, dict) else {}
    if isinstance(table, dict):
        table.pop(keys[-1], None)
    return keys


def _until_list(path: Iterable[str | int]) -> KeyPath:
    keys: list[str | int] = []
    for part in path:
        if isinstance(part, int):
            break
        keys.append(part)
    return tuple(keys)
