"""Step responses, what is left of a stock, and expected paths of a chunk of draws.

Where the rates stand still, one birth cohort in `spacing` stands for all of them, and the sum is
levelled to the exact steady state. Where they change from month to month, every cohort is followed.

Decision: docs/decisions/0007-expected-solution.md.
"""

from typing import NamedTuple

import numpy as np

from stepdown.kernel.balance import (
    Laws,
    draws_at_once,
    is_pooled,
    motion_of,
    nobody,
    settle,
    shape_of,
)
from stepdown.kernel.cohort import (
    advance,
    arrive,
    begin,
    count_moves,
    fill_outlasts,
    fill_rates,
    fill_stays,
    live,
)
from stepdown.kernel.compiled import entry, inner
from stepdown.kernel.layout import Floats, Ints, Staircase
from stepdown.kernel.tail import tail_of

__all__ = ["People", "expected_paths", "leftovers", "unit_responses"]

_AT_ONCE = 32  # draws, as in `balance`
_AT_ONCE_MONTHLY = 8  # with rates of their own in every month


class People(NamedTuple):
    """Who is there at the start, and whose steady life gives them their ages."""

    profile: Floats
    """(ages, S). Shares of arrivals by age."""
    inflow: Floats
    """(N, W, S). Arrivals a month that made the steady lives, within and beyond reach."""
    start: Floats
    """(N, 2, S). Children at the start, within and beyond reach."""
    start_age: int
    """Age of them all, newly come; -1 for the ages of the steady life."""


class _Folk(NamedTuple):
    """The same of one kind of children, by draw last, with the oldest of their steady lives."""

    profile: Floats
    inflow: Floats
    """(S, N)."""
    start: Floats
    """(S, N)."""
    start_age: int
    pooled: Floats
    """(G, S * D, N). Who is older than `pooled_from` in the steady lives; no class where nobody."""
    entered: Floats
    """(G, L + 1, S * D, N). Their past, as in `Tail`."""


def unit_responses(
    stairs: Staircase, laws: Laws, profile: Floats, entries: Ints, spacing: int
) -> Floats:
    """Return (N, Y + 1, S, E, W): children at year ends after one arrival a month on W steps.

    Arrivals have (ages, S) shares by age; nobody is there at first. One birth cohort in `spacing`
    stands for all of them.
    """
    found = np.zeros((laws.hazard.shape[0], *_by_year(stairs), entries.size))
    n_ages = stairs.ages.size
    for part, own in draws_at_once(laws, _AT_ONCE):
        motion, life = motion_of(stairs, own, n_ages), nobody(stairs, own, n_ages)
        years = np.empty((*_by_year(stairs), own.hazard.shape[0]))
        arrivals = (profile, entries, spacing)
        _fill_responses(shape_of(stairs), own, motion, life, arrivals, years, found[part])
    return found


def leftovers(
    stairs: Staircase, laws: Laws, profile: Floats, inflow: Floats, start: Floats, spacing: int
) -> Floats:
    """Return (N, Y + 1, S, E, W): what is left of the children at the start at year ends.

    (N, S) arrivals a month with (ages, S) shares by age made their steady state; `start` (N, S, W)
    is how many there are, in W worlds that differ in nothing else.
    """
    found = np.zeros((laws.hazard.shape[0], *_by_year(stairs), start.shape[2]))
    for part, own in draws_at_once(laws, _AT_ONCE):
        motion = motion_of(stairs, own, stairs.ages.size)
        lives = nobody(stairs, own, stairs.ages.size), nobody(stairs, own, stairs.ages.size)
        years = np.empty((*_by_year(stairs), own.hazard.shape[0]))
        here = _by_step(inflow[part])
        people = _Folk(profile, here, np.empty(here.shape), -1, *_tails(stairs, own, profile, here))
        worlds = np.ascontiguousarray(start[part].T)
        sparse = (spacing, worlds, np.empty(worlds.shape[1:]), years)
        _fill_leftovers(shape_of(stairs), own, motion, lives, people, sparse, found[part])
    return found


