"""Steady states, step responses and expected paths of a chunk of draws.

Children of different frailty do not mix: every class lives its own life, with its share of the
arrivals, and the lives are added.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from stepdown.kernel.cohort import (
    Life,
    Path,
    Rates,
    clear_life,
    constant_rates,
    empty_life,
    fill_rates,
    live,
    live_on,
    newly_come,
    pass_population,
    rates_by_month,
)
from stepdown.kernel.layout import Floats, Ints, Staircase
from stepdown.kernel.start import fill_start

__all__ = [
    "Laws",
    "Start",
    "expected_paths",
    "leftovers",
    "start_of",
    "unit_responses",
    "unit_stocks",
]


class Laws(NamedTuple):
    """How children move in the baseline, per draw."""

    hazard: Floats
    """(N, G, K, A, D) per month."""
    class_share: Floats
    """(N, G). Shares of the classes among arrivals."""
    multiplier: Floats
    """(N, C, E). The baseline's multipliers, the same in every month."""
    keep_share: Floats
    """(N, B, S)."""


class Start(NamedTuple):
    """The children at the start of each draw, as the walk draws them."""

    cell: Ints
    """(N, S, G, ages * D)."""
    entry: Floats
    """(N, S, G, D, ages + 1)."""
    stock: Floats
    """(N, S, E). Children in the steady state of the inflow given."""
    by_class: Floats
    """(N, S, G). The same by class."""


def unit_stocks(stairs: Staircase, laws: Laws, inflow: Floats) -> Floats:
    """Return (N, S, W): children in the steady states of W inflows (ages, S, W) a month."""
    stocks = np.zeros((laws.hazard.shape[0], stairs.steps.size, inflow.shape[2]))
    _fill_stocks(stairs, laws, inflow, _scratch(stairs, inflow.shape[2]), stocks)
    return stocks


def start_of(stairs: Staircase, laws: Laws, inflow: Floats) -> Start:
    """Return the children at the start for a constant inflow (N, ages, S, 1) a month."""
    n_draws, n_steps = laws.hazard.shape[0], stairs.steps.size
    n_ages, n_times, n_classes = stairs.ages.size, stairs.n_time_bands, stairs.n_classes
    start = Start(
        np.empty((n_draws, n_steps, n_classes, n_ages * n_times), np.int64),
        np.empty((n_draws, n_steps, n_classes, n_times, n_ages + 1)),
        np.zeros((n_draws, n_steps, stairs.reach_touches.shape[2])),
        np.zeros((n_draws, n_steps, n_classes)),
    )
    _fill_starts(stairs, laws, inflow, _scratch(stairs, 1), start)
    return start


class _Scratch(NamedTuple):
    """Rates of one month and a life, made once a chunk and filled again by every draw."""

    total: Floats
    flow: Floats
    life: Life


def _scratch(stairs: Staircase, n_worlds: int) -> _Scratch:
    n_steps, n_slots = stairs.moves_from.shape
    n_bands = stairs.reach_touches.shape[2]
    rows = (1, n_steps, stairs.n_age_bands, n_bands, stairs.n_time_bands)
    life: Life = empty_life(stairs, n_worlds)
    return _Scratch(np.zeros(rows), np.zeros((*rows, n_slots)), life)


@njit(cache=True, nogil=True, _nrt=False)
def _fill_stocks(stairs, laws, inflow, scratch, stocks):
    """Fill (N, S, W) children in the steady states of all draws."""
    for draw in range(stocks.shape[0]):
        for frailty in range(stairs.n_classes):
            share = laws.class_share[draw, frailty]
            _live_again(stairs, laws, draw, frailty, inflow, scratch)
            mass = scratch.life.mass
            for age in range(mass.shape[0]):
                for step in range(mass.shape[1]):
                    for time in range(mass.shape[2]):
                        for world in range(mass.shape[3]):
                            stocks[draw, step, world] += share * mass[age, step, time, world]


