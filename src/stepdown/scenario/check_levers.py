"""Checks of levers: the law of the time, caseload, follow-up, need, and how levers interact."""

from stepdown.errors import nearest
from stepdown.files.positions import KeyPath
from stepdown.scenario.check_figures import (
    CASELOAD_UNITS,
    check_amount,
    check_share,
    check_timing,
)
from stepdown.scenario.classes import LEVER_SIGN, targets_of
from stepdown.scenario.levers import Caseload, Elasticity
from stepdown.scenario.model import Cost, Scenario, Strategy
from stepdown.scenario.probabilities import certain_moves
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter

__all__ = ["check_levers", "check_posts_for_caseload", "check_strategy_levers", "check_targets"]

_CHANGES = ("caseload", "follow_up")
_STAFF = ("turnover", "vacancy_months", "newcomer_months", "newcomer_capacity")


def check_levers(scenario: Scenario, say: Reporter) -> None:
    """Report what is wrong with the law, the levers of the baseline, and the steps of need."""
    _check_law(scenario, say)
    if scenario.caseload is not None:
        _check_caseload(scenario, scenario.caseload, say)
    if scenario.follow_up is not None:
        for key in ("reference", "baseline"):
            check_amount(("follow_up", key), scenario, getattr(scenario.follow_up, key), say,
                         "there is time between follow-ups", ("months",), True)  # fmt: skip
        _check_elasticity(("follow_up", "elasticity"), scenario, scenario.follow_up.elasticity, say)
    for name, step in scenario.steps.items():
        path: KeyPath = ("steps", name)
        if step.kind == "need" and (step.price is not None or step.counts_as_case):
            key = "price" if step.price is not None else "counts_as_case"
            rule = "nobody knows a child whose need is undetected: it costs nothing and is no case"
            say((*path, key), f"{key} on a step of need", rule, f"leave out {key}")
        if step.case_weight is None:
            continue
        weight = say.resolved(scenario, step.case_weight)
        check_amount((*path, "case_weight"), scenario, step.case_weight, say,
                     "a child counts as some cases", ("cases per child",))  # fmt: skip
        if weight.distribution is not None:
            rule = "a weight says what is counted, which is known"
            say((*path, "case_weight"), "an uncertain weight", rule, "give one value")
        if not step.counts_as_case:
            rule = "only a step that counts as a case has a weight"
            say((*path, "case_weight"), "a weight on a step without cases", rule,
                "write counts_as_case = true")  # fmt: skip


def check_strategy_levers(path: KeyPath, scenario: Scenario, strategy: Strategy,
                          say: Reporter) -> None:  # fmt: skip
    """Report what is wrong with a strategy's caseload, follow-up and interactions."""
    _check_caseload_change((*path, "caseload"), scenario, strategy, say)
    if strategy.follow_up is not None:
        here = (*path, "follow_up")
        if scenario.follow_up is None and not say.is_gone(("follow_up",)):
            rule = "a strategy can change only an interval that the scenario has"
            say(here, "no [follow_up] in the scenario", rule, "add a table [follow_up]")
        check_timing(here, scenario, strategy.follow_up, say)
        check_amount((*here, "interval_months"), scenario, strategy.follow_up.interval_months, say,
                     "there is time between follow-ups", ("months",), True)  # fmt: skip
        _check_interval((*here, "interval_months"), scenario, strategy.follow_up.interval_months,
                        say)  # fmt: skip
    for name, interaction in strategy.interactions.items():
        own = (*path, "interactions", name)
        known = [*strategy.investments, *(k for k in _CHANGES if getattr(strategy, k) is not None)]
        for index, lever in enumerate(interaction.between):
            say.known((*own, "between", index), "investment or lever", lever, known)
        if interaction.between[0] == interaction.between[1]:
            rule = "an interaction is between two levers"
            say((*own, "between"), f"{interaction.between[0]} twice", rule, "name another one")
        check_amount((*own, "hazard_ratio"), scenario, interaction.hazard_ratio, say,
                     "a ratio multiplies a rate", ("ratio",), True)  # fmt: skip
        check_targets((*own, "on"), scenario, interaction.on, say)
        ends = {move.from_step for move in scenario.moves.values()}
        if any(scenario.steps[s].effect_scale == "probability" for s in ends & set(scenario.steps)):
            rule = "an interaction multiplies rates, and a step's ratios are on one scale"
            say(own, 'an interaction beside effect_scale = "probability"', rule, "leave it out")