def expected_paths(
    stairs: Staircase,
    laws: Laws,
    multiplier: Floats,
    people: People,
    arrivals: Floats,
    spacing: int = 1,
) -> tuple[Floats, Floats]:
    """Return expected children (N, T + 1, S) at month edges and moves (N, T, K + B) of a strategy.

    `multiplier` (N, C, E, T) holds within reach, and 1 beyond; `arrivals` are (N, P, 2, S) a month.
    The inflow of `people` has one world where those beyond reach are of the ages of the others.

    Where one birth cohort in `spacing` stands for all of them, children come out `spacing` times
    too few, and uneven: the caller levels them to the start. Moves are not counted then, and nobody
    may be pooled.
    """
    assert spacing == 1 or not is_pooled(stairs), "own invariant: the pooled stand for themselves"
    n_draws = laws.hazard.shape[0]
    children = np.zeros((n_draws, stairs.n_months + 1, stairs.steps.size))
    moves = np.zeros((n_draws, stairs.n_months, stairs.moves.size + stairs.birthdays.shape[0]))
    untouched = np.ones((*multiplier.shape[:3], 1))
    for part, own in draws_at_once(laws, _AT_ONCE_MONTHLY):
        for beyond, factor in enumerate((multiplier, untouched)):
            there, come = people.start[part, beyond], arrivals[part, :, beyond]
            if not there.any() and not come.any():
                continue
            world = min(beyond, people.inflow.shape[1] - 1)
            before = own if world == 0 else own.untouched()
            inflow = _by_step(people.inflow[part, world])
            oldest = _tails(stairs, before, people.profile, inflow)
            here = _Folk(people.profile, inflow, _by_step(there), people.start_age, *oldest)
            _fill_paths(
                shape_of(stairs),
                (before, own._replace(multiplier=np.ascontiguousarray(factor[part]))),
                (
                    motion_of(stairs, own, stairs.ages.size),
                    motion_of(stairs, own, stairs.ages.size, factor.shape[3]),
                ),
                tuple(nobody(stairs, own, stairs.ages.size) for _ in range(2)),
                (here, np.ascontiguousarray(np.moveaxis(come, 0, -1))),
                stairs.months["period"].astype(np.int64),
                (spacing, children[part], moves[part]),
            )
    return children, moves


def _tails(stairs: Staircase, laws: Laws, profile: Floats, inflow: Floats) -> tuple[Floats, Floats]:
    """Return the pooled of the steady lives of (S, N) arrivals, and their past, by class."""
    n_cells, n_draws = stairs.steps.size * stairs.n_time_bands, inflow.shape[1]
    if not is_pooled(stairs):
        return np.zeros((0, n_cells, n_draws)), np.zeros((0, 0, n_cells, n_draws))
    shape, life = shape_of(stairs), nobody(stairs, laws, stairs.n_start_ages)
    motion = motion_of(stairs, laws, stairs.n_start_ages)
    tails = []
    for frailty in range(stairs.n_classes):
        settle(shape, laws, frailty, motion)
        live(shape, motion, life, profile, inflow, 0, stairs.pooled_from)
        tails.append(tail_of(shape, motion, life))
    pooled = np.array([tail.mass for tail in tails])
    pooled[~np.isfinite(pooled)] = 0.0
    return pooled, np.array([tail.entered for tail in tails])


def _by_year(stairs: Staircase) -> tuple[int, int, int]:
    """Return the sizes of (year edge, step, effect age band)."""
    n_years = int(stairs.months["year"][-1]) + 1
    return n_years + 1, stairs.steps.size, stairs.reach_touches.shape[2]


def _by_step(numbers: Floats) -> Floats:
    """Return (S, N) from (N, S)."""
    return np.ascontiguousarray(numbers.T)


