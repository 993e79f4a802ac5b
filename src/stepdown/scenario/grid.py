"""Levels of levers -> strategies: every combination of one level from each axis.

A level is a part of a strategy. One that says nothing but its label is the baseline's; the
combination of only such levels is the baseline itself, and no strategy.

Decision: docs/decisions/0018-levels-and-interactions.md.
"""

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from stepdown.files.positions import KeyPath
from stepdown.scenario.model import Scenario, Strategy
from stepdown.scenario.quantity import Label
from stepdown.scenario.reporter import Reporter

__all__ = ["MOST_STRATEGIES", "baseline_levels", "expanded", "written_at"]

MOST_STRATEGIES = 60
_OWN = ("label", "levels")  # what a strategy has in any case
_Cell = tuple[tuple[str, str, Strategy], ...]


def expanded(scenario: Scenario, say: Reporter) -> Scenario:
    """Return a scenario with a strategy for every combination of levels that changes something."""
    if not scenario.levels:
        return scenario
    n_cells = prod(len(levels) for levels in scenario.levels.values())
    if n_cells + len(scenario.strategies) > MOST_STRATEGIES + 1:
        rule = f"a scenario holds at most {MOST_STRATEGIES} strategies, and each combination is one"
        say(("levels",), f"{n_cells} combinations of levels", rule, "leave out some levels")
        return scenario
    axes = [[(axis, name, part) for name, part in levels.items()]
            for axis, levels in scenario.levels.items()]  # fmt: skip
    made: dict[str, Strategy] = {}
    for cell in product(*axes):
        if all(_is_empty(part) for _, _, part in cell):
            continue
        name = "__".join(f"{axis}-{level}" for axis, level, _ in cell)
        made[name] = _joined(cell, say)
    return scenario.model_copy(update={"strategies": {**scenario.strategies, **made}})


def baseline_levels(scenario: Scenario) -> dict[str, str]:
    """Return the level of each axis that is the baseline's, where there is one."""
    return {
        axis: name
        for axis, levels in scenario.levels.items()
        for name, part in levels.items()
        if _is_empty(part)
    }


def written_at(scenario: Scenario, path: KeyPath) -> KeyPath:
    """Return where a key of a strategy made from levels is written; other keys as they are."""
    if len(path) < 2 or path[0] != "strategies":
        return path
    strategy = scenario.strategies.get(str(path[1]))
    if strategy is None:
        return path
    for axis, level in strategy.levels.items():
        part = scenario.levels.get(axis, {}).get(level)
        if part is not None and _says(part, path[2:]):
            return ("levels", axis, level, *path[2:])
    return ("levels",) if strategy.levels and scenario.levels else path


def _is_empty(part: Strategy) -> bool:
    return part.model_fields_set <= set(_OWN)


def _says(part: Strategy, path: KeyPath) -> bool:
    """Tell whether a part has a key, or the table of names that it stands in."""
    if not path or path[0] not in part.model_fields_set or path[0] in _OWN:
        return False
    table = getattr(part, str(path[0]))
    return not isinstance(table, Mapping) or len(path) < 2 or path[1] in table


def _joined(cell: _Cell, say: Reporter) -> Strategy:
    """Return one strategy that does what every part of a cell does."""
    labels = [part.label for _, _, part in cell]
    label = Label(da=", ".join(one.da for one in labels), en=", ".join(one.en for one in labels))
    said: dict[str, Any] = {}
    for axis, level, part in cell:
        for key in sorted(part.model_fields_set - set(_OWN)):
            value = getattr(part, key)
            if isinstance(value, Mapping):
                lower = said.setdefault(key, {})
                for name in sorted(lower.keys() & value.keys()):
                    _report_twice(("levels", axis, level, key, name), name, say)
                said[key] = {**lower, **value}
                continue
            if key in said:
                _report_twice(("levels", axis, level, key), key, say)
            said[key] = value
    levels = {axis: level for axis, level, _ in cell}
    return Strategy(label=label, levels=levels).model_copy(update=said)


def _report_twice(path: KeyPath, name: str, say: Reporter) -> None:
    rule = "levels of different axes are combined, so what one says no other may say"
    say(path, f"{name} is also said by a level of another axis", rule,
        "give it another name, or put both levels on one axis")  # fmt: skip
