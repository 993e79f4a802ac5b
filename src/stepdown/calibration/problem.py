"""What a calibration is given: free numbers with priors, targets with errors, and a model.

Every free number stands for one standard normal: its prior is a quantile function, so the sampler
works where all numbers are alike, and a posterior keeps within the prior's support.

Decision: docs/decisions/0032-calibration.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from stepdown.calibration.likelihood import (
    implausibility,
    log_likelihood,
    slope_and_curvature,
    stretched,
)
from stepdown.errors import ParameterError, nearest
from stepdown.parameters import quantile
from stepdown.scenario.quantity import Label, Quantity

__all__ = ["CalibrationProblem", "Derived", "FreeNumber", "Kind", "Target"]

Floats = NDArray[np.float64]
Kind = Literal["normal", "lognormal", "binomial", "negative_binomial"]


@dataclass(frozen=True)
class FreeNumber:
    """A number to be learnt about."""

    name: str
    prior: Quantity
    """What is believed before any target: a distribution."""
    label: Label

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the evidence that the prior rests on."""
        return self.prior.sources


@dataclass(frozen=True)
class Derived:
    """A number that follows from free ones: what holds in one municipality, mean + spread x z."""

    name: str
    mean: str
    """Name of the free number that holds on average."""
    spread: str
    """Name of the spread between municipalities."""
    z: str
    """Name of the municipality's own standard normal."""


@dataclass(frozen=True)
class Target:
    """One observation, and how far from it a right model may be."""

    name: str
    label: Label
    kind: Kind
    observed: float
    """In `unit`; for counts the number counted."""
    spread: float
    """normal: standard error in `unit`; lognormal: standard error of the logarithm; binomial: out
    of how many; negative_binomial: standard deviation of the logarithm of the mean between teams,
    on top of the counting."""
    unit: str
    reason: str
    """Why this spread."""
    sources: tuple[str, ...]
    """Keys of the evidence."""
    is_used: bool = True
    """False: held out, predicted and compared but not learnt from."""


@dataclass(frozen=True)
class CalibrationProblem:
    """Free numbers, targets, and the model between them."""

    name: str
    numbers: tuple[FreeNumber, ...]
    targets: tuple[Target, ...]
    predict: Callable[[Floats], Floats]
    """(draw, number) values -> (draw, target) expected observations, in the targets' units; a
    share for binomial targets. nan where the model cannot be run."""
    derived: tuple[Derived, ...] = ()
    provenance: str = ""
    """Text of the target file and of the scenarios behind the model: what a resumed calibration
    must agree with."""

    def values(self, z: Floats) -> Floats:
        """Turn (draw, number) standard normals into values of the numbers."""
        u = np.clip(special.ndtr(z), 2.0**-53, 1 - 2.0**-53)
        columns = [
            np.full(len(z), float(number.prior.value))
            if number.prior.value is not None
            else quantile(number.prior, u[:, i])
            for i, number in enumerate(self.numbers)
        ]
        return np.column_stack(columns) if columns else np.empty((len(z), 0))

    def implausibilities(self, predicted: Floats) -> Floats:
        """Return (draw, target) implausibilities; infinite where the model cannot be run."""
        found = np.full(predicted.shape, np.inf)
        for i, target in enumerate(self.targets):
            known = np.isfinite(predicted[:, i])
            found[known, i] = implausibility(target.kind, target.observed, target.spread,
                                             predicted[known, i])  # fmt: skip
        return found

    def with_fixed(self, fixed: Mapping[str, float]) -> "CalibrationProblem":
        """Return the problem with some numbers held at a value, as if it were known.

        Raises
        ------
        ParameterError
            There is no such number; names those there are.
        """
        known = [number.name for number in self.numbers]
        for name in fixed:
            if name not in known:
                near = nearest(name, known)
                raise ParameterError(
                    f"{name}: no number of calibration {self.name} is called so. "
                    + (f"Did you mean {near}?" if near else f"It has {', '.join(known)}.")
                )
        numbers = tuple(
            replace(number, prior=_known(number.prior, fixed[number.name]))
            if number.name in fixed
            else number
            for number in self.numbers
        )
        return replace(self, numbers=numbers)

    def log_likelihoods(self, predicted: Floats) -> Floats:
        """Return (draw, target) log likelihoods; -inf where the model cannot be run."""
        found = np.full(predicted.shape, -np.inf)
        for i, target in enumerate(self.targets):
            known = np.isfinite(predicted[:, i])
            found[known, i] = log_likelihood(target.kind, target.observed, target.spread,
                                             predicted[known, i])  # fmt: skip
        return found

    def stretched(self, predicted: Floats) -> Floats:
        """Return (draw, target) expectations on scales on which observations have variance 1."""
        columns = [stretched(t.kind, t.spread, predicted[:, i]) for i, t in enumerate(self.targets)]
        return np.column_stack(columns) if columns else np.empty((len(predicted), 0))

    def slopes_and_curvatures(self, at: Floats) -> Floats:
        """Return (target, 2) derivatives of the log likelihoods by such expectations."""
        pairs = zip(self.targets, at, strict=True)
        found = [slope_and_curvature(t.kind, t.observed, t.spread, float(a)) for t, a in pairs]
        return np.array(found).reshape(len(self.targets), 2)

    def in_units(self, predicted: Floats) -> Floats:
        """Return (draw, target) expected observations in the targets' units, counts as counts."""
        return predicted * [t.spread if t.kind == "binomial" else 1.0 for t in self.targets]

    @property
    def used(self) -> NDArray[np.bool_]:
        """(target). Which targets are learnt from."""
        return np.array([target.is_used for target in self.targets], dtype=np.bool_)


def _known(prior: Quantity, value: float) -> Quantity:
    return Quantity(
        value=value, unit=prior.unit, price_year=prior.price_year, assumption="held at this value"
    )
