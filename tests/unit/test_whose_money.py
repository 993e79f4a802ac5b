"""A scenario without a municipality is told as one with it: every figure of its first payer."""

import csv
import io
import json
import re

import openpyxl
import pytest
import xarray as xr
from click.testing import CliRunner
from small import WHY, figure, write_small

import stepdown
from stepdown import analysis
from stepdown.cli import _stepdown
from stepdown.report.document import build_document
from stepdown.report.document.model import Beside
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import shipped_folder
from stepdown.scenario.whose_money import own_payer, own_payers
from stepdown.workbook import workbook_of

NOTE = "The scenario has no payer called municipality: the municipality here means Payer A."


def row(amounts):
    by_year = ", ".join(f'"{2018 + at}" = {amount}' for at, amount in enumerate(amounts))
    return f'{{ by_year = {{ {by_year} }}, unit = "DKK per year", price_year = 2018, {WHY} }}'


def strategy(own):
    """A caseload that is lowered, paid by one of the committees, with a grant and a promise."""
    return f"""
[strategies.help]
label = {{ da = "Hjælp", en = "Help" }}
caseload = {{ start = "2018-01", cases_per_caseworker = {figure(20, "cases per caseworker")} }}
[strategies.help.investments.team]
label = {{ da = "Hold", en = "Team" }}
start = "2018-01"
costs.posts = {{ row = {row([300_000, 400_000, 400_000])}, payer = "{own}_b" }}
grants.pool = {{ row = {row([100_000, 0, 0])}, giver = "other", receiver = "{own}" }}
[strategies.help.published.line]
label = {{ da = "Linje", en = "Line" }}
row = {row([0, 100_000, 900_000])}
kind = "estimate"
payer = "{own}"
scope = "net"
"""


def write(folder, own, order):
    """Write a base and a scenario in which everything is paid by one payer; return its file."""
    label = {own: "A", f"{own}_b": "B", "other": "C"}
    payers = "".join(
        f'{name} = {{ da = "Payer {label[name]}", en = "Payer {label[name]}"'
        f"{f', part_of = {own!r}' if name.endswith('_b') else ''} }}\n"
        for name in order
    )
    budget = shipped_text("municipal-budget")
    start, end = budget.index("[payers]"), budget.index("# ----")
    folder.mkdir()
    (folder / "budget.toml").write_text(f"{budget[:start]}[payers]\n{payers}{budget[end:]}")
    stairs = re.sub(r"(\[steps\.\w+\]\n)", rf'\1payer = "{own}"\n',
                    shipped_text("danish-staircase"))  # fmt: skip
    stairs = stairs.replace('extends = "municipal-budget"', 'extends = "budget.toml"')
    (folder / "stairs.toml").write_text(stairs)
    return write_small(folder, strategy(own), extra="reimbursement = []", base="stairs.toml")


