"""Every shipped scenario on one core, phase by phase: `python benchmarks/shipped.py [--quick]`.

Prints a table in Markdown. Each phase is measured on what the phase before it made, all phases of a
scenario in turn, in processor time; the fastest repeat counts. Nothing is compiled meanwhile.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from engine import Lived, fastest
from page import table

from stepdown.chunks import chunk_dataset, lines_dataset
from stepdown.kernel.loop import Counts, simulate_runs
from stepdown.parameters import Draws, draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names
from stepdown.tables import Chunk, build_chunk
from stepdown.walks import walk_chunk

__all__ = ["N_REPLICATES", "SEED", "Case", "lived_in", "phases", "prepare"]

SEED = 1
N_REPLICATES = 2


class Case(NamedTuple):
    """Everything that one chunk needs on its way, and what comes out."""

    plan: Plan
    draws: Draws
    chunk: Chunk
    counts: Counts


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few draws, to try the script")
    quick = parser.parse_args().quick
    n_draws, repeats = (5, 1) if quick else (100, 3)
    rows = [_row(name, n_draws, repeats) for name in scenario_names()]
    heading = (
        "Scenario", "Parameters", "Tables and inflow", "Walk", "Money and labels", "Together",
        "Moves per child and year", "Child-months a second and core, walk",
    )  # fmt: skip
    title = f"Every shipped scenario: ms a draw with {N_REPLICATES} replicates, on one core"
    note = (
        "The walk is the one that counts: with fixed posts a draw may be walked before it in vain."
    )
    sys.stdout.write(table(title, heading, rows, note))


def prepare(name: str, n_draws: int) -> Case | None:
    """Run one chunk of a scenario through every layer; None if it has no staircase to walk.

    Everything is compiled afterwards, and bounds are as wide as the chunk needs them.
    """
    plan = make_plan(load_scenario(name).scenario)
    draws = draw_parameters(plan.scenario, SEED, 0, n_draws)
    if not plan.scenario.has_staircase:
        lines_dataset(plan, draws, N_REPLICATES)
        return None
    chunk, counts = walk_chunk(plan, draws, SEED, N_REPLICATES)
    chunk_dataset(plan, draws, chunk, counts)
    return Case(plan, draws, chunk, counts)


def phases(case: Case) -> dict[str, Callable[[], Any]]:
    """Return the phases of a chunk, in order, each on what the one before it made."""
    plan, draws, chunk, _ = case
    return {
        "parameters": lambda: draw_parameters(plan.scenario, SEED, 0, draws.count),
        "tables": lambda: build_chunk(plan, draws),
        "walk": lambda: simulate_runs(
            plan.stairs, chunk.tables, SEED, 0, N_REPLICATES, chunk.coupling
        ),
        "money": lambda: chunk_dataset(*case),
    }


def lived_in(case: Case) -> Lived:
    """Return what happened in a chunk; months after an exit do not count."""
    lives = [step.kind != "exit" for step in case.plan.scenario.steps.values()]
    months = case.counts.months[..., lives].sum(dtype=np.int64)
    return Lived(int(months), int(case.counts.moves.sum(dtype=np.int64)))


def _row(name: str, n_draws: int, repeats: int) -> tuple[str, ...]:
    case = prepare(name, n_draws)
    if case is None:
        return (f"`{name}`, no staircase", *("-" for _ in range(7)))
    least = fastest(phases(case), repeats)
    lived = lived_in(case)
    spent = (*least.values(), sum(least.values()))
    return (
        f"`{name}`",
        *(f"{seconds / n_draws * 1e3:.3f}" for seconds in spent),
        f"{lived.moves_a_year:.2f}",
        f"{lived.child_months / least['walk'] / 1e6:,.0f} million",
    )


if __name__ == "__main__":
    main()
