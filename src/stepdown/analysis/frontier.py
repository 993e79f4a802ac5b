"""Which strategy to choose when a placement month avoided is worth something, or money is short.

The net benefit of an option is the present value of its net saving plus what the placement months
that it avoids are worth. The acceptability curve is the probability that an option has the highest
net benefit; the frontier is the option with the highest mean, which is the one to choose, and how
probable it is that it is the best.

Source: van Hout et al., Health Economics 3 (1994), for the curve; Stinnett and Mullahy, Medical
Decision Making 18 (1998), for net benefit; Fenwick, Claxton and Sculpher, Health Economics 10
(2001), for several options and the frontier.

Decision: docs/decisions/0027-what-a-decision-needs.md.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.distribution import mean, mean_by_draw
from stepdown.analysis.fieller import fieller
from stepdown.analysis.options import (
    bare,
    chance,
    labelled,
    months_avoided_of_options,
    shares_of_best,
    spending_of_options,
    values_of_options,
)
from stepdown.analysis.purpose import is_for_expectation
from stepdown.errors import ParameterError

__all__ = [
    "acceptability",
    "acceptability_by_budget",
    "acceptability_of",
    "frontier_switches",
    "frontier_switches_of",
]

_MOST_CELLS = 20_000_000
"""Net benefits held at a time, as many worths x options x runs: 160 MB."""


def acceptability(
    result: xr.Dataset, worth_dkk: Sequence[float], payer: str | None = None
) -> xr.Dataset:
    """Return the acceptability curve and its frontier over the worth of a placement month avoided.

    Parameters
    ----------
    result
        Of `simulate`.
    worth_dkk
        What it is worth that a child is out of home one month less [DKK, price level].
    payer
        Whose net saving; "all" for all public purses.

    Returns
    -------
        As `acceptability_of`, in DKK. Effects are placement months avoided over the budget years,
        discounted like money.

    Raises
    ------
    ParameterError
        A worth is not a number; or not 0 where the scenario has no children.
    """
    worth = _checked("worth_dkk", worth_dkk)
    money = values_of_options(result, payer)
    effect = months_avoided_of_options(result) if worth.any() else xr.zeros_like(money)
    return acceptability_of(money, effect, worth)


def acceptability_of(
    money: xr.DataArray, effect: xr.DataArray, worth: Sequence[float] | NDArray[np.float64]
) -> xr.Dataset:
    """Return the acceptability curve of any options.

    Parameters
    ----------
    money
        (strategy, draw, replicate) or without replicate. What each option gains in money.
    effect
        The same shape. What each gains besides, in any unit.
    worth
        What one unit of the effect is worth, in the unit of `money`.

    Returns
    -------
        (worth, strategy): `mean_net_benefit` with `mean_net_benefit_error`, in the unit of
        `money`, and `probability` that the option has the highest net benefit, with its standard
        error `error` and 95 % interval `low`, `high`; options that tie share. (worth): `frontier`,
        the name of the option with the highest mean, and `frontier_probability` with
        `frontier_error`. A run for expectations has no probabilities.
    """
    values = _checked("worth", worth)
    own, gained = bare(money), bare(effect)
    pieces = []
    for piece in np.array_split(values, -(-values.size * own.size // _MOST_CELLS)):
        along = xr.DataArray(piece, {"worth": piece}, "worth")
        all_open = xr.ones_like(along, dtype=bool).expand_dims(strategy=own.strategy)
        pieces.append(_curve(own + along * gained, all_open, "worth"))
    return labelled(xr.concat(pieces, "worth").transpose("worth", "strategy"), money)


def acceptability_by_budget(
    result: xr.Dataset,
    budgets_dkk: Sequence[float],
    payer: str | None = None,
    worth_dkk: float = 0.0,
) -> xr.Dataset:
    """Return the acceptability curve and its frontier over the budget that is available.

    Parameters
    ----------
    result
        Of `simulate`.
    budgets_dkk
        The most that may be spent on the strategy over all budget years together, investment less
        grants, as a present value [DKK, price level]; at least 0.
    payer
        Whose money and whose net saving; "all" for all public purses.
    worth_dkk
        Worth of a placement month avoided, as in `acceptability`.

    Returns
    -------
        As `acceptability_of` with the dim `budget`; `affordable` (budget, strategy), whether the
        mean spending is within the budget, and `spending` (strategy) [DKK]. What is not affordable
        cannot be chosen: its probability is 0 and its mean net benefit nan.

    Raises
    ------
    ParameterError
        A budget is negative or not a number.
    """
    budgets = _checked("budgets_dkk", budgets_dkk)
    if (budgets < 0).any():
        raise ParameterError(
            f"budgets_dkk = {budgets.min():g}: must be >= 0; it is what may be spent on the "
            "strategy. Write budgets_dkk = [0, 5_000_000]."
        )
    benefit = values_of_options(result, payer)
    if worth_dkk:
        benefit = benefit + worth_dkk * months_avoided_of_options(result)
    spending = mean(spending_of_options(result, payer)).value
    affordable = (xr.DataArray(budgets, {"budget": budgets}, "budget") >= bare(spending)).transpose(
        "budget", "strategy"
    )
    found = _curve(bare(benefit), affordable, "budget").transpose("budget", "strategy")
    return labelled(found.assign(affordable=affordable, spending=bare(spending)), benefit)


def frontier_switches(
    result: xr.Dataset,
    payer: str | None = None,
    *,
    worth_from: float = 0.0,
    worth_to: float = np.inf,
) -> xr.Dataset:
    """Return the worths of a placement month avoided at which another strategy becomes the best.

    Parameters
    ----------
    result, payer
        As in `acceptability`.
    worth_from, worth_to
        Where to look [DKK per placement month avoided].

    Returns
    -------
        As `frontier_switches_of` [DKK per placement month avoided, discounted like money].
    """
    money = values_of_options(result, payer)
    return frontier_switches_of(
        money, months_avoided_of_options(result), worth_from=worth_from, worth_to=worth_to
    )


def frontier_switches_of(
    money: xr.DataArray,
    effect: xr.DataArray,
    *,
    worth_from: float = 0.0,
    worth_to: float = np.inf,
) -> xr.Dataset:
    """Return where the frontier of any options changes, exactly, not on a grid.

    Parameters
    ----------
    money, effect
        As in `acceptability_of`.
    worth_from, worth_to
        Where to look, in the unit of `money` over that of `effect`.

    Returns
    -------
        (switch), rising: `worth` at which the highest mean goes from the option `from` to the
        option `to` (coordinates), with its 95 % interval `low`, `high`; none where one option is
        best throughout. `first` is the option that is best at `worth_from`.

    Notes: mean net benefits are straight lines in the worth, so the frontier is their upper
    envelope, and a switch is a ratio of two differences of means: more money spent per unit more of
    effect, the incremental cost-effectiveness ratio. Its interval is that of `fieller`.
    """
    own, gained = mean_by_draw(money), mean_by_draw(effect)
    height = (own + worth_from * gained).mean("draw").values
    slope = gained.mean("draw").values
    order = np.lexsort((slope, height))
    path, worths, at = [int(order[-1])], [], worth_from
    level = own.mean("draw").values
    while (step := _next_switch(level, slope, path[-1])) is not None:
        at = max(at, step[1])
        if at > worth_to:
            break
        path.append(step[0])
        worths.append(at)
    names = [str(money.strategy.values[option]) for option in path]
    found = [_switch(own, gained, pair) for pair in pairwise(path)]
    ends = {key: np.array([float(one[key]) for one in found]) for key in ("low", "high")}
    data = {"worth": np.array(worths, dtype=float), **ends}
    labels = {"from": np.array(names[:-1], dtype=str), "to": np.array(names[1:], dtype=str)}
    return xr.Dataset(
        {"first": names[0], **{name: ("switch", row) for name, row in data.items()}},
        {name: ("switch", row) for name, row in labels.items()},
    )


def _next_switch(
    level: NDArray[np.float64], slope: NDArray[np.float64], option: int
) -> tuple[int, float] | None:
    """Return the line that next crosses the highest one, and where; of several, the steepest."""
    steeper = np.flatnonzero(slope > slope[option])
    if not steeper.size:
        return None
    crossing = (level[option] - level[steeper]) / (slope[steeper] - slope[option])
    first = np.lexsort((-slope[steeper], crossing))[0]
    return int(steeper[first]), float(crossing[first])


def _switch(own: xr.DataArray, gained: xr.DataArray, pair: tuple[int, int]) -> xr.Dataset:
    """Return the worth at which one option overtakes another, with its interval."""
    money, effect = (
        values.isel(strategy=pair[1], drop=True) - values.isel(strategy=pair[0], drop=True)
        for values in (bare(own), bare(gained))
    )
    return fieller(-money, effect)


def _curve(benefit: xr.DataArray, choice: xr.DataArray, axis: str) -> xr.Dataset:
    """Return the acceptability curve of net benefits along an axis.

    Parameters
    ----------
    benefit
        (axis, strategy, draw, replicate), the axis and replicate where there is one.
    choice
        (axis, strategy) bool. Which options may be chosen.
    """
    found = mean(benefit).rename(value="mean_net_benefit", error="mean_net_benefit_error")
    found = found.where(choice)
    means = found.mean_net_benefit.transpose(axis, "strategy").values
    names = benefit.strategy.values
    best = xr.DataArray(np.nanargmax(means, axis=1), {axis: choice[axis]}, axis)
    found["frontier"] = best.copy(data=names[best.values])
    if is_for_expectation(benefit):
        return found
    shares = shares_of_best(benefit.where(choice, -np.inf))
    chances = chance(shares).rename(value="probability")
    for name in chances.data_vars:
        chances[name] = chances[name].where(choice, 0.0)
    own = {"frontier_probability": chances.probability, "frontier_error": chances.error}
    at_best = {
        name: values.isel(strategy=best).drop_vars("strategy") for name, values in own.items()
    }
    return found.merge(chances, compat="override").assign(at_best)


def _checked(name: str, given: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return finite numbers, at least one, in one row."""
    values = np.atleast_1d(np.asarray(given, dtype=float))
    if values.ndim != 1 or not values.size or not np.isfinite(values).all():
        raise ParameterError(
            f"{name} = {given!r}: must be one or more finite numbers in a row, in DKK. "
            f"Write {name} = [0, 10_000, 20_000]."
        )
    return values
