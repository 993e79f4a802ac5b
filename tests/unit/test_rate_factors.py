"""Factors that several moves share in a band: they multiply what they name, and nothing else."""

from pathlib import Path

import numpy as np
import pytest

from stepdown.errors import InputError
from stepdown.hazards import hazards
from stepdown.parameters import draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import load_scenario
from stepdown.scenario.classes import group_of

HEAD = 'schema_version = 1\nextends = ["herning", "danish-staircase-in-bands"]\nname = "own"\n'


def hazard_of(path: Path, text: str) -> tuple[Plan, np.ndarray]:
    path.write_text(text, encoding="utf-8")
    plan = make_plan(load_scenario(path).scenario)
    return plan, hazards(plan, draw_parameters(plan.scenario, 1, 0, 5))


def test_factors_of_one_change_no_bit(tmp_path: Path) -> None:
    """The base in bands gives the hazards of the base without them."""
    plan = make_plan(load_scenario("herning").scenario)
    plain = hazards(plan, draw_parameters(plan.scenario, 1, 0, 5))
    assert not plan.scenario.rate_factors
    np.testing.assert_array_equal(hazard_of(tmp_path / "own.toml", HEAD)[1], plain)


def test_factor_works_in_its_band(tmp_path: Path) -> None:
    """Breakdowns of teenagers in the first year are three times as many, and no other hazard."""
    plan, plain = hazard_of(tmp_path / "own.toml", HEAD)
    text = HEAD + (
        '[rate_factors.breakdown_teenagers]\nmonths_on_step = ["0-11"]\n'
        'factor = { value = 3.0, unit = "ratio", assumption = "for a test" }\n'
    )
    _, found = hazard_of(tmp_path / "own.toml", text)
    moves = plan.scenario.moves.values()
    broken = np.array([group_of(plan.scenario, move) == "breakdown" for move in moves])
    assert broken.any()
    expected = plain.copy()
    expected[:, broken, plan.scenario.bands.ages.index("12-17"), 0] *= 3.0
    np.testing.assert_array_equal(found, expected)


def test_a_factor_is_a_number_with_a_name(tmp_path: Path) -> None:
    """It can be uncertain, and is drawn by the path of its key."""
    text = HEAD + (
        '[rate_factors.breakdown_teenagers]\nfactor = { distribution = "lognormal", median = 1.0, '
        'low = 0.5, high = 2.0, unit = "ratio", assumption = "for a test" }\n'
    )
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    drawn = draw_parameters(load_scenario(path).scenario, 1, 0, 5).values
    assert np.unique(drawn["rate_factors.breakdown_teenagers.factor"]).size == 5


WRONG = {
    "an unknown class": ('on = ["breakdowns"]', "breakdown"),
    "an unknown band": ('ages = ["12-18"]', 'write "12-17"'),
    "an unknown band of time": ('months_on_step = ["0-12"]', 'write "0-11"'),
    "a negative factor": (
        'factor = { value = -1.0, unit = "ratio", assumption = "for a test" }', "is negative"),
    "another unit": (
        'factor = { value = 1.0, unit = "per year", assumption = "for a test" }', '"ratio"'),
    "a normal factor": (
        'factor = { distribution = "normal", mean = 1.0, sd = 0.2, unit = "ratio", '
        'assumption = "for a test" }', "lognormal"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told(case: str, tmp_path: Path) -> None:
    line, said = WRONG[case]
    path = tmp_path / "own.toml"
    path.write_text(HEAD + "[rate_factors.breakdown_teenagers]\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_scenario(path)
    assert said in str(raised.value)
    assert all(problem.line > 0 for problem in raised.value.problems)


def test_a_probability_takes_no_factor(tmp_path: Path) -> None:
    """Published cases give probabilities per cycle: a factor could push them above 1."""
    text = (
        'schema_version = 1\nextends = "CASE"\nname = "own"\n[rate_factors.own]\non = ["NAME"]\n'
        'factor = { value = 1.5, unit = "ratio", assumption = "for a test" }\n'
    )
    case = Path(__file__).parents[1] / "cases" / "sick_sicker" / "scenario.toml"
    move = next(iter(load_scenario(case).scenario.moves))
    path = tmp_path / "own.toml"
    path.write_text(text.replace("CASE", str(case)).replace("NAME", move), encoding="utf-8")
    with pytest.raises(InputError, match="has no rate"):
        load_scenario(path)
