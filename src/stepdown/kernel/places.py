"""Who gets a place on a step that has only so many.

A child that cannot stay where it is (an arrival, a breakdown, a birthday) is placed at once: on the
step it asks for, on that step's overflow if it is full, or over the limit where there is none. A
planned move to a full step without an overflow waits where it is, first come first served.

Decision: docs/decisions/0020-posts-and-places.md.
"""

import numpy as np

from stepdown.kernel.compiled import inner
from stepdown.kernel.diary import DUE, enter_diary
from stepdown.kernel.layout import DISPLACED, MADE_TO_WAIT, REQUESTED, WAITED
from stepdown.kernel.randomness import Stream, philox
from stepdown.kernel.spending import pay, price_factor

__all__ = ["ask_for_place", "close_spell", "enter", "give_places", "has_limit"]

_PLACES = np.uint64(Stream.PLACES)


@inner
def has_limit(coupling, world, step):
    """Tell whether a step has only so many places."""
    return coupling.places.size > 0 and coupling.places[world.strategy, 0, step] >= 0


@inner
def ask_for_place(world, index, step, move, edge):
    """Put a child in the line for a step; a keyed number orders those who ask at one edge."""
    child, person = world.roster[index], world.people[index]
    words = philox(person.number, child.key_low, child.key_high, _PLACES, world.run)
    person.wanted, person.by, person.asked = step, move, edge
    person.order = np.int64(words[0])
    if person.asks == 0:
        person.asks = 1
        world.line[world.in_line[0]] = index
        world.in_line[0] += 1


@inner
def enter(stairs, world, index, step, edge):
    """Let a child enter a step."""
    person = world.people[index]
    person.step, person.wanted = step, -1
    person.rank = max(person.rank, np.int64(stairs.steps[step].rank))
    world.tally.change[world.strategy, edge, step] += 1
    world.held[step] += 1


@inner
def close_spell(stairs, draw, world, index, edge):
    """Close the spell a child is in at an edge: its months placed, and its cost."""
    child, person = world.roster[index], world.people[index]
    person.placed += (edge - person.begin) * stairs.steps[person.step].is_placed
    if stairs.follows_money and person.begin < edge:
        spell = (person.step, person.begin, edge)
        factor = price_factor(draw.price_factor, world.run, child, person.step)
        prices = draw.price[min(world.strategy, draw.price.shape[0] - 1)]
        weighted = world.tally.weighted[world.strategy]
        pay(stairs.months, prices, factor, weighted, world.accounts[index], spell)
    person.begin = edge


@inner
def give_places(stairs, draw, coupling, world, edge):
    """Give places at an edge to those who ask: those who must be somewhere first, then the line."""
    year = stairs.months[min(edge, stairs.n_months - 1)].year
    places = coupling.places[world.strategy, year]
    queue = world.tally.queue[world.strategy, year]
    _line_up(world)
    first = 0
    while first < world.in_line[0] and world.people[world.line[first]].step < 0:
        person = world.people[world.line[first]]
        step = person.wanted
        queue[step, REQUESTED] += 1
        while places[step] >= 0 and world.held[step] >= places[step] and stairs.overflow[step] >= 0:
            queue[step, DISPLACED] += 1
            step = stairs.overflow[step]
        person.since = edge
        enter(stairs, world, world.line[first], step, edge)
        first += 1
    for at in range(first, world.in_line[0]):
        person = world.people[world.line[at]]
        if person.asked == edge:
            queue[person.wanted, REQUESTED] += 1
    _serve(stairs, draw, world, places, first, edge)
    for at in range(first, world.in_line[0]):
        person = world.people[world.line[at]]
        if person.wanted >= 0:
            queue[person.wanted, WAITED] += 1 if edge < stairs.n_months else 0
            queue[person.wanted, MADE_TO_WAIT] += 1 if person.asked == edge else 0


@inner
def _serve(stairs, draw, world, places, first, edge):
    """Let those who wait move in, in order; a place left behind may serve another in turn."""
    served = True
    while served:
        served = False
        for at in range(first, world.in_line[0]):
            index = world.line[at]
            person = world.people[index]
            if person.wanted < 0 or world.held[person.wanted] >= places[person.wanted]:
                continue
            close_spell(stairs, draw, world, index, edge)
            world.tally.moves[world.strategy, stairs.months[edge - 1].year, person.by] += 1
            world.tally.change[world.strategy, edge, person.step] -= 1
            world.held[person.step] -= 1
            person.since = edge
            enter_diary(world, index, DUE)
            enter(stairs, world, index, person.wanted, edge)
            served = True


@inner
def _line_up(world):
    """Put those who ask in order: who is nowhere, then by (month asked, keyed number)."""
    kept = 0
    for at in range(world.in_line[0]):
        index = world.line[at]
        if world.people[index].wanted < 0:
            world.people[index].asks = 0
            continue
        slot = kept
        while slot > 0 and _comes_before(world, index, world.line[slot - 1]):
            world.line[slot] = world.line[slot - 1]
            slot -= 1
        world.line[slot] = index
        kept += 1
    world.in_line[0] = kept


@inner
def _comes_before(world, one, other):
    """Tell whether one child is served before another."""
    a, b = world.people[one], world.people[other]
    return (a.step >= 0, a.asked, a.order, one) < (b.step >= 0, b.asked, b.order, other)
