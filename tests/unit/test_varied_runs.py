"""One number varied: what changes and what does not, and where a strategy stops paying."""

import numpy as np
import pytest
from small import ARRIVALS, ENTRIES_DOWN, WHY, figure, on, write_small

from stepdown import analysis, load_scenario, simulate
from stepdown.analysis.varied import with_arrivals, with_number, with_placement_prices
from stepdown.errors import ParameterError

NAME = "strategies.help.investments.team.effects.entries.hazard_ratio"


@pytest.fixture(name="loaded", scope="module")
def load_small(tmp_path_factory):
    """A small municipality whose one strategy lowers placements by 40 %."""
    return load_scenario(write_small(tmp_path_factory.mktemp("small"), ENTRIES_DOWN))


def test_prices_of_placements_alone_are_multiplied(loaded):
    """Placements cost twice as much, in all draws, and nothing else does."""
    before = simulate(loaded, 3, 1)
    after = simulate(with_placement_prices(loaded, 2.0), 3, 1)
    ratio = (after.price_dkk_per_month / before.price_dkk_per_month).isel(strategy=0)
    placed = before.step_kind.values == "placement"
    assert placed.sum() == 6
    assert np.allclose(ratio.values[:, placed], 2.0)
    assert (after.moves == before.moves).all()
    rest = before.price_dkk_per_month.isel(step=np.flatnonzero(~placed))
    assert (after.price_dkk_per_month.isel(step=np.flatnonzero(~placed)) == rest).all()
    assert (after.investment_dkk == before.investment_dkk).all()


def test_one_more_factor_of_arrivals_changes_both_worlds(loaded):
    """With factor 1 both worlds are those of the scenario; with 3, three times as many arrive."""
    before = simulate(loaded, 4, 1)
    same = simulate(with_arrivals(loaded, "help", 1.0), 4, 1)
    for name in ("cost_dkk", "moves"):
        assert (same[name].sel(strategy="more_arrivals") == before[name].isel(strategy=0)).all()
        assert (same[name].sel(strategy="help") == before[name].sel(strategy="help")).all()
    more = simulate(with_arrivals(loaded, "help", 3.0), 4, 1).months_in_step.sum(["step", "year"])
    assert (more.sel(strategy="more_arrivals") > more.sel(strategy="baseline")).all()


def test_break_even_price_is_where_the_saving_is_the_cost(loaded):
    """With the price found the mean present value is 0; without an effect there is none."""
    found = analysis.break_even_price(loaded, "help", n_draws=20)
    assert found.factor is not None
    run = simulate(with_placement_prices(loaded, found.factor), 20, 1, n_replicates=1)
    largest = max(abs(value) for _, value in found.present_value_dkk)
    assert abs(float(analysis.present_value(run).mean())) < 0.02 * largest
    assert found.error is not None
    assert found.error > 0
    nothing = with_number(loaded, NAME, 1.0)
    lost = analysis.break_even_price(nothing, "help", n_draws=20)
    assert lost.factor is None
    assert len({value for _, value in lost.present_value_dkk}) == 1


def test_break_even_inflow(loaded):
    """With the arrivals found the mean present value is 0, but for the step of one child."""
    found = analysis.break_even_inflow(loaded, "help", n_draws=20)
    assert found.factor is not None
    run = simulate(with_arrivals(loaded, "help", found.factor), 20, 1, n_replicates=1)
    value = analysis.present_value(run).mean(["draw", "replicate"])
    gained = float(value.sel(strategy="help") - value.sel(strategy="more_arrivals"))
    assert abs(gained) < 0.05 * max(abs(value) for _, value in found.present_value_dkk)


@pytest.mark.parametrize("name", ["hoersholm", "faxe"])
def test_break_even_price_is_told_of_shipped_scenarios(name):
    """Prices at 16 times their size are a trial, and no mistake in the file."""
    shipped = load_scenario(name)
    found = analysis.break_even_price(shipped, next(iter(shipped.scenario.strategies)), n_draws=4)
    assert found.stopped is None
    assert found.factor is not None or max(factor for factor, _ in found.present_value_dkk) == 16


@pytest.mark.parametrize(
    "effect",
    [
        on("home_support", 1.3, kind="inflow_ratio"),
        on("step_up", 1.5),
        on("step_up", 1.5, more="reach = { courses_per_year = "
           f"{figure(400.0, 'courses per year')}, effect_months = {figure(12.0, 'months')} }}"),
    ],
)  # fmt: skip
def test_break_even_says_where_no_stronger_effect_can_be_followed(tmp_path, effect):
    """An effect that only costs: the search ends where a trial asks too much, and says so."""
    costly = ENTRIES_DOWN[: ENTRIES_DOWN.index('on = ["placement"')] + effect
    harmful = load_scenario(write_small(tmp_path, costly))
    found = analysis.break_even(harmful, "help", n_draws=3)
    assert found.factor is None
    assert found.stopped
    assert max(factor for factor, _ in found.present_value_dkk) < 64


def test_break_even_inflow_says_where_no_more_arrivals_can_be_followed(tmp_path):
    """Arrivals that fill a month already; the strategy costs much and saves less than that."""
    many = {**ARRIVALS, "home_support": 12_000.0}
    dear = ENTRIES_DOWN.replace("value = 0.5", "value = 5e6")
    crowded = load_scenario(write_small(tmp_path, dear, arrivals=many, n_years=1))
    found = analysis.break_even_inflow(crowded, "help", n_draws=2)
    assert found.factor is None
    assert "arrivals a month" in found.stopped


def test_one_way(loaded):
    """No effect saves nothing; the first value has no change from itself; an effect saves."""
    found = analysis.one_way(loaded, NAME, [1.0, 0.6], n_draws=20, figure="gross_saving")
    assert float(found.value[0]) == float(found.change[0]) == float(found.error[0]) == 0.0
    assert float(found.value[1]) > 0
    plain = analysis.figure_of_runs(simulate(loaded, 20, 1), "gross_saving")
    assert float(found.value[1]) == float(plain.mean())


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda loaded: analysis.one_way(loaded, NAME + "x", [1.0]), f"Did you mean {NAME}"),
        (lambda loaded: analysis.one_way(loaded, NAME, []), "values = []"),
        (lambda loaded: analysis.break_even_price(loaded, "halp"), "one of help"),
        (lambda loaded: analysis.break_even_inflow(loaded, "halp"), "one of help"),
    ],
)
def test_what_is_refused(loaded, ask, said):
    """Each message names what is wrong and the fix."""
    with pytest.raises(ParameterError) as error:
        ask(loaded)
    assert said in str(error.value)


def test_a_shared_price_must_be_of_placements_alone(tmp_path):
    """A parameter that prices a placement and a post is refused; one of two placements is not."""
    one = '[steps.own_room]\nprice = { parameter = "room" }\n'
    parameter = f"[parameters.room]\nvalue = 30000\nunit = 'DKK per child and month'\n{WHY}\nprice_year = 2018\n"  # noqa: E501
    two = one.replace("own_room", "boarding_school")
    fine = load_scenario(
        write_small(tmp_path / "a", extra="", strategies=ENTRIES_DOWN + one + two + parameter)
    )
    room = with_placement_prices(fine, 3.0).scenario.parameters["room"]
    assert room.value == 90_000
    both = one + '[steps.home_support]\nprice = { parameter = "room" }\n' + parameter
    shared = load_scenario(write_small(tmp_path / "b", strategies=ENTRIES_DOWN + both))
    with pytest.raises(ParameterError, match=r"steps\.home_support\.price"):
        with_placement_prices(shared, 3.0)
