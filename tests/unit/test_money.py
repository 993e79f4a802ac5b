"""Money by hand: price levels, discounting, who pays, posts, grants and casework."""

import numpy as np
import pytest
from small import NOTHING, WHY, Chain, build, figure, on, strategy, write_chain, write_small

from stepdown import money, simulate
from stepdown.analysis import payback_year, present_value

IDLE = Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 10}, n_years=1)
"""Ten children who stay where they are, at 1,000 a month each: all that happens is money."""


def row(amounts, price_year=2018, after="zero"):
    by_year = ", ".join(f'"{year}" = {float(amount)!r}' for year, amount in amounts.items())
    return (
        f'by_year = {{ {by_year} }}\nafter = "{after}"\nunit = "DKK per year"\n'
        f"price_year = {price_year}\n{WHY}\n"
    )


def invested(lines, start="2018-01", timing=""):
    """Return a strategy with cost rows (name: text of the row) and nothing else."""
    text = strategy("own", timing=f'start = "{start}"\n{timing}')
    for name, body in lines.items():
        text += f"[strategies.own.investments.own.{name}]\n{body}\n"
    return text


def chain(tmp_path, n_years=1, **fields):
    return write_chain(tmp_path, Chain(**{**IDLE.__dict__, "n_years": n_years, **fields}))


def run(path):
    return simulate(path, n_draws=2, seed=1, n_threads=1)


# -------------------------------------------------------------------------------- discounting


def test_discount_factors_across_the_change_of_rate(tmp_path):
    """1 / 1.035^t to year 35, then steps of 1.025, multiplied up."""
    built = build(chain(tmp_path, n_years=60))
    factors = money.discount_factors(built.plan, built.draws)
    by_hand = [1.035**-t if t <= 35 else 1.035**-35 * 1.025 ** -(t - 35) for t in range(60)]
    np.testing.assert_allclose(factors, np.tile(by_hand, (2, 1)), rtol=1e-13)


@pytest.mark.parametrize(("timing", "shift"), [("start", 0.0), ("mid", 0.5), ("end", 1.0)])
def test_discount_timing(tmp_path, timing, shift):
    built = build(chain(tmp_path, n_years=5, money=f'discount_timing = "{timing}"'))
    factors = money.discount_factors(built.plan, built.draws)[0]
    np.testing.assert_allclose(factors, 1.035 ** -(np.arange(5) + shift), rtol=1e-13)


def test_discounting_starts_with_the_first_investment(tmp_path):
    built = build(chain(tmp_path, n_years=6, strategies=invested({}, start="2020-07")))
    factors = money.discount_factors(built.plan, built.draws)[0]
    np.testing.assert_allclose(factors, [1, 1, 1, 1.035**-1, 1.035**-2, 1.035**-3], rtol=1e-13)


def test_present_value_of_an_investment_that_pays_back(tmp_path):
    """10 paid in year 0 and 3.2 saved at the end of years 1 to 5, at 3.5 %: 4.4481676015 in all."""
    lines = {
        "costs.buy.row": row({2018: 10}),
        "grants.saved": 'giver = "state"',
        "grants.saved.row": row(dict.fromkeys(range(2019, 2024), 3.2)),
    }
    result = run(chain(tmp_path, n_years=6, strategies=invested(lines)))
    net = result.net_saving_dkk.sel(strategy="own", payer="municipality").isel(replicate=0)
    worth = (net * result.discount_factor).isel(draw=0).cumsum("year").values
    known = [-10, -6.908213, -3.920978, -1.034762, 1.753853, 4.448168]
    np.testing.assert_allclose(worth, known, atol=5e-7)
    assert worth[-1] == pytest.approx(4.4481676015, abs=5e-11)
    whole = present_value(result).sel(strategy="own")
    np.testing.assert_allclose(whole, 4.4481676015, atol=5e-11)
    assert (payback_year(result).sel(strategy="own") == 2018 + 4).all()
    assert (payback_year(result, discounted=True).sel(strategy="own") == 2018 + 4).all()


