"""What holds for every input: conservation, additivity, monotony, and distributions as stated."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from handmade import draw_tables, staircase
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats
from small import (
    ARRIVALS,
    CHILDREN,
    NOTHING,
    Chain,
    build,
    on,
    strategy,
    write_chain,
    write_small,
)

from stepdown import money, simulate
from stepdown.kernel.loop import simulate_runs
from stepdown.parameters import quantile
from stepdown.scenario.quantity import Quantity

SEEDS = st.integers(0, 2**64 - 1)
FEW = settings(max_examples=12, deadline=None)
MORE = settings(max_examples=150, deadline=None)


# ---------------------------------------------------------------------- children and their months


@given(SEEDS, st.integers(0, 1000), st.integers(1, 3), st.integers(1, 6))
@settings(max_examples=30, deadline=None)
def test_nobody_appears_or_vanishes(seed, tables_seed, n_strategies, children):
    """In any world: months sum to time, stocks differ by arrivals, strategies share the start."""
    stairs = staircase(n_strategies)
    tables = draw_tables(stairs, tables_seed, n_draws=1, children=children)
    counts, _ = simulate_runs(stairs, tables, seed, 0, 2)
    total = counts.stock.sum(axis=-1)
    assert (total[..., 0] == total[:1, ..., 0]).all()
    assert (total[..., 0] >= children * 3 + 2).all()
    assert (np.diff(total, axis=-1) >= 0).all()
    months = counts.months.sum(axis=-1)
    assert (12 * total[..., :-1] <= months).all()
    assert (months <= 12 * total[..., 1:]).all()
    assert min(counts.months.min(), counts.stock.min(), counts.moves.min()) >= 0


@given(SEEDS, st.floats(0.2, 1.9))
@FEW
def test_without_arrivals_months_sum_to_time(seed, ratio):
    """As many children at every edge, 12 months a year each; moves in and out explain each step."""
    # Ages come from the steady life of the arrivals, so a trickle stands in for none: the largest
    # uniform is not near enough to 1 for it to bring a child.
    trickle = dict.fromkeys(ARRIVALS, 1e-9)
    with tempfile.TemporaryDirectory() as folder:
        text = strategy("own", on("placement", ratio))
        path = write_small(Path(folder), text, arrivals=trickle)
        run = simulate(path, n_draws=2, seed=seed, n_replicates=1, n_threads=1)
    n_children = sum(CHILDREN.values())
    assert (run.stock.sum("step") == n_children).all()
    assert (run.months_in_step.sum("step") == 12 * n_children).all()
    leaving = run.moves.sel(move=["case_closed", "birthday_18", "birthday_23"]).sum(
        ["move", "year"]
    )
    assert (run.stock.isel(year=-1).sel(step="left") == leaving).all()


# ----------------------------------------------------------------------------------------- money


@given(st.floats(0.1, 10), SEEDS)
@FEW
def test_saving_is_linear_in_prices(factor, seed):
    """Every price times a factor: cost and gross saving times it, to rounding."""
    with tempfile.TemporaryDirectory() as folder:
        built = build(write_small(Path(folder), strategy("own", on("placement", 0.6))), seed=seed)
    counts = built.run(2)
    price = money.prices(built.plan, built.draws)
    cost = money.costs_by_payer(built.plan, price, counts.months)
    dearer = money.costs_by_payer(built.plan, price * factor, counts.months)
    np.testing.assert_allclose(dearer, cost * factor, rtol=1e-13)
    one_step = np.zeros_like(price)
    one_step[..., built.plan.step("foster_care")] = 1.0
    added = money.costs_by_payer(built.plan, price + one_step, counts.months).sum(axis=-1)
    more = counts.months[..., built.plan.step("foster_care")]
    np.testing.assert_allclose(added - cost.sum(axis=-1), more, atol=1e-12 * cost.max())


@given(SEEDS, st.floats(0.3, 1.9), st.floats(0, 1e7))
@FEW
def test_payers_sum_to_the_total(seed, ratio, grant):
    """Net saving over payers = gross saving - casework - investment: grants cancel."""
    row = (
        f'by_year = {{ "2018" = {grant:.6f} }}\nafter = "zero"\nunit = "DKK per year"\n'
        "price_year = 2018\n"
        'assumption = "made up for a test"\n'
    )
    text = strategy("own", on("placement", ratio)) + (
        '[strategies.own.investments.own.grants.pool]\ngiver = "state"\n'
        f"[strategies.own.investments.own.grants.pool.row]\n{row}"
        f'[strategies.own.investments.own.costs.buy]\npayer = "region"\nrow = {{ {inline(row)} }}\n'
        '[steps.institution]\npayer = "state"\n'
    )
    with tempfile.TemporaryDirectory() as folder:
        run = simulate(write_small(Path(folder), text), n_draws=2, seed=seed, n_threads=1)
    net = run.net_saving_dkk.sum("payer")
    parts = run.gross_saving_dkk - run.casework_dkk - run.investment_dkk.sum("payer")
    scale = 1e-12 * (run.cost_dkk.sum("payer").max() + 2 * grant).item()
    np.testing.assert_allclose(net, parts.transpose(*net.dims), atol=scale)
    np.testing.assert_allclose(run.grant_dkk.sum("payer"), 0, atol=0)
    saved = run.cost_dkk.sel(strategy="baseline") - run.cost_dkk
    np.testing.assert_allclose(
        run.gross_saving_dkk, saved.sum("payer").transpose(*net.dims), atol=scale
    )
    assert (run.cost_dkk.sel(payer="state") > 0).any()


def inline(lines):
    return ", ".join(line for line in lines.strip().split("\n"))


@given(
    st.lists(st.floats(0, 1e9), min_size=40, max_size=40),
    st.tuples(st.floats(0, 0.2), st.floats(0, 0.2)),
    st.tuples(st.floats(0, 0.2), st.floats(0, 0.2)),
)
@settings(max_examples=25, deadline=None)
def test_present_value_of_a_stream_falls_with_the_rate(stream, rates, more):
    """Of a non-negative stream, whichever of the two rates in force rises."""
    low = factors(rates)
    high = factors((rates[0] + more[0], rates[1] + more[1]))
    assert (high <= low).all()
    assert (np.diff(low) <= 0).all()
    assert low[0] == 1
    assert stream @ high <= stream @ low


def factors(rates):
    """Return the factors of 40 years for a rate to year 35 and another after it."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_chain(
            Path(folder), Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 1}, n_years=40)
        )
        text = path.read_text()
        for old, new in zip(("value = 0.035", "value = 0.025"), rates, strict=True):
            assert text.count(old) == 1
            text = text.replace(old, f"value = {new!r}")
        path.write_text(text)
        built = build(path, n_draws=1)
    return money.discount_factors(built.plan, built.draws)[0]


