"""Every shipped scenario: its walk, and a chunk of draws through all layers, on one core."""

from functools import cache
from typing import Any

import pytest
from shipped import N_REPLICATES, SEED, Case, lived_in, phases, prepare

from stepdown.chunks import chunk_dataset
from stepdown.parameters import draw_parameters
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names
from stepdown.walks import walk_chunk

N_DRAWS = 20
WALKED = [name for name in scenario_names() if load_scenario(name).scenario.has_staircase]


@cache
def case_of(name: str) -> Case:
    case = prepare(name, N_DRAWS)
    assert case is not None, "WALKED has scenarios with a staircase"
    return case


@pytest.mark.parametrize("name", WALKED)
def test_walk(benchmark: Any, name: str) -> None:
    case = case_of(name)
    lived = lived_in(case)
    benchmark(phases(case)["walk"])
    benchmark.extra_info["child_months"] = lived.child_months
    benchmark.extra_info["moves_per_child_year"] = lived.moves_a_year
    if benchmark.stats:
        seconds = benchmark.stats.stats.min
        benchmark.extra_info["child_months_per_second_and_core"] = lived.child_months / seconds


@pytest.mark.parametrize("name", WALKED)
def test_chunk(benchmark: Any, name: str) -> None:
    """Parameters, tables, walk, money and labels."""
    plan = case_of(name).plan

    def run_chunk() -> None:
        draws = draw_parameters(plan.scenario, SEED, 0, N_DRAWS)
        chunk_dataset(plan, draws, *walk_chunk(plan, draws, SEED, N_REPLICATES))

    benchmark(run_chunk)
    if benchmark.stats:
        benchmark.extra_info["ms_per_draw_and_core"] = benchmark.stats.stats.min / N_DRAWS * 1e3
