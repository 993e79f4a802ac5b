"""What in a scenario looks wrong and may be right: warnings for `check`, `run` and the report.

What cannot be right is an error of `stepdown.scenario`; here nothing is refused.
"""

from collections.abc import Iterator

from stepdown.report.words import Language, number, percent, word
from stepdown.scenario import Scenario
from stepdown.scenario.cases import MANY_CASES, case_share, open_cases
from stepdown.scenario.check_figures import end_of_budget
from stepdown.scenario.kinds import Timing
from stepdown.scenario.model import Cost, Investment, Strategy
from stepdown.scenario.quantity import Label, Quantity, YearRow
from stepdown.scenario.tree import figures

__all__ = ["doubts", "many_cases"]

_LEAST_AMOUNT = 100  # kroner a year; no line of a budget is smaller


def doubts(scenario: Scenario, lang: Language) -> list[str]:
    """Return what should be looked at before a scenario is relied on, a sentence each."""
    cases = many_cases(scenario, lang)
    found = [*([] if cases is None else [cases]), *_free_levers(scenario, lang)]
    for name, strategy in scenario.strategies.items():
        found += _of_strategy(scenario, name, strategy, lang)
    found += _small_rows(scenario, lang)
    return list(dict.fromkeys(found))


def many_cases(scenario: Scenario, lang: Language) -> str | None:
    """Return a warning where there are more cases than a municipality's children allow for."""
    share = case_share(scenario)
    if share is None or share <= MANY_CASES:
        return None
    return word("many_cases", lang).format(
        cases=number(open_cases(scenario), lang), share=percent(share, lang),
        limit=percent(MANY_CASES, lang),
    )  # fmt: skip


def _free_levers(scenario: Scenario, lang: Language) -> list[str]:
    """Return a warning for every strategy that pulls a lever and costs nothing."""
    warned = []
    for name, strategy in scenario.strategies.items():
        pulls = strategy.caseload is not None or strategy.follow_up is not None
        costs = any(investment.costs for investment in strategy.investments.values())
        bought = any(name in line.strategies for line in scenario.budget_lines.values())
        if pulls and not costs and not bought:
            warned.append(word("free_lever", lang).format(_in(strategy.label, lang)))
    return warned


def _of_strategy(
    scenario: Scenario, name: str, strategy: Strategy, lang: Language
) -> Iterator[str]:
    timings = [one for one in (strategy.caseload, strategy.follow_up) if one is not None]
    label = _in(strategy.label, lang)
    working = [*timings, *(own for own in strategy.investments.values() if own.effects)]
    paid = _first_paid(scenario, name, strategy)
    since = min((int(timing.start[:4]) for timing in working), default=None)
    if since is not None and paid is not None and paid > since:
        yield word("late_cost", lang).format(label=label, since=since, paid=paid)
    own, baseline = _caseloads(scenario, strategy)
    if paid is not None and own is not None and baseline is not None and own > baseline:
        shown = {"own": _shown(own, lang), "baseline": _shown(baseline, lang)}
        yield word("more_cases", lang).format(label=label, **shown)
    for timing in (*timings, *strategy.investments.values()):
        yield from _slow(scenario, timing, label, lang)


def _first_paid(scenario: Scenario, name: str, strategy: Strategy) -> int | None:
    """Return the first year in which a strategy costs anything; None where it never does."""
    years = [
        year
        for investment in strategy.investments.values()
        for cost in investment.costs.values()
        if (year := _first_cost(investment, cost)) is not None
    ]
    for line in scenario.budget_lines.values():
        if name in line.strategies:
            rows = (_first_amount(row) for row in line.investment.values())
            years += [year for year in rows if year is not None]
    return min(years, default=None)


def _first_cost(investment: Investment, cost: Cost) -> int | None:
    return int(investment.start[:4]) if cost.row is None else _first_amount(cost.row)


def _first_amount(row: YearRow) -> int | None:
    return min((int(year) for year, amount in row.by_year.items() if amount), default=None)


def _caseloads(scenario: Scenario, strategy: Strategy) -> tuple[float | None, float | None]:
    """Return a strategy's caseload and the baseline's, uncertain ones by their middle."""
    change = strategy.caseload
    if change is None or change.cases_per_caseworker is None or scenario.caseload is None:
        return None, None
    return (
        _middle(scenario, change.cases_per_caseworker),
        _middle(scenario, scenario.caseload.baseline),
    )


def _slow(scenario: Scenario, timing: Timing, label: str, lang: Language) -> Iterator[str]:
    start, end = timing.start, timing.end or f"{end_of_budget(scenario) - 1}-12"
    left = 12 * (int(end[:4]) - int(start[:4])) + int(end[5:]) - int(start[5:]) + 1
    takes = [_middle(scenario, one) for one in (timing.hiring_lag, timing.ramp) if one is not None]
    months = sum(one for one in takes if one is not None)
    if months > left:
        yield word("slow", lang).format(label=label, months=_shown(months, lang), left=left)


def _small_rows(scenario: Scenario, lang: Language) -> Iterator[str]:
    for path, figure in figures(scenario):
        if isinstance(figure, YearRow):
            largest = max(map(abs, figure.by_year.values()))
            if 0 < largest < _LEAST_AMOUNT:
                key = ".".join(str(part) for part in path)
                yield word("small_row", lang).format(key=key, amount=_shown(largest, lang))


def _middle(scenario: Scenario, quantity: Quantity) -> float | None:
    if quantity.parameter is not None:
        quantity = scenario.parameters.get(quantity.parameter, quantity)
    middle = (quantity.value, quantity.median, quantity.mode, quantity.mean, quantity.high)
    return next((one for one in middle if one is not None), None)


def _shown(value: float, lang: Language) -> str:
    return number(value, lang, 0 if value == round(value) else 1)


def _in(label: Label, lang: Language) -> str:
    return label.da if lang == "da" else label.en
