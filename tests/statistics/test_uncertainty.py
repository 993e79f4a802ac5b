"""Luck and knowledge against closed forms, each as a scenario run through `simulate`.

Cases of the analytic battery: a nested binomial (500 children, probability ~ beta(20, 80)), common
random numbers (1,000 people, .20 against .16). Both estimators of a variance are means of one
figure for each draw, so their own standard error is known and z can be told.
"""

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from small import ENTRIES_DOWN, NOTHING, WHY, Chain, figure, write_chain, write_small

from stepdown import analysis, expected, load_scenario, simulate
from stepdown.expectation import NotExact

SEED = 20240607
LIMIT = stats.norm.isf(1e-6 / 2)
"""|z| of a false alarm of 1e-6."""

WITHIN, BETWEEN = 8000 / 101, 40000 / 101
"""Of Binomial(500, p), p ~ beta(20, 80): 79.2079 and 396.0396, share of knowledge .83333."""


def z_of(pseudo, wanted):
    """Return z of the mean of one figure for each draw."""
    return (pseudo.mean() - wanted) / (pseudo.std(ddof=1) / np.sqrt(pseudo.size))


def one_step(folder, children, probability, strategies=NOTHING):
    """Write a scenario of one annual cycle: a step, a move that ends it, and the end."""
    path = write_chain(
        folder,
        Chain(
            ("a", "b"), {("a", "b"): "probability = 0.2"}, {"a": children}, n_years=1,
            strategies=strategies,
        ),
    )  # fmt: skip
    text = path.read_text()
    old = f"probability = {figure(0.2, 'share')}"
    assert text.count(old) == 1
    path.write_text(text.replace(old, f"probability = {probability}"))
    return path


# ------------------------------------------------------------------------- the nested binomial


@pytest.fixture(name="nested", scope="module")
def run_nested(tmp_path_factory):
    """20,000 draws, 3 replicates of the number of children who move, (draw, replicate)."""
    sd = float(np.sqrt(0.2 * 0.8 / 101))
    beta = f'{{ distribution = "beta", mean = 0.2, sd = {sd!r}, unit = "share", {WHY} }}'
    path = one_step(tmp_path_factory.mktemp("nested"), 500, beta)
    run = simulate(path, 20_000, SEED, n_replicates=3, n_threads=2)
    return run.moves.sel(move="a_b", strategy="baseline").isel(year=0, drop=True).astype(float)


def test_nested_binomial(nested):
    """Mean 100, within 79.2079, between 396.0396 by z: false alarm 1e-6 each.

    The errors are .15, .58 and 4.3, so 6.2 of them (caught in 9 runs of 10) are 1 % of the mean,
    5 % of the variance within and 7 % of that between; asserted. Leaving within / n in the variance
    between would make it 26.4 too large, 6.1 errors: that is seen to be caught.
    """
    own, within = nested.mean("replicate").values, nested.var("replicate", ddof=1).values
    about = (own - own.mean()) ** 2 * own.size / (own.size - 1)
    between = about - within / 3
    for pseudo, wanted, weakest in (
        (own, 100, 0.01),
        (within, WITHIN, 0.05),
        (between, BETWEEN, 0.08),
    ):
        assert 6.2 * pseudo.std(ddof=1) / np.sqrt(pseudo.size) < weakest * wanted, (
            "too weak to tell"
        )
        assert abs(z_of(pseudo, wanted)) < LIMIT
    assert z_of(about, BETWEEN) > LIMIT, "the variance of draw means holds luck / n besides"
    split = analysis.luck_share(nested)
    assert float(split.luck) == pytest.approx(within.mean(), rel=1e-12)
    assert float(split.knowledge) == pytest.approx(between.mean(), rel=1e-9)


def test_share_of_luck_of_the_nested_binomial(nested):
    """1 / 6 within 4.89 errors, false alarm 1e-6; its error is below .0025, so .016 is seen."""
    split = analysis.luck_share(nested)
    error = float(split.high - split.low) / (2 * stats.norm.isf(0.025))
    assert error < 0.0025, "too weak to tell"
    assert abs(float(split.share) - WITHIN / (WITHIN + BETWEEN)) < LIMIT * error


def test_interval_of_the_share_covers():
    """300 runs of 100 draws with skewed knowledge and luck: 95 % intervals hold the share.

    With so few and so skewed draws the coverage is some 92 %. Fewer than 250 would then have a
    probability of 3e-7; a coverage of 78 % is caught in 98 runs of 100.
    """
    rng = np.random.default_rng(SEED)
    n, draws, replicates = 300, 100, 2
    known = rng.lognormal(0, 0.5, (n, draws, 1))
    luck = rng.gamma(4, 0.25, (n, draws, replicates))
    values = xr.DataArray(known * 2 + luck, dims=("run", "draw", "replicate"))
    v_known, v_luck = 4 * np.exp(0.25) * (np.exp(0.25) - 1), 0.25
    share = v_luck / (v_luck + v_known)
    split = analysis.luck_share(values)
    covered = (split.low <= share) & (share <= split.high)
    assert int(covered.sum()) >= 250
    assert float((split.high - split.low).mean()) < 0.25, "an interval that says something"


