"""The section that compares strategies: which is best, how sure, and what each step up brings."""

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Block, Chart, Paragraph, Section, Table
from stepdown.report.document.pictures import picture
from stepdown.report.document.tables import Align, table_of, thousands

__all__ = ["comparison_section"]

_WORTHS = tuple(float(worth) for worth in range(0, 100_001, 10_000))  # kroner a month


def comparison_section(facts: Facts) -> Section | None:
    """Return which strategy is best and how sure that is; None where there is only one."""
    if len(facts.strategies) < 2:
        return None
    write = facts.write
    best = analysis.best_strategy(facts.result)
    name = str(best["best"].item())
    blocks: list[Block] = [Paragraph(_verdict(facts, best, name)), _levels(facts, best)]
    blocks.append(_marginal(facts))
    if facts.has_children:
        blocks.append(_acceptability(facts))
    blocks.append(_fans(facts))
    title = write.say("Strategierne mod hinanden", "The strategies against each other")
    return Section("comparison", title, tuple(blocks))


def _verdict(facts: Facts, best: xr.Dataset, name: str) -> str:
    """Say which strategy has the best mean, and how often it is the best."""
    write = facts.write
    often = write.of_ten(float(best.probability_best.sel(strategy=name)))
    if name == str(best.strategy.values[0]):
        return write.say(
            "Når kun kommunens penge tæller, er det i gennemsnit bedst at lade være: ingen af"
            f" strategierne har en positiv nutidsværdi. At lade være er det bedste {often}.",
            "When only the municipality's money counts, doing nothing is best on average: no"
            f" strategy has a positive present value. Doing nothing is best {often}.",
        )
    value = write.signed(float(best["mean"].sel(strategy=name)))
    return write.say(
        f"Når kun kommunens penge tæller, er {facts.quoted(name)} bedst i gennemsnit, med en"
        f" nutidsværdi på {value}. Den er den bedste {often}.",
        f"When only the municipality's money counts, {facts.quoted(name)} is best on average, with"
        f" a present value of {value}. It is the best {often}.",
    )


def _levels(facts: Facts, best: xr.Dataset) -> Chart:
    """Return the present values of all strategies, the baseline among them."""
    write = facts.write
    names = [str(name) for name in best.strategy.values]
    columns = [
        (write.say("Strategi", "Strategy"), [facts.label(name) for name in names]),
        (write.say("Nutidsværdi", "Present value"), thousands(facts, best["mean"].values)),
        (write.say("Simulationsusikkerhed", "Simulation error"),
         thousands(facts, best["error"].values)),
        (write.say("Bedst i", "Best in"),
         [write.percent(float(p)) for p in best.probability_best.values]),
    ]  # fmt: skip
    caption = write.say(
        f"Kommunens nettobesparelse i nutidsværdi ({write.unit()}, {facts.prices})",
        f"The municipality's net saving in present value ({write.unit()}, {facts.prices})",
    )
    order = np.argsort(-best["mean"].values, kind="stable")
    shows = write.say(
        f"Højest gennemsnit: {facts.quoted(names[order[0]])}. Lavest:"
        f" {facts.quoted(names[order[-1]])}. Bedst i: andelen af fremtider, hvor strategien slår"
        " alle andre; den med det bedste gennemsnit er ikke altid den, der oftest er bedst.",
        f"Highest mean: {facts.quoted(names[order[0]])}. Lowest: {facts.quoted(names[order[-1]])}."
        " Best in: the share of futures in which it beats all others; the one with the best mean"
        " is not always the one that is best most often.",
    )
    title = write.say("Hvilken strategi er bedst?", "Which strategy is best?")
    alternative = write.say(
        "Gennemsnit og spredning (de midterste 8 af 10 fremtider) af nutidsværdien for hver"
        " strategi. Gennemsnittene står i tabellen.",
        "Mean and spread (the middle 8 of 10 futures) of the present value of each strategy. The"
        " means are in the table.",
    )
    draw = picture("plot_levels", facts.result, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_of(caption, columns))


def _marginal(facts: Facts) -> Table:
    """Return what each step up costs more and saves more."""
    write, found = facts.write, analysis.marginal_saving(facts.result)
    ratio = found.saving_per_krone

    def per_krone(at: int) -> str:
        if not np.isfinite(ratio.values[at]):
            return write.say("koster ikke mere", "costs no more")
        low, high = (float(found[key].values[at]) for key in ("low", "high"))
        middle = write.number(float(ratio.values[at]), 2)
        if not (np.isfinite(low) and np.isfinite(high)):
            return middle
        return f"{middle} ({write.number(low, 2)}; {write.number(high, 2)})"

    labels = {str(name): facts.label(str(name)) for name in facts.result.strategy.values}
    steps = range(found.sizes["step_up"])
    columns = [
        (write.say("Fra", "From"), [labels[str(v)] for v in found["from"].values]),
        (write.say("Til", "To"), [labels[str(v)] for v in found["to"].values]),
        (
            write.say("Ekstra udgift", "Extra spending"),
            thousands(facts, found.extra_spending.values),
        ),
        (
            write.say("Ekstra besparelse", "Extra saving"),
            thousands(facts, found.extra_saving.values),
        ),
        (write.say("Netto", "Net"), thousands(facts, found.extra_net.values)),
        (
            write.say("Sparet pr. krone (95 %)", "Saved per krone (95%)"),
            [per_krone(i) for i in steps],
        ),
    ]
    caption = write.say(
        f"Hvad hvert skridt op koster og sparer, nutidsværdi ({write.unit()}, {facts.prices})",
        f"What each step up costs and saves, present value ({write.unit()}, {facts.prices})",
    )
    note = write.say(
        "Udgift efter tilskud. Over 1 krone sparet pr. ekstra krone tjener skridtet sig hjem inden"
        f" udgangen af {facts.last}. I parentes simulationens 95 %-interval.",
        "Spending after grants. With more than 1 krone saved per extra krone the step pays for"
        f" itself by the end of {facts.last}. In brackets the 95% interval of the simulation.",
    )
    table = table_of(caption, columns, (note,))
    align: tuple[Align, ...] = ("left",) * 2 + ("right",) * 4
    return Table(table.caption, table.head, table.rows, align, table.notes)


