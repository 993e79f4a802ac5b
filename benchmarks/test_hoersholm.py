"""Where the time of one chunk of Hørsholm goes, phase by phase, on one core.

`python -m pytest benchmarks --benchmark-only` prints the times; `--benchmark-json FILE` also keeps
the rates in `extra_info`, taken from the fastest round. Compiling happens before the first round.
Every phase is measured on what the phase before it made. Times decide nothing: compare two
versions by measuring them alternately, as the ratio of their minima.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba import njit

from stepdown import inflow, tables
from stepdown.chunks import chunk_dataset
from stepdown.kernel.loop import Counts, simulate_runs
from stepdown.kernel.randomness import exponential, philox, run_key
from stepdown.parameters import Draws, draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import load_scenario

SEED = 1
N_REPLICATES = 2
N_NUMBERS = 1_000_000


class Case(NamedTuple):
    """Everything that one chunk needs on its way, and what comes out."""

    plan: Plan
    draws: Draws
    chunk: tables.Chunk
    counts: Counts


@pytest.fixture(scope="module")
def hoersholm(request: pytest.FixtureRequest) -> Case:
    """One chunk of Hørsholm, through every layer once: so everything is compiled."""
    plan = make_plan(load_scenario("hoersholm").scenario)
    draws = draw_parameters(plan.scenario, SEED, 0, request.config.getoption("chunk"))
    chunk = tables.build_chunk(plan, draws)
    counts, _ = simulate_runs(plan.stairs, chunk.tables, SEED, 0, N_REPLICATES)
    return Case(plan, draws, chunk, counts)


def test_parameters(benchmark: Any, hoersholm: Case) -> None:
    plan, draws = hoersholm.plan, hoersholm.draws
    benchmark(draw_parameters, plan.scenario, SEED, 0, draws.count)
    _note_per_draw(benchmark, draws.count)


def test_tables(benchmark: Any, hoersholm: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hazards, multipliers, thresholds and rows: all of `build_chunk` except the inflow."""
    monkeypatch.setattr(tables, "derive_inflow", lambda *_: hoersholm.chunk.inflow)
    benchmark(tables.build_chunk, hoersholm.plan, hoersholm.draws)
    _note_per_draw(benchmark, hoersholm.draws.count)


def test_inflow(benchmark: Any, hoersholm: Case) -> None:
    """The whole derived inflow; the three tests below are its parts."""
    _derive(hoersholm, benchmark)
    _note_per_draw(benchmark, hoersholm.draws.count)


@pytest.mark.parametrize("part", ["unit_stocks", "nnls", "start_of"])
def test_part_of_inflow(
    benchmark: Any, hoersholm: Case, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    calls = _calls_of(monkeypatch, inflow, part, lambda: _derive(hoersholm))
    function = getattr(inflow, part)
    benchmark(lambda: [function(*call) for call in calls])
    benchmark.extra_info["calls"] = len(calls)
    _note_per_draw(benchmark, hoersholm.draws.count)


def test_walk(benchmark: Any, hoersholm: Case) -> None:
    """The walk itself, in child-months lived: a month of a child under one strategy, not exited."""
    plan, chunk = hoersholm.plan, hoersholm.chunk
    counts, _ = benchmark(simulate_runs, plan.stairs, chunk.tables, SEED, 0, N_REPLICATES)
    lives = [step.kind != "exit" for step in plan.scenario.steps.values()]
    months = int(counts.months[..., lives].sum(dtype=np.int64))
    benchmark.extra_info["child_months"] = months
    # The time of a walk grows with the moves, hardly with the months: the two belong together.
    benchmark.extra_info["moves_per_child_year"] = counts.moves.sum() / (months / 12)
    if seconds := _fastest(benchmark):
        benchmark.extra_info["child_months_per_second_and_core"] = months / seconds
        benchmark.extra_info["ns_per_child_month"] = seconds / months * 1e9
    _note_per_draw(benchmark, hoersholm.draws.count)


def test_pricing_and_labels(benchmark: Any, hoersholm: Case) -> None:
    benchmark(chunk_dataset, *hoersholm)
    _note_per_draw(benchmark, hoersholm.draws.count)


@pytest.mark.parametrize("is_exponential", [False, True], ids=["philox", "exponential"])
def test_generator(benchmark: Any, is_exponential: bool) -> None:
    """The floor: four random words by Philox, alone or turned into an exponential."""
    key = run_key(SEED, 0, 0)
    _sum_of_numbers(1, key, is_exponential)
    benchmark(_sum_of_numbers, N_NUMBERS, key, is_exponential)
    if seconds := _fastest(benchmark):
        benchmark.extra_info["calls_per_second_and_core"] = N_NUMBERS / seconds
        benchmark.extra_info["ns_per_call"] = seconds / N_NUMBERS * 1e9


@njit
def _sum_of_numbers(count, key, is_exponential):
    total = np.uint64(0)
    for number in range(count):
        words = philox(number, np.uint64(1), np.uint64(2), np.uint64(4), key)
        if is_exponential:
            total += np.uint64(exponential(words[0], words[1]))
        else:
            total += words[0] ^ words[1] ^ words[2] ^ words[3]
    return total


def _derive(case: Case, measure: Callable[..., Any] | None = None) -> None:
    call = (case.plan, case.draws, case.chunk.laws)
    if measure is None:
        inflow.derive_inflow(*call)
    else:
        measure(inflow.derive_inflow, *call)


def _calls_of(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, job: Callable[[], None]
) -> list[tuple[Any, ...]]:
    """Run a job and return the arguments of every call of one function in it."""
    calls: list[tuple[Any, ...]] = []
    function = getattr(module, name)

    def record(*arguments: Any) -> Any:
        calls.append(arguments)
        return function(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(module, name, record)
        job()
    return calls


def _note_per_draw(benchmark: Any, n_draws: int) -> None:
    if seconds := _fastest(benchmark):
        benchmark.extra_info["ms_per_draw_and_core"] = seconds / n_draws * 1e3


def _fastest(benchmark: Any) -> float | None:
    """Return the seconds of the fastest round, None with --benchmark-disable."""
    return benchmark.stats and benchmark.stats.stats.min
