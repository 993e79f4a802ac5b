"""Checks of what moves cost once, of strategies' own figures, and of the scale of ratios."""

from collections.abc import Iterator
from itertools import combinations

from stepdown.files.positions import KeyPath
from stepdown.scenario.check_figures import check_amount, check_price, check_share
from stepdown.scenario.classes import targets_of
from stepdown.scenario.model import Effect, Scenario, Strategy
from stepdown.scenario.own import outcome_names
from stepdown.scenario.own_figures import OwnFigures, Period
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter

__all__ = ["check_one_offs", "check_own_figures", "check_scale", "scales_of"]

_ONE_WAY = 'effect_scale = "probability" lets a ratio multiply the probabilities of a cycle'


def check_one_offs(scenario: Scenario, say: Reporter) -> None:
    """What moves cost once, by whom it is paid, and which steps have a scale of their own."""
    own = [
        (name, move)
        for strategy in scenario.strategies.values()
        for figures in (strategy, *strategy.periods.values())
        for name, move in figures.moves.items()
    ]
    costly = {name for name, move in own if move.one_off is not None}
    for name, move in scenario.moves.items():
        path: KeyPath = ("moves", name)
        if move.one_off is not None:
            _check_one_off((*path, "one_off"), scenario, move.one_off, say)
        if move.one_off is not None or name in costly:
            say.known((*path, "payer"), "payer", move.payer, scenario.payers)
            if move.from_step in scenario.steps and scenario.steps[move.from_step].kind == "adult":
                rule = "adult life is priced by its steps, and stands outside every saving"
                say((*path, "one_off"), f"{name} leaves a step of adult life", rule, "remove it")
    for name, step in scenario.steps.items():
        if step.effect_scale == "probability":
            _check_probabilities(("steps", name), scenario, name, say)


def _check_one_off(path: KeyPath, scenario: Scenario, cost: Quantity, say: Reporter) -> None:
    check_amount(path, scenario, cost, say, "a move costs money", ("DKK per move",))


def _check_probabilities(path: KeyPath, scenario: Scenario, step: str, say: Reporter) -> None:
    """A step whose ratios multiply probabilities has probabilities, alike at all times on it."""
    leaving = {n: m for n, m in scenario.moves.items() if m.from_step == step}
    if not leaving or any(move.probability is None for move in leaving.values()):
        what = f"{step} has moves given as rates" if leaving else f"no move leaves {step}"
        say((*path, "effect_scale"), what, _ONE_WAY, "leave effect_scale out")
    _refuse_by_time(path, scenario, step, say)


def _refuse_by_time(path: KeyPath, scenario: Scenario, step: str, say: Reporter) -> None:
    if any(m.from_step == step and m.by_time is not None for m in scenario.moves.values()):
        rule = "a row of own probabilities is the same for all times on the step"
        say(path, f"a move from {step} has by_time", rule, "leave by_time out")


def scales_of(scenario: Scenario, effect: Effect) -> set[str]:
    """Return the scales of the moves an effect touches; all there are where moves are unknown."""
    moves = scenario.moves.values()
    if any(m.from_step not in scenario.steps or m.to_step not in scenario.steps for m in moves):
        return {step.effect_scale for step in scenario.steps.values()}
    touched = targets_of(scenario, effect.on)
    return {scenario.steps[scenario.moves[move].from_step].effect_scale for move in touched}


def check_scale(path: KeyPath, scenario: Scenario, effect: Effect, say: Reporter) -> None:
    """A ratio on probabilities is a relative risk of one cycle, for every child alike."""
    scales = scales_of(scenario, effect)
    if "probability" not in scales or effect.inflow_ratio is not None:
        return
    if len(scales) > 1:
        rule = "one ratio multiplies rates or probabilities, not both"
        fix = "name the moves from steps with effect_scale in an effect of their own"
        say((*path, "on"), "moves on both scales", rule, fix)
        return
    if effect.hazard_ratio is not None:
        fix = 'write risk_ratio, or effect_scale = "rate" on the step'
        say((*path, "hazard_ratio"), "a ratio of rates on probabilities", _ONE_WAY, fix)
    for key in ("at_months", "control_risk"):
        if getattr(effect, key) is not None:
            rule = "a relative risk on the scale of probabilities is that of one cycle"
            say((*path, key), f"{key} beside a risk per cycle", rule, f"leave {key} out")
    if effect.reach is not None:
        rule = "courses multiply the rates of the children they reach"
        say((*path, "reach"), "reach on probabilities", rule, "leave reach out")


