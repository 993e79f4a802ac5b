"""The conductor: prior -> history matching -> populations side by side -> posterior.

Decision: docs/decisions/0032-calibration.md.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from os import cpu_count
from pathlib import Path

import numpy as np
import xarray as xr

from stepdown.calibration.history import Match, match_history, refuse_irreconcilable
from stepdown.calibration.posterior import posterior_tree
from stepdown.calibration.problem import CalibrationProblem
from stepdown.calibration.smc import (
    Particles,
    SamplerSettings,
    first_particles,
    sample_population,
)
from stepdown.calibration.state import StateFolder
from stepdown.errors import RunError

__all__ = ["Calibration", "calibrate"]


@dataclass(frozen=True)
class Calibration:
    """What a calibration found."""

    problem: CalibrationProblem
    settings: SamplerSettings
    matches: tuple[Match, ...]
    """How the prior meets each target."""
    tree: xr.DataTree
    """Posterior, prior and predictions, in ArviZ's layout."""


def calibrate(
    problem: CalibrationProblem,
    settings: SamplerSettings | None = None,
    *,
    state: Path | None = None,
    progress: Callable[[int, float], None] = lambda number, power: None,
    n_threads: int | None = None,
) -> Calibration:
    """Learn about the free numbers of a problem from its targets.

    Parameters
    ----------
    problem
        Numbers, targets and the model between them.
    settings
        Of the sampler.
    state
        Folder that keeps what is done, so that a calibration that was interrupted goes on. It is
        used only by the very same problem, settings and version, and is left to the caller: who
        writes the posterior removes it then, with `forget_state`.
    progress
        Called with the number of a population and the power it has come to, 0 to 1.
    n_threads
        Populations side by side; by default one per processor. No bit depends on it.

    Raises
    ------
    InputError
        A target cannot be met anywhere in the prior.
    RunError
        The model can be run for no draw of the prior, or the disk of the state is full.
    """
    settings = settings or SamplerSettings()
    priors = [first_particles(problem, settings, n) for n in range(settings.n_populations)]
    predicted = np.concatenate([prior.predicted for prior in priors])
    matches = match_history(problem, predicted)
    refuse_irreconcilable(problem, matches, problem.name)
    kept = StateFolder(state, _fingerprint(problem, settings))

    def run(number: int) -> Particles:
        def after_step(particles: Particles) -> None:
            kept.save(number, particles)
            progress(number, particles.power)

        begin = kept.load(number) or priors[number]
        return sample_population(problem, settings, number, begin=begin, after_step=after_step)

    with ThreadPoolExecutor(n_threads or cpu_count() or 1) as pool:
        try:
            found = list(pool.map(run, range(settings.n_populations)))
        except ValueError as error:
            raise RunError(f"{problem.name}: {error}. Widen the priors.") from error
    return Calibration(problem, settings, matches, posterior_tree(problem, settings, priors, found))


def _fingerprint(problem: CalibrationProblem, settings: SamplerSettings) -> str:
    """Return what must be the same for a calibration to go on where it was left."""
    said = "\0".join(
        [problem.name, problem.provenance, repr(asdict(settings)),
         *(repr(asdict(number)) for number in problem.numbers),
         *(repr(asdict(target)) for target in problem.targets)]
    )  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()
