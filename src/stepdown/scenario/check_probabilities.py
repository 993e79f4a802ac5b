"""Checks of probabilities per cycle: none, with its factors, is above 1, nor is their sum."""

from collections.abc import Iterator, Mapping
from math import floor

from stepdown.files.positions import KeyPath
from stepdown.scenario.model import Scenario
from stepdown.scenario.probabilities import ROUNDING, Leaving, Part, leavings
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter

__all__ = ["check_probabilities"]


def check_probabilities(scenario: Scenario, say: Reporter) -> None:
    """No step is left with a probability above 1 in any band, by no strategy."""
    told: set[str] = set()
    for step in scenario.steps:
        if _check_step(("moves",), scenario, step, None, say):
            told.add(step)
    for path, own in _own_probabilities(scenario):
        known = [scenario.moves[name].from_step for name in own if name in scenario.moves]
        for step in dict.fromkeys(known):
            if step not in told:
                _check_step(path, scenario, step, own, say)


def _own_probabilities(scenario: Scenario) -> Iterator[tuple[KeyPath, Mapping[str, Quantity]]]:
    """Yield what strategies have of their own, in all years and in some, with its path."""
    for name, strategy in scenario.strategies.items():
        yield ("strategies", name, "probabilities"), strategy.probabilities
        for period, own in strategy.periods.items():
            path: KeyPath = ("strategies", name, "periods", period, "probabilities")
            yield path, {**strategy.probabilities, **own.probabilities}


def _check_step(
    path: KeyPath,
    scenario: Scenario,
    step: str,
    own: Mapping[str, Quantity] | None,
    say: Reporter,
) -> bool:
    """Report the band of a step that is most above 1, if any is; tell whether."""
    bands = list(leavings(scenario, step, own))
    worst = max(bands, key=lambda band: band.total, default=None)
    if worst is None or worst.total <= 1 + ROUNDING:
        return False
    at = max(worst.parts, key=lambda part: part.product)
    where = f' at ages "{worst.age}", "{worst.time}" on it' if _has_factors(worst.parts) else ""
    parts = [part for part in worst.parts if part.product > 0]
    what = f"the probability of leaving {step}{where} is {_text(at)}"
    if len(parts) > 1:
        said = ", ".join(f"{part.move} {_text(part)}" for part in parts)
        what = f"the probabilities of leaving {step}{where} add up to {worst.total:g} ({said})"
    key, number = _largest((*path, at.move, *(() if own else ("probability",))), at, worst)
    left = 1 - (worst.total - at.product)
    fix = f"write {floor(1e4 * number * left / at.product) / 1e4:g} or less" if left > 0 else ""
    rule = "a step is left with a probability of at most 1, factors included"
    say(key, what, rule, fix or "lower one of them")
    return True


def _largest(path: KeyPath, at: Part, worst: Leaving) -> tuple[KeyPath, float]:
    """Return key and number of the factor that raises a part most, or of its probability."""
    if at.by_age > 1 and at.by_age >= at.by_time:
        return ("moves", at.move, "by_age", "factors", worst.age), at.by_age
    if at.by_time > 1:
        return ("moves", at.move, "by_time", "factors", worst.time), at.by_time
    return path, at.probability


def _has_factors(parts: tuple[Part, ...]) -> bool:
    return any(part.by_age != 1 or part.by_time != 1 for part in parts)


def _text(part: Part) -> str:
    factors = "".join(f" x {factor:g}" for factor in (part.by_age, part.by_time) if factor != 1)
    return f"{part.probability:g}{factors}" + (f" = {part.product:g}" if factors else "")
