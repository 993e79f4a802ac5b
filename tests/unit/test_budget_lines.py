"""Budget lines: share, delay, cause and residual, alone and beside a staircase."""

import json

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats
from small import ENTRIES_DOWN, write_small

import stepdown
from stepdown.analysis import (
    committees,
    gross_saving,
    lines_reached,
    net_saving,
    of_payer,
    promised,
    saving_of_lines,
    saving_reached,
)
from stepdown.errors import InputError, ParameterError
from stepdown.expectation import NotExact
from stepdown.parameters import draw_parameters
from stepdown.scenario import load_scenario

WHY = 'assumption = "made up for a test"'
SURE = f'realised_share = {{ value = 1, unit = "share", {WHY} }}\n'
PROMPT = f'delay_months = {{ value = 0, unit = "months", {WHY} }}\n'
WIDE = (
    'realised_share = { distribution = "triangular", low = -0.2, mode = 0.5, high = 1.4, '
    f'unit = "share", {WHY} }}\n'
    'delay_months = { distribution = "gamma", mean = 8, sd = 6, unit = "months", '
    f"{WHY} }}\n"
)


def row(amounts, after="zero", price_year=2018):
    by_year = ", ".join(f'"{2018 + i}" = {a}' for i, a in enumerate(amounts) if a is not None)
    return (
        f'{{ by_year = {{ {by_year} }}, after = "{after}", unit = "DKK per year", '
        f"price_year = {price_year}, {WHY} }}"
    )


def line(name, drawn=SURE + PROMPT, *, kind="estimate", strategies='["plan"]', **rows):
    """Return a budget line; rows are saving_PAYER = [...] or investment_PAYER = a row's text."""
    text = f'[budget_lines.{name}]\nlabel = {{ da = "Linje", en = "Line" }}\n'
    text += f'strategies = {strategies}\nkind = "{kind}"\n{drawn}'
    for key, amounts in rows.items():
        where, _, payer = key.partition("_")
        text += f"{where}.{payer} = {amounts if isinstance(amounts, str) else row(amounts)}\n"
    return text


HEAD = """
schema_version = 1
extends = "municipal-budget"
name = "lines"
title = { da = "Linjer", en = "Lines" }
description = { da = "Til en test.", en = "For a test." }
clock = { starts = "2018-01", first_budget_year = 2018, n_budget_years = 4 }
money.price_level = 2018
[payers]
municipality_a = { da = "Udvalg A", en = "Committee A", part_of = "municipality" }
municipality_b = { da = "Udvalg B", en = "Committee B", part_of = "municipality" }
[strategies.plan]
label = { da = "Plan", en = "Plan" }
"""
CAUSE = f'[causes.times]\ncorrelation = {{ value = 0.6, unit = "correlation", {WHY} }}\n'


def write(folder, *parts, head=HEAD):
    path = folder / "scenario.toml"
    path.write_text(head + "\n".join(parts), encoding="utf-8")
    return path


def run(folder, *parts, n_draws=20, **more):
    return stepdown.simulate(write(folder, *parts), n_draws=n_draws, seed=3, **more)


def saved(result, name="one"):
    return result.line_saving_dkk.sel(budget_line=name).sum("payer").isel(draw=0).values


# ------------------------------------------------------------------- share and delay, by hand


@pytest.mark.parametrize(
    ("share", "delay", "after", "expected"),
    [
        (1.0, 0, "zero", [100, 200, 0, 0]),
        (1.0, 0, "repeat", [100, 200, 200, 200]),
        (0.5, 0, "repeat", [50, 100, 100, 100]),
        (1.0, 12, "zero", [0, 100, 200, 0]),
        (1.0, 6, "zero", [50, 150, 100, 0]),
        (1.0, 3, "repeat", [75, 175, 200, 200]),
        (1.0, 15, "zero", [0, 75, 175, 50]),
        (-0.25, 12, "repeat", [0, -25, -50, -50]),
        (1.0, 480, "repeat", [0, 0, 0, 0]),
    ],
)
def test_a_saving_is_the_share_of_its_profile_the_delay_later(
    tmp_path, share, delay, after, expected
):
    drawn = SURE.replace("value = 1", f"value = {share}")
    drawn += PROMPT.replace("value = 0", f"value = {delay}")
    result = run(tmp_path, line("one", drawn, saving_municipality=row([100, 200], after)))
    np.testing.assert_allclose(saved(result), expected, rtol=0, atol=1e-12)


