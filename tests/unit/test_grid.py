"""Grids of levels: every combination is a strategy, and what they share is one draw."""

import numpy as np
import pytest
from small import WHY, all_equal, build, figure, on, strategy, write_small

import stepdown
from stepdown.errors import InputError
from stepdown.scenario import load_scenario
from stepdown.scenario.grid import baseline_levels

FEWER = (
    '[levels.cases.{0}]\nlabel = {{ da = "{1} sager", en = "{1} cases" }}\n'
    '[levels.cases.{0}.caseload]\nstart = "2018-01"\n'
    'cases_per_caseworker = {{ value = {1}, unit = "cases per caseworker", ' + WHY + " }}\n"
)
UNCERTAIN = (
    '{ distribution = "lognormal", median = 0.7, low = 0.5, high = 0.9, unit = "ratio", '
    + WHY
    + " }"
)
GRID = (
    '[levels.cases.c30]\nlabel = { da = "30 sager", en = "30 cases" }\n'
    + FEWER.format("c25", 25)
    + FEWER.format("c20", 20)
    + '[levels.early.no]\nlabel = { da = "uden", en = "without" }\n'
    + '[levels.early.yes]\nlabel = { da = "med", en = "with" }\n'
    + '[levels.early.yes.investments.team]\nlabel = { da = "Hold", en = "Team" }\n'
    + 'start = "2018-01"\n[levels.early.yes.investments.team.effects.entries]\n'
    + f'on = ["placement"]\nhazard_ratio = {UNCERTAIN}\n'
)


def problems_of(path):
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value.problems


def test_every_combination_but_the_one_that_changes_nothing(tmp_path):
    scenario = load_scenario(write_small(tmp_path, GRID)).scenario
    assert list(scenario.strategies) == [
        "cases-c30__early-yes",
        "cases-c25__early-no",
        "cases-c25__early-yes",
        "cases-c20__early-no",
        "cases-c20__early-yes",
    ]
    both = scenario.strategies["cases-c20__early-yes"]
    assert (both.label.da, both.label.en) == ("20 sager, med", "20 cases, with")
    assert both.caseload.cases_per_caseworker.value == 20
    assert list(both.investments) == ["team"]
    assert baseline_levels(scenario) == {"cases": "c30", "early": "no"}


def test_levels_are_coordinates_of_the_result(tmp_path):
    result = stepdown.simulate(write_small(tmp_path, GRID), n_draws=3, seed=1, n_threads=1)
    assert result.level_cases.dims == ("strategy",)
    assert list(result.level_cases.values) == ["c30", "c30", "c25", "c25", "c20", "c20"]
    assert list(result.level_early.values) == ["no", "yes", "no", "yes", "no", "yes"]


def test_what_strategies_of_a_grid_share_is_one_draw(tmp_path):
    """The uncertain ratio is one parameter, named where it is written, equal in every strategy."""
    built = build(write_small(tmp_path, GRID), n_draws=20)
    name = "levels.early.yes.investments.team.effects.entries.hazard_ratio"
    assert [n for n in built.draws.values if n.endswith("entries.hazard_ratio")] == [name]
    assert np.ptp(built.draws.values[name]) > 0
    for own in built.plan.scenario.strategies.values():
        if own.levels["early"] == "yes":
            ratio = own.investments["team"].effects["entries"].hazard_ratio
            np.testing.assert_array_equal(built.draws.of(ratio), built.draws.values[name])


def test_a_grid_gives_the_bits_of_the_same_strategies_written_out(tmp_path):
    share = GRID.replace(UNCERTAIN, figure(0.7, "ratio"))
    written = strategy(
        "one", caseload=f"cases_per_caseworker = {figure(20, 'cases per caseworker')}"
    )
    written += strategy(
        "two",
        on("placement", 0.7),
        caseload=f"cases_per_caseworker = {figure(25, 'cases per caseworker')}",
    )
    grid = stepdown.simulate(write_small(tmp_path / "g", share), n_draws=4, seed=3, n_threads=1)
    plain = stepdown.simulate(write_small(tmp_path / "p", written), n_draws=4, seed=3, n_threads=1)
    for of_grid, own in (("cases-c20__early-no", "one"), ("cases-c25__early-yes", "two")):
        for variable in ("moves", "months_in_step", "net_saving_dkk"):
            left = grid[variable].sel(strategy=of_grid).values
            assert all_equal(left, plain[variable].sel(strategy=own).values), variable


def test_an_error_in_a_level_points_to_its_line_once(tmp_path):
    path = write_small(tmp_path, GRID.replace('["placement"]', '["placemnt"]'))
    (problem,) = problems_of(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert problem.key == "levels.early.yes.investments.team.effects.entries.on.0"
    assert "placemnt" in lines[problem.line - 1]
    assert problem.fix == "did you mean placement?"


def test_two_axes_cannot_say_the_same(tmp_path):
    again = FEWER.format("yes", 22).replace("levels.cases", "levels.early")
    again = again[again.index("[levels.early.yes.caseload]") :]
    (problem,) = problems_of(write_small(tmp_path, GRID + again))
    assert problem.key == "levels.early.yes.caseload"
    assert "another axis" in problem.what


def test_a_grid_beyond_sixty_strategies_is_refused_before_it_is_made(tmp_path):
    axes = "".join(
        f'[levels.{axis}.{level}]\nlabel = {{ da = "x", en = "x" }}\n'
        for axis in ("one", "two", "three", "four")
        for level in ("a", "b", "c")
    )
    found = problems_of(write_small(tmp_path, axes))
    assert any(p.what == "81 combinations of levels" and p.key == "levels" for p in found)


def test_a_level_needs_a_label(tmp_path):
    (problem,) = problems_of(write_small(tmp_path, GRID + "[levels.early.maybe]\n"))
    assert problem.key == "levels.early.maybe.label"


def test_hoersholm_levels_is_paired_and_costed(tmp_path):
    """Ten combinations less the baseline; posts are 7.25 x (33 / c - 1) at the price of a post."""
    built = build("hoersholm-levels", n_draws=3)
    names = list(built.plan.scenario.strategies)
    assert len(names) == 9
    assert set(load_scenario("hoersholm").scenario.strategies).isdisjoint(names)
    price = built.draws.values["parameters.price_of_post"]
    spent = stepdown.money.investments(built.plan, built.draws).sum(axis=-1)
    for level in (31, 29, 27, 25):
        own = spent[1 + names.index(f"caseload-c{level}__early_help-no")]
        np.testing.assert_allclose(own[:, 1], 7.25 * (33 / level - 1) * price, rtol=1e-12)
        with_help = spent[1 + names.index(f"caseload-c{level}__early_help-yes")]
        np.testing.assert_allclose(with_help[:, 1] - own[:, 1], 1_590_000, rtol=1e-12)
