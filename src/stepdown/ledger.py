"""All money of a chunk in one place, and the sums that are made of it.

Net saving, the saving on measures, and the three totals of a year that a municipality tells apart:
service expenditure before reimbursement, the municipality's net, and all public payers.

Decision: docs/decisions/0015-reimbursement-and-totals.md.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown.parameters import Draws
from stepdown.plan import Plan

__all__ = [
    "Ledger",
    "gross_saving",
    "municipality_net",
    "net_saving",
    "public_expenditure",
    "reinvested",
    "service_expenditure",
]

Floats = NDArray[np.float64]


class Ledger(NamedTuple):
    """What every payer pays and receives, [DKK, price level]."""

    cost: Floats
    """(strategy, draw, replicate, year, payer). Months x price."""
    casework: Floats
    """(strategy, draw, replicate, year). More caseworkers than in the baseline, municipality's."""
    invested: Floats
    """(strategy, draw, year, payer). Spending on the strategy, grants included."""
    granted: Floats
    """(strategy, draw, year, payer). Grants received less given."""
    employer: int
    """Index of the payer that employs caseworkers: the municipality itself."""
    own: tuple[int, ...]
    """Indices of the municipality and its committees."""
    stranded: Floats | None = None
    """(strategy, draw, replicate, year, payer). Emptied places under notice; None without any."""
    refusion: Floats | None = None
    """(strategy, draw, replicate, year, payer). Reimbursement received less given; None without."""


def net_saving(ledger: Ledger) -> Floats:
    """Return what each payer gains, (strategy, draw, replicate, year, payer) [DKK]."""
    saved = ledger.cost[:1] - ledger.cost
    net = saved - ledger.invested[:, :, None] + ledger.granted[:, :, None]
    net[..., ledger.employer] -= ledger.casework
    if ledger.stranded is not None:
        net -= ledger.stranded
    if ledger.refusion is not None:
        net += ledger.refusion - ledger.refusion[:1]
    return np.asarray(net)


def gross_saving(ledger: Ledger) -> Floats:
    """Return the saving on measures of all payers, (strategy, draw, replicate, year) [DKK].

    Places under notice are spending on measures; reimbursement is not counted.
    """
    saved = (ledger.cost[:1] - ledger.cost).sum(axis=-1)
    return np.asarray(saved if ledger.stranded is None else saved - ledger.stranded.sum(axis=-1))


def service_expenditure(ledger: Ledger) -> Floats:
    """Return the municipality's spending before grants and reimbursement.

    Returns
    -------
        (strategy, draw, replicate, year) [DKK]: measures, places under notice, extra casework and
        investment: what the service expenditure ceiling (serviceramme) sees. The casework of the
        baseline is not in it: only what changes is modelled.
    """
    own = ledger.own
    spent = _sum(ledger.cost, own) + _sum(ledger.invested, own)[:, :, None] + ledger.casework
    return np.asarray(spent if ledger.stranded is None else spent + _sum(ledger.stranded, own))


def municipality_net(ledger: Ledger) -> Floats:
    """Return what the municipality spends after grants and reimbursement.

    Returns
    -------
        (strategy, draw, replicate, year) [DKK]. The baseline's less a strategy's is the
        municipality's net saving.
    """
    own = ledger.own
    spent = service_expenditure(ledger) - _sum(ledger.granted, own)[:, :, None]
    return np.asarray(spent if ledger.refusion is None else spent - _sum(ledger.refusion, own))


def public_expenditure(ledger: Ledger) -> Floats:
    """Return what all payers spend; transfers cancel.

    Returns
    -------
        (strategy, draw, replicate, year) [DKK]. The baseline's less a strategy's is the net saving
        over all payers.
    """
    spent = ledger.cost.sum(axis=-1) + ledger.invested.sum(axis=-1)[:, :, None] + ledger.casework
    return np.asarray(spent if ledger.stranded is None else spent + ledger.stranded.sum(axis=-1))


def reinvested(plan: Plan, draws: Draws, gross: Floats) -> Floats | None:
    """Return the part of the saving on measures that is spent again on other help.

    Resources are freed by the whole saving; the budget falls by the rest. What is bought again
    has no effect here, so that net saving is the same. A year in which measures cost more than in
    the baseline frees nothing to reinvest.

    Parameters
    ----------
    gross
        (strategy, draw, replicate, year) [DKK]. Saving on measures.

    Returns
    -------
        Like `gross`: reinvested_share x max(0, gross); None where no strategy states a share.
    """
    shares = [strategy.reinvested_share for strategy in plan.scenario.strategies.values()]
    if all(share is None for share in shares):
        return None
    share_of = np.zeros((len(plan.strategies), draws.count))
    for index, share in enumerate(shares, start=1):
        if share is not None:
            share_of[index] = draws.of(share)
    return np.asarray(share_of[:, :, None, None] * np.maximum(gross, 0.0))


def _sum(amounts: Floats, payers: tuple[int, ...]) -> Floats:
    """Return the sum over some payers."""
    return np.asarray(amounts[..., list(payers)].sum(axis=-1))
