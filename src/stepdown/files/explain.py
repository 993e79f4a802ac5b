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
from stepdown.files.words import amount_text, as_number, as_toml, kind_of, plain_name

__all__ = ["Explained", "explained", "path_in_file"]

_Fault = tuple[str, str, str]

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
    fault: _Fault


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
        is_outdone = kind.endswith(("_type", "too_short")) and any(
            len(other) > len(path) and other[: len(path)] == path for other in found
        )
        is_told = kind == "missing" and not misspelt.isdisjoint((path, ("extends",)))
        if is_outdone or is_told:
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


def _faults(item: Any, model: Any, path: KeyPath) -> list[_Fault]:
    """Return (what, rule, fix) of one error; a table's own check may have found several."""
    kind = item["type"]
    if kind == "value_error":
        error = item["ctx"]["error"]
        return list(getattr(error, "faults", ())) or [(str(error), "", "")]
    if item["loc"][-1] == "[key]":
        return [_wrong_name(item, types.key_type(types.at(model, path[:-1])), str(path[-1]))]
    if kind in ("missing", "extra_forbidden"):
        return [_missing(model, path) if kind == "missing" else _unknown_key(model, path)]
    here = types.at(model, path)
    limited = _out_of_limits(item, here, path)
    return [_wrong_value(here, path, item["input"]) if limited is None else limited]


def _out_of_limits(item: Any, here: Any, path: KeyPath) -> _Fault | None:
    """Say what is wrong with a value of the right type; None for one of a wrong type."""
    kind, shown, want = item["type"], as_toml(item["input"]), types.wanted(here)
    if kind in _BOUNDS:
        key, sign = _BOUNDS[kind]
        limit = as_toml(item["ctx"][key])
        fix = _line(path, limit) if "=" in sign else f"write a number {sign} {limit}"
        return shown, f"must be {sign} {limit}", fix
    if kind == "string_pattern_mismatch":
        name = _fitting(item["input"], item["ctx"]["pattern"])
        return (
            f"{shown} is not written so",
            want.rule,
            _line(path, f'"{name}"' if name else want.example),
        )
    said: dict[str, _Fault] = {
        "finite_number": (shown, "a number must be finite", _line(path, "0.25")),
        "too_short": ("an empty list", "at least one is needed", _line(path, want.example)),
        "string_too_short": (
            f"{shown} is too short",
            "a sentence tells more",
            _line(path, '"why it is so"'),
        ),
    }
    return said.get(kind)


def _missing(model: Any, path: KeyPath) -> _Fault:
    want = types.wanted(types.at(model, path))
    under = ".".join(str(part) for part in path[:-1])
    if want.example == "{ ... }":
        name = ".".join(str(part) for part in path)
        keys = ", ".join(types.keys_at(model, path))
        return "missing", f"this table is required; its keys are {keys}", f"add [{name}]"
    fix = f"add {_line(path, want.example)}" + (f" under [{under}]" if under else "")
    return "missing", "this key is required", fix


def _unknown_key(model: Any, path: KeyPath) -> _Fault:
    known = types.keys_at(model, path[:-1])
    close = nearest(str(path[-1]), known)
    rule = "the keys here are " + ", ".join(known)
    return "unknown key", rule, f"write {close} instead" if close else "remove it"


def _wrong_name(item: Any, kind: Any, name: str) -> _Fault:
    """Say what is wrong with a key that the file is free to choose."""
    allowed = types.literals(kind)
    want = types.wanted(kind)
    if allowed:
        return f'unknown name "{name}"', want.rule, f"write {nearest(name, allowed) or allowed[0]}"
    fit = _fitting(name, item.get("ctx", {}).get("pattern", "")) or want.example.strip('"')
    return f'"{name}" is not written so', want.rule, f"write {fit}"


def _fitting(name: str, pattern: str) -> str | None:
    """Return a name turned into the letters that a pattern allows, if that is easy."""
    plain = plain_name(name)
    return next((one for one in (plain, plain.replace("_", "-")) if re.search(pattern, one)), None)


def _wrong_value(kind: Any, path: KeyPath, value: Any) -> _Fault:
    """Say what a key wants, where something else stands."""
    want = types.wanted(kind)
    shown, words = as_toml(value), kind_of(value)
    what = shown if words in (shown, "true or false") else f"{shown} is {words}"
    allowed = types.literals(kind)
    if allowed and isinstance(value, type(allowed[0])):
        close = nearest(str(value), [str(one) for one in allowed])
        return f"{shown} is unknown", want.rule, _line(path, as_toml(close or allowed[0]))
    fix = want.example
    if want.is_number and isinstance(value, str):
        fix = as_number(value) or fix
        return what, "a number stands without quotes", _line(path, fix)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_number = is_number and abs(value) < 1e15
    if is_number and want.is_number:
        fix = f"{value:.0f}"
    elif is_number:
        fix = re.sub(r"^\{ value = [0-9.]+", f"{{ value = {amount_text(value)}", fix)
    elif isinstance(value, str) and fix == '["..."]':
        fix = f"[{shown}]"
    return what, want.rule, _line(path, fix)


def _line(path: KeyPath, value: str) -> str:
    """Return `key = value`, or the value alone for an element of a list."""
    if not path or isinstance(path[-1], int):
        return f"write {value}"
    key = str(path[-1])
    return f"{key} = {value}" if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}" = {value}'
