"""The sampler finds posteriors that are known exactly."""

from dataclasses import replace
from pathlib import Path

import arviz_base
import numpy as np
import pytest
import xarray as xr
from known_posteriors import conjugate, linear, target
from scipy import stats

from stepdown.calibration.calibrate import calibrate
from stepdown.calibration.checks import leave_one_out, simulation_based_ranks, with_targets
from stepdown.calibration.diagnostics import conflicts, fits, learnt, unreliable
from stepdown.calibration.posterior import write_tree
from stepdown.calibration.smc import Particles, SamplerSettings, sample_population
from stepdown.errors import InputError

SETTINGS = SamplerSettings(n_particles=500, n_populations=4, seed=7)


def test_conjugate_posterior_is_found() -> None:
    """Prior Beta(2, 8), 18 of 60 seen: Beta(20, 50).

    Between 8 populations the mean's own error is seen, so the statistic is Student's t with 7
    degrees of freedom: false alarm 1e-6 each for mean and variance. A mean off by half a posterior
    standard deviation is some 40 errors away.
    """
    settings = replace(SETTINGS, n_populations=8)
    draws = calibrate(conjugate(), settings).tree["posterior"].to_dataset().p.values
    exact = stats.beta(20, 50)
    limit = stats.t(7).isf(0.5e-6)
    for figures, value in (
        (draws.mean(axis=1), exact.mean()),
        (((draws - exact.mean()) ** 2).mean(axis=1), exact.var()),
    ):
        error = figures.std(ddof=1) / np.sqrt(len(figures))
        assert abs(figures.mean() - value) < limit * error
        assert error < 0.1 * value


def test_linear_posterior_and_evidence_are_found() -> None:
    """Normal prior, linear model: the posterior and the evidence are in closed form.

    Each of 12 means has a t statistic with 7 degrees of freedom over 8 populations; false alarm of
    all together 1e-6. The prior's mean is tens of errors away for the numbers learnt about.
    """
    problem, slopes = linear()
    settings = replace(SETTINGS, n_populations=8)
    tree = calibrate(problem, settings).tree
    seen = np.array([t.observed for t in problem.targets])
    covariance = np.linalg.inv(np.eye(12) + slopes.T @ slopes / 0.25)
    mean = covariance @ slopes.T @ seen / 0.25
    draws = np.stack([tree["posterior"].to_dataset()[f"n{i}"].values for i in range(12)], axis=-1)
    by_population = draws.mean(axis=1)
    error = by_population.std(axis=0, ddof=1) / np.sqrt(8)
    assert (np.abs(by_population.mean(axis=0) - mean) < stats.t(7).isf(0.5e-6 / 12) * error).all()
    assert (error < 0.1).all()
    spread = draws.reshape(-1, 12).var(axis=0) / np.diag(covariance)
    assert (np.abs(spread - 1) < 0.25).all()
    law = stats.multivariate_normal(np.zeros(5), slopes @ slopes.T + 0.25 * np.eye(5))
    evidence = tree["sample_stats"].to_dataset().log_evidence.values
    assert abs(evidence.mean() - law.logpdf(seen)) < 5.4 * max(evidence.std(ddof=1), 0.05)


def test_ranks_of_the_truth_are_uniform() -> None:
    """Simulation-based calibration: 96 truths, ranks among 63 draws in 8 bins.

    Chi-squared with 7 degrees of freedom, false alarm 1e-6. Posteriors that are half as wide as
    they should be fill the outer bins with about 60 of 96, which is found with power near 1.
    """
    settings = SamplerSettings(n_particles=126, n_populations=1, seed=5)
    ranks = simulation_based_ranks(conjugate(), settings, 96)
    counts = np.histogram(ranks, bins=8, range=(0, 64))[0]
    assert ((counts - 12) ** 2 / 12).sum() < stats.chi2(7).isf(1e-6)


def test_diagnostics_of_a_good_and_a_bad_posterior() -> None:
    """Populations that agree pass; a population moved by one standard deviation does not."""
    tree = calibrate(conjugate(), SETTINGS).tree
    numbers = learnt(tree)
    assert not unreliable(numbers, SETTINGS.n_populations)
    assert 0.75 < numbers[0].narrowed < 0.85
    moved = tree["posterior"].to_dataset().copy(deep=True)
    moved.p.values[0] += moved.p.values.std()
    tree["posterior"] = xr.DataTree(moved)
    assert [n.name for n in unreliable(learnt(tree), SETTINGS.n_populations)] == ["p"]


def test_targets_that_contradict_each_other_are_named() -> None:
    """Each can be met alone, both together cannot: both are reported, none is averaged in."""
    problem = conjugate()
    contradicting = replace(
        problem,
        targets=(target("normal", 0.15, 0.005, "low"), target("normal", 0.40, 0.005, "high")),
        predict=lambda values: np.repeat(values, 2, axis=1),
    )
    found = conflicts(fits(calibrate(contradicting, SETTINGS).tree))
    assert {fit.name for fit in found} == {"low", "high"}
    assert not conflicts(fits(calibrate(problem, SETTINGS).tree))