def test_interval_is_never_clipped():
    """All is luck: knowledge comes out below 0 in half of the runs, and the interval is above 1.

    200 runs of 50 draws. False alarms: 2e-8 for a half outside 60 to 140, and less for fewer than
    165 intervals that hold 1, if 95 % (or 93 %: 2e-7) do.
    """
    rng = np.random.default_rng(SEED)
    values = xr.DataArray(rng.normal(size=(200, 50, 2)), dims=("run", "draw", "replicate"))
    split = analysis.luck_share(values)
    assert 60 < int((split.knowledge < 0).sum()) < 140
    assert (split.share > 1).sum() == (split.knowledge < 0).sum()
    assert (split.high > 1).sum() > 150
    assert (split.high < 2).all()
    assert int(((split.low <= 1) & (split.high >= 1)).sum()) >= 165


# --------------------------------------------------------------------------- common random numbers


@pytest.fixture(name="paired", scope="module")
def run_paired(tmp_path_factory):
    """1,000 people and an event of probability .20, under the strategy .16; 8,000 x 2 runs."""
    own = f"{NOTHING}[strategies.nothing.probabilities]\na_b = {figure(0.16, 'share')}\n"
    path = one_step(tmp_path_factory.mktemp("paired"), 1000, figure(0.2, "share"), own)
    run = simulate(path, 8000, SEED, n_threads=2)
    events = run.moves.sel(move="a_b").isel(year=0, drop=True).astype(float)
    return events.sel(strategy="baseline", drop=True), events.sel(strategy="nothing", drop=True)


def test_common_random_numbers(paired):
    """Variance of the difference: 38.4 with shared lives, 294.4 with independent ones, by z.

    False alarm 1e-6 each. The errors are below .7 and 4.8, so an error of 11 % and of 10 % is
    caught in 9 runs of 10; the two are 7.6667 times apart.
    """
    without, with_strategy = paired
    assert (with_strategy <= without).all()
    spread = analysis.spread_by_coupling(without, with_strategy)
    for name, wanted, largest in (("luck_shared", 38.4, 0.7), ("luck_independent", 294.4, 4.8)):
        sd, error = float(spread[name]), float(spread[f"{name}_error"])
        assert 2 * sd * error < largest, "too weak to tell"
        assert abs(sd - np.sqrt(wanted)) < LIMIT * error
    # Nothing is uncertain here, so all of the spread is luck.
    difference = np.sqrt(38.4) - float(spread.spread_shared)
    assert abs(difference) < LIMIT * float(spread.spread_shared_error)


def test_variance_ratio_of_common_random_numbers(paired):
    """294.4 / 38.4 = 7.67, within 4.89 errors of its logarithm: false alarm 1e-6.

    Its error is below 2.5 %, so a ratio that is off by 16 % is caught in 9 runs of 10.
    """
    found = analysis.variance_ratio_of_lives(*paired)
    error = np.log(float(found.high / found.low)) / (2 * stats.norm.isf(0.025))
    assert error < 0.025, "too weak to tell"
    assert abs(np.log(float(found.value) / (294.4 / 38.4))) < LIMIT * error


def test_mean_does_not_depend_on_the_coupling(paired):
    """Baseline replicate r with strategy replicate r + 1: the same mean, 40, and 294.4.

    By z, false alarm 1e-6; the errors are .19 and 4.7.
    """
    without, with_strategy = paired
    crossed = (without - with_strategy.roll(replicate=1)).isel(replicate=0).values
    shared = (without - with_strategy).isel(replicate=0).values
    assert abs(z_of(shared, 40)) < LIMIT
    assert abs(z_of(crossed, 40)) < LIMIT
    assert abs(z_of((crossed - 40) ** 2, 294.4)) < LIMIT


# -------------------------------------------------------------------------------- control variate


DIFFERENT = f"""
[frailty]
multipliers = [0.5, 1.0, 2.0]
shares = [0.4, 0.4, 0.2]
price_correlation = 0.5
{WHY}
[frailty.loadings]
placement = 1.0
reunification = -1.0
[steps.institution]
price_spread = {figure(0.6, "ratio")}
[moves.foster_home]
one_off = {figure(30_000.0, "DKK per move", 2018)}
"""
"""Children who differ in rates and so in price, and a move that costs: not a cohort's cost."""


