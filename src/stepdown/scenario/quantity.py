"""Numbers with a unit and a source: a value or a distribution, never a bare figure.

Distributions are described here and drawn in `stepdown.parameters`, so that checking a file needs
no numerical library.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from stepdown.files.kroner import ASK_PRICE_YEAR
from stepdown.files.model import Fault, FaultsError, FileModel
from stepdown.files.types import Form
from stepdown.files.words import amount_text

__all__ = [
    "EvidenceKey",
    "Label",
    "Name",
    "Provenance",
    "Quantity",
    "StrategyName",
    "Year",
    "YearRow",
    "YearText",
]

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$"),
    Form("a name has lower-case letters a-z, digits and _, and begins with a letter", '"own_name"'),
]
StrategyName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$"),
    Form(
        "a strategy's name has lower-case letters a-z, digits, _ and, in a grid, -",
        '"own_name"',
    ),
]
EvidenceKey = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$"),
    Form("a source is the key file/figure of a file of evidence, in lower case", '"file/figure"'),
]
Year = Annotated[int, Field(ge=1900, le=2200), Form("a year is wanted", "2018")]
YearText = Annotated[
    str,
    StringConstraints(pattern=r"^(19|20|21)[0-9]{2}$"),
    Form("a year has four digits, from 1900 on", '"2018"'),
]
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
_SHOWN = 3  # of the years that a row lacks
_LEAST_SHAPE = 0.01  # of a beta; below it nearly all of it lies on 0 and 1 themselves
_WAYS = ("value", "distribution", "from_evidence", "parameter")


class Label(FileModel):
    """The same words in Danish and English."""

    example: ClassVar[str] = '{ da = "...", en = "..." }'

    da: str = Field(description="Danish.")
    en: str = Field(description="English.")


class Provenance(FileModel):
    """Where a figure comes from: a record of evidence, or the word assumption with its reason."""

    is_figure: ClassVar[bool] = True

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
    def _is_sound(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise FaultsError(faults)
        return self

    def _faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the figure as a whole."""
        if not self._is_reference() and not self.sources and self.assumption is None:
            yield Fault(
                "neither source nor assumption",
                "every figure names its evidence, or says that it is assumed and why",
                'add source = "file/figure" or assumption = "why this number"',
            )

    def _is_reference(self) -> bool:
        return False


class Quantity(Provenance):
    """A number: one value, a distribution, a record of evidence, or a shared parameter."""

    example: ClassVar[str] = '{ value = 0.1, unit = "...", source = "file/figure" }'
    counted: ClassVar[tuple[str, ...]] = ("value", *_SHAPES)

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
    price_year: Year | None = Field(None, description="Year of the prices, for money.")
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

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        given = [way for way in _WAYS if getattr(self, way) is not None]
        if len(given) != 1:
            yield Fault(
                " and ".join(given) or "no number",
                f"a quantity is exactly one of {', '.join(_WAYS)}",
                "keep one of them" if given else "add value = NUMBER",
            )
        elif self._is_reference():
            yield from self._beside_reference(given[0])
        else:
            yield from self._unit_faults()
            yield from _shape_faults(self)

    def _beside_reference(self, way: str) -> Iterator[Fault]:
        numbers = ("unit", "price_year", *_SHAPES, *(("source",) if self.from_evidence else ()))
        beside = [name for name in numbers if getattr(self, name) is not None]
        if beside:
            yield Fault(
                f"{', '.join(beside)} beside {way}",
                "number, unit and price year all come from what is named",
                f"remove {', '.join(beside)}",
            )

    def _unit_faults(self) -> Iterator[Fault]:
        if self.unit is None:
            yield Fault(
                "no unit", "every number has a unit", 'add unit = "..." (a factor: unit = "ratio")'
            )
        if self.is_money and self.price_year is None:
            yield Fault(
                f'money ("{self.unit}") without a price year',
                "amounts of different years are made comparable by their price year",
                ASK_PRICE_YEAR,
            )


def _shape_faults(quantity: Quantity) -> Iterator[Fault]:
    """Yield what is wrong with the numbers of a distribution."""
    kind = quantity.distribution
    given = [name for name in _SHAPES if getattr(quantity, name) is not None]
    if kind is None:
        if given:
            yield Fault(
                f"{', '.join(given)} beside value",
                "a value is one number; a range of numbers is a distribution",
                f"remove {', '.join(given)}, or write distribution = ... instead of value",
            )
        return
    needs = _NEEDS[kind]
    if set(given) != set(needs):
        yield Fault(
            f"a {kind} distribution with {', '.join(given) or 'no numbers'}",
            f"it is given by {', '.join(needs)}",
            "write " + ", ".join(f"{name} = ..." for name in needs),
        )
        return
    fault = _impossible(kind, {name: float(getattr(quantity, name)) for name in needs})
    if fault is not None:
        yield fault


def _impossible(kind: str, shape: dict[str, float]) -> Fault | None:
    """Return what makes the numbers of a distribution impossible, or None."""
    said = (f"{name} = {amount_text(value)}" for name, value in shape.items())
    what = f"{kind} with " + ", ".join(said)
    rule, fix = _out_of_order(shape) or _out_of_range(kind, shape) or ("", "")
    return Fault(what, rule, fix) if rule else None


