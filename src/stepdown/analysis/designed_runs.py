"""Runs whose numbers are chosen instead of drawn, each draw with the luck of its own number."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from stepdown.chunks import chunk_dataset, lines_dataset
from stepdown.parameters import Draws, draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.results import finish
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.learnt import learnt_numbers
from stepdown.scenario.tree import named_quantities
from stepdown.settings import RunSettings
from stepdown.walks import walk_chunk

__all__ = ["draws_of", "linked_numbers", "mixed", "run_draws"]

_CHUNK = 64


def draws_of(scenario: Scenario, seed: int, n_draws: int) -> list[Draws]:
    """Draw the numbers of a scenario as `simulate` does, in chunks."""
    starts = range(0, n_draws, _CHUNK)
    return [draw_parameters(scenario, seed, s, min(_CHUNK, n_draws - s)) for s in starts]


def mixed(base: list[Draws], other: list[Draws], names: Iterable[str]) -> list[Draws]:
    """Return draws with some numbers taken from other draws."""
    taken = set(names)
    return [
        Draws(
            own.first,
            own.count,
            {n: second.values[n] if n in taken else v for n, v in own.values.items()},
            own.names,
        )
        for own, second in zip(base, other, strict=True)
    ]


def run_draws(
    loaded: LoadedScenario, draws: list[Draws], seed: int, n_replicates: int
) -> xr.Dataset:
    """Simulate a scenario with given numbers; the luck of a draw depends on its number alone.

    Returns
    -------
        As `simulate`.
    """
    plan = make_plan(loaded.scenario)
    parts = [_run_chunk(plan, chunk, seed, n_replicates) for chunk in draws]
    run = RunSettings(sum(chunk.count for chunk in draws), n_replicates, seed)
    return finish(plan, loaded, [part[0] for part in parts], sum(part[1] for part in parts), run)


def _run_chunk(plan: Plan, draws: Draws, seed: int, n_replicates: int) -> tuple[xr.Dataset, int]:
    if not plan.scenario.has_staircase:
        return lines_dataset(plan, draws, n_replicates), 0
    chunk, counts = walk_chunk(plan, draws, seed, n_replicates)
    return chunk_dataset(plan, draws, chunk, counts), int(chunk.over_bound.sum())


def linked_numbers(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return the uncertain numbers in sets that are independent of each other.

    Numbers that are correlated are one set, and so are all that come from a posterior, and all
    that budget lines draw together where the file has causes.
    """
    names = [n for n, q in named_quantities(scenario).items() if q.distribution is not None]
    root = np.arange(len(names))
    pairs = [pair.between for pair in scenario.correlations]
    learnt = list(learnt_numbers(scenario))
    pairs += [(learnt[0], name) for name in learnt[1:]]
    if scenario.causes:
        of_lines = [n for n in names if n.startswith(("budget_lines.", "causes."))]
        pairs += [(of_lines[0], name) for name in of_lines[1:]]
    for one, two in pairs:
        if one in names and two in names:
            first, second = root[names.index(one)], root[names.index(two)]
            root[root == second] = first
    return [tuple(np.array(names)[root == r].tolist()) for r in dict.fromkeys(root.tolist())]
