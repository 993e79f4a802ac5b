"""What a strategy is believed to change, and what that belief rests on."""

from collections.abc import Iterator
from dataclasses import dataclass

from stepdown.evidence import Evidence
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.model import Strategy
from stepdown.scenario.quantity import Quantity

__all__ = ["EffectBasis", "effect_basis", "effects_of", "saves_by_assumption"]

_RATIOS = ("hazard_ratio", "risk_ratio", "inflow_ratio")
_LEVERS = ("caseload", "follow_up")


@dataclass(frozen=True)
class EffectBasis:
    """How many effects a strategy has, by what they rest on."""

    n: int
    n_assumed: int
    n_assumed_on_evaluations: int
    """Assumptions that lean on at least one evaluation."""
    has_caseload: bool


def effect_basis(loaded: LoadedScenario, name: str) -> EffectBasis:
    """Return what the effects of a strategy rest on; budget lines have none."""
    strategy = loaded.scenario.strategies[name]
    found = effects_of(loaded.scenario, strategy)
    assumed = [effect for effect in found if effect.assumption is not None]
    return EffectBasis(
        n=len(found),
        n_assumed=len(assumed),
        n_assumed_on_evaluations=sum(_on_evaluation(e, loaded.evidence) for e in assumed),
        has_caseload=strategy.caseload is not None,
    )


def saves_by_assumption(scenario: Scenario, name: str) -> bool:
    """Tell whether no budget line of a strategy can ever save less than nothing."""
    shares = [
        line.realised_share
        for line in scenario.budget_lines.values()
        if name in line.strategies and line.realised_share is not None
    ]
    named = [scenario.parameters[one.parameter] if one.parameter else one for one in shares]
    return bool(named) and all(_is_never_negative(share) for share in named)


def _is_never_negative(share: Quantity) -> bool:
    if share.distribution in ("triangular", "uniform", None):
        least = share.low if share.value is None else share.value
        return least is not None and least >= 0
    return share.distribution in ("beta", "gamma", "lognormal")


def effects_of(scenario: Scenario, strategy: Strategy) -> list[Quantity]:
    """Return the effects of a strategy, those that several places share once."""
    found: dict[int, Quantity] = {}
    for quantity in _all_effects(scenario, strategy):
        own = quantity
        if quantity.parameter is not None:
            own = scenario.parameters[quantity.parameter]
        found[id(own)] = own
    return list(found.values())


def _all_effects(scenario: Scenario, strategy: Strategy) -> Iterator[Quantity]:
    for lever in _LEVERS:
        base = getattr(scenario, lever)
        if getattr(strategy, lever) is not None and base is not None:
            yield base.elasticity.all
            yield from base.elasticity.by_class.values()
    for investment in strategy.investments.values():
        for effect in investment.effects.values():
            ratios = (getattr(effect, name) for name in _RATIOS)
            yield next(ratio for ratio in ratios if ratio is not None)
    for interaction in strategy.interactions.values():
        yield interaction.hazard_ratio


def _on_evaluation(effect: Quantity, evidence: Evidence) -> bool:
    return any(evidence.figure(key).grade == "evaluation" for key in effect.sources)
