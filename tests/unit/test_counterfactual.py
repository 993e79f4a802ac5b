"""What one change leaves alone: strategies, children, draws, threads and chunks do not meet."""

from functools import cache

import naive
import numpy as np
import pytest
from small import (
    ARRIVALS,
    CHILDREN,
    ENTRIES_DOWN,
    WHY,
    all_equal,
    build,
    figure,
    on,
    strategy,
    write_small,
)

from stepdown import runs
from stepdown.kernel.loop import Counts
from stepdown.kernel.randomness import run_key
from stepdown.parameters import draw_parameters
from stepdown.scenario import load_scenario
from stepdown.simulation import simulate

NULL = strategy("nothing")
COUNTED = ("months_in_step", "stock", "start_stock", "moves", "open_cases")
CASELOAD = f"cases_per_caseworker = {figure(24.0, 'cases per caseworker')}"
REACH = (
    f"reach.courses_per_year = {figure(3.0, 'courses per year')}\n"
    f"reach.effect_months = {figure(18.0, 'months')}"
)
OTHERS = {
    "hazard_ratio": strategy("other", on("reunification", 1.7)),
    "one_move": strategy("other", on("foster_home", 0.6)),
    "ages": strategy("other", on("placement", 0.8, more='ages = "6-9"')),
    "reach": strategy("other", on("breakdown", 0.5, more=REACH)),
    "inflow": strategy("other", on("home_support", 0.7, kind="inflow_ratio")),
    "caseload": strategy("other", caseload=CASELOAD),
}


def run(path, n_draws=8, **options):
    return simulate(path, n_draws=n_draws, seed=11, n_threads=1, **options)


def assert_same(left, right, names=COUNTED):
    for name in names:
        assert left[name].dims == right[name].dims
        assert all_equal(left[name].values, right[name].values), name


@pytest.mark.parametrize("beside", ["alone", "beside every other"])
def test_null_strategy_saves_exactly_nothing(tmp_path, beside):
    others = (
        ""
        if beside == "alone"
        else "".join(text.replace("other", name) for name, text in OTHERS.items())
    )
    result = run(write_small(tmp_path, NULL + others))
    base, null = result.sel(strategy="baseline"), result.sel(strategy="nothing")
    compared = 0
    for name, variable in result.data_vars.items():
        if "strategy" in variable.dims and name != "published_dkk":
            assert all_equal(base[name].values, null[name].values), name
            compared += 1
    assert compared >= 12
    for name in ("net_saving_dkk", "gross_saving_dkk", "casework_dkk", "investment_dkk"):
        assert (null[name] == 0).all(), name
    assert base.moves.sum() > 100


class Mine:
    """The kernel's counts as the plain model writes them, with histories beside."""

    def __init__(self, counts):
        self.__dict__.update(counts._asdict(), histories={}, children={})


@pytest.mark.parametrize("step", ["home_support", "foster_care", "institution"])
def test_one_more_child_changes_only_that_child(tmp_path, step):
    """The counts with the child less those without it are the child's own history."""
    strategies = ENTRIES_DOWN + OTHERS["inflow"]
    more = {**CHILDREN, step: CHILDREN[step] + 1}
    without = build(write_small(tmp_path / "without", strategies))
    with_it = build(write_small(tmp_path / "with", strategies, children=more))
    stairs, tables = with_it.plan.stairs, with_it.chunk.tables
    before, after = without.run(), with_it.run()
    key = None
    for draw in range(2):
        lucky = np.uint64(run_key(np.uint64(with_it.seed), draw, 0))
        for number in range(stairs.n_strategies):
            stock = naive.stock(stairs, tables, draw, lucky)
            last = [child for child in stock if with_it.plan.steps[child.step] == step][-1]
            key = key or last.key
            assert last.key == key
            where = (number, draw, 0)
            own = Counts(*(np.zeros_like(array) for array in after))
            naive.World(stairs, tables, None, lucky, where, Mine(own)).live([last])
            assert own.months[where].sum() == stairs.n_months
            for name in Counts._fields:
                changed = getattr(after, name)[where] - getattr(before, name)[where]
                np.testing.assert_array_equal(changed, getattr(own, name)[where], name)


