"""Tornado, first-order indices and value of information of a small run, and what they refuse."""

import numpy as np
import pytest
from small import WHY, figure, write_small

from stepdown import analysis, load_scenario, simulate
from stepdown.errors import ParameterError

UNCERTAIN = f"""
[strategies.help]
label = {{ da = "Hjælp", en = "Help" }}
[strategies.help.investments.team]
label = {{ da = "Hold", en = "Team" }}
start = "2018-01"
[strategies.help.investments.team.costs.posts]
posts = {figure(1.0, "posts")}
price = {{ parameter = "price_of_post" }}
[strategies.help.investments.team.effects.entries]
on = ["placement"]
hazard_ratio = {{ distribution = "lognormal", median = 0.7, low = 0.3, high = 1.6, unit = "ratio", {WHY} }}
"""  # noqa: E501
RATIO = "strategies.help.investments.team.effects.entries.hazard_ratio"


@pytest.fixture(name="loaded", scope="module")
def load_small(tmp_path_factory):
    """A small municipality whose one strategy has one uncertain effect."""
    return load_scenario(write_small(tmp_path_factory.mktemp("small"), UNCERTAIN))


@pytest.fixture(name="run", scope="module")
def run_small(loaded):
    """300 draws of it."""
    return simulate(loaded, 300, 1)


def test_tornado(run):
    """The widest bar is that of the effect; a higher ratio saves less; shares need replicates."""
    found = analysis.tornado(run, "gross_saving")
    assert found.parameter.values[0] == RATIO
    first = found.isel(parameter=0)
    assert first.low > first.high
    assert first.parameter_low < 0.7 < first.parameter_high
    widths = np.abs(found.high - found.low).values
    assert (np.diff(widths) <= 0).all()
    assert 0 < first.share <= 1.2
    value = analysis.figure_of_runs(run, "gross_saving")
    assert float(found.middle) == pytest.approx(float(value.mean()))
    alone = analysis.tornado(run.isel(replicate=[0]), figure="placement_months_avoided")
    assert "share" not in alone
    assert alone.low.attrs["units"] == "child-months"


def test_information_is_ordered(run):
    """0 <= EVPPI <= EVPI <= EVPI with luck; an evaluation is worth at most what it asks about."""
    whole, parts = analysis.evpi(run), analysis.evppi(run)
    assert 0 <= float(whole.value) <= float(whole.with_luck)
    assert (parts.value >= 0).all()
    assert float(parts.estimate.max()) <= float(whole.high)
    study = analysis.Evaluation(RATIO, 500, 24, 0.2)
    found = analysis.evsi(run, study)
    assert float(found.estimate) <= float(found.evppi) + float(found.error)
    assert float(found.events_without) == pytest.approx(500 * (1 - np.exp(-0.4)))


def test_groups_and_worth(run):
    """All numbers in one group are EVPI; a worth of a month changes the figures that it should."""
    names = [str(name) for name in run.parameter.values]
    both = analysis.evppi(run, {"all": names, "effect": [RATIO]})
    assert set(both.parameter.values) == {"all", "effect"}
    assert float(both.estimate.sel(parameter="all")) == pytest.approx(
        float(analysis.evpi(run).estimate)
    )
    plain, worth = analysis.net_benefits(run), analysis.net_benefits(run, 10_000.0)
    months = analysis.figure_of_runs(run, "placement_months_avoided")
    added = (worth - plain).sel(strategy="help").transpose("draw", "replicate").values
    assert added == pytest.approx(10_000 * months.transpose("draw", "replicate").values)
    assert (worth.sel(strategy="baseline") == 0).all()


def test_events_of_a_run(loaded, run):
    """Placements of the baseline over child-years on the steps that they leave."""
    rate = analysis.events_per_child_year(loaded, run, ("home_to_foster",))
    baseline = run.sel(strategy="baseline")
    years = float(baseline.months_in_step.sel(step="home_support").sum()) / 12
    assert rate == pytest.approx(float(baseline.moves.sel(move="home_to_foster").sum()) / years)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda run: analysis.tornado(run, figure="presentvalue"), "present_value"),
        (lambda run: analysis.tornado(run, strategy="halp"), 'strategy = "help"'),
        (lambda run: analysis.evppi(run, [RATIO + "s"]), f"Did you mean {RATIO}"),
        (lambda run: analysis.first_order_indices(run.isel(replicate=[0])), "n_replicates = 2"),
        (lambda run: analysis.evsi(run, analysis.Evaluation(RATIO, 10, 1, 0.1)), "events"),
        (lambda run: analysis.Evaluation(RATIO, 0, 1, 0.1), "n_children = 0"),
        (lambda run: analysis.net_benefits(run.drop_vars("months_in_step"), 1.0), "worth_dkk"),
    ],
)
def test_what_is_refused(run, ask, said):
    """Each message names what is wrong and the fix."""
    with pytest.raises(ParameterError) as error:
        ask(run)
    assert said in str(error.value)


def test_common_luck_has_no_error(loaded):
    """Draws with luck in common are refused, as by every summary."""
    common = simulate(loaded, 3, 1, luck="common")
    with pytest.raises(ParameterError, match="luck"):
        analysis.tornado(common)
    with pytest.raises(ParameterError, match="luck"):
        analysis.evpi(common)
