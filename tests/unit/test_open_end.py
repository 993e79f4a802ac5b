"""Without a birthday that ends support children leave by their rates alone, at any age."""

import naive
import numpy as np
import pytest
from small import (
    WHY,
    Chain,
    build,
    figure,
    on,
    strategy,
    write_chain,
)

from stepdown import expected, load_scenario, simulate
from stepdown.analysis.varied import with_number
from stepdown.errors import InputError, RunError

BANDS = '"0-17", "18-"'
COMES = f'[inflow.a]\nages = {{ factors = {{ "0-17" = 0.9, "18-" = 0.1 }}, {WHY} }}\n'
TWO = {("a", "b"): "rate = 0.06"}
THREE = {("a", "b"): "rate = 0.1", ("b", "a"): "rate = 0.05", ("b", "c"): "rate = 0.04"}


def chain(folder, moves=TWO, children=None, **fields):
    """Write states of all ages, without a birthday; arrivals keep the stock on a."""
    states = tuple(dict.fromkeys(state for ends in moves for state in ends))
    given = {"ages": BANDS, "more": COMES, "n_years": 10, **fields}
    return write_chain(
        folder,
        Chain(states, moves, children or {"a": 200}, cycle_months=1, age_years=None, **given),
    )


def stock(path, **options):
    return expected(path, n_draws=1, **options).stock.sel(strategy="baseline").isel(draw=0)


@pytest.mark.parametrize("rate", [0.001, 0.06, 2.0])
@pytest.mark.parametrize("n_years", [1, 10, 100])
def test_a_stock_of_all_ages_is_kept(tmp_path, rate, n_years):
    """200 children after any time, for stays of half a year to a thousand years on average."""
    found = stock(chain(tmp_path, {("a", "b"): f"rate = {rate}"}, n_years=n_years)).sel(step="a")
    np.testing.assert_allclose(found, 200, rtol=1e-8)


TIMES = '"0-11", "12-35", "36-"'
FALLS = f'by_time = {{ factors = {{ "0-11" = 1.5, "12-35" = 1.0, "36-" = 0.3 }}, {WHY} }}'
NEVER_LATE = f'by_time = {{ factors = {{ "0-11" = 0.0, "12-35" = 3.0, "36-" = 1.0 }}, {WHY} }}'
CLASSES = f"[frailty]\nmultipliers = [0.4, 1.0, 3.0]\nshares = [0.5, 0.3, 0.2]\n{WHY}\n"
CLASSES += "[frailty.loadings]\nleave = 1.0\nstep_up = 0.5\n"
GOES_ON = f'[birthdays.18]\nleave_to = "c"\n[birthdays.18.goes_on]\na = {figure(0.6, "share")}\n'
OLDER = strategy("own", on("a_b", 1.8, more='ages = "30-"\n'))


@pytest.mark.parametrize(
    "fields",
    [
        {"times": TIMES, "by_time": FALLS},
        {"times": TIMES, "by_time": NEVER_LATE},
        {"more": COMES + CLASSES},
        {"more": COMES + GOES_ON + f"b = {figure(0.9, 'share')}\n"},
        {"strategies": OLDER},
        {"ages": '"0-17"', "more": COMES.replace('"0-17" = 0.9, "18-" = 0.1', '"0-17" = 1.0')},
        {"ages": '"0-"', "more": COMES.replace('"0-17" = 0.9, "18-" = 0.1', '"0-" = 1.0')},
        {"more": COMES + f"growth = {figure(0.03, 'per year')}\n", "grows": 1.03},
    ],
    ids=["falls", "late", "classes", "goes_on", "older", "closed_band", "one_band", "growth"],
)
def test_a_stock_is_kept_whatever_its_rates_depend_on(tmp_path, fields):
    """On the counted step and on the other, which begins in balance; growing where it is to grow.

    Growth is fitted with one birth cohort in twelve, to 0.3 % here (measured: 0.23 %).
    """
    grows = fields.pop("grows", 1.0)
    more = fields.pop("more", COMES)
    if "growth" in more:
        fields["money"] = ""
        more, growth = more.split("growth")
        more = f"growth{growth}{more}"
    path = chain(tmp_path, THREE, more="", **fields)
    text = path.read_text()
    path.write_text(
        text.replace("[clock]", f"{more}[clock]", 1) if "growth" in more else text + more
    )
    found = stock(path)
    wanted = 200 * grows ** np.arange(1, 11)
    np.testing.assert_allclose(found.sel(step="a"), wanted, rtol=0.003 if grows > 1 else 1e-8)
    if grows == 1.0:
        b = found.sel(step="b").values
        np.testing.assert_allclose(b, b[0], rtol=1e-8)
        assert b[0] > 100


