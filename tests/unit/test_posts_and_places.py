"""Posts that do not follow the cases, and steps with only so many places."""

import numpy as np
import pytest
from small import (
    ARRIVALS,
    CHILDREN,
    ENTRIES_DOWN,
    NOTHING,
    WHY,
    all_equal,
    build,
    figure,
    on,
    write_small,
)
from small import strategy as plan_of

from stepdown import expected, simulate
from stepdown.expectation import NotExact

FIXED = '[caseload]\nmode = "fixed_posts"\n'
NO_ELASTICITY = (
    f"[caseload.elasticity]\nall = {figure(0.0, 'ratio')}\n"
    f"[caseload.elasticity.by_class]\nplacement = {figure(0.0, 'ratio')}\n"
)
FEWER = plan_of("fewer", caseload=f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}")


def places(step, number, overflow=None):
    to = f'overflow = "{overflow}"\n' if overflow else ""
    return f'[capacity.{step}]\n{to}places = {{ by_year = {{ "2018" = {number} }}, {WHY} }}\n'


COUPLED = (
    FIXED,
    places("foster_care", 4),
    places("institution", 2, "foster_care"),
    FIXED + places("foster_care", 4),
)


def small(tmp_path, text, **options):
    """Write the small scenario with a [caseload] of its own."""
    path = write_small(tmp_path, text.replace(FIXED, ""), **options)
    if FIXED in text:
        whole = path.read_text(encoding="utf-8").replace(
            "[caseload]\n", '[caseload]\nmode = "fixed_posts"\n', 1
        )
        path.write_text(whole, encoding="utf-8")
    return path


def run(path, **options):
    return simulate(path, n_draws=6, seed=2, n_threads=1, **options)


def assert_same_moves(left, right):
    for name in ("moves", "months_in_step", "stock", "open_cases", "cost_dkk"):
        assert all_equal(left[name].values, right[name].values), name


def test_fixed_posts_without_an_elasticity_are_held_posts(tmp_path):
    """The bits of held mode, in month order."""
    held = run(small(tmp_path / "held", NO_ELASTICITY + ENTRIES_DOWN + FEWER))
    fixed = run(small(tmp_path / "fixed", FIXED + NO_ELASTICITY + ENTRIES_DOWN + FEWER))
    assert_same_moves(held, fixed)
    assert held.moves.sum() > 1000


def test_fixed_posts_answer_to_the_cases(tmp_path):
    """More arrivals with fixed posts: a higher caseload, and fewer cases closed of those open."""
    strong = f"[caseload.elasticity]\nall = {figure(1.0, 'ratio')}\n"
    more = {**ARRIVALS, "home_support": 60.0}
    text = strong + ENTRIES_DOWN + FEWER
    held = run(small(tmp_path / "held", text, arrivals=more))
    fixed = run(small(tmp_path / "fixed", FIXED + text, arrivals=more))
    last = {"year": 2020, "strategy": "baseline"}
    december = {"month": "2020-12", "strategy": "baseline"}
    np.testing.assert_allclose(held.caseload.sel(december), 30, rtol=1e-6)
    assert (fixed.caseload.sel(december) > 60).all()
    ends = held.move_class.values == "leave"
    left = [r.moves.sel(last).isel(move=ends).sum().item() for r in (held, fixed)]
    cases = [r.open_cases.sel(last).sum().item() for r in (held, fixed)]
    assert left[1] / cases[1] < 0.7 * left[0] / cases[0]


def test_a_multiplier_beyond_its_bound_doubles_the_bound_of_its_draw(tmp_path):
    """Few cases, strong elasticity: bounds give way, and the count says so."""
    strong = f"[caseload.elasticity]\nall = {figure(1.2, 'ratio')}\n"
    few = {**ARRIVALS, "home_support": 0.1}
    path = small(tmp_path, FIXED + strong + FEWER, arrivals=few)
    assert run(path).attrs["draws_over_bound"] == 6


@pytest.mark.parametrize("overflow", [None, "residential_home"])
def test_places_for_everybody_are_no_places(tmp_path, overflow):
    without = run(small(tmp_path / "without", ENTRIES_DOWN))
    plenty = run(small(tmp_path / "plenty", ENTRIES_DOWN + places("foster_care", 999, overflow)))
    assert_same_moves(without, plenty)
    assert plenty.requests.sum() > 100
    assert plenty.displaced.sum() == plenty.waiting_months.sum() == 0


