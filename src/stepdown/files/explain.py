"""What is wrong with a value, said in plain words: the errors of the types, for the reader.

The reader knows budgets, not types. A message says the value as it stands in the file, the rule
of that key, and a line to paste. What is pasted is the reader's own value in the right form, or a
form with words in capitals for what only the reader can know.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from stepdown.errors import nearest
from stepdown.files import types
from stepdown.files.kroner import two_readings
from stepdown.files.layers import Layers
from stepdown.files.meant import (
    is_misspelt_unit,
    meant_band,
    meant_month,
    meant_number,
    meant_whole,
    meant_year,
    model_years,
)
from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text, as_toml, kind_of, plain_name

__all__ = ["Explained", "explained", "path_in_file"]

_Fault = tuple[str, str, str]

_QUOTE = '"'
_YEAR_DIGITS = 4
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


@dataclass(frozen=True)
class _Read:
    """What was validated."""

    model: Any
    layers: Layers

    def is_kroner(self, path: KeyPath) -> bool:
        """Tell whether a number, or a row of numbers, is an amount of kroner."""
        table: Any = self.layers.tables
        for length, key in enumerate(path):
            in_kroner = getattr(
                types.model_of(types.at(self.model, path[:length])), "in_kroner", None
            )
            if in_kroner is not None and isinstance(table, Mapping) and key in in_kroner(table):
                return True
            table = table[key] if key in _keys(table) else None
        return False

    def meant_table(self, path: KeyPath, lacking: Collection[KeyPath]) -> str | None:
        """Return the table of a base, or beside it, that a table most likely meant by its name.

        Parameters
        ----------
        path
            A table that lacks keys. One that is named like one of a base changes that one, and
            needs none.
        lacking
            All tables that lack keys.
        """
        if types.key_type(types.at(self.model, path[:-1])) is None:
            return None
        others: Any = self.layers.tables
        for key in path[:-1]:
            others = others[key]
        depth, own = self.layers.depth(path), str(path[-1])
        whole = [
            name
            for name in others
            if (*path[:-1], name) not in lacking
            # Names in one file that differ in numbers are two things: caseload_31, caseload_25.
            and (self.layers.lies_under((*path[:-1], name), depth) or _digits(name) == _digits(own))
        ]
        return nearest(own, whole)


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def explained(errors: Sequence[Any], model: Any, layers: Layers) -> Iterator[Explained]:
    """Explain the errors of a validation.

    Parameters
    ----------
    errors
        As pydantic lists them.
    model
        Type of the whole.
    layers
        The files whose tables were validated.
    """
    read, tables = _Read(model, layers), layers.tables
    found: dict[KeyPath, list[Any]] = {}
    for item in errors:
        found.setdefault(path_in_file(item, tables), []).append(item)
    misspelt = {
        (*path[:-1], nearest(str(path[-1]), types.keys_at(model, path[:-1])))
        for path, items in found.items()
        if items[0]["type"] == "extra_forbidden"
    }
    meant = _meant_tables(found, read)
    for path, close in meant.items():
        yield Explained(path, "table", _misspelt_table(found, path, close))
    for path, items in found.items():
        item = items[0]
        kind = item["type"]
        # A union complains once for each of its variants; what stands deeper tells more.
        is_outdone = kind.endswith(("_type", "too_short")) and any(
            len(other) > len(path) and other[: len(path)] == path for other in found
        )
        is_told = kind == "missing" and (
            any(path[:length] in meant for length in range(len(path)))
            or not misspelt.isdisjoint((path, ("extends",)))
        )
        if is_outdone or is_told:
            continue
        telling = [one for one in items if not one["type"].endswith("_type")] or items[:1]
        for one in telling:
            for fault in _faults(one, read, path):
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


def _faults(item: Any, read: _Read, path: KeyPath) -> list[_Fault]:
    """Return (what, rule, fix) of one error; a table's own check may have found several."""
    kind = item["type"]
    if kind == "value_error":
        error = item["ctx"]["error"]
        return list(getattr(error, "faults", ())) or [(str(error), "", "")]
    if item["loc"][-1] == "[key]":
        return [_wrong_name(item, read, path)]
    if kind in ("missing", "extra_forbidden"):
        of_key = _missing if kind == "missing" else _unknown_key
        return [of_key(read.model, path)]
    here = types.at(read.model, path)
    limited = _out_of_limits(item, here, path)
    return [_wrong_value(here, path, item["input"], read) if limited is None else limited]


