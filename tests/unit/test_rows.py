"""Rows by year: no year inside is missing, and what follows the last one is said, never assumed."""

from pathlib import Path

import numpy as np
import pytest

import stepdown
from stepdown.errors import InputError, Problem
from stepdown.scenario import load_scenario
from stepdown.scenario.quantity import YearRow
from stepdown.scenario.shipped import scenario_names, shipped_folder
from stepdown.scenario.tree import figures

HEAD = 'schema_version = 1\nextends = "hoersholm"\n'
WHY = 'assumption = "made up for a test"'
UNIT = f'unit = "DKK per year", price_year = 2018, {WHY}'
PROGRAMME = "strategies.rettidig_indsats.investments.programme"
OWN = """\
[strategies.own]
label = {{ da = "Egen", en = "Own" }}
{levers}
[strategies.own.investments.own]
label = {{ da = "Egen", en = "Own" }}
start = "2018-01"
{timing}
costs.buy.row = {{ by_year = {{ {years} }}, {after}{unit} }}
"""
CASELOAD = """\
[strategies.own.caseload]
start = "2018-01"
{end}
cases_per_caseworker = {{ value = 29, unit = "cases per caseworker", {why} }}
"""
FOUR = ", ".join(f'"{year}" = 100_000' for year in range(2018, 2022))


def problems_of(tmp_path: Path, text: str) -> list[Problem]:
    """Return what is wrong with a scenario upon Hørsholm's."""
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return list(caught.value.problems)


def own(years: str = FOUR, after: str = "", timing: str = "", levers: str = "") -> str:
    """Return a strategy with one row of costs."""
    return OWN.format(years=years, after=after, timing=timing, levers=levers, unit=UNIT)


def caseload(end: str = "") -> str:
    """Return a strategy's caseload, which may end."""
    return CASELOAD.format(end=end, why=WHY)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (f"[{PROGRAMME}.costs.total_spending]\nrow", f"{PROGRAMME}.costs.total_spending.row"),
        (f"[{PROGRAMME}.grants.state_pool]\nrow", f"{PROGRAMME}.grants.state_pool.row"),
        ("[strategies.rettidig_indsats.published.gross_saving]\nrow",
         "strategies.rettidig_indsats.published.gross_saving.row"),
        ("base_budget", "base_budget"),
        ('[accounts."5.28.22"]\nlabel = { da = "P", en = "F" }\nsteps = ["foster_care"]\nspent',
         "accounts.5.28.22.spent"),
    ],
)  # fmt: skip
def test_a_year_missing_inside(table: str, key: str, tmp_path: Path) -> None:
    """Costs, grants, promises, frames, accounts: a hole is refused, and the years are named."""
    by_year = '{ "2018" = 100_000, "2020" = 300_000, "2022" = 1 }'
    text = f'{table} = {{ by_year = {by_year}, after = "repeat", {UNIT} }}'
    (problem,) = problems_of(tmp_path, text)
    assert problem.key == key
    assert problem.what == "no amount for 2019, 2021"
    assert problem.fix == 'write "2019" = NUMBER, or 0 where nothing is meant'


def test_a_hole_of_a_century_is_told_shortly(tmp_path: Path) -> None:
    """A year mistyped by a century shows as a long hole, and not as a list of its years."""
    text = f'base_budget = {{ by_year = {{ "2018" = 9, "2119" = 8 }}, {UNIT} }}'
    (problem,) = problems_of(tmp_path, text)
    assert problem.what == "no amount for 2019, 2020, 2021 and 97 more years"


@pytest.mark.parametrize(
    "text",
    [
        own(),
        own(levers=caseload()),
        own(timing='end = "2023-12"'),
        own(timing='end = "2021-12"', levers=caseload()),
        own(timing='end = "2021-12"', levers=caseload('end = "2024-12"')),
        own(years='"2021" = 100_000'),
    ],
)
def test_a_cost_that_ends_before_what_it_pays_for(text: str, tmp_path: Path) -> None:
    """The effect goes on and the cost is not known: neither 0 nor the last amount is assumed."""
    (problem,) = problems_of(tmp_path, text)
    assert problem.key == "strategies.own.investments.own.costs.buy.row.after"
    assert problem.what == "the row ends in 2021 and the model in 2027"
    assert problem.fix == 'add after = "zero" or after = "repeat", or name the years'


