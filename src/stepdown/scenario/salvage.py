"""What is left of a file with some wrong tables, so that the rest is checked all the same."""

import copy
import tomllib
from typing import Any

from pydantic import ValidationError

from stepdown.files.explain import path_in_file
from stepdown.files.model import tuples
from stepdown.files.positions import KeyPath
from stepdown.files.types import at, model_of, wanted
from stepdown.scenario.model import Scenario
from stepdown.scenario.whole import lacking

__all__ = ["owner", "salvaged"]

_ROUNDS = 12  # a wrong key takes its table with it, and so on up: no file is nested deeper


def salvaged(
    tables: dict[str, Any], error: ValidationError
) -> tuple[Scenario | None, tuple[KeyPath, ...]]:
    """Put examples in the place of what is wrong, or leave it out, and read the rest.

    Parameters
    ----------
    tables
        What was validated.
    error
        What is wrong with it.

    Returns
    -------
        The scenario, or None when something is left out that no scenario can lack; and the paths
        of what was left out. Whoever checks it must keep silent on the tables that were wrong.
    """
    rest = copy.deepcopy(tables)
    filled: set[KeyPath] = set()
    gone: list[KeyPath] = []
    for _ in range(_ROUNDS):
        for item in error.errors():
            path = path_in_file(item, rest)
            example = _example(path)
            if example is not None and path not in filled:
                filled.add(path)
                _put(rest, path, example)
                continue
            path = _shortened(path, is_missing=item["type"] == "missing")
            if not path:
                return None, tuple(gone)
            gone.append(path)
            _put(rest, path, None)
        if lacking(rest):
            return None, tuple(gone)
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


def _example(path: KeyPath) -> Any:
    """Return the example that messages show for a key; None where there is none."""
    kind = at(Scenario, path)
    try:
        return None if kind is None else tomllib.loads(f"key = {wanted(kind).example}")["key"]
    except tomllib.TOMLDecodeError:  # { ... }: too large a table for an example
        return None


def _shortened(path: KeyPath, *, is_missing: bool) -> KeyPath:
    """Return what to leave out: a table that lacks a key, or a list, goes as a whole."""
    path = path[:-1] if is_missing else path
    places = [index for index, part in enumerate(path) if isinstance(part, int)]
    return path[: places[0]] if places else path


def _put(tables: dict[str, Any], path: KeyPath, value: Any) -> None:
    """Set a key, or remove it for None."""
    table: Any = tables
    for key in path[:-1]:
        try:
            table = table[key]
        except (KeyError, IndexError, TypeError):
            return
    if value is not None and isinstance(table, dict | list):
        table[path[-1]] = value  # type: ignore[index]
    elif value is None and isinstance(table, dict):
        table.pop(path[-1], None)
