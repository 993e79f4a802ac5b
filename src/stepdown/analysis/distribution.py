"""Summaries over draws and replicates, each with its Monte Carlo error.

Runs of one draw share its parameters, so errors are taken over draws: a draw is a cluster. In a
Sobol run the draws of a scramble depend on each other, and the scrambles are the clusters. A run
whose draws have luck in common has no clusters: it is refused.

Decision: docs/decisions/0014-uncertainty.md.
"""

import numpy as np
import xarray as xr
from scipy import special

from stepdown.analysis.purpose import refuse_expectation
from stepdown.errors import ParameterError

__all__ = ["bands", "by_cluster", "luck_share", "mean", "mean_by_draw", "probability", "quantiles"]

_RUNS = ("draw", "replicate")
_LEVEL = 0.975  # of two-sided 95 % intervals


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
    by_draw = mean_by_draw(values)
    return xr.Dataset({"value": by_draw.mean("draw"), "error": _standard_error(by_draw)})


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
    value = bands(values, levels)
    n_draws = values.sizes["draw"]
    errors = []
    for level in levels:
        step = _standard_error(mean_by_draw(values <= value.sel(quantile=level)))
        # One number for all cells: the largest error of the level, at least that of one draw.
        # A single draw tells nothing of its error, so it may be any.
        spread = 0.5 if n_draws < 2 else float(np.clip(step.max(), 0.5 / n_draws, 0.5))
        around = [float(np.clip(level + sign * spread, 0, 1)) for sign in (-1, 1)]
        low, high = bands(values, (around[0], around[1]))
        errors.append(((high - low) / 2).drop_vars("quantile", errors="ignore"))
    error = value.copy(data=np.stack([e.transpose(*value.dims[1:]).values for e in errors]))
    return xr.Dataset({"value": value, "error": error})


def bands(values: xr.DataArray, levels: tuple[float, ...] = (0.1, 0.5, 0.9)) -> xr.DataArray:
    """Return quantiles over all runs without their errors, at a small part of the cost.

    Parameters
    ----------
    values
        (..., draw, replicate). Any quantity; a cell with a nan in any run is nan.
    levels
        Levels inside (0, 1).

    Returns
    -------
        (quantile, ...) in the unit of `values`.
    """
    refuse_expectation(values, "quantiles")
    dims = [dim for dim in _RUNS if dim in values.dims]
    # Passing over missing values, as is the default, sorts cell by cell in Python.
    found: xr.DataArray = values.quantile(list(levels), dims, skipna=False)
    return found


def probability(holds: xr.DataArray) -> xr.Dataset:
    """Return the share of runs in which something holds, with a 95 % Wilson interval.

    Parameters
    ----------
    holds
        (..., draw, replicate) bool.

    Returns
    -------
        `value`, `low` and `high` in [0, 1]. The interval counts independent runs: as many as
        would give the variance seen between draws, at least the draws, at most all runs. In a
        Sobol run they may be more or fewer, and the interval is that of 16 scrambles.
    """
    refuse_expectation(holds, "probabilities")
    by_draw = mean_by_draw(holds)
    n_draws, n_runs = by_draw.sizes["draw"], _n_runs(holds)
    p = by_draw.mean("draw")
    n_clusters = by_cluster(by_draw).sizes["draw"]
    variance = by_cluster(by_draw).var("draw", ddof=1) / n_clusters if n_clusters > 1 else p - p**2
    if n_clusters == n_draws:
        z = float(special.ndtri(_LEVEL))
        n = (p * (1 - p) / variance.where(variance > 0)).clip(n_draws, n_runs).fillna(n_draws)
    else:
        z = float(special.stdtrit(n_clusters - 1, _LEVEL))
        n = (p * (1 - p) / variance.where(variance > 0)).fillna(n_draws)
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    low = (centre - half).clip(0, 1).where(p > 0, 0.0)
    high = (centre + half).clip(0, 1).where(p < 1, 1.0)
    return xr.Dataset({"value": p, "low": low, "high": high})


