"""Expectations with what is known of the draws taken out: regression on the run's own draws.

Each uncertain number of a scenario has a known mean, and the draws of a run miss it by chance. What
of a figure goes with that miss, by linear regression over the run's own draws, is taken off. It
costs no simulation, and takes off knowledge, where the cohort solution takes off luck.

Decision: docs/decisions/0023-expectations.md.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from stepdown.analysis.distribution import mean, mean_by_draw
from stepdown.analysis.ratio import ratio_of_means
from stepdown.errors import ParameterError
from stepdown.parameters import named_quantities
from stepdown.posterior_rows import posterior_column
from stepdown.scenario import LoadedScenario
from stepdown.scenario.posterior_model import Learnt
from stepdown.scenario.quantity import Quantity

__all__ = [
    "adjusted_figures",
    "centred_parameters",
    "expected_value",
    "fewest_draws",
    "regressed_mean",
    "regression_on_draws",
]

Floats = NDArray[np.float64]

_NORMAL_975 = 1.959963984540054
_ONE_NUMBER = 1e-10  # share of the largest singular value; below it columns differ by rounding only


def regression_on_draws(
    loaded: LoadedScenario, result: xr.Dataset, values: xr.DataArray
) -> xr.Dataset:
    """Return the mean of a figure, improved by regression on the uncertain numbers of the draws.

    Parameters
    ----------
    loaded
        The scenario that `result` was simulated from; it holds the means of its numbers.
    result
        Of `simulate`, with independent draws and luck of their own; for expectations too.
    values
        (..., draw, replicate). Any figure computed from it.

    Returns
    -------
        As `regressed_mean`, in the unit of `values`.

    Raises
    ------
    ParameterError
        The draws are a Sobol sequence, whose means are right already; or too few.
    """
    if "scramble" in result.coords:
        raise ParameterError(
            'design = "sobol": the numbers of a Sobol run already have their means, so there is '
            "nothing to regress on. Ask for the plain mean."
        )
    return regressed_mean(values, centred_parameters(loaded, result))


def centred_parameters(loaded: LoadedScenario, result: xr.Dataset) -> xr.DataArray:
    """Return the uncertain numbers of a run's draws less their means, (parameter, draw)."""
    quantities = named_quantities(loaded.scenario)
    means = [expected_value(quantities[str(name)]) for name in result.parameter.values]
    centred: xr.DataArray = result.parameter_value - np.array(means)[:, None]
    return centred


def regressed_mean(values: xr.DataArray, controls: xr.DataArray) -> xr.Dataset:
    """Return the mean over runs with many control variates, and its standard error.

    Parameters
    ----------
    values
        (..., draw, replicate). Any figure.
    controls
        (parameter, draw). Numbers of the same draws whose expectation is 0.

    Returns
    -------
        `value` and `error`; `variance_ratio`, the variance over draws without the regression over
        that with it, and its 95 % interval `low`, `high`.

    Raises
    ------
    ParameterError
        Fewer draws than `fewest_draws`.

    Notes: the coefficients of a draw are those of a least squares fit to all the others, so they
    are independent of its own numbers and the mean is exactly unbiased, whatever the figure's
    shape. The error is that of the figures so adjusted: each misses its mean by what a prediction
    out of the sample misses, so the freedom that the fit uses is paid for.
    """
    own = mean_by_draw(values).transpose(..., "draw")
    used = controls.transpose("draw", "parameter").values
    spread = used.std(axis=0)
    scaled = used[:, spread > 0] / spread[spread > 0]
    fewest = 2 * (scaled.shape[1] + 1)
    if len(scaled) < fewest:
        raise ParameterError(
            f"n_draws = {len(scaled)}: a regression on {scaled.shape[1]} uncertain numbers takes "
            f"at least {fewest} draws. Write n_draws = {fewest} (--draws {fewest})."
        )
    adjusted = own.copy(data=adjusted_figures(own.values, scaled))
    found = mean(adjusted)
    about = (own - own.mean("draw")) ** 2, (adjusted - adjusted.mean("draw")) ** 2
    ratio = ratio_of_means(*about).rename(value="variance_ratio")
    for name in ratio.data_vars:
        ratio[name].attrs = {"units": "1"}
    return found.merge(ratio, compat="override")


def fewest_draws(result: xr.Dataset) -> int:
    """Return the draws that a regression on all uncertain numbers of a result takes at least."""
    return 2 * (result.sizes["parameter"] + 1)


def adjusted_figures(own: Floats, controls: Floats) -> Floats:
    """Return figures less what goes with the controls, by coefficients out of the sample.

    Parameters
    ----------
    own
        (..., draw). Figures, in any unit.
    controls
        (draw, control). Numbers whose expectation is 0.

    Returns
    -------
        (..., draw), in the unit of the figures. They are uncorrelated to the first order, so their
        spread tells the error of their mean.

    Notes: leaving out draw i changes a fit with hat values h, residuals e and inverse P by
    -P_i e_i / (1 - h_i), so all fits are had from one.
    """
    design = np.column_stack([np.ones(len(controls)), controls])
    inverse = np.linalg.pinv(design, rcond=_ONE_NUMBER)
    leverage = np.einsum("dc,cd->d", design, inverse)
    fitted = own @ inverse.T
    missed = (own - fitted @ design.T) / (1 - leverage)
    return np.asarray(fitted[..., :1] + (1 - inverse[0]) * missed)


def expected_value(quantity: Quantity) -> float:
    """Return the mean of a number's distribution, in its unit.

    Notes: a lognormal has a spread of its own above and below its median, so its mean is that of
    two halves.
    """
    if isinstance(quantity, Learnt):
        return float(posterior_column(quantity).mean())
    q = quantity
    low, high = q.low or 0.0, q.high or 0.0
    if q.distribution is None:
        return float(q.value or 0.0)
    if q.distribution == "uniform":
        return (low + high) / 2
    if q.distribution == "triangular":
        return (low + (q.mode or 0.0) + high) / 3
    if q.distribution == "lognormal":
        median = q.median or 0.0
        below, above = np.log(median / low) / _NORMAL_975, np.log(high / median) / _NORMAL_975
        halves = [np.exp(s**2 / 2) * special.ndtr(t) for s, t in ((below, -below), (above, above))]
        return float(median * sum(halves))
    return q.mean or 0.0
