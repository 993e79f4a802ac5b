"""Numbers of a scenario that a posterior takes over, and whether it may.

A number that is written in a file over the one that names it in [posterior] stays the scenario's
own: the upper file wins, as everywhere.

Decision: docs/decisions/0034-joint-draws.md.
"""

import re
from collections.abc import Mapping

from stepdown.errors import nearest
from stepdown.files.positions import KeyPath
from stepdown.scenario.model import Scenario
from stepdown.scenario.posterior_files import Posterior
from stepdown.scenario.posterior_model import Contents, Learnt, PosteriorTable
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.tree import figures, named_quantities, replace_quantities

__all__ = ["check_once", "kept_own", "learnt_numbers", "with_posterior"]

_NUMBERS = ("posterior", "numbers")
_Taken = dict[str, tuple[str, str]]
"""By number: the key of [posterior.numbers] that names it, and the posterior's name of it."""


def with_posterior(scenario: Scenario, posterior: Posterior | None, say: Reporter) -> Scenario:
    """Return the scenario with the numbers that it takes from its posterior."""
    table = scenario.posterior
    if table is None or posterior is None:
        return scenario
    contents = posterior.contents
    _check_contents(table, contents, say)
    named = {
        ".".join(str(part) for part in path): path
        for path, figure in figures(scenario)
        if isinstance(figure, Quantity) and figure.parameter is None
    }
    _check_names(scenario, table, contents, named, say)
    taken = _taken(table, contents, named, say)
    if not taken and not say.is_told(("posterior",)):
        rule = "a posterior that no number comes from is no part of the scenario"
        fix = 'name some, such as "caseload.elasticity.*" = "*@elsewhere", or leave out [posterior]'
        say(_NUMBERS, "names no number of this scenario", rule, fix)
    quantities = named_quantities(scenario)
    made: dict[int, Learnt] = {}
    for name, (key, variable) in taken.items():
        if _fits(key, name, variable, quantities[name], contents, say):
            made[id(quantities[name])] = _learnt(quantities[name], variable, posterior)
    # A shared parameter and its uses are records of their own: only the parameter is replaced.
    changed: Scenario = replace_quantities(scenario, lambda _, own: made.get(id(own), own))
    return changed


def learnt_numbers(scenario: Scenario) -> dict[str, Learnt]:
    """Return the numbers of a scenario that come from a posterior, by name."""
    named = named_quantities(scenario)
    return {name: own for name, own in named.items() if isinstance(own, Learnt)}


def kept_own(scenario: Scenario, posterior: Posterior) -> list[str]:
    """Return the numbers of a scenario that stay its own although the posterior has one so named.

    With those that vary between municipalities by the names that hold in one.
    """
    known = {name.partition("@")[0] for name in posterior.contents.numbers}
    named = named_quantities(scenario)
    return [n for n, own in named.items() if n in known and not isinstance(own, Learnt)]


def check_once(scenario: Scenario, posterior: Posterior | None, say: Reporter) -> None:
    """Report evidence that counts twice: in the posterior, and in a prior that stays beside it."""
    learnt = learnt_numbers(scenario)
    if posterior is None or not learnt:
        return
    targets = set(posterior.contents.target_sources)
    for name, own in named_quantities(scenario).items():
        shared = sorted(targets.intersection(own.sources))
        if own.distribution is None or name in learnt or not shared:
            continue
        learner = posterior.contents.calibration
        what = f"rests on {', '.join(shared)}, which posterior {learner} learnt from"
        rule = "evidence counts once: in the posterior's targets, or in a prior beside it"
        fix = f'add "{name}" to [posterior.numbers], or give it a prior that does without'
        say(tuple(name.split(".")), what, rule, fix)


def _check_contents(table: PosteriorTable, contents: Contents, say: Reporter) -> None:
    """Report a posterior of other targets, or one that used some evidence twice itself."""
    path: KeyPath = ("posterior", "file")
    if table.targets not in (None, contents.calibration):
        rule = "a posterior holds what was learnt from its own targets"
        say(path, f'"{table.file}" is the posterior of targets {contents.calibration}, not of '
            f"{table.targets}", rule, f'write targets = "{contents.calibration}" if that is meant, '
            "or name another file")  # fmt: skip
    shared = sorted(set(contents.target_sources) & set(contents.prior_sources))
    if shared:
        rule = "evidence counts once: behind a prior, or as a target"
        say(path, f"priors and targets of this posterior share {', '.join(shared)}", rule,
            "calibrate from priors before that evidence")  # fmt: skip


