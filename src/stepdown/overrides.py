"""A strategy's own probabilities of leaving a step -> log ratios of hazards by month.

Own probabilities, those of some years only, and ratios that multiply probabilities per cycle all
change a whole row: the complement stays on the step, and the hazard of each move depends on the
sum. So the row is made for every month as the strategy has it, turned into hazards, and compared
with the baseline's.

Decision: docs/decisions/0016-published-cases.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.kernel.build import CERTAIN
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.classes import targets_of
from stepdown.scenario.model import Effect, Investment, Strategy
from stepdown.scenario.own import multiplies_probabilities, own_rows
from stepdown.scenario.probabilities import ROUNDING
from stepdown.staircase import NEVER, age_limits
from stepdown.timing import weights

__all__ = ["Override", "check_sums", "from_probabilities", "overrides_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Override:
    """What multiplies one move at some ages under a strategy that has its own probabilities."""

    strategy: int
    touches: NDArray[np.bool_]
    """(column, effect age band)."""
    log_ratio: Floats
    """(draw, month)."""


@dataclass(frozen=True)
class _Row:
    """The moves that leave a step under one strategy."""

    name: str
    """Of the strategy."""
    strategy: Strategy
    step: str
    moves: tuple[int, ...]


def from_probabilities(p: Floats, certain: float = CERTAIN) -> Floats:
    """Turn (draw, move, ...) probabilities of leaving one step into hazards per cycle.

    Their sum is at most 1; where it is 1 the hazard is `certain`.
    """
    total = p.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = -np.log1p(-np.minimum(total, 1.0))
        hazard = np.where(total >= 1 - ROUNDING, certain, hazard)
        return np.where(total > 0, hazard * p / total, 0.0)


def check_sums(p: Floats, leaving: str, moves: Sequence[str], first_draw: int) -> None:
    """Refuse (draw, move, ...) probabilities that are negative or add up to more than 1.

    Raises
    ------
    RunError
        Names the draw, what is left (`leaving`: a step in a band, or under a strategy), and what
        each move has of the sum.
    """
    flat = p.reshape(*p.shape[:2], -1)
    total = flat.sum(axis=1)
    if (total <= 1 + ROUNDING).all() and (p >= 0).all():
        return
    worst = total if (p >= 0).all() else -flat.min(axis=1)
    draw, at = divmod(int(worst.argmax()), worst.shape[1])
    parts = ", ".join(f"{move} {x:g}" for move, x in zip(moves, flat[draw, :, at], strict=True))
    raise RunError(
        f"draw {first_draw + draw}: the probabilities of leaving {leaving} add up to "
        f"{total[draw, at]:g} ({parts}); each is >= 0 and their sum at most 1. Lower the "
        "probabilities, or the factors and ratios on them."
    )


def overrides_of(plan: Plan, draws: Draws, base: Floats) -> list[Override]:
    """Return the strategies' own probabilities as log ratios to the base hazards.

    Parameters
    ----------
    plan, draws
        The scenario laid out, and its numbers.
    base
        (draw, move, age band, time band) [per cycle]. The baseline's hazards.

    Raises
    ------
    RunError
        A row is impossible in some draw, or has a move that the baseline never makes.
    """
    found = []
    for number, (name, strategy) in enumerate(plan.scenario.strategies.items(), start=1):
        for step in own_rows(plan.scenario, strategy):
            moves = tuple(int(m) for m in plan.stairs.moves_from[plan.step(step)] if m >= 0)
            row = _Row(name, strategy, step, moves)
            for age_band, ages in _age_bands(plan, row):
                p = _probabilities(plan, draws, row, age_band, ages)
                names = [plan.moves[move] for move in moves]
                age = plan.scenario.bands.ages[age_band]
                check_sums(p, f"step {step} under {name} at ages {age}", names, draws.first)
                logs = _logs(row, from_probabilities(p), base[:, moves, age_band, 0])
                for position, move in enumerate(moves):
                    column = plan.stairs.moves["column"][move]
                    touches = np.zeros((len(plan.columns), ages.size), bool)
                    touches[column] = ages
                    found.append(Override(number, touches, logs[:, position]))
    return found


def _age_bands(plan: Plan, row: _Row) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield the age bands of effects, each with its age band of rates; one where all are alike."""
    differ = any(plan.scenario.moves[plan.moves[m]].by_age is not None for m in row.moves) or any(
        effect.ages is not None for _, effect in _ratios(row)
    )
    edges = plan.effect_edges
    if not differ:
        yield 0, np.ones(edges.size, bool)
        return
    for number, edge in enumerate(edges):
        band = plan.stairs.ages["band"][min(int(edge), plan.stairs.ages.size - 1)]
        yield int(band), np.arange(edges.size) == number


def _ratios(row: _Row) -> Iterator[tuple[Investment, Effect]]:
    """Yield the strategy's effects that multiply probabilities."""
    for investment in row.strategy.investments.values():
        for effect in investment.effects.values():
            if multiplies_probabilities(effect):
                yield investment, effect


def _probabilities(
    plan: Plan, draws: Draws, row: _Row, age_band: int, ages: NDArray[np.bool_]
) -> Floats:
    """Return the row as the strategy has it, (draw, move, month), at some ages."""
    p = np.empty((draws.count, len(row.moves), plan.stairs.n_months))
    names = [plan.moves[move] for move in row.moves]
    for position, name in enumerate(names):
        move = plan.scenario.moves[name]
        assert move.probability is not None, "own invariant: an own row has probabilities"
        p[:, position] = draws.of(move.probability)[:, None]
        for years, own in plan.own_by_year(row.strategy):
            if name in own.probabilities:
                p[:, position, plan.months_of(years)] = draws.of(own.probabilities[name])[:, None]
        if move.by_age is not None:
            p[:, position] *= move.by_age.factors[plan.scenario.bands.ages[age_band]]
    for investment, effect in _ratios(row):
        assert effect.risk_ratio is not None, "own invariant: such an effect has a risk ratio"
        if not _works_at(plan, effect, ages):
            continue
        ratio = draws.of(effect.risk_ratio)[:, None] ** weights(plan, draws, investment)
        touched = targets_of(plan.scenario, effect.on)
        p[:, [name in touched for name in names]] *= ratio[:, None]
    return p


def _works_at(plan: Plan, effect: Effect, ages: NDArray[np.bool_]) -> bool:
    """Tell whether an effect works in the first of some age bands of effects, and so in all."""
    low, high = age_limits(effect.ages, plan.cycles_per_year) if effect.ages else (0, NEVER)
    return bool(low <= plan.effect_edges[ages][0] < high)


def _logs(row: _Row, hazard: Floats, before: Floats) -> Floats:
    """Return the logs of (draw, move, month) hazards over the baseline's (draw, move)."""
    known = before[:, :, None]
    if ((known == 0) & (hazard > 0)).any():
        raise RunError(
            f"strategy {row.name}: a move from {row.step} that never happens in the "
            "baseline is given a probability. Give the baseline a small one."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(known > 0, np.log(hazard / known), 0.0)