def test_discounting_may_put_off_payback(tmp_path):
    """10 paid, 5 saved in each of two years: back in the second, but worth 9.5 then; 3.5 %."""
    lines = {
        "costs.buy.row": row({2018: 10}),
        "grants.saved": 'giver = "state"',
        "grants.saved.row": row({2019: 5, 2020: 5, 2021: 0, 2022: 5}),
    }
    result = run(chain(tmp_path, n_years=5, strategies=invested(lines)))
    assert (payback_year(result) == 2020).all()
    assert (payback_year(result, discounted=True) == 2022).all()
    assert payback_year(result, "state").isnull().all()


def test_real_at_the_real_rate_is_nominal_at_the_nominal_rate(tmp_path):
    """Each year's amount in that year's own prices: deflating and discounting is one division."""
    nominal = {2018: 900.0, 2019: 250.0, 2020: 410.0, 2021: 77.0, 2022: 1000.0}
    lines = {f"costs.y{year}.row": row({year: x}, price_year=year) for year, x in nominal.items()}
    result = run(chain(tmp_path, n_years=5, strategies=invested(lines)))
    real = result.investment_dkk.sel(strategy="own", payer="municipality")
    worth = (real * result.discount_factor).sum("year")
    rate = 1.035 * 1.02 - 1
    by_hand = sum(x / (1 + rate) ** (year - 2018) for year, x in nominal.items())
    np.testing.assert_allclose(worth, by_hand, rtol=1e-13)


@pytest.mark.parametrize(("price_year", "factor"), [(2018, 1.0), (2015, 1.02**3), (2021, 1.02**-3)])
def test_indexation(tmp_path, price_year, factor):
    """An amount of one year's prices in those of another: 2 % a year, up or down."""
    lines = {"costs.buy.row": row({2018: 500}, price_year)}
    path = chain(tmp_path, strategies=invested(lines))
    text = path.read_text().replace(
        'child and month", price_year = 2018', f'child and month", price_year = {price_year}'
    )
    path.write_text(text)
    result = run(path)
    np.testing.assert_allclose(result.price_dkk_per_month, 1000 * factor, rtol=1e-14)
    cost = result.cost_dkk.sel(strategy="baseline", payer="municipality")
    np.testing.assert_allclose(cost, 10 * 12 * 1000 * factor, rtol=1e-13)
    paid = result.investment_dkk.sel(strategy="own", payer="municipality")
    np.testing.assert_allclose(paid, 500 * factor, rtol=1e-14)


def test_a_price_per_year_is_a_twelfth_a_month(tmp_path):
    path = chain(tmp_path)
    path.write_text(path.read_text().replace("DKK per child and month", "DKK per child and year"))
    np.testing.assert_allclose(run(path).price_dkk_per_month, 1000 / 12, rtol=1e-15)


# --------------------------------------------------------------------------- costs of a strategy


@pytest.mark.parametrize(("after", "later"), [("repeat", 300.0), ("zero", 0.0)])
def test_a_row_of_years(tmp_path, after, later):
    lines = {"costs.buy.row": row({2018: 100, 2019: 300}, after=after)}
    result = run(chain(tmp_path, n_years=4, strategies=invested(lines)))
    paid = result.investment_dkk.sel(strategy="own", payer="municipality").isel(draw=0)
    np.testing.assert_array_equal(paid, [100, 300, later, later])
    assert (result.investment_dkk.sel(strategy="baseline") == 0).all()


def test_posts_are_paid_from_when_they_are_filled(tmp_path):
    """2 posts from March 2018, filled after 3.5 months: half of June, then all to October 2019."""
    lines = {
        "costs.posts": f"posts = {figure(2.0, 'posts')}\n"
        f"price = {figure(600_000.0, 'DKK per post and year', 2018)}",
        "costs.courses": f"courses_per_year = {figure(24.0, 'courses per year')}\n"
        f'payer = "state"\nprice = {figure(10_000.0, "DKK per course", 2018)}',
    }
    timing = f'end = "2019-10"\nhiring_lag = {figure(3.5, "months")}\n'
    text = invested(lines, start="2018-03", timing=timing)
    result = run(chain(tmp_path, n_years=3, cycle_months=1, strategies=text))
    months = np.array([6.5, 10.0, 0.0])
    paid = result.investment_dkk.sel(strategy="own").isel(draw=0)
    np.testing.assert_allclose(paid.sel(payer="municipality"), 100_000 * months, rtol=1e-13)
    np.testing.assert_allclose(paid.sel(payer="state"), 20_000 * months, rtol=1e-13)


