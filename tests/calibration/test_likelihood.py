"""Likelihoods against quadrature, distances against what they stand for."""

import numpy as np
import pytest
from scipy import integrate, stats

from stepdown.calibration.likelihood import (
    distance,
    implausibility,
    log_likelihood,
    observations,
)


def test_counts_of_teams_that_differ() -> None:
    """A Poisson count whose mean is gamma distributed, summed up by quadrature."""
    spread, expected = 0.5, 8.0
    variation = np.expm1(spread**2)
    law = stats.gamma(1 / variation, scale=expected * variation)
    for count in (0, 3, 20):
        by_hand = integrate.quad(lambda m, k=count: law.pdf(m) * stats.poisson.pmf(k, m), 0, 200)[0]
        found = log_likelihood("negative_binomial", count, spread, np.array([expected]))
        assert found[0] == pytest.approx(np.log(by_hand), rel=1e-7)


@pytest.mark.parametrize(
    ("kind", "spread", "expected"),
    [("normal", 2.0, 5.0), ("lognormal", 0.2, 5.0), ("binomial", 400.0, 0.3),
     ("negative_binomial", 0.2, 40.0)],
)  # fmt: skip
def test_distances_are_standard_deviations(kind: str, spread: float, expected: float) -> None:
    """What is observed under the model lies one standard deviation away on average.

    20,000 observations: the mean square has an error of about 0.01 sqrt(2), and 0.1 leaves room for
    the transformation's own error; a spread taken twice as wide would give 0.25 or 4.
    """
    random = np.random.default_rng(1)
    expectations = np.full(20_000, expected)
    seen = observations(kind, spread, expectations, random)
    away = np.array([distance(kind, s, spread, np.array([expected]))[0] for s in seen[:2_000]])
    assert np.mean(away**2) == pytest.approx(1, abs=0.2)
    assert abs(np.mean(away)) < 0.2


def test_an_expectation_of_nothing_is_possible() -> None:
    """No child expected and none seen is likely; some seen is not, but has a finite likelihood."""
    none = log_likelihood("negative_binomial", 0, 0.5, np.array([0.0]))
    some = log_likelihood("negative_binomial", 3, 0.5, np.array([0.0]))
    assert none[0] == pytest.approx(0, abs=1e-6)
    assert np.isfinite(some[0])
    assert some[0] < -20


def test_implausibility_is_exact_where_counts_are_small() -> None:
    """None of four expected has the probability of its tail, which is no three deviations away."""
    none = implausibility("negative_binomial", 0, 0.5, np.array([4.1]))[0]
    size = 1 / np.expm1(0.25)
    assert stats.norm.sf(none) == pytest.approx((size / (size + 4.1)) ** size, rel=1e-9)
    assert implausibility("normal", -1000, 0.5, np.array([4.0]))[0] == pytest.approx(2008)
    assert implausibility("binomial", 18, 60, np.array([0.3]))[0] < 0.1
