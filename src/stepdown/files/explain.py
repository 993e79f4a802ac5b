"""What is wrong with a value, said in plain words: the errors of the types, for the reader.

The reader knows budgets, not types. A message says the value as it stands in the file, the rule
of that key, and a line to paste.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stepdown.errors import nearest
from stepdown.files import types
from stepdown.files.positions import KeyPath
from stepdown.files.words import as_number, as_toml, kind_of, plain_name

__all__ = ["Explained", "explained", "path_in_file"]

_BOUNDS = {
    "greater_than": ("gt", ">"),
    "greater_than_equal": ("ge", ">="),
    "less_than": ("lt", "<"),
    "less_than_equal": ("le", "<="),
}


class Explained(NamedTuple):
    """One error: the path of its key, its kind, and (what, rule, fix)."""

    path: KeyPath
    kind: str
    fault: tuple[str, str, str]


def explained(errors: Sequence[Any], model: Any, tables: Mapping[str, Any]) -> Iterator[Explained]:
    """Explain the errors of a validation.

    Parameters
    ----------
    errors
        As pydantic lists them.
    model
        Type of the whole.
    tables
        What was validated, as read from the file.
    """
    found: dict[KeyPath, list[Any]] = {}
    for item in errors:
        found.setdefault(path_in_file(item, tables), []).append(item)
    misspelt = {
        (*path[:-1], nearest(str(path[-1]), types.keys_at(model, path[:-1])))
        for path, items in found.items()
        if items[0]["type"] == "extra_forbidden"
    }
    for path, items in found.items():
        item = items[0]
        kind = item["type"]
        # A union complains once for each of its variants; what stands deeper tells more.
        is_outdone = kind.endswith("_type") and any(
            len(other) > len(path) and other[: len(path)] == path for other in found
        )
        if is_outdone or (kind == "missing" and path in misspelt):
            continue
        telling = [one for one in items if not one["type"].endswith("_type")] or items[:1]
        for one in telling:
            for fault in _faults(one, model, path):
                yield Explained(path, one["type"], fault)


def path_in_file(item: Any, tables: Any) -> KeyPath:
    """Return an error's path without what is not in the file: variants of a union, [key]."""
    path: list[str | int] = []
    value = tables
    parts = item["loc"]
    for index, part in enumerate(parts):
        if part in _keys(value):
            value = value[part]
        elif item["type"] != "missing" or index < len(parts) - 1:
            continue
        path.append(part)
    return tuple(path)


def _keys(value: Any) -> Any:
    """Return the keys of a table, or the places of a list."""
    if isinstance(value, list):
        return range(len(value))
    return value if isinstance(value, dict) else ()


def _faults(item: Any, model: Any, path: KeyPath) -> list[tuple[str, str, str]]:
    """Return (what, rule, fix) of one error; a table's own check may have found several."""
    kind, value = item["type"], item["input"]
    if kind == "extra_forbidden":
        return [_unknown_key(model, path)]
    if item["loc"][-1] == "[key]":
        return [_wrong_name(types.key_type(types.at(model, path[:-1])), str(path[-1]))]
    if kind == "value_error":
        error = item["ctx"]["error"]
        return list(getattr(error, "faults", ())) or [(str(error), "", "")]
    here = types.at(model, path)
    if kind == "missing":
        return [_missing(model, path)]
    if kind in _BOUNDS:
        key, sign = _BOUNDS[kind]
        limit = as_toml(item["ctx"][key])
        return [(f"{as_toml(value)}", f"must be {sign} {limit}", f"write a number {sign} {limit}")]
    if kind == "finite_number":
        return [(as_toml(value), "a number must be finite", _line(path, "0.25"))]
    if kind in ("too_short", "too_long"):
        example = types.wanted(here).example
        return [("an empty list", "at least one is needed", _line(path, example))]
    if kind == "string_too_short":
        what = f"{as_toml(value)} is too short"
        shortest = item["ctx"]["min_length"]
        return [(what, f"a sentence of at least {shortest} letters", _line(path, '"why it is so"'))]
    return [_wrong_value(here, path, value)]


def _missing(model: Any, path: KeyPath) -> tuple[str, str, str]:
    here = types.at(model, path)
    table = types.model_of(here)
    if table is not None and not getattr(table, "is_figure", False):
        name = ".".join(str(part) for part in path)
        keys = ", ".join(types.keys_at(model, path))
        return "missing", f"this table is required; it knows {keys}", f"add a table [{name}]"
    return "missing", "this key is required", "add " + _line(path, types.wanted(here).example)


def _unknown_key(model: Any, path: KeyPath) -> tuple[str, str, str]:
    known = types.keys_at(model, path[:-1])
    close = nearest(str(path[-1]), known)
    rule = "the keys here are " + ", ".join(known)
    return "unknown key", rule, f"write {close} instead" if close else "remove it"


def _wrong_name(kind: Any, name: str) -> tuple[str, str, str]:
    """Say what is wrong with a key that the file is free to choose."""
    allowed = types.literals(kind)
    want = types.wanted(kind)
    if allowed:
        close = nearest(name, allowed)
        fix = f"write {close} instead" if close else f"write {allowed[0]} instead"
        return f'unknown name "{name}"', want.rule, fix
    return f'"{name}" is no such name', want.rule, f"write {plain_name(name)} instead"


def _wrong_value(kind: Any, path: KeyPath, value: Any) -> tuple[str, str, str]:
    """Say what a key wants, where something else stands."""
    want = types.wanted(kind)
    shown = as_toml(value)
    what = shown if shown == kind_of(value) else f"{shown} is {kind_of(value)}"
    allowed = types.literals(kind)
    if allowed and isinstance(value, type(allowed[0])):
        close = nearest(str(value), [str(one) for one in allowed])
        return f"{shown} is unknown", want.rule, _line(path, as_toml(close or allowed[0]))
    is_number = want.rule in ("a number", "a whole number")
    if is_number and isinstance(value, str):
        number = as_number(value)
        return what, f"{want.rule} stands without quotes", _line(path, number or want.example)
    if want.rule == "a whole number" and isinstance(value, float):
        return what, f"{want.rule} is wanted", _line(path, f"{value:.0f}")
    if isinstance(value, str) and not is_number and want.example.startswith('"'):
        what = f"{shown} is not written so"
    return what, f"{want.rule} is wanted" if _is_plain(want.rule) else want.rule, _line(
        path, want.example
    )


def _is_plain(rule: str) -> bool:
    return re.match(r"(a|an|text|true|one)\b", rule) is not None and " is " not in rule


def _line(path: KeyPath, value: str) -> str:
    """Return `key = value`, or the value alone for an element of a list."""
    if not path or isinstance(path[-1], int):
        return f"write {value}"
    return f"{path[-1]} = {value}" if re.fullmatch(r"[A-Za-z0-9_-]+", path[-1]) else (
        f'"{path[-1]}" = {value}'
    )
