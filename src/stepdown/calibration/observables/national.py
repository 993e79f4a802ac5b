"""Statistics of all placed children of a country in balance.

The steady state stands for the years in which a statistic was counted: a stock that shrinks by
1 % a year shifts an exit of 16 % by less than the spread that the targets state.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.careers import (
    back_home_again,
    first_placements,
    placed_cohorts,
    placements,
)
from stepdown.calibration.steady import SteadyState
from stepdown.scenario.targets_model import TargetTable

__all__ = ["NATIONAL"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_ADULT = 18
_ADULT_MONTHS = 12 * _ADULT


def placed_share(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the placed at year end who are on some steps, at some ages.

    Children, one placement each, 0-22 with after-care: as Statistics Denmark counts at 31 December.
    """
    return _ratio(_children(state, _steps(state, target), _years(target)), _all_placed(state))


def annual_exit(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the placed on 1 January who are not placed on 31 December.

    Who leaves and comes back within the year is counted as placed; birthdays are in it.
    """
    later = state.year_later.sum(axis=1)
    return 1.0 - _ratio(later[:, state.placed].sum(axis=1), _all_placed(state))


def annual_type_change(state: SteadyState, target: TargetTable) -> Floats:
    """Share of those placed at both ends of a year whose type of placement differs.

    Types are groups of steps: a change within one is not seen, nor one that is undone.
    """
    both, same = np.zeros(state.draws.count), np.zeros(state.draws.count)
    for steps in target.types:
        own = _named(state, steps)
        later = state.year_later[:, own].sum(axis=1)
        both += later[:, state.placed].sum(axis=1)
        same += later[:, own].sum(axis=1)
    return _ratio(both - same, both)


def new_placements(state: SteadyState, target: TargetTable) -> Floats:
    """Placements begun in a year over the children placed at its end, both at some ages.

    From outside, from support at home and from home after a placement; who is placed twice in the
    year counts twice, a move between two placements does not count.
    """
    years = _years(target)
    begun = 12.0 * placements(state)[years].sum(axis=0)
    return _ratio(begun, _children(state, state.placed, years))


def placement_decisions_share(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the decisions to place a child aged 0-17 that concern some ages.

    First placements and later ones; a child with several decisions counts several times.
    """
    decided = placements(state)[:_ADULT]
    return _ratio(decided[_years(target)].sum(axis=0), decided.sum(axis=0))


def first_placements_share(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the children placed for the first time, aged 0-17, who come to some steps."""
    first = np.asarray(sum(first_placements(state)))[:_ADULT].sum(axis=0)
    return _ratio(first[_named(state, target.steps)].sum(axis=0), first.sum(axis=0))


def breakdowns(state: SteadyState, target: TargetTable) -> Floats:
    """Breakdowns in a year over the children placed at its end, both at some ages.

    Events over a stock: a child with two breakdowns counts twice.
    """
    years = _years(target)
    broken = 12.0 * _broken(state)[years].sum(axis=0)
    return _ratio(broken, _children(state, state.placed, years))


def breakdowns_share(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the breakdowns of children aged 0-17 that happen at some ages."""
    broken = _broken(state)[:_ADULT]
    return _ratio(broken[_years(target)].sum(axis=0), broken.sum(axis=0))


def breakdowns_early(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the breakdowns before 18 that come within some months on the placement.

    Of children first placed at some ages, over their whole course from one placement to the next;
    time counts from the move to the place that breaks down.
    """
    assert target.months is not None, "own invariant: the types ask for months"
    n_times = int(np.searchsorted(state.plan.stairs.time_edge, target.months))
    early, total = np.zeros(state.draws.count), np.zeros(state.draws.count)
    back = state.home_again[state.origins]
    for cohort in placed_cohorts(state, _range(target), _ADULT_MONTHS, back):
        broken = _broken_later(state, cohort.frailty, cohort.life.mass, cohort.age)
        early += broken[:n_times].sum(axis=0)
        total += broken.sum(axis=0)
    return _ratio(early, total)


def ever_breakdown(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the children first placed at some ages who meet a breakdown before 18.

    In the course from the first placement until they go home or turn 18.
    """
    broken, total = np.zeros(state.draws.count), np.zeros(state.draws.count)
    lost = state.is_breakdown | state.home_again[state.origins]
    for cohort in placed_cohorts(state, _range(target), _ADULT_MONTHS, lost):
        own = _broken_later(state, cohort.frailty, cohort.life.mass, cohort.age)
        broken += own.sum(axis=0)
        total += cohort.number
    return _ratio(broken, total)


def reunified_within(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the children first placed at some ages who are home within some months.

    From the first day in care, over all placements in between; who comes back later counts.
    """
    assert target.months is not None, "own invariant: the types ask for months"
    home, total = np.zeros(state.draws.count), np.zeros(state.draws.count)
    n_times = state.plan.stairs.n_time_bands
    first_cells = np.flatnonzero(state.home_again) * n_times
    lost = state.home_again[state.origins]
    for cohort in placed_cohorts(state, _range(target), -target.months, lost):
        ages = slice(cohort.age + 1, cohort.age + target.months + 1)
        home += cohort.life.entered[ages][:, first_cells].sum(axis=(0, 1))
        total += cohort.number
    return _ratio(home, total)


def back_within(state: SteadyState, target: TargetTable) -> Floats:
    """Share of the children who go home at some ages who are placed again within some months."""
    assert target.months is not None, "own invariant: the types ask for months"
    gone, back = back_home_again(state, _range(target), target.months)
    return _ratio(back, gone)


NATIONAL: Mapping[str, Callable[[SteadyState, TargetTable], Floats]] = {
    function.__name__: function
    for function in (
        placed_share,
        annual_exit,
        annual_type_change,
        new_placements,
        placement_decisions_share,
        first_placements_share,
        breakdowns,
        breakdowns_share,
        breakdowns_early,
        ever_breakdown,
        reunified_within,
        back_within,
    )
}
"""By the name of the observable in a file."""


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole; nan where there is nothing to be a part of."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole > 0, part / whole, np.nan))


def _range(target: TargetTable) -> range:
    """Return the years of age of a target; all of 0-22 if it has none."""
    low, _, high = (target.ages or "0-22").partition("-")
    return range(int(low), int(high) + 1)


def _years(target: TargetTable) -> slice:
    return slice(_range(target).start, _range(target).stop)


def _named(state: SteadyState, steps: tuple[str, ...]) -> Bools:
    return np.isin(np.array(state.plan.steps), steps)


def _steps(state: SteadyState, target: TargetTable) -> Bools:
    return _named(state, target.steps) if target.steps else state.placed


def _children(state: SteadyState, steps: Bools, years: slice) -> Floats:
    return np.asarray(state.stock[years][:, steps].sum(axis=(0, 1)))


def _all_placed(state: SteadyState) -> Floats:
    return _children(state, state.placed, slice(0, None))


def _broken(state: SteadyState) -> Floats:
    """Return (year of age, draw) breakdowns a month."""
    return np.asarray(state.moved[:, state.is_breakdown].sum(axis=1))


def _broken_later(state: SteadyState, frailty: int, mass: Floats, age: int) -> Floats:
    """Return (time band, draw) breakdowns of a cohort from an age until 18."""
    n_times, moves = state.plan.stairs.n_time_bands, np.flatnonzero(state.is_breakdown)
    found = np.zeros((n_times, state.draws.count))
    rows = state.rows[age:_ADULT_MONTHS]
    for row in np.unique(rows):
        there = mass[age:_ADULT_MONTHS][rows == row].sum(axis=0)
        there = there.reshape(len(state.plan.steps), n_times, -1)
        flow = state.flows(frailty, np.array([row]))[0]
        for move in moves:
            found += there[state.origins[move]] * flow[move]
    return found
