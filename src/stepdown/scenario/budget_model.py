"""What a scenario file holds of budgets: payers, and published lines.

A budget line is a published profile of investment and saving with no mechanism behind it. What is
uncertain is the share of the saving that comes true, and how late.
"""

from typing import Literal

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario.quantity import Label, Name, Quantity, StrategyName, YearRow

__all__ = ["BudgetLine", "Cause", "LineKind", "Payer", "PublishedLine"]

LineKind = Literal["estimate", "target", "residual"]


class Payer(Label):
    """Who pays and saves; a committee is part of the municipality."""

    part_of: Name | None = Field(
        None, description="The payer that this one is part of, such as municipality."
    )


class PublishedLine(FileModel):
    """A line of the published budget table, in its own scope and price level."""

    label: Label
    row: YearRow = Field(description="Savings are positive.")
    kind: LineKind
    payer: Name = "municipality"
    scope: Literal["measures", "net"] = Field(
        description="measures: gross saving on measures; net: after investment and grants."
    )


class Cause(FileModel):
    """What several budget lines depend on together."""

    correlation: Quantity = Field(
        description="Correlation (of normal scores) between the lines that name the cause."
    )


class BudgetLine(FileModel):
    """A published profile of investment and saving, with no mechanism behind it."""

    label: Label
    strategies: tuple[StrategyName, ...] = Field(
        min_length=1, description="The strategies it belongs to; drawn once for all of them."
    )
    kind: LineKind = Field(
        description="estimate: somebody calculated it; target: a sum to be found; residual: what is"
        " left to find, which is never drawn and has no probability."
    )
    investment: dict[Name, YearRow] = Field(
        {}, description="Spending by payer, positive, taken as published."
    )
    saving: dict[Name, YearRow] = Field({}, description="Published saving by payer, positive.")
    realised_share: Quantity | None = Field(
        None, description="Share of the published saving that comes true; 1 is all of it."
    )
    delay_months: Quantity | None = Field(
        None, description="How much later than published the saving comes."
    )
    cause: Name | None = Field(None, description="What it depends on together with other lines.")
