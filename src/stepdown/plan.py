"""Scenario -> plan: what all draws share, as integer arrays, beside the names they stand for."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.layout import AGE, BAND, BIRTHDAY, MONTH, MOVE, STEP, TIME, Staircase
from stepdown.scenario.classes import group_of, targets_of
from stepdown.scenario.model import Effect, Investment, MoveClass, Scenario

__all__ = ["Column", "Plan", "ReachedEffect", "SteadyEffect", "make_plan"]

Ints = NDArray[np.int64]
_NEVER = 1 << 30


@dataclass(frozen=True)
class Column:
    """Moves that every strategy multiplies alike."""

    group: MoveClass
    moves: tuple[str, ...]
    is_certain: bool
    """The moves leave a step with probability 1: they take no multiplier."""


@dataclass(frozen=True)
class SteadyEffect:
    """An effect of one strategy on every eligible child."""

    strategy: int
    investment: Investment
    effect: Effect
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
    stairs = _staircase(scenario, per_year, n_months, columns, edges, reached)
    return Plan(
        scenario=scenario,
        stairs=stairs,
        steps=tuple(scenario.steps),
        moves=tuple(scenario.moves),
        birthdays=tuple(sorted(int(age) for age in scenario.birthdays)),
        strategies=strategies,
        columns=columns,
        steady=steady,
        reached=reached,
        first_year=first_year,
        effect_edges=edges,
    )


def _columns(scenario: Scenario) -> tuple[Column, ...]:
    """Gather the moves that no strategy tells apart."""
    certain = _certain_steps(scenario)
    overridden = {
        scenario.moves[move].from_step
        for strategy in scenario.strategies.values()
        for move in strategy.probabilities
    }
    gathered: dict[tuple[object, ...], list[str]] = {}
    for name, move in scenario.moves.items():
        touching = tuple(
            (strategy, investment, effect)
            for strategy, s in scenario.strategies.items()
            for investment, i in s.investments.items()
            for effect, e in i.effects.items()
            if e.inflow_ratio is None and name in targets_of(scenario, e.on)
        )
        own = name if move.from_step in overridden else None
        signature = (group_of(scenario, move), touching, own, move.from_step in certain)
        gathered.setdefault(signature, []).append(name)
    return tuple(
        Column(group_of(scenario, scenario.moves[moves[0]]), tuple(moves), bool(signature[3]))
        for signature, moves in gathered.items()
    )


def _certain_steps(scenario: Scenario) -> set[str]:
    """Return the steps that are left with probability 1 in every cycle."""
    leaving: dict[str, float] = {}
    for move in scenario.moves.values():
        if move.probability is not None and move.probability.value is not None:
            leaving[move.from_step] = leaving.get(move.from_step, 0.0) + move.probability.value
    return {step for step, total in leaving.items() if total >= 1 - 1e-12}


def age_limits(band: str, per_year: int) -> tuple[int, int]:
    """Return the first age of a band and the first beyond it, in cycles."""
    low, _, high = band.partition("-")
    return int(low) * per_year, (int(high) + 1) * per_year if high else _NEVER


def _effect_edges(scenario: Scenario, per_year: int) -> Ints:
    edges = {0}
    for strategy in scenario.strategies.values():
        for investment in strategy.investments.values():
            for effect in investment.effects.values():
                if effect.ages is not None:
                    edges |= set(age_limits(effect.ages, per_year))
    return np.array(sorted(edge for edge in edges if edge < _NEVER), dtype=np.int64)


def _effects(
    scenario: Scenario, columns: tuple[Column, ...], edges: Ints, per_year: int
) -> tuple[tuple[SteadyEffect, ...], tuple[ReachedEffect, ...]]:
    steady: list[SteadyEffect] = []
    reached: dict[str, list[tuple[int, Investment, Effect]]] = {}
    touches_of: dict[str, NDArray[np.bool_]] = {}
    for index, strategy in enumerate(scenario.strategies.values(), start=1):
        for investment_name, investment in strategy.investments.items():
            for effect_name, effect in investment.effects.items():
                if effect.inflow_ratio is not None:
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


def _touches(
    scenario: Scenario, effect: Effect, columns: tuple[Column, ...], edges: Ints, per_year: int
) -> NDArray[np.bool_]:
    touched = targets_of(scenario, effect.on)
    low, high = age_limits(effect.ages, per_year) if effect.ages else (0, _NEVER)
    in_ages = (edges >= low) & (edges < high)
    in_columns = np.array([column.moves[0] in touched for column in columns])
    return in_columns[:, None] & in_ages[None, :]


def _staircase(
    scenario: Scenario,
    per_year: int,
    n_months: int,
    columns: tuple[Column, ...],
    edges: Ints,
    reached: tuple[ReachedEffect, ...],
) -> Staircase:
    steps, moves = list(scenario.steps), scenario.moves
    bands = [age_limits(band, per_year) for band in scenario.bands.ages]
    birthdays = {int(age) * per_year: b for age, b in sorted(_by_age(scenario).items())}
    age = np.arange(_n_ages(scenario, bands, birthdays, n_months, per_year))
    lows = np.array([low for low, _ in bands])
    stops = np.unique([*(low for low, _ in bands), *birthdays, *edges, _NEVER])
    time_edge = np.array(
        [int(band.partition("-")[0]) for band in scenario.bands.months_on_step] + [_NEVER]
    )
    by_step = [[i for i, m in enumerate(moves.values()) if m.from_step == s] for s in steps]
    n_slots = max(1, *(len(own) for own in by_step))
    column_of = {move: i for i, column in enumerate(columns) for move in column.moves}
    leave_to = np.array(
        [[_leaves_to(scenario, b.leave_to, s) for s in steps] for b in birthdays.values()]
    ).reshape(len(birthdays), len(steps))
    year = np.arange(n_months) // per_year
    return Staircase(
        n_months=n_months,
        n_strategies=1 + len(scenario.strategies),
        n_age_bands=len(bands),
        n_time_bands=len(time_edge) - 1,
        ages=_records(
            AGE,
            np.clip(np.searchsorted(lows, age, side="right") - 1, 0, None),
            stops[np.searchsorted(stops, age, side="right")] - age,
            np.array([list(birthdays).index(a) if a in birthdays else -1 for a in age]),
            np.searchsorted(edges, age, side="right") - 1,
        ),
        times=_records(
            TIME,
            np.searchsorted(time_edge, age, side="right") - 1,
            time_edge[np.searchsorted(time_edge, age, side="right")] - age,
        ),
        time_edge=time_edge,
        steps=_records(
            STEP,
            np.array([not own for own in by_step]) & _exits(scenario),
            np.array([step.counts_as_case for step in scenario.steps.values()]),
        ),
        moves_from=np.array([own + [-1] * (n_slots - len(own)) for own in by_step]),
        moves=_records(
            MOVE,
            np.array([steps.index(m.to_step) for m in moves.values()]),
            np.array([column_of[name] for name in moves]),
        ),
        birthdays=_records(
            BIRTHDAY, np.tile(np.arange(len(steps)), (len(birthdays), 1)), leave_to
        ),
        months=_records(MONTH, year, _periods(scenario, year)),
        bands=_records(BAND, lows, np.array([min(high, len(age)) - low for low, high in bands])),
        reach_key=np.array([_name_key(effect.name) for effect in reached], dtype=np.int64),
        reach_touches=np.array([effect.touches for effect in reached], dtype=bool).reshape(
            len(reached), len(columns), len(edges)
        ),
    )


def _records(kind: np.dtype[Any], *fields: NDArray[Any]) -> NDArray[Any]:
    """Return a structured array of the kind, its fields given in order."""
    assert kind.names is not None
    records = np.zeros(fields[0].shape, dtype=kind)
    for name, values in zip(kind.names, fields, strict=True):
        records[name] = values
    return records


def _by_age(scenario: Scenario) -> dict[int, object]:
    return {int(age): birthday for age, birthday in scenario.birthdays.items()}


def _n_ages(
    scenario: Scenario,
    bands: list[tuple[int, int]],
    birthdays: dict[int, object],
    n_months: int,
    per_year: int,
) -> int:
    """Return how many ages a child on a live step can have."""
    top = bands[-1][1]
    last = max(birthdays, default=None)
    if last is not None and not scenario.birthdays[str(last // per_year)].goes_on:
        return last + 1
    oldest = bands[-1][0] if top == _NEVER else top
    return oldest + n_months + 2


def _leaves_to(scenario: Scenario, leave_to: str, step: str) -> int:
    """Return where a birthday leads from a step: those on an exit stay there."""
    steps = list(scenario.steps)
    return steps.index(step if scenario.steps[step].kind == "exit" else leave_to)


def _exits(scenario: Scenario) -> NDArray[np.bool_]:
    return np.array([step.kind == "exit" for step in scenario.steps.values()])


def _inflow_varies(scenario: Scenario) -> bool:
    return any(
        effect.inflow_ratio is not None
        for strategy in scenario.strategies.values()
        for investment in strategy.investments.values()
        for effect in investment.effects.values()
    )


def _periods(scenario: Scenario, year: Ints) -> Ints:
    """Return the periods of constant arrivals: months, years where the stock grows, else one."""
    if _inflow_varies(scenario):
        return np.arange(year.size)
    grows = scenario.growth is not None or scenario.stock_later
    return year if grows else np.zeros_like(year)


def _name_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "little")