def shipped_text(name):
    return (shipped_folder() / "base" / f"{name}.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """The same scenario of a municipality, and of a county that its file names after a part."""
    folder = tmp_path_factory.mktemp("twins")
    ours = write(folder / "ours", "municipality", ("municipality_b", "municipality", "other"))
    theirs = write(folder / "theirs", "county", ("county_b", "county", "other"))
    return ours, theirs


@pytest.fixture(scope="module")
def runs(twins):
    return [stepdown.simulate(path, 12, 1) for path in twins]


def said(path, *options):
    """What the command prints, with the payer of either twin called by one name."""
    found = CliRunner().invoke(_stepdown, [*options, str(path)], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout.replace("municipality_b", "county_b")


def test_the_rule():
    assert own_payer({"state": None, "municipality": None}) == "municipality"
    assert own_payer({"region": None, "state": None}) == "region"
    parts = {"committee": "region", "region": None, "state": None, "other": "region"}
    assert own_payer(parts) == "region"
    assert own_payers(parts) == ("committee", "region", "other")
    assert own_payer({"payer": None}) == "payer"


def test_the_scenario_and_the_result_agree(twins, runs):
    for path, run, own in zip(twins, runs, ("municipality", "county"), strict=True):
        assert load_scenario(path).scenario.own_payer == analysis.own_payer(run) == own
        assert analysis.committees(run) == (f"{own}_b",)
        assert (analysis.net_saving(run) != analysis.net_saving(run, "all")).any()


@pytest.mark.parametrize(
    "figure_of",
    [
        analysis.net_saving,
        analysis.gross_saving,
        analysis.present_value,
        analysis.payback_year,
        analysis.deepest_deficit,
        analysis.saving_reached,
        analysis.bookable,
        analysis.reserve,
        analysis.expected_shortfall,
        analysis.headline,
        analysis.payback_by_year,
        analysis.compare_strategies,
        analysis.best_strategy,
        analysis.marginal_saving,
        analysis.evpi,
        lambda run: run.stepdown.summary(),
        analysis.net_benefits,
        lambda run: analysis.acceptability(run, [0.0, 1e4]),
        lambda run: analysis.level_reaching(run, 1e5, 2020),
        lambda run: run.service_expenditure_dkk,
        lambda run: run.municipality_net_dkk,
    ],
)
def test_every_figure_is_of_the_own_payer_unless_another_is_asked_for(runs, figure_of):
    ours, theirs = (figure_of(run) for run in runs)
    xr.testing.assert_equal(ours, theirs)


def test_break_even_is_of_the_own_payer(twins):
    ours, theirs = (
        analysis.break_even_price(load_scenario(path), "help", n_draws=4) for path in twins
    )
    assert ours == theirs


def test_a_payer_of_another_name_must_be_asked_for_by_its_own(runs):
    with pytest.raises(stepdown.errors.ParameterError, match="no payer of this result"):
        analysis.net_saving(runs[1], "municipality")


@pytest.mark.parametrize("purpose", ["distribution", "expectation"])
def test_the_console_and_the_files_are_the_same_but_for_a_note(twins, tmp_path, purpose):
    printed, budgets = [], []
    for number, path in enumerate(twins):
        out = tmp_path / str(number)
        printed.append(said(path, "run", "--draws", "8", "--lang", "en", "--for", purpose,
                            "--out", str(out)).replace(str(out), "OUT"))  # fmt: skip
        text = (out / "budget.csv").read_text(encoding="utf-8-sig")
        budgets.append(list(csv.reader(io.StringIO(text), delimiter=";")))
    assert printed[0] == printed[1].replace(NOTE + "\n", "")
    assert NOTE in printed[1]
    assert [row[:2] + row[3:] for row in budgets[0]] == [row[:2] + row[3:] for row in budgets[1]]
    assert "Payer A" not in budgets[0][1][2]
    assert "the municipality here is Payer A" in budgets[1][1][2]


def test_json_names_the_payer(twins):
    ours, theirs = (json.loads(said(path, "run", "--draws", "8", "--json")) for path in twins)
    assert (ours.pop("payer"), theirs.pop("payer")) == ("municipality", "county")
    for document in (ours, theirs):
        del document["scenario_sha256"]
        for strategy in document["strategies"]:
            for committee in strategy["committees"]:
                committee["payer"] = committee["payer"].replace("municipality", "county")
    assert ours == theirs


def texts(record):
    if isinstance(record, str):
        return [record]
    if isinstance(record, tuple):
        return [text for part in record for text in texts(part)]
    fields = getattr(record, "__dataclass_fields__", {})
    return [text for name in fields for text in texts(getattr(record, name))]


def test_the_report_is_the_same_but_for_a_note(runs):
    second = build_document(runs[1], "en").sections[0]
    (caution,) = (block.caution for block in second.blocks if isinstance(block, Beside))
    assert NOTE in caution.text
    ours, theirs = (
        [text.replace(f"{NOTE} ", "") for section in build_document(run, "en").sections[:4]
         for text in texts(section)]
        for run in runs
    )  # fmt: skip
    assert ours == theirs


def test_the_workbook_has_the_same_cells_but_for_a_note(twins, runs):
    books = []
    for path, run in zip(twins, runs, strict=True):
        data = workbook_of(run, load_scenario(path), "en")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
        books.append({
            sheet.title: [cell.value for row in sheet for cell in row]
            for sheet in book if sheet.title not in ("Assumptions", "Provenance")
        })  # fmt: skip
    ours, theirs = books
    assert any(NOTE in str(value) for value in theirs["Overview"])
    stripped = {
        name: [v.replace(f" {NOTE}", "") if isinstance(v, str) else v for v in values]
        for name, values in theirs.items()
    }
    assert ours == stripped
