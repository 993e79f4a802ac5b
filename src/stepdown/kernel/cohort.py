"""The cohort solution: expected children by step, age and time on the step, without chance.

A birth cohort is followed edge by edge. Time bands are kept exactly by delayed flows: those who
entered a band one band-width ago and are still there are promoted to the next. The same recursion
gives the steady state of a constant inflow (a cohort's life, read as ages) and the expected path
of a scenario (every cohort through the months of the scenario).

Draws live side by side: the last axis, N, is the draw, so the innermost loops run over adjacent
numbers that do not depend on each other. What a draw gives does not depend on its neighbours. A
cell is (step, time band): cell = step * D + time band.

Decision: docs/decisions/0007-expected-solution.md, 0021-speed-of-the-cohort-solution.md.
"""

from typing import NamedTuple

import numpy as np

from stepdown.kernel.compiled import entry, inlined, inner
from stepdown.kernel.layout import Floats, Ints, Records

__all__ = [
    "Lasting",
    "Life",
    "Motion",
    "Rates",
    "Shape",
    "advance",
    "arrive",
    "begin",
    "count_moves",
    "fill_lasting",
    "fill_outlasts",
    "fill_rates",
    "fill_stays",
    "live",
]

_CERTAIN = 60.0  # stands for an infinite hazard at a birthday that nobody passes


class Shape(NamedTuple):
    """What a cohort needs of `Staircase`, with the same names: few arrays compile faster."""

    ages: Records
    moves_from: Ints
    followed: Ints
    """(S, J). As `moves_from`, -1 for moves to where nobody is asked for and nobody comes back."""
    moves: Records
    birthdays: Records
    steps: Records
    time_edge: Ints
    n_months: int
    n_start_ages: int
    pooled_from: int
    n_effect_bands: int


class Rates(NamedTuple):
    """Laws of motion by month (one, or all) and law: an age band and an effect age band."""

    stay: Floats
    """(M, A * E, S * D, N). Probability to make no move within the month."""
    flow: Floats
    """(M, A * E, K * D, N). Probability to make each move within the month."""
    keep_share: Floats
    """(N, B, S). Share that goes on at a birthday."""


class Lasting(NamedTuple):
    """How long a cohort stays in a time band, whoever is there."""

    stays: Floats
    """(ages, S * D, N). Share of those at the age edge before who still are, birthday included."""
    outlasts: Floats
    """(ages, S * D, N). Share who are still there of those who entered one band-width ago."""
    running: Floats
    """(S * D, N). Scratch."""


class Motion(NamedTuple):
    """How the draws of one class move: a month's probabilities and what follows for a band."""

    rates: Rates
    lasting: Lasting


class Life(NamedTuple):
    """A cohort by age: who is on the steps and who entered, in N draws.

    It has room for all ages, or for the last few that a time band reaches back to.
    """

    mass: Floats
    """(ages, S * D, N). Children at an age edge, after moves, birthday and arrivals."""
    entered: Floats
    """(ages, S * D, N). Of them, those who entered the time band at that edge."""
    coming: Floats
    """(S, N). Scratch for numbers of arrivals."""
    arriving: Floats
    """(S, N). Scratch for a birthday."""
    sums: Floats
    """(S, N). Sums over ages."""
    moved: Floats
    """(K + B, N). Moves and departures at birthdays in one month, where they are counted."""


@inner
def fill_rates(shape, hazard, frailty, multiplier, rates):
    """Fill the rates of one class from (N, G, K, A, D) hazards and (N, C, E, M) multipliers."""
    for age in range(shape.ages.size):
        here, before = shape.ages[age], shape.ages[max(age - 1, 0)]
        band, effect = here.band, here.effect_band
        if age > 0 and before.band == band and before.effect_band == effect:
            continue
        law = band * multiplier.shape[2] + effect
        for month in range(multiplier.shape[3]):
            for draw in range(hazard.shape[0]):
                base, factor = hazard[draw, frailty, :, band], multiplier[draw, :, effect, month]
                stay, flow = rates.stay[month, law, :, draw], rates.flow[month, law, :, draw]
                _fill_law(shape, base, factor, stay, flow)


@inner
def _fill_law(shape, hazard, multiplier, stay, flow):
    """Fill (S * D) probabilities to stay and (K * D) to move from (K, D) hazards, (C) factors."""
    n_times = hazard.shape[1]
    for step in range(shape.moves_from.shape[0]):
        for time in range(n_times):
            leave = 0.0
            for slot in range(shape.moves_from.shape[1]):
                move = shape.moves_from[step, slot]
                if move >= 0:
                    own = hazard[move, time] * multiplier[shape.moves[move].column]
                    flow[move * n_times + time] = own
                    leave += own
            stay[step * n_times + time] = np.exp(-leave)
            share = -np.expm1(-leave) / leave if leave > 0.0 else 1.0
            for slot in range(shape.moves_from.shape[1]):
                move = shape.moves_from[step, slot]
                if move >= 0:
                    flow[move * n_times + time] *= share


