"""Draws -> monthly hazards of every move, and everything that multiplies them."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.kernel.build import CERTAIN, CERTAIN_IN_BAND, Effects
from stepdown.levers import (
    LeverEffect,
    elasticities,
    follow_up_effects,
    log_relief,
    together_weight,
)
from stepdown.overrides import check_sums, from_probabilities, overrides_of
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.classes import targets_of
from stepdown.scenario.model import Effect
from stepdown.scenario.own import own_rows
from stepdown.scenario.quantity import Quantity
from stepdown.timing import weights

__all__ = ["baseline_multiplier", "effects_of", "hazards", "keep_shares", "log_ratio"]

Floats = NDArray[np.float64]


def hazards(plan: Plan, draws: Draws) -> Floats:
    """Return the hazard of each move, (draw, move, age band, time band) [per cycle].

    A rate is multiplied by its factors. Probabilities P of leaving a step become hazards
    -ln(1 - P), split in proportion; P = 1 becomes a hazard that no exponential exceeds.

    Raises
    ------
    RunError
        A draw has a negative rate, or probabilities above 1; names the move and the value.
    """
    base = _factored(plan, draws)
    bad = np.argwhere(~(base >= 0))
    if bad.size:
        draw, move = bad[0][:2]
        raise RunError(
            f"draw {draws.first + draw}: move {plan.moves[move]} has a rate of "
            f"{base[tuple(bad[0])]:g}; a rate is >= 0. Use a distribution without negative values."
        )
    for step in range(len(plan.steps)):
        moves = [m for m in plan.stairs.moves_from[step] if m >= 0]
        if moves and plan.scenario.moves[plan.moves[moves[0]]].probability is not None:
            base[:, moves] = _of_probabilities(plan, draws, moves, base[:, moves])
    return base


def keep_shares(plan: Plan, draws: Draws) -> Floats:
    """Return the share that goes on at each birthday, (draw, birthday, step)."""
    shares = np.zeros((draws.count, len(plan.birthdays), len(plan.steps)))
    for index, age in enumerate(plan.birthdays):
        for step, share in plan.scenario.birthdays[str(age)].goes_on.items():
            shares[:, index, plan.step(step)] = draws.of(share)
    return shares


def effects_of(plan: Plan, draws: Draws, base: Floats) -> Effects:
    """Gather what multiplies the moves; `base` is the result of `hazards`."""
    steady = plan.steady
    overrides = overrides_of(plan, draws, base)
    levers = [*_together(plan, draws), *follow_up_effects(plan, draws)]
    n_columns, n_bands = len(plan.columns), len(plan.effect_edges)
    n_months, n_strategies = plan.stairs.n_months, len(plan.strategies)
    n_effects = len(steady) + len(overrides) + len(levers)
    touches = np.zeros((n_effects, n_columns, n_bands), bool)
    ratios = np.zeros((draws.count, n_effects))
    weight = np.empty((draws.count, n_effects, n_months))
    for index, use in enumerate(steady):
        touches[index] = use.touches
        ratios[:, index] = log_ratio(draws, use.effect)
        weight[:, index] = weights(plan, draws, use.investment)
    for index, override in enumerate(overrides, start=len(steady)):
        # The log ratio is the weight, of a ratio of e: it takes its own way from month to month.
        touches[index] = override.touches
        ratios[:, index] = 1.0
        weight[:, index] = override.log_ratio
    for index, lever in enumerate(levers, start=len(steady) + len(overrides)):
        touches[index] = lever.touches
        ratios[:, index] = lever.log_ratio
        weight[:, index] = lever.weight
    reach_log_max = np.zeros((draws.count, n_columns, n_bands, n_strategies))
    for effect in plan.reached:
        for strategy, _, use_effect in effect.by_strategy:
            top = np.clip(log_ratio(draws, use_effect), 0.0, None)[:, None, None]
            reach_log_max[..., strategy] += top * effect.touches
    strategies = [use.strategy for use in steady] + [use.strategy for use in overrides]
    strategies += [use.strategy for use in levers]
    return Effects(
        strategy=np.array(strategies, dtype=np.int64),
        touches=touches,
        log_ratio=ratios,
        weight=weight,
        elasticity=elasticities(plan, draws),
        log_relief=log_relief(plan, draws),
        reach_log_max=reach_log_max,
    )


def baseline_multiplier(effects: Effects) -> Floats:
    """Return what multiplies each move in the baseline's first month, (draw, column, age band).

    The levers of the baseline stand still, so this holds in all its months.
    """
    log = np.repeat(
        (effects.elasticity * effects.log_relief[:, 0, 0, None])[:, :, None],
        effects.touches.shape[2],
        axis=2,
    )
    for index in np.flatnonzero(effects.strategy == 0):
        log += effects.log_ratio[:, index, None, None] * effects.touches[index]
    return np.asarray(np.exp(log))


def log_ratio(draws: Draws, effect: Effect) -> Floats:
    """Return the logarithm of an effect's ratio of hazards (or of arrivals), (draw).

    A relative risk RR at a control risk p becomes ln(1 - RR p) / ln(1 - p).

    Raises
    ------
    RunError
        A ratio is not > 0, or RR x p is not below 1; names the draw.
    """
    quantity = effect.hazard_ratio or effect.inflow_ratio or effect.risk_ratio
    assert quantity is not None, "own invariant: a checked effect has a ratio"
    ratio = draws.of(quantity)
    if effect.risk_ratio is not None and effect.control_risk is not None:
        risk = draws.of(effect.control_risk)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log1p(-ratio * risk) / np.log1p(-risk)
    _check_ratio(draws, ratio, effect.on)
    return np.asarray(np.log(ratio))


def _together(plan: Plan, draws: Draws) -> list[LeverEffect]:
    """Return the interactions: ratio ^ (weight of one lever x weight of the other)."""
    found = []
    for use in plan.together:
        ratio = draws.of(use.interaction.hazard_ratio)
        _check_ratio(draws, ratio, use.interaction.on)
        weight = together_weight(plan, draws, use)
        found.append(LeverEffect(use.strategy, use.touches, np.log(ratio), weight))
    return found


def _check_ratio(draws: Draws, ratio: Floats, on: tuple[str, ...]) -> None:
    bad = np.flatnonzero(~((ratio > 0) & np.isfinite(ratio)))
    if bad.size:
        raise RunError(
            f"draw {draws.first + bad[0]}: an effect on {', '.join(on)} has the ratio "
            f"{ratio[bad[0]]:g}; a ratio of rates is > 0, and a relative risk times the control "
            "risk is below 1. Use a lognormal ratio, or a lower control_risk."
        )


def _of_probabilities(plan: Plan, draws: Draws, moves: list[int], p: Floats) -> Floats:
    """Return the hazards of a step left by (draw, move, age band, time band) probabilities."""
    names = [plan.moves[move] for move in moves]
    step = plan.scenario.moves[names[0]].from_step
    for age, time in product(range(p.shape[2]), range(p.shape[3])):
        bands = plan.scenario.bands
        leaving = f'step {step} at ages "{bands.ages[age]}", "{bands.months_on_step[time]}" on it,'
        check_sums(p[:, :, age, time], leaving, names, draws.first)
    columns = [plan.columns[plan.stairs.moves["column"][move]] for move in moves]
    # Nothing multiplies a step that is certain throughout; elsewhere a lever may slow a move down,
    # and what is certain in a band has to be so all the same. A strategy's own probabilities are
    # ratios to these hazards, which need not be larger than they must.
    own = any(step in own_rows(plan.scenario, s) for s in plan.scenario.strategies.values())
    is_plain = own or all(column.is_certain for column in columns)
    return from_probabilities(p, CERTAIN if is_plain else CERTAIN_IN_BAND)


def _factored(plan: Plan, draws: Draws) -> Floats:
    """Return rates per cycle, or probabilities, times their factors by age and time."""
    ages, times = plan.scenario.bands.ages, plan.scenario.bands.months_on_step
    base = np.empty((draws.count, len(plan.moves), len(ages), len(times)))
    for index, move in enumerate(plan.scenario.moves.values()):
        quantity = move.rate or move.probability
        assert quantity is not None, "own invariant: a checked move has a rate or a probability"
        by_age = [move.by_age.factors[band] if move.by_age else 1.0 for band in ages]
        by_time = [move.by_time.factors[band] if move.by_time else 1.0 for band in times]
        per_cycle = draws.of(quantity) * _per_cycle(plan, quantity)
        if move.share is not None:
            per_cycle *= draws.of(move.share)
        if move.rest_of is not None:
            per_cycle *= 1.0 - draws.of(move.rest_of)
        base[:, index] = per_cycle[:, None, None] * np.outer(by_age, by_time)
    for shared in plan.scenario.rate_factors.values():
        touched = [plan.moves.index(name) for name in targets_of(plan.scenario, shared.on)]
        at_age = [i for i, band in enumerate(ages) if band in shared.ages or not shared.ages]
        months = shared.months_on_step
        at_time = [i for i, band in enumerate(times) if band in months or not months]
        factor = draws.of(shared.factor)[:, None, None, None]
        base[np.ix_(range(draws.count), touched, at_age, at_time)] *= factor
    return base


def _per_cycle(plan: Plan, quantity: Quantity) -> float:
    unit = _unit(plan, quantity)
    if unit == "per year":
        return plan.scenario.clock.cycle_months / 12
    if unit == "per month":
        return float(plan.scenario.clock.cycle_months)
    return 1.0


def _unit(plan: Plan, quantity: Quantity) -> str | None:
    if quantity.parameter is not None:
        return plan.scenario.parameters[quantity.parameter].unit
    return quantity.unit