def test_a_constant_row_is_reached_to_the_last_bit_after_any_delay(tmp_path):
    """Reached is certain from year 2 on: a rounding of the shift would make it a coin."""
    late = 'delay_months = { distribution = "uniform", low = 0, high = 11, unit = "months", '
    result = run(
        tmp_path,
        line("one", SURE + late + WHY + " }\n", saving_municipality=[123_457.7] * 4),
        line("two", saving_municipality=row([0.1, 0.1, 0.1, 0.1])),
        n_draws=400,
    )
    reached = lines_reached(result).value
    assert reached.sel(budget_line="one").values.tolist() == [0, 1, 1, 1]
    assert reached.sel(budget_line="two").values.tolist() == [1, 1, 1, 1]


def test_a_row_promises_nothing_in_a_year_it_does_not_name(tmp_path):
    result = run(tmp_path, line("one", saving_municipality=row([5, 7], "repeat")))
    assert saved(result).tolist() == [5, 7, 7, 7]
    reached = lines_reached(result).sel(budget_line="one")
    assert reached.published.values.tolist() == [5, 7, 0, 0]
    assert reached.value.isnull().values.tolist() == [False, False, True, True]
    assert result.published_dkk.isnull().values[1, 0].tolist() == [False, False, True, True]


def test_investment_is_a_fixed_input(tmp_path):
    result = run(
        tmp_path,
        line("one", WIDE, saving_municipality_a=[10, 20], investment_municipality_b=[7, 5]),
    )
    invested = result.investment_dkk.sel(strategy="plan", payer="municipality_b")
    assert (invested == [7, 5, 0, 0]).all()
    assert (result.investment_dkk.sel(strategy="baseline") == 0).all()
    assert result.line_investment_dkk.sum("payer").values.tolist() == [[7, 5, 0, 0]]


def test_a_line_is_drawn_once_for_all_its_strategies(tmp_path):
    two = '[strategies.more]\nlabel = { da = "Mere", en = "More" }\n'
    both = line("one", WIDE, strategies='["plan", "more"]', saving_municipality=[100, 200])
    result = run(tmp_path, two, both, line("other", WIDE, saving_municipality=[50]))
    gross = result.gross_saving_dkk
    alone = result.line_saving_dkk.sel(budget_line="one").sum("payer")
    other = result.line_saving_dkk.sel(budget_line="other").sum("payer")
    xr.testing.assert_equal(
        gross.sel(strategy="more").drop_vars(["strategy", "strategy_da", "strategy_en"]),
        alone.expand_dims(replicate=gross.replicate)
        .transpose(*gross.dims[1:])
        .drop_vars([name for name in alone.coords if name.startswith("budget")]),
    )
    np.testing.assert_allclose(
        gross.sel(strategy="plan").isel(replicate=0), alone + other, rtol=1e-12
    )
    assert float(alone.sum("year").std()) > 0


# ----------------------------------------------------------------------- payers and committees


def test_the_municipality_is_itself_and_its_committees(tmp_path):
    result = run(
        tmp_path,
        line(
            "one",
            saving_municipality_a=[10, 20],
            saving_municipality_b=[1, 2],
            saving_municipality=[100, 200],
            saving_state=[1000, 2000],
            investment_municipality_b=[5],
        ),
    )
    first = result.net_saving_dkk.sel(strategy="plan").isel(draw=0, replicate=0, year=0)
    assert of_payer(first) == 106
    assert of_payer(first, "municipality_b") == -4
    assert of_payer(first, "all") == 1106
    assert net_saving(result).isel(draw=0, replicate=0).values.tolist() == [[106, 222, 0, 0]]
    gross = gross_saving(result, "municipality").isel(draw=0, replicate=0)
    assert gross.values.tolist() == [[111, 222, 0, 0]]
    assert committees(result) == ("municipality_a", "municipality_b")
    with pytest.raises(ParameterError, match=r"county.*municipality_a.*Write payer = "):
        of_payer(first, "county")


def test_payers_sum_to_gross_less_investment(tmp_path):
    result = run(
        tmp_path,
        line("one", WIDE, saving_municipality_a=[10, 20], investment_municipality_b=[7]),
        line("two", WIDE, saving_state=[3, 4], saving_municipality=[5, 6]),
    )
    spent = result.investment_dkk.sum("payer")
    np.testing.assert_allclose(
        result.net_saving_dkk.sum("payer"), result.gross_saving_dkk - spent, atol=1e-12
    )
    np.testing.assert_allclose(
        saving_of_lines(result).sum("payer"), result.gross_saving_dkk.isel(replicate=0)
    )


