"""A fix is pasted: it shows the writer's own value or a form, and never invents a fact.

What is said of each mistake stands in test_scenario_errors.py; here is what no fix may do.
"""

import datetime
from pathlib import Path

import pytest

from stepdown.errors import InputError, Problem
from stepdown.files.meant import meant_band, meant_month, meant_number, meant_whole, meant_year
from stepdown.files.types import Wanted
from stepdown.scenario import load_scenario

HEAD = 'schema_version = 1\nextends = "hoersholm"\n'
WHY = 'assumption = "made up for a test"'
PRICE = f"price_year = 2018, {WHY}"


def problems_of(tmp_path: Path, text: str) -> list[Problem]:
    """Return what is wrong with a scenario upon Hørsholm's."""
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("value", "month"),
    [
        (datetime.date(2025, 12, 31), "2025-12"),
        ("2025-12-31", "2025-12"),
        ("2025-1", "2025-01"),
        ("2025/12", "2025-12"),
        ("202512", "2025-12"),
        ("12-2025", "2025-12"),
        ("januar 2025", "2025-01"),
        ("Maj 2025", "2025-05"),
        ("oct. 2025", "2025-10"),
        ("31-12-2025", None),  # 12-31 and 31-12 are both dates to somebody
        ("2025-13", None),
        ("2025", None),
        (2025, None),
        ("now", None),
    ],
)
def test_month(value: object, month: str | None) -> None:
    """A month is read where the value names it, and never made up."""
    assert meant_month(value) == month


@pytest.mark.parametrize(
    ("text", "years", "year"),
    [
        ("26", range(2025, 2030), "2026"),
        ("26", range(2018, 2022), None),
        ("26", range(0), None),
        ("B2026", range(2025, 2030), "2026"),
        ("2028 (overslag)", range(2018, 2022), "2028"),
        ("2025-26", range(2025, 2030), None),
        ("2025/2026", range(2025, 2030), None),
        ("overslag", range(2025, 2030), None),
    ],
)
def test_year(text: str, years: range, year: str | None) -> None:
    """Two digits are a year of the model's, or of no century that can be known."""
    assert meant_year(text, years) == year


def test_other_values() -> None:
    """Bands and numbers: the writer's own, or both that they can be."""
    assert meant_band("18+") == "18-"
    assert meant_band("4 – 11") == "4-11"  # noqa: RUF001
    assert meant_band("from 4") is None
    assert meant_number("1.250") == "1.25 or 1250"
    assert meant_number("0.250") == "0.25"
    assert meant_number("12 %") == "0.12"
    assert meant_whole(1.25, "1.250") == "1250"
    assert meant_whole(4.0, "4.000") == "4 or 4000"
    assert meant_whole(4.5, "4.5") == "4 or 5"
    assert meant_whole(2026.0, "2026.0") == "2026"


@pytest.mark.parametrize(
    ("example", "form"),
    [
        ('{ by_year = { "2018" = 250_000 }, unit = "DKK per year", price_year = 2018 }',
         '{ by_year = { "YEAR" = NUMBER }, unit = "DKK per year", price_year = YEAR }'),
        ("2018", "YEAR"), ('"2018-01"', '"YEAR-MONTH"'), ('"4-11"', '"FROM-TO"'), ('"18"', '"AGE"'),
        ("0.25", "NUMBER"), ('"moves.own_move.rate"', '"moves.own_move.rate"'),
    ],
)  # fmt: skip
def test_example_as_a_form(example: str, form: str) -> None:
    """What an example invents is a word in capitals in a fix."""
    assert Wanted("", example).form == form


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("[clock]\nstarts = 2024-12-31", 'starts = "2024-12"'),
        ('[clock]\nstarts = "2024"', 'starts = "YEAR-MONTH"'),
        ("[clock]\nfirst_budget_year = 26", "write the year with four digits"),
        (f'[base_budget]\nby_year = {{ "26" = 98_000_000 }}\nunit = "DKK per year"\n'
         f"price_year = 2018\n{WHY}", "write 2026"),
        (f'[base_budget]\nby_year = {{ "35" = 98_000_000 }}\nunit = "DKK per year"\n'
         f"price_year = 2018\n{WHY}", "write YEAR"),
        (f'[parameters.own]\nvalue = 900\nunit = "DKK per course"\n{WHY}',
         "add price_year = YEAR, the year whose prices the amount is in, as the paper has it that "
         "the amount was read from"),
        ('[steps.foster_care]\ncounts_as_case = "nej"', "write true or false"),
        ('[steps.foster_care]\nkind = "plejefamilie"',
         'write one of "home", "placement", "closed", "closed_after_placement", "exit", "state", '
         '"adult", "need"'),
        (f'[steps.foster_care]\nprice = {{ value = 900, unit = "DKK per child and day", {PRICE} }}',
         'give the number in "DKK per child and year" or "DKK per child and month"'),
        (f'[base_budget]\nby_year = {{ "2018" = 98_000 }}\nunit = "DKK thousand per year"\n'
         f"price_year = 2018\n{WHY}", 'give the numbers in "DKK per year"'),
        (f'[base_budget]\nby_year = 98_000_000\nunit = "DKK per year"\nprice_year = 2018\n{WHY}',
         'by_year = { "YEAR" = NUMBER }'),
        (f'[steps.foster_care]\nprice = {{ distribution = "triangular", low = 40, mode = 50, '
         f'high = 60, unit = "DKK per child and month", {PRICE} }}',
         "write 50_000 or 50_000_000 if you meant that"),
        (f'[steps.foster_care]\nprice = {{ value = 9_000, unit = "DKK per child and yaer", '
         f"{PRICE} }}", 'write unit = "DKK per child and year"'),
        (f'[money]\nindexation = {{ value = 1.02, unit = "per year", {WHY} }}',
         "write 0.02 if it is a factor, or 0.0102 if 1.02 per cent is meant"),
        (f'[birthdays.18.goes_on]\nfoster_care = {{ value = 40, unit = "share", {WHY} }}',
         "write 0.4 if 40 per cent is meant"),
        (f'[steps.foster_care]\nprice = {{ distribution = "triangular", low = 3_000_000, '
         f'mode = 2_250_000.5, high = 1_000_000, unit = "DKK per child and year", {PRICE} }}',
         "write low = 1_000_000, mode = 2_250_000.5, high = 3_000_000"),
        (f'[steps.foster_care]\nprice = {{ value = -2_250_000.5, unit = "DKK per child and year", '
         f"{PRICE} }}", "write 2_250_000.5"),
    ],
)  # fmt: skip
def test_fix(text: str, fix: str, tmp_path: Path) -> None:
    """The writer's own value in the right form, both ways it can be meant, or the form alone."""
    (problem,) = problems_of(tmp_path, text)
    assert problem.fix == fix


