"""Files of targets -> a calibration problem, or every problem of the file at once.

Decision: docs/decisions/0033-targets.md.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stepdown.calibration.predictor import Predictor
from stepdown.calibration.problem import CalibrationProblem, Derived, FreeNumber, Target
from stepdown.calibration.staircases import StaircaseModel, staircase_model
from stepdown.calibration.target_checks import check_targets_file, move_of
from stepdown.errors import Collector, InputError, Problem, nearest
from stepdown.evidence import Evidence, load_evidence
from stepdown.expectation import why_not_exact
from stepdown.files.amounts import report_two_readings
from stepdown.files.explain import path_in_file
from stepdown.files.layers import Layers, overlay
from stepdown.files.model import report_validation, tuples
from stepdown.files.positions import KeyPath
from stepdown.files.toml import TomlFile, read_toml
from stepdown.kernel.balance import is_pooled
from stepdown.scenario import load_scenario
from stepdown.scenario.quantity import Label, Quantity
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.shipped import shipped_folder
from stepdown.scenario.targets_model import ModelTable, TargetsFile, TargetTable

__all__ = ["LoadedTargets", "load_targets", "read_targets", "target_names"]

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class LoadedTargets:
    """A file of targets, ready to calibrate."""

    file: TargetsFile
    toml: TomlFile
    problem: CalibrationProblem
    evidence: Evidence


def load_targets(name: str | Path) -> CalibrationProblem:
    """Read a file of targets.

    Parameters
    ----------
    name
        Name of a shipped file, or a path.

    Raises
    ------
    InputError
        The file, or a scenario that it names, is missing or wrong; holds every problem found.
    """
    return read_targets(name).problem


def target_names() -> list[str]:
    """Return the names of the shipped files of targets."""
    return sorted(path.stem for path in (shipped_folder() / "targets").glob("*.toml"))


def read_targets(name: str | Path) -> LoadedTargets:
    """Read a file of targets with all that stands behind it; as `load_targets`."""
    path = _find(str(name))
    toml = read_toml(path)
    problems = Collector()
    _check_version(toml, problems)
    layers = overlay([toml], TargetsFile)
    layers.tables.pop("schema_version", None)
    evidence = load_evidence(path.parent / "evidence", shipped_folder() / "evidence")
    doubtful = report_two_readings(layers, TargetsFile, problems)
    file, wrong = _validated(layers, problems)
    models: dict[str, StaircaseModel] = {}
    if file is not None:
        say = Reporter(layers, problems, (*doubtful, *wrong), wrong, wrong)
        models = {
            own: model
            for own, table in file.models.items()
            if (model := _model(("models", own), table, path, say, problems)) is not None
        }
        check_targets_file(file, models, evidence, say)
    for error in evidence.wrong_files.values():
        for fault in error.problems:
            problems.add(fault)
    problems.raise_if_any()
    assert file is not None, "own invariant: a file without a problem is whole"
    problem = CalibrationProblem(
        file.name,
        _free_numbers(file, models),
        tuple(_target(name, table, evidence) for name, table in file.targets.items()),
        Predictor(file, models),
        _derived(file),
        "\n".join([toml.text, *(model.text for model in models.values())]),
    )
    return LoadedTargets(file, toml, problem, evidence)


def _find(name: str) -> Path:
    """Return the file of targets given by name or path."""
    if os.path.isfile(name):
        return Path(name)
    names = target_names()
    if name in names:
        return shipped_folder() / "targets" / f"{name}.toml"
    close = nearest(name, names)
    fix = f"did you mean {close}?" if close else f"give a path, or one of {', '.join(names)}"
    rule = f"it is neither a file nor shipped ({', '.join(names)})"
    raise InputError([Problem(name, 0, "", "no such file of targets", rule, fix)])


def _check_version(file: TomlFile, problems: Collector) -> None:
    version = file.tables.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        what = "missing" if version is None else f"{version!r} is not known"
        rule = f"this version of stepdown reads schema_version {SCHEMA_VERSION}"
        fix = f"write schema_version = {SCHEMA_VERSION} as the first key"
        line = file.line(("schema_version",)) or 1
        problems.report(file.name, line, "schema_version", what, rule, fix)


def _validated(
    layers: Layers, problems: Collector
) -> tuple[TargetsFile | None, tuple[KeyPath, ...]]:
    """Return the file, or what is left of it without the tables that are wrong."""
    try:
        return TargetsFile.model_validate(tuples(layers.tables)), ()
    except ValidationError as error:
        report_validation(error, TargetsFile, layers, problems)
        wrong = {path_in_file(item, layers.tables)[:2] for item in error.errors()}
    if any(len(path) < 2 for path in wrong):
        return None, ()
    rest: dict[str, Any] = {
        key: {own: inner for own, inner in table.items() if (key, own) not in wrong}
        if isinstance(table, dict)
        else table
        for key, table in layers.tables.items()
    }
    try:
        return TargetsFile.model_validate(tuples(rest)), tuple(wrong)
    except ValidationError:
        return None, ()


def _model(
    path: KeyPath, table: ModelTable, file: Path, say: Reporter, problems: Collector
) -> StaircaseModel | None:
    """Return the scenario of a model laid out, or report why it cannot be used."""
    beside = file.parent / table.scenario
    try:
        loaded = load_scenario(beside if os.path.exists(beside) else table.scenario)
    except InputError as error:
        say(path, f'the scenario "{table.scenario}" cannot be read',
            "a model is a scenario without a problem", str(error.problems[0]))  # fmt: skip
        for problem in error.problems[1:]:
            problems.add(problem)
        return None
    scenario = loaded.scenario
    if not scenario.has_staircase or scenario.clock.cycle_months != 1:
        rule = "targets count children month by month"
        say(path, "a scenario without a staircase of months", rule, "name another scenario")
        return None
    known = ("baseline", *scenario.strategies)
    if not say.known((*path, "strategy"), "strategy", table.strategy, known):
        return None
    run_in = scenario.clock.first_budget_year - int(scenario.clock.starts[:4])
    if table.years is not None and table.years <= run_in:
        rule = "a model follows at least one budget year"
        say((*path, "years"), f"years = {table.years}", rule, f"years = {run_in + 1}")
        return None
    model = staircase_model(loaded, table.strategy, table.years, table.place)
    reason = why_not_exact(model.plan)
    if scenario.stock.beyond_reach or scenario.growth is not None or scenario.stock_later:
        reason = "children beyond reach, or a stock that grows: targets are counted in balance"
    if is_pooled(model.plan.stairs):
        reason = "no birthday ends support: targets are counted by age, and there is no last one"
    if reason is not None:
        say(path, reason, "a model has an exact expected solution", "leave it out of the scenario")
        return None
    return model


def _free_numbers(
    file: TargetsFile, models: Mapping[str, StaircaseModel]
) -> tuple[FreeNumber, ...]:
    """Return the free numbers: of the scenarios, of the transfer, and of the drifts."""
    found = []
    for name, table in file.numbers.items():
        label = table.label or _label_of_move(name, models)
        found.append(FreeNumber(name, table.prior_before_evidence, label))
    if file.transfer is not None:
        own, place = file.transfer.name, file.transfer.place
        label = Label(da="Spredning mellem kommuner", en="Spread between municipalities")
        found.append(FreeNumber(f"tau_{own}", file.transfer.tau, label))
        for where, da, en in (
            (place, place.capitalize(), place.capitalize()),
            ("elsewhere", "en anden kommune", "another municipality"),
        ):
            words = Label(da=f"Afvigelse i {da}", en=f"Deviation of {en}")
            found.append(FreeNumber(f"z_{where}", _standard_normal(), words))
    for name, drift in file.drifts.items():
        found.append(FreeNumber(f"drift.{name}", drift.per_year, drift.label))
    return tuple(found)


def _standard_normal() -> Quantity:
    return Quantity(
        distribution="normal",
        mean=0.0,
        sd=1.0,
        unit="standard deviations",
        assumption="a municipality's deviation from the mean of municipalities",
    )


def _label_of_move(name: str, models: Mapping[str, StaircaseModel]) -> Label:
    """Return the words for a move's rate: from one step to another."""
    for model in models.values():
        scenario = model.plan.scenario
        move = scenario.moves.get(move_of(name) or "")
        if move is not None:
            a, b = scenario.steps[move.from_step].label, scenario.steps[move.to_step].label
            broken = ("", "") if move.planned else (" (sammenbrud)", " (breakdown)")
            return Label(da=f"{a.da} → {b.da}{broken[0]}", en=f"{a.en} → {b.en}{broken[1]}")
    raise AssertionError("own invariant: a checked number stands in a model")


def _derived(file: TargetsFile) -> tuple[Derived, ...]:
    """Return what varies between municipalities, in the targets' own place and in another."""
    transfer = file.transfer
    if transfer is None:
        return ()
    return tuple(
        Derived(f"{name}@{place}", name, f"tau_{transfer.name}", f"z_{place}")
        for name in transfer.numbers
        for place in (transfer.place, "elsewhere")
    )


def _target(name: str, table: TargetTable, evidence: Evidence) -> Target:
    """Return a target with its number and unit, from the file or from the record."""
    observed, unit = table.value, table.unit
    if table.from_evidence is not None:
        figure = evidence.figure(table.from_evidence)
        observed = figure.value if table.entry is None else (figure.values or {})[table.entry]
        unit = figure.unit
    assert observed is not None, "own invariant: a checked target has a number"
    assert unit is not None, "own invariant: and a unit"
    return Target(
        name,
        table.label,
        table.kind,
        observed,
        table.spread,
        unit,
        table.reason,
        table.sources,
        table.used,
    )