# --------------------------------------------------------------------------------- the residual


def test_a_residual_is_shown_and_never_drawn(tmp_path):
    rest = line("rest", "", kind="residual", saving_municipality_a=[0, 600])
    result = run(tmp_path, line("one", saving_municipality_b=[0, 50]), rest)
    assert result.line_saving_dkk.sel(budget_line="rest").isnull().all()
    assert result.gross_saving_dkk.sel(strategy="plan", year=2019).max() == 50
    reached = lines_reached(result)
    assert reached.value.sel(budget_line="rest").isnull().all()
    assert reached.published.sel(budget_line="rest").values.tolist() == [0, 600, 0, 0]
    assert reached.value.sel(budget_line="one", year=2019) == 1
    both = promised(result).sel(strategy="plan", year=2019)
    assert (float(both.calculated), float(both.residual)) == (50, 600)
    by_line = saving_reached(result).sel(strategy="plan", year=2019)
    assert by_line.value.sel(line="budget-lines") == 1
    assert by_line.value.sel(line="budget-lines-residual").isnull()


def test_a_residual_changes_no_figure_that_is_calculated(tmp_path):
    one = line("one", WIDE, saving_municipality_a=[10, 20], investment_municipality=[5])
    rest = line("rest", "", kind="residual", saving_municipality_a=[0, 600])
    alone, beside = run(tmp_path, one), run(tmp_path, one, rest)
    for name in ("net_saving_dkk", "gross_saving_dkk", "investment_dkk"):
        np.testing.assert_array_equal(alone[name], beside[name])


# --------------------------------------------------------------------------------- causes


def uniforms(folder, *parts, n_draws=4000):
    scenario = load_scenario(write(folder, *parts)).scenario
    return draw_parameters(scenario, 5, 0, n_draws).values


NORMAL = 'distribution = "normal", mean = 6, sd = 3'


def two_lines(cause):
    own = f'cause = "{cause}"\n' if cause else ""
    return [line(name, WIDE + own, saving_municipality=[100]) for name in ("one", "two")]


def test_a_cause_correlates_shares_and_delays_by_its_rho(tmp_path):
    """Spearman's rho of a Gaussian copula is 6/pi asin(r/2): 0.5819 at r = 0.6, by 4,000 draws.

    Its standard error is below 1/sqrt(3999) = 0.0159, so |z| <= 4.89 is a tolerance of 0.0773
    (false alarm 1e-6 each). A copula on uniforms instead of scores, or sqrt(rho) left out (r =
    0.36, 0.346), is missed with a probability below 1e-9.
    """
    drawn = uniforms(tmp_path, *two_lines("times"), CAUSE)
    of = {
        (name, key): drawn[f"budget_lines.{name}.{key}"]
        for name in ("one", "two")
        for key in ("realised_share", "delay_months")
    }
    expected = 6 / np.pi * np.arcsin(0.3)
    for first, second, sign in (
        (("one", "realised_share"), ("two", "realised_share"), 1),
        (("one", "delay_months"), ("two", "delay_months"), 1),
        (("one", "realised_share"), ("two", "delay_months"), -1),
        (("one", "realised_share"), ("one", "delay_months"), -1),
    ):
        found = stats.spearmanr(of[first], of[second]).statistic
        assert abs(found - sign * expected) < 4.89 / np.sqrt(3999), (first, second, found)


def test_a_cause_leaves_each_distribution_as_stated(tmp_path):
    """Kolmogorov-Smirnov of 4,000 draws against the triangle: false alarm 1e-6.

    A shift of 0.05 in probability anywhere is found with a probability above 1 - 1e-3.
    """
    share = uniforms(tmp_path, *two_lines("times"), CAUSE)["budget_lines.one.realised_share"]
    triangle = stats.triang(c=0.7 / 1.6, loc=-0.2, scale=1.6)
    assert stats.kstest(share, triangle.cdf).pvalue > 1e-6


