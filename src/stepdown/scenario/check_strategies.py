"""Checks of what strategies do: when, on what, with which ratio, at which cost."""

from stepdown.errors import nearest
from stepdown.evidence import Evidence
from stepdown.files.positions import KeyPath
from stepdown.scenario.classes import CASELOAD_SIGN, targets_of
from stepdown.scenario.model import Cost, Effect, Scenario, Strategy, Timing
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter

__all__ = ["check_strategies"]

_RATIOS = ("hazard_ratio", "risk_ratio", "inflow_ratio")


def check_strategies(scenario: Scenario, evidence: Evidence, say: Reporter) -> None:
    """Report everything wrong with the strategies of a scenario."""
    if not scenario.strategies:
        rule = "a scenario compares at least one strategy with the baseline"
        say(("strategies",), "none", rule, "add a table [strategies.name]")
    if "baseline" in scenario.strategies:
        rule = "the baseline is the course without the strategies, described under [baseline]"
        say(("strategies", "baseline"), "a strategy named baseline", rule, "rename it")
    if len(scenario.strategies) > 60:
        rule = "a scenario holds at most 60 strategies"
        say(("strategies",), f"{len(scenario.strategies)} strategies", rule, "split the scenario")
    moves_known = all(
        m.from_step in scenario.steps and m.to_step in scenario.steps
        for m in scenario.moves.values()
    )
    for name, strategy in scenario.strategies.items():
        path: KeyPath = ("strategies", name)
        _check_caseload((*path, "caseload"), scenario, strategy, say)
        for investment_name, investment in strategy.investments.items():
            here = (*path, "investments", investment_name)
            _check_timing(here, scenario, investment, say)
            for cost_name, cost in investment.costs.items():
                _check_cost((*here, "costs", cost_name), scenario, cost, say)
            for grant_name, grant in investment.grants.items():
                for role in ("giver", "receiver"):
                    key = (*here, "grants", grant_name, role)
                    say.known(key, "payer", getattr(grant, role), scenario.payers)
            for effect_name, effect in investment.effects.items():
                key = (*here, "effects", effect_name)
                _check_effect(key, scenario, effect, evidence, say)
                if moves_known:
                    _check_targets((*key, "on"), scenario, effect, say)
        _check_own_figures(path, scenario, strategy, say)


def _check_caseload(path: KeyPath, scenario: Scenario, strategy: Strategy, say: Reporter) -> None:
    if strategy.caseload is None:
        return
    if scenario.caseload is None:
        rule = "a strategy can change only a caseload that the scenario has"
        say(path, "no [caseload] in the scenario", rule, "add a table [caseload]")
    _check_timing(path, scenario, strategy.caseload, say)
    cases = say.resolved(scenario, strategy.caseload.cases_per_caseworker)
    if cases.value is not None and cases.value <= 0:
        rule = "there are cases for each caseworker"
        say((*path, "cases_per_caseworker"), f"{cases.value}", rule, "write a number > 0")


def _check_timing(path: KeyPath, scenario: Scenario, timing: Timing, say: Reporter) -> None:
    if timing.end is not None and timing.end < timing.start:
        rule = "what ends has started"
        fix = f'write an end after "{timing.start}"'
        say((*path, "end"), f'"{timing.end}" is before the start "{timing.start}"', rule, fix)
    if timing.start < scenario.clock.starts:
        rule = "what started before the model is part of the base rates"
        fix = f'write start = "{scenario.clock.starts}" or later'
        say((*path, "start"), f'"{timing.start}" is before the model starts', rule, fix)
    if timing.fade_out is not None and timing.end is None:
        rule = "an effect fades out after its end"
        say((*path, "fade_out"), "without an end", rule, 'add end = "2021-12"')
    for key in ("hiring_lag", "ramp", "half_life", "fade_out"):
        quantity = getattr(timing, key)
        if quantity is not None:
            here = (*path, key)
            quantity = say.resolved(scenario, quantity)
            say.unit(here, quantity, ("months",))
            if quantity.value is not None and quantity.value < (key == "half_life"):
                say(here, f"{quantity.value:g} months", "a time is >= 0", "write a number >= 0")


