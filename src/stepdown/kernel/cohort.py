"""The cohort solution: expected children by step, age and time on the step, without chance.

A birth cohort is followed edge by edge. Time bands are kept exactly by delayed flows: those who
entered a band one band-width ago and survived in it are promoted to the next. The same recursion
gives the steady state of a constant inflow (a cohort's life, read as ages) and the expected path
of a scenario (every cohort through the months of the scenario).

Several inflows share the laws of motion, so they are carried side by side: the last axis W.

Decision: docs/decisions/0007-expected-solution.md.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "Life",
    "Path",
    "Rates",
    "clear_life",
    "constant_rates",
    "empty_life",
    "fill_rates",
    "live",
    "live_on",
    "newly_come",
    "pass_population",
    "rates_by_month",
]

_LONG_GONE = 1000.0  # a cumulative hazard that nobody survives
_CERTAIN = 60.0  # stands for an infinite hazard at a birthday that nobody passes


class Rates(NamedTuple):
    """Laws of motion by month (one, or all), step, age and time band."""

    total: NDArray[np.float64]
    """(M, S, A, E, D). Total hazard per month."""
    flow: NDArray[np.float64]
    """(M, S, A, E, D, J). Probability to make each move within the month."""
    keep_share: NDArray[np.float64]
    """(B, S). Share that goes on at a birthday."""


class Life(NamedTuple):
    """A cohort by age: what is on the steps, what entered, and the hazard lived through."""

    mass: NDArray[np.float64]
    """(ages, S, D, W). Children at an age edge, after moves, birthday and arrivals."""
    entered: NDArray[np.float64]
    """(ages, S, D, W). Of them, those who entered the time band at that edge."""
    lived: NDArray[np.float64]
    """(ages, S, D). Cumulative hazard of the band, whoever is on it."""
    arriving: NDArray[np.float64]
    """(S, W). Scratch for a birthday."""
    moved: NDArray[np.float64]
    """(K + B, W). Scratch for moves that nobody asks for."""


class Path(NamedTuple):
    """Expected children and moves over the months of a scenario."""

    at_edge: NDArray[np.float64]
    """(T + 1, S, E, W). Children at month edges."""
    moved: NDArray[np.float64]
    """(T, K + B, W). Moves, and departures at birthdays, in each month."""


@njit(cache=True, nogil=True)
def constant_rates(stairs, hazard, multiplier, keep_share):
    """Return the rates for (K, A, D) hazards and (C, E) multipliers that hold in every month."""
    one_month = multiplier.reshape((*multiplier.shape, 1))
    return rates_by_month(stairs, hazard, one_month, keep_share)


@njit(cache=True, nogil=True)
def rates_by_month(stairs, hazard, multiplier, keep_share):
    """Return the rates for (C, E, M) multipliers."""
    n_steps, n_slots = stairs.moves_from.shape
    _, n_bands, n_months = multiplier.shape
    rows = (n_months, n_steps, stairs.n_age_bands, n_bands, stairs.n_time_bands)
    rates = Rates(np.zeros(rows), np.zeros((*rows, n_slots)), keep_share)
    for month in range(n_months):
        fill_rates(stairs, hazard, multiplier[:, :, month], rates.total[month], rates.flow[month])
    return rates


@njit(cache=True, _nrt=False)
def fill_rates(stairs, hazard, multiplier, total, flow):
    """Fill (S, A, E, D) totals and (S, A, E, D, J) monthly probabilities of each move."""
    n_steps, n_ages, n_bands, n_times = total.shape
    for step in range(n_steps):
        for age in range(n_ages):
            for band in range(n_bands):
                for time in range(n_times):
                    here = flow[step, age, band, time]
                    for slot in range(here.size):
                        move = stairs.moves_from[step, slot]
                        if move >= 0:
                            factor = multiplier[stairs.moves[move].column, band]
                            here[slot] = hazard[move, age, time] * factor
                    leave = 0.0
                    for slot in range(here.size):
                        leave += here[slot]
                    total[step, age, band, time] = leave
                    if leave > 0.0:
                        for slot in range(here.size):
                            here[slot] *= -np.expm1(-leave) / leave


@njit(cache=True, nogil=True)
def empty_life(stairs, n_worlds):
    """Return a cohort in which nobody has come yet."""
    shape = (stairs.ages.size, stairs.steps.size, stairs.n_time_bands)
    mass, entered = np.zeros((*shape, n_worlds)), np.zeros((*shape, n_worlds))
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    arriving, moved = np.zeros((shape[1], n_worlds)), np.zeros((n_moves, n_worlds))
    return Life(mass, entered, np.zeros(shape), arriving, moved)


@njit(cache=True, _nrt=False)
def clear_life(life):
    """Forget whoever lived this life, for the next draw."""
    n_ages, n_steps, n_times, n_worlds = life.mass.shape
    for age in range(n_ages):
        for step in range(n_steps):
            for time in range(n_times):
                life.lived[age, step, time] = 0.0
                for world in range(n_worlds):
                    life.mass[age, step, time, world] = 0.0
                    life.entered[age, step, time, world] = 0.0


@njit(cache=True, nogil=True)
def live(stairs, rates, inflow):
    """Return the life of a cohort under constant rates; `inflow` (ages, S, W) arrives at each age.

    Read as ages at one moment, it is the steady state of that inflow per month.
    """
    life = empty_life(stairs, inflow.shape[2])
    live_on(stairs, rates, inflow, life)
    return life


@njit(cache=True, _nrt=False)
def live_on(stairs, rates, inflow, life):
    """Fill an empty life with that of a cohort under constant rates; see `live`."""
    for age in range(stairs.ages.size):
        if age >= stairs.n_start_ages:
            # Nobody that old at the start, nor with a past.
            for step in range(stairs.steps.size):
                for time in range(stairs.n_time_bands):
                    life.lived[age, step, time] = _LONG_GONE
            continue
        if age > 0:
            _advance(stairs, rates, 0, life, age, life.moved)
        _arrive(life, age, inflow[age])


@njit(cache=True, nogil=True)
def newly_come(stairs, children, age):
    """Return a life in which (S, W) children of one age have just come, and nobody else."""
    life = empty_life(stairs, children.shape[1])
    _arrive(life, age, children)
    # They are the past of nobody older: whoever was that age before has long left.
    life.lived[age + 1 :] = _LONG_GONE
    return life


@njit(cache=True, nogil=True)
def pass_population(stairs, rates, steady, scale, inflow, spacing, path):
    """Carry every birth cohort, or one in `spacing` for all of them, through the months.

    `scale` (S) turns the steady life into the children at the start, 0 starts empty; `inflow`
    (P, ages, S, W) arrives each month and is counted at its end. What happens is added to `path`.
    """
    n_months = path.at_edge.shape[0] - 1
    life = empty_life(stairs, inflow.shape[3])
    for age in range(spacing // 2 - n_months, stairs.ages.size, spacing):
        _take_history(stairs, steady, scale, life, age, n_months)
        _pass_months(stairs, rates, life, age, inflow, float(spacing), path)


@njit(cache=True, nogil=True)
def _take_history(stairs, steady, scale, life, age, n_months):
    """Give `life` the past of a cohort that is `age` at edge 0, and an empty future.

    The past is the steady life times `scale`, as far back as a time band reaches.
    """
    reach = 0
    if stairs.n_time_bands > 1:
        reach = stairs.time_edge[stairs.n_time_bands - 1]
    for here in range(max(age - reach, 0), min(age + n_months + 1, stairs.ages.size)):
        if here > age:
            life.mass[here] = 0.0
            life.entered[here] = 0.0
            continue
        for step in range(scale.size):
            life.mass[here, step] = steady.mass[here, step] * scale[step]
            life.entered[here, step] = steady.entered[here, step] * scale[step]
            life.lived[here, step] = steady.lived[here, step]


@njit(cache=True, nogil=True)
def _pass_months(stairs, rates, life, age, inflow, weight, path):
    """Carry a cohort that is `age` at edge 0, or not yet born, through the scenario's months."""
    flows = np.zeros(path.moved.shape[1:])
    for edge in range(max(-age, 0), min(path.at_edge.shape[0], stairs.ages.size - age)):
        here, month = age + edge, edge - 1
        if edge > 0:
            if here > 0:
                flows[:] = 0.0
                law = month if rates.total.shape[0] > 1 else 0
                _advance(stairs, rates, law, life, here, flows)
                path.moved[month] += weight * flows
            else:
                life.lived[0] = 0.0
            _arrive(life, here, inflow[stairs.months[month].period, here])
        band = stairs.ages[here].effect_band
        for step in range(stairs.steps.size):
            for time in range(stairs.n_time_bands):
                _add(path.at_edge[edge, step, band], life.mass[here, step, time], weight)
    # Past the last age everybody has left, and stays where leaving led.
    last = stairs.ages.size - 1
    band = stairs.ages[last].effect_band
    for edge in range(max(last + 1 - age, 0), path.at_edge.shape[0]):
        for step in range(stairs.steps.size):
            if stairs.steps[step].is_absorbing == 1 and age <= last:
                for time in range(stairs.n_time_bands):
                    _add(path.at_edge[edge, step, band], life.mass[last, step, time], weight)