def test_the_score_is_that_of_the_record(tmp_path):
    """The drawn uniform is Phi(sqrt(rho) Z + sqrt(1 - rho) E), with E that of the line alone."""
    triangle = stats.triang(c=0.7 / 1.6, loc=-0.2, scale=1.6)
    name = "budget_lines.one.realised_share"
    own = uniforms(tmp_path, *two_lines(""), n_draws=50)
    caused = uniforms(tmp_path, *two_lines("times"), CAUSE, n_draws=50)
    score = special.ndtri(triangle.cdf(caused[name]))
    factor = (score - np.sqrt(0.4) * special.ndtri(triangle.cdf(own[name]))) / np.sqrt(0.6)
    delay = "budget_lines.two.delay_months"
    gamma = stats.gamma(a=(8 / 6) ** 2, scale=36 / 8)
    late = -np.sqrt(0.6) * factor + np.sqrt(0.4) * special.ndtri(gamma.cdf(own[delay]))
    np.testing.assert_allclose(special.ndtri(gamma.cdf(caused[delay])), late, atol=1e-6)


def test_another_line_changes_no_draw(tmp_path):
    lines = two_lines("times")
    before = uniforms(tmp_path, *lines, CAUSE, n_draws=50)
    third = line("a_third", WIDE + 'cause = "times"\n', saving_municipality=[1])
    after = uniforms(tmp_path, third, *lines, CAUSE, n_draws=50)
    assert len(after) == len(before) + 2
    for name, values in before.items():
        np.testing.assert_array_equal(after[name], values)


# --------------------------------------------------------------- alone and beside a staircase


def test_lines_alone_have_the_dataset_without_steps(tmp_path):
    result = run(tmp_path, line("one", WIDE, saving_municipality=[1]), n_replicates=3)
    assert result.net_saving_dkk.dims == ("strategy", "draw", "replicate", "year", "payer")
    assert result.sizes["replicate"] == 3
    assert not {"step", "move", "target"} & set(result.dims)
    assert "cost_dkk" not in result
    assert (result.net_saving_dkk == result.net_saving_dkk.isel(replicate=0)).all()
    assert result.line_saving_dkk.attrs["units"] == "DKK"
    assert json.loads(result.attrs["published"])["plan.budget-lines"]["kind"] == "estimate"
    result.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")


def test_expected_is_exact_for_lines_alone(tmp_path):
    path = write(tmp_path, line("one", WIDE, saving_municipality=[100, 200]))
    exact = stepdown.expected(path, n_draws=10, seed=3)
    assert not isinstance(exact, NotExact)
    luckless = stepdown.simulate(path, n_draws=10, seed=3).isel(replicate=1)
    for name in ("gross_saving_dkk", "net_saving_dkk"):
        np.testing.assert_array_equal(exact[name], luckless[name])


BESIDE = line(
    "taxi", strategies='["help"]', saving_municipality=[1000, 2000], investment_region=[300]
)


def test_a_line_beside_a_staircase_adds_its_own_and_changes_nothing_else(tmp_path):
    published = (
        '[strategies.help.published.own]\nlabel = { da = "x", en = "x" }\nkind = "target"\n'
        f'scope = "measures"\nrow = {row([1, 30_000, 100_000])}\n'
    )
    path = write_small(tmp_path, ENTRIES_DOWN + published)
    without = stepdown.simulate(path, n_draws=20, seed=1)
    path = write_small(tmp_path, ENTRIES_DOWN + published + BESIDE)
    beside = stepdown.simulate(path, n_draws=20, seed=1)
    np.testing.assert_array_equal(beside.moves, without.moves)
    more = (beside.net_saving_dkk - without.net_saving_dkk).sel(strategy="help")
    np.testing.assert_allclose(more.sel(payer="municipality", year=2018), 1000, atol=1e-6)
    np.testing.assert_allclose(more.sel(payer="region", year=2018), -300, atol=1e-6)
    gross = (beside.gross_saving_dkk - without.gross_saving_dkk).sel(strategy="help")
    assert np.abs(gross - xr.DataArray([1000, 2000, 0], dims="year")).max() < 1e-6
    own, was = (saving_reached(r).sel(strategy="help", line="own") for r in (beside, without))
    np.testing.assert_array_equal(own.value, was.value)
    assert saving_reached(beside).value.sel(strategy="help", line="budget-lines", year=2019) == 1
    exact = stepdown.expected(path, n_draws=2, seed=1).cost_dkk.sel(payer="municipality")
    alone = stepdown.expected(write_small(tmp_path, ENTRIES_DOWN), n_draws=2, seed=1).cost_dkk
    less = (alone.sel(payer="municipality") - exact).sel(strategy="help")
    np.testing.assert_allclose(less.isel(draw=0), [1000, 2000, 0], atol=1e-6)


# --------------------------------------------------------------------------------- mistakes


