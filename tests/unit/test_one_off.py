"""What moves cost once, and the outcomes they carry: by hand, on moves that are certain."""

import numpy as np
import pytest
from small import NOTHING, WHY, Chain, figure, write_chain

from stepdown import expected, simulate
from stepdown.errors import RunError

CERTAIN = Chain(
    ("a", "b", "c"),
    {("a", "b"): "probability = 1.0", ("b", "c"): "probability = 1.0"},
    {"a": 10},
    n_years=4,
)
"""Ten children who step from a to b in the first cycle and to c in the second."""
ONCE = "DKK per move"
OWN = NOTHING.replace("nothing", "own")


def costly(tmp_path, chain=CERTAIN, *, money="", own="", one_off=500.0):
    """Write the chain with 500 kr. on a_b and 80 on b_c, which the state pays."""
    fields = {**chain.__dict__, "money": money, "strategies": NOTHING + OWN + own}
    path = write_chain(tmp_path, Chain(**fields))
    first = (
        f"[moves.a_b]\none_off = {figure(one_off, ONCE, 2018)}\n"
        f"outcomes.joy = {figure(0.25, 'joy per move')}\n"
    )
    second = f'[moves.b_c]\npayer = "state"\none_off = {figure(80.0, ONCE, 2016)}\n'
    text = path.read_text().replace("[moves.a_b]\n", first).replace("[moves.b_c]\n", second)
    path.write_text(text)
    return path


def both(path):
    """Return the simulated and the expected result, one run of each."""
    yield simulate(path, n_draws=1, seed=1, n_replicates=1, n_threads=1).isel(draw=0, replicate=0)
    yield expected(path, n_draws=1).isel(draw=0)


@pytest.mark.parametrize(
    ("money", "shares"),
    [
        ("", [0, 1, 0, 0]),
        ('counting = "end"', [1, 0, 0, 0]),
        ('counting = "half"', [0.5, 0.5, 0, 0]),
        ('counting = "weights"\nweights = [0.5, 3.0, 7.0, 0.25]', [0, 3, 0, 0]),
    ],
)
def test_a_move_is_counted_at_its_edge_as_the_steps_are(tmp_path, money, shares):
    """The move of the first cycle takes effect at edge 1; that of the second one cycle later."""
    later = [0.0, *shares[:3]] if "weights" not in money else [0, 0, 7, 0]
    paid_later = 800 * 1.02**2 * np.array(later)
    for result in both(costly(tmp_path, money=money)):
        once = result.one_off_dkk.sel(strategy="baseline")
        np.testing.assert_allclose(
            once.sel(payer="municipality"), 5000 * np.array(shares), atol=1e-9
        )
        np.testing.assert_allclose(once.sel(payer="state"), paid_later, atol=1e-9)
        joy = result.outcome.sel(strategy="baseline", outcome_name="joy")
        np.testing.assert_allclose(joy, 2.5 * np.array(shares), atol=1e-9)


def test_it_is_part_of_the_cost_and_of_nothing_else(tmp_path):
    """With and without one-off costs: the same months, and a cost that differs by them."""
    plain = write_chain(tmp_path / "plain", CERTAIN)
    for result, without in zip(both(costly(tmp_path)), both(plain), strict=True):
        np.testing.assert_array_equal(
            result.months_in_step.sel(strategy="baseline"),
            without.months_in_step.sel(strategy="baseline"),
        )
        more = result.cost_dkk - without.cost_dkk.sel(strategy="baseline")
        once = result.one_off_dkk
        np.testing.assert_allclose(more.transpose(*once.dims), once, atol=1e-9)
        assert once.sum() > 0
        assert "one_off_dkk" not in without


def test_with_months_it_is_paid_in_the_year_in_which_it_was_made(tmp_path):
    """A move made in December and felt on 1 January is December's."""
    by_time = f'by_time = {{ factors = {{ "0-10" = 0.0, "11-" = 1.0 }}, {WHY} }}'
    fields = {**CERTAIN.__dict__, "cycle_months": 1, "times": '"0-10", "11-"', "by_time": by_time}
    for result in both(costly(tmp_path, Chain(**fields))):
        once = result.one_off_dkk.sel(strategy="baseline")
        np.testing.assert_allclose(once.sel(payer="municipality"), [5000, 0, 0, 0], atol=1e-9)
        stock = result.stock.sel(strategy="baseline", step="b")
        np.testing.assert_allclose(stock, [10, 0, 0, 0], atol=1e-9)
        assert (result.months_in_step.sel(strategy="baseline", step="b")[0] < 1e-9).all()


def test_a_strategys_own_saves_the_difference(tmp_path):
    """300 instead of 500 in all years, 450 in 2019; the state pays 80 all the same."""
    own = (
        f"[strategies.own.moves.a_b]\none_off = {figure(300.0, ONCE, 2018)}\n"
        f"outcomes.joy = {figure(0.5, 'joy per move')}\n"
        "[strategies.own.periods.dear]\nfrom_year = 2019\n"
        f"[strategies.own.periods.dear.moves.a_b]\none_off = {figure(450.0, ONCE, 2018)}\n"
    )
    for counting, price in (("start", 450), ("end", 300)):
        path = costly(tmp_path / counting, money=f'counting = "{counting}"', own=own)
        run = simulate(path, n_draws=1, seed=1, n_replicates=1, n_threads=1).isel(draw=0)
        saved = run.net_saving_dkk.sel(strategy="own").sum("year").isel(replicate=0)
        np.testing.assert_allclose(saved.sel(payer="municipality"), 10 * (500 - price))
        assert saved.sel(payer="state") == 0
        np.testing.assert_allclose(
            run.gross_saving_dkk.sel(strategy="own").sum(), 10 * (500 - price)
        )
        joy = run.outcome.sel(outcome_name="joy").sum("year").isel(replicate=0)
        np.testing.assert_allclose(joy, [2.5, 2.5, 5.0])


def test_a_negative_cost_in_a_draw_is_an_error(tmp_path):
    path = costly(tmp_path)
    spread = f'distribution = "normal", mean = 1.0, sd = 100.0, unit = "{ONCE}"'
    path.write_text(path.read_text().replace(f'value = 500.0, unit = "{ONCE}"', spread))
    with pytest.raises(RunError, match="the one-off cost of a_b is -"):
        simulate(path, n_draws=20, seed=1)


def test_departures_at_birthdays_cost_nothing(tmp_path):
    """Everybody leaves at 18 from a step whose only move costs something, and never makes it."""
    fields = {
        **CERTAIN.__dict__, "moves": {("a", "b"): "rate = 0.0"}, "states": ("a", "b"),
        "cycle_months": 1, "age_years": 17, "ages": '"17-"',
        "more": '[birthdays.18]\nleave_to = "b"\n',
    }  # fmt: skip
    for result in both(costly(tmp_path, Chain(**fields))):
        np.testing.assert_allclose(result.moves.sel(move="birthday_18").sum("year"), 10)
        assert (abs(result.one_off_dkk) < 1e-9).all()
