"""The guard: a change that slows the walk fails. `python -m pytest benchmarks/test_guard.py`.

What is held to a limit is how many calls of the random generator the walk of one child lasts, under
all strategies, at mid rates of the reference job: time over time in one process, so the machine's
speed cancels out. The generator is called in a chain (`floor.py`). Both are processor time of the
thread, measured in turn, and the fastest repeat counts; other work only ever adds time, so a guard
that fails measures again before it says so.

Measured on 2026-11-23 on an AMD EPYC with other work on it, six times: plain 15.5 to 16.0, full
32.9 to 33.6, month order 37.2 to 37.6; the limits are a quarter to a third above. The kernel before
the walk of decision 0024 took 24.4, 45.2 and 1,364 on the same day, and fails all three.
"""

from functools import partial

import pytest
import reference
from engine import FEATURES, FULL, PLACES, PLAIN, SEED, fastest
from floor import FLOORS, N_CALLS

N_DRAWS, REPEATS, ATTEMPTS = 10, 40, 3
LIMITS = {PLAIN: 20.0, FULL: 42.0, PLACES: 50.0}
"""Calls of the generator in a chain, a child."""


@pytest.mark.parametrize("name", LIMITS)
def test_walk_of_a_child_in_calls_of_the_generator(name: str) -> None:
    found: list[float] = []
    while len(found) < ATTEMPTS and min(found, default=float("inf")) > LIMITS[name]:
        found.append(_ratio(FEATURES[name]))
    seen = ", ".join(f"{ratio:.1f}" for ratio in found)
    assert min(found) <= LIMITS[name], (
        f"{name}: the walk of a child took as long as {seen} calls of the generator (each a "
        f"measurement); the limit is {LIMITS[name]:g}. Find what slowed the walk "
        "(`python benchmarks/engine.py` tells features apart); a limit is raised only with a "
        "reason in the changelog."
    )


def _ratio(features: reference.Features) -> float:
    job = reference.prepare("mid", 0, N_DRAWS, features)
    walk = partial(reference.run, job, SEED, 0)
    walk()
    FLOORS["chain"]()  # both are compiled now
    least = fastest({"walk": walk, "generator": FLOORS["chain"]}, REPEATS)
    ns_a_child = least["walk"] / (N_DRAWS * features.n_children) * 1e9
    return ns_a_child / (least["generator"] / N_CALLS * 1e9)
