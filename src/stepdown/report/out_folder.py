"""The folder that a run is written into: its result first, then what is made of it.

Decision: docs/decisions/0026-stored-runs.md.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import xarray as xr

from stepdown.endings import held, undone
from stepdown.errors import Problem, RunError
from stepdown.store import RESULT_FILE, result_bytes
from stepdown.streams import complain
from stepdown.writing import (
    aside,
    check_replaceable,
    forget_folders,
    make_folder,
    place,
    unwritten,
    write_bytes,
)

__all__ = ["OutFolder"]

_FILES = (RESULT_FILE, "budget.csv", "children.csv", "savings.png")
_KEY, _RULE = "--out", "the results are written there"
_FIX = "close it where it is open, or name a folder you may write in"


class OutFolder:
    """A folder for one run; without a path it keeps nothing.

    It is proved writable before the run, and left as it was if the run fails. Once the run is
    through, whatever fails costs the file that it fails on and no other.

    Notes: files go aside and take their places together, so that a process killed meanwhile leaves
    no file of one run beside those of another. Where there is no earlier run, the result has its
    place at once.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._made: list[Path] = []
        self._folders, self._aside = contextlib.ExitStack(), contextlib.ExitStack()
        self._folder = Path()
        self._ready: dict[str, Path] = {}
        self._failures: list[str] = []
        if path is None:
            return
        at = path
        try:
            self._made = make_folder(path)
            for name in _FILES:
                at = path / name
                check_replaceable(at)
        except OSError as error:
            raise unwritten(at, error, _KEY, _RULE, _FIX) from None

    def __enter__(self) -> "OutFolder":
        """Return itself."""
        # Asked for before the folder aside, so that it is undone after it.
        self._folders.enter_context(undone(lambda: forget_folders(self._made)))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep a result that is finished, whatever failed after it; leave nothing else behind."""
        try:
            if isinstance(error, Exception):
                self.put()
        finally:
            self._aside.close()
            self._folders.close()
            forget_folders(self._made)

    def keep(self, result: xr.Dataset) -> None:
        """Write the result, before anything is made of it."""
        if self._path is None:
            return
        is_first = not any((self._path / name).exists() for name in _FILES)
        try:
            self._folder = self._aside.enter_context(aside(self._path))
            whole = write_bytes(self._folder / RESULT_FILE, *result_bytes(result))
            self._ready[RESULT_FILE] = place(whole, self._path / RESULT_FILE) if is_first else whole
        except Exception as error:
            self._fail(RESULT_FILE, error)

    def add(self, name: str, content: Callable[[], bytes]) -> None:
        """Make a file and write it; one that fails is told at the end."""
        if self._path is None or self._failures:
            return
        try:
            self._ready[name] = write_bytes(self._folder / name, content())
        except Exception as error:
            self._fail(name, error)

    def add_picture(self, name: str, picture: bytes | None) -> None:
        """Write a picture, if there is one; one that fails is a note."""
        if self._path is None or self._failures or picture is None:
            return
        try:
            self._ready[name] = write_bytes(self._folder / name, picture)
        except OSError as error:
            complain(str(unwritten(self._path / name, error, _KEY, _RULE, _FIX)))

    def put(self) -> list[Path]:
        """Put every file in its place, and return them; of an earlier run none is left."""
        if self._path is None or RESULT_FILE not in self._ready:
            return []
        with held():
            written = [name for name in _FILES if self._has_place(name, self._path / name)]
        self._aside.close()
        return [self._path / name for name in written]

    def _has_place(self, name: str, target: Path) -> bool:
        """Put a file in its place, or remove that of an earlier run; tell whether it is there."""
        made = self._ready.get(name)
        try:
            if made is None:
                target.unlink(missing_ok=True)
            elif made != target:
                self._ready[name] = place(made, target)
        except OSError as error:
            self._fail(name, error)
            return False
        return made is not None

    def raise_failures(self) -> None:
        """Raise what could not be written, or do nothing.

        Raises
        ------
        RunError
            A file is missing.
        """
        if self._failures:
            raise RunError("\n".join(self._failures))

    def _fail(self, name: str, error: Exception) -> None:
        assert self._path is not None, "own invariant: asked for only where something is kept"
        if isinstance(error, OSError):
            told = str(unwritten(self._path / name, error, _KEY, _RULE, _FIX))
        else:
            what = f"was not made: {type(error).__name__}: {error}"
            told = str(Problem(str(self._path / name), 0, "", what, "", ""))
        self._failures.append(told)