@entry
def _fill_responses(shape, laws, motion, life, arrivals, years, found):
    """Add the responses of all classes to (N, Y + 1, S, E, W); `years` (Y + 1, S, E, N) scratch."""
    profile, entries, spacing = arrivals
    for frailty in range(laws.hazard.shape[1]):
        settle(shape, laws, frailty, motion)
        for world in range(entries.size):
            first = _come_one(life, profile, entries[world])
            years[:] = 0.0
            for age in range(spacing // 2 - shape.n_months, shape.ages.size, spacing):
                # At the edge 0 nobody has come: the first arrive at the end of the month.
                start, stop = max(age + 1, first), min(age + shape.n_months + 1, shape.ages.size)
                if start < stop:
                    live(shape, motion, life, profile, life.coming, start, stop)
                    _add_year_ends(shape, life, age, start, stop, years)
            live(shape, motion, life, profile, life.coming, first, shape.pooled_from)
            _level(life, spacing, first, shape.pooled_from, years)
            _add_class(laws, frailty, years, found[..., world])


@entry
def _fill_leftovers(shape, laws, motion, lives, people, sparse, found):
    """Add what is left in all classes to (N, Y + 1, S, E, W).

    (W, S, N) is the start; (S, N) and `years` (Y + 1, S, E, N) are scratch.
    """
    (steady, life), (spacing, worlds, there, years) = lives, sparse
    n_classes = laws.hazard.shape[1]
    _fill_steady(shape, laws, motion, steady, people, there)
    for frailty in range(n_classes):
        if n_classes > 1:  # one class alone is settled already
            _settle_people(shape, laws, frailty, motion, steady, people)
        for world in range(worlds.shape[0]):
            _scale_to(worlds[world], there, life.coming)
            years[:] = 0.0
            for age in range(spacing // 2, shape.pooled_from, spacing):
                _add_left(shape, motion, lives, age, years)
            _level(steady, spacing, 0, shape.pooled_from, years)
            if shape.pooled_from < shape.n_start_ages:  # they stand for themselves alone
                _add_left(shape, motion, lives, shape.n_start_ages - 1, years)
            _add_class(laws, frailty, years, found[..., world])


@inner
def _add_left(shape, motion, lives, age, years):
    """Add what is left at year ends of a cohort of the steady life."""
    steady, life = lives
    _take_history(shape, steady, life, age)
    stop = min(age + shape.n_months + 1, shape.ages.size)
    for later in range(age + 1, stop):
        advance(shape, motion, 0, life, later)
    _add_year_ends(shape, life, age, age, stop, years)


@entry
def _fill_paths(shape, both_laws, motions, lives, people, period, sparse):
    """Add the paths of all classes to (N, T + 1, S) children and (N, T, K + B) moves."""
    (laws, monthly_laws), (motion, monthly), (steady, life) = both_laws, motions, lives
    (folk, arrivals), (spacing, children, moves) = people, sparse
    _fill_scale(shape, laws, motion, lives, folk)
    n_classes = laws.hazard.shape[1]
    for frailty in range(n_classes):
        if n_classes > 1 or folk.start_age >= 0:  # one class alone is settled already
            _settle_people(shape, laws, frailty, motion, steady, folk)
        fill_rates(shape, laws.hazard, frailty, monthly_laws.multiplier, monthly.rates)
        for age in range(spacing // 2 - shape.n_months, shape.ages.size, spacing):
            if shape.pooled_from <= age < shape.n_start_ages - 1:
                continue  # rows of the past of the pooled
            _fill_monthly_lasting(shape, motion.lasting, monthly, age)
            if age >= 0:
                _take_history(shape, steady, life, age)
            for edge in range(max(-age, 0), shape.n_months + 1):
                here = age + edge
                if edge > 0 and here < shape.ages.size:
                    month = edge - 1
                    if here > 0:
                        law = min(month, monthly.rates.stay.shape[0] - 1)
                        life.moved[:] = 0.0
                        if spacing == 1:
                            count_moves(shape, monthly, law, life, here)
                        advance(shape, monthly, law, life, here)
                        _add_moves(laws, frailty, life.moved, moves[:, month])
                    else:
                        begin(shape, life, 0)
                    arrive(life, here, folk.profile, arrivals[period[month]])
                _add_children(shape, laws, frailty, life, here, children[:, edge])


@inner
def _come_one(life, profile, entry):
    """Let one child a month come to a step in every draw; return the first age it may have."""
    life.coming[:] = 0.0
    life.coming[entry] = 1.0
    first = 0
    while first < profile.shape[0] - 1 and profile[first, entry] == 0.0:
        first += 1
    return first


@inner
def _fill_scale(shape, laws, motion, lives, people):
    """Fill `coming` (S, N) of the second life: what turns all steady lives into the start."""
    steady, life = lives
    scale = life.coming
    scale[:] = 0.0
    if people.start_age >= 0:
        scale[:] = 1.0
        return
    _fill_steady(shape, laws, motion, steady, people, scale)
    _scale_to(people.start, scale, scale)


@inner
def _fill_steady(shape, laws, motion, steady, people, there):
    """Fill (S, N) children of all classes in the steady state."""
    there[:] = 0.0
    for frailty in range(laws.hazard.shape[1]):
        _settle_people(shape, laws, frailty, motion, steady, people)
        for step in range(there.shape[0]):
            for draw in range(there.shape[1]):
                there[step, draw] += laws.class_share[draw, frailty] * steady.sums[step, draw]
        if people.pooled.shape[0] > 0:
            _add_children(shape, laws, frailty, steady, shape.n_start_ages - 1, there.T)


@inner
def _scale_to(start, there, scale):
    """Fill (S, N) what turns the children there into those of the start; 0 where nobody is."""
    for step in range(scale.shape[0]):
        for draw in range(scale.shape[1]):
            now = there[step, draw]
            scale[step, draw] = start[step, draw] / now if now > 0.0 else 0.0


@inner
def _settle_people(shape, laws, frailty, motion, steady, people):
    """Fill how one class moves in the baseline, and its steady life or the newly come."""
    settle(shape, laws, frailty, motion)
    n_times = shape.time_edge.size - 1
    oldest = people.start_age
    if oldest < 0:
        oldest = shape.n_start_ages - 1
        live(shape, motion, steady, people.profile, people.inflow, 0, shape.pooled_from)
        steady.mass[shape.pooled_from :] = 0.0
        steady.entered[shape.pooled_from :] = 0.0
        if people.pooled.shape[0] > 0:
            _take_pooled(shape, people, frailty, steady)
    else:
        steady.mass[:] = 0.0
        steady.entered[:] = 0.0
        for step in range(people.start.shape[0]):
            for draw in range(people.start.shape[1]):
                steady.mass[oldest, step * n_times, draw] = people.start[step, draw]
                steady.entered[oldest, step * n_times, draw] = people.start[step, draw]
    # They are the past of nobody older: whoever was that age before has long left.
    if oldest + 1 < shape.ages.size:
        motion.lasting.stays[oldest + 1] = 0.0


@inner
def _take_pooled(shape, people, frailty, steady):
    """Give a steady life the pooled in its last age, and their past in the ages before."""
    for cell in range(steady.mass.shape[1]):
        for draw in range(steady.mass.shape[2]):
            steady.mass[shape.n_start_ages - 1, cell, draw] = people.pooled[frailty, cell, draw]
            for age in range(shape.pooled_from, shape.n_start_ages):
                came = people.entered[frailty, age - shape.pooled_from, cell, draw]
                steady.entered[age, cell, draw] = came


@inner
def _take_history(shape, steady, life, age):
    """Give `life` the past of a cohort of that age: the steady life times `coming`, by step.

    It reaches back as far as a time band does.
    """
    n_times = shape.time_edge.size - 1
    for earlier in range(max(age - shape.time_edge[n_times - 1], 0), age + 1):
        for cell in range(life.mass.shape[1]):
            for draw in range(life.mass.shape[2]):
                scale = life.coming[cell // n_times, draw]
                life.mass[earlier, cell, draw] = steady.mass[earlier, cell, draw] * scale
                life.entered[earlier, cell, draw] = steady.entered[earlier, cell, draw] * scale


@inner
def _fill_monthly_lasting(shape, baseline, monthly, age):
    """Fill how long a cohort of an age at the start stays: as the baseline until then."""
    stays = monthly.lasting.stays
    n_months = monthly.rates.stay.shape[0]
    first = max(age - shape.time_edge[shape.time_edge.size - 2], 0)
    stop = min(age + shape.n_months + 1, shape.ages.size)
    for here in range(first, stop):
        if here <= max(age, 0):
            for cell in range(stays.shape[1]):
                for draw in range(stays.shape[2]):
                    stays[here, cell, draw] = baseline.stays[here, cell, draw]
        else:
            month = min(here - age - 1, n_months - 1)
            fill_stays(shape, monthly.rates, month, here, stays)
    fill_outlasts(shape, monthly.lasting, first, stop)


@inner
def _add_year_ends(shape, life, age, first, stop, years):
    """Add a cohort that is `age` at the edge 0 to (Y + 1, S, E, N), from a first age on."""
    n_times = shape.time_edge.size - 1
    for year in range(years.shape[0]):
        edge = age + year * (shape.n_months // (years.shape[0] - 1))
        here = min(edge, shape.ages.size - 1)
        if here < first or here >= stop:
            continue
        band = shape.ages[here].effect_band
        for cell in range(life.mass.shape[1]):
            # Past the last age everybody has left, and stays where leaving led.
            if edge == here or shape.steps[cell // n_times].is_absorbing == 1:
                for draw in range(life.mass.shape[2]):
                    years[year, cell // n_times, band, draw] += life.mass[here, cell, draw]


@inner
def _level(steady, spacing, first, stop, years):
    """Take out what a sparse choice of cohorts gets wrong of the steady state, step by step."""
    n_steps, n_times = years.shape[1], steady.mass.shape[1] // years.shape[1]
    for step in range(n_steps):
        for draw in range(years.shape[3]):
            sampled = 0.0
            for age in range(spacing // 2, stop, spacing):
                if age >= first:
                    for time in range(n_times):
                        sampled += steady.mass[age, step * n_times + time, draw]
            factor = steady.sums[step, draw] / sampled if sampled > 0.0 else float(spacing)
            for year in range(years.shape[0]):
                for band in range(years.shape[2]):
                    years[year, step, band, draw] *= factor


@inner
def _add_class(laws, frailty, years, found):
    """Add (Y + 1, S, E, N) of one class, as large as its share, to (N, Y + 1, S, E)."""
    for draw in range(found.shape[0]):
        share = laws.class_share[draw, frailty]
        for year in range(found.shape[1]):
            for step in range(found.shape[2]):
                for band in range(found.shape[3]):
                    found[draw, year, step, band] += share * years[year, step, band, draw]


@inner
def _add_moves(laws, frailty, moved, found):
    """Add a month's (K + B, N) moves to (N, K + B)."""
    for move in range(moved.shape[0]):
        for draw in range(moved.shape[1]):
            found[draw, move] += laws.class_share[draw, frailty] * moved[move, draw]


@inner
def _add_children(shape, laws, frailty, life, age, found):
    """Add the children of an age to (N, S); past the last age, those who stay where leaving led."""
    n_times = shape.time_edge.size - 1
    here = min(age, shape.ages.size - 1)
    for cell in range(life.mass.shape[1]):
        step = cell // n_times
        if here == age or shape.steps[step].is_absorbing == 1:
            for draw in range(found.shape[0]):
                share = laws.class_share[draw, frailty]
                found[draw, step] += share * life.mass[here, cell, draw]