@inner
def fill_lasting(shape, rates, lasting):
    """Fill how long cohorts stay under constant rates."""
    n_ages = lasting.stays.shape[0]
    lasting.stays[0] = 1.0
    for age in range(1, n_ages):
        fill_stays(shape, rates, 0, age, lasting.stays)
    fill_outlasts(shape, lasting, 0, n_ages)


@inner
def fill_stays(shape, rates, month, age, stays):
    """Fill the shares that outlast a month and the birthday at its end, if there is one."""
    law, now = rates.stay[month, _law(shape, age - 1)], stays[age]
    n_times = shape.time_edge.size - 1
    for cell in range(now.shape[0]):
        _copy(now[cell], law[cell])
    birthday = shape.ages[age].birthday
    if birthday < 0:
        return
    for cell in range(now.shape[0]):
        step = cell // n_times
        ways = shape.birthdays[birthday, step]
        for draw in range(now.shape[1]):
            share = _stays(ways, step, rates.keep_share[draw, birthday, step])
            now[cell, draw] *= share if share > 1e-26 else np.exp(-_CERTAIN)


@inner
def fill_outlasts(shape, lasting, first, stop):
    """Fill the products of `stays` over the width of each band that is left, from `first` on.

    Ages are cut into blocks as long as the band is wide. A window of that length is the end of one
    block and the start of the next, so a product costs three multiplications and no logarithm.
    """
    stays, outlasts, running = lasting.stays, lasting.outlasts, lasting.running
    n_times = shape.time_edge.size - 1
    for time in range(n_times - 1):
        width = shape.time_edge[time + 1] - shape.time_edge[time]
        for block in range(first, stop - width, width):
            for cell in range(time, stays.shape[1], n_times):
                running[cell] = 1.0
                for came in range(block + width - 1, block - 1, -1):
                    if came + width < stop:
                        _copy(outlasts[came + width, cell], running[cell])
                    _multiply(running[cell], stays[came, cell])
                running[cell] = 1.0
                for age in range(block + width, min(block + 2 * width, stop)):
                    _multiply(running[cell], stays[age, cell])
                    _multiply(outlasts[age, cell], running[cell])


@entry
def live(shape, motion, life, profile, number, start, stop):
    """Fill the ages from `start` to `stop` of a cohort in which nobody came before the start.

    Rates are constant, and (ages, S) shares of (S, N) children arrive at each age. Read as ages at
    one moment, it is the steady state of that inflow per month. Its `sums` are filled too.
    """
    n_times = shape.time_edge.size - 1
    life.sums[:] = 0.0
    begin(shape, life, start)
    for age in range(start, stop):
        if age > start:
            advance(shape, motion, 0, life, age)
        arrive(life, age, profile, number)
        now = life.mass[_row(life, age)]
        for step in range(life.sums.shape[0]):
            for time in range(n_times):
                _add(life.sums[step], now[step * n_times + time])


@inner
def begin(shape, life, age):
    """Let nobody be there at an age edge, nor have entered within the width of a band before."""
    n_times = shape.time_edge.size - 1
    life.mass[_row(life, age)] = 0.0
    for earlier in range(max(age - shape.time_edge[n_times - 1], 0), age + 1):
        life.entered[_row(life, earlier)] = 0.0


@inner
def advance(shape, motion, month, life, age):
    """Carry a cohort from the edge `age` - 1 over the month to the edge `age`, before arrivals."""
    before, now = life.mass[_row(life, age - 1)], life.mass[_row(life, age)]
    entered = life.entered[_row(life, age)]
    row = _law(shape, age - 1)
    stay, flow = motion.rates.stay[month, row], motion.rates.flow[month, row]
    n_times = shape.time_edge.size - 1
    for cell in range(now.shape[0]):
        for draw in range(now.shape[1]):
            now[cell, draw] = before[cell, draw] * stay[cell, draw]
    for step in range(shape.steps.size):
        entered[step * n_times] = 0.0
    for step in range(shape.followed.shape[0]):
        for slot in range(shape.followed.shape[1]):
            move = shape.followed[step, slot]
            if move >= 0:
                first = step * n_times
                _move(
                    entered[shape.moves[move].destination * n_times],
                    before[first : first + n_times],
                    flow[move * n_times : (move + 1) * n_times],
                )
    if shape.ages[age].birthday >= 0:
        _pass_birthday(shape, motion.rates.keep_share, life, age)
    _promote(shape, motion.lasting.outlasts[age], life, age)


