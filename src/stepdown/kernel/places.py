"""Who gets a place on a step that has only so many.

A child that cannot stay where it is (an arrival, a breakdown, a birthday) is placed at once: on the
step it asks for, on that step's overflow if it is full, or over the limit where there is none. A
planned move to a full step without an overflow waits where it is, first come first served.

Decision: docs/decisions/0020-posts-and-places.md.
"""

import numpy as np
from numba import njit

from stepdown.kernel.layout import DISPLACED, MADE_TO_WAIT, REQUESTED, WAITED
from stepdown.kernel.randomness import Stream, philox
from stepdown.kernel.spending import spend

__all__ = ["ask_for_place", "close_spell", "enter", "give_places", "has_limit"]

_PLACES = np.uint64(Stream.PLACES)


@njit(cache=True, _nrt=False)
def has_limit(coupling, world, step):
    """Tell whether a step has only so many places."""
    return coupling.places.size > 0 and coupling.places[world.strategy, 0, step] >= 0


@njit(cache=True, _nrt=False)
def ask_for_place(world, index, step, move, edge):
    """Put a child in the line for a step; a keyed number orders those who ask at one edge."""
    child, person = world.roster[index], world.people[index]
    words = philox(person.number, child.key_low, child.key_high, _PLACES, world.run)
    person.wanted, person.by, person.asked = step, move, edge
    person.order = np.int64(words[0])


@njit(cache=True, _nrt=False)
def enter(stairs, world, index, step, edge):
    """Let a child enter a step."""
    person = world.people[index]
    person.step, person.wanted = step, -1
    person.rank = max(person.rank, np.int64(stairs.steps[step].rank))
    world.tally.change[world.strategy, edge, step] += 1
    world.held[step] += 1


@njit(cache=True, _nrt=False)
def close_spell(stairs, draw, world, index, edge):
    """Close the spell a child is in at an edge: its months placed, and its cost."""
    child, person = world.roster[index], world.people[index]
    person.placed += (edge - person.begin) * stairs.steps[person.step].is_placed
    if stairs.follows_money:
        books = (world.tally.weighted, world.accounts[index], world.strategy)
        spell = (person.step, person.begin, edge)
        spend(stairs, draw, world.run, child, books, np.int64(1) << world.strategy, spell)
    person.begin = edge


@njit(cache=True, _nrt=False)
def give_places(stairs, draw, coupling, world, n_active, edge):
    """Give places at an edge to those who ask: those who must be somewhere first, then the line."""
    year = stairs.months[min(edge, stairs.n_months - 1)].year
    places = coupling.places[world.strategy, year]
    queue = world.tally.queue[world.strategy, year]
    asking = _line_up(world, n_active, True)
    for at in range(asking):
        person = world.people[world.line[at]]
        step = person.wanted
        queue[step, REQUESTED] += 1
        while places[step] >= 0 and world.held[step] >= places[step] and stairs.overflow[step] >= 0:
            queue[step, DISPLACED] += 1
            step = stairs.overflow[step]
        person.since = edge
        enter(stairs, world, world.line[at], step, edge)
    waiting = _line_up(world, n_active, False)
    for at in range(waiting):
        person = world.people[world.line[at]]
        if person.asked == edge:
            queue[person.wanted, REQUESTED] += 1
    _serve(stairs, draw, world, places, waiting, edge)
    for at in range(waiting):
        person = world.people[world.line[at]]
        if person.wanted >= 0:
            queue[person.wanted, WAITED] += 1 if edge < stairs.n_months else 0
            queue[person.wanted, MADE_TO_WAIT] += 1 if person.asked == edge else 0


@njit(cache=True, _nrt=False)
def _serve(stairs, draw, world, places, waiting, edge):
    """Let those who wait move in, in order; a place left behind may serve another in turn."""
    served = True
    while served:
        served = False
        for at in range(waiting):
            index = world.line[at]
            person = world.people[index]
            if person.wanted < 0 or world.held[person.wanted] >= places[person.wanted]:
                continue
            close_spell(stairs, draw, world, index, edge)
            world.tally.moves[world.strategy, stairs.months[edge - 1].year, person.by] += 1
            world.tally.change[world.strategy, edge, person.step] -= 1
            world.held[person.step] -= 1
            person.since, person.is_due = edge, 1
            enter(stairs, world, index, person.wanted, edge)
            served = True


@njit(cache=True, _nrt=False)
def _line_up(world, n_active, is_nowhere):
    """List who asks for a place, nowhere or from a step, by (month asked, keyed number)."""
    listed = 0
    for at in range(n_active):
        index = world.active[at]
        person = world.people[index]
        if person.wanted < 0 or (person.step < 0) != is_nowhere:
            continue
        slot = listed
        while slot > 0:
            before = world.people[world.line[slot - 1]]
            if (before.asked, before.order) <= (person.asked, person.order):
                break
            world.line[slot] = world.line[slot - 1]
            slot -= 1
        world.line[slot] = index
        listed += 1
    return listed
