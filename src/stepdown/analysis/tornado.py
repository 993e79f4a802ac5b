"""Which of the uncertain numbers matter: a tornado from the draws of one run.

A bar shows the mean of a figure when one number is low and when it is high, everything else as
uncertain as before. It takes no runs of its own, and unlike a figure computed with all other
numbers at their middle it is right where the model is not linear.
"""

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import mean_by_draw
from stepdown.analysis.figures_of_runs import figure_of_runs, numbers_of_draws
from stepdown.analysis.first_order import first_order_of, luck_of_means
from stepdown.analysis.purpose import is_for_expectation
from stepdown.analysis.smoothing import smooth_mean

__all__ = ["tornado"]

_LOW, _HIGH = 0.1, 0.9


def tornado(
    result: xr.Dataset,
    figure: str | xr.DataArray = "present_value",
    *,
    strategy: str | None = None,
    payer: str | None = None,
) -> xr.Dataset:
    """Return the mean of a figure where each uncertain number is low and where it is high.

    Parameters
    ----------
    result
        Of `simulate`; for expectations too.
    figure, strategy, payer
        What it is asked of, as in `figure_of_runs`: the present value of the first strategy's net
        saving unless told otherwise.

    Returns
    -------
        (parameter), the widest bar first: `low` and `high`, the mean of the figure given that the
        number is at its 10 and 90 % quantile, with `low_error`, `high_error`, in the figure's unit;
        `parameter_low`, `parameter_high`, those quantiles in the number's unit; `middle`, the mean
        over all draws. With at least 2 replicates also `share`, the first-order share of the
        variance that is knowledge, and `share_error`.

    Raises
    ------
    ParameterError
        There is no such figure or strategy, or the draws have their luck in common.

    Notes: a number that shows no effect in the draws has a bar of width 0. Numbers that are
    correlated carry each other's effect in their bars.
    """
    values = figure_of_runs(result, figure, strategy, payer)
    own, numbers = mean_by_draw(values).values, numbers_of_draws(result)
    ends = np.quantile(numbers, [_LOW, _HIGH], axis=0)
    has_luck = values.sizes.get("replicate", 1) > 1 and not is_for_expectation(result)
    rows = []
    for x, both in zip(numbers.T, ends.T, strict=True):
        curve = smooth_mean(own, x)
        mean, error = curve.at(both)
        share = first_order_of(curve, own, luck_of_means(values)) if has_luck else ()
        rows.append([*mean[:, 0], *error[:, 0], *both, *share])
    names = ["low", "high", "low_error", "high_error", "parameter_low", "parameter_high"]
    names += ["share", "share_error"] if has_luck else []
    table = np.array(rows).reshape(-1, len(names))
    order = np.argsort(-np.abs(table[:, 1] - table[:, 0]), kind="stable")
    found = xr.Dataset(
        {name: ("parameter", table[order, i]) for i, name in enumerate(names)},
        {"parameter": result.parameter.values[order]},
    )
    for name in ("low", "high", "low_error", "high_error"):
        found[name].attrs = {"units": values.attrs.get("units", "DKK")}
    return found.assign(middle=float(own.mean()))
