"""An amount of kroner that can be read in two ways is refused in every file, never converted."""

import tomllib
from pathlib import Path

import pytest

from stepdown.calibration.target_files import read_targets
from stepdown.errors import InputError, Problem
from stepdown.evidence import load_evidence
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import shipped_folder
from stepdown.workbook.toml_text import Figure, toml_text

HEAD = 'schema_version = 1\nextends = "hoersholm"\n'
WHY = 'assumption = "made up for a test"'
MONTHLY = f'unit = "DKK per child and month", price_year = 2018, {WHY}'
YEARLY = f'unit = "DKK per year"\nprice_year = 2018\n{WHY}'
LAW = f"""\
[[reimbursement]]
from_year = 2016
law = {{ da = "Lov", en = "Law" }}
above = [
  860.000,  # the first
  1_680.000,
]
shares = [0.250, 0.500]
unit = "DKK per child and year"
price_year = 2018
{WHY}
"""


def problems_of(path: Path, text: str) -> list[Problem]:
    """Return what is wrong with a scenario upon Hørsholm's."""
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"[steps.foster_care]\nprice = {{ value = 1.420, {MONTHLY} }}",
         {"steps.foster_care.price.value": 4}),
        (f"steps.foster_care.price = {{ value = -12.500, {MONTHLY} }}",
         {"steps.foster_care.price.value": 3}),
        (f"[steps.foster_care.price]\nvalue = 1_250.500\n{MONTHLY.replace(', ', chr(10))}",
         {"steps.foster_care.price.value": 4}),
        (f'[parameters.own]\ndistribution = "triangular"\nlow = 400.000\nmode = 500.000\n'
         f'high = 600.000\nunit = "DKK per move"\nprice_year = 2018\n{WHY}',
         {"parameters.own.low": 5, "parameters.own.mode": 6, "parameters.own.high": 7}),
        ('[parameters.own]\ndistribution = "lognormal"\nmedian = 1.000\nlow = 0.900\n'
         f'high = 1.100\nunit = "ratio"\n{WHY}\n[base_budget]\nby_year = {{ 2018 = 98.000, '
         f'"2019" = 1e8 }}\n{YEARLY}', {"base_budget.by_year.2018": 11}),
        (LAW, {"reimbursement.0.above.0": 7, "reimbursement.0.above.1": 8}),
        ('[parameters.own]\nvalue = 250.000\nunit = "kr. pr. barn"\n' + WHY,
         {"parameters.own.value": 4}),
    ],
)  # fmt: skip
def test_two_readings_are_refused(text: str, found: dict[str, int], tmp_path: Path) -> None:
    """Wherever the token stands, its key and line are named, once; ratios and shares are not."""
    problems = problems_of(tmp_path / "own.toml", text)
    assert {problem.key: problem.line for problem in problems} == found
    assert len(problems) == len(found)


def test_both_readings_are_shown(tmp_path: Path) -> None:
    """The message is the two amounts and what to type for each."""
    text = f'[base_budget]\nby_year = {{ "2018" = 250.000 }}\n{YEARLY}'
    (problem,) = problems_of(tmp_path / "own.toml", text)
    assert problem.what == "250.000 can be read as 250 kroner or 250 thousand kroner"
    assert problem.fix == "write 250 or 250_000"


@pytest.mark.parametrize("token", ["250.0", "1.5", "250_000.00", "1.25e5", "98_000_000", "1420"])
def test_one_reading_is_taken(token: str, tmp_path: Path) -> None:
    """Decimal numbers are read as they are, as they always were."""
    path = tmp_path / "own.toml"
    by_year = ", ".join(f'"{year}" = {token}' for year in range(2018, 2028))
    path.write_text(f"{HEAD}[base_budget]\nby_year = {{ {by_year} }}\n{YEARLY}", encoding="utf-8")
    budget = load_scenario(path).scenario.base_budget
    assert budget is not None
    assert budget.by_year["2018"] == float(token)


