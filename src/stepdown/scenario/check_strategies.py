"""Checks of what strategies do: when, on what, with which ratio, at which cost."""

from stepdown.evidence import Evidence
from stepdown.files.positions import KeyPath
from stepdown.scenario.check_figures import (
    check_amount,
    check_band,
    check_share,
    check_timing,
    end_of_budget,
)
from stepdown.scenario.check_levers import (
    check_posts_for_caseload,
    check_strategy_levers,
    check_targets,
)
from stepdown.scenario.check_own import check_own_figures, check_scale, scales_of
from stepdown.scenario.grid import MOST_STRATEGIES
from stepdown.scenario.model import Cost, Effect, Investment, Scenario, Strategy
from stepdown.scenario.quantity import Quantity, YearRow
from stepdown.scenario.reporter import Reporter

__all__ = ["check_strategies"]

_COST_WAYS = ("row", "posts", "posts_for_caseload", "courses_per_year")
_RATIOS = ("hazard_ratio", "risk_ratio", "inflow_ratio")


def check_strategies(scenario: Scenario, evidence: Evidence, say: Reporter) -> None:
    """Report everything wrong with the strategies of a scenario."""
    if not scenario.strategies and not say.is_gone(("strategies",)):
        rule = "a scenario compares at least one strategy with the baseline"
        say(("strategies",), "no strategy", rule, "add a table [strategies.name]")
    if "baseline" in scenario.strategies:
        rule = "the baseline is the course without the strategies, described under [baseline]"
        say(("strategies", "baseline"), "a strategy named baseline", rule, "rename it")
    if len(scenario.strategies) > MOST_STRATEGIES:
        rule = f"a scenario holds at most {MOST_STRATEGIES} strategies"
        say(("strategies",), f"{len(scenario.strategies)} strategies", rule, "split the scenario")
    if scenario.base_budget is not None:
        _check_level(("base_budget",), scenario, scenario.base_budget, say)
        if not scenario.has_staircase:
            rule = "the chance that a budget is kept needs a baseline that is calculated"
            say(("base_budget",), "a frame without a staircase", rule, "leave out base_budget")
    for name, strategy in scenario.strategies.items():
        path: KeyPath = ("strategies", name)
        check_strategy_levers(path, scenario, strategy, say)
        for own_name, investment in strategy.investments.items():
            here = (*path, "investments", own_name)
            _check_investment(here, scenario, investment, evidence, say)
            for cost_name, cost in investment.costs.items():
                where = (*here, "costs", cost_name)
                check_posts_for_caseload(where, scenario, strategy, cost, say)
        check_own_figures(path, scenario, strategy, say)
        _check_published(path, scenario, strategy, say)


def _check_investment(
    path: KeyPath, scenario: Scenario, investment: Investment, evidence: Evidence, say: Reporter
) -> None:
    check_timing(path, scenario, investment, say)
    for name, cost in investment.costs.items():
        _check_cost((*path, "costs", name), scenario, cost, say)
    for name, grant in investment.grants.items():
        here = (*path, "grants", name)
        say.known((*here, "giver"), "payer", grant.giver, scenario.payers)
        say.known((*here, "receiver"), "payer", grant.receiver, scenario.payers)
        if grant.giver == grant.receiver:
            rule = "a grant goes from one payer to another"
            say(here, f"from {grant.giver} to itself", rule, "name another giver or receiver")
    for name, effect in investment.effects.items():
        here = (*path, "effects", name)
        if not scenario.has_staircase:
            rule = "an effect works on moves; without a staircase a saving is a budget line"
            say(here, "an effect without a staircase", rule, "add a table [budget_lines.name]")
            continue
        _check_effect(here, scenario, effect, evidence, say)
        _check_targets((*here, "on"), scenario, effect, say)
        check_scale(here, scenario, effect, say)


def _check_cost(path: KeyPath, scenario: Scenario, cost: Cost, say: Reporter) -> None:
    say.known((*path, "payer"), "payer", cost.payer, scenario.payers)
    ways = [key for key in _COST_WAYS if getattr(cost, key) is not None]
    rule = "a cost is a row of amounts, or posts with a price, or courses with a price"
    if len(ways) != 1:
        fix = "give row, or posts and price, or courses_per_year and price"
        say(path, " and ".join(ways) or "no amount", rule, fix)
        return
    if (cost.row is None) != (cost.price is not None):
        if cost.price is None:
            unit = "DKK per course" if ways[0] == "courses_per_year" else "DKK per post and year"
            fix = f'add price = {{ value = NUMBER, unit = "{unit}", price_year = YEAR, ... }}'
            say(path, f"{ways[0]} without a price", rule, fix)
        else:
            say((*path, "price"), "a price beside a row", rule, "remove price")
        return
    for key, words, unit, price_unit in (
        ("posts", "a number of posts", "posts", "DKK per post and year"),
        ("courses_per_year", "a number of courses", "courses per year", "DKK per course"),
    ):
        number = getattr(cost, key)
        is_given = number is not None or (key == "posts" and cost.posts_for_caseload is not None)
        if number is not None:
            check_amount((*path, key), scenario, number, say, words, (unit,))
        if is_given and cost.price is not None:
            why = "a cost is money spent (a saving is a result, not an input)"
            check_amount((*path, "price"), scenario, cost.price, say, why, (price_unit,))


