"""Checks of a calibration: is the method right, and what hangs on each target.

Decision: docs/decisions/0032-calibration.md.
"""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from stepdown.calibration.calibrate import Calibration, calibrate
from stepdown.calibration.likelihood import observations, probability_below
from stepdown.calibration.problem import CalibrationProblem
from stepdown.calibration.smc import SamplerSettings

__all__ = [
    "LeftOut",
    "back_cast",
    "leave_one_out",
    "simulation_based_ranks",
    "with_targets",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LeftOut:
    """What the posterior expects of a target when it is not learnt from."""

    name: str
    observed: float
    expected: tuple[float, float, float]
    """10, 50 and 90 %."""
    distance: float
    """Normal quantile of the predicted probability of less than was observed: how many standard
    deviations it lies above what the others predict."""
    effective: float
    """Effective share of the draws after reweighting; below 0.1 the figures say little."""


def with_targets(problem: CalibrationProblem, used: frozenset[str]) -> CalibrationProblem:
    """Return the problem with some targets learnt from and all others held out."""
    return replace(
        problem, targets=tuple(replace(t, is_used=t.name in used) for t in problem.targets)
    )


def back_cast(
    problem: CalibrationProblem, used: frozenset[str], settings: SamplerSettings
) -> Calibration:
    """Learn from some targets alone; the others are predicted, as if they lay ahead."""
    return calibrate(with_targets(problem, used), settings)


def leave_one_out(problem: CalibrationProblem, tree: xr.DataTree) -> tuple[LeftOut, ...]:
    """Predict each target from all others, by reweighting the posterior's draws.

    A draw's weight is the inverse of its likelihood of the target. Where few draws then carry the
    weight (`effective`), the target decided the posterior, and only another calibration without it
    can tell; `with_targets` makes that problem.
    """
    likelihoods = tree["log_likelihood"].to_dataset()
    expectations = tree["posterior_expected"].to_dataset()
    found = []
    for target in problem.targets:
        if not target.is_used:
            continue
        logs = -likelihoods[target.name].values.ravel()
        weights = np.exp(logs - special.logsumexp(logs))
        expected = expectations[target.name].values.ravel()
        order = np.argsort(expected)
        reached = np.cumsum(weights[order])
        bands = [float(expected[order][np.searchsorted(reached, q)]) for q in (0.1, 0.5, 0.9)]
        share = expected / target.spread if target.kind == "binomial" else expected
        below = weights @ probability_below(target.kind, target.observed, target.spread, share)
        found.append(
            LeftOut(
                target.name,
                target.observed,
                (bands[0], bands[1], bands[2]),
                float(special.ndtri(below)),
                float(1 / (weights**2).sum() / len(weights)),
            )
        )
    return tuple(found)


def simulation_based_ranks(
    problem: CalibrationProblem, settings: SamplerSettings, n_rounds: int, n_kept: int = 63
) -> NDArray[np.int64]:
    """Return ranks of the truth among posterior draws, uniform where the sampler is right.

    Each round draws the numbers from the prior, observations from them, and calibrates on those.

    Parameters
    ----------
    problem
        Its observed values are not used.
    settings
        Of the sampler; each round has a seed of its own.
    n_rounds
        How many truths.
    n_kept
        Posterior draws that a truth is ranked among, spread over the population.

    Returns
    -------
        (round, number) 0 to `n_kept`.

    Source: Talts, Betancourt, Simpson, Vehtari and Gelman, "Validating Bayesian inference
    algorithms with simulation-based calibration", arXiv:1804.06788 (2018).
    """
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((settings.seed, 1 << 33))))
    ranks = np.empty((n_rounds, len(problem.numbers)), np.int64)
    for number in range(n_rounds):
        truth = problem.values(random.standard_normal((1, len(problem.numbers))))
        expected = problem.predict(truth)
        seen = tuple(
            replace(t, observed=float(observations(t.kind, t.spread, expected[:, i], random)[0]))
            for i, t in enumerate(problem.targets)
        )
        own = replace(settings, seed=settings.seed + 1 + number)
        posterior = calibrate(replace(problem, targets=seen), own).tree["posterior"].to_dataset()
        for i, each in enumerate(problem.numbers):
            draws = posterior[each.name].values.ravel()
            kept = draws[np.linspace(0, draws.size - 1, n_kept).round().astype(int)]
            ranks[number, i] = int((kept < truth[0, i]).sum())
    return ranks
