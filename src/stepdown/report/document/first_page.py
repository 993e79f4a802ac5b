"""The first page: what a politician takes away in five minutes, in plain words."""

from stepdown import analysis
from stepdown.report.document.answers_children import (
    how_many,
    if_nothing,
    on_children,
    placed_per_year,
    works_elsewhere,
)
from stepdown.report.document.answers_money import (
    booked,
    fails,
    fits_the_ceiling,
    who_pays,
)
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import (
    Block,
    Caution,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)

__all__ = ["first_page"]

_RUNS = ["draw", "replicate"]
_TOLD = 50_000.0  # kroner; a difference that is at least this is explained
_QUESTIONS = (booked, works_elsewhere, how_many, fails, who_pays, on_children, if_nothing,
              fits_the_ceiling)  # fmt: skip


def first_page(facts: Facts) -> Section:
    """Return the first page: the sum of it, key figures, and answers to eight questions."""
    blocks: list[Block] = [Paragraph(_in_short(facts)), _key_figures(facts), _not_calibrated(facts)]
    blocks += [ask(facts) for ask in _QUESTIONS]
    blocks.append(_strategies(facts))
    title = facts.write.say("Det vigtigste kort fortalt", "The essentials in brief")
    return Section("first-page", title, tuple(blocks))


def _in_short(facts: Facts) -> str:
    """Sum up cost, saving, result and how sure it is, then say what a future is."""
    write, totals = facts.write, facts.totals[facts.strategy]
    label = facts.quoted()
    paid = facts.own(facts.payback).notnull().mean()
    return " ".join(
        (
            *_which(facts),
            write.say(
                f"{label} koster {write.amount(totals.spending)} i {facts.period}."
                f" {_saved(facts)} {_left(facts)} Kommunen har pengene hjem inden udgangen af"
                f" {facts.last} {write.of_ten(float(paid))}.",
                f"{label} costs {write.amount(totals.spending)} in {facts.period}. {_saved(facts)}"
                f" {_left(facts)} The municipality has its money back by the end of {facts.last}"
                f" {write.of_ten(float(paid))}.",
            ),
            _futures(facts),
        )
    )


def _saved(facts: Facts) -> str:
    """Say what is saved on average before the investment is paid."""
    write, gross = facts.write, facts.totals[facts.strategy].gross
    on = ""
    if facts.has_children:
        on = write.say(" på hjælp og anbringelser", " on help and placements")
    if gross >= 0:
        return write.say(
            f"I gennemsnit spares der {write.amount(gross)}{on} i samme periode.",
            f"On average {write.amount(gross)} is saved{on} in the same years.",
        )
    return write.say(
        f"I gennemsnit spares der intet{on} i samme periode; udgiften stiger med"
        f" {write.amount(gross)}.",
        f"On average nothing is saved{on} in the same years; spending rises by"
        f" {write.amount(gross)}.",
    )


def _left(facts: Facts) -> str:
    """Say what the municipality is left with."""
    write, totals = facts.write, facts.totals[facts.strategy]
    result = f"{write.amount(totals.net)}"
    kind = write.say(*(("overskud", "gain") if totals.net >= 0 else ("underskud", "loss")))
    if abs(totals.net - (totals.gross - totals.spending)) < _TOLD:
        return write.say(f"Kommunen ender dermed med et {kind} på {result}.",
                         f"That leaves the municipality with a {kind} of {result}.")  # fmt: skip
    return write.say(
        f"Når også tilskud, refusion og ændret antal sager er regnet med, ender kommunen med et"
        f" {kind} på {result}.",
        "Once grants, reimbursement and changed numbers of cases are counted too, the municipality"
        f" is left with a {kind} of {result}.",
    )


def _futures(facts: Facts) -> str:
    """Say what a future is, and in which prices the amounts are."""
    write, n = facts.write, facts.write.number(facts.n_futures)
    if facts.has_children:
        return write.say(
            f"Beregningen er gentaget {n} gange med forskellige antagelser og forskelligt held;"
            f" hver gentagelse kalder vi en fremtid. Alle beløb er i faste {facts.prices}.",
            f"The calculation was repeated {n} times with different assumptions and different"
            f" luck; each repetition is called a future. All amounts are in fixed {facts.prices}.",
        )
    return write.say(
        f"Beregningen er gentaget {n} gange med forskellige antagelser; hver gentagelse kalder vi"
        f" en fremtid. Alle beløb er i faste {facts.prices}.",
        f"The calculation was repeated {n} times with different assumptions; each repetition is"
        f" called a future. All amounts are in fixed {facts.prices}.",
    )


def _which(facts: Facts) -> tuple[str, ...]:
    """Say which strategy the page is about, where there are several."""
    write, n = facts.write, facts.write.number(len(facts.strategies))
    told = {
        "published": write.say(
            f"Siden handler om den af {n} strategier, der har den største budgetterede besparelse.",
            f"This page is about the one of {n} strategies with the largest budgeted saving.",
        ),
        "best": write.say(
            f"Siden handler om det af {n} niveauer, der har det bedste gennemsnitlige resultat.",
            f"This page is about the one of {n} levels with the best average result.",
        ),
        "first": write.say(
            f"Siden handler om den første af {n} strategier.",
            f"This page is about the first of {n} strategies.",
        ),
        "asked": write.say(
            f"Siden handler om én af {n} strategier.",
            f"This page is about one of {n} strategies.",
        ),
    }
    if facts.why not in told or len(facts.strategies) == 1:
        return ()
    if facts.why == "best" and all(totals.net < 0 for totals in facts.totals.values()):
        none = write.say("Intet niveau giver i gennemsnit overskud for kommunen.",
                         "No level leaves the municipality with a gain on average.")  # fmt: skip
        return (told[facts.why], none)
    return (told[facts.why],)


