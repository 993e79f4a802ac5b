"""Files put in place whole or not at all, by plain writes that need no lock.

A file is written beside its name, is on the disk, and then takes its name. What a process left that
was killed meanwhile is removed by the next that writes into the same folder.

Decision: docs/decisions/0026-stored-runs.md.
"""

import contextlib
import errno
import hashlib
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from stepdown.endings import undone
from stepdown.errors import InputError, Problem, RunError, StepdownError, shown

__all__ = [
    "aside",
    "check_replaceable",
    "forget_folders",
    "make_folder",
    "place",
    "unwritten",
    "write_bytes",
    "write_whole",
]

_PREFIX = ".writing"
_A_DAY = 86_400.0
_NAME = re.compile(r"-(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]{1,10})-[a-z0-9_]{8}")
# Of a disk that is full or fails, and how to go on.
_DISK_FAILS = {
    getattr(errno, name): fix
    for fix, names in {
        "Make room on the disk, or name another place": ("ENOSPC", "EDQUOT", "EFBIG"),
        "Name a place on another disk": ("EIO", "ENXIO", "ENODEV", "ESTALE", "ETIMEDOUT"),
    }.items()
    for name in names
    if hasattr(errno, name)
}
# Of disks that cannot be told to write at once; they write all the same.
_NO_FSYNC = frozenset((errno.EINVAL, errno.ENOSYS, errno.ENOTSUP))


@contextlib.contextmanager
def aside(folder: Path, prefix: str = _PREFIX) -> Iterator[Path]:
    """Give a folder inside another, in which files are made before they are put in place.

    Removed at the end with what is left in it; and so are those of processes that are no more.
    """
    _forget_litter(folder, prefix)
    name = f"{prefix}-{_here()}-{os.getpid()}-"
    with (
        tempfile.TemporaryDirectory(dir=folder, prefix=name, ignore_cleanup_errors=True) as made,
        undone(lambda: shutil.rmtree(made, ignore_errors=True)),
    ):
        yield Path(made)


def write_bytes(path: Path, *parts: bytes | memoryview) -> Path:
    """Write the parts of a file one after the other, and wait until they are on the disk."""
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        try:
            os.fsync(file.fileno())
        except OSError as error:
            if error.errno not in _NO_FSYNC:
                raise
    return path


def place(made: Path, target: Path) -> Path:
    """Put a file that is whole in its place, instead of what stands there."""
    os.replace(made, target)
    return target


def write_whole(target: Path, *parts: bytes | memoryview) -> Path:
    """Write a file so that its name leads to all of it, or to what stood there before.

    Raises
    ------
    OSError
        It cannot be written there.
    """
    with aside(target.parent) as folder:
        return place(write_bytes(folder / target.name, *parts), target)


def make_folder(folder: Path) -> list[Path]:
    """Make a folder where it is missing, prove that it can be written, and return what was made.

    Raises
    ------
    OSError
        It cannot be made or written; nothing that was made is left.
    """
    made: list[Path] = []
    try:
        missing = [path for path in (folder, *folder.parents) if not os.path.lexists(path)]
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            made.insert(0, path)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is a file, not a folder", str(folder))
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        forget_folders(made)
        raise
    return made


def forget_folders(made: list[Path]) -> None:
    """Remove folders again, the innermost first, as far as they are empty."""
    with contextlib.suppress(OSError):
        for path in made:
            path.rmdir()


def check_replaceable(path: Path) -> None:
    """Prove that a file could be replaced, if it is there.

    Raises
    ------
    OSError
        It is a folder, or a spreadsheet holds it open.
    """
    with contextlib.suppress(FileNotFoundError), path.open("r+b"):
        pass


def unwritten(path: Path, error: OSError, key: str, rule: str, fix: str) -> StepdownError:
    """Return the error that says why a file was not written.

    Parameters
    ----------
    path, error
        The file or folder, and what the system said.
    key, rule, fix
        As in `Problem`.

    Returns
    -------
        A `RunError` where the disk is full or fails, which is nobody's mistake; else an
        `InputError`.
    """
    what = f"cannot be written: {error.strerror or error}"
    if error.errno in _DISK_FAILS:
        return RunError(f"{shown(str(path))}: {what}. {_DISK_FAILS[error.errno]}")
    return InputError([Problem(str(path), 0, key, what, rule, fix)])


def _forget_litter(folder: Path, prefix: str) -> None:
    """Remove what processes left that were killed: those of this machine, and all of yesterday.

    Only what bears such a name as `aside` gives: others may have folders that begin alike.
    """
    with contextlib.suppress(OSError):
        for path in folder.glob(f"{prefix}-*"):
            name = _NAME.fullmatch(path.name.removeprefix(prefix))
            if name is not None and (_is_left(name) or time.time() - path.stat().st_mtime > _A_DAY):
                shutil.rmtree(path, ignore_errors=True)


def _is_left(name: re.Match[str]) -> bool:
    """Tell whether the process that a folder is named after was of this machine and has ended."""
    if name["machine"] != _here() or os.name == "nt":
        # Windows has no signal that only asks.
        return False
    try:
        os.kill(int(name["process"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _here() -> str:
    """Return a name of what numbers processes: this machine, or this container on it."""
    try:
        numbers = os.readlink("/proc/self/ns/pid")
    except OSError:
        numbers = ""
    return hashlib.sha256(f"{platform.node()} {numbers}".encode()).hexdigest()[:8]
