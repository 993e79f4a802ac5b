"""The sections that hold the report against two checklists: CHEERS 2022, and that of SØM."""

from collections.abc import Mapping
from functools import partial

from stepdown.report.document.checklist_words import CHEERS_TOPICS, SOEM_TOPICS
from stepdown.report.document.facts import Facts
from stepdown.report.document.method import rates
from stepdown.report.document.model import Paragraph, Section, Table

__all__ = ["cheers_section", "soem_section"]

_DOI = "10.1186/s12916-021-02204-0"


def cheers_section(facts: Facts, titles: Mapping[str, str]) -> Section:
    """Return CHEERS 2022 filled in from the run.

    Parameters
    ----------
    facts
        The run.
    titles
        Titles of the report's sections, by key.
    """
    write = facts.write
    answers = [*_about(facts, titles), *_how(facts, titles), *_found(facts, titles)]
    rows = tuple(
        (str(number), write.say(*topic), answer)
        for number, (topic, answer) in enumerate(zip(CHEERS_TOPICS, answers, strict=True), start=1)
    )
    head = (write.say("Nr.", "Item"), write.say("Emne", "Topic"),
            write.say("I denne rapport", "In this report"))  # fmt: skip
    intro = write.say(
        "CHEERS 2022 er en international tjekliste med 28 punkter for, hvad en økonomisk"
        f" evaluering skal oplyse (doi {_DOI}). Emnerne er gengivet med vores egne ord. Det, som"
        " hverken scenariet eller kørslen indeholder, er markeret som ikke oplyst eller ikke"
        " relevant.",
        "CHEERS 2022 is an international checklist of 28 items that an economic evaluation should"
        f" report (doi {_DOI}). Topics are in our own words. What neither scenario nor run holds"
        " is marked as not reported or not applicable.",
    )
    table = Table("CHEERS 2022", head, rows, ("right", "left", "left"))
    title = write.say("Tjekliste: CHEERS 2022", "Checklist: CHEERS 2022")
    return Section("cheers", title, (Paragraph(intro), table), starts_page=True)


def _see(facts: Facts, titles: Mapping[str, str], *keys: str) -> str:
    """Return which sections a reader should see."""
    quoted = facts.write.listed([titles[key] for key in keys if key in titles])
    return facts.write.say(f"Se: {quoted}.", f"See: {quoted}.")


def _missing(facts: Facts) -> str:
    return facts.write.say("Ikke oplyst", "Not reported")


def _irrelevant(facts: Facts) -> str:
    return facts.write.say("Ikke relevant", "Not applicable")


def _about(facts: Facts, titles: Mapping[str, str]) -> list[str]:
    """Return items 1 to 10."""
    write, scenario = facts.write, facts.scenario
    title = facts.result.attrs[f"title_{write.lang}"]
    question = scenario.description.da if write.lang == "da" else scenario.description.en
    compared = "; ".join(facts.label(name) for name in facts.strategies)
    years = write.number(len(facts.year_numbers))
    if facts.has_children:
        stock = write.month(scenario.stock.date)
        population = write.say(
            f"Børn og unge fra 0 til 22 år på indsatstrappen; bestand ultimo {stock}. Se"
            f" {titles['assumptions']}.",
            "Children and young people aged 0 to 22 on the staircase; stock at the end of"
            f" {stock}. See {titles['assumptions']}.",
        )
    else:
        population = _irrelevant(facts)
    return [
        write.say(f"{title}; investeringer sammenlignet med basisalternativet.",
                  f"{title}; investments compared with the baseline."),
        _see(facts, titles, "first-page"),
        question,
        write.say("Ikke oplyst. Metodens valg er fastlagt i programmets beslutningsnotater.",
                  "Not reported. The method is settled in the program's decision records."),
        population,
        title,
        write.say(f"{compared}. Sammenlignet med ingen ny investering.",
                  f"{compared}. Compared with no new investment."),
        write.say("Kommunens budget; desuden stat, region og alle offentlige kasser under ét.",
                  "The municipality's budget; also state, region and all public purses together."),
        write.say(f"{facts.period}: {years} budgetår, som scenariet angiver dem.",
                  f"{facts.period}: {years} budget years, as stated by the scenario."),
        write.say(f"{rates(facts)}, realt, og kun i nutidsværdier.",
                  f"{rates(facts)}, real, and in present values only."),
    ]  # fmt: skip


