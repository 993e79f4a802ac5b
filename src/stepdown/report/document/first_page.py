"""The first page: what a politician takes away in five minutes, in plain words."""

from stepdown.report.document.answers_budget import booked, fits_the_ceiling
from stepdown.report.document.answers_children import (
    how_many,
    if_nothing,
    on_children,
    placed_per_year,
)
from stepdown.report.document.answers_evidence import works_elsewhere
from stepdown.report.document.answers_money import ends_with, fails, is_about_nil, who_pays
from stepdown.report.document.calculation import calculation
from stepdown.report.document.contents import parts_of, strategies_summed
from stepdown.report.document.effects import effect_basis, saves_by_assumption
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import (
    Beside,
    Block,
    Caution,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Section,
)
from stepdown.report.document.strategies_table import strategies_table
from stepdown.report.published import line_words, published_words
from stepdown.report.whose_money import whose_money

__all__ = ["first_page"]

_RUNS = ["draw", "replicate"]
_SMALL = 5_000.0  # kroner; less is told as nothing
_QUESTIONS = (booked, works_elsewhere, how_many, fails, who_pays, on_children, if_nothing,
              fits_the_ceiling)  # fmt: skip


def first_page(facts: Facts) -> Section:
    """Return the first page: the strategy, what it comes to, and answers to eight questions."""
    blocks: list[Block] = [Paragraph(" ".join((*_which(facts), *_what(facts))))]
    whose = whose_money(facts.result, facts.write.lang)
    read = Caution(" ".join((_futures(facts), *whose, _no_forecast(facts))))
    blocks += [Beside(calculation(facts), read), _key_figures(facts)]
    blocks += [ask(facts) for ask in _QUESTIONS]
    if len(facts.strategies) > 1:
        blocks.append(strategies_table(facts))
    title = facts.write.say("Det vigtigste kort fortalt", "The essentials in brief")
    return Section("first-page", title, tuple(blocks))


def _futures(facts: Facts) -> str:
    """Say what a future is, and in which prices the amounts are."""
    write, n = facts.write, facts.write.number(facts.n_futures)
    drawn = write.say("hver gang med nye antagelser", "each time with new assumptions")
    if facts.has_children:
        drawn = write.say("hver gang med nye antagelser og nye tilfældigheder",
                          "each time with new assumptions and chance drawn anew")  # fmt: skip
    return write.say(
        f"Beregningen er gentaget {n} gange, {drawn}; hver gentagelse kalder vi en fremtid."
        f" Beløb er gennemsnit i faste {facts.prices}, når andet ikke står.",
        f"The calculation was repeated {n} times, {drawn}; each repetition is called a future."
        f" Amounts are averages in fixed {facts.prices} unless the text says otherwise.",
    )


def _which(facts: Facts) -> tuple[str, ...]:
    """Say which strategy the page is about, and of several why it is that one."""
    write, n = facts.write, facts.write.number(len(facts.strategies))
    label = facts.quoted()
    saving = published_words(facts.result, [facts.strategy]).saving(write.lang)
    why = {
        "published": write.say(
            f", den af {n} strategier, der har den største {saving}",
            f", the one of {n} strategies with the largest {saving}",
        ),
        "best": write.say(
            f", det af {n} niveauer, der har det bedste gennemsnitlige resultat",
            f", the one of {n} levels with the best average result",
        ),
        "first": write.say(f", den første af {n} strategier", f", the first of {n} strategies"),
        "asked": write.say(f", én af {n} strategier", f", one of {n} strategies"),
    }
    reason = why.get(facts.why, "") if len(facts.strategies) > 1 else ""
    about = write.say(f"Siden handler om {label}{reason}.", f"This page is about {label}{reason}.")
    if facts.why == "best" and all(totals.net < 0 for totals in facts.totals.values()):
        none = write.say("Intet niveau giver kommunen en nettobesparelse i gennemsnit.",
                         "No level leaves the municipality with a gain on average.")  # fmt: skip
        return (about, none)
    return (about,)


def _what(facts: Facts) -> tuple[str, ...]:
    """Say in one sentence what the strategy consists of."""
    write = facts.write
    summed = strategies_summed(facts, facts.strategy)
    if len(summed) > 1:
        names = write.listed([facts.quoted(name) for name in summed])
        is_sum = write.say(f"Strategien er summen af {names}.",
                           f"The strategy is the sum of {names}.")  # fmt: skip
        return (is_sum, _shares(facts, summed))
    parts = parts_of(facts, facts.strategy)
    if not parts:
        return ()
    listed = write.listed(parts)
    return (write.say(f"Strategien omfatter {listed}.", f"The strategy comprises {listed}."),)


