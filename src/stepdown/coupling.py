"""What makes children depend on each other: posts that do not follow the cases, and places.

Decision: docs/decisions/0020-posts-and-places.md.
"""

import numpy as np
from numpy.typing import NDArray

from stepdown.inflow import Inflow
from stepdown.kernel.build import Effects, Thresholds
from stepdown.kernel.layout import Coupling
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.cases import case_weights as weights_of
from stepdown.scenario.model import Places

__all__ = ["case_weights", "coupling_of", "has_fixed_posts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def has_fixed_posts(plan: Plan) -> bool:
    """Tell whether the caseload follows the number of cases."""
    return plan.scenario.caseload is not None and plan.scenario.caseload.mode == "fixed_posts"


def coupling_of(
    plan: Plan, draws: Draws, effects: Effects, thresholds: Thresholds, inflow: Inflow
) -> Coupling | None:
    """Return what couples the children of a chunk of draws, or None where nothing does."""
    fixed_posts = has_fixed_posts(plan)
    if not fixed_posts and not plan.scenario.capacity:
        return None
    return Coupling(
        places=_places(plan, draws.count),
        log_rest=thresholds.log_rest if fixed_posts else thresholds.log_rest[:, :0],
        log_relief=effects.log_relief,
        elasticity=effects.elasticity,
        bound=thresholds.bound,
        reach_log_max=effects.reach_log_max,
        cases_at_start=_cases_at_start(plan, draws, inflow),
    )


def case_weights(plan: Plan, draws: Draws) -> Floats:
    """Return how much of an open case a child on each step is, (draw, step)."""
    return np.tile(np.array(weights_of(plan.scenario)), (draws.count, 1))


def _cases_at_start(plan: Plan, draws: Draws, inflow: Inflow) -> Floats:
    """Return the weighted cases within reach that the posts are made for, (draw), at least 1."""
    children = inflow.fixed[:, 0] + inflow.mean[:, 0]
    weighted = (children * case_weights(plan, draws)).sum(axis=1)
    return np.asarray(np.maximum(weighted, 1.0))


def _places(plan: Plan, n_draws: int) -> Ints:
    """Return places, (draw, strategy, year, step); -1 without a limit."""
    if not plan.scenario.capacity:
        return np.zeros((n_draws, len(plan.strategies), 0, len(plan.steps)), dtype=np.int64)
    found = np.full((len(plan.strategies), plan.n_years, len(plan.steps)), -1, dtype=np.int64)
    for name, capacity in plan.scenario.capacity.items():
        step = plan.step(name)
        found[:, :, step] = _by_year(plan, capacity.places)
        for number, strategy in enumerate(plan.scenario.strategies.values(), start=1):
            if name in strategy.capacity:
                found[number, :, step] = _by_year(plan, strategy.capacity[name])
    return np.tile(found, (n_draws, 1, 1, 1))


def _by_year(plan: Plan, places: Places) -> Ints:
    """Return the places of each year: those of the last year stated by then, or of the first."""
    years = sorted(places.by_year)
    found = []
    for year in range(plan.first_year, plan.first_year + plan.n_years):
        stated = [own for own in years if int(own) <= year] or years[:1]
        found.append(places.by_year[stated[-1]])
    return np.array(found, dtype=np.int64)
