"""The section that tells the method in a page."""

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Paragraph, Section, Table

__all__ = ["method_section", "rates"]


def method_section(facts: Facts) -> Section:
    """Return how the figures were made, in brief, and how exact the simulation is."""
    write = facts.write
    texts = [
        *(_children(facts) if facts.has_children else _lines(facts)),
        _money(facts),
        _uncertainty(facts),
        _two_chances(facts),
    ]
    title = write.say("Metoden kort fortalt", "The method in brief")
    return Section("method", title, (*(Paragraph(text) for text in texts), _errors(facts)))


def _children(facts: Facts) -> tuple[str, ...]:
    say = facts.write.say
    return (
        say(
            "Modellen følger børn og unge måned for måned på indsatstrappen. Hvert trin er en"
            " indsats med et niveau og en pris, og målet er ned ad trappen, mod hverdagslivet."
            " Skiftene mellem trin har rater, som afhænger af barnets alder og af, hvor længe det"
            " har været på trinnet. Børnene ved start er den opgjorte bestand; tilgangen er"
            " beregnet, så den holder bestanden uden strategien.",
            "The model follows children and young people month by month on the intervention"
            " staircase. Each step is a form of help with a level and a price, and the aim is"
            " down, towards everyday life. Moves between steps have rates that depend on the"
            " child's age and on how long it has been on the step. The children at the start are"
            " the documented stock; arrivals are derived so that they keep the stock without the"
            " strategy.",
        ),
        say(
            "En strategi ændrer raterne: færre sager pr. rådgiver, hyppigere opfølgning, forløb"
            " for dem, de når. Den flytter ingen børn ud af en anbringelse. Det samme barn lever"
            " det samme liv med og uden strategien, indtil strategien gør en forskel; derfor er"
            " en strategi uden virkning regnet til præcis 0. Den gennemsnitlige besparelse"
            " afhænger ikke af det valg, men det gør spredningen.",
            "A strategy changes the rates: fewer cases per caseworker, closer follow-up, courses"
            " for those whom they reach. It takes no child out of a placement. The same child"
            " lives the same life with and without the strategy until the strategy makes a"
            " difference; so a strategy without effect saves exactly 0. The average saving does"
            " not depend on that choice, but its spread does.",
        ),
    )


def _lines(facts: Facts) -> tuple[str, ...]:
    say = facts.write.say
    return (
        say(
            "Scenariet er en samling budgetlinjer: udgift og besparelse pr. år og betaler, som de"
            " står i forslaget. Udgiften er taget, som den er. Af hver besparelse kommer en"
            " usikker andel, og den kommer med en usikker forsinkelse. Linjer, der afhænger af"
            " det samme, er korreleret. Restopgaver er ikke regnet med.",
            "The scenario is a set of budget lines: spending and saving by year and payer as the"
            " proposal has them. Spending is taken as it stands. An uncertain share of each saving"
            " comes true, with an uncertain delay. Lines that depend on the same thing are"
            " correlated. Residuals are not counted.",
        ),
    )


def rates(facts: Facts) -> str:
    """Return the discount rates in words; uncertain ones by their middle."""
    write, told = facts.write, []
    for step in facts.scenario.money.discount:
        rate = step.rate
        if rate.parameter is not None:
            rate = facts.scenario.parameters[rate.parameter]
        middle = next(v for v in (rate.value, rate.median, rate.mean, rate.mode, rate.low)
                      if v is not None)  # fmt: skip
        percent = f"{write.number(100 * middle, 1)}{write.say(' %', '%')}"
        told.append(write.say(f"{percent} fra år {step.from_year}",
                              f"{percent} from year {step.from_year}"))  # fmt: skip
    return write.listed(told)


def _money(facts: Facts) -> str:
    say = facts.write.say
    return say(
        f"Alle beløb er i faste {facts.prices} og uden diskontering, når intet andet står. En"
        f" nutidsværdi er diskonteret til det år, hvor investeringen begynder, med {rates(facts)}."
        " Nettobesparelsen er udgiften uden strategien minus udgiften med, minus investeringen,"
        " plus tilskud og refusion; positive tal er en gevinst. Tilskud og refusion er overførsler"
        " og giver 0 over alle betalere. Kommunale budgetskemaer har det modsatte fortegn.",
        f"All amounts are in fixed {facts.prices} and undiscounted unless stated. A present value"
        f" is discounted to the year in which the investment begins, at {rates(facts)}. Net saving"
        " is spending without the strategy less spending with it, less the investment, plus"
        " grants and reimbursement; positive figures are a gain. Grants and reimbursement are"
        " transfers and sum to 0 over payers. Municipal budget forms have the opposite sign.",
    )