@njit(cache=True, _nrt=False)
def _advance(stairs, rates, law, life, age, moved):
    """Carry a cohort from the edge `age` - 1 over the month to the edge `age`, before arrivals.

    `moved` (K + B, W) is increased by the expected moves and departures at birthdays.
    """
    before, now, entered = life.mass[age - 1], life.mass[age], life.entered[age]
    ages, band = stairs.ages[age - 1].band, stairs.ages[age - 1].effect_band
    n_slots = stairs.moves_from.shape[1]
    for step in range(stairs.steps.size):
        for time in range(stairs.n_time_bands):
            total = rates.total[law, step, ages, band, time]
            life.lived[age, step, time] = life.lived[age - 1, step, time] + total
            mass, stays = before[step, time], now[step, time]
            if _is_empty(mass):
                continue
            _add(stays, mass, np.exp(-total))
            for slot in range(n_slots):
                move = stairs.moves_from[step, slot]
                if move >= 0:
                    share = rates.flow[law, step, ages, band, time, slot]
                    _add(entered[stairs.moves[move].destination, 0], mass, share)
                    _add(moved[move], mass, share)
    if stairs.ages[age].birthday >= 0:
        _pass_birthday(stairs, rates.keep_share, life, age, moved)
    _promote(stairs, life, age)
    for step in range(stairs.steps.size):
        _add(now[step, 0], entered[step, 0], 1.0)