def _check_effect(
    path: KeyPath, scenario: Scenario, effect: Effect, evidence: Evidence, say: Reporter
) -> None:
    given = [key for key in _RATIOS if getattr(effect, key) is not None]
    if effect.ages is not None:
        check_band((*path, "ages"), effect.ages, say)
    if len(given) != 1:
        rule = "an effect is one of " + ", ".join(_RATIOS)
        fix = "keep one of them" if given else 'add hazard_ratio = { parameter = "..." }'
        say(path, " and ".join(given) or "no ratio", rule, fix)
        return
    _check_ratio(path, given[0], scenario, effect, evidence, say)
    if effect.inflow_ratio is not None and effect.reach is not None:
        rule = "courses reach children who are there, not those who have not come"
        say((*path, "reach"), "reach on an inflow", rule, "leave out reach")
    if effect.inflow_ratio is not None and effect.ages is not None:
        rule = "an inflow ratio works on all ages of a step of entry"
        say((*path, "ages"), "ages on an inflow", rule, "leave out ages")
    if effect.reach is not None:
        here = (*path, "reach")
        check_amount((*here, "courses_per_year"), scenario, effect.reach.courses_per_year, say,
                     "a number of courses", ("courses per year",))  # fmt: skip
        check_amount((*here, "effect_months"), scenario, effect.reach.effect_months, say,
                     "a course works for some months", ("months",), True)  # fmt: skip


def _check_ratio(
    path: KeyPath,
    measure: str,
    scenario: Scenario,
    effect: Effect,
    evidence: Evidence,
    say: Reporter,
) -> None:
    """The ratio of an effect: its number, and that it is the measure that its source gives."""
    written: Quantity = getattr(effect, measure)
    ratio = say.resolved(scenario, written)
    here = (*path, measure)
    check_amount(here, scenario, written, say, "a ratio multiplies a rate", ("ratio",), True)
    if ratio.distribution == "normal":
        say(here, "a normal distribution", "a ratio is never below 0, a normal number may be",
            'use distribution = "lognormal"')  # fmt: skip
    for key in ratio.sources:
        found = evidence.figure(key).measure if key in evidence else measure
        if found in _RATIOS and found != measure:
            rule = "risk is not hazard: an effect has the measure of its source"
            say(here, f'"{key}" is a {found}', rule, f"write {found} = ...")
    if measure == "risk_ratio" and "probability" not in scales_of(scenario, effect):
        rule = "a relative risk becomes a ratio of hazards by the control group's risk at that time"
        for key, example in (
            ("at_months", "at_months = NUMBER"),
            ("control_risk", 'control_risk = { value = NUMBER, unit = "share", source = "..." }'),
        ):
            if getattr(effect, key) is None:
                say(path, f"risk_ratio without {key}", rule, f"add {example}")
    if effect.control_risk is not None:
        check_share((*path, "control_risk"), scenario, effect.control_risk, say)


def _check_targets(path: KeyPath, scenario: Scenario, effect: Effect, say: Reporter) -> None:
    if effect.inflow_ratio is not None:
        for index, step in enumerate(effect.on):
            say.known((*path, index), "step of entry", step, scenario.inflow)
        return
    check_targets(path, scenario, effect.on, say)
    if effect.reach is not None and scenario.stock.age_years is not None:
        rule = "who can be reached is counted from the ages that an inflow implies"
        say(path, "reach with stock.age_years", rule, "leave out reach, or age_years")


def _check_published(path: KeyPath, scenario: Scenario, strategy: Strategy, say: Reporter) -> None:
    if strategy.reinvested_share is not None:
        check_share((*path, "reinvested_share"), scenario, strategy.reinvested_share, say)
    for name, line in strategy.published.items():
        say.known((*path, "published", name, "payer"), "payer", line.payer, scenario.payers)
        if line.scope == "measures" and not scenario.has_staircase:
            rule = "without a staircase there are no measures to save on"
            fix = "leave it out: each budget line is compared with its own row"
            say((*path, "published", name, "scope"), 'scope = "measures"', rule, fix)
        row = (*path, "published", name, "row")
        _check_level(row, scenario, line.row, say)
        for year, amount in line.row.by_year.items():
            if amount < 0 and line.scope != "net":
                rule = "a published saving is positive here, where a budget paper has a minus"
                fix = f'write "{year}" = {-amount:_.0f}, if the minus is the paper\'s sign for it'
                say((*row, "by_year", year), f"{amount:_.0f}", rule, fix)
            elif not _is_budget_year(scenario, int(year), say):
                rule = "a saving is compared in the budget years"
                fix = f"leave it out, or let n_budget_years reach {year}"
                say((*row, "by_year", year), f"{year} is no budget year", rule, fix)


def _is_budget_year(scenario: Scenario, year: int, say: Reporter) -> bool:
    """Tell whether a year is a budget year, or cannot be told from a wrong clock."""
    if say.is_told(("clock", "n_budget_years")) or say.is_told(("clock", "first_budget_year")):
        return True
    return scenario.clock.first_budget_year <= year < end_of_budget(scenario)


def _check_level(path: KeyPath, scenario: Scenario, row: YearRow, say: Reporter) -> None:
    """What results are compared with stands in the price level of the results."""
    level = scenario.money.price_level
    if row.price_year != level:
        rule = f"it is compared in its own price level, and the results are in {level} prices"
        fix = f"restate the row in {level} prices and write price_year = {level}"
        say((*path, "price_year"), f"{row.price_year} prices", rule, fix)
