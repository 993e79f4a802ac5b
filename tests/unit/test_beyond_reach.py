"""Children beyond reach keep their number, and nobody's steps fill from empty."""

from dataclasses import replace

import numpy as np
import pytest
from small import (
    CHILDREN,
    NOTHING,
    build,
    counts,
    figure,
    on,
    strategy,
    write_small,
)

from stepdown import expected, load_scenario

PLACED = ["network_care", "foster_care", "boarding_school", "own_room", "residential_home",
          "institution"]  # fmt: skip
MANY = {step: 20 * number for step, number in CHILDREN.items() if step != "reunified"}


def beyond(children):
    return f"[stock.beyond_reach]\n{counts(children)}\n"


def more_than_without(tmp_path, children, n_draws=4, **fields):
    """Return expected children beyond reach, (draw, year, step): the stock with them less without.

    Children do not depend on each other, so the others are the same in both.
    """
    found = [
        expected(
            write_small(tmp_path / name, strategy("up", on("reunification", 1.8)) + text,
                        children=MANY, arrivals=None, n_years=10, **fields),
            n_draws=n_draws,
        ).stock
        for name, text in (("with", beyond(children)), ("without", ""))
    ]  # fmt: skip
    more = found[0] - found[1]
    np.testing.assert_allclose(more.sel(strategy="up"), more.sel(strategy="baseline"), atol=1e-8)
    return more.sel(strategy="baseline")


@pytest.mark.parametrize(
    "children",
    [
        {"foster_care": 40, "residential_home": 30},
        {"foster_care": 70},
        {"network_care": 10, "own_room": 5, "institution": 20},
    ],
)
def test_the_placed_beyond_reach_keep_their_number(tmp_path, children):
    """On whatever placements they are counted: the mix may change, the number does not.

    While the mix settles the number may be off by 5 % (measured: up to 4 %), at the end of ten
    years by 2.5 % (2.0 %). Filling the other steps from empty would add 13 %.
    """
    total = sum(children.values())
    placed = more_than_without(tmp_path, children).sel(step=PLACED).sum("step").values
    np.testing.assert_allclose(placed, total, rtol=0.05)
    np.testing.assert_allclose(placed[:, -1], total, rtol=0.025)


def test_a_mix_in_balance_is_kept_on_every_step(tmp_path):
    """Counted as the rates have them, children beyond reach stay on every step, to 0.5 %."""
    given = build(write_small(tmp_path / "given"), n_draws=1)
    steady = given.chunk.inflow.start.stock[0].sum(axis=-1)
    children = {step: round(30 * steady[given.plan.step(step)]) for step in PLACED}
    found = more_than_without(tmp_path, children, n_draws=1).isel(draw=0).sel(step=PLACED)
    np.testing.assert_allclose(found, [list(children.values())] * 10, rtol=0.005)


def test_steps_where_none_are_counted_begin_as_they_go_on(tmp_path):
    """Home after a placement: there from the start, not filled in the first years."""
    path = write_small(
        tmp_path, NOTHING + beyond({"foster_care": 70}), children=MANY, arrivals=None
    )
    built = build(path, n_draws=3)
    reunified = built.plan.step("reunified")
    at_start = built.chunk.inflow.mean[:, 1, reunified]
    assert (at_start > 10).all()
    placed = [built.plan.step(step) for step in PLACED]
    assert (built.chunk.inflow.mean[:, 1, placed] == 0).all()
    later = more_than_without(tmp_path, {"foster_care": 70}, 3).sel(step="reunified").values
    np.testing.assert_allclose(later[:, -1], at_start, rtol=0.05)


def test_closed_cases_that_are_opened_again_do_not_fill_from_empty(tmp_path):
    """A step where cases end, with a move back: as many there as the rates imply, however many."""
    again = (
        f"[moves.again]\nfrom = 'left'\nto = 'home_support'\nrate = {figure(0.05, 'per year')}\n"
    )
    path = write_small(tmp_path, NOTHING + again, children=MANY, arrivals=None, n_years=10)
    found = expected(path, n_draws=2).sel(strategy="baseline")
    assert (found.stock.sel(step="left").isel(year=0) > 700).all()
    opened = found.moves.sel(move="again")
    np.testing.assert_allclose(opened.isel(year=9), opened.isel(year=0), rtol=0.02)


def test_hoersholm_keeps_39_placed():
    """The paper's 32 and 7. The others' rates fit their stock; the 7 may rise by 0.2 in passing."""
    loaded = load_scenario("hoersholm")
    own = loaded.scenario.strategies["caseload_31"]
    alone = loaded.scenario.model_copy(update={"strategies": {"caseload_31": own}})
    found = expected(replace(loaded, scenario=alone), n_draws=10).stock.sel(strategy="baseline")
    placed = found.sel(step=PLACED).sum("step").mean("draw").values
    assert (np.abs(placed - 39) < 0.2).all()
    assert abs(placed[-1] - 39) < 0.1
