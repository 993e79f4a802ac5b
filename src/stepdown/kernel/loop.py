"""The loop over the runs of a chunk: walk everybody, then add up the counts.

A run is one (draw, replicate). Runs share nothing that is written, so any number of threads and
any order give the same counts.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from stepdown.kernel.layout import (
    CHILD,
    SET,
    Coupling,
    Draw,
    DrawTables,
    Floats,
    Staircase,
    Tally,
    Ties,
)
from stepdown.kernel.moves import walk_roster
from stepdown.kernel.population import list_children
from stepdown.kernel.randomness import run_key
from stepdown.kernel.together import PERSON, World, walk_together

__all__ = ["Counts", "simulate_runs"]

_ROSTER = 1024  # children a roster has room for at first


class Counts(NamedTuple):
    """Results of a chunk; axes strategy Q, draw N, replicate R come first."""

    months: NDArray[np.int32]
    """(Q, N, R, Y, S). Child-months on a step, by the step held at the month's opening edge."""
    stock: NDArray[np.int32]
    """(Q, N, R, Y + 1, S). Children at the start and at the end of each calendar year."""
    moves: NDArray[np.int32]
    """(Q, N, R, Y, K + B). Moves made, then departures at birthdays."""
    cases: Floats
    """(Q, N, R, T). Weighted open cases within reach at the opening edge of each month."""
    weighted: Floats
    """(Q, N, R, Y, S) [months]. Months times the children's price factors; or length 0."""
    refund: Floats
    """(Q, N, R, Y) [DKK of that year]. What the state refunds of costly cases; or length 0."""
    occupied: NDArray[np.int32]
    """(Q, N, R, T, S). Children on each step at the opening edge of each month; or length 0."""
    queue: NDArray[np.int32]
    """(Q, N, R, Y, S, 4). What became of requests for a place; or length 0."""


def simulate_runs(
    stairs: Staircase,
    tables: DrawTables,
    seed: int,
    first_draw: int,
    n_replicates: int,
    coupling: Coupling | None = None,
) -> tuple[Counts, Floats]:
    """Simulate all runs of a chunk whose first draw has the number `first_draw`.

    Returns the counts and (N, C) by how much multipliers exceeded their bounds: above 1 in a draw
    whose counts are to be thrown away and made again with higher bounds.
    """
    n_draws, n_columns = tables.accept_base.shape
    counts = _empty(stairs, tables, n_replicates, coupling)
    excess = np.zeros((n_draws, n_columns))
    key = np.uint64(seed)
    if coupling is None:
        _simulate_apart(stairs, tables, key, first_draw, counts)
    else:
        _simulate_together(stairs, tables, coupling, key, first_draw, counts, excess)
    return counts, excess


def _empty(
    stairs: Staircase, tables: DrawTables, n_replicates: int, coupling: Coupling | None
) -> Counts:
    """Return counts of 0; those that the scenario does not ask for have a length of 0."""
    n_draws, n_steps = tables.hazard.shape[0], stairs.moves_from.shape[0]
    n_years, n_months = int(stairs.months["year"][-1]) + 1, stairs.n_months
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    runs = (stairs.n_strategies, n_draws, n_replicates)
    limits = coupling is not None and coupling.places.size > 0
    return Counts(
        months=np.zeros((*runs, n_years, n_steps), np.int32),
        stock=np.zeros((*runs, n_years + 1, n_steps), np.int32),
        moves=np.zeros((*runs, n_years, n_moves), np.int32),
        cases=np.zeros((*runs, n_months)),
        weighted=np.zeros((*runs, n_years * stairs.follows_money, n_steps)),
        refund=np.zeros((*runs, n_years * stairs.follows_money)),
        occupied=np.zeros((*runs, n_months * stairs.keeps_occupied, n_steps), np.int32),
        queue=np.zeros((*runs, n_years * limits, n_steps, 4), np.int32),
    )


@njit(cache=True, nogil=True)
def _simulate_apart(stairs, tables, seed, first_draw, counts):
    """Simulate runs whose children do not depend on each other."""
    n_draws, n_replicates = counts.months.shape[1], counts.months.shape[2]
    roster = np.zeros(_ROSTER, CHILD)
    for index in range(n_draws * n_replicates):
        number, replicate = index // n_replicates, index % n_replicates
        run = run_key(seed, first_draw + number, replicate)
        draw = _draw(tables, number)
        roster, n_children = _everybody(stairs, draw, run, roster)
        tally = _tally(stairs, counts)
        pending = np.zeros(stairs.n_strategies, SET)
        walk_roster(stairs, draw, run, roster[:n_children], 0, tally, pending)
        _add_up(stairs, draw, tally, counts, number, replicate)