def _out_of_limits(item: Any, here: Any, path: KeyPath) -> _Fault | None:
    """Say what is wrong with a value of the right type; None for one of a wrong type."""
    kind, shown, want = item["type"], as_toml(item["input"]), types.wanted(here)
    if kind in _BOUNDS:
        key, sign = _BOUNDS[kind]
        rule = f"must be {sign} {as_toml(item['ctx'][key])}"
        is_year = want.form == "YEAR"
        return (
            shown,
            rule,
            "write the year with four digits" if is_year else f"write a number {rule[8:]}",
        )
    if kind == "string_pattern_mismatch":
        name = _own(item["input"], item["ctx"]["pattern"], want.form)
        value = f'"{name}"' if name else want.form
        return f"{shown} is not written so", want.rule, _line(path, value)
    said: dict[str, _Fault] = {
        "finite_number": (shown, "a number must be finite", _line(path, "NUMBER")),
        "too_short": ("an empty list", "at least one is needed", _line(path, want.form)),
        "string_too_short": (
            f"{shown} is too short",
            "a sentence tells more",
            _line(path, '"why it is so"'),
        ),
    }
    return said.get(kind)


def _missing(model: Any, path: KeyPath) -> _Fault:
    here = types.at(model, path)
    want, choice = types.wanted(here), types.literals(here)
    under = ".".join(str(part) for part in path[:-1])
    if want.example == "{ ... }":
        name = ".".join(str(part) for part in path)
        keys = ", ".join(types.keys_at(model, path))
        return "missing", f"this table is required; its keys are {keys}", f"add [{name}]"
    rule = "this key is required"
    if len(choice) > 1:
        rule, value = f"{rule}; {want.rule}", "..."
    else:
        value = want.form
    fix = f"add {_line(path, value)}" + (f" under [{under}]" if under else "")
    return "missing", rule, fix


def _meant_tables(found: Mapping[KeyPath, Any], read: _Read) -> dict[KeyPath, str]:
    """Return which table of a base file each table that lacks keys most likely is."""
    lacking = {path[:-1] for path, items in found.items() if items[0]["type"] == "missing"}
    return {path: close for path in lacking if path and (close := read.meant_table(path, lacking))}


def _misspelt_table(found: Mapping[KeyPath, Any], path: KeyPath, close: str) -> _Fault:
    """Say that a table with some keys only is most likely another one, misspelt."""
    missing = [
        str(key[-1])
        for key, items in found.items()
        if key[:-1] == path and items[0]["type"] == "missing"
    ]
    rule = f"only a table whose keys stand elsewhere under its name leaves any out; {close} is one"
    fix = f"did you mean {close}? If {path[-1]} is a new one, add {', '.join(missing)}"
    return f"no {' and no '.join(missing)}", rule, fix


def _unknown_key(model: Any, path: KeyPath) -> _Fault:
    known = types.keys_at(model, path[:-1])
    close = nearest(str(path[-1]), known)
    rule = "the keys here are " + ", ".join(known)
    return (
        "unknown key",
        rule,
        f"write {close} instead" if close else "remove it, or name one of these",
    )


