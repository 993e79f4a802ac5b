"""The few figures that a run is known by, in one small Dataset."""

import xarray as xr

from stepdown.analysis.children import placement_months_avoided
from stepdown.analysis.distribution import bands, mean, probability
from stepdown.analysis.payers import own_payer
from stepdown.analysis.purpose import is_for_expectation
from stepdown.analysis.savings import (
    budget_years,
    net_saving,
    payback_year,
    present_value,
    saving_reached,
)

__all__ = ["headline"]

_UNITS = {
    "gross_saving_dkk": ("DKK", "saving on measures, all payers, mean"),
    "net_saving_dkk": ("DKK", "net saving of the payer, mean"),
    "net_saving_dkk_error": ("DKK", "Monte Carlo standard error of the mean"),
    "net_saving_dkk_quantiles": ("DKK", "net saving over all futures"),
    "p_gain": ("1", "share of futures in which the year's net saving is above 0"),
    "published_dkk": ("DKK", "published saving, positive"),
    "p_reached": ("1", "share of futures in which the published saving is reached"),
    "present_value_dkk": ("DKK", "discounted net saving over the budget years, mean"),
    "present_value_dkk_error": ("DKK", "Monte Carlo standard error of the mean"),
    "present_value_dkk_quantiles": ("DKK", "present value over all futures"),
    "p_paid_back": ("1", "share of futures that have paid back within the budget years"),
    "placement_months_avoided": ("child-months", "over the budget years, mean"),
    "placement_months_avoided_error": ("child-months", "Monte Carlo standard error of the mean"),
}


def headline(result: xr.Dataset, payer: str | None = None) -> xr.Dataset:
    """Return what a run says first, by strategy and budget year.

    Parameters
    ----------
    result
        Of `stepdown.simulate`.
    payer
        Whose net saving; its parts are included. "all" for all payers; None: `own_payer`.

    Returns
    -------
        (strategy, year), with `line` or `quantile` (10, 50, 90 %) where the name says so; money in
        DKK of the run's price level. `gross_saving_dkk`, `net_saving_dkk`, `p_gain`,
        `published_dkk`, `p_reached`; (strategy): `present_value_dkk`, `p_paid_back`,
        `placement_months_avoided`; means with `..._error`, a Monte Carlo standard error, and
        `..._quantiles`. Without children no placement months; of a run for expectations the means
        alone.
    """
    payer = own_payer(result) if payer is None else payer
    years = budget_years(result)
    gross = mean(years.gross_saving_dkk.isel(strategy=slice(1, None)))
    found = {"gross_saving_dkk": gross.value}
    for name, values in (
        ("net_saving_dkk", net_saving(result, payer)),
        ("present_value_dkk", present_value(result, payer)),
    ):
        estimate = mean(values)
        found |= {name: estimate.value, f"{name}_error": estimate.error}
        if not is_for_expectation(result):
            found[f"{name}_quantiles"] = bands(values)
    if not is_for_expectation(result):
        found |= _probabilities(result, payer)
    if "months_in_step" in result:
        avoided = mean(placement_months_avoided(result))
        found["placement_months_avoided"] = avoided.value
        found["placement_months_avoided_error"] = avoided.error
    summary = xr.Dataset({name: found[name] for name in _UNITS if name in found})
    for name, (unit, meaning) in _UNITS.items():
        if name in summary:
            summary[name].attrs = {"units": unit, "long_name": meaning}
    kept = ("scenario", "title_da", "title_en", "price_level", "seed", "n_draws", "n_replicates")
    summary.attrs = {key: result.attrs[key] for key in kept} | {"payer": payer}
    return summary


def _probabilities(result: xr.Dataset, payer: str) -> dict[str, xr.DataArray]:
    reached = saving_reached(result)
    return {
        "p_gain": probability(net_saving(result, payer) > 0).value,
        "published_dkk": reached.published,
        "p_reached": reached.value,
        "p_paid_back": probability(payback_year(result, payer).notnull()).value,
    }