@pytest.fixture(name="small", scope="module", params=["", DIFFERENT], ids=["alike", "different"])
def write_and_load(tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("small")
    return load_scenario(write_small(folder, ENTRIES_DOWN + request.param, n_years=2))


def test_control_variate_is_unbiased_and_sharper(small):
    """Against the plain mean of 30 times as many draws, by z: false alarm 1e-6.

    The error of the difference is below 30,000 kr., so one of 190,000 is caught in 9 runs of 10.
    The error is not larger than without the control.
    """
    run = simulate(small, 60, SEED, n_threads=2)
    value = analysis.control_variate(small, run)
    plain = analysis.mean(analysis.present_value(run))
    many = analysis.mean(analysis.present_value(simulate(small, 1800, SEED + 1, n_threads=2)))
    error = np.sqrt(value.error**2 + many.error**2)
    assert float(error.item()) < 30_000, "too weak to tell"
    assert abs(float(((value.value - many.value) / error).item())) < LIMIT
    assert float(value.error.item()) <= float(plain.error.item())
    assert float(value.variance_ratio.item()) > 2
    assert float(value.variance_ratio.item()) == pytest.approx(
        float((plain.error / value.error).item() ** 2), rel=1e-9
    )
    assert 0.5 < float(value.coefficient.item()) < 1.5


def test_controlled_cost_is_that_of_the_cohort_solution(small):
    """Cost is linear in what the cohort solution holds: the coefficient is near 1."""
    run = simulate(small, 30, SEED, n_threads=2)
    for figure_name, n_strategies in (("cost", 2), ("gross_saving", 1)):
        found = analysis.control_variate(small, run, figure_name)
        assert found.value.sizes["strategy"] == n_strategies
        assert (abs(found.coefficient - 1) < 0.3).all()
        assert (found.variance_ratio > 2).all()


def test_small_samples_are_unbiased_too():
    """4 draws, 40,000 times: the coefficient of a draw leaves that draw out, so no bias is left.

    By z, false alarm 1e-6; a regression that used all draws would be off by many errors.
    """
    rng = np.random.default_rng(SEED)
    shape = (40_000, 4)
    control = rng.exponential(size=shape) - 1
    own = 3 * control + control**2 + rng.normal(size=shape)  # curved, so that slopes are biased
    dims = ("run", "draw")
    values = xr.DataArray(own[..., None], dims=(*dims, "replicate"))
    found = analysis.controlled_mean(values, xr.DataArray(control, dims=dims)).value.values
    assert abs(z_of(found, 1.0)) < LIMIT
    slopes = ((own - own.mean(1, keepdims=True)) * control).sum(1) / (control**2).sum(1)
    assert abs(z_of(own.mean(1) - slopes * control.mean(1), 1.0)) > LIMIT


def test_what_is_not_exact_says_why(tmp_path):
    reach = (
        f"reach.courses_per_year = {figure(3.0, 'courses per year')}\n"
        f"reach.effect_months = {figure(18.0, 'months')}\n"
    )
    loaded = load_scenario(write_small(tmp_path, ENTRIES_DOWN + reach))
    run = simulate(loaded, 3, SEED)
    found = analysis.control_variate(loaded, run)
    assert isinstance(found, NotExact)
    assert "limited reach" in found.reason


# ------------------------------------------------------------------------------------------- Sobol


def test_sobol_means_agree_and_are_sharper(tmp_path):
    """Mean cost without luck (the cohort solution): Sobol against independent draws, by z.

    False alarm 1e-6. The error of 256 Sobol draws is below a quarter of that of 256 independent
    ones. The spread between 16 scrambles is known to 18 %; a ratio of 9 was seen.
    """
    rate = "rate = 0.3"
    path = write_chain(tmp_path, Chain(("a", "b"), {("a", "b"): rate}, {"a": 40}, n_years=3))
    text = path.read_text().replace(
        f"rate = {figure(0.3, 'per year')}",
        f'rate = {{ distribution = "gamma", mean = 0.3, sd = 0.1, unit = "per year", {WHY} }}',
    )
    text = text.replace(
        figure(1000.0, "DKK per child and month", 2018),
        '{ distribution = "gamma", mean = 1000, sd = 200, price_year = 2018, '
        f'unit = "DKK per child and month", {WHY} }}',
        1,
    )
    path.write_text(text)
    means = {}
    for design in ("independent", "sobol"):
        cost = expected(path, 256, SEED, design=design).cost_dkk.sum(["payer", "year"])
        if design == "sobol":
            cost = cost.assign_coords(scramble=("draw", np.arange(256) // 16))
        means[design] = analysis.mean(cost.sel(strategy="baseline"))
    plain, sobol = means["independent"], means["sobol"]
    z = (sobol.value - plain.value) / np.sqrt(sobol.error**2 + plain.error**2)
    assert abs(float(z)) < LIMIT
    assert float(sobol.error) < float(plain.error) / 4
