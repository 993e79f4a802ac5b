"""Where the time of one chunk of Hørsholm goes, phase by phase, on one core.

`python -m pytest benchmarks --benchmark-only` prints the times; `--benchmark-json FILE` also keeps
the rates in `extra_info`, taken from the fastest round. Compiling happens before the first round.
Every phase is measured on what the phase before it made. Times decide nothing: compare two
versions by measuring them alternately, as the ratio of their minima.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from shipped import N_REPLICATES, SEED, Case, lived_in, prepare

from stepdown import inflow, tables
from stepdown.chunks import chunk_dataset
from stepdown.kernel.loop import simulate_runs
from stepdown.parameters import draw_parameters


@pytest.fixture(scope="module")
def hoersholm(request: pytest.FixtureRequest) -> Case:
    """One chunk of Hørsholm, through every layer once: so everything is compiled."""
    case = prepare("hoersholm", request.config.getoption("chunk"))
    assert case is not None
    return case


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
    benchmark(simulate_runs, plan.stairs, chunk.tables, SEED, 0, N_REPLICATES)
    lived = lived_in(hoersholm)
    benchmark.extra_info["child_months"] = lived.child_months
    # The time of a walk grows with the moves, hardly with the months: the two belong together.
    benchmark.extra_info["moves_per_child_year"] = lived.moves_a_year
    if seconds := _fastest(benchmark):
        benchmark.extra_info["child_months_per_second_and_core"] = lived.child_months / seconds
        benchmark.extra_info["ns_per_child_month"] = seconds / lived.child_months * 1e9
    _note_per_draw(benchmark, hoersholm.draws.count)


def test_pricing_and_labels(benchmark: Any, hoersholm: Case) -> None:
    benchmark(chunk_dataset, *hoersholm)
    _note_per_draw(benchmark, hoersholm.draws.count)


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
