"""Ramps, lags, half-lives and fade-outs by hand; ratios of hazards and reach by hand."""

import numpy as np
import pytest
from small import WHY, Chain, build, figure, on, strategy, write_chain, write_small

from stepdown.errors import RunError
from stepdown.hazards import log_ratio
from stepdown.kernel.randomness import WORD
from stepdown.timing import in_post, weights


def timed(tmp_path, timing, **options):
    """Return the weights and the posts of a 36-month investment with a timing."""
    built = build(write_small(tmp_path, strategy("own", timing=timing), **options))
    investment = built.plan.scenario.strategies["own"].investments["own"]
    found = (f(built.plan, built.draws, investment) for f in (weights, in_post))
    return tuple(values[0] for values in found)


def months(key, value):
    return f"{key} = {figure(float(value), 'months')}\n"


MIDDLE = np.arange(36) + 0.5


def test_at_once(tmp_path):
    weight, posts = timed(tmp_path, 'start = "2018-04"\n')
    np.testing.assert_array_equal(weight, [0] * 3 + [1] * 33)
    np.testing.assert_array_equal(posts, weight)


def test_ramp_after_a_hiring_lag(tmp_path):
    """From April 2018, filled in mid-July (3.5 months), full a year after that."""
    weight, posts = timed(
        tmp_path, 'start = "2018-04"\n' + months("hiring_lag", 3.5) + months("ramp", 12)
    )
    np.testing.assert_allclose(weight, np.clip((MIDDLE - 6.5) / 12, 0, 1), rtol=1e-14)
    assert (weight[6], weight[7], weight[17]) == (0.0, 1 / 12, 11 / 12)
    np.testing.assert_array_equal(posts, [0] * 6 + [0.5] + [1] * 29)


def test_half_life(tmp_path):
    """Full after a ramp of 4 months, then half of it every 10 months."""
    weight, _ = timed(tmp_path, 'start = "2018-01"\n' + months("ramp", 4) + months("half_life", 10))
    np.testing.assert_allclose(weight[:4], [0.125, 0.375, 0.625, 0.875])
    np.testing.assert_allclose(weight[4:], 0.5 ** ((MIDDLE[4:] - 4) / 10), rtol=1e-13)


@pytest.mark.parametrize("fade_out", [0.0, 8.0])
def test_end_and_fade_out(tmp_path, fade_out):
    """To the end of September 2019 (21 months), then down to 0 over 8 months, or at once."""
    weight, posts = timed(
        tmp_path, 'start = "2018-01"\nend = "2019-09"\n' + months("fade_out", fade_out)
    )
    after = 1 - (MIDDLE[21:] - 21) / 8 if fade_out else np.zeros(15)
    np.testing.assert_array_equal(weight[:21], 1)
    np.testing.assert_allclose(weight[21:], np.clip(after, 0, 1), rtol=1e-14)
    np.testing.assert_array_equal(posts, [1] * 21 + [0] * 15)


def test_effects_work_on_logarithms(tmp_path):
    """Half-way up the ramp a ratio of 0.49 is 0.7; the caseload's part multiplies it."""
    lighter = f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}"
    text = strategy(
        "own", on("foster_home", 0.49), caseload=lighter,
        timing='start = "2018-01"\n' + months("ramp", 13),
    )  # fmt: skip
    built = build(write_small(tmp_path, text), keep_multipliers=True)
    own = [column.moves == ("foster_home",) for column in built.plan.columns].index(True)
    multiplier = built.chunk.thresholds.multiplier[:, own, 0]
    elasticity = built.draws.of(built.plan.scenario.caseload.elasticity.all)
    relief = (30 / 20) ** elasticity
    np.testing.assert_array_equal(multiplier[:, :, 0], 1)
    np.testing.assert_allclose(multiplier[:, 6, 1], 0.7 * relief, rtol=1e-13)
    np.testing.assert_allclose(multiplier[:, 20, 1], 0.49 * relief, rtol=1e-13)


