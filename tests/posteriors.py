"""Small posteriors in the layout of a calibration, with any draws and any evidence."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from stepdown.calibration.contents import write_contents
from stepdown.calibration.posterior import write_tree

RATE, RATIO = "per year", "ratio"


def write_posterior(
    path: Path,
    numbers: Mapping[str, tuple[np.ndarray, str]],
    *,
    calibration: str = "made_up",
    target_sources: Sequence[str] = (),
    prior_sources: Sequence[str] = (),
) -> Path:
    """Write draws (chain, draw) with their units, and what they hold beside them."""
    draws = xr.Dataset(
        {
            name: (("chain", "draw"), values, {"units": unit, "sources": " ".join(prior_sources)})
            for name, (values, unit) in numbers.items()
        }
    )
    used = xr.Dataset({"seen": ((), 1.0, {"used": 1})})
    tree = xr.DataTree.from_dict({"posterior": draws, "constant_data": used})
    tree.attrs = {
        "calibration": calibration,
        "targets_text": "made up",
        "target_sources": json.dumps(list(target_sources)),
        "prior_sources": json.dumps(list(prior_sources)),
    }
    write_tree(tree, path)
    write_contents(path)
    return path