def _shares(facts: Facts, summed: tuple[str, ...]) -> str:
    """Say what each part of a sum ends with; of one that loses alone, that the loss is its."""
    write = facts.write
    net = {name: facts.totals[name].net for name in summed}
    error = {name: facts.totals[name].net_error for name in summed}
    losing = [name for name, amount in net.items() if amount < -_SMALL]
    total = facts.totals[facts.strategy].net

    def ends(name: str) -> str:
        free = ""
        if abs(facts.totals[name].own_spending) <= _SMALL:
            free = write.say(" uden udgift", " without spending")
        label, end = facts.quoted(name), ends_with(facts, net[name], error[name])
        return write.say(f"{label} ender med {end}{free}", f"{label} ends with {end}{free}")

    if total < 0 and len(losing) == 1:
        others = write.listed([ends(name) for name in summed if name != losing[0]])
        label = facts.quoted(losing[0])
        loss = ends_with(facts, net[losing[0]], error[losing[0]])
        return write.say(
            f"Hele merudgiften kommer fra {label}, der ender med {loss}; {others}.",
            f"The whole loss comes from {label}, which ends with {loss}; {others}.",
        )
    return write.listed([ends(name) for name in summed]) + "."


def _key_figures(facts: Facts) -> KeyFigures:
    """Return the figures that a reader takes away."""
    fourth = _children_figure(facts) if facts.has_children else _promise_figure(facts)
    return KeyFigures((_cost_figure(facts), _result_figure(facts), _back_figure(facts), *fourth))


def _cost_figure(facts: Facts) -> KeyFigure:
    """Return what the municipality spends, and what grants cover of it."""
    write, totals = facts.write, facts.totals[facts.strategy]
    label = write.say(f"kommunens udgift til strategien i {facts.period}",
                      f"spent by the municipality on the strategy in {facts.period}")  # fmt: skip
    if totals.own_spending <= _SMALL:
        return KeyFigure(write.say("0 kr.", "DKK 0"), label)
    note = write.say("der er intet tilskud", "there is no grant")
    if totals.grants > _SMALL:
        amount = write.amount(totals.grants)
        note = write.say(f"tilskud dækker {amount}", f"grants cover {amount}")
    return KeyFigure(write.amount(totals.own_spending), label, note)


def _result_figure(facts: Facts) -> KeyFigure:
    """Return the mean result, and the result that is worse, or better, in 1 of 10 futures."""
    write, net = facts.write, facts.totals[facts.strategy].net
    cumulative = facts.own(facts.cumulative).isel(year=-1)
    low, high = (float(q) for q in cumulative.quantile([0.1, 0.9], _RUNS))
    kind = write.result(net)

    def beyond(dkk: float, *, worse: bool) -> str:
        more = write.say(*(("mere", "more") if (dkk < 0) == worse else ("mindre", "less")))
        side = write.result(dkk)
        return write.say(f"{more} end {write.amount(dkk)} i {side}",
                         f"a {side} of {more} than {write.amount(dkk)}")  # fmt: skip

    worst, best = beyond(low, worse=True), beyond(high, worse=False)
    value = write.amount(net)
    ends = write.say(f"1 af 10 fremtider ender med {worst}, 1 af 10 med {best}",
                     f"1 of 10 futures ends with {worst}, 1 of 10 with {best}")  # fmt: skip
    if is_about_nil(net, facts.totals[facts.strategy].net_error):
        known = write.say(
            f"gennemsnittet, {value} i {kind}, kan ikke skelnes fra nul",
            f"the average, a {kind} of {value}, cannot be told from nil",
        )
        value, kind = write.say("Omtrent nul", "About nil"), write.say("resultat", "result")
        ends = f"{known}; {ends}"
    return KeyFigure(
        value,
        write.say(f"{kind} for kommunen i alt ved udgangen af {facts.last}",
                  f"{kind} of the municipality in all by the end of {facts.last}"),
        ends,
    )  # fmt: skip


