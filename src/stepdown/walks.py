"""Draws -> counts: tables are built and walked, again with wider bounds where one was exceeded."""

import numpy as np

from stepdown.kernel.loop import Counts, simulate_runs
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.tables import Chunk, build_chunk

__all__ = ["walk_chunk"]


def walk_chunk(
    plan: Plan, draws: Draws, seed: int, n_replicates: int, luck_of: int | None = None
) -> tuple[Chunk, Counts]:
    """Build and walk a chunk of draws, with the luck of their own numbers or from `luck_of` on.

    With fixed posts a multiplier is known only when its month is reached. A draw in which one
    exceeds its bound is made again with that group's bound doubled; other draws keep their bits.
    """
    first = draws.first if luck_of is None else luck_of
    widening = np.ones((draws.count, len(plan.columns)))
    while True:
        chunk = build_chunk(plan, draws, widening=widening)
        counts, excess = simulate_runs(
            plan.stairs, chunk.tables, seed, first, n_replicates, chunk.coupling
        )
        if (excess <= 1).all():
            return chunk, counts
        groups = [column.group for column in plan.columns]
        for group in set(groups):
            own = [index for index, name in enumerate(groups) if name == group]
            over = excess[:, own].max(axis=1)
            doublings = np.ceil(np.log2(np.maximum(over, 1.0)))
            widening[:, own] *= 2.0 ** doublings[:, None]
