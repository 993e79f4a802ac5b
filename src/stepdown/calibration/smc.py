"""Sequential Monte Carlo: particles of the prior carried to the posterior by tempering.

Every particle is a vector of standard normals, so the prior is alike in all directions. The
likelihood is raised to a power that grows from 0 to 1 in steps that keep half the effective
particles. After each step the particles are resampled and moved by preconditioned Crank-Nicolson
proposals about the particles' own mean and covariance, until they have forgotten where they were.

Populations share nothing, so what differs between them tells whether each has converged.

Source: Del Moral, Doucet and Jasra, "Sequential Monte Carlo samplers", JRSS B 68 (2006); Cotter,
Roberts, Stuart and White, "MCMC methods for functions", Statistical Science 28 (2013).
Decision: docs/decisions/0032-calibration.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

from stepdown.calibration.problem import CalibrationProblem

__all__ = ["Particles", "SamplerSettings", "first_particles", "sample_population"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SamplerSettings:
    """How a calibration samples."""

    n_particles: int = 400
    """In each population."""
    n_populations: int = 4
    seed: int = 1
    kept: float = 0.5
    """Effective share of the particles after a step of tempering."""
    forgotten: float = 0.5
    """On the way, moves go on until no number correlates with where it was by more than this and
    two standard errors of a correlation."""
    forgotten_at_last: float = 0.1
    """The same at the posterior, where siblings must become strangers."""
    most_moves: int = 100
    """After each step, at most."""


@dataclass(frozen=True)
class Particles:
    """A population on its way from prior (power 0) to posterior (power 1)."""

    z: Floats
    """(particle, number) standard normals."""
    predicted: Floats
    """(particle, target) expected observations."""
    log_likelihoods: Floats
    """(particle, target), of all targets, held out ones too."""
    power: float = 0.0
    step: int = 0
    scale: float = 0.9
    """Of the proposals: 1 forgets at once, 0 stays."""
    log_evidence: float = 0.0
    history: tuple[tuple[float, float, int, float], ...] = field(default=())
    """By step: power, share of proposals accepted, rounds of moves, largest correlation left."""


def first_particles(
    problem: CalibrationProblem, settings: SamplerSettings, number: int
) -> Particles:
    """Return a population of the prior."""
    random = _random(settings, number, 0)
    z = random.standard_normal((settings.n_particles, len(problem.numbers)))
    return _judged(problem, z)


def sample_population(
    problem: CalibrationProblem,
    settings: SamplerSettings,
    number: int,
    *,
    begin: Particles | None = None,
    after_step: Callable[[Particles], None] = lambda _: None,
) -> Particles:
    """Carry one population from the prior, or from where it was left, to the posterior.

    Parameters
    ----------
    problem, settings
        What to learn, and how.
    number
        Of the population: it settles the random numbers, step by step, so a population that was
        left and taken up again gives the same bits.
    begin
        Where it was left; None for the prior.
    after_step
        Called with the population after each step.

    Raises
    ------
    ValueError
        No particle has a finite likelihood.
    """
    now = first_particles(problem, settings, number) if begin is None else begin
    if begin is None:
        after_step(now)
    while now.power < 1:
        now = _step(problem, settings, now, _random(settings, number, now.step + 1))
        after_step(now)
    return now


def _step(
    problem: CalibrationProblem,
    settings: SamplerSettings,
    now: Particles,
    random: np.random.Generator,
) -> Particles:
    """Raise the power, resample, and move."""
    likelihood = now.log_likelihoods[:, problem.used].sum(axis=1)
    if not np.isfinite(likelihood).any():
        raise ValueError("no particle of the prior can be run and meets the targets at all")
    power = _next_power(likelihood, now.power, settings.kept)
    logs = (power - now.power) * likelihood
    weights = np.exp(logs - special.logsumexp(logs))
    chosen = _systematic(weights, random)
    evidence = now.log_evidence + float(special.logsumexp(logs) - np.log(len(logs)))
    raised = replace(
        now,
        z=now.z[chosen],
        predicted=now.predicted[chosen],
        log_likelihoods=now.log_likelihoods[chosen],
        power=power,
        step=now.step + 1,
        log_evidence=evidence,
    )
    shape = _linearised(problem, now, weights, power)
    return _moved(problem, settings, raised, shape, random)


def _moved(
    problem: CalibrationProblem,
    settings: SamplerSettings,
    now: Particles,
    shape: tuple[Floats, Floats],
    random: np.random.Generator,
) -> Particles:
    """Move the particles until they have forgotten where they were."""
    begin, accepted, left = now.z, [], 1.0
    wanted = settings.forgotten if now.power < 1 else settings.forgotten_at_last
    enough = wanted + 2 / np.sqrt(len(begin))
    for _ in range(settings.most_moves):
        now, share = _proposed(problem, now, shape, random)
        accepted.append(share)
        # Longer ways while most proposals are taken, shorter ones while most are refused.
        scale = float(np.clip(now.scale * np.exp(share - 0.4), 0.02, 0.95))
        now = replace(now, scale=scale)
        left = _correlation(begin, now.z)
        if left < enough:
            break
    line = (now.power, float(np.mean(accepted)), len(accepted), left)
    return replace(now, history=(*now.history, line))


def _proposed(
    problem: CalibrationProblem,
    now: Particles,
    shape: tuple[Floats, Floats],
    random: np.random.Generator,
) -> tuple[Particles, float]:
    """Propose a new place for every particle once; return the share that went there."""
    centre, root = shape
    about = now.z - centre
    noise = random.standard_normal(now.z.shape) @ root.T
    place = centre + np.sqrt(1 - now.scale**2) * about + now.scale * noise
    there = _judged(problem, place)
    # The proposal keeps the normal (centre, root root'), so only what differs from it counts.
    gain = _weight(problem, there, now.power, shape) - _weight(problem, now, now.power, shape)
    with np.errstate(over="ignore"):
        goes = np.log(random.random(len(place))) < np.nan_to_num(gain, nan=-np.inf)
    taken = replace(
        now,
        z=np.where(goes[:, None], there.z, now.z),
        predicted=np.where(goes[:, None], there.predicted, now.predicted),
        log_likelihoods=np.where(goes[:, None], there.log_likelihoods, now.log_likelihoods),
    )
    return taken, float(goes.mean())


def _weight(
    problem: CalibrationProblem, at: Particles, power: float, shape: tuple[Floats, Floats]
) -> Floats:
    """Return the log of tempered posterior over the normal that proposals keep, (particle)."""
    centre, root = shape
    whitened = linalg.solve_triangular(root, (at.z - centre).T)
    likelihood = at.log_likelihoods[:, problem.used].sum(axis=1)
    found: Floats = power * likelihood - (at.z**2).sum(axis=1) / 2 + (whitened**2).sum(axis=0) / 2
    return found


def _judged(problem: CalibrationProblem, z: Floats) -> Particles:
    predicted = problem.predict(problem.values(z))
    return Particles(z, predicted, problem.log_likelihoods(predicted))


def _next_power(likelihood: Floats, power: float, kept: float) -> float:
    """Return the power at which the effective share of the particles is `kept`, at most 1."""

    def share(trial: float) -> float:
        logs = (trial - power) * likelihood
        logs = np.where(np.isfinite(logs), logs, -np.inf)
        weights = np.exp(logs - special.logsumexp(logs))
        return float(1 / (weights**2).sum() / len(weights))

    if share(1.0) >= kept:
        return 1.0
    low, high = power, 1.0
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if share(middle) >= kept else (low, middle)
    return max(low, power + 1e-9)


def _systematic(weights: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """Return the particles chosen, copies of one beside each other."""
    places = (np.arange(len(weights)) + random.random()) / len(weights)
    reached = np.cumsum(weights)
    reached[-1] = 1.0
    return np.searchsorted(reached, places).astype(np.int64)


def _linearised(
    problem: CalibrationProblem, now: Particles, weights: Floats, power: float
) -> tuple[Floats, Floats]:
    """Return mean and root of the covariance of the tempered posterior, were the model linear.

    Expectations are regressed on the particles, on scales on which observations have variance 1,
    and each log likelihood is taken as a parabola about the particles' mean expectation: slope g
    and curvature -c. With slopes J of the expectations and the particles' mean m, the posterior at
    a power is then normal with precision P = I + power J'cJ and mean P^-1 power J'(g + cJm): a
    covariance that is right in the few directions that the targets speak of, and the prior's in
    all others, where that of a few hundred particles would be noise.
    """
    expected = problem.stretched(now.predicted)[:, problem.used]
    known = np.isfinite(expected).all(axis=1)
    own = weights[known] / weights[known].sum()
    middle, place = own @ expected[known], own @ now.z[known]
    design = (now.z[known] - place) * np.sqrt(own)[:, None]
    # A trace of the identity keeps the regression solvable where particles have drawn together.
    ridge = 1e-8 * np.eye(design.shape[1])
    around = (expected[known] - middle) * np.sqrt(own)[:, None]
    slopes = linalg.solve(design.T @ design + ridge, design.T @ around, assume_a="pos").T
    at = np.zeros(len(problem.targets))
    at[problem.used] = middle
    gain, curvature = problem.slopes_and_curvatures(at)[problem.used].T
    # Where the log likelihood bends upwards, as that of a count of 0 does, only its slope is used.
    held = np.maximum(-curvature, 0.0)
    precision = np.eye(now.z.shape[1]) + power * (slopes.T * held) @ slopes
    root: Floats = linalg.solve_triangular(linalg.cholesky(precision), np.eye(len(precision)))
    pull = power * slopes.T @ (gain + held * (slopes @ place))
    return root @ (root.T @ pull), root


def _correlation(before: Floats, after: Floats) -> float:
    """Return the largest correlation of a number with what it was, over the numbers."""
    a, b = before - before.mean(axis=0), after - after.mean(axis=0)
    size = np.sqrt((a**2).sum(axis=0) * (b**2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(size > 0, (a * b).sum(axis=0) / size, 0.0)
    return float(found.max(initial=0.0))


def _random(settings: SamplerSettings, number: int, step: int) -> np.random.Generator:
    """Return the random numbers of one step of one population, whatever was computed before."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(
        (settings.seed, number, step)
    )))  # fmt: skip