@njit(cache=True, forceinline=True, _nrt=False)
def _is_empty(amounts):
    """Tell whether nobody is there in any world."""
    found = 0.0
    for world in range(amounts.size):
        found += abs(amounts[world])
    return found == 0.0


@njit(cache=True, forceinline=True, _nrt=False)
def _add(target, amounts, share):
    """Add a share of some amounts to a target, world by world."""
    for world in range(target.size):
        target[world] += amounts[world] * share


@njit(cache=True, _nrt=False)
def _arrive(life, age, children):
    """Let (S, W) children arrive at an edge that `_advance` has reached."""
    for step in range(children.shape[0]):
        _add(life.mass[age, step, 0], children[step], 1.0)
        _add(life.entered[age, step, 0], children[step], 1.0)


@njit(cache=True, _nrt=False)
def _pass_birthday(stairs, keep_share, life, age, moved):
    """Keep a share of every step at a birthday; the rest, and those who change step, enter anew."""
    birthday = stairs.ages[age].birthday
    now, entered, arriving = life.mass[age], life.entered[age], life.arriving
    for step in range(stairs.steps.size):
        for world in range(arriving.shape[1]):
            arriving[step, world] = 0.0
    for step in range(stairs.steps.size):
        ways = stairs.birthdays[birthday, step]
        on = keep_share[birthday, step]
        stays = (on if ways.keep_to == step else 0.0) + (1.0 - on if ways.leave_to == step else 0.0)
        if stays == 1.0:
            continue
        for time in range(-1, stairs.n_time_bands):
            here = entered[step, 0] if time < 0 else now[step, time]
            if ways.keep_to != step:
                _add(arriving[ways.keep_to], here, on)
            if ways.leave_to != step:
                _add(arriving[ways.leave_to], here, 1.0 - on)
            _add(moved[stairs.moves.size + birthday], here, 1.0 - stays)
            for world in range(here.size):
                here[world] *= stays
            if time >= 0:
                life.lived[age, step, time] += -np.log(stays) if stays > 1e-26 else _CERTAIN
    for step in range(stairs.steps.size):
        _add(entered[step, 0], arriving[step], 1.0)


@njit(cache=True, _nrt=False)
def _promote(stairs, life, age):
    """Move those who have been in a time band for its whole width to the next."""
    for time in range(stairs.n_time_bands - 1):
        came = age - (stairs.time_edge[time + 1] - stairs.time_edge[time])
        if came < 0:
            continue
        for step in range(stairs.steps.size):
            entered = life.entered[came, step, time]
            if _is_empty(entered):
                continue
            survive = np.exp(life.lived[came, step, time] - life.lived[age, step, time])
            _add(life.mass[age, step, time], entered, -survive)
            _add(life.mass[age, step, time + 1], entered, survive)
            _add(life.entered[age, step, time + 1], entered, survive)
