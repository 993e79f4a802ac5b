"""What a decision needs, on results that were simulated: sums, transfers, refusals, odd runs."""

from pathlib import Path

import numpy as np
import pytest
from small import ARRIVALS, ENTRIES_DOWN, NOTHING, figure, write_small

from stepdown import analysis, simulate
from stepdown.errors import ParameterError

ONE_OFF = f"""
[moves.home_to_foster]
one_off = {figure(40_000.0, "DKK per move", 2018)}
"""
LINE = """
[budget_lines.taxis]
label = { da = "Taxi", en = "Taxis" }
strategies = ["help"]
kind = "estimate"
realised_share = { value = 1, unit = "share", assumption = "made up for a test" }
delay_months = { value = 0, unit = "months", assumption = "made up for a test" }
saving.municipality = { by_year = { "2018" = 50_000 }, after = "repeat", \
unit = "DKK per year", price_year = 2018, assumption = "made up for a test" }
"""
EVERYTHING = {
    "best": analysis.best_strategy,
    "compare": analysis.compare_strategies,
    "marginal": analysis.marginal_saving,
    "curve": lambda r: analysis.acceptability(r, [0.0, 1e4]),
    "budget": lambda r: analysis.acceptability_by_budget(r, [0.0, 1e6]),
    "switches": analysis.frontier_switches,
    "payback": analysis.payback_by_year,
    "annual": analysis.annual_payback,
    "reserve": analysis.reserve,
    "shortfall": analysis.expected_shortfall,
    "bookable": analysis.bookable,
    "goal": lambda r: analysis.level_reaching(r, 1e5, 2019),
    "by step": analysis.saving_by_step,
    "by payer": analysis.saving_by_payer,
}
MEANS = {"best", "compare", "marginal", "curve", "budget", "switches", "by step", "by payer"}
"""What a run for means may be asked."""


@pytest.fixture(name="path", scope="module")
def write(tmp_path_factory):
    """A small municipality with prices between children, refunds, one-off costs and a line."""
    folder = tmp_path_factory.mktemp("decisions")
    base = "danish-staircase-with-spread"
    extra = ONE_OFF + LINE
    return write_small(folder, ENTRIES_DOWN + NOTHING + extra, arrivals=ARRIVALS, base=base)


@pytest.fixture(name="run", scope="module")
def simulate_it(path):
    return simulate(path, 40, 7, n_threads=1)


def test_saving_by_step_sums_to_the_gross_saving(run):
    found = analysis.saving_by_step(run)
    gross = analysis.gross_saving(run, "all")
    tail = list(found.step.values[-3:])
    assert tail == ["between_children", "one_off", "budget_lines"]
    largest = float(abs(gross).max())
    whole = found.value.sum("step").transpose("strategy", "year")
    np.testing.assert_allclose(whole, gross.mean(["draw", "replicate"]), atol=1e-9 * largest)
    worth = (gross * run.discount_factor).sum("year").mean(["draw", "replicate"])
    np.testing.assert_allclose(found.present_value.sum("step"), worth, atol=1e-9 * largest)


def test_saving_on_a_step_is_the_months_less_at_its_price(run):
    found = analysis.saving_by_step(run).sel(strategy="help", step="foster_care")
    months = run.months_in_step.sel(step="foster_care").astype(float)
    price = run.price_dkk_per_month.sel(step="foster_care")
    spent = [(months * price).sel(strategy=name) for name in ("baseline", "help")]
    saved = (spent[0] - spent[1]).mean(["draw", "replicate"])
    np.testing.assert_allclose(found.value, saved, rtol=1e-12)
    assert float(abs(found.value).max()) > 1000
    by_line = analysis.saving_by_step(run).sel(step="budget_lines")
    np.testing.assert_allclose(by_line.value.sel(strategy="help"), 50_000)
    np.testing.assert_array_equal(by_line.value.sel(strategy="nothing"), 0)


def test_without_differences_between_children_no_row_is_made_for_them(tmp_path):
    run = simulate(write_small(tmp_path), 5, 1, n_threads=1)
    found = analysis.saving_by_step(run)
    assert list(found.step.values) == list(run.step.values)


def test_from_gross_to_net_by_payer(run):
    found = analysis.saving_by_payer(run)
    assert list(found.item.values) == [
        "gross_saving", "casework", "investment", "grants", "refusion", "net_saving",
    ]  # fmt: skip
    parts = found.isel(item=slice(0, -1)).sum("item")
    whole = found.sel(item="net_saving")
    for name in ("value", "present_value"):
        np.testing.assert_allclose(parts[name], whole[name], atol=1e-6)
    net = run.net_saving_dkk.isel(strategy=slice(1, None)).mean(["draw", "replicate"])
    np.testing.assert_allclose(whole.value.transpose(*net.dims), net, atol=1e-6)
    transfers = found.value.sel(item=["grants", "refusion"]).sum("payer")
    np.testing.assert_allclose(transfers, 0, atol=1e-6)
    assert float(abs(found.value.sel(item="refusion")).max()) > 100
    assert float(found.present_value.sel(item="investment", strategy="help").sum()) < -100_000


def test_places_under_notice_stand_between_gross_and_net(tmp_path):
    notice = (
        "[steps.foster_care]\n"
        f"fixed_share = {figure(0.8, 'share')}\nnotice_months = {figure(6.0, 'months')}\n"
    )
    run = simulate(write_small(tmp_path, ENTRIES_DOWN + notice), 20, 3, n_threads=1)
    found = analysis.saving_by_payer(run).value.sel(payer="municipality")
    assert (found.sel(item="stranded") <= 0).all()
    assert float(found.sel(item="stranded").min()) < 0
    np.testing.assert_allclose(
        found.isel(item=slice(0, -1)).sum("item"), found.sel(item="net_saving"), atol=1e-6
    )


