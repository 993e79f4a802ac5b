"""A plain simulator of the reference job, to learn the law of a statistic over valid runs.

Month by month in numpy with numpy's own random numbers: a child leaves when its uniform is below
the monthly probability, to the destination in whose share the uniform falls. It shares with the
engine only the parameters. One uniform serves all strategies, so that they go together.
"""

import numpy as np
from recursion import Rules
from reference import N_STEPS, Floats, Ints

__all__ = ["walk"]


def walk(
    probability: Floats, when: Rules, start: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Walk children with probabilities (Q, level, N, A, D, S, S + 1).

    `start` is (N, S): children on each step at the start of each run.

    Returns
    -------
        Months (Q, N, Y, S + 1), moves (Q, N, Y, K) and stocks (Q, N, Y + 1, S + 1), as in
        `stepdown.kernel.loop.Counts` without replicates.
    """
    n_worlds, n_runs = probability.shape[0], start.shape[0]
    n_years = when.level.size // 12
    months = np.zeros((n_worlds, n_runs, n_years, N_STEPS + 1), np.int64)
    moves = np.zeros((n_worlds, n_runs, n_years, N_STEPS * N_STEPS), np.int64)
    stock = np.zeros((n_worlds, n_runs, n_years + 1, N_STEPS + 1), np.int64)
    run = np.repeat(np.arange(n_runs), start.sum(axis=1))
    steps = np.repeat(np.tile(np.arange(N_STEPS), n_runs), start.ravel())
    age = rng.integers(0, when.start_ages, run.size)
    elapsed = rng.integers(0, np.minimum(age, when.start_width - 1) + 1)
    step, since = np.tile(steps, (n_worlds, 1)), np.tile(-elapsed, (n_worlds, 1))
    age_band, time_band = (_bands(edges, 2 + 400) for edges in (when.age_edges, when.time_edges))
    upper = np.cumsum(probability, axis=-1)
    for month, level in enumerate(when.level):
        u = rng.random(run.size)
        for world in range(n_worlds):
            standing = _count(run, step[world], n_runs, N_STEPS + 1)
            months[world, :, month // 12] += standing
            if month % 12 == 0:
                stock[world, :, month // 12] = standing
            rows = upper[world, level]
            cell = (run * rows.shape[1] + age_band[age + month]) * rows.shape[2]
            cell = (cell + time_band[month - since[world]]) * N_STEPS + step[world]
            rows = rows.reshape(-1, N_STEPS + 1)
            here = np.flatnonzero(step[world] < N_STEPS)
            going = here[u[here] < rows[:, -1][cell[here]]]
            to = (u[going, None] >= rows[cell[going]]).sum(axis=1)
            of = step[world, going]
            move = of * N_STEPS + to - (to > of)
            moves[world, :, month // 12] += _count(run[going], move, n_runs, N_STEPS * N_STEPS)
            step[world, going], since[world, going] = to, month + 1
    for world in range(n_worlds):
        stock[world, :, -1] = _count(run, step[world], n_runs, N_STEPS + 1)
    return months, moves, stock


def _bands(edges: Ints, n: int) -> Ints:
    return np.searchsorted(edges, np.arange(n), side="right") - 1


def _count(run: Ints, kind: Ints, n_runs: int, n_kinds: int) -> Ints:
    return np.bincount(run * n_kinds + kind, minlength=n_runs * n_kinds).reshape(n_runs, n_kinds)
