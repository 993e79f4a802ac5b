"""The kernel's counts equal the plain-Python model's, bit for bit, on tables made by hand.

The tables have two classes of children, prices that differ, refunds, histories, a birthday that
depends on them, children beyond reach and effects of limited reach.
"""

import naive
import numpy as np
import pytest
from handmade import coupling, draw_tables, records, staircase

from stepdown.kernel.layout import DISPLACED, MADE_TO_WAIT, REQUESTED, ROW, WAITED
from stepdown.kernel.loop import simulate_runs
from stepdown.kernel.randomness import Stream

EXACT = ("months", "stock", "moves", "cases", "occupied", "queue")


def assert_agree(stairs, tables, ties, seed):
    """Assert that the two models count the same; return the kernel's counts."""
    kernel, excess = simulate_runs(stairs, tables, seed, 5, 2, ties)
    plain = naive.simulate(stairs, tables, seed, 5, 2, ties)
    assert kernel.moves.sum() > 100
    assert (excess <= 1).all()
    for name in EXACT:
        np.testing.assert_array_equal(getattr(kernel, name), getattr(plain, name), name)
    for name in ("weighted", "refund"):
        found, known = getattr(kernel, name), getattr(plain, name)
        assert known.any()
        np.testing.assert_allclose(found, known, rtol=1e-12, atol=1e-12 * known.max(), err_msg=name)
    return kernel


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_strategies", [1, 3])
def test_moves_equal_bit_for_bit(seed, n_strategies):
    stairs = staircase(n_strategies)
    assert_agree(stairs, draw_tables(stairs, seed), None, seed)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("overflow", [(-1, -1), (2, -1), (2, 3)])
@pytest.mark.parametrize("follows", [False, True])
def test_coupled_moves_equal_bit_for_bit(seed, overflow, follows):
    """Places on two steps, with and without an overflow, and posts that follow cases or not."""
    stairs = staircase(2, overflow=np.array([-1, *overflow, -1, -1]))
    tables = draw_tables(stairs, seed, children=5)
    kernel = assert_agree(stairs, tables, coupling(stairs, tables, seed, follows=follows), seed)
    queue = kernel.queue.sum(axis=(0, 1, 2, 3))
    assert queue[1, REQUESTED] > 0
    assert (queue[1, DISPLACED] > 0) == (overflow[0] >= 0)
    assert (queue[2, MADE_TO_WAIT] > 0) == (queue[2, WAITED] > 0) == (overflow[1] < 0)


@pytest.mark.parametrize("seed", range(3))
def test_places_for_everybody_change_no_bit(seed):
    stairs = staircase(3)
    tables = draw_tables(stairs, seed)
    apart, _ = simulate_runs(stairs, tables, seed, 5, 2)
    ties = coupling(stairs, tables, seed, places=(-1, 999, 999, -1, -1), follows=False)
    together, _ = simulate_runs(stairs, tables, seed, 5, 2, ties)
    assert together.queue[..., REQUESTED].sum() > 0
    for name in ("months", "stock", "moves", "cases", "occupied", "weighted", "refund"):
        np.testing.assert_array_equal(getattr(apart, name), getattr(together, name), name)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("coupled", [False, True])
def test_a_child_that_meets_very_many_candidates(seed, coupled, monkeypatch):
    """More than 64: a walk keeps 8 blocks of 8, and strategies that part meet early ones again."""
    stairs = staircase(3)
    tables = draw_tables(stairs, seed)
    hazard = np.where(tables.row["hazard"] > 0, np.maximum(tables.row["hazard"] * 8, 3 << 40), 0)
    tables = tables._replace(row=rows_of(hazard), accept=tables.accept // 8)
    numbers = []
    monkeypatch.setattr(naive, "words", noting(naive.words, numbers))
    ties = coupling(stairs, tables, seed, places=(-1, 4, 3, -1, -1), follows=False)
    assert_agree(stairs, tables, ties if coupled else None, seed)
    assert max(numbers) > 2 * 64


def noting(words, numbers):
    """Return `words` that also notes the numbers of candidates."""

    def noted(number, child, stream, run):
        if stream == Stream.MOVES:
            numbers.append(number)
        return words(number, child, stream, run)

    return noted


def rows_of(hazard):
    inverse = np.divide(1.0, hazard, where=hazard > 0, out=np.zeros(hazard.shape))
    return records(ROW, hazard, inverse)


@pytest.mark.parametrize("coupled", [False, True])
def test_more_children_than_a_roster_holds_at_first(coupled):
    """1,024: the second draw has more, so the chunk goes on from there with a longer roster."""
    stairs = staircase(2, n_months=14)
    tables = draw_tables(stairs, 1, n_draws=3)
    tables.stock_fixed[1, 0, 0] = 1100
    ties = coupling(stairs, tables, 1, places=(-1, 30, 30, -1, -1), follows=False)
    kernel = assert_agree(stairs, tables, ties if coupled else None, 1)
    assert kernel.stock[0, :, 0, 0].sum(axis=1).max() > 1024
    assert kernel.stock[0, 2, 0, 0].sum() < 100


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("coupled", [False, True])
def test_prices_that_all_strategies_share(seed, coupled):
    """One table of prices and one of arrivals, as where no strategy has its own."""
    stairs = staircase(3)
    tables = draw_tables(stairs, seed)
    tables = tables._replace(
        price=np.ascontiguousarray(tables.price[:, :1]),
        arrivals=np.ascontiguousarray(tables.arrivals[..., :1]),
    )
    ties = coupling(stairs, tables, seed, follows=False)
    assert_agree(stairs, tables, ties if coupled else None, seed)


@pytest.mark.parametrize("n_worlds", [1, 20])
def test_many_strategies(n_worlds):
    """Twenty, with prices that all share or prices of their own."""
    stairs = staircase(20, n_months=24)
    tables = draw_tables(stairs, 5)
    tables = tables._replace(price=np.ascontiguousarray(tables.price[:, :n_worlds]))
    kernel = assert_agree(stairs, tables, None, 5)
    assert len({months.tobytes() for months in kernel.months}) == 20


def test_a_run_above_its_bounds_leaves_nothing_behind():
    """Draw 0 exceeds its bounds and stops half-way, with places; draw 1 is as if it were alone."""
    stairs = staircase(2)
    tables = draw_tables(stairs, 2, children=8)
    ties = coupling(stairs, tables, 2)
    ties.bound[0] = 1.0  # multipliers are above 1 in some month, and below 16 in all
    kernel, excess = simulate_runs(stairs, tables, 2, 5, 2, ties)
    assert excess[0].max() > 1 >= excess[1].max()
    second = [type(part)(*(field[1:] for field in part)) for part in (tables, ties)]
    alone = naive.simulate(stairs, second[0], 2, 6, 2, second[1])
    for name in EXACT:
        np.testing.assert_array_equal(getattr(kernel, name)[:, 1:], getattr(alone, name), name)
