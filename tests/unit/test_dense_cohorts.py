"""Derived arrivals and the stock they keep, against matrices that share no code with the kernel."""

import re

import numpy as np
import pytest
from dense import Dense, keeping
from scipy.optimize import minimize
from small import NOTHING, WHY, Chain, write_chain

from stepdown import expected

STEPS = ("home", "foster", "institution", "again", "out")
KINDS = ("home", "placement", "placement", "closed_after_placement", "exit")
RATES = {
    ("home", "foster"): 0.3,
    ("home", "out"): 0.9,
    ("foster", "institution"): 0.4,
    ("foster", "again"): 0.5,
    ("institution", "foster"): 0.2,
    ("institution", "again"): 0.6,
    ("again", "foster"): 0.25,
    ("again", "out"): 0.35,
}
OLDER, LONGER = 1.7, 0.4
"""Factors from the fourth birthday on, and from the seventh month on a step, on every move."""


def rates(step, age, months):
    factor = (OLDER if age >= 48 else 1.0) * (LONGER if months >= 6 else 1.0)
    return [(to, rate * factor / 12) for (start, to), rate in RATES.items() if start == step]


def write(folder, children, entries, *, ends=True, more="", n_years=8):
    """Write the model; `entries` are the shares of arrivals by age band on each step of entry."""
    last = "4-5" if ends else "4-"
    factors = (
        f'by_age = {{ factors = {{ "0-3" = 1.0, "{last}" = {OLDER} }}, {WHY} }}\n'
        f'by_time = {{ factors = {{ "0-5" = 1.0, "6-" = {LONGER} }}, {WHY} }}'
    )
    for step, (young, old) in entries.items():
        ages = f'"0-3" = {young}, "{last}" = {old}'
        more += f"[inflow.{step}]\nages = {{ factors = {{ {ages} }}, {WHY} }}\n"
    if ends:
        more += '[birthdays.6]\nleave_to = "out"\n'
    chain = Chain(
        STEPS, {ends: f"rate = {rate}" for ends, rate in RATES.items()}, children, cycle_months=1,
        n_years=n_years, age_years=None, ages=f'"0-3", "{last}"', times='"0-5", "6-"',
        by_time=factors, more=more, strategies=NOTHING,
    )  # fmt: skip
    path = write_chain(folder, chain)
    text = path.read_text()
    for step, kind in zip(STEPS, KINDS, strict=True):
        text = re.sub(rf'(\[steps\.{step}\]\n.*\n.*\nkind = )"\w+"', rf'\1"{kind}"', text)
    path.write_text(text)
    return path


def stock(path):
    """Return expected children of the baseline, (year, step)."""
    return expected(path, n_draws=1).stock.sel(strategy="baseline").isel(draw=0).values


@pytest.fixture(name="ends", scope="module")
def with_a_last_birthday():
    return Dense(STEPS, rates, oldest=72, longest=6, ends_at=72)


ENTRIES = {"home": (0.8, 0.2), "foster": (0.3, 0.7)}


def units(dense, old):
    """Return (entry, state) steady states of one arrival a month; `old` are the later ages."""
    one = [
        young * dense.arrive(step, range(48)) + rest * dense.arrive(step, old)
        for step, (young, rest) in ENTRIES.items()
    ]
    return np.array(one), dense.steady(np.array(one))


def test_the_stock_within_reach(ends, tmp_path):
    """Documented at home and in foster families; the other steps as the rates have them."""
    arrivals, steady = units(ends, range(48, 72))
    number = keeping(ends.by_step(steady)[:, :2], np.array([300, 90]))
    start = ends.from_documented(number @ steady, {"home": 300, "foster": 90, "out": 0})
    wanted = ends.follow(start, number @ arrivals, 8)
    found = stock(write(tmp_path, {"home": 300, "foster": 90}, ENTRIES))
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


@pytest.mark.parametrize(
    "beyond", [{"foster": 30}, {"institution": 30}, {"foster": 9, "institution": 21}]
)
def test_the_stock_beyond_reach(ends, tmp_path, beyond):
    """The number placed is kept in balance, and steps of other kinds begin in balance."""
    arrivals, steady = units(ends, range(48, 72))
    stocks = ends.by_step(steady)
    wanted = np.array([beyond.get(step, 0) for step in STEPS[1:3]], float)
    size = np.where(wanted > 0, wanted, wanted.sum())

    def far(number):
        return ((((number @ stocks)[1:3] - wanted) / size) ** 2).sum()

    kept = {"type": "eq", "fun": lambda number: (number @ stocks)[1:3].sum() - wanted.sum()}
    number = minimize(
        far, keeping(stocks[:, 1:3], wanted), constraints=[kept], bounds=[(0, None)] * 2, tol=1e-14
    ).x
    counted = dict(zip(STEPS[1:3], wanted, strict=True))
    start = ends.from_documented(number @ steady, {**counted, "out": 0})
    there = ends.follow(start, number @ arrivals, 8)
    children = {"home": 300, "foster": 90}
    text = "".join(f"{step} = {n}\n" for step, n in beyond.items())
    path = write(tmp_path / "with", children, ENTRIES, more=f"[stock.beyond_reach]\n{text}")
    found = stock(path) - stock(write(tmp_path / "without", children, ENTRIES))
    np.testing.assert_allclose(found, there, rtol=2e-4, atol=1e-3)
    np.testing.assert_allclose((number @ stocks)[1:3].sum(), 30, rtol=1e-9)


# ------------------------------------------------------------- no birthday that ends support


@pytest.fixture(name="goes_on", scope="module")
def without_a_last_birthday():
    return Dense(STEPS, rates, oldest=48, longest=6)


@pytest.mark.parametrize("young", [0.8, 0.0])
def test_an_open_last_age_band(goes_on, tmp_path, young):
    """Children leave by their rates alone, at any age; those of the open band come as it opens."""
    entries = {"home": (young, 1 - young), "foster": (0.3, 0.7)}
    one = np.array([
        share * goes_on.arrive(step, range(48)) + rest * goes_on.arrive(step, [48])
        for step, (share, rest) in entries.items()
    ])  # fmt: skip
    steady = goes_on.steady(one)
    number = keeping(goes_on.by_step(steady)[:, :2], np.array([300, 90]))
    start = goes_on.from_documented(number @ steady, {"home": 300, "foster": 90, "out": 0})
    wanted = goes_on.follow(start, number @ one, 8)
    found = stock(write(tmp_path, {"home": 300, "foster": 90}, entries, ends=False))
    np.testing.assert_allclose(found, wanted, rtol=1e-8)