def _wrong_name(item: Any, read: _Read, path: KeyPath) -> _Fault:
    """Say what is wrong with a key that the file is free to choose."""
    name, kind = str(path[-1]), types.key_type(types.at(read.model, path[:-1]))
    allowed = types.literals(kind)
    want = types.wanted(kind)
    if allowed:
        close = nearest(name, allowed)
        fix = f"write {close}" if close else f"write one of {', '.join(allowed)}"
        return f'unknown name "{name}"', want.rule, fix
    if want.form == '"YEAR"':
        fit = meant_year(name, model_years(read.layers.tables))
    else:
        fit = _own(name, item.get("ctx", {}).get("pattern", ""), want.form)
    return f'"{name}" is not written so', want.rule, f"write {fit or want.form.strip(_QUOTE)}"


def _own(text: str, pattern: str, form: str) -> str | None:
    """Return a text in the form that is wanted, if it says what belongs there."""
    if form == '"YEAR-MONTH"':
        return meant_month(text)
    if form == '"FROM-TO"':
        return meant_band(text)
    plain = plain_name(text)
    return next((one for one in (plain, plain.replace("_", "-")) if re.search(pattern, one)), None)


def _wrong_value(kind: Any, path: KeyPath, value: Any, read: _Read) -> _Fault:
    """Say what a key wants, where something else stands."""
    want = types.wanted(kind)
    shown, words = as_toml(value), kind_of(value)
    what = shown if words in (shown, "true or false") else f"{shown} is {words}"
    allowed = types.literals(kind)
    if allowed and isinstance(value, type(allowed[0])):
        return f"{shown} is unknown", want.rule, _choice(path, value, allowed, want.rule)
    if want.is_number and isinstance(value, str):
        return _number_as_text(path, value, read)
    return what, want.rule, _fix_of_value(want, path, value, read)


def _choice(path: KeyPath, value: Any, allowed: list[Any], rule: str) -> str:
    """Return the choice that a value misspells; where there is none, all choices."""
    if path[-1] == "unit":
        close = next((one for one in allowed if is_misspelt_unit(value, one)), None)
        return (
            _line(path, as_toml(close)) if close else f"give the numbers in {as_toml(allowed[0])}"
        )
    close = nearest(str(value), [str(one) for one in allowed])
    return _line(path, as_toml(close)) if close else rule.replace("it is", "write")


def _number_as_text(path: KeyPath, value: str, read: _Read) -> _Fault:
    """Say how a number that stands in quotes is written, or which two it can be."""
    rule = "a number stands without quotes"
    readings = two_readings(value) if read.is_kroner(path) else None
    if readings is not None:
        return readings.what, rule, readings.fix
    number, form = meant_number(value), types.wanted(types.at(read.model, path)).form
    if number is None or (form == "YEAR" and len(number) != _YEAR_DIGITS):
        number = form
    is_clear = " or " not in number
    return f"{as_toml(value)} is text", rule, _line(path, number) if is_clear else f"write {number}"


def _fix_of_value(want: types.Wanted, path: KeyPath, value: Any, read: _Read) -> str:
    """Return the writer's own value as it is wanted, or the form to write it in."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_number = is_number and abs(value) < 1e15
    token = read.layers.token(path)
    if is_number and want.is_number:
        whole = meant_whole(value, token)
        return _line(path, whole) if " or " not in whole else f"write {whole}"
    if is_number and two_readings(token) is None:
        return _line(
            path, want.form.replace("{ value = NUMBER", f"{{ value = {amount_text(value)}")
        )
    if isinstance(value, str) and want.form == '["..."]':
        return _line(path, f"[{as_toml(value)}]")
    if want.form == '"YEAR-MONTH"' and (month := meant_month(value)):
        return _line(path, f'"{month}"')
    return "write true or false" if want.example == "true" else _line(path, want.form)


def _line(path: KeyPath, value: str) -> str:
    """Return `key = value`, or the value alone for an element of a list."""
    if not path or isinstance(path[-1], int):
        return f"write {value}"
    key = str(path[-1])
    return f"{key} = {value}" if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}" = {value}'
