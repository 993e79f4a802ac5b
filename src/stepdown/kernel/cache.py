"""Where compiled code is kept: a folder that no stale kernel can share.

numba's own check looks at one source file at a time, so an edit in a helper module would leave its
callers stale (numba issue 4807). The folder's name therefore holds a hash of every compiled
source, of the versions that compile and of the processor with its features.

Decision: docs/decisions/0022-start-up.md.
"""

import atexit
import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import llvmlite
import llvmlite.binding
import numba
import numpy as np

__all__ = ["cache_folder", "forget_old_caches", "forget_unkept", "is_kept", "is_whole",
           "mark_whole", "merge_caches", "use_versioned_cache"]  # fmt: skip

_NAME_LENGTH = 16
_KEPT = 4  # folders of other versions, the latest used
_KEPT_SECONDS = 86_400.0  # and any that was used within a day
_FOR_THE_PROCESS = "stepdown-"


def use_versioned_cache() -> None:
    """Point numba's cache at this version's folder, in NUMBA_CACHE_DIR or the user's cache.

    Where neither can be written to, numba would look for a place beside the source, where stale
    code can be; so it gets a folder that lasts as long as the process.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    folder = (Path(chosen) if chosen else _user_cache() / "stepdown") / _fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix=_FOR_THE_PROCESS))
        atexit.register(forget_unkept)
    numba.config.CACHE_DIR = str(folder)


def forget_unkept() -> None:
    """Remove compiled code that lasts as long as the process."""
    if not is_kept():
        shutil.rmtree(cache_folder(), ignore_errors=True)


def cache_folder() -> Path:
    """Return the folder of this version's compiled code."""
    return Path(numba.config.CACHE_DIR)


def is_kept() -> bool:
    """Tell whether compiled code outlasts the process."""
    return not cache_folder().name.startswith(_FOR_THE_PROCESS)


def is_whole(part: str) -> bool:
    """Tell whether a part is compiled, and every file of it is there in its full length.

    numba reads a file cut short, by a full disk or a power cut, without a check; so a folder with
    such a file is emptied. An index may have grown since.
    """
    folder = cache_folder()
    try:
        sizes = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except ValueError:
        sizes = None  # the note itself was cut short
    try:
        whole = all((folder / name).stat().st_size >= size for name, size in sizes.items())
    except (AttributeError, FileNotFoundError):
        whole = False
    if not whole:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    return whole


def mark_whole(parts: Iterable[str]) -> None:
    """Note that parts are compiled, unless noted, with the length of every file there is."""
    folder = cache_folder()
    parts = [part for part in parts if not (folder / f"{part}.json").exists()]
    if not parts:
        return
    files = {str(p.relative_to(folder)): p.stat().st_size for p in sorted(folder.rglob("*.nb[ci]"))}
    for part in parts:
        beside = folder / f"{part}.json.{os.getpid()}"
        beside.write_text(json.dumps(files), encoding="utf-8")
        os.replace(beside, folder / f"{part}.json")


def merge_caches(made: Path) -> None:
    """Move compiled code from a folder of the same layout; a function already there stays.

    A function's index and code belong together, so they come from one folder: the index goes last.
    """
    for index in sorted(made.rglob("*.nbi")):
        target = cache_folder() / index.relative_to(made)
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        for code in index.parent.glob(f"{index.stem}.*.nbc"):
            os.replace(code, target.parent / code.name)
        os.replace(index, target)


def forget_old_caches() -> None:
    """Remove the folders of other versions, but for the latest four and any used within a day.

    A process that runs on a folder removed here has its code in memory, and makes the folder again
    when it compiles more.
    """
    now, others = time.time(), []
    for folder in cache_folder().parent.iterdir():
        if folder != cache_folder() and len(folder.name.partition(".")[0]) == _NAME_LENGTH:
            others.append((folder.stat().st_mtime, folder))
    for used, folder in sorted(others, reverse=True)[_KEPT:]:
        if now - used > _KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        if source.name == Path(__file__).name:
            continue  # this module compiles nothing
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    binding = llvmlite.binding
    for part in (
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        platform.python_version(),
        platform.machine(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
        # Settings of numba that change the code made.
        *(f"{name}={os.environ[name]}" for name in sorted(os.environ) if _changes_code(name)),
    ):
        digest.update(part.encode())
    return digest.hexdigest()[:_NAME_LENGTH]


def _changes_code(name: str) -> bool:
    return name.startswith("NUMBA_") and name not in ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS")


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
