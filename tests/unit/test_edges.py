"""Awkward scenarios: ages beyond the last band, stocks nobody comes to, what must be refused."""

import naive
import numpy as np
import pytest
from small import (
    CHILDREN,
    NOTHING,
    WHY,
    Chain,
    build,
    figure,
    on,
    strategy,
    write_chain,
    write_small,
)

from stepdown import expected, load_scenario
from stepdown.errors import InputError, RunError


def given_arrivals(ages, number):
    return (
        f"[inflow.a]\nages = {{ factors = {{ {ages} }}, {WHY} }}\n"
        f"children_per_year = {figure(number, 'children per year')}\n"
    )


@pytest.mark.parametrize(
    "chain",
    [
        Chain(("a", "b"), {("a", "b"): "rate = 0.01"}, {"a": 20}, n_years=20, age_years=25,
              ages='"0-"'),
        Chain(("a", "b"), {("a", "b"): "rate = 0.01"}, {"a": 0}, cycle_months=1, n_years=3,
              age_years=None, ages='"0-"', more=given_arrivals('"0-" = 1.0', 200.0)),
        Chain(("a", "b"), {("a", "b"): "rate = 0.02"}, {"a": 200}, cycle_months=1, n_years=10,
              age_years=None, ages='"0-17"', more=given_arrivals('"0-17" = 1.0', 20.0)),
    ],
)  # fmt: skip
def test_no_child_grows_out_of_the_table_of_ages(tmp_path, chain):
    """The plain model fails with an IndexError where the kernel would read past the table."""
    built = build(write_chain(tmp_path, chain))
    counts = naive.simulate(built.plan.stairs, built.chunk.tables, 1, 0, 1)
    assert counts.months.sum() > 0


def test_children_on_the_exit_are_conserved(tmp_path):
    found = expected(write_small(tmp_path, NOTHING), n_draws=2).stock.sum("step")
    by_hand = sum(CHILDREN.values()) + 16 * np.arange(1, 4)
    np.testing.assert_allclose(found, np.broadcast_to(by_hand, found.shape), rtol=1e-9)


def test_a_stock_that_nobody_comes_to_is_refused(tmp_path):
    chain = Chain(
        ("a", "b"), {("a", "b"): "rate = 0.1"}, {"a": 200}, n_years=5, age_years=None, ages='"0-"'
    )
    with pytest.raises(RunError, match=r"children on a, .* Add \[inflow\.a\]"):
        expected(write_chain(tmp_path, chain), n_draws=1)


def test_beyond_reach_where_nobody_is_within(tmp_path):
    moves = {("a", "b"): "rate = 0.1", ("b", "c"): "rate = 0.1"}
    chain = Chain(
        ("a", "b", "c"), moves, {"a": 20}, n_years=3, more="[stock.beyond_reach]\nb = 30\n"
    )
    exact = expected(write_chain(tmp_path, chain), n_draws=1)
    np.testing.assert_allclose(exact.stock.sum("step"), 50, rtol=1e-9)


def test_reach_in_a_stock_of_one_age_is_refused(tmp_path):
    more = (
        f"reach.courses_per_year = {figure(30.0, 'courses per year')}\n"
        f"reach.effect_months = {figure(8.0, 'months')}"
    )
    chain = Chain(
        ("a", "b"), {("a", "b"): "rate = 0.1"}, {"a": 120}, cycle_months=1, n_years=3,
        strategies=strategy("own", on("a_b", 0.5, more=more)),
    )  # fmt: skip
    with pytest.raises(InputError, match=r"reach with stock\.age_years"):
        load_scenario(write_chain(tmp_path, chain))
