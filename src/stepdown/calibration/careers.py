"""What becomes of children who come to a placement, or go home, at some ages.

All who come in a year of age come in its middle; each such cohort is followed exactly.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.steady import SteadyState
from stepdown.kernel.cohort import Life, live

__all__ = ["Cohort", "back_home_again", "first_placements", "placed_cohorts", "placements"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Cohort(NamedTuple):
    """Children of one class who were first placed at one age."""

    frailty: int
    age: int
    """Months."""
    number: Floats
    """(draw). How many came."""
    life: Life
    """What becomes of them; room that the next cohort uses again."""


def first_placements(state: SteadyState) -> tuple[Floats, ...]:
    """Return by class (year of age, step, draw) children a month who are placed for the first time.

    They come from outside, or from a step where they never were placed: a child who is home after
    a placement comes back, and a child who is placed moves.
    """
    before = ~(state.placed | state.home_again)
    return _to_placements(state, before, with_arrivals=True)


def placements(state: SteadyState) -> Floats:
    """Return (year of age, draw) children a month who are placed, first or again, from home."""
    by_class = _to_placements(state, ~state.placed, with_arrivals=True)
    return np.asarray(sum(by_class).sum(axis=1))  # type: ignore[union-attr]


def _to_placements(state: SteadyState, origin: Bools, with_arrivals: bool) -> tuple[Floats, ...]:
    """Return by class (year of age, step, draw) children a month who come to a placement."""
    found = []
    moves = np.flatnonzero(origin[state.origins] & state.placed[state.destinations])
    for g, moved in enumerate(state.moved_by_class):
        come = state.arrived * state.at_once.class_share[:, g] * with_arrivals
        come[:, ~state.placed] = 0.0
        for move in moves:
            come[:, state.destinations[move]] += moved[:, move]
        found.append(come)
    return tuple(found)


def placed_cohorts(state: SteadyState, years: range, last: int, lost: Bools) -> Iterator[Cohort]:
    """Follow the children first placed in some years of age.

    Parameters
    ----------
    years
        Years of age at the first placement.
    last
        Age in months, or (negative) minus the months since the placement, to follow them to.
    lost
        (move). Moves after which a child is followed no more.
    """
    followed = state.shape.followed
    shape = state.shape._replace(followed=np.where((followed >= 0) & lost[followed], -1, followed))
    life = state.room()
    first = first_placements(state)
    for g, motion in enumerate(state.motions):
        for year in years:
            age = 12 * year + 6
            stop = age - last if last < 0 else last
            profile = np.zeros_like(state.profile)
            profile[age] = 1.0
            life.coming[:] = first[g][year]
            live(shape, motion, life, profile, life.coming, age, stop + 1)
            yield Cohort(g, age, first[g][year].sum(axis=0), life)


def back_home_again(state: SteadyState, years: range, months: int) -> tuple[Floats, Floats]:
    """Return (draw) children a month who go home in some years of age, and who of them come back.

    They come back within some months, from a step where they are home after a placement.
    """
    home = np.flatnonzero(state.placed[state.origins] & state.home_again[state.destinations])
    gone, back = np.zeros(state.draws.count), np.zeros(state.draws.count)
    for g in range(len(state.motions)):
        for step in np.flatnonzero(state.home_again):
            into = [int(move) for move in home if state.destinations[move] == step]
            for year in years:
                number = state.moved_by_class[g][year, into].sum(axis=0)
                gone += number
                back += number * _returns(state, g, int(step), 12 * year + 6, months)
    return gone, back


def _returns(state: SteadyState, frailty: int, step: int, age: int, months: int) -> Floats:
    """Return (draw) the share who are placed again within some months of coming to a step."""
    stairs = state.plan.stairs
    again = np.flatnonzero((state.origins == step) & state.placed[state.destinations])
    ages = np.arange(age, age + months)
    times = np.searchsorted(stairs.time_edge, np.arange(months), side="right") - 1
    stays = state.motions[frailty].rates.stay[0]
    flows = state.flows(frailty, state.rows[ages])
    there, came = np.ones(state.draws.count), np.zeros(state.draws.count)
    for month, (row, time) in enumerate(zip(state.rows[ages], times, strict=True)):
        came += there * flows[month, again, time].sum(axis=0)
        there = there * stays[row, step * stairs.n_time_bands + time]
    return came