@pytest.mark.parametrize(
    ("text", "later"),
    [
        (own(after='after = "zero", '), 0.0),
        (own(after='after = "repeat", '), 100_000.0),
        (own(timing='end = "2021-12"'), 0.0),
        (own(timing='end = "2020-06"', levers=caseload('end = "2021-01"')), 0.0),
        (own(years=f'{FOUR}, "2022" = 0'), 0.0),
        (own(years=", ".join(f'"{year}" = 100_000' for year in range(2018, 2028))), 100_000.0),
    ],
)
def test_a_cost_whose_end_is_known(text: str, later: float, tmp_path: Path) -> None:
    """It is said, or all that it can pay for has ended, or it has come down to 0 itself."""
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    row = load_scenario(path).scenario.strategies["own"].investments["own"].costs["buy"].row
    assert row is not None
    assert row.amount(2017) == 0
    assert row.amount(2021) == 100_000
    assert row.amount(2027) == later


def test_a_grant_and_a_budget_line_that_end(tmp_path: Path) -> None:
    """What holds after the last year of a grant, a saving or an investment is said too."""
    row = f'{{ by_year = {{ "2018" = 70_000 }}, {UNIT} }}'
    text = (
        f"[{PROGRAMME}.grants.state_pool]\nrow = {row}\n"
        '[budget_lines.own]\nlabel = { da = "L", en = "L" }\nkind = "estimate"\n'
        'strategies = ["caseload_31"]\n'
        f'realised_share = {{ value = 1, unit = "share", {WHY} }}\n'
        f'delay_months = {{ value = 0, unit = "months", {WHY} }}\n'
        f"saving.municipality = {row}\ninvestment.municipality = {row}\n"
    )
    assert {problem.key for problem in problems_of(tmp_path, text)} == {
        f"{PROGRAMME}.grants.state_pool.row.after",
        "budget_lines.own.saving.municipality.after",
        "budget_lines.own.investment.municipality.after",
    }


@pytest.mark.parametrize("years", ['"2015" = 1, "2016" = 1', '"2030" = 1'])
def test_a_row_of_other_years(years: str, tmp_path: Path) -> None:
    """Amounts of years that the model does not run through would count for nothing."""
    (problem,) = problems_of(tmp_path, own(years=years))
    assert problem.key == "strategies.own.investments.own.costs.buy.row.by_year"
    assert "the model runs from 2018 to 2027" in problem.rule


def test_an_amount_before_the_model(tmp_path: Path) -> None:
    """A row that begins before the model loses those years; 0 in them is nothing lost."""
    (problem,) = problems_of(tmp_path, own(years='"2017" = 900_000, "2018" = 1, "2019" = 0'))
    assert problem.key == "strategies.own.investments.own.costs.buy.row.by_year.2017"
    assert "the model begins in 2018" in problem.rule
    path = tmp_path / "fine.toml"
    path.write_text(HEAD + own(years='"2017" = 0, "2018" = 1, "2019" = 0'), encoding="utf-8")
    load_scenario(path)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (own(years='"2018" = 900_000, "2019" = -900_000, "2020" = 0'),
         "strategies.own.investments.own.costs.buy.row.by_year.2019"),
        (f'[{PROGRAMME}.grants.state_pool]\nrow = {{ by_year = {{ "2018" = -7, "2019" = 0 }}, '
         f"{UNIT} }}", f"{PROGRAMME}.grants.state_pool.row.by_year.2018"),
        (f'base_budget = {{ by_year = {{ "2018" = -98_000_000 }}, {UNIT} }}',
         "base_budget.by_year.2018"),
    ],
)  # fmt: skip
def test_a_minus_of_the_budget_paper(text: str, key: str, tmp_path: Path) -> None:
    """Costs, grants and frames are positive: a minus would turn spending into income."""
    (problem,) = problems_of(tmp_path, text)
    assert problem.key == key
    assert "it is positive" in problem.rule


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_rows_say_what_follows(name: str) -> None:
    """No shipped row has a hole, or leaves open what follows its last year."""
    scenario = load_scenario(name).scenario
    for _, figure in figures(scenario):
        if isinstance(figure, YearRow):
            assert len(figure.by_year) == figure.last - figure.first + 1


def frame(tmp_path: Path, text: str) -> np.ndarray:
    """Return the frame of a run by budget year."""
    path = tmp_path / "own.toml"
    path.write_text(f"{HEAD}base_budget = {{ {text}, {UNIT} }}\n", encoding="utf-8")
    run = stepdown.simulate(path, n_draws=2, n_replicates=1)
    return np.asarray(run.base_budget_dkk.sel(year=slice(2018, 2021)))


