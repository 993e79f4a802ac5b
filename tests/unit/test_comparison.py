"""Two runs beside each other: nothing changed is said to change, and errors are those of pairs."""

import json

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import stepdown
from stepdown import analysis
from stepdown.cli import _stepdown
from stepdown.errors import ParameterError
from stepdown.report.comparison import Comparison, compare_runs, difference_of_means
from stepdown.report.comparison_input import input_changes, value_text
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names

OWN = """\
schema_version = 1
extends = "hoersholm"
without = ["strategies.caseload_31"]
name = "own"

[clock]
n_budget_years = 8

[parameters.package_on_entries]
distribution = "lognormal"
median = 0.90
low = 0.70
high = 1.18
unit = "ratio"
assumption = "a stronger package"

[parameters.package_on_moves_down]
distribution = "lognormal"
median = 1.05
low = 0.85
high = 1.30
unit = "ratio"
assumption = "other words for the same number"

[steps.residential_home.price]
value = 1_000_000
unit = "DKK per child and year"
price_year = 2018
assumption = "a cheaper home"

[strategies.one_more]
label = { da = "Endnu en", en = "One more" }
[strategies.one_more.caseload]
cases_per_caseworker = { value = 31, unit = "cases per caseworker", assumption = "a level between" }
start = "2018-01"
hiring_lag = { value = 3, unit = "months", assumption = "three months after the decision" }
ramp = { value = 6, unit = "months", assumption = "half a year to carry a full load" }

[strategies.rettidig_indsats.investments.programme.grants.state_pool.row]
by_year = { "2018" = 500_000, "2019" = 910_000, "2020" = 0, "2021" = 0 }
unit = "DKK per year"
price_year = 2018
assumption = "less in the first year"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("own")
    (path / "scenario.toml").write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def before():
    return stepdown.simulate("hoersholm", n_draws=40)


@pytest.fixture(scope="module")
def after(folder):
    return stepdown.simulate(folder, n_draws=40)


@pytest.fixture(scope="module")
def comparison(before, after) -> Comparison:
    return compare_runs(before, after)


def test_every_change_of_the_input_is_told_once(comparison):
    found = {change.key: change for change in comparison.inputs}
    assert {key: change.kind for key, change in found.items()} == {
        "clock.n_budget_years": "changed",
        "parameters.package_on_entries": "changed",
        "parameters.package_on_moves_down": "ground",
        "steps.residential_home.price": "changed",
        "strategies.caseload_31": "removed",
        "strategies.one_more": "added",
        "strategies.rettidig_indsats.investments.programme.grants.state_pool.row.by_year.2018": (
            "changed"
        ),
    }
    assert len(comparison.inputs) == len(found)
    entries = found["parameters.package_on_entries"]
    assert (entries.before["median"], entries.after["median"]) == (0.97, 0.90)
    assert entries.unit == "ratio"
    price = found["steps.residential_home.price"]
    assert (price.before, price.after, price.price_years) == (1_160_000, 1_000_000, (2019, 2018))
    assert found["strategies.one_more"].n_figures == 3
    assert "other words" in found["parameters.package_on_moves_down"].after


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_differs_from_itself_in_nothing(name):
    assert input_changes(load_scenario(name), load_scenario(name)) == ()


def test_a_change_of_a_level_is_told_where_it_is_written(tmp_path):
    key = "levels.caseload.c29.caseload.ramp"
    ramp = '{ value = 9, unit = "months", assumption = "it takes longer" }'
    (tmp_path / "scenario.toml").write_text(
        'schema_version = 1\nextends = "hoersholm-levels"\n'
        f"[levels.caseload.c29.caseload]\nramp = {ramp}\n",
        encoding="utf-8",
    )
    changes = input_changes(load_scenario("hoersholm-levels"), load_scenario(tmp_path))
    assert [(change.key, change.before, change.after) for change in changes] == [(key, 6, 9)]


def test_a_change_of_evidence_is_told(tmp_path):
    loaded = load_scenario("hoersholm")
    stem = "hoersholm-budget-2017"
    text = loaded.evidence.text(stem)
    (tmp_path / "evidence").mkdir()
    old = "[figures.caseload-after]\nvalue = 29"
    assert old in text
    (tmp_path / f"evidence/{stem}.toml").write_text(
        text.replace(old, "[figures.caseload-after]\nvalue = 28"), encoding="utf-8"
    )
    (tmp_path / "scenario.toml").write_text(
        'schema_version = 1\nextends = "hoersholm"\n', encoding="utf-8"
    )
    changes = input_changes(loaded, load_scenario(tmp_path))
    assert [(c.kind, c.key, c.before, c.after) for c in changes] == [
        ("evidence", f"{stem}/caseload-after", {"value": 29.0}, {"value": 28.0})
    ]


def changes(comparison, figure, strategy="rettidig_indsats"):
    return [c for c in comparison.results if (c.figure, c.strategy) == (figure, strategy)]


def test_differences_are_those_of_pairs(comparison, before, after):
    assert (comparison.shared_draws, comparison.why_unpaired) == (40, None)
    for change in changes(comparison, "net_saving"):
        here = {"strategy": "rettidig_indsats", "year": change.year}
        pair = [analysis.net_saving(run).sel(here) for run in (before, after)]
        by_draw = (pair[1] - pair[0]).mean("replicate").values
        assert change.before == pytest.approx(float(pair[0].mean()), rel=1e-12)
        assert change.difference == pytest.approx(by_draw.mean(), rel=1e-9)
        assert change.error == pytest.approx(by_draw.std(ddof=1) / np.sqrt(40), rel=1e-9)
    (months,) = changes(comparison, "placement_months_avoided")
    expected = analysis.children_beside_money(after.sel(year=slice(2018, 2025)))
    avoided = expected.placement_months_avoided.sel(strategy="rettidig_indsats")
    assert months.after == pytest.approx(float(avoided), rel=1e-12)


def test_sums_are_over_the_years_that_both_have(comparison, before):
    assert comparison.years == tuple(range(2018, 2026))
    assert comparison.only_before == (("caseload_31",), (2026, 2027))
    assert comparison.only_after == (("one_more",), ())
    (value,) = changes(comparison, "present_value")
    short = analysis.present_value(before.sel(year=slice(2018, 2025)))
    mean = float(short.sel(strategy="rettidig_indsats").mean())
    assert value.before == pytest.approx(mean, rel=1e-12)
    (paid,) = changes(comparison, "paid_back")
    assert paid.year == 2025
    reached = changes(comparison, "saving_reached")
    assert [change.year for change in reached] == [2019, 2020, 2021]
    assert {change.line_da for change in reached} == {"Budgetteret besparelse"}


def test_a_run_and_itself_are_the_same(before):
    same = compare_runs(before, before)
    assert same.is_same
    assert all(change.difference == change.error == 0 for change in same.results)


def test_other_seeds_are_not_paired(before):
    other = compare_runs(before, stepdown.simulate("hoersholm", n_draws=30, seed=2))
    assert (other.shared_draws, other.why_unpaired) == (0, "seed")
    assert not other.is_same
    (value,) = changes(other, "present_value")
    assert value.error > 0


def fake(values):
    return xr.DataArray(values[:, None], dims=("draw", "replicate"))


def test_the_error_of_the_difference_in_closed_form():
    """With exact numbers: equal runs, independent runs, and runs that share the first draws."""
    a, b = np.array([1.0, 4.0, 2.0, 9.0]), np.array([2.0, 4.0, 3.0, 9.5])
    paired = difference_of_means(fake(a), fake(b), 4)
    assert float(paired.difference) == pytest.approx(0.625)
    assert float(paired.error) == pytest.approx((b - a).std(ddof=1) / 2)
    apart = difference_of_means(fake(a), fake(b), 0)
    both = a.var(ddof=1) / 4 + b.var(ddof=1) / 4
    assert float(apart.error) == pytest.approx(np.sqrt(both))
    few = difference_of_means(fake(a[:2]), fake(b), 2)
    shared = (b[:2] / 2 - a[:2]).var(ddof=1) / 2
    assert float(few.error) == pytest.approx(np.sqrt(shared + b[2:].var(ddof=1) / 2 / 4))
    assert float(few.difference) == pytest.approx(b.mean() - a[:2].mean())


def test_the_error_of_runs_of_unequal_length():
    """Runs of 50 and 100 draws that share 50: 4,000 differences against the errors stated.

    The variance of the differences over its stated mean is within 4.89 standard errors of 1, which
    is a false alarm in 1e-6; an error wrong by 12 % is found nearly always (10 standard errors).
    """
    draws = np.random.default_rng(7).normal(size=(4_000, 100, 2)) @ [[1, 0.8], [0, 0.6]]
    found = [difference_of_means(fake(one[:50, 0]), fake(one[:, 1]), 50) for one in draws[:1_000]]
    differences = draws[:, :, 1].mean(1) - draws[:, :50, 0].mean(1)
    stated = np.mean([float(one.error) ** 2 for one in found])
    ratio = differences.var(ddof=1) / stated
    spread = np.sqrt(
        2 / 4_000 + np.var([float(one.error) ** 2 for one in found]) / 1_000 / stated**2
    )
    assert abs(ratio - 1) < 4.89 * spread
    assert 4.89 * spread < 0.15


def test_more_draws_of_one_seed_share_the_first(before):
    longer = stepdown.simulate("hoersholm", n_draws=80)
    found = compare_runs(before, longer)
    assert found.shared_draws == 40
    assert not found.is_same
    (value,) = changes(found, "present_value")
    assert value.difference != 0


def test_designs_that_differ_are_not_paired(before):
    sobol = stepdown.simulate("hoersholm", n_draws=32, design="sobol")
    assert compare_runs(before, sobol).why_unpaired == "design"
    again = compare_runs(sobol, stepdown.simulate("hoersholm", n_draws=16, design="sobol"))
    assert again.why_unpaired == "design"
    same = compare_runs(sobol, sobol)
    assert same.shared_draws == 32
    assert same.is_same


def test_runs_for_expectations_have_no_probabilities(before):
    means = stepdown.simulate("hoersholm", n_draws=20, purpose="expectation")
    found = compare_runs(before, means)
    assert not found.has_probabilities
    assert {c.unit for c in found.results} == {"DKK", "child-months"}


def test_luck_in_common_is_refused(before):
    with pytest.raises(ParameterError, match="common"):
        compare_runs(before, stepdown.simulate("hoersholm", n_draws=4, luck="common"))


def test_amounts_in_other_prices_are_not_subtracted(before, tmp_path):
    (tmp_path / "scenario.toml").write_text(
        'schema_version = 1\nextends = "hoersholm"\n'
        'without = ["strategies.rettidig_indsats.published"]\n'
        "[money]\nprice_level = 2020\n",
        encoding="utf-8",
    )
    found = compare_runs(before, stepdown.simulate(tmp_path, n_draws=40))
    assert not found.has_one_price_level
    for change in found.results:
        assert (change.difference is None) == (change.unit == "DKK")


def test_scenarios_with_nothing_in_common(before):
    found = compare_runs(before, stepdown.simulate("hjoerring", n_draws=10))
    assert found.results == ()
    kinds = {change.key: change.kind for change in found.inputs}
    assert (kinds["steps"], kinds["budget_lines"]) == ("removed", "added")


@pytest.mark.parametrize(
    ("value", "da", "en"),
    [
        (1_160_000, "1.160.000", "1,160,000"),
        (0.85, "0,85", "0.85"),
        (True, "ja", "yes"),
        (("placement", "re_entry"), "placement, re_entry", "placement, re_entry"),
        ({"distribution": "normal", "mean": 1.5}, "normal (mean 1,5)", "normal (mean 1.5)"),
        (1e-9, "1e-09", "1e-09"),
    ],
)
def test_values_are_written_as_the_language_does(value, da, en):
    assert (value_text(value, "da"), value_text(value, "en")) == (da, en)


def shown(*arguments):
    done = CliRunner().invoke(_stepdown, ["compare", *map(str, arguments)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_the_command(before, after, tmp_path):
    for name, run in (("a", before), ("b", after)):
        (tmp_path / name).mkdir()
        stepdown.save_result(run, tmp_path / name)
    danish = shown(tmp_path / "a", tmp_path / "b")
    assert "Hvad det betyder for resultatet: Rettidig Indsats (29 sager)" in danish
    assert "Strategier kun i første kørsel: caseload_31" in danish
    english = shown(tmp_path / "a", tmp_path / "b", "--lang", "en")
    assert "What it does to the result" in english
    document = json.loads(shown(tmp_path / "a", tmp_path / "b", "--json"))
    assert document["shared_draws"] == 40
    assert len(document["inputs"]) == 7
    assert "De to kørsler er ens" in shown(tmp_path / "a", tmp_path / "a/result.nc")


def test_both_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(stepdown.errors.InputError) as caught:
        shown(tmp_path / "one", tmp_path / "two")
    assert len(caught.value.problems) == 2
