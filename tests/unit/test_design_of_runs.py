"""Designs, precision and common luck of `simulate`; and what summaries make of them."""

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from small import ENTRIES_DOWN, WHY, all_equal, write_small

from stepdown import analysis, expected, load_scenario, simulate
from stepdown.errors import InputError, ParameterError
from stepdown.expectation import NotExact
from stepdown.parameters import draw_parameters
from stepdown.report.summary import summarise
from stepdown.scenario.tree import replace_quantities


@pytest.fixture(name="small", scope="module")
def write_and_load(tmp_path_factory):
    return load_scenario(write_small(tmp_path_factory.mktemp("small"), ENTRIES_DOWN, n_years=2))


def assert_same(left, right):
    for name in left.data_vars:
        assert all_equal(left[name].values, right[name].values), name


# --------------------------------------------------------------------------------------- precision


def test_a_run_to_a_precision_is_the_run_of_that_many_draws(small):
    """From 30 draws on, by way of several batches, to a multiple of 100."""
    told = []
    run = simulate(small, 30, 3, precision=20_000.0, progress=told.append)
    n_draws = run.attrs["n_draws"]
    assert n_draws % 100 == 0
    assert n_draws > 200
    assert len(told) > 3
    assert sum(told) == n_draws
    error = analysis.mean(analysis.present_value(run)).error.item()
    assert run.attrs["headline_error_dkk"] == pytest.approx(error, rel=1e-12)
    assert error <= run.attrs["precision_dkk"] == 20_000
    assert_same(run, simulate(small, n_draws, 3))


def test_a_precision_that_is_had_at_once_costs_nothing_more(small):
    run = simulate(small, 30, 3, precision=1e9)
    assert run.attrs["n_draws"] == 30
    assert_same(run, simulate(small, 30, 3))


def test_most_draws_end_a_run_that_is_not_precise(small):
    run = simulate(small, 1, 3, precision=1.0, max_draws=130)
    assert run.attrs["n_draws"] == run.sizes["draw"] == 130
    assert run.attrs["headline_error_dkk"] > 1
    assert "precision_dkk" not in simulate(small, 2, 3).attrs


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"precision": 0}, "an amount in DKK above 0"),
        ({"precision": True}, "an amount in DKK above 0"),
        ({"precision": float("nan")}, "an amount in DKK above 0"),
        ({"precision": 10, "max_draws": 5}, "max_draws = 5"),
        ({"precision": 10, "design": "sobol", "n_draws": 16}, "independent draws"),
        ({"precision": 10, "luck": "common"}, "luck of their own"),
        ({"design": "halton"}, 'must be "independent" or "sobol"'),
        ({"luck": "bad"}, 'must be "own" or "common"'),
        ({"design": "sobol", "n_draws": 100}, "Write n_draws = 64 or 128"),
    ],
)
def test_what_does_not_go_together_is_refused(small, arguments, says):
    with pytest.raises(ParameterError, match=says):
        simulate(small, **{"n_draws": 10, **arguments})


LINES = f"""
schema_version = 1
extends = "municipal-budget"
name = "lines"
title = {{ da = "Linjer", en = "Lines" }}
description = {{ da = "Til en test.", en = "For a test." }}
clock = {{ starts = "2018-01", first_budget_year = 2018, n_budget_years = 3 }}
money.price_level = 2018
[payers]
committee = {{ da = "Udvalg", en = "Committee", part_of = "municipality" }}
[strategies.plan]
label = {{ da = "Plan", en = "Plan" }}
[budget_lines.one]
label = {{ da = "Linje", en = "Line" }}
strategies = ["plan"]
kind = "estimate"
realised_share = {{ distribution = "beta", mean = 0.5, sd = 0.2, unit = "share", {WHY} }}
delay_months = {{ distribution = "gamma", mean = 6, sd = 4, unit = "months", {WHY} }}
[budget_lines.one.saving.committee]
by_year = {{ "2018" = 1000000, "2019" = 2000000 }}
after = "zero"
unit = "DKK per year"
price_year = 2018
{WHY}
"""


@pytest.fixture(name="lines")
def write_lines(tmp_path):
    path = tmp_path / "scenario.toml"
    path.write_text(LINES)
    return load_scenario(path)


def test_the_headline_holds_the_committees_of_the_municipality(lines):
    """Budget lines alone, all of whose saving is a committee's."""
    run = simulate(lines, 20, 3, precision=40_000.0)
    error = analysis.mean(analysis.present_value(run)).error.item()
    assert run.attrs["n_draws"] > 20
    assert 0 < error <= 40_000
    assert run.attrs["headline_error_dkk"] == pytest.approx(error, rel=1e-12)
    assert_same(run, simulate(lines, run.attrs["n_draws"], 3))


