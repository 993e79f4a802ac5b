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

__all__ = ["Life", "Rates", "advance", "arrive", "empty_life", "live", "rates_of"]

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
                            factor = multiplier[stairs.column[move], band]
                            here[slot] = hazard[move, age, time] * factor
                    leave = here.sum()
                    total[step, age, band, time] = leave
                    if leave > 0.0:
                        here *= -np.expm1(-leave) / leave
    return Rates(total, flow)


@njit(cache=True)
def empty_life(stairs):
    """Return a cohort in which nobody has come yet."""
    n_ages, n_steps = stairs.age_band.size, stairs.moves_from.shape[0]
    shape = (n_ages, n_steps, stairs.n_time_bands)
    return Life(np.zeros(shape), np.zeros(shape), np.zeros(shape))


@njit(cache=True)
def advance(stairs, rates, keep_share, life, age, moved):
    """Carry a cohort from the edge `age` - 1 over the month to the edge `age`, before arrivals.

    `moved` (K + B) is increased by the expected moves and departures at birthdays.
    """
    before, now = age - 1, life.mass[age]
    entered = life.entered[age]
    ages, band = stairs.age_band[before], stairs.effect_band[before]
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
                    entered[stairs.destination[move], 0] += amount
                    moved[move] += amount
            now[step, time] += stays
    if stairs.birthday[age] >= 0:
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
    birthday = stairs.birthday[age]
    now, entered = life.mass[age], life.entered[age]
    n_steps = stairs.moves_from.shape[0]
    arriving = np.zeros(n_steps)
    for step in range(n_steps):
        here = entered[step, 0]
        for time in range(stairs.n_time_bands):
            here += now[step, time]
        keep_to, leave_to = stairs.keep_to[birthday, step], stairs.leave_to[birthday, step]
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
        moved[stairs.destination.size + birthday] += here * (1.0 - share)
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
    moved = np.zeros(stairs.destination.size + stairs.keep_to.shape[0])
    for age in range(stairs.age_band.size):
        if age > 0:
            advance(stairs, rates, keep_share, life, age, moved)
        for step in range(inflow.shape[1]):
            if inflow[age, step] > 0.0:
                arrive(life, age, step, inflow[age, step])
    return life