@pytest.mark.parametrize("kind", list(OTHERS))
def test_adding_a_strategy_changes_no_other(tmp_path, kind):
    alone = run(write_small(tmp_path / "alone"))
    beside = run(write_small(tmp_path / "beside", OTHERS[kind] + ENTRIES_DOWN))
    assert list(beside.strategy.values) == ["baseline", "other", "help"]
    for name in ("baseline", "help"):
        assert_same(alone.sel(strategy=name), beside.sel(strategy=name))
    # The test would pass empty-handed if the other strategy did nothing.
    assert not all_equal(
        beside.sel(strategy="baseline").months_in_step.values,
        beside.sel(strategy="other").months_in_step.values,
    )


def test_changing_a_strategy_within_its_bound_changes_no_other(tmp_path):
    milder = OTHERS["hazard_ratio"].replace("1.7", "1.2")
    one = run(write_small(tmp_path / "one", OTHERS["hazard_ratio"] + ENTRIES_DOWN))
    other = run(write_small(tmp_path / "other", milder + ENTRIES_DOWN))
    for name in ("baseline", "help"):
        assert_same(one.sel(strategy=name), other.sel(strategy=name))
    assert not all_equal(
        one.sel(strategy="other").moves.values, other.sel(strategy="other").moves.values
    )
    assert one.attrs["draws_over_bound"] == other.attrs["draws_over_bound"] == 0


@pytest.mark.parametrize(("ratio", "bound"), [(2.0, 2.0), (2.5, 4.0), (9.0, 16.0)])
def test_an_effect_beyond_its_bound_doubles_it_and_is_reported(tmp_path, ratio, bound):
    text = strategy("strong", on("reunification", ratio))
    path = write_small(tmp_path, text)
    built = build(path, n_draws=5)
    group = [column.group == "reunification" for column in built.plan.columns]
    assert any(group)
    np.testing.assert_array_equal(built.chunk.thresholds.bound[:, group], bound)
    np.testing.assert_array_equal(built.chunk.thresholds.bound[:, np.logical_not(group)], 2.0)
    assert run(path, n_draws=5).attrs["draws_over_bound"] == (5 if bound > 2 else 0)


def test_a_stated_bound_holds(tmp_path):
    text = "[bounds]\nreunification = 3.0\n" + strategy("strong", on("reunification", 2.5))
    built = build(write_small(tmp_path, text), n_draws=2)
    group = [column.group == "reunification" for column in built.plan.columns]
    np.testing.assert_array_equal(built.chunk.thresholds.bound[:, group], 3.0)
    assert not built.chunk.over_bound.any()


@pytest.fixture(name="sixty", scope="module")
def sixty_draws(tmp_path_factory):
    """Return a scenario's file and 60 draws of it, run with one thread in one chunk."""
    path = write_small(tmp_path_factory.mktemp("sixty"), ENTRIES_DOWN + OTHERS["caseload"])
    return path, run(path, n_draws=60)


def test_threads_change_nothing(sixty, monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 13)
    path, whole = sixty
    one = simulate(path, n_draws=60, seed=11, n_threads=1)
    two = simulate(path, n_draws=60, seed=11, n_threads=2)
    assert_same(one, two, list(one.data_vars))
    assert_same(one, whole)


def test_chunks_change_nothing(sixty, monkeypatch):
    path, whole = sixty
    monkeypatch.setattr(runs, "CHUNK", 7)
    assert_same(whole, run(path, n_draws=60), list(whole.data_vars))


def test_draws_can_be_extended(sixty):
    path, whole = sixty
    first = run(path, n_draws=30)
    names = [name for name in whole.data_vars if "draw" in whole[name].dims]
    assert_same(first, whole.isel(draw=slice(30)), names)


def test_replicates_can_be_extended(sixty):
    path, whole = sixty
    more = run(path, n_draws=60, n_replicates=3)
    assert_same(whole, more.isel(replicate=slice(2)))
    assert not all_equal(
        more.months_in_step.isel(replicate=1).values, more.months_in_step.isel(replicate=2).values
    )