@pytest.mark.parametrize(
    ("token", "fix"),
    [
        ("250,000", "write 250 or 250_000, whichever is meant"),
        ("0,250", "write 0.25"),
        ("1.250,50", "write 1250.5"),
        ("250.000 kr.", "write 250 or 250_000"),
        ("kr. 250.000", "write 250 or 250_000"),
        ("2.500.000 kr", "write 2_500_000"),
        ("2,25 mio,", "write it in whole kroner"),
        ("1,4 mio. kr.", "write it in whole kroner"),
    ],
)
def test_numbers_that_are_no_toml(token: str, fix: str, tmp_path: Path) -> None:
    """What stops the reading is explained by the same rule as what does not."""
    (problem,) = problems_of(tmp_path, f"[parameters.own]\nvalue = {token}\n")
    assert problem.fix == fix


@pytest.mark.parametrize(
    ("text", "key", "meant"),
    [
        ('[strategies.caseload_3.caseload]\nstart = "2019-01"', "strategies.caseload_3",
         "caseload_31"),
        ('[strategies.rettidig_indsat.investments.programme]\nstart = "2019-01"',
         "strategies.rettidig_indsat", "rettidig_indsats"),
        (f'[strategies.rettidig_indsats.investments.program]\nramp = {{ value = 3, '
         f'unit = "months", {WHY} }}', "strategies.rettidig_indsats.investments.program",
         "programme"),
        (f"[moves.foster_hom]\nby_age = {{ factors = {{}}, {WHY} }}", "moves.foster_hom",
         "foster_home"),
        ("[steps.foster_car]\nlevel = 4", "steps.foster_car", "foster_care"),
    ],
)  # fmt: skip
def test_misspelt_table_of_a_base(text: str, key: str, meant: str, tmp_path: Path) -> None:
    """A table with some keys only is one of a base misspelt: it is told once, and both ways out."""
    (problem,) = problems_of(tmp_path, text)
    assert problem.key == key
    assert problem.fix.startswith(f"did you mean {meant}? If {key.rpartition('.')[2]} is a new one")


def test_misspelt_table_of_the_same_file(tmp_path: Path) -> None:
    """A part of a table under a misspelt name, beside the rest of it in one file."""
    text = (
        '[strategies.fewer_cases]\nlabel = { da = "Færre", en = "Fewer" }\n'
        '[strategies.fewer_case.caseload]\nstart = "2019-01"\n'
    )
    fixes = {problem.key: problem.fix for problem in problems_of(tmp_path, text)}
    assert fixes["strategies.fewer_case"].startswith("did you mean fewer_cases? If fewer_case is")


@pytest.mark.parametrize(
    ("text", "said", "fix"),
    [
        (
            "[stock.children]\nnetværk = 12",
            "netværk",
            "write netvaerk, if it is a name of your own",
        ),
        ("[strategies.færre_sager]", "strategies.færre_sager", "write strategies.faerre_sager, if"),
        ("[stock.børn]\nhome_support = 1", "stock.børn", "keys and shipped steps have English"),
    ],
)
def test_danish_letters_in_a_name(text: str, said: str, fix: str, tmp_path: Path) -> None:
    """What TOML cannot read is the letter; no bracket is open and no = is missing."""
    (problem,) = problems_of(tmp_path, text)
    assert f'"{said}" holds a letter that a name cannot have' in problem.what
    assert fix in problem.fix


def test_new_table_without_a_label(tmp_path: Path) -> None:
    """A name unlike any of the base lacks its label, and nothing else is guessed."""
    (problem,) = problems_of(tmp_path, "[strategies.naerhed]\n")
    assert problem.key == "strategies.naerhed.label"
    assert problem.fix == 'add label = { da = "...", en = "..." } under [strategies.naerhed]'


def test_missing_base_is_not_replaced(tmp_path: Path) -> None:
    """Another municipality's file that is not there is no reason to propose the national one."""
    path = tmp_path / "own.toml"
    path.write_text('schema_version = 1\nextends = "min-kommune-2025.toml"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    assert problem.fix.startswith("write a path that exists, or one of ")
