"""History matching: which targets the prior can meet at all, before anything is fitted.

Implausibility is how far a draw's expectation lies from the observation, in standard deviations.
A target that no draw of the prior comes near cannot be met: fitting would only drag all numbers
towards it, so the calibration is refused and the target named.

Source: Craig, Goldstein, Seheult and Smith, "Pressure matching for hydrocarbon reservoirs", in Case
Studies in Bayesian Statistics III (1997); the limit of 3 by Pukelsheim's rule, The American
Statistician 48 (1994).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.problem import CalibrationProblem
from stepdown.errors import InputError, Problem

__all__ = ["LIMIT", "Match", "match_history", "refuse_irreconcilable"]

Floats = NDArray[np.float64]

LIMIT = 3.0
"""Standard deviations beyond which a draw is implausible."""


@dataclass(frozen=True)
class Match:
    """How the prior meets one target."""

    target: str
    expected: tuple[float, float, float]
    """10, 50 and 90 % of what the prior expects, in the target's unit."""
    least: float
    """Implausibility of the draw that comes nearest, in standard deviations."""
    share: float
    """Share of the prior's draws that are not implausible by this target."""
    nearest: float
    """What the nearest draw expects."""


def match_history(problem: CalibrationProblem, predicted: Floats) -> tuple[Match, ...]:
    """Match draws of the prior with every target.

    Parameters
    ----------
    problem
        With its targets.
    predicted
        (draw, target). What draws of the prior expect.
    """
    implausible = problem.implausibilities(predicted)
    found = []
    for i, target in enumerate(problem.targets):
        own = predicted[np.isfinite(predicted[:, i]), i]
        low, middle, high = np.quantile(own, [0.1, 0.5, 0.9]) if own.size else [np.nan] * 3
        nearest = int(np.argmin(implausible[:, i]))
        found.append(
            Match(
                target.name,
                (float(low), float(middle), float(high)),
                float(implausible[nearest, i]),
                float((implausible[:, i] < LIMIT).mean()),
                float(predicted[nearest, i]),
            )
        )
    return tuple(found)


def refuse_irreconcilable(
    problem: CalibrationProblem, matches: tuple[Match, ...], file: str
) -> None:
    """Refuse targets that no draw of the prior comes near.

    Raises
    ------
    InputError
        Names every such target, what was observed and what the model can come to.
    """
    wrong = [
        Problem(
            file,
            0,
            f"targets.{target.name}",
            f"irreconcilable: observed {target.observed:g} {target.unit}, but of all draws of the "
            f"prior the nearest expects {match.nearest:g}, "
            f"{match.least:.1f} standard deviations off",
            f"some draw of the prior comes within {LIMIT:g} standard deviations of a target",
            "correct the target or its spread, widen the priors with a reason, or hold it out "
            "with used = false",
        )
        for target, match in zip(problem.targets, matches, strict=True)
        if target.is_used and match.least > LIMIT
    ]
    if wrong:
        raise InputError(wrong)
