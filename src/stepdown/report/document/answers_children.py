"""Answers about children: how many, whether it saves on them, and what doing nothing costs."""

import xarray as xr

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Answer

__all__ = ["how_many", "if_nothing", "on_children", "placed_per_year"]

_RUNS = ["draw", "replicate"]
_HELPED = ("home", "placement")
_TOLD = 50_000.0  # kroner; a part of the saving that is at least this is told


def placed_per_year(facts: Facts) -> xr.DataArray:
    """Return full-year places out of home, (strategy, draw, replicate, year)."""
    months = facts.years.months_in_step.astype(float)
    placed: xr.DataArray = months.where(months.step_kind == "placement", 0).sum("step") / 12
    return placed


def how_many(facts: Facts) -> Answer:
    """Answer how many children fewer, or more, are placed."""
    write, last = facts.write, facts.last
    question = write.say("Hvor mange børn drejer det sig om?", "How many children?")
    if not facts.has_children:
        return Answer(
            write.say("Hvor mange drejer det sig om?", "How many people?"),
            write.say(
                "Det kan beregningen ikke svare på: budgetlinjer er beløb og siger intet om, hvor"
                " mange børn eller borgere der står bag.",
                "The calculation cannot tell: budget lines are amounts and say nothing of how many"
                " children or citizens stand behind them.",
            ),
        )
    placed = placed_per_year(facts).isel(year=-1)
    without = write.number(float(placed.isel(strategy=0).mean()), 1)
    more = facts.own(placed) - placed.isel(strategy=0, drop=True)
    low, high = more.quantile([0.1, 0.9], _RUNS).values
    mean = _changed(facts, float(more.mean()))
    said = write.say(
        f"{_capital(mean)} anbragte i gennemsnit i {last}, hvor {without} ellers ville være anbragt"
        f" (helårspladser). {_capital(_tails(facts, float(low), float(high)))}",
        f"{_capital(mean)} placed on average in {last}, when {without} would otherwise be"
        f" (full-year places). {_capital(_tails(facts, float(low), float(high)))}",
    )
    return Answer(question, " ".join((said, _helped(facts), *_where_saved(facts))))


def _tails(facts: Facts, low: float, high: float) -> str:
    """Say what the change passes in 1 of 10 futures, at either end."""
    write = facts.write
    best, worst = (_changed(facts, value, more_than=True) for value in (low, high))
    return write.say(
        f"i 1 af 10 fremtider er der {best}, i 1 af 10 {worst}.",
        f"in 1 of 10 futures there are {best}, in 1 of 10 {worst}.",
    )


def _changed(facts: Facts, more: float, *, more_than: bool = False) -> str:
    """Say a change in a number of children or of moves."""
    write = facts.write
    if abs(more) < 0.05:
        if more_than:
            return write.say("lige så mange eller flere", "as many or more") if more >= 0 else (
                write.say("lige så mange eller færre", "as many or fewer"))  # fmt: skip
        return write.say("ingen ændring i antal", "no change in the number")
    least = write.say("mindst ", "at least ") if more_than else ""
    count = write.number(abs(more), 1)
    return least + write.say(*((f"{count} færre", f"{count} fewer") if more < 0 else
                               (f"{count} flere", f"{count} more")))  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _helped(facts: Facts) -> str:
    """Say how many children get help at all."""
    write, months = facts.write, facts.years.months_in_step
    helped = months.where(months.step_kind.isin(_HELPED), 0).sum("step").isel(strategy=0, year=0)
    count = write.number(float(helped.mean()) / 12)
    return write.say(
        f"I alt får omkring {count} børn og unge hjælp eller er anbragt i {facts.first}.",
        f"In all some {count} children and young people get help or are placed in {facts.first}.",
    )


