"""The section on what drives the result: assumptions, luck, and how wrong they may be."""

import numpy as np

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.knowledge import tornado_chart, tornado_of, worth_of_knowing
from stepdown.report.document.model import Block, Chart, Paragraph, Section, Table
from stepdown.report.document.pictures import picture
from stepdown.report.document.tables import table_by_year

_FEWEST = 200  # draws from which a mean given one number can be told

__all__ = ["drivers_section", "needed_factor"]


def drivers_section(facts: Facts) -> Section:
    """Return what drives the result, and how wrong the saving may be before it stops paying."""
    write = facts.write
    blocks: list[Block] = []
    if facts.result.sizes["parameter"] and facts.result.sizes["draw"] >= _FEWEST:
        widest = tornado_of(facts)
        blocks += [tornado_chart(facts, widest), worth_of_knowing(facts, widest)]
    else:
        blocks.append(Paragraph(_too_few(facts)))
    blocks.append(_break_even(facts))
    luck = _luck(facts)
    blocks.append(luck if luck is not None else Paragraph(_no_luck(facts)))
    title = write.say("Hvad driver resultatet, og hvor galt må det gå?",
                      "What drives the result, and how wrong may it be?")  # fmt: skip
    return Section("drivers", title, tuple(blocks))


def _too_few(facts: Facts) -> str:
    """Say why assumptions are not ranked."""
    n = facts.write.number(_FEWEST)
    return facts.write.say(
        "Hvilke antagelser der betyder mest, kan ikke ses af denne kørsel: det kræver usikre tal"
        f" og mindst {n} sæt antagelser.",
        "Which assumptions matter most cannot be seen in this run: that takes uncertain numbers"
        f" and at least {n} sets of assumptions.",
    )


def needed_factor(facts: Facts, strategy: str) -> float | None:
    """Return how many times the mean saving is needed to pay; None if there is no saving.

    What the municipality saves (after casework, reimbursement and places under notice) is scaled
    until the mean present value of its net saving is 0; the spending stays.
    """
    factor = facts.years.discount_factor
    own = analysis.of_payer(facts.years.investment_dkk - facts.years.grant_dkk)
    spent = float((facts.own(own, strategy) * factor).sum("year").mean())
    saved = float(facts.own(facts.present_value, strategy).mean()) + spent
    return None if saved <= 0 else max(spent, 0.0) / saved


def _break_even(facts: Facts) -> Table:
    """Return how large the saving must be for each strategy to pay."""
    write, rows = facts.write, []
    for name in facts.strategies:
        factor = needed_factor(facts, name)
        value = float(facts.own(facts.present_value, name).mean())
        if factor is None:
            said = write.say("ingen: strategien sparer intet i gennemsnit",
                             "none: the strategy saves nothing on average")  # fmt: skip
        else:
            said = write.number(factor, 2)
        rows.append((facts.label(name), write.thousands(value), said))
    head = (
        write.say("Strategi", "Strategy"),
        write.say("Nutidsværdi", "Present value"),
        write.say("Så mange gange den beregnede besparelse skal der til",
                  "Times the calculated saving that it takes"),
    )  # fmt: skip
    caption = write.say(
        f"Hvor galt må det gå? ({write.unit()}, {facts.prices})",
        f"How wrong may it be? ({write.unit()}, {facts.prices})",
    )
    note = write.say(
        "Tallet er udgiften efter tilskud delt med besparelsen, begge i nutidsværdi og gennemsnit."
        " Under 1 er der noget at give af; over 1 skal besparelsen være større end beregnet, før"
        f" strategien går i nul inden udgangen af {facts.last}.",
        "The figure is spending after grants over the saving, both present values and means."
        " Below 1 there is room for error; above 1 the saving must be larger than calculated for"
        f" the strategy to break even by the end of {facts.last}.",
    )
    return Table(caption, head, tuple(rows), ("left", "right", "right"), (note,))


def _luck(facts: Facts) -> Chart | None:
    """Return how much of each year's spread is luck; None where it cannot be told."""
    if not facts.has_children or facts.result.sizes["replicate"] < 2:
        return None
    if facts.result.sizes["draw"] < 3:
        return None
    write, found = facts.write, analysis.luck_share(facts.net)
    own = found.sel(strategy=facts.strategy)
    if not np.isfinite(own.share.values).any():
        return None
    clipped = np.minimum(own.share.values, 1.0)
    spread = np.sqrt(np.maximum((own.luck + own.knowledge).values, 0.0))
    low, high = (np.clip(own[key].values, 0, 1) for key in ("low", "high"))
    columns = [
        (write.say("Spredning", "Spread"), [write.thousands(float(v)) for v in spread]),
        (
            write.say("Tilfældighedernes andel", "Luck's share"),
            [write.percent(float(v)) for v in clipped],
        ),
        (write.say("Fra", "From"), [write.percent(float(v)) for v in low]),
        (write.say("Til", "To"), [write.percent(float(v)) for v in high]),
    ]
    caption = write.say(
        f"Spredningen i årets nettobesparelse, {facts.label()} ({write.unit()}, {facts.prices})",
        f"Spread of the year's net saving, {facts.label()} ({write.unit()}, {facts.prices})",
    )
    note = write.say(
        "Spredningen er standardafvigelsen. Fra og til er et 95 %-interval for tilfældighedernes"
        " andel.",
        "The spread is the standard deviation. From and to are a 95% interval of luck's share.",
    )
    last = write.percent(float(clipped[-1]))
    shows = write.say(
        f"I {facts.last} er {last} af variansen tilfældigheder, som ingen undersøgelse kan fjerne;"
        " resten er usikkerhed om antagelserne.",
        f"In {facts.last} {last} of the variance is luck that no study can remove; the rest is"
        " doubt about the assumptions.",
    )
    title = write.say("Tilfældigheder eller usikre antagelser?", "Luck or doubt?")
    alternative = write.say(
        "En søjle for hvert år, delt i tilfældigheder og usikre antagelser."
        " Tallene står i tabellen.",
        "A bar for each year, shared between luck and doubt. The figures are in the table.",
    )
    draw = picture("plot_luck", found, strategy=facts.strategy, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_by_year(facts, caption, columns, (note,)))


def _no_luck(facts: Facts) -> str:
    """Say why luck is not told from doubt."""
    if not facts.has_children:
        return facts.write.say(
            "Der er ingen tilfældigheder i denne beregning: budgetlinjer har ingen børn eller"
            " borgere, som det kan gå forskelligt. Hele spredningen er usikkerhed om antagelserne.",
            "Nothing in this calculation is luck: budget lines have no children or citizens who"
            " may fare differently. All of the spread is doubt about the assumptions.",
        )
    return facts.write.say(
        "Tilfældigheder og usikre antagelser kan ikke skilles ad i denne kørsel: det kræver mindst"
        " to gentagelser af hvert sæt antagelser og flere sæt.",
        "Luck and doubt cannot be told apart in this run: that takes at least two repetitions of"
        " each set of assumptions, and more sets.",
    )