@njit(cache=True, nogil=True, _nrt=False)
def _fill_starts(stairs, laws, inflow, scratch, start):
    """Fill the children at the start of all draws."""
    for draw in range(start.stock.shape[0]):
        for frailty in range(stairs.n_classes):
            share = laws.class_share[draw, frailty]
            _live_again(stairs, laws, draw, frailty, inflow[draw], scratch)
            mass = scratch.life.mass
            cell, entry = start.cell[draw, :, frailty], start.entry[draw, :, frailty]
            fill_start(scratch.life, stairs.n_start_ages, cell, entry)
            for age in range(mass.shape[0]):
                band = stairs.ages[age].effect_band
                for step in range(mass.shape[1]):
                    for time in range(mass.shape[2]):
                        amount = share * mass[age, step, time, 0]
                        start.stock[draw, step, band] += amount
                        start.by_class[draw, step, frailty] += amount


@njit(cache=True, nogil=True, _nrt=False)
def _live_again(stairs, laws, draw, frailty, inflow, scratch):
    """Fill the scratch with the steady life of one class of one draw, were all arrivals of it."""
    hazard, multiplier = laws.hazard[draw, frailty], laws.multiplier[draw]
    fill_rates(stairs, hazard, multiplier, scratch.total[0], scratch.flow[0])
    clear_life(scratch.life)
    rates = Rates(scratch.total, scratch.flow, laws.keep_share[draw])
    live_on(stairs, rates, inflow, scratch.life)


@njit(cache=True, nogil=True)
def unit_responses(stairs: Staircase, laws: Laws, inflow: Floats, spacing: int) -> Floats:
    """Return (N, Y + 1, S, E, W): children at year ends after W inflows (ages, S, W) from 0.

    One birth cohort in `spacing` stands for all of them.
    """
    n_draws, n_worlds = laws.hazard.shape[0], inflow.shape[2]
    n_years = stairs.months[-1].year + 1
    found = np.empty((n_draws, n_years + 1, *_by_band(stairs), n_worlds))
    n_periods = stairs.months[-1].period + 1
    arrivals = np.empty((n_periods, *inflow.shape))
    for period in range(n_periods):
        arrivals[period] = inflow
    for draw in range(n_draws):
        found[draw] = 0.0
        for frailty in range(stairs.n_classes):
            rates = _baseline(stairs, laws, draw, frailty)
            nobody = live(stairs, rates, np.zeros(inflow.shape))
            path = _empty_path(stairs, n_worlds)
            none = np.zeros(stairs.steps.size)
            pass_population(stairs, rates, nobody, none, arrivals, spacing, path)
            years = _year_ends(stairs, path)
            _level(years, live(stairs, rates, inflow), spacing)
            found[draw] += laws.class_share[draw, frailty] * years
    return found


@njit(cache=True, nogil=True)
def leftovers(stairs: Staircase, laws: Laws, inflow: Floats, start: Floats, spacing: int) -> Floats:
    """Return (N, Y + 1, S, E): what is left of the children at the start at year ends.

    `inflow` (N, ages, S, 1) made their steady state; `start` (N, S) is how many there are.
    """
    n_draws = laws.hazard.shape[0]
    n_years = stairs.months[-1].year + 1
    found = np.empty((n_draws, n_years + 1, *_by_band(stairs)))
    nobody = np.zeros((stairs.months[-1].period + 1, *inflow.shape[1:]))
    for draw in range(n_draws):
        found[draw] = 0.0
        scale = _scale(stairs, laws, draw, inflow[draw], start[draw])
        for frailty in range(stairs.n_classes):
            rates = _baseline(stairs, laws, draw, frailty)
            steady = live(stairs, rates, inflow[draw])
            path = _empty_path(stairs, 1)
            own = scale * laws.class_share[draw, frailty]
            pass_population(stairs, rates, steady, own, nobody, spacing, path)
            years = _year_ends(stairs, path)
            _level(years, steady, spacing)
            found[draw] += years[..., 0]
    return found


