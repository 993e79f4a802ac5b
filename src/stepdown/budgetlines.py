"""What published budget lines save and cost: a profile, times a drawn share, a drawn delay later.

No child stands behind a budget line, so nothing of it is luck: there is one figure for each draw.
Investment is taken as published. A residual is never drawn, and saves nothing here.

Decision: docs/decisions/0013-budget-lines.md.
"""

import numpy as np
from numpy.typing import NDArray

from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.budget_model import BudgetLine
from stepdown.scenario.quantity import YearRow

__all__ = ["by_strategy", "line_investments", "line_savings", "published_savings"]

Floats = NDArray[np.float64]


def line_savings(plan: Plan, draws: Draws) -> Floats:
    """Return what each budget line saves, (line, draw, year, payer) [DKK, price level].

    The saving of a year is the realised share times the published profile of the delay earlier,
    read linearly between the years; before its first year a profile is 0, after its last it goes
    on as its `after` says. A residual is 0 here.
    """
    payers = list(plan.scenario.payers)
    lines = plan.scenario.budget_lines.values()
    found = np.zeros((len(lines), draws.count, plan.n_years, len(payers)))
    for index, line in enumerate(lines):
        if line.kind == "residual":
            continue
        for payer, row in line.saving.items():
            found[index, :, :, payers.index(payer)] = _realised(plan, draws, line, row)
    return found


def line_investments(plan: Plan) -> Floats:
    """Return what each budget line costs, (line, year, payer) [DKK, price level], as published."""
    lines = plan.scenario.budget_lines.values()
    return _amounts(plan, [line.investment for line in lines])


def published_savings(plan: Plan) -> Floats:
    """Return what each budget line promises, (line, year, payer) [DKK, price level].

    A row promises nothing in a year that it does not name, even where it goes on after its last.
    """
    named = {"after": "zero"}
    lines = plan.scenario.budget_lines.values()
    return _amounts(
        plan,
        [{p: row.model_copy(update=named) for p, row in line.saving.items()} for line in lines],
    )


def by_strategy(plan: Plan, amounts: Floats) -> Floats:
    """Sum lines by strategy, (line, ...) -> (strategy, ...); the baseline has none."""
    found = np.zeros((len(plan.strategies), *amounts.shape[1:]))
    for index, line in enumerate(plan.scenario.budget_lines.values()):
        for strategy in line.strategies:
            found[plan.strategies.index(strategy)] += amounts[index]
    return found


def _realised(plan: Plan, draws: Draws, line: BudgetLine, row: YearRow) -> Floats:
    """Return the share of a row that comes true, its delay later, (draw, year) [DKK]."""
    assert line.realised_share is not None, "own invariant: a checked saving has a share"
    assert line.delay_months is not None, "own invariant: a checked saving has a delay"
    delay = draws.of(line.delay_months) / 12
    whole = np.floor(delay).astype(np.int64)
    part = (delay - whole)[:, None]
    longest = int(whole.max(initial=0)) + 1
    years = plan.first_year + np.arange(-longest, plan.n_years)
    profile = np.array([row.amount(int(year)) for year in years])
    at = np.arange(plan.n_years)[None, :] + longest - whole[:, None]
    now, before = profile[at], profile[at - 1]
    # Not (1 - part) x now + part x before: a constant row must stay what it is to the last bit.
    return np.asarray(draws.of(line.realised_share)[:, None] * (now + part * (before - now)))


def _amounts(plan: Plan, rows_by_payer: list[dict[str, YearRow]]) -> Floats:
    payers = list(plan.scenario.payers)
    found = np.zeros((len(rows_by_payer), plan.n_years, len(payers)))
    for index, rows in enumerate(rows_by_payer):
        for payer, row in rows.items():
            found[index, :, payers.index(payer)] = [
                row.amount(plan.first_year + year) for year in range(plan.n_years)
            ]
    return found
