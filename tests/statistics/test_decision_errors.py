"""The Monte Carlo errors of what a decision needs, against figures with a closed form.

Net savings are normal: m + 2 x knowledge of the draw + 1 x luck of the replicate, in units of 1.
Each strategy of a result is a run of its own, mostly with 100 draws of 2 replicates, and its
estimates are held to the closed form by z = (estimate - truth) / error. If the errors are right,
the sum of n squares of z is chi-squared with n degrees of freedom. False alarm 1e-6 for each
assertion. With 400 runs an error that is told 20 % too small is caught in 95 tests of 100 and one
25 % too large in 87; with 100 runs, 40 % and 60 % in 99 and 87; with 50 or 60, half in 99 and 80 %
too large in 50. A bias of .35 errors is caught in 98 of 100 tests with 400 runs, of .7 with 100.
"""

import numpy as np
from futures import futures
from scipy import stats

from stepdown.analysis import (
    acceptability,
    best_strategy,
    compare_strategies,
    expected_shortfall,
    marginal_saving,
    payback_by_year,
    reserve,
)

MEAN, KNOWN, LUCK = 0.7, 2.0, 1.0
SPREAD = np.hypot(KNOWN, LUCK)
RUNS, DRAWS = 400, 100


def normal_futures(seed, runs=RUNS, draws=DRAWS):
    """Return net savings of one year, (run, draw, replicate, year)."""
    rng = np.random.default_rng(seed)
    known = rng.normal(size=(runs, draws, 1, 1)) * KNOWN
    return MEAN + known + rng.normal(size=(runs, draws, 2, 1)) * LUCK


def assert_honest(value, error, truth, n=RUNS):
    """Hold n estimates with their errors to the truth."""
    z = (np.asarray(value) - truth) / np.asarray(error)
    assert z.shape == (n,)
    squares = float((z**2).sum())
    assert stats.chi2.ppf(5e-7, n) < squares < stats.chi2.isf(5e-7, n), squares / n
    assert abs(z.mean()) * np.sqrt(n) < 4.89


def test_expected_shortfall():
    """The mean of the worst tenth of a normal.

    100 runs of 1,000 draws, since the estimate is biased by order 1 / draws: of 100 draws the worst
    tenth is 10, and comes out some .15 errors too high.
    """
    tail = MEAN - SPREAD * stats.norm.pdf(stats.norm.ppf(0.1)) / 0.1
    found = expected_shortfall(futures(normal_futures(31, 100, 1000)))
    assert_honest(found.present_value, found.present_value_error, tail, 100)
    assert_honest(found.value[:, 0], found.error[:, 0], tail, 100)


def test_payback():
    found = payback_by_year(futures(normal_futures(32)))
    chance = stats.norm.cdf(MEAN / SPREAD)
    assert_honest(found.value[:, 0], found.error[:, 0], chance)


def test_comparison():
    runs = 60
    found = compare_strategies(futures(normal_futures(5, runs))).sel(other="baseline")
    own = found.isel(strategy=slice(1, None))
    assert_honest(own.difference, own.error, MEAN, runs)
    assert_honest(own.p_better, own.p_better_error, stats.norm.cdf(MEAN / SPREAD), runs)


def test_reserve():
    """The error of the quantile, each run by itself, since it is one number for all cells.

    A quantile of 200 futures moves in jumps, so z is not normal; the errors are held to the spread
    of 100 estimates instead. The ratio has a standard error below .075: false alarm 1e-6, and an
    error told twice or half as large is caught in 99 tests of 100.
    """
    net = normal_futures(77, 100)
    found = [reserve(futures(net[run : run + 1])) for run in range(100)]
    value, error = (
        np.array([float(one[name].item()) for one in found]) for name in ("value", "error")
    )
    assert 0.63 < np.sqrt((error**2).mean()) / value.std() < 1.37
    low = MEAN + SPREAD * stats.norm.ppf(0.1)
    assert abs(value.mean() + low) < 4.89 * value.std() / np.sqrt(100)


def test_saving_per_krone():
    """95 % intervals of the marginal ratio hold it in 356 to 399 of 400 runs.

    Spending is uncertain too, and goes with the saving. With a coverage of 95 % fewer than 356 have
    a probability of 6e-7 and all 400 of 1e-9; one of 85 % is caught in 98 of 100 tests.
    """
    rng = np.random.default_rng(12)
    spending = 5 + rng.normal(size=(RUNS, DRAWS, 1))
    net = normal_futures(13) + 0.5 * (spending[:, :, None] - 5)
    levels = {"cases": ["today", "fewer"] + [""] * (RUNS - 1)}
    found = marginal_saving(futures(net, spending=spending, levels=levels))
    assert found.sizes["step_up"] == RUNS
    truth = (MEAN + 5) / 5
    held = int(((found.low <= truth) & (truth <= found.high)).sum())
    assert 356 <= held < 400
    assert_honest(found.extra_net, found.extra_net_error, MEAN)
    assert_honest(found.extra_spending, found.extra_spending_error, 5)


def test_probability_of_being_best():
    """Two equal strategies without a mean gain: each is best in 3 of 8 futures, baseline in 2."""
    runs = 50
    net = normal_futures(3, 2 * runs) - MEAN
    rows = []
    for run in range(runs):
        result = futures(net[2 * run : 2 * run + 2], avoided=0.1)
        found, curve = best_strategy(result), acceptability(result, [1.0])
        rows.append([
            found.probability_best[1].item(), found.probability_best_error[1].item(),
            found.probability_best[0].item(), found.probability_best_error[0].item(),
            curve.mean_net_benefit[0, 1].item(), curve.mean_net_benefit_error[0, 1].item(),
        ])  # fmt: skip
    first, error, baseline, own, benefit, benefit_error = np.array(rows).T
    assert_honest(first, error, 3 / 8, runs)
    assert_honest(baseline, own, 1 / 4, runs)
    assert_honest(benefit, benefit_error, 0.1, runs)
