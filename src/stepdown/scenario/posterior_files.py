"""Finding the posterior that a scenario names, and reading what it holds."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stepdown.errors import Collector, nearest
from stepdown.files.layers import Layers
from stepdown.files.model import tuples
from stepdown.scenario.posterior_model import CONTENTS_VERSION, Contents, digest_of
from stepdown.scenario.shipped import posterior_names, shipped_folder

__all__ = ["Posterior", "find_posterior", "posterior_of_text"]

_AGAIN = "stepdown calibrate TARGETS --out FILE.nc writes both files anew"


@dataclass(frozen=True)
class Posterior:
    """A posterior as a scenario knows it: its draws are read when the scenario is run."""

    draws: Path
    contents: Contents
    text: str = field(repr=False)
    """Of the contents."""


def find_posterior(layers: Layers, problems: Collector) -> Posterior | None:
    """Return the posterior that the files name; None where they name none, or a wrong one."""
    named = _named(layers)
    if named is None:
        return None
    file, line = layers.place(("posterior", "file"))
    path = _path(Path(file).parent, named)

    def report(what: str, rule: str, fix: str) -> None:
        problems.report(file, line, "posterior.file", what, rule, fix)

    if path is None:
        known = posterior_names()
        close = nearest(named, known)
        said = ", ".join(known) or "none is shipped"
        rule = f"it is neither a file of draws nor a shipped posterior ({said})"
        fix = f'file = "{close}"' if close else "stepdown calibrate TARGETS --out FILE.nc"
        report(f'no such posterior "{named}"', rule, fix)
        return None
    beside = path.with_suffix(".json")
    rule = "what a posterior holds stands beside its draws in a file of JSON"
    try:
        text = beside.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        report(f"{beside} is not there or cannot be read", rule, _AGAIN)
        return None
    try:
        return Posterior(path, _contents(text), text)
    except ValueError as error:
        report(f"{beside}: {error}", rule, _AGAIN)
        return None


def posterior_of_text(layers: Layers, text: str, problems: Collector) -> Posterior | None:
    """Return a posterior by the text of its contents, as a stored run keeps it.

    Its draws may be gone: they are asked for only by who runs the scenario again.
    """
    named = _named(layers)
    if named is None:
        return None
    try:
        return Posterior(_path(Path(), named) or Path(named), _contents(text), text)
    except ValueError as error:
        file, line = layers.place(("posterior", "file"))
        rule = "a stored run keeps what the posterior holds that it drew from"
        problems.report(file, line, "posterior.file", f"{error}", rule, "run it again")
        return None


def _named(layers: Layers) -> str | None:
    """Return the file that is named; None where there is none, or it is no text."""
    table = layers.tables.get("posterior")
    named = table.get("file") if isinstance(table, dict) else None
    return named if isinstance(named, str) else None


def _path(folder: Path, named: str) -> Path | None:
    for place in (folder, shipped_folder() / "posteriors"):
        for name in (named, f"{named}.nc"):
            if os.path.isfile(place / name):
                return place / name
    return None


def _contents(text: str) -> Contents:
    """Read what a posterior holds.

    Raises
    ------
    ValueError
        It is not as this version writes it; the text says what is wrong.
    """
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    version = said.get("contents_version") if isinstance(said, dict) else None
    if version != CONTENTS_VERSION:
        raise ValueError(f"contents_version is {version!r}, this version reads {CONTENTS_VERSION}")
    try:
        contents = Contents.model_validate(tuples(said))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ValueError(f"{place} is missing or wrong") from None
    if contents.contents_sha256 not in ("", digest_of(said)):
        raise ValueError("it is damaged, or was changed after it was written")
    return contents
