"""Libraries that only some commands need, asked for before anybody waits.

The lowest versions stand in pyproject.toml alone: an installed package knows what it asked for.
"""

import json
import shutil
import sys
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.requirements import Requirement

from stepdown.errors import MissingExtraError

__all__ = ["Extra", "lack", "require"]

Extra = Literal["calibrate", "excel", "report"]


@cache
def require(what: str, extra: Extra, *libraries: str) -> None:
    """Refuse what cannot be made for want of a library.

    Parameters
    ----------
    what
        What is to be made, as a sentence begins: "a report".
    extra
        Of pyproject.toml.
    libraries
        Those of the extra that are needed, by their names in pyproject.toml; all unless given.

    Raises
    ------
    MissingExtraError
        A library is missing or too old; names all that are, and how to install them.

    Notes: what is there is looked up once; every figure of a report asks.
    """
    sentence = lack(what, extra, *libraries)
    if sentence is not None:
        raise MissingExtraError(sentence)


def lack(what: str, extra: Extra, *libraries: str) -> str | None:
    """Return one line that says what is missing or too old, and the fix; None where nothing is.

    Parameters
    ----------
    what, extra, libraries
        As in `require`.

    Notes: a source tree on the path that was never installed knows of no extras; nothing is said.
    """
    try:
        package = distribution("stepdown")
    except PackageNotFoundError:
        return None
    lacking = _faults(package, extra, libraries)
    if not lacking:
        return None
    listed = ", ".join(f"{library} ({state})" for library, state in lacking.items())
    return f"{what} needs {listed}. Fix: {_command(package, extra, list(lacking))}"


def _faults(package: Distribution, extra: Extra, libraries: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what is wrong with libraries of the extra, by requirement; with all unless named."""
    found = {}
    for text in package.requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or not wanted.marker.evaluate({"extra": extra}):
            continue
        state = _fault(wanted)
        if state and (not libraries or wanted.name in libraries):
            found[f"{wanted.name}{wanted.specifier}"] = state
    return found


def _fault(wanted: Requirement) -> str:
    """Return what is wrong with a library, "" where nothing is."""
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        return "not installed"
    fits = wanted.specifier.contains(found, prereleases=True)
    return "" if fits else f"{found} is installed"


def _command(package: Distribution, extra: Extra, lacking: list[str]) -> str:
    """Return the command that installs the extra the way the package itself was installed."""
    tool = _tool()
    if tool:
        # A tool is installed anew, without what is not named.
        kept = ",".join(e for e in get_args(Extra) if e == extra or not _faults(package, e))
        named = f'"stepdown[{kept}]"'
        return f"{tool} {_source(package, kept) or named}"
    wanted = _source(package, extra) or " ".join(f'"{library}"' for library in lacking)
    python = sys.executable
    seen = shutil.which("python")
    active = seen is not None and Path(seen).parent == Path(python).parent
    quoted = f'"{python}"' if " " in python else python
    if (package.read_text("INSTALLER") or "").strip() == "uv":
        return f"uv pip install {'' if active else f'--python {quoted} '}{wanted}"
    return f"{'' if active else f'{quoted} -m '}pip install {wanted}"


def _tool() -> str:
    """Return how an environment that holds one tool is made anew; "" for any other environment."""
    prefix = Path(sys.prefix)
    if (prefix / "uv-receipt.toml").is_file():
        return "uv tool install --force"
    return "pipx install --force" if (prefix / "pipx_metadata.json").is_file() else ""


def _source(package: Distribution, extras: str) -> str:
    """Return what to install: the package with extras from where it came; "" if that is gone."""
    origin = json.loads(package.read_text("direct_url.json") or "{}")
    if "url" not in origin:
        return f'"stepdown[{extras}]"'
    url = origin["url"]
    if "dir_info" not in origin:
        kind = f"{origin['vcs_info']['vcs']}+" if "vcs_info" in origin else ""
        return f'"stepdown[{extras}] @ {kind}{url}"'
    folder = Path(url2pathname(urlsplit(url).path))
    if not folder.is_dir():
        return ""
    return f'{"-e " if origin["dir_info"].get("editable") else ""}"{folder}[{extras}]"'
