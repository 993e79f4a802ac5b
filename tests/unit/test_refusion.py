"""State reimbursement by hand: every law at, below and above every threshold; who gains by it."""

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import NOTHING, WHY, Chain, build, figure, on, strategy, write_chain, write_small

from stepdown import load_scenario, simulate
from stepdown.analysis.varied import with_number
from stepdown.chunks import chunk_dataset
from stepdown.refusion import refund, reimbursement_tables, transfers

SECTION_176_A, BILL_L197, CHILDRENS_ACT = (2013, 2021, 2024)
MILLION = 1e6
LAWS_IN_FORCE = {law.from_year: law for law in load_scenario("hoersholm").scenario.reimbursement}


def refunded(law, cost):
    return refund(np.float64(cost), np.array(law.above), np.diff(law.shares, prepend=0.0))


@pytest.mark.parametrize(
    ("law", "cost", "expected"),
    [
        # serviceloven 176 a, level 2020: 25 % above 830,000, 50 % above 1,630,000
        (SECTION_176_A, 0, 0),
        (SECTION_176_A, 829_999, 0),
        (SECTION_176_A, 830_000, 0),
        (SECTION_176_A, 830_004, 1),
        (SECTION_176_A, 1_160_000, 82_500),
        (SECTION_176_A, 1_630_000, 200_000),
        (SECTION_176_A, 1_630_002, 200_001),
        (SECTION_176_A, 2_000_000, 385_000),
        (SECTION_176_A, 3_000_000, 885_000),
        # bill L 197, level 2020: 25, 50 and 75 % above 830,000, 1,630,000 and 2,050,000
        (BILL_L197, 830_000, 0),
        (BILL_L197, 1_160_000, 82_500),
        (BILL_L197, 1_629_996, 199_999),
        (BILL_L197, 1_630_000, 200_000),
        (BILL_L197, 2_000_000, 385_000),
        (BILL_L197, 2_050_000, 410_000),
        (BILL_L197, 2_050_004, 410_003),
        (BILL_L197, 3_000_000, 1_122_500),
        # barnets lov 198, level 2022: 25, 50 and 75 % above 860,000, 1,680,000 and 2,120,000
        (CHILDRENS_ACT, 859_999, 0),
        (CHILDRENS_ACT, 860_000, 0),
        (CHILDRENS_ACT, 1_000_000, 35_000),
        (CHILDRENS_ACT, 1_680_000, 205_000),
        (CHILDRENS_ACT, 1_680_002, 205_001),
        (CHILDRENS_ACT, 2_000_000, 365_000),
        (CHILDRENS_ACT, 2_120_000, 425_000),
        (CHILDRENS_ACT, 2_120_004, 425_003),
        (CHILDRENS_ACT, 2_500_000, 710_000),
    ],
)
def test_refund_of_one_child(law, cost, expected):
    assert refunded(LAWS_IN_FORCE[law], cost) == pytest.approx(expected, abs=1e-6)


def test_a_child_counts_alone_and_in_its_year():
    """Half of a dear year each of two years, or of two children, is not refunded."""
    act = LAWS_IN_FORCE[CHILDRENS_ACT]
    assert refunded(act, 1.6 * MILLION) == pytest.approx(185_000)
    assert 2 * refunded(act, 0.8 * MILLION) == 0


def test_the_laws_are_those_of_the_evidence():
    """Thresholds, shares and levels as the sources state them."""
    loaded = load_scenario("hoersholm")
    assert [law.from_year for law in loaded.scenario.reimbursement] == [2013, 2021, 2024]
    for law in loaded.scenario.reimbursement:
        cited = loaded.evidence.figure(law.sources[0])
        assert list(cited.values.values()) == list(law.above)
        assert [f"{share * 100:.0f}-per-cent" for share in law.shares] == list(cited.values)
        assert cited.price_year == law.price_year
        for key in law.sources[1:]:
            assert list(loaded.evidence.figure(key).values.values()) == list(law.shares)


@given(st.floats(0, 1e8), st.floats(0, 1e8), st.sampled_from([*LAWS_IN_FORCE]))
@settings(max_examples=150, deadline=None)
def test_a_refund_is_what_slices_between_thresholds_give(cost, more, year):
    """As slice by slice; it never falls with cost, nor rises by more than the top share of it."""
    law = LAWS_IN_FORCE[year]
    low, high = refunded(law, cost), refunded(law, cost + more)
    assert low == pytest.approx(naive.Purse.refund_of_one(cost, law, 1.0), rel=1e-12, abs=1e-6)
    assert -1e-6 <= high - low <= law.shares[-1] * more + 1e-6


# -------------------------------------------------------------------------- the arrays of a walk

