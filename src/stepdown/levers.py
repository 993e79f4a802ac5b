"""Levers of casework: caseload, turnover of caseworkers, intervals between follow-ups.

What stands here multiplies rates as (reference / lever) ^ (elasticity x sign of the move's class).

Decisions: docs/decisions/0005-classes-of-moves.md, docs/decisions/0018-levels-and-interactions.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.parameters import Draws
from stepdown.plan import Plan, TogetherEffect
from stepdown.scenario.classes import lever_sign
from stepdown.scenario.kinds import Timing
from stepdown.scenario.levers import Caseload, CaseloadChange, Elasticity
from stepdown.scenario.model import Strategy
from stepdown.scenario.quantity import Quantity
from stepdown.timing import weights

__all__ = [
    "LeverEffect",
    "caseloads",
    "effective_caseloads",
    "elasticities",
    "follow_up_effects",
    "intervals",
    "log_relief",
    "more_posts",
    "together_weight",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LeverEffect:
    """What a lever of one strategy multiplies, beside the investments' effects."""

    strategy: int
    touches: NDArray[np.bool_]
    """(column, effect age band)."""
    log_ratio: Floats
    """(draw)."""
    weight: Floats
    """(draw, month) in [0, 1]."""


def caseloads(plan: Plan, draws: Draws) -> Floats | None:
    """Return cases per post, (draw, strategy, month); None where the file has no caseload."""
    caseload = plan.scenario.caseload
    if caseload is None:
        return None
    baseline = np.log(draws.of(caseload.baseline))
    return _paths(plan, draws, baseline, [_target(s.caseload) for s in _strategies(plan)])


def effective_caseloads(plan: Plan, draws: Draws) -> Floats | None:
    """Return cases per post, with the posts that turnover costs, (draw, strategy, month).

    Posts stand empty, and newcomers do less, for a while after each departure. What is left of a
    post is counted relative to the baseline's, so the baseline's effective caseload is its own.

    Raises
    ------
    RunError
        Turnover leaves nothing of a post in some draw.
    """
    paths, caseload = caseloads(plan, draws), plan.scenario.caseload
    if paths is None or caseload is None or caseload.turnover is None:
        return paths
    before = _capacity(draws, caseload, caseload.turnover)
    for index, strategy in enumerate(_strategies(plan), start=1):
        change = strategy.caseload
        if change is not None and change.turnover is not None:
            after = _capacity(draws, caseload, change.turnover)
            lost = np.log(before / after)[:, None] * weights(plan, draws, change)
            paths[:, index] *= np.exp(lost)
    return paths


def intervals(plan: Plan, draws: Draws) -> Floats | None:
    """Return months between follow-ups, (draw, strategy, month); None where the file has none."""
    follow_up = plan.scenario.follow_up
    if follow_up is None:
        return None
    targets = [
        (s.follow_up, s.follow_up.interval_months) if s.follow_up is not None else None
        for s in _strategies(plan)
    ]
    return _paths(plan, draws, np.log(draws.of(follow_up.baseline)), targets)


def elasticities(plan: Plan, draws: Draws) -> Floats:
    """Return the signed elasticity of the caseload by column, (draw, column)."""
    signed = np.zeros((draws.count, len(plan.columns)))
    if plan.scenario.caseload is None:
        return signed
    for index, (sign, quantity) in enumerate(_answers(plan, plan.scenario.caseload.elasticity)):
        if sign:
            signed[:, index] = sign * draws.of(quantity)
    return signed


def log_relief(plan: Plan, draws: Draws) -> Floats:
    """Return log(reference caseload / effective caseload), (draw, strategy, month)."""
    paths = effective_caseloads(plan, draws)
    if paths is None or plan.scenario.caseload is None:
        return np.zeros((draws.count, len(plan.strategies), plan.stairs.n_months))
    reference = draws.of(plan.scenario.caseload.reference)[:, None, None]
    return np.asarray(np.log(reference / paths))


