"""A published-style payback with a closed form, as a scenario of one budget line.

10 million paid at once, 3.2 million saved in each of the next five years, 3.5 % a year: net present
value 4.4481676015 million; cumulative present values -10, -6.908213, -3.920978, -1.034762,
1.753853, 4.448168; paid back in the fourth year after, discounted or not.
"""

import numpy as np
import pytest

from stepdown import simulate
from stepdown.analysis import (
    annual_payback,
    net_saving,
    payback_by_year,
    payback_reached,
    payback_year,
    present_value,
    reserve,
)

WHY = 'assumption = "a case with a closed form"'
UNIT = f'unit = "DKK per year", price_year = 2024, {WHY}'
CASE = f"""
schema_version = 1
extends = "municipal-budget"
name = "payback"
title = {{ da = "Tilbagebetaling", en = "Payback" }}
description = {{ da = "Et eksempel med kendt facit.", en = "A case with a known answer." }}
clock = {{ starts = "2024-01", first_budget_year = 2024, n_budget_years = 6 }}
money.price_level = 2024
[strategies.plan]
label = {{ da = "Plan", en = "Plan" }}
[budget_lines.line]
label = {{ da = "Linje", en = "Line" }}
strategies = ["plan"]
kind = "estimate"
realised_share = {{ value = 1, unit = "share", {WHY} }}
delay_months = {{ value = 0, unit = "months", {WHY} }}
investment.municipality = {{ by_year = {{ "2024" = 10_000_000 }}, after = "zero", {UNIT} }}
saving.municipality = {{ by_year = {{ "2024" = 0, "2025" = 3_200_000 }}, after = "repeat", {UNIT} }}
"""


@pytest.fixture(name="run", scope="module")
def simulate_it(tmp_path_factory):
    path = tmp_path_factory.mktemp("payback") / "scenario.toml"
    path.write_text(CASE, encoding="utf-8")
    return simulate(path, 3, 1, n_threads=1)


def test_net_present_value(run):
    np.testing.assert_allclose(present_value(run) / 1e6, 4.4481676015, rtol=0, atol=6e-11)


def test_cumulative_present_values(run):
    discounted = net_saving(run) * run.discount_factor
    by_year = discounted.cumsum("year").isel(strategy=0, draw=0, replicate=0) / 1e6
    known = [-10, -6.908213, -3.920978, -1.034762, 1.753853, 4.448168]
    np.testing.assert_allclose(by_year, known, rtol=0, atol=6e-7)


@pytest.mark.parametrize("discounted", [False, True])
def test_payback_is_in_the_fourth_year(run, discounted):
    found = payback_by_year(run, discounted=discounted)
    np.testing.assert_array_equal(found.value, [[0, 0, 0, 0, 1, 1]])
    assert (payback_year(run, discounted=discounted) == 2028).all()
    assert payback_reached(found) == 2028


def test_annual_payback_is_in_the_first(run):
    np.testing.assert_array_equal(annual_payback(run).value, [[0, 1, 1, 1, 1, 1]])


def test_the_reserve_is_the_certain_loss(run):
    found = reserve(run)
    np.testing.assert_allclose(found.value / 1e6, [[10, 0, 0, 0, 0, 0]])
    np.testing.assert_allclose(found["cumulative"] / 1e6, [[10, 6.8, 3.6, 0.4, 0, 0]], atol=1e-9)
