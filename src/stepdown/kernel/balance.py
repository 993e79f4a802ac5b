"""Steady states and step responses of a chunk of draws: what the derived inflow rests on."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from stepdown.kernel.cohort import (
    Rates,
    live,
    newly_come,
    pass_population,
    rates_by_month,
    rates_of,
    scale_to,
)
from stepdown.kernel.layout import Floats, Ints, Staircase
from stepdown.kernel.start import fill_start

__all__ = [
    "Laws",
    "Start",
    "expected_path",
    "expected_years",
    "start_of",
    "unit_responses",
    "unit_stocks",
]


class Laws(NamedTuple):
    """How children move in the baseline, per draw."""

    hazard: Floats
    """(N, K, A, D) per month."""
    multiplier: Floats
    """(N, C, E). The baseline's multipliers, the same in every month."""
    keep_share: Floats
    """(N, B, S)."""


class Start(NamedTuple):
    """The children at the start of each draw, as the walk draws them."""

    cell: Ints
    """(N, S, ages * D)."""
    entry: Floats
    """(N, S, D, ages + 1)."""
    stock: Floats
    """(N, S, E). Children in the steady state of the inflow given."""


@njit(cache=True, nogil=True)
def unit_stocks(stairs: Staircase, laws: Laws, profile: Floats, step_of: Ints) -> Floats:
    """Return (N, entry, S): children in the steady state of one arrival a month.

    `profile` (entry, ages) spreads the arrivals on step `step_of` (entry) over ages.
    """
    n_draws, n_steps = laws.hazard.shape[0], stairs.moves_from.shape[0]
    stocks = np.zeros((n_draws, step_of.size, n_steps))
    for draw in range(n_draws):
        rates = rates_of(stairs, laws.hazard[draw], laws.multiplier[draw])
        for entry in range(step_of.size):
            inflow = np.zeros((stairs.ages.size, n_steps))
            inflow[:, step_of[entry]] = profile[entry]
            life = live(stairs, rates, laws.keep_share[draw], inflow)
            for step in range(n_steps):
                stocks[draw, entry, step] = life.mass[:, step, :].sum()
    return stocks


@njit(cache=True, nogil=True)
def start_of(stairs: Staircase, laws: Laws, inflow: Floats) -> Start:
    """Return the children at the start for a constant inflow (N, ages, S) a month."""
    n_draws, n_steps = laws.hazard.shape[0], stairs.moves_from.shape[0]
    n_ages, n_times = stairs.ages.size, stairs.n_time_bands
    cell = np.empty((n_draws, n_steps, n_ages * n_times), np.int64)
    entry = np.empty((n_draws, n_steps, n_times, n_ages + 1))
    stock = np.zeros((n_draws, n_steps, stairs.reach_touches.shape[2]))
    for draw in range(n_draws):
        rates = rates_of(stairs, laws.hazard[draw], laws.multiplier[draw])
        life = live(stairs, rates, laws.keep_share[draw], inflow[draw])
        fill_start(life, cell[draw], entry[draw])
        for age in range(n_ages):
            stock[draw, :, stairs.ages[age].effect_band] += life.mass[age].sum(axis=1)
    return Start(cell, entry, stock)


@njit(cache=True, nogil=True)
def unit_responses(
    stairs: Staircase, laws: Laws, profile: Floats, step_of: Ints, spacing: int
) -> Floats:
    """Return (N, entry, Y + 1, S, E): children at year ends after one arrival a month from 0.

    One birth cohort in `spacing` stands for all of them.
    """
    n_draws, n_steps = laws.hazard.shape[0], stairs.moves_from.shape[0]
    n_entries, n_bands = step_of.size, stairs.reach_touches.shape[2]
    n_years = stairs.months[-1].year + 1
    found = np.zeros((n_draws, n_entries, n_years + 1, n_steps, n_bands))
    for draw in range(n_draws):
        empty = np.zeros((stairs.ages.size, n_steps))
        law = _constant(stairs, laws, draw)
        steady = live(stairs, Rates(law.total[0], law.flow[0]), laws.keep_share[draw], empty)
        for entry in range(n_entries):
            inflow = np.zeros((n_years, stairs.ages.size, n_steps))
            inflow[:, :, step_of[entry]] = profile[entry]
            found[draw, entry] = _year_ends(
                stairs, law, laws.keep_share[draw], steady, np.zeros(n_steps), inflow, spacing
            )
    return found