def follow_up_effects(plan: Plan, draws: Draws) -> list[LeverEffect]:
    """Return what the interval multiplies: (reference / interval) ^ (elasticity x sign).

    Every strategy has the baseline's part in all months, and its own change beside it. Columns
    with one elasticity and sign share an effect.
    """
    follow_up = plan.scenario.follow_up
    if follow_up is None:
        return []
    shape = (len(plan.columns), len(plan.effect_edges))
    touches: dict[tuple[int, int], NDArray[np.bool_]] = {}
    quantity_of: dict[int, Quantity] = {}
    for index, (sign, quantity) in enumerate(_answers(plan, follow_up.elasticity)):
        if sign:
            quantity_of[id(quantity)] = quantity
            touches.setdefault((sign, id(quantity)), np.zeros(shape, bool))[index] = True
    before = np.log(draws.of(follow_up.reference) / draws.of(follow_up.baseline))
    always = np.ones((draws.count, plan.stairs.n_months))
    found = []
    for (sign, key), own in touches.items():
        elasticity = sign * draws.of(quantity_of[key])
        for index, strategy in enumerate((None, *_strategies(plan))):
            found.append(LeverEffect(index, own, elasticity * before, always))
            if strategy is not None and strategy.follow_up is not None:
                change = strategy.follow_up
                shorter = np.log(draws.of(follow_up.baseline) / draws.of(change.interval_months))
                weight = weights(plan, draws, change)
                found.append(LeverEffect(index, own, elasticity * shorter, weight))
    return found


def together_weight(plan: Plan, draws: Draws, use: TogetherEffect) -> Floats:
    """Return the product of the weights of the two levers of an interaction, (draw, month)."""
    strategy = _strategies(plan)[use.strategy - 1]
    weight = np.ones((draws.count, plan.stairs.n_months))
    for lever in use.interaction.between:
        timing: Timing | None = strategy.investments.get(lever)
        if timing is None:
            timing = strategy.caseload if lever == "caseload" else strategy.follow_up
        assert timing is not None, "own invariant: a checked interaction names what is there"
        weight *= weights(plan, draws, timing)
    return weight


def more_posts(plan: Plan, draws: Draws, strategy: Strategy) -> Floats:
    """Return the posts that a strategy's caseload takes beyond the baseline's, (draw).

    Posts of the baseline x (its caseload / the strategy's - 1): the same cases on more posts.
    """
    caseload, change = plan.scenario.caseload, strategy.caseload
    assert caseload is not None, "own invariant: a checked cost has a caseload to follow"
    assert caseload.posts is not None, "own invariant: and posts to count from"
    assert change is not None, "own invariant: and a strategy that changes it"
    assert change.cases_per_caseworker is not None, "own invariant: to another number of cases"
    ratio = draws.of(caseload.baseline) / draws.of(change.cases_per_caseworker)
    return np.asarray(draws.of(caseload.posts) * (ratio - 1.0))


def _strategies(plan: Plan) -> list[Strategy]:
    return list(plan.scenario.strategies.values())


def _target(change: CaseloadChange | None) -> tuple[Timing, Quantity] | None:
    if change is None or change.cases_per_caseworker is None:
        return None
    return change, change.cases_per_caseworker


def _paths(
    plan: Plan, draws: Draws, baseline: Floats, targets: Sequence[tuple[Timing, Quantity] | None]
) -> Floats:
    """Return a lever by month, (draw, strategy, month): from the baseline's log to the target's."""
    start = baseline[:, None]
    paths = np.repeat(start[:, None, :], len(plan.strategies), 1) + np.zeros(plan.stairs.n_months)
    for index, target in enumerate(targets, start=1):
        if target is not None:
            timing, quantity = target
            weight = weights(plan, draws, timing)
            paths[:, index] += weight * (np.log(draws.of(quantity))[:, None] - start)
    return np.asarray(np.exp(paths))


def _answers(plan: Plan, elasticity: Elasticity) -> list[tuple[int, Quantity]]:
    """Return the sign and the elasticity of each column; 0 for moves that no lever can change."""
    found = []
    for column in plan.columns:
        sign = lever_sign(column.group, elasticity, undetected=column.is_undetected)
        quantity = elasticity.by_class.get(column.group, elasticity.all)
        found.append((0 if column.is_certain else sign, quantity))
    return found


def _capacity(draws: Draws, caseload: Caseload, turnover: Quantity) -> Floats:
    """Return what is left of a post when a share of the caseworkers leave each year, (draw)."""
    assert caseload.vacancy_months is not None, "own invariant: checked turnover has its times"
    assert caseload.newcomer_months is not None, "own invariant: checked turnover has its times"
    assert caseload.newcomer_capacity is not None, "own invariant: and what newcomers do"
    newcomer = draws.of(caseload.newcomer_months) * (1 - draws.of(caseload.newcomer_capacity))
    lost = draws.of(turnover) * (draws.of(caseload.vacancy_months) + newcomer) / 12
    if (lost >= 1).any():
        draw = int(lost.argmax())
        raise RunError(
            f"draw {draws.first + draw}: turnover, vacancies and newcomers leave nothing of a "
            f"post ({lost[draw]:.0%} is lost). Lower turnover, or the months."
        )
    return np.asarray(1.0 - lost)
