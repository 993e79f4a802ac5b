"""The inflow that keeps the documented stock, or grows it, derived in every draw.

The arrivals on each step of entry are the non-negative numbers that bring the expected stock
closest to the documented one, relative to its size. What is then missing or left over is reported
by step: it says that rates and stock do not fit.

Decision: docs/decisions/0006-children-at-the-start.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from stepdown.errors import RunError
from stepdown.kernel.balance import (
    Laws,
    Start,
    start_of,
    unit_stocks,
)
from stepdown.kernel.paths import leftovers, unit_responses
from stepdown.parameters import Draws
from stepdown.plan import Plan

__all__ = ["Inflow", "arrival_profiles", "derive_inflow", "nearest_arrivals"]

Floats = NDArray[np.float64]

_LARGEST_MEAN = 700.0  # exp(-mean) must be > 0
_CHANCE_FROM = 500.0  # of a larger mean so much is left to chance
_UNKNOWN = ("need", "exit")  # kinds of step on which nobody can count everybody
_ENDS = ("exit", "adult")  # kinds of step that nobody counts as at home or placed
_KEEPS = 1e4  # weight of a total over its parts, and of those over children elsewhere
_SPACING = 12  # one birth cohort in twelve; tests/unit/test_closed_forms.py bounds the error


@dataclass(frozen=True)
class Inflow:
    """Who comes, and who is there at the start; children, by draw."""

    profile: Floats
    """(age, step). Shares of arrivals by age."""
    per_month: Floats
    """(draw, period, step, 2, age band) arrivals a month, within and beyond reach."""
    steady_per_month: Floats
    """(draw, world, step, age band) arrivals a month whose steady states are the start: within
    reach, and beyond it where those have arrivals of their own."""
    fixed: NDArray[np.int64]
    """(draw, 2, step) documented children at the start."""
    mean: Floats
    """(draw, 2, step) expected children at the start where none are documented."""
    start: Start
    """Within reach, and of all where those beyond have no arrivals of their own."""
    beyond: Start | None
    """Beyond reach, where they have."""
    eligible: Floats
    """(draw, year edge, step, effect age band) expected children within reach in the baseline."""
    misfit: Floats
    """(draw, target, step) expected minus documented stock; 0 for steps not documented."""


def derive_inflow(plan: Plan, draws: Draws, laws: Laws) -> Inflow:
    """Derive the arrivals and the children at the start of a chunk of draws."""
    entries = tuple(plan.scenario.inflow)
    profile, bands = arrival_profiles(plan, entries)
    step_of = np.array([plan.step(entry) for entry in entries], dtype=np.int64)
    fixed = _documented(plan, draws.count)
    per_entry, misfit = _steady_arrivals(plan, draws, laws, profile, step_of)
    number = _by_step(plan, per_entry[:, 0], step_of)
    start = _start(plan, laws, profile, number)
    beyond = None
    if per_entry[:, 1].any():
        elsewhere = _by_step(plan, per_entry[:, 1], step_of)
        beyond = _settled(plan, start_of(plan.stairs, laws.untouched(), profile, elsewhere))
    mean = _undocumented(plan, start, beyond)
    _certain_unknown(plan, fixed, mean)
    for world, there in enumerate((start, beyond or start)):
        _check_reached(plan, fixed[:, world] + mean[:, world], there)
    n_years = plan.n_years
    per_period = np.repeat(per_entry[:, None], int(plan.stairs.months["period"][-1]) + 1, axis=1)
    eligible = np.repeat(start.stock[:, None], n_years + 1, axis=1)
    if plan.scenario.growth is not None or plan.scenario.stock_later:
        begin = fixed[:, 0] + mean[:, 0]
        per_year, eligible, later = _growing(plan, draws, laws, (profile, step_of), number, begin)
        per_period[:, :, 0] = (
            per_year
            if per_period.shape[1] == n_years
            else np.repeat(per_year, plan.cycles_per_year, axis=1)
        )
        misfit = np.concatenate([misfit, later], axis=1)
    elif plan.reached and any(i.children_per_year for i in plan.scenario.inflow.values()):
        # Given arrivals need not keep the stock: the eligible follow its path.
        begin = fixed[:, 0] + mean[:, 0]
        response = unit_responses(plan.stairs, laws, profile, step_of, _SPACING)
        eligible = _left(plan, laws, profile, number, begin)
        eligible += np.einsum("ne,nysbe->nysb", per_entry[:, 0], response)
    by_age = _by_age(per_period, step_of, bands, len(plan.steps))
    arrivals = np.ascontiguousarray(by_age.swapaxes(2, 3))
    own = per_entry if beyond else per_entry[:, :1]
    steady = _by_age(own, step_of, bands, len(plan.steps))
    return Inflow(profile, arrivals, steady, fixed, mean, start, beyond, eligible, misfit)


def _by_age(per_entry: Floats, step_of: NDArray[np.int64], bands: Floats, n_steps: int) -> Floats:
    """Return (..., step, age band) arrivals from those by entry."""
    found = np.zeros((*per_entry.shape[:-1], n_steps, bands.shape[1]))
    for index, step in enumerate(step_of):
        found[..., step, :] += per_entry[..., index, None] * bands[index]
    return found


def arrival_profiles(plan: Plan, entries: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return the shares of arrivals by age (age, step) and by age band (entry, band)."""
    stairs = plan.stairs
    profile = np.zeros((stairs.ages.size, len(plan.steps)))
    bands = np.zeros((len(entries), stairs.n_age_bands))
    for index, entry in enumerate(entries):
        factors = plan.scenario.inflow[entry].ages.factors
        shares = np.array([factors[band] for band in plan.scenario.bands.ages])
        bands[index] = shares / shares.sum()
        for band, (low, width) in enumerate(stairs.bands.tolist()):
            profile[low : low + width, plan.step(entry)] = bands[index, band] / width
    return profile, bands


