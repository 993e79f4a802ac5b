"""The same tables without chance: expected children, moves and cost, exact for each draw.

It checks the simulation and needs no luck averaged out. E[f(draw)] is not f(E[draw]): the
expectation is taken per draw.

Decision: docs/decisions/0007-expected-solution.md.
"""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import budgetlines, money, one_off
from stepdown.chunks import lines_dataset
from stepdown.coupling import has_fixed_posts
from stepdown.kernel.paths import People, expected_paths
from stepdown.parameters import Draws, draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.scenario.own import outcome_names
from stepdown.tables import Chunk, build_chunk
from stepdown.uniforms import check_sobol

__all__ = ["NotExact", "expected", "why_not_exact"]

Floats = NDArray[np.float64]

_CHUNK = 50


@dataclass(frozen=True)
class NotExact:
    """What the cohort solution cannot give, and why."""

    reason: str

    def __bool__(self) -> bool:
        return False


def expected(
    scenario: str | PathLike[str] | LoadedScenario,
    n_draws: int = 100,
    seed: int = 1,
    *,
    design: Literal["independent", "sobol"] = "independent",
) -> xr.Dataset | NotExact:
    """Solve a scenario without chance, for the same draws that `simulate` would use.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, path of a file or its folder, or a scenario already loaded.
    n_draws, seed, design
        As in `simulate`.

    Returns
    -------
        Dataset with dims strategy, draw, year, step, payer: expected `months_in_step`, `stock`,
        `moves`, `cost_dkk`, and `outcome` where the file has outcomes. Or `NotExact` with the
        reason, when an effect of limited reach makes children differ in a way cohorts cannot hold.
        Budget lines hold no chance, so those alone are exact: the variables of `simulate` without
        replicates.

    Raises
    ------
    InputError, ParameterError, RunError
        As in `simulate`.
    """
    loaded = scenario
    if not isinstance(loaded, LoadedScenario):
        loaded = load_scenario(Path(loaded) if isinstance(loaded, PathLike) else loaded)
    plan = make_plan(loaded.scenario)
    if design == "sobol":
        check_sobol(n_draws)
    sobol_draws = n_draws if design == "sobol" else None
    if not plan.scenario.has_staircase:
        draws = draw_parameters(plan.scenario, seed, 0, n_draws, sobol_draws)
        return lines_dataset(plan, draws, 1).isel(replicate=0, drop=True)
    reason = why_not_exact(plan)
    if reason is not None:
        return NotExact(reason)
    parts = []
    for first in range(0, n_draws, _CHUNK):
        count = min(_CHUNK, n_draws - first)
        draws = draw_parameters(plan.scenario, seed, first, count, sobol_draws)
        parts.append(_solve(plan, draws, build_chunk(plan, draws, keep_multipliers=True)))
    return xr.concat(parts, "draw", join="exact", coords="minimal", compat="override")


def why_not_exact(plan: Plan) -> str | None:
    """Return why children cannot be followed as cohorts, or None."""
    if plan.reached:
        names = ", ".join(effect.name for effect in plan.reached)
        return (
            f"effects of limited reach ({names}): the same children stay treated while the reach "
            "changes from month to month, so a cohort is not of one kind"
        )
    if plan.scenario.capacity:
        return "places: who gets one depends on who else asks, so children are not independent"
    if has_fixed_posts(plan):
        return "fixed posts: the caseload follows the simulated cases, so children depend on it"
    if plan.scenario.adult_life is not None:
        return "adult life: it depends on the months placed, which cohorts do not remember"
    return None


