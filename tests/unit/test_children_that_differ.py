"""Classes of frailty, prices that differ between children, and lives that go on by history."""

import numpy as np
import pytest
from small import (
    ENTRIES_DOWN,
    NOTHING,
    WHY,
    Chain,
    all_equal,
    build,
    figure,
    grown,
    write_chain,
    write_small,
)

from stepdown import simulate
from stepdown.errors import InputError, RunError


def classes(multipliers, shares, correlation=0.0, loading=1.0):
    return (
        f"[frailty]\nmultipliers = {multipliers}\nshares = {shares}\n{WHY}\n"
        f"price_correlation = {correlation}\n[frailty.loadings]\n"
        f"placement = {loading}\nbreakdown = {loading}\nleave = -{loading}\n"
    )


def spread(ratio, steps=("foster_care", "residential_home")):
    return "".join(f"[steps.{step}]\nprice_spread = {figure(ratio, 'ratio')}\n" for step in steps)


def run(path, **options):
    return simulate(path, n_draws=8, seed=2, n_threads=1, **options)


def test_classes_that_do_not_differ_change_no_move(tmp_path):
    without = run(write_small(tmp_path / "without", arrivals=None))
    alike = classes([1.0, 1.0], [0.3, 0.7])
    with_them = run(write_small(tmp_path / "with", ENTRIES_DOWN + alike, arrivals=None))
    # Derived arrivals are the same number by another sum: equal lives, but for its last digit.
    np.testing.assert_array_equal(without.moves, with_them.moves)
    np.testing.assert_array_equal(without.months_in_step, with_them.months_in_step)


def test_the_stock_holds_more_of_those_who_stay(tmp_path):
    """One step left at h x m: found on it is share / m, not the share of the arrivals."""
    text = (
        f"[inflow.open]\nages = {{ factors = {{ '10-' = 1.0 }}, {WHY} }}\n"
        f"[birthdays.11]\nleave_to = 'closed'\ngoes_on = {{ open = {figure(1.0, 'share')} }}\n"
        f"[birthdays.60]\nleave_to = 'closed'\n"
        f"[frailty]\nmultipliers = [0.5, 2.0]\nshares = [0.6, 0.4]\n{WHY}\n"
        "[frailty.loadings]\nleave = 1.0\n"
    )
    chain = Chain(("closed", "open"), {("open", "closed"): "rate = 0.6"}, {"open": 40},
                  cycle_months=1, age_years=None, more=text)  # fmt: skip
    stock = build(write_chain(tmp_path, chain)).chunk.inflow.start.by_class[0, 1]
    multiplier = np.array([0.5, 2.0]) / 1.1
    # Ages are even from 10 to 60 years: 1 to 600 edges are left, and 1 on the very birthday.
    monthly = 0.05 * multiplier
    edges = np.array([*range(1, 601), 1])[:, None]
    staying = (-np.expm1(-edges * monthly) / -np.expm1(-monthly)).mean(axis=0) * [0.6, 0.4]
    np.testing.assert_allclose(stock / stock.sum(), staying / staying.sum(), rtol=1e-9)


def test_price_factors_have_a_mean_of_one_where_children_are(tmp_path):
    text = classes([0.5, 1.0, 3.0], [0.5, 0.3, 0.2], correlation=0.6) + spread(0.8)
    built = build(write_small(tmp_path, ENTRIES_DOWN + text, arrivals=None))
    chunk, plan = built.chunk, built.plan
    factor = chunk.tables.price_factor / 2**20
    for step in ("foster_care", "residential_home"):
        index = plan.step(step)
        by_class = chunk.inflow.start.by_class[:, index]
        weight = by_class / by_class.sum(axis=1, keepdims=True)
        mean = (weight * factor[:, index].mean(axis=2)).sum(axis=1)
        np.testing.assert_allclose(mean, 1.0, rtol=1e-6)
        # The frailer, the dearer.
        assert (np.diff(factor[:, index].mean(axis=2), axis=1) > 0).all()
    assert (factor[:, plan.step("institution")] == 1.0).all()


