"""Which assumptions the result turns on, and what it would be worth to know them."""

import numpy as np
import xarray as xr
from scipy.stats import rankdata

from stepdown import analysis
from stepdown.report.document.effects import effects_of
from stepdown.report.document.evaluation import studied_of, worth_of_studies
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Chart, Table
from stepdown.report.document.pictures import picture
from stepdown.report.document.tables import table_of, thousands
from stepdown.scenario.tree import named_quantities

__all__ = ["tornado_chart", "tornado_of", "worth_of_knowing"]

_LOOKED_AT = 12  # numbers that go most with the result; a mean given each takes time
_DRAWN = 10
_BY_ITSELF = 3  # numbers whose worth is told each by itself


def tornado_of(facts: Facts) -> xr.Dataset:
    """Return the tornado of the numbers that go most with the result, the widest bar first.

    Notes: numbers are screened by the rank correlation of their draws with the draws' means of the
    present value. A number that goes up and down with the result in equal measure can be missed.
    """
    value = facts.own(facts.present_value).mean("replicate").values
    ranks = rankdata(value)
    numbers = facts.result.parameter_value.transpose("parameter", "draw").values
    goes_with = [
        abs(np.corrcoef(rankdata(drawn), ranks)[0, 1]) if np.ptp(drawn) > 0 else 0.0
        for drawn in numbers
    ]
    if np.ptp(value) == 0:
        goes_with = [0.0] * len(numbers)
    chosen = np.sort(np.argsort(-np.array(goes_with), kind="stable")[:_LOOKED_AT])
    looked_at = facts.result.isel(parameter=chosen)
    return analysis.tornado(looked_at, strategy=facts.strategy)


def tornado_chart(facts: Facts, widest: xr.Dataset) -> Chart:
    """Return the result with each assumption low and high."""
    write, shown = facts.write, widest.isel(parameter=slice(0, _DRAWN))
    names = {str(key): facts.names.of(str(key)) for key in shown.parameter.values}
    keys = list(names)
    columns = [
        (write.say("Antagelse", "Assumption"), list(names.values())),
        (write.say("Lav", "Low"), [_digits(facts, v) for v in shown.parameter_low.values]),
        (write.say("Høj", "High"), [_digits(facts, v) for v in shown.parameter_high.values]),
        (write.say("Resultat ved lav", "Result when low"), thousands(facts, shown["low"].values)),
        (write.say("Resultat ved høj", "Result when high"), thousands(facts, shown["high"].values)),
        (write.say("Simulationsusikkerhed", "Simulation error"), thousands(
            facts, np.maximum(shown["low_error"].values, shown["high_error"].values))),
    ]  # fmt: skip
    first = shown.isel(parameter=0)
    low, high = (write.signed(float(first[key])) for key in ("low", "high"))
    shows = write.say(
        f"Mest betyder »{names[keys[0]]}«: er tallet lavt, er nutidsværdien i gennemsnit {low}, er"
        f" det højt, er den {high}.",
        f'What matters most is "{names[keys[0]]}": where the figure is low the present value is'
        f" {low} on average, where it is high it is {high}.",
    )
    caption = write.say(
        f"Kommunens nettobesparelse i nutidsværdi, {facts.label()} ({write.unit()},"
        f" {facts.prices})",
        f"The municipality's net saving in present value, {facts.label()} ({write.unit()},"
        f" {facts.prices})",
    )
    n = write.number(facts.result.sizes["parameter"])
    note = write.say(
        "Lav og høj er de værdier, som antagelsen ligger under i 10 % og 90 % af sættene. Vist er"
        f" de af {n} usikre tal, der følger resultatet tættest.",
        f"Low and high are the values that the assumption is below in 10% and in 90% of the sets."
        f" Shown are those of {n} uncertain numbers that go most with the result.",
    )
    title = write.say("Hvilke antagelser betyder mest?", "Which assumptions matter most?")
    alternative = write.say(
        "En vandret bjælke for hver antagelse, fra resultatet ved en lav værdi til resultatet ved"
        " en høj. Tallene står i tabellen.",
        "A horizontal bar for each assumption, from the result with a low value to that with a"
        " high one. The figures are in the table.",
    )
    level = int(facts.result.attrs["price_level"])
    draw = picture("plot_tornado", shown, labels=names, price_level=level, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_of(caption, columns, (note,)))


