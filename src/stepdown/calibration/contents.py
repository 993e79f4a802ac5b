"""What a posterior holds, written beside its draws: scenarios are checked by it.

Decision: docs/decisions/0034-joint-draws.md.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import xarray as xr

from stepdown.calibration.posterior import tree_bytes
from stepdown.endings import held
from stepdown.netcdf import unpack
from stepdown.scenario.posterior_model import Contents, LearntNumber, digest_of
from stepdown.writing import aside, place, write_bytes, write_whole

__all__ = ["contents_of", "contents_text", "write_contents", "write_posterior"]


def write_contents(path: Path) -> Path:
    """Write what a posterior holds beside its file of draws; return the file written.

    Parameters
    ----------
    path
        The file of draws, as `write_tree` wrote it.
    """
    beside = path.with_suffix(".json")
    return write_whole(beside, contents_text(path.read_bytes()).encode())


def write_posterior(tree: xr.DataTree, path: Path) -> None:
    """Write a posterior and what it holds, both or neither: one without the other is refused."""
    data = bytes(tree_bytes(tree))
    beside = path.with_suffix(".json")
    with aside(path.parent) as folder:
        draws = write_bytes(folder / path.name, data)
        contents = write_bytes(folder / beside.name, contents_text(data).encode())
        with held():
            place(draws, path)
            place(contents, beside)


def contents_text(data: bytes) -> str:
    """Return the text of the file that says what a posterior holds, by the bytes of its draws."""
    said = contents_of(data).model_dump()
    return json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def contents_of(data: bytes) -> Contents:
    """Return what a file of draws holds, by its bytes: the draws as they are stored."""
    draws = unpack(data, "posterior")
    used = [v for v in unpack(data, "constant_data").data_vars.values() if v.attrs["used"]]
    attributes = unpack(data).attrs
    found = Contents(
        calibration=str(attributes["calibration"]),
        draws_sha256=hashlib.sha256(data).hexdigest(),
        n_draws=draws.sizes["chain"] * draws.sizes["draw"],
        targets_sha256=hashlib.sha256(str(attributes["targets_text"]).encode()).hexdigest(),
        target_sources=tuple(json.loads(attributes["target_sources"])),
        prior_sources=tuple(json.loads(attributes["prior_sources"])),
        n_targets=len(used),
        numbers={str(name): _number(draws[name]) for name in draws.data_vars},
    )
    return found.model_copy(update={"contents_sha256": digest_of(found.model_dump())})


def _number(draws: xr.DataArray) -> LearntNumber:
    values = draws.values.astype(np.float64).ravel()
    low, median, high = (float(v) for v in np.quantile(values, (0.025, 0.5, 0.975)))
    return LearntNumber(
        unit=str(draws.attrs["units"]),
        mean=float(values.mean()),
        sd=float(values.std()),
        median=median,
        low=low,
        high=high,
        sources=tuple(str(draws.attrs["sources"]).split()),
    )
