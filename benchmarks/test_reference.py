"""The speed of the walk: the reference job at three rates, features on and off, and the floor.

`python -m pytest benchmarks --benchmark-only` prints the times; `--benchmark-json FILE` also keeps
in `extra_info` the child-months a second and core, the moves, and the ratio to the generator's own
time. Times decide nothing here; `test_guard.py` does.
"""

from functools import cache, partial
from typing import Any

import pytest
import reference
from engine import FEATURES, SEED, fastest, lived
from floor import FLOORS, N_CALLS

N_DRAWS = 20


@pytest.mark.parametrize("rates", reference.RATES)
def test_rates(benchmark: Any, rates: str) -> None:
    _walk(benchmark, rates, reference.Features())


@pytest.mark.parametrize("name", FEATURES)
def test_features(benchmark: Any, name: str) -> None:
    """At mid rates; child-months are summed over strategies."""
    _walk(benchmark, "mid", FEATURES[name])


@pytest.mark.parametrize("name", ["plain: 2 strategies", "full: 4 strategies, frailty, money"])
def test_tables(benchmark: Any, name: str) -> None:
    """Drawing the parameters and building the tables of a chunk."""
    benchmark(reference.prepare, "mid", 0, N_DRAWS, FEATURES[name])
    if benchmark.stats:
        benchmark.extra_info["ms_per_draw_and_core"] = benchmark.stats.stats.min / N_DRAWS * 1e3


@pytest.mark.parametrize("name", FLOORS)
def test_floor(benchmark: Any, name: str) -> None:
    """The generator alone."""
    FLOORS[name]()
    benchmark(FLOORS[name])
    if benchmark.stats:
        benchmark.extra_info["ns_per_call"] = benchmark.stats.stats.min / N_CALLS * 1e9


def _walk(benchmark: Any, rates: str, features: reference.Features) -> None:
    job = reference.prepare(rates, 0, N_DRAWS, features)
    found = lived(reference.run(job, SEED, 0))
    benchmark(partial(reference.run, job, SEED, 0))
    benchmark.extra_info["child_months"] = found.child_months
    benchmark.extra_info["moves_per_child_year"] = found.moves_a_year
    if benchmark.stats:
        seconds = benchmark.stats.stats.min
        ns_a_child = seconds / (N_DRAWS * features.n_children) * 1e9
        benchmark.extra_info["child_months_per_second_and_core"] = found.child_months / seconds
        benchmark.extra_info["ns_per_child"] = ns_a_child
        benchmark.extra_info["ratio_to_the_floor"] = ns_a_child / _ns_a_call()


@cache
def _ns_a_call() -> float:
    FLOORS["chain"]()
    return fastest({"chain": FLOORS["chain"]}, 20)["chain"] / N_CALLS * 1e9
