"""The kernel's counts equal the plain-Python model's, bit for bit, on tables made by hand."""

import numpy as np
import pytest
from handmade import draw_tables, staircase
from naive import simulate

from stepdown.kernel.loop import simulate_runs


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_strategies", [1, 3])
def test_moves_equal_bit_for_bit(seed, n_strategies):
    stairs = staircase(n_strategies)
    tables = draw_tables(stairs, seed)
    kernel = simulate_runs(stairs, tables, seed, 5, 2)
    naive = simulate(stairs, tables, seed, 5, 2)
    assert kernel.moves.sum() > 100
    for name in ("months", "stock", "moves", "cases"):
        np.testing.assert_array_equal(getattr(kernel, name), getattr(naive, name), name)
