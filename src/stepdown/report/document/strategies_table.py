"""The table on the first page that sets all strategies side by side."""

from stepdown.report.document.contents import parts_of, strategies_summed
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Table
from stepdown.report.document.tables import Align

__all__ = ["strategies_table"]

_RUNS = ["draw", "replicate"]
_SMALL = 5_000.0  # kroner; less is told as nothing


def strategies_table(facts: Facts) -> Table:
    """Return what each strategy consists of, costs, saves and ends with; means over the futures."""
    write = facts.write
    tells_contents = not facts.has_levels
    rows = tuple(_row(facts, name, tells_contents) for name in facts.strategies)
    head = (
        write.say("Strategi", "Strategy"),
        *((write.say("Omfatter", "Comprises"),) if tells_contents else ()),
        write.say("Udgift", "Spending"),
        write.say("Sparet før udgiften", "Saved before spending"),
        write.say("Resultat", "Result"),
        write.say("1 af 10 er værre end", "1 of 10 is worse than"),
        write.say("1 af 10 er bedre end", "1 of 10 is better than"),
        write.say("Pengene hjem", "Money back"),
    )
    caption = write.say(
        f"Strategierne ved siden af hinanden, kommunens penge i alt {facts.period} ({write.unit()},"
        f" {facts.prices})",
        f"The strategies side by side, the municipality's money, {facts.period} in all"
        f" ({write.unit()}, {facts.prices})",
    )
    texts: tuple[Align, ...] = ("left", "left") if tells_contents else ("left",)
    figures: tuple[Align, ...] = ("right",) * 6
    return Table(caption, head, rows, (*texts, *figures), (_note(facts),))


def _row(facts: Facts, name: str, tells_contents: bool) -> tuple[str, ...]:
    write, totals = facts.write, facts.totals[name]
    low, high = facts.own(facts.cumulative, name).isel(year=-1).quantile([0.1, 0.9], _RUNS).values
    amounts = (totals.own_spending, totals.own_gross, totals.net, float(low), float(high))
    back = "-"
    if totals.own_spending > _SMALL:
        back = write.share(float(facts.own(facts.payback, name).notnull().mean()))
    contents = (_contents(facts, name),) if tells_contents else ()
    return (facts.label(name), *contents, *(write.thousands(v) for v in amounts), back)


def _contents(facts: Facts, name: str) -> str:
    write, summed = facts.write, strategies_summed(facts, name)
    if len(summed) > 1:
        names = write.listed([facts.label(part) for part in summed])
        return write.say(f"summen af {names}", f"the sum of {names}")
    return write.listed(parts_of(facts, name))


def _note(facts: Facts) -> str:
    return facts.write.say(
        "Gennemsnit af fremtiderne, undtagen de to kolonner med 1 af 10. Minus er en merudgift."
        " Resultatet er efter udgift, tilskud og andet, som i regnestykket. Pengene hjem: andelen"
        f" af fremtider, hvor det samlede resultat når 0 senest ved udgangen af {facts.last} og"
        " ikke falder under igen; en streg, hvor der ingen udgift er.",
        "Averages of the futures but for the two columns with 1 of 10. A minus is a loss. The"
        " result is after spending, grants and the rest, as in the calculation. Money back: the"
        f" share of futures in which the result in all reaches 0 by the end of {facts.last} and"
        " does not fall below again; a dash where nothing is spent.",
    )
