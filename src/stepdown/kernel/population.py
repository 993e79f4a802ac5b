"""Who is there: the children on the steps at the start, and those who arrive.

A child's key names the cell it enters in and its number there. How many children a cell has is a
Poisson number from one keyed uniform at each strategy's own mean, so a strategy that changes the
inflow adds or removes children and touches no other.

Decision: docs/decisions/0003-random-numbers.md, 0006-children-at-the-start.md.
"""

import numpy as np
from numba import njit

from stepdown.kernel.layout import INFLOW, STOCK
from stepdown.kernel.moves import Child, walk
from stepdown.kernel.randomness import Stream, child_key, philox, poisson, unit_float

__all__ = ["walk_arrivals", "walk_stock"]

_STOCK = np.uint64(Stream.STOCK)
_ARRIVALS = np.uint64(Stream.ARRIVALS)
_ENTRY = np.uint64(Stream.ENTRY)


@njit(cache=True)
def walk_stock(stairs, draw, run, tally, pending):
    """Walk the children who are on the steps when the clock starts."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    for beyond in range(2):
        source = STOCK + 2 * beyond
        for step in range(stairs.moves_from.shape[0]):
            words = philox(step, source, 0, _STOCK, run)
            count = draw.stock_fixed[beyond, step] + poisson(
                unit_float(words[0], words[1]),
                draw.stock_mean[beyond, step],
                draw.stock_none[beyond, step],
            )
            for ordinal in range(count):
                low, high = child_key(source, 0, 0, step, ordinal)
                age, elapsed = _age_and_elapsed(stairs, draw, run, low, high, step)
                child = Child(low, high, -age, beyond == 1)
                start = (everyone, np.int64(0), np.int64(step), -elapsed)
                walk(stairs, draw, run, child, start, tally, pending)


@njit(cache=True)
def _age_and_elapsed(stairs, draw, run, low, high, step):
    """Draw the age of a child at the start and its time on the step, from their joint shares."""
    words = philox(0, low, high, _ENTRY, run)
    cell = np.searchsorted(draw.stock_cell[step], np.int64(words[0]), side="right")
    age = cell // stairs.n_time_bands
    band = cell % stairs.n_time_bands
    first = max(age - (stairs.time_edge[band + 1] - stairs.time_edge[band]) + 1, 0)
    entries = draw.stock_entry[step, band]
    u = unit_float(words[1], words[2])
    point = entries[first] + u * (entries[age + 1] - entries[first])
    came = first
    while came < age and point >= entries[came + 1]:
        came += 1
    return np.int64(age), np.int64(stairs.time_edge[band] + age - came)


@njit(cache=True)
def walk_arrivals(stairs, draw, run, tally, pending):
    """Walk the children who arrive month by month, cell by cell."""
    n_worlds = draw.arrival_mean.shape[4]
    for month in range(stairs.n_months):
        period = stairs.period_of_month[month]
        for band in range(stairs.entry_age.size):
            for step in range(stairs.moves_from.shape[0]):
                for beyond in range(2):
                    for world in range(n_worlds):
                        if draw.arrival_mean[period, band, step, beyond, world] > 0.0:
                            _walk_cell(
                                stairs, draw, run, tally, pending, (month, band, step, beyond)
                            )
                            break


@njit(cache=True)
def _walk_cell(stairs, draw, run, tally, pending, cell):
    """Walk the arrivals of one cell: strategy s holds the ordinals below its own number."""
    month, band, step, beyond = cell
    source = INFLOW + 2 * beyond
    period = stairs.period_of_month[month]
    low, high = child_key(source, month, band, step, 0)
    words = philox(0, low, high, _ARRIVALS, run)
    u = unit_float(words[0], words[1])
    ordinal = 0
    while True:
        mask = _who_holds(stairs, draw, (period, band, step, beyond), u, ordinal)
        if mask == 0:
            return
        low, high = child_key(source, month, band, step, ordinal)
        entry = philox(0, low, high, _ENTRY, run)
        width = stairs.entry_width[band]
        age = stairs.entry_age[band] + ((np.int64(entry[0]) * width) >> 32)
        child = Child(low, high, month - age, beyond == 1)
        start = (mask, np.int64(month), np.int64(step), np.int64(month))
        walk(stairs, draw, run, child, start, tally, pending)
        ordinal += 1


@njit(cache=True)
def _who_holds(stairs, draw, cell, u, ordinal):
    """Return the strategies whose number of arrivals in the cell exceeds `ordinal`."""
    period, band, step, beyond = cell
    means = draw.arrival_mean[period, band, step, beyond]
    nones = draw.arrival_none[period, band, step, beyond]
    if means.size == 1:
        everyone = (np.int64(1) << stairs.n_strategies) - 1
        return everyone if poisson(u, means[0], nones[0]) > ordinal else np.int64(0)
    mask = np.int64(0)
    for strategy in range(stairs.n_strategies):
        if poisson(u, means[strategy], nones[strategy]) > ordinal:
            mask |= np.int64(1) << strategy
    return mask
