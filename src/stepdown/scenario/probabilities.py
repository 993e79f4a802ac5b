"""The probabilities of leaving a step in each band, as far as the file alone tells them.

Decision: docs/decisions/0002-candidates-and-moves.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from stepdown.scenario.model import Move, Scenario
from stepdown.scenario.quantity import Quantity

__all__ = ["ROUNDING", "Leaving", "Part", "certain_moves", "certain_steps", "leavings"]

ROUNDING = 1e-12
"""By so much a sum of probabilities may miss 1."""


@dataclass(frozen=True)
class Part:
    """What one move has of the probability of leaving a step in one band."""

    move: str
    probability: float
    """A known value, or the largest of a distribution that ends; 0 where neither is known."""
    is_known: bool
    by_age: float
    by_time: float

    @property
    def product(self) -> float:
        """The probability in the band."""
        return self.probability * self.by_age * self.by_time


@dataclass(frozen=True)
class Leaving:
    """How a step is left by probabilities in one age band and band of time on the step."""

    age: str
    time: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> float:
        """The sum over moves."""
        return sum(part.product for part in self.parts)


def leavings(
    scenario: Scenario, step: str, own: Mapping[str, Quantity] | None = None
) -> Iterator[Leaving]:
    """Yield every band of a step that is left by probabilities; none of a step left by rates.

    Parameters
    ----------
    own
        Probabilities that a strategy has instead, by move.
    """
    moves = {name: move for name, move in scenario.moves.items() if move.from_step == step}
    if not moves or any(move.probability is None for move in moves.values()):
        return
    for age, time in product(scenario.bands.ages, scenario.bands.months_on_step):
        parts = [
            _part(scenario, name, move, (own or {}).get(name), (age, time))
            for name, move in moves.items()
        ]
        yield Leaving(age, time, tuple(parts))


def certain_steps(scenario: Scenario) -> set[str]:
    """Return the steps that are left with certainty, or not at all, in every band."""
    return {
        step
        for step in scenario.steps
        if _are_sure([(band.total, band.parts) for band in leavings(scenario, step)])
    }


def certain_moves(scenario: Scenario) -> set[str]:
    """Return the moves that are certain, or never made, in every band: no ratio changes them."""
    found: dict[str, list[tuple[float, tuple[Part, ...]]]] = {}
    for step in scenario.steps:
        for band in leavings(scenario, step):
            for part in band.parts:
                found.setdefault(part.move, []).append((part.product, (part,)))
    return {move for move, bands in found.items() if _are_sure(bands)}


def _are_sure(bands: list[tuple[float, tuple[Part, ...]]]) -> bool:
    """Tell whether known probabilities are 0 or 1 in every band, and not 0 in all."""
    known = all(part.is_known or part.product == 0 for _, parts in bands for part in parts)
    sure = [p >= 1 - ROUNDING for p, _ in bands]
    return known and any(sure) and all(s or p == 0 for s, (p, _) in zip(sure, bands, strict=True))


def _part(
    scenario: Scenario, name: str, move: Move, own: Quantity | None, band: tuple[str, str]
) -> Part:
    quantity = own or move.probability
    assert quantity is not None, "own invariant: the step is left by probabilities"
    if quantity.parameter is not None:
        quantity = scenario.parameters.get(quantity.parameter, quantity)
    value = quantity.value if quantity.value is not None else quantity.high
    by_age, by_time = (
        1.0 if factors is None else factors.factors.get(key, 1.0)
        for factors, key in zip((move.by_age, move.by_time), band, strict=True)
    )
    return Part(name, value or 0.0, quantity.value is not None, by_age, by_time)
