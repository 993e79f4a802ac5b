"""The children beside the money: never kroner alone."""

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import mean
from stepdown.analysis.savings import budget_years

__all__ = ["children_beside_money", "full_year_places"]

_FAMILY_LIKE = (4, 5)  # levels of kinship and foster care


def full_year_places(result: xr.Dataset) -> xr.Dataset:
    """Return full-year places moved: strategy less baseline, by step and year, with error.

    Returns
    -------
        `value` and `error`, (strategy, year, step) [full-year places = child-months / 12].
    """
    months = budget_years(result).months_in_step.astype(float)
    change = (months - months.isel(strategy=0, drop=True)).isel(strategy=slice(1, None))
    return mean(change / 12)


def children_beside_money(result: xr.Dataset) -> xr.Dataset:
    """Return what happens to the children over all budget years, by strategy, with error.

    Returns
    -------
        (strategy): `placement_months_avoided` [child-months], `moves_down` and `breakdowns` [moves
        more than in the baseline; down counts moves to a lower level and home], and
        `share_family_like` [share of placement months in kinship or foster care], each with
        `..._error`.
    """
    years = budget_years(result)
    placed = years.months_in_step.where(years.step_kind == "placement", 0).sum("year")
    total = placed.sum("step")
    family = placed.where(years.step_level.isin(_FAMILY_LIKE), 0).sum("step")
    share = family / total.where(total > 0)
    down = _moves(years, ("step_down", "reunification"))
    broken = _moves(years, ("breakdown",))
    found = {
        "placement_months_avoided": -_more(total),
        "moves_down": _more(down),
        "breakdowns": _more(broken),
        "share_family_like": share.isel(strategy=slice(1, None)),
        "baseline_share_family_like": share.isel(strategy=0, drop=True),
    }
    summary = xr.Dataset()
    for name, values in found.items():
        estimate = mean(values)
        summary[name], summary[f"{name}_error"] = estimate.value, estimate.error
    return summary


def _moves(years: xr.Dataset, classes: tuple[str, ...]) -> xr.DataArray:
    """Return the moves of any of some classes, (strategy, draw, replicate)."""
    member = [bool(set(classes) & set(str(own).split())) for own in years.move_class.values]
    made: xr.DataArray = years.moves.isel(move=np.flatnonzero(member)).sum(["move", "year"])
    return made.astype(float)


def _more(values: xr.DataArray) -> xr.DataArray:
    return (values - values.isel(strategy=0, drop=True)).isel(strategy=slice(1, None))