def check_targets(path: KeyPath, scenario: Scenario, on: tuple[str, ...], say: Reporter) -> None:
    """Report classes and moves that are not known, certain moves, and an effect on no move."""
    names = [*LEVER_SIGN, *scenario.moves]
    for index, target in enumerate(on):
        if target not in names:
            close = nearest(target, names)
            fix = f"did you mean {close}?" if close else "name one of " + ", ".join(LEVER_SIGN)
            rule = "an effect works on classes of moves or named moves"
            say((*path, index), f'unknown class or move "{target}"', rule, fix)
    ends = {s for m in scenario.moves.values() for s in (m.from_step, m.to_step)}
    if not ends <= set(scenario.steps):
        return
    touched = targets_of(scenario, on)
    certain = certain_moves(scenario)
    for move in touched:
        if move in certain:
            rule = "a certain move has no rate that a ratio could change"
            say(
                path, f"{move} is certain", rule, "leave it out, or give the strategy probabilities"
            )
    if not touched and all(target in names for target in on):
        rule = "an effect that touches no move is an oversight"
        say(path, f"no move is {' or '.join(on)}", rule, "name a class that has moves")


def check_posts_for_caseload(
    path: KeyPath, scenario: Scenario, strategy: Strategy, cost: Cost, say: Reporter
) -> None:
    """Posts that follow the caseload need to know how many there are and what it becomes."""
    if cost.posts_for_caseload is None:
        return
    if scenario.caseload is None or scenario.caseload.posts is None:
        rule = "posts for a caseload are counted from the posts of the baseline"
        say((*path, "posts_for_caseload"), "no posts in [caseload]", rule,
            'add posts = { value = NUMBER, unit = "posts", source = "file/figure" }')  # fmt: skip
    if strategy.caseload is None or strategy.caseload.cases_per_caseworker is None:
        rule = "posts for a caseload are those that the strategy's caseload takes"
        say((*path, "posts_for_caseload"), "a strategy without cases_per_caseworker", rule,
            "give the strategy a caseload, or write posts")  # fmt: skip


def _check_law(scenario: Scenario, say: Reporter) -> None:
    for name, law in scenario.laws.items():
        path: KeyPath = ("laws", name)
        check_amount((*path, "longest_follow_up"), scenario, law.longest_follow_up, say,
                     "a law allows some months between follow-ups", ("months",), True)  # fmt: skip
        for step in law.step_labels:
            say.known((*path, "step_labels", step), "step", step, scenario.steps)
        if law.in_force_to is not None and law.in_force_to < law.in_force_from:
            say((*path, "in_force_to"), f'"{law.in_force_to}" is before it comes into force',
                "what ends has started", f'write a month after "{law.in_force_from}"')  # fmt: skip
    if scenario.law is None or not say.known(("law",), "law", scenario.law, scenario.laws):
        return
    law = scenario.laws[scenario.law]
    first = f"{scenario.clock.first_budget_year}-12"
    if not say.is_told(("clock",)) and not (
        law.in_force_from <= first and scenario.clock.starts <= (law.in_force_to or "9999-12")
    ):
        rule = "a scenario names the law in force when its budget years begin"
        others = [n for n, o in scenario.laws.items() if o.in_force_from <= first <= (
            o.in_force_to or "9999-12")]  # fmt: skip
        fix = f'write law = "{others[0]}"' if others else "add the law under [laws]"
        say(("law",), f"{scenario.law} was not in force in {first[:4]}", rule, fix)
    if scenario.follow_up is not None:
        _check_interval(("follow_up", "baseline"), scenario, scenario.follow_up.baseline, say)


