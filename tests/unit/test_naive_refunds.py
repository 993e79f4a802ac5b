"""Reimbursement and notice on a scenario's own children: net saving as in plain Python, to 1e-12.

The walk in plain Python gives each child's months; the arrays of `stepdown.refusion` refund them
as a walk would, and the whole is compared with `naive.Purse`, which knows no arrays.
"""

import naive
import numpy as np
import pytest
from small import ENTRIES_DOWN, build, figure, write_small

from stepdown import money
from stepdown.refusion import refund, reimbursement_tables
from stepdown.results import chunk_dataset

DEAR = "\n".join(
    f"[steps.{step}]\nprice = {figure(price, 'DKK per child and month', 2019)}\n{more}"
    for step, price, more in (
        ("foster_care", 60_000.0, f"fixed_share = {figure(0.6, 'share')}\n"
         f"notice_months = {figure(2.0, 'months')}\n"),
        ("residential_home", 140_000.0, f"fixed_share = {figure(1.0, 'share')}\n"
         f"notice_months = {figure(100.0, 'months')}\n"),
        ("institution", 230_000.0, ""),
        ("own_room", 120_000.0, "reimbursable = false\n"),
    )
)  # fmt: skip
OWN_PRICE = (
    "[strategies.help.steps.institution]\n"
    f"price = {figure(200_000.0, 'DKK per child and month', 2017)}\n"
)
"""Prices above every threshold; four years with two laws."""


def factor(key):
    """Return some price factor of a child, between 0.5 and 1.5."""
    return 0.5 + (key[0] % 1000) / 1000


def lives(plain, where, n_months):
    """Return each child's [(step, year, months, factor)] and the children on steps by month."""
    children, occupied = [], {}
    for (*run, key), history in plain.histories.items():
        if tuple(run) != where:
            continue
        spent = {}
        for month, step, _ in history:
            if month < n_months:
                spent[step, month // 12] = spent.get((step, month // 12), 0) + 1
                occupied[month, step] = occupied.get((month, step), 0) + 1
        children.append([(s, year, n, factor(key)) for (s, year), n in spent.items()])
    return children, occupied


@pytest.fixture(name="case", scope="module")
def walked(tmp_path_factory):
    path = write_small(
        tmp_path_factory.mktemp("dear"), ENTRIES_DOWN + OWN_PRICE, n_years=4, extra=DEAR
    )
    built = build(path, n_draws=2, seed=7)
    return built, naive.simulate(built.plan.stairs, built.chunk.tables, 7, 0, 1)


def summed(built, plain):
    """Return refunds (strategy, draw, replicate, year), occupancy, and the lives behind them."""
    plan, n_draws = built.plan, built.draws.count
    tables = reimbursement_tables(plan, built.draws, money.prices(plan, built.draws))
    shape = (len(plan.strategies), n_draws, 1)
    refunds = np.zeros((*shape, plan.n_years))
    occupied = np.zeros((*shape, plan.stairs.n_months, len(plan.steps)), np.int32)
    found = {}
    for where in np.ndindex(shape):
        strategy, draw, _ = where
        children, on_step = lives(plain, where, plan.stairs.n_months)
        found[where] = children
        for (month, step), number in on_step.items():
            occupied[(*where, month, step)] = number
        cost = np.zeros((len(children), plan.n_years))
        for child, spent in enumerate(children):
            for step, year, months, own in spent:
                cost[child, year] += (
                    months * own * tables.cost_per_month[strategy, draw, year, step]
                )
        refunds[where] = refund(cost, tables.edges[draw], tables.added_share[draw]).sum(axis=0)
    return refunds, occupied, found


def test_net_saving_with_refunds_and_notice_is_the_plain_one(case):
    built, plain = case
    plan, counts = built.plan, built.run(1)
    refunds, occupied, children = summed(built, plain)
    by_year = occupied.reshape(*occupied.shape[:3], plan.n_years, 12, -1).sum(axis=4)
    np.testing.assert_array_equal(by_year, counts.months)
    result = chunk_dataset(
        plan, built.draws, built.chunk, counts, refunds=refunds, occupied=occupied
    )
    seen = {"refund": 0, "stranded": 0}
    for draw in range(built.draws.count):
        value = lambda quantity, draw=draw: float(built.draws.of(quantity)[draw])  # noqa: E731
        named = [
            [[(plan.steps[s], *rest) for s, *rest in child] for child in children[q, draw, 0]]
            for q in range(len(plan.strategies))
        ]
        purse = naive.Purse(
            plan.scenario, value, counts.months[:, draw, 0].tolist(),
            counts.cases[:, draw, 0].tolist(), counts.moves[:, draw, 0].tolist(),
            children=named, occupied=occupied[:, draw, 0].tolist(),
        )  # fmt: skip
        one = result.isel(draw=draw, replicate=0)
        for number, year in np.ndindex(len(plan.strategies), plan.n_years):
            scale = 1e-12 * purse.cost(0, year, "municipality")
            for index, payer in enumerate(plan.scenario.payers):
                for part, name in (("refund", "refusion_dkk"), ("stranded", "stranded_dkk"),
                                   ("net", "net_saving_dkk")):  # fmt: skip
                    known = getattr(purse, part)(number, year, payer)
                    at = one[name].values[number, year, index]
                    assert at == pytest.approx(known, rel=1e-12, abs=scale), (name, number, year)
                    if part in seen:
                        seen[part] += known != 0
    assert seen["refund"] == 2 * 2 * 2 * plan.n_years
    assert seen["stranded"] > 0
