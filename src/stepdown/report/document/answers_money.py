"""Answers about money: what if it fails, and who pays and who saves."""

import numpy as np
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Answer

__all__ = ["ends_with", "fails", "is_about_nil", "who_pays"]

_COVERED = 0.9
_SMALL = 5_000.0  # kroner; less is told as nothing
_ERRORS = 2  # of a mean; one that is less is told as about nil
_STANDS_STILL = 0.02  # of the deficit; a year that moves it by less is told as even


def fails(facts: Facts) -> Answer:
    """Answer what is lost if it does not work, and what can still be stopped."""
    write = facts.write
    question = write.say("Hvad hvis det ikke virker?", "What if it fails?")
    parts = [_without_effect(facts), _lost(facts), *_hump(facts), *_can_stop(facts)]
    return Answer(question, " ".join(parts))


def _without_effect(facts: Facts) -> str:
    """Say what is lost with no effect at all: the municipality's spending less grants."""
    write, totals = facts.write, facts.totals[facts.strategy]
    lost = totals.own_spending - totals.grants
    if totals.own_spending <= _SMALL or lost <= _SMALL:
        return write.say(
            "Strategien koster ikke kommunen noget, så der er ingen udgift at tabe.",
            "The strategy costs the municipality nothing, so there is no spending to lose.",
        )
    after = ""
    if abs(totals.grants) > _SMALL:
        after = write.say(", når tilskuddet er trukket fra", " once the grant is taken off")
    return write.say(
        f"Virker det slet ikke, er hele udgiften tabt: {write.amount(lost)}{after}.",
        f"If it does not work at all, all the spending is lost: {write.amount(lost)}{after}.",
    )


def _lost(facts: Facts) -> str:
    """Say what the loss is larger than in 1 of 10 futures."""
    write, last = facts.write, facts.last
    reserve = analysis.reserve(facts.result, _COVERED)["cumulative"]
    loss = float(facts.own(reserve).values[-1])
    if loss <= _SMALL:
        return write.say(
            f"I 9 af 10 fremtider har kommunen ikke tabt penge ved udgangen af {last}.",
            f"In 9 of 10 futures the municipality has lost no money by the end of {last}.",
        )
    why = _why_more_than_spent(facts, loss)
    return write.say(
        f"I 1 af 10 fremtider har kommunen tabt mere end {write.amount(loss)} ved udgangen af"
        f" {last}{why}.",
        f"In 1 of 10 futures the municipality has lost more than {write.amount(loss)} by the end"
        f" of {last}{why}.",
    )


def _why_more_than_spent(facts: Facts, loss: float) -> str:
    """Say how more can be lost than is spent, where it is."""
    write, totals = facts.write, facts.totals[facts.strategy]
    if loss <= totals.own_spending - totals.grants + _SMALL:
        return ""
    if not facts.has_children:
        return write.say(", fordi budgetlinjerne også kan koste mere end i dag",
                         ", since the budget lines may also cost more than today")  # fmt: skip
    return write.say(", fordi hjælp og anbringelser også kan blive dyrere",
                     ", since help and placements may also cost more")  # fmt: skip


def _hump(facts: Facts) -> list[str]:
    """Say when the deficit so far is deepest on average, where there is one."""
    write, mean = facts.write, facts.by_year(facts.cumulative)
    at = int(np.argmin(mean))
    if mean[at] >= -_SMALL:
        return []
    if at == len(mean) - 1:
        return [_still_behind(facts, mean)] if at > 0 else []
    return [
        write.say(
            f"Undervejs er kommunen længst bagud ved udgangen af {facts.year_numbers[at]}, i"
            f" gennemsnit {write.amount(float(mean[at]))}.",
            f"On the way the municipality is furthest behind at the end of"
            f" {facts.year_numbers[at]}, by {write.amount(float(mean[at]))} on average.",
        )
    ]


def _still_behind(facts: Facts, mean: NDArray[np.float64]) -> str:
    """Say whether the deficit in all still grows in the last year, or only stays."""
    write, last = facts.write, facts.last
    if mean[-2] - mean[-1] > _STANDS_STILL * -mean[-1]:
        return write.say(f"Merudgiften vokser stadig i {last}.",
                         f"The loss is still growing in {last}.")  # fmt: skip
    return write.say(
        f"I {last} går det omtrent i nul, men merudgiften er ikke hentet ind.",
        f"In {last} it about breaks even, but the loss is not made up for.",
    )


def _can_stop(facts: Facts) -> list[str]:
    """Say what part of the spending lies after the second year, and what to look at until then."""
    write = facts.write
    own = facts.by_year(analysis.of_payer(facts.years.investment_dkk - facts.years.grant_dkk))
    later = float(own[2:].sum())
    if later <= _SMALL or float(own.sum()) <= 0:
        return []
    second = facts.year_numbers[1]
    said = write.say(
        f"Stopper kommunen efter {second}, sparer den {write.amount(later)} af udgiften, minus hvad"
        " et stop koster.",
        f"If the municipality stops after {second}, it saves {write.amount(later)} of the spending,"
        " less what stopping costs.",
    )
    if not facts.has_children:
        return [said]
    follow = write.say(
        "Regnskabet viser ikke, om det virker: følg nye anbringelser og hjemgivelser.",
        "The accounts do not show whether it works: follow new placements and returns home.",
    )
    return [said, follow]


