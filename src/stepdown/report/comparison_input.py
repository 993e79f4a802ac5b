"""What changed between the files of two scenarios: figures first, then everything else they say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepdown.evidence import Evidence
from stepdown.files.model import FileModel
from stepdown.report.words import Language, number
from stepdown.report.words_of_comparison import compared
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.quantity import Provenance, Quantity
from stepdown.scenario.tree import figures

__all__ = ["InputChange", "input_changes", "value_text"]

Kind = Literal["added", "removed", "changed", "ground", "evidence"]
_GROUND = ("source", "assumption", "note")
_UNIT = ("unit", "price_year")
_SHAPE = ("mean", "sd", "median", "mode", "low", "high")
_HEADINGS = ("name", "title", "description")  # told of each run; no input of the model


@dataclass(frozen=True)
class InputChange:
    """One thing that two scenarios say differently."""

    key: str
    """Dotted path, as in the file; of evidence its key file/figure."""
    kind: Kind
    """"ground": the number is the same, its source, assumption or note is not."""
    before: Any
    """A number, a text, or a table of them; None where there is nothing."""
    after: Any
    unit: str | None
    price_years: tuple[int | None, int | None] = (None, None)
    n_figures: int = 0
    """Figures below a table that only one of the two has."""


def input_changes(before: LoadedScenario, after: LoadedScenario) -> tuple[InputChange, ...]:
    """Return what two scenarios say differently, by key.

    Parameters
    ----------
    before, after
        Loaded, or read again from stored runs.

    Notes: titles and descriptions are left out. A table that only one has is one change. What
    levels of a grid say is told where it is written, not for each combination.
    """
    old, new = _said(before.scenario), _said(after.scenario)
    found = [*_changed(old, new), *_alone(old, new), *_evidence(before, after)]
    return tuple(sorted(found, key=lambda change: (change.kind == "evidence", change.key)))


def value_text(value: Any, lang: Language) -> str:
    """Return what a file says, as the language writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return compared("true" if value else "false", lang)
    if isinstance(value, int | float):
        return _number(value, lang)
    if isinstance(value, tuple | list):
        return ", ".join(value_text(item, lang) for item in value)
    if isinstance(value, Mapping):
        items = dict(value)
        kind = items.pop("distribution", None)
        said = ", ".join(f"{key} {value_text(item, lang)}" for key, item in items.items())
        return said if kind is None else f"{kind} ({said})"
    return str(value)


def _number(value: float, lang: Language) -> str:
    text = f"{value:.10g}"
    if "e" in text:
        return text
    decimals = len(text.partition(".")[2])
    return number(value, lang, decimals)


_Path = tuple[str, ...]


def _said(scenario: Scenario) -> dict[_Path, Any]:
    """Return all that a scenario says: figures whole, anything else value by value."""
    of_grid = {name for name, own in scenario.strategies.items() if own.levels and scenario.levels}
    return {
        path: value
        for path, value in _leaves(scenario, ())
        if path[0] not in _HEADINGS and not (path[0] == "strategies" and path[1] in of_grid)
    }


def _leaves(record: Any, path: _Path) -> Iterator[tuple[_Path, Any]]:
    if isinstance(record, Provenance):
        yield path, record
    elif isinstance(record, FileModel):
        for name, field in type(record).model_fields.items():
            yield from _leaves(getattr(record, name), (*path, field.alias or name))
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(record, tuple) and any(isinstance(item, FileModel) for item in record):
        for index, value in enumerate(record):
            yield from _leaves(value, (*path, str(index)))
    elif record is not None and record != ():
        yield path, record


def _changed(old: dict[_Path, Any], new: dict[_Path, Any]) -> Iterator[InputChange]:
    """Yield what both say, and say differently."""
    for path in old.keys() & new.keys():
        before, after = old[path], new[path]
        if before == after:
            continue
        if not isinstance(before, Provenance) or not isinstance(after, Provenance):
            yield InputChange(".".join(path), "changed", _plain(before), _plain(after), None)
        else:
            yield from _figure(".".join(path), before, after)


