"""Where no birthday ends support, every child must be able to leave by moves alone.

Otherwise the number on some step grows for ever, and no arrivals keep a documented stock.

Decision: docs/decisions/0006-children-at-the-start.md.
"""

from itertools import product

from stepdown.scenario.classes import targets_of
from stepdown.scenario.model import Scenario
from stepdown.scenario.probabilities import ROUNDING, leavings
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter

__all__ = ["check_open_end"]

Cell = tuple[str, int]
"""A step, and the index of a band of months on it."""


def check_open_end(scenario: Scenario, say: Reporter) -> None:
    """Report steps that children come to and some never leave, at the ages of the last band."""
    ends = {m.from_step for m in scenario.moves.values()}
    ends |= {m.to_step for m in scenario.moves.values()} | set(scenario.inflow)
    if _has_last_birthday(scenario) or scenario.stock.age_years is not None:
        return
    if not ends <= set(scenario.steps) or say.is_told(("bands",)) or say.is_told(("moves",)):
        return
    exits = [name for name, step in scenario.steps.items() if step.kind == "exit"]
    for step in _without_end(scenario):
        what = f'at ages "{scenario.bands.ages[-1]}" some children never leave {step}'
        rule = "no birthday ends support, so moves must end every stay, or no arrivals keep a stock"
        if step in exits:
            say(("stock", "children", step), what, rule, f"leave {step} out of the stock")
            continue
        fix = f"give a move from {step} a rate at those ages and all months on the step"
        say(("steps", step), what, rule,
            f'{fix}, or add [birthdays.18] with leave_to = "{(exits or ["left"])[0]}"')  # fmt: skip


def _has_last_birthday(scenario: Scenario) -> bool:
    """Tell whether the last birthday ends support for all."""
    last = max(scenario.birthdays, key=int, default=None)
    return last is not None and not scenario.birthdays[last].goes_on


def _without_end(scenario: Scenario) -> list[str]:
    """Return steps with bands that lead to no end: those that nobody leaves, or one of a circle."""
    times = range(len(scenario.bands.months_on_step))
    ways = {cell: _ways(scenario, *cell) for cell in product(scenario.steps, times)}
    ending = {(step, time) for step, time in ways if _ends(scenario, step)}
    while more := {cell for cell, to in ways.items() if cell not in ending and to & ending}:
        ending |= more
    stuck = [
        step
        for step in scenario.steps
        if step in _reached(scenario)
        and any((step, time) not in ending for time in _lived(scenario, step))
    ]
    alone = [step for step in stuck if {to for to, _ in ways[step, times[-1]]} == {step}]
    return alone or stuck[:1]


def _ends(scenario: Scenario, step: str) -> bool:
    """Tell whether cases end on a step for good, and nobody counts who is there."""
    is_left = any(move.from_step == step for move in scenario.moves.values())
    counted = step in (*scenario.stock.children, *scenario.stock.beyond_reach)
    return scenario.steps[step].kind in ("exit", "adult") and not is_left and not counted


def _reached(scenario: Scenario) -> set[str]:
    """Return the steps that children come to, at any age."""
    bands = list(product(scenario.bands.ages, scenario.bands.months_on_step))
    found: set[str] = set()
    new = set(scenario.inflow)
    while new:
        found |= new
        new = {
            move.to_step
            for name, move in scenario.moves.items()
            if move.from_step in new and any(_happens(scenario, name, *band) for band in bands)
        } - found
    return found


def _lived(scenario: Scenario, step: str) -> range:
    """Return the bands of months that children live to see: none after a certain move."""
    times = scenario.bands.months_on_step
    certain = [
        times.index(band.time)
        for band in leavings(scenario, step)
        if band.age == scenario.bands.ages[-1] and band.total >= 1 - ROUNDING
    ]
    return range(min(certain, default=len(times) - 1) + 1)


def _ways(scenario: Scenario, step: str, time: int) -> set[Cell]:
    """Return the cells that follow one, at the ages of the last band."""
    times = scenario.bands.months_on_step
    found: set[Cell] = {(step, min(time + 1, len(times) - 1))}
    for name, move in scenario.moves.items():
        if move.from_step == step and _happens(
            scenario, name, scenario.bands.ages[-1], times[time]
        ):
            found.add((move.to_step, 0))
    return found


def _happens(scenario: Scenario, name: str, age: str, time: str) -> bool:
    """Tell whether a move may be made in a band: nothing that is known of it is 0 there."""
    move = scenario.moves[name]
    factors = ((move.by_age, age), (move.by_time, time))
    if any(given is not None and given.factors.get(band) == 0 for given, band in factors):
        return False
    for shared in scenario.rate_factors.values():
        here = (not shared.ages or age in shared.ages) and (
            not shared.months_on_step or time in shared.months_on_step
        )
        if (
            here
            and name in targets_of(scenario, shared.on)
            and _known(scenario, shared.factor) == 0
        ):
            return False
    numbers = [_known(scenario, each) for each in (move.rate or move.probability, move.share)]
    return 0 not in numbers and _known(scenario, move.rest_of) != 1


def _known(scenario: Scenario, quantity: Quantity | None) -> float | None:
    """Return a number that is certain, or None."""
    if quantity is not None and quantity.parameter is not None:
        quantity = scenario.parameters.get(quantity.parameter, quantity)
    return None if quantity is None else quantity.value
