"""Who is there: the children on the steps at the start, and those who arrive.

A child's key names the cell it enters in and its number there. How many children a cell has is a
Poisson number from one keyed uniform at each strategy's own mean, so a strategy that changes the
inflow adds or removes children and touches no other.

Decision: docs/decisions/0003-random-numbers.md, 0006-children-at-the-start.md.
"""

import numpy as np
from numba import njit

from stepdown.kernel.layout import INFLOW, STOCK
from stepdown.kernel.moves import walk_roster
from stepdown.kernel.randomness import (
    Stream,
    child_key,
    philox,
    poisson,
    unit_float,
    unit_of_word,
)

__all__ = ["walk_arrivals", "walk_stock"]

_STOCK = np.uint64(Stream.STOCK)
_ARRIVALS = np.uint64(Stream.ARRIVALS)
_ENTRY = np.uint64(Stream.ENTRY)


@njit(cache=True, _nrt=False)
def walk_stock(stairs, draw, run, roster, tally, pending):
    """Walk the children who are on the steps when the clock starts."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    listed = 0
    for beyond in range(2):
        source = STOCK + 2 * beyond
        for step in range(stairs.steps.size):
            words = philox(step, source, 0, _STOCK, run)
            drawn = draw.stock_drawn[beyond, step]
            count = draw.stock_fixed[beyond, step]
            count += poisson(unit_of_word(words[0]), drawn.mean, drawn.none)
            for ordinal in range(count):
                low, high = child_key(source, 0, 0, step, ordinal)
                words = philox(0, low, high, _ENTRY, run)
                age, elapsed = _age_and_elapsed(stairs, draw, step, words)
                _list(roster[listed], low, high, (everyone, 0, step), beyond)
                roster[listed].born, roster[listed].since = -age, -elapsed
                listed += 1
                if listed == roster.size:
                    walk_roster(stairs, draw, run, roster, listed, tally, pending)
                    listed = 0
    walk_roster(stairs, draw, run, roster, listed, tally, pending)


@njit(cache=True, _nrt=False)
def walk_arrivals(stairs, draw, run, roster, tally, pending):
    """Walk the children who arrive month by month, cell by cell (month, age band, step, source)."""
    listed = 0
    for month in range(stairs.n_months):
        arrivals = draw.arrivals[stairs.months[month].period]
        for step in range(stairs.steps.size):
            for beyond in range(2):
                cells = arrivals[step, beyond]
                for four in range(0, stairs.bands.size, 4):
                    if not _any_arrive(cells, four):
                        continue
                    source = INFLOW + 2 * beyond
                    low, high = child_key(source, month, four, step, 0)
                    words = philox(0, low, high, _ARRIVALS, run)
                    for band in range(four, min(four + 4, stairs.bands.size)):
                        u, ordinal = unit_of_word(words[band - four]), 0
                        mask = _who_holds(stairs.n_strategies, cells[band], u, ordinal)
                        while mask != 0:
                            low, high = child_key(source, month, band, step, ordinal)
                            words_of_child = philox(0, low, high, _ENTRY, run)
                            # Who arrives during a month is first counted at its end.
                            _list(roster[listed], low, high, (mask, month + 1, step), beyond)
                            age = _entry_age(stairs.bands[band], words_of_child[0])
                            roster[listed].born = month + 1 - age
                            roster[listed].since = month + 1
                            listed += 1
                            if listed == roster.size:
                                walk_roster(stairs, draw, run, roster, listed, tally, pending)
                                listed = 0
                            ordinal += 1
                            mask = _who_holds(stairs.n_strategies, cells[band], u, ordinal)
    walk_roster(stairs, draw, run, roster, listed, tally, pending)


@njit(cache=True, _nrt=False)
def _list(child, low, high, entry, beyond):
    """Write a child's key, its entry (strategies, month, step) and its class into a roster."""
    child.key_low, child.key_high = low, high
    child.strategies, child.month, child.step = entry
    child.beyond_reach = beyond


@njit(cache=True, _nrt=False)
def _age_and_elapsed(stairs, draw, step, words):
    """Return the age of a child at the start and its time on the step, from their joint shares."""
    cell = _first_above(draw.stock_cell[step], np.int64(words[0]))
    age = cell // stairs.n_time_bands
    band = cell % stairs.n_time_bands
    first = max(age - (stairs.time_edge[band + 1] - stairs.time_edge[band]) + 1, 0)
    entries = draw.stock_entry[step, band]
    point = entries[first]
    point += unit_float(words[1], words[2]) * (entries[age + 1] - entries[first])
    came = first
    while came < age and point >= entries[came + 1]:
        came += 1
    return age, stairs.time_edge[band] + age - came


@njit(cache=True, _nrt=False)
def _entry_age(band, word):
    """Return an age within a band, even over its ages."""
    return band.first_age + ((np.int64(word) * band.n_ages) >> 32)


@njit(cache=True, _nrt=False)
def _first_above(edges, point):
    """Return the first index whose edge is above `point`; the last edge is."""
    low, high = np.int64(0), np.int64(edges.size - 1)
    while low < high:
        middle = (low + high) >> 1
        if edges[middle] > point:
            high = middle
        else:
            low = middle + 1
    return low


@njit(cache=True, _nrt=False)
def _any_arrive(cells, four):
    """Tell whether any of four age bands has arrivals under any strategy."""
    for band in range(four, min(four + 4, cells.shape[0])):
        for world in range(cells.shape[1]):
            if cells[band, world].mean > 0.0:
                return True
    return False


@njit(cache=True, _nrt=False)
def _who_holds(n_strategies, worlds, u, ordinal):
    """Return the strategies whose number of arrivals in the cell exceeds `ordinal`."""
    if worlds.size == 1:
        if poisson(u, worlds[0].mean, worlds[0].none) > ordinal:
            return (np.int64(1) << n_strategies) - 1
        return np.int64(0)
    mask = np.int64(0)
    for strategy in range(n_strategies):
        if poisson(u, worlds[strategy].mean, worlds[strategy].none) > ordinal:
            mask |= np.int64(1) << strategy
    return mask
