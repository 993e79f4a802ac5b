"""Answers about children: what works, how many, whether it saves on them, and doing nothing."""

import xarray as xr

from stepdown import analysis
from stepdown.evidence import load_evidence
from stepdown.report.document.effects import EffectBasis, effect_basis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Answer
from stepdown.scenario.shipped import shipped_folder

__all__ = ["how_many", "if_nothing", "on_children", "works_elsewhere"]

_HERNING = "socialraadgiverne-herning-2017/saving-on-placements"
_RUNS = ["draw", "replicate"]
_HELPED = ("home", "placement")
_DEAR, _CHEAPER = "residential_home", "foster_care"


def works_elsewhere(facts: Facts) -> Answer:
    """Answer what shows that the strategy works."""
    write = facts.write
    question = write.say("Virker det andre steder?", "Does it work elsewhere?")
    basis = effect_basis(facts.loaded, facts.strategy)
    parts = [_shown(facts, basis)]
    if basis.has_caseload:
        # A run keeps the evidence that it used; this is told beside it, so it is the package's.
        evidence = load_evidence(shipped_folder() / "evidence")
        amount = write.amount(float(evidence.figure(_HERNING).value or 0.0))
        parts.append(
            write.say(
                f"Herning sparede {amount} på anbringelser fra 2013 til 2015, men i ét team, uden"
                " kontrolgruppe og med flere ændringer på én gang. Vi kender ingen dansk"
                " undersøgelse af, hvad færre sager pr. rådgiver betyder alene.",
                f"Herning saved {amount} on placements from 2013 to 2015, but in one team, without"
                " a control group and with several changes at once. We know of no Danish study of"
                " what fewer cases per caseworker do alone.",
            )
        )
    dearer = float((facts.own(facts.gross).sum("year") < 0).mean())
    often = write.of_ten(dearer)
    on = write.say("hjælp og anbringelser", "help and placements")
    if not facts.has_children:
        on = write.say("områderne", "the areas")
    parts.append(
        write.say(
            f"{often[:1].upper()}{often[1:]} bliver {on} samlet set dyrere med strategien end"
            " uden.",
            f"{on[:1].upper()}{on[1:]} cost more in all with the strategy than without {often}.",
        )
    )
    return Answer(question, " ".join(parts))


def _shown(facts: Facts, basis: EffectBasis) -> str:
    """Say in one or two sentences what the effects rest on."""
    write = facts.write
    if not facts.has_children:
        return write.say(
            "Det ved vi ikke: bag budgetlinjerne ligger ingen undersøgelse, som beregningen kan"
            " bruge. Hvor stor en del af besparelsen der bliver til noget, og hvor sent, er"
            " antagelser.",
            "We do not know: no study that the calculation can use stands behind the budget lines."
            " How much of the saving comes true, and how late, are assumptions.",
        )
    if not basis.n:
        return write.say(
            "Der er ingen effekt, som skal virke: strategien ændrer kun pladser eller priser.",
            "There is no effect that has to work: the strategy only changes places or prices.",
        )
    n, assumed = write.number(basis.n), write.number(basis.n_assumed)
    if basis.n_assumed == basis.n:
        return (
            f"{write.say('Det er ikke dokumenteret.', 'That is not shown.')} {_all(facts, basis)}"
        )
    return write.say(
        f"Kun delvist dokumenteret: {assumed} af de {n} effekter i beregningen er antagelser.",
        f"Shown in part only: {assumed} of the {n} effects in the calculation are assumptions.",
    )


def _all(facts: Facts, basis: EffectBasis) -> str:
    """Say that all effects are assumptions, and how many of them lean on evaluations."""
    write, leaning = facts.write, basis.n_assumed_on_evaluations
    n = write.number(basis.n)
    if basis.n == 1:
        every = write.say("Effekten er en antagelse", "The effect is an assumption")
    else:
        every = write.say(f"Alle {n} effekter i beregningen er antagelser",
                          f"All {n} effects in the calculation are assumptions")  # fmt: skip
    if leaning == 0:
        lean = write.say("uden støtte i evalueringer", "without support from evaluations")
    elif leaning == basis.n:
        lean = write.say("men støtter sig til evalueringer fra andre steder",
                         "but lean on evaluations from elsewhere")  # fmt: skip
    else:
        lean = write.say(
            f"{write.number(leaning)} af dem støtter sig til evalueringer fra andre steder",
            f"{write.number(leaning)} of them lean on evaluations from elsewhere",
        )
    return f"{every}, {lean}."


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
            question,
            write.say(
                "Det kan beregningen ikke svare på: budgetlinjer er beløb og siger intet om, hvor"
                " mange børn eller borgere der står bag.",
                "The calculation cannot tell: budget lines are amounts and say nothing of how many"
                " children or citizens stand behind them.",
            ),
        )
    placed = placed_per_year(facts).isel(year=-1)
    without = float(placed.isel(strategy=0).mean())
    more = facts.own(placed) - placed.isel(strategy=0, drop=True)
    low, high = more.quantile([0.1, 0.9], _RUNS).values
    mean, least, most = (_changed(facts, float(v)) for v in (more.mean(), low, high))
    before = write.number(without, 1)
    parts = [
        write.say(
            f"I gennemsnit {mean} i {last}, hvor {before} ellers ville være anbragt"
            f" (helårspladser); i 8 af 10 fremtider mellem {least} og {most}.",
            f"On average {mean} in {last}, when {before} would otherwise be placed (full-year"
            f" places); in 8 of 10 futures between {least} and {most}.",
        ),
        _helped(facts),
        *_scale(facts),
    ]
    return Answer(question, " ".join(parts))