@inlined
def _move(entered, masses, shares):
    """Add the shares of (D, N) masses to those who entered, two time bands at a time.

    Two at a time is a fifth faster: what entered is read and written half as often.
    """
    n_times = masses.shape[0]
    for time in range(0, n_times - 1, 2):
        for draw in range(entered.size):
            both = masses[time, draw] * shares[time, draw]
            entered[draw] += both + masses[time + 1, draw] * shares[time + 1, draw]
    if n_times % 2 == 1:
        for draw in range(entered.size):
            entered[draw] += masses[n_times - 1, draw] * shares[n_times - 1, draw]


@inner
def count_moves(shape, motion, month, life, age):
    """Add the moves and departures of the month before an age to the life's `moved`."""
    before = life.mass[_row(life, age - 1)]
    flow = motion.rates.flow[month, _law(shape, age - 1)]
    n_times = shape.time_edge.size - 1
    for step in range(shape.moves_from.shape[0]):
        for slot in range(shape.moves_from.shape[1]):
            move = shape.moves_from[step, slot]
            if move >= 0:
                for time in range(n_times):
                    row = move * n_times + time
                    _add_part(life.moved[move], before[step * n_times + time], flow[row])


@inner
def arrive(life, age, profile, number):
    """Let (S) shares of (S, N) children arrive at an edge that `advance` has reached."""
    n_times = life.mass.shape[1] // number.shape[0]
    now, entered = life.mass[_row(life, age)], life.entered[_row(life, age)]
    for step in range(number.shape[0]):
        share = profile[age, step]
        if share > 0.0:
            for draw in range(number.shape[1]):
                children = share * number[step, draw]
                now[step * n_times, draw] += children
                entered[step * n_times, draw] += children


@inner
def _pass_birthday(shape, keep_share, life, age):
    """Keep a share of every step at a birthday; the rest, and those who change step, enter anew."""
    birthday = shape.ages[age].birthday
    now, entered = life.mass[_row(life, age)], life.entered[_row(life, age)]
    arriving = life.arriving
    n_times = shape.time_edge.size - 1
    arriving[:] = 0.0
    for step in range(arriving.shape[0]):
        ways, first = shape.birthdays[birthday, step], step * n_times
        for draw in range(arriving.shape[1]):
            on = keep_share[draw, birthday, step]
            stays = _stays(ways, step, on)
            if stays == 1.0:
                continue
            there = entered[first, draw]
            entered[first, draw] *= stays
            for cell in range(first, first + n_times):
                there += now[cell, draw]
                now[cell, draw] *= stays
            if ways.keep_to != step:
                arriving[ways.keep_to, draw] += there * on
            if ways.leave_to != step:
                arriving[ways.leave_to, draw] += there * (1.0 - on)
            life.moved[shape.moves.size + birthday, draw] += there * (1.0 - stays)
    for step in range(arriving.shape[0]):
        _add(entered[step * n_times], arriving[step])


@inner
def _promote(shape, outlasts, life, age):
    """Move those who have been in a time band for its whole width on, and let the movers enter."""
    now, entered = life.mass[_row(life, age)], life.entered[_row(life, age)]
    n_times = shape.time_edge.size - 1
    for step in range(shape.steps.size):
        _add(now[step * n_times], entered[step * n_times])
    for time in range(n_times - 1):
        came = age - (shape.time_edge[time + 1] - shape.time_edge[time])
        past = life.entered[_row(life, max(came, 0))]
        for cell in range(time, now.shape[0], n_times):
            if came < 0:
                entered[cell + 1] = 0.0
                continue
            for draw in range(now.shape[1]):
                promoted = past[cell, draw] * outlasts[cell, draw]
                now[cell, draw] -= promoted
                now[cell + 1, draw] += promoted
                entered[cell + 1, draw] = promoted


@inlined
def _row(life, age):
    """Return where a life keeps an age: the room of those too old to be asked for is used again."""
    return age % life.mass.shape[0]


@inlined
def _law(shape, age):
    """Return the row of rates that holds at an age."""
    return shape.ages[age].band * shape.n_effect_bands + shape.ages[age].effect_band


@inlined
def _stays(ways, step, on):
    """Return the share that a birthday leaves on a step, if the share `on` goes on."""
    stays = on if ways.keep_to == step else 0.0
    return stays + (1.0 - on if ways.leave_to == step else 0.0)


@inlined
def _copy(target, amounts):
    for draw in range(target.size):
        target[draw] = amounts[draw]


@inlined
def _add(target, amounts):
    for draw in range(target.size):
        target[draw] += amounts[draw]


@inlined
def _add_part(target, amounts, shares):
    for draw in range(target.size):
        target[draw] += amounts[draw] * shares[draw]


@inlined
def _multiply(target, factors):
    for draw in range(target.size):
        target[draw] *= factors[draw]
