"""Numbers with a unit and a source: a value or a distribution, never a bare figure.

Distributions are described here and drawn in `stepdown.parameters`, so that checking a file needs
no numerical library.
"""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from stepdown.files.model import FileModel

__all__ = ["Name", "Provenance", "Quantity", "YearRow"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
EvidenceKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
Distribution = Literal["normal", "lognormal", "uniform", "triangular", "beta", "gamma"]

_NEEDS: dict[str, tuple[str, ...]] = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "low", "high"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "beta": ("mean", "sd"),
    "gamma": ("mean", "sd"),
}
_SHAPES = ("mean", "sd", "median", "mode", "low", "high")


class Provenance(FileModel):
    """Where a figure comes from: a record of evidence, or the word assumption with its reason."""

    source: EvidenceKey | tuple[EvidenceKey, ...] | None = Field(
        None, description="Key of the evidence record it rests on: file/figure, or a list of them."
    )
    assumption: str | None = Field(
        None, min_length=8, description="Why this figure is assumed, where no source gives it."
    )
    note: str | None = Field(None, description="A word to the reader.")

    @property
    def sources(self) -> tuple[str, ...]:
        """The evidence keys, as a tuple."""
        if self.source is None:
            return ()
        return (self.source,) if isinstance(self.source, str) else self.source

    @model_validator(mode="after")
    def _has_provenance(self) -> Self:
        if not self._is_reference() and not self.sources and self.assumption is None:
            raise ValueError(
                "has neither source nor assumption; every figure names its evidence or says that "
                'it is assumed. Fix: add source = "file/figure" or assumption = "why"'
            )
        return self

    def _is_reference(self) -> bool:
        return False


class Quantity(Provenance):
    """A number: one value, a distribution, a record of evidence, or a shared parameter."""

    value: float | None = Field(None, description="The number, where it is taken as known.")
    distribution: Distribution | None = Field(None, description="How it is uncertain.")
    mean: float | None = Field(None, description="Mean (normal, beta, gamma).")
    sd: float | None = Field(None, description="Standard deviation (normal, beta, gamma).")
    median: float | None = Field(None, description="Median (lognormal).")
    mode: float | None = Field(None, description="Most likely value (triangular).")
    low: float | None = Field(
        None, description="Smallest value (uniform, triangular); 2.5 % quantile (lognormal)."
    )
    high: float | None = Field(
        None, description="Largest value (uniform, triangular); 97.5 % quantile (lognormal)."
    )
    unit: str | None = Field(None, description='Unit, such as "DKK per child and year".')
    price_year: int | None = Field(None, description="Year of the prices, for money.")
    from_evidence: EvidenceKey | None = Field(
        None, description="Take value, unit and price year from this record."
    )
    parameter: Name | None = Field(None, description="Use the shared parameter of this name.")

    def _is_reference(self) -> bool:
        return self.from_evidence is not None or self.parameter is not None

    @property
    def is_money(self) -> bool:
        """Whether the unit is kroner."""
        return self.unit is not None and "DKK" in self.unit

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        ways = ("value", "distribution", "from_evidence", "parameter")
        given = [way for way in ways if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(
                f"gives {' and '.join(given) or 'no number'}; a quantity is exactly one of value, "
                "distribution, from_evidence or parameter. Fix: keep one of them"
            )
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"value = {self.value} is not finite. Fix: write a number")
        if self._is_reference():
            return self
        if self.unit is None:
            raise ValueError('has no unit. Fix: add unit = "..." (unit = "ratio" for a factor)')
        if self.is_money and self.price_year is None:
            raise ValueError(
                f"is money ({self.unit}) without a price year, so it cannot be indexed. "
                "Fix: add price_year = 2018"
            )
        if self.distribution is not None:
            self._check_shape(self.distribution)
        return self

    def _check_shape(self, kind: str) -> None:
        needs = _NEEDS[kind]
        given = tuple(name for name in _SHAPES if getattr(self, name) is not None)
        if set(given) != set(needs):
            raise ValueError(
                f"a {kind} distribution is given by {', '.join(needs)}, here stand "
                f"{', '.join(given) or 'none'}. Fix: give exactly {', '.join(needs)}"
            )
        problem = _impossible(kind, {name: float(getattr(self, name)) for name in needs})
        if problem:
            raise ValueError(f"impossible {kind} distribution: {problem}")


def _impossible(kind: str, shape: dict[str, float]) -> str | None:
    """Return what makes the parameters of a distribution impossible, or None."""
    if not all(math.isfinite(number) for number in shape.values()):
        return "every parameter must be finite. Fix: write numbers"
    if shape.get("sd", 1.0) <= 0:
        return f"sd = {shape['sd']} must be > 0. Fix: write value instead if it is certain"
    order = [shape[name] for name in ("low", "median", "mode", "high") if name in shape]
    if order != sorted(order) or ("low" in shape and shape["low"] == shape["high"]):
        return f"low, middle and high must rise, here {order}. Fix: put them in order"
    if kind == "lognormal" and shape["low"] <= 0:
        return f"low = {shape['low']} must be > 0. Fix: use normal for a number that may be <= 0"
    if kind == "gamma" and shape["mean"] <= 0:
        return f"mean = {shape['mean']} must be > 0. Fix: use normal"
    if kind == "beta":
        mean, sd = shape["mean"], shape["sd"]
        if not 0 < mean < 1 or sd * sd >= mean * (1 - mean):
            return (
                f"mean = {mean} must be inside (0, 1) and sd = {sd} below "
                "sqrt(mean x (1 - mean)). Fix: lower sd"
            )
    return None


class YearRow(Provenance):
    """A row of a budget table: an amount for each year, in one price level."""

    by_year: dict[str, float] = Field(description='Amounts by year, such as { "2018" = 250_000 }.')
    after: Literal["repeat", "zero"] = Field(
        "zero", description="What holds after the last year: the last amount again, or nothing."
    )
    unit: Literal["DKK per year"] = Field(description="Kroner a year.")
    price_year: int = Field(description="Year of the prices.")

    @model_validator(mode="after")
    def _years_are_years(self) -> Self:
        for year in self.by_year:
            if not (len(year) == 4 and year.isdigit()):
                raise ValueError(f'"{year}" is not a year. Fix: write "2018" = 250_000')
        if not self.by_year:
            raise ValueError('has no year. Fix: write by_year = { "2018" = 250_000 }')
        return self

    def amount(self, year: int) -> float:
        """Return the amount of a year, following `after` beyond the last."""
        if str(year) in self.by_year:
            return self.by_year[str(year)]
        last = max(self.by_year)
        return self.by_year[last] if self.after == "repeat" and year > int(last) else 0.0
