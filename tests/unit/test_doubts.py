"""What looks wrong and may be right is a warning: on the console, in `check`, in the report."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from stepdown.errors import InputError
from stepdown.report.document.limits import limits_section
from stepdown.report.document.model import Points
from stepdown.report.document.numbers import Writer
from stepdown.report.doubts import doubts
from stepdown.report.listing import checked
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.scenario.shipped import scenario_names

HEAD = 'schema_version = 1\nextends = "hoersholm"\n'
WHY = 'assumption = "made up for a test"'
PROGRAMME = "[strategies.rettidig_indsats.investments.programme]\n"
CASELOAD = "[strategies.caseload_31.caseload]\n"


def own(tmp_path: Path, text: str) -> LoadedScenario:
    """Return Hørsholm's scenario with some tables of its own."""
    path = tmp_path / "own.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_scenario(path)


def row(years: str) -> str:
    """Return a row of amounts that goes on."""
    return f'{{ by_year = {{ {years} }}, after = "repeat", unit = "DKK per year", ' \
           f"price_year = 2018, {WHY} }}"  # fmt: skip


def quantity(value: str, unit: str) -> str:
    """Return a certain number."""
    return f'{{ value = {value}, unit = "{unit}", {WHY} }}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{PROGRAMME}costs.total_spending.row = " + row('"2026" = 2_000_000'),
         ("Rettidig Indsats", "works from 2018", "nothing until 2026")),
        (f"{CASELOAD}cases_per_caseworker = " + quantity("38", "cases per caseworker"),
         ("38 cases per caseworker and the baseline 33", "swapped")),
        (f"{CASELOAD}ramp = " + quantity("1e15", "months"), ("1,000,000,000,000,0", "120 months")),
        (f"{PROGRAMME}ramp = " + quantity("130", "months"), ("takes 133 months",)),
        (f"{PROGRAMME}costs.total_spending.row = " + row('"2018" = 2.25, "2019" = 2.09'),
         ("costs.total_spending.row is at most 2.2", "millions")),
        ("base_budget = " + row('"2018" = 98'), ("base_budget is at most 98 kroner",)),
    ],
)  # fmt: skip
def test_doubt(text: str, words: tuple[str, ...], tmp_path: Path) -> None:
    """One thing that looks wrong is one sentence, in both languages, and `check` prints it."""
    loaded = own(tmp_path, text)
    (said,) = doubts(loaded.scenario, "en")
    for word in words:
        assert word in said
    (danish,) = doubts(loaded.scenario, "da")
    assert danish.startswith("Advarsel: ")
    assert said in checked(loaded).splitlines()


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_scenarios_raise_no_doubt(name: str) -> None:
    """What is shipped has been looked at."""
    assert doubts(load_scenario(name).scenario, "da") == []


def test_doubts_are_in_the_report(tmp_path: Path) -> None:
    """Who reads the report sees what the analyst saw on the console; without doubts nothing."""
    text = f"{PROGRAMME}costs.total_spending.row = " + row('"2026" = 2_000_000')
    for scenario, n_points in ((own(tmp_path, text).scenario, 1), (own(tmp_path, "").scenario, 0)):
        facts = SimpleNamespace(scenario=scenario, write=Writer("da"), has_children=True)
        blocks = limits_section(facts).blocks  # type: ignore[arg-type]
        points = [block for block in blocks if isinstance(block, Points)]
        assert len(points) == n_points
        assert all(block.items == tuple(doubts(scenario, "da")) for block in points)


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (f"{CASELOAD}hiring_lag = " + quantity("3_600_000", "months"), "hiring_lag",
         "3_600_000 months after the start"),
        (f"{CASELOAD}cases_per_caseworker = " + quantity("7e9", "cases per caseworker"),
         "cases_per_caseworker", "7_000_000_000 cases per caseworker"),
        ('[clock]\nstarts = "0001-01"', "clock.starts", "is not written so"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused(text: str, key: str, words: str, tmp_path: Path) -> None:
    """A lag beyond the model, more of anything than Denmark has people, a year of no calendar."""
    with pytest.raises(InputError) as caught:
        own(tmp_path, text)
    (problem,) = caught.value.problems
    assert problem.key.endswith(key)
    assert words in problem.what
