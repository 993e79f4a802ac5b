"""Scenario -> plan: what all draws share, as integer arrays, beside the names they stand for."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.layout import Staircase
from stepdown.scenario.classes import group_of, is_undetected, targets_of
from stepdown.scenario.kinds import MoveClass
from stepdown.scenario.levers import Interaction
from stepdown.scenario.model import Effect, Investment, Scenario, Strategy
from stepdown.scenario.own import multiplies_probabilities, own_figures, own_rows
from stepdown.scenario.own_figures import OwnFigures, Period
from stepdown.scenario.probabilities import certain_steps
from stepdown.staircase import NEVER, age_limits, bare_staircase, make_staircase

__all__ = ["Column", "Plan", "ReachedEffect", "SteadyEffect", "TogetherEffect", "make_plan"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """Moves that every strategy multiplies alike."""

    group: MoveClass
    moves: tuple[str, ...]
    is_certain: bool
    """Their step is left with probability 1, or not at all, in every band: nothing acts on it."""
    is_undetected: bool
    """The moves leave a step of need: no lever works on them but detection."""


@dataclass(frozen=True)
class SteadyEffect:
    """An effect of one strategy on every eligible child."""

    strategy: int
    investment: Investment
    effect: Effect
    touches: NDArray[np.bool_]
    """(column, effect age band)."""


@dataclass(frozen=True)
class TogetherEffect:
    """What two levers of one strategy do together beyond their product."""

    strategy: int
    interaction: Interaction
    touches: NDArray[np.bool_]
    """(column, effect age band)."""


@dataclass(frozen=True)
class ReachedEffect:
    """An effect with limited reach; strategies that share its name share its children."""

    name: str
    by_strategy: tuple[tuple[int, Investment, Effect], ...]
    touches: NDArray[np.bool_]
    """(column, effect age band)."""


@dataclass(frozen=True)
class Plan:
    """The shape of a scenario: index <-> name, and the arrays of the kernel."""

    scenario: Scenario
    stairs: Staircase
    steps: tuple[str, ...]
    moves: tuple[str, ...]
    birthdays: tuple[int, ...]
    """Ages in years."""
    strategies: tuple[str, ...]
    """The baseline, then the file's."""
    columns: tuple[Column, ...]
    steady: tuple[SteadyEffect, ...]
    together: tuple[TogetherEffect, ...]
    reached: tuple[ReachedEffect, ...]
    first_year: int
    effect_edges: Ints
    """First age of each effect age band, in cycles."""

    @property
    def n_years(self) -> int:
        """Calendar years from the start of the clock."""
        return int(self.stairs.months["year"][-1]) + 1

    @property
    def cycles_per_year(self) -> int:
        """12, or 1 in published cases."""
        return 12 // self.scenario.clock.cycle_months

    def month(self, date: str) -> int:
        """Return the cycle a month ("2018-01") falls in, counted from the start of the clock."""
        months = (int(date[:4]) - self.first_year) * 12 + int(date[5:7]) - 1
        return months // self.scenario.clock.cycle_months

    def step(self, name: str) -> int:
        """Return the index of a step."""
        return self.steps.index(name)

    def own_by_year(self, strategy: Strategy) -> list[tuple[slice, OwnFigures]]:
        """Return a strategy's own figures with the years they hold in, counted from the first."""
        return [(self._years(own), own) for own in own_figures(strategy)]

    def months_of(self, years: slice) -> slice:
        """Return the cycles of some years."""
        per_year = self.cycles_per_year
        return slice(years.start * per_year, years.stop * per_year)

    def _years(self, own: OwnFigures) -> slice:
        if not isinstance(own, Period):
            return slice(0, self.n_years)
        last = self.n_years - 1 if own.to_year is None else own.to_year - self.first_year
        return slice(max(own.from_year - self.first_year, 0), min(last + 1, self.n_years))


def make_plan(scenario: Scenario) -> Plan:
    """Lay out a checked scenario."""
    per_year = 12 // scenario.clock.cycle_months
    first_year = int(scenario.clock.starts[:4])
    last_year = scenario.clock.first_budget_year + scenario.clock.n_budget_years
    n_months = (last_year - first_year) * per_year
    strategies = ("baseline", *scenario.strategies)
    columns = _columns(scenario)
    edges = _effect_edges(scenario, per_year)
    steady, reached = _effects(scenario, columns, edges, per_year)
    if scenario.has_staircase:
        stairs = make_staircase(scenario, n_months, [column.moves for column in columns], edges)
    else:
        stairs = bare_staircase(scenario, n_months)
    stairs = stairs._replace(
        reach_key=np.array([_name_key(effect.name) for effect in reached], dtype=np.int64),
        reach_touches=np.array([effect.touches for effect in reached], dtype=bool).reshape(
            len(reached), len(columns), len(edges)
        ),
    )
    return Plan(
        scenario=scenario,
        stairs=stairs,
        steps=tuple(scenario.steps),
        moves=tuple(scenario.moves),
        birthdays=tuple(sorted(int(age) for age in scenario.birthdays)),
        strategies=strategies,
        columns=columns,
        steady=steady,
        together=_together(scenario, columns, len(edges)),
        reached=reached,
        first_year=first_year,
        effect_edges=edges,
    )


