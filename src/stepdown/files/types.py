"""What the types of a file allow: the keys below a path, and how a value is written.

Types are read as the classes state them, so that a message and the types never disagree.
"""

import re
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

_PLACEHOLDERS = (
    (re.compile(r'"\d{4}-\d\d"'), '"YEAR-MONTH"'),
    (re.compile(r'"\d{4}"'), '"YEAR"'),
    (re.compile(r'"\d+-\d*"'), '"FROM-TO"'),
    (re.compile(r'"\d+"'), '"AGE"'),
    (re.compile(r"(?<=_year = )\d+"), "YEAR"),
    (re.compile(r"^(?:19|20)\d\d$"), "YEAR"),
    (re.compile(r'(?<![\w".-])-?\d[\d_]*(?:\.\d+)?(?![\w"])'), "NUMBER"),
)
"""What an example invents, and what stands for it in a fix."""


@dataclass(frozen=True)
class Form:
    """How a value must be written; stands in an Annotated type beside its pattern or limits."""

    rule: str
    """A sentence."""
    example: str
    """As it stands after `key =`."""


@dataclass(frozen=True)
class Wanted:
    """What a type wants."""

    rule: str
    """A sentence in plain words."""
    example: str
    """As it stands after `key =`; it reads as what is wanted."""
    is_number: bool = False

    @property
    def form(self) -> str:
        """The example as a fix may show it: how it is written, without a number or a year in it.

        A fix is pasted. An amount or a year of the example would then stand in somebody's budget.
        """
        shown = self.example
        for pattern, form in _PLACEHOLDERS:
            shown = pattern.sub(form, shown)
        return shown


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
    return sorted([*_fields(model), *getattr(model, "head", ())]) if model else []


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
    if len(said) < 2:
        return said[0] if said else Wanted("another value is wanted", "...")
    first, *others = said
    return Wanted(first.rule + "".join(f", or {_or(other, first)}" for other in others),
                  first.example)  # fmt: skip


def _or(other: Wanted, first: Wanted) -> str:
    """Say an alternative; of a list of the same, only that."""
    return "a list of them" if other.example == f"[{first.example}]" else other.rule


def _wanted(bare: Any, form: Form | None) -> Wanted:
    origin, inner = get_origin(bare), get_args(bare)
    if form is not None:
        return Wanted(form.rule, form.example, bare in (int, float))
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return Wanted("a table is wanted", str(getattr(bare, "example", "{ ... }")))
    if origin is Literal:
        values = [f'"{value}"' if isinstance(value, str) else f"{value}" for value in inner]
        return Wanted("it is one of " + ", ".join(values), values[0])
    if origin is tuple:
        return Wanted("a list in brackets is wanted", f"[{wanted(inner[0]).example}]")
    if origin is dict:
        key = wanted(inner[0]).example
        name = key if key[1:2].isdigit() else "name"
        return Wanted("a table is wanted", f"{{ {name} = {wanted(inner[1]).example} }}")
    rule, example = _PLAIN.get(bare, ("another value", "..."))
    return Wanted(f"{rule} is wanted", example, bare in (int, float))
