"""Strategies, levels and frontiers on futures made by hand: every figure is known exactly."""

import numpy as np
import pytest
import xarray as xr
from futures import futures, in_years
from scipy import stats

from stepdown.analysis import (
    acceptability,
    acceptability_by_budget,
    acceptability_of,
    best_strategy,
    compare_strategies,
    frontier_switches,
    frontier_switches_of,
    level_reaching,
    marginal_saving,
)
from stepdown.analysis.fieller import fieller
from stepdown.errors import ParameterError

TWO = in_years([[1.0, 2.0, -3.0, 4.0], [1.0, 0.0, 5.0, 3.0]])
"""Two strategies in four futures; they tie in the first, and the second with the baseline once."""


def test_strategies_are_compared_future_by_future():
    found = compare_strategies(futures(TWO))
    pair = found.sel(strategy="s0", other="s1")
    assert pair.difference == 1.0 - 2.25
    # Differences 0, 2, -8, 1.
    assert pair.error == pytest.approx(np.std([0, 2, -8, 1], ddof=1) / 2)
    assert pair.p_better == (0.5 + 1 + 0 + 1) / 4
    assert found.sel(strategy="s1", other="baseline").p_better == 3.5 / 4
    assert found.sel(strategy="s0", other="baseline").difference == 1.0


def test_comparison_turned_round_is_the_same_with_the_other_sign():
    found = compare_strategies(futures(TWO))
    turned = found.rename(strategy="other", other="strategy").transpose("strategy", "other")
    np.testing.assert_array_equal(found.difference, -turned.difference)
    np.testing.assert_array_equal(found.p_better + turned.p_better, 1.0)
    np.testing.assert_array_equal(found.error, turned.error)
    for name in found.strategy.values:
        own = found.sel(strategy=name, other=name)
        assert (own.difference, own.error) == (0, 0)
        assert (own.p_better, own.p_better_error) == (0.5, 0)


def test_the_best_has_the_highest_mean_and_shares_the_futures_in_which_it_ties():
    found = best_strategy(futures(TWO))
    assert found.best == "s1"
    np.testing.assert_array_equal(found["mean"], [0, 1, 2.25])
    # Best: both, s0, s1, s0.
    np.testing.assert_array_equal(found.probability_best, [0, 2.5 / 4, 1.5 / 4])
    assert (found.probability_best_error > 0).all(), "0 of 4 futures is no certainty"


def test_the_baseline_may_be_the_best():
    found = best_strategy(futures(-TWO))
    assert found.best == "baseline"
    assert found["mean"].sel(strategy="baseline") == 0


def test_a_present_value_discounts_each_year():
    net = np.array([[[[-10.0, 6.0, 6.0]]]]) * np.ones((1, 3, 1, 1))
    found = best_strategy(futures(net, rate=0.1))
    assert found["mean"].sel(strategy="s0") == pytest.approx(-10 + 6 / 1.1 + 6 / 1.21, rel=1e-14)


# ---------------------------------------------------------------------------- marginal saving

GRID = {"cases": ["c33", "c29", "c25", "c29"], "early": ["no", "no", "no", "yes"]}
NAMES = ["c29_no", "c25_no", "c29_yes"]


def grid(**more):
    """Three levels of one axis and one of another, with certain spending 1, 3 and 2 million."""
    rng = np.random.default_rng(5)
    luck = rng.normal(0, 0.1, (50, 2))
    net = np.stack([0.5 + luck, -0.5 + 2 * luck, 0.1 + 3 * luck])[..., None] * 1e6
    spending = np.array([1e6, 3e6, 2e6])[:, None, None]
    return futures(net, spending=spending, names=NAMES, levels=GRID, **more), luck * 1e6


def test_marginal_saving_goes_along_each_axis_of_a_grid():
    result, luck = grid()
    found = marginal_saving(result)
    ends = list(zip(found.axis.values, found["from"].values, found.to.values, strict=True))
    assert ends == [
        ("cases", "baseline", "c29_no"),
        ("cases", "c29_no", "c25_no"),
        ("early", "c29_no", "c29_yes"),
    ]
    np.testing.assert_allclose(found.extra_spending, [1e6, 2e6, 1e6], rtol=1e-14)
    np.testing.assert_array_equal(found.extra_spending_error, 0)
    mean = luck.mean()
    net = [0.5e6 + mean, -1e6 + mean, -0.4e6 + 2 * mean]
    np.testing.assert_allclose(found.extra_net, net, rtol=1e-9)
    np.testing.assert_allclose(found.extra_saving, found.extra_net + found.extra_spending)
    np.testing.assert_allclose(found.extra_gross_saving, found.extra_saving, rtol=1e-12)
    np.testing.assert_allclose(found.saving_per_krone, found.extra_saving / found.extra_spending)
    # Spending is certain, so the interval is that of a mean.
    half = stats.t.ppf(0.975, 49) * found.extra_net_error / found.extra_spending
    np.testing.assert_allclose(found.high - found.low, 2 * half, rtol=1e-9)