def _columns(scenario: Scenario) -> tuple[Column, ...]:
    """Gather the moves that no strategy tells apart."""
    certain = certain_steps(scenario)
    overridden = _overridden(scenario)
    gathered: dict[tuple[object, ...], list[str]] = {}
    for name, move in scenario.moves.items():
        touching = tuple(
            (strategy, investment, effect)
            for strategy, s in scenario.strategies.items()
            for investment, i in s.investments.items()
            for effect, e in i.effects.items()
            if e.inflow_ratio is None and name in targets_of(scenario, e.on)
        ) + tuple(
            (strategy, "interactions", interaction)
            for strategy, s in scenario.strategies.items()
            for interaction, i in s.interactions.items()
            if name in targets_of(scenario, i.on)
        )
        own = name if move.from_step in overridden else None
        hidden = is_undetected(scenario, move)
        signature = (group_of(scenario, move), touching, own, move.from_step in certain, hidden)
        gathered.setdefault(signature, []).append(name)
    return tuple(
        Column(
            group_of(scenario, scenario.moves[moves[0]]),
            tuple(moves),
            bool(signature[3]),
            bool(signature[4]),
        )
        for signature, moves in gathered.items()
    )


def _overridden(scenario: Scenario) -> set[str]:
    """Return the steps that some strategy leaves by probabilities of its own."""
    return {step for s in scenario.strategies.values() for step in own_rows(scenario, s)}


def _effect_edges(scenario: Scenario, per_year: int) -> Ints:
    edges = {0}
    overridden = _overridden(scenario)
    if any(m.by_age is not None and m.from_step in overridden for m in scenario.moves.values()):
        edges |= {age_limits(band, per_year)[0] for band in scenario.bands.ages}
    for strategy in scenario.strategies.values():
        for investment in strategy.investments.values():
            for effect in investment.effects.values():
                if effect.ages is not None:
                    edges |= set(age_limits(effect.ages, per_year))
    return np.array(sorted(edge for edge in edges if edge < NEVER), dtype=np.int64)


def _effects(
    scenario: Scenario, columns: tuple[Column, ...], edges: Ints, per_year: int
) -> tuple[tuple[SteadyEffect, ...], tuple[ReachedEffect, ...]]:
    steady: list[SteadyEffect] = []
    reached: dict[str, list[tuple[int, Investment, Effect]]] = {}
    touches_of: dict[str, NDArray[np.bool_]] = {}
    for index, strategy in enumerate(scenario.strategies.values(), start=1):
        for investment_name, investment in strategy.investments.items():
            for effect_name, effect in investment.effects.items():
                if effect.inflow_ratio is not None or multiplies_probabilities(effect):
                    continue
                touches = _touches(scenario, effect, columns, edges, per_year)
                if effect.reach is None:
                    steady.append(SteadyEffect(index, investment, effect, touches))
                    continue
                # The same effect on other moves or ages is another effect: it has other children.
                shape = hashlib.sha256(touches.tobytes()).hexdigest()[:8]
                name = f"{investment_name}.{effect_name}"
                if name in touches_of and not np.array_equal(touches_of[name], touches):
                    name = f"{name}.{shape}"
                touches_of[name] = touches
                reached.setdefault(name, []).append((index, investment, effect))
    return tuple(steady), tuple(
        ReachedEffect(name, tuple(uses), touches_of[name]) for name, uses in reached.items()
    )


def _together(
    scenario: Scenario, columns: tuple[Column, ...], n_bands: int
) -> tuple[TogetherEffect, ...]:
    found = []
    for index, strategy in enumerate(scenario.strategies.values(), start=1):
        for interaction in strategy.interactions.values():
            touched = targets_of(scenario, interaction.on)
            in_columns = np.array([column.moves[0] in touched for column in columns])
            touches = np.repeat(in_columns[:, None], n_bands, axis=1)
            found.append(TogetherEffect(index, interaction, touches))
    return tuple(found)


def _touches(
    scenario: Scenario, effect: Effect, columns: tuple[Column, ...], edges: Ints, per_year: int
) -> NDArray[np.bool_]:
    touched = targets_of(scenario, effect.on)
    low, high = age_limits(effect.ages, per_year) if effect.ages else (0, NEVER)
    in_ages = (edges >= low) & (edges < high)
    in_columns = np.array([column.moves[0] in touched for column in columns])
    return in_columns[:, None] & in_ages[None, :]


def _name_key(name: str) -> int:
    """Return 32 bits of a hash of a name."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little")
