"""Answers about the budget: what can be booked, and whether it fits the ceiling."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.document.contents import central
from stepdown.report.document.facts import Facts, Promise
from stepdown.report.document.model import Answer
from stepdown.report.published import line_words, published_words

__all__ = ["booked", "fits_the_ceiling"]

_SURE = 0.8  # "in 8 of 10 futures"
_SMALL = 5_000.0  # kroner; less is told as nothing


def booked(facts: Facts) -> Answer:
    """Answer whether a saving can be put in the budget, and from when."""
    write, promises = facts.write, facts.promises
    question = write.say("Kan vi budgettere med besparelsen, og hvornår?",
                         "Can we put the saving in the budget, and when?")  # fmt: skip
    sure = np.asarray(facts.own(analysis.bookable(facts.result, _SURE)["gross"]).values)
    parts = list(_all_kept(facts))
    if not promises:
        parts.append(_without_promise(facts, sure))
    parts += [_surely(facts, sure), _gains(facts)]
    parts += [*_if_all_came(facts), *_reinvested(facts), *_residual(facts)]
    return Answer(question, " ".join(parts))


def _costs(facts: Facts) -> NDArray[np.float64]:
    """Return what the municipality spends on the strategy by year."""
    return facts.by_year(analysis.of_payer(facts.years.investment_dkk))


def _all_kept(facts: Facts) -> Iterator[str]:
    """Yield whether each published saving can be counted on; yes or no once, until it changes."""
    before = ""
    for promise in facts.promises:
        is_sure = promise.chance >= _SURE
        verdict = facts.write.say(*(("Ja", "Yes") if is_sure else ("Nej", "No")))
        told = _kept(facts, promise)
        yield f"{told[:1].upper()}{told[1:]}" if verdict == before else f"{verdict}: {told}"
        before = verdict


def _kept(facts: Facts, promise: Promise) -> str:
    """Say how often a published saving is reached."""
    write, words = facts.write, line_words(facts.result, facts.strategy, promise.line)
    amount, often = write.amount(promise.amount), write.of_ten(promise.chance)
    told = write.say(*words.amount).format(amount=amount, year=promise.year)
    mean = write.signed(promise.mean)
    return write.say(
        f"{told} nås {often}; gennemsnittet det år er {mean}.",
        f"{told} is reached {often}; the average that year is {mean}.",
    )


def _without_promise(facts: Facts, sure: NDArray[np.float64]) -> str:
    """Answer for a proposal that promises no amount, from the last year."""
    write, cost = facts.write, float(_costs(facts)[-1])
    if sure[-1] < _SMALL:
        return write.say("Nej, ikke med rimelig sikkerhed.", "No, not with reasonable certainty.")
    if sure[-1] >= cost:
        return write.say("Ja, i 8 af 10 fremtider.", "Yes, in 8 of 10 futures.")
    mean = float(facts.by_year(facts.gross)[-1])
    if sure[-1] < mean / 2:
        return write.say("Kun en mindre del, og den dækker ikke udgiften.",
                         "Only a small part, and that does not cover the spending.")  # fmt: skip
    return write.say("Kun en del, og den dækker ikke udgiften.",
                     "Only a part, and that does not cover the spending.")  # fmt: skip


def _surely(facts: Facts, sure: NDArray[np.float64]) -> str:
    """Say what is saved in 8 of 10 futures, in the first year and the last, beside the cost."""
    write, costs, last = facts.write, _costs(facts), facts.last
    stays = np.flatnonzero(np.cumprod((sure >= _SMALL)[::-1])[::-1])
    mean = write.signed(float(facts.by_year(facts.gross)[-1]))
    if not stays.size:
        return write.say(
            f"Der er intet år, fra hvilket der spares noget i 8 af 10 fremtider; gennemsnittet for"
            f" {last} er {mean}, og strategien koster {write.amount(costs[-1])} det år.",
            f"There is no year from which anything is saved in 8 of 10 futures; the average for"
            f" {last} is {mean}, and the strategy costs {write.amount(costs[-1])} that year.",
        )
    since = int(stays[0])
    ends = write.amount(float(sure[-1]))
    if since == len(sure) - 1:
        spent = write.amount(costs[-1])
        return write.say(
            f"Forsigtigt regnet spares {ends} i {last} (nås i 8 af 10 fremtider), før udgiften på"
            f" {spent} er trukket fra.",
            f"A cautious figure is {ends} in {last} (reached in 8 of 10 futures), before the"
            f" spending of {spent}.",
        )
    begins, year = write.amount(float(sure[since])), facts.year_numbers[since]
    spent = _spent_then(facts, since)
    return write.say(
        f"Forsigtigt regnet spares {begins} i {year} og {ends} i {last} (nås i 8 af 10 fremtider),"
        f" før udgiften{spent} er trukket fra.",
        f"Cautious figures are {begins} in {year} and {ends} in {last} (reached in 8 of 10"
        f" futures), before the spending{spent}.",
    )


def _spent_then(facts: Facts, since: int) -> str:
    """Say what the strategy costs in the first year with a saving that is sure, and in the last."""
    write, costs = facts.write, _costs(facts)
    first, last = float(costs[since]), float(costs[-1])
    if max(first, last) <= _SMALL:
        return ""
    if write.amount(first) == write.amount(last):
        same = write.amount(first)
        return write.say(f" på {same} begge år", f" of {same} in both years")
    if last <= _SMALL:
        year = facts.year_numbers[since]
        return write.say(f" på {write.amount(first)} i {year}",
                         f" of {write.amount(first)} in {year}")  # fmt: skip
    one, other = write.amount(first), write.amount(last)
    return write.say(f" på {one} og {other}", f" of {one} and {other}")


def _gains(facts: Facts) -> str:
    """Say how often the last year gains once it is paid for."""
    write = facts.write
    often = write.of_ten(float((facts.own(facts.net).isel(year=-1) > 0).mean()))
    return write.say(
        f"Når alt er regnet med, giver {facts.last} en nettobesparelse {often}.",
        f"When all is counted, {facts.last} leaves a gain {often}.",
    )


def _if_all_came(facts: Facts) -> list[str]:
    """Say what lacks even if the whole published saving comes, where spending is larger."""
    write = facts.write
    lines = facts.scenario.strategies[facts.strategy].published.values()
    if any(line.scope == "net" for line in lines):
        return []
    promised = facts.own(analysis.promised(facts.result).calculated).values
    known = np.flatnonzero(np.isfinite(promised))
    if not known.size:
        return []
    until = int(known[-1]) + 1
    received = facts.by_year(analysis.of_payer(facts.years.grant_dkk))
    lacks = float((_costs(facts) - received)[:until].sum() - np.nansum(promised[:until]))
    if lacks <= _SMALL:
        return []
    amount, year = write.amount(lacks), facts.year_numbers[until - 1]
    period = f"{facts.first}-{year}" if year > facts.first else str(year)
    said = published_words(facts.result, [facts.strategy]).adjective
    return [
        write.say(
            f"Selv hvis alt det {said[0]} spares, mangler der {amount} i {period}.",
            f"Even if all that is {said[1]} is saved, {amount} is lacking in {period}.",
        )
    ]


def _reinvested(facts: Facts) -> list[str]:
    """Say that the saving is to be spent again, where the strategy says so."""
    write, quantity = facts.write, facts.scenario.strategies[facts.strategy].reinvested_share
    if quantity is None or (share := central(quantity)) <= 0:
        return []
    if share >= 1:
        return [
            write.say(
                "Hele besparelsen skal efter forslaget bruges igen; den sænker ikke budgettet.",
                "The proposal would spend the whole saving again; it does not lower the budget.",
            )
        ]
    said = write.percent(share)
    return [
        write.say(
            f"Efter forslaget skal {said} af besparelsen bruges igen; den del sænker ikke"
            " budgettet.",
            f"The proposal would spend {said} of the saving again; that part does not lower the"
            " budget.",
        )
    ]


def _residual(facts: Facts) -> list[str]:
    """Say that a published residual is not counted, where there is one."""
    write, residual = facts.write, facts.own(analysis.promised(facts.result).residual)
    known = np.flatnonzero(residual.fillna(0).values)
    if not known.size:
        return []
    year, amount = facts.year_numbers[int(known[-1])], write.amount(float(residual[known[-1]]))
    return [
        write.say(
            f"Restopgaven, {amount} i {year}, er besparelser, der endnu ikke er fundet; de er ikke"
            " regnet med.",
            f"The residual, {amount} in {year}, is savings that are still to be found; they are"
            " not counted.",
        )
    ]


def fits_the_ceiling(facts: Facts) -> Answer:
    """Answer what the strategy does to spending under the ceiling on service expenditure."""
    write = facts.write
    question = write.say(
        "Passer det i servicerammen?", "Does it fit the service expenditure ceiling?"
    )
    if "service_expenditure_dkk" not in facts.years:
        return Answer(
            question,
            write.say(
                "Det kan beregningen ikke svare på: budgetlinjerne siger ikke, hvilke beløb der er"
                " serviceudgifter.",
                "The calculation cannot tell: the budget lines do not say which amounts are"
                " service expenditure.",
            ),
        )
    spending = facts.years.service_expenditure_dkk
    more = facts.by_year(spending - spending.isel(strategy=0, drop=True))
    known = write.say(
        "Beløbene er før tilskud og refusion; kommunens egen ramme er ikke med.",
        "Amounts are before grants and reimbursement; the municipality's own ceiling is not in"
        " the calculation.",
    )
    return Answer(question, f"{_room(facts, more)} {known}")


def _room(facts: Facts, more: NDArray[np.float64]) -> str:
    """Say in which years the strategy fills the ceiling, and from when it relieves it."""
    write, years = facts.write, facts.year_numbers
    relieves = np.flatnonzero(np.cumprod((more <= 0)[::-1])[::-1])
    top = int(np.argmax(more))
    if more[top] <= _SMALL:
        return write.say(
            f"Ja: strategien optager ingen plads i rammen i noget år i {facts.period}.",
            f"Yes: the strategy takes no room under the ceiling in any year of {facts.period}.",
        )
    most = write.say(
        f"mest i {years[top]}: {write.amount(more[top])}",
        f"most in {years[top]}: {write.amount(more[top])}",
    )
    if not relieves.size:
        if len(years) == 1:
            amount = write.amount(more[0])
            return write.say(f"Der skal findes plads i {years[0]}: {amount}.",
                             f"Room must be found in {years[0]}: {amount}.")  # fmt: skip
        return write.say(
            f"Der skal findes plads i alle år til og med {facts.last}, {most}.",
            f"Room must be found in every year to {facts.last}, {most}.",
        )
    until = write.say(f"Der skal findes plads til og med {years[relieves[0] - 1]}, {most}.",
                      f"Room must be found until the end of {years[relieves[0] - 1]}, {most}."
                      )  # fmt: skip
    if relieves[0] == 1:
        only = write.amount(more[0])
        until = write.say(f"Der skal kun findes plads i {years[0]}: {only}.",
                          f"Room must be found in {years[0]} only: {only}.")  # fmt: skip
    return f"{until} {_makes_room(facts, years[relieves[0]], more[-1])}"


def _makes_room(facts: Facts, since: int, last: float) -> str:
    """Say from when the strategy makes room under the ceiling, and how much in the last year."""
    write, room, why = facts.write, facts.write.amount(last), _why_room(facts)
    if since == facts.last:
        return write.say(f"I {since} giver strategien mere plads, {room}{why}.",
                         f"In {since} the strategy makes room, {room}{why}.")  # fmt: skip
    return write.say(
        f"Fra {since} giver strategien mere plads, {room} i {facts.last}{why}.",
        f"From {since} the strategy makes room, {room} in {facts.last}{why}.",
    )


def _why_room(facts: Facts) -> str:
    """Say that fewer cases count too, where the saving alone would not have made the room."""
    gross = float(facts.by_year(facts.years.gross_saving_dkk)[-1])
    spent = float(facts.by_year(facts.years.investment_dkk.sum("payer"))[-1])
    casework = float(facts.by_year(facts.years.casework_dkk)[-1])
    if gross >= spent or casework >= 0:
        return ""
    return facts.write.say(
        f", fordi færre sager også sparer rådgivere ({facts.write.amount(casework)})",
        f", because fewer cases save caseworkers too ({facts.write.amount(casework)})",
    )
