"""Scenario files -> one frozen Scenario, or every problem of the files at once.

A scenario extends a base file: tables are merged key by key, and what the scenario says wins. A
table that is one figure (a quantity, a row of years, factors by band) is replaced whole, so a
value never stands beside the distribution it replaces.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stepdown.errors import Collector, InputError, Problem, nearest
from stepdown.evidence import Evidence, load_evidence
from stepdown.files.model import report_validation, tuples
from stepdown.files.toml import TomlFile, read_toml
from stepdown.scenario.checks import check
from stepdown.scenario.model import Scenario
from stepdown.scenario.shipped import scenario_names, shipped_folder

__all__ = ["LoadedScenario", "load_scenario"]

_FIGURE_KEYS = {"value", "distribution", "from_evidence", "parameter", "by_year", "factors"}
_WHOLE = {"children", "beyond_reach"}  # counts of children: what is not named is not there


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario with the files and the evidence it was read from."""

    scenario: Scenario
    files: tuple[TomlFile, ...]
    evidence: Evidence


def load_scenario(scenario: str | Path) -> LoadedScenario:
    """Read a scenario and the base files it extends.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, a folder with a scenario.toml, or a file.

    Raises
    ------
    InputError
        Any file is missing or wrong; holds every problem found, with file, line, rule and fix.
    """
    files = _read_chain(_find(str(scenario)))
    tables: dict[str, Any] = {}
    for file in reversed(files):
        tables = _merged(tables, file.tables)
    for key in ("extends", "schema_version"):
        tables.pop(key, None)
    problems = Collector()
    try:
        valid = Scenario.model_validate(tuples(tables))
    except ValidationError as error:
        report_validation(error, Scenario, files, problems)
        problems.raise_if_any()
        raise
    evidence = load_evidence(shipped_folder() / "evidence")
    resolved = check(valid, evidence, files, problems)
    problems.raise_if_any()
    return LoadedScenario(resolved, tuple(files), evidence)


def _find(name: str) -> Path:
    """Return the file of a scenario given by name, folder or path."""
    path = Path(name)
    if path.is_dir() and (path / "scenario.toml").is_file():
        return path / "scenario.toml"
    if path.is_file():
        return path
    shipped = shipped_folder() / name / "scenario.toml"
    if name in scenario_names():
        return shipped
    close = nearest(name, scenario_names())
    names = ", ".join(scenario_names())
    fix = f"did you mean {close}?" if close else f"give a path, or one of {names}"
    rule = f"it is neither a file, a folder with a scenario.toml, nor a shipped scenario ({names})"
    raise InputError([Problem(name, 0, "", "no such scenario", rule, fix)])


def _read_chain(path: Path) -> list[TomlFile]:
    """Read a scenario and the base files it extends, the scenario first."""
    files: list[TomlFile] = []
    seen: set[Path] = set()
    while True:
        file = read_toml(path)
        seen.add(path.resolve())
        files.append(file)
        _check_head(file)
        base = file.tables.get("extends")
        if base is None:
            return files
        path = _base_path(path, str(base))
        line = file.line(("extends",))
        if not path.is_file():
            bases = ", ".join(sorted(p.stem for p in (shipped_folder() / "base").glob("*.toml")))
            rule = "a base is the name of a shipped base file, or a path from this file"
            fix = f"write one of {bases}, or a path that exists"
            what = f'"{base}" is not there'
            raise InputError([Problem(file.name, line, "extends", what, rule, fix)])
        if path.resolve() in seen:
            rule = "a file cannot extend itself, directly or by way of another"
            what = f'"{base}" leads back to itself'
            raise InputError([Problem(file.name, line, "extends", what, rule, "remove extends")])


def _check_head(file: TomlFile) -> None:
    version = file.tables.get("schema_version")
    if version != 1 or isinstance(version, bool):
        what = "missing" if version is None else f"{version!r} is not known"
        rule = "this version of stepdown reads schema_version 1"
        line = file.line(("schema_version",))
        fix = "write schema_version = 1 as the first key"
        raise InputError([Problem(file.name, line, "schema_version", what, rule, fix)])
    base = file.tables.get("extends", "")
    if not isinstance(base, str):
        rule = "extends is the name of a base file, in quotes"
        line = file.line(("extends",))
        fix = 'write extends = "danish-staircase"'
        raise InputError([Problem(file.name, line, "extends", f"{base!r}", rule, fix)])


def _base_path(path: Path, base: str) -> Path:
    local = path.parent / base
    return local if local.is_file() else shipped_folder() / "base" / f"{base}.toml"


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return `base` with what `over` says instead."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        is_table = isinstance(value, dict) and isinstance(below, dict) and key not in _WHOLE
        if is_table and not _is_figure(value) and not _is_figure(below):
            merged[key] = _merged(below, value)  # type: ignore[arg-type]
        else:
            merged[key] = value
    return merged


def _is_figure(table: Any) -> bool:
    return bool(_FIGURE_KEYS & set(table))
