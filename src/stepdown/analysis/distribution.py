"""Summaries over draws and replicates, each with its Monte Carlo error.

Runs of one draw share its parameters, so errors are taken over draws: a draw is a cluster.
"""

import numpy as np
import xarray as xr

__all__ = ["luck_share", "mean", "probability", "quantiles"]

_RUNS = ("draw", "replicate")
_Z = 1.959963984540054


def mean(values: xr.DataArray) -> xr.Dataset:
    """Return the mean over runs and its standard error.

    Parameters
    ----------
    values
        (..., draw, replicate). Any quantity.

    Returns
    -------
        `value` and `error`, without draw and replicate, in the unit of `values`.
    """
    by_draw = _by_draw(values)
    error = by_draw.std("draw", ddof=1) / np.sqrt(by_draw.sizes["draw"])
    return xr.Dataset({"value": by_draw.mean("draw"), "error": error})


def quantiles(values: xr.DataArray, levels: tuple[float, ...] = (0.1, 0.5, 0.9)) -> xr.Dataset:
    """Return quantiles over all runs and their standard errors.

    Parameters
    ----------
    values
        (..., draw, replicate). Any quantity.
    levels
        Levels inside (0, 1).

    Returns
    -------
        `value` and `error` with a dim `quantile` first, in the unit of `values`. The error is half
        the distance between the quantiles one standard error of the level up and down.
    """
    dims = [dim for dim in _RUNS if dim in values.dims]
    value = values.quantile(list(levels), dims)
    n_draws = values.sizes["draw"]
    errors = []
    for level in levels:
        below = _by_draw(values <= value.sel(quantile=level))
        step = below.std("draw", ddof=1) / np.sqrt(n_draws)
        # One number for all cells: the largest error of the level, at least that of one draw.
        # A single draw tells nothing of its error, so it may be any.
        spread = 0.5 if n_draws < 2 else float(np.clip(step.max(), 0.5 / n_draws, 0.5))
        around = [float(np.clip(level + sign * spread, 0, 1)) for sign in (-1, 1)]
        low, high = (values.quantile(a, dims).drop_vars("quantile") for a in around)
        errors.append((high - low) / 2)
    error = value.copy(data=np.stack([e.transpose(*value.dims[1:]).values for e in errors]))
    return xr.Dataset({"value": value, "error": error})


def probability(holds: xr.DataArray) -> xr.Dataset:
    """Return the share of runs in which something holds, with a 95 % Wilson interval.

    Parameters
    ----------
    holds
        (..., draw, replicate) bool.

    Returns
    -------
        `value`, `low` and `high` in [0, 1]. The interval counts independent runs: as many as
        would give the variance seen between draws, at least the draws, at most all runs.
    """
    by_draw = _by_draw(holds)
    n_draws, n_runs = by_draw.sizes["draw"], _n_runs(holds)
    p = by_draw.mean("draw")
    variance = by_draw.var("draw", ddof=1) / n_draws if n_draws > 1 else p * (1 - p)
    n = (p * (1 - p) / variance.where(variance > 0)).clip(n_draws, n_runs).fillna(n_draws)
    centre = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * np.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    low = (centre - half).clip(0, 1).where(p > 0, 0.0)
    high = (centre + half).clip(0, 1).where(p < 1, 1.0)
    return xr.Dataset({"value": p, "low": low, "high": high})


def luck_share(values: xr.DataArray) -> xr.Dataset:
    """Split the variance over runs into luck and knowledge.

    Luck is the mean variance within draws; knowledge is the variance of draw means less
    luck / replicates, never clipped at 0, so it may come out negative when luck is nearly all.

    Parameters
    ----------
    values
        (..., draw, replicate) with at least 2 replicates.

    Returns
    -------
        `luck`, `knowledge` [squared unit of `values`] and `share` of luck in their sum.
    """
    n = values.sizes["replicate"]
    assert n > 1, "own invariant: luck is told from knowledge by at least two replicates"
    luck = values.var("replicate", ddof=1).mean("draw")
    knowledge = values.mean("replicate").var("draw", ddof=1) - luck / n
    return xr.Dataset({"luck": luck, "knowledge": knowledge, "share": luck / (luck + knowledge)})


def _by_draw(values: xr.DataArray) -> xr.DataArray:
    return values.mean("replicate") if "replicate" in values.dims else values.astype(float)


def _n_runs(values: xr.DataArray) -> int:
    return int(values.sizes["draw"] * values.sizes.get("replicate", 1))