def _out_of_order(shape: dict[str, float]) -> tuple[str, str] | None:
    """Return the rule and the fix for numbers that do not rise, or None."""
    rising = [name for name in ("low", "median", "mode", "high") if name in shape]
    order = [shape[name] for name in rising]
    if order and order[0] == order[-1]:
        return "low is below high", f"write value = {amount_text(order[0])} if it is certain"
    if order != sorted(order):
        # Low and high may have changed places. What else is wrong, only the writer knows.
        proper = dict(zip(rising, [order[-1], *order[1:-1], order[0]], strict=True))
        fix = "write " + ", ".join(f"{name} = {amount_text(v)}" for name, v in proper.items())
        if list(proper.values()) != sorted(order):
            fix = f"give {', '.join(rising)} in rising order"
        return " <= ".join(rising), fix
    return None


def _out_of_range(kind: str, shape: dict[str, float]) -> tuple[str, str] | None:
    """Return the rule and the fix for a number that its distribution cannot have, or None."""
    mean, sd = shape.get("mean", 0.5), shape.get("sd", 0.1)
    limit = (mean * (1 - mean)) ** 0.5 if 0 < mean < 1 else 0.0
    # The sd at which the smaller shape of a beta, min(mean, 1 - mean) x (limit^2 / sd^2 - 1), is
    # the least allowed.
    widest = limit / (1 + _LEAST_SHAPE / min(mean, 1 - mean)) ** 0.5 if limit else 0.0
    faults = (
        (sd <= 0, "sd must be > 0", "write value instead of the distribution if it is certain"),
        (
            kind == "lognormal" and shape.get("low", 1) <= 0,
            "a lognormal number is > 0, so low must be",
            "use normal for a number that may be <= 0",
        ),
        (kind == "gamma" and mean <= 0, "a gamma number is > 0, so mean must be", "use normal"),
        (
            kind == "beta" and not limit,
            "a beta number lies between 0 and 1, so mean must",
            f"write mean = {mean / 100:g} if {mean:g} per cent is meant"
            if 1 < mean < 100
            else "write a mean between 0 and 1",
        ),
        (
            kind == "beta" and sd >= limit,
            f"with this mean, sd must be below {limit:.3g}",
            f"write an sd below {limit:.3g}",
        ),
        (
            kind == "beta" and sd > widest,
            "so wide a beta is nearly always 0 or 1 and hardly ever between; with this mean, "
            f"sd is at most {widest:.3g} (both its shapes at least {_LEAST_SHAPE:g})",
            f"write an sd of at most {widest:.3g}",
        ),
    )
    return next(((rule, fix) for is_wrong, rule, fix in faults if is_wrong), None)


class YearRow(Provenance):
    """A row of a budget table: an amount for each year, in one price level."""

    example: ClassVar[str] = (
        '{ by_year = { "2018" = 250_000 }, unit = "DKK per year", price_year = 2018, '
        'source = "file/figure" }'
    )

    by_year: dict[YearText, float] = Field(
        description='Amounts by year, such as { "2018" = 250_000 }; every year from the first to '
        "the last."
    )
    after: Literal["repeat", "zero"] | None = Field(
        None,
        description="What holds after the last year: the last amount again, or nothing. Needed "
        "where the model goes on and the row does not.",
    )
    unit: Literal["DKK per year"] = Field(description="Kroner a year.")
    price_year: Year = Field(description="Year of the prices.")

    @classmethod
    def in_kroner(cls, table: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the keys of a row that are kroner, whatever unit it has been given."""
        del table
        return ("by_year",)

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        if not self.by_year:
            fix = 'write by_year = { "YEAR" = NUMBER }'
            yield Fault("by_year has no year", "a row has an amount for at least one year", fix)
            return
        missing = [str(y) for y in range(self.first, self.last) if str(y) not in self.by_year]
        if missing:
            more = f" and {len(missing) - _SHOWN} more years" if len(missing) > _SHOWN else ""
            yield Fault(
                f"no amount for {', '.join(missing[:_SHOWN])}{more}",
                f"a row has every year from its first, {self.first}, to its last, {self.last}: a "
                "year that is left out is not known to be nothing",
                f'write "{missing[0]}" = NUMBER, or 0 where nothing is meant',
            )

    @property
    def first(self) -> int:
        """The first year that the row names."""
        return min(map(int, self.by_year))

    @property
    def last(self) -> int:
        """The last year that the row names."""
        return max(map(int, self.by_year))

    @property
    def ends_open(self) -> bool:
        """Whether what holds after the last year matters, and is not said."""
        return self.after is None and self.by_year[str(self.last)] != 0

    def stated(self, year: int) -> float | None:
        """Return the amount of a year; None where the row says nothing of it."""
        if year > self.last and self.after is not None:
            return self.by_year[str(self.last)] if self.after == "repeat" else 0.0
        return self.by_year.get(str(year))

    def amount(self, year: int) -> float:
        """Return the amount of a year, 0 before the first, following `after` beyond the last."""
        return self.stated(year) or 0.0
