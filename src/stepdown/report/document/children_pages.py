"""The section on children beside the money: where they are, and what happens to them."""

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.analysis.children import ALL_PLACEMENTS
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Block, Chart, Paragraph, Section, Table
from stepdown.report.document.pictures import picture
from stepdown.report.document.tables import table_by_year, table_of

__all__ = ["children_section"]

_MOST_FLOWS = 12  # moves in the table: those that change most


def children_section(facts: Facts) -> Section | None:
    """Return what happens to the children; None where there are none."""
    if not facts.has_children:
        return None
    write = facts.write
    children = analysis.children_on_steps(facts.result)
    intro = write.say(
        "En besparelse viser ikke i sig selv, at børn har det bedre. Derfor står børnenes tal her"
        " ved siden af pengene. Antallene er gennemsnit over beregnede fremtider, ikke"
        " optællinger: små tal siger intet om noget virkeligt barn. Børnenes trivsel er ikke"
        " målt.",
        "A saving does not in itself show that children are better off. So the children's figures"
        " stand beside the money. The numbers are means over simulated futures, not counts: small"
        " ones say nothing of any real child. Children's wellbeing is not measured.",
    )
    blocks: list[Block] = [Paragraph(intro), _beside(facts), _stock(facts, children),
                           _steps(facts, children), _flows(facts)]  # fmt: skip
    title = write.say("Børnene ved siden af pengene", "The children beside the money")
    return Section("children", title, tuple(blocks))


def _beside(facts: Facts) -> Table:
    """Return what happens to the children under each strategy, over all budget years."""
    write, found = facts.write, analysis.children_beside_money(facts.result)
    baseline = found.baseline_share_family_like
    rows = []
    for name in facts.strategies:
        own = found.sel(strategy=name)
        rows.append(
            (
                facts.label(name),
                write.number(float(own.placement_months_avoided)),
                write.number(float(own.placement_months_avoided_error), 1),
                write.number(float(own.moves_down), 1),
                write.number(float(own.breakdowns), 1),
                write.percent(float(own.share_family_like)),
            )
        )
    head = (
        write.say("Strategi", "Strategy"),
        write.say("Anbringelsesmåneder undgået", "Placement months avoided"),
        write.say("Simulationsusikkerhed", "Simulation error"),
        write.say("Flere skridt ned ad trappen", "More moves down"),
        write.say("Flere sammenbrud", "More breakdowns"),
        write.say("Andel i plejefamilie, slægt eller netværk", "Share in foster or kinship care"),
    )
    caption = write.say(f"Børnene over {facts.period}, ændring i forhold til ingen strategi",
                        f"The children over {facts.period}, change from no strategy")  # fmt: skip
    note = write.say(
        f"Gennemsnit. Uden strategien er {write.percent(float(baseline))} af anbringelsesmånederne"
        " i plejefamilie, slægt eller netværk. Et minus ved sammenbrud betyder færre.",
        f"Means. Without a strategy {write.percent(float(baseline))} of the placement months are"
        " in foster or kinship care. A minus for breakdowns means fewer.",
    )
    return Table(caption, head, tuple(rows), ("left", *("right",) * 5), (note,))


def _stock(facts: Facts, children: xr.Dataset) -> Chart:
    """Return the placed children at the end of each year, with and without the strategy."""
    write, label = facts.write, facts.label()
    step = (
        ALL_PLACEMENTS if ALL_PLACEMENTS in children.step.values else str(children.step[0].item())
    )
    own = children.stock.sel(step=step)
    without, with_it = (own.sel(strategy=s) for s in ("baseline", facts.strategy))
    columns = [
        (write.say("Uden", "Without"), _counts(facts, without.sel(statistic="mean"))),
        (write.say("Med", "With"), _counts(facts, with_it.sel(statistic="mean"))),
        (write.say("Med, 10 %", "With, 10%"), _counts(facts, with_it.sel(statistic="10 %"))),
        (write.say("Med, 90 %", "With, 90%"), _counts(facts, with_it.sel(statistic="90 %"))),
    ]
    caption = write.say(f"Anbragte den 31. december, {label}", f"Placed on 31 December, {label}")
    ends = [float(v.sel(statistic="mean").values[-1]) for v in (without, with_it)]
    before, after = (write.number(end, 1) for end in ends)
    shows = write.say(
        f"Den 31. december {facts.last} er der i gennemsnit {after} anbragte børn og unge med"
        f" strategien og {before} uden.",
        f"On 31 December {facts.last} there are {after} children placed on average with the"
        f" strategy and {before} without.",
    )
    title = write.say("Anbragte børn og unge", "Children placed out of home")
    alternative = write.say(
        f"To linjer over {facts.period}: anbragte uden og med strategien, med et bånd for de"
        " midterste 8 af 10 fremtider. Tallene står i tabellen.",
        f"Two lines over {facts.period}: children placed without and with the strategy, with a"
        " band for the middle 8 of 10 futures. The figures are in the table.",
    )
    draw = picture("plot_stock", facts.result, step=step, strategy=facts.strategy, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_by_year(facts, caption, columns))


