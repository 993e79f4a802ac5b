"""The kernel's counts equal the plain-Python model's, bit for bit, on tables made by hand.

The tables have two classes of children, prices that differ, refunds, histories, a birthday that
depends on them, children beyond reach and effects of limited reach.
"""

import numpy as np
import pytest
from handmade import coupling, draw_tables, staircase
from naive import simulate

from stepdown.kernel.layout import DISPLACED, MADE_TO_WAIT, REQUESTED, WAITED
from stepdown.kernel.loop import simulate_runs

EXACT = ("months", "stock", "moves", "cases", "occupied", "queue")


def assert_agree(stairs, tables, ties, seed):
    """Assert that the two models count the same; return the kernel's counts."""
    kernel, excess = simulate_runs(stairs, tables, seed, 5, 2, ties)
    naive = simulate(stairs, tables, seed, 5, 2, ties)
    assert kernel.moves.sum() > 100
    assert (excess <= 1).all()
    for name in EXACT:
        np.testing.assert_array_equal(getattr(kernel, name), getattr(naive, name), name)
    for name in ("weighted", "refund"):
        found, known = getattr(kernel, name), getattr(naive, name)
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