def luck_share(values: xr.DataArray) -> xr.Dataset:
    """Split the variance over runs into luck and knowledge.

    Luck is the mean variance within draws; knowledge is the variance of draw means less
    luck / replicates, never clipped at 0, so it may come out negative when luck is nearly all; the
    share then is above 1.

    Parameters
    ----------
    values
        (..., draw, replicate) with at least 2 replicates.

    Returns
    -------
        `luck`, `knowledge` [squared unit of `values`], `share` of luck in their sum, and its 95 %
        interval `low`, `high`; nan with fewer than 3 draws.

    Notes: the interval is the jackknife over draws (scrambles, of a Sobol run) of the logarithm of
    F, the mean square between draws over that within them, with Student's t; the share is
    R / (R - 1 + F). Unlike an interval from the F distribution it asks for no normality.
    Source: Arvesen, "Jackknifing U-statistics", Annals of Mathematical Statistics 40 (1969).
    """
    refuse_expectation(values, "luck and knowledge")
    n_replicates = values.sizes["replicate"]
    assert n_replicates > 1, "own invariant: luck is told from knowledge by at least two replicates"
    own = mean_by_draw(values)
    within = values.var("replicate", ddof=1)
    luck = within.mean("draw")
    knowledge = own.var("draw", ddof=1) - luck / n_replicates
    logs = _log_f(own, within, n_replicates)
    n = logs.sizes["draw"]
    whole: xr.DataArray = _log(n_replicates * own.var("draw", ddof=1) / luck)
    pseudo: xr.DataArray = n * whole - (n - 1) * logs
    half = special.stdtrit(max(n - 1, 1), _LEVEL) * pseudo.std("draw", ddof=1) / np.sqrt(n)
    centre = pseudo.mean("draw")
    found = {
        "luck": luck,
        "knowledge": knowledge,
        "share": luck / (luck + knowledge),
        "low": n_replicates / (n_replicates - 1 + np.exp(centre + half)),
        "high": n_replicates / (n_replicates - 1 + np.exp(centre - half)),
    }
    # Without any luck the logarithm is infinite; and the share is 0 with certainty.
    no_luck = (luck == 0) & (knowledge > 0)
    for name in ("low", "high"):
        found[name] = found[name].where(~no_luck, 0.0)
    return xr.Dataset(found)


def mean_by_draw(values: xr.DataArray) -> xr.DataArray:
    """Return means over replicates, (..., draw); `values` has draws with luck of their own.

    Raises
    ------
    ParameterError
        All draws have the same luck, so that they say nothing of the error.
    """
    if "luck" in values.coords:
        raise ParameterError(
            'luck = "common": all draws share their luck, so no error, quantile or share of luck '
            'can be told from them. Simulate with luck = "own".'
        )
    return values.mean("replicate") if "replicate" in values.dims else values.astype(float)


def by_cluster(by_draw: xr.DataArray) -> xr.DataArray:
    """Return means of independent clusters, (..., draw): of draws, or of a Sobol run's scrambles.

    Notes: clusters are of one size, so their mean is that of the draws.
    """
    if "scramble" not in by_draw.coords:
        return by_draw
    clusters: xr.DataArray = by_draw.groupby("scramble").mean("draw").rename(scramble="draw")
    return clusters


def _standard_error(by_draw: xr.DataArray) -> xr.DataArray:
    """Return the standard error of the mean over draws; nan for a single cluster."""
    clusters = by_cluster(by_draw)
    error: xr.DataArray = clusters.std("draw", ddof=1) / np.sqrt(clusters.sizes["draw"])
    return error


def _log_f(own: xr.DataArray, within: xr.DataArray, n_replicates: int) -> xr.DataArray:
    """Return the logarithm of F without each cluster in turn, (..., draw)."""
    # Variances are means of squares about any fixed point; the mean of all keeps digits.
    about = own - own.mean("draw")
    first, second, mean_within = by_cluster(about), by_cluster(about**2), by_cluster(within)
    n = first.sizes["draw"]
    per_cluster = own.sizes["draw"] / n
    left = (n - 1) * per_cluster  # draws that are left

    def without(means: xr.DataArray) -> xr.DataArray:
        return (means.sum("draw") - means) / (n - 1) if n > 1 else means * np.nan

    between = (without(second) - without(first) ** 2) * (left / (left - 1) if left > 1 else np.nan)
    return _log(n_replicates * between / without(mean_within))


def _log(values: xr.DataArray) -> xr.DataArray:
    """Return logarithms, with nan where there is none."""
    logs: xr.DataArray = values.copy(data=np.log(values.where(values > 0)))
    return logs


def _n_runs(values: xr.DataArray) -> int:
    return int(values.sizes["draw"] * values.sizes.get("replicate", 1))
