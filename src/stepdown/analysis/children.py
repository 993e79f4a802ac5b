"""The children beside the money: never kroner alone."""

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import bands, mean
from stepdown.analysis.purpose import is_for_expectation
from stepdown.analysis.savings import budget_years

__all__ = [
    "ALL_PLACEMENTS",
    "children_beside_money",
    "children_on_steps",
    "full_year_places",
    "placement_months_avoided",
]

ALL_PLACEMENTS = "all_placements"
"""Name of the sum over placements, beside the steps."""
_FAMILY_LIKE = (4, 5)  # levels of kinship and foster care
_HELPED = ("home", "placement", "state")  # kinds of step on which a child gets help
_LEVELS = (0.1, 0.5, 0.9)


def full_year_places(result: xr.Dataset) -> xr.Dataset:
    """Return full-year places moved: strategy less baseline, by step and year, with error.

    Returns
    -------
        `value` and `error`, (strategy, year, step) [full-year places = child-months / 12].
    """
    months = budget_years(result).months_in_step.astype(float)
    change = (months - months.isel(strategy=0, drop=True)).isel(strategy=slice(1, None))
    return mean(change / 12)


def children_on_steps(result: xr.Dataset) -> xr.Dataset:
    """Return how many children get each kind of help: means and quantiles over the futures.

    Counts of simulated children, never of real ones: a small figure tells nothing of anybody.

    Returns
    -------
        `full_year_places` [helårspersoner = child-months / 12] and `stock` [children on 31
        December], (statistic, strategy, year, step): statistic is mean, 10 %, 50 % and 90 %; steps
        without help are left out, and where there are placements their sum, `ALL_PLACEMENTS`,
        comes last. A run for expectations has the means alone.
    """
    years = budget_years(result)
    found = {
        "full_year_places": years.months_in_step.astype(float) / 12,
        "stock": years.stock.astype(float),
    }
    return xr.Dataset({name: _statistics(_with_sum(values)) for name, values in found.items()})


def _with_sum(values: xr.DataArray) -> xr.DataArray:
    """Return the steps with help, and the sum over placements."""
    helped = values.isel(step=np.flatnonzero(values.step_kind.isin(_HELPED)))
    placed = values.isel(step=np.flatnonzero(values.step_kind == "placement"))
    bare = helped.drop_vars([c for c in helped.coords if str(c).startswith("step_")])
    if not placed.sizes["step"]:
        return bare
    total = placed.sum("step").expand_dims(step=[ALL_PLACEMENTS])
    return xr.concat([bare, total], "step").transpose(*values.dims)


def _statistics(values: xr.DataArray) -> xr.DataArray:
    runs = ["draw", "replicate"]
    means = values.mean(runs).expand_dims(statistic=["mean"])
    if is_for_expectation(values):
        return means
    spread = bands(values, _LEVELS).rename(quantile="statistic")
    names = [f"{level * 100:.0f} %" for level in _LEVELS]
    return xr.concat([means, spread.assign_coords(statistic=names)], "statistic")


def children_beside_money(result: xr.Dataset) -> xr.Dataset:
    """Return what happens to the children over all budget years, by strategy, with error.

    Returns
    -------
        (strategy): `placement_months_avoided` [child-months], `moves_down` and `breakdowns` [moves
        more than in the baseline; down counts moves to a lower level and home], and
        `share_family_like` [share of placement months in kinship or foster care], each with
        `..._error`. A share is not linear in children, so a run for expectations has none.
    """
    years = budget_years(result)
    placed = _placed(years)
    total = placed.sum("step")
    family = placed.where(years.step_level.isin(_FAMILY_LIKE), 0).sum("step")
    share = family / total.where(total > 0)
    down = _moves(years, ("step_down", "reunification"))
    broken = _moves(years, ("breakdown",))
    found = {
        "placement_months_avoided": -_more(total),
        "moves_down": _more(down),
        "breakdowns": _more(broken),
    }
    if not is_for_expectation(result):
        found["share_family_like"] = share.isel(strategy=slice(1, None))
        found["baseline_share_family_like"] = share.isel(strategy=0, drop=True)
    summary = xr.Dataset()
    for name, values in found.items():
        estimate = mean(values)
        summary[name], summary[f"{name}_error"] = estimate.value, estimate.error
    return summary


def placement_months_avoided(result: xr.Dataset) -> xr.DataArray:
    """Return the placement months avoided over all budget years, future by future.

    Returns
    -------
        (strategy, draw, replicate) [child-months], strategies only: baseline less strategy.
    """
    return -_more(_placed(budget_years(result)).sum("step"))


def _placed(years: xr.Dataset) -> xr.DataArray:
    """Return the months in placements, (strategy, draw, replicate, step) [child-months]."""
    months: xr.DataArray = years.months_in_step
    return months.where(years.step_kind == "placement", 0).sum("year")


def _moves(years: xr.Dataset, classes: tuple[str, ...]) -> xr.DataArray:
    """Return the moves of any of some classes, (strategy, draw, replicate)."""
    member = [bool(set(classes) & set(str(own).split())) for own in years.move_class.values]
    made: xr.DataArray = years.moves.isel(move=np.flatnonzero(member)).sum(["move", "year"])
    return made.astype(float)


def _more(values: xr.DataArray) -> xr.DataArray:
    return (values - values.isel(strategy=0, drop=True)).isel(strategy=slice(1, None))
