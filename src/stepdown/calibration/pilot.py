"""A municipality's children month by month under the strategy that was observed.

One birth cohort in twelve stands for all of them, levelled to the children at the start. At the
ends of years that is right to 0.2 %; within a year it is uneven by some 0.5 %, alike in all years,
since all who stand for a year of age have one birthday (tests/statistics/test_pilot.py).
"""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.staircases import StaircaseModel
from stepdown.calibration.steady import SteadyState
from stepdown.kernel.paths import People, expected_paths
from stepdown.money import prices
from stepdown.parameters import Draws

__all__ = ["Pilot"]

Floats = NDArray[np.float64]

_SPACING = 12


class Pilot:
    """The expected path of a block of draws under one strategy; solved when asked for.

    Parameters
    ----------
    model, draws
        The scenario and a block of draws of its numbers.
    others
        As in `SteadyState`.
    """

    def __init__(
        self, model: StaircaseModel, draws: Draws, others: Iterable[SteadyState] = ()
    ) -> None:
        self.plan, self.draws, self.strategy = model.plan, draws, model.strategy
        self.state = SteadyState(model.plan, draws, others)

    @cached_property
    def start(self) -> Floats:
        """(draw, step). Children at the start: documented, or of the steady state."""
        start: Floats = self.state.stock.sum(axis=0).T.copy()
        for index, (name, step) in enumerate(self.plan.scenario.steps.items()):
            if name in self.plan.scenario.stock.children:
                start[:, index] = self.plan.scenario.stock.children[name]
            elif step.kind in ("exit", "adult"):
                start[:, index] = 0.0
        return start

    @cached_property
    def multiplier(self) -> Floats:
        """(draw, column, effect age band, month). What multiplies each move."""
        effects = self.state.effects
        relief = effects.log_relief[:, self.strategy]
        log = effects.elasticity[:, :, None, None] * relief[:, None, None, :]
        log = np.repeat(log, effects.touches.shape[2], axis=2)
        for index in np.flatnonzero(effects.strategy == self.strategy):
            works = effects.log_ratio[:, index, None] * effects.weight[:, index]
            log += works[:, None, None] * effects.touches[index][None, :, :, None]
        return np.asarray(np.exp(log))

    @cached_property
    def children(self) -> Floats:
        """(draw, month edge, step)."""
        none = np.zeros_like(self.start)
        number = self.state.arrivals
        people = People(
            self.state.profile, number[:, None], np.stack([self.start, none], axis=1), -1
        )
        arrivals = np.stack([number, none], axis=1)[:, None]
        found, _ = expected_paths(
            self.plan.stairs, self.state.laws, self.multiplier, people, arrivals, _SPACING
        )
        there = found[:, :1]
        with np.errstate(divide="ignore", invalid="ignore"):
            level = np.where(there > 0, self.start[:, None] / there, float(_SPACING))
        return np.asarray(found * level)

    @cached_property
    def spending(self) -> Floats:
        """(draw, year, step) [DKK, fixed prices]. Cost of the measures."""
        price = prices(self.plan, self.draws)[self.strategy]
        months = (
            self.children[:, :-1]
            .reshape(self.draws.count, self.plan.n_years, self.plan.cycles_per_year, -1)
            .sum(axis=2)
        )
        return np.asarray(months * (price if price.ndim == 3 else price[:, None]))
