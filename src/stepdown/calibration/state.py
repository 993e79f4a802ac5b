"""What a calibration has done so far, on disk, so that it can go on."""

import contextlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np

import stepdown
from stepdown.calibration.smc import Particles
from stepdown.seal import seal_of, seal_state
from stepdown.writing import unwritten, write_whole

__all__ = ["StateFolder", "forget_damaged", "forget_state"]

_ARRAYS = ("z", "predicted", "log_likelihoods")
_FILES = "population-*.npz"


class StateFolder:
    """A folder with one file for each population; without a path it keeps nothing.

    Notes: files are sealed, and go on only in the version that wrote them.
    """

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = f"{stepdown.__version__} {fingerprint}"
        if path is not None:
            with _told(path):
                path.mkdir(parents=True, exist_ok=True)

    def save(self, number: int, particles: Particles) -> None:
        """Keep a population as it is now.

        Raises
        ------
        InputError, RunError
            It cannot be written.
        """
        if self._path is None:
            return
        rest = {f.name: getattr(particles, f.name) for f in fields(Particles)}
        arrays = {name: rest.pop(name) for name in _ARRAYS}
        told = json.dumps({"fingerprint": self._fingerprint, **rest})
        packed = io.BytesIO()
        np.savez(packed, told=np.array(told), **arrays)
        data = packed.getbuffer()
        with _told(self._file(number)):
            write_whole(self._file(number), data, seal_of(data))

    def load(self, number: int) -> Particles | None:
        """Return a population kept whole by the same calibration, or None."""
        if self._path is None or not self._file(number).exists():
            return None
        data = _sealed(self._file(number))
        if data is None:
            return None
        with np.load(io.BytesIO(data)) as kept:
            told = json.loads(str(kept["told"]))
            if told.pop("fingerprint") != self._fingerprint:
                return None
            told["history"] = tuple((a, b, int(c), d) for a, b, c, d in told["history"])
            return Particles(**{name: kept[name] for name in _ARRAYS}, **told)

    def _file(self, number: int) -> Path:
        assert self._path is not None, "own invariant: asked for only where something is kept"
        return self._path / f"population-{number}.npz"


def forget_damaged(path: Path) -> list[Path]:
    """Remove the files of a state that cannot be gone on from, and return them.

    They are cut short or changed, or of a version that did not seal them.
    """
    damaged = [file for file in sorted(path.glob(_FILES)) if _sealed(file) is None]
    for file in damaged:
        with contextlib.suppress(OSError):
            file.unlink()
    return damaged


def forget_state(path: Path) -> None:
    """Remove a state, whole or not."""
    shutil.rmtree(path, ignore_errors=True)


def _sealed(file: Path) -> bytes | None:
    """Return the bytes of a file that is as it was written, or None."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return data if seal_state(data) == "whole" else None


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell in a line that a state cannot be written."""
    try:
        yield
    except OSError as error:
        rule = "what a calibration has done is kept there until its posterior is written"
        fix = "name another place with --out"
        raise unwritten(path, error, "", rule, fix) from None
