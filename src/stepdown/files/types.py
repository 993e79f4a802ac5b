"""What the types of a file allow: the keys below a path, and how a value is written.

Types are read as the classes state them, so that a message and the types never disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from stepdown.files.positions import KeyPath

__all__ = ["Form", "Wanted", "at", "below", "key_type", "keys_at", "model_of", "wanted"]

_PLAIN = {
    str: ("text in quotes", '"..."'),
    float: ("a number", "0.25"),
    int: ("a whole number", "1"),
    bool: ("true or false", "true"),
}


@dataclass(frozen=True)
class Form:
    """How a text must be written; stands in an Annotated type beside its pattern."""

    rule: str
    example: str


@dataclass(frozen=True)
class Wanted:
    """What a type wants: a rule in plain words, and an example to paste after `key =`."""

    rule: str
    example: str


def _options(kind: Any) -> Iterator[tuple[Any, Form | None]]:
    """Yield the alternatives of a type, each bare with its form, if it has one."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        for option in get_args(kind):
            if option is not NoneType:
                yield from _options(option)
    elif origin is Annotated:
        inner, *metadata = get_args(kind)
        form = next((m for m in metadata if isinstance(m, Form)), None)
        for bare, own in _options(inner):
            yield bare, own or form
    else:
        yield kind, None


def model_of(kind: Any) -> type[BaseModel] | None:
    """Return the table that a type is, or None."""
    for bare, _ in _options(kind):
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            return bare
    return None


@cache
def _fields(model: type[BaseModel]) -> dict[str, Any]:
    """Return the type of each key of a table, by the key's name in the file."""
    hints = get_type_hints(model, include_extras=True)
    return {field.alias or name: hints[name] for name, field in model.model_fields.items()}


def below(kind: Any, key: str | int) -> Any:
    """Return the type of what stands under a key, or None where the key is not allowed."""
    for bare, _ in _options(kind):
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            if key in _fields(bare):
                return _fields(bare)[str(key)]
        elif get_origin(bare) is dict and isinstance(key, str):
            return get_args(bare)[1]
        elif get_origin(bare) is tuple and isinstance(key, int):
            return get_args(bare)[0]
    return None


def at(kind: Any, path: KeyPath) -> Any:
    """Return the type at a path below a type, or None."""
    for key in path:
        kind = below(kind, key)
    return kind


def key_type(kind: Any) -> Any:
    """Return the type of the keys of a dict, or None."""
    for bare, _ in _options(kind):
        if get_origin(bare) is dict:
            return get_args(bare)[0]
    return None


def keys_at(kind: Any, path: KeyPath) -> list[str]:
    """Return the keys a table may have, sorted."""
    model = model_of(at(kind, path))
    return sorted(_fields(model)) if model else []


def literals(kind: Any) -> list[Any]:
    """Return the values a type is limited to, or none."""
    return [
        value
        for bare, _ in _options(kind)
        if get_origin(bare) is Literal
        for value in get_args(bare)
    ]


def wanted(kind: Any) -> Wanted:
    """Say in plain words what a type wants."""
    said = [_wanted(bare, form) for bare, form in _options(kind)]
    rules = list(dict.fromkeys(one.rule for one in said))
    return Wanted(" or ".join(rules), said[0].example if said else "...")


def _wanted(bare: Any, form: Form | None) -> Wanted:
    if form is not None:
        return Wanted(form.rule, f'"{form.example}"')
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return Wanted("a table", str(getattr(bare, "example", "{ ... }")))
    origin, inner = get_origin(bare), get_args(bare)
    if origin is Literal:
        values = [f'"{value}"' if isinstance(value, str) else f"{value}" for value in inner]
        return Wanted("one of " + ", ".join(values), values[0])
    if origin is tuple:
        of = wanted(inner[0])
        return Wanted(f"a list, each {of.rule}", f"[{of.example}]")
    if origin is dict:
        return Wanted("a table", f"{{ name = {wanted(inner[1]).example} }}")
    rule, example = _PLAIN.get(bare, ("another value", "..."))
    return Wanted(rule, example)
