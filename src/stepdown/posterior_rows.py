"""Draws of a posterior: one row for each draw of a run, and every learnt number from that row.

A row is chosen by one uniform that is keyed like a number of its own, so numbers that are not
learnt keep their bits, and a run can be extended. Rows are alike in weight and are drawn with
replacement: a run of more draws than the posterior has rows meets some of them again.

Decision: docs/decisions/0034-joint-draws.md.
"""

import hashlib
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import InputError, Problem
from stepdown.scenario.posterior_model import Learnt

__all__ = ["ROW", "joint_values", "posterior_column"]

Floats = NDArray[np.float64]

ROW = "posterior"
"""What the uniform behind a row is keyed by; a table of the file, so no number is called so."""

_GROUP = "posterior"
_AGAIN = "stepdown calibrate TARGETS --out FILE.nc writes both files anew"


def joint_values(learnt: Mapping[str, Learnt], uniform: Floats) -> dict[str, Floats]:
    """Return learnt numbers from the rows that a uniform chooses.

    Parameters
    ----------
    learnt
        The numbers, of one posterior.
    uniform
        (draw) inside (0, 1).

    Returns
    -------
        (draw) by name, in the unit of each number.

    Raises
    ------
    InputError
        The file of draws is gone, or is not the one that the scenario was checked with.
    """
    found = {}
    for name, number in learnt.items():
        column = posterior_column(number)
        found[name] = column[np.minimum((uniform * len(column)).astype(np.int64), len(column) - 1)]
    return found


def posterior_column(number: Learnt) -> Floats:
    """Return every draw that a posterior has of a number, (row), chain after chain."""
    return _columns(number.draws, number.draws_sha256)[number.variable]


@lru_cache(maxsize=8)
def _columns(path: str, sha256: str) -> dict[str, Floats]:
    """Read all numbers of a posterior once, (row) by name."""
    import h5py

    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise _wrong(path, f"cannot be read: {error.strerror}",
                     "a scenario with a posterior draws from its file",
                     f"put it back; {_AGAIN}") from None  # fmt: skip
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _wrong(path, "is not the file that the JSON beside it tells of",
                     "draws and what is said of them belong together", _AGAIN)  # fmt: skip
    # By its bytes: opened by its path, HDF5 would lock it, which network drives refuse.
    with h5py.File(io.BytesIO(data)) as file:
        group = file[_GROUP]
        return {
            name: np.asarray(variable[...], np.float64).ravel()
            for name, variable in group.items()
            if variable.ndim == 2
        }


def _wrong(path: str, what: str, rule: str, fix: str) -> InputError:
    return InputError([Problem(path, 0, "", what, rule, fix)])
