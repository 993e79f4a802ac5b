"""What a strategy has of its own: figures for all years or some, and rows of probabilities.

Decision: docs/decisions/0016-published-cases.md.
"""

from stepdown.scenario.classes import targets_of
from stepdown.scenario.model import Effect, Scenario, Strategy
from stepdown.scenario.own_figures import OwnFigures

__all__ = ["multiplies_probabilities", "outcome_names", "own_figures", "own_rows"]


def outcome_names(scenario: Scenario) -> list[str]:
    """Return the names of the outcomes of steps and moves, in order."""
    of_steps = {name for step in scenario.steps.values() for name in step.outcomes}
    return sorted(of_steps.union(*(move.outcomes for move in scenario.moves.values())))


def own_figures(strategy: Strategy) -> tuple[OwnFigures, ...]:
    """Return the figures of all years, then those of each period, which win."""
    return (strategy, *strategy.periods.values())


def multiplies_probabilities(effect: Effect) -> bool:
    """Tell whether a ratio multiplies probabilities per cycle, and not rates."""
    return effect.risk_ratio is not None and effect.at_months is None


def own_rows(scenario: Scenario, strategy: Strategy) -> tuple[str, ...]:
    """Return the steps that a strategy leaves by probabilities of its own, in the file's order."""
    moves = {move for own in own_figures(strategy) for move in own.probabilities}
    for investment in strategy.investments.values():
        for effect in investment.effects.values():
            if multiplies_probabilities(effect):
                moves |= set(targets_of(scenario, effect.on))
    changed = {scenario.moves[move].from_step for move in moves}
    return tuple(step for step in scenario.steps if step in changed)