def test_the_file_with_the_amount_is_named(tmp_path: Path) -> None:
    """A base file keeps its own tokens; one that the upper file replaces is not looked at."""
    base = tmp_path / "base.toml"
    prices = "\n".join(f"{step}.price = {{ value = 25.000, {MONTHLY} }}"
                       for step in ("foster_care", "institution"))  # fmt: skip
    base.write_text(f"{HEAD}[steps]\n{prices}\n", encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(
        'schema_version = 1\nextends = "base.toml"\n'
        f"[steps.institution]\nprice = {{ value = 75_000, {MONTHLY} }}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_scenario(own)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (str(base), 4)
    assert problem.key == "steps.foster_care.price.value"


def test_quoted_amount(tmp_path: Path) -> None:
    """A number in quotes is refused with both readings: 250.000 is no fix for "250.000"."""
    price = f'[steps.foster_care]\nprice = {{ value = "250.000", {MONTHLY} }}'
    (problem,) = problems_of(tmp_path / "own.toml", price)
    assert problem.what == "250.000 can be read as 250 kroner or 250 thousand kroner"
    assert problem.fix == "write 250 or 250_000"


def test_evidence(tmp_path: Path) -> None:
    """Amounts of a file of evidence; of millions and of levels, three decimals are taken."""
    source = ('[source]\ntitle = "A"\npublisher = "B"\ndate = "2018"\nread = "2026-01-01"\n'
              'municipality = "C"\n')  # fmt: skip
    tail = 'price_year = 2018\nmeasure = "amount"\ngrade = "register"\nnote = "n"\n'
    (tmp_path / "own.toml").write_text(
        f'{source}[figures.row]\nvalues = {{ "2018" = 250.000, "2019" = 300_000 }}\n'
        f'unit = "DKK per year"\n{tail}'
        f"[figures.one]\nvalue = 1420\ninterval = [1.300, 1.500]\ninterval_level = 0.950\n"
        f'unit = "DKK"\n{tail}[figures.millions]\nvalue = 98.765\nunit = "DKK million"\n{tail}',
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_evidence(tmp_path).file("own")
    assert [(problem.key, problem.line) for problem in caught.value.problems] == [
        ("figures.row.values.2018", 8),
        ("figures.one.interval.0", 16),
        ("figures.one.interval.1", 16),
    ]


def test_targets(tmp_path: Path) -> None:
    """A spending that is learnt from, and the error of a sum, are kroner; other errors are not."""
    shipped = (shipped_folder() / "targets" / "herning.toml").read_text(encoding="utf-8")
    old = "value = -7_700_000\n"
    text = shipped.replace(old, "value = -7_700.000\n", 1).replace(
        "spread = 1_000_000", "spread = 1_000.000", 1
    )
    assert text.count(".000\n") == shipped.count(".000\n") + 2
    path = tmp_path / "own.toml"
    path.write_text(
        text.replace("models/", f"{shipped_folder()}/targets/models/"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        read_targets(path)
    assert [problem.key for problem in caught.value.problems] == [
        "targets.herning_own_room_and_boarding.spread",
        "targets.herning_institution_spending.value",
    ]


def test_a_cell_comes_back_as_the_number_it_is() -> None:
    """A spreadsheet's 212.625 is one number; its text in a file of an import has one reading."""
    figure = Figure(
        {"by_year": Figure({"2018": 212.625, "2019": 1.5, "2020": 9000}), "unit": "DKK per year"}
    )
    share = Figure({"value": 0.125, "unit": "share"})
    text = toml_text({"own": {"row": figure, "share": share}}, {}, "")
    assert '"2018" = 212.6250, "2019" = 1.5, "2020" = 9000' in text
    assert "value = 0.125," in text
    assert tomllib.loads(text)["own"]["row"]["by_year"]["2018"] == 212.625
