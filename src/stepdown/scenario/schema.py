"""The types of the files as JSON Schema, for editors that help while a file is written.

A scenario overrides what it knows better than its base, so a key that the whole must have may be
absent from each file: what is required is checked after merging. Only a figure, which is always
given whole, says what it requires.

The shipped files are renewed by
`python -c "from stepdown.scenario.schema import write_schemas; write_schemas('scenarios')"`.
"""

import json
from pathlib import Path
from typing import Any, Literal

from stepdown.evidence.records import EvidenceFile
from stepdown.files.model import FileModel
from stepdown.scenario.model import Scenario
from stepdown.scenario.targets_model import TargetsFile

__all__ = ["evidence_schema", "scenario_schema", "schema_text", "targets_schema", "write_schemas"]

Kind = Literal["scenario", "evidence", "targets"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_VERSION = {
    "const": 1,
    "description": "Version of this format.",
    "title": "Schema Version",
    "type": "integer",
}
_SOURCED = ("source", "assumption", "from_evidence", "parameter")


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario and base files."""
    schema = _schema(Scenario, "scenario", "A Stepdown scenario, or a base that scenarios extend.")
    figures = _figure_names()
    for name, table in schema["$defs"].items():
        if name not in figures:
            table.pop("required", None)
        elif keys := [key for key in _SOURCED if key in table["properties"]]:
            table["anyOf"] = [{"required": [key]} for key in keys]
    schema["required"] = ["schema_version"]
    schema["properties"] |= {
        "extends": {
            "anyOf": [{"type": "string"}, {"items": {"type": "string"}, "type": "array"}],
            "description": "Name of a shipped file, or path of a file from this one; or several.",
            "title": "Extends",
        },
        "without": {
            "description": "Tables of the files under this one that are left out.",
            "items": {"type": "string"},
            "title": "Without",
            "type": "array",
        },
        "schema_version": _VERSION,
    }
    return schema


def evidence_schema() -> dict[str, Any]:
    """Return the JSON Schema of files of evidence."""
    return _schema(EvidenceFile, "evidence", "A source and the figures read from it.")


def targets_schema() -> dict[str, Any]:
    """Return the JSON Schema of files of targets."""
    schema = _schema(TargetsFile, "targets", "What a calibration starts from and learns from.")
    schema["properties"] |= {"schema_version": _VERSION}
    schema["required"] = ["schema_version", *schema["required"]]
    quantity = schema["$defs"]["Quantity"]
    quantity["anyOf"] = [{"required": [key]} for key in _SOURCED if key in quantity["properties"]]
    return schema


def schema_text(kind: Kind | str) -> str:
    """Return a schema as it is shipped.

    Parameters
    ----------
    kind
        "scenario", "evidence" or "targets".
    """
    makers = {
        "scenario": scenario_schema,
        "evidence": evidence_schema,
        "targets": targets_schema,
    }
    schema = makers[kind]()
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write_schemas(folder: str | Path) -> None:
    """Write the schemas into a folder: {scenario,evidence,targets}.schema.json."""
    for kind in ("scenario", "evidence", "targets"):
        path = Path(folder) / f"{kind}.schema.json"
        path.write_text(schema_text(kind), encoding="utf-8", newline="\n")


def _schema(model: type[FileModel], kind: str, description: str) -> dict[str, Any]:
    schema: dict[str, Any] = _without_null(model.model_json_schema(by_alias=True))
    schema["$schema"] = _DIALECT
    schema["$id"] = f"{kind}.schema.json"
    schema["description"] = description
    return schema


def _figure_names(kind: type[FileModel] = FileModel) -> set[str]:
    """Return the names of the tables that are one figure."""
    own = {kind.__name__} if kind.is_figure else set()
    return own.union(*(_figure_names(below) for below in kind.__subclasses__()))


def _without_null(schema: Any) -> Any:
    """Drop the variant null and the default null: TOML has no null, a key is left out instead."""
    if isinstance(schema, list):
        return [_without_null(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    cleaned = {
        key: _without_null(value)
        for key, value in schema.items()
        if not (key == "default" and value is None)
    }
    variants = [one for one in cleaned.get("anyOf", ()) if one != {"type": "null"}]
    if len(variants) == 1 and "properties" not in cleaned:
        del cleaned["anyOf"]
        cleaned = {**variants[0], **cleaned}
    elif variants:
        cleaned["anyOf"] = variants
    if "patternProperties" in cleaned:
        cleaned["additionalProperties"] = False
    return cleaned
