"""Levers of casework by hand: follow-up, turnover, interactions, posts; what they leave alone."""

import naive
import numpy as np
import pytest
from small import ENTRIES_DOWN, all_equal, build, figure, on, strategy, write_small

from stepdown import levers, money, simulate

FOLLOW_UP = (
    "[follow_up]\n"
    f"reference = {figure(6.0, 'months')}\nbaseline = {figure(6.0, 'months')}\n"
    f"elasticity.all = {figure(0.5, 'ratio')}\n"
    f"elasticity.by_class.placement = {figure(0.0, 'ratio')}\n"
)
TURNOVER = (
    "[caseload]\n"
    f"turnover = {figure(0.3, 'per year')}\nvacancy_months = {figure(3.0, 'months')}\n"
    f"newcomer_months = {figure(6.0, 'months')}\nnewcomer_capacity = {figure(0.5, 'share')}\n"
    f"posts = {figure(6.0, 'posts')}\n"
    f"elasticity.all = {figure(1.0, 'ratio')}\n"
)
OFTEN = (
    strategy("often")
    + '[strategies.often.follow_up]\nstart = "2018-01"\n'
    + f"interval_months = {figure(3.0, 'months')}\n"
)
LOYAL = (
    strategy("loyal")
    + '[strategies.loyal.caseload]\nstart = "2018-01"\n'
    + f"turnover = {figure(0.1, 'per year')}\n"
)
BOTH = (
    strategy(
        "both",
        on("reunification", 1.2),
        timing=f'start = "2018-01"\nramp = {figure(12.0, "months")}\n',
        caseload=f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}\n"
        f"ramp = {figure(6.0, 'months')}",
    )
    + '[strategies.both.interactions.more]\nbetween = ["own", "caseload"]\n'
    + f'on = ["reunification"]\nhazard_ratio = {figure(1.1, "ratio")}\n'
)
NULL = strategy("nothing")
OTHERS = {"follow_up": OFTEN, "turnover": LOYAL, "interaction": BOTH}


def with_levers(text):
    """Return strategies below the levers; `write_small` opens [caseload] just above them."""
    return TURNOVER.replace("[caseload]\n", "") + FOLLOW_UP + text


def multipliers(built):
    """Return {class: (draw, band, month, strategy)} of one column of each class."""
    kept = built.chunk.thresholds.multiplier
    return {column.group: kept[:, i] for i, column in enumerate(built.plan.columns)}


def test_a_shorter_interval_is_its_ratio_to_the_elasticity_by_hand(tmp_path):
    built = build(write_small(tmp_path, FOLLOW_UP + OFTEN), keep_multipliers=True)
    found = multipliers(built)
    for group, power in (
        ("reunification", 0.5),
        ("step_down", 0.5),
        ("breakdown", -0.5),
        ("re_entry", -0.5),
        ("placement", 0.0),
        ("within_level", 0.0),
    ):
        np.testing.assert_array_equal(found[group][..., 0], 1.0)
        np.testing.assert_allclose(found[group][..., 1], 2.0**power, rtol=1e-15)
    shorter = levers.intervals(built.plan, built.draws)[:, 1]
    np.testing.assert_allclose(shorter, 3.0, rtol=1e-15)


def test_the_baseline_has_its_own_interval_and_the_balance_knows_it(tmp_path):
    text = FOLLOW_UP.replace("baseline = { value = 6.0", "baseline = { value = 4.0")
    built = build(write_small(tmp_path, text + OFTEN), keep_multipliers=True)
    found = multipliers(built)
    np.testing.assert_allclose(found["reunification"][..., 0], 1.5**0.5, rtol=1e-15)
    np.testing.assert_allclose(found["reunification"][..., 1], 2.0**0.5, rtol=1e-15)
    every_month = built.chunk.thresholds.multiplier[..., 0]
    at_start = built.chunk.laws.multiplier[..., None]
    np.testing.assert_array_equal(every_month, np.broadcast_to(at_start, every_month.shape))


def test_turnover_by_hand(tmp_path):
    """0.3 a year x (3 + 6 x 0.5) / 12 loses 15 % of a post; at 0.1 a year 5 %: 0.85 / 0.95."""
    built = build(write_small(tmp_path, with_levers(LOYAL)), keep_multipliers=True)
    nominal = levers.caseloads(built.plan, built.draws)
    effective = levers.effective_caseloads(built.plan, built.draws)
    np.testing.assert_array_equal(nominal, np.full_like(nominal, nominal[0, 0, 0]))
    np.testing.assert_array_equal(effective[:, 0], nominal[:, 0])
    np.testing.assert_allclose(effective[:, 1], 30 * 0.85 / 0.95, rtol=1e-14)
    more_often = multipliers(built)["reunification"][..., 1]
    np.testing.assert_allclose(more_often, 0.95 / 0.85, rtol=1e-14)


