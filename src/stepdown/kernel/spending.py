"""What each child costs in each calendar year, where cost is not simply months times a price.

Prices differ between children on one step, and the state refunds a share of what one child costs
in one year above thresholds. Both need the child's own account; other scenarios skip this module.

Decision: docs/decisions/0019-children-that-differ.md.
"""

import numpy as np
from numba import njit

from stepdown.kernel.randomness import Stream, philox

__all__ = ["FACTOR_UNIT", "PRICE_UNIT", "settle", "spend"]

_PRICES = np.uint64(Stream.PRICES)

FACTOR_UNIT = 1 << 20
"""Price factors are integers in units of 2^-20."""

PRICE_UNIT = 1 << 16
"""Prices of a month are integers in units of 2^-16 DKK."""


@njit(cache=True, _nrt=False)
def spend(stairs, draw, run, child, books, mask, spell):
    """Enter a spell (step, first month, month after the last) under the strategies of `mask`.

    `books` is (weighted, account, first): `account` (strategies, Y) belongs to the child, its
    first row to the strategy `first`.
    """
    weighted, account, first = books
    step, begin, end = spell
    if end <= begin:
        return
    everyone = (np.int64(1) << stairs.n_strategies) - 1
    factor = _price_factor(draw, run, child, step)
    while begin < end:
        year = stairs.months[begin].year
        until = min(np.int64(stairs.months[begin].next_year), end)
        amount = (until - begin) * factor
        if mask == everyone:
            weighted[stairs.n_strategies, year, step] += amount
        for strategy in range(stairs.n_strategies):
            if (mask >> strategy) & 1:
                if mask != everyone:
                    weighted[strategy, year, step] += amount
                if draw.price.size > 0:
                    cost = amount * draw.price[strategy, year, step]
                    account[strategy - first, year] += cost
        begin = until


@njit(cache=True, _nrt=False)
def settle(draw, refund, mask, account, first):
    """Close a child's account: add what the state refunds of each year, and empty it.

    Cost [2^-36 DKK] and refunds [2^-24 DKK] are added up as integers, so that neither the order of
    the children nor how their months are cut into spells is any matter.
    """
    n_years, n_edges = draw.refund_edge.shape
    for strategy in range(refund.shape[0]):
        if (mask >> strategy) & 1:
            for year in range(n_years):
                cost, refunded = account[strategy - first, year] * 2.0**-36, 0.0
                account[strategy - first, year] = 0
                for edge in range(n_edges):
                    above = cost - draw.refund_edge[year, edge]
                    if above <= 0.0:
                        break  # thresholds rise
                    refunded += draw.refund_share[year, edge] * above
                refund[strategy, year] += np.int64(np.rint(refunded * 16777216.0))


@njit(cache=True, _nrt=False)
def _price_factor(draw, run, child, step):
    """Return what a child's price of a step is multiplied by, the same whenever it is there."""
    n_factors = draw.price_factor.shape[2]
    if n_factors == 0:
        return np.int64(1) << 20
    words = philox(step, child.key_low, child.key_high, _PRICES, run)
    index = (np.int64(words[0]) * n_factors) >> 32
    return draw.price_factor[step, child.frailty, index]
