"""The section on what is not modelled, and what that does to the figures."""

from collections.abc import Iterator

from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Block, Paragraph, Points, Section, Table
from stepdown.report.doubts import doubts

__all__ = ["limits_section"]

Row = tuple[str, str]


def limits_section(facts: Facts) -> Section:
    """Return what the calculation leaves out, as far as it concerns this scenario."""
    write = facts.write
    rows = [*(_of_children(facts) if facts.has_children else _of_lines(facts)), *_of_all(facts)]
    intro = write.say(
        "Det følgende er ikke regnet med. Hvor vi ved, hvilken vej det trækker, står det her.",
        "The following is not counted. Where the direction is known, it is told.",
    )
    table = Table(
        write.say("Hvad der ikke er regnet med", "What is not counted"),
        (write.say("Udeladt", "Left out"), write.say("Hvad det betyder", "What it means")),
        tuple(rows),
        ("left", "left"),
    )
    title = write.say("Hvad beregningen ikke kan sige", "What the calculation cannot tell")
    return Section("limits", title, (*_doubts(facts), Paragraph(intro), table))


def _doubts(facts: Facts) -> tuple[Block, ...]:
    """Return what looks wrong in the scenario and may be right, as the command line said it."""
    found = doubts(facts.scenario, facts.write.lang)
    intro = facts.write.say(
        "Følgende i scenariet bør efterses, før tallene bruges.",
        "The following in the scenario should be looked at before the figures are used.",
    )
    return (Paragraph(intro), Points(tuple(found))) if found else ()


def _of_children(facts: Facts) -> Iterator[Row]:
    yield from _of_places(facts)
    yield from _of_lives(facts)


def _of_places(facts: Facts) -> Iterator[Row]:
    """Yield what is left out about places and prices."""
    scenario, say = facts.scenario, facts.write.say
    if scenario.reimbursement:
        yield (
            say("Søskende", "Siblings"),
            say("Refusionen for særligt dyre enkeltsager regnes barn for barn, mens loven lægger"
                " søskende i samme husstand sammen. Refusionen er undervurderet, og kommunens"
                " besparelse på dyre pladser er overvurderet.",
                "State reimbursement is calculated child by child, where the law adds up siblings"
                " of one household. Reimbursement is understated, and what the municipality saves"
                " on"
                " dear places is overstated."),
        )  # fmt: skip
    else:
        yield (
            say("Statsrefusion for særligt dyre enkeltsager",
                "State reimbursement for especially costly cases"),
            say("Kommunens besparelse på dyre pladser er overvurderet.",
                "What the municipality saves on dear places is overstated."),
        )  # fmt: skip
    if not any(step.notice_months is not None for step in scenario.steps.values()):
        yield (
            say("Opsigelsesvarsler og tomme pladser", "Notice periods and emptied places"),
            say("En plads holder op med at koste, den dag den bliver tom. Besparelsen kommer for"
                " tidligt, og på egne døgninstitutioner er den overvurderet.",
                "A place stops costing the day it empties. Savings come too early, and in the"
                " municipality's own institutions they are overstated."),
        )  # fmt: skip
    if not scenario.capacity:
        yield (
            say("Mangel på plejefamilier og pladser", "Scarce foster families and places"),
            say("Et barn kan altid komme til den indsats, der er besluttet. Besparelsen er"
                " overvurderet, hvis der mangler plejefamilier.",
                "A child can always have the placement decided on. Savings are overstated where"
                " foster families are lacking."),
        )  # fmt: skip
    yield (
        say("Prisforhandlinger og ændret takst, når pladser bliver ledige",
            "Prices that change when places fall empty"),
        say("Priserne er de samme med og uden strategien, medmindre scenariet siger andet.",
            "Prices are the same with and without it, unless the scenario says otherwise."),
    )  # fmt: skip