def worth_of_knowing(facts: Facts, widest: xr.Dataset) -> Table:
    """Return what it would be worth to know assumptions before the choice of strategy."""
    write = facts.write
    rows = []
    together = _decisive(facts)
    if len(together) > 1:
        label = write.say("Alle effekter under ét", "All effects together")
        if not facts.has_children:
            label = write.say("Alle andele og forsinkelser", "All shares and delays")
        rows.append(_worth(facts, label, analysis.evppi(facts.result, {"all": together})))
    keys = [str(key) for key in widest.parameter.values[:_BY_ITSELF]]
    each = analysis.evppi(facts.result, keys)
    for key in each.parameter.values:
        rows.append(_worth(facts, facts.names.of(str(key)), each.sel(parameter=[key])))
    rows += _studies(facts, keys)
    head = (
        write.say("Hvad vi kunne få at vide", "What could be learnt"),
        write.say("Værdi", "Worth"),
        write.say("Fra", "From"),
        write.say("Til", "To"),
    )
    caption = write.say(
        f"Hvad bedre viden er værd ({write.unit()}, nutidsværdi, {facts.prices})",
        f"What better knowledge is worth ({write.unit()}, present value, {facts.prices})",
    )
    note = write.say(
        "Kender man et tal præcist, er værdien det, kommunen i gennemsnit ville vinde ved at"
        " kende det, før den valgte mellem strategierne og at lade være. Er værdien 0, kan det"
        " ikke ses, at svaret ville ændre valget. En evaluering følger børn med og uden hjælpen"
        " og tæller de skift, som effekten virker på; dens egen pris er ikke trukket fra. Fra og"
        " til er et 95 %-interval. Det gælder denne ene kommunes penge.",
        "Where a figure is known exactly, the worth is what the municipality would gain on"
        " average by knowing it before it chose between the strategies and doing nothing. Where"
        " it is 0 it cannot be seen that the answer would change the choice. An evaluation"
        " follows children with and without the help and counts the moves that the effect is on;"
        " its own price is not taken off. From and to are a 95% interval. All this is for the"
        " money of this one municipality.",
    )
    return Table(caption, head, tuple(rows), ("left", "right", "right", "right"), (note,))


def _worth(facts: Facts, label: str, found: xr.Dataset) -> tuple[str, str, str, str]:
    own = found.isel(parameter=0)
    value, low, high = (facts.write.thousands(float(own[k])) for k in ("value", "low", "high"))
    return label, value, low, high


def _studies(facts: Facts, keys: list[str]) -> list[tuple[str, str, str, str]]:
    """Return what studies of children would be worth, for the first number they can tell about."""
    studied = studied_of(facts, keys) if facts.has_children else None
    if studied is None:
        return []
    write, name = facts.write, facts.names.of(studied.key)
    rows = []
    for size, worth in worth_of_studies(facts, studied):
        n = write.number(size)
        label = write.say(
            f"Evaluering med {n} børn i hver gruppe i 24 måneder ({name})",
            f"Evaluation with {n} children in each group for 24 months ({name})",
        )
        value, low, high = (write.thousands(float(worth[k])) for k in ("value", "low", "high"))
        rows.append((label, value, low, high))
    return rows


def _decisive(facts: Facts) -> list[str]:
    """Return the names of the uncertain effects of all strategies, or of what lines save."""
    scenario = facts.scenario
    known = {str(key) for key in facts.result.parameter.values}
    if not facts.has_children:
        ends = ("realised_share", "delay_months")
        return sorted(key for key in known if key.startswith("budget_lines") and key.endswith(ends))
    effects = {
        id(effect)
        for name in facts.strategies
        for effect in effects_of(scenario, scenario.strategies[name])
    }
    named = named_quantities(scenario)
    return sorted(key for key, figure in named.items() if id(figure) in effects and key in known)


def _digits(facts: Facts, value: float) -> str:
    """Return an uncertain number with digits enough to be read."""
    size = abs(float(value))
    if size >= 100:
        return facts.write.number(float(value))
    return facts.write.number(float(value), 1 if size >= 10 else 2 if size >= 0.1 else 3)
