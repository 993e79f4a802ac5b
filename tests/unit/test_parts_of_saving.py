"""Parts of a saving: they sum to it, and a part that can be told apart is what it is alone."""

import numpy as np
import pytest
from small import ENTRIES_DOWN, figure, on, strategy, write_small

from stepdown import analysis, load_scenario, simulate
from stepdown.errors import InputError, ParameterError

BOTH = (
    ENTRIES_DOWN
    + f"""
[strategies.help.investments.team.effects.home]
on = ["reunification"]
hazard_ratio = {figure(1.5, "ratio")}
"""
)


def gross(loaded, name, n_draws):
    """Return the mean discounted gross saving of a strategy."""
    run = simulate(loaded, n_draws, 1)
    return float(analysis.figure_of_runs(run, "gross_saving", name).mean())


def test_parts_by_move_sum_to_the_saving(tmp_path):
    """Over classes of a strategy that works on four of them, also with a caseload."""
    levers = '[strategies.help.caseload]\nstart = "2018-01"\n'
    levers += f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}\n"
    loaded = load_scenario(write_small(tmp_path, BOTH + levers))
    found = analysis.saving_by_move(loaded, "help", n_draws=10)
    assert {"placement", "re_entry", "breakdown", "reunification"} < set(found.part.values)
    assert float(found.value.sel(part="other")) == 0.0
    assert float(found.value.sum()) == pytest.approx(gross(loaded, "help", 10), rel=1e-9)


def test_one_class_is_the_whole(tmp_path):
    """A strategy that works on one class has all its saving there, to the bit."""
    loaded = load_scenario(write_small(tmp_path, strategy("one", on("reunification", 1.5))))
    found = analysis.saving_by_move(loaded, "one", n_draws=10)
    assert list(found.part.values) == ["reunification", "other"]
    assert float(found.value.sel(part="reunification")) == gross(loaded, "one", 10)


def test_arrivals_and_own_prices_have_parts(tmp_path):
    """An effect on the inflow is the part arrivals; a price of its own is the part other."""
    own = strategy("less", on("foster_care", 0.5, kind="inflow_ratio"))
    own += f"[strategies.less.steps.institution]\nprice = {figure(9e4, 'DKK per child and month', 2018)}\n"  # noqa: E501
    loaded = load_scenario(write_small(tmp_path, own))
    found = analysis.saving_by_move(loaded, "less", n_draws=10)
    assert list(found.part.values) == ["arrivals", "other"]
    assert (found.value > 0).all()
    assert float(found.value.sum()) == pytest.approx(gross(loaded, "less", 10), rel=1e-9)


def test_parts_by_age_sum_to_the_saving(tmp_path):
    """Children at the start and arrivals by age, each living the life that they live together."""
    loaded = load_scenario(write_small(tmp_path, BOTH))
    found = analysis.saving_by_age(loaded, "help", n_draws=10)
    assert found.part.values[0] == "at_start"
    assert float(found.value.sum()) == pytest.approx(gross(loaded, "help", 10), rel=1e-9)
    assert (np.abs(found.value) > 0).sum() >= 3


def test_what_is_refused(tmp_path):
    """No such strategy; children who depend on each other; budget lines alone."""
    loaded = load_scenario(write_small(tmp_path, BOTH))
    for ask in (analysis.saving_by_move, analysis.saving_by_age):
        with pytest.raises(ParameterError, match="one of help"):
            ask(loaded, "halp")
        with pytest.raises(ParameterError, match="budget lines alone"):
            ask(load_scenario("hjoerring"), _first("hjoerring"))
    with pytest.raises(InputError, match="capacity"):
        analysis.saving_by_age(
            load_scenario("hoersholm-scarce-families"), _first("hoersholm-scarce-families")
        )


def _first(name):
    return next(iter(load_scenario(name).scenario.strategies))
