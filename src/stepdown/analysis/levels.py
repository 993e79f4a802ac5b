"""What one step up a grid of levels costs and gives: the next krone, not the average krone.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.distribution import mean, mean_by_draw
from stepdown.analysis.fieller import fieller
from stepdown.analysis.options import (
    bare,
    gross_of_options,
    spending_of_options,
    values_of_options,
)

__all__ = ["StepUp", "marginal_saving", "step_up_change", "step_up_coordinates", "steps_up"]


class StepUp(NamedTuple):
    """From one option to the next dearer one."""

    axis: str
    """The axis of the grid that it goes along; "" for strategies outside a grid."""
    start: int
    """Index of the option that it starts from."""
    end: int
    """Index of the next one."""


def marginal_saving(result: xr.Dataset, payer: str | None = None) -> xr.Dataset:
    """Return what each step up costs more and saves more, with what it saves per extra krone.

    Parameters
    ----------
    result
        Of `simulate`. Along each axis of a grid of levels, every other level held; without a grid,
        from each strategy to the next dearer, the baseline first.
    payer
        Whose money; "all" for all public purses.

    Returns
    -------
        (step_up), with the coordinates `axis`, `from` and `to`, all present values over the budget
        years [DKK], each with `..._error`: `extra_spending`, investment less grants;
        `extra_gross_saving`, spending on measures; `extra_saving`, the same after casework, places
        under notice and reimbursement; `extra_net`, `extra_saving` less `extra_spending`. And
        `saving_per_krone` [1], `extra_saving` over `extra_spending`, with its 95 % interval `low`,
        `high`; nan where a step up does not cost more. Above 1 the step pays.

    Notes: options are ordered by mean spending. All differences are of the same futures. The ratio
    is one of means, not a mean of ratios.
    """
    steps = steps_up(result, payer)
    change = {
        "extra_spending": step_up_change(spending_of_options(result, payer), steps),
        "extra_gross_saving": step_up_change(gross_of_options(result, payer), steps),
        "extra_net": step_up_change(values_of_options(result, payer), steps),
    }
    change["extra_saving"] = change["extra_net"] + change["extra_spending"]
    found = xr.Dataset()
    for name in ("extra_spending", "extra_gross_saving", "extra_saving", "extra_net"):
        estimate = mean(change[name])
        found[name], found[f"{name}_error"] = estimate.value, estimate.error
    ratio = fieller(mean_by_draw(change["extra_saving"]), mean_by_draw(change["extra_spending"]))
    ratio = ratio.where(found.extra_spending > 0).rename(value="saving_per_krone")
    return found.merge(ratio, compat="override").assign_coords(step_up_coordinates(result, steps))


def steps_up(result: xr.Dataset, payer: str | None = None) -> list[StepUp]:
    """Return the steps from each option to the next dearer one, axis by axis.

    A strategy of a file with a grid that stands outside it is stepped up to from the baseline.
    """
    spending = mean(spending_of_options(result, payer)).value.values
    axes = [str(name) for name in result.coords if str(name).startswith("level_")]
    if not axes:
        return _chain("", list(range(spending.size)), spending)
    levels = {axis: result[axis].values for axis in axes}
    found = []
    for axis in axes:
        others = [name for name in axes if name != axis]
        held: dict[tuple[str, ...], list[int]] = {}
        for option in np.flatnonzero(levels[axis] != ""):
            key = tuple(str(levels[name][option]) for name in others)
            held.setdefault(key, []).append(int(option))
        for options in held.values():
            found += _chain(axis.removeprefix("level_"), options, spending)
    outside = np.flatnonzero(np.all([own == "" for own in levels.values()], axis=0))
    return found + [StepUp("", 0, int(option)) for option in outside if option]


def step_up_change(values: xr.DataArray, steps: list[StepUp]) -> xr.DataArray:
    """Return what changes from one option to the next, (step_up, ...) in the unit of `values`."""
    own = bare(values).drop_vars("strategy")
    start, end = ([getattr(step, name) for step in steps] for name in ("start", "end"))
    change: xr.DataArray = own.isel(strategy=end) - own.isel(strategy=start)
    return change.rename(strategy="step_up")


def step_up_coordinates(
    result: xr.Dataset, steps: list[StepUp]
) -> dict[str, tuple[str, NDArray[np.str_]]]:
    """Return the names of the axis and the two ends of each step up."""
    names = [str(name) for name in result.strategy.values]
    said = {
        "axis": [step.axis for step in steps],
        "from": [names[step.start] for step in steps],
        "to": [names[step.end] for step in steps],
    }
    return {name: ("step_up", np.array(own, dtype=str)) for name, own in said.items()}


def _chain(axis: str, options: list[int], spending: NDArray[np.float64]) -> list[StepUp]:
    """Return the steps through some options in order of what they cost; ties as in the file."""
    order = sorted(options, key=lambda option: spending[option])
    return [StepUp(axis, *pair) for pair in pairwise(order)]
