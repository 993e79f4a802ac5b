"""The answer to whether a strategy is shown to work."""

from stepdown.evidence import load_evidence
from stepdown.report.document.effects import EffectBasis, effect_basis, saves_by_assumption
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Answer
from stepdown.scenario.shipped import shipped_folder

__all__ = ["works_elsewhere"]

_HERNING = "socialraadgiverne-herning-2017/saving-on-placements"


def works_elsewhere(facts: Facts) -> Answer:
    """Answer what shows that the strategy works."""
    write = facts.write
    question = write.say("Virker det andre steder?", "Does it work elsewhere?")
    basis = effect_basis(facts.loaded, facts.strategy)
    parts = [_shown(facts, basis)]
    if basis.has_caseload:
        parts += [
            *_herning(facts),
            write.say(
                "Vi kender ingen dansk undersøgelse af, hvad færre sager gør alene.",
                "We know of no Danish study of what fewer cases do alone.",
            ),
        ]
    dearer = float((facts.own(facts.gross).sum("year") < 0).mean())
    often = write.of_ten(dearer)
    if facts.has_children:
        said = write.say(
            f"{often[:1].upper()}{often[1:]} bliver hjælp og anbringelser dyrere i"
            f" {facts.period}, selv før strategien er betalt.",
            f"{often[:1].upper()}{often[1:]} help and placements cost more in {facts.period}, even"
            " before the strategy is paid.",
        )
    else:
        said = write.say(
            f"{often[:1].upper()}{often[1:]} giver strategien en merudgift i {facts.period}, selv"
            " før den er betalt.",
            f"{often[:1].upper()}{often[1:]} the strategy raises other spending in"
            f" {facts.period}, even before it is paid.",
        )
        if dearer == 0 and saves_by_assumption(facts.scenario, facts.strategy):
            said += write.say(
                " Det følger af antagelserne: ingen budgetlinje kan give en merudgift.",
                " That follows from the assumptions: no budget line can raise spending.",
            )
    parts.append(said)
    return Answer(question, " ".join(parts))


def _herning(facts: Facts) -> list[str]:
    """Tell what Herning saved, unless that is the very saving that the scenario publishes."""
    strategies = facts.scenario.strategies.values()
    if any(_HERNING in line.row.sources for s in strategies for line in s.published.values()):
        return []
    # A run keeps the evidence that it used; this is told beside it, so it is the package's.
    evidence = load_evidence(shipped_folder() / "evidence")
    amount = facts.write.amount(float(evidence.figure(_HERNING).value or 0.0))
    return [
        facts.write.say(
            f"Herning sparede {amount} på anbringelser fra 2013 til 2015, men i ét team, uden"
            " kontrolgruppe og med flere ændringer på én gang.",
            f"Herning saved {amount} on placements from 2013 to 2015, but in one team, without a"
            " control group and with several changes at once.",
        )
    ]


def _shown(facts: Facts, basis: EffectBasis) -> str:
    """Say in one or two sentences what the effects rest on."""
    write = facts.write
    if not facts.has_children:
        return write.say(
            "Det ved vi ikke: bag budgetlinjerne ligger ingen undersøgelse, som beregningen kan"
            " bruge.",
            "We do not know: no study that the calculation can use stands behind the budget lines.",
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
    if not basis.n_assumed:
        return write.say(
            "Delvist: effekterne i beregningen bygger på kilder eller kalibrering.",
            "In part: the effects in the calculation rest on sources or calibration.",
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
    elif basis.n == 2:
        every = write.say("Begge effekter i beregningen er antagelser",
                          "Both effects in the calculation are assumptions")  # fmt: skip
    else:
        every = write.say(f"Alle {n} effekter i beregningen er antagelser",
                          f"All {n} effects in the calculation are assumptions")  # fmt: skip
    if leaning == 0:
        lean = write.say("uden støtte i evalueringer", "without support from evaluations")
    elif leaning == basis.n:
        lean = write.say(
            "men støtter sig til evalueringer fra andre steder",
            f"but {'leans' if basis.n == 1 else 'lean'} on evaluations from elsewhere",
        )
    else:
        verb = "leans" if leaning == 1 else "lean"
        lean = write.say(
            f"hvoraf {write.number(leaning)} støtter sig til evalueringer fra andre steder",
            f"of which {write.number(leaning)} {verb} on evaluations from elsewhere",
        )
    return f"{every}, {lean}."