def _check_names(
    scenario: Scenario,
    table: PosteriorTable,
    contents: Contents,
    named: Mapping[str, KeyPath],
    say: Reporter,
) -> None:
    """Report a number named without a star that is not here, or not in the posterior."""
    uses = {
        ".".join(str(part) for part in path): figure.parameter
        for path, figure in figures(scenario)
        if isinstance(figure, Quantity) and figure.parameter is not None
    }
    for key, value in table.numbers.items():
        path: KeyPath = (*_NUMBERS, key)
        if "*" in key:
            continue
        if key in uses:
            rule = "a shared parameter is named once, where it stands"
            say(path, f'"{key}" is a use of a shared parameter', rule,
                f'write "parameters.{uses[key]}" = ...')  # fmt: skip
        elif key not in named:
            close = nearest(key, named)
            rule = "a number is named by the path of its key"
            say(path, f'this scenario has no number "{key}"', rule,
                f'write "{close}"' if close else "remove it")  # fmt: skip
        variable = value.replace("*", key)
        if variable not in contents.numbers and not _places(variable, contents):
            close = nearest(variable, contents.numbers)
            rule = f"posterior {contents.calibration} has no such number"
            say(path, f'unknown number "{variable}"', rule,
                f'write "{close}"' if close else "remove it")  # fmt: skip


def _taken(
    table: PosteriorTable, contents: Contents, named: Mapping[str, KeyPath], say: Reporter
) -> _Taken:
    """Return the numbers that the posterior takes over."""
    found: _Taken = {}
    for name, path in named.items():
        keys = [key for key in table.numbers if key == name or _matches(key, name)]
        if not keys:
            continue
        # A name goes before a pattern, an upper file before a lower one, and more letters first.
        key = min(keys, key=lambda k: ("*" in k, say.depth((*_NUMBERS, k)), -len(k)))
        variable = table.numbers[key].replace("*", name)
        is_known = variable in contents.numbers or bool(_places(variable, contents))
        if is_known and say.depth(path) >= say.depth((*_NUMBERS, key)):
            found[name] = (key, variable)
    return found


def _matches(key: str, name: str) -> bool:
    return "*" in key and re.fullmatch(re.escape(key).replace(r"\*", ".*"), name) is not None


def _places(variable: str, contents: Contents) -> list[str]:
    """Return the posterior's names of a number in one municipality, where it varies."""
    return sorted(name for name in contents.numbers if name.startswith(f"{variable}@"))


def _fits(
    key: str, name: str, variable: str, own: Quantity, contents: Contents, say: Reporter
) -> bool:
    """Tell whether a number can be drawn from the posterior, and say so if not."""
    path: KeyPath = (*_NUMBERS, key)
    places = _places(variable, contents)
    if places:
        rule = "it differs between municipalities: a scenario is of one of them"
        say(path, f'"{variable}" holds on average only', rule,
            f'"{key}" = "{places[0] if "*" not in key else "*@" + places[0].partition("@")[2]}"'
            f" (or {', '.join(places[1:])})")  # fmt: skip
        return False
    unit = contents.numbers[variable].unit
    if own.is_money or "DKK" in unit:
        rule = "a posterior holds rates, shares and effects; prices have years, which it does not"
        say(path, f"{name} is an amount of money", rule, "leave it out")
        return False
    if own.unit != unit:
        rule = "a number keeps its unit, whoever gives it"
        say(path, f'{name} is in "{own.unit}", and "{variable}" of the posterior in "{unit}"',
            rule, f'write unit = "{unit}" with a figure in that unit')  # fmt: skip
        return False
    return True


def _learnt(own: Quantity, variable: str, posterior: Posterior) -> Learnt:
    """Return a number as the posterior has it."""
    contents = posterior.contents
    number = contents.numbers[variable]
    return Learnt.model_construct(
        distribution="posterior",
        mean=_shown(number.mean),
        sd=_shown(number.sd),
        median=_shown(number.median),
        low=_shown(number.low),
        high=_shown(number.high),
        unit=own.unit,
        source=number.sources,
        calibration=contents.calibration,
        n_targets=contents.n_targets,
        variable=variable,
        draws=str(posterior.draws),
        draws_sha256=contents.draws_sha256,
    )


def _shown(value: float) -> float:
    """Return a figure with the digits that some thousand draws support."""
    return float(f"{value:.2g}")