def said(folder, *parts, head=HEAD):
    with pytest.raises(InputError) as caught:
        load_scenario(write(folder, *parts, head=head))
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (line("one", saving_county=[1]), ('unknown payer "county"',)),
        (line("one", strategies='["plna"]', saving_state=[1]), ("did you mean plan?",)),
        (line("one", strategies='["plan", "plan"]', saving_state=[1]), ("named twice",)),
        (line("one"), ("neither saving nor investment",)),
        (line("one", PROMPT, saving_state=[1]), ("no realised_share", "triangular")),
        (line("one", SURE, saving_state=[1]), ("no delay_months",)),
        (line("one", saving_state=[-5]), ("-5", "put it under investment")),
        (line("one", saving_state=row([1], price_year=2017)), ("write price_year = 2018",)),
        (line("one", saving_state=[1, 1, 1, 1, 1]), ("2022 is no budget year",)),
        (line("one", SURE.replace("1,", "80,") + PROMPT, saving_state=[1]), ("write 0.8",)),
        (line("one", SURE.replace('"share"', '"ratio"') + PROMPT, saving_state=[1]),
         ('the unit here is "share"',)),
        (line("one", SURE + PROMPT.replace("0,", "-3,"), saving_state=[1]), ("-3 is negative",)),
        (line("one", SURE + PROMPT.replace("value = 0", NORMAL),
              saving_state=[1]), ("no earlier than published",)),
        (line("one", kind="residual", saving_state=[1]),
         ("realised_share on a residual", "delay_months on a residual")),
        (line("one", SURE + PROMPT + 'cause = "tims"\n', saving_state=[1]) + CAUSE,
         ("did you mean times?",)),
        (line("one", saving_state=[1]) + CAUSE, ("no line names it",)),
        (line("one", SURE + PROMPT + 'cause = "times"\n', saving_state=[1]) + CAUSE,
         ("only one names it",)),
        (two_lines("times")[0] + two_lines("times")[1] + CAUSE.replace("0.6", "1.6"),
         ("1.6 is no probability",)),
        (two_lines("times")[0]
         + line("two", 'realised_share = { parameter = "p" }\ncause = "times"\n' + PROMPT,
                saving_state=[1])
         + CAUSE + f'[parameters.p]\nvalue = 1\nunit = "share"\n{WHY}\n',
         ('the parameter "p" and a cause',)),
        (line("one", saving_state=[1]) + "[stock.children]\nhome = 3\n",
         ("bands", "steps", "moves", "missing")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_rule_and_fix(tmp_path, text, words):
    message = said(tmp_path, text)
    for word in words:
        assert word in message, message


def test_a_frame_without_a_staircase_is_told(tmp_path):
    head = HEAD.replace("money.price", f"base_budget = {row([9])}\nmoney.price")
    message = said(tmp_path, line("one", saving_state=[1]), head=head)
    assert "a frame without a staircase" in message


def test_neither_staircase_nor_lines_is_told(tmp_path):
    assert "stock: missing" in said(tmp_path)


def test_an_effect_without_a_staircase_is_told(tmp_path):
    effect = (
        '[strategies.plan.investments.team]\nlabel = { da = "x", en = "x" }\nstart = "2018-01"\n'
        '[strategies.plan.investments.team.effects.all]\non = ["placement"]\n'
        f'hazard_ratio = {{ value = 0.9, unit = "ratio", {WHY} }}\n'
    )
    message = said(tmp_path, effect, line("one", saving_state=[1]))
    assert "an effect without a staircase" in message


@pytest.mark.parametrize(
    ("payer", "part_of"), [("county", "counti"), ("county", "county"), ("county", "municipality_a")]
)
def test_a_part_of_no_whole_payer_is_told(tmp_path, payer, part_of):
    own = f'[payers.{payer}]\nda = "x"\nen = "x"\npart_of = "{part_of}"\n'
    assert f"payers.{payer}.part_of" in said(tmp_path, own, line("one", saving_state=[1]))


def test_lines_without_a_base_are_told_which_one(tmp_path):
    head = HEAD.replace('extends = "municipal-budget"\n', "")
    head = head[: head.index("[payers]")] + head[head.index("[strategies") :]
    message = said(tmp_path, line("one", saving_state=[1]), head=head.replace("money.", "#"))
    assert 'add extends = "municipal-budget"' in message


def test_wrong_arguments_are_told_for_lines_too(tmp_path):
    with pytest.raises(ParameterError, match="n_draws"):
        run(tmp_path, line("one", saving_state=[1]), n_draws=0)
