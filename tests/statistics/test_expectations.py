"""Expectations from a part of the children, and by regression: unbiased, with honest errors."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from small import ENTRIES_DOWN, WHY, figure, write_small

from stepdown import analysis, expected, load_scenario, simulate
from stepdown.analysis.regression import adjusted_figures, expected_value
from stepdown.parameters import named_quantities, quantile
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.tree import replace_quantities

SEED = 20240911
LIMIT = stats.norm.isf(1e-6 / 2)
"""|z| of a false alarm of 1e-6."""

DIFFERENT = f"""
[frailty]
multipliers = [0.5, 1.0, 2.0]
shares = [0.4, 0.4, 0.2]
price_correlation = 0.5
{WHY}
[frailty.loadings]
placement = 1.0
[steps.institution]
price_spread = {figure(0.6, "ratio")}
[steps.residential_home]
price_spread = {figure(0.4, "ratio")}
[moves.foster_home]
one_off = {figure(30_000.0, "DKK per move", 2018)}
"""


def certain(loaded):
    """Return a scenario in which every number is known: all that differs between draws is luck."""

    def fix(_, quantity):
        if quantity.distribution is None:
            return quantity
        middle = quantity.median or quantity.mean or (quantity.low + quantity.high) / 2
        return quantity.model_copy(update={"value": middle, "distribution": None})

    return replace(loaded, scenario=replace_quantities(loaded.scenario, fix))


# --------------------------------------------------------------------------- a part of the children


def test_a_part_of_the_children_has_the_expectation_of_all(tmp_path):
    """Months by step and moves by kind, both worlds, against the cohort solution: all by z.

    2,500 draws of 12 out of 66 children, whose whole numbers at the start do not divide. Cells that
    happen fewer than 200 times in all are left out, since they are not normal. The false alarm of
    all cells together is 1e-6. The errors of the months are below 4 %, so that 29 % is caught in
    any cell in 9 runs of 10, and 2 % in the total.
    """
    loaded = certain(load_scenario(write_small(tmp_path, ENTRIES_DOWN, n_years=2)))
    run = simulate(loaded, 2500, SEED, purpose="expectation", n_children=12, n_threads=2)
    exact = expected(loaded, 1, SEED).isel(draw=0)
    n_cells = 2 * (run.sizes["step"] + run.sizes["move"])
    limit = stats.norm.isf(1e-6 / 2 / n_cells)
    for name in ("months_in_step", "moves"):
        found = analysis.mean(run[name].sum("year"))
        wanted = exact[name].sum("year")
        often = wanted * (12 / 66 * 2500) >= 200
        assert int(often.sum()) >= 12
        z = ((found.value - wanted) / found.error).where(often)
        assert float(abs(z).max()) < limit, name
        if name == "months_in_step":
            assert float((found.error / wanted).where(often).max()) < 0.04, "too weak to tell"
    total = analysis.mean(run.months_in_step.sum(["year", "step"]))
    wanted = exact.months_in_step.sum(["year", "step"])
    assert (total.error * 6.2 < 0.02 * wanted).all(), "too weak to tell"
    assert (abs(total.value - wanted) < LIMIT * total.error).all()


@pytest.fixture(name="pair", scope="module")
def run_both(tmp_path_factory):
    """All children in 1,000 draws, and a quarter of them in 2,500 others; numbers uncertain."""
    folder = tmp_path_factory.mktemp("different")
    loaded = load_scenario(write_small(folder, ENTRIES_DOWN + DIFFERENT, n_years=2))
    whole = simulate(loaded, 1000, SEED, n_replicates=1, n_threads=2)
    part = simulate(loaded, 2500, SEED + 1, purpose="expectation", n_children=17, n_threads=2)
    return loaded, whole, part


@pytest.mark.parametrize(
    ("name", "weakest"),
    [
        ("cost_dkk", 0.08),
        ("refusion_dkk", 0.25),
        ("casework_dkk", None),
        ("open_cases", 0.05),
        ("one_off_dkk", 0.3),
        ("net_saving_dkk", None),
    ],
)
def test_what_has_no_cohort_solution_has_the_mean_of_a_usual_run(pair, name, weakest):
    """Refunds by child and year, prices that differ, casework, savings: two runs by z, 1e-6 each.

    Of the figures that are a level, an error of the share stated is caught in 9 runs of 10.
    """
    _, whole, part = pair
    payer = {} if "payer" not in whole[name].dims else {"payer": "municipality"}
    means = [
        analysis.mean(run[name].sel(payer).sum("year").isel(strategy=1)) for run in (whole, part)
    ]
    error = float(np.hypot(means[0].error, means[1].error))
    if weakest is not None:
        assert 6.2 * error < weakest * abs(float(means[0].value)), "too weak to tell"
    assert error > 0
    assert abs(float(means[0].value - means[1].value)) < LIMIT * error


def test_regressions_of_a_part_and_of_all_agree(pair):
    """The mean saving by regression from all children and from a part, by z: false alarm 1e-6."""
    loaded, whole, part = pair
    found = []
    for run in (whole, part):
        saved = run.gross_saving_dkk.isel(strategy=1, drop=True).sum("year")
        found.append(analysis.regression_on_draws(loaded, run, saved))
    error = float(np.hypot(found[0].error, found[1].error))
    assert abs(float(found[0].value - found[1].value)) < LIMIT * error


# ---------------------------------------------------------------------------------- regression


def curved(rng, n_runs, n_draws, n_controls):
    """Return figures (run, draw) with a mean of 1, and their lognormal controls with mean 0."""
    controls = rng.lognormal(0, 0.5, (n_runs, n_draws, n_controls)) - np.exp(0.125)
    slopes = np.linspace(-1, 1, n_controls)
    second = np.exp(0.5) - np.exp(0.25)  # the variance of each control
    bend = controls[..., 0] ** 2 - second
    return 1 + controls @ slopes + bend + rng.normal(size=(n_runs, n_draws)) * 2, controls


def regressed(own, controls):
    return analysis.regressed_mean(
        xr.DataArray(own, dims="draw"), xr.DataArray(controls.T, dims=("parameter", "draw"))
    )


@pytest.mark.parametrize("n_controls", [10, 30])
def test_errors_are_honest_with_many_controls(n_controls):
    """1,500 runs of 100 draws on a tenth, and three tenths, as many numbers: bias and error by z.

    False alarm 1e-6 each. The squared error must be known so well that 26 % is caught in 9 runs
    of 10 (asserted). One made of the residuals within the sample is 19 % and 51 % too small,
    and the latter is seen to be caught.
    """
    rng = np.random.default_rng(SEED + n_controls)
    own, controls = curved(rng, 1500, 100, n_controls)
    adjusted = np.array([adjusted_figures(*run) for run in zip(own, controls, strict=True)])
    values, squared = adjusted.mean(axis=1), adjusted.var(axis=1, ddof=1) / 100
    z_of_mean = (values.mean() - 1) / (values.std(ddof=1) / np.sqrt(values.size))
    assert abs(z_of_mean) < LIMIT
    missed = (values - 1) ** 2 - squared
    z_of_error = missed.mean() / (missed.std(ddof=1) / np.sqrt(missed.size))
    assert abs(z_of_error) < LIMIT
    assert 6.2 * missed.std(ddof=1) / np.sqrt(missed.size) < 0.26 * squared.mean(), "too weak"
    if n_controls == 30:
        within = squared * (1 - n_controls / 100) ** 2
        naive = (values - 1) ** 2 - within
        assert naive.mean() / (naive.std(ddof=1) / np.sqrt(naive.size)) > LIMIT


def test_fits_without_each_draw_are_those_of_separate_fits():
    rng = np.random.default_rng(SEED)
    own, controls = (part[0] for part in curved(rng, 1, 30, 5))
    adjusted = []
    for draw in range(30):
        others = np.delete(np.arange(30), draw)
        design = np.column_stack([np.ones(29), controls[others]])
        slopes = np.linalg.lstsq(design, own[others])[0][1:]
        adjusted.append(own[draw] - controls[draw] @ slopes)
    found = regressed(own, controls)
    assert float(found.value) == pytest.approx(np.mean(adjusted), rel=1e-10)
    assert float(found.error) == pytest.approx(np.std(adjusted, ddof=1) / np.sqrt(30), rel=1e-10)
    ratio = own.var() / np.var(adjusted)
    assert float(found.variance_ratio) == pytest.approx(ratio, rel=1e-10)
    assert float(found.low) < ratio < float(found.high)


def test_what_is_linear_in_the_draws_is_known_but_for_its_noise():
    """200 draws, ten numbers that explain 99 % of the variance: some 90 times less is left."""
    rng = np.random.default_rng(SEED)
    controls = rng.normal(size=(200, 10))
    own = controls.sum(axis=1) + rng.normal(size=200) * np.sqrt(0.1) + 3
    found = regressed(own, controls)
    assert 60 < float(found.variance_ratio) < 130
    assert abs(float(found.value) - 3) < LIMIT * float(found.error)


@pytest.mark.parametrize(
    "given",
    [
        {"distribution": "normal", "mean": 3.0, "sd": 0.7},
        {"distribution": "lognormal", "median": 2.0, "low": 0.9, "high": 3.1},
        {"distribution": "lognormal", "median": 2.0, "low": 1.8, "high": 6.0},
        {"distribution": "uniform", "low": 1.0, "high": 4.0},
        {"distribution": "triangular", "low": 1.0, "mode": 1.5, "high": 4.0},
        {"distribution": "beta", "mean": 0.2, "sd": 0.1},
        {"distribution": "gamma", "mean": 2.0, "sd": 1.5},
        {"value": 2.5},
    ],
)
def test_the_mean_of_a_number_is_that_of_its_quantiles(given):
    """Gauss-Legendre over normal scores within 8, to 1e-9."""
    quantity = Quantity(**given, unit="ratio", assumption="made up for a test")
    if quantity.distribution is None:
        assert expected_value(quantity) == 2.5
        return
    points, weights = np.polynomial.legendre.leggauss(400)
    scores = 8 * points
    found = quantile(quantity, stats.norm.cdf(scores)) * stats.norm.pdf(scores) @ (8 * weights)
    halves = [
        (quantile(quantity, stats.norm.cdf(z)) * stats.norm.pdf(z)) @ (4 * weights)
        for z in (4 * (points - 1), 4 * (points + 1))
    ]
    tolerance = 1e-6 if given["distribution"] == "triangular" else 1e-9
    assert sum(halves) == pytest.approx(expected_value(quantity), rel=tolerance)
    assert found == pytest.approx(expected_value(quantity), rel=1e-3)


def test_every_uncertain_number_of_a_shipped_scenario_has_its_mean():
    """20,000 points of its quantiles, to 1 %."""
    points = (np.arange(20_000) + 0.5) / 20_000
    for name, quantity in named_quantities(load_scenario("faxe").scenario).items():
        if quantity.distribution is not None:
            mean = quantile(quantity, points).mean()
            assert mean == pytest.approx(expected_value(quantity), rel=0.01), name


# -------------------------------------------------------------------------------- variance ratios


def test_interval_of_a_variance_ratio_covers():
    """400 runs of 100 draws x 4 replicates, variances that differ between draws: 95 % intervals.

    The ratio is 5. With a coverage of 93 %, fewer than 345 has a probability below 1e-6; one of
    80 % is caught in 99 runs of 100.
    """
    rng = np.random.default_rng(SEED)
    scale = rng.lognormal(0, 0.4, (400, 100, 1))
    shared, apart = rng.normal(size=(2, 400, 100, 4)) * scale
    dims = ("run", "draw", "replicate")
    top = xr.DataArray(apart * np.sqrt(5), dims=dims).var("replicate", ddof=1)
    bottom = xr.DataArray(shared, dims=dims).var("replicate", ddof=1)
    found = analysis.ratio_of_means(top, bottom)
    covered = (found.low <= 5) & (found.high >= 5)
    assert int(covered.sum()) >= 345
    assert float((found.high / found.low).mean()) < 2.5, "an interval that says something"


def test_ratio_by_hand():
    """The logarithm of the ratio without each draw in turn, from the definition."""
    top, bottom = np.array([8.0, 3.0, 5.0, 9.0]), np.array([2.0, 1.0, 1.0, 3.0])

    def log_ratio(keep):
        return np.log(top[keep].mean() / bottom[keep].mean())

    left = np.array([log_ratio(np.delete(np.arange(4), draw)) for draw in range(4)])
    pseudo = 4 * log_ratio(np.arange(4)) - 3 * left
    half = 3.182446305284263 * pseudo.std(ddof=1) / 2
    found = analysis.ratio_of_means(*(xr.DataArray(v, dims="draw") for v in (top, bottom)))
    assert float(found.value) == pytest.approx(25 / 7, rel=1e-12)
    assert float(found.low) == pytest.approx(np.exp(pseudo.mean() - half), rel=1e-9)
    assert float(found.high) == pytest.approx(np.exp(pseudo.mean() + half), rel=1e-9)
    few = analysis.ratio_of_means(*(xr.DataArray(v[:2], dims="draw") for v in (top, bottom)))
    assert np.isnan(few.low)
