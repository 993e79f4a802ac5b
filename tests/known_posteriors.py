"""Small calibration problems whose answers are known."""

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.problem import CalibrationProblem, FreeNumber, Kind, Target
from stepdown.scenario.quantity import Label, Quantity

LABEL = Label(da="tal", en="number")


def target(kind: Kind, observed: float, spread: float, name: str = "seen") -> Target:
    """Return a target with nothing to say but its numbers."""
    return Target(name, LABEL, kind, observed, spread, "1", "made up", ())


def conjugate() -> CalibrationProblem:
    """Return prior Beta(2, 8) and 18 of 60 seen: the posterior is Beta(20, 50)."""
    prior = Quantity(
        distribution="beta", mean=0.2, sd=(0.2 * 0.8 / 11) ** 0.5, unit="share",
        assumption="Beta(2, 8)",
    )  # fmt: skip
    number = FreeNumber("p", prior, LABEL)
    return CalibrationProblem("conjugate", (number,), (target("binomial", 18, 60),), lambda v: v)


def linear(
    n_numbers: int = 12, n_targets: int = 5
) -> tuple[CalibrationProblem, NDArray[np.float64]]:
    """Return a linear model with normal targets, and its (target, number) matrix."""
    random = np.random.default_rng(3)
    slopes = random.normal(size=(n_targets, n_numbers))
    prior = Quantity(distribution="normal", mean=0, sd=1, unit="1", assumption="standard normal")
    numbers = tuple(FreeNumber(f"n{i}", prior, LABEL) for i in range(n_numbers))
    seen = tuple(
        target("normal", float(observed), 0.5, f"t{i}")
        for i, observed in enumerate(random.normal(size=n_targets) * 3)
    )
    return CalibrationProblem("linear", numbers, seen, lambda values: values @ slopes.T), slopes
