"""What each child costs in each calendar year, where cost is not simply months times a price.

Prices differ between children on one step, and the state refunds a share of what one child costs
in one year above thresholds. Both need the child's own account; other scenarios skip this module.

Decision: docs/decisions/0019-children-that-differ.md.
"""

import numpy as np

from stepdown.kernel.compiled import inlined, inner
from stepdown.kernel.randomness import Stream, philox

__all__ = [
    "FACTOR_UNIT",
    "PRICE_UNIT",
    "pay",
    "price_factor",
    "refunded",
    "settle",
    "spend",
]

_PRICES = np.uint64(Stream.PRICES)

FACTOR_UNIT = 1 << 20
"""Price factors are integers in units of 2^-20."""

PRICE_UNIT = 1 << 16
"""Prices of a month are integers in units of 2^-16 DKK."""


@inlined
def spend(stairs, draw, run, child, tally, mask, spell):
    """Enter a spell (step, first month, month after the last) under the strategies of `mask`.

    What all strategies share is entered once, unless they have prices of their own.
    """
    if spell[2] > spell[1]:
        factor = price_factor(draw.price_factor, run, child, spell[0])
        shared, last_price = stairs.n_strategies, draw.price.shape[0] - 1
        rest, strategy = mask, 0
        if last_price == 0 and mask == (np.int64(1) << shared) - 1:
            rest, strategy = np.int64(1), shared
        while rest != 0:
            if rest & 1:
                prices = draw.price[min(strategy, last_price)]
                weighted, account = tally.weighted[strategy], tally.account[strategy]
                pay(stairs.months, prices, factor, weighted, account, spell)
            strategy += 1
            rest >>= 1


@inner
def pay(months, prices, factor, weighted, account, spell):
    """Enter a spell in one strategy's books.

    (Y, S) `weighted` takes its months times the child's factor; (Y) `account` of the child takes
    its cost at (Y, S) prices, where refunds are followed.
    """
    step, begin, end = spell
    while begin < end:
        year = months[begin].year
        until = min(np.int64(months[begin].next_year), end)
        amount = (until - begin) * factor
        weighted[year, step] += amount
        if prices.size > 0:
            account[year] += amount * prices[year, step]
        begin = until


@inner
def settle(edges, shares, refund, account, apart):
    """Close a child's (Q + 1, Y) account: add to (Q + 1, Y) refunds, and empty it.

    `apart` are the strategies with books of their own: 0 if the child led one life under all.
    """
    shared = refund.shape[0] - 1
    for year in range(edges.shape[0]):
        common = account[shared, year]
        if apart == 0 and common == 0:
            continue
        account[shared, year] = 0
        alike = refunded(edges[year], shares[year], common)
        if apart == 0:
            refund[shared, year] += alike
            continue
        for strategy in range(shared):
            if (apart >> strategy) & 1:
                own, found = account[strategy, year], alike
                account[strategy, year] = 0
                if own != 0:
                    found = refunded(edges[year], shares[year], common + own)
                refund[strategy, year] += found


@inlined
def refunded(edges, shares, cost):
    """Return what the state refunds [2^-24 DKK] of a child's cost of a year [2^-36 DKK].

    Both are added up as integers, so that neither the order of the children nor how their months
    are cut into spells is any matter.
    """
    amount, found = cost * 2.0**-36, 0.0
    for edge in range(edges.size):
        above = amount - edges[edge]
        if above <= 0.0:
            break  # thresholds rise
        found += shares[edge] * above
    return np.int64(np.rint(found * 16777216.0))


@inlined
def price_factor(factors, run, child, step):
    """Return what a child's price of a step is multiplied by, the same whenever it is there.

    `factors` is (S, G, F), equally likely along the last axis.
    """
    n_factors = factors.shape[2]
    if n_factors == 0:
        return np.int64(FACTOR_UNIT)
    words = philox(step, child.key_low, child.key_high, _PRICES, run)
    return factors[step, child.frailty, (np.int64(words[0]) * n_factors) >> 32]