def _key_figures(facts: Facts) -> KeyFigures:
    """Return the figures that a reader takes away."""
    write, totals = facts.write, facts.totals[facts.strategy]
    cumulative = facts.own(facts.cumulative).isel(year=-1)
    low, high = (write.signed(float(q)) for q in cumulative.quantile([0.1, 0.9], _RUNS))
    kind = write.say(*(("overskud", "gain") if totals.net >= 0 else ("underskud", "loss")))
    paid = write.percent(float(facts.own(facts.payback).notnull().mean()))
    figures = [
        KeyFigure(
            write.amount(totals.spending),
            write.say(f"koster strategien i {facts.period}", f"spent in {facts.period}"),
            _granted(facts),
        ),
        KeyFigure(
            write.amount(totals.net),
            write.say(f"samlet {kind} for kommunen ved udgangen af {facts.last}",
                      f"{kind} of the municipality in all by the end of {facts.last}"),
            write.say(f"gennemsnit; 8 af 10 fremtider: {low} til {high}",
                      f"average; 8 of 10 futures: {low} to {high}"),
        ),
        KeyFigure(
            paid,
            write.say(f"chance for, at pengene er tjent hjem inden udgangen af {facts.last}",
                      f"chance that the money is back by the end of {facts.last}"),
            write.say("andel af de beregnede fremtider", "share of the simulated futures"),
        ),
    ]  # fmt: skip
    return KeyFigures((*figures, *_children_figure(facts)))


def _granted(facts: Facts) -> str:
    """Say how much of the spending grants cover."""
    write, grants = facts.write, facts.totals[facts.strategy].grants
    if grants <= 0:
        return write.say("uden tilskud", "without grants")
    amount = write.amount(grants)
    return write.say(f"heraf tilskud: {amount}", f"of which grants: {amount}")


def _children_figure(facts: Facts) -> tuple[KeyFigure, ...]:
    """Return the change in placed children, where there are children."""
    if not facts.has_children:
        return ()
    write, placed = facts.write, placed_per_year(facts).isel(year=-1)
    without = float(placed.isel(strategy=0).mean())
    more = float(facts.own(placed).mean()) - without
    count = write.number(abs(more), 1)
    label = write.say(
        f"{'færre' if more <= 0 else 'flere'} anbragte børn og unge i {facts.last}",
        f"{'fewer' if more <= 0 else 'more'} children placed in {facts.last}",
    )
    before = write.number(without, 1)
    note = write.say(
        f"ud af {before} uden strategien; helårspladser, gennemsnit",
        f"of {before} without the strategy; full-year places, average",
    )
    return (KeyFigure(count, label, note),)


def _not_calibrated(facts: Facts) -> Caution:
    """Say that the figures are no forecast."""
    if facts.has_children:
        return Caution(
            facts.write.say(
                "Tallene er et kvalificeret bud, ikke en prognose: modellen er ikke kalibreret"
                " efter kommunens egne sager, og effekten hviler helt eller delvist på"
                " antagelser. De siger intet om, hvad det enkelte barn har brug for.",
                "The figures are an informed estimate, not a forecast: the model is not"
                " calibrated to the municipality's own cases, and the effect rests in whole or in"
                " part on assumptions. They say nothing of what any child needs.",
            )
        )
    return Caution(
        facts.write.say(
            "Tallene er et kvalificeret bud, ikke en prognose: der ligger ingen beregning af børn"
            " eller borgere bag budgetlinjerne. Hvor stor en del af besparelsen der kommer, og"
            " hvor sent, er antagelser.",
            "The figures are an informed estimate, not a forecast: no calculation of children or"
            " citizens stands behind the budget lines. How much of the saving comes true, and how"
            " late, are assumptions.",
        )
    )


def _strategies(facts: Facts) -> Table:
    """Return all strategies side by side."""
    write = facts.write
    paid = analysis.payback_by_year(facts.result).value.isel(year=-1)
    rows = []
    for name in facts.strategies:
        totals = facts.totals[name]
        spread = facts.own(facts.cumulative, name).isel(year=-1).quantile([0.1, 0.9], _RUNS)
        rows.append(
            (
                facts.label(name),
                *(write.thousands(v) for v in (totals.spending, totals.gross, totals.net)),
                *(write.thousands(float(q)) for q in spread),
                write.percent(float(paid.sel(strategy=name))),
            )
        )
    head = (
        write.say("Strategi", "Strategy"),
        write.say("Udgift", "Spending"),
        write.say("Bruttobesparelse", "Gross saving"),
        write.say("Kommunens nettobesparelse", "Municipality's net saving"),
        write.say("Dårligt udfald (10 %)", "Bad outcome (10%)"),
        write.say("Godt udfald (90 %)", "Good outcome (90%)"),
        write.say(f"Tjent hjem ved udgangen af {facts.last}", f"Paid back by end of {facts.last}"),
    )
    caption = write.say(
        f"Strategierne ved siden af hinanden, i alt {facts.period} ({write.unit()},"
        f" {facts.prices})",
        f"The strategies side by side, {facts.period} in all ({write.unit()}, {facts.prices})",
    )
    note = write.say(
        "Gennemsnit. Positive tal er en gevinst. I 10 % af fremtiderne er nettobesparelsen højst"
        " det dårlige udfald, i 10 % mindst det gode. Pengene er tjent hjem fra det år, hvor den"
        " samlede nettobesparelse er og bliver mindst 0.",
        "Means. Positive figures are a gain. In 10% of the futures the net saving is at most the"
        " bad outcome, in 10% at least the good one. The money is back from the year in which the"
        " net saving so far is, and stays, at least 0.",
    )
    return Table(caption, head, tuple(rows), ("left", *("right",) * 6), (note,))
