"""The texts of a form: what the run knows of them, and what the administration must fill in."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from stepdown import analysis
from stepdown.report.published import published_words
from stepdown.report.words import kroner, number, percent
from stepdown.scenario.quantity import Label
from stepdown.workbook.lines import FormLine, Proposal, net_change, rounded
from stepdown.workbook.memo import MemoRow, published, reached
from stepdown.workbook.words import say

__all__ = ["KnownFigures", "form_texts"]


class KnownFigures(NamedTuple):
    """What the form shows, for the texts to say the same."""

    lines: Sequence[FormLine]
    memo: Sequence[MemoRow]
    outline: Sequence[int]
    """Positions of the budget year and the years of the budget outline."""


def form_texts(proposal: Proposal, payer: str | None, known: KnownFigures) -> list[tuple[str, str]]:
    """Return the texts of a form, each with the key of its heading.

    Parameters
    ----------
    payer
        A committee; None is the municipality with all of them.
    known
        The figures of the form.
    """
    last = known.outline[-1]
    return [
        ("resume", _resume(proposal, payer, known)),
        ("description", "\n".join(_description(proposal))),
        ("staff", "\n".join(_staff(proposal, last))),
        ("derived", "\n".join(_derived(proposal, payer, last))),
    ]


def _resume(proposal: Proposal, payer: str | None, known: KnownFigures) -> str:
    lang, first, last = proposal.lang, known.outline[0], known.outline[-1]

    def amount(part: str | None, year: int) -> str:
        """Return a total of the form, as it is rounded there."""
        own = [line.amounts[year] for line in known.lines if part in (None, line.part)]
        return _thousands(sum(rounded(one) for one in own) * 1000, proposal)

    quantiles = {row.label: row.values for row in known.memo}
    whose = "whose_municipality" if payer in (None, proposal.payer) else "whose_committee"
    text = say("resume_text", lang).format(
        label=proposal.label, whose=say(whose, lang),
        y0=proposal.numbers[first], y1=proposal.numbers[last],
        i0=amount("investment", first), i1=amount("investment", last),
        g0=amount("saving", first), g1=amount("saving", last),
        n0=amount(None, first), n1=amount(None, last),
        low=_thousands(quantiles[say("net_good", lang)][last], proposal),
        high=_thousands(quantiles[say("net_bad", lang)][last], proposal),
    )  # fmt: skip
    return _one_stop(text + _promises(proposal, payer, last))


def _promises(proposal: Proposal, payer: str | None, last: int) -> str:
    """Return what the proposal promised in a year, and how sure it is, where that is known."""
    lang, year, said = proposal.lang, proposal.numbers[last], ""
    own, chance = published(proposal, payer), reached(proposal)
    if payer is None and "published" in own and chance is not None and np.isfinite(chance[last]):
        amount = _thousands(-own["published"][last], proposal)
        words = published_words(proposal.years, [proposal.strategy])
        told = words.amount[lang == "en"].format(amount=amount, year=year)
        p = percent(float(chance[last]), lang)
        said += say("reached_text", lang).format(told=told, p=p)
    if "residual" in own and np.isfinite(own["residual"][last]):
        amount = _thousands(-own["residual"][last], proposal)
        said += say("residual_text", lang).format(amount=amount, year=year)
    return said


def _description(proposal: Proposal) -> Iterator[str]:
    lang, scenario = proposal.lang, proposal.scenario
    yield say("question_text", lang).format(_words(scenario.description, lang))
    strategy = scenario.strategies[proposal.strategy]
    parts = [_words(own.label, lang) for own in strategy.investments.values()]
    parts += [
        _words(line.label, lang)
        for line in scenario.budget_lines.values()
        if proposal.strategy in line.strategies
    ]
    if parts:
        yield say("parts_text", lang).format("; ".join(parts))
    if "line_saving_dkk" in proposal.years:
        yield say("lines_text", lang)
    yield say("describe_text", lang)


def _staff(proposal: Proposal, last: int) -> Iterator[str]:
    lang, year = proposal.lang, proposal.numbers[last]
    strategy = proposal.scenario.strategies[proposal.strategy]
    if "caseload" in proposal.years and strategy.caseload is not None:
        months = [str(month).startswith(str(year)) for month in proposal.years.month.values]
        caseload = proposal.years.caseload.isel(month=np.flatnonzero(months))
        other = [dim for dim in caseload.dims if dim != "strategy"]
        by_strategy = caseload.mean(other)
        yield say("caseload_text", lang).format(
            before=number(float(by_strategy.isel(strategy=0)), lang, 1),
            after=number(float(by_strategy.sel(strategy=proposal.strategy)), lang, 1),
            year=year,
        )
    for investment in strategy.investments.values():
        for cost in investment.costs.values():
            if cost.posts is not None and cost.posts.value is not None:
                label = _words(cost.label or investment.label, lang)
                posts = number(cost.posts.value, lang, 2)
                yield say("posts_text", lang).format(label=label, posts=posts)
    yield say("staff_text", lang)


def _derived(proposal: Proposal, payer: str | None, last: int) -> Iterator[str]:
    lang, numbers = proposal.lang, proposal.numbers
    if payer is None and proposal.children is not None:
        found = proposal.children.sel(strategy=proposal.strategy)
        yield say("children_text", lang).format(
            first=numbers[0], last=numbers[-1],
            months=_signed(-float(found.placement_months_avoided), proposal),
            down=_signed(float(found.moves_down), proposal),
            broken=_signed(float(found.breakdowns), proposal),
        )  # fmt: skip
    if payer is None:
        own = {proposal.payer, *analysis.committees(proposal.years)}
        others = {
            str(name): float(net_change(proposal, str(name))[last])
            for name in proposal.years.payer.values
            if str(name) not in own
        }
        said = [
            f"{proposal.payer_label(name)} {_thousands(amount, proposal)}"
            for name, amount in others.items()
            if abs(amount) >= 500
        ]
        if said:
            amounts = "; ".join(said)
            yield _one_stop(say("others_text", lang).format(year=numbers[last], amounts=amounts))
    yield say("derived_text", lang)


def _thousands(amount: float, proposal: Proposal) -> str:
    """Return kroner rounded to whole thousands, with a minus that no line is broken after."""
    return kroner(rounded(amount) * 1000, proposal.lang).replace("-", "\N{MINUS SIGN}")


def _one_stop(text: str) -> str:
    """Return a text in which an abbreviation at the end of a sentence has one full stop."""
    return text.replace("kr..", "kr.")


def _signed(value: float, proposal: Proposal) -> str:
    """Return a change with its sign."""
    said = number(value, proposal.lang, 1).replace("-", "\N{MINUS SIGN}")
    return f"+{said}" if value > 0 else said


def _words(label: Label, lang: str) -> str:
    return label.da if lang == "da" else label.en