def test_a_frame_is_known_in_the_years_it_names(tmp_path: Path) -> None:
    """A base budget shorter than the budget years is no frame of 0: there is none to keep."""
    two = 'by_year = { "2019" = 48_000_000, "2020" = 49_000_000 }'
    np.testing.assert_array_equal(frame(tmp_path, two), [np.nan, 48e6, 49e6, np.nan])
    repeated = frame(tmp_path, f'{two}, after = "repeat"')
    np.testing.assert_array_equal(repeated, [np.nan, 48e6, 49e6, 49e6])


def test_a_frame_of_nothing(tmp_path: Path) -> None:
    """A frame that falls to 0, or is of no budget year, is a mistake."""
    zero = f'base_budget = {{ by_year = {{ "2018" = 48_000_000 }}, after = "zero", {UNIT} }}'
    (problem,) = problems_of(tmp_path, zero)
    assert problem.key == "base_budget.after"
    early = f'base_budget = {{ by_year = {{ "2016" = 48_000_000 }}, {UNIT} }}'
    (problem,) = problems_of(tmp_path, early)
    assert problem.key == "base_budget.by_year"


def test_a_cost_that_ends_before_a_lever_beside_it_without_costs(tmp_path: Path) -> None:
    """Courses of other investments are paid by the row too, and go on after its own."""
    beside = (
        "\n[strategies.own.investments.courses]\n"
        'label = { da = "K", en = "C" }\nstart = "2018-01"\n'
        '[strategies.own.investments.courses.effects.moves]\non = ["placement"]\n'
        f'hazard_ratio = {{ value = 0.9, unit = "ratio", {WHY} }}\n'
    )
    ended = own(timing='end = "2021-12"')
    (problem,) = problems_of(tmp_path, ended + beside)
    assert problem.key == "strategies.own.investments.own.costs.buy.row.after"
    path = tmp_path / "fine.toml"
    path.write_text(HEAD + ended + beside.replace("2018-01", '2018-01"\nend = "2021-12'), "utf-8")
    load_scenario(path)


def test_a_published_net_saving_may_be_a_loss(tmp_path: Path) -> None:
    row = f'row = {{ by_year = {{ "2018" = -1_500_000 }}, {UNIT} }}\n'
    head = (
        '[strategies.rettidig_indsats.published.net]\nlabel = { da = "N", en = "N" }\n'
        'kind = "estimate"\nscope = "SCOPE"\n'
    )
    path = tmp_path / "net.toml"
    path.write_text(HEAD + head.replace("SCOPE", "net") + row, encoding="utf-8")
    load_scenario(path)
    (problem,) = problems_of(tmp_path, head.replace("SCOPE", "measures") + row)
    assert problem.fix.endswith("if the minus is the paper's sign for it")


@pytest.mark.parametrize(("amount", "is_told"), [("1_000", True), ("1_000_000", False)])
def test_the_digits_of_a_source_in_thousands(amount: str, is_told: bool, tmp_path: Path) -> None:
    """A source in thousands is no source for the same digits in kroner, and no fix says so."""
    shipped = (shipped_folder() / "evidence/hoersholm-budget-2017.toml").read_text("utf-8")
    head = shipped.partition("# ----")[0]
    (tmp_path / "evidence").mkdir()
    figure = (
        '[figures.saving]\nvalues = { "2018" = 1_000, "2019" = 2_000 }\n'
        'unit = "DKK thousand per year"\n'
        'price_year = 2018\nmeasure = "amount"\ngrade = "expert"\nnote = "made up"\n'
    )
    (tmp_path / "evidence/budget.toml").write_text(head + figure, encoding="utf-8")
    row = f'{{ by_year = {{ "2018" = {amount} }}, unit = "DKK per year", price_year = 2018'
    text = (
        '[strategies.rettidig_indsats.published.own]\nlabel = { da = "N", en = "N" }\n'
        f'kind = "estimate"\nscope = "measures"\nrow = {row}, source = "budget/saving" }}\n'
    )
    if is_told:
        (problem,) = problems_of(tmp_path, text)
        assert "counts in DKK thousand per year" in problem.rule
    else:
        (tmp_path / "own.toml").write_text(HEAD + text, "utf-8")
        load_scenario(tmp_path / "own.toml")
