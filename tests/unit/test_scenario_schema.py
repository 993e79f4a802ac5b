"""The shipped JSON Schemas are what the types generate, and every shipped file keeps to them."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stepdown.scenario.schema import (
    evidence_schema,
    scenario_schema,
    schema_text,
    targets_schema,
    write_schemas,
)
from stepdown.scenario.shipped import shipped_folder

FOLDER = shipped_folder()
FILES = sorted(FOLDER.rglob("*.toml"))
RENEW = (
    'renew it: python -c "from stepdown.scenario.schema import write_schemas; '
    "write_schemas('scenarios')\""
)
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
         "boolean": bool}  # fmt: skip


@pytest.mark.parametrize("kind", ["scenario", "evidence", "targets"])
def test_shipped_schema_is_generated(kind: str, tmp_path: Path) -> None:
    """The file equals the types; one command renews it."""
    shipped = (FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert shipped == schema_text(kind), RENEW
    write_schemas(tmp_path)
    assert (tmp_path / f"{kind}.schema.json").read_text(encoding="utf-8") == shipped


@pytest.mark.parametrize(
    "schema", [scenario_schema(), evidence_schema(), targets_schema()], ids=lambda s: s["$id"]
)
def test_form(schema: dict[str, Any]) -> None:
    """Stable JSON, no address of its own, no null (TOML has none), every table named and told."""
    assert "://" not in schema["$id"]
    text = json.dumps(schema)
    assert '"null"' not in text
    for name, table in schema["$defs"].items():
        assert table["title"] == name
        assert table["description"]
        assert table["additionalProperties"] is False


def test_only_figures_require_keys() -> None:
    """A file may override a single key of its base; a figure is always whole."""
    schema = scenario_schema()
    requiring = {name for name, table in schema["$defs"].items() if "required" in table}
    assert requiring == {
        "Factors",
        "Frailty",
        "Places",
        "Reimbursement",
        "StartStock",
        "Stock",
        "YearRow",
    }
    assert schema["required"] == ["schema_version"]
    assert {"required": ["from_evidence"]} in schema["$defs"]["Quantity"]["anyOf"]
    assert {"required": ["from_evidence"]} not in schema["$defs"]["YearRow"]["anyOf"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_shipped_file_keeps_to_its_schema(path: Path) -> None:
    """The first line names a schema that exists, and the schema allows everything in the file."""
    text = path.read_text(encoding="utf-8")
    first = text.split("\n", 1)[0]
    assert first.startswith("#:schema "), f"{path}:1: names no schema"
    named = path.parent / first.removeprefix("#:schema ").strip()
    assert named.is_file(), f"{path}:1: {named} is not there"
    schema = json.loads(named.read_text(encoding="utf-8"))
    assert list(faults(tomllib.loads(text), schema, schema, "")) == []


@pytest.mark.parametrize(
    "text",
    [
        "schema_version = 2",
        "schema_version = 1\nstrategi = 1",
        "schema_version = 1\n[steps.x]\nkind = 'hus'",
        "schema_version = 1\n[steps.'Æ']",
        "schema_version = 1\n[steps.x]\nprice = { value = 1 }",
        "schema_version = 1\n[[money.discount]]\nfrom = 0",
        "",
    ],
)
def test_schema_refuses(text: str) -> None:
    """The checker below does find mistakes."""
    assert list(faults(tomllib.loads(text), scenario_schema(), scenario_schema(), ""))


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], path: str) -> Iterator[str]:
    """Yield what a schema does not allow: the part of JSON Schema that the shipped ones use."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema and all(list(faults(value, one, root, path)) for one in schema["anyOf"]):
        yield f"{path}: none of the variants"
    kind = schema.get("type")
    if kind is not None and not isinstance(value, KINDS[kind]):
        yield f"{path}: not {kind}"
        return
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else [value])
    if value not in allowed or (isinstance(value, str) and not matches(value, schema)):
        yield f"{path}: {value!r}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), root, f"{path}.{index}")
    if isinstance(value, dict):
        yield from (
            f"{path}: lacks {key}" for key in schema.get("required", ()) if key not in value
        )
        for key, item in value.items() if kind == "object" else ():
            below = of_key(key, schema)
            if below is None:
                yield f"{path}: unknown key {key}"
            else:
                yield from faults(item, below, root, f"{path}.{key}")


def of_key(key: str, schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return the schema of a key; None where the key is not allowed."""
    if key in schema.get("properties", {}):
        return schema["properties"][key]
    for pattern, below in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return below
    if key not in schema.get("propertyNames", {}).get("enum", [key]):
        return None
    return schema["additionalProperties"] or None


def matches(value: str, schema: dict[str, Any]) -> bool:
    """Tell whether a text fits the pattern and the length."""
    fits = re.search(schema.get("pattern", ""), value) is not None
    return fits and len(value) >= schema.get("minLength", 0)