def _solve(plan: Plan, draws: Draws, chunk: Chunk) -> xr.Dataset:
    n_years, per_year = plan.n_years, plan.cycles_per_year
    at_edge = np.empty(
        (len(plan.strategies), draws.count, plan.stairs.n_months + 1, len(plan.steps))
    )
    n_moves = len(plan.moves) + len(plan.birthdays)
    moved = np.empty((len(plan.strategies), draws.count, plan.stairs.n_months, n_moves))
    start = (chunk.inflow.fixed + chunk.inflow.mean).astype(np.float64)
    steady = chunk.inflow.steady_per_month.sum(axis=-1)
    people = People(chunk.inflow.profile, steady, start, _start_age(plan))
    for strategy in range(len(plan.strategies)):
        multiplier = chunk.thresholds.multiplier[..., strategy]
        arrivals = _arrivals(chunk, strategy)
        at_edge[strategy], moved[strategy] = expected_paths(
            plan.stairs, chunk.laws, multiplier, people, arrivals
        )
    opening, closing = at_edge[:, :, :-1], at_edge[:, :, 1:]
    weighted = _weighted(plan, opening, closing) * plan.scenario.clock.cycle_months
    months = weighted.reshape(*weighted.shape[:2], n_years, per_year, -1).sum(axis=3)
    return _dataset(plan, draws, months, closing[:, :, per_year - 1 :: per_year], moved)


def _weighted(plan: Plan, opening: Floats, closing: Floats) -> Floats:
    counting = plan.scenario.money.counting
    if counting == "end":
        return closing
    if counting == "half":
        return (opening + closing) / 2
    weights: Floats = np.array(plan.scenario.money.weights or 1.0).reshape(-1, 1)
    return opening * weights


def _dataset(plan: Plan, draws: Draws, months: Floats, stock: Floats, moved: Floats) -> xr.Dataset:
    price = money.prices(plan, draws)
    cost = money.costs_by_payer(plan, price, months[:, :, None])[:, :, 0]
    if plan.scenario.budget_lines:
        cost = cost - budgetlines.by_strategy(plan, budgetlines.line_savings(plan, draws))
    by_year = moved.reshape(*moved.shape[:2], plan.n_years, -1, moved.shape[-1]).sum(axis=3)
    once = one_off.one_off_costs(plan, draws, by_year[:, :, None])
    if once is not None:
        cost = cost + once[:, :, 0]
    runs = ("strategy", "draw", "year")
    data = {
        "months_in_step": ((*runs, "step"), months, {"units": "child-months"}),
        "stock": ((*runs, "step"), stock, {"units": "children"}),
        "moves": ((*runs, "move"), by_year, {"units": "moves"}),
        "cost_dkk": ((*runs, "payer"), cost, {"units": "DKK"}),
        "discount_factor": (("draw", "year"), money.discount_factors(plan, draws), {"units": "1"}),
    }
    if once is not None:
        data["one_off_dkk"] = ((*runs, "payer"), once[:, :, 0], {"units": "DKK"})
    names = outcome_names(plan.scenario)
    coords = {
        "strategy": list(plan.strategies),
        "draw": draws.first + np.arange(draws.count),
        "year": plan.first_year + np.arange(plan.n_years),
        "step": list(plan.steps),
        "payer": list(plan.scenario.payers),
        "move": [*plan.moves, *(f"birthday_{age}" for age in plan.birthdays)],
    }
    if names:
        outcome = one_off.outcomes(plan, draws, months[:, :, None] / 12, by_year[:, :, None])[
            :, :, 0
        ]
        data["outcome"] = ((*runs, "outcome_name"), outcome, {"units": "outcome-years"})
        coords["outcome_name"] = names
    return xr.Dataset(data, coords)


def _arrivals(chunk: Chunk, strategy: int) -> Floats:
    """Return arrivals a month within and beyond reach, (draw, period, 2, step)."""
    ratio = chunk.inflow_ratio[..., min(strategy, chunk.inflow_ratio.shape[-1] - 1)]
    per_month: Floats = np.moveaxis(chunk.inflow.per_month.sum(axis=-1), 3, 2)
    per_month[:, :, 0] *= ratio  # no investment changes who comes beyond reach
    return per_month


def _start_age(plan: Plan) -> int:
    """Return the age of everybody at the start in cycles, or -1 for the ages of a steady state."""
    age = plan.scenario.stock.age_years
    return -1 if age is None else age * plan.cycles_per_year
