"""What a scenario file says of a posterior, and what a posterior says of itself.

The draws stand in a file of netCDF; what they are drawn of stands in a file of JSON beside it, so
that a scenario is checked without reading a draw.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario.quantity import Name, Quantity

__all__ = ["CONTENTS_VERSION", "Contents", "Learnt", "LearntNumber", "PosteriorTable", "digest_of"]

CONTENTS_VERSION = 1


class PosteriorTable(FileModel):
    """Numbers that are drawn together from the posterior of a calibration."""

    example: ClassVar[str] = '{ file = "herning", numbers = { "moves.*.rate" = "*" } }'

    file: str = Field(
        description="Name of a shipped posterior, or path of a netCDF file from this one."
    )
    targets: Name | None = Field(
        None, description="Name of the calibration that it must be the posterior of."
    )
    numbers: dict[str, str] = Field(
        description="The posterior's name of each number, by the path of its key. A star stands "
        "for any letters in a path, and for the whole path in the posterior's name."
    )


class LearntNumber(FileModel):
    """One number of a posterior, over all its draws."""

    unit: str
    mean: float
    sd: float
    median: float
    low: float = Field(description="2.5 % quantile.")
    high: float = Field(description="97.5 % quantile.")
    sources: tuple[str, ...] = Field(description="Evidence behind its prior.")


class Contents(FileModel):
    """What a posterior holds; written beside its draws."""

    contents_version: Literal[1] = 1
    calibration: str
    draws_sha256: str = Field(description="Of the file of draws.")
    n_draws: int = Field(ge=1)
    targets_sha256: str = Field(description="Of the targets' text and that of their models.")
    target_sources: tuple[str, ...] = Field(description="Evidence that was learnt from.")
    prior_sources: tuple[str, ...] = Field(description="Evidence behind the priors.")
    n_targets: int = Field(description="Targets that were learnt from.")
    numbers: dict[str, LearntNumber]
    contents_sha256: str = Field("", description="Of all the rest; empty in older files.")


def digest_of(said: Mapping[str, Any]) -> str:
    """Return the checksum of contents as JSON has them, however they are set out."""
    rest = {key: value for key, value in said.items() if key != "contents_sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


class Learnt(Quantity):
    """A number drawn from a posterior together with others; never written in a file.

    It takes the place of the scenario's own figure, whose distribution it replaces. Its mean and
    its quantiles are rounded, to be shown: what is calculated is calculated from the draws.
    """

    # Files know no such distribution, so their type does not either.
    distribution: Literal["posterior"] = "posterior"  # type: ignore[assignment]
    calibration: str = ""
    n_targets: int = 0
    variable: str = ""
    """The posterior's name of the number."""
    draws: str = ""
    """Path of the file of draws."""
    draws_sha256: str = ""
