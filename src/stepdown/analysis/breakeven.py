"""The break-even effect: how weak it may be before the investment stops paying.

Every effect of a strategy is set to its median and scaled by one factor on the logarithmic scale
(1 is the median effect, 0 none); all other numbers stay uncertain. The break-even factor brings
the mean present value to 0. The same draws serve every factor, so the answer is smooth.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from stepdown.analysis.savings import present_value
from stepdown.errors import RunError
from stepdown.parameters import quantile
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.model import Effect, Strategy
from stepdown.scenario.quantity import Quantity
from stepdown.simulation import simulate

__all__ = ["BreakEven", "break_even"]

_LARGEST = 64.0
_LEVERS = ("caseload", "follow_up")
_RATIOS = ("hazard_ratio", "risk_ratio", "inflow_ratio")


@dataclass(frozen=True)
class BreakEven:
    """The effect at which a strategy just pays for itself."""

    factor: float | None
    """Times the median effect; None when no effect up to 64 times it, or `stopped`, pays."""
    elasticity: float | None
    """The caseload elasticity that the factor means, where the strategy changes the caseload."""
    follow_up_elasticity: float | None
    """The same of the interval between follow-ups, where the strategy changes it."""
    ratios: dict[str, float]
    """The ratios that the factor means, by effect or interaction."""
    present_value_dkk: tuple[tuple[float, float], ...]
    """(factor, mean present value) pairs tried, in DKK."""
    stopped: str | None = None
    """Why no run could be made with a larger factor; None where that was not the end."""


def break_even(
    loaded: LoadedScenario, strategy: str, *, n_draws: int = 100, seed: int = 1
) -> BreakEven:
    """Find the break-even effect of one strategy by bisection on its mean present value.

    Parameters
    ----------
    loaded
        The scenario.
    strategy
        Name of the strategy.
    n_draws, seed
        Draws behind each trial; the budget horizon is the scenario's.
    """
    medians = _medians(loaded.scenario, strategy)
    tried: dict[float, float] = {}

    def mean_value(factor: float) -> float:
        if factor in tried:
            return tried[factor]
        scaled = _scaled(loaded.scenario, strategy, medians, factor)
        run = simulate(replace(loaded, scenario=scaled), n_draws, seed, n_replicates=1)
        tried[factor] = float(present_value(run).sel(strategy=strategy).mean())
        return tried[factor]

    factor, stopped = _root(mean_value)
    if factor is None:
        return BreakEven(None, None, None, {}, tuple(sorted(tried.items())), stopped)
    of_levers = [medians.get(lever) for lever in _LEVERS]
    elasticity, follow_up = (None if e is None else factor * e for e in of_levers)
    return BreakEven(
        factor,
        elasticity,
        follow_up,
        {name: float(np.exp(factor * log)) for name, log in medians.items() if name not in _LEVERS},
        tuple(sorted(tried.items())),
    )


def _root(value_at: Callable[[float], float]) -> tuple[float | None, str | None]:
    """Return the factor in [0, 64] at which a rising function is 0, to 1 % of it.

    Where there is none: what stopped the search before 64, or None.
    """
    low, high = 0.0, 1.0
    if value_at(low) >= 0:
        return 0.0, None
    while value_at(high) < 0:
        low, high = high, high * 2
        if high > _LARGEST:
            return None, None
        try:
            value_at(high)
        except RunError as error:
            # The scenario itself runs: it is the trial that asks for too much.
            return None, str(error)
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        if value_at(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2, None


def _medians(scenario: Scenario, strategy: str) -> dict[str, float]:
    """Return the median elasticity and log ratios of a strategy, by name."""
    found: dict[str, float] = {}
    own = scenario.strategies[strategy]
    for lever in _LEVERS:
        base = getattr(scenario, lever)
        if getattr(own, lever) is not None and base is not None:
            found[lever] = _median(scenario, base.elasticity.all)
    for name, interaction in own.interactions.items():
        together = _median(scenario, interaction.hazard_ratio)
        found[f"interactions.{name}"] = float(np.log(together))
    for investment_name, investment in own.investments.items():
        for effect_name, effect in investment.effects.items():
            ratio = _ratio(effect)
            name = f"{investment_name}.{effect_name}"
            found[name] = float(np.log(_median(scenario, getattr(effect, ratio))))
    return found


def _ratio(effect: Effect) -> str:
    return next(name for name in _RATIOS if getattr(effect, name) is not None)


def _median(scenario: Scenario, quantity: Quantity) -> float:
    if quantity.parameter is not None:
        quantity = scenario.parameters[quantity.parameter]
    if quantity.distribution is None:
        return float(quantity.value or 0.0)
    return float(quantile(quantity, np.array([0.5]))[0])


def _scaled(
    scenario: Scenario, strategy: str, medians: dict[str, float], factor: float
) -> Scenario:
    """Return the scenario with one strategy alone, its effects certain and scaled."""
    own = scenario.strategies[strategy]
    investments = {}
    for name, investment in own.investments.items():
        effects = {
            effect_name: effect.model_copy(
                update={_ratio(effect): _certain(np.exp(factor * medians[f"{name}.{effect_name}"]))}
            )
            for effect_name, effect in investment.effects.items()
        }
        investments[name] = investment.model_copy(update={"effects": effects})
    interactions = {
        name: interaction.model_copy(
            update={"hazard_ratio": _certain(np.exp(factor * medians[f"interactions.{name}"]))}
        )
        for name, interaction in own.interactions.items()
    }
    alone = {"investments": investments, "interactions": interactions}
    only: dict[str, Strategy] = {strategy: own.model_copy(update=alone)}
    update: dict[str, object] = {"strategies": only}
    for lever in (one for one in _LEVERS if one in medians):
        elasticity = getattr(scenario, lever).elasticity
        by_class = {
            name: _certain(factor * _median(scenario, q)) for name, q in elasticity.by_class.items()
        }
        scaled = elasticity.model_copy(
            update={"all": _certain(factor * medians[lever]), "by_class": by_class}
        )
        update[lever] = getattr(scenario, lever).model_copy(update={"elasticity": scaled})
    return scenario.model_copy(update=update)


def _certain(value: float) -> Quantity:
    return Quantity(value=float(value), unit="ratio", assumption="scaled to find the break-even")
