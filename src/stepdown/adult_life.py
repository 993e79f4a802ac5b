"""Adult life: where young people go who leave the staircase for good, by their history."""

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.randomness import WORD
from stepdown.plan import Plan
from stepdown.staircase import history_groups, placed_edges

__all__ = ["enter_shares"]


def enter_shares(plan: Plan, n_draws: int) -> NDArray[np.int64]:
    """Return cumulative shares of the adult steps, (draw, birthday, history, step) [2^-32].

    A history is (highest group of steps reached, band of months placed), in that order. Length 0
    where the scenario has no adult life.
    """
    n_birthdays, n_steps = len(plan.birthdays), len(plan.steps)
    adult = plan.scenario.adult_life
    if adult is None:
        return np.zeros((n_draws, n_birthdays, 0, n_steps), dtype=np.int64)
    groups, n_bands = history_groups(plan.scenario), len(placed_edges(plan.scenario))
    bands = list(dict.fromkeys(entry.months_placed for entry in adult.entry))
    shares = np.zeros((len(groups) * n_bands, n_steps))
    for entry in adult.entry:
        cell = groups.index(entry.highest) * n_bands + bands.index(entry.months_placed)
        for step, share in entry.shares.items():
            shares[cell, plan.step(step)] = share
    edges = np.floor(np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1) * WORD)
    last = n_steps - 1 - np.argmax(shares[:, ::-1] > 0, axis=1)
    for cell, step in enumerate(last):
        edges[cell, step:] = WORD
    found = np.broadcast_to(edges.astype(np.int64), (n_draws, n_birthdays, *edges.shape))
    return np.ascontiguousarray(found)