def _check_cost(path: KeyPath, scenario: Scenario, cost: Cost, say: Reporter) -> None:
    say.known((*path, "payer"), "payer", cost.payer, scenario.payers)
    ways = [key for key in ("row", "posts", "courses_per_year") if getattr(cost, key) is not None]
    if len(ways) != 1 or (cost.row is None) != (cost.price is not None):
        rule = "a cost is a row of amounts, or posts with a price, or courses with a price"
        fix = "give row, or posts and price, or courses_per_year and price"
        say(path, f"{', '.join(ways) or 'nothing'} given", rule, fix)
        return
    if cost.price is not None:
        unit = "DKK per post and year" if cost.posts is not None else "DKK per course"
        price = say.resolved(scenario, cost.price)
        say.unit((*path, "price"), price, (unit,))
        if price.value is not None and price.value < 0:
            rule = "a cost is >= 0; a saving is a result, not an input"
            say((*path, "price"), f"{price.value:.0f}", rule, "write a number >= 0")


def _check_effect(
    path: KeyPath, scenario: Scenario, effect: Effect, evidence: Evidence, say: Reporter
) -> None:
    given = [key for key in _RATIOS if getattr(effect, key) is not None]
    if len(given) != 1:
        rule = "an effect is one of " + ", ".join(_RATIOS)
        say(path, f"{' and '.join(given) or 'no ratio'}", rule, "keep one of them")
        return
    measure = given[0]
    written: Quantity = getattr(effect, measure)
    ratio = say.resolved(scenario, written)
    here = (*path, measure)
    say.unit(here, ratio, ("ratio",))
    if (ratio.value is not None and ratio.value <= 0) or (ratio.low is not None and ratio.low <= 0):
        say(here, "a ratio <= 0", "a ratio multiplies a rate, so it is > 0", "write a number > 0")
    for key in ratio.sources:
        found = evidence.figure(key).measure if key in evidence else measure
        if found in _RATIOS and found != measure:
            rule = "risk is not hazard: an effect has the measure of its source"
            say(here, f'"{key}" is a {found}', rule, f"write {found} = ...")
    if measure == "risk_ratio" and (effect.at_months is None or effect.control_risk is None):
        rule = "a relative risk becomes a ratio of hazards by the control group's risk at that time"
        say(here, "without at_months and control_risk", rule, "add both")
    if effect.reach is not None and measure == "inflow_ratio":
        rule = "courses reach children who are there, not those who have not come"
        say((*path, "reach"), "reach on an inflow", rule, "leave out reach")
    if effect.ages is not None and measure == "inflow_ratio":
        rule = "an inflow ratio works on all ages of a step of entry"
        say((*path, "ages"), "ages on an inflow", rule, "leave out ages")


def _check_targets(path: KeyPath, scenario: Scenario, effect: Effect, say: Reporter) -> None:
    if effect.inflow_ratio is not None:
        for index, step in enumerate(effect.on):
            say.known((*path, index), "step of entry", step, scenario.inflow)
        return
    names = [*CASELOAD_SIGN, *scenario.moves]
    for index, target in enumerate(effect.on):
        if target not in names:
            close = nearest(target, names)
            fix = f"did you mean {close}?" if close else "name one of " + ", ".join(CASELOAD_SIGN)
            rule = "an effect works on classes of moves or named moves"
            say((*path, index), f'unknown class or move "{target}"', rule, fix)
    if not targets_of(scenario, effect.on) and all(t in names for t in effect.on):
        rule = "an effect that touches no move is an oversight"
        say(path, f"no move is {' or '.join(effect.on)}", rule, "name a class that has moves")


def _check_own_figures(
    path: KeyPath, scenario: Scenario, strategy: Strategy, say: Reporter
) -> None:
    from stepdown.scenario.checks import check_price, check_share

    for step, own in strategy.steps.items():
        here = (*path, "steps", step)
        if say.known(here, "step", step, scenario.steps) and own.price is not None:
            check_price((*here, "price"), scenario, own.price, say)
    for move, probability in strategy.probabilities.items():
        here = (*path, "probabilities", move)
        if not say.known(here, "move", move, scenario.moves):
            continue
        check_share(here, scenario, probability, say)
        if scenario.moves[move].probability is None:
            rule = "only a move with a probability can be given another one"
            say(here, f"{move} has a rate", rule, "use an effect with a hazard_ratio")
    for name, line in strategy.published.items():
        say.known((*path, "published", name, "payer"), "payer", line.payer, scenario.payers)
