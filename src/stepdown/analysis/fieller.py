"""The ratio of two means over draws, each of which may have any sign, with its interval."""

import numpy as np
import xarray as xr
from scipy import special

from stepdown.analysis.distribution import by_cluster

__all__ = ["fieller"]

_LEVEL = 0.975  # of a two-sided 95 % interval


def fieller(above: xr.DataArray, below: xr.DataArray) -> xr.Dataset:
    """Return the ratio of two means over draws, with the 95 % interval of Fieller.

    Parameters
    ----------
    above, below
        (..., draw). One figure of each draw; they may go together.

    Returns
    -------
        `value`, `low` and `high`, (...), in the unit of `above` over that of `below`. The interval
        is (-inf, inf) where the mean below cannot be told from 0; nan with fewer than 3 draws, or
        where the mean below is 0.

    Notes: the interval holds every r for which the mean of above - r below cannot be told from 0
    by Student's t over draws (scrambles, of a Sobol run). `ratio_of_means` is for positive means,
    such as variances, where the logarithm gives better intervals.
    Source: Fieller, "Some problems in interval estimation", Journal of the Royal Statistical
    Society B 16 (1954).
    """
    top, bottom = xr.broadcast(by_cluster(above), by_cluster(below))
    n = top.sizes["draw"]
    a, b = top.mean("draw"), bottom.mean("draw")
    value = a / b.where(b != 0)
    if n < 3:
        unknown = value * np.nan
        return xr.Dataset({"value": value, "low": unknown, "high": unknown})
    scale = special.stdtrit(n - 1, _LEVEL) ** 2 / (n * (n - 1))
    about_a, about_b = top - a, bottom - b
    square = b**2 - scale * (about_b**2).sum("draw")
    middle = a * b - scale * (about_a * about_b).sum("draw")
    rest = a**2 - scale * (about_a**2).sum("draw")
    # Below 0 by rounding alone where nothing is uncertain.
    root = np.sqrt((middle**2 - square * rest).clip(min=0))
    is_told = square > 0
    safe = square.where(is_told)
    low = ((middle - root) / safe).where(is_told, -np.inf).where(b != 0)
    high = ((middle + root) / safe).where(is_told, np.inf).where(b != 0)
    return xr.Dataset({"value": value, "low": low, "high": high})
