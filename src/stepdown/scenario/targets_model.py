"""What a file of targets holds: models, free numbers, how they transfer, and observations.

Only the types; what needs numbers stands in `stepdown.calibration`.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from stepdown.files.kroner import is_kroner
from stepdown.files.model import Fault, FaultsError, FileModel
from stepdown.files.types import Form
from stepdown.scenario.kinds import Band, Month
from stepdown.scenario.quantity import EvidenceKey, Label, Name, Quantity, Year

__all__ = ["Drift", "FreeNumberTable", "ModelTable", "TargetTable", "TargetsFile", "Transfer"]

Path = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)*$"),
    Form("a number is named by the path of its key in the scenario", '"moves.own_move.rate"'),
]
Observable = Literal[
    "number",
    "placed_share",
    "annual_exit",
    "annual_type_change",
    "new_placements",
    "placement_decisions_share",
    "first_placements_share",
    "breakdowns",
    "breakdowns_share",
    "breakdowns_early",
    "ever_breakdown",
    "reunified_within",
    "back_within",
    "children_at",
    "children_ratio",
    "spending_rise",
]

WANTS: dict[str, tuple[str, ...]] = {
    "number": ("number",),
    "placed_share": ("model",),
    "annual_exit": ("model",),
    "annual_type_change": ("model", "types"),
    "new_placements": ("model", "ages"),
    "placement_decisions_share": ("model", "ages"),
    "first_placements_share": ("model", "steps"),
    "breakdowns": ("model", "ages"),
    "breakdowns_share": ("model", "ages"),
    "breakdowns_early": ("model", "ages", "months"),
    "ever_breakdown": ("model", "ages"),
    "reunified_within": ("model", "ages", "months"),
    "back_within": ("model", "ages", "months"),
    "children_at": ("model", "steps", "month"),
    "children_ratio": ("model", "steps", "month"),
    "spending_rise": ("model", "steps", "years"),
}
"""The keys that each observable needs."""

ALLOWS: dict[str, tuple[str, ...]] = {
    "placed_share": ("steps", "ages"),
    "children_at": ("drift",),
    "children_ratio": ("drift",),
    "spending_rise": ("drift",),
}
"""The keys that each may have beside them."""

_ARGUMENTS = (
    "model",
    "number",
    "steps",
    "types",
    "ages",
    "months",
    "month",
    "years",
    "drift",
)


class ModelTable(FileModel):
    """A scenario that targets are compared with."""

    scenario: str = Field(description="Name of a shipped scenario, or path from this file.")
    strategy: str = Field("baseline", description="The course that was observed.")
    years: int | None = Field(
        None, ge=1, le=30, description="Years to follow from the start; the file's own if left out."
    )
    place: Name | None = Field(
        None, description="The municipality observed, where numbers vary between municipalities."
    )


class FreeNumberTable(FileModel):
    """A number to be learnt about."""

    label: Label | None = Field(None, description="Of a move's rate it is made from its steps.")
    prior_before_evidence: Quantity = Field(
        description="What is believed before the targets of this file: a distribution."
    )


class Transfer(FileModel):
    """How numbers differ between municipalities: e_m = e + tau z_m for every one of them."""

    name: Name = Field(description="Names the spread: tau_NAME.")
    numbers: tuple[Path, ...] = Field(min_length=1, description="Free numbers that vary.")
    place: Name = Field(description="The municipality that the targets belong to.")
    tau: Quantity = Field(description="Prior of the standard deviation between municipalities.")


class Drift(FileModel):
    """What would have happened anyway: a factor per year on what the model expects."""

    label: Label
    per_year: Quantity = Field(description="Prior of the factor per year, in the unit ratio.")


class TargetTable(FileModel):
    """One observation: what it counts, how it is uncertain, and where it comes from."""

    label: Label
    observable: Observable = Field(description="The statistic, as stepdown computes it.")
    model: Name | None = Field(None, description="One of [models].")
    number: Path | None = Field(None, description="The free number observed (number).")
    steps: tuple[Name, ...] = Field((), description="Steps counted.")
    types: tuple[tuple[Name, ...], ...] = Field(
        (), description="Types of placement: lists of steps between which no change is counted."
    )
    ages: Band | None = Field(None, description="Ages in completed years.")
    months: int | None = Field(None, ge=1, le=216, description="Months followed.")
    month: Month | None = Field(None, description="The count stands at the end of this month.")
    years: tuple[Year, ...] = Field((), description="First and second budget year.")
    drift: Name | None = Field(None, description="One of [drifts].")
    value: float | None = Field(None, description="What was observed.")
    from_evidence: EvidenceKey | None = Field(None, description="Or the record that says it.")
    entry: str | None = Field(None, description="Entry of a record with several numbers.")
    unit: str | None = Field(None, description="Of the value.")
    source: EvidenceKey | tuple[EvidenceKey, ...] | None = Field(
        None, description="Key of the record that the value is read from: file/figure."
    )
    kind: Literal["normal", "lognormal", "binomial", "negative_binomial"]
    spread: float = Field(gt=0, description="Error of the observation beside a right model.")
    reason: str = Field(min_length=20, description="Why this spread.")
    used: bool = Field(True, description="false: held out, predicted and compared only.")

    example: ClassVar[str] = '{ observable = "annual_exit", model = "...", ... }'

    @classmethod
    def in_kroner(cls, table: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the keys of a target that are kroner: of spending, the error of a sum as well."""
        if table.get("observable") != "spending_rise":
            return ("value",) if is_kroner(table.get("unit")) else ()
        return ("value", "spread") if table.get("kind") == "normal" else ("value",)

    @property
    def sources(self) -> tuple[str, ...]:
        """The evidence keys."""
        if self.from_evidence is not None:
            return (self.from_evidence,)
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
        """Yield what is wrong with the target as a whole."""
        wants = WANTS[self.observable]
        allowed = (*wants, *ALLOWS.get(self.observable, ()))
        missing = [key for key in wants if not getattr(self, key)]
        beside = [key for key in _ARGUMENTS if getattr(self, key) and key not in allowed]
        if missing:
            rule = f"{self.observable} is counted with {', '.join(wants)}"
            yield Fault(f"no {' and no '.join(missing)}", rule, f"add {missing[0]} = ...")
        if beside:
            rule = f"{self.observable} takes {', '.join(allowed)}"
            yield Fault(" and ".join(beside), rule, f"remove {', '.join(beside)}")
        yield from self._value_faults()
        if self.years and (len(self.years) != 2 or self.years[0] >= self.years[1]):
            yield Fault(
                f"years {', '.join(map(str, self.years))}",
                "a rise goes from one year to a later one",
                "write years = [YEAR, YEAR], the earlier first",
            )

    def _value_faults(self) -> Iterator[Fault]:
        if (self.value is None) == (self.from_evidence is None):
            what = "no number" if self.value is None else "value and from_evidence"
            rule = "an observation is a value with its source, or a record of evidence"
            fix = 'add from_evidence = "file/figure"' if self.value is None else "keep one of them"
            yield Fault(what, rule, fix)
        elif self.value is not None:
            if not self.sources:
                rule = "an observation was read somewhere; an assumption is a prior"
                yield Fault("a value without a source", rule, 'add source = "file/figure"')
            if self.unit is None:
                yield Fault("no unit", "every number has a unit", 'add unit = "..."')
            if self.entry is not None:
                yield Fault("entry beside value", "an entry is of a record", "remove entry")
        else:
            beside = [key for key in ("unit", "source") if getattr(self, key) is not None]
            if beside:
                rule = "number, unit and source all come from the record"
                yield Fault(f"{', '.join(beside)} beside from_evidence", rule, "remove them")
        if self.kind == "binomial" and self.spread != round(self.spread):
            rule = "the spread of a binomial is out of how many were counted"
            yield Fault(f"spread = {self.spread:g}", rule, "write a whole number")


class TargetsFile(FileModel):
    """Free numbers, targets, and the models between them."""

    head: ClassVar[tuple[str, ...]] = ("schema_version",)

    name: Name
    title: Label
    description: Label
    models: dict[Name, ModelTable] = Field(description="Scenarios, by name here.")
    numbers: dict[Path, FreeNumberTable] = Field(
        description="Free numbers, by the path of their key in the scenarios."
    )
    transfer: Transfer | None = Field(None, description="How numbers vary between municipalities.")
    drifts: dict[Name, Drift] = Field({}, description="Trends that the targets stand in.")
    targets: dict[Name, TargetTable] = Field(description="Observations; at least one.")
    known_early: tuple[Name, ...] = Field(
        (), description="Back-cast: held-out targets learnt from, as they were known first."
    )
    predicted_from_the_rest: tuple[Name, ...] = Field(
        (), description="Back-cast: targets not learnt from but predicted, as they came later."
    )
