"""Walking the records of a scenario: every figure with the path of its key."""

from collections.abc import Callable, Iterator
from typing import Any

from stepdown.files.model import FileModel
from stepdown.files.positions import KeyPath
from stepdown.scenario.quantity import Provenance, Quantity

__all__ = ["figures", "named_quantities", "replace_quantities"]


def figures(record: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Provenance]]:
    """Yield every figure (quantity, row, factors, stock) below a record, with its path.

    What several strategies of a grid share is yielded once, where it is written.
    """
    seen: set[int] = set()
    for place, figure in _all_figures(record, path):
        if id(figure) not in seen:
            seen.add(id(figure))
            yield place, figure


def _all_figures(record: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Provenance]]:
    if isinstance(record, Provenance):
        yield path, record
    for key, value in _children(record):
        yield from _all_figures(value, (*path, key))


def named_quantities(record: Any) -> dict[str, Quantity]:
    """Return every number of a scenario by name, the path of its key; shared parameters once."""
    found = {}
    for path, figure in figures(record):
        if isinstance(figure, Quantity) and figure.parameter is None:
            found[".".join(str(part) for part in path)] = figure
    return found


def replace_quantities(
    record: Any, replace: Callable[[KeyPath, Quantity], Quantity], path: KeyPath = ()
) -> Any:
    """Return a record with every quantity below it replaced."""
    if isinstance(record, Quantity):
        return replace(path, record)
    if isinstance(record, FileModel):
        fields = type(record).model_fields
        # What is not set stays unset: a level of a grid is known by what it says.
        new = {
            name: replace_quantities(
                getattr(record, name), replace, (*path, fields[name].alias or name)
            )
            for name in fields
            if name in record.model_fields_set
        }
        return record.model_copy(update=new)
    if isinstance(record, dict):
        return {k: replace_quantities(v, replace, (*path, k)) for k, v in record.items()}
    if isinstance(record, tuple):
        return tuple(replace_quantities(v, replace, (*path, i)) for i, v in enumerate(record))
    return record


def _children(record: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(record, FileModel):
        for name, field in type(record).model_fields.items():
            yield field.alias or name, getattr(record, name)
    elif isinstance(record, dict):
        yield from record.items()
    elif isinstance(record, tuple):
        yield from enumerate(record)