def _where_saved(facts: Facts) -> list[str]:
    """Say how much of the last year's saving is on placements, and how much on other help."""
    write, cost = facts.write, facts.by_step_saved
    whole = float(facts.by_year(facts.gross)[-1])
    placements = float(cost.sel(step=cost.step_kind == "placement").sum())
    rest = whole - placements
    if whole < _TOLD or abs(rest) < _TOLD:
        return []
    all_told, on, other = (write.amount(v) for v in (whole, placements, rest))
    if placements > 0 and rest > 0:
        return [
            write.say(
                f"Af de {all_told}, der spares i {facts.last}, kommer {on} fra anbringelser og"
                f" {other} fra anden hjælp.",
                f"Of the {all_told} saved in {facts.last}, {on} is on placements and {other} on"
                " other help.",
            )
        ]
    if placements > 0:
        return [
            write.say(
                f"Anbringelser bliver {on} billigere i {facts.last}, anden hjælp {other} dyrere.",
                f"Placements cost {on} less in {facts.last}, other help {other} more.",
            )
        ]
    return []


def on_children(facts: Facts) -> Answer:
    """Answer whether the saving is taken from children, with what happens to them."""
    write = facts.write
    question = write.say("Er det at spare på børnene?", "Is this to save on children?")
    if not facts.has_children:
        return Answer(
            write.say("Er det at spare på borgerne?", "Is this to save on citizens?"),
            write.say(
                "Det kan tallene ikke afgøre: budgetlinjerne siger intet om, hvad der sker for"
                " børn og borgere. Om en indsats skæres ned, står i forslaget og ikke i"
                " beregningen. Trivsel er ikke målt.",
                "The figures cannot tell: the budget lines say nothing of what happens to"
                " children and citizens. Whether help is cut stands in the proposal and not in"
                " the calculation. Wellbeing is not measured.",
            ),
        )
    own = analysis.children_beside_money(facts.result).sel(strategy=facts.strategy)
    down, broken = (_changed(facts, float(value)) for value in (own.moves_down, own.breakdowns))
    worse = float(own.moves_down) < -0.05 or float(own.breakdowns) > 0.05
    mind = write.say(" Se på tallene:", " Look at the figures:") if worse else ""
    return Answer(
        question,
        write.say(
            f"Det er ikke hensigten, men børnenes trivsel er ikke målt.{mind} I {facts.period}"
            f" giver strategien i gennemsnit {down} skift til mindre indgribende hjælp og {broken}"
            " sammenbrud i anbringelser (hændelser, ikke børn). Loven kræver det"
            " anbringelsessted, der bedst imødekommer barnets behov.",
            f"That is not the intention, but children's wellbeing is not measured.{mind} In"
            f" {facts.period} the strategy brings on average {down} moves to less intrusive help"
            f" and {broken} breakdowns of placements (events, not children). The law requires the"
            " placement that best meets the child's needs.",
        ),
    )


def if_nothing(facts: Facts) -> Answer:
    """Answer what help and placements cost without the strategy, and with it."""
    write, last = facts.write, facts.last
    question = write.say("Og hvis vi ikke gør noget?", "And if we do nothing?")
    if "cost_dkk" not in facts.years:
        return Answer(
            question,
            write.say(
                "Så kommer hverken udgiften eller besparelsen. Hvad områderne bag budgetlinjerne"
                " ellers koster, står ikke i dem og kan ikke beregnes.",
                "Then neither the spending nor the saving comes. What the areas behind the budget"
                " lines cost otherwise is not in them and cannot be calculated.",
            ),
        )
    cost = facts.years.cost_dkk.isel(year=-1).sum("payer")
    without = cost.isel(strategy=0, drop=True)
    low, high = (write.amount(float(v)) for v in without.quantile([0.1, 0.9], _RUNS).values)
    average, other = (write.amount(float(v.mean())) for v in (without, facts.own(cost)))
    return Answer(
        question,
        write.say(
            f"Så koster hjælp og anbringelser i gennemsnit {average} i {last} mod {other} med"
            " strategien, før dens egen udgift. I 1 af 10 fremtider koster de uden strategien"
            f" under {low}, i 1 af 10 over {high}.",
            f"Then help and placements cost {average} on average in {last}, against {other} with"
            f" the strategy, before its own spending. Without it they cost less than {low} in 1 of"
            f" 10 futures, and more than {high} in 1 of 10.",
        ),
    )
