"""What moves cost once, and the named outcomes that they carry.

A move takes effect at an edge. With cycles of a month it is paid in the year in which it was made;
with cycles of a year at its edge, which is counted as the steps that stand on it are.

Decision: docs/decisions/0016-published-cases.md.
"""

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.money import outcome_weights, to_price_level, weighted_sums
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.own import outcome_names, own_figures

__all__ = ["one_off_costs", "outcomes"]

Floats = NDArray[np.float64]
Numbers = NDArray[np.number]


def one_off_costs(plan: Plan, draws: Draws, moves: Numbers) -> Floats | None:
    """Price the moves that cost anything; None where none does.

    Parameters
    ----------
    moves
        (strategy, draw, replicate, year, move or birthday) [moves]. In the year they were made.

    Returns
    -------
        (strategy, draw, replicate, year, payer) [DKK]. Cost, positive.

    Raises
    ------
    RunError
        A drawn cost is negative; names the move and the draw.
    """
    if not _has_one_offs(plan):
        return None
    payers = list(plan.scenario.payers)
    bears = np.zeros((len(plan.moves), len(payers)))
    for index, move in enumerate(plan.scenario.moves.values()):
        if move.payer in payers:
            bears[index, payers.index(move.payer)] = 1.0
    by_payer = _one_offs(plan, draws)[..., None] * bears
    counted = _counted(plan, moves)
    return weighted_sums(counted, by_payer)


def outcomes(plan: Plan, draws: Draws, years: Numbers, moves: Numbers) -> Floats:
    """Sum up the named outcomes of steps and moves.

    Parameters
    ----------
    years
        (strategy, draw, replicate, year, step) [child-years]. Time on each step, as counted.
    moves
        (strategy, draw, replicate, year, move or birthday) [moves]. In the year they were made.

    Returns
    -------
        (strategy, draw, replicate, year, outcome), in the order of `scenario.own.outcome_names`.
    """
    stacked = np.stack(list(outcome_weights(plan, draws).values()))
    found = weighted_sums(years, np.moveaxis(stacked, 0, -1))
    per_move = _move_outcomes(plan, draws)
    if per_move.any():
        counted = _counted(plan, moves)
        found += weighted_sums(counted, np.moveaxis(per_move, 0, -1))
    return found


def _has_one_offs(plan: Plan) -> bool:
    """Tell whether any move of the scenario costs anything, under any strategy."""
    own = (f for s in plan.scenario.strategies.values() for f in own_figures(s))
    return any(m.one_off is not None for m in plan.scenario.moves.values()) or any(
        m.one_off is not None for figures in own for m in figures.moves.values()
    )


def _one_offs(plan: Plan, draws: Draws) -> Floats:
    """Return the one-off cost of each move, (strategy, draw, year, move) [DKK per move]."""
    cost = np.zeros((len(plan.strategies), draws.count, plan.n_years, len(plan.moves)))
    for index, (name, move) in enumerate(plan.scenario.moves.items()):
        if move.one_off is not None:
            cost[:, :, :, index] = to_price_level(plan, draws, move.one_off)[:, None]
        for number, strategy in enumerate(plan.scenario.strategies.values(), start=1):
            for years, figures in plan.own_by_year(strategy):
                own = figures.moves.get(name)
                if own is not None and own.one_off is not None:
                    amount = to_price_level(plan, draws, own.one_off)
                    cost[number, :, years, index] = amount[:, None]
    bad = np.argwhere(cost < 0)
    if bad.size:
        draw, move_index = bad[0][1], bad[0][3]
        raise RunError(
            f"draw {draws.first + draw}: the one-off cost of {plan.moves[move_index]} is "
            f"{cost[tuple(bad[0])]:.0f} kr.; a cost is >= 0. Use a distribution without negative "
            "values."
        )
    return cost


def _counted(plan: Plan, moves: Numbers) -> Floats:
    """Return the moves paid for in each year, without departures at birthdays.

    With cycles of a year and a counting of opening edges, a move is counted with the cycle that
    its edge opens; those of the last cycle fall beyond the horizon.
    """
    made = np.asarray(moves[..., : len(plan.moves)], dtype=np.float64)
    counting = plan.scenario.money.counting
    if plan.cycles_per_year > 1 or counting == "end":
        return made
    entered = np.zeros_like(made)
    entered[..., 1:, :] = made[..., :-1, :]
    if counting == "half":
        return (made + entered) / 2
    weights: Floats = np.array(plan.scenario.money.weights or 1.0).reshape(-1, 1)
    return entered * weights


def _move_outcomes(plan: Plan, draws: Draws) -> Floats:
    """Return the outcome weights of moves, (outcome, strategy, draw, year, move) per move."""
    names = outcome_names(plan.scenario)
    shape = (len(names), len(plan.strategies), draws.count, plan.n_years, len(plan.moves))
    weights = np.zeros(shape)
    for index, (move_name, move) in enumerate(plan.scenario.moves.items()):
        for name, weight in move.outcomes.items():
            weights[names.index(name), :, :, :, index] = draws.of(weight)[:, None]
        for number, strategy in enumerate(plan.scenario.strategies.values(), start=1):
            for years, figures in plan.own_by_year(strategy):
                own = figures.moves.get(move_name)
                for name, weight in own.outcomes.items() if own is not None else ():
                    at = weights[names.index(name), number]
                    at[:, years, index] = draws.of(weight)[:, None]
    return weights