def _check_interval(path: KeyPath, scenario: Scenario, interval: Quantity, say: Reporter) -> None:
    """An interval longer than the law of the scenario allows cannot be a plan."""
    law = None if scenario.law is None else scenario.laws.get(scenario.law)
    if law is None:
        return
    given = say.resolved(scenario, interval)
    longest = say.resolved(scenario, law.longest_follow_up).value
    most = given.value if given.distribution is None else (given.high or given.mean)
    if longest is not None and most is not None and most > longest:
        rule = f"{law.label.en} wants a follow-up at least every {longest:g} months"
        fix = f"write at most {longest:g}, or name the law that held"
        if given.distribution is not None:
            fix = f"let it end at {longest:g}, or name the law that held"
        say(path, f"{most:g} months between follow-ups", rule, fix)


def _check_caseload(scenario: Scenario, caseload: Caseload, say: Reporter) -> None:
    for key in ("reference", "baseline"):
        check_amount(("caseload", key), scenario, getattr(caseload, key), say,
                     "there are cases for each caseworker", CASELOAD_UNITS, True)  # fmt: skip
    check_amount(("caseload", "price_of_post"), scenario, caseload.price_of_post, say,
                 "a post costs money", ("DKK per post and year",))  # fmt: skip
    _check_elasticity(("caseload", "elasticity"), scenario, caseload.elasticity, say)
    for key, unit, rule in (
        ("posts", "posts", "there are caseworkers"),
        ("children_0_17", "children", "a municipality has children"),
        ("turnover", "per year", "some caseworkers leave"),
        ("vacancy_months", "months", "a time is a number of months"),
        ("newcomer_months", "months", "a time is a number of months"),
    ):
        quantity = getattr(caseload, key)
        if quantity is not None:
            check_amount(("caseload", key), scenario, quantity, say, rule, (unit,),
                         key in ("posts", "children_0_17"))  # fmt: skip
    if caseload.newcomer_capacity is not None:
        check_share(("caseload", "newcomer_capacity"), scenario, caseload.newcomer_capacity, say)
    given = [key for key in _STAFF if getattr(caseload, key) is not None]
    missing = [key for key in _STAFF if key not in given]
    if given and missing:
        rule = "turnover costs capacity by its vacancies and newcomers, so all four go together"
        fix = "add " + ", ".join(missing)
        say(("caseload", given[0]), f"{', '.join(given)} without the others", rule, fix)


def _check_elasticity(
    path: KeyPath, scenario: Scenario, elasticity: Elasticity, say: Reporter
) -> None:
    say.unit((*path, "all"), say.resolved(scenario, elasticity.all), ("ratio",))
    for move_class, own in elasticity.by_class.items():
        say.unit((*path, "by_class", move_class), say.resolved(scenario, own), ("ratio",))


def _check_caseload_change(
    path: KeyPath, scenario: Scenario, strategy: Strategy, say: Reporter
) -> None:
    change = strategy.caseload
    if change is None:
        return
    if scenario.caseload is None and not say.is_gone(("caseload",)):
        rule = "a strategy can change only a caseload that the scenario has"
        say(path, "no [caseload] in the scenario", rule, "add a table [caseload]")
    check_timing(path, scenario, change, say)
    if change.cases_per_caseworker is not None:
        check_amount((*path, "cases_per_caseworker"), scenario, change.cases_per_caseworker,
                     say, "there are cases for each caseworker", CASELOAD_UNITS, True)  # fmt: skip
    elif change.turnover is None:
        rule = "a strategy's caseload says what it changes"
        fix = 'add cases_per_caseworker = { value = NUMBER, unit = "cases per caseworker", ... }'
        say(path, "neither cases_per_caseworker nor turnover", rule, fix)
    if change.turnover is not None:
        check_amount((*path, "turnover"), scenario, change.turnover, say,
                     "some caseworkers leave", ("per year",))  # fmt: skip
        if scenario.caseload is not None and scenario.caseload.turnover is None:
            rule = "turnover is compared with the baseline's"
            say((*path, "turnover"), "no turnover in [caseload]", rule,
                f"add {', '.join(_STAFF)} there")  # fmt: skip
