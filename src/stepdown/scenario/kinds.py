"""The words that tables of a scenario share: bands, months, classes of moves, timing."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stepdown.files.model import FileModel
from stepdown.files.types import Form
from stepdown.scenario.quantity import Quantity

__all__ = ["Age", "Band", "Month", "MoveClass", "StepKind", "Timing"]

Band = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,4}-([0-9]{1,4})?$"),
    Form("a band is written from-to, both included, the last one open (18-)", '"4-11"'),
]
Month = Annotated[
    str,
    StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"),
    Form("a month is written year-month, from 1900 on", '"2018-01"'),
]
Age = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]?)$"),
    Form("a birthday is an age in whole years", '"18"'),
]
StepKind = Literal[
    "home", "placement", "closed", "closed_after_placement", "exit", "state", "adult", "need"
]
MoveClass = Literal[
    "detection",
    "breakdown",
    "re_entry",
    "placement",
    "reunification",
    "leave",
    "step_up",
    "step_down",
    "within_level",
]


class Timing(FileModel):
    """When something starts to work, and how long."""

    start: Month
    end: Month | None = Field(None, description="Last month; leave out if it goes on.")
    hiring_lag: Quantity | None = Field(None, description="Months until the posts are filled.")
    ramp: Quantity | None = Field(None, description="Months from first to full effect.")
    half_life: Quantity | None = Field(
        None, description="Months in which half of the effect wears off while it runs."
    )
    fade_out: Quantity | None = Field(None, description="Months the effect lasts after the end.")
