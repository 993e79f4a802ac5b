"""Which strategy is best, and how sure that is: all of them compared in the same futures.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import mean
from stepdown.analysis.options import (
    bare,
    chances_unless_expectation,
    labelled,
    shares_of_best,
    values_of_options,
)

__all__ = ["best_strategy", "compare_strategies"]


def compare_strategies(result: xr.Dataset, payer: str | None = None) -> xr.Dataset:
    """Return how much better each strategy is than each other, paired future by future.

    Parameters
    ----------
    result
        Of `simulate`. The baseline is compared too; its net saving is 0.
    payer
        Whose net saving; "all" for all public purses.

    Returns
    -------
        (strategy, other): `difference` [DKK], mean present value of the net saving of `strategy`
        less that of `other`, and its standard error `error`; `p_better`, the probability that
        `strategy` is the better, a tie counting half, and `p_better_error`. A run for expectations
        has no probabilities.

    Notes: both live with the same draws, children and luck, so the error of a difference is mostly
    far smaller than the errors of the two means say.
    """
    labels = values_of_options(result, payer)
    value = bare(labels)
    columns = []
    for name in value.strategy.values:
        difference = value - value.sel(strategy=name, drop=True)
        found = mean(difference).rename(value="difference")
        better = (difference > 0) + 0.5 * (difference == 0)
        found = found.assign(chances_unless_expectation(better, ("p_better", "p_better_error")))
        if "p_better" in found:  # a strategy ties with itself, and that is certain
            found["p_better_error"] = found.p_better_error.where(found.strategy != name, 0.0)
        columns.append(found)
    other = xr.DataArray(value.strategy.values, dims="other", name="other")
    return labelled(xr.concat(columns, other).transpose("strategy", "other"), labels)


def best_strategy(result: xr.Dataset, payer: str | None = None) -> xr.Dataset:
    """Return the strategy with the highest mean present value, and how sure it is to be the best.

    Parameters
    ----------
    result
        Of `simulate`. The baseline is one of the options.
    payer
        Whose net saving; "all" for all public purses.

    Returns
    -------
        `best` (the name; the first in the file of those that tie); (strategy), baseline included:
        `mean` and `error` [DKK] of the present value of the net saving, and `probability_best`
        with `probability_best_error`: the share of the futures in which the strategy beats all
        others. Strategies that tie share a future. A run for expectations has no probabilities.

    Notes: the strategy with the highest mean is the one to choose when only money counts; it need
    not be the one that is best most often.
    Source: Fenwick, Claxton and Sculpher, Health Economics 10 (2001).
    """
    value = values_of_options(result, payer)
    found = mean(value).rename(value="mean")
    names = ("probability_best", "probability_best_error")
    found = found.assign(chances_unless_expectation(shares_of_best(value), names))
    best = str(value.strategy.values[int(np.argmax(found["mean"].values))])
    return found.assign(best=best)