def _changed(facts: Facts, more: float) -> str:
    """Say a change in the number of children."""
    write = facts.write
    if abs(more) < 0.05:
        return write.say("ingen ændring", "no change")
    count = write.number(abs(more), 1)
    return write.say(*((f"{count} færre", f"{count} fewer") if more < 0 else
                       (f"{count} flere", f"{count} more")))  # fmt: skip


def _helped(facts: Facts) -> str:
    """Say how many children get help at all."""
    write, months = facts.write, facts.years.months_in_step
    helped = months.where(months.step_kind.isin(_HELPED), 0).sum("step").isel(strategy=0, year=0)
    count = write.number(float(helped.mean()) / 12)
    return write.say(
        f"I alt får omkring {count} børn og unge hjælp i {facts.first}.",
        f"In all some {count} children and young people get help in {facts.first}.",
    )


def _scale(facts: Facts) -> list[str]:
    """Say what one child in a foster family rather than a residential home means in money."""
    write, prices = facts.write, facts.result.price_dkk_per_month.isel(strategy=0)
    if not {_DEAR, _CHEAPER} <= set(prices.step.values):
        return []
    dims = [dim for dim in prices.dims if dim != "step"]
    by_step = prices.mean(dims)
    less = 12 * float(by_step.sel(step=_DEAR) - by_step.sel(step=_CHEAPER))
    if less <= 0:
        return []
    names = facts.names.step(_CHEAPER).lower(), facts.names.step(_DEAR).lower()
    return [
        write.say(
            f"Ét barn i {names[0]} i stedet for på {names[1]} koster omkring {write.amount(less)}"
            " mindre om året.",
            f"One child in {names[0]} rather than in a {names[1]} costs some"
            f" {write.amount(less)} less a year.",
        )
    ]


def on_children(facts: Facts) -> Answer:
    """Answer whether the saving is taken from children, with what happens to them."""
    write = facts.write
    question = write.say("Er det at spare på børnene?", "Is this to save on children?")
    if not facts.has_children:
        return Answer(
            question,
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
    down, broken = float(own.moves_down), float(own.breakdowns)
    start = write.say("Nej.", "No.")
    if down < 0 or broken > 0:
        start = write.say(
            "Det er ikke hensigten, men se på børnenes tal.",
            "That is not the intention, but look at the children's figures.",
        )
    return Answer(
        question,
        write.say(
            f"{start} Beregningen tager ingen børn ud af en anbringelse, og loven kræver det"
            f" anbringelsessted, der bedst imødekommer barnets behov. I {facts.period} giver"
            f" strategien i gennemsnit {_changed(facts, down)} skift til mindre indgribende hjælp"
            f" og {_changed(facts, broken)} sammenbrud i anbringelser. Børnenes trivsel er ikke"
            " målt.",
            f"{start} The calculation takes no child out of a placement, and the law requires the"
            f" placement that best meets the child's needs. In {facts.period} the strategy brings"
            f" on average {_changed(facts, down)} moves to less intrusive help and"
            f" {_changed(facts, broken)} breakdowns of placements. Children's wellbeing is not"
            " measured.",
        ),
    )


def if_nothing(facts: Facts) -> Answer:
    """Answer what help and placements cost without the strategy."""
    write, last = facts.write, facts.last
    question = write.say("Og hvis vi ikke gør noget?", "And if we do nothing?")
    if "cost_dkk" not in facts.years:
        return Answer(
            question,
            write.say(
                "Så kommer hverken udgiften eller besparelsen. Hvad områderne ellers koster, står"
                " ikke i budgetlinjerne og kan ikke beregnes.",
                "Then neither the spending nor the saving comes. What the areas cost otherwise is"
                " not in the budget lines and cannot be calculated.",
            ),
        )
    cost = facts.years.cost_dkk.isel(strategy=0, year=-1).sum("payer")
    low, high = cost.quantile([0.1, 0.9], _RUNS).values
    low, high, average = (write.amount(float(v)) for v in (low, high, cost.mean()))
    return Answer(
        question,
        write.say(
            f"Så koster hjælp og anbringelser mellem {low} og {high} i {last} i 8 af 10 fremtider,"
            f" i gennemsnit {average}, beregnet ud fra antal børn og priser.",
            f"Then help and placements cost between {low} and {high} in {last} in 8 of 10 futures,"
            f" {average} on average, calculated from numbers of children and prices.",
        ),
    )
