"""What a strategy consists of, from the scenario's own labels and figures."""

from collections.abc import Iterator

import numpy as np

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.scenario.model import Investment, Strategy
from stepdown.scenario.quantity import Label, Quantity

__all__ = ["central", "parts_of", "strategies_summed"]

_FEW = 4  # budget lines that are named; of more, the number and the largest


def parts_of(facts: Facts, name: str) -> list[str]:
    """Return what a strategy consists of, each part as a sentence lists it."""
    strategy = facts.scenario.strategies[name]
    return [
        *_levers(facts, strategy),
        *_investments(facts, strategy),
        *_places(facts, strategy),
        *_lines(facts, name),
    ]


def strategies_summed(facts: Facts, name: str) -> tuple[str, ...]:
    """Return the strategies whose sum a strategy is; none where it is not such a sum.

    Told only of budget lines: those of the parts are different ones and together all of the sum's,
    residuals apart, so that cost and saving add up future by future.
    """
    own = _line_names(facts, name)
    strategy = facts.scenario.strategies[name]
    if not own or strategy.investments or facts.has_children:
        return ()
    found = {
        other: lines
        for other in facts.strategies
        if other != name and (lines := _line_names(facts, other)) and lines < own
    }
    together = [line for lines in found.values() for line in lines]
    return tuple(found) if sorted(together) == sorted(own) else ()


def _line_names(facts: Facts, name: str) -> frozenset[str]:
    lines = facts.scenario.budget_lines.items()
    return frozenset(
        key for key, line in lines if name in line.strategies and line.kind != "residual"
    )


def _levers(facts: Facts, strategy: Strategy) -> Iterator[str]:
    write, scenario = facts.write, facts.scenario
    if strategy.caseload is not None and scenario.caseload is not None:
        cases = strategy.caseload.cases_per_caseworker
        if cases is not None:
            now, was = central(cases), central(scenario.caseload.baseline)
            fewer = write.say(*(("færre", "fewer") if now < was else ("flere", "more")))
            now_told, was_told = (write.number(v, 0 if v % 1 == 0 else 1) for v in (now, was))
            yield write.say(
                f"{fewer} sager pr. rådgiver ({now_told} i stedet for {was_told})",
                f"{fewer} cases per caseworker ({now_told} instead of {was_told})",
            )
        else:
            yield write.say("ændret personaleomsætning blandt rådgiverne",
                            "a changed turnover of caseworkers")  # fmt: skip
    if strategy.follow_up is not None and scenario.follow_up is not None:
        sooner = central(strategy.follow_up.interval_months) < central(scenario.follow_up.baseline)
        yield write.say(
            *(("oftere opfølgning", "more frequent follow-up") if sooner else
              ("sjældnere opfølgning", "less frequent follow-up"))
        )  # fmt: skip


def _investments(facts: Facts, strategy: Strategy) -> Iterator[str]:
    for investment in strategy.investments.values():
        labels = [cost.label for cost in investment.costs.values() if cost.label is not None]
        if len(labels) > 1:
            yield from (_in_sentence(_say(facts, label)) for label in labels)
        elif not _say(facts, strategy.label).startswith(_say(facts, investment.label)):
            yield _in_sentence(_say(facts, investment.label)) + _posts(facts, investment)


def _posts(facts: Facts, investment: Investment) -> str:
    """Return how many posts an investment pays, where it names a number."""
    posts = [cost.posts for cost in investment.costs.values() if cost.posts is not None]
    if not posts:
        return ""
    n = facts.write.number(sum(central(number) for number in posts), 1)
    return facts.write.say(f" ({n} årsværk)", f" ({n} posts)")


def _places(facts: Facts, strategy: Strategy) -> Iterator[str]:
    write = facts.write
    for step, places in strategy.capacity.items():
        last = write.number(places.by_year[max(places.by_year)])
        name = facts.names.step(step).lower()
        yield write.say(f"{last} pladser i {name}", f"{last} places in {name}")


def _lines(facts: Facts, name: str) -> Iterator[str]:
    """Yield the budget lines of a strategy: all of a few, else their number and the largest."""
    write, names = facts.write, _line_names(facts, name)
    lines = [(key, line) for key, line in facts.scenario.budget_lines.items() if key in names]
    if len(lines) <= _FEW:
        yield from (_in_sentence(_say(facts, line.label)) for _, line in lines)
        return
    saved = analysis.budget_years(facts.result).line_published_dkk.sum(["year", "payer"])
    largest, label = max(lines, key=lambda pair: float(saved.sel(budget_line=pair[0])))[0], ""
    label = _say(facts, facts.scenario.budget_lines[largest].label)
    n = write.number(len(lines))
    yield write.say(f"{n} budgetlinjer, hvoraf den største er {_quoted(facts, label)}",
                    f"{n} budget lines, the largest of them {_quoted(facts, label)}")  # fmt: skip


def _quoted(facts: Facts, label: str) -> str:
    return facts.write.say(f"»{label}«", f'"{label}"')


def _say(facts: Facts, label: Label) -> str:
    return facts.write.say(label.da, label.en)


def _in_sentence(label: str) -> str:
    """Return a label with a small first letter, unless it looks like a name of several words."""
    first, *others = label.split()
    is_name = any(word[:1].isupper() and word[1:2].islower() for word in others)
    if is_name or not first[1:].islower() or ":" in label:
        return label
    return label[:1].lower() + label[1:]


def central(quantity: Quantity) -> float:
    """Return the value of a quantity, or the middle of what it may be."""
    given = (quantity.value, quantity.mean, quantity.median, quantity.mode)
    known = [value for value in given if value is not None]
    if known:
        return known[0]
    return float(np.mean([value for value in (quantity.low, quantity.high) if value is not None]))