# ---------------------------------------------------------------------------------- distributions


def quantity(kind, **shape):
    return Quantity(distribution=kind, unit="ratio", assumption="made up for a test", **shape)


POSITIVE = st.floats(1e-3, 1e6)
RISING = st.tuples(POSITIVE, st.floats(1.001, 50), st.floats(1.001, 50)).map(
    lambda x: (x[0], x[0] * x[1], x[0] * x[1] * x[2])
)
QUANTITIES = st.one_of(
    st.builds(
        lambda mean, sd: quantity("normal", mean=mean, sd=sd), st.floats(-1e6, 1e6), POSITIVE
    ),
    RISING.map(lambda x: quantity("lognormal", low=x[0], median=x[1], high=x[2])),
    RISING.map(lambda x: quantity("uniform", low=x[0], high=x[2])),
    RISING.map(lambda x: quantity("triangular", low=x[0], mode=x[1], high=x[2])),
    st.builds(
        lambda mean, share: quantity("beta", mean=mean, sd=share * np.sqrt(mean * (1 - mean))),
        st.floats(0.02, 0.98), st.floats(0.02, 0.7),
    ),
    st.builds(
        lambda mean, share: quantity("gamma", mean=mean, sd=mean * share),
        POSITIVE, st.floats(0.02, 2),
    ),
)  # fmt: skip