def _how(facts: Facts, titles: Mapping[str, str]) -> list[str]:
    """Return items 11 to 21."""
    write, see = facts.write, partial(_see, facts, titles)
    children = facts.has_children
    outcomes = write.say(
        "Måneder i anbringelse, skift ned ad trappen, sammenbrud og andel i plejefamilie, slægt"
        " eller netværk. Trivsel er ikke målt.",
        "Months out of home, moves down the staircase, breakdowns and the share in foster or"
        " kinship care. Wellbeing is not measured.",
    )
    model = write.say(
        "Mikrosimulation af skift mellem trin; åben kildekode (Stepdown).",
        "Microsimulation of moves between steps; open source (Stepdown).",
    )
    lines = write.say(
        "Budgetlinjer med usikker realisering og forsinkelse; åben kildekode (Stepdown).",
        "Budget lines of uncertain realisation and delay; open source (Stepdown).",
    )
    level = facts.result.attrs["price_level"]
    return [
        outcomes if children else _irrelevant(facts),
        write.say("Talt i de beregnede fremtider.", "Counted in the simulated futures.")
        if children else _irrelevant(facts),
        write.say("Ikke relevant: intet udfald for børnene er gjort op i kroner.",
                  "Not applicable: no outcome for children is put in kroner."),
        see("assumptions", "method"),
        write.say(f"Danske kroner, faste {level}-priser; omregnet med pris- og lønfremskrivning.",
                  f"Danish kroner, fixed {level} prices; converted by price and wage indexation."),
        f"{model if children else lines} {see('method')}",
        see("assumptions", "method", "limits"),
        write.say("Alder og tid på trinnet; varige forskelle, hvor scenariet har dem.",
                  "Age and time on the step; lasting differences where the scenario has them.")
        if children else _irrelevant(facts),
        write.say("Fordeling på betalere. Fordeling mellem grupper af børn er ikke opgjort.",
                  "Split by payer. Distribution between groups of children is not reported."),
        see("method", "drivers"),
        _missing(facts),
    ]  # fmt: skip


def _found(facts: Facts, titles: Mapping[str, str]) -> list[str]:
    """Return items 22 to 28."""
    return [
        _see(facts, titles, "assumptions"),
        _see(facts, titles, "first-page", "money", "children"),
        _see(facts, titles, "money", "drivers"),
        _missing(facts),
        _see(facts, titles, "first-page", "limits"),
        _missing(facts),
        _missing(facts),
    ]


def soem_section(facts: Facts, titles: Mapping[str, str]) -> Section:
    """Return where the report tells what SØM asks its users to account for."""
    write = facts.write
    places = _soem_places(facts, titles)
    rows = tuple((write.say(*SOEM_TOPICS[key]), place) for key, place in places.items())
    head = (write.say("Emne i SØM", "Topic of SØM"),
            write.say("I denne rapport", "In this report"))  # fmt: skip
    intro = write.say(
        "SØM er Social- og Boligstyrelsens socialøkonomiske investeringsmodel. Tabellen viser,"
        " hvor rapporten gør rede for det, SØM beder sine brugere om. Den er vores egen"
        " oversættelse og ikke en udfyldt udgave af SØM's tjekliste.",
        "SØM is the investment model of the Danish Authority of Social Services and Housing. The"
        " table shows where this report tells what SØM asks its users to account for. It is a"
        " mapping of our own, not a filled-in copy of SØM's checklist.",
    )
    caption = write.say("SØM og denne rapport", "SØM and this report")
    table = Table(caption, head, rows, ("left", "left"))
    title = write.say("Tjekliste: SØM", "Checklist: SØM")
    return Section("soem", title, (Paragraph(intro), table))


def _soem_places(facts: Facts, titles: Mapping[str, str]) -> dict[str, str]:
    write, see = facts.write, partial(_see, facts, titles)
    if facts.has_children:
        success = write.say(
            "Ingen succesrate pr. deltager: strategien ændrer raterne for skift mellem trin.",
            "No success rate by participant: a strategy changes the rates of moves between steps.",
        )
        group = write.say("Børn og unge på indsatstrappen.", "Children on the staircase.")
    else:
        success = write.say("Realiseret andel af den budgetterede besparelse.",
                            "The share of the budgeted saving that comes true.")  # fmt: skip
        group = _irrelevant(facts)
    level = write.say(
        f"Faste {facts.prices}. SØM bruger nettoprisindekset; her bruges pris- og"
        " lønfremskrivning.",
        f"Fixed {facts.prices}. SØM uses the net price index; price and wage indexation is used"
        " here.",
    )
    return {
        "population": f"{group} {see('assumptions')}" if facts.has_children else group,
        "baseline": see("first-page", "method"),
        "success": f"{success} {see('assumptions')}",
        "costs": see("money", "assumptions"),
        "consequences": see("money", "children"),
        "prices": see("assumptions"),
        "payers": see("first-page", "money"),
        "horizon": facts.period,
        "level": level,
        "result": write.say("Nettobesparelsen; SØM's fortegn: positivt er en gevinst.",
                            "The net saving; the sign of SØM: positive is a gain."),
        "sensitivity": see("drivers", "method"),
        "wellbeing": write.say("Ikke målt.", "Not measured."),
        "follow_up": write.say(
            "Ikke i rapporten. Følg sagstal, nye anbringelser, hjemgivelser og udgifter år for år."
            if facts.has_children else "Ikke i rapporten. Følg linjernes udgift og besparelse.",
            "Not in the report. Follow caseload, new placements, returns home and spending by"
            " year."
            if facts.has_children else "Not in the report. Follow what the lines cost and save.",
        ),
    }  # fmt: skip