def test_nonsense_is_refused_by_name() -> None:
    """A target that nothing in the prior comes near is not fitted."""
    nonsense = replace(conjugate(), targets=(target("normal", -1000, 0.05, "institutions"),))
    with pytest.raises(InputError, match=r"targets\.institutions: irreconcilable.*-1000"):
        calibrate(nonsense, SETTINGS)
    held_out = with_targets(nonsense, frozenset())
    tree = calibrate(held_out, SETTINGS).tree
    numbers = learnt(tree)
    assert abs(numbers[0].narrowed) < 0.2


def test_threads_and_interruptions_change_no_bit(tmp_path: Path) -> None:
    """One thread, four threads, and a calibration left half way give the same draws."""
    problem, _ = linear()
    settings = replace(SETTINGS, n_particles=100)
    whole = calibrate(problem, settings, n_threads=1).tree["posterior"].to_dataset()
    side_by_side = calibrate(problem, settings, n_threads=4).tree["posterior"].to_dataset()
    xr.testing.assert_identical(whole, side_by_side)
    seen: list[float] = []

    def stop_half_way(number: int, power: float) -> None:
        seen.append(power)
        if number == 1 and power > 0.05:
            raise KeyboardInterrupt

    state = tmp_path / "state"
    with pytest.raises(KeyboardInterrupt):
        calibrate(problem, settings, state=state, progress=stop_half_way, n_threads=1)
    began = len(seen)
    resumed = calibrate(problem, settings, state=state, n_threads=1, progress=lambda n, p:
                        seen.append(p))  # fmt: skip
    xr.testing.assert_identical(whole, resumed.tree["posterior"].to_dataset())
    assert state.exists()  # until its posterior is written
    anew: list[float] = []
    calibrate(problem, settings, n_threads=1, progress=lambda n, p: anew.append(p))
    assert len(seen) - began < len(anew)


def test_state_of_another_problem_is_not_used(tmp_path: Path) -> None:
    """What was kept for other targets is begun anew."""
    problem, settings = conjugate(), replace(SETTINGS, n_particles=100)
    state = tmp_path / "state"

    def stop(number: int, power: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(problem, settings, state=state, progress=stop, n_threads=1)
    other = replace(problem, targets=(target("binomial", 30, 60),))
    resumed = calibrate(other, settings, state=state).tree["posterior"].to_dataset()
    xr.testing.assert_identical(calibrate(other, settings).tree["posterior"].to_dataset(), resumed)


def test_left_out_target_is_predicted_as_without_it() -> None:
    """Reweighting agrees with a calibration that never saw the target.

    The medians differ by less than 6 of their errors, which at an effective share above 0.1 of
    2,000 draws are about 1.25 / sqrt(200) of a standard deviation.
    """
    problem, _ = linear()
    mild = replace(problem, targets=tuple(replace(t, spread=8.0) for t in problem.targets))
    left = leave_one_out(mild, calibrate(mild, SETTINGS).tree)
    for each in left:
        assert each.effective > 0.1
        others = frozenset(t.name for t in mild.targets) - {each.name}
        tree = calibrate(with_targets(mild, others), SETTINGS).tree
        expected = tree["posterior_expected"].to_dataset()[each.name].values
        error = expected.std() * 1.25 / np.sqrt(200)
        assert abs(np.median(expected) - each.expected[1]) < 6 * error


def test_file_is_read_by_arviz(tmp_path: Path) -> None:
    """The layout is ArviZ's: chain and draw, and groups by their names."""
    tree = calibrate(conjugate(), SETTINGS).tree
    write_tree(tree, tmp_path / "posterior.nc")
    read = xr.open_datatree(tmp_path / "posterior.nc", engine="h5netcdf")
    posterior = read["posterior"].to_dataset()
    assert posterior.sizes == {"chain": 4, "draw": 500}
    assert arviz_base.extract(read).sizes == {"sample": 2000}
    np.testing.assert_allclose(
        posterior.p.values, tree["posterior"].to_dataset().p.values, rtol=1e-6
    )
    assert {"prior", "posterior_predictive", "log_likelihood", "observed_data"} <= set(
        read.children
    )


def test_a_population_without_a_likelihood_is_an_error() -> None:
    """A model that runs nowhere is said so, instead of a division by zero."""
    problem = replace(conjugate(), predict=lambda values: np.full_like(values, np.nan))
    begin = Particles(np.zeros((4, 1)), np.full((4, 1), np.nan), np.full((4, 1), -np.inf))
    with pytest.raises(ValueError, match="no particle"):
        sample_population(problem, SETTINGS, 0, begin=begin)
