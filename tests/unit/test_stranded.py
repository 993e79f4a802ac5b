"""Emptied places under notice, by hand: one place once, refilled, never given up, and the cost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Chain, build, figure, write_chain

from stepdown.chunks import chunk_dataset
from stepdown.errors import RunError
from stepdown.stranded import stranded_cost, stranded_places

PLACES = st.lists(st.integers(0, 5), min_size=1, max_size=24)


def places(baseline, strategy, notice):
    """Return stranded places by month of one draw and replicate."""
    occupied = np.array([baseline, strategy], dtype=np.int32)[:, None, None, :]
    found = stranded_places(occupied, np.array([notice], dtype=float))
    assert (found[0] == 0).all()
    return found[1, 0, 0].tolist()


@pytest.mark.parametrize("notice", [0, 1, 3, 7])
def test_a_place_emptied_once_costs_its_notice(notice):
    found = places([4] * 12, [4, 4] + [3] * 10, notice)
    assert found == [0, 0] + [1] * notice + [0] * (10 - notice)


def test_part_of_a_month_costs_that_part():
    assert places([4] * 6, [4] + [3] * 5, 2.25) == [0, 1, 1, 0.25, 0, 0]
    assert places([4] * 4, [4] + [3] * 3, 0.5) == [0, 0.5, 0, 0]


def test_a_place_never_given_up_costs_to_the_horizon():
    assert places([4] * 6, [4, 3, 3, 2, 2, 2], 1000) == [0, 1, 1, 2, 2, 2]


def test_a_place_that_fills_again_costs_nothing_more_and_begins_anew():
    """Emptied in month 1 and filled in month 2; emptied again in month 4: a new notice."""
    assert places([3] * 9, [3, 2, 3, 3, 2, 2, 2, 2, 2], 3) == [0, 1, 0, 0, 1, 1, 1, 0, 0]


def test_places_emptied_one_after_another_each_have_their_notice():
    assert places([5] * 7, [5, 4, 3, 3, 2, 2, 2], 2) == [0, 1, 2, 1, 1, 1, 0]


def test_more_places_than_the_baseline_strand_none():
    assert places([3] * 4, [3, 5, 6, 6], 2) == [0, 0, 0, 0]


def test_what_the_baseline_gives_up_too_is_not_stranded():
    """A place that the baseline empties too, while under notice, is no longer the strategy's."""
    assert places([3, 3, 2, 2], [3, 2, 2, 2], 3) == [0, 1, 0, 0]


@given(PLACES, st.integers(0, 30), st.floats(0, 5), st.data())
@settings(max_examples=150, deadline=None)
def test_a_longer_notice_never_costs_less(baseline, notice, more, data):
    """Between none and all that is empty, rising with the notice, and as the plain minimum."""
    size = len(baseline)
    strategy = data.draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))
    short, long = (np.array(places(baseline, strategy, n)) for n in (notice, notice + more))
    empty = [max(b - s, 0) for b, s in zip(baseline, strategy, strict=True)]
    assert (short >= 0).all()
    assert (long <= np.array(empty) + 1e-12).all()
    assert (short <= long + 1e-12).all()
    padded = [0] * notice + empty
    plain = [now - min(padded[month : month + notice + 1]) for month, now in enumerate(empty)]
    assert short.tolist() == plain


def test_draws_have_their_own_notice():
    occupied = np.array([[4] * 5, [4] + [3] * 4])[:, None, None, :].repeat(3, axis=1)
    found = stranded_places(occupied, np.array([0.0, 2.0, 9.0]))
    np.testing.assert_array_equal(found[1, :, 0], [[0] * 5, [0, 1, 1, 0, 0], [0, 1, 1, 1, 1]])


# ------------------------------------------------------------------------------------- the cost


def noticed(tmp_path, notice, share=0.4):
    """Return ten children of the state's on a step with notice, for two years."""
    idle = Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 10}, cycle_months=1, n_years=2)
    path = write_chain(tmp_path, idle)
    lines = (
        f'[steps.a]\npayer = "state"\nfixed_share = {figure(share, "share")}\n'
        f"notice_months = {notice}\n"
    )
    path.write_text(path.read_text().replace("[steps.a]\n", lines))
    return build(path)


def test_the_fixed_part_of_the_baselines_price_is_borne_by_the_steps_payer(tmp_path):
    """3 months x 0.4 x 500 kr., two in the first year, whatever the strategy pays itself."""
    built = noticed(tmp_path, figure(3.0, "months"))
    occupied = np.zeros((2, 2, 1, 24, 2), np.int32)
    occupied[..., 0] = 10
    occupied[1, :, :, 10:, 0] = 9
    price = np.array([[[500.0, 1.0]] * 2, [[9.0, 1.0]] * 2])
    found = stranded_cost(built.plan, built.draws, price, occupied)
    state = list(built.plan.scenario.payers).index("state")
    np.testing.assert_allclose(found[1, :, 0, :, state], [[400, 200]] * 2, rtol=1e-14)
    assert found.sum() == pytest.approx(1200)


def test_stranded_cost_is_spending_on_measures_and_lowers_the_saving(tmp_path):
    built = noticed(tmp_path, figure(1.0, "months"), share=1.0)
    counts = built.run()
    occupied = np.zeros((2, 2, 1, 24, 2), np.int32)
    occupied[..., 0] = 10
    occupied[1, :, :, 3:, 0] = 8
    months = counts.months.copy()
    months[1, :, :, :, 0] = occupied[1, :, :, :, 0].reshape(2, 1, 2, 12).sum(axis=-1)
    assert counts.occupied.shape == occupied.shape
    walked = counts._replace(months=months, occupied=occupied)
    result = chunk_dataset(built.plan, built.draws, built.chunk, walked).sel(strategy="nothing")
    # Two places of 1,000 a month empty for 9 and 12 months, of which one month each goes on.
    np.testing.assert_allclose(result.gross_saving_dkk.isel(draw=0, replicate=0), [16_000, 24_000])
    net = result.net_saving_dkk.isel(draw=0, replicate=0)
    np.testing.assert_allclose(net.sel(payer="state"), [16_000, 24_000])
    assert (net.sel(payer="municipality") == 0).all()
    stranded = result.stranded_dkk.sel(payer="state").isel(draw=0, replicate=0)
    np.testing.assert_allclose(stranded, [2_000, 0])


def test_a_negative_notice_names_the_step(tmp_path):
    wide = '{ distribution = "normal", mean = 0.1, sd = 5.0, unit = "months", '
    built = noticed(tmp_path, wide + 'assumption = "made up for a test" }')
    occupied = np.zeros((2, 2, 1, 24, 2), np.int32)
    built.draws.values["steps.a.notice_months"][:] = [1.0, -2.0]
    with pytest.raises(RunError, match="draw 1: the notice period of a is -2 months"):
        stranded_cost(built.plan, built.draws, np.ones((2, 2, 2)), occupied)


def test_without_a_notice_period_nothing_is_stranded(tmp_path):
    built = build(write_chain(tmp_path, Chain(("a", "b"), {("a", "b"): "rate = 0.0"}, {"a": 1})))
    assert stranded_cost(built.plan, built.draws, np.ones((2, 2, 2)), None) is None
