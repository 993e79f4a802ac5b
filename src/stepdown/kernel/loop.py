"""The loop over the runs of a chunk: walk everybody, then add up the counts.

A run is one (draw, replicate). Runs share nothing that is written, so any number of threads and
any order give the same counts.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.compiled import entry, inner
from stepdown.kernel.layout import (
    CHILD,
    PERSON,
    SET,
    Coupling,
    Draw,
    DrawTables,
    Floats,
    Records,
    Scratch,
    Staircase,
    Tally,
    Ties,
    World,
)
from stepdown.kernel.moves import walk_roster
from stepdown.kernel.population import list_children
from stepdown.kernel.randomness import run_key
from stepdown.kernel.together import walk_together

__all__ = ["Counts", "simulate_runs"]

_ROSTER = 1024  # children a roster has room for at first
_BLOCKS = 8  # of eight candidates: a child that meets more makes the first ones again if it must


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
    tally, scratch, roster = _tally(stairs, counts), _scratch(stairs), np.zeros(_ROSTER, CHILD)
    done, n_runs = 0, n_draws * n_replicates
    while done < n_runs:
        where = (np.uint64(seed), first_draw, done)
        if coupling is None:
            done = _simulate_apart(stairs, tables, where, roster, counts, tally, scratch)
        else:
            world = _world(stairs, tables, roster, tally)
            results = (counts, excess)
            done = _simulate_together(stairs, tables, coupling, where, world, results, scratch)
        roster = np.zeros(2 * roster.size, CHILD)
    return counts, excess


def _empty(
    stairs: Staircase, tables: DrawTables, n_replicates: int, coupling: Coupling | None
) -> Counts:
    """Return counts of 0; those that the scenario does not ask for have a length of 0."""
    n_draws, n_steps = tables.row.shape[0], stairs.moves_from.shape[0]
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


def _tally(stairs: Staircase, counts: Counts) -> Tally:
    """Return a tally in which nothing has happened."""
    n_worlds, n_steps = stairs.n_strategies, stairs.steps.size
    n_years, n_moves = counts.moves.shape[3:]
    n_paid = counts.refund.shape[3]
    return Tally(
        change=np.zeros((n_worlds + 2, stairs.n_months + 1, n_steps), np.int32),
        held=np.zeros((2, n_steps), np.int32),
        moves=np.zeros((n_worlds + 1, n_years, n_moves), np.int32),
        weighted=np.zeros((n_worlds + 1, n_paid, n_steps), np.int64),
        refund=np.zeros((n_worlds + 1, n_paid), np.int64),
        account=np.zeros((n_worlds + 1, n_paid), np.int64),
        queue=np.zeros((n_worlds, counts.queue.shape[3], n_steps, 4), np.int32),
    )


def _scratch(stairs: Staircase) -> Scratch:
    return Scratch(
        pending=np.zeros(stairs.n_strategies, SET),
        ahead=np.zeros((3, _BLOCKS, 8), np.int64),
        made=np.zeros(_BLOCKS, np.int64),
    )


def _world(stairs: Staircase, tables: DrawTables, roster: Records, tally: Tally) -> World:
    n_years = tally.refund.shape[1]
    return World(
        run=np.uint64(0),
        strategy=0,
        roster=roster,
        people=np.zeros(roster.size, PERSON),
        accounts=np.zeros((roster.size, n_years), np.int64),
        diary=np.zeros(stairs.n_months + 2, np.int64),
        line=np.zeros(roster.size, np.int64),
        in_line=np.zeros(1, np.int64),
        held=np.zeros(stairs.steps.size, np.int64),
        accept=np.zeros(tables.accept.shape[1:3], np.int64),
        excess=np.zeros(tables.accept.shape[1]),
        tally=tally,
    )


@entry
def _simulate_apart(stairs, tables, where, roster, counts, tally, scratch):
    """Simulate runs whose children do not depend on each other, from where the last call ended.

    Returns how many runs are done: all, or those before one that the roster is too short for.
    """
    seed, first_draw, done = where
    n_draws, n_replicates = counts.months.shape[1], counts.months.shape[2]
    for index in range(done, n_draws * n_replicates):
        number, replicate = index // n_replicates, index % n_replicates
        run = run_key(seed, first_draw + number, replicate)
        draw = _draw(tables, number)
        n_children = list_children(stairs, draw, run, roster)
        if n_children > roster.size:
            return index
        walk_roster(stairs, draw, run, roster[:n_children], 0, tally, scratch)
        _add_up(stairs.months, draw.case_weight, tally, counts, number, replicate)
    return n_draws * n_replicates


@entry
def _simulate_together(stairs, tables, coupling, where, world, results, scratch):
    """Simulate runs whose children depend on each other; those beyond reach do not.

    `results` are the counts and the excess over bounds; returns how many runs are done.
    """
    (seed, first_draw, done), (counts, excess) = where, results
    n_draws, n_replicates = counts.months.shape[1], counts.months.shape[2]
    for index in range(done, n_draws * n_replicates):
        number, replicate = index // n_replicates, index % n_replicates
        run = run_key(seed, first_draw + number, replicate)
        draw, ties = _draw(tables, number), _ties(coupling, number)
        n_children = list_children(stairs, draw, run, world.roster)
        if n_children > world.roster.size:
            return index
        walk_roster(stairs, draw, run, world.roster[:n_children], 1, world.tally, scratch)
        for strategy in range(stairs.n_strategies):
            one = World(
                run,
                strategy,
                world.roster[:n_children],
                world.people,
                world.accounts,
                world.diary,
                world.line,
                world.in_line,
                world.held,
                world.accept,
                excess[number],
                world.tally,
            )
            if not walk_together(stairs, draw, ties, one):
                break
        weights = draw.case_weight
        _add_up(stairs.months, weights, world.tally, counts, number, replicate)
    return n_draws * n_replicates


@inner
def _draw(tables, number):
    """Return the tables of one draw, as views."""
    return Draw(
        tables.row[number],
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


@inner
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


@inner
def _add_up(months, case_weight, tally, counts, number, replicate):
    """Turn changes at month edges into months, stocks and open cases; leave an empty tally."""
    shared = tally.refund.shape[0] - 1
    for strategy in range(shared):
        where = (strategy, number, replicate)
        kept = (counts.months[where], counts.stock[where], counts.cases[where])
        _add_up_months(months, case_weight, tally, strategy, kept, counts.occupied[where])
        moves, own, common = counts.moves[where], tally.moves[strategy], tally.moves[shared]
        for year in range(moves.shape[0]):
            for move in range(moves.shape[1]):
                moves[year, move] = own[year, move] + common[year, move]
                own[year, move] = 0
        if counts.refund.size > 0:
            _add_up_money(tally, strategy, counts.weighted[where], counts.refund[where])
        if counts.queue.size > 0:
            _add_up_queue(tally.queue[strategy], counts.queue[where])
    _empty_shared(tally.change, tally.moves, tally.weighted, tally.refund)


@inner
def _add_up_months(months, case_weight, tally, strategy, kept, occupied):
    """Add up the changes of one strategy, shared plus own, month by month."""
    shared, own = tally.change[tally.change.shape[0] - 2], tally.change[strategy]
    beyond, held = tally.change[tally.change.shape[0] - 1], tally.held
    lived, stock, cases = kept
    held[:] = 0
    for month in range(months.size + 1):
        for step in range(held.shape[1]):
            held[0, step] += shared[month, step] + own[month, step]
            held[1, step] += beyond[month, step]
            own[month, step] = 0
        if month == months.size:
            break
        year = months[month].year
        for step in range(held.shape[1]):
            lived[year, step] += held[0, step] + held[1, step]
            cases[month] += held[0, step] * case_weight[step]
        if month == 0 or year != months[month - 1].year:
            _copy_held(held, stock[year])
        if occupied.size > 0:
            _copy_held(held, occupied[month])
    _copy_held(held, stock[stock.shape[0] - 1])


@inner
def _copy_held(held, target):
    """Copy how many children are on each step, within and beyond reach."""
    for step in range(held.shape[1]):
        target[step] = held[0, step] + held[1, step]


@inner
def _add_up_money(tally, strategy, weighted, refund):
    """Copy what is followed child by child, shared plus own."""
    shared = tally.refund.shape[0] - 1
    for year in range(weighted.shape[0]):
        refund[year] = (tally.refund[strategy, year] + tally.refund[shared, year]) * 2.0**-24
        tally.refund[strategy, year] = 0
        for step in range(weighted.shape[1]):
            own = tally.weighted[strategy, year, step] + tally.weighted[shared, year, step]
            weighted[year, step] = own * 2.0**-20
            tally.weighted[strategy, year, step] = 0


@inner
def _add_up_queue(asked, queue):
    """Copy what became of requests for places."""
    for year in range(queue.shape[0]):
        for step in range(queue.shape[1]):
            for kind in range(queue.shape[2]):
                queue[year, step, kind] = asked[year, step, kind]
                asked[year, step, kind] = 0


@inner
def _empty_shared(change, moves, weighted, refund):
    """Empty what all strategies share, once every strategy has been added up."""
    shared = refund.shape[0] - 1
    change[shared:] = 0
    moves[shared] = 0
    weighted[shared] = 0
    refund[shared] = 0