def who_pays(facts: Facts) -> Answer:
    """Answer who pays and who saves, over all budget years."""
    write = facts.write
    question = write.say("Hvem betaler, og hvem sparer?", "Who pays, who saves?")
    parts = [*(_committees(facts) or [_municipality(facts)]), *_other_payers(facts)]
    if facts.scenario.strategies[facts.strategy].caseload is not None:
        parts.append(
            write.say(
                "Rådgivere hører normalt til hovedkonto 6, anbringelser til hovedkonto 5: udgift og"
                " besparelse står hver sit sted.",
                "Caseworkers normally belong to main account 6, placements to main account 5: cost"
                " and saving stand in different places.",
            )
        )
    return Answer(question, " ".join(parts))


def _municipality(facts: Facts) -> str:
    """Say what the municipality pays of the spending, who gives grants, and that it saves."""
    write, totals = facts.write, facts.totals[facts.strategy]
    saves = totals.own_gross >= _SMALL
    if totals.own_spending <= _SMALL:
        pays = write.say("Kommunen betaler intet", "The municipality pays nothing")
    elif totals.spending - totals.own_spending > _SMALL:
        own, whole = write.amount(totals.own_spending), write.amount(totals.spending)
        pays = write.say(f"Kommunen betaler {own} af de {whole}",
                         f"The municipality pays {own} of the {whole}")  # fmt: skip
    else:
        pays = write.say("Kommunen betaler hele udgiften", "The municipality pays all of it")
    if totals.grants > _SMALL:
        amount = write.amount(totals.grants)
        givers = write.listed([name.lower() for name in facts.givers])
        pays += write.say(f" og får {amount} i tilskud fra {givers}",
                          f" and has {amount} in grants from the {givers}")  # fmt: skip
    end = write.say(
        *(("; det er også den, der sparer.", "; it is also the one that saves.") if saves else
          ("; den sparer intet i gennemsnit.", "; it saves nothing on average."))
    )  # fmt: skip
    return pays + end


def is_about_nil(net: float, error: float) -> bool:
    """Tell whether a mean cannot be told from 0: it is nothing, or less than two of its errors."""
    return abs(net) < _SMALL or abs(net) < _ERRORS * error


def ends_with(facts: Facts, net: float, error: float) -> str:
    """Return a gain or a loss in words, as what somebody ends with."""
    write = facts.write
    if is_about_nil(net, error):
        return write.say("omtrent nul", "about nil")
    return write.say(f"en {write.result(net)} på {write.amount(net)}",
                     f"a {write.result(net)} of {write.amount(net)}")  # fmt: skip


def _other_payers(facts: Facts) -> list[str]:
    """Say what the payers beside the municipality end with, where it is not nothing."""
    write, said = facts.write, []
    net = facts.years.net_saving_dkk
    for payer in net.payer.values:
        part_of = str(net.payer_part_of.sel(payer=payer).item())
        if payer == facts.payer or part_of:
            continue
        amount = float(facts.by_year(net.sel(payer=payer)).sum())
        if abs(amount) < _SMALL:
            continue
        error = facts.error(facts.own(net).sel(payer=payer, drop=True).sum("year"))
        name = str(facts.result[f"payer_{write.lang}"].sel(payer=payer).item())
        counted = ""
        if name in facts.givers:
            counted = write.say(" (tilskuddet medregnet)", " (its grant counted)")
        end = ends_with(facts, amount, error)
        said.append(write.say(f"{name} ender med {end}{counted}",
                              f"{_the(name)} ends with {end}{counted}"))  # fmt: skip
    if not said:
        return []
    totals, others = facts.totals[facts.strategy], ", ".join(said)
    total = ends_with(facts, totals.public, totals.public_error)
    return [
        write.say(
            f"{others}, det offentlige i alt med {total}.",
            f"{others}, the public sector in all with {total}.",
        )
    ]


def _the(name: str) -> str:
    """Return an English name of a payer as a sentence begins with it."""
    return name if name.lower().startswith("the ") else f"The {name.lower()}"


def _committees(facts: Facts) -> list[str]:
    """Say what each committee pays and ends with, where the file has committees."""
    write, parts = facts.write, []
    for payer in analysis.committees(facts.result):
        own = facts.own(facts.years.net_saving_dkk.sel(payer=payer, drop=True))
        ends = float(facts.by_year(facts.years.net_saving_dkk.sel(payer=payer)).sum())
        pays = float(facts.by_year(facts.years.investment_dkk.sel(payer=payer)).sum())
        name = str(facts.result[f"payer_{write.lang}"].sel(payer=payer).item())
        amount = write.say("intet", "nothing") if pays <= _SMALL else write.amount(pays)
        end = ends_with(facts, ends, facts.error(own.sum("year")))
        parts.append(
            write.say(f"{name} betaler {amount} og ender med {end}",
                      f"{name} pays {amount} and ends with {end}")
        )  # fmt: skip
    said = "; ".join(parts)
    return [write.say(f"{said}.", f"{said}.")] if parts else []
