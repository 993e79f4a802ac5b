"""The ratio of two means over draws, such as two variances, with its interval."""

import numpy as np
import xarray as xr
from scipy import special

from stepdown.analysis.distribution import by_cluster

__all__ = ["ratio_of_means"]

_LEVEL = 0.975  # of a two-sided 95 % interval


def ratio_of_means(above: xr.DataArray, below: xr.DataArray) -> xr.Dataset:
    """Return the ratio of two means over draws, with a 95 % interval.

    Parameters
    ----------
    above, below
        (..., draw), positive means. One figure of each draw, such as a variance over its
        replicates.

    Returns
    -------
        `value`, `low` and `high`, (...). nan where a mean is not above 0, and the interval with
        fewer than 3 draws.

    Notes: the interval is the jackknife over draws (scrambles, of a Sobol run) of the logarithm of
    the ratio, with Student's t. Draws are the clusters: whatever depends on each other within a
    draw, such as its replicates, is left out together.
    Source: Arvesen, "Jackknifing U-statistics", Annals of Mathematical Statistics 40 (1969).
    """
    top, bottom = by_cluster(above), by_cluster(below)
    n = top.sizes["draw"]
    whole = _log(top.sum("draw")) - _log(bottom.sum("draw"))
    value = np.exp(whole)
    if n < 3:
        unknown = value * np.nan
        return xr.Dataset({"value": value, "low": unknown, "high": unknown})
    without = _log(top.sum("draw") - top) - _log(bottom.sum("draw") - bottom)
    pseudo = n * whole - (n - 1) * without
    half = special.stdtrit(n - 1, _LEVEL) * pseudo.std("draw", ddof=1) / np.sqrt(n)
    centre = pseudo.mean("draw")
    return xr.Dataset({"value": value, "low": np.exp(centre - half), "high": np.exp(centre + half)})


def _log(values: xr.DataArray) -> xr.DataArray:
    """Return logarithms, with nan where there is none."""
    positive = values.where(values > 0)
    logs: xr.DataArray = values.copy(data=np.log(positive.values))
    return logs
