"""A checked scenario -> the arrays of its staircase: what all draws share, in the kernel's form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stepdown.kernel.layout import AGE, BAND, BIRTHDAY, MONTH, MOVE, STEP, TIME, Staircase
from stepdown.scenario.model import Scenario

__all__ = [
    "NEVER",
    "age_limits",
    "bare_staircase",
    "history_groups",
    "make_staircase",
    "placed_edges",
]

Ints = NDArray[np.int64]

NEVER = 1 << 30
"""Beyond any age or time, in cycles."""


def age_limits(band: str, per_year: int) -> tuple[int, int]:
    """Return the first age of a band and the first beyond it, in cycles."""
    low, _, high = band.partition("-")
    return int(low) * per_year, (int(high) + 1) * per_year if high else NEVER


def make_staircase(
    scenario: Scenario, n_months: int, columns: Sequence[Sequence[str]], effect_edges: Ints
) -> Staircase:
    """Lay out a scenario without effects of limited reach.

    Parameters
    ----------
    n_months
        Cycles to walk.
    columns
        The moves of each column of multipliers.
    effect_edges
        First age of each age band of effects, in cycles, from 0.
    """
    per_year = 12 // scenario.clock.cycle_months
    names = list(scenario.steps)
    bands = [age_limits(band, per_year) for band in scenario.bands.ages]
    birthdays = sorted(int(age) * per_year for age in scenario.birthdays)
    months_on_step = [int(b.partition("-")[0]) for b in scenario.bands.months_on_step]
    time_edge = np.array([*months_on_step, NEVER])
    span = _span(scenario, [*birthdays, *effect_edges.tolist()], n_months)
    age = np.arange(span.in_all)
    by_step = [
        [i for i, m in enumerate(scenario.moves.values()) if m.from_step == name] for name in names
    ]
    n_slots = max(1, *(len(own) for own in by_step))
    column_of = {move: i for i, moves in enumerate(columns) for move in moves}
    to = [names.index(move.to_step) for move in scenario.moves.values()]
    return Staircase(
        n_months=n_months,
        n_strategies=1 + len(scenario.strategies),
        n_age_bands=len(bands),
        n_time_bands=len(months_on_step),
        n_classes=len(scenario.frailty.shares) if scenario.frailty else 1,
        n_start_ages=span.at_start,
        pooled_from=span.pooled_from,
        ages=_ages(age, [low for low, _ in bands], birthdays, effect_edges),
        times=_records(TIME, _band(time_edge, age), _until_next(time_edge, age)),
        time_edge=time_edge,
        steps=_steps(scenario, by_step),
        moves_from=np.array([own + [-1] * (n_slots - len(own)) for own in by_step]),
        moves=_records(
            MOVE,
            np.array(to),
            np.array([column_of[n] for n in scenario.moves]),
            np.array([move.planned for move in scenario.moves.values()]),
        ),
        birthdays=_birthdays(scenario, [age // per_year for age in birthdays]),
        months=_months(n_months, per_year, _periods(scenario, n_months)),
        bands=_records(
            BAND,
            np.array([low for low, _ in bands]),
            np.array([min(high, max(span.newcomers, low + 1)) - low for low, high in bands]),
        ),
        reach_key=np.zeros(0, dtype=np.int64),
        reach_touches=np.zeros((0, len(columns), len(effect_edges)), dtype=bool),
        overflow=_overflow(scenario),
        placed_edge=placed_edges(scenario),
        follows_money=bool(scenario.reimbursement)
        or any(step.price_spread for step in scenario.steps.values()),
        keeps_occupied=any(step.notice_months for step in scenario.steps.values()),
    )


def bare_staircase(scenario: Scenario, n_months: int) -> Staircase:
    """Return the staircase of budget lines alone: months, and nothing that anybody walks on."""
    per_year = 12 // scenario.clock.cycle_months
    none = np.zeros(0, dtype=np.int64)
    return Staircase(
        n_months=n_months,
        n_strategies=1 + len(scenario.strategies),
        n_age_bands=0,
        n_time_bands=0,
        n_classes=1,
        n_start_ages=0,
        pooled_from=0,
        ages=np.zeros(0, dtype=AGE),
        times=np.zeros(0, dtype=TIME),
        time_edge=none,
        steps=np.zeros(0, dtype=STEP),
        moves_from=none.reshape(0, 1),
        moves=np.zeros(0, dtype=MOVE),
        birthdays=np.zeros((0, 0), dtype=BIRTHDAY),
        months=_months(n_months, per_year, np.zeros(n_months, dtype=np.int64)),
        bands=np.zeros(0, dtype=BAND),
        reach_key=none,
        reach_touches=np.zeros((0, 0, 0), dtype=bool),
        overflow=none,
        placed_edge=none,
        follows_money=False,
        keeps_occupied=False,
    )


def _ages(age: Ints, lows: list[int], birthdays: list[int], effect_edges: Ints) -> NDArray[Any]:
    stops = np.unique([*lows, *birthdays, *effect_edges, NEVER])
    numbers = [birthdays.index(int(a)) if a in birthdays else -1 for a in age]
    return _records(
        AGE,
        np.clip(_band(np.array(lows), age), 0, None),
        _until_next(stops, age),
        np.array(numbers),
        _band(effect_edges, age),
    )


def _band(edges: Ints, at: Ints) -> Ints:
    return np.asarray(np.searchsorted(edges, at, side="right") - 1)


def _until_next(edges: Ints, at: Ints) -> Ints:
    return np.asarray(edges[np.searchsorted(edges, at, side="right")] - at)


def _steps(scenario: Scenario, by_step: list[list[int]]) -> NDArray[Any]:
    kinds = [step.kind for step in scenario.steps.values()]
    # Whose case is closed grows up too, where adult life is followed.
    goes_on = scenario.adult_life is not None
    absorbing = [
        kind == "exit" and not own and not goes_on for kind, own in zip(kinds, by_step, strict=True)
    ]
    groups = history_groups(scenario)
    ranks = [
        next((i for i, group in enumerate(groups) if name in group), 0) for name in scenario.steps
    ]
    placed = [kind == "placement" for kind in kinds]
    return _records(STEP, np.array(absorbing), np.array(ranks), np.array(placed))


def history_groups(scenario: Scenario) -> list[tuple[str, ...]]:
    """Return the groups of steps that adult life tells apart, from the lowest."""
    if scenario.adult_life is None:
        return []
    return list(dict.fromkeys(entry.highest for entry in scenario.adult_life.entry))


def placed_edges(scenario: Scenario) -> Ints:
    """Return the first month of each band of months placed."""
    if scenario.adult_life is None:
        return np.zeros(1, dtype=np.int64)
    bands = dict.fromkeys(entry.months_placed for entry in scenario.adult_life.entry)
    return np.array([int(band.partition("-")[0]) for band in bands], dtype=np.int64)


def _overflow(scenario: Scenario) -> Ints:
    """Return by step where it sends whom it refuses, or -1."""
    names = list(scenario.steps)
    found = np.full(len(names), -1, dtype=np.int64)
    for name, capacity in scenario.capacity.items():
        if capacity.overflow is not None:
            found[names.index(name)] = names.index(capacity.overflow)
    return found


def _birthdays(scenario: Scenario, years: list[int]) -> NDArray[Any]:
    """Return where each birthday leads from each step; exits and adult steps keep theirs."""
    names = list(scenario.steps)
    stays = ("exit", "adult")
    leave_to = [
        [
            names.index(name if step.kind in stays else scenario.birthdays[str(year)].leave_to)
            for name, step in scenario.steps.items()
        ]
        for year in years
    ]
    shape = (len(years), len(names))
    keep_to = np.tile(np.arange(len(names)), (len(years), 1)).reshape(shape)
    enters = [
        scenario.adult_life is not None and step.kind != "adult" for step in scenario.steps.values()
    ]
    by_history = np.tile(np.array(enters, dtype=np.int64), (len(years), 1)).reshape(shape)
    return _records(
        BIRTHDAY, keep_to, np.array(leave_to, dtype=np.int64).reshape(shape), by_history
    )


@dataclass(frozen=True)
class _Span:
    """Ages in cycles: how many there are."""

    at_start: int
    """A child can have at the start; with the past of the pooled."""
    pooled_from: int
    """Children at the start can have, of whom each age is followed."""
    in_all: int
    """A child can have on a live step at any time."""
    newcomers: int
    """A child can have when it comes in an open band; it comes at the band's first age if fewer."""


