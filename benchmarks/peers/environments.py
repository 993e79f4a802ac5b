"""Environments of the peers: one each, made once, with the versions that `requirements` pins."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "requirements"
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
     "NUMEXPR_NUM_THREADS", "R_DATATABLE_NUM_THREADS"), "1")  # fmt: skip


class NotBuiltError(Exception):
    """A peer cannot be had here; says why in a few words."""


def default_folder() -> Path:
    """Return where environments are kept: a folder in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "stepdown" / "peers"


def python_of(name: str, folder: Path) -> list[str]:
    """Return the command of Python in the environment `name`, made if it is not there yet."""
    pins = (REQUIREMENTS / f"{name}.txt").read_bytes()
    key = hashlib.sha256(pins + sys.version.encode()).hexdigest()[:12]
    place = folder / f"{name}-{key}"
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (place / "whole").exists():
        sys.stderr.write(f"Making an environment for {name} in {place}\n")
        _finish([sys.executable, "-m", "venv", "--clear", str(place)])
        install = ["-m", "pip", "install", "-q", "-r", str(REQUIREMENTS / f"{name}.txt")]
        _finish([str(python), *install])
        (place / "whole").touch()
    return [str(python)]


def rscript_with(packages: tuple[str, ...]) -> list[str]:
    """Return the command of R if it is on the path and has the packages."""
    if shutil.which("Rscript") is None:
        raise NotBuiltError("no Rscript on the path")
    for package in packages:
        asked = f"quit(status = !requireNamespace('{package}', quietly = TRUE))"
        if subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode:
            raise NotBuiltError(f"R has no package {package}")
    return ["Rscript"]


def _finish(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise NotBuiltError(f"pip could not install it: {said[:120]}")
