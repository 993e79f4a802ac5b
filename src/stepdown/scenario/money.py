"""What a scenario file says of money as such: price level, discounting, state reimbursement."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario.quantity import Label, Provenance, Quantity, Year

__all__ = ["DiscountStep", "Money", "Reimbursement"]


class DiscountStep(FileModel):
    """A discount rate from a year on."""

    example: ClassVar[str] = (
        '{ from_year = 0, rate = { value = 0.035, unit = "per year", source = "file/figure" } }'
    )

    from_year: int = Field(ge=0, description="Years since the investment started.")
    rate: Quantity


class Money(FileModel):
    """Price level, indexation and discounting."""

    price_level: Year = Field(description="Year of the fixed prices of all results.")
    indexation: Quantity = Field(description="Rise of prices and wages per year.")
    discount: tuple[DiscountStep, ...] = Field(min_length=1)
    discount_timing: Literal["start", "mid", "end"] = "start"
    counting: Literal["start", "end", "half", "weights"] = Field(
        "start", description="Which edge of a cycle is counted; only with cycles of a year."
    )
    weights: tuple[float, ...] = Field((), description="One weight per cycle, with weights.")


class Reimbursement(Provenance):
    """A law by which the state refunds part of what a costly child costs in a year."""

    example: ClassVar[str] = (
        "{ from_year = 2024, above = [860_000, 1_680_000], shares = [0.25, 0.5], ... }"
    )

    from_year: Year = Field(description="First calendar year of the law.")
    law: Label = Field(description="What the law is called.")
    above: tuple[float, ...] = Field(
        min_length=1, description="Thresholds: yearly cost of one child, rising."
    )
    shares: tuple[float, ...] = Field(
        min_length=1, description="The state's share of the cost above each threshold."
    )
    unit: Literal["DKK per child and year"] = Field(description="Kroner a child and year.")
    price_year: Year = Field(description="Level that the thresholds are stated in.")

    @classmethod
    def in_kroner(cls, table: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the keys of a law that are kroner, whatever unit it has been given."""
        del table
        return ("above",)