def test_budget_lines_alone_have_sobol_draws_and_no_luck(lines):
    run = simulate(lines, 128, 3, design="sobol")
    plain = analysis.mean(analysis.present_value(simulate(lines, 128, 3)))
    assert analysis.mean(analysis.present_value(run)).error < plain.error / 2
    exact = expected(lines, 128, 3, design="sobol")
    assert all_equal(exact.line_saving_dkk.values, run.line_saving_dkk.values)
    found = analysis.control_variate(lines, run)
    assert isinstance(found, NotExact)
    assert "nothing in them is luck" in found.reason


def test_a_number_with_a_cause_stands_in_no_correlation(lines, tmp_path):
    name = "budget_lines.one.realised_share"
    text = LINES.replace(
        "[payers]",
        f"""
[[correlations]]
between = ["{name}", "budget_lines.one.delay_months"]
rho = {{ value = -0.5, unit = "correlation", {WHY} }}
[payers]""",
    )
    path = tmp_path / "correlated.toml"
    path.write_text(text)
    scenario = load_scenario(path).scenario
    alone = draw_parameters(lines.scenario, 3, 0, 10).values
    together = draw_parameters(scenario, 3, 0, 10).values
    assert (alone[name] != together[name]).all()
    cause = f"[causes.times]\ncorrelation = {{ value = 0.5, unit = 'correlation', {WHY} }}\n"
    two = LINES[LINES.index("[budget_lines") :].replace("one", "two")
    both = (text + two).replace('kind = "estimate"', 'kind = "estimate"\ncause = "times"') + cause
    path.write_text(both)
    with pytest.raises(InputError, match=f'"{name}" has a cause'):
        load_scenario(path)


# ------------------------------------------------------------------------------------------- Sobol


@pytest.fixture(name="sobol", scope="module")
def run_sobol(small):
    return simulate(small, 256, 3, design="sobol")


def test_a_sobol_run_knows_its_scrambles(small, sobol):
    assert sobol.attrs["design"] == "sobol"
    assert (sobol.scramble.values == np.repeat(np.arange(16), 16)).all()
    assert "scramble" not in simulate(small, 2, 3).coords
    exact = expected(small, 256, 3, design="sobol")
    assert all_equal(exact.discount_factor.values, sobol.discount_factor.values)
    assert_same(sobol, simulate(small, 256, 3, design="sobol", n_threads=2))
    with pytest.raises(ParameterError, match="16 scrambles"):
        expected(small, 100, 3, design="sobol")


def test_luck_of_a_sobol_run_is_that_of_its_draws(sobol, small):
    """The design chooses numbers, not lives: the children at the start are documented."""
    plain = simulate(small, 256, 3)
    assert all_equal(plain.start_stock.values, sobol.start_stock.values)
    assert not all_equal(plain.parameter_value.values, sobol.parameter_value.values)


