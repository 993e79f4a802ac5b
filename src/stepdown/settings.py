"""What a run was asked to do, and what of it a result must say to be run again."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stepdown.errors import ParameterError
from stepdown.uniforms import N_SCRAMBLES

__all__ = [
    "N_CHILDREN",
    "RunSettings",
    "check_purpose",
    "replicates_for",
    "settings_attributes",
    "settings_coordinates",
]

N_CHILDREN = 1000
"""Expected children of a draw in a run for expectations, unless told otherwise."""


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
    purpose: str = "distribution"
    """"distribution" of a municipality's future, or "expectation": means alone, from a part of the
    children."""
    n_children: int | None = None
    """Expected children of a draw in a run for expectations; None in any other."""


def replicates_for(purpose: str, n_replicates: int | None) -> int:
    """Return the replicates asked for, or what a run of that purpose has if none were."""
    if n_replicates is not None:
        return n_replicates
    return 1 if purpose == "expectation" else 2


def check_purpose(run: RunSettings) -> None:
    """Refuse a purpose that does not exist, and what does not go with it.

    Raises
    ------
    ParameterError
        Names the argument, the rule and the fix.
    """
    if run.purpose not in ("distribution", "expectation"):
        raise ParameterError(
            f'purpose = {run.purpose!r}: must be "distribution" or "expectation". '
            'Write purpose = "distribution".'
        )
    children = run.n_children
    if run.purpose == "distribution":
        if children is not None:
            raise ParameterError(
                f"n_children = {children!r}: the distribution of a real budget needs the real "
                "number of children; a part of them goes with means alone. Leave out n_children, "
                'or write purpose = "expectation" (--for expectation).'
            )
        return
    if isinstance(children, bool) or not isinstance(children, int) or children < 1:
        raise ParameterError(
            f"n_children = {children!r}: must be a whole number above 0. "
            f"Write n_children = {N_CHILDREN}."
        )
    if run.luck == "common":
        raise ParameterError(
            'purpose = "expectation" gives means with their errors, and draws with luck in common '
            'have none. Write luck = "own".'
        )


def settings_attributes(run: RunSettings) -> dict[str, Any]:
    """Return the attributes of a result; of the precision only where one was asked for."""
    found: dict[str, Any] = {
        "seed": str(run.seed),
        "n_draws": run.n_draws,
        "n_replicates": run.n_replicates,
        "design": run.design,
        "luck": run.luck,
        "purpose": run.purpose,
    }
    if run.n_children is not None:
        found["n_children"] = run.n_children
    if run.precision_dkk is not None:
        found["precision_dkk"] = float(run.precision_dkk)
        found["headline_error_dkk"] = run.headline_error_dkk
    return found


def settings_coordinates(run: RunSettings) -> dict[str, Any]:
    """Return what the summaries must know of any figure of a run; nothing of a usual run.

    Which draws depend on each other, and whether figures are for expectations alone.
    """
    found: dict[str, Any] = {}
    if run.design == "sobol":
        found["scramble"] = ("draw", np.arange(run.n_draws) // (run.n_draws // N_SCRAMBLES))
    if run.luck == "common":
        found["luck"] = "common"
    if run.purpose == "expectation":
        found["purpose"] = "expectation"
    return found
