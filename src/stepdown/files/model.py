"""Strict types for the tables of a file, and their errors as problems with a line and a fix."""

from typing import Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError

from stepdown.errors import Collector, nearest
from stepdown.files.positions import KeyPath
from stepdown.files.toml import TomlFile

__all__ = ["FileModel", "holder", "report_validation", "tuples"]


class FileModel(BaseModel):
    """A table of a file: strict types, no unknown keys, frozen once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def tuples(value: Any) -> Any:
    """Turn lists into tuples at every depth: frozen, and what strict validation takes."""
    if isinstance(value, dict):
        return {key: tuples(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(tuples(item) for item in value)
    return value


def report_validation(
    error: ValidationError, model: type[FileModel], files: list[TomlFile], problems: Collector
) -> None:
    """Turn every error of a validation into a problem with its file, line, rule and fix.

    `files` are searched in order: the first that holds the key, or most of its path, is named.
    """
    for item in error.errors():
        path = _without_tags(item["loc"])
        if item["type"] == "extra_forbidden":
            what, rule, fix = _unknown_key(model, path)
        else:
            what, rule, fix = _explain(item)
        file = holder(files, path)
        key = ".".join(str(part) for part in path)
        problems.report(file.name, file.line(path), key, what, rule, fix)


def holder(files: list[TomlFile], path: KeyPath) -> TomlFile:
    """Return the file that holds the longest beginning of a path."""

    def known(file: TomlFile) -> int:
        return max((n for n in range(len(path) + 1) if path[:n] in file.lines), default=0)

    return max(files, key=known)


def _without_tags(loc: tuple[int | str, ...]) -> KeyPath:
    """Drop what pydantic puts into a path that is not in the file: variants of a union, [key]."""
    return tuple(
        part
        for part in loc
        if not (isinstance(part, str) and (part in ("str", "[key]") or "[" in part))
    )


def _unknown_key(model: type[FileModel], path: KeyPath) -> tuple[str, str, str]:
    known = _keys_at(model, path[:-1])
    close = nearest(str(path[-1]), known)
    rule = "this table knows " + ", ".join(known)
    return "unknown key", rule, f"did you mean {close}?" if close else "remove it"


def _keys_at(annotation: Any, path: KeyPath) -> list[str]:
    """Return the keys that a type allows at a path below it."""
    options = [annotation, *get_args(annotation)]
    models = [t for t in options if isinstance(t, type) and issubclass(t, FileModel)]
    if models:
        fields = {f.alias or name: f.annotation for name, f in models[0].model_fields.items()}
        if not path:
            return sorted(fields)
        return _keys_at(fields[str(path[0])], path[1:]) if path[0] in fields else []
    inner = [t for t in get_args(annotation) if t is not type(None) and t is not Ellipsis]
    if get_origin(annotation) in (dict, tuple):
        return _keys_at(inner[-1], path[1:])
    return _keys_at(inner[0], path) if inner else []


def _explain(item: Any) -> tuple[str, str, str]:
    """Return what is wrong, the rule and the fix for one pydantic error."""
    kind, value = item["type"], item["input"]
    shown = repr(value) if not isinstance(value, dict) else "a table"
    if kind == "missing":
        return "missing", "this key is required", f"add {item['loc'][-1]} = ..."
    if kind == "value_error":
        what, _, fix = str(item["ctx"]["error"]).partition(" Fix: ")
        return what.removesuffix("."), "", fix
    if kind == "float_type" and isinstance(value, str):
        fix = "write 1_200_000 or 0.25, without quotes" + (
            ", or a table { value = ..., unit = ..., source = ... }" if not value else ""
        )
        return f"{shown} is text", "a number is wanted", fix
    if kind == "model_type":
        example = '{ value = 1.0, unit = "...", source = "file/figure" }'
        return f"{shown} ({type(value).__name__})", "a table is wanted", f"write {example}"
    message = str(item["msg"])
    return f"{shown} ({type(value).__name__})", message[:1].lower() + message[1:], ""
