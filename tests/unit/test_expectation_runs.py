"""Runs for expectations: the same bits where all children are walked, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from small import ENTRIES_DOWN, NOTHING, WHY, all_equal, build, figure, write_small

from stepdown import analysis, load_scenario, simulate
from stepdown.errors import InputError, ParameterError
from stepdown.kernel.randomness import WORD
from stepdown.report.means import means_csv, summarise_means
from stepdown.sampling import NOT_LINEAR, expected_children, sampled
from stepdown.scenario.shipped import scenario_names

EVERYBODY = 10**7
SHARED = "reinvested_share = { value = 0.5, unit = 'share', assumption = 'made up for a test' }\n"
REINVESTED = ENTRIES_DOWN.replace("[strategies.help]\n", f"[strategies.help]\n{SHARED}")
FRAILTY = f"""
[frailty]
multipliers = [0.5, 1.0, 2.0]
shares = [0.4, 0.4, 0.2]
price_correlation = 0.5
{WHY}
[frailty.loadings]
placement = 1.0
[steps.institution]
price_spread = {figure(0.6, "ratio")}
[moves.foster_home]
one_off = {figure(30_000.0, "DKK per move", 2018)}
"""
PLACES = f'[capacity.foster_care]\nplaces = {{ by_year = {{ "2018" = 4 }}, {WHY} }}\n'
NOTICE = (
    f"[steps.institution]\nnotice_months = {figure(3.0, 'months')}\n"
    f"fixed_share = {figure(0.5, 'share')}\n"
)


@pytest.fixture(name="small", scope="module")
def write_and_load(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    return load_scenario(write_small(folder, REINVESTED + FRAILTY, n_years=2))


@pytest.fixture(name="part", scope="module")
def run_part(small):
    """150 draws, so two chunks, with some 20 of 70 children in each."""
    return simulate(small, 150, 3, purpose="expectation", n_children=20, n_threads=1)


# --------------------------------------------------------------------------------------- the bits


@pytest.mark.parametrize("n_replicates", [1, 3])
def test_all_of_the_children_are_the_usual_run(small, n_replicates):
    usual = simulate(small, 12, 3, n_replicates=n_replicates)
    whole = simulate(
        small, 12, 3, n_replicates=n_replicates, purpose="expectation", n_children=EVERYBODY
    )
    assert set(usual.data_vars) - set(whole.data_vars) == set(NOT_LINEAR)
    for name in whole.data_vars:
        same = all_equal(usual[name].values.astype(float), whole[name].values.astype(float))
        assert same, name
    assert (usual.refusion_dkk != 0).any()


def test_a_shipped_scenario_with_all_its_children_is_the_usual_run():
    usual = simulate("hoersholm", 2, 3, n_replicates=1)
    whole = simulate("hoersholm", 2, 3, purpose="expectation", n_children=EVERYBODY)
    assert all_equal(usual.net_saving_dkk.values, whole.net_saving_dkk.values)
    assert all_equal(usual.open_cases.values, whole.open_cases.values)


def test_threads_and_chunks_change_no_bit(small, part):
    again = simulate(small, 150, 3, purpose="expectation", n_children=20, n_threads=2)
    for name in part.data_vars:
        assert all_equal(part[name].values, again[name].values), name
    fewer = simulate(small, 101, 3, purpose="expectation", n_children=20)
    assert all_equal(part.stock.values[:, :101], fewer.stock.values)


def test_a_strategy_that_does_nothing_saves_nothing(tmp_path):
    run = simulate(write_small(tmp_path, NOTHING), 20, 3, purpose="expectation", n_children=10)
    assert (run.net_saving_dkk.isel(strategy=1) == 0).all()


# -------------------------------------------------------------------------------- the documented


def test_what_is_kept_of_the_stock_is_the_whole_part_and_at_most_one_more(small):
    built = build_of(small, 400)
    stock = built.chunk.tables.stock_fixed
    share = np.full(400, int(0.3 * WORD))
    kept = sampled(built.chunk, share, built.seed, built.draws).tables.stock_fixed
    whole = stock * share[:, None, None] // WORD
    assert ((kept == whole) | (kept == whole + 1)).all()
    total = kept.sum(axis=(1, 2))
    assert set(total) == {10, 11}  # of 34
    own = build_of(small, 3)
    same = sampled(own.chunk, np.full(3, WORD), own.seed, own.draws).tables
    for name in ("stock_fixed", "stock_drawn", "arrivals"):
        assert all_equal(getattr(same, name), getattr(own.chunk.tables, name)), name


def test_the_stock_kept_has_exactly_the_expectation_of_its_share(small, monkeypatch):
    """All 64 points of a coarse uniform, each once: the mean is the share to the digit."""
    built = build_of(small, 64)
    points = (np.arange(64) + 0.5) / 64
    monkeypatch.setattr("stepdown.sampling.independent_uniforms", lambda *_: points[None])
    share = np.full(64, 13 * WORD // 64)
    kept = sampled(built.chunk, share, 1, built.draws).tables.stock_fixed
    assert (kept.mean(axis=0) == built.chunk.tables.stock_fixed[0] * 13 / 64).all()


def test_the_share_is_that_of_the_children_of_the_draw(small, part):
    """34 at the start and 16 a year for two years, all in the file."""
    built = build_of(small, 3)
    np.testing.assert_allclose(expected_children(built.plan, built.chunk), 34 + 2 * 16)
    assert part.attrs["n_children"] == 20
    start = part.start_stock.sum("step").isel(strategy=0) * 20 / 66
    np.testing.assert_allclose(start, np.rint(start), atol=1e-6)


def build_of(loaded, n_draws):
    """Build a loaded scenario as `small.build` does."""
    return build(loaded.files[0].name, n_draws)


# --------------------------------------------------------------------------------- what it carries


def test_a_result_says_what_it_is_for(small, part, tmp_path):
    assert part.attrs["purpose"] == "expectation"
    assert simulate(small, 2, 3).attrs["purpose"] == "distribution"
    assert "n_children" not in simulate(small, 2, 3).attrs
    assert part.sizes["replicate"] == 1
    part.to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "result.nc") as again:
        assert again.attrs["purpose"] == "expectation"
        with pytest.raises(ParameterError, match="quantiles cannot be told"):
            analysis.quantiles(analysis.net_saving(again))


@pytest.mark.parametrize(
    "ask",
    [
        lambda run: analysis.quantiles(run.cost_dkk),
        lambda run: analysis.probability(analysis.net_saving(run) > 0),
        analysis.saving_reached,
        analysis.budget_kept,
        analysis.lines_reached,
        analysis.payback_year,
        analysis.deepest_deficit,
        lambda run: analysis.luck_share(analysis.net_saving(run)),
        analysis.saving_spread,
        analysis.shared_lives_ratio,
    ],
)
def test_what_a_part_of_the_children_cannot_tell_is_refused(small, ask):
    run = simulate(small, 4, 3, n_replicates=2, purpose="expectation", n_children=20)
    with pytest.raises(ParameterError, match=r'purpose = "expectation".*means'):
        ask(run)


def test_means_are_given(small, part):
    value = analysis.mean(analysis.present_value(part))
    assert value.error.item() > 0
    beside = analysis.children_beside_money(part)
    assert "placement_months_avoided" in beside
    assert "share_family_like" not in beside
    on_steps = analysis.children_on_steps(part)
    assert list(on_steps.statistic.values) == ["mean"]
    few = simulate(small, 5, 3, purpose="expectation", n_children=20)
    assert analysis.control_variate(small, few).error.item() > 0


def test_a_precision_is_run_until_means_have_it(small):
    run = simulate(small, 30, 3, purpose="expectation", n_children=20, precision=300_000.0)
    assert run.attrs["headline_error_dkk"] <= 300_000
    assert run.attrs["n_draws"] > 30
    plain = simulate(small, run.attrs["n_draws"], 3, purpose="expectation", n_children=20)
    assert all_equal(plain.net_saving_dkk.values, run.net_saving_dkk.values)


# ------------------------------------------------------------------------------------- what is not


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"purpose": "means"}, 'must be "distribution" or "expectation"'),
        ({"n_children": 50}, "real number of children"),
        ({"purpose": "expectation", "n_children": 0}, "above 0"),
        ({"purpose": "expectation", "n_children": 1.5}, "above 0"),
        ({"purpose": "expectation", "luck": "common"}, "luck in common"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(small, arguments, says):
    with pytest.raises(ParameterError, match=says):
        simulate(small, 4, 3, **arguments)


@pytest.mark.parametrize(
    ("more", "keys"),
    [
        (PLACES, ("capacity.foster_care",)),
        (NOTICE, ("steps.institution.notice_months",)),
        ("fixed posts", ("caseload.mode",)),
        (PLACES + NOTICE, ("capacity.foster_care", "steps.institution.notice_months")),
    ],
)
def test_scenarios_that_are_not_sums_over_children_are_refused(tmp_path, more, keys):
    path = write_small(tmp_path, ENTRIES_DOWN + more.replace("fixed posts", ""))
    if more == "fixed posts":
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("[caseload]\n", '[caseload]\nmode = "fixed_posts"\n'))
    with pytest.raises(InputError) as caught:
        simulate(path, 4, 3, purpose="expectation")
    assert [problem.key for problem in caught.value.problems] == sorted(keys)
    assert "leave out --for expectation" in str(caught.value)


def test_budget_lines_alone_have_no_children():
    names = [n for n in scenario_names() if not load_scenario(n).scenario.has_staircase]
    with pytest.raises(InputError, match="no children to take a part of"):
        simulate(names[0], 4, 3, purpose="expectation")


# ----------------------------------------------------------------------------------------- reports


def test_a_summary_holds_means_and_errors_alone(small, part):
    summary = summarise_means(small, part)[0]
    year = summary.years[0]
    own = part.isel(year=0, strategy=1)
    assert year.gross_saving.value == pytest.approx(float(own.gross_saving_dkk.mean()))
    error = float(own.gross_saving_dkk.std(ddof=1)) / np.sqrt(150)
    assert year.gross_saving.error == pytest.approx(error)
    assert year.gross_saving.adjusted_error > 0
    text = means_csv([summary], 2018, "da")
    assert "%" not in text
    assert "simulationsusikkerhed" in text
    few = replace(summary, years=summarise_means(small, part.isel(draw=slice(0, 20)))[0].years)
    assert few.years[0].gross_saving.adjusted is None
    assert "-" not in means_csv([few], 2018, "en").splitlines()[6].split(";")[3:]
