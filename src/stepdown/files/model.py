"""Strict types for the tables of a file, and their errors as problems with a line and a fix."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from stepdown.errors import Collector
from stepdown.files.explain import explained
from stepdown.files.kroner import is_kroner
from stepdown.files.layers import Layers
from stepdown.files.positions import KeyPath

__all__ = ["Fault", "FaultsError", "FileModel", "report_validation", "tuples"]


class FileModel(BaseModel):
    """A table of a file: strict types, no unknown keys, frozen once read."""

    # Validators are built when a table is first read: most types are only ever read as part of
    # a larger one, and building each on import took half of the time to load a scenario.
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True
    )

    example: ClassVar[str] = "{ ... }"
    """How such a table is written in one line; messages show it."""
    head: ClassVar[tuple[str, ...]] = ()
    """Keys of the file that are read before the table is."""
    is_figure: ClassVar[bool] = False
    """Whether a file that names such a table replaces it whole, since its keys belong together."""
    counted: ClassVar[tuple[str, ...]] = ()
    """Keys whose numbers, or rows of numbers, are counted in the table's unit."""

    @classmethod
    def in_kroner(cls, table: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the keys of a table, as read, whose numbers are kroner."""
        return cls.counted if is_kroner(table.get("unit")) else ()


class Fault(NamedTuple):
    """One thing wrong with a table as a whole."""

    what: str
    rule: str
    fix: str


class FaultsError(ValueError):
    """What a table's own check found wrong: raised by validators, reported one by one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(*faults)
        self.faults = tuple(faults)


def tuples(value: Any) -> Any:
    """Turn lists into tuples at every depth: frozen, and what strict validation takes."""
    if isinstance(value, dict):
        return {key: tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(tuples(item) for item in value)
    return value


def report_validation(
    error: ValidationError, model: type[FileModel], layers: Layers, problems: Collector
) -> tuple[KeyPath, ...]:
    """Turn every error of a validation into a problem with its file, line, rule and fix.

    Returns
    -------
        The paths of the keys that are wrong or missing.
    """
    paths = []
    for path, kind, fault in explained(error.errors(), model, layers):
        file, line = layers.place_of_missing(path) if kind == "missing" else layers.place(path)
        key = ".".join(str(part) for part in path)
        problems.report(file, line, key, *fault)
        # What a missing key breaks is the table that lacks it, unless it is the whole file.
        paths.append(path[:-1] if kind == "missing" and len(path) > 1 else path)
    return tuple(paths)
