"""The loop over the runs of a chunk: walk everybody, then add up the counts.

A run is one (draw, replicate). Runs share nothing that is written, so any number of threads and
any order give the same counts.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from stepdown.kernel.layout import CHILD, Draw, DrawTables, Staircase, Tally
from stepdown.kernel.population import walk_arrivals, walk_stock
from stepdown.kernel.randomness import run_key

__all__ = ["Counts", "simulate_runs"]

_ROSTER = 256  # children listed before they walk; 18 KiB, so that it stays in the nearest cache


class Counts(NamedTuple):
    """Integer results of a chunk; axes strategy Q, draw N, replicate R come first."""

    months: NDArray[np.int32]
    """(Q, N, R, Y, S). Child-months on a step, by the step held at the month's opening edge."""
    stock: NDArray[np.int32]
    """(Q, N, R, Y + 1, S). Children at the start and at the end of each calendar year."""
    moves: NDArray[np.int32]
    """(Q, N, R, Y, K + B). Moves made, then departures at birthdays."""
    cases: NDArray[np.int32]
    """(Q, N, R, T). Open cases at the opening edge of each month."""


def simulate_runs(
    stairs: Staircase, tables: DrawTables, seed: int, first_draw: int, n_replicates: int
) -> Counts:
    """Simulate all runs of a chunk whose first draw has the number `first_draw`."""
    n_draws, n_steps = tables.hazard.shape[0], stairs.moves_from.shape[0]
    n_years = int(stairs.months["year"][-1]) + 1
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    runs = (stairs.n_strategies, n_draws, n_replicates)
    counts = Counts(
        np.zeros((*runs, n_years, n_steps), np.int32),
        np.zeros((*runs, n_years + 1, n_steps), np.int32),
        np.zeros((*runs, n_years, n_moves), np.int32),
        np.zeros((*runs, stairs.n_months), np.int32),
    )
    _simulate_runs(stairs, tables, np.uint64(seed), first_draw, counts)
    return counts


@njit(cache=True, nogil=True)
def _simulate_runs(
    stairs: Staircase, tables: DrawTables, seed: np.uint64, first_draw: int, counts: Counts
) -> None:
    n_draws, n_replicates = counts.months.shape[1], counts.months.shape[2]
    for index in range(n_draws * n_replicates):
        number, replicate = index // n_replicates, index % n_replicates
        run = run_key(seed, first_draw + number, replicate)
        _simulate_run(stairs, _draw(tables, number), run, counts, number, replicate)


@njit(cache=True)
def _simulate_run(stairs, draw, run, counts, number, replicate):
    """Walk everybody of one run and add them up."""
    n_worlds, n_steps = stairs.n_strategies + 1, stairs.steps.size
    n_years, n_moves = counts.moves.shape[3], counts.moves.shape[4]
    tally = Tally(
        np.zeros((n_worlds, stairs.n_months + 1, n_steps), np.int32),
        np.zeros((n_worlds, n_years, n_moves), np.int32),
    )
    pending = np.zeros((stairs.n_strategies, 5), np.int64)
    roster = np.zeros(_ROSTER, CHILD)
    walk_stock(stairs, draw, run, roster, tally, pending)
    walk_arrivals(stairs, draw, run, roster, tally, pending)
    _add_up(stairs, tally, counts, number, replicate)


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
    )


@njit(cache=True, _nrt=False)
def _add_up(stairs, tally, counts, number, replicate):
    """Turn changes at month edges into months, stocks and open cases; shared plus own."""
    shared = stairs.n_strategies
    n_steps = tally.change.shape[2]
    for strategy in range(stairs.n_strategies):
        months = counts.months[strategy, number, replicate]
        stock = counts.stock[strategy, number, replicate]
        cases = counts.cases[strategy, number, replicate]
        for step in range(n_steps):
            held = np.int32(0)
            for month in range(stairs.n_months):
                held += tally.change[shared, month, step] + tally.change[strategy, month, step]
                year = stairs.months[month].year
                if month == 0 or year != stairs.months[month - 1].year:
                    stock[year, step] = held
                months[year, step] += held
                cases[month] += held * np.int32(stairs.steps[step].counts_as_case)
            last = stairs.n_months
            held += tally.change[shared, last, step] + tally.change[strategy, last, step]
            stock[stock.shape[0] - 1, step] = held
        moves = counts.moves[strategy, number, replicate]
        for year in range(moves.shape[0]):
            for move in range(moves.shape[1]):
                own = tally.moves[strategy, year, move]
                moves[year, move] = own + tally.moves[shared, year, move]