def test_simulated_children_of_all_ages_are_those_expected(tmp_path):
    """Stock and moves within 4.89 errors of the exact solution; moves equal the plain twin's."""
    path = chain(tmp_path, THREE, times=TIMES, by_time=FALLS, more=COMES + CLASSES)
    run, exact = simulate(path, n_draws=60, seed=3), expected(path, n_draws=60, seed=3)
    for name in ("stock", "moves"):
        less = (run[name].mean("replicate") - exact[name]).sel(strategy="baseline")
        less = less.drop_sel(step="c") if name == "stock" else less
        error = less.std("draw", ddof=1) / np.sqrt(60)
        assert (abs(less.mean("draw")) <= 4.89 * error).all(), name
    built = build(path)
    twin = naive.simulate(built.plan.stairs, built.chunk.tables, 1, 0, 1)
    np.testing.assert_array_equal(built.run().moves, twin.moves)


NOT_OLD = f'by_age = {{ factors = {{ "0-17" = 1.0, "18-" = 0.0 }}, {WHY} }}'
NOT_LATE = f'by_time = {{ factors = {{ "0-11" = 1.0, "12-35" = 1.0, "36-" = 0.0 }}, {WHY} }}'
CIRCLE = {("a", "b"): "rate = 0.1", ("b", "a"): "rate = 0.05"}


@pytest.mark.parametrize(
    ("moves", "fields", "key", "says"),
    [
        (TWO, {"by_time": NOT_OLD}, "steps.a", "never leave a"),
        (TWO, {"times": TIMES, "by_time": NOT_LATE}, "steps.a", "never leave a"),
        ({("a", "b"): "rate = 0.0"}, {}, "steps.a", "give a move from a a rate at those ages"),
        (CIRCLE, {}, "steps.a", "never leave a"),
        (TWO, {"children": {"a": 200, "b": 40}}, "stock.children.b", "leave b out of the stock"),
    ],
    ids=["ages", "months", "none", "circle", "counted_exit"],
)
def test_a_step_that_some_never_leave_is_refused_by_name(tmp_path, moves, fields, key, says):
    with pytest.raises(InputError) as error:
        load_scenario(chain(tmp_path, moves, **fields))
    (problem,) = error.value.problems
    assert problem.key == key
    assert problem.line > 0
    assert says in str(problem)
    assert '"18-"' in str(problem)


def test_a_birthday_that_ends_support_ends_every_stay(tmp_path):
    """The same steps are fine where everybody leaves at 30."""
    ends = COMES + '[birthdays.30]\nleave_to = "b"\n'
    found = stock(chain(tmp_path, TWO, by_time=NOT_OLD, more=ends)).sel(step="a")
    np.testing.assert_allclose(found, 200, rtol=1e-8)


def test_a_trial_that_closes_the_way_out_is_an_error_of_the_run(tmp_path):
    loaded = load_scenario(chain(tmp_path))
    with pytest.raises(RunError, match="children come to a and nothing takes all of them away"):
        expected(with_number(loaded, "moves.a_b.rate", 0.0), n_draws=1)
