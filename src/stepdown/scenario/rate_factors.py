"""What a scenario file holds on factors that several moves share in a band of ages or time."""

from typing import ClassVar

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario.kinds import Band
from stepdown.scenario.quantity import Quantity

__all__ = ["RateFactor"]


class RateFactor(FileModel):
    """A factor on the rates of some moves in some bands, one number for all of them.

    It stands beside the factors of each move by age and time, which are plain figures: this one is
    a number with a name, so it can be uncertain, and evidence can be combined about it.
    """

    example: ClassVar[str] = (
        '{ on = ["breakdown"], months_on_step = ["0-11"], factor = { value = 1.0, ... } }'
    )

    on: tuple[str, ...] = Field(min_length=1, description="Classes of moves, or moves.")
    ages: tuple[Band, ...] = Field((), description="Age bands of the file; all if left out.")
    months_on_step: tuple[Band, ...] = Field(
        (), description="Bands of months on the step, of the file; all if left out."
    )
    factor: Quantity = Field(description="Factor on the rates; 1 changes nothing.")
