"""The whole model from a scenario's own tables: moves equal bit for bit, money to 1e-12."""

from dataclasses import dataclass

import naive
import numpy as np
import pytest
from small import ENTRIES_DOWN, Built, build, figure, on, strategy, write_small

from stepdown import simulate

RICH = (
    ENTRIES_DOWN
    + strategy("reached", on("breakdown", 0.5, more=(
        'ages = "3-14"\n'
        f"reach.courses_per_year = {figure(4.0, 'courses per year')}\n"
        f"reach.effect_months = {figure(18.0, 'months')}"
    )))
    + strategy("fewer", on("home_support", 0.6, kind="inflow_ratio"))
    + strategy(
        "all",
        on("reunification", 1.4, more='ages = "12-17"'),
        caseload=f"cases_per_caseworker = {figure(25.0, 'cases per caseworker')}\n"
        f"hiring_lag = {figure(2.5, 'months')}\nramp = {figure(5.0, 'months')}",
        timing='start = "2018-02"\nend = "2020-03"\n'
        f"hiring_lag = {figure(1.25, 'months')}\nramp = {figure(4.0, 'months')}\n"
        f"half_life = {figure(20.0, 'months')}\nfade_out = {figure(6.0, 'months')}\n"
        "[strategies.all.investments.own.costs.courses]\npayer = \"region\"\n"
        f"courses_per_year = {figure(7.0, 'courses per year')}\n"
        f"price = {figure(80_000.0, 'DKK per course', 2015)}\n"
        "[strategies.all.investments.own.costs.posts]\n"
        f"posts = {figure(1.5, 'posts')}\nprice = {{ parameter = \"price_of_post\" }}\n"
        "[strategies.all.investments.own.costs.other.row]\n"
        'by_year = { "2018" = 100_000, "2019" = 40_000 }\nafter = "repeat"\n'
        'unit = "DKK per year"\nprice_year = 2020\nassumption = "made up for a test"\n'
        '[strategies.all.investments.own.grants.pool]\ngiver = "state"\n'
        "[strategies.all.investments.own.grants.pool.row]\n"
        'by_year = { "2018" = 70_000, "2019" = 90_000 }\n'
        'unit = "DKK per year"\nprice_year = 2017\nassumption = "made up for a test"\n',
    )
    + '[strategies.all.steps.foster_care]\n'
    f"price = {figure(31_000.0, 'DKK per child and month', 2019)}\n"
)
"""Strategies with everything that makes children, months and money differ."""

BEYOND = "[stock.beyond_reach]\nfoster_care = 2\nresidential_home = 1\n"


@dataclass(frozen=True, repr=False, eq=False)
class Case:
    path: object
    built: Built
    n_replicates: int
    plain: naive.Counts


def make_case(path, n_replicates):
    built = build(path, n_draws=2, seed=4)
    stairs, tables = built.plan.stairs, built.chunk.tables
    return Case(path, built, n_replicates, naive.simulate(stairs, tables, 4, 0, n_replicates))


@pytest.fixture(name="case", scope="module", params=["hoersholm", "rich"])
def walk_case(request, tmp_path_factory):
    """Return a scenario and its plain walk: Hørsholm as shipped, and the small one with all of it."""
    if request.param == "hoersholm":
        return make_case("hoersholm", 1)
    return make_case(write_small(tmp_path_factory.mktemp("rich"), RICH + BEYOND), 2)


def test_moves_bit_for_bit(case):
    kernel, plan = case.built.run(case.n_replicates), case.built.plan
    for name in kernel._fields:
        np.testing.assert_array_equal(getattr(kernel, name), getattr(case.plain, name), name)
    # Every strategy made moves of its own, so that the comparison has something to compare.
    assert kernel.moves.sum() > 1000
    for number in range(1, plan.stairs.n_strategies):
        assert (kernel.moves[number] != kernel.moves[0]).any()


def test_the_small_case_has_all_of_it(tmp_path):
    built = build(write_small(tmp_path, RICH + BEYOND))
    assert built.plan.reached
    assert len(built.plan.effect_edges) > 1
    assert built.chunk.inflow_ratio.shape[-1] == built.plan.stairs.n_strategies
    assert built.chunk.inflow.fixed[:, 1].sum() == 6


def bills(built, counts, replicate):
    """Return the plain bill of every draw of one replicate."""
    for draw in range(built.draws.count):
        run = {
            "months": counts.months[:, draw, replicate].tolist(),
            "cases": counts.cases[:, draw, replicate].tolist(),
        }
        value = lambda quantity, draw=draw: float(built.draws.of(quantity)[draw])  # noqa: E731
        yield draw, naive.bill(built.plan.scenario, value, run)


PARTS = {"cost": "cost_dkk", "investment": "investment_dkk", "grant": "grant_dkk", "net": "net_saving_dkk"}


def test_money_is_the_plain_bill(case):
    """Cost, investment, grants, casework and net saving: each to 1e-12 of the year's money."""
    built = case.built
    result = simulate(case.path, n_draws=2, seed=4, n_replicates=case.n_replicates, n_threads=1)
    replicate = case.n_replicates - 1
    payers = list(built.plan.scenario.payers)
    non_zero = dict.fromkeys([*PARTS, "casework"], 0)
    for draw, bill in bills(built, case.plain, replicate):
        one = {name: result[name].isel(draw=draw) for name in [*PARTS.values(), "casework_dkk"]}
        one = {
            name: (array.isel(replicate=replicate) if "replicate" in array.dims else array).values
            for name, array in one.items()
        }
        for (number, year, payer), cost in bill["cost"].items():
            key = (number, year, payer)
            # The differences of sums: the rounding is that of the sums, not of what is left.
            scale = 1e-12 * max(cost, bill["cost"][(0, year, "municipality")])
            for part, name in PARTS.items():
                found = one[name][number, year, payers.index(payer)]
                assert found == pytest.approx(bill[part][key], rel=1e-12, abs=scale), (name, key)
                non_zero[part] += found != 0
            if payer == "municipality":
                found = one["casework_dkk"][number, year]
                assert found == pytest.approx(bill["casework"][key], rel=1e-12, abs=scale), key
                non_zero["casework"] += found != 0
    assert all(non_zero.values()), non_zero
