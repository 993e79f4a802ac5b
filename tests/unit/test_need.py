"""Children whose need nobody knows: classes, shares, levers, and the same children everywhere."""

import naive
import numpy as np
import pytest
from small import NOTHING, all_equal, build, figure, on, strategy, write_small

import stepdown
from stepdown.scenario import load_scenario
from stepdown.scenario.classes import classes_of, targets_of

NEED = "danish-staircase-with-need"
FOUND = strategy("found", on("detection", 1.6))
CLASSES = {
    "mild_recovers": ("leave",),
    "mild_worsens": ("step_up",),
    "mild_detected": ("detection",),
    "severe_detected": ("detection",),
    "severe_recovers": ("leave",),
    "severe_crisis_to_foster": ("placement",),
    "assessment_to_help": ("within_level",),
    "assessment_closed": ("leave",),
}


def write_need(folder, strategies=FOUND, **options):
    return write_small(folder, strategies, arrivals=None, base=NEED, **options)


@pytest.fixture(name="scenario", scope="module")
def small_scenario(tmp_path_factory):
    return load_scenario(write_need(tmp_path_factory.mktemp("need"))).scenario


def test_classes_of_moves_of_need(scenario):
    found = {name: classes_of(scenario, scenario.moves[name]) for name in CLASSES}
    assert found == CLASSES


def test_a_class_means_children_whom_somebody_works_with(scenario):
    """Undetected children are touched as `detection` or by name, never by another class."""
    assert set(targets_of(scenario, ("detection",))) == {"mild_detected", "severe_detected"}
    for name in ("placement", "leave", "step_up"):
        touched = targets_of(scenario, (name,))
        assert touched, name
        assert all(scenario.steps[scenario.moves[m].from_step].kind != "need" for m in touched)
    named = targets_of(scenario, ("severe_crisis_to_foster", "placement"))
    assert named["severe_crisis_to_foster"] == "severe_crisis_to_foster"
    assert "severe_crisis_to_institution" not in named


def test_a_share_and_the_rest_divide_a_rate(tmp_path):
    built = build(write_need(tmp_path), n_draws=3)
    hazard = built.chunk.laws.hazard
    at = {name: hazard[:, 0, built.plan.moves.index(name), 0, 0] for name in CLASSES}
    rate = built.draws.values["parameters.course_of_mild_need"] / 12
    share = built.draws.values["parameters.share_recovering"]
    np.testing.assert_allclose(at["mild_recovers"], rate * share, rtol=1e-15)
    np.testing.assert_allclose(at["mild_worsens"], rate * (1 - share), rtol=1e-15)
    assert (share > 0.4).all()
    assert np.ptp(share) > 0


@pytest.mark.parametrize("own", [None, 0.5])
def test_levers_work_on_detection_only_where_its_elasticity_is_given(tmp_path, own):
    """At 20 cases for 30 the ratio is 1.5 ^ elasticity on detection, exactly 1 on the rest."""
    given = "" if own is None else f"elasticity.by_class.detection = {figure(own, 'ratio')}\n"
    fewer = strategy(
        "fewer", caseload=f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}"
    )
    built = build(write_need(tmp_path, given + fewer), keep_multipliers=True)
    kept = built.chunk.thresholds.multiplier
    seen = set()
    for index, column in enumerate(built.plan.columns):
        if column.is_undetected:
            expected = 1.5**own if column.group == "detection" and own else 1.0
            np.testing.assert_allclose(kept[:, index, :, :, 1], expected, rtol=1e-15)
            seen.add(column.group)
    assert seen == {"detection", "leave", "step_up", "placement"}


def test_detection_moves_the_same_children(tmp_path):
    """Every child is in every world: keys and ages of entry, by the plain-Python twin."""
    built = build(write_need(tmp_path), n_draws=2, seed=5)
    stairs, tables = built.plan.stairs, built.chunk.tables
    plain, kernel = naive.simulate(stairs, tables, 5, 0, 1), built.run()
    for name in ("months", "stock", "moves", "cases"):
        np.testing.assert_array_equal(getattr(kernel, name), getattr(plain, name), name)
    worlds = [{}, {}]
    for (number, draw, _, key), history in plain.histories.items():
        worlds[number][draw, key] = history[0]
    assert worlds[0] == worlds[1]
    np.testing.assert_array_equal(kernel.stock[0].sum(axis=-1), kernel.stock[1].sum(axis=-1))
    detections = [built.plan.moves.index(m) for m in ("mild_detected", "severe_detected")]
    detected = kernel.moves[..., detections].sum(axis=(-1, -2))
    assert (detected[1] > detected[0]).all()