def test_errors_of_a_sobol_run_are_the_spread_of_its_scrambles(sobol):
    value = analysis.present_value(sobol)
    groups = value.mean("replicate").values.reshape(-1, 16, 16).mean(axis=-1)
    found = analysis.mean(value)
    np.testing.assert_allclose(found.value, groups.mean(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.error, groups.std(axis=1, ddof=1) / 4, rtol=1e-12)
    p = analysis.probability(value > 0)
    assert 0 < p.low.item() < p.value.item() < p.high.item() < 1
    quantiles = analysis.quantiles(value)
    assert (quantiles.error > 0).all()
    share = analysis.luck_share(value)
    assert share.low.item() < share.share.item() < share.high.item()


def test_a_sobol_run_without_spread_is_certain(sobol):
    p = analysis.probability(sobol.cost_dkk.sum("payer") > 0)
    assert (p.value == 1).all()
    assert (p.high == 1).all()


# ------------------------------------------------------------------------------------- common luck


def test_common_luck_is_that_of_draw_0(small):
    own, common = simulate(small, 12, 3), simulate(small, 12, 3, luck="common")
    assert common.attrs["luck"] == "common"
    assert all_equal(own.parameter_value.values, common.parameter_value.values)
    first = {"draw": slice(0, 1)}
    assert_same(own.isel(first), common.isel(first).drop_vars("luck"))
    assert not all_equal(own.stock.values, common.stock.values)


def test_draws_with_the_same_numbers_and_luck_are_the_same(small):
    """With every number certain, own luck differs between draws and common luck does not."""

    def fix(_, quantity):
        if quantity.distribution is None:
            return quantity
        middle = quantity.median or quantity.mean or (quantity.low + quantity.high) / 2
        return quantity.model_copy(update={"value": middle, "distribution": None})

    loaded = replace(small, scenario=replace_quantities(small.scenario, fix))
    run = simulate(loaded, 4, 3, luck="common")
    assert (run.stock == run.stock.isel(draw=0)).all()
    assert (run.stock.isel(replicate=0) != run.stock.isel(replicate=1)).any()
    assert (simulate(loaded, 4, 3).stock != run.stock).any()


def test_common_luck_has_no_error(small):
    run = simulate(small, 4, 3, luck="common")
    value = analysis.present_value(run)
    for summary in (analysis.mean, analysis.quantiles, analysis.luck_share):
        with pytest.raises(ParameterError, match='luck = "own"'):
            summary(value)
    with pytest.raises(ParameterError, match='luck = "own"'):
        analysis.probability(value > 0)


# ----------------------------------------------------------------------- summaries of luck, by hand


def table(*draws):
    return xr.DataArray(np.array(draws, dtype=float), dims=("draw", "replicate"))


def test_split_by_hand():
    """Draws (1, 3), (5, 5), (9, 13): within 2, 0, 8; means 2, 5, 11, their variance 21."""
    found = analysis.luck_share(table((1, 3), (5, 5), (9, 13)))
    assert found.luck.item() == pytest.approx(10 / 3)
    assert found.knowledge.item() == pytest.approx(21 - 10 / 6)
    assert found.share.item() == pytest.approx((10 / 3) / (10 / 3 + 21 - 10 / 6))


def test_interval_of_the_share_by_hand():
    """log F without each draw in turn, from the definition."""
    values = table((1, 3), (5, 6), (9, 13), (4, 2), (7, 12))
    n, r = values.shape

    def log_f(rows):
        return np.log(r * rows.mean(axis=1).var(ddof=1) / rows.var(axis=1, ddof=1).mean())

    left = np.array([log_f(np.delete(values.values, draw, axis=0)) for draw in range(n)])
    pseudo = n * log_f(values.values) - (n - 1) * left
    half = 2.7764451051977987 * pseudo.std(ddof=1) / np.sqrt(n)
    found = analysis.luck_share(values)
    for name, end in (("low", half), ("high", -half)):
        wanted = r / (r - 1 + np.exp(pseudo.mean() + end))
        assert found[name].item() == pytest.approx(wanted, rel=1e-12)


def test_without_luck_or_draws_enough():
    certain = analysis.luck_share(table((1, 1), (2, 2), (4, 4)))
    assert (certain.share, certain.low, certain.high) == (0, 0, 0)
    few = analysis.luck_share(table((1, 2), (2, 4)))
    assert np.isnan(few.low)
    assert np.isnan(few.high)


def test_spread_by_hand():
    """Baseline (10, 14), strategy (7, 9): differences (3, 5), variances 8, 2 and 2."""
    without, own = table((10, 14), (10, 14)), table((7, 9), (7, 9))
    found = analysis.spread_by_coupling(without, own)
    assert found.luck_shared.item() == pytest.approx(np.sqrt(2))
    assert found.luck_independent.item() == pytest.approx(np.sqrt(8 + 2))
    # The draws' means are equal, so knowledge is estimated as -2 / 2.
    assert found.spread_shared.item() == pytest.approx(np.sqrt(2 - 1))
    assert found.spread_independent.item() == pytest.approx(np.sqrt(10 - 1))


def test_spread_of_the_saving_is_that_of_its_parts(small):
    run = simulate(small, 60, 3, n_replicates=4)
    found = analysis.saving_spread(run)
    saved = analysis.budget_years(run).gross_saving_dkk.isel(strategy=slice(1, None))
    luck = saved.var("replicate", ddof=1).mean("draw")
    np.testing.assert_allclose(found.luck_shared**2, luck, rtol=1e-9)
    assert found.luck_shared.dims == ("strategy", "year")
    assert found.luck_shared_pv.dims == ("strategy",)
    assert (found.luck_independent > found.luck_shared).all()
    split = analysis.luck_share(saved)
    np.testing.assert_allclose(found.spread_shared**2, split.luck + split.knowledge, rtol=1e-9)


def test_the_summary_of_few_runs_has_no_luck(small):
    for arguments in ({"n_draws": 5, "n_replicates": 1}, {"n_draws": 2}):
        summary = summarise(simulate(small, seed=3, **arguments))[0]
        assert summary.luck_share is None
        assert summary.spread_last_year is None
    summary = summarise(simulate(small, 40, 3))[0]
    low, high = summary.luck_share_interval
    assert low < summary.luck_share < high
    assert summary.spread_present_value["luck_independent_error"] > 0
    assert set(summary.spread_last_year) == set(summary.spread_present_value)
    json.dumps(summary.spread_last_year, allow_nan=False)