def test_a_full_step_fills_its_overflow(tmp_path):
    free = run(small(tmp_path / "free", NOTHING))
    full = run(small(tmp_path / "full", NOTHING + places("foster_care", 3, "residential_home")))
    assert full.displaced.sel(step="foster_care").sum() > 0
    assert full.displaced.drop_sel(step="foster_care").sum() == 0
    assert full.waiting_months.sum() == 0
    more = (full.stock - free.stock).sel(year=2020).sum(["strategy", "draw", "replicate"])
    assert more.sel(step="foster_care") < 0 < more.sel(step="residential_home")


def test_without_an_overflow_planned_moves_wait(tmp_path):
    full = run(small(tmp_path, NOTHING + places("foster_care", 3)))
    assert full.displaced.sum() == 0
    assert full.made_to_wait.sel(step="foster_care").sum() > 0
    assert (full.waiting_months >= 0).all()
    assert full.waiting_months.sum() >= full.made_to_wait.isel(year=slice(0, 2)).sum()


@pytest.mark.parametrize("mode", COUPLED)
def test_a_null_strategy_saves_nothing(tmp_path, mode):
    result = run(small(tmp_path, mode + NOTHING + ENTRIES_DOWN))
    assert (result.net_saving_dkk.sel(strategy="nothing") == 0).all()
    assert (result.net_saving_dkk.sel(strategy="help") != 0).any()


@pytest.mark.parametrize("mode", COUPLED)
def test_adding_a_strategy_changes_no_other(tmp_path, mode):
    alone = run(small(tmp_path / "alone", mode + ENTRIES_DOWN))
    other = plan_of("other", on("reunification", 1.3))
    beside = run(small(tmp_path / "beside", mode + other + ENTRIES_DOWN))
    for name in ("baseline", "help"):
        assert_same_moves(alone.sel(strategy=name), beside.sel(strategy=name))


@pytest.mark.parametrize("mode", [FIXED, places("foster_care", 4)])
def test_threads_change_no_bit(tmp_path, mode):
    path = small(tmp_path, mode + ENTRIES_DOWN)
    one, two = (simulate(path, n_draws=210, seed=5, n_threads=n) for n in (1, 2))
    assert_same_moves(one, two)


def test_children_are_conserved_with_places(tmp_path):
    """Closing stock = opening stock + arrivals + moves in - moves out, over all steps."""
    text = ENTRIES_DOWN + places("foster_care", 3) + places("institution", 2, "residential_home")
    free = run(small(tmp_path / "free", ENTRIES_DOWN))
    full = run(small(tmp_path / "full", text))
    assert all_equal(free.stock.sum("step").values, full.stock.sum("step").values)
    assert all_equal(free.months_in_step.sum("step").values, full.months_in_step.sum("step").values)


def test_a_strategy_may_have_more_places(tmp_path):
    own = (
        '[strategies.families]\nlabel = { da = "Flere", en = "More" }\n'
        f'[strategies.families.capacity]\nfoster_care = {{ by_year = {{ "2018" = 99 }}, {WHY} }}\n'
    )
    result = run(small(tmp_path, places("foster_care", 3, "residential_home") + own))
    refused = result.displaced.sum(["draw", "replicate", "year", "step"])
    assert refused.sel(strategy="families") == 0 < refused.sel(strategy="baseline")


@pytest.mark.parametrize("mode", [FIXED, places("foster_care", 4)])
def test_what_is_coupled_has_no_exact_solution(tmp_path, mode):
    found = expected(small(tmp_path, mode + ENTRIES_DOWN), n_draws=1)
    assert isinstance(found, NotExact)
    assert found.reason


def test_the_start_is_the_documented_stock_even_over_the_limit(tmp_path):
    built = build(small(tmp_path, NOTHING + places("foster_care", 1)))
    index = built.plan.step("foster_care")
    assert (built.run().stock[:, :, :, 0, index] == CHILDREN["foster_care"]).all()
    assert np.all(built.chunk.coupling.places[..., index] == 1)