def test_a_strategy_that_does_nothing_is_exactly_as_good_as_the_baseline(run):
    found = analysis.compare_strategies(run).sel(strategy="nothing", other="baseline")
    assert (found.difference, found.error, found.p_better) == (0, 0, 0.5)
    assert (analysis.payback_by_year(run).value.sel(strategy="nothing") == 1).all()
    assert (analysis.reserve(run)["cumulative"].sel(strategy="nothing") == 0).all()
    assert (analysis.saving_by_step(run).present_value.sel(strategy="nothing") == 0).all()


@pytest.mark.parametrize("name", list(EVERYTHING))
def test_every_figure_of_a_run_has_a_value_and_none_is_warned_of(run, name):
    """Warnings are errors; the file has no published line, so nan is right in those alone."""
    found = EVERYTHING[name](run)
    for key, values in found.data_vars.items():
        if values.dtype == float and not str(key).startswith("published"):
            held = values.isel(strategy=0) if "strategy" in values.dims else values
            is_ratio = key in ("saving_per_krone", "low", "high") and name == "marginal"
            is_dear = name == "budget" and "net_benefit" in str(key)
            assert is_ratio or is_dear or held.notnull().all(), key


@pytest.mark.parametrize("name", list(EVERYTHING))
def test_common_luck_is_refused(path, name):
    run = simulate(path, 3, 7, luck="common", n_threads=1)
    with pytest.raises(ParameterError, match="luck"):
        EVERYTHING[name](run)


@pytest.fixture(name="means", scope="module")
def simulate_means(path):
    return simulate(path, 10, 7, purpose="expectation", n_children=20, n_threads=1)


@pytest.mark.parametrize("name", list(EVERYTHING))
def test_a_run_for_expectations_gives_means_and_no_probability(means, name):
    if name not in MEANS:
        with pytest.raises(ParameterError, match="expectation"):
            EVERYTHING[name](means)
        return
    found = EVERYTHING[name](means)
    assert not [key for key in found.data_vars if str(key).startswith(("p_", "probability"))]
    assert "frontier_probability" not in found


@pytest.mark.parametrize("name", list(EVERYTHING))
def test_a_sobol_run_has_errors_of_its_scrambles(path, name):
    run = simulate(path, 32, 7, design="sobol", n_threads=1)
    found = EVERYTHING[name](run)
    errors = [key for key in found.data_vars if str(key).endswith("error")]
    assert errors or name == "switches"
    for key in errors:
        own = found[key].isel(strategy=0) if "strategy" in found[key].dims else found[key]
        assert own.notnull().any() or not own.size, key


# ------------------------------------------------------------------------- budget lines alone


@pytest.fixture(name="lines", scope="module")
def simulate_lines():
    return simulate("hjoerring", 60, 1, n_threads=1)


def test_budget_lines_alone_have_all_but_children(lines):
    for name, asked in EVERYTHING.items():
        if name in ("curve", "switches"):
            with pytest.raises(ParameterError, match=r"no children.* Write worth_dkk = 0"):
                asked(lines)
        elif name == "goal":
            assert analysis.level_reaching(lines, 1e5, 2026).sizes["step_up"] == 0
        else:
            asked(lines)
    found = analysis.acceptability(lines, [0.0])
    assert list(found.frontier.values) == [analysis.best_strategy(lines).best.item()]


def test_bookable_beside_what_was_published_of_lines(lines):
    found = analysis.bookable(lines).published
    calculated = analysis.promised(lines).calculated
    np.testing.assert_allclose(found, calculated)
    parts = [
        analysis.bookable(lines, payer=name).published.fillna(0)
        for name in analysis.committees(lines)
    ]
    np.testing.assert_allclose(sum(parts), calculated)
    assert (parts[0].sel(strategy="track_3") < calculated.sel(strategy="track_3")).all()


def test_committees_sum_to_the_municipality(lines):
    found = analysis.saving_by_payer(lines).present_value.sel(item="net_saving")
    whole = analysis.present_value(lines).mean(["draw", "replicate"])
    np.testing.assert_allclose(found.sum("payer"), whole, atol=1e-6)
    only = analysis.saving_by_step(lines)
    assert list(only.step.values) == ["budget_lines"]


def test_bookable_beside_what_hoersholm_published():
    run = simulate("hoersholm", 10, 1, n_threads=1)
    published = analysis.bookable(run).published
    own = published.sel(strategy="rettidig_indsats").values
    np.testing.assert_array_equal(own[:4], [0, 250_000, 1_500_000, 3_000_000])
    assert np.isnan(own[4:]).all()
    assert published.sel(strategy="caseload_31").isnull().all()


def test_one_strategy_and_one_draw(tmp_path: Path):
    """One future has no error to tell, and gives its figures all the same."""
    run = simulate(write_small(tmp_path), 1, 1, n_replicates=1, n_threads=1)
    found = analysis.compare_strategies(run)
    assert np.isnan(found.error.sel(strategy="help", other="baseline"))
    assert found.difference.sel(strategy="help", other="baseline") != 0
    assert np.isnan(analysis.marginal_saving(run).low).all()
    assert analysis.best_strategy(run).probability_best.max() == 1
