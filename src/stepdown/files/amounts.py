"""Amounts in files that can be read in two ways: each is reported, none is converted.

Decision: docs/decisions/0035-rows-amounts-and-fixes.md.
"""

from collections.abc import Iterator
from typing import Any

from stepdown.errors import Collector
from stepdown.files.kroner import two_readings
from stepdown.files.layers import Layers
from stepdown.files.model import FileModel
from stepdown.files.positions import KeyPath
from stepdown.files.types import below, model_of

__all__ = ["report_two_readings"]

_RULE = "a dot is the decimal mark here, and thousands are parted by _ or nothing"


def report_two_readings(
    layers: Layers, model: type[FileModel], problems: Collector
) -> tuple[KeyPath, ...]:
    """Report every amount of kroner that is written so that it can be read in two ways.

    Parameters
    ----------
    layers
        The files, whose other mistakes need not be known.
    model
        Type of the whole, which tells what is kroner.
    problems
        Where problems go.

    Returns
    -------
        The paths of those amounts.
    """
    found = []
    for path, number in _kroner(layers.tables, model, ()):
        # Only a number with three decimals or fewer can be so written: most files are not searched.
        readings = two_readings(layers.token(path)) if round(number, 3) == number else None
        if readings is not None:
            file, line = layers.place(path)
            key = ".".join(str(part) for part in path)
            problems.report(file, line, key, readings.what, _RULE, readings.fix)
            found.append(path)
    return tuple(found)


def _kroner(value: Any, kind: Any, path: KeyPath) -> Iterator[tuple[KeyPath, float]]:
    """Yield the amounts of kroner below a value of a type that are no whole numbers."""
    if isinstance(value, dict):
        model = model_of(kind)
        counted = model.in_kroner(value) if model and issubclass(model, FileModel) else ()
        for key, inner in value.items():
            if key in counted:
                yield from _decimals(inner, (*path, key))
            else:
                yield from _kroner(inner, below(kind, key), (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _kroner(inner, below(kind, index), (*path, index))


def _decimals(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, float]]:
    """Yield a decimal number, or those of a row or a list."""
    if isinstance(value, float):
        yield path, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _decimals(inner, (*path, key))