def reference(q):
    """Return the same distribution from scipy.stats, or None where it has none."""
    if q.distribution == "normal":
        return stats.norm(q.mean, q.sd)
    if q.distribution == "uniform":
        return stats.uniform(q.low, q.high - q.low)
    if q.distribution == "triangular":
        return stats.triang((q.mode - q.low) / (q.high - q.low), q.low, q.high - q.low)
    if q.distribution == "beta":
        size = q.mean * (1 - q.mean) / q.sd**2 - 1
        return stats.beta(q.mean * size, (1 - q.mean) * size)
    if q.distribution == "gamma":
        return stats.gamma((q.mean / q.sd) ** 2, scale=q.sd**2 / q.mean)
    return None


U = np.concatenate([[1e-12, 1e-6], np.linspace(0.001, 0.999, 401), [1 - 1e-6, 1 - 1e-12]])


@given(QUANTITIES)
@MORE
def test_quantiles_rise(q):
    found = quantile(q, U)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    if q.distribution in ("uniform", "triangular"):
        assert (found >= q.low).all()
        assert (found <= q.high).all()
    if q.distribution in ("lognormal", "gamma", "beta"):
        assert (found >= 0).all()


@given(QUANTITIES)
@MORE
def test_quantiles_are_those_of_scipy(q):
    known = reference(q)
    found = quantile(q, U)
    if known is None:
        stated = quantile(q, np.array([0.025, 0.5, 0.975]))
        np.testing.assert_allclose(stated, [q.low, q.median, q.high], rtol=1e-12)
        # Each half is lognormal by itself.
        for u, end in ((U[U < 0.5], q.low), (U[U > 0.5], q.high)):
            spread = abs(np.log(q.median / end)) / stats.norm.isf(0.025)
            half = stats.lognorm(spread, scale=q.median)
            np.testing.assert_allclose(quantile(q, u), half.ppf(u), rtol=1e-9)
        return
    scale = known.std()
    np.testing.assert_allclose(found, known.ppf(U), rtol=1e-7, atol=1e-9 * scale)
    for stated, moment in ((q.mean, known.mean()), (q.sd, known.std())):
        if stated is not None:
            assert moment == pytest.approx(stated, rel=1e-9)


def beta(mean, share):
    """Return a beta whose sd is a share of the largest it can have."""
    return quantity("beta", mean=mean, sd=share * np.sqrt(mean * (1 - mean)))


# A shape just above 1, where scipy's inverse gives nan below u = 1e-16; and the widest allowed.
@example(beta(0.59375, 0.6052836127644597))
@example(beta(0.59375, 0.6012422921037844))
@example(beta(0.59375, 0.98))
@given(QUANTITIES.filter(lambda q: q.distribution in ("normal", "beta", "gamma")))
@settings(max_examples=40, deadline=None)
def test_stated_mean_and_sd_are_had(q):
    """Mean and standard deviation of the quantiles themselves, by Gauss-Legendre on pieces of u."""
    node, weight = np.polynomial.legendre.leggauss(60)
    # Pieces that shrink towards 0 and 1, where quantiles run away.
    edge = np.concatenate([[0.0], 10.0 ** np.arange(-14, 0), [0.5]])
    edge = np.concatenate([edge, 1 - edge[-2::-1]])
    low, width = edge[:-1, None], np.diff(edge)[:, None]
    u = np.clip(low + width * (node + 1) / 2, 1e-300, 1 - 2**-53).ravel()
    w = (width * weight / 2).ravel()
    x = quantile(q, u)
    mean = w @ x
    assert mean == pytest.approx(q.mean, rel=1e-6, abs=1e-6 * q.sd)
    assert np.sqrt(w @ (x - mean) ** 2) == pytest.approx(q.sd, rel=1e-5)


# ----------------------------------------------------------------------------- the null strategy


@given(SEEDS)
@FEW
def test_a_null_strategy_saves_nothing_under_any_seed(seed):
    with tempfile.TemporaryDirectory() as folder:
        run = simulate(write_small(Path(folder), NOTHING), n_draws=2, seed=seed, n_threads=1)
    assert (run.net_saving_dkk == 0).all()
    assert run.moves.sum() > 0
