"""Known rates are found again from what the real staircase makes of them."""

from dataclasses import replace

import numpy as np
import pytest

from stepdown.calibration.calibrate import calibrate
from stepdown.calibration.checks import back_cast
from stepdown.calibration.diagnostics import learnt, unreliable
from stepdown.calibration.problem import CalibrationProblem
from stepdown.calibration.smc import SamplerSettings
from stepdown.calibration.target_files import load_targets

SETTINGS = SamplerSettings(n_particles=200, n_populations=2, seed=11)
TRUTH = {"moves.foster_home.rate": 0.06, "rate_factors.breakdown_teenagers.factor": 0.7}
LEARNT_FROM = ("annual_exit", "breakdowns", "breakdowns_teenagers", "reunified_5_years")


@pytest.fixture(scope="module")
def problem() -> CalibrationProblem:
    """Return the national part of Herning's targets with what a known truth makes of them.

    All numbers but two are held at their priors' medians; observations have no error.
    """
    whole = load_targets("herning")
    medians = whole.values(np.zeros((1, len(whole.numbers))))[0]
    names = [number.name for number in whole.numbers]
    held = {n: float(v) for n, v in zip(names, medians, strict=True) if n not in TRUTH}
    known = whole.with_fixed(held)
    truth = np.array([[TRUTH.get(n, held.get(n, 0.0)) for n in names]])
    expected = whole.predict(truth)[0]
    targets = tuple(
        replace(t, kind="normal", observed=float(e), is_used=t.name in LEARNT_FROM)
        for t, e in zip(whole.targets, expected, strict=True)
    )
    return replace(known, targets=targets)


def test_known_rates_are_recovered(problem: CalibrationProblem) -> None:
    """The truth lies within the posterior, which is several times narrower than the prior.

    Observations are exact, so the posterior's middle is off by the prior's pull and the sampler's
    error alone: both numbers within 1.5 posterior standard deviations, beyond which lies a rate of
    going home twice or half as large, and a factor a third larger or smaller.
    """
    tree = calibrate(problem, SETTINGS).tree
    posterior = tree["posterior"].to_dataset()
    for name, value in TRUTH.items():
        draws = np.log(posterior[name].values)
        assert abs(draws.mean() - np.log(value)) < 1.5 * draws.std()
    numbers = {n.name: n for n in learnt(tree)}
    assert numbers["moves.foster_home.rate"].narrowed > 0.8
    assert numbers["rate_factors.breakdown_teenagers.factor"].narrowed > 0.8
    assert not unreliable(tuple(numbers[n] for n in TRUTH), SETTINGS.n_populations)


def test_what_is_held_out_is_predicted(problem: CalibrationProblem) -> None:
    """Without its own figure, the share home within five years is predicted from the others."""
    used = frozenset(LEARNT_FROM) - {"reunified_5_years"}
    tree = back_cast(problem, used, SETTINGS).tree
    expected = tree["posterior_expected"].to_dataset().reunified_5_years.values
    prior = tree["prior_expected"].to_dataset().reunified_5_years.values
    observed = next(t.observed for t in problem.targets if t.name == "reunified_5_years")
    low, high = np.quantile(expected, (0.025, 0.975))
    assert low < observed < high
    assert high - low < 0.8 * np.ptp(np.quantile(prior, (0.025, 0.975)))
