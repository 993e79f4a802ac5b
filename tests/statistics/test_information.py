"""Value of information against closed forms, and how often noise is taken for knowledge.

Two courses: nothing, with net benefit 0, and k p1 - p2 with p1 ~ N(1, 1) and p2 ~ N(0, 2). For X
normal with mean m and standard deviation s, E max(0, X) = m Phi(m / s) + s phi(m / s).
"""

import numpy as np
import pytest
from scipy import stats

from stepdown import analysis

SEED = 20240709
LIMIT = stats.norm.isf(1e-6 / 2)
"""|z| of a false alarm of 1e-6."""
EVPI = {1: 0.4798107063, 2: 0.3992824567, 3: 0.4094634160}
EVPPI_1 = {1: 0.0833154706, 2: 0.1666309412, 3: 0.2499464118}
EVPPI_2 = {1: 0.3955931148, 2: 0.1666309412, 3: 0.0586135875}
EVSI = {1: 0.0251272708, 5: 0.0632069248, 10: 0.0723251203, 100: 0.0821176056, 1000: 0.0831946061}


def of_two(second):
    """Return net benefits of doing nothing and of one course, (draw, option)."""
    return np.column_stack([np.zeros(second.size), second])


@pytest.fixture(name="numbers", scope="module")
def draw_numbers():
    """40,000 draws of p1 and p2."""
    return np.random.default_rng(SEED).normal(size=(40_000, 2)) * [1, 2] + [1, 0]


def check(found, wanted, weakest):
    """Hold an estimate to its exact value by z; what it could not tell counts as failed."""
    assert 6.2 * found["error"] < weakest * wanted, "too weak to tell"
    assert abs(found["estimate"] - wanted) < LIMIT * found["error"]
    assert found["low"] <= found["value"] <= found["high"]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_evpi_and_evppi(numbers, k):
    """EVPI and EVPPI for k = 1, 2, 3 by z: false alarm 1e-6 each.

    An error of 10 % in EVPI, and of 30 % in any EVPPI, is caught in 9 runs of 10; asserted. Both
    numbers together, and EVPI over the draws, must be the same.
    """
    benefit = of_two(k * numbers[:, 0] - numbers[:, 1])
    value, error = analysis.evpi_of(benefit)
    assert 6.2 * error < 0.10 * EVPI[k], "too weak to tell"
    assert abs(value - EVPI[k]) < LIMIT * error
    check(analysis.evppi_of(benefit, numbers[:, 0]), EVPPI_1[k], 0.30)
    check(analysis.evppi_of(benefit, numbers[:, 1]), EVPPI_2[k], 0.30)
    both = analysis.evppi_of(benefit, numbers)
    assert both["estimate"] == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize("n", [1, 5, 10, 100, 1000])
def test_evsi(numbers, n):
    """EVSI of n observations x ~ N(p1, 1) at k = 1 by z: false alarm 1e-6 each.

    An error of 40 % is caught in 9 runs of 10; asserted. The data cannot be worth more than p1.
    """

    def mean_of_data(p1, generator):
        return p1 + generator.standard_normal(p1.size) / np.sqrt(n)

    benefit = of_two(numbers[:, 0] - numbers[:, 1])
    found = analysis.evsi_of(benefit, numbers[:, 0], mean_of_data)
    check(found, EVSI[n], 0.40)
    assert found["estimate"] <= analysis.evppi_of(benefit, numbers[:, 0])["estimate"] * 1.001


def test_data_about_courses_that_move_together_have_no_larger_error():
    """Data with an error are worth less than the number itself, and their worth is no less certain.

    Three courses that go along with one number make one function of it. What the functions as
    likely have beside it must be smoothed over the data like the rest, or the error grows by half.
    """
    generator = np.random.default_rng(20240713)
    x = generator.normal(size=2_000)
    noise = generator.normal(size=(2_000, 3)) * [3.0, 1.0, 1.0]
    benefit = np.column_stack([np.zeros(2_000), x[:, None] * [1.0, 0.1, 0.1] + noise])
    number = analysis.evppi_of(benefit, x)
    data = analysis.evsi_of(benefit, x, lambda p, g: p + 0.3 * g.standard_normal(p.size))
    assert data["estimate"] < number["estimate"]
    assert data["error"] < 1.1 * number["error"]


def test_correlated_numbers_whose_mean_cancels():
    """p2 | p1 ~ N(p1, 2): E[p1 - p2 | p1] = 0, so p1 is worth nothing, and 0 is told.

    False alarm of the second assertion 1e-6; an EVPPI of 0.12 would be caught in 9 runs of 10.
    """
    generator = np.random.default_rng(SEED)
    p1 = generator.normal(1, 1, 40_000)
    found = analysis.evppi_of(of_two(p1 - generator.normal(p1, 2)), p1)
    assert found["value"] == found["low"] == 0.0
    assert found["estimate"] <= LIMIT * found["error"]
    assert 6.2 * found["error"] < 0.12, "too weak to tell"


def test_luck_is_no_information(numbers):
    """Luck of twice the spread leaves EVPPI of all numbers, and lifts the plain EVPI by z > 4.89.

    False alarm 1e-6; an error of 15 % in the value without luck is caught in 9 runs of 10;
    asserted.
    """
    luck = np.random.default_rng(SEED + 1).normal(0, 2 * np.sqrt(5), len(numbers))
    benefit = of_two(numbers[:, 0] - numbers[:, 1] + luck)
    check(analysis.evppi_of(benefit, numbers), EVPI[1], 0.30)
    value, error = analysis.evpi_of(benefit)
    assert (value - EVPI[1]) / error > LIMIT, "the best of noisy figures holds luck"


def test_how_often_nothing_is_taken_for_something():
    """Of 100 numbers without effect, between tied courses, at most 5 % seem worth anything.

    With 5 %, 19 or more of 100 come less than once in a million (false alarm 1e-6); with 35 %
    fewer than 19 come in one of two thousand. What is told is never negative.
    """
    generator = np.random.default_rng(SEED + 2)
    seen = 0
    for _ in range(100):
        x, noise = generator.normal(size=(2, 300))
        found = analysis.evppi_of(of_two(noise), x)
        assert found["value"] >= 0
        assert found["low"] >= 0
        seen += found["value"] > 0
    assert stats.binom.sf(18, 100, 0.05) < 1e-6
    assert stats.binom.cdf(18, 100, 0.35) < 5e-4
    assert seen < 19


def test_a_number_is_worth_no_less_than_nothing_exactly():
    """Courses that never differ, or always rank alike, make every number worth exactly 0."""
    generator = np.random.default_rng(SEED + 3)
    x = generator.normal(size=500)
    for second in (np.zeros(500), np.full(500, -3.0), 100 + x):
        found = analysis.evppi_of(of_two(second), x)
        assert found["value"] == 0.0
        assert found["estimate"] == pytest.approx(0.0, abs=1e-12)
    constant = analysis.evppi_of(of_two(x), np.ones(500))
    assert constant["value"] == 0.0