def _uncertainty(facts: Facts) -> str:
    write, attrs = facts.write, facts.result.attrs
    draws, replicates = (write.number(int(attrs[key])) for key in ("n_draws", "n_replicates"))
    if not facts.has_children:
        return write.say(
            f"Beregningen er gentaget med {draws} sæt antagelser. Hvert sæt har sine egne andele"
            " og forsinkelser, trukket fra de fordelinger, som står under antagelser.",
            f"The calculation was repeated with {draws} sets of assumptions. Each set has its own"
            " shares and delays, drawn from the distributions listed under assumptions.",
        )
    return write.say(
        f"Beregningen er gentaget med {draws} sæt antagelser, {replicates} gange hvert. Sættene"
        " dækker det, vi ikke ved: rater, priser og effekter trukket fra de fordelinger, som står"
        " under antagelser. Gentagelserne dækker tilfældigheder: hvilke børn der kommer, og"
        " hvordan det går dem. De to er holdt adskilt.",
        f"The calculation was repeated with {draws} sets of assumptions, {replicates} times each."
        " The sets cover what is not known: rates, prices and effects drawn from the distributions"
        " listed under assumptions. The repetitions cover luck: which children come and how they"
        " fare. The two are kept apart.",
    )


def _two_chances(facts: Facts) -> str:
    say = facts.write.say
    frame = say(
        "Den beregnes kun, når scenariet har et basisbudget.",
        "It is computed only where the scenario has a base budget.",
    )
    if "base_budget_dkk" in facts.result:
        frame = say("Den står i tabellen over årene.", "It stands in the table by year.")
    return say(
        "To sandsynligheder må ikke forveksles. At besparelsen nås, betyder, at udgiften uden"
        " strategien minus udgiften med er mindst den offentliggjorte besparelse; det kan aldrig"
        " aflæses i et regnskab, for kun én af de to verdener bliver til noget. At budgettet"
        f" holder, betyder, at udgiften med strategien holder sig inden for rammen. {frame}",
        "Two probabilities must not be mixed up. That the saving is reached means that spending"
        " without the strategy less spending with it is at least the published saving; no account"
        " ever shows it, since only one of the two worlds comes about. That the budget is kept"
        f" means that spending with the strategy stays within the frame. {frame}",
    )


def _errors(facts: Facts) -> Table:
    """Return how far the main figures may be off because the number of futures is finite."""
    write = facts.write
    value = analysis.mean(facts.present_value)
    total = analysis.mean(facts.net.sum("year"))
    rows = [
        (
            facts.label(name),
            *(
                write.thousands(float(one.sel(strategy=name)))
                for one in (total.value, total.error, value.value, value.error)
            ),
        )
        for name in facts.strategies
    ]
    head = (
        write.say("Strategi", "Strategy"),
        write.say("Nettobesparelse i alt", "Net saving in all"),
        write.say("Simulationsusikkerhed", "Simulation error"),
        write.say("Nutidsværdi", "Present value"),
        write.say("Simulationsusikkerhed", "Simulation error"),
    )
    note = write.say(
        "Simulationsusikkerheden er en standardfejl: så meget ville gennemsnittet typisk flytte"
        " sig, hvis beregningen blev gentaget med et andet frø. Den siger intet om, hvor usikre"
        " antagelserne er.",
        "The simulation error is a standard error: how far the mean would typically move if the"
        " calculation were repeated with another seed. It tells nothing of how uncertain the"
        " assumptions are.",
    )
    caption = write.say(
        f"Kommunens nettobesparelse {facts.period}, gennemsnit ({write.unit()}, {facts.prices})",
        f"Net saving of the municipality {facts.period}, means ({write.unit()}, {facts.prices})",
    )
    return Table(caption, head, tuple(rows), ("left", *("right",) * 4), (note,))