def test_grants_change_hands_and_make_no_money(tmp_path):
    lines = {
        "grants.pool": 'giver = "state"',
        "grants.pool.row": row({2018: 700}),
        "grants.back": 'giver = "municipality"\nreceiver = "state"',
        "grants.back.row": row({2018: 40, 2019: 60}),
    }
    result = run(chain(tmp_path, n_years=2, strategies=invested(lines)))
    own = result.grant_dkk.sel(strategy="own").isel(draw=0)
    np.testing.assert_array_equal(own.sel(payer="municipality"), [660, -60])
    np.testing.assert_array_equal(own.sum("payer"), [0, 0])
    net = result.net_saving_dkk.sel(strategy="own")
    np.testing.assert_array_equal(net.sum("payer"), 0)
    assert (net.sel(payer="state").sum("year") == -600).all()


def test_casework_follows_the_open_cases(tmp_path):
    """500,000 x (cases of the strategy - of the baseline) / (12 x caseload), month by month.

    Eight children are open cases until each strategy ends all of them or none, in a known month:
    certain moves, so nothing is left to chance.
    """
    by_time = f'by_time = {{ factors = {{ "0-4" = 0.0, "5-" = 1.0 }}, {WHY} }}'
    more = (
        f"[caseload]\nreference = {figure(20.0, 'cases per caseworker')}\n"
        f"baseline = {figure(20.0, 'cases per caseworker')}\n"
        f"price_of_post = {figure(500_000.0, 'DKK per post and year', 2018)}\n"
        f"elasticity.all = {figure(0.0, 'ratio')}\n"
        f'[inflow.a]\nages = {{ factors = {{ "10-" = 1.0 }}, {WHY} }}\n'
        f"children_per_year = {figure(0.0, 'children per year')}\n"
    )
    lighter = f"cases_per_caseworker = {figure(10.0, 'cases per caseworker')}"
    both = strategy("own", caseload=lighter)
    path = chain(
        tmp_path, n_years=2, cycle_months=1, times='"0-4", "5-"', by_time=by_time, more=more,
        moves={("a", "b"): "probability = 1.0"}, strategies=both,
    )  # fmt: skip
    text = path.read_text().replace("[steps.a]\n", "[steps.a]\ncounts_as_case = true\n")
    path.write_text(text)
    built = build(path)
    cases = np.zeros((2, 2, 1, 24), int)
    cases[0, ..., :6], cases[1, ..., :9] = 10, 10
    np.testing.assert_array_equal(built.run().cases[:1], cases[:1])
    found = money.casework(built.plan, built.draws, cases)
    by_hand = 500_000 * 3 * 10 / (12 * 10)
    np.testing.assert_allclose(found[1, :, 0], [[by_hand, 0]] * 2, rtol=1e-14)
    assert (found[0] == 0).all()


def test_a_payer_pays_for_its_own_steps(tmp_path):
    path = chain(tmp_path)
    path.write_text(path.read_text().replace("[steps.a]\n", '[steps.a]\npayer = "state"\n'))
    cost = run(path).cost_dkk
    assert (cost.sel(payer="state") == 120_000).all()
    assert (cost.sel(payer="municipality") == 0).all()


def test_a_strategys_own_price_saves_months_times_the_difference(tmp_path):
    own = NOTHING.replace("nothing", "own") + (
        f"[strategies.own.steps.a]\nprice = {figure(900.0, 'DKK per child and month', 2018)}\n"
    )
    result = run(chain(tmp_path, strategies=own))
    assert (result.net_saving_dkk.sel(strategy="own", payer="municipality") == 12_000).all()
    assert (result.gross_saving_dkk.sel(strategy="own") == 12_000).all()


