"""Mistakes in classes, spreads, places, posts and adult life: each with its rule and its fix."""

import pytest
from small import ENTRIES_DOWN, LADDER, WHY, figure, grown, write_small

from stepdown.errors import InputError
from stepdown.scenario import load_scenario
from stepdown.scenario.classes import classes_of, targets_of

FRAILTY = (
    f"[frailty]\nmultipliers = [0.5, 2.0]\nshares = [0.6, 0.4]\n{WHY}\n"
    "[frailty.loadings]\nplacement = 1.0\n"
)
PLACES = f"places = {{ by_year = {{ '2018' = 3 }}, {WHY} }}\n"


def problems(tmp_path, text):
    with pytest.raises(InputError) as caught:
        load_scenario(write_small(tmp_path, ENTRIES_DOWN + text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("[0.5, 2.0]", "[0.5, 2.0, 3.0]", "3 multipliers and 2 shares"),
        ("[0.5, 2.0]", "[0.5, -2.0]", "-2 is not above 0"),
        ("[0.6, 0.4]", "[0.6, 0.6]", "the shares add up to 1.2"),
        ("[0.6, 0.4]", "[0.6, 0.6]", "write shares = [0.5, 0.5]"),
        ("placement = 1.0", "placements = 1.0", "placements"),
    ],
)
def test_frailty(tmp_path, old, new, what):
    said = problems(tmp_path, FRAILTY.replace(old, new))
    assert what in said
    assert "frailty" in said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[capacity.foster_car]\n" + PLACES, 'unknown step "foster_car"'),
        ("[capacity.left]\n" + PLACES, "places on left"),
        ("[capacity.foster_care]\noverflow = 'left'\n" + PLACES, "overflow to left"),
        ("[capacity.foster_care]\n" + PLACES.replace("2018", "2050"), "places of 2050"),
        (
            "[capacity.foster_care]\noverflow = 'nowhere'\n" + PLACES,
            'unknown step "nowhere"',
        ),
        (
            "[capacity.foster_care]\noverflow = 'institution'\n"
            + PLACES
            + "[capacity.institution]\noverflow = 'foster_care'\n"
            + PLACES,
            "goes round",
        ),
        ("[capacity.foster_care]\n" + PLACES.replace("= 3 ", "= -3 "), "-3 places"),
        (
            f"[strategies.help.capacity]\nfoster_care = {{ by_year = {{ '2018' = 3 }}, {WHY} }}\n",
            "foster_care has no limit",
        ),
    ],
)
def test_places(tmp_path, text, what):
    assert what in problems(tmp_path, text)


def test_a_spread_is_a_ratio(tmp_path):
    text = f"[steps.foster_care]\nprice_spread = {figure(0.4, 'DKK per child and month', 2018)}\n"
    assert 'the unit here is "ratio"' in problems(tmp_path, text)


def test_a_spread_of_thirty_is_thirty_per_cent(tmp_path):
    text = f"[steps.foster_care]\nprice_spread = {figure(30.0, 'ratio')}\n"
    assert "write 0.3 if 30 per cent was meant" in problems(tmp_path, text)


def test_posts_are_held_or_fixed(tmp_path):
    path = write_small(tmp_path, ENTRIES_DOWN)
    text = path.read_text(encoding="utf-8").replace("[caseload]\n", '[caseload]\nmode = "fix"\n', 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="fixed_posts"):
        load_scenario(path)


def test_a_step_of_adult_life_needs_a_way_in(tmp_path):
    assert "kind adult without [adult_life]" in problems(tmp_path, LADDER)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("months_placed = '24-'", "months_placed = '30-'", "leaves a gap"),
        ("months_placed = '24-'", "months_placed = '24-90'", "is the last band and ends"),
        ("shares.work", "shares.wrok", 'unknown step of adult life "wrok"'),
        ("value = 0.7,", "value = 1.7,", "1.7"),
        ("'left', ", "'institution', ", "institution is in two groups"),
    ],
)
def test_adult_life(tmp_path, old, new, what):
    text = grown(0.3, 0.9)
    assert old in text
    assert what in problems(tmp_path, text.replace(old, new))


def test_nobody_moves_to_adult_life_but_at_a_birthday(tmp_path):
    text = grown(0.3, 0.9) + (
        f"[moves.too_soon]\nfrom = 'foster_care'\nto = 'work'\nrate = {figure(0.1, 'per year')}\n"
    )
    assert "a move from foster_care to work" in problems(tmp_path, text)


def test_levers_and_classes_do_not_reach_adults(tmp_path):
    text = grown(0.3, 0.9) + (
        "[moves.falls]\nfrom = 'work'\nto = 'benefit'\n"
        f"rate = {figure(0.1, 'per year')}\n"
        "[moves.rises]\nfrom = 'benefit'\nto = 'work'\n"
        f"rate = {figure(0.1, 'per year')}\n"
    )
    scenario = load_scenario(write_small(tmp_path, ENTRIES_DOWN + text)).scenario
    assert classes_of(scenario, scenario.moves["rises"]) == ("within_level",)
    assert (
        set(targets_of(scenario, ("step_up", "step_down", "within_level"))) & {"falls", "rises"}
        == set()
    )
    assert "rises" in targets_of(scenario, ("rises",))


def test_a_history_without_an_entry(tmp_path):
    head, _, last = grown(0.3, 0.9).rpartition("[[adult_life.entry]]")
    assert last
    assert 'with "24-" months' in problems(tmp_path, head)
