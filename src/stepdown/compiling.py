"""Leading a scenario through one part of the compiled code, so that it is compiled.

`python -m stepdown.compiling PART SCENARIO` does it in a process of its own, until its standard
input ends.
"""

import os
import sys
import threading

import numpy as np

from stepdown.kernel.layout import POISSON, REACH, ROW, Coupling, DrawTables
from stepdown.kernel.loop import simulate_runs
from stepdown.parameters import draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import load_scenario
from stepdown.tables import build_chunk

__all__ = ["compile_part"]


def compile_part(part: str, scenario: str) -> None:
    """Compile a part (`stepdown.warming.PARTS`) with a shipped scenario.

    A walk is compiled without building tables, which are a part of their own: nobody comes.
    """
    plan = make_plan(load_scenario(scenario).scenario)
    if part in ("inflow", "growth"):
        build_chunk(plan, draw_parameters(plan.scenario, 1, 0, 2))
    else:
        coupling = _no_coupling(plan) if part == "together" else None
        simulate_runs(plan.stairs, _nobody(plan), 1, 0, 1, coupling)


def _nobody(plan: Plan) -> DrawTables:
    """Return the tables of one draw in which nobody comes; lengths are the least that are read."""
    stairs = plan.stairs
    n_steps, n_classes, n_strategies = stairs.steps.size, stairs.n_classes, stairs.n_strategies
    n_columns, n_reach = len(plan.columns), stairs.reach_key.size
    n_periods = int(stairs.months["period"][-1]) + 1
    ints, floats = np.int64, np.float64
    return DrawTables(
        row=np.zeros((1, 1), ROW),
        slot=np.zeros((1, 1, 1), ints),
        accept=np.zeros(
            (1, n_columns, plan.effect_edges.size, stairs.n_months, n_strategies), ints
        ),
        accept_base=np.zeros((1, n_columns), ints),
        keep_share=np.zeros((1, 1, n_steps), ints),
        reach=np.zeros((1, n_reach, stairs.n_months, n_strategies), REACH),
        arrivals=np.zeros((1, n_periods, n_steps, 2, stairs.bands.size, 1), POISSON),
        stock_fixed=np.zeros((1, 2, n_steps), ints),
        stock_drawn=np.zeros((1, 2, n_steps), POISSON),
        stock_cell=np.zeros((1, 1, n_steps, n_classes, 1), ints),
        stock_entry=np.zeros((1, 1, n_steps, n_classes, 1, 1), floats),
        class_share=np.zeros((1, n_classes), ints),
        stock_class=np.zeros((1, 1, n_steps, n_classes), ints),
        enter_share=np.zeros((1, 1, 1, n_steps), ints),
        case_weight=np.zeros((1, n_steps), floats),
        price_factor=np.zeros((1, n_steps, n_classes, 0), ints),
        price=np.zeros((1, 1, plan.n_years, n_steps), ints),
        refund_edge=np.zeros((1, plan.n_years, 1), floats),
        refund_share=np.zeros((1, plan.n_years, 1), floats),
    )


def _no_coupling(plan: Plan) -> Coupling:
    """Return the coupling of one draw in which no step has a limit and no post follows."""
    n_columns, n_bands = len(plan.columns), plan.effect_edges.size
    stairs = plan.stairs
    return Coupling(
        places=np.full((1, stairs.n_strategies, plan.n_years, stairs.steps.size), -1, np.int64),
        log_rest=np.zeros((1, 0, 0, 0, 0)),
        log_relief=np.zeros((1, stairs.n_strategies, stairs.n_months)),
        elasticity=np.zeros((1, n_columns)),
        bound=np.ones((1, n_columns)),
        reach_log_max=np.zeros((1, n_columns, n_bands, stairs.n_strategies)),
        cases_at_start=np.zeros(1),
    )


def _end_with_parent() -> None:
    """End when whoever started this process is no more: the pipe from it is then at its end."""
    os.read(0, 1)  # not through sys.stdin, whose lock Python waits for when it ends
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    compile_part(*sys.argv[1:])
