"""What no single table of a target file can know: names, units, horizons, and double counting.

Every check reports and reads on, so that one run shows all problems of the file.
"""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from stepdown.calibration.staircases import StaircaseModel
from stepdown.evidence import Evidence
from stepdown.files.positions import KeyPath
from stepdown.parameters import named_quantities
from stepdown.scenario.check_figures import check_band
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.targets_model import TargetsFile, TargetTable

__all__ = ["check_targets_file", "move_of"]

_NATIONAL_TIME = ("breakdowns_early",)
_STEP_KEYS = ("steps", "types")
_UNITS = {"children_at": "children", "children_ratio": "ratio", "spending_rise": "DKK"}
"""Units that observables come in, where another would pass for it."""


def check_targets_file(
    file: TargetsFile, models: Mapping[str, StaircaseModel], evidence: Evidence, say: Reporter
) -> None:
    """Report everything wrong between the tables of a file of targets.

    Parameters
    ----------
    file
        As read.
    models
        The scenarios that could be read, by name in the file.
    evidence
        What may be cited.
    say
        Where problems go.
    """
    for key, table, words in (
        ("numbers", file.numbers, "a free number"),
        ("targets", file.targets, "a target"),
    ):
        if not table and not say.is_gone((key,)):
            say((key,), f"no {key}", f"a calibration has at least {words}", f"add [{key}.name]")
    for name in file.numbers:
        _check_number(name, file, models, say)
    for path, prior in _priors(file):
        _check_prior(path, prior, evidence, say)
    _check_transfer(file, models, say)
    for name, drift in file.drifts.items():
        say.unit(("drifts", name, "per_year"), drift.per_year, ("ratio",))
    for name, target in file.targets.items():
        _check_target(("targets", name), target, file, models, say)
        _check_citation(("targets", name), target, evidence, say)
        _check_unit(("targets", name), target, evidence, say)
    _check_counted_once(file, say)
    for key in ("known_early", "predicted_from_the_rest"):
        for index, name in enumerate(getattr(file, key)):
            say.known((key, index), "target", name, file.targets)
    for index, name in enumerate(file.predicted_from_the_rest):
        if name in file.known_early:
            rule = "what is predicted in the back-cast is not learnt from in it"
            say(("predicted_from_the_rest", index), f"{name} is known early too", rule, "remove it")


def move_of(name: str) -> str | None:
    """Return the move whose rate a number is, or None."""
    parts = name.split(".")
    return parts[1] if len(parts) == 3 and (parts[0], parts[2]) == ("moves", "rate") else None


def _priors(file: TargetsFile) -> list[tuple[KeyPath, Quantity]]:
    """Return every prior of a file with its path."""
    found: list[tuple[KeyPath, Quantity]] = [
        (("numbers", name, "prior_before_evidence"), number.prior_before_evidence)
        for name, number in file.numbers.items()
    ]
    found += [(("drifts", name, "per_year"), drift.per_year) for name, drift in file.drifts.items()]
    if file.transfer is not None:
        found.append((("transfer", "tau"), file.transfer.tau))
    return found


def _check_number(
    name: str, file: TargetsFile, models: Mapping[str, StaircaseModel], say: Reporter
) -> None:
    """Report a free number that no scenario has, or in another unit, or without a label."""
    known = {
        own: quantity
        for model in models.values()
        for own, quantity in named_quantities(model.plan.scenario).items()
    }
    path: KeyPath = ("numbers", name)
    if len(models) < len(file.models) and name not in known:
        return  # it may stand in a scenario that could not be read
    if not say.known(path, "number", name, known):
        return
    unit = known[name].unit
    if unit is not None:
        say.unit(
            (*path, "prior_before_evidence"), file.numbers[name].prior_before_evidence, (unit,)
        )
    if file.numbers[name].label is None and move_of(name) is None:
        rule = "a number is named in Danish and English; only of a move's rate the words are made"
        say(path, "no label", rule, 'add label = { da = "...", en = "..." }')


def _check_prior(path: KeyPath, prior: Quantity, evidence: Evidence, say: Reporter) -> None:
    """Report a prior that is no distribution, or cites what does not exist."""
    if prior.distribution is None:
        rule = "what is to be learnt about is uncertain before"
        fix = 'write distribution = "lognormal", median = ..., low = ..., high = ...'
        say(path, "no distribution", rule, fix)
    for key in prior.sources:
        if key not in evidence:
            rule = "a source is the key file/figure of a figure in the evidence"
            say((*path, "source"), f'"{key}" is not in the evidence', rule, evidence.suggest(key))


def _check_transfer(file: TargetsFile, models: Mapping[str, StaircaseModel], say: Reporter) -> None:
    places = [model.place for model in file.models.values() if model.place is not None]
    if file.transfer is None:
        for name, model in file.models.items():
            if model.place is not None:
                rule = "a place has numbers of its own only where [transfer] says which"
                say(("models", name, "place"), "a place without [transfer]", rule, "remove it")
        return
    say.unit(("transfer", "tau"), file.transfer.tau, ("ratio",))
    if file.transfer.tau.distribution == "normal":
        rule = "a standard deviation is > 0, a normal number may be below"
        say(("transfer", "tau"), "a normal distribution", rule, 'use distribution = "lognormal"')
    for index, name in enumerate(file.transfer.numbers):
        say.known(("transfer", "numbers", index), "free number", name, file.numbers)
    say.known(("transfer", "place"), "place", file.transfer.place, places)
    for name, model in file.models.items():
        if model.place not in (None, file.transfer.place):
            rule = "the targets of one file belong to one place, or to the whole country"
            fix = f'write place = "{file.transfer.place}"'
            say(("models", name, "place"), f'"{model.place}"', rule, fix)


