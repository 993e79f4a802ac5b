"""First-order indices: how much of the spread of what is not known goes with one number.

They need no runs of their own: the mean of a figure given a number is a smooth curve through the
draws, and its variance is what the number explains. Luck is in neither: the curve averages over it,
and of the variance of the draws' means the part that is luck is taken off.

Decision: docs/decisions/0028-value-of-information.md.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.distribution import mean_by_draw
from stepdown.analysis.figures_of_runs import figure_of_runs, numbers_of_draws
from stepdown.analysis.purpose import refuse_expectation
from stepdown.analysis.smoothing import SmoothMean, smooth_mean
from stepdown.errors import ParameterError

__all__ = ["first_order_indices", "first_order_of", "luck_of_means"]

Floats = NDArray[np.float64]


def first_order_indices(
    result: xr.Dataset,
    figure: str | xr.DataArray = "present_value",
    strategy: str | None = None,
    payer: str | None = None,
) -> xr.Dataset:
    """Return the first-order Sobol index of every uncertain number.

    Parameters
    ----------
    result
        Of `simulate`, with at least 2 replicates.
    figure, strategy, payer
        What it is asked of, as in `figure_of_runs`.

    Returns
    -------
        (parameter): `first_order`, the share of the variance that is knowledge, and its standard
        `error`. Indices of numbers without effect are 0.

    Raises
    ------
    ParameterError
        The run has one replicate, is for expectations, or has luck in common.

    Source: Sobol, Mathematics and Computers in Simulation 55 (2001); Plischke, Borgonovo and Smith,
    European Journal of Operational Research 226 (2013), for indices from given data.
    """
    refuse_expectation(result, "shares of variance")
    values = figure_of_runs(result, figure, strategy, payer)
    own, within = mean_by_draw(values).values, luck_of_means(values)
    numbers = numbers_of_draws(result)
    found = np.array([first_order_of(smooth_mean(own, x), own, within) for x in numbers.T])
    coords = {"parameter": result.parameter.values}
    first, error = found.reshape(-1, 2).T
    return xr.Dataset(
        {"first_order": ("parameter", first), "error": ("parameter", error)}, coords
    ).assign_attrs(units="1")


def first_order_of(curve: SmoothMean, own: Floats, within: Floats) -> tuple[float, float]:
    """Return the share of knowledge that a number explains, and its standard error.

    Parameters
    ----------
    curve
        The mean of the figure given the number.
    own
        (draw). Means over replicates.
    within
        (draw). The luck in them, as `luck_of_means`.

    Returns
    -------
        Both in [0, 1]; nan where nothing but luck is seen.

    Notes: the error is that of the ratio to the first order, from what each draw adds to the
    variance of the curve and to that of knowledge, and what the coefficients leave open besides.
    """
    n = own.size
    explained, open_spread = (float(part[0]) for part in curve.explained())
    about, fitted = own - own.mean(), curve.fitted[:, 0] - curve.level[0]
    parts = about**2 * n / (n - 1) - within
    total = float(parts.mean())
    if total <= 0:
        return float("nan"), float("nan")
    share = explained / total
    adds = fitted**2 + 2 * fitted * (about - fitted)
    influence = (adds - adds.mean() - share * (parts - total)) / total
    return share, float(np.hypot(influence.std(ddof=1) / np.sqrt(n), open_spread / total))


def luck_of_means(values: xr.DataArray) -> Floats:
    """Return the variance of luck in each draw's mean, (draw), in squared units of `values`.

    Parameters
    ----------
    values
        (draw, replicate), or (draw) where nothing is luck.

    Raises
    ------
    ParameterError
        There is one replicate, so that luck cannot be told from knowledge.
    """
    if "replicate" not in values.dims:
        return np.zeros(values.sizes["draw"])
    n = values.sizes["replicate"]
    if n == 1:
        raise ParameterError(
            "n_replicates = 1: what is luck cannot be told from what is not known by one replicate "
            "of each draw. Simulate with n_replicates = 2."
        )
    return np.asarray(values.transpose("draw", "replicate").values.var(axis=1, ddof=1) / n)
