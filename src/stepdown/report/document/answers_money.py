"""Answers about money: what can be booked, what if it fails, who pays, does it fit the ceiling."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.document.facts import Facts, Totals
from stepdown.report.document.model import Answer

__all__ = ["booked", "ends_with", "fails", "fits_the_ceiling", "who_pays"]

_SURE = 0.8  # "in 8 of 10 futures"
_COVERED = 0.9
_SMALL = 5_000.0  # kroner; less is told as nothing
_TOLD = 50_000.0  # kroner; a part of the net that is at least this is told


def booked(facts: Facts) -> Answer:
    """Answer whether a saving can be put in the budget, and from when."""
    write = facts.write
    question = write.say("Kan vi budgettere med besparelsen, og hvornår?",
                         "Can we put the saving in the budget, and when?")  # fmt: skip
    sure = np.asarray(facts.own(analysis.bookable(facts.result, _SURE)["gross"]).values)
    promises = _promises(facts)
    parts = [*(_kept(facts, promise) for promise in promises), _surely(facts, sure, promises)]
    parts += _residual(facts)
    if not promises:
        parts.append(
            write.say(
                "Forslaget lover ikke noget beløb, så der er intet budgettal at holde det op imod.",
                "The proposal promises no amount, so there is no budgeted figure to set against"
                " it.",
            )
        )
    gains = float((facts.own(facts.net).isel(year=-1) > 0).mean())
    parts.append(
        write.say(
            f"Når årets udgift til strategien er trukket fra, giver {facts.last} overskud for"
            f" kommunen {write.of_ten(gains)}.",
            f"Once the year's spending on the strategy is paid, {facts.last} leaves the"
            f" municipality with a gain {write.of_ten(gains)}.",
        )
    )
    return Answer(question, " ".join(parts))


def saving_word(facts: Facts) -> str:
    """Return what the gross saving is a saving on."""
    if facts.has_children:
        return facts.write.say(
            "besparelse på hjælp og anbringelser", "saving on help and placements"
        )
    return facts.write.say("besparelse", "saving")


class _Promise(NamedTuple):
    """A published saving in the last year that it names."""

    year: int
    amount: float
    chance: float


def _promises(facts: Facts) -> list[_Promise]:
    """Return the published savings, residuals apart, each in the last year that it names."""
    own, found = facts.own(facts.reached), []
    for line in own.line.values:
        chance = own.value.sel(line=line)
        known = np.flatnonzero(chance.notnull().values)
        if known.size:
            at = int(known[-1])
            amount = float(own.published.sel(line=line).values[at])
            found.append(_Promise(facts.year_numbers[at], amount, float(chance.values[at])))
    return found


def _kept(facts: Facts, promise: _Promise) -> str:
    """Say whether a published saving can be counted on."""
    write, year, amount = facts.write, promise.year, facts.write.amount(promise.amount)
    often = write.of_ten(promise.chance)
    if promise.chance >= _SURE:
        return write.say(
            f"Ja: de {amount}, som budgettet regner med i {year}, nås {often}.",
            f"Yes: the {amount} that the budget counts on in {year} is reached {often}.",
        )
    return write.say(
        f"Nej, ikke det budgetterede beløb: de {amount} i {year} nås {often}.",
        f"No, not the budgeted amount: the {amount} in {year} is reached {often}.",
    )


def _surely(facts: Facts, sure: NDArray[np.float64], promises: list[_Promise]) -> str:
    """Say from when there is a saving in 8 of 10 futures, and how large it is in the last year."""
    write, noun, last = facts.write, saving_word(facts), facts.last
    mean = write.signed(float(facts.by_year(facts.gross)[-1]))
    stays = np.flatnonzero(np.cumprod((sure > 0)[::-1])[::-1])
    if not stays.size:
        start = "" if promises else write.say("Nej, ikke med rimelig sikkerhed. ",
                                              "No, not with reasonable certainty. ")  # fmt: skip
        return start + write.say(
            f"Der er intet år, hvorfra vi kan regne med en {noun} i 8 af 10 fremtider;"
            f" gennemsnittet for {last} er {mean}.",
            f"There is no year from which a {noun} can be counted on in 8 of 10 futures; the"
            f" average for {last} is {mean}.",
        )
    since, amount = facts.year_numbers[int(stays[0])], write.amount(float(sure[-1]))
    start = "" if promises else write.say("Ja, men forsigtigt. ", "Yes, with care. ")
    return start + write.say(
        f"Fra {since} er der en {noun} i 8 af 10 fremtider; i {last} er den da mindst {amount}, og"
        f" gennemsnittet er {mean}.",
        f"From {since} there is a {noun} in 8 of 10 futures; in {last} it is then at least"
        f" {amount}, and the average is {mean}.",
    )


def _residual(facts: Facts) -> list[str]:
    """Say that a published residual is not counted, where there is one."""
    write, residual = facts.write, facts.own(analysis.promised(facts.result).residual)
    known = np.flatnonzero(residual.fillna(0).values)
    if not known.size:
        return []
    year, amount = facts.year_numbers[int(known[-1])], write.amount(float(residual[known[-1]]))
    return [
        write.say(
            f"Restopgaven, {amount} i {year}, er ikke regnet med: der ligger ingen beregning bag.",
            f"The residual, {amount} in {year}, is not counted: no calculation stands behind it.",
        )
    ]


def fails(facts: Facts) -> Answer:
    """Answer what is lost if it does not work, and what can still be stopped."""
    write, last = facts.write, facts.last
    question = write.say("Hvad hvis det ikke virker?", "What if it fails?")
    reserve = analysis.reserve(facts.result, _COVERED)["cumulative"]
    loss = float(facts.own(reserve).values[-1])
    if loss <= _SMALL:
        said = write.say(
            f"I 9 af 10 fremtider har kommunen ikke tabt penge ved udgangen af {last}.",
            f"In 9 of 10 futures the municipality has lost no money by the end of {last}.",
        )
    else:
        said = write.say(
            f"Så kan kommunen have tabt op til {write.amount(loss)} ved udgangen af {last}; i 9 af"
            " 10 fremtider er tabet ikke større.",
            f"Then the municipality may have lost up to {write.amount(loss)} by the end of {last};"
            " in 9 of 10 futures the loss is no larger.",
        )
    parts = [said, _not_back(facts)]
    parts += _hump(facts)
    parts += _can_stop(facts)
    return Answer(question, " ".join(parts))


def _not_back(facts: Facts) -> str:
    """Say how often the money is not back by the last year."""
    write, never = facts.write, float(facts.own(facts.payback).isnull().mean())
    if never <= 0:
        return write.say(
            "Pengene er tjent hjem inden da i alle de beregnede fremtider.",
            "The money is back by then in all of the futures.",
        )
    return write.say(
        f"Pengene er ikke tjent hjem inden da {write.of_ten(never)}.",
        f"The money is not back by then {write.of_ten(never)}.",
    )


def _hump(facts: Facts) -> list[str]:
    """Say how deep the deficit is on the way, where there is one."""
    write, own = facts.write, facts.deepest.sel(strategy=facts.strategy)
    depth = float(own.depth.sel(quantile=0.5))
    if depth >= -_SMALL:
        return []
    return [
        write.say(
            f"Det samlede underskud er dybest i {int(own.year)}, typisk {write.amount(depth)}.",
            f"The deficit is deepest in {int(own.year)}, typically {write.amount(depth)}.",
        )
    ]


def _can_stop(facts: Facts) -> list[str]:
    """Say what part of the spending lies after the second year, and what to look at until then."""
    write = facts.write
    own = facts.by_year(analysis.of_payer(facts.years.investment_dkk - facts.years.grant_dkk))
    later = float(own[2:].sum())
    if later <= _SMALL or float(own.sum()) <= 0:
        return []
    second = facts.year_numbers[1]
    said = write.say(
        f"Af kommunens udgift falder {write.amount(later)} efter {second}; den del kan spares ved"
        " at stoppe, minus hvad et stop koster.",
        f"Of the municipality's spending {write.amount(later)} falls after {second}; that part can"
        " be saved by stopping, less what stopping costs.",
    )
    if not facts.has_children:
        return [said]
    follow = write.say(
        "Regnskabet alene viser ikke, om det virker: følg nye anbringelser og hjemgivelser.",
        "The accounts alone do not show whether it works: follow new placements and returns home.",
    )
    return [said, follow]


def who_pays(facts: Facts) -> Answer:
    """Answer who pays and who saves, over all budget years."""
    write, totals = facts.write, facts.totals[facts.strategy]
    question = write.say("Hvem betaler, og hvem sparer?", "Who pays, who saves?")
    parts = [_municipality(facts, totals), *_other_payers(facts), *_committees(facts)]
    if facts.scenario.strategies[facts.strategy].caseload is not None:
        parts.append(
            write.say(
                "Rådgivere bogføres normalt på hovedkonto 6 og anbringelser på hovedkonto 5: den,"
                " der betaler, er ikke den, der sparer.",
                "Caseworkers are normally booked on main account 6 and placements on main account"
                " 5: the one that pays is not the one that saves.",
            )
        )
    return Answer(question, " ".join(parts))


def _municipality(facts: Facts, totals: Totals) -> str:
    """Say what the municipality pays, receives, saves and ends with."""
    write = facts.write
    grants = ""
    if totals.grants > _SMALL:
        grants = write.say(
            f", hvoraf {write.amount(totals.grants)} dækkes af tilskud",
            f", of which {write.amount(totals.grants)} is covered by grants",
        )
    pays = write.amount(totals.own_spending)
    saves = _saves(facts, totals.own_gross)
    ends = ends_with(facts, totals.net) + _beside(facts, totals)
    if totals.own_spending <= _SMALL:
        return write.say(
            f"Strategien har ingen udgift for kommunen i {facts.period}; kommunen {saves} og ender"
            f" i gennemsnit med {ends}.",
            f"The strategy costs the municipality nothing in {facts.period}; the municipality"
            f" {saves} and ends on average with {ends}.",
        )
    return write.say(
        f"Kommunen betaler {pays} i {facts.period}{grants}; den {saves} og ender i gennemsnit med"
        f" {ends}.",
        f"The municipality pays {pays} in {facts.period}{grants}; it {saves} and ends on average"
        f" with {ends}.",
    )


def _beside(facts: Facts, totals: Totals) -> str:
    """Say that the net holds more than what was just told, where it does."""
    other = totals.net - (totals.own_gross - totals.own_spending + totals.grants)
    if abs(other) < _TOLD:
        return ""
    amount = facts.write.signed(other)
    return facts.write.say(
        f", når ændret refusion, tomme pladser og antal sager ({amount}) er regnet med",
        f" once changed reimbursement, emptied places and cases ({amount}) are counted",
    )


def _saves(facts: Facts, amount: float) -> str:
    write = facts.write
    if facts.has_children:
        on = write.say(" på hjælp og anbringelser", " on help and placements")
    else:
        on = ""
    if amount >= 0:
        return write.say(f"sparer {write.amount(amount)}{on}", f"saves {write.amount(amount)}{on}")
    return write.say(
        f"bruger {write.amount(amount)} mere{on}", f"spends {write.amount(amount)} more{on}"
    )


def ends_with(facts: Facts, net: float) -> str:
    """Return a gain or a loss in words, as what somebody ends with."""
    write = facts.write
    if abs(net) < _SMALL:
        return write.say("hverken over- eller underskud", "neither a gain nor a loss")
    kind = write.say(*(("et overskud", "a gain") if net > 0 else ("et underskud", "a loss")))
    return write.say(f"{kind} på {write.amount(net)}", f"{kind} of {write.amount(net)}")


def _other_payers(facts: Facts) -> list[str]:
    """Say what the payers beside the municipality end with, where it is not nothing."""
    write, said = facts.write, []
    net = facts.years.net_saving_dkk
    for payer in net.payer.values:
        part_of = str(net.payer_part_of.sel(payer=payer).item())
        if payer == "municipality" or part_of:
            continue
        amount = float(facts.by_year(net.sel(payer=payer)).sum())
        if abs(amount) < _SMALL:
            continue
        name = str(facts.result[f"payer_{write.lang}"].sel(payer=payer).item())
        said.append(
            write.say(
                f"{name}: {ends_with(facts, amount)}.", f"{name}: {ends_with(facts, amount)}."
            )
        )
    if said:
        total = facts.totals[facts.strategy].public
        said.append(
            write.say(
                f"Alle offentlige kasser under ét ender med {ends_with(facts, total)}.",
                f"All public purses together end with {ends_with(facts, total)}.",
            )
        )
    return said


def _committees(facts: Facts) -> list[str]:
    """Say what each committee ends with, where the file has committees."""
    write = facts.write
    parts = []
    for payer in analysis.committees(facts.result):
        amount = float(facts.by_year(facts.years.net_saving_dkk.sel(payer=payer)).sum())
        name = str(facts.result[f"payer_{write.lang}"].sel(payer=payer).item())
        parts.append(f"{name}: {ends_with(facts, amount)}")
    if not parts:
        return []
    return [write.say(f"Udvalgene: {'; '.join(parts)}.", f"The committees: {'; '.join(parts)}.")]


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
                "Det kan beregningen ikke svare på: budgetlinjerne siger ikke, hvilke beløb der"
                " er serviceudgifter. Investeringen er driftsudgift og optager plads i rammen,"
                " før den sparer noget.",
                "The calculation cannot tell: the budget lines do not say which amounts are"
                " service expenditure. The investment is current spending and takes room under"
                " the ceiling before it saves anything.",
            ),
        )
    spending = facts.years.service_expenditure_dkk
    more = facts.by_year(spending - spending.isel(strategy=0, drop=True))
    known = write.say(
        "Beløbene er gennemsnit før tilskud og refusion; kommunens egen ramme er ikke med.",
        "The amounts are averages before grants and reimbursement; the municipality's own ceiling"
        " is not in the calculation.",
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
        f"mest i {years[top]} med {write.amount(more[top])}",
        f"most in {years[top]} with {write.amount(more[top])}",
    )
    if not relieves.size:
        return write.say(
            f"Der skal findes plads i alle år til og med {facts.last}: strategien fylder {most}.",
            f"Room must be found in every year to {facts.last}: the strategy takes {most}.",
        )
    since = years[int(relieves[0])]
    end = write.amount(more[-1])
    return write.say(
        f"Der skal findes plads til og med {since - 1}: strategien fylder {most}. Fra {since}"
        f" letter den rammen, i {facts.last} med {end}.",
        f"Room must be found until the end of {since - 1}: the strategy takes {most}. From {since}"
        f" it relieves the ceiling, in {facts.last} by {end}.",
    )