def test_without_a_grid_strategies_follow_in_order_of_spending():
    result, _ = grid()
    found = marginal_saving(result.drop_vars(["level_cases", "level_early"]))
    assert list(found["from"].values) == ["baseline", "c29_no", "c29_yes"]
    assert list(found.to.values) == ["c29_no", "c29_yes", "c25_no"]
    assert set(found.axis.values) == {""}


def test_a_strategy_outside_the_grid_is_stepped_up_to_from_the_baseline():
    result, _ = grid()
    levels = {"level_cases": ["c33", "c29", "", "c29"], "level_early": ["no", "no", "", "yes"]}
    result = result.assign_coords({name: ("strategy", own) for name, own in levels.items()})
    found = marginal_saving(result)
    ends = set(zip(found["from"].values, found.to.values, strict=True))
    assert ends == {("baseline", "c29_no"), ("c29_no", "c29_yes"), ("baseline", "c25_no")}


def test_a_step_that_costs_no_more_has_no_saving_per_krone():
    found = marginal_saving(futures(TWO, spending=np.array([0.0, 5.0])[:, None, None]))
    assert np.isnan(found.saving_per_krone[0])
    assert np.isnan(found.low[0])
    assert np.isfinite(found.saving_per_krone[1])


def test_a_grant_is_taken_off_the_spending():
    found = marginal_saving(futures(TWO[:1], spending=8.0, grant=3.0))
    assert found.extra_spending == 5.0
    assert marginal_saving(futures(TWO[:1], spending=8.0, grant=3.0), "all").extra_spending == 8.0


# ------------------------------------------------------------------------------ ratio of means


def test_the_ends_of_fieller_are_what_student_t_just_does_not_reject():
    rng = np.random.default_rng(2)
    above = xr.DataArray(rng.normal(-1, 3, 40), dims="draw")
    below = 0.3 * above + xr.DataArray(rng.normal(2, 1, 40), dims="draw")
    found = fieller(above, below)
    assert found.value == pytest.approx(float(above.mean() / below.mean()))
    assert found.low < found.value < found.high
    for end in (found.low, found.high):
        assert stats.ttest_1samp(above - end * below, 0).pvalue == pytest.approx(0.05, rel=1e-9)


def test_fieller_says_nothing_where_the_mean_below_may_be_0():
    below = xr.DataArray([-1.0, 1.1, -0.9, 1.0], dims="draw")
    found = fieller(below + 5, below)
    assert (found.low, found.high) == (-np.inf, np.inf)
    assert np.isnan(fieller(below, 0 * below).value)
    assert np.isnan(fieller(below[:2], below[:2]).low)


# ---------------------------------------------------------------------- acceptability, frontier


def options(money, effect):
    """Options with certain money and effect, in three draws."""
    names = [f"o{number}" for number in range(len(money))]
    return tuple(
        xr.DataArray(np.outer(values, np.ones(3)), {"strategy": names}, ("strategy", "draw"))
        for values in (money, effect)
    )


# Envelope by hand: o0 to 2 (where o1 crosses it), o1 to 5, o3 from there; o2 is below the line
# from o1 to o3 (extendedly dominated), o4 costs more than o3 and gives less (dominated).
MONEY, EFFECT = [0.0, -2.0, -6.5, -12.0, -13.0], [0.0, 1.0, 1.9, 3.0, 2.9]


def test_the_frontier_leaves_out_what_is_dominated():
    found = frontier_switches_of(*options(MONEY, EFFECT))
    assert found["first"] == "o0"
    assert list(found["from"].values) == ["o0", "o1"]
    assert list(found.to.values) == ["o1", "o3"]
    np.testing.assert_allclose(found.worth, [2, 5])
    np.testing.assert_allclose(found.low, [2, 5])
    np.testing.assert_allclose(found.high, [2, 5])


def test_the_frontier_may_be_asked_for_a_part():
    found = frontier_switches_of(*options(MONEY, EFFECT), worth_from=3, worth_to=4)
    assert found["first"] == "o1"
    assert found.sizes["switch"] == 0
    assert found.worth.dtype == float


def test_the_switches_are_those_of_the_curve():
    """20 random sets of options: on a fine grid the frontier changes where the switches are."""
    rng = np.random.default_rng(1)
    worths = np.linspace(0, 5, 301)
    for _ in range(20):
        money, effect = options(rng.normal(size=6), rng.normal(size=6))
        curve = acceptability_of(money, effect, worths)
        switches = frontier_switches_of(money, effect, worth_to=5.0)
        path = [str(switches["first"].item()), *switches.to.values]
        expected = [path[i] for i in np.searchsorted(switches.worth.values, worths)]
        assert list(curve.frontier.values) == expected
        own = curve.probability.sel(strategy=curve.frontier)
        np.testing.assert_array_equal(curve.frontier_probability, own)
        np.testing.assert_array_equal(curve.frontier_probability, 1.0)


