"""Reimbursement and notice on a scenario's own children: net saving as in plain Python, to 1e-12.

The plain walk gives each child's months and price factors, and `naive.Purse`, which knows no
arrays, refunds them; the kernel keeps every child's account by itself.
"""

import naive
import numpy as np
import pytest
from small import ENTRIES_DOWN, build, figure, write_small

from stepdown.chunks import chunk_dataset

DEAR = "\n".join(
    f"[steps.{step}]\nprice = {figure(price, 'DKK per child and month', 2019)}\n{more}"
    for step, price, more in (
        ("foster_care", 60_000.0, f"fixed_share = {figure(0.6, 'share')}\n"
         f"notice_months = {figure(2.0, 'months')}\n"),
        ("residential_home", 140_000.0, f"fixed_share = {figure(1.0, 'share')}\n"
         f"notice_months = {figure(100.0, 'months')}\n"),
        ("institution", 230_000.0, f"price_spread = {figure(0.6, 'ratio')}\n"),
        ("own_room", 120_000.0, "reimbursable = false\n"),
    )
)  # fmt: skip
OWN_PRICE = (
    "[strategies.help.steps.institution]\n"
    f"price = {figure(200_000.0, 'DKK per child and month', 2017)}\n"
)
"""Prices above every threshold; four years with two laws."""


def test_net_saving_with_refunds_and_notice_is_the_plain_one(tmp_path):
    path = write_small(tmp_path, ENTRIES_DOWN + OWN_PRICE, n_years=4, extra=DEAR)
    built = build(path, n_draws=2, seed=7)
    plan, counts = built.plan, built.run(1)
    plain = naive.simulate(plan.stairs, built.chunk.tables, 7, 0, 1)
    by_year = counts.occupied.reshape(*counts.occupied.shape[:3], plan.n_years, 12, -1).sum(axis=4)
    np.testing.assert_array_equal(by_year, counts.months)
    result = chunk_dataset(plan, built.draws, built.chunk, counts)
    seen = {"refund": 0, "stranded": 0}
    for draw in range(built.draws.count):
        value = lambda quantity, draw=draw: float(built.draws.of(quantity)[draw])  # noqa: E731
        named = [
            [[(plan.steps[s], *rest) for s, *rest in child] for child in plain.children[q, draw, 0]]
            for q in range(len(plan.strategies))
        ]
        purse = naive.Purse(
            plan.scenario, value, counts.months[:, draw, 0].tolist(),
            counts.cases[:, draw, 0].tolist(), counts.moves[:, draw, 0].tolist(),
            children=named, occupied=counts.occupied[:, draw, 0].tolist(),
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