def test_seeds_differ(sixty):
    path, whole = sixty
    other = simulate(path, n_draws=60, seed=12, n_threads=1)
    assert not all_equal(whole.moves.values, other.moves.values)
    assert not (whole.parameter_value == other.parameter_value).any()
    assert all_equal(whole.start_stock.values, other.start_stock.values)


def test_a_new_parameter_changes_no_other(tmp_path):
    @cache
    def drawn(more):
        path = write_small(tmp_path / str(len(more)), ENTRIES_DOWN, extra=more)
        return draw_parameters(load_scenario(path).scenario, 11, 0, 20).values

    new = (
        '[parameters.aaa_first]\ndistribution = "normal"\nmean = 0.0\nsd = 1.0\n'
        f'unit = "ratio"\n{WHY}\n'
    )
    before, after = drawn(""), drawn(new)
    assert set(after) - set(before) == {"parameters.aaa_first"}
    for name, values in before.items():
        assert all_equal(values, after[name]), name
    # Equal values everywhere would also pass: the draws of uncertain numbers must vary and differ.
    uncertain = [values for values in after.values() if np.ptp(values) > 0]
    assert len(uncertain) > 30
    ranks = {tuple(np.argsort(values)) for values in uncertain}
    assert len(ranks) == len(uncertain)


@pytest.mark.parametrize(("ratio", "sign"), [(0.5, -1), (1.8, 1)])
def test_an_inflow_effect_adds_or_removes_children_and_touches_no_other(tmp_path, ratio, sign):
    """Children whom both worlds hold live the same lives; the rest are in one world only."""
    text = strategy("inflow", on("home_support", ratio, kind="inflow_ratio"))
    built = build(write_small(tmp_path, text))
    stairs, tables = built.plan.stairs, built.chunk.tables
    lives = naive.simulate(stairs, tables, built.seed, 0, 1).histories
    counts = built.run()
    for draw in range(2):
        base, other = (
            {key: life for (s, d, _, key), life in lives.items() if (s, d) == (number, draw)}
            for number in range(2)
        )
        both = base.keys() & other.keys()
        assert all(base[key] == other[key] for key in both)
        added = Counts(*(np.zeros_like(array) for array in counts))
        few, many = (base, other) if sign > 0 else (other, base)
        assert few.keys() < many.keys()
        lucky = np.uint64(run_key(np.uint64(built.seed), draw, 0))
        where = (1 if sign > 0 else 0, draw, 0)
        world = naive.World(stairs, tables, None, lucky, where, Mine(added))
        extra = [child for child in world.everybody() if child.key in many.keys() - few.keys()]
        assert {built.plan.steps[child.step] for child in extra} == {"home_support"}
        world.live(extra)
        for name in Counts._fields:
            of_both = getattr(counts, name)[:, draw, 0]
            np.testing.assert_array_equal(
                sign * (of_both[1] - of_both[0]), getattr(added, name)[where], name
            )


def test_arrivals_are_those_of_the_file(tmp_path):
    """The small scenario gives its arrivals, or the tests above would change them by the stock."""
    built = build(write_small(tmp_path))
    per_month = built.chunk.inflow.per_month[:, 0, :, 0].sum(axis=-1)
    for step, number in ARRIVALS.items():
        np.testing.assert_allclose(per_month[:, built.plan.step(step)], number / 12, rtol=1e-13)


def test_a_run_of_more_children_than_a_roster_first_holds(tmp_path):
    """1,500 children at the start: all are there, and a chunk of one draw gives the same."""
    many = {**CHILDREN, "home_support": 1500}
    path = write_small(tmp_path, ENTRIES_DOWN, children=many)
    two = build(path, n_draws=2).run()
    assert (two.stock[:, :, :, 0].sum(axis=-1) >= sum(many.values())).all()
    one = build(path, n_draws=1).run()
    np.testing.assert_array_equal(one.moves[:, 0], two.moves[:, 0])