LAWS = f"""
[[reimbursement]]
from_year = 2019
law = {{ da = "Første lov", en = "First law" }}
above = [500_000]
shares = [0.25]
unit = "DKK per child and year"
price_year = 2018
{WHY}
[[reimbursement]]
from_year = 2020
law = {{ da = "Anden lov", en = "Second law" }}
above = [400_000, 900_000]
shares = [0.25, 0.75]
unit = "DKK per child and year"
price_year = 2021
{WHY}
"""
STAY = Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 10}, cycle_months=1)


def chain(tmp_path, more=LAWS, price=100_000.0, edit=lambda text: text, **fields):
    path = write_chain(tmp_path, Chain(**{**STAY.__dict__, "more": more, **fields}))
    text = path.read_text().replace("value = 1000.0", f"value = {price}", 1)
    path.write_text(edit(text))
    return path


def tables_of(built, price=None):
    shape = (len(built.plan.strategies), built.draws.count, len(built.plan.steps))
    price = np.full(shape, 1000.0) if price is None else price
    return reimbursement_tables(built.plan, built.draws, price)


def test_each_year_has_the_thresholds_of_its_law(tmp_path):
    """None before the first law; moved from their level by 2 % a year; bands that lack are far."""
    built = build(chain(tmp_path, n_years=4))
    tables = tables_of(built)
    inf = np.inf
    edges = [[inf, inf], [510_000, inf], [400_000 / 1.02, 900_000 / 1.02], [400_000, 900_000]]
    np.testing.assert_allclose(tables.edges, [edges] * 2, rtol=1e-14)
    np.testing.assert_allclose(
        tables.added_share, [[[0, 0], [0.25, 0], [0.25, 0.5], [0.25, 0.5]]] * 2, rtol=1e-14
    )
    cost = np.array([3e6, 3e6, 3e6, 3e6])
    by_hand = [0, 0.25 * (3e6 - 510_000),
               0.25 * (500_000 / 1.02) + 0.75 * (3e6 - 900_000 / 1.02),
               0.25 * 500_000 + 0.75 * 2_100_000]  # fmt: skip
    found = refund(cost, tables.edges[0], tables.added_share[0])
    np.testing.assert_allclose(found, by_hand, rtol=1e-13)


def test_costs_stand_in_the_prices_of_the_year(tmp_path):
    """The strategy's own price, lifted by 2 % a year; b, which is free, costs nothing."""
    built = build(chain(tmp_path, n_years=3))
    price = np.array([[[5000.0, 0.0]] * 2, [[4000.0, 0.0]] * 2])
    found = tables_of(built, price).cost_per_month
    assert found.shape == (2, 2, 3, 2)
    np.testing.assert_allclose(found[:, 0, :, 0], [[5000, 5100, 5202]] * 2, rtol=1e-14)
    np.testing.assert_allclose(found[:, 1, :, 0], [[4000, 4080, 4161.6]] * 2, rtol=1e-14)
    assert (found[..., 1] == 0).all()


@pytest.mark.parametrize("line", ["reimbursable = false", 'payer = "state"'])
def test_a_price_that_does_not_count(tmp_path, line):
    """A step outside the law, or one that the municipality does not pay for."""
    built = build(chain(tmp_path, edit=lambda t: t.replace("[steps.a]\n", f"[steps.a]\n{line}\n")))
    found = tables_of(built).cost_per_month
    assert (found[..., 0] == 0).all()
    assert (found[..., 1] > 0).all()


def test_without_a_law_nothing_is_refunded(tmp_path):
    built = build(chain(tmp_path, more=""))
    assert not any(table.size for table in tables_of(built))
    assert "refusion_dkk" not in chunk_dataset(built.plan, built.draws, built.chunk, built.run())


def test_refunds_are_entered_twice_in_the_price_level(tmp_path):
    """Current prices back to 2018: / 1.02 a year; the municipality gets what the state gives."""
    built = build(chain(tmp_path, n_years=3))
    found = transfers(built.plan, built.draws, np.full((2, 2, 1, 3), 1040.4))
    np.testing.assert_allclose(found[..., 0], np.full((2, 2, 1, 3), [1040.4, 1020, 1000]))
    assert (found.sum(axis=-1) == 0).all()


# ------------------------------------------------------------------------------------ who gains

ACT = LAWS[: LAWS.index("[[reimbursement]]\nfrom_year = 2020")].replace(
    "from_year = 2019", "from_year = 2018"
)
ACT = ACT.replace("above = [500_000]", "above = [860_000, 1_680_000, 2_120_000]").replace(
    "shares = [0.25]", "shares = [0.25, 0.50, 0.75]"
)