@pytest.mark.parametrize(
    ("move", "sign", "own"),
    [
        ("foster_home", 1, False),
        ("case_closed", 1, False),
        ("foster_breaks_to_institution", -1, False),
        ("again_to_foster", -1, False),
        ("home_to_foster", -1, True),
        ("network_to_foster", -1, False),
        ("foster_to_network", 1, False),
        ("institution_to_residential", 0, False),
    ],
)
def test_caseload_and_the_sign_of_a_move(tmp_path, move, sign, own):
    """(reference / caseload) ^ (sign x elasticity); placements have an elasticity of their own."""
    lighter = f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}"
    built = build(write_small(tmp_path, strategy("own", caseload=lighter)), keep_multipliers=True)
    column = [move in column.moves for column in built.plan.columns].index(True)
    elasticity = built.plan.scenario.caseload.elasticity
    drawn = built.draws.of(elasticity.by_class["placement"] if own else elasticity.all)
    found = built.chunk.thresholds.multiplier[:, column, 0, 12, 1]
    np.testing.assert_allclose(found, (30 / 20) ** (sign * drawn), rtol=1e-13)


# ------------------------------------------------------------------------------------- ratios


@pytest.mark.parametrize(("rr", "risk"), [(0.6, 0.3), (1.5, 0.2), (1.0, 0.5), (0.98, 0.999)])
def test_a_risk_ratio_becomes_a_ratio_of_hazards(tmp_path, rr, risk):
    """HR = ln(1 - RR p) / ln(1 - p): with it the treated have the risk RR p at the same time."""
    more = f"at_months = 12\ncontrol_risk = {figure(risk, 'share')}"
    text = strategy("own", on("breakdown", rr, kind="risk_ratio", more=more))
    built = build(write_small(tmp_path, text))
    effect = built.plan.scenario.strategies["own"].investments["own"].effects["own_own"]
    hr = np.exp(log_ratio(built.draws, effect))
    np.testing.assert_allclose(hr, np.log(1 - rr * risk) / np.log(1 - risk), rtol=1e-13)
    rate = -np.log(1 - risk)
    np.testing.assert_allclose(1 - np.exp(-rate * hr), rr * risk, rtol=1e-13)


def test_an_impossible_risk_ratio_names_the_draw(tmp_path):
    more = f"at_months = 12\ncontrol_risk = {figure(0.7, 'share')}"
    text = strategy("own", on("breakdown", 1.5, kind="risk_ratio", more=more))
    path = write_small(tmp_path, text)
    with pytest.raises(RunError, match=r"draw 0: an effect on breakdown has the ratio"):
        build(path)


# -------------------------------------------------------------------------------------- reach


def reached(tmp_path, courses, effect_months, *, start="2018-01", children=120):
    """Return the share reached by month on a chain whose 120 children on `a` stay as many.

    12 arrive a month and a tenth leave: 12 / 0.1 = 120 in the steady state.
    """
    q = 1 - 0.1
    rate = float(-np.log(q) * 12)
    per_year = 12 * children * (1 - q)
    more = (
        f'[inflow.a]\nages = {{ factors = {{ "0-9" = 1.0, "10-99" = 0.0 }}, {WHY} }}\n'
        f"children_per_year = {figure(per_year, 'children per year')}\n"
        '[birthdays.60]\nleave_to = "b"\n'
    )
    reach = (
        f"reach.courses_per_year = {figure(courses, 'courses per year')}\n"
        f"reach.effect_months = {figure(effect_months, 'months')}"
    )
    chain = Chain(
        ("a", "b"), {("a", "b"): f"rate = {rate!r}"}, {"a": children}, cycle_months=1, n_years=3,
        age_years=None, ages='"0-9", "10-99"', more=more,
        strategies=strategy("own", on("a_b", 0.5, more=reach), timing=f'start = "{start}"\n'),
    )  # fmt: skip
    built = build(write_chain(tmp_path, chain))
    eligible = built.chunk.inflow.eligible[:, :, 0].sum(axis=-1)
    np.testing.assert_allclose(eligible, children, rtol=1e-9)
    return built.chunk.tables.reach[:, 0, :, :]


def test_share_reached_is_courses_over_eligible(tmp_path):
    """30 courses a year, each good for 8 months, from March: 2.5 more a month until 20 of 120."""
    table = reached(tmp_path, 30.0, 8.0, start="2018-03")
    running = np.clip(np.arange(36) + 1 - 2, 0, 8)
    by_hand = 2.5 * running / 120
    np.testing.assert_allclose(table["share"][:, :, 1] / WORD, np.tile(by_hand, (2, 1)), rtol=1e-8)
    assert (table["share"][:, :, 0] == 0).all()
    np.testing.assert_array_equal(table["ratio"][:, 2:, 1], 1 << 27)


def test_nobody_is_reached_twice(tmp_path):
    """3,000 courses a year for 120 children: everybody, not more."""
    table = reached(tmp_path, 3000.0, 24.0)
    assert (table["share"][:, 0, 1] == WORD).all()
    assert table["share"].max() == WORD
