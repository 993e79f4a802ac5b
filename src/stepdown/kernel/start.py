"""The children at the start: shares of age and time on the step that the walk draws from.

Given the steady life of a cohort, a child found on a step has age a and time band d in proportion
to the mass there, and came into the band at an age in proportion to entries times survival since.
So the whole spell is length-biased, not its elapsed part.

Decision: docs/decisions/0006-children-at-the-start.md.
"""

import numpy as np
from numba import njit

__all__ = ["fill_start"]


@njit(cache=True, _nrt=False)
def fill_start(life, n_start_ages, stock_cell, stock_entry):
    """Fill (S, ages * D) cumulative shares and (S, D, ages + 1) sums of weighted entries.

    Nobody is older at the start than the first `n_start_ages` ages.
    """
    n_ages, n_steps, n_times, _ = life.mass.shape
    for step in range(n_steps):
        _fill_cells(life.mass[:, step, :, 0], stock_cell[step])
        for time in range(n_times):
            top = life.lived[n_start_ages - 1, step, time]
            running = 0.0
            stock_entry[step, time, 0] = 0.0
            for age in range(n_ages):
                if age < n_start_ages:
                    weight = np.exp(life.lived[age, step, time] - top)
                    running += life.entered[age, step, time, 0] * weight
                stock_entry[step, time, age + 1] = running


@njit(cache=True, _nrt=False)
def _fill_cells(mass, cells):
    """Fill cumulative shares in units of 2^-32; from the last cell with a mass on, 2^32."""
    n_times = mass.shape[1]
    total, last = 0.0, 0
    for cell in range(cells.size):
        # A promoted band may be left with a rounding error below zero.
        amount = max(mass[cell // n_times, cell % n_times], 0.0)
        total += amount
        if amount > 0.0:
            last = cell
    running = 0.0
    for cell in range(cells.size):
        running += max(mass[cell // n_times, cell % n_times], 0.0)
        share = running / total if total > 0.0 else 1.0
        cells[cell] = np.int64(np.floor(share * 4294967296.0))
        if cell >= last:
            cells[cell] = np.int64(1) << 32
