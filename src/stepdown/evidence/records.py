"""Figures with their source: what a scenario may rest on.

A file holds one source (a report, a page, a municipal paper) and the figures read from it. A
figure's key is file/figure. Grades say what kind of evidence stands behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from stepdown.errors import Collector, nearest
from stepdown.files.model import FileModel, report_validation, tuples
from stepdown.files.toml import read_toml

__all__ = ["Evidence", "EvidenceFile", "Figure", "Source", "load_evidence"]

Grade = Literal["evaluation", "register", "tariff", "expert", "assumption"]
Measure = Literal[
    "mean",
    "count",
    "share",
    "ratio",
    "rate",
    "probability",
    "amount",
    "hazard_ratio",
    "risk_ratio",
    "inflow_ratio",
    "correlation",
]


class Source(FileModel):
    """Where the figures of a file were read."""

    title: str
    publisher: str
    date: str = Field(description='Date of publication, or "not stated".')
    address: str | None = Field(None, description="Web address.")
    municipality: str | None = Field(None, description="Of a municipal paper without an address.")
    read: str = Field(description="Date it was read.")

    @model_validator(mode="after")
    def _has_one_place(self) -> Self:
        if (self.address is None) == (self.municipality is None):
            raise ValueError("needs either an address or a municipality. Fix: keep one of them")
        return self


class Figure(FileModel):
    """One cited number, or one row of numbers by year or category."""

    value: float | None = None
    values: dict[str, float] | None = Field(None, description="Numbers by year or category.")
    unit: str
    measure: Measure
    year: int | None = Field(None, description="Year the figure is about.")
    price_year: int | None = Field(None, description="Year of the prices, for money.")
    grade: Grade
    interval: tuple[float, float] | None = Field(None, description="Lower and upper limit.")
    interval_level: float | None = Field(None, gt=0, lt=1, description="Such as 0.95.")
    note: str = Field(description="What it counts, what it leaves out, how it was inferred.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.value is None) == (self.values is None):
            raise ValueError("needs either value or values. Fix: keep one of them")
        if "DKK" in self.unit and self.price_year is None:
            raise ValueError("is money without a price year. Fix: add price_year = 2018")
        if (self.interval is None) != (self.interval_level is None):
            raise ValueError("interval and interval_level go together. Fix: give both")
        return self


class EvidenceFile(FileModel):
    """A file under evidence/."""

    source: Source
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Evidence:
    """All figures that can be cited, by key; files are read when first asked for."""

    folder: Path

    @cached_property
    def _files(self) -> dict[str, EvidenceFile]:
        return {}

    def file(self, stem: str) -> EvidenceFile:
        """Return one file of evidence.

        Raises
        ------
        KeyError
            There is no such file.
        InputError
            The file is wrong; names its lines.
        """
        if stem not in self._files:
            path = self.folder / f"{stem}.toml"
            if not path.is_file():
                raise KeyError(stem)
            self._files[stem] = _read(path)
        return self._files[stem]

    def __contains__(self, key: str) -> bool:
        stem, _, name = key.partition("/")
        try:
            return name in self.file(stem).figures
        except KeyError:
            return False

    def figure(self, key: str) -> Figure:
        """Return the figure with the key file/figure; KeyError if there is none."""
        stem, _, name = key.partition("/")
        return self.file(stem).figures[name]

    def source(self, key: str) -> Source:
        """Return the source of the figure with the key file/figure."""
        return self.file(key.partition("/")[0]).source

    def suggest(self, key: str) -> str | None:
        """Return the key most like one that does not exist, or None."""
        stem, _, name = key.partition("/")
        stems = [path.stem for path in self.folder.glob("*.toml")]
        close = stem if stem in stems else nearest(stem, stems)
        if close is None:
            return None
        figures: Mapping[str, Figure] = self.file(close).figures
        best = nearest(name, figures)
        return f"{close}/{best}" if best else f"{close}/..., one of {', '.join(figures)}"


def load_evidence(folder: Path) -> Evidence:
    """Return the evidence in a folder; files are read as they are cited."""
    return Evidence(folder)


def _read(path: Path) -> EvidenceFile:
    file = read_toml(path)
    problems = Collector()
    try:
        return EvidenceFile.model_validate(tuples(file.tables))
    except ValidationError as error:
        report_validation(error, EvidenceFile, [file], problems)
    problems.raise_if_any()
    raise AssertionError("own invariant: a failed validation reports a problem")