def _check_target(
    path: KeyPath,
    target: TargetTable,
    file: TargetsFile,
    models: Mapping[str, StaircaseModel],
    say: Reporter,
) -> None:
    """Report what a target names and does not exist, or lies beyond the years of its model."""
    if target.ages is not None:
        check_band((*path, "ages"), target.ages, say)
    if target.number is not None:
        say.known((*path, "number"), "free number", target.number, file.numbers)
    if target.drift is not None:
        say.known((*path, "drift"), "drift", target.drift, file.drifts)
    if target.model is None:
        return
    if not say.known((*path, "model"), "model", target.model, file.models):
        return
    model = models.get(target.model)
    if model is None:
        return
    for key in _STEP_KEYS:
        for step in np.ravel([*getattr(target, key)]) if key == "steps" else _flat(target.types):
            say.known((*path, key), "step", str(step), model.plan.steps)
    _check_times(path, target, model, say)


def _flat(types: tuple[tuple[str, ...], ...]) -> list[str]:
    return [step for steps in types for step in steps]


def _check_times(path: KeyPath, target: TargetTable, model: StaircaseModel, say: Reporter) -> None:
    """Report months and years that a model does not follow, and bands that it lacks."""
    plan = model.plan
    if target.month is not None and not 0 <= plan.month(target.month) < plan.stairs.n_months:
        rule = f"the model follows {plan.stairs.n_months} months from {plan.first_year}-01"
        say((*path, "month"), f'"{target.month}" is outside', rule, "give the model more years")
    for index, year in enumerate(target.years):
        if not 0 <= year - plan.first_year < plan.n_years:
            last = plan.first_year + plan.n_years - 1
            rule = f"the model follows the years {plan.first_year} to {last}"
            say((*path, "years", index), f"{year} is outside", rule, "give the model more years")
    edges = plan.stairs.time_edge[1:-1].tolist()
    if target.observable in _NATIONAL_TIME and target.months not in edges:
        rule = "early is told apart where a band of months on the step ends"
        known = " or ".join(map(str, edges))
        fix = f"write months = {known}" if edges else "give the scenario bands"
        say((*path, "months"), f"months = {target.months}", rule, fix)


def _check_citation(path: KeyPath, target: TargetTable, evidence: Evidence, say: Reporter) -> None:
    """Report a record that does not exist, or of which no one number is taken."""
    here = (*path, "source" if target.from_evidence is None else "from_evidence")
    for key in target.sources:
        if key not in evidence:
            rule = "a source is the key file/figure of a figure in the evidence"
            say(here, f'"{key}" is not in the evidence', rule, evidence.suggest(key))
            return
    if target.from_evidence is None:
        return
    values = evidence.figure(target.from_evidence).values
    if values is None and target.entry is not None:
        rule = "an entry is of a record with several numbers; this one has one"
        say((*path, "entry"), f'"{target.entry}"', rule, "remove entry")
    elif values is not None and target.entry is None:
        rule = f"the record has several numbers ({', '.join(values)})"
        say(here, "no entry", rule, "add entry = and one of them, in quotes")
    elif values is not None and target.entry is not None:
        say.known((*path, "entry"), "entry", target.entry, values)


def _check_unit(path: KeyPath, target: TargetTable, evidence: Evidence, say: Reporter) -> None:
    """Report children or kroner that were counted in another unit than the model counts in."""
    wanted, key = _UNITS.get(target.observable), target.from_evidence
    cited = evidence.figure(key).unit if key is not None and key in evidence else None
    unit = target.unit or cited
    if wanted is not None and unit not in (None, wanted):
        here = (*path, "unit" if key is None else "from_evidence")
        rule = f"{target.observable} is counted in {wanted}"
        say(here, f'"{unit}"', rule, f'give the number in {wanted}, with unit = "{wanted}"')


def _check_counted_once(file: TargetsFile, say: Reporter) -> None:
    """Report a figure that is in a prior and a used target, or in two used targets."""
    used: dict[str, str] = {}
    numbers: defaultdict[tuple[str, str | None], list[str]] = defaultdict(list)
    for name, target in file.targets.items():
        if target.used:
            used |= dict.fromkeys(target.sources, name)
            if target.from_evidence is not None:
                numbers[target.from_evidence, target.entry].append(name)
    for path, prior in _priors(file):
        for key in prior.sources:
            if key in used:
                rule = f"the target {used[key]} is learnt from it: evidence counts once"
                fix = "take it out of the prior, and widen the prior; or write used = false there"
                say((*path, "source"), f'"{key}" is in the prior and among the targets', rule, fix)
    for (key, _), names in numbers.items():
        if len(names) > 1:
            rule = "evidence counts once"
            fix = f"write used = false under [targets.{names[1]}]"
            say(("targets", names[1]), f'"{key}" is the target {names[0]} too', rule, fix)