def _acceptability(facts: Facts) -> Chart:
    """Return which strategy is best when a placement month avoided is worth something."""
    write = facts.write
    curve = analysis.acceptability(facts.result, _WORTHS)
    labels = {str(name): facts.label(str(name)) for name in facts.result.strategy.values}
    frontier = [str(name) for name in curve.frontier.values]
    columns = [
        (write.say("Værdi af en måned", "Worth of a month"),
         [write.number(worth) for worth in _WORTHS]),
        (write.say("Bedst i gennemsnit", "Best on average"), [labels[name] for name in frontier]),
        (write.say("Sandsynlighed for det", "Probability of that"),
         [write.percent(float(p)) for p in curve.frontier_probability.values]),
    ]  # fmt: skip
    changes = [at for at in range(1, len(frontier)) if frontier[at] != frontier[at - 1]]
    if changes:
        at = changes[0]
        shows = write.say(
            f"Er en anbringelsesmåned mindre intet værd i sig selv, er {facts.quoted(frontier[0])}"
            f" bedst i gennemsnit. Mellem {write.number(_WORTHS[at - 1])} og"
            f" {write.number(_WORTHS[at])} kr. pr. måned skifter det til"
            f" {facts.quoted(frontier[at])}.",
            f"If a month less out of home is worth nothing in itself, {facts.quoted(frontier[0])}"
            f" is best on average. Between DKK {write.number(_WORTHS[at - 1])} and"
            f" {write.number(_WORTHS[at])} a month that changes to {facts.quoted(frontier[at])}.",
        )
    else:
        shows = write.say(
            f"{facts.quoted(frontier[0])} er bedst i gennemsnit, uanset om en anbringelsesmåned"
            f" mindre er 0 eller {write.number(_WORTHS[-1])} kr. værd.",
            f"{facts.quoted(frontier[0])} is best on average whether a month less out of home is"
            f" worth DKK 0 or {write.number(_WORTHS[-1])}.",
        )
    caption = write.say(
        f"Bedste strategi efter værdien af en undgået anbringelsesmåned (kr., {facts.prices})",
        f"Best strategy by the worth of a placement month avoided (DKK, {facts.prices})",
    )
    note = write.say(
        "Værdien er et politisk valg og står ikke i scenariet. Resultatet er nutidsværdien af"
        " nettobesparelsen plus værdien af de undgåede måneder.",
        "The worth is a political choice and is not in the scenario. The result is the present"
        " value of the net saving plus the worth of the months avoided.",
    )
    title = write.say("Hvis færre måneder i anbringelse er noget værd i sig selv",
                      "If fewer months out of home are worth something in themselves")  # fmt: skip
    alternative = write.say(
        "En kurve for hver strategi: sandsynligheden for at den er bedst, efter hvad en undgået"
        " anbringelsesmåned er værd. Den bedste i gennemsnit står i tabellen.",
        "A curve for each strategy: the probability that it is best, by the worth of a placement"
        " month avoided. The one that is best on average is in the table.",
    )
    draw = picture("plot_acceptability", curve, labels=labels, lang=write.lang)
    return Chart(title, shows, alternative, draw, _left_second(table_of(caption, columns, (note,))))


def _left_second(table: Table) -> Table:
    """Return a table whose second column is text too."""
    align: tuple[Align, ...] = (table.align[0], "left", *table.align[2:])
    return Table(table.caption, table.head, table.rows, align, table.notes)


def _fans(facts: Facts) -> Chart:
    """Return the fans of all strategies on one scale."""
    write = facts.write
    rows = []
    for name in facts.strategies:
        last = facts.own(facts.cumulative, name).isel(year=-1)
        low, middle, high = analysis.quantiles(last, (0.1, 0.5, 0.9)).value.values
        rows.append((facts.label(name), *thousands(facts, (low, middle, high))))
    head = (write.say("Strategi", "Strategy"), write.say("10 %", "10%"), "Median",
            write.say("90 %", "90%"))  # fmt: skip
    caption = write.say(
        f"Samlet nettobesparelse ved udgangen af {facts.last} ({write.unit()}, {facts.prices})",
        f"Net saving in all by the end of {facts.last} ({write.unit()}, {facts.prices})",
    )
    spreads = [
        float(np.ptp(facts.own(facts.cumulative, name).isel(year=-1).quantile([0.1, 0.9]).values))
        for name in facts.strategies
    ]
    widest = facts.quoted(facts.strategies[int(np.argmax(spreads))])
    shows = write.say(
        f"Viften er bredest for {widest}: der er mest at vinde og mest at tabe.",
        f"The fan is widest for {widest}: there is most to gain and most to lose.",
    )
    title = write.say("Alle strategier i samme målestok", "All strategies on one scale")
    alternative = write.say(
        "En vifte for hver strategi med de midterste 8 og 5 af 10 fremtider og medianen. Tallene"
        " for sidste år står i tabellen.",
        "A fan for each strategy with the middle 8 and 5 of 10 futures and the median. The"
        " figures of the last year are in the table.",
    )
    table = Table(caption, head, tuple(rows), ("left", "right", "right", "right"))
    draw = picture("fan_figure", facts.result, lang=write.lang, is_alone=False)
    return Chart(title, shows, alternative, draw, table)
