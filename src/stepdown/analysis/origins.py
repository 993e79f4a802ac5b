"""Where the saving comes from, and what becomes of it: by step, and by payer from gross to net.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

import numpy as np
import xarray as xr

from stepdown.analysis.distribution import mean
from stepdown.analysis.lines import saving_of_lines
from stepdown.analysis.options import discounted
from stepdown.analysis.payers import own_payer
from stepdown.analysis.savings import budget_years

__all__ = ["BUDGET_LINES_ITEM", "CHILDREN_ITEM", "MOVES_ITEM", "saving_by_payer", "saving_by_step"]

CHILDREN_ITEM, MOVES_ITEM, BUDGET_LINES_ITEM = "between_children", "one_off", "budget_lines"
"""What stands beside the steps: children dearer or cheaper than the mean, moves, budget lines."""
_ITEMS = (CHILDREN_ITEM, MOVES_ITEM, BUDGET_LINES_ITEM)
_ROUNDING = 1e-9  # of the largest saving: what is smaller is no amount


def saving_by_step(result: xr.Dataset) -> xr.Dataset:
    """Return the gross saving by the step that it comes from, over all payers.

    Parameters
    ----------
    result
        Of `simulate`.

    Returns
    -------
        `value` and `error` (strategy, step, year) and `present_value` with `present_value_error`
        (strategy, step) [DKK]: spending in the baseline less in the strategy, negative on a step
        that is used more. After the steps come, where there are any, `between_children`,
        `one_off` and `budget_lines`. The sum over `step` is `gross_saving(result, "all")`.

    Notes: a step's spending is the months on it times its price. Where children on a step differ
    in price, what those who are spared cost beyond the mean is known over all steps only, and
    stands as `between_children`. Adult life is part of no saving.
    """
    parts = _parts_of_saving(result)
    by_year = mean(parts)
    whole = mean(discounted(result, parts))
    return by_year.assign(present_value=whole.value, present_value_error=whole.error)


def saving_by_payer(result: xr.Dataset) -> xr.Dataset:
    """Return what becomes of the gross saving of each payer until it is net.

    Parameters
    ----------
    result
        Of `simulate`.

    Returns
    -------
        `value` and `error` (strategy, item, payer, year) and `present_value` with
        `present_value_error` (strategy, item, payer) [DKK]. The items are `gross_saving`,
        `casework`, `investment`, `grants`, `stranded` and `refusion`, each as what it adds to the
        payer's net saving (so an investment is negative), then `net_saving`, their sum; those that
        the scenario does not have are left out. A payer is without its parts: committees have their
        own. Transfers sum to 0 over payers.
    """
    items = _items_by_payer(result)
    by_year = mean(items)
    whole = mean(discounted(result, items))
    return by_year.assign(present_value=whole.value, present_value_error=whole.error)


def _parts_of_saving(result: xr.Dataset) -> xr.DataArray:
    """Return the gross saving by step and item, (strategy, draw, replicate, step, year)."""
    years = budget_years(result)
    parts = {}
    if "line_saving_dkk" in years:
        shape = years.gross_saving_dkk
        parts[BUDGET_LINES_ITEM] = saving_of_lines(years).sum("payer").broadcast_like(shape)
    if "cost_dkk" not in years:
        return _joined([_named(part, name) for name, part in parts.items()])
    by_step = _less(years.months_in_step * years.price_dkk_per_month)
    labels = [c for c in by_step.coords if str(c).startswith("step_")]
    by_step = by_step.drop_vars(labels).isel(step=np.flatnonzero(years.step_kind != "adult"))
    if "one_off_dkk" in years:
        parts[MOVES_ITEM] = _less(years.one_off_dkk.sum("payer"))
    whole = _less(years.cost_dkk.sum("payer"))
    rest = whole - by_step.sum("step") - sum(parts.values())
    if float(abs(rest).max()) > _ROUNDING * float(abs(years.cost_dkk.sum("payer")).max()):
        parts[CHILDREN_ITEM] = rest
    named = [_named(parts[name], name) for name in _ITEMS if name in parts]
    return _joined([by_step, *named])


def _items_by_payer(result: xr.Dataset) -> xr.DataArray:
    """Return what adds up to net saving, (strategy, draw, replicate, item, payer, year)."""
    years = budget_years(result)
    shape = years.net_saving_dkk
    has_children = "cost_dkk" in years
    items = {"gross_saving": _less(years.cost_dkk) if has_children else saving_of_lines(years)}
    if "casework_dkk" in years:
        items["casework"] = -years.casework_dkk * (years.payer == own_payer(years))
    items["investment"] = -years.investment_dkk
    items["grants"] = years.grant_dkk
    if "stranded_dkk" in years:
        items["stranded"] = -years.stranded_dkk
    if "refusion_dkk" in years:
        items["refusion"] = -_less(years.refusion_dkk)
    items["net_saving"] = shape
    found = [_named(part.broadcast_like(shape), name, "item") for name, part in items.items()]
    return _joined(found, "item")


def _less(values: xr.DataArray) -> xr.DataArray:
    """Return the baseline's figure less each option's."""
    return values.isel(strategy=0, drop=True) - values


def _named(part: xr.DataArray, name: str, dim: str = "step") -> xr.DataArray:
    return part.expand_dims({dim: [name]})


def _joined(parts: list[xr.DataArray], dim: str = "step") -> xr.DataArray:
    """Return parts side by side, strategies only, years last."""
    dims = ("strategy", "draw", "replicate", dim, ..., "year")
    own = [part.isel(strategy=slice(1, None)).transpose(*dims) for part in parts]
    return xr.concat(own, dim, coords="minimal", compat="override").transpose(*dims)
