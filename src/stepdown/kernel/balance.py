"""Steady states and the children at the start of a chunk of draws.

Children of different frailty do not mix: every class lives its own life, with its share of the
arrivals, and the lives are added. Arrivals are given as (ages, S) shares by age, the same in all
draws, and as numbers by step.

Decision: docs/decisions/0007-expected-solution.md.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from stepdown.kernel.cohort import (
    Lasting,
    Life,
    Motion,
    Rates,
    Shape,
    fill_lasting,
    fill_rates,
    live,
)
from stepdown.kernel.compiled import entry
from stepdown.kernel.layout import Floats, Ints, Staircase
from stepdown.kernel.start import fill_start
from stepdown.kernel.tail import lay_out, tail_of

__all__ = [
    "Laws",
    "Start",
    "draws_at_once",
    "is_pooled",
    "motion_of",
    "nobody",
    "settle",
    "shape_of",
    "start_of",
    "unit_stocks",
]

_AT_ONCE = 32  # draws side by side: more do not fit the cache, fewer leave the processor idle


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

    def untouched(self) -> "Laws":
        """Return how children move whom nothing multiplies: those beyond reach."""
        return self._replace(multiplier=np.ones_like(self.multiplier))


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


def unit_stocks(
    stairs: Staircase, laws: Laws, profile: Floats, entries: Ints, asked: Ints
) -> Floats:
    """Return (N, S, W): children in the steady states of one arrival a month on each of W steps.

    On absorbing steps that are not `asked` for it is 0.
    """
    stocks = np.zeros((laws.hazard.shape[0], stairs.steps.size, entries.size))
    if stairs.n_start_ages == 0:
        return stocks
    shape = shape_of(stairs, asked)
    for part, own in draws_at_once(laws, _AT_ONCE):
        motion = motion_of(stairs, own, stairs.n_start_ages)
        # The last ages alone stay in the cache, which all of them would not.
        life = nobody(stairs, own, int(stairs.time_edge[-2]) + 2)
        for frailty in range(stairs.n_classes):
            settle(shape, own, frailty, motion)
            for world, cell in enumerate(entries):
                life.coming[:] = 0.0
                life.coming[cell] = 1.0
                first = int(np.argmax(profile[:, cell] > 0))
                live(shape, motion, life, profile, life.coming, first, stairs.pooled_from)
                children = life.sums
                if is_pooled(stairs):
                    children = children + _by_step(tail_of(shape, motion, life).mass, children)
                stocks[part, :, world] += own.class_share[:, frailty, None] * children.T
    return stocks


def start_of(stairs: Staircase, laws: Laws, profile: Floats, number: Floats) -> Start:
    """Return the children at the start for constant numbers of arrivals (N, S) a month."""
    n_draws, n_steps = number.shape
    n_ages, n_times, n_classes = stairs.ages.size, stairs.n_time_bands, stairs.n_classes
    start = Start(
        np.empty((n_draws, n_steps, n_classes, n_ages * n_times), np.int64),
        np.empty((n_draws, n_steps, n_classes, n_times, n_ages + 1)),
        np.zeros((n_draws, n_steps, stairs.reach_touches.shape[2])),
        np.zeros((n_draws, n_steps, n_classes)),
    )
    if stairs.n_start_ages == 0:
        start.cell[:], start.entry[:] = 1 << 32, 0.0
        return start
    shape = shape_of(stairs)
    for part, own in draws_at_once(laws, _AT_ONCE):
        motion = motion_of(stairs, own, stairs.n_start_ages)
        life = nobody(stairs, own, stairs.n_start_ages)
        life.coming[:] = number[part].T
        for frailty in range(stairs.n_classes):
            settle(shape, own, frailty, motion)
            live(shape, motion, life, profile, life.coming, 0, stairs.pooled_from)
            by_class = start.by_class[part, :, frailty]
            by_class[:] = own.class_share[:, frailty, None] * life.sums.T
            if is_pooled(stairs):
                tail = tail_of(shape, motion, life)
                lay_out(shape, life, tail)
                by_class += own.class_share[:, frailty, None] * _by_step(tail.mass, life.sums).T
            for band, first, stop in _effect_bands(stairs):
                add_up(life, first, stop)
                start.stock[part, :, band] += own.class_share[:, frailty, None] * life.sums.T
            fill_start(shape, life, motion.lasting, frailty, start.cell[part], start.entry[part])
    return start


def is_pooled(stairs: Staircase) -> bool:
    """Tell whether the oldest children at the start are of all ages from some age on."""
    return stairs.pooled_from < stairs.n_start_ages


def _by_step(cells: Floats, sums: Floats) -> Floats:
    """Return (S, N) from (S * D, N)."""
    return np.asarray(cells.reshape(sums.shape[0], -1, sums.shape[1]).sum(axis=1))


def draws_at_once(laws: Laws, most: int) -> Iterator[tuple[slice, Laws]]:
    """Yield even parts of the draws, with the months of the multipliers as their last axis."""
    n_draws = laws.hazard.shape[0]
    monthly = laws._replace(multiplier=laws.multiplier[..., None])
    edges = np.linspace(0, n_draws, -(-n_draws // most) + 1).astype(int)
    for first, stop in pairwise(edges):
        part = slice(int(first), int(stop))
        yield part, Laws(*(np.ascontiguousarray(array[part]) for array in monthly))


def shape_of(stairs: Staircase, asked: Ints | None = None) -> Shape:
    """Return what cohorts need of the staircase; who leaves for steps not asked for is lost."""
    followed = stairs.moves_from
    if asked is not None:
        lost = stairs.steps["is_absorbing"] == 1
        lost[asked] = False
        followed = np.where(lost[stairs.moves["destination"][followed]], -1, followed)
    return Shape(
        stairs.ages,
        stairs.moves_from,
        followed,
        stairs.moves,
        stairs.birthdays,
        stairs.steps,
        stairs.time_edge,
        stairs.n_months,
        stairs.n_start_ages,
        stairs.pooled_from,
        stairs.reach_touches.shape[2],
    )


def _effect_bands(stairs: Staircase) -> list[tuple[int, int, int]]:
    """Return each effect age band with its first age at the start and the first beyond it."""
    band = stairs.ages["effect_band"][: stairs.n_start_ages]
    edges = [0, *(np.flatnonzero(np.diff(band)) + 1).tolist(), band.size]
    return [(int(band[first]), first, stop) for first, stop in pairwise(edges)]


def motion_of(stairs: Staircase, laws: Laws, n_ages: int, n_months: int = 1) -> Motion:
    """Return room for how one class moves."""
    n_draws, n_times = laws.hazard.shape[0], stairs.n_time_bands
    n_rows = stairs.n_age_bands * stairs.reach_touches.shape[2]
    cells = (stairs.steps.size * n_times, n_draws)
    rates = Rates(
        np.empty((n_months, n_rows, *cells)),
        np.empty((n_months, n_rows, stairs.moves.size * n_times, n_draws)),
        laws.keep_share,
    )
    lasting = Lasting(np.empty((n_ages, *cells)), np.empty((n_ages, *cells)), np.empty(cells))
    return Motion(rates, lasting)


def nobody(stairs: Staircase, laws: Laws, n_ages: int) -> Life:
    """Return room for a life, in which nobody has moved."""
    n_draws, n_steps = laws.hazard.shape[0], stairs.steps.size
    cells = (n_ages, n_steps * stairs.n_time_bands, n_draws)
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    coming, arriving, sums = (np.empty((n_steps, n_draws)) for _ in range(3))
    moved = np.zeros((n_moves, n_draws))
    return Life(np.empty(cells), np.empty(cells), coming, arriving, sums, moved)


@entry
def settle(shape, laws, frailty, motion):
    """Fill how one class moves under rates that do not change."""
    fill_rates(shape, laws.hazard, frailty, laws.multiplier, motion.rates)
    fill_lasting(shape, motion.rates, motion.lasting)


@entry
def add_up(life, start, stop):
    """Fill the `sums` of a life over time bands and the ages from `start` to `stop`."""
    sums = life.sums
    n_times = life.mass.shape[1] // sums.shape[0]
    sums[:] = 0.0
    for age in range(start, stop):
        for step in range(sums.shape[0]):
            for cell in range(step * n_times, (step + 1) * n_times):
                for draw in range(sums.shape[1]):
                    sums[step, draw] += life.mass[age, cell, draw]