def test_acceptability_counts_the_futures_in_which_an_option_is_best():
    avoided = np.array([0.0, 10.0])[:, None, None, None]
    found = acceptability(futures(TWO, avoided=avoided), [0.0, 0.25])
    np.testing.assert_array_equal(found.mean_net_benefit, [[0, 1, 2.25], [0, 1, 4.75]])
    # With 2.5 more, s1 is 3.5, 2.5, 7.5, 5.5 against 1, 2, -3, 4.
    np.testing.assert_array_equal(found.probability, [[0, 0.625, 0.375], [0, 0, 1]])
    np.testing.assert_array_equal(found.probability.sum("strategy"), 1)
    assert list(found.frontier.values) == ["s1", "s1"]
    np.testing.assert_array_equal(found.frontier_probability, [0.375, 1])


def test_a_month_avoided_later_is_discounted_as_a_krone_is():
    net = np.zeros((1, 3, 1, 2))
    found = acceptability(futures(net, avoided=np.array([0.0, 11.0]), rate=0.1), [7.0])
    assert found.mean_net_benefit.sel(strategy="s0") == pytest.approx(70, rel=1e-12)


def test_switches_of_a_result_are_money_per_month_avoided():
    net = in_years(np.array([[-30.0] * 4, [-100.0] * 4]))
    result = futures(net, avoided=np.array([3.0, 5.0])[:, None, None, None])
    found = frontier_switches(result)
    np.testing.assert_allclose(found.worth, [10, 35])
    assert list(found.to.values) == ["s0", "s1"]


def test_a_budget_shuts_out_what_it_cannot_pay():
    result = futures(TWO, spending=np.array([2.0, 8.0])[:, None, None])
    found = acceptability_by_budget(result, [0.0, 2.0, 7.9, 8.0])
    np.testing.assert_array_equal(found.spending, [0, 2, 8])
    assert list(found.frontier.values) == ["baseline", "s0", "s0", "s1"]
    np.testing.assert_array_equal(
        found.probability, [[1, 0, 0], [0.25, 0.75, 0], [0.25, 0.75, 0], [0, 0.625, 0.375]]
    )
    assert np.isnan(found.mean_net_benefit.values[0, 1:]).all()
    np.testing.assert_array_equal(found.affordable[0], [True, False, False])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda r: acceptability(r, []), "worth_dkk = []"),
        (lambda r: acceptability(r, [np.nan]), "finite"),
        (lambda r: acceptability_by_budget(r, [-1.0]), "budgets_dkk = -1: must be >= 0"),
        (lambda r: level_reaching(r, np.inf, 2020), "target_dkk = inf"),
        (lambda r: level_reaching(r, 1.0, 2031), "2020 to 2020"),
        (lambda r: level_reaching(r, 1.0, 2020, 1.0), "share = 1.0"),
        (lambda r: level_reaching(r, 1.0, 2020, figure="net"), "gross_saving"),
    ],
)
def test_a_wrong_argument_is_told_with_its_rule(asked, words):
    with pytest.raises(ParameterError, match=r"Write \w+ = ") as caught:
        asked(futures(TWO))
    assert words in str(caught.value)


# ---------------------------------------------------------------------------- reaching a goal


def levels_with_certain_savings():
    """Baseline, then gross savings of 1, 2 and 4 in every future, at 10, 20 and 30."""
    spending = np.array([10.0, 20.0, 30.0])[:, None, None]
    net = np.array([1.0, 2.0, 4.0])[:, None, None, None] - spending[..., None]
    levels = {"cases": ["a", "b", "c", "d"]}
    return futures(net * np.ones((3, 6, 2, 1)), spending=spending, levels=levels)


def test_a_goal_between_two_levels_is_interpolated():
    found = level_reaching(levels_with_certain_savings(), 2.5, 2020)
    assert found.cheapest == "s2"
    assert (found.best, found.best_probability) == ("s2", 1)
    np.testing.assert_array_equal(found.probability, [0, 0, 1])
    np.testing.assert_array_equal(found.reached, [1, 2, 4])
    np.testing.assert_array_equal(found.fraction, [np.nan, np.nan, 0.25])
    assert found.spending_between[2] == 22.5


def test_a_goal_that_no_level_reaches_says_so():
    found = level_reaching(levels_with_certain_savings(), 4.5, 2020)
    assert found.cheapest == ""
    assert found.best_probability == 0
    assert np.isnan(found.fraction).all()


def test_the_caseload_is_interpolated_too():
    result = levels_with_certain_savings()
    cases = np.tile(np.array([33.0, 31.0, 29.0, 25.0])[:, None, None], (1, 6, 4))
    result["caseload"] = (("strategy", "draw", "month"), cases)
    assert level_reaching(result, 2.5, 2020).caseload_between[2] == 28.0


def test_a_goal_in_net_saving():
    found = level_reaching(levels_with_certain_savings(), -15.0, 2020, figure="net_saving")
    np.testing.assert_array_equal(found.probability, [1, 0, 0])
    assert found.cheapest == "s0"


def test_without_a_grid_nothing_is_interpolated():
    found = level_reaching(levels_with_certain_savings().drop_vars("level_cases"), 2.5, 2020)
    assert found.sizes["step_up"] == 0
    assert found.cheapest == "s2"