def _back_figure(facts: Facts) -> KeyFigure:
    """Return how often the money is back, or, where nothing is spent, how often there is a gain."""
    write = facts.write
    if facts.totals[facts.strategy].own_spending <= _SMALL:
        gains = float((facts.own(facts.cumulative).isel(year=-1) > 0).mean())
        label = write.say(f"fremtider med en nettobesparelse i alt ved udgangen af {facts.last}",
                          f"futures with a gain in all by the end of {facts.last}")  # fmt: skip
        return KeyFigure(_headed(write.share(gains)), label)
    paid = float(facts.own(facts.payback).notnull().mean())
    label = write.say(f"fremtider, hvor pengene er tjent hjem inden udgangen af {facts.last}",
                      f"futures in which the money is back by the end of {facts.last}")  # fmt: skip
    note = write.say("vi regner ikke længere frem", "the calculation goes no further")
    if paid == 1 and saves_by_assumption(facts.scenario, facts.strategy):
        note = write.say("det følger af antagelserne: ingen budgetlinje kan give en merudgift",
                         "that follows from the assumptions: no budget line can raise spending"
                         )  # fmt: skip
    return KeyFigure(_headed(write.share(paid)), label, note)


def _headed(share: str) -> str:
    """Return a share of the futures as it stands above its label."""
    return {"none": "No"}.get(share, share[:1].upper() + share[1:])


def _children_figure(facts: Facts) -> tuple[KeyFigure, ...]:
    """Return the change in placed children."""
    write, placed = facts.write, placed_per_year(facts).isel(year=-1)
    without = float(placed.isel(strategy=0).mean())
    more = float(facts.own(placed).mean()) - without
    count = write.number(abs(more), 1)
    label = write.say(
        f"{'færre' if more <= 0 else 'flere'} anbragte børn og unge i {facts.last}",
        f"{'fewer' if more <= 0 else 'more'} children placed in {facts.last}",
    )
    before = write.number(without, 1)
    note = write.say(f"af {before} uden strategien (helårspladser)",
                     f"of {before} without the strategy (full-year places)")  # fmt: skip
    return (KeyFigure(count, label, note),)


def _promise_figure(facts: Facts) -> tuple[KeyFigure, ...]:
    """Return how often the published saving is reached, where there is one and it stands alone."""
    write, promises = facts.write, facts.promises
    if len(promises) != 1:
        return ()
    promise = promises[0]
    words = line_words(facts.result, facts.strategy, promise.line)
    saving, head = words.saving(write.lang), words.head(write.lang).lower()
    label = write.say(
        f"fremtider, hvor den {saving} i {promise.year} nås",
        f"futures in which the {saving} in {promise.year} is reached",
    )
    amount, mean = write.amount(promise.amount), write.signed(promise.mean)
    note = write.say(f"{head} {amount}, gennemsnit {mean}", f"{head} {amount}, average {mean}")
    return (KeyFigure(_headed(write.share(promise.chance)), label, note),)


def _no_forecast(facts: Facts) -> str:
    """Say that the figures are no forecast."""
    write = facts.write
    if not facts.has_children:
        return write.say(
            "Tallene er et skøn, ikke en prognose: der ligger ingen beregning af børn eller"
            " borgere bag budgetlinjerne. Hvor stor en del af besparelsen der kommer, og hvor"
            " sent, er antagelser.",
            "The figures are an estimate, not a forecast: no calculation of children or"
            " citizens stands behind the budget lines. How much of the saving comes true, and"
            " how late, are assumptions.",
        )
    basis = effect_basis(facts.loaded, facts.strategy)
    assumed, n = write.number(basis.n_assumed), write.number(basis.n)
    rests = ""
    if basis.n and basis.n_assumed == basis.n:
        rests = write.say(" Effekten er en antagelse.", " The effect is an assumption.")
    elif basis.n_assumed:
        rests = write.say(f" {assumed} af de {n} effekter er antagelser.",
                          f" {assumed} of the {n} effects are assumptions.")  # fmt: skip
    return write.say(
        "Tallene er et skøn, ikke en prognose: beregningen er ikke afstemt med kommunens egne"
        f" sager.{rests} Tallene siger intet om, hvad det enkelte barn har brug for.",
        "The figures are an estimate, not a forecast: the calculation is not checked against"
        f" the municipality's own cases.{rests} The figures say nothing of what any child"
        " needs.",
    )