def check_own_figures(path: KeyPath, scenario: Scenario, strategy: Strategy, say: Reporter) -> None:
    """The figures that a strategy has of its own, in all years and in some."""
    _check_figures(path, scenario, strategy, say)
    for name, period in strategy.periods.items():
        here = (*path, "periods", name)
        _check_years(here, scenario, period, say)
        _check_figures(here, scenario, period, say)
        if not (period.steps or period.moves or period.probabilities):
            rule = "a period has a figure that differs in its years"
            say(here, "nothing in it", rule, "add steps, moves or probabilities, or remove it")
    for (one, first), (other, second) in combinations(strategy.periods.items(), 2):
        shared = sorted(set(_keys(first)) & set(_keys(second)))
        if shared and _last(first) >= second.from_year and _last(second) >= first.from_year:
            rule = "a figure has one value in a year"
            say((*path, "periods", other, *shared[0]), f"given in the period {one} as well", rule,
                f"let {other} begin after {one} ends")  # fmt: skip


def _check_years(path: KeyPath, scenario: Scenario, period: Period, say: Reporter) -> None:
    if period.to_year is not None and period.to_year < period.from_year:
        rule = "a period ends in the year it begins, or later"
        what = f"{period.to_year} is before {period.from_year}"
        say(
            (*path, "to_year"),
            what,
            rule,
            f"write {period.from_year} or a later year, or leave it out",
        )
        return
    if say.is_told(("clock",)):
        return
    first = int(scenario.clock.starts[:4])
    last = scenario.clock.first_budget_year + scenario.clock.n_budget_years - 1
    if period.from_year > last or _last(period) < first:
        key = "from_year" if period.from_year > last else "to_year"
        what = f"the years {period.from_year}-{period.to_year or ''}"
        rule = f"the model runs from {first} to {last}"
        say((*path, key), what, rule, f"give years from {first} to {last}")


def _last(period: Period) -> int:
    return period.to_year if period.to_year is not None else 9999


def _keys(own: OwnFigures) -> Iterator[tuple[str, ...]]:
    """Yield the keys of the figures in a table of own figures."""
    for name, step in own.steps.items():
        if step.price is not None:
            yield "steps", name, "price"
        for outcome in step.outcomes:
            yield "steps", name, "outcomes", outcome
    for name, move in own.moves.items():
        if move.one_off is not None:
            yield "moves", name, "one_off"
        for outcome in move.outcomes:
            yield "moves", name, "outcomes", outcome
    for name in own.probabilities:
        yield "probabilities", name


def _check_figures(path: KeyPath, scenario: Scenario, own: OwnFigures, say: Reporter) -> None:
    outcomes = outcome_names(scenario)
    for step, figures in own.steps.items():
        here = (*path, "steps", step)
        if say.known(here, "step", step, scenario.steps) and figures.price is not None:
            check_price((*here, "price"), scenario, figures.price, say)
        for outcome in figures.outcomes:
            say.known((*here, "outcomes", outcome), "outcome", outcome, outcomes)
    for move, once in own.moves.items():
        here = (*path, "moves", move)
        if say.known(here, "move", move, scenario.moves) and once.one_off is not None:
            _check_one_off((*here, "one_off"), scenario, once.one_off, say)
        for outcome in once.outcomes:
            say.known((*here, "outcomes", outcome), "outcome", outcome, outcomes)
    for move, probability in own.probabilities.items():
        _check_probability((*path, "probabilities", move), scenario, move, probability, say)


def _check_probability(
    path: KeyPath, scenario: Scenario, move: str, probability: Quantity, say: Reporter
) -> None:
    if not say.known(path, "move", move, scenario.moves):
        return
    check_share(path, scenario, probability, say)
    if scenario.moves[move].probability is None:
        rule = "only a move with a probability can be given another one"
        say(path, f"{move} has a rate", rule, "use an effect with a hazard_ratio")
    _refuse_by_time(path, scenario, scenario.moves[move].from_step, say)
