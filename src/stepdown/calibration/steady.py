"""Children in balance with the inflow that keeps a documented stock: who is where, and who moves.

A block of draws is solved side by side, as in the cohort solution. By-age figures are by completed
year of age, since no band of a file is finer. Decision: docs/decisions/0033-targets.md.
"""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from stepdown.frailty import class_hazards, class_shares
from stepdown.hazards import baseline_multiplier, effects_of, hazards, keep_shares
from stepdown.inflow import arrival_profiles, nearest_arrivals
from stepdown.kernel.balance import (
    Laws,
    draws_at_once,
    motion_of,
    nobody,
    settle,
    shape_of,
    unit_stocks,
)
from stepdown.kernel.build import Effects
from stepdown.kernel.cohort import Life, Motion, Shape, live
from stepdown.kernel.paths import leftovers
from stepdown.parameters import Draws
from stepdown.plan import Plan

__all__ = ["BLOCK", "SteadyState"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 32
"""Draws solved at once: always so many, or the last bits could depend on how many there are."""
_SPACING = 12
_ROUNDING = 1e-13


class SteadyState:
    """The steady state of a block of draws in the baseline; each part is solved when asked for.

    Parameters
    ----------
    plan, draws
        The scenario laid out and `BLOCK` draws of its numbers.
    others
        Of the same draws. One with the same laws lends what follows from them alone: the models of
        a file differ in the children more often than in the rates.
    """

    def __init__(self, plan: Plan, draws: Draws, others: Iterable["SteadyState"] = ()) -> None:
        assert draws.count == BLOCK, "own invariant: blocks are padded to one size"
        self.plan, self.draws = plan, draws
        base = hazards(plan, draws)
        self.effects: Effects = effects_of(plan, draws, base)
        self.laws = Laws(
            class_hazards(plan, base),
            class_shares(plan, draws.count),
            baseline_multiplier(self.effects),
            keep_shares(plan, draws),
        )
        alike = next((other for other in others if self._has_laws_of(other)), None)
        if alike is not None:
            self.at_once, self.motions = alike.at_once, alike.motions
            self.stocks_of_one = alike.stocks_of_one

    def _has_laws_of(self, other: "SteadyState") -> bool:
        """Tell whether two baselines move children alike; they may differ in who is there."""
        own, its = self.plan.stairs, other.plan.stairs
        alike = (self.plan.steps, self.plan.moves, own.n_start_ages, self.documented) == (
            other.plan.steps,
            other.plan.moves,
            its.n_start_ages,
            other.documented,
        )
        # Columns of multipliers differ with the strategies; a baseline that stands where its rates
        # were seen multiplies nothing, but for rounding.
        ones = all(np.abs(s.laws.multiplier - 1.0).max() < _ROUNDING for s in (self, other))
        alike = alike and (ones or np.array_equal(self.laws.multiplier, other.laws.multiplier))
        pairs = [(self.profile, other.profile)]
        pairs += [(getattr(own, n), getattr(its, n)) for n in ("ages", "birthdays", "time_edge")]
        names = ("hazard", "class_share", "keep_share")
        pairs += [(getattr(self.laws, n), getattr(other.laws, n)) for n in names]
        return alike and all(np.array_equal(a, b) for a, b in pairs)

    @cached_property
    def at_once(self) -> Laws:
        """The laws as the cohort solution takes them."""
        ((_, laws),) = draws_at_once(self.laws, BLOCK)
        return laws

    @cached_property
    def shape(self) -> Shape:
        """What cohorts need of the staircase."""
        return shape_of(self.plan.stairs)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Steps that children arrive on from outside."""
        return tuple(self.plan.scenario.inflow)

    @cached_property
    def profile(self) -> Floats:
        """(age, step). Shares of the arrivals by age in months."""
        return arrival_profiles(self.plan, self.entries)[0]

    @cached_property
    def documented(self) -> tuple[int, ...]:
        """Steps whose children are counted."""
        return tuple(self.plan.step(name) for name in self.plan.scenario.stock.children)

    @cached_property
    def step_of(self) -> Ints:
        """(entry). The step that it comes to."""
        return np.array([self.plan.step(entry) for entry in self.entries], dtype=np.int64)

    @cached_property
    def stocks_of_one(self) -> Floats:
        """(draw, step, entry) children in balance with one arrival a month."""
        asked = np.array(self.documented, dtype=np.int64)
        return unit_stocks(self.plan.stairs, self.laws, self.profile, self.step_of, asked)

    @cached_property
    def arrivals(self) -> Floats:
        """(draw, step) arrivals a month that keep the documented stock, as in a run."""
        wanted = np.array(list(self.plan.scenario.stock.children.values()), dtype=np.float64)
        number = np.zeros((self.draws.count, len(self.plan.steps)))
        for draw, stocks in enumerate(self.stocks_of_one[:, list(self.documented)]):
            number[draw, self.step_of] = nearest_arrivals(stocks, wanted, wanted)
        return number

    def settled(self, frailty: int) -> Motion:
        """Return how one class moves."""
        n_ages = self.plan.stairs.n_start_ages
        motion = motion_of(self.plan.stairs, self.at_once, n_ages)
        settle(self.shape, self.at_once, frailty, motion)
        return motion

    @cached_property
    def motions(self) -> tuple[Motion, ...]:
        """How each class moves."""
        return tuple(self.settled(g) for g in range(self.plan.stairs.n_classes))

    def room(self) -> Life:
        """Return room for the life of a cohort."""
        return nobody(self.plan.stairs, self.at_once, self.plan.stairs.n_start_ages)

    @cached_property
    def by_year(self) -> tuple[Floats, ...]:
        """By class: (year of age, step, time band, draw) children; sums over months of age."""
        stairs, found = self.plan.stairs, []
        life = self.room()
        for g, motion in enumerate(self.motions):
            life.coming[:] = self.arrivals.T
            live(self.shape, motion, life, self.profile, life.coming, 0, stairs.n_start_ages)
            starts = np.arange(0, stairs.n_start_ages, 12)
            mass = np.add.reduceat(life.mass, starts, axis=0) * self.at_once.class_share[:, g]
            shape = (starts.size, len(self.plan.steps), stairs.n_time_bands, self.draws.count)
            found.append(mass.reshape(shape))
        return tuple(found)

    @cached_property
    def stock(self) -> Floats:
        """(year of age, step, draw) children."""
        return np.asarray(sum(mass.sum(axis=2) for mass in self.by_year))

    @cached_property
    def year_later(self) -> Floats:
        """(draw, step, step) children on a placement now, by where they are a year later."""
        start = np.where(self.placed, self.stock.sum(axis=0).T, 0.0)
        worlds = start[:, :, None] * np.eye(len(self.plan.steps))[:, self.placed]
        left = leftovers(self.plan.stairs, self.laws, self.profile, self.arrivals, worlds, _SPACING)
        found = np.zeros((self.draws.count, len(self.plan.steps), len(self.plan.steps)))
        found[:, self.placed] = np.moveaxis(left[:, 1].sum(axis=2), 2, 1)
        return found

    @cached_property
    def rows(self) -> Ints:
        """(age in months). Row of the rates: age band and effect age band."""
        ages = self.plan.stairs.ages
        n_effect_bands = self.plan.stairs.reach_touches.shape[2]
        return np.asarray(ages["band"] * n_effect_bands + ages["effect_band"], dtype=np.int64)

    def flows(self, frailty: int, rows: Ints) -> Floats:
        """Return (row asked for, move, time band, draw) probabilities of each move in a month."""
        n_times = self.plan.stairs.n_time_bands
        flow = self.motions[frailty].rates.flow[0][rows]
        return np.asarray(flow.reshape(rows.size, -1, n_times, self.draws.count))

    @cached_property
    def moved_by_class(self) -> tuple[Floats, ...]:
        """By class: (year of age, move, draw) moves a month."""
        origin = self.origins
        return tuple(
            (mass[:, origin] * self.flows(g, self.rows[: 12 * len(mass) : 12])).sum(axis=2)
            for g, mass in enumerate(self.by_year)
        )

    @cached_property
    def moved(self) -> Floats:
        """(year of age, move, draw) moves a month, of all classes."""
        return np.asarray(sum(self.moved_by_class))

    @cached_property
    def origins(self) -> Ints:
        """(move). The step it leaves."""
        moves = self.plan.scenario.moves.values()
        return np.array([self.plan.step(move.from_step) for move in moves], dtype=np.int64)

    @cached_property
    def destinations(self) -> Ints:
        """(move). The step it leads to."""
        return np.asarray(self.plan.stairs.moves["destination"], dtype=np.int64)

    @cached_property
    def placed(self) -> NDArray[np.bool_]:
        """(step). Placements."""
        return self.kind("placement")

    @cached_property
    def home_again(self) -> NDArray[np.bool_]:
        """(step). Home after a placement."""
        return self.kind("closed_after_placement")

    @cached_property
    def is_breakdown(self) -> NDArray[np.bool_]:
        """(move)."""
        return np.asarray(self.plan.stairs.moves["planned"] == 0)

    def kind(self, kind: str) -> NDArray[np.bool_]:
        """Return (step) whether it is of a kind."""
        return np.array([step.kind == kind for step in self.plan.scenario.steps.values()])

    @cached_property
    def arrived(self) -> Floats:
        """(year of age, step, draw) arrivals a month from outside."""
        starts = np.arange(0, self.plan.stairs.n_start_ages, 12)
        by_year = np.add.reduceat(self.profile[: self.plan.stairs.n_start_ages], starts, axis=0)
        return np.asarray(by_year[:, :, None] * self.arrivals.T[None])
