"""Figures with their source: what a scenario may rest on.

A file holds one source (a report, a page, a municipal paper) and the figures read from it. A
figure's key is file/figure. Grades say what kind of evidence stands behind it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from stepdown.errors import Collector, InputError, nearest
from stepdown.files.amounts import report_two_readings
from stepdown.files.kroner import ASK_PRICE_YEAR
from stepdown.files.layers import overlay
from stepdown.files.model import Fault, FaultsError, FileModel, report_validation, tuples
from stepdown.files.toml import TomlFile, parse_toml, read_toml
from stepdown.files.types import Form

__all__ = ["Evidence", "EvidenceFile", "Figure", "Source", "evidence_of_texts", "load_evidence"]

Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]+$"),
    Form("a figure is named in lower-case letters a-z, digits and -", '"saving-on-placements"'),
]
Year = Annotated[int, Field(ge=1900, le=2200), Form("a year is wanted", "2018")]
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
            what = "no place" if self.address is None else "an address and a municipality"
            rule = "a source has a web address, or the municipality whose paper it is"
            fix = 'add address = "..."' if self.address is None else "keep one of them"
            raise FaultsError([Fault(what, rule, fix)])
        return self


class Figure(FileModel):
    """One cited number, or one row of numbers by year or category."""

    example: ClassVar[str] = '{ value = 0.1, unit = "...", measure = "mean", ... }'
    counted: ClassVar[tuple[str, ...]] = ("value", "values", "interval")

    value: float | None = None
    values: dict[str, float] | None = Field(None, description="Numbers by year or category.")
    unit: str
    measure: Measure
    year: Year | None = Field(None, description="Year the figure is about.")
    price_year: Year | None = Field(None, description="Year of the prices, for money.")
    grade: Grade
    interval: tuple[float, float] | None = Field(None, description="Lower and upper limit.")
    interval_level: float | None = Field(None, gt=0, lt=1, description="Such as 0.95.")
    note: str = Field(description="What it counts, what it leaves out, how it was inferred.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise FaultsError(faults)
        return self

    def _faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the figure as a whole."""
        if (self.value is None) == (self.values is None):
            what = "no number" if self.value is None else "value and values"
            rule = "a figure is one number (value) or a row of numbers (values)"
            yield Fault(
                what, rule, "add value = NUMBER" if self.value is None else "keep one of them"
            )
        if self.values == {}:
            yield Fault("values is empty", "a row has a number", 'values = { "NAME" = NUMBER }')
        if "DKK" in self.unit and self.price_year is None:
            what = f'money ("{self.unit}") without a price year'
            rule = "amounts of different years are made comparable by their price year"
            yield Fault(what, rule, ASK_PRICE_YEAR)
        if (self.interval is None) != (self.interval_level is None):
            alone, lacks = ("interval", "interval_level = LEVEL (of a 95 % interval, 0.95)")
            if self.interval is None:
                alone, lacks = ("interval_level", "interval = [LOW, HIGH]")
            yield Fault(f"{alone} alone", "an interval has a level", f"add {lacks}")
        if self.interval is not None and self.interval[0] > self.interval[1]:
            low, high = self.interval
            fix = f"interval = [{high:g}, {low:g}]"
            yield Fault(f"interval from {low:g} to {high:g}", "an interval rises", fix)


class EvidenceFile(FileModel):
    """A file under evidence/."""

    source: Source
    figures: dict[Key, Figure]


@dataclass(frozen=True)
class Evidence:
    """All figures that can be cited, by key; files are read when first asked for.

    Where two folders have a file of one name, the first folder's counts.
    """

    folders: tuple[Path, ...]
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Text of files by stem, read before the folders: the evidence of a stored run."""
    _files: dict[str, EvidenceFile | InputError] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _texts: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

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
            try:
                file = self._toml(stem)
                self._texts[stem] = file.text
                self._files[stem] = _validated(file)
            except InputError as error:
                self._files[stem] = error
        found = self._files[stem]
        if isinstance(found, InputError):
            raise found
        return found

    def _toml(self, stem: str) -> TomlFile:
        """Return one file as TOML; KeyError if there is none."""
        if stem in self.given:
            return parse_toml(f"{stem}.toml", self.given[stem])
        paths = [folder / f"{stem}.toml" for folder in self.folders]
        path = next((p for p in paths if os.path.isfile(p)), None)
        if path is None:
            raise KeyError(stem)
        return read_toml(path)

    def text(self, stem: str) -> str:
        """Return the text of one file of evidence; KeyError if there is none."""
        self.file(stem)
        return self._texts[stem]

    def __contains__(self, key: str) -> bool:
        """Tell whether a figure can be read; one in a wrong file cannot."""
        stem, _, name = key.partition("/")
        try:
            return name in self.file(stem).figures
        except (KeyError, InputError):
            return False

    @property
    def wrong_files(self) -> dict[str, InputError]:
        """The files asked for so far that are wrong, by stem."""
        return {stem: e for stem, e in self._files.items() if isinstance(e, InputError)}

    def figure(self, key: str) -> Figure:
        """Return the figure with the key file/figure; KeyError if there is none."""
        stem, _, name = key.partition("/")
        return self.file(stem).figures[name]

    def source(self, key: str) -> Source:
        """Return the source of the figure with the key file/figure."""
        return self.file(key.partition("/")[0]).source

    def suggest(self, key: str) -> str:
        """Say what to write instead of a key that does not exist."""
        stem, _, name = key.partition("/")
        found = {path.stem for folder in self.folders for path in folder.glob("*.toml")}
        stems = sorted(found | set(self.given))
        close = stem if stem in stems else nearest(stem, stems)
        try:
            figures = sorted(self.file(close).figures) if close else []
        except InputError:
            figures = []
        best = nearest(name, figures)
        if best is not None:
            return f'write "{close}/{best}"'
        if figures:
            return f"write {close}/ and one of {', '.join(figures)}"
        return "name a figure of a file in evidence/, yours or the shipped one"


def load_evidence(*folders: Path) -> Evidence:
    """Return the evidence in some folders; files are read as they are cited."""
    return Evidence(folders)


def evidence_of_texts(texts: Mapping[str, str]) -> Evidence:
    """Return the evidence in the texts of files, by stem, and nowhere else."""
    return Evidence((), dict(texts))


def _validated(file: TomlFile) -> EvidenceFile:
    problems, layers = Collector(), overlay([file], EvidenceFile)
    report_two_readings(layers, EvidenceFile, problems)
    read = None
    try:
        read = EvidenceFile.model_validate(tuples(file.tables))
    except ValidationError as error:
        report_validation(error, EvidenceFile, layers, problems)
    problems.raise_if_any()
    assert read is not None, "own invariant: a failed validation reports a problem"
    return read
