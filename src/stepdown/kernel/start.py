"""The children at the start: shares of age and time on the step that the walk draws from.

Given the steady life of a cohort, a child found on a step has age a and time band d in proportion
to the mass there, and came into the band at an age in proportion to entries times survival since.
So the whole spell is length-biased, not its elapsed part.

Decision: docs/decisions/0006-children-at-the-start.md.
"""

import numpy as np

from stepdown.kernel.compiled import entry, inlined, inner

__all__ = ["fill_start"]

_TILE = 8  # ages turned at once: what is read of all draws, and written of one, stays in the cache


@entry
def fill_start(shape, life, lasting, frailty, cell, entry):
    """Fill the shares of one class from its steady life, which is used up.

    `cell` (N, S, G, ages * D) are cumulative shares, `entry` (N, S, G, D, ages + 1) sums of
    weighted entries. Nobody is older at the start than the first `n_start_ages` ages.
    """
    _sum_cells(shape, life.mass)
    _sum_entries(shape, life, lasting)
    n_steps, n_times = entry.shape[1], entry.shape[3]
    last = shape.n_start_ages - 1
    for step in range(n_steps):
        total = life.mass[last, step * n_times + n_times - 1]
        for first in range(0, shape.n_start_ages, _TILE):
            for draw in range(total.size):
                cells, entries = cell[draw, step, frailty], entry[draw, step, frailty]
                for age in range(first, min(first + _TILE, shape.n_start_ages)):
                    for time in range(n_times):
                        below = life.mass[age, step * n_times + time, draw]
                        share = below / total[draw] if total[draw] > 0.0 else 1.0
                        cells[age * n_times + time] = np.int64(share * 4294967296.0)
                        entries[time, age + 1] = life.entered[age, step * n_times + time, draw]
        cell[:, step, frailty, (last + 1) * n_times :] = np.int64(1) << 32
        for time in range(n_times):
            for draw in range(total.size):
                entries = entry[draw, step, frailty, time]
                entries[0] = 0.0
                entries[last + 2 :] = entries[last + 1]


@inner
def _sum_cells(shape, mass):
    """Turn mass into its running sums over the ages and time bands of each step."""
    n_times = shape.time_edge.size - 1
    for age in range(shape.n_start_ages):
        for cell in range(mass.shape[1]):
            for draw in range(mass.shape[2]):
                # A promoted band may be left with a rounding error below zero.
                mass[age, cell, draw] = max(mass[age, cell, draw], 0.0)
        for first in range(0, mass.shape[1], n_times):
            for cell in range(first, first + n_times):
                # The cell before is the time band before, or the last one of the age before.
                if cell > first:
                    _add(mass[age, cell], mass[age, cell - 1])
                elif age > 0:
                    _add(mass[age, cell], mass[age - 1, cell + n_times - 1])


@inner
def _sum_entries(shape, life, lasting):
    """Turn entries into running sums over ages, each weighted by who is there at the last age.

    Only the ratios of weights matter: they are products of `stays` from the last age backwards.
    """
    entered, weight = life.entered, lasting.running
    weight[:] = 1.0
    for age in range(shape.n_start_ages - 1, -1, -1):
        for cell in range(weight.shape[0]):
            for draw in range(weight.shape[1]):
                entered[age, cell, draw] *= weight[cell, draw]
                weight[cell, draw] *= lasting.stays[age, cell, draw]
    for age in range(1, shape.n_start_ages):
        for cell in range(weight.shape[0]):
            for draw in range(weight.shape[1]):
                entered[age, cell, draw] += entered[age - 1, cell, draw]


@inlined
def _add(target, amounts):
    for draw in range(target.size):
        target[draw] += amounts[draw]
