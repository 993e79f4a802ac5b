"""Where compiled code is kept: a folder that no stale kernel can share.

numba's own check looks at one source file at a time, so an edit in a helper module would leave its
callers stale (numba issue 4807). The folder's name therefore holds a hash of every compiled
source, the numba version and the processor.
"""

import hashlib
import os
import platform
import sys
from pathlib import Path

import llvmlite.binding
import numba


def use_versioned_cache() -> None:
    """Point numba's cache at this version's folder, unless the user chose one (NUMBA_CACHE_DIR)."""
    if "NUMBA_CACHE_DIR" not in os.environ:
        numba.config.CACHE_DIR = str(_user_cache() / "stepdown" / _fingerprint())


def is_cold() -> bool:
    """Tell whether the walk has not been compiled yet for this version of the kernel."""
    folder = Path(numba.config.CACHE_DIR)
    return not folder.is_dir() or not any(folder.rglob("loop._simulate_*.nbi"))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    processor = llvmlite.binding.get_host_cpu_name()
    for part in (numba.__version__, platform.python_version(), platform.machine(), processor):
        digest.update(part.encode())
    return digest.hexdigest()[:16]


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
