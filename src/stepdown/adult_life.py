"""Adult life: where young people go who leave the staircase for good, by their history."""

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.kernel.randomness import WORD
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.staircase import history_groups, placed_edges

__all__ = ["enter_shares"]


def enter_shares(plan: Plan, draws: Draws) -> NDArray[np.int64]:
    """Return cumulative shares of the adult steps, (draw, birthday, history, step) [2^-32].

    A history is (highest group of steps reached, band of months placed), in that order. Length 0
    where the scenario has no adult life.

    Raises
    ------
    RunError
        A drawn share is negative, or all shares of a history are 0; names the entry.
    """
    n_birthdays, n_steps, n_draws = len(plan.birthdays), len(plan.steps), draws.count
    adult = plan.scenario.adult_life
    if adult is None:
        return np.zeros((n_draws, n_birthdays, 0, n_steps), dtype=np.int64)
    groups, n_bands = history_groups(plan.scenario), len(placed_edges(plan.scenario))
    bands = list(dict.fromkeys(entry.months_placed for entry in adult.entry))
    shares = np.zeros((n_draws, len(groups) * n_bands, n_steps))
    for number, entry in enumerate(adult.entry):
        cell = groups.index(entry.highest) * n_bands + bands.index(entry.months_placed)
        for step, share in entry.shares.items():
            shares[:, cell, plan.step(step)] = draws.of(share)
        own = shares[:, cell]
        if (own < 0).any() or (own.sum(axis=1) <= 0).any():
            raise RunError(
                f"entry {number + 1} of [adult_life] has a share below 0, or none above 0, in some "
                "draw; shares are >= 0. Use a distribution without negative values."
            )
    edges = np.floor(np.cumsum(shares / shares.sum(axis=2, keepdims=True), axis=2) * WORD)
    # From the last step with a share on, the edge is 1 whatever the rounding.
    after = np.cumsum(shares[:, :, ::-1], axis=2)[:, :, ::-1] - shares <= 0
    edges = np.where(after, WORD, edges).astype(np.int64)
    found = np.broadcast_to(edges[:, None], (n_draws, n_birthdays, *edges.shape[1:]))
    return np.ascontiguousarray(found)
