"""Leading a scenario through one part of the compiled code, so that it is compiled.

`python -m stepdown.compiling PART SCENARIO` does it in a process of its own.
"""

import sys
from dataclasses import fields
from typing import Any

import numpy as np

from stepdown.inflow import Inflow
from stepdown.kernel.balance import Start
from stepdown.kernel.loop import simulate_runs
from stepdown.parameters import Draws, draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import load_scenario
from stepdown.tables import build_chunk

__all__ = ["compile_part"]


def compile_part(part: str, scenario: str) -> None:
    """Compile a part (`stepdown.warming.PARTS`) with two draws of a shipped scenario.

    A walk is compiled without deriving an inflow, which is a part of its own: nobody comes.
    """
    plan = make_plan(load_scenario(scenario).scenario)
    draws = draw_parameters(plan.scenario, 1, 0, 2)
    if part in ("inflow", "growth"):
        build_chunk(plan, draws)
    else:
        chunk = build_chunk(plan, draws, derive=_nobody)
        simulate_runs(plan.stairs, chunk.tables, 1, 0, 1, chunk.coupling)


def _nobody(plan: Plan, draws: Draws, _: object) -> Inflow:
    """Return an inflow of nobody, which takes no code to derive."""
    stairs = plan.stairs
    n, n_steps, n_times = draws.count, len(plan.steps), stairs.n_time_bands
    n_bands, n_ages, n_classes = stairs.bands.size, stairs.ages.size, stairs.n_classes
    n_effect_bands = stairs.reach_touches.shape[2]
    n_periods = int(stairs.months["period"][-1]) + 1
    start = Start(
        cell=np.zeros((n, n_steps, n_classes, n_ages * n_times), np.int64),
        entry=np.zeros((n, n_steps, n_classes, n_times, n_ages + 1)),
        stock=np.zeros((n, n_steps, n_effect_bands)),
        by_class=np.zeros((n, n_steps, n_classes)),
    )
    shapes = {
        "per_month": (n, n_periods, n_steps, 2, n_bands),
        "mean": (n, 2, n_steps),
        "eligible": (n, plan.n_years + 1, n_steps, n_effect_bands),
    }
    found: dict[str, Any] = {f.name: np.zeros(shapes.get(f.name, 0)) for f in fields(Inflow)}
    found |= {"fixed": np.zeros((n, 2, n_steps), np.int64), "start": start}
    return Inflow(**found)


if __name__ == "__main__":
    compile_part(*sys.argv[1:])