def with_refunds(built, per_child):
    """Return the Dataset of a built scenario whose refunds are those of equal children."""
    counts = built.run()
    # The walk itself refunds ten children, to the last unit of 2^-24 kr.
    np.testing.assert_allclose(counts.refund, 10 * per_child, rtol=1e-9)
    return chunk_dataset(built.plan, built.draws, built.chunk, counts)


def test_a_dear_place_avoided_saves_the_municipality_less_than_its_price(tmp_path):
    """Ten places of 2.0 m for free: 2.0 m less 0.365 m each; the state saves the 0.365 m."""
    free = NOTHING.replace("nothing", "own") + (
        f"[strategies.own.steps.a]\nprice = {figure(0.0, 'DKK per child and month', 2018)}\n"
    )
    path = chain(tmp_path, ACT, 2e6 / 12, n_years=1, strategies=free)
    built = build(path)
    price = np.array([[[2e6 / 12, 0.0]] * 2, [[0.0, 0.0]] * 2])
    tables = tables_of(built, price)
    cost = 12 * tables.cost_per_month[..., 0].swapaxes(0, 1)
    one = refund(cost, tables.edges, tables.added_share)
    np.testing.assert_allclose(one[:, :, 0], [[365_000] * 2, [0, 0]], rtol=1e-12)
    result = with_refunds(built, one[:, :, None, :])
    net = result.net_saving_dkk.sel(strategy="own").squeeze()
    np.testing.assert_allclose(net.sel(payer="municipality"), 10 * 1_635_000, rtol=1e-9)
    np.testing.assert_allclose(net.sel(payer="state"), 10 * 365_000, rtol=1e-9)
    np.testing.assert_allclose(result.gross_saving_dkk.sel(strategy="own"), 2e7, rtol=1e-12)
    base = result.sel(strategy="baseline").squeeze()
    np.testing.assert_allclose(base.service_expenditure_dkk, 2e7, rtol=1e-12)
    np.testing.assert_allclose(base.municipality_net_dkk, 10 * 1_635_000, rtol=1e-9)
    np.testing.assert_allclose(base.public_expenditure_dkk, 2e7, rtol=1e-12)


@pytest.mark.parametrize("millions", [2, 59, 61, 200, 7e6])
def test_a_trial_price_is_refunded_however_large(tmp_path, millions):
    """Ten children at a price that no file may state and no account held; 2018 prices all."""
    loaded = load_scenario(chain(tmp_path, ACT, n_years=1))
    result = simulate(with_number(loaded, "steps.a.price", millions * 1e6 / 12), 2, 1)
    built = build(chain(tmp_path, ACT, n_years=1))
    tables = tables_of(built)
    one = refund(np.float64(millions * 1e6), tables.edges[0, 0], tables.added_share[0, 0])
    base = result.refusion_dkk.sel(strategy="baseline", payer="municipality")
    np.testing.assert_allclose(base, 10 * one, rtol=1e-9)


def test_payers_sum_to_the_total_and_transfers_cancel(tmp_path):
    """With grants, refunds and casework: refunds and grants sum to 0 and net adds up, any draw."""
    grant = (
        '[strategies.own.investments.own.grants.pool]\ngiver = "state"\n'
        '[strategies.own.investments.own.grants.pool.row]\nby_year = { "2018" = 70_000 }\n'
        f'after = "zero"\nunit = "DKK per year"\nprice_year = 2017\n{WHY}\n'
    )
    built = build(write_small(tmp_path, strategy("own", on("placement", 0.6)) + grant), n_draws=4)
    counts = built.run(2)
    assert counts.refund.any()
    result = chunk_dataset(built.plan, built.draws, built.chunk, counts)
    assert (result.refusion_dkk.sum("payer") == 0).all()
    assert (result.grant_dkk.sum("payer") == 0).all()
    net, base = result.net_saving_dkk, result.sel(strategy="baseline")
    total = base.public_expenditure_dkk - result.public_expenditure_dkk
    np.testing.assert_allclose(net.sum("payer"), total.transpose(*net.dims[:-1]), atol=1e-6)
    own = base.municipality_net_dkk - result.municipality_net_dkk
    np.testing.assert_allclose(
        net.sel(payer="municipality"), own.transpose(*net.dims[:-1]), atol=1e-6
    )
    got = result.refusion_dkk.sel(payer="municipality") + result.grant_dkk.sel(payer="municipality")
    service = result.service_expenditure_dkk
    np.testing.assert_allclose(service - result.municipality_net_dkk, got.transpose(*service.dims))
    assert (net.sel(strategy="baseline") == 0).all()
    assert (result.casework_dkk.sel(strategy="own") != 0).any()