@njit(cache=True, nogil=True)
def _simulate_together(stairs, tables, coupling, seed, first_draw, counts, excess):
    """Simulate runs whose children depend on each other; those beyond reach do not."""
    n_draws, n_replicates = counts.months.shape[1], counts.months.shape[2]
    n_columns, n_bands = tables.accept.shape[1:3]
    roster = np.zeros(_ROSTER, CHILD)
    for index in range(n_draws * n_replicates):
        number, replicate = index // n_replicates, index % n_replicates
        run = run_key(seed, first_draw + number, replicate)
        draw, ties = _draw(tables, number), _ties(coupling, number)
        roster, n_children = _everybody(stairs, draw, run, roster)
        tally = _tally(stairs, counts)
        pending = np.zeros(stairs.n_strategies, SET)
        walk_roster(stairs, draw, run, roster[:n_children], 1, tally, pending)
        for strategy in range(stairs.n_strategies):
            world = World(
                run,
                strategy,
                roster[:n_children],
                np.zeros(n_children, PERSON),
                np.zeros((n_children, 1, tally.account.shape[1]), np.int64),
                np.zeros(n_children, np.int64),
                np.zeros(n_children, np.int64),
                np.zeros(stairs.steps.size, np.int64),
                np.zeros((n_columns, n_bands), np.int64),
                excess[number],
                tally,
            )
            if not walk_together(stairs, draw, ties, world):
                break
        _add_up(stairs, draw, tally, counts, number, replicate)


@njit(cache=True)
def _everybody(stairs, draw, run, roster):
    """List everybody of a run; return the roster, a longer one if need be, and how many there are.

    The roster is kept from run to run: memory is asked for only when a run has more children.
    """
    n_children = list_children(stairs, draw, run, roster)
    if n_children > roster.size:
        roster = np.zeros(2 * n_children, CHILD)
        n_children = list_children(stairs, draw, run, roster)
    return roster, n_children


@njit(cache=True)
def _tally(stairs, counts):
    """Return a tally in which nothing has happened."""
    n_worlds, n_steps = stairs.n_strategies, stairs.steps.size
    n_years, n_moves = counts.moves.shape[3], counts.moves.shape[4]
    n_paid = counts.refund.shape[3]
    return Tally(
        np.zeros((n_worlds + 2, stairs.n_months + 1, n_steps), np.int32),
        np.zeros((n_worlds + 1, n_years, n_moves), np.int32),
        np.zeros((n_worlds + 1, n_paid, n_steps), np.int64),
        np.zeros((n_worlds, n_paid), np.int64),
        np.zeros((n_worlds, n_paid), np.int64),
        np.zeros((n_worlds, counts.queue.shape[3], n_steps, 4), np.int32),
    )


@njit(cache=True)
def _draw(tables, number):
    """Return the tables of one draw, as views."""
    return Draw(
        tables.hazard[number],
        tables.slot[number],
        tables.accept[number],
        tables.accept_base[number],
        tables.keep_share[number],
        tables.reach[number],
        tables.arrivals[number],
        tables.stock_fixed[number],
        tables.stock_drawn[number],
        tables.stock_cell[number],
        tables.stock_entry[number],
        tables.class_share[number],
        tables.stock_class[number],
        tables.enter_share[number],
        tables.case_weight[number],
        tables.price_factor[number],
        tables.price[number],
        tables.refund_edge[number],
        tables.refund_share[number],
    )


@njit(cache=True)
def _ties(coupling, number):
    """Return what couples the children in one draw, as views."""
    return Ties(
        coupling.places[number],
        coupling.log_rest[number],
        coupling.log_relief[number],
        coupling.elasticity[number],
        coupling.bound[number],
        coupling.reach_log_max[number],
        coupling.cases_at_start[number],
    )


@njit(cache=True, _nrt=False)
def _add_up(stairs, draw, tally, counts, number, replicate):
    """Turn changes at month edges into months, stocks and open cases; shared plus own."""
    shared = stairs.n_strategies
    for strategy in range(stairs.n_strategies):
        months = counts.months[strategy, number, replicate]
        stock = counts.stock[strategy, number, replicate]
        cases = counts.cases[strategy, number, replicate]
        occupied = counts.occupied[strategy, number, replicate]
        for step in range(tally.change.shape[2]):
            weight = draw.case_weight[step]
            held, beyond = np.int32(0), np.int32(0)
            for month in range(stairs.n_months + 1):
                held += tally.change[shared, month, step] + tally.change[strategy, month, step]
                beyond += tally.change[shared + 1, month, step]
                if month == stairs.n_months:
                    break
                year = stairs.months[month].year
                if month == 0 or year != stairs.months[month - 1].year:
                    stock[year, step] = held + beyond
                months[year, step] += held + beyond
                cases[month] += held * weight
                if stairs.keeps_occupied:
                    occupied[month, step] = held + beyond
            stock[stock.shape[0] - 1, step] = held + beyond
        moves = counts.moves[strategy, number, replicate]
        for year in range(moves.shape[0]):
            for move in range(moves.shape[1]):
                own = tally.moves[strategy, year, move]
                moves[year, move] = own + tally.moves[shared, year, move]
        _add_up_money(tally, counts, strategy, number, replicate)


@njit(cache=True, _nrt=False)
def _add_up_money(tally, counts, strategy, number, replicate):
    """Copy what is followed child by child, and what became of requests for places."""
    shared = tally.weighted.shape[0] - 1
    weighted = counts.weighted[strategy, number, replicate]
    for year in range(weighted.shape[0]):
        refund = tally.refund[strategy, year] * 2.0**-24
        counts.refund[strategy, number, replicate, year] = refund
        for step in range(weighted.shape[1]):
            own = tally.weighted[strategy, year, step] + tally.weighted[shared, year, step]
            weighted[year, step] = own * 2.0**-20
    queue = counts.queue[strategy, number, replicate]
    for year in range(queue.shape[0]):
        for step in range(queue.shape[1]):
            for kind in range(queue.shape[2]):
                queue[year, step, kind] = tally.queue[strategy, year, step, kind]