@njit(cache=True, nogil=True)
def expected_years(
    stairs: Staircase, laws: Laws, inflow: Floats, start: Floats, spacing: int
) -> Floats:
    """Return (N, Y + 1, S, E): what is left of the children at the start at year ends.

    `inflow` (N, ages, S) made their steady state; `start` (N, S) is how many there are.
    """
    n_draws, n_steps = laws.hazard.shape[0], stairs.moves_from.shape[0]
    n_years = stairs.months[-1].year + 1
    found = np.zeros((n_draws, n_years + 1, n_steps, stairs.reach_touches.shape[2]))
    for draw in range(n_draws):
        law = _constant(stairs, laws, draw)
        steady = live(stairs, Rates(law.total[0], law.flow[0]), laws.keep_share[draw], inflow[draw])
        scale = scale_to(steady, start[draw])
        none = np.zeros((n_years, stairs.ages.size, n_steps))
        found[draw] = _year_ends(
            stairs, law, laws.keep_share[draw], steady, scale, none, spacing
        )
    return found


@njit(cache=True)
def _constant(stairs, laws, draw):
    """Return the baseline's rates of one draw as a single month's law."""
    rates = rates_of(stairs, laws.hazard[draw], laws.multiplier[draw])
    total = np.empty((1, *rates.total.shape))
    flow = np.empty((1, *rates.flow.shape))
    total[0], flow[0] = rates.total, rates.flow
    return Rates(total, flow)


@njit(cache=True)
def _year_ends(stairs, law, keep_share, steady, scale, inflow, spacing):
    """Return (Y + 1, S, E) children at the start and at year ends."""
    n_steps, n_bands = scale.size, stairs.reach_touches.shape[2]
    at_edge = np.zeros((stairs.n_months + 1, n_steps, n_bands))
    moved = np.zeros((stairs.n_months, stairs.moves.size + stairs.birthdays.shape[0]))
    pass_population(stairs, law, keep_share, steady, scale, inflow, spacing, at_edge, moved)
    n_years = stairs.months[-1].year + 1
    per_year = stairs.n_months // n_years
    years = np.empty((n_years + 1, n_steps, n_bands))
    for year in range(n_years + 1):
        years[year] = at_edge[year * per_year]
    return years


@njit(cache=True, nogil=True)
def expected_path(stairs, laws, multiplier, steady_inflow, arrivals, start, start_age):
    """Return expected children (N, T + 1, S) at month edges and moves (N, T, K + B) of a strategy.

    `multiplier` (N, C, E, T) holds within reach, and 1 beyond; `steady_inflow` (N, ages, S) made
    the ages at the start unless all have `start_age` >= 0; `arrivals` (2, N, P, ages, S) a month
    and `start` (N, 2, S) children are within and beyond reach.
    """
    n_draws, n_steps = laws.hazard.shape[0], stairs.steps.size
    n_bands, n_months = stairs.reach_touches.shape[2], stairs.n_months
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    children = np.zeros((n_draws, n_months + 1, n_steps))
    moves = np.zeros((n_draws, n_months, n_moves))
    for draw in range(n_draws):
        base = rates_of(stairs, laws.hazard[draw], laws.multiplier[draw])
        keep_share = laws.keep_share[draw]
        inflow = steady_inflow[draw]
        if start_age >= 0:
            inflow = np.zeros((stairs.ages.size, n_steps))
            inflow[start_age] = start[draw, 0]
            steady = newly_come(stairs, inflow, start_age)
        else:
            steady = live(stairs, base, keep_share, inflow)
        for beyond in range(2):
            factor = multiplier[draw] if beyond == 0 else np.ones((multiplier.shape[1], n_bands, 1))
            rates = rates_by_month(stairs, laws.hazard[draw], factor)
            scale = scale_to(steady, start[draw, beyond])
            at_edge = np.zeros((n_months + 1, n_steps, n_bands))
            pass_population(
                stairs, rates, keep_share, steady, scale, arrivals[beyond, draw], 1, at_edge,
                moves[draw],
            )  # fmt: skip
            children[draw] += at_edge.sum(axis=2)
    return children, moves
