"""Scenario files -> one frozen Scenario, or every problem of the files at once.

A scenario extends a base file, or several, which may extend others; how they are laid over each
other is told in `stepdown.files.layers`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import InitErrorDetails

from stepdown.errors import Collector, InputError, Problem, nearest
from stepdown.evidence import Evidence, evidence_of_texts, load_evidence
from stepdown.files.amounts import report_two_readings
from stepdown.files.layers import Layers, has_key, left_out, overlay
from stepdown.files.model import report_validation, tuples
from stepdown.files.toml import TomlFile, parse_toml, read_toml
from stepdown.scenario.checks import check
from stepdown.scenario.model import Scenario
from stepdown.scenario.posterior_files import Posterior, find_posterior, posterior_of_text
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.salvage import owner, salvaged
from stepdown.scenario.shipped import base_names, scenario_names, shipped_folder
from stepdown.scenario.whole import lacking

__all__ = ["LoadedScenario", "load_scenario", "rebuild_scenario"]

SCHEMA_VERSION = 1
_BASE_TABLES = ("bands", "payers", "steps", "moves", "money", "baseline")
_LINES_BASE_TABLES = ("payers", "money", "baseline")


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario with the files and the evidence it was read from."""

    scenario: Scenario
    files: tuple[TomlFile, ...]
    evidence: Evidence
    posterior: Posterior | None = None
    """Where some of its numbers are drawn from."""


def load_scenario(scenario: str | Path) -> LoadedScenario:
    """Read a scenario and the base files it extends.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, a folder with a scenario.toml, or a file. Its figures may cite
        the shipped evidence, and files in a folder evidence beside it.

    Raises
    ------
    InputError
        Any file is missing or wrong; holds every problem found, with file, line, rule and fix.
    """
    problems = Collector()
    path = _find(str(scenario))
    files = list(_read_chain(path, problems).values())
    evidence = load_evidence(path.parent / "evidence", shipped_folder() / "evidence")
    layers = overlay(files, Scenario)
    return _load(layers, evidence, find_posterior(layers, problems), problems)


def rebuild_scenario(
    texts: Mapping[str, str], evidence: Mapping[str, str], posterior: str = ""
) -> LoadedScenario:
    """Read a scenario again from the texts of its files, as a stored run keeps them.

    Parameters
    ----------
    texts
        Text of each file by name, the scenario first, then the files it extends.
    evidence
        Text of each file of evidence by stem. No other evidence is looked for.
    posterior
        Text of what the posterior holds that the files name; empty where they name none.

    Raises
    ------
    InputError
        This version of Stepdown finds the texts wrong; holds every problem, with file and line.
    """
    problems = Collector()
    files = [parse_toml(name, text) for name, text in texts.items()]
    for file in files:
        _check_version(file, problems)
    layers = overlay(files, Scenario)
    kept = posterior_of_text(layers, posterior, problems)
    return _load(layers, evidence_of_texts(evidence), kept, problems)


def _load(
    layers: Layers, evidence: Evidence, posterior: Posterior | None, problems: Collector
) -> LoadedScenario:
    """Check files, the uppermost first, and make one scenario of them."""
    _check_without(list(layers.files), problems)
    for key in Scenario.head:
        layers.tables.pop(key, None)
    checked = _checked(layers, evidence, posterior, problems)
    for error in evidence.wrong_files.values():
        for problem in error.problems:
            problems.add(problem)
    problems.raise_if_any()
    assert checked is not None, "own invariant: a scenario without a problem is whole"
    return LoadedScenario(checked, layers.files, evidence, posterior)


def _checked(
    layers: Layers, evidence: Evidence, posterior: Posterior | None, problems: Collector
) -> Scenario | None:
    """Validate and check the tables; where some are wrong, check the others all the same."""
    doubtful = report_two_readings(layers, Scenario, problems)
    whole, error = _validated(layers)
    if error is not None:
        wrong = report_validation(error, Scenario, layers, problems)
        _report_no_base(layers, problems)
        rest, gone = salvaged(layers.tables, error)
        if rest is not None:
            tables = [owner(path) for path in wrong]
            say = Reporter(layers, problems, (*doubtful, *wrong), tables, gone)
            check(rest, evidence, say, posterior)
        return None
    assert whole is not None, "own invariant: what has no error is whole"
    return check(whole, evidence, Reporter(layers, problems, doubtful), posterior)


def _validated(layers: Layers) -> tuple[Scenario | None, ValidationError | None]:
    """Return the scenario, or its errors: those of the types, and what a staircase lacks.

    The types take a scenario without a staircase, since one of budget lines alone has none. A
    staircase that is there in part is told like any other key that is missing.
    """
    whole, errors = None, []
    try:
        whole = Scenario.model_validate(tuples(layers.tables))
    except ValidationError as error:
        for item in error.errors():
            errors.append(
                InitErrorDetails(
                    type=item["type"],
                    loc=item["loc"],
                    input=item["input"],
                    ctx=item.get("ctx", {}),
                )
            )
    for key in lacking(layers.tables):
        errors.append(InitErrorDetails(type="missing", loc=(key,), input=layers.tables))
    if not errors:
        return whole, None
    return None, ValidationError.from_exception_data("Scenario", errors)