def _counts(facts: Facts, values: xr.DataArray) -> list[str]:
    return [facts.write.number(float(value), 1) for value in values.values]


def _steps(facts: Facts, children: xr.Dataset) -> Table:
    """Return full-year places by step in the first and the last year."""
    write = facts.write
    means = children.full_year_places.sel(statistic="mean")
    first, last = means.isel(year=0), means.isel(year=-1)
    labels = [_step_label(facts, str(step)) for step in means.step.values]
    after = last.sel(strategy=facts.strategy).values
    before = last.sel(strategy="baseline").values
    columns = [
        (write.say("Indsats", "Measure"), labels),
        (write.say(f"Uden, {facts.first}", f"Without, {facts.first}"),
         [write.number(float(v), 1) for v in first.sel(strategy="baseline").values]),
        (write.say(f"Uden, {facts.last}", f"Without, {facts.last}"),
         [write.number(float(v), 1) for v in before]),
        (write.say(f"Med, {facts.last}", f"With, {facts.last}"),
         [write.number(float(v), 1) for v in after]),
        (write.say("Ændring", "Change"), [write.number(float(v), 1) for v in after - before]),
    ]  # fmt: skip
    caption = write.say(
        f"Børn efter indsats i helårspladser, gennemsnit, {facts.label()}",
        f"Children by measure in full-year places, means, {facts.label()}",
    )
    return table_of(caption, columns)


def _step_label(facts: Facts, step: str) -> str:
    if step == ALL_PLACEMENTS:
        return facts.write.say("Anbragte i alt", "All placements")
    return facts.names.step(step)


def _flows(facts: Facts) -> Chart:
    """Return the moves between steps that change most."""
    write = facts.write
    moves = facts.years.moves.astype(float).mean(["draw", "replicate"]).mean("year")
    named = [str(name) in facts.scenario.moves for name in moves.move.values]
    moves = moves.isel(move=np.flatnonzero(named))
    without, with_it = moves.sel(strategy="baseline"), moves.sel(strategy=facts.strategy)
    change = (with_it - without).values
    order = np.argsort(-np.abs(change), kind="stable")[:_MOST_FLOWS]
    names = [facts.names.move(str(moves.move.values[at])) for at in order]
    columns = [
        (write.say("Skift", "Move"), names),
        (write.say("Uden, pr. år", "Without, a year"),
         [write.number(float(without.values[at]), 2) for at in order]),
        (write.say("Med, pr. år", "With, a year"),
         [write.number(float(with_it.values[at]), 2) for at in order]),
        (write.say("Ændring", "Change"), [write.number(float(change[at]), 2) for at in order]),
    ]  # fmt: skip
    caption = write.say(f"De skift, der ændrer sig mest, gennemsnit pr. år, {facts.label()}",
                        f"The moves that change most, means a year, {facts.label()}")  # fmt: skip
    count = write.number(abs(float(change[order[0]])), 2)
    fewer = change[order[0]] < 0
    shows = write.say(
        f"Det skift, der ændrer sig mest, er {names[0]}: {count} {'færre' if fewer else 'flere'}"
        " om året.",
        f"The move that changes most is {names[0]}: {count} {'fewer' if fewer else 'more'} a year.",
    )
    title = write.say("Skift mellem indsatser", "Moves between measures")
    alternative = write.say(
        "Indsatserne efter niveau med buer for skift op og ned; tykkelsen viser antallet. Tallene"
        " for de skift, der ændrer sig mest, står i tabellen.",
        "Measures by level with arcs for moves up and down; thickness shows the number. The"
        " figures of the moves that change most are in the table.",
    )
    draw = picture("plot_flows", facts.result, strategy=facts.strategy, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_of(caption, columns))
