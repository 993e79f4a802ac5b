"""The shipped posterior is that of the shipped targets, and shipped scenarios draw from it."""

import numpy as np
import pytest
import xarray as xr

from stepdown.calibration.contents import contents_of
from stepdown.calibration.target_files import load_targets
from stepdown.scenario import load_scenario
from stepdown.scenario.learnt import kept_own, learnt_numbers
from stepdown.scenario.posterior_files import Posterior
from stepdown.scenario.shipped import posterior_names, shipped_folder

CASELOAD = "caseload.elasticity.all"
MINE = ("moves.home_to_network.rate", "moves.home_to_institution.rate")


@pytest.fixture(scope="module", params=posterior_names())
def name(request):
    return request.param


def test_the_posterior_learnt_from_the_targets_as_they_are(name):
    """Observed values, spreads and which were used; and the same free numbers."""
    problem = load_targets(name)
    with xr.open_datatree(shipped_folder() / "posteriors" / f"{name}.nc") as tree:
        seen, spreads = tree["observed_data"].to_dataset(), tree["constant_data"].to_dataset()
        numbers = set(tree["posterior"].data_vars)
    assert set(seen) == {target.name for target in problem.targets}
    for target in problem.targets:
        assert float(seen[target.name]) == target.observed, target.name
        assert float(spreads[target.name]) == target.spread, target.name
        assert bool(spreads[target.name].attrs["used"]) == target.is_used, target.name
    names = {number.name for number in problem.numbers}
    assert numbers == names | {derived.name for derived in problem.derived}


def test_what_stands_beside_the_draws_is_true(name):
    beside = (shipped_folder() / "posteriors" / f"{name}.json").read_text(encoding="utf-8")
    found = contents_of((shipped_folder() / "posteriors" / f"{name}.nc").read_bytes())
    assert type(found).model_validate_json(beside, strict=False) == found


def test_calibrated_scenarios_take_effects_of_their_own_place():
    places = {}
    for scenario in ("hoersholm", "faxe", "herning"):
        learnt = learnt_numbers(load_scenario(f"{scenario}-calibrated").scenario)
        places[scenario] = learnt[CASELOAD].variable
    assert places == {
        "hoersholm": f"{CASELOAD}@elsewhere",
        "faxe": f"{CASELOAD}@elsewhere",
        "herning": f"{CASELOAD}@herning",
    }


def test_a_municipality_keeps_what_it_knows_better():
    own = {}
    for scenario in ("hoersholm", "faxe", "herning"):
        loaded = load_scenario(f"{scenario}-calibrated")
        assert isinstance(loaded.posterior, Posterior)
        own[scenario] = set(kept_own(loaded.scenario, loaded.posterior))
    assert set(MINE) <= own["hoersholm"]
    assert "rate_factors.placement_teenagers.factor" in own["hoersholm"]
    assert own["faxe"] & set(MINE) == {"moves.home_to_institution.rate"}
    assert own["herning"] == set()


def test_the_scenarios_differ_from_theirs_by_learnt_numbers_alone():
    for scenario in ("hoersholm", "faxe", "herning"):
        before = load_scenario(scenario).scenario
        after = load_scenario(f"{scenario}-calibrated").scenario
        assert before.stock == after.stock
        assert before.steps == after.steps
        assert before.money == after.money
        assert list(before.strategies) == list(after.strategies)
        for strategy in before.strategies:
            assert before.strategies[strategy] == after.strategies[strategy]
        assert all(np.isfinite(n.mean) for n in learnt_numbers(after).values())