def test_without_classes_the_spread_is_the_one_stated(tmp_path):
    built = build(write_small(tmp_path, ENTRIES_DOWN + spread(0.5)))
    factor = built.chunk.tables.price_factor[0, built.plan.step("foster_care"), 0] / 2**20
    assert factor.mean() == pytest.approx(1.0, rel=1e-6)
    # 256 equally likely factors, each the mean of its share, lose a little of the upper tail.
    assert 0.48 < factor.std() < 0.5
    assert (np.diff(factor) > 0).all()


def test_prices_that_differ_change_cost_and_no_move(tmp_path):
    same = run(write_small(tmp_path / "same"))
    differ = run(write_small(tmp_path / "differ", ENTRIES_DOWN + spread(1.0)))
    assert all_equal(same.moves.values, differ.moves.values)
    ratio = (differ.cost_dkk / same.cost_dkk).sel(payer="municipality", strategy="baseline")
    assert (ratio != 1).all()
    assert 0.8 < float(ratio.mean()) < 1.2


def test_a_spread_of_nothing_costs_the_same(tmp_path):
    same = run(write_small(tmp_path / "same"))
    none = run(write_small(tmp_path / "none", ENTRIES_DOWN + spread(0.0)))
    np.testing.assert_allclose(none.cost_dkk, same.cost_dkk, rtol=1e-12)


def test_a_null_strategy_saves_nothing_where_children_differ(tmp_path):
    text = classes([0.5, 2.0], [0.7, 0.3], 0.5) + spread(0.7) + NOTHING + ENTRIES_DOWN
    result = run(write_small(tmp_path, text))
    assert (result.net_saving_dkk.sel(strategy="nothing") == 0).all()
    assert (result.net_saving_dkk.sel(strategy="help") != 0).any()


def test_a_negative_spread_is_refused(tmp_path):
    normal = (
        "[steps.foster_care.price_spread]\ndistribution = 'normal'\nmean = 0.1\nsd = 0.5\n"
        f"unit = 'ratio'\n{WHY}\n"
    )
    with pytest.raises(RunError, match=r"price spread of foster_care is -.*standard deviation"):
        run(write_small(tmp_path, ENTRIES_DOWN + normal))


def test_adult_life_is_outside_every_saving(tmp_path):
    without = run(write_small(tmp_path / "without", n_years=6))
    path = write_small(tmp_path / "with", ENTRIES_DOWN + grown(0.3, 0.9), n_years=6)
    with_it = run(path)
    both = with_it.months_in_step.sel(step=["work", "benefit"]).sum(["draw", "replicate", "year"])
    assert (both > 0).all()
    for name in ("cost_dkk", "net_saving_dkk", "gross_saving_dkk"):
        assert all_equal(without[name].values, with_it[name].values), name
    cost = with_it.adult_cost_dkk.sum("year")
    assert (cost.sel(payer="state") > 0).all()
    assert (cost.sel(payer="municipality") == 0).all()


def test_where_children_go_depends_on_what_they_have_been_through(tmp_path):
    """Certain shares: two years placed lead to benefit, no placement to work."""
    path = write_small(tmp_path, NOTHING + grown(0.0, 1.0), n_years=6, children={"foster_care": 30})
    built = build(path)
    counts = built.run()
    stock = counts.stock[0, :, 0, -1]
    work, benefit = (stock[:, built.plan.step(name)] for name in ("work", "benefit"))
    assert (work > 0).all()
    assert (benefit > 0).all()
    always = write_small(tmp_path / "all", NOTHING + grown(1.0, 1.0), n_years=6,
                         children={"foster_care": 30})  # fmt: skip
    other = build(always).run()
    assert other.stock[0, :, 0, -1].sum() == stock.sum()


def test_a_child_that_costs_more_than_any_place_is_refused_where_its_price_stands(tmp_path):
    dear = f"[steps.foster_care]\nprice = {figure(6e6, 'DKK per child and month', 2018)}\n"
    with pytest.raises(InputError, match=r"steps\.foster_care\.price: 6_000_000 kr\."):
        run(write_small(tmp_path, ENTRIES_DOWN + dear))
