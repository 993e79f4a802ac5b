"""What a posterior holds, written beside its draws: scenarios are checked by it.

Decision: docs/decisions/0034-joint-draws.md.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import xarray as xr

from stepdown.scenario.posterior_model import Contents, LearntNumber

__all__ = ["contents_of", "write_contents"]


def write_contents(path: Path) -> Path:
    """Write what a posterior holds beside its file of draws; return the file written.

    Parameters
    ----------
    path
        The file of draws, as `write_tree` wrote it.
    """
    beside = path.with_suffix(".json")
    said = contents_of(path).model_dump()
    text = json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    beside.write_text(text, encoding="utf-8", newline="\n")
    return beside


def contents_of(path: Path) -> Contents:
    """Return what a file of draws holds, by the draws as they are stored."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        draws = tree["posterior"].to_dataset().load()
        used = [v for v in tree["constant_data"].data_vars.values() if v.attrs["used"]]
        attributes = dict(tree.attrs)
    return Contents(
        calibration=str(attributes["calibration"]),
        draws_sha256=digest,
        n_draws=draws.sizes["chain"] * draws.sizes["draw"],
        targets_sha256=hashlib.sha256(str(attributes["targets_text"]).encode()).hexdigest(),
        target_sources=tuple(json.loads(attributes["target_sources"])),
        prior_sources=tuple(json.loads(attributes["prior_sources"])),
        n_targets=len(used),
        numbers={str(name): _number(draws[name]) for name in draws.data_vars},
    )


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
