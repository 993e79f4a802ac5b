"""What it would be worth to know more before choosing: EVPI, EVPPI.

Whoever knew the truth would choose the best course in every future; whoever does not chooses the
one that is best on average. The difference of what they get on average is the most that any study
can be worth. Luck is no part of it, since no study takes luck away: the courses are compared on
their expectation over luck, given what is known.

The mean net benefit of each course given some numbers is a smooth function, fitted to the draws
(`stepdown.analysis.smoothing`). The plain mean of the best draw, of figures that hold luck, is
biased up: it takes luck for something that could be known.

Decision: docs/decisions/0028-value-of-information.md.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.distribution import mean_by_draw
from stepdown.analysis.figures_of_runs import named_parameters, net_benefits, numbers_of_draws
from stepdown.analysis.smoothing import SmoothMean, smooth_mean

__all__ = ["Means", "evpi", "evpi_of", "evppi", "evppi_of", "means_of", "worth_of"]

Floats = NDArray[np.float64]

_Z = 1.959963984540054
_TOLD = ("value", "error", "low", "high", "estimate")
_CURVES = 200
_SEED = 20_140_701
_MOST_VALUES = 4_000_000  # numbers of likely functions held at a time
_NEGLIGIBLE = 1e-9  # share of the net benefit's spread


class Means(NamedTuple):
    """The mean of some options given what will be known: one function, and others as likely."""

    columns: Floats
    """(value, column). What the functions are made of, at each value that may be learnt."""
    coefficients: Floats
    """(option, column)."""
    level: Floats
    """(option)."""
    likely: Floats
    """(function, option, column). Coefficients as likely."""
    likely_level: Floats
    """(function, option)."""


def means_of(curve: SmoothMean) -> Means:
    """Return a fitted function and others as likely, at the draws it was fitted to."""
    columns = curve.basis.at(curve.x)
    return Means(columns, curve.coefficients, curve.level, *curve.likely(_CURVES, _SEED))


def evpi_of(net_benefit: Floats) -> tuple[float, float]:
    """Return the expected value of perfect information, and its standard error.

    Parameters
    ----------
    net_benefit
        (draw, option), free of luck; higher is better. With luck in it, the answer is biased up.

    Notes: E max - max E over the draws; the error is that of the mean of the best option less the
    one chosen on average, whose own choice adds nothing to the first order.
    """
    table = np.asarray(net_benefit, dtype=np.float64)
    gain = table.max(axis=1) - table[:, table.mean(axis=0).argmax()]
    return float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(gain.size))


def evppi_of(net_benefit: Floats, x: Floats) -> dict[str, float]:
    """Return the expected value of knowing some numbers for certain.

    Parameters
    ----------
    net_benefit
        (draw, option); higher is better. Luck in it is no matter.
    x
        (draw) or (draw, number).

    Returns
    -------
        `estimate`, the mean over functions as likely as the draws leave them; `error`, its standard
        error, from the functions and from the number of draws; `low`, `high`, a 95 % interval with
        nothing below 0; `value`, the estimate, and 0 where the interval covers 0.
    """
    table = np.asarray(net_benefit, dtype=np.float64)
    moving = np.flatnonzero(np.ptp(table, axis=0) > 0)
    return worth_of(table, moving, means_of(smooth_mean(table[:, moving], x)))


def worth_of(table: Floats, moving: NDArray[np.int64], means: Means) -> dict[str, float]:
    """Return the value of choosing by some functions instead of on average, as `evppi_of`.

    Parameters
    ----------
    table
        (draw, option). Net benefits.
    moving
        Options that differ between draws, the figures of the functions; others are constant.
    means
        The mean of the moving options given what will be known.
    """
    fixed = np.delete(table[0], moving).max(initial=-np.inf)
    at_level, at_likely = [], []
    step = max(1, _MOST_VALUES // max(1, len(means.columns) * moving.size))
    for first in range(0, _CURVES, step):
        some = slice(first, first + step)
        # One small product for each function: no threads are worth starting for it.
        about = (means.likely[some] @ means.columns.T).transpose(1, 0, 2)
        at_level.append(_gains(about + means.level[:, None, None], fixed))
        at_likely.append(_gains(about + means.likely_level[some].T[:, :, None], fixed))
    likely = np.concatenate(at_likely)
    # Levels with an error make the best mean too high and the gain too low, most where options
    # tie. So much is given back, but not in the lower limit: it is what noise alone would bring.
    lowest = float(likely.mean())
    estimate = max(0.0, 2 * float(np.concatenate(at_level).mean()) - lowest)
    centre = means.level[:, None] + means.coefficients @ means.columns.T
    gain = _best(centre, fixed) - _chosen(centre, fixed)
    error = float(np.hypot(likely.std(ddof=1), gain.std(ddof=1) / np.sqrt(len(table))))
    negligible = _NEGLIGIBLE * float(np.abs(table).max(initial=0.0))
    return _told(estimate, error, min(lowest, estimate) - _Z * error, negligible)


def _told(estimate: float, error: float, low: float, negligible: float) -> dict[str, float]:
    """Return an estimate with its interval; 0 where the interval covers 0."""
    is_seen = low > negligible
    return {
        "value": estimate if is_seen else 0.0,
        "error": error,
        "low": low if is_seen else 0.0,
        "high": estimate + _Z * error,
        "estimate": estimate,
    }


def _best(values: Floats, fixed: float) -> Floats:
    """Return the highest of the options (option, ..., draw) and a constant."""
    return np.asarray(values.max(axis=0, initial=fixed))


def _gains(values: Floats, fixed: float) -> Floats:
    """Return E max - max E of each function, (function), from (option, function, draw)."""
    return np.asarray(_best(values, fixed).mean(axis=1) - _best(values.mean(axis=2), fixed))


def _chosen(centre: Floats, fixed: float) -> Floats:
    """Return at each value the option that is best on average, from (option, value)."""
    means = centre.mean(axis=1)
    if means.size == 0 or means.max() < fixed:
        return np.full(centre.shape[1], fixed)
    return np.asarray(centre[means.argmax()])


def evpi(result: xr.Dataset, worth_dkk: float = 0.0, payer: str | None = None) -> xr.Dataset:
    """Return what it would be worth to know all uncertain numbers before choosing a strategy.

    Parameters
    ----------
    result
        Of `simulate`; for expectations too.
    worth_dkk
        What a placement month avoided is worth besides the money [DKK].
    payer
        Whose money; "all" for all public purses.

    Returns
    -------
        `value`, `error`, `low`, `high`, `estimate` [DKK, present value] as in `evppi_of`;
        `with_luck`, the same from the draws as they are, which takes luck for knowledge: a number
        above what any study can be worth; and `best`, the course chosen on average.
    """
    benefits = mean_by_draw(net_benefits(result, worth_dkk, payer)).transpose("draw", "strategy")
    found = evppi_of(benefits.values, numbers_of_draws(result))
    found["with_luck"] = evpi_of(benefits.values)[0]
    whole = xr.Dataset({name: float(number) for name, number in found.items()})
    for name in whole.data_vars:
        whole[name].attrs = {"units": "DKK"}
    return whole.assign(best=str(benefits.strategy.values[benefits.values.mean(axis=0).argmax()]))


def evppi(
    result: xr.Dataset,
    parameters: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    worth_dkk: float = 0.0,
    payer: str | None = None,
) -> xr.Dataset:
    """Return what it would be worth to know some numbers before choosing a strategy.

    Parameters
    ----------
    result
        Of `simulate`; for expectations too.
    parameters
        Names, each by itself; or groups of names, each known as a whole. All numbers one by one
        unless given.
    worth_dkk, payer
        As in `evpi`.

    Returns
    -------
        (parameter), the highest first: `value`, `error`, `low`, `high`, `estimate` [DKK, present
        value] as in `evppi_of`. The dim holds the names of groups where groups are given.

    Raises
    ------
    ParameterError
        A name is not that of an uncertain number.

    Source: Strong, Oakley and Brennan, Medical Decision Making 34 (2014).
    """
    benefits = mean_by_draw(net_benefits(result, worth_dkk, payer)).transpose("draw", "strategy")
    numbers = numbers_of_draws(result)
    if parameters is None:
        parameters = [str(name) for name in result.parameter.values]
    groups = (
        parameters if isinstance(parameters, Mapping) else {name: [name] for name in parameters}
    )
    rows = [
        evppi_of(benefits.values, numbers[:, named_parameters(result, tuple(names))])
        for names in groups.values()
    ]
    order = np.argsort([-row["value"] for row in rows], kind="stable")
    return xr.Dataset(
        {name: ("parameter", [rows[i][name] for i in order], {"units": "DKK"}) for name in _TOLD},
        {"parameter": np.array(list(groups), dtype=object)[order].astype(str)},
    )
