"""The whole model from a scenario's own tables: moves equal bit for bit, money to 1e-12."""

from dataclasses import dataclass

import naive
import numpy as np
import pytest
from small import ENTRIES_DOWN, WHY, Built, build, figure, on, strategy, write_small

from stepdown import simulate

RICH = (
    ENTRIES_DOWN
    + strategy(
        "reached",
        on(
            "breakdown",
            0.5,
            more=(
                'ages = "3-14"\n'
                f"reach.courses_per_year = {figure(4.0, 'courses per year')}\n"
                f"reach.effect_months = {figure(18.0, 'months')}"
            ),
        ),
    )
    + strategy("fewer", on("home_support", 0.6, kind="inflow_ratio"))
    + strategy(
        "all",
        on("reunification", 1.4, more='ages = "12-17"'),
        caseload=f"cases_per_caseworker = {figure(25.0, 'cases per caseworker')}\n"
        f"hiring_lag = {figure(2.5, 'months')}\nramp = {figure(5.0, 'months')}",
        timing='start = "2018-02"\nend = "2020-03"\n'
        f"hiring_lag = {figure(1.25, 'months')}\nramp = {figure(4.0, 'months')}\n"
        f"half_life = {figure(20.0, 'months')}\nfade_out = {figure(6.0, 'months')}\n"
        '[strategies.all.investments.own.costs.courses]\npayer = "region"\n'
        f"courses_per_year = {figure(7.0, 'courses per year')}\n"
        f"price = {figure(80_000.0, 'DKK per course', 2015)}\n"
        "[strategies.all.investments.own.costs.posts]\n"
        f'posts = {figure(1.5, "posts")}\nprice = {{ parameter = "price_of_post" }}\n'
        "[strategies.all.investments.own.costs.other.row]\n"
        'by_year = { "2018" = 100_000, "2019" = 40_000 }\nafter = "repeat"\n'
        'unit = "DKK per year"\nprice_year = 2020\nassumption = "made up for a test"\n'
        '[strategies.all.investments.own.grants.pool]\ngiver = "state"\n'
        "[strategies.all.investments.own.grants.pool.row]\n"
        'by_year = { "2018" = 70_000, "2019" = 90_000 }\nafter = "zero"\n'
        'unit = "DKK per year"\nprice_year = 2017\nassumption = "made up for a test"\n',
    )
    + "[strategies.all.steps.foster_care]\n"
    f"price = {figure(31_000.0, 'DKK per child and month', 2019)}\n"
    f"outcomes.wellbeing = {figure(0.7, 'points per year')}\n"
    "[strategies.all.periods.dear]\nfrom_year = 2019\nto_year = 2019\n"
    "[strategies.all.periods.dear.steps.foster_care]\n"
    f"price = {figure(34_000.0, 'DKK per child and month', 2018)}\n"
    f"outcomes.wellbeing = {figure(0.6, 'points per year')}\n"
    "[strategies.all.periods.dear.moves.foster_home]\n"
    f"one_off = {figure(9_000.0, 'DKK per move', 2018)}\n"
    "[strategies.all.moves.home_to_foster]\n"
    f"one_off = {figure(15_000.0, 'DKK per move', 2018)}\n"
    f"outcomes.wellbeing = {figure(-0.05, 'points per move')}\n"
    "[moves.home_to_foster]\n"
    f"one_off = {figure(20_000.0, 'DKK per move', 2015)}\n"
    f"outcomes.wellbeing = {figure(-0.1, 'points per move')}\n"
    "[moves.foster_home]\n"
    f'payer = "region"\none_off = {figure(4_000.0, "DKK per move", 2018)}\n'
    "[steps.foster_care]\n"
    f"outcomes.wellbeing = {figure(0.5, 'points per year')}\n"
)
"""Strategies with everything that makes children, months and money differ."""

ROW = 'unit = "DKK per year"\nprice_year = 2018\nassumption = "made up for a test"\n'
RICH += (
    "[causes.times]\n"
    f"correlation = {figure(0.5, 'correlation')}\n"
    + "".join(
        f"[budget_lines.{name}]\n"
        'label = { da = "Linje", en = "Line" }\n'
        f'strategies = ["help", "all"]\nkind = "estimate"\ncause = "times"\n'
        'realised_share = { distribution = "triangular", low = -0.5, mode = 1, high = 2, '
        'unit = "share", assumption = "made up for a test" }\n'
        'delay_months = { distribution = "uniform", low = 0, high = 40, unit = "months", '
        'assumption = "made up for a test" }\n'
        f"[budget_lines.{name}.saving.{payer}]\n"
        f'by_year = {{ "2018" = 300_000, "2019" = 500_000 }}\nafter = "repeat"\n{ROW}'
        f"[budget_lines.{name}.investment.municipality]\n"
        f'by_year = {{ "2018" = 90_000, "2019" = 0, "2020" = 10_000 }}\n{ROW}'
        for name, payer in (("own", "municipality"), ("shared", "region"))
    )
    + '[budget_lines.left]\nlabel = { da = "Rest", en = "Rest" }\nstrategies = ["all"]\n'
    'kind = "residual"\n[budget_lines.left.saving.municipality]\n'
    f'by_year = {{ "2019" = 700_000 }}\nafter = "zero"\n{ROW}'
)
"""Budget lines beside the staircase: two that share a cause, and a residual."""

