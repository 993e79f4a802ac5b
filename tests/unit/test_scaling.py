"""How cost grows with the work: the exponent that the tables of the performance page end with."""

import importlib
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def scaling(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module("scaling")


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_exponent_of_a_power_law(scaling, power):
    sizes = [10.0, 100.0, 300.0, 5000.0]
    assert scaling.exponent(sizes, [3.0 * size**power for size in sizes]) == pytest.approx(power)


def test_exponent_is_of_the_last_two_thirds(scaling):
    sizes = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]
    values = [1e6, 1e6, 4.0, 8.0, 16.0, 32.0]
    assert scaling.exponent(sizes, values) == pytest.approx(1.0)


def test_exponent_is_the_least_squares_slope(scaling):
    # Logs to base 2: x = 0, 1, 2 and y = 0, 3, 2, whose slope is (2 - 0) / 2.
    values = [9.0, 1.0, 8.0, 4.0]  # of four sizes, the first is left out
    assert scaling.exponent([0.5, 1.0, 2.0, 4.0], values) == pytest.approx(1.0)
