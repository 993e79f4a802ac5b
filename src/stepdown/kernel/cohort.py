"""The cohort solution: expected children by step, age and time on the step, without chance.

A birth cohort is followed edge by edge. Time bands are kept exactly by delayed flows: those who
entered a band one band-width ago and survived in it are promoted to the next. The same recursion
gives the steady state of a constant inflow (a cohort's life, read as ages) and the expected path
of a scenario (every cohort through the months of the scenario).

Decision: docs/decisions/0007-expected-solution.md.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

__all__ = [
    "Life",
    "Rates",
    "live",
    "newly_come",
    "pass_population",
    "rates_by_month",
    "rates_of",
    "scale_to",
]

_CERTAIN = 60.0  # stands for an infinite hazard at a birthday that nobody passes


class Rates(NamedTuple):
    """Monthly laws of motion by step, age and time band."""

    total: np.ndarray
    """(S, A, E, D). Total hazard per month."""
    flow: np.ndarray
    """(S, A, E, D, J). Probability to make each move within the month."""


class Life(NamedTuple):
    """A cohort by age: what is on the steps, what entered, and the hazard lived through."""

    mass: np.ndarray
    """(ages, S, D). Children at an age edge, after moves, birthday and arrivals."""
    entered: np.ndarray
    """(ages, S, D). Of them, those who entered the time band at that edge."""
    lived: np.ndarray
    """(ages, S, D). Cumulative hazard of the band, whoever is on it."""


@njit(cache=True)
def rates_of(stairs, hazard, multiplier):
    """Return the rates for (K, A, D) hazards and (C, E) multipliers."""
    n_steps, n_slots = stairs.moves_from.shape
    _, n_ages, n_times = hazard.shape
    n_bands = multiplier.shape[1]
    total = np.zeros((n_steps, n_ages, n_bands, n_times))
    flow = np.zeros((n_steps, n_ages, n_bands, n_times, n_slots))
    for step in range(n_steps):
        for age in range(n_ages):
            for band in range(n_bands):
                for time in range(n_times):
                    here = flow[step, age, band, time]
                    for slot in range(n_slots):
                        move = stairs.moves_from[step, slot]
                        if move >= 0:
                            factor = multiplier[stairs.moves[move].column, band]
                            here[slot] = hazard[move, age, time] * factor
                    leave = here.sum()
                    total[step, age, band, time] = leave
                    if leave > 0.0:
                        here *= -np.expm1(-leave) / leave
    return Rates(total, flow)


@njit(cache=True)
def empty_life(stairs):
    """Return a cohort in which nobody has come yet."""
    n_ages, n_steps = stairs.ages.size, stairs.moves_from.shape[0]
    shape = (n_ages, n_steps, stairs.n_time_bands)
    return Life(np.zeros(shape), np.zeros(shape), np.zeros(shape))


@njit(cache=True)
def advance(stairs, rates, keep_share, life, age, moved):
    """Carry a cohort from the edge `age` - 1 over the month to the edge `age`, before arrivals.

    `moved` (K + B) is increased by the expected moves and departures at birthdays.
    """
    before, now = age - 1, life.mass[age]
    entered = life.entered[age]
    ages, band = stairs.ages[before].band, stairs.ages[before].effect_band
    n_steps, n_slots = stairs.moves_from.shape
    for step in range(n_steps):
        for time in range(stairs.n_time_bands):
            mass = life.mass[before, step, time]
            total = rates.total[step, ages, band, time]
            life.lived[age, step, time] = life.lived[before, step, time] + total
            if mass == 0.0:
                continue
            stays = mass
            for slot in range(n_slots):
                move = stairs.moves_from[step, slot]
                if move >= 0:
                    amount = mass * rates.flow[step, ages, band, time, slot]
                    stays -= amount
                    entered[stairs.moves[move].destination, 0] += amount
                    moved[move] += amount
            now[step, time] += stays
    if stairs.ages[age].birthday >= 0:
        _pass_birthday(stairs, keep_share, life, age, moved)
    _promote(stairs, life, age)
    for step in range(n_steps):
        now[step, 0] += entered[step, 0]


@njit(cache=True)
def arrive(life, age, step, amount):
    """Let children arrive at an edge that `advance` has reached."""
    life.mass[age, step, 0] += amount
    life.entered[age, step, 0] += amount


@njit(cache=True)
def _pass_birthday(stairs, keep_share, life, age, moved):
    """Keep a share of every step at a birthday; the rest, and those who change step, enter anew."""
    birthday = stairs.ages[age].birthday
    now, entered = life.mass[age], life.entered[age]
    n_steps = stairs.moves_from.shape[0]
    arriving = np.zeros(n_steps)
    for step in range(n_steps):
        here = entered[step, 0]
        for time in range(stairs.n_time_bands):
            here += now[step, time]
        keep_to, leave_to = stairs.birthdays[birthday, step].keep_to, stairs.birthdays[birthday, step].leave_to
        share = 1.0 if leave_to == step else 0.0
        if keep_to == step:
            share += keep_share[birthday, step]
        share = min(share, 1.0)
        if share == 1.0:
            continue
        going_on = here * keep_share[birthday, step]
        if keep_to != step:
            arriving[keep_to] += going_on
        if leave_to != step:
            arriving[leave_to] += here - going_on
        moved[stairs.moves.size + birthday] += here * (1.0 - share)
        entered[step, 0] *= share
        for time in range(stairs.n_time_bands):
            now[step, time] *= share
            life.lived[age, step, time] += -np.log(share) if share > 1e-26 else _CERTAIN
    for step in range(n_steps):
        entered[step, 0] += arriving[step]


@njit(cache=True)
def _promote(stairs, life, age):
    """Move those who have been in a time band for its whole width to the next."""
    for time in range(stairs.n_time_bands - 1):
        came = age - (stairs.time_edge[time + 1] - stairs.time_edge[time])
        if came < 0:
            continue
        for step in range(stairs.moves_from.shape[0]):
            entered = life.entered[came, step, time]
            if entered > 0.0:
                lived = life.lived[age, step, time] - life.lived[came, step, time]
                amount = entered * np.exp(-lived)
                life.mass[age, step, time] -= amount
                life.mass[age, step, time + 1] += amount
                life.entered[age, step, time + 1] = amount


@njit(cache=True)
def live(stairs, rates, keep_share, inflow):
    """Return the life of a cohort under constant rates; `inflow` (ages, S) arrives at each age.

    Read as ages at one moment, it is the steady state of that inflow per month.
    """
    life = empty_life(stairs)
    moved = np.zeros(stairs.moves.size + stairs.birthdays.shape[0])
    for age in range(stairs.ages.size):
        if age > 0:
            advance(stairs, rates, keep_share, life, age, moved)
        for step in range(inflow.shape[1]):
            if inflow[age, step] > 0.0:
                arrive(life, age, step, inflow[age, step])
    return life



@njit(cache=True)
def newly_come(stairs, inflow, age):
    """Return a life in which children of one age have just come, and nobody else is there."""
    life = empty_life(stairs)
    for step in range(inflow.shape[1]):
        arrive(life, age, step, inflow[age, step])
    return life


@njit(cache=True)
def scale_to(steady, start):
    """Return by step what turns a steady life into `start` children; 0 where it has none."""
    scale = np.zeros(start.size)
    for step in range(start.size):
        mass = steady.mass[:, step, :].sum()
        if mass > 0.0:
            scale[step] = start[step] / mass
    return scale


@njit(cache=True)
def rates_by_month(stairs, hazard, multiplier):
    """Return the rates for (C, E, M) multipliers, month first; a month like the last is copied."""
    first = rates_of(stairs, hazard, multiplier[:, :, 0])
    n_months = multiplier.shape[2]
    total = np.empty((n_months, *first.total.shape))
    flow = np.empty((n_months, *first.flow.shape))
    total[0], flow[0] = first.total, first.flow
    for month in range(1, n_months):
        if np.array_equal(multiplier[:, :, month], multiplier[:, :, month - 1]):
            total[month], flow[month] = total[month - 1], flow[month - 1]
        else:
            now = rates_of(stairs, hazard, multiplier[:, :, month])
            total[month], flow[month] = now.total, now.flow
    return Rates(total, flow)


@njit(cache=True)
def take_history(stairs, steady, scale, life, age, n_months):
    """Give `life` the past of a cohort that is `age` at edge 0, and an empty future.

    The past is the steady life times `scale` (S), as far back as a time band reaches.
    """
    n_ages = stairs.ages.size
    reach = 0
    if stairs.n_time_bands > 1:
        reach = stairs.time_edge[stairs.n_time_bands - 1]
    for here in range(max(age - reach, 0), min(age + n_months + 1, n_ages)):
        if here > age:
            life.mass[here] = 0.0
            life.entered[here] = 0.0
            continue
        for step in range(scale.size):
            for time in range(stairs.n_time_bands):
                life.mass[here, step, time] = steady.mass[here, step, time] * scale[step]
                life.entered[here, step, time] = steady.entered[here, step, time] * scale[step]
                life.lived[here, step, time] = steady.lived[here, step, time]


@njit(cache=True)
def pass_months(stairs, rates, keep_share, life, age, inflow, weight, at_edge, moved):
    """Carry a cohort that is `age` at edge 0 through the scenario's months.

    `rates` has one month, or all; `inflow` (P, ages, S) arrives each month and is counted at its
    end. Adds `weight` times the children at month edges to `at_edge` (T + 1, S, E) and the moves
    to `moved` (T, K + B). A negative age is a cohort not yet born.
    """
    n_ages, n_laws = stairs.ages.size, rates.total.shape[0]
    flows = np.zeros(moved.shape[1])
    for edge in range(max(-age, 0), min(at_edge.shape[0], n_ages - age)):
        here = age + edge
        if edge > 0:
            month = edge - 1
            if here > 0:
                law = month if n_laws > 1 else 0
                now = Rates(rates.total[law], rates.flow[law])
                flows[:] = 0.0
                advance(stairs, now, keep_share, life, here, flows)
                moved[month] += weight * flows
            else:
                life.lived[0] = 0.0
            period = stairs.months[month].period
            for step in range(inflow.shape[2]):
                if inflow[period, here, step] > 0.0:
                    arrive(life, here, step, inflow[period, here, step])
        band = stairs.ages[here].effect_band
        for step in range(at_edge.shape[1]):
            for time in range(stairs.n_time_bands):
                at_edge[edge, step, band] += weight * life.mass[here, step, time]


@njit(cache=True)
def pass_population(stairs, rates, keep_share, steady, scale, inflow, spacing, at_edge, moved):
    """Carry every birth cohort, or one in `spacing` for all of them, through the months.

    `scale` (S) turns the steady life into the children at the start; 0 starts empty.
    """
    n_months = at_edge.shape[0] - 1
    life = empty_life(stairs)
    for age in range(spacing // 2 - n_months, stairs.ages.size, spacing):
        take_history(stairs, steady, scale, life, age, n_months)
        pass_months(
            stairs, rates, keep_share, life, age, inflow, float(spacing), at_edge, moved
        )