def test_the_same_children_come_every_year_of_a_run(tmp_path):
    """Children on all steps, those who left included, are equal in every draw, year and world."""
    path = write_need(tmp_path, FOUND + NOTHING)
    result = stepdown.simulate(path, n_draws=10, seed=2, n_threads=1)
    children = result.stock.sum("step")
    for name in ("found", "nothing"):
        same = children.sel(strategy=name).values
        assert all_equal(same, children.sel(strategy="baseline").values)
    null = result.sel(strategy="nothing")
    assert (null.net_saving_dkk == 0).all()
    assert (result.net_saving_dkk.sel(strategy="found") != 0).any()


def test_a_large_undetected_stock_is_not_refused(tmp_path):
    """Beyond 700 on a step all but about 500 are certain; the mean is that of the balance."""
    children = {"home_support": 900, "foster_care": 40, "reunified": 40}
    built = build(write_need(tmp_path, children=children), n_draws=8)
    inflow, step = built.chunk.inflow, built.plan.step("need_mild")
    expected = inflow.start.stock[:, step].sum(axis=1)
    assert (expected > 700).any()
    np.testing.assert_allclose(
        inflow.fixed[:, 0, step] + inflow.mean[:, 0, step], expected, rtol=1e-12
    )
    assert inflow.mean[:, 0, step].max() <= 700
    large = expected > 700
    assert (inflow.mean[large, 0, step] >= 500).all()
    assert (inflow.fixed[~large, 0, step] == 0).all()


@pytest.fixture(name="hoersholm", scope="module")
def hoersholm_with_need():
    return build("hoersholm-detection", n_draws=40)


def test_hoersholm_with_need_keeps_the_documented_stock(hoersholm):
    """The mean misfit is below 5 % of every documented step (no chance: fixed draws)."""
    misfit = hoersholm.chunk.inflow.misfit[:, 0].mean(axis=0)
    for step, number in hoersholm.plan.scenario.stock.children.items():
        off = abs(misfit[hoersholm.plan.step(step)])
        assert off < 0.05 * number, (step, off)


def test_the_earlier_the_greater_the_return_is_a_result():
    """No rate of need or detection differs by age, and the same ratio at 0-5 returns more than
    at 12-17: more placements avoided by child detected, and less spent by year of need known.

    The expected solution over fixed draws: no chance, so no false alarm.
    """
    scenario = load_scenario("hoersholm-detection").scenario
    for name in CLASSES:
        move = scenario.moves[name]
        assert move.by_age is None or "crisis" in name
    ratios = [
        effect.hazard_ratio
        for own in scenario.strategies.values()
        for effect in own.investments["detection"].effects.values()
    ]
    assert [ratio.parameter for ratio in ratios] == ["detection_ratio"] * 2
    result = stepdown.expected("hoersholm-detection", n_draws=3, seed=1)
    less = (result.sel(strategy="baseline") - result).sum("year").mean("draw")
    kinds = {name: step.kind for name, step in scenario.steps.items()}
    need = [name for name, kind in kinds.items() if kind == "need"]
    placed = [name for name, kind in kinds.items() if kind == "placement"]
    detected = -less.moves.sel(move=["mild_detected", "severe_detected"]).sum("move")
    avoided = less.months_in_step.sel(step=placed).sum("step") / 12 / detected
    saved = less.cost_dkk.sum("payer") / (less.months_in_step.sel(step=need).sum("step") / 12)
    early, late = "detection_0_5", "detection_12_17"
    assert avoided.sel(strategy=early) > avoided.sel(strategy=late)
    assert saved.sel(strategy=early) > saved.sel(strategy=late)
