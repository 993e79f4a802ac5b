"""What a run was asked to do, and what of it a result must say to be run again."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stepdown.uniforms import N_SCRAMBLES

__all__ = ["RunSettings", "settings_attributes", "settings_coordinates"]


@dataclass(frozen=True)
class RunSettings:
    """What a run was asked to do."""

    n_draws: int
    n_replicates: int
    seed: int
    design: str = "independent"
    """"independent" or "sobol"."""
    luck: str = "own"
    """"own" luck of each draw, or "common" to all."""
    precision_dkk: float | None = None
    """Monte Carlo error of the headline that was asked for."""
    headline_error_dkk: float | None = None
    """The error it came to, where one was asked for."""


def settings_attributes(run: RunSettings) -> dict[str, Any]:
    """Return the attributes of a result; of the precision only where one was asked for."""
    found: dict[str, Any] = {
        "seed": str(run.seed),
        "n_draws": run.n_draws,
        "n_replicates": run.n_replicates,
        "design": run.design,
        "luck": run.luck,
    }
    if run.precision_dkk is not None:
        found["precision_dkk"] = float(run.precision_dkk)
        found["headline_error_dkk"] = run.headline_error_dkk
    return found


def settings_coordinates(run: RunSettings) -> dict[str, Any]:
    """Return what tells the summaries which draws depend on each other; none of a usual run."""
    found: dict[str, Any] = {}
    if run.design == "sobol":
        found["scramble"] = ("draw", np.arange(run.n_draws) // (run.n_draws // N_SCRAMBLES))
    if run.luck == "common":
        found["luck"] = "common"
    return found