BEYOND = "[stock.beyond_reach]\nfoster_care = 2\nresidential_home = 1\n"


COUPLED = (
    f"[frailty]\nmultipliers = [0.5, 1.0, 3.0]\nshares = [0.5, 0.3, 0.2]\n{WHY}\n"
    "price_correlation = 0.4\n[frailty.loadings]\nplacement = 1.0\nleave = -0.5\nbreakdown = 0.7\n"
    f"[steps.residential_home]\nprice_spread = {figure(0.6, 'ratio')}\n"
    f"[steps.institution]\nprice_spread = {figure(1.1, 'ratio')}\n"
    f"[capacity.foster_care]\nplaces = {{ by_year = {{ '2018' = 5, '2020' = 4 }}, {WHY} }}\n"
    "[capacity.institution]\noverflow = 'residential_home'\n"
    f"places = {{ by_year = {{ '2018' = 2 }}, {WHY} }}\n"
)
"""What makes children differ, and what makes them depend on each other."""


@dataclass(frozen=True, repr=False, eq=False)
class Case:
    path: object
    built: Built
    n_replicates: int
    plain: naive.Counts


def make_case(path, n_replicates):
    built = build(path, n_draws=2, seed=4)
    stairs, tables = built.plan.stairs, built.chunk.tables
    return Case(
        path,
        built,
        n_replicates,
        naive.simulate(stairs, tables, 4, 0, n_replicates, built.chunk.coupling),
    )


@pytest.fixture(name="case", scope="module", params=["hoersholm", "rich", "coupled"])
def walk_case(request, tmp_path_factory):
    """Return a scenario and its plain walk: Hørsholm, the small one with all of it, and coupled."""
    if request.param == "hoersholm":
        return make_case("hoersholm", 1)
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "rich":
        return make_case(write_small(folder, RICH + BEYOND), 2)
    path = write_small(folder, RICH + BEYOND + COUPLED)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[caseload]\n", '[caseload]\nmode = "fixed_posts"\n', 1))
    return make_case(path, 2)


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


PARTS = {
    "cost": "cost_dkk",
    "once": "one_off_dkk",
    "investment": "investment_dkk",
    "grant": "grant_dkk",
    "net": "net_saving_dkk",
    "casework": "casework_dkk",
    "refund": "refusion_dkk",
}


def purses(case, replicate):
    """Return the plain money of every draw of one replicate."""
    draws = case.built.draws
    for draw in range(draws.count):
        months = case.plain.months[:, draw, replicate].tolist()
        cases = case.plain.cases[:, draw, replicate].tolist()
        moves = case.plain.moves[:, draw, replicate].tolist()
        value = lambda quantity, draw=draw: float(draws.of(quantity)[draw])  # noqa: E731
        steps = case.built.plan.steps
        children = [
            [
                [(steps[s], *rest) for s, *rest in child]
                for child in case.plain.children[strategy, draw, replicate]
            ]
            for strategy in range(len(case.built.plan.strategies))
        ]
        yield (
            draw,
            naive.Purse(case.built.plan.scenario, value, months, cases, moves, children=children),
        )


def test_money_is_the_plain_money(case):
    """Cost, investment, grants, casework and net saving: each to 1e-12 of the year's money.

    In the small case also what moves cost once.
    """
    plan, replicate = case.built.plan, case.n_replicates - 1
    result = simulate(case.path, n_draws=2, seed=4, n_replicates=case.n_replicates, n_threads=1)
    parts = {part: name for part, name in PARTS.items() if name in result}
    result = result[list(parts.values())].isel(replicate=replicate)
    non_zero = dict.fromkeys(parts, 0)
    for draw, purse in purses(case, replicate):
        one = result.isel(draw=draw)
        for number, year in np.ndindex(len(plan.strategies), plan.n_years):
            # The differences of sums: the rounding is that of the sums, not of what is left.
            scale = 1e-12 * purse.cost(0, year, "municipality")
            for part, name in parts.items():
                at = one[name].values[number, year]
                payers = list(plan.scenario.payers) if part != "casework" else ["municipality"]
                for found, payer in zip(np.atleast_1d(at), payers, strict=True):
                    known = getattr(purse, part)(number, year, payer)
                    assert found == pytest.approx(known, rel=1e-12, abs=scale), (name, number, year)
                    non_zero[part] += found != 0
    if plan.scenario.caseload.mode == "fixed_posts":
        assert non_zero.pop("casework") == 0
    assert all(non_zero.values()), non_zero
    costly = any(move.one_off is not None for move in plan.scenario.moves.values())
    assert ("once" in parts) == costly


def test_outcomes_are_the_plain_outcomes(case):
    """Weights of steps and moves, of all years and of some: to 1e-12."""
    plan, replicate = case.built.plan, case.n_replicates - 1
    result = simulate(case.path, n_draws=2, seed=4, n_replicates=case.n_replicates, n_threads=1)
    if "outcome" not in result:
        assert not any(step.outcomes for step in plan.scenario.steps.values())
        return
    found = result.outcome.isel(replicate=replicate).sel(outcome_name="wellbeing")
    for draw, purse in purses(case, replicate):
        for number, year in np.ndindex(len(plan.strategies), plan.n_years):
            known = purse.outcome(number, year, "wellbeing")
            assert found.values[number, draw, year] == pytest.approx(known, rel=1e-12)
            assert known > 0
