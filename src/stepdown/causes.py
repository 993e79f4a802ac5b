"""Budget lines that share a cause: one factor behind their realised shares and their delays.

A Gaussian copula of one factor, by draw: with rho the correlation of the cause, Z its factor and E
the number's own normal score,

    score = sqrt(rho) * Z + sqrt(1 - rho) * E        of a realised share,
    score = -sqrt(rho) * Z + sqrt(1 - rho) * E       of a delay,

so shares rise together, delays rise together, and what goes well comes sooner. The uniforms behind
Z and E are keyed by the names of the cause and of the number: another line changes no draw.

Decision: docs/decisions/0013-budget-lines.md.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special

from stepdown.scenario.model import Scenario

__all__ = ["caused_uniforms", "factor_names"]

Floats = NDArray[np.float64]

_SIGN = {"realised_share": 1.0, "delay_months": -1.0}


def factor_names(scenario: Scenario) -> list[str]:
    """Return the names that the causes' factors are keyed by, which are no names of numbers."""
    return [f"causes.{name}" for name in scenario.causes]


def caused_uniforms(
    scenario: Scenario, uniforms: Mapping[str, Floats], correlation: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return the uniforms of the numbers that a cause correlates, instead of their own.

    Parameters
    ----------
    uniforms
        (draw) inside (0, 1), independent, by name of a number or of a factor.
    correlation
        (draw) in [0, 1], by cause.
    """
    found = {}
    for line_name, line in scenario.budget_lines.items():
        if line.cause is None:
            continue
        rho = correlation[line.cause]
        factor = special.ndtri(uniforms[f"causes.{line.cause}"])
        for key, sign in _SIGN.items():
            name = f"budget_lines.{line_name}.{key}"
            if name in uniforms:
                own = special.ndtri(uniforms[name])
                score = sign * np.sqrt(rho) * factor + np.sqrt(1 - rho) * own
                found[name] = np.asarray(special.ndtr(score))
    return found
