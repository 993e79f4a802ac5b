"""Hjørring and the employment proposals: every published line to the krone, by the real entry."""

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

import stepdown
from stepdown import runs
from stepdown.analysis import lines_reached, of_payer, promised
from stepdown.scenario.tree import figures

# As printed, in 1,000 kr., with the source's sign: - is a reduction.
ADL = {"municipality_bfu": [-125, -250, -375, -500], "municipality_aeu": [-79, -158, -236, -315]}
ADL_TOTAL = [-204, -408, -611, -815]
TEAM = [2365, 2165, 2165, 2165]
TEAM_SAVING = {
    "municipality_bfu": [-377, -1006, -1377, -2001],
    "municipality_saeh": [-77, -154, -231, -307],
}
TEAM_TOTAL = [1911, 1005, 557, -144]
TEAM_BFU = [1988, 1159, 788, 164]
REST = [0, -6000, -16000, -13900]

# As printed, in kr.
PROPOSALS = {
    "general_reduction": [-751_700, -751_700, -751_700, -751_700],
    "from_ill_to_well": [-18_300, -18_300, -18_300, -18_300],
    "long_term_unemployment": [-60_000, -60_000, -60_000, 0],
    "company_consultant": [-570_000, -570_000, -570_000, -570_000],
    "cash_benefit": [400_000, -460_000, -1_310_000, -1_860_000],
    "mentors": [-230_000, -230_000, 0, 0],
    "ledighedsydelse": [-6_300, -408_100, -810_000, -1_211_900],
    "integration_worker": [-166_000, -675_000, -1_055_000, -1_430_000],
    "psychologist": [-73_700, -611_800, -1_042_200, -1_365_100],
    "styrkeproeven": [-484_000, -484_000, -484_000, -484_000],
}
PROPOSALS_TOTAL = [-1_960_000, -4_268_900, -6_101_200, -7_691_000]
WISHES = {
    "stress_treatment": [150_000, 150_000, 150_000, 150_000],
    "integration_million": [1_000_000, 1_000_000, 0, 0],
}


@pytest.fixture(scope="module")
def hjoerring():
    return stepdown.simulate("hjoerring", n_draws=50, seed=1)


@pytest.fixture(scope="module")
def employment():
    return stepdown.simulate("hoersholm-employment", n_draws=50, seed=1)


def published(result, name):
    """Return the published budget change of a line, (year, payer) in kroner, + is spending."""
    one = result.sel(budget_line=name)
    return (one.line_investment_dkk - one.line_published_dkk).transpose("year", "payer")


def test_the_adl_adviser_as_printed(hjoerring):
    change = published(hjoerring, "adl_adviser")
    for payer, amounts in ADL.items():
        assert change.sel(payer=payer).values.tolist() == [1000 * a for a in amounts]
    assert change.sum("payer").values.tolist() == [1000 * a for a in ADL_TOTAL]


def test_the_psychiatry_team_as_printed_but_for_the_rounding_of_2027(hjoerring):
    one = hjoerring.sel(budget_line="psychiatry_team")
    invested = one.line_investment_dkk
    assert invested.sel(payer="municipality_bfu").values.tolist() == [1000 * a for a in TEAM]
    assert invested.sum("payer").values.tolist() == [1000 * a for a in TEAM]
    for payer, amounts in TEAM_SAVING.items():
        saving = one.line_published_dkk.sel(payer=payer)
        assert saving.values.tolist() == [-1000 * a for a in amounts]
    change = published(hjoerring, "psychiatry_team")
    total = change.sum("payer").values.tolist()
    assert total[:3] == [1000 * a for a in TEAM_TOTAL[:3]]
    # The source prints -0.144 where its rows add up to -0.143.
    assert total[3] == 1000 * TEAM_TOTAL[3] + 1000 == -143_000
    bfu = change.sel(payer="municipality_bfu").values.tolist()
    assert bfu == [1000 * a for a in TEAM_BFU]


def test_the_derived_effect_is_a_residual_without_a_probability(hjoerring):
    change = published(hjoerring, "adult_disability")
    assert change.sel(payer="municipality_saeh").values.tolist() == [1000 * a for a in REST]
    assert change.sum("payer").values.tolist() == [1000 * a for a in REST]
    assert hjoerring.budget_line_kind.sel(budget_line="adult_disability") == "residual"
    assert hjoerring.line_saving_dkk.sel(budget_line="adult_disability").isnull().all()
    assert lines_reached(hjoerring).value.sel(budget_line="adult_disability").isnull().all()


def test_track_3_adds_up(hjoerring):
    track = promised(hjoerring).sel(strategy="track_3")
    spent = of_payer(hjoerring.investment_dkk.sel(strategy="track_3")).isel(draw=0)
    change = (spent - track.calculated - track.residual).values.tolist()
    team = [*TEAM_TOTAL[:3], TEAM_TOTAL[3] + 1]
    assert change == [1000 * (a + t + r) for a, t, r in zip(ADL_TOTAL, team, REST, strict=True)]
    assert change == [1_707_000, -5_403_000, -16_054_000, -14_858_000]


def test_the_employment_proposals_as_printed(employment):
    for name, amounts in {**PROPOSALS, **WISHES}.items():
        change = published(employment, name)
        assert change.sel(payer="municipality").values.tolist() == amounts, name
        assert change.sum("payer").values.tolist() == amounts, name