def _span(scenario: Scenario, edges: list[int], n_months: int) -> _Span:
    """Return how old children may be; `edges` are ages at which something changes."""
    per_year = 12 // scenario.clock.cycle_months
    last = max((int(age) for age in scenario.birthdays), default=None)
    if last is not None and not scenario.birthdays[str(last)].goes_on:
        grown = n_months + 2 if scenario.adult_life is not None else 0
        oldest = last * per_year + 1
        return _Span(oldest, oldest, oldest + grown, oldest)
    low, top = age_limits(scenario.bands.ages[-1], per_year)
    oldest = low if top == NEVER else top
    if scenario.stock.age_years is not None:
        oldest = max(oldest, scenario.stock.age_years * per_year + 1)
        return _Span(oldest, oldest, oldest + n_months + 2, oldest)
    # From here on rates depend on the time on the step alone. The pooled have a past as long as a
    # band of it can be, and so have those of the last ages before them.
    longest = int(scenario.bands.months_on_step[-1].partition("-")[0])
    pooled = max(oldest, *edges) + longest + 1
    at_start = pooled + longest + 1
    return _Span(at_start, pooled, at_start + n_months + 2, oldest)


def _months(n_months: int, per_year: int, periods: Ints) -> NDArray[Any]:
    year = np.arange(n_months) // per_year
    return _records(MONTH, year, periods, (year + 1) * per_year)


def _periods(scenario: Scenario, n_months: int) -> Ints:
    """Return the periods of constant arrivals: months, years where the stock grows, else one."""
    if any(
        effect.inflow_ratio is not None
        for strategy in scenario.strategies.values()
        for investment in strategy.investments.values()
        for effect in investment.effects.values()
    ):
        return np.arange(n_months)
    if scenario.growth is not None or scenario.stock_later:
        return np.arange(n_months) * scenario.clock.cycle_months // 12
    return np.zeros(n_months, dtype=np.int64)


def _records(kind: np.dtype[Any], *fields: NDArray[Any]) -> NDArray[Any]:
    """Return a structured array of the kind, its fields given in order."""
    assert kind.names is not None, "own invariant: the layouts are structured"
    records = np.zeros(fields[0].shape, dtype=kind)
    for name, values in zip(kind.names, fields, strict=True):
        records[name] = values
    return records