@njit(cache=True, nogil=True)
def expected_paths(
    stairs: Staircase,
    laws: Laws,
    multiplier: Floats,
    steady_inflow: Floats,
    arrivals: Floats,
    start: Floats,
    start_age: int,
) -> tuple[Floats, Floats]:
    """Return expected children (N, T + 1, S) at month edges and moves (N, T, K + B) of a strategy.

    `multiplier` (N, C, E, T) holds within reach, and 1 beyond; `steady_inflow` (N, ages, S, 1)
    made the ages at the start unless all have `start_age` >= 0; `arrivals` (2, N, P, ages, S, 1)
    a month and `start` (N, 2, S) children are within and beyond reach.
    """
    n_draws = laws.hazard.shape[0]
    children = np.zeros((n_draws, stairs.n_months + 1, stairs.steps.size))
    moves = np.zeros((n_draws, stairs.n_months, stairs.moves.size + stairs.birthdays.shape[0]))
    ones = np.ones((*multiplier.shape[1:3], 1))
    for draw in range(n_draws):
        path = _empty_path(stairs, 1)
        for beyond in range(2):
            if start[draw, beyond].sum() + arrivals[beyond, draw].sum() <= 0.0:
                continue
            scale = np.ones(stairs.steps.size)
            if start_age < 0:
                scale = _scale(stairs, laws, draw, steady_inflow[draw], start[draw, beyond])
            for frailty in range(stairs.n_classes):
                if start_age >= 0:
                    newcomers = start[draw, beyond].copy().reshape((-1, 1))
                    steady = newly_come(stairs, newcomers, start_age)
                else:
                    steady = live(
                        stairs, _baseline(stairs, laws, draw, frailty), steady_inflow[draw]
                    )
                share = laws.class_share[draw, frailty]
                factor = multiplier[draw] if beyond == 0 else ones
                hazard = laws.hazard[draw, frailty]
                rates = rates_by_month(stairs, hazard, factor, laws.keep_share[draw])
                own = share * arrivals[beyond, draw]
                pass_population(stairs, rates, steady, share * scale, own, 1, path)
        children[draw] = path.at_edge[..., 0].sum(axis=2)
        moves[draw] = path.moved[..., 0]
    return children, moves


@njit(cache=True, nogil=True)
def _scale(stairs, laws, draw, inflow, start):
    """Return by step what turns the steady lives of all classes into (S) children."""
    found = np.zeros(start.size)
    for frailty in range(stairs.n_classes):
        steady = live(stairs, _baseline(stairs, laws, draw, frailty), inflow)
        for step in range(start.size):
            found[step] += laws.class_share[draw, frailty] * steady.mass[:, step].sum()
    for step in range(start.size):
        found[step] = start[step] / found[step] if found[step] > 0.0 else 0.0
    return found


@njit(cache=True, nogil=True)
def _level(years, steady, spacing):
    """Take out what a sparse choice of cohorts gets wrong of the steady state, step by step."""
    for step in range(years.shape[1]):
        for world in range(years.shape[3]):
            sampled = 0.0
            for age in range(spacing // 2, steady.mass.shape[0], spacing):
                sampled += steady.mass[age, step, :, world].sum() * spacing
            if sampled > 0.0:
                years[:, step, :, world] *= steady.mass[:, step, :, world].sum() / sampled


@njit(cache=True, nogil=True)
def _baseline(stairs, laws, draw, frailty):
    """Return the baseline's constant rates of one class of one draw."""
    hazard, multiplier = laws.hazard[draw, frailty], laws.multiplier[draw]
    return constant_rates(stairs, hazard, multiplier, laws.keep_share[draw])


@njit(cache=True, nogil=True)
def _by_band(stairs):
    """Return the sizes of (step, effect age band)."""
    return stairs.steps.size, stairs.reach_touches.shape[2]


@njit(cache=True, nogil=True)
def _empty_path(stairs, n_worlds):
    """Return a path on which nothing has happened."""
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    return Path(
        np.zeros((stairs.n_months + 1, *_by_band(stairs), n_worlds)),
        np.zeros((stairs.n_months, n_moves, n_worlds)),
    )


@njit(cache=True, nogil=True)
def _year_ends(stairs, path):
    """Return (Y + 1, S, E, W) children at the start and at year ends."""
    n_years = stairs.months[-1].year + 1
    per_year = stairs.n_months // n_years
    years = np.empty((n_years + 1, *path.at_edge.shape[1:]))
    for year in range(n_years + 1):
        years[year] = path.at_edge[year * per_year]
    return years
