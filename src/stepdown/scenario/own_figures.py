"""What a strategy may have different from the baseline, in all years or in some: the records.

Decision: docs/decisions/0016-published-cases.md.
"""

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario.quantity import Name, Quantity, Year

__all__ = ["MoveOverrides", "OwnFigures", "Period", "StepOverrides"]


class StepOverrides(FileModel):
    """What a strategy has different on a step."""

    price: Quantity | None = None
    outcomes: dict[Name, Quantity] = {}


class MoveOverrides(FileModel):
    """What a strategy has different on a move."""

    one_off: Quantity | None = None
    outcomes: dict[Name, Quantity] = {}


class OwnFigures(FileModel):
    """What a strategy has different from the baseline, step by step and move by move."""

    steps: dict[Name, StepOverrides] = Field({}, description="Prices and outcomes of its own.")
    moves: dict[Name, MoveOverrides] = Field(
        {}, description="One-off costs and outcomes of its own, by move."
    )
    probabilities: dict[Name, Quantity] = Field(
        {}, description="Probabilities per cycle of its own, by move; factors by age stay."
    )


class Period(OwnFigures):
    """What a strategy has different in some years only."""

    from_year: Year = Field(description="First calendar year.")
    to_year: Year | None = Field(None, description="Last year; leave out if it goes on.")
