"""Who is there: the children on the steps at the start, and those who arrive.

A child's key names the cell it enters in and its number there. How many children a cell has is a
Poisson number from one keyed uniform at each strategy's own mean, so a strategy that changes the
inflow adds or removes children and touches no other.

Decision: docs/decisions/0003-random-numbers.md, 0006-children-at-the-start.md.
"""

import numpy as np

from stepdown.kernel.compiled import inlined, inner
from stepdown.kernel.layout import INFLOW, STOCK
from stepdown.kernel.moves import first_above
from stepdown.kernel.randomness import (
    Stream,
    child_key,
    philox,
    poisson,
    unit_float,
    unit_of_word,
)

__all__ = ["list_children"]

_STOCK = np.uint64(Stream.STOCK)
_ARRIVALS = np.uint64(Stream.ARRIVALS)
_ENTRY = np.uint64(Stream.ENTRY)


@inner
def list_children(stairs, draw, run, roster):
    """List everybody of a run by the month of coming; return how many there are.

    Those who find no room in the roster are counted and not listed.
    """
    listed = _list_stock(stairs, draw, run, roster)
    for month in range(stairs.n_months):
        listed = _list_arrivals(stairs, draw, run, roster, listed, month)
    return listed


@inner
def _list_stock(stairs, draw, run, roster):
    """List the children who are on the steps when the clock starts."""
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    listed = 0
    for beyond in range(2):
        source = STOCK + 2 * beyond
        world = min(beyond, draw.stock_class.shape[0] - 1)
        shares = (draw.stock_cell[world], draw.stock_entry[world])
        for step in range(stairs.steps.size):
            words = philox(step, source, 0, _STOCK, run)
            drawn = draw.stock_drawn[beyond, step]
            count = draw.stock_fixed[beyond, step]
            count += poisson(unit_of_word(words[0]), drawn.mean, drawn.none)
            for ordinal in range(count):
                if listed < roster.size:
                    child = roster[listed]
                    low, high = child_key(source, 0, 0, step, ordinal)
                    words = philox(0, low, high, _ENTRY, run)
                    _list(child, low, high, (everyone, 0, step), beyond)
                    child.frailty = first_above(draw.stock_class[world, step], np.int64(words[3]))
                    age, elapsed = _age_and_elapsed(stairs, shares, step, child.frailty, words)
                    child.born, child.since = -age, -elapsed
                listed += 1
    return listed


@inner
def _list_arrivals(stairs, draw, run, roster, listed, month):
    """List who arrives in a month, cell by cell (step, source, age band)."""
    arrivals = draw.arrivals[stairs.months[month].period]
    for step in range(stairs.steps.size):
        for beyond in range(2):
            for four in range(0, stairs.bands.size, 4):
                cells = arrivals[step, beyond]
                if not _any_arrive(cells, four):
                    continue
                source = INFLOW + 2 * beyond
                low, high = child_key(source, month, four, step, 0)
                words = philox(0, low, high, _ARRIVALS, run)
                for band in range(four, min(four + 4, stairs.bands.size)):
                    u, ordinal = unit_of_word(words[band - four]), 0
                    mask = _who_holds(stairs.n_strategies, cells[band], u, ordinal)
                    while mask != 0:
                        if listed < roster.size:
                            key = child_key(source, month, band, step, ordinal)
                            _list(roster[listed], *key, (mask, month + 1, step), beyond)
                            _come(draw, run, roster[listed], stairs.bands[band])
                        listed += 1
                        ordinal += 1
                        mask = _who_holds(stairs.n_strategies, cells[band], u, ordinal)
    return listed


@inlined
def _come(draw, run, child, band):
    """Give a child that arrives its age and class; it is first counted at the month's end."""
    words = philox(0, child.key_low, child.key_high, _ENTRY, run)
    child.born = child.month - _entry_age(band, words[0])
    child.since = child.month
    child.frailty = first_above(draw.class_share, np.int64(words[3]))


@inlined
def _list(child, low, high, entry, beyond):
    """Write a child's key, its entry (strategies, month, step) and its reach into a roster."""
    child.key_low, child.key_high = low, high
    child.strategies, child.month, child.step = entry
    child.beyond_reach = beyond


@inlined
def _age_and_elapsed(stairs, shares, step, frailty, words):
    """Return the age of a child at the start and its time on the step, from their joint shares."""
    cells, entered = shares
    cell = first_above(cells[step, frailty], np.int64(words[0]))
    age = cell // stairs.n_time_bands
    band = cell % stairs.n_time_bands
    first = max(age - (stairs.time_edge[band + 1] - stairs.time_edge[band]) + 1, 0)
    entries = entered[step, frailty, band]
    point = entries[first]
    point += unit_float(words[1], words[2]) * (entries[age + 1] - entries[first])
    came = first + first_above(entries[first + 1 : age + 2], point)
    return age, stairs.time_edge[band] + age - came


@inlined
def _entry_age(band, word):
    """Return an age within a band, even over its ages."""
    return band.first_age + ((np.int64(word) * band.n_ages) >> 32)


@inlined
def _any_arrive(cells, four):
    """Tell whether any of four age bands has arrivals under any strategy."""
    for band in range(four, min(four + 4, cells.shape[0])):
        for world in range(cells.shape[1]):
            if cells[band, world].mean > 0.0:
                return True
    return False


@inner
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
