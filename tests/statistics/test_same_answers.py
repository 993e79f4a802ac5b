"""What an analysis answers is a function of the draws: not of threads, kernels or their order.

The limit is 1e-6, relative. Before, threads alone moved the value of perfect information by 1 %.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import stepdown
from stepdown.analysis.regression import adjusted_figures

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS.parent / "benchmarks"))

from same_answers import (  # noqa: E402
    LARGEST_DIFFERENCE,
    SETTINGS,
    answers,
    answers_under,
    differences,
)

OTHERS = ["2 threads", "Sandybridge", "Prescott"]
CALIBRATION = """
import json
from known_posteriors import conjugate, linear
from stepdown.calibration.calibrate import calibrate
from stepdown.calibration.smc import SamplerSettings

settings = SamplerSettings(n_particles=200, n_populations=2, seed=7)
trees = [calibrate(problem, settings).tree for problem in (conjugate(), linear()[0])]
posteriors = [tree["posterior"].to_dataset() for tree in trees]
print(json.dumps({
    f"{i}.{name}": values.values.ravel().tolist()
    for i, posterior in enumerate(posteriors) for name, values in posterior.data_vars.items()
}))
"""


@pytest.fixture(name="stored", scope="module")
def store_a_run(tmp_path_factory):
    """A run with fewer draws than columns of the regression on all numbers, where it is hardest."""
    path = tmp_path_factory.mktemp("run") / "result.nc"
    stepdown.save_result(stepdown.simulate("hoersholm", n_draws=64, seed=1), path)
    return path


@pytest.fixture(name="first", scope="module")
def answer_first(stored):
    return answers_under(SETTINGS["1 thread"], stored)


@pytest.mark.parametrize("setting", OTHERS)
def test_threads_and_kernels_of_blas_change_no_answer(stored, first, setting):
    found = differences(first, answers_under(SETTINGS[setting], stored))
    assert max(found.values()) < LARGEST_DIFFERENCE, found


def test_draws_in_another_order_change_no_answer(stored, first):
    """Names and ranks are the same too, and what is worth nothing is worth exactly nothing."""
    run = stepdown.open_result(stored)
    order = np.random.default_rng(3).permutation(run.sizes["draw"])
    found = differences(first, answers(run.isel(draw=order)))
    assert max(found.values()) < LARGEST_DIFFERENCE, found


def test_a_difference_is_found():
    """Of numbers, of names, and of nothing against something."""
    base = {"a.x": [1.0, 0.0, float("nan")], "a.name": ["left"]}
    assert differences(base, base) == {"a": 0.0}
    for other in (
        {**base, "a.x": [1.00001, 0.0, float("nan")]},
        {**base, "a.x": [1.0, 1e-9, float("nan")]},
        {**base, "a.x": [1.0, 0.0, 0.0]},
        {**base, "a.name": ["right"]},
    ):
        assert differences(base, other)["a"] > LARGEST_DIFFERENCE


def posteriors_under(setting):
    """Return the draws of two small calibrations in a process with a setting of OpenBLAS."""
    done = subprocess.run(
        [sys.executable, "-c", CALIBRATION], capture_output=True, text=True, check=True, cwd=TESTS,
        env={**os.environ, **SETTINGS[setting]},
    )  # fmt: skip
    return json.loads(done.stdout)


def test_threads_and_kernels_of_blas_change_no_posterior():
    """Steps of tempering, particles chosen and proposals taken are the same ones throughout."""
    first = posteriors_under("1 thread")
    assert set(first) == {"0.p", *(f"1.n{i}" for i in range(12))}
    for setting in OTHERS:
        other = posteriors_under(setting)
        for name, draws in first.items():
            # Standard normals near 0 have no relative accuracy; their scale is 1.
            assert np.abs(np.subtract(draws, other[name])).max() < LARGEST_DIFFERENCE, (
                setting,
                name,
            )


def test_numbers_that_differ_by_rounding_are_one_number():
    """A regression on numbers and on copies, some with lost digits, is that on the numbers."""
    generator = np.random.default_rng(5)
    controls = generator.lognormal(size=(300, 20))
    own = controls[:, 0] + generator.normal(size=300)
    copies = np.column_stack([controls, controls + 1e4 - 1e4, 3 * controls[:, :5]])
    found = adjusted_figures(own, copies - copies.mean(axis=0))
    wanted = adjusted_figures(own, controls - controls.mean(axis=0))
    assert np.abs(found - wanted).max() < LARGEST_DIFFERENCE
