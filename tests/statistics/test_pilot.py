"""A municipality's path under its strategy, against the solution that follows every cohort."""

import numpy as np
import pytest

import stepdown
from stepdown.calibration.observables import PILOT
from stepdown.calibration.pilot import Pilot
from stepdown.calibration.staircases import StaircaseModel, staircase_model
from stepdown.calibration.steady import BLOCK
from stepdown.expectation import expected
from stepdown.parameters import draw_parameters
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.scenario.targets_model import TargetTable
from stepdown.tables import build_chunk

STRATEGY = "sverigesprogrammet"


@pytest.fixture(scope="module")
def loaded() -> LoadedScenario:
    """Herning's three years alone: the published lines beyond them are not looked at."""
    whole = load_scenario("herning")
    clock = whole.scenario.clock.model_copy(update={"n_budget_years": 3})
    scenario = whole.scenario.model_copy(update={"clock": clock})
    return LoadedScenario(scenario, whole.files, whole.evidence)


@pytest.fixture(scope="module")
def model(loaded: LoadedScenario) -> StaircaseModel:
    return staircase_model(loaded, STRATEGY)


@pytest.fixture(scope="module")
def pilot(model: StaircaseModel) -> Pilot:
    drawn = draw_parameters(model.plan.scenario, 1, 0, BLOCK).values
    return Pilot(model, model.draws(drawn, BLOCK))


def test_multipliers_and_start_are_those_of_a_run(model: StaircaseModel, pilot: Pilot) -> None:
    """Both are made anew without the tables of a walk, and agree to rounding."""
    chunk = build_chunk(model.plan, draw_parameters(model.plan.scenario, 1, 0, BLOCK), True)
    whole = chunk.thresholds.multiplier[..., model.strategy]
    np.testing.assert_allclose(pilot.multiplier, whole, rtol=1e-13)
    start = chunk.inflow.fixed[:, 0] + chunk.inflow.mean[:, 0]
    np.testing.assert_allclose(pilot.start, start, rtol=1e-9, atol=1e-9)


def test_path_against_every_cohort(loaded: LoadedScenario, pilot: Pilot) -> None:
    """One birth cohort in twelve gives the stocks of each year's end to 0.2 %.

    Within a year it is uneven, since all of a year of age have one birthday: spending is up to
    0.5 % too low (measured), but alike in all years, so that its rise is right to 0.1 % of it.
    """
    exact = expected(loaded, n_draws=BLOCK, seed=1)
    assert exact
    stock = exact.stock.sel(strategy=STRATEGY).values
    found = pilot.children[:, 12::12]
    live = np.array([step.kind != "exit" for step in pilot.plan.scenario.steps.values()])
    error = np.abs(found / stock - 1)[..., live]
    assert error.max() < 2e-3
    cost = exact.cost_dkk.sel(strategy=STRATEGY).sum("payer").values
    ratio = pilot.spending.sum(axis=2) / cost
    assert np.abs(ratio - 1).max() < 6e-3
    assert np.abs(ratio / ratio[:, :1] - 1).max() < 1e-3


def target(observable: str, **arguments: object) -> TargetTable:
    return TargetTable.model_construct(observable=observable, steps=("institution",), **arguments)


def test_what_would_have_happened_anyway(pilot: Pilot) -> None:
    """A drift multiplies by its power of the years since the start, or between the two years."""
    none, trend = np.ones(BLOCK), np.full(BLOCK, 0.9)
    end = target("children_at", month="2015-12")
    institution = pilot.plan.step("institution")
    plain = PILOT["children_at"](pilot, end, none)
    np.testing.assert_array_equal(plain, pilot.children[:, 36, institution])
    np.testing.assert_allclose(PILOT["children_at"](pilot, end, trend), plain * 0.9**3)
    ratio = PILOT["children_ratio"](pilot, target("children_ratio", month="2014-06"), trend)
    np.testing.assert_allclose(ratio, pilot.children[:, 18, institution] / 12 * 0.9**1.5)
    spent = pilot.spending[..., institution]
    rise = PILOT["spending_rise"](pilot, target("spending_rise", years=(2013, 2015)), trend)
    np.testing.assert_allclose(rise, spent[:, 2] * 0.81 - spent[:, 0])


def test_the_pilot_in_a_simulation(loaded: LoadedScenario) -> None:
    """The mean of simulated institution stocks is the expected one: false alarm 1e-6.

    400 draws with 2 replicates; the standard error is some 0.15 children of 11, so an error of
    1.3 children is found with a chance of 0.9999.
    """
    result = stepdown.simulate(loaded, n_draws=400, seed=3)
    model = staircase_model(loaded, STRATEGY)
    drawn = draw_parameters(model.plan.scenario, 3, 0, 13 * BLOCK).values
    means = []
    for first in range(0, 400, BLOCK):
        part = {name: values[first : first + BLOCK] for name, values in drawn.items()}
        path = Pilot(model, model.draws(part, BLOCK)).children
        means.append(path[:, 36, model.plan.step("institution")])
    simulated = result.stock.sel(strategy=STRATEGY, year=2015, step="institution").values
    gap = simulated.mean(axis=1) - np.concatenate(means)[:400]
    error = gap.std(ddof=1) / np.sqrt(gap.size)
    assert error < 0.2, "too weak to tell"
    assert abs(gap.mean()) <= 4.89 * error