def test_an_interaction_is_its_ratio_to_the_product_of_the_weights(tmp_path):
    built = build(write_small(tmp_path, with_levers(BOTH)), keep_multipliers=True)
    found = multipliers(built)["reunification"][0, 0, :, 1]
    month = np.arange(36) + 0.5
    own, fewer = np.minimum(month / 12, 1), np.minimum(month / 6, 1)
    known = 1.2**own * (30 / 20) ** fewer * 1.1 ** (own * fewer)
    np.testing.assert_allclose(found, known, rtol=1e-13)


def test_posts_for_a_caseload_keep_the_number_of_cases(tmp_path):
    """6 posts x (30 / 20 - 1) = 3 more posts, paid for a full year at the price of a post.

    Casework beside them counts weighted cases: a child at home is half a case here.
    """
    cost = (
        "[strategies.both.investments.own.costs.posts]\nposts_for_caseload = true\n"
        f"price = {figure(500_000.0, 'DKK per post and year', 2018)}\n"
    )
    halved = f"[steps.home_support]\ncase_weight = {figure(0.5, 'cases per child')}\n"
    path = write_small(tmp_path, with_levers(BOTH + cost + halved))
    built = build(path)
    spent = money.investments(built.plan, built.draws)[1].sum(axis=-1)
    np.testing.assert_allclose(spent, 3 * 500_000.0, rtol=1e-15)
    stairs, tables = built.plan.stairs, built.chunk.tables
    plain = naive.simulate(stairs, tables, built.seed, 0, 1)
    assert (plain.cases % 1 == 0.5).any()
    result = simulate(path, n_draws=2, seed=built.seed, n_replicates=1, n_threads=1)
    for draw in range(2):
        value = lambda q, draw=draw: float(built.draws.of(q)[draw])  # noqa: E731
        months, cases = plain.months[:, draw, 0].tolist(), plain.cases[:, draw, 0].tolist()
        purse = naive.Purse(
            built.plan.scenario, value, months, cases, plain.moves[:, draw, 0].tolist()
        )
        for year in range(3):
            at = result.isel(strategy=1, draw=draw, replicate=0, year=year)
            spent = at.investment_dkk.sel(payer="municipality").item()
            scale = 1e-12 * purse.cost(0, year, "municipality")
            assert spent == pytest.approx(purse.investment(1, year, "municipality"), rel=1e-12)
            casework = purse.casework(1, year, "municipality")
            assert at.casework_dkk.item() == pytest.approx(casework, rel=1e-12, abs=scale)
            assert casework != 0


@pytest.mark.parametrize("kind", list(OTHERS))
def test_a_lever_changes_no_other_strategy(tmp_path, kind):
    def run(name, text):
        path = write_small(tmp_path / name, with_levers(text))
        return simulate(path, n_draws=6, seed=11, n_threads=1)

    alone, beside = run("alone", ENTRIES_DOWN), run("beside", OTHERS[kind] + ENTRIES_DOWN)
    other = str(beside.strategy.values[1])
    for name in ("baseline", "help"):
        for variable in ("months_in_step", "moves", "net_saving_dkk"):
            left = alone[variable].sel(strategy=name).values
            assert all_equal(left, beside[variable].sel(strategy=name).values), variable
    assert not all_equal(
        beside.sel(strategy="baseline").moves.values, beside.sel(strategy=other).moves.values
    )


def test_a_null_strategy_saves_exactly_nothing_beside_every_lever(tmp_path):
    same = (
        strategy("same")
        + '[strategies.same.follow_up]\nstart = "2018-01"\n'
        + f"interval_months = {figure(6.0, 'months')}\n"
        + '[strategies.same.caseload]\nstart = "2018-01"\n'
        + f"turnover = {figure(0.3, 'per year')}\n"
    )
    path = write_small(tmp_path, with_levers(NULL + same + "".join(OTHERS.values())))
    result = simulate(path, n_draws=6, seed=11, n_threads=1)
    for name in ("nothing", "same"):
        for variable in ("net_saving_dkk", "gross_saving_dkk", "casework_dkk"):
            assert (result[variable].sel(strategy=name) == 0).all(), (name, variable)
    assert (result.net_saving_dkk.sel(strategy="both") != 0).any()


def test_levers_are_reported_by_month(tmp_path):
    path = write_small(tmp_path, with_levers(OFTEN + LOYAL + BOTH))
    result = simulate(path, n_draws=3, seed=1, n_replicates=1, n_threads=1)
    assert result.caseload.dims == ("strategy", "draw", "month")
    assert list(result.month.values[[0, 13, -1]]) == ["2018-01", "2019-02", "2020-12"]
    both = result.caseload.sel(strategy="both", month="2020-12")
    np.testing.assert_allclose(both, 20.0, rtol=1e-6)
    loyal = result.effective_caseload.sel(strategy="loyal")
    np.testing.assert_allclose(loyal, 30 * 0.85 / 0.95, rtol=1e-6)
    assert (result.follow_up_interval_months.sel(strategy="often") == 3).all()
    assert result.caseload.attrs["units"] == "cases per caseworker"
