"""Levers of casework as variables by month, and the levels of a grid as coordinates."""

from typing import Any

import numpy as np

from stepdown import levers
from stepdown.kernel.loop import Counts
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.grid import baseline_levels
from stepdown.tables import Chunk

__all__ = ["LEVER_UNITS", "level_coordinates", "lever_paths", "month_names"]

LEVER_UNITS = {
    "caseload": ("cases per caseworker", "open cases per post"),
    "effective_caseload": (
        "cases per caseworker",
        "open cases per post, with what turnover takes from a post beyond the baseline's",
    ),
    "follow_up_interval_months": ("months", "time between follow-ups of a child"),
}
"""Unit and meaning of each variable."""


def lever_paths(plan: Plan, draws: Draws, chunk: Chunk, counts: Counts) -> dict[str, Any]:
    """Return the levers of casework by month, where the scenario has them.

    With fixed posts a caseload follows the number of cases, so it differs by replicate too.
    """
    paths = {
        "caseload": levers.caseloads(plan, draws),
        "follow_up_interval_months": levers.intervals(plan, draws),
    }
    if plan.scenario.caseload is not None and plan.scenario.caseload.turnover is not None:
        paths["effective_caseload"] = levers.effective_caseloads(plan, draws)
    follows = plan.scenario.caseload is not None and plan.scenario.caseload.mode == "fixed_posts"
    data = {}
    for name, path in paths.items():
        if path is None:
            continue
        dims: tuple[str, ...] = ("strategy", "draw", "month")
        values = path.swapaxes(0, 1)
        if follows and "caseload" in name:
            assert chunk.coupling is not None, "own invariant: fixed posts couple the children"
            made_for = chunk.coupling.cases_at_start[None, :, None, None]
            values = values[:, :, None] * np.maximum(counts.cases, 1.0) / made_for
            dims = ("strategy", "draw", "replicate", "month")
        data[name] = (dims, values.astype(np.float32))
    return data


def month_names(plan: Plan) -> list[str]:
    """Return the first month of every cycle, as files write months."""
    step = plan.scenario.clock.cycle_months
    passed = range(0, plan.stairs.n_months * step, step)
    return [f"{plan.first_year + month // 12}-{month % 12 + 1:02d}" for month in passed]


def level_coordinates(plan: Plan) -> dict[str, Any]:
    """Return the level of every strategy on each axis of a grid, the baseline's included."""
    scenario = plan.scenario
    baseline, strategies = baseline_levels(scenario), scenario.strategies.values()
    axes = sorted({*baseline, *(axis for own in strategies for axis in own.levels)})
    return {
        f"level_{axis}": (
            "strategy", [baseline.get(axis, ""), *(own.levels.get(axis, "") for own in strategies)],
        )
        for axis in axes
    }  # fmt: skip