def _documented(plan: Plan, n_draws: int) -> NDArray[np.int64]:
    counts = np.zeros((n_draws, 2, len(plan.steps)), dtype=np.int64)
    stock = plan.scenario.stock
    for beyond, children in enumerate((stock.children, stock.beyond_reach)):
        for step, number in children.items():
            counts[:, beyond, plan.step(step)] = number
    return counts


def _steady_arrivals(
    plan: Plan, draws: Draws, laws: Laws, profile: Floats, step_of: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return (draw, 2, entry) arrivals a month that keep the stock, and (draw, 1, step) misfit.

    The misfit is that of the children within reach.
    """
    given = [i.children_per_year for i in plan.scenario.inflow.values()]
    arrivals = np.zeros((draws.count, 2, len(step_of)))
    misfit = np.zeros((draws.count, 1, len(plan.steps)))
    for entry, quantity in enumerate(given):
        if quantity is not None:
            arrivals[:, 0, entry] = draws.of(quantity) / plan.cycles_per_year
    if not given or given[0] is not None:
        return arrivals, misfit
    stock = plan.scenario.stock
    asked = np.array([plan.step(n) for n in {**stock.children, **stock.beyond_reach}], np.int64)
    stocks = _finite(plan, unit_stocks(plan.stairs, laws, profile, step_of, asked))
    steps = [plan.step(name) for name in stock.children]
    wanted = np.array(list(stock.children.values()), dtype=np.float64)
    for draw in range(draws.count):
        arrivals[draw, 0] = nearest_arrivals(stocks[draw, steps], wanted, wanted)
    misfit[:, 0, steps] = np.einsum("nse,ne->ns", stocks[:, steps], arrivals[:, 0]) - wanted
    if stock.beyond_reach:
        if (laws.multiplier != 1.0).any():
            untouched = unit_stocks(plan.stairs, laws.untouched(), profile, step_of, asked)
            stocks = _finite(plan, untouched)
        rows, there, size = _beyond_reach(plan)
        for draw in range(draws.count):
            arrivals[draw, 1] = nearest_arrivals(rows @ stocks[draw], there, size)
    return arrivals, misfit


def _beyond_reach(plan: Plan) -> tuple[Floats, Floats, Floats]:
    """Return what arrivals beyond reach keep: (row, step) sums, children wanted, and their weight.

    Whoever counts children beyond reach on steps of a kind, counts them all: on the other steps of
    that kind are none. Each kind keeps its number, whatever its moves make of the mix; with that,
    steps come as close to what is documented as they can; and of what does that alike, as few
    children as can be are on steps of other kinds, where none are documented.
    """
    listed = plan.scenario.stock.beyond_reach
    kinds = {name: step.kind for name, step in plan.scenario.steps.items()}
    counted = list(dict.fromkeys(kinds[name] for name in listed))
    rows, there, size = [], [], []
    for kind in counted:
        alike = [name for name in plan.steps if kinds[name] == kind]
        total = sum(listed.get(name, 0) for name in alike)
        rows.append(np.isin(plan.steps, alike) * _KEEPS)
        there.append(total * _KEEPS)
        size.append(total)
        for name in alike:
            rows.append(np.isin(plan.steps, [name]) * 1.0)
            there.append(listed.get(name, 0.0))
            size.append(listed.get(name, total))
    others = [name for name in plan.steps if kinds[name] not in (*counted, *_ENDS)]
    rows.append(np.isin(plan.steps, others) / _KEEPS)
    there.append(0.0)
    size.append(sum(listed.values()))
    return np.array(rows), np.array(there), np.array(size)


def nearest_arrivals(response: Floats, missing: Floats, size: Floats) -> Floats:
    """Return non-negative arrivals that fill what is missing best, relative to the stock's size."""
    if not missing.size:
        return np.zeros(response.shape[1])
    weight = 1.0 / np.maximum(size, 1.0)
    solution: Floats = nnls(response * weight[:, None], missing * weight)[0]
    return solution


def _by_step(plan: Plan, per_entry: Floats, step_of: NDArray[np.int64]) -> Floats:
    """Return (draw, step) arrivals from those by entry."""
    number = np.zeros((len(per_entry), len(plan.steps)))
    number[:, step_of] = per_entry
    return number


def _start(plan: Plan, laws: Laws, profile: Floats, number: Floats) -> Start:
    """Return the children at the start: of the steady state, or all of one age and newly come."""
    age = plan.scenario.stock.age_years
    if age is None:
        return _settled(plan, start_of(plan.stairs, laws, profile, number))
    n_draws, n_steps = number.shape
    n_ages, n_times = plan.stairs.ages.size, plan.stairs.n_time_bands
    cycles = age * plan.cycles_per_year
    n_classes = plan.stairs.n_classes
    cell = np.zeros((n_draws, n_steps, n_classes, n_ages * n_times), dtype=np.int64)
    cell[..., cycles * n_times :] = 1 << 32
    entry = np.zeros((n_draws, n_steps, n_classes, n_times, n_ages + 1))
    entry[..., cycles + 1 :] = 1.0
    stock = np.zeros((n_draws, n_steps, len(plan.effect_edges)))
    return Start(cell, entry, stock, np.zeros((n_draws, n_steps, n_classes)))


def _settled(plan: Plan, start: Start) -> Start:
    """Return a start without those whose case is closed for good."""
    by_class = np.where(np.isfinite(start.by_class), start.by_class, 0.0)
    return start._replace(stock=_finite(plan, start.stock), by_class=by_class)


def _finite(plan: Plan, stock: Floats) -> Floats:
    """Return (draw, step, ...) children in balance, 0 where cases end for good.

    Raises
    ------
    RunError
        There is no balance on another step, since nothing takes its children away: names it.
    """
    endless = ~np.isfinite(stock)
    for index in np.flatnonzero(endless.any(axis=(0, 2))):
        name = plan.steps[index]
        counted = name in (*plan.scenario.stock.children, *plan.scenario.stock.beyond_reach)
        if counted or _is_live(plan, int(index)):
            ages = plan.scenario.bands.ages[-1]
            raise RunError(
                f"children come to {name} and nothing takes all of them away again: no birthday "
                f'ends support, nor do moves at ages "{ages}", so no arrivals keep their number. '
                f"Give a move from {name} a rate at those ages and all months on the step, or end "
                'support: [birthdays.18] with leave_to = "left".'
            )
    return np.where(endless, 0.0, stock)


def _check_reached(plan: Plan, there: Floats, start: Start) -> None:
    """Refuse (draw, step) children where nobody comes: they have no ages to be drawn from."""
    if plan.scenario.stock.age_years is not None:
        return
    empty = (there > 0) & (start.stock.sum(axis=2) <= 0)
    if empty.any():
        step = plan.steps[int(np.argwhere(empty)[0][1])]
        raise RunError(
            f"the stock has children on {step}, but no inflow and no move leads there, so their "
            f"ages are unknown. Add [inflow.{step}], or give stock.age_years."
        )


def _undocumented(plan: Plan, start: Start, beyond: Start | None) -> Floats:
    """Return expected children on the live steps that the file does not count, (draw, 2, step)."""
    mean = np.zeros((start.stock.shape[0], 2, len(plan.steps)))
    steps, stock = plan.scenario.steps, plan.scenario.stock
    counted_beyond = {steps[name].kind for name in stock.beyond_reach}
    for index, (name, step) in enumerate(steps.items()):
        if not _is_live(plan, index):
            continue
        if name not in stock.children:
            mean[:, 0, index] = start.stock[:, index].sum(axis=1)
        if beyond is not None and step.kind not in counted_beyond:
            mean[:, 1, index] = beyond.stock[:, index].sum(axis=1)
    _check_countable(plan, mean)
    return mean


def _check_countable(plan: Plan, mean: Floats) -> None:
    """Refuse an uncounted step with more children than can be drawn, where they can be counted."""
    largest = mean.max(axis=0)
    for index, (name, step) in enumerate(plan.scenario.steps.items()):
        for table, children in zip(("children", "beyond_reach"), largest[:, index], strict=True):
            if step.kind not in _UNKNOWN and children > _LARGEST_MEAN:
                raise RunError(
                    f"about {children:.0f} children are expected on {name}, which [stock.{table}] "
                    f"does not count; beyond {_LARGEST_MEAN:.0f} they must be counted. Add "
                    f"{name} = {children:.0f} to [stock.{table}], or the number that is known."
                )


def _is_live(plan: Plan, step: int) -> bool:
    """Tell whether children are on a step at the start; where cases end, only if a move leads back.

    In adult life nobody is.
    """
    kind = plan.scenario.steps[plan.steps[step]].kind
    is_left = (plan.stairs.moves_from[step] >= 0).any()
    return bool(kind != "adult" and (kind != "exit" or is_left))


def _certain_unknown(plan: Plan, fixed: NDArray[np.int64], mean: Floats) -> None:
    """Move all but the last 500 of a large expected stock that nobody can count to the certain.

    Nobody counts the undetected, nor all whose case was ever closed, so they are never refused.
    The mean is right; the chance is that of 500 children, less than 4 % of a stock beyond 700 and a
    little too small.
    """
    for index, step in enumerate(plan.scenario.steps.values()):
        if step.kind in _UNKNOWN:
            own = mean[:, :, index]
            certain = np.where(own > _LARGEST_MEAN, np.floor(own - _CHANCE_FROM), 0.0)
            fixed[:, :, index] += certain.astype(np.int64)
            own -= certain


def _left(plan: Plan, laws: Laws, profile: Floats, number: Floats, begin: Floats) -> Floats:
    """Return (draw, year edge, step, band) children of the start who are left at year ends."""
    left = leftovers(plan.stairs, laws, profile, number, begin[..., None], _SPACING)
    return np.ascontiguousarray(left[..., 0])


def _growing(
    plan: Plan,
    draws: Draws,
    laws: Laws,
    entries: tuple[Floats, NDArray[np.int64]],
    number: Floats,
    begin: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Follow a documented or growing stock year by year.

    Returns (draw, year, entry) arrivals a month, (draw, year edge, step, band) expected children,
    and (draw, year, step) misfit.
    """
    profile, step_of = entries
    response = unit_responses(plan.stairs, laws, profile, step_of, _SPACING)
    expected = _left(plan, laws, profile, number, begin)
    steps = [plan.step(name) for name in plan.scenario.stock.children]
    targets = _targets(plan, draws, steps)
    arrivals = np.zeros((draws.count, plan.n_years, len(step_of)))
    first_year = response[:, 1].sum(axis=2)[:, steps]
    for year in range(plan.n_years):
        missing = targets[:, year] - expected[:, year + 1, steps].sum(axis=-1)
        for draw in range(draws.count):
            arrivals[draw, year] = nearest_arrivals(
                first_year[draw], missing[draw], targets[draw, year]
            )
        left = plan.n_years - year
        step_up = np.einsum("ne,nysbe->nysb", arrivals[:, year], response[:, : left + 1])
        expected[:, year:] += step_up
        expected[:, year + 1 :] -= step_up[:, :-1]
    misfit = np.zeros((draws.count, plan.n_years, len(plan.steps)))
    misfit[:, :, steps] = expected[:, 1:, steps].sum(axis=-1) - targets
    return arrivals, expected, misfit


def _targets(plan: Plan, draws: Draws, steps: list[int]) -> Floats:
    """Return the stock wanted at each year's end, (draw, year, step of `steps`).

    Between documented stocks it runs straight; after the last it grows at the stated rate.
    """
    names = [plan.steps[step] for step in steps]
    known: dict[int, Mapping[str, float]] = {0: plan.scenario.stock.children}
    for stock in plan.scenario.stock_later:
        known[plan.month(stock.date) + 1] = stock.children
    at = sorted(known)
    counts = np.array([[known[month].get(name, 0) for name in names] for month in at], float)
    ends = (np.arange(plan.n_years) + 1) * plan.cycles_per_year
    growth = np.zeros(draws.count)
    if plan.scenario.growth is not None:
        growth = draws.of(plan.scenario.growth)
    inside = np.array([np.interp(ends, at, counts[:, i]) for i in range(len(names))]).T
    years_after = np.clip((ends - at[-1]) / plan.cycles_per_year, 0, None)
    factor = (1 + growth[:, None]) ** years_after
    return np.asarray(inside[None] * factor[:, :, None])