def _report_no_base(layers: Layers, problems: Collector) -> None:
    """Say what a base is for, where a scenario without one lacks most of what a base has."""
    wanted: tuple[str, ...] = _BASE_TABLES
    base = base_names()[0]
    if "budget_lines" in layers.tables and not lacking(layers.tables):
        wanted, base = _LINES_BASE_TABLES, "municipal-budget"
    gone = [key for key in wanted if key not in layers.tables]
    misspelt = nearest("extends", layers.tables) is not None
    if len(layers.files) == 1 and len(gone) > 1 and not misspelt:
        rule = f"a scenario that extends no base defines {', '.join(gone)} itself"
        fix = f'add extends = "{base}"'
        problems.report(layers.files[0].name, 1, "extends", "missing", rule, fix)


def _find(name: str) -> Path:
    """Return the file of a scenario given by name, folder or path."""
    inside = os.path.join(name, "scenario.toml")
    for path in (inside, name):
        if os.path.isfile(path):
            return Path(path)
    names = scenario_names()
    if name in names:
        return shipped_folder() / name / "scenario.toml"
    shipped = f"a shipped scenario ({', '.join(names)})"
    if os.path.isdir(name):
        rule = f"a scenario is a file, a folder with a scenario.toml, or {shipped}"
        fix = f"name the file, or save it as {inside}"
        raise InputError([Problem(name, 0, "", "a folder without a scenario.toml", rule, fix)])
    close = nearest(name, names)
    fix = f"did you mean {close}?" if close else f"give a path, or one of {', '.join(names)}"
    rule = f"it is neither a file, a folder with a scenario.toml, nor {shipped}"
    raise InputError([Problem(name, 0, "", "no such scenario", rule, fix)])


def _read_chain(
    path: Path, problems: Collector, above: tuple[Path, ...] = ()
) -> dict[Path, TomlFile]:
    """Read a scenario and the base files it extends, the scenario first.

    A file that two others extend lies under both.
    """
    file = read_toml(path)
    above = (*above, path.resolve())
    _check_version(file, problems)
    named = file.tables.get("extends", [])
    files = {above[-1]: file}
    for base in named if isinstance(named, list) else [named]:
        found = _base_path(path, base) if isinstance(base, str) else None
        if found is None or found.resolve() in above:
            # Without its base a scenario lacks nearly everything: no more is said of it.
            _report_base(file, base, is_found=found is not None, problems=problems)
            problems.raise_if_any()
        assert found is not None, "own invariant: a missing base is a problem"
        for place, lower in _read_chain(found, problems, above).items():
            files.pop(place, None)
            files[place] = lower
    return files


def _check_without(files: list[TomlFile], problems: Collector) -> None:
    """Report what a file leaves out that no file under it has."""
    for index, file in enumerate(files):
        named = file.tables.get("without", [])
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            rule = "without is a list of tables of the base"
            fix = f'without = ["{named if isinstance(named, str) else "TABLE"}"]'
            line = file.line(("without",))
            problems.report(file.name, line, "without", f"{named!r} is no list of names", rule, fix)
            continue
        for number, path in enumerate(left_out(file)):
            below = overlay(files[index + 1 :], Scenario).tables if files[index + 1 :] else {}
            if not has_key(below, path):
                what = f'"{named[number]}" is in no file that this one extends'
                rule = "without leaves out tables of the base, by their dotted names"
                line = file.line(("without", number))
                problems.report(file.name, line, "without", what, rule, "remove it")


def _check_version(file: TomlFile, problems: Collector) -> None:
    version = file.tables.get("schema_version")
    if version == SCHEMA_VERSION and not isinstance(version, bool):
        return
    what = "missing" if version is None else f"{version!r} is not known"
    rule = f"this version of stepdown reads schema_version {SCHEMA_VERSION}"
    fix = f"write schema_version = {SCHEMA_VERSION} as the first key"
    line = file.line(("schema_version",)) or 1
    problems.report(file.name, line, "schema_version", what, rule, fix)
    if version is not None:
        problems.raise_if_any()  # the keys of another version would all seem wrong


def _report_base(file: TomlFile, base: object, *, is_found: bool, problems: Collector) -> None:
    line = file.line(("extends",))
    bases = base_names()
    if is_found:
        what = f'"{base}" leads back to this file'
        rule = "a file cannot extend itself, directly or by way of another"
        fix = "name another file, or remove it"
    elif isinstance(base, str):
        what = f'"{base}" is not there'
        rule = "a base is a shipped base file by name, or the path of a file from this one"
        close = nearest(base, [*bases, *scenario_names()])
        fix = f"write a path that exists, or one of {', '.join(bases)}"
        if close is not None:
            fix = f'write extends = "{close}", or a path that exists'
    else:
        what = f"{base!r} is no text"
        rule = "extends is the name of a base file, in quotes, or a list of names"
        fix = f"write extends = and one of {', '.join(bases)} in quotes, or a path"
    problems.report(file.name, line, "extends", what, rule, fix)


def _base_path(path: Path, base: str) -> Path | None:
    """Return the file that `extends` names: a path from the scenario, or a shipped one."""
    for folder in (path.parent, shipped_folder() / "base"):
        for name in (base, f"{base}.toml"):
            if os.path.isfile(folder / name):
                return folder / name
    if base in scenario_names():
        return shipped_folder() / base / "scenario.toml"
    return None
