"""Payback, reserve, shortfall and what can be booked, on futures made by hand."""

import numpy as np
import pytest
from futures import FIRST_YEAR, futures

from stepdown.analysis import (
    annual_payback,
    bookable,
    expected_shortfall,
    payback_by_year,
    payback_reached,
    payback_year,
    reserve,
)
from stepdown.errors import ParameterError

FOUR = np.array(
    [
        [-10.0, 4, 4, 4],  # the sum turns in the fourth year, the year's own in the second
        [-10.0, 12, -5, 4],  # the sum turns, falls back, and turns again at last
        [-1.0, 2, 2, -9],  # never
        [1.0, 0, 0, 0],  # at once
    ]
)[None, :, None, :]


def test_payback_is_when_the_sum_stays_positive():
    found = payback_by_year(futures(FOUR))
    np.testing.assert_array_equal(found.value, [[0.25, 0.25, 0.25, 0.75]])
    np.testing.assert_array_equal(found.year, FIRST_YEAR + np.arange(4))
    assert (found.error > 0).all()
    assert ((found.low <= found.value) & (found.value <= found.high)).all()


def test_annual_payback_is_when_the_year_stays_positive():
    found = annual_payback(futures(FOUR))
    np.testing.assert_array_equal(found.value, [[0.25, 0.5, 0.5, 0.75]])


def test_payback_is_the_distribution_of_the_payback_year():
    rng = np.random.default_rng(4)
    result = futures(rng.normal(0.2, 1, (3, 40, 2, 7)), rate=0.3)
    for discounted in (False, True):
        by_year = payback_by_year(result, discounted=discounted).value
        year = payback_year(result, discounted=discounted)
        for end in result.year.values:
            share = (year <= end).mean(["draw", "replicate"])
            np.testing.assert_array_equal(by_year.sel(year=end), share)


def test_discounting_can_only_delay_the_payback_of_an_investment():
    result = futures(np.array([-10.0, 3, 3, 4.5])[None, None, None], rate=0.04)
    np.testing.assert_array_equal(payback_by_year(result).value, [[0, 0, 0, 1]])
    np.testing.assert_array_equal(payback_by_year(result, discounted=True).value, [[0, 0, 0, 0]])


def test_the_year_by_which_most_futures_have_paid_back():
    found = payback_by_year(futures(FOUR))
    assert payback_reached(found, 0.75) == FIRST_YEAR + 3
    assert payback_reached(found, 0.25) == FIRST_YEAR
    assert np.isnan(payback_reached(found, 0.8))


def hundred_and_one():
    """101 futures: -50, ..., 50 in the first year in some order, 1 in the second."""
    rng = np.random.default_rng(8)
    first = rng.permutation(np.arange(-50.0, 51.0))
    return np.stack([first, np.ones(101)], axis=-1)[None, :, None, :]


def test_a_reserve_covers_the_loss_in_its_share_of_the_futures():
    found = reserve(futures(hundred_and_one()))
    np.testing.assert_allclose(found.value, [[40, 0]])
    np.testing.assert_allclose(found["cumulative"], [[40, 39]])
    # One standard error of the level, 1/10 over root of 101 draws, is 3 of 101 futures.
    assert found.error[0, 0] == pytest.approx(np.sqrt(0.11 * 0.89 / 100) * 100, rel=0.02)
    np.testing.assert_allclose(reserve(futures(hundred_and_one()), share=0.4).value, [[0, 0]])


def test_the_shortfall_is_the_mean_of_the_worst_futures():
    """In 110 futures the worst tenth is 11; the formula is their plain mean."""
    rng = np.random.default_rng(9)
    net = rng.normal(size=(2, 55, 2, 3))
    result = futures(net, rate=0.5)
    found = expected_shortfall(result)
    flat = net.transpose(0, 3, 1, 2).reshape(2, 3, 110)
    for name, values in (("value", flat), ("cumulative", flat.cumsum(axis=1))):
        worst = np.sort(values, axis=-1)[..., :11].mean(axis=-1)
        np.testing.assert_allclose(found[name], worst, rtol=1e-9)
    value = (flat * 1.5 ** -np.arange(3.0)[:, None]).sum(axis=1)
    worst = np.sort(value, axis=-1)[:, :11].mean(axis=-1)
    np.testing.assert_allclose(found.present_value, worst, rtol=1e-9)
    assert (found.value <= -reserve(result).value).all()


def test_what_can_be_booked_is_reached_in_its_share():
    published = (
        np.array([[[30.0, np.nan], [5.0, 7.0], [np.nan, 9.0], [np.nan, 4.0]]]),
        {
            "s0.line0": {"kind": "estimate", "scope": "measures", "payer": "municipality"},
            "s0.line1": {"kind": "residual", "scope": "measures", "payer": "municipality"},
            "s0.line2": {"kind": "target", "scope": "net", "payer": "municipality"},
            "s0.line3": {"kind": "target", "scope": "net", "payer": "state"},
        },
    )
    found = bookable(futures(hundred_and_one(), spending=5.0, published=published))
    np.testing.assert_allclose(found.net, [[-30, 1]])
    np.testing.assert_allclose(found.gross, [[-25, 6]])
    np.testing.assert_array_equal(found.published, [[30, np.nan]])
    np.testing.assert_array_equal(found.published_net, [[np.nan, 9]])


def test_nothing_published_is_nan():
    found = bookable(futures(hundred_and_one()))
    assert found.published.isnull().all()
    assert found.published.dims == ("strategy", "year")


@pytest.mark.parametrize("asked", [reserve, expected_shortfall, bookable])
@pytest.mark.parametrize("share", [0, 1, 80])
def test_a_share_outside_0_and_1_is_told(asked, share):
    with pytest.raises(ParameterError, match=rf"share = {share}: .* Write share = 0\.8"):
        asked(futures(FOUR), share=share)