@pytest.mark.parametrize(("price", "again", "rest"), [(900.0, 9000, 3000), (1100.0, 0, -12_000)])
def test_a_saving_is_reinvested_or_taken_off_the_budget(tmp_path, price, again, rest):
    """Three quarters of 12,000 saved are spent again; a loss of 12,000 frees nothing."""
    own = NOTHING.replace("nothing", "own") + (
        f"reinvested_share = {figure(0.75, 'share')}\n"
        f"[strategies.own.steps.a]\nprice = {figure(price, 'DKK per child and month', 2018)}\n"
    )
    own += NOTHING.replace("nothing", "kept")
    result = run(chain(tmp_path, strategies=own))
    one = result.sel(strategy="own")
    assert (one.reinvested_dkk == again).all()
    assert (one.budget_reduction_dkk == rest).all()
    assert (one.net_saving_dkk.sel(payer="municipality") == again + rest).all()
    assert (result.reinvested_dkk.sel(strategy=["baseline", "kept"]) == 0).all()


def test_without_a_share_nothing_is_said_of_reinvestment(tmp_path):
    assert "reinvested_dkk" not in run(chain(tmp_path))


def test_the_three_totals(tmp_path):
    """Measures and investment before grants; after them; and of all payers, who are two here."""
    lines = {
        "costs.buy.row": row({2018: 900}),
        "costs.by_state": 'payer = "state"',
        "costs.by_state.row": row({2018: 50}),
        "grants.pool": 'giver = "state"',
        "grants.pool.row": row({2018: 300}),
    }
    result = run(chain(tmp_path, strategies=invested(lines)))
    for strategy_name, totals in (
        ("baseline", (120_000,) * 3),
        ("own", (120_900, 120_600, 120_950)),
    ):
        one = result.sel(strategy=strategy_name)
        assert (one.service_expenditure_dkk == totals[0]).all()
        assert (one.municipality_net_dkk == totals[1]).all()
        assert (one.public_expenditure_dkk == totals[2]).all()


def test_net_saving_is_what_it_says(tmp_path):
    """Baseline cost - cost - casework - investment + grants, for every payer, draw and year."""
    lines = {"grants.pool": 'giver = "state"', "grants.pool.row": row({2018: 5e5, 2019: 1e5})}
    text = strategy("own", on("placement", 0.7)) + "".join(
        f"[strategies.own.investments.own.{name}]\n{body}\n" for name, body in lines.items()
    )
    result = simulate(write_small(tmp_path, text), n_draws=5, seed=1)
    base = result.cost_dkk.sel(strategy="baseline")
    by_hand = base - result.cost_dkk - result.investment_dkk + result.grant_dkk
    at_home = result.payer == "municipality"
    by_hand = by_hand - result.casework_dkk * at_home
    np.testing.assert_allclose(
        result.net_saving_dkk, by_hand.transpose(*result.net_saving_dkk.dims), atol=1e-6
    )
    assert (result.casework_dkk.sel(strategy="own") != 0).any()


# ----------------------------------------------------------------------------- the same anywhere


def test_sums_add_one_kind_after_another():
    """Amounts whose sum depends on the order, and whose products have to be rounded."""
    counts = np.array([3.0, 1.0, 7.0]).reshape(1, 1, 1, 1, 3)
    weights = np.array([1e16 / 3, 1.1, -1e16 / 7]).reshape(1, 1, 3, 1)
    by_hand = 0.0 + 3.0 * (1e16 / 3) + 1.0 * 1.1 + 7.0 * (-1e16 / 7)
    assert money.weighted_sums(counts, weights).item() == by_hand


def test_weights_may_differ_by_year():
    counts = np.arange(1.0, 13.0).reshape(1, 1, 2, 3, 2)
    weights = np.arange(1.0, 13.0).reshape(1, 1, 3, 2, 2)
    wanted = np.einsum("qnryk,qnykp->qnryp", counts, weights)
    assert np.array_equal(money.weighted_sums(counts, weights), wanted)
