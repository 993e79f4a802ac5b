"""Reports of money and children: totals, children.csv, and the rows that only some files have."""

import csv
import io
from functools import partial

import numpy as np
import pytest
from rich.console import Console, Group
from small import NOTHING, figure, write_small

import stepdown
from stepdown.analysis import BreakEven, budget_years, children_on_steps
from stepdown.report.budget_csv import budget_csv
from stepdown.report.children import children_csv
from stepdown.report.console import print_break_even, print_summaries
from stepdown.report.summary import summarise

SHARED = (
    "[strategies.cheaper]\n"
    'label = { da = "Billigere", en = "Cheaper" }\n'
    f"reinvested_share = {figure(0.25, 'share')}\n"
    "[strategies.cheaper.steps.foster_care]\n"
    f"price = {figure(1000.0, 'DKK per child and month', 2018)}\n"
)


@pytest.fixture(name="result", scope="module")
def small_result(tmp_path_factory):
    # Without a law of reimbursement: what refunds add is put in by hand.
    folder = tmp_path_factory.mktemp("report")
    path = write_small(folder, NOTHING + SHARED, extra="reimbursement = []")
    return stepdown.simulate(path, n_draws=20, seed=1)


def refunded(result):
    """Return a result in which 1,000 fewer are refunded under the strategy, each year."""
    refusion = result.net_saving_dkk * 0
    refusion.loc[{"strategy": "cheaper", "payer": "municipality"}] = -1000.0
    refusion.loc[{"strategy": "cheaper", "payer": "state"}] = 1000.0
    return result.assign(refusion_dkk=refusion, stranded_dkk=abs(refusion) * 2)


def rows_of(text):
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def budget_rows(result, lang="en"):
    found = rows_of(budget_csv(summarise(result), 2018, lang))
    return {(row[0], row[1]): [int(x) for x in row[3:] if x] for row in found[1:]}


def test_children_csv_is_the_result(result):
    found = rows_of(children_csv(result, "en"))
    assert found[0] == ["Strategy", "Measure", "Volume", "Statistic", "2018", "2019", "2020"]
    rows = {tuple(row[:4]): [float(x) for x in row[4:]] for row in found[1:]}
    assert len(rows) == len(found) - 1 == 3 * 8 * 2 * 4
    own = budget_years(result).sel(strategy="cheaper")
    months = own.months_in_step.sel(step="foster_care")
    key = ("Cheaper", "Foster care", "Full-year places")
    mean = months.mean(["draw", "replicate"]) / 12
    np.testing.assert_allclose(rows[*key, "mean"], mean, atol=0.00501)
    np.testing.assert_allclose(
        rows[*key, "90 %"], months.quantile(0.9, ["draw", "replicate"]) / 12, atol=0.00501
    )
    placed = own.stock.where(own.step_kind == "placement", 0).sum("step")
    key = ("Cheaper", "All placements", "Stock on 31 December")
    for level in (0.1, 0.5, 0.9):
        known = placed.quantile(level, ["draw", "replicate"])
        np.testing.assert_allclose(
            rows[*key, f"{level:.0%}".replace("%", " %")], known, atol=0.00501
        )


def test_a_danish_file_has_decimal_commas(result):
    found = rows_of(children_csv(result, "da"))
    assert found[0][:4] == ["Strategi", "Indsats", "Mængde", "Størrelse"]
    assert all("," in cell and "." not in cell for row in found[1:] for cell in row[4:])
    assert {row[1] for row in found[1:]} >= {"Plejefamilie", "Anbragte i alt"}
    assert "Sagen er lukket" not in {row[1] for row in found[1:]}


def test_a_step_without_help_is_not_counted(result):
    found = children_on_steps(result)
    assert "left" not in found.step.values
    assert "reunified" not in found.step.values
    assert found.step.values[-1] == "all_placements"


def test_budget_csv_has_the_three_totals(result):
    """Signed as a budget; the change of service expenditure is the difference of its two rows."""
    rows = budget_rows(result)
    head = "Service expenditure before grants and reimbursement, "
    without, after, change = (
        np.array(rows["Cheaper", f"{head}{part}, mean"])
        for part in ("without the strategy", "with the strategy", "change")
    )
    assert (abs(after - without - change) <= 1).all()
    assert (change < -100_000).all()
    mean = -result.net_saving_dkk.sel(strategy="cheaper").sum("payer").mean(["draw", "replicate"])
    public = rows["Cheaper", "All public payers together, net spending, mean"]
    np.testing.assert_allclose(public, mean, atol=0.51)


def test_reinvested_and_taken_off_add_up(result):
    rows = budget_rows(result)
    saved = np.array(rows["Cheaper", "Change in spending on measures, mean"])
    again = np.array(rows["Cheaper", "Of which reinvested (resources freed), mean"])
    rest = np.array(rows["Cheaper", "Of which possible budget reduction, mean"])
    assert (abs(again + rest - saved) <= 1).all()
    assert (abs(again - 0.25 * saved) <= 1).all()
    assert (again < 0).all()


def test_rows_without_a_figure_are_left_out_and_those_with_one_signed(result):
    names = {name for _, name in budget_rows(result)}
    assert not any("reimbursement for" in name or "notice" in name for name in names)
    rows = budget_rows(refunded(result))
    refund = rows["Cheaper", "Change in state reimbursement for especially costly cases, mean"]
    assert refund == [1000] * 3
    assert rows["Cheaper", "Emptied places under notice, mean"] == [4000] * 3


def printed(result, lang):
    lines = []
    console = type("Lines", (), {"print": lambda self, *said, **how: lines.append(said)})()
    print_summaries(console, result, summarise(result), lang)
    return "\n".join(
        str(part)
        for said in lines
        for one in said
        for part in (one.renderables if isinstance(one, Group) else [one])
    )


def test_the_split_of_a_saving_is_told_with_the_sign_of_a_budget(result):
    """A quarter of the saving is spent again; the budget falls by three quarters."""
    gross = result.gross_saving_dkk.sel(strategy="cheaper", year=2020)
    assert (gross >= 0).all()
    saved, again, rest = (f"{float(gross.mean()) * x / 1e6:,.2f}" for x in (1, 0.25, -0.75))
    said = printed(result, "en")
    assert f"{saved} on average".replace(" on", " DKK million on") in said
    assert f"{again} DKK million is reinvested" in said
    assert f"budget changes by {rest} DKK million (+ spending, - reduction)" in said


def test_the_siblings_are_named_where_there_are_refunds(result):
    say = partial(printed, lang="da")
    assert "Søskende i samme husstand" not in say(result)
    assert "Søskende i samme husstand" in say(refunded(result))
    assert "ikke optællinger" in say(result)


@pytest.mark.parametrize(
    ("stopped", "said"),
    [(None, "even 64 times the median effect"), ("too many", "up to 4 times the median effect")],
)
def test_no_break_even_is_said_with_how_far_it_was_sought(result, stopped, said):
    tried = ((0.0, -2.0), (1.0, -1.0), (2.0, -1.0), (4.0, -1.0))
    point = BreakEven(None, None, None, {}, tried, stopped)
    console = Console(record=True, width=200, file=io.StringIO())
    print_break_even(console, result, {"cheaper": point}, "en")
    assert said in console.export_text()