def _of_lives(facts: Facts) -> Iterator[Row]:
    """Yield what is left out about children."""
    scenario, say = facts.scenario, facts.write.say
    if any(step.kind == "need" for step in scenario.steps.values()):
        yield (
            say("Viden om børn, hvis behov ingen har opdaget",
                "Knowledge of children whose need nobody has noticed"),
            say("De er med i beregningen, men på rater, der for det meste er antagelser.",
                "They are in the calculation, but on rates that are mostly assumed."),
        )  # fmt: skip
    else:
        yield (
            say("Børn, hvis behov ingen har opdaget", "Children whose need nobody has noticed"),
            say("Tidligere opsporing kan ikke vises, hverken gevinsten ved den eller udgiften til"
                " de børn, den finder.",
                "Earlier detection cannot be shown, neither what it gains nor what the children it"
                " finds cost."),
        )  # fmt: skip
    meaning = say(
        "Senere gevinster og udgifter, også for stat og region, er ikke med.",
        "Later gains and costs, of state and region too, are left out.",
    )
    if scenario.adult_life is not None:
        meaning = say(
            "Voksenlivet følges for sig, på antagelser, og indgår ikke i nogen besparelse.",
            "Adult life is followed apart, on assumptions, and is part of no saving.",
        )
    yield say("Livet som voksen", "Life as an adult"), meaning
    yield (
        say("Børnenes trivsel", "Children's wellbeing"),
        say("Den er ikke målt. Færre måneder i anbringelse er ikke i sig selv et bedre liv.",
            "It is not measured. Fewer months out of home are not in themselves a better life."),
    )  # fmt: skip
    yield (
        say("En udvikling i raterne, der gælder hele landet", "A national trend in the rates"),
        say("Raterne er de samme år for år. Falder anbringelserne af sig selv, er både udgiften"
            " uden strategien og besparelsen overvurderet.",
            "Rates hold over the years. If placements fall of themselves, both spending without"
            " the"
            " strategy and the saving are overstated."),
    )  # fmt: skip
    yield (
        say("Kommunens egne sager", "The municipality's own cases"),
        say("Modellen er ikke kalibreret efter dem. Raterne er landstal, hvor de findes, og ellers"
            " antagelser.",
            "The model is not calibrated to them. Rates are national figures where there are any,"
            " and assumptions where there are none."),
    )  # fmt: skip


def _of_lines(facts: Facts) -> Iterator[Row]:
    """Yield what is left out where there are only budget lines."""
    say = facts.write.say
    yield (
        say("Hvordan besparelsen opstår", "How the saving comes about"),
        say("Ingen børn, borgere eller priser ligger bag. Usikkert er kun, hvor stor en del af den"
            " budgetterede besparelse der kommer, og hvor sent.",
            "No children, citizens or prices stand behind it. Uncertain is only how much of the"
            " budgeted saving comes true, and how late."),
    )  # fmt: skip
    yield (
        say("Børns og borgeres trivsel", "Wellbeing of children and citizens"),
        say("Den er ikke målt.", "It is not measured."),
    )
    if any(line.kind == "residual" for line in facts.scenario.budget_lines.values()):
        yield (
            say("Restopgaver", "Residuals"),
            say("De er vist som budgetteret, men ikke regnet med: der ligger ingen beregning bag.",
                "They are shown as budgeted and not counted: no calculation stands behind them."),
        )  # fmt: skip


def _of_all(facts: Facts) -> Iterator[Row]:
    """Yield what every calculation leaves out."""
    say = facts.write.say
    yield (
        say("Udligning, bloktilskud og DUT", "Equalisation, block grant and DUT"),
        say("De holdes uændrede.", "They are held unchanged."),
    )
    yield (
        say("Velfærdsøkonomi", "Welfare economics"),
        say("Beregningen er budgetøkonomisk: ingen nettoafgiftsfaktor, intet skatteforvridningstab,"
            " ingen værdi af trivsel i kroner.",
            "The calculation is of budgets: no net tax factor, no cost of tax distortion, no"
            " wellbeing in kroner."),
    )  # fmt: skip
    yield (
        say("Udgifter ved at stoppe strategien før tid", "The cost of ending the strategy early"),
        say("Opsigelse af medarbejdere og aftaler er ikke regnet med.",
            "Notice to employees and contracts is not counted."),
    )  # fmt: skip
    yield (
        say("Anden anvendelse af pengene", "Other uses of the money"),
        say("Strategien sammenlignes kun med at lade være og med rapportens andre strategier.",
            "The strategy is compared with doing nothing and with the other strategies here only."),
    )  # fmt: skip
