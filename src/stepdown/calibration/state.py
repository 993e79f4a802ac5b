"""What a calibration has done so far, on disk, so that it can go on."""

import json
import os
import shutil
from dataclasses import fields
from pathlib import Path

import numpy as np

from stepdown.calibration.smc import Particles

__all__ = ["StateFolder"]

_ARRAYS = ("z", "predicted", "log_likelihoods")


class StateFolder:
    """A folder with one file for each population; without a path it keeps nothing."""

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self._path = path
        self._fingerprint = fingerprint
        if path is not None:
            path.mkdir(parents=True, exist_ok=True)

    def save(self, number: int, particles: Particles) -> None:
        """Keep a population as it is now."""
        if self._path is None:
            return
        rest = {f.name: getattr(particles, f.name) for f in fields(Particles)}
        arrays = {name: rest.pop(name) for name in _ARRAYS}
        told = json.dumps({"fingerprint": self._fingerprint, **rest})
        # Written beside its name first: an interruption leaves the old state whole.
        beside = self._path / f"population-{number}.new.npz"
        np.savez(beside, told=np.array(told), **arrays)
        os.replace(beside, self._file(number))

    def load(self, number: int) -> Particles | None:
        """Return a population kept by the same calibration, or None."""
        if self._path is None or not self._file(number).exists():
            return None
        with np.load(self._file(number)) as kept:
            told = json.loads(str(kept["told"]))
            if told.pop("fingerprint") != self._fingerprint:
                return None
            told["history"] = tuple((a, b, int(c), d) for a, b, c, d in told["history"])
            return Particles(**{name: kept[name] for name in _ARRAYS}, **told)

    def remove(self) -> None:
        """Forget everything."""
        if self._path is not None:
            shutil.rmtree(self._path)

    def _file(self, number: int) -> Path:
        assert self._path is not None, "own invariant: asked for only where something is kept"
        return self._path / f"population-{number}.npz"
