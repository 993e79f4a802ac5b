"""State reimbursement of especially costly cases (refusion, særligt dyre enkeltsager).

It is not linear in cost: the state pays shares of what one child costs in one calendar year above
thresholds. So cost is summed by child and year, in current prices, before it meets the thresholds
of that year's law. A transfer from the state to the municipality.

Limit: the laws sum the cost of siblings of one household; children here have no siblings, so
refunds are understated, and what a municipality saves by avoiding a dear place is overstated.

Decision: docs/decisions/0015-reimbursement-and-totals.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown.money import growth_from
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.money import Reimbursement

__all__ = ["ReimbursementTables", "refund", "reimbursement_tables", "transfers"]

Floats = NDArray[np.float64]

RECEIVER, GIVER = "municipality", "state"


class ReimbursementTables(NamedTuple):
    """What a walk needs to refund each child: refund = sum of added_share x (cost - edge)+.

    Length 0 in years and bands where the scenario has no law of reimbursement.
    """

    cost_per_month: Floats
    """(draw, strategy, year, step) [DKK per child and month, current prices]. 0 where the price
    does not count: the step is not reimbursable, or another payer bears it."""
    edges: Floats
    """(draw, year, band) [DKK per child and year, current prices]. inf where there is none."""
    added_share: Floats
    """(draw, year, band). What the share rises by at each edge."""


def reimbursement_tables(plan: Plan, draws: Draws, price: Floats) -> ReimbursementTables:
    """Return what is refunded.

    Parameters
    ----------
    price
        (strategy, draw, step) or (strategy, draw, year, step) [DKK per child and month, price
        level], before any child factor.
    """
    laws = plan.scenario.reimbursement
    if not laws:
        none = np.zeros((draws.count, 0, 0))
        shape = (draws.count, len(plan.strategies), 0, len(plan.steps))
        return ReimbursementTables(np.zeros(shape), none, none)
    years = plan.first_year + np.arange(plan.n_years)
    counts = [
        step.reimbursable
        and RECEIVER in (step.payer, plan.scenario.payers[step.payer].part_of)
        and step.kind != "adult"
        for step in plan.scenario.steps.values()
    ]
    level = plan.scenario.money.price_level
    current = np.stack([growth_from(plan, draws, level, int(year)) for year in years], axis=1)
    n_bands = max(len(law.above) for law in laws)
    edges = np.full((draws.count, plan.n_years, n_bands), np.inf)
    added = np.zeros_like(edges)
    for index, year in enumerate(years):
        law = _in_force(laws, int(year))
        if law is not None:
            regulated = growth_from(plan, draws, law.price_year, int(year))
            bands = len(law.above)
            edges[:, index, :bands] = regulated[:, None] * np.array(law.above)
            added[:, index, :bands] = np.diff(law.shares, prepend=0.0)
    by_year = price if price.ndim == 4 else price[:, :, None]
    cost = (by_year * current[None, :, :, None] * np.array(counts)).swapaxes(0, 1)
    # A view of swapped axes is contiguous for a single draw alone: code compiled twice.
    return ReimbursementTables(np.ascontiguousarray(cost), edges, added)


def refund(cost: Floats, edges: Floats, added_share: Floats) -> Floats:
    """Return what the state refunds of the cost of one child in one year.

    Parameters
    ----------
    cost
        (...) [DKK per child and year].
    edges, added_share
        (..., band), or (band) for all: thresholds in the prices of `cost`, and what the share
        rises by at each.

    Returns
    -------
        (...) [DKK]: the sum over bands of added_share x max(0, cost - edge).
    """
    above = np.maximum(np.asarray(cost)[..., None] - edges, 0.0)
    return np.asarray((added_share * above).sum(axis=-1))


def transfers(plan: Plan, draws: Draws, refunds: Floats) -> Floats:
    """Enter refunds twice: plus for the municipality, minus for the state.

    Parameters
    ----------
    refunds
        (strategy, draw, replicate, year) [DKK, current prices of the year]. Sum over children.

    Returns
    -------
        (strategy, draw, replicate, year, payer) [DKK, price level]: received less given.
    """
    level, payers = plan.scenario.money.price_level, list(plan.scenario.payers)
    years = plan.first_year + np.arange(plan.n_years)
    fixed = np.stack([growth_from(plan, draws, int(year), level) for year in years], axis=1)
    found = np.zeros((*refunds.shape, len(payers)))
    found[..., payers.index(RECEIVER)] = refunds * fixed[None, :, None, :]
    found[..., payers.index(GIVER)] = -found[..., payers.index(RECEIVER)]
    return found


def _in_force(laws: tuple[Reimbursement, ...], year: int) -> Reimbursement | None:
    """Return the law of a year: the latest that had begun, or None before the first."""
    begun = [law for law in laws if law.from_year <= year]
    return begun[-1] if begun else None
