"""Draws -> monthly hazards of every move, and everything that multiplies them."""

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.kernel.build import Effects
from stepdown.overrides import from_probabilities, overrides_of
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.classes import CASELOAD_SIGN
from stepdown.scenario.model import Effect
from stepdown.scenario.quantity import Quantity
from stepdown.timing import weights

__all__ = ["caseloads", "effects_of", "hazards", "keep_shares", "log_ratio"]

Floats = NDArray[np.float64]


def hazards(plan: Plan, draws: Draws) -> Floats:
    """Return the hazard of each move, (draw, move, age band, time band) [per cycle].

    A rate is multiplied by its factors. Probabilities P of leaving a step become hazards
    -ln(1 - P), split in proportion; P = 1 becomes a hazard no exponential exceeds.

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
            base[:, moves] = from_probabilities(base[:, moves], plan.steps[step])
    return base


def keep_shares(plan: Plan, draws: Draws) -> Floats:
    """Return the share that goes on at each birthday, (draw, birthday, step)."""
    shares = np.zeros((draws.count, len(plan.birthdays), len(plan.steps)))
    for index, age in enumerate(plan.birthdays):
        for step, share in plan.scenario.birthdays[str(age)].goes_on.items():
            shares[:, index, plan.step(step)] = draws.of(share)
    return shares


def caseloads(plan: Plan, draws: Draws) -> Floats | None:
    """Return cases per caseworker, (draw, strategy, month); None where the file has none."""
    caseload = plan.scenario.caseload
    if caseload is None:
        return None
    n_months = plan.stairs.n_months
    baseline = np.log(draws.of(caseload.baseline))[:, None]
    paths = np.repeat(baseline[:, None, :], len(plan.strategies), 1) + np.zeros(n_months)
    for index, strategy in enumerate(plan.scenario.strategies.values(), start=1):
        if strategy.caseload is not None:
            target = np.log(draws.of(strategy.caseload.cases_per_caseworker))[:, None]
            weight = weights(plan, draws, strategy.caseload)
            paths[:, index] += weight * (target - baseline)
    return np.asarray(np.exp(paths))


def effects_of(plan: Plan, draws: Draws, base: Floats) -> Effects:
    """Gather what multiplies the moves; `base` is the result of `hazards`."""
    steady = plan.steady
    overrides = overrides_of(plan, draws, base)
    n_columns, n_bands = len(plan.columns), len(plan.effect_edges)
    n_months, n_strategies = plan.stairs.n_months, len(plan.strategies)
    n_effects = len(steady) + len(overrides)
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
    reach_log_max = np.zeros((draws.count, n_columns, n_bands, n_strategies))
    for effect in plan.reached:
        for strategy, _, use_effect in effect.by_strategy:
            top = np.clip(log_ratio(draws, use_effect), 0.0, None)[:, None, None]
            reach_log_max[..., strategy] += top * effect.touches
    strategies = [use.strategy for use in steady] + [o.strategy for o in overrides]
    return Effects(
        strategy=np.array(strategies, dtype=np.int64),
        touches=touches,
        log_ratio=ratios,
        weight=weight,
        elasticity=_elasticities(plan, draws),
        log_relief=_log_relief(plan, draws),
        reach_log_max=reach_log_max,
    )


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
    bad = np.flatnonzero(~((ratio > 0) & np.isfinite(ratio)))
    if bad.size:
        raise RunError(
            f"draw {draws.first + bad[0]}: an effect on {', '.join(effect.on)} has the ratio "
            f"{ratio[bad[0]]:g}; a ratio of rates is > 0, and a relative risk times the control "
            "risk is below 1. Use a lognormal ratio, or a lower control_risk."
        )
    return np.asarray(np.log(ratio))


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
        base[:, index] = per_cycle[:, None, None] * np.outer(by_age, by_time)
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


def _elasticities(plan: Plan, draws: Draws) -> Floats:
    """Return the signed elasticity of each column, (draw, column)."""
    signed = np.zeros((draws.count, len(plan.columns)))
    caseload = plan.scenario.caseload
    if caseload is None:
        return signed
    for index, column in enumerate(plan.columns):
        if not column.is_certain:
            quantity = caseload.elasticity.by_class.get(column.group, caseload.elasticity.all)
            signed[:, index] = CASELOAD_SIGN[column.group] * draws.of(quantity)
    return signed


def _log_relief(plan: Plan, draws: Draws) -> Floats:
    """Return log(reference caseload / caseload), (draw, strategy, month)."""
    paths = caseloads(plan, draws)
    if paths is None or plan.scenario.caseload is None:
        return np.zeros((draws.count, len(plan.strategies), plan.stairs.n_months))
    reference = draws.of(plan.scenario.caseload.reference)[:, None, None]
    return np.asarray(np.log(reference / paths))