def _figure(key: str, before: Provenance, after: Provenance) -> Iterator[InputChange]:
    """Yield where two figures differ: each number, or else the ground."""
    old, new = _numbers(before), _numbers(after)
    units = (_unit(before), _unit(after))
    unit = units[1] if units[0] == units[1] else f"{units[0] or '-'} -> {units[1] or '-'}"
    years = (getattr(before, "price_year", None), getattr(after, "price_year", None))
    parts = [part for part in (*old, *(p for p in new if p not in old))
             if old.get(part) != new.get(part)]  # fmt: skip
    if not parts and (units[0] != units[1] or years[0] != years[1]):
        parts = list(new)
    for part in parts:
        place = f"{key}.{part}" if part else key
        kind: Kind = "changed"
        if part not in old or part not in new:
            kind = "added" if part not in old else "removed"
        yield InputChange(place, kind, old.get(part), new.get(part), unit, years)
    grounds = (_ground(before), _ground(after))
    # A number that one file copies from its source, and the other cites, is the same.
    if not parts and grounds[0] != grounds[1]:
        yield InputChange(key, "ground", *grounds, unit, years)


def _numbers(figure: Provenance) -> dict[str, Any]:
    """Return the numbers of a figure by key; of one number or distribution by the key "" alone."""
    if isinstance(figure, Quantity):
        if figure.parameter is not None:
            return {"": {"parameter": figure.parameter}}
        if figure.distribution is None:
            return {"": figure.value}
        shape = {n: getattr(figure, n) for n in _SHAPE if getattr(figure, n) is not None}
        return {"": {"distribution": figure.distribution, **shape}}
    said = figure.model_dump(exclude={*_GROUND, *_UNIT}, exclude_none=True, by_alias=True)
    return dict(_flat(said, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else str(key))
    elif value != ():
        yield path, value


def _unit(figure: Provenance) -> str | None:
    return getattr(figure, "unit", None)


def _ground(figure: Provenance) -> str:
    said = [figure.assumption, *figure.sources, figure.note]
    return "; ".join(part for part in said if part)


def _plain(value: Any) -> Any:
    """Return what a file says without records, for texts and JSON."""
    if isinstance(value, Provenance):
        numbers = _numbers(value)
        return numbers[""] if set(numbers) == {""} else numbers
    if isinstance(value, FileModel):
        return value.model_dump(mode="json", exclude_none=True)
    return list(value) if isinstance(value, tuple) else value


def _alone(old: dict[_Path, Any], new: dict[_Path, Any]) -> Iterator[InputChange]:
    """Yield what only one says: the outermost table that the other lacks, or a value."""
    sides: tuple[tuple[Kind, dict[_Path, Any], dict[_Path, Any]], ...] = (
        ("removed", old, new),
        ("added", new, old),
    )
    for kind, own, other in sides:
        known = {path[:length] for path in other for length in range(1, len(path) + 1)}
        tables: dict[_Path, list[_Path]] = {}
        for path in own:
            if path not in known:
                length = next(n for n in range(1, len(path) + 1) if path[:n] not in known)
                tables.setdefault(path[:length], []).append(path)
        for table, paths in tables.items():
            yield _table_alone(kind, own, table, paths)


def _table_alone(
    kind: Kind, own: dict[_Path, Any], table: _Path, paths: list[_Path]
) -> InputChange:
    here = [own[path] for path in paths]
    value = _plain(here[0]) if paths == [table] else None
    unit = _unit(here[0]) if isinstance(here[0], Provenance) and value is not None else None
    n_figures = sum(isinstance(item, Provenance) for item in here) if value is None else 0
    years = (None, None)
    before, after = (value, None) if kind == "removed" else (None, value)
    return InputChange(".".join(table), kind, before, after, unit, years, n_figures)


def _evidence(before: LoadedScenario, after: LoadedScenario) -> Iterator[InputChange]:
    """Yield the figures of evidence that both cite and that are not the same."""
    for key in sorted(_cited(before) & _cited(after)):
        old, new = _record(before.evidence, key), _record(after.evidence, key)
        differ = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if differ:
            before_it, after_it = (
                {name: side[name] for name in differ if name in side} for side in (old, new)
            )
            yield InputChange(key, "evidence", before_it, after_it, None)


def _cited(loaded: LoadedScenario) -> set[str]:
    return {key for _, figure in figures(loaded.scenario) for key in figure.sources}


def _record(evidence: Evidence, key: str) -> dict[str, Any]:
    return evidence.figure(key).model_dump(mode="json", exclude_none=True)
