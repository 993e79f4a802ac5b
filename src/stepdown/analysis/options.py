"""The options of a decision: the baseline and every strategy, run by run, as present values.

The baseline is an option like the others, with a net saving of exactly 0: to do nothing is a
choice. All options are compared in the same futures: the same draw and the same replicate.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

from collections.abc import Iterable

import numpy as np
import xarray as xr
from scipy import special

from stepdown.analysis.distribution import by_cluster, mean_by_draw, probability
from stepdown.analysis.lines import gross_saving
from stepdown.analysis.payers import of_payer
from stepdown.analysis.purpose import is_for_expectation
from stepdown.analysis.savings import budget_years
from stepdown.errors import ParameterError

__all__ = [
    "bare",
    "chance",
    "chances_unless_expectation",
    "discounted",
    "gross_of_options",
    "labelled",
    "months_avoided_of_options",
    "refuse_share",
    "shares_of_best",
    "spending_of_options",
    "values_of_options",
]

_LEVEL = 0.975  # of two-sided 95 % intervals


def values_of_options(result: xr.Dataset, payer: str | None = None) -> xr.DataArray:
    """Return the present value of net saving, (strategy, draw, replicate) [DKK], baseline too."""
    net = of_payer(budget_years(result).net_saving_dkk, payer)
    return discounted(result, net).transpose("strategy", "draw", "replicate")


def spending_of_options(result: xr.Dataset, payer: str | None = None) -> xr.DataArray:
    """Return the present value of investment less grants, (strategy, draw) [DKK], baseline too."""
    years = budget_years(result)
    own = of_payer(years.investment_dkk, payer) - of_payer(years.grant_dkk, payer)
    return discounted(result, own)


def gross_of_options(result: xr.Dataset, payer: str | None = None) -> xr.DataArray:
    """Return the present value of gross saving, (strategy, draw, replicate) [DKK], baseline too."""
    gross = bare(discounted(result, gross_saving(result, payer)))
    return gross.reindex(strategy=result.strategy.values, fill_value=0.0)


def months_avoided_of_options(result: xr.Dataset) -> xr.DataArray:
    """Return the placement months that each option avoids, discounted like money.

    Returns
    -------
        (strategy, draw, replicate) [child-months], the baseline's 0. A month avoided in a year
        counts as much as a krone of that year: if it is worth w kroner whenever it is avoided, its
        present value is w times this.

    Raises
    ------
    ParameterError
        The scenario has budget lines alone, so it has no children.
    """
    if "months_in_step" not in result:
        raise ParameterError(
            "worth_dkk: this scenario has budget lines alone and no children, so no placement "
            "month is avoided that could be worth anything. Write worth_dkk = 0."
        )
    years = budget_years(result)
    is_placement = np.flatnonzero(years.step_kind.values == "placement")
    placed = years.months_in_step.isel(step=is_placement).sum("step").astype(float)
    avoided = discounted(result, placed.isel(strategy=0, drop=True) - placed)
    return avoided.transpose("strategy", "draw", "replicate")


def discounted(result: xr.Dataset, values: xr.DataArray) -> xr.DataArray:
    """Return the present value of figures by budget year, (...) in their unit."""
    value: xr.DataArray = xr.dot(values, budget_years(result).discount_factor, dim="year")
    return value


def bare(values: xr.DataArray) -> xr.DataArray:
    """Return figures without the labels and levels of strategies, which belong to one axis each."""
    along = [name for name, c in values.coords.items() if "strategy" in c.dims]
    return values.drop_vars([name for name in along if name != "strategy"])


def labelled(found: xr.Dataset, like: xr.DataArray) -> xr.Dataset:
    """Return figures with the labels and levels of strategies that `like` has."""
    own = {name: c for name, c in like.coords.items() if c.dims == ("strategy",)}
    return found.assign_coords({name: c for name, c in own.items() if name != "strategy"})


def shares_of_best(values: xr.DataArray) -> xr.DataArray:
    """Return what part of each future an option is the best in; options that tie share it.

    Parameters
    ----------
    values
        (..., strategy, ...). Higher is better.

    Returns
    -------
        As `values`, in [0, 1], with the sum 1 over `strategy`.
    """
    top = values == values.max("strategy")
    return top / top.sum("strategy")


def chance(holds: xr.DataArray) -> xr.Dataset:
    """Return a probability with its 95 % interval and a standard error that is never 0.

    Parameters
    ----------
    holds
        (..., draw, replicate), bool or shares in [0, 1].

    Returns
    -------
        `value`, `error`, `low` and `high`. The interval is that of `probability`; the error is
        half its width over the quantile behind it, so that it says something at 0 and at 1 too.
    """
    found = probability(holds)
    n_clusters = by_cluster(mean_by_draw(holds)).sizes["draw"]
    is_sobol = "scramble" in holds.coords
    z = special.stdtrit(n_clusters - 1, _LEVEL) if is_sobol else special.ndtri(_LEVEL)
    return found.assign(error=(found.high - found.low) / (2 * float(z)))


def chances_unless_expectation(
    holds: xr.DataArray, names: Iterable[str]
) -> dict[str, xr.DataArray]:
    """Return `value` and `error` of a probability under two names; none in a run for means."""
    if is_for_expectation(holds):
        return {}
    found = chance(holds)
    return dict(zip(names, (found.value, found.error), strict=True))


def refuse_share(share: float) -> None:
    """Refuse a share of the futures that is not inside (0, 1).

    Raises
    ------
    ParameterError
        Names the value and the rule.
    """
    if not 0 < share < 1:
        raise ParameterError(
            f"share = {share!r}: must be above 0 and below 1; it is the part of the futures that "
            "is to be covered. Write share = 0.8 for 8 of 10."
        )