@pytest.mark.parametrize(
    ("strategy", "total"),
    [
        ("adopted", [-1_400_000, -1_400_000, -1_400_000, -1_340_000]),
        ("all_proposals", PROPOSALS_TOTAL),
        ("proposals_and_wishes", [-810_000, -3_118_900, -5_951_200, -7_541_000]),
    ],
)
def test_the_totals_of_the_memo(employment, strategy, total):
    saved = promised(employment).calculated.sel(strategy=strategy)
    spent = of_payer(employment.investment_dkk.sel(strategy=strategy)).isel(draw=0)
    assert (spent - saved).values.tolist() == total


def test_the_evidence_has_the_totals_as_printed():
    evidence = stepdown.load_scenario("hoersholm-employment").evidence
    total = evidence.figure("hoersholm-employment-2017/total-as-printed").values
    assert [-amount for amount in total.values()] == PROPOSALS_TOTAL
    evidence = stepdown.load_scenario("hjoerring").evidence
    team = evidence.figure("hjoerring-prevention-strategy-2023/psychiatry-total-as-printed").values
    assert list(team.values()) == [1000 * a for a in TEAM_TOTAL]


@pytest.mark.parametrize("name", ["hjoerring", "hoersholm-employment"])
def test_every_figure_has_a_source_or_says_assumption(name):
    loaded = stepdown.load_scenario(name)
    for path, figure in figures(loaded.scenario):
        assert figure.sources or figure.assumption, path
        is_row = path[0] == "budget_lines" and path[2] in ("saving", "investment")
        # A row that cites one source and assumes nothing is checked to equal it.
        assert not is_row or (len(figure.sources) == 1 and figure.assumption is None), path
    for key in {key for _, figure in figures(loaded.scenario) for key in figure.sources}:
        assert loaded.evidence.source(key).title


@pytest.mark.parametrize("name", ["hjoerring", "hoersholm-employment"])
def test_lines_alone_never_call_the_kernels_walk(name, monkeypatch):
    def called(*_):
        raise AssertionError("the kernel was called")

    monkeypatch.setattr(runs, "walk_chunk", called)
    with pytest.raises(AssertionError, match="the kernel was called"):
        stepdown.simulate("hoersholm", n_draws=1)
    assert "months_in_step" not in stepdown.simulate(name, n_draws=3)


def stepdown_run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "stepdown", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("da", ("Restopgaven er det, der mangler at blive fundet", "Budgetændring pr. udvalg",
                "Afledt effekt på voksenhandicapområdet", "- budgetreduktion, + budgettilførsel")),
        ("en", ("The residual is what is left to find", "Budget change by committee",
                "Derived effect on adult disability", "- reduction, + addition")),
    ],
)  # fmt: skip
def test_hjoerring_by_its_real_entry(tmp_path, lang, says):
    done = stepdown_run("run", "hjoerring", "--draws", 40, "--lang", lang, "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for words in says:
        assert words in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["budget.csv", "result.nc", "savings.png"]


def test_committees_stand_in_the_csv_as_printed(tmp_path):
    done = stepdown_run("run", "hjoerring", "--draws", 20, "--out", tmp_path, "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with (tmp_path / "budget.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {tuple(row[:2]): row[3:] for row in csv.reader(file, delimiter=";")}
    bfu = "Psykiatriteam: Børne-, Fritids- og Undervisningsudvalget (BFU)"
    assert rows[bfu, "Budgetændring, budgetteret"] == ["1988000", "1159000", "788000", "164000"]
    saeh = "Spor 3 i alt: Sundheds-, Ældre- og Handicapudvalget (SÆH)"
    rest = rows[saeh, "Restopgave (ingen beregning bag tallet)"]
    assert rest == ["0", "-6000000", "-16000000", "-13900000"]
    change = rows["Spor 3 i alt: Kommunen", "Budgetændring, budgetteret"]
    assert change == ["1707000", "-5403000", "-16054000", "-14858000"]
    parts = [
        rows[block, "Budgetændring, beregnet, gennemsnit"]
        for block, name in rows
        if block.startswith("Spor 3 i alt: ")
        and name == "Budgetændring, beregnet, gennemsnit"
        and not block.endswith("Kommunen")
    ]
    assert len(parts) == 3
    sums = np.array(parts, dtype=float).sum(axis=0)
    whole = np.array(rows["Spor 3 i alt: Kommunen", "Budgetændring, beregnet, gennemsnit"], float)
    assert np.abs(sums - whole).max() <= 2  # whole kroner, rounded


def test_the_employment_scenario_by_its_real_entry():
    done = stepdown_run("run", "hoersholm-employment", "--draws", 30, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    by_name = {line["name"]: line for line in document["budget_lines"]}
    assert list(by_name) == [*PROPOSALS, *WISHES]
    for name, amounts in {**PROPOSALS, **WISHES}.items():
        own = by_name[name]
        change = [i - p for i, p in zip(own["investment"], own["published"], strict=True)]
        assert change == amounts
    years = document["strategies"][1]["years"]
    assert [y["spending"] - y["published"]["budget-lines"] for y in years] == PROPOSALS_TOTAL


@pytest.mark.parametrize("name", ["hjoerring", "hoersholm-employment"])
def test_check_explain_and_scenarios_know_them(name):
    checked = stepdown_run("check", name)
    assert checked.returncode == 0, checked.stderr
    assert "no staircase" in checked.stdout
    assert "ASSUMPTION" in stepdown_run("explain", name).stdout
    assert f"{name}\n" in stepdown_run("scenarios").stdout


def test_break_even_of_lines_is_refused_before_the_run():
    done = stepdown_run("run", "hjoerring", "--break-even")
    assert done.returncode == 2
    assert "leave out --break-even" in done.stderr
    assert done.stdout == ""
