"""The section on money: by year, with its spread, and from gross to net by payer."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Block, Chart, Paragraph, Section, Table
from stepdown.report.document.pictures import picture
from stepdown.report.document.tables import Align, table_by_year, table_of, thousands
from stepdown.report.published import line_words, published_words

__all__ = ["money_section"]

_RUNS = ["draw", "replicate"]
_SURE, _COVERED = 0.8, 0.9
_ITEMS = {
    "gross_saving": ("Bruttobesparelse", "Gross saving"),
    "casework": ("Rådgivere til ændret antal sager", "Caseworkers for changed cases"),
    "investment": ("Investering", "Investment"),
    "grants": ("Tilskud", "Grants"),
    "stranded": ("Tomme pladser i opsigelsesperioden", "Emptied places under notice"),
    "refusion": ("Ændret statsrefusion", "Changed state reimbursement"),
    "net_saving": ("Nettobesparelse", "Net saving"),
}


def money_section(facts: Facts) -> Section:
    """Return what is spent and saved, when, by whom, and how sure it is."""
    write = facts.write
    intro = write.say(
        f"Tallene gælder {facts.quoted()}, når intet andet står. Positive tal er en gevinst for"
        " kommunen. Kommunale budgetskemaer har det modsatte fortegn.",
        f"Figures are those of {facts.quoted()} unless stated. Positive figures are a gain for the"
        " municipality. Municipal budget forms have the opposite sign.",
    )
    blocks: list[Block] = [Paragraph(intro), _gross(facts), _by_year(facts), _fan(facts),
                           _bookable(facts), _waterfall(facts)]  # fmt: skip
    if "service_expenditure_dkk" in facts.years:
        blocks.append(_three_totals(facts))
    blocks += _budget_lines(facts)
    title = write.say("Pengene år for år", "The money, year by year")
    return Section("money", title, tuple(blocks), starts_page=True)


def _gross(facts: Facts) -> Table:
    """Return spending, grants and gross saving by year, with what was published."""
    write, say = facts.write, facts.write.say
    gross = facts.own(facts.gross)
    low, high = analysis.quantiles(gross, (0.1, 0.9)).value.values
    spending = facts.by_year(facts.years.investment_dkk.sum("payer"))
    grants = facts.by_year(analysis.of_payer(facts.years.grant_dkk))
    own = facts.own(facts.reached)
    promised = facts.own(analysis.promised(facts.result).calculated)
    published = published_words(facts.result, [facts.strategy])
    columns = [
        (say("Udgift", "Spending"), thousands(facts, spending)),
        (say("Tilskud", "Grants"), thousands(facts, grants)),
        (say("Bruttobesparelse", "Gross saving"), thousands(facts, gross.mean(_RUNS).values)),
        (say("Lav (10 %)", "Low (10%)"), thousands(facts, low)),
        (say("Høj (90 %)", "High (90%)"), thousands(facts, high)),
        (published.head(write.lang), thousands(facts, promised.values)),
    ]
    for line in own.line.values:
        chance = own.value.sel(line=line)
        if chance.notnull().any():
            head = line_words(facts.result, facts.strategy, str(line)).head(write.lang)
            label = say(f"{head}, nås i", f"{head}, reached in")
            columns.append((label, [write.percent(float(p)) for p in chance.values]))
    residual = facts.own(analysis.promised(facts.result).residual)
    if residual.notnull().any():
        columns.append((say("Restopgave", "Residual"), thousands(facts, residual.values)))
    kept = analysis.budget_kept(facts.result)
    if kept is not None:
        own_kept = facts.own(kept.value)
        label = say("Budgettet holder", "Budget is kept")
        columns.append((label, [write.percent(float(p)) for p in own_kept.values]))
    caption = say(
        f"Udgift og bruttobesparelse, {facts.label()} ({write.unit()}, {facts.prices})",
        f"Spending and gross saving, {facts.label()} ({write.unit()}, {facts.prices})",
    )
    note = say(
        "Bruttobesparelsen er gennemsnittet, før investeringen er betalt. I 10 % af fremtiderne er"
        " den højst det lave tal, i 10 % mindst det høje. En streg betyder, at intet er lovet.",
        "The gross saving is the mean, before the investment is paid. In 10% of the futures it is"
        " at most the low figure, in 10% at least the high one. A dash means that nothing is"
        " promised.",
    )
    return table_by_year(facts, caption, columns, (note,))


def _bands(values: xr.DataArray, facts: Facts) -> list[tuple[str, list[str]]]:
    """Return the columns of a spread, (quantile, year)."""
    say = facts.write.say
    heads = {
        0.1: say("10 %", "10%"), 0.25: say("25 %", "25%"), 0.5: "Median",
        0.75: say("75 %", "75%"), 0.9: say("90 %", "90%"),
    }  # fmt: skip
    return [
        (heads[round(float(q), 2)], thousands(facts, values.sel(quantile=q).values))
        for q in values["quantile"].values
    ]


def _by_year(facts: Facts) -> Chart:
    """Return the spread of each year's net saving."""
    from stepdown.report.plots import net_values

    write, label = facts.write, facts.label()
    values = net_values(facts.result, facts.strategy)
    gain = values.p_gain.values
    best, worst = int(np.argmax(gain)), int(np.argmin(gain))
    columns = [
        (write.say("Gennemsnit", "Mean"), thousands(facts, facts.by_year(facts.net))),
        *_bands(values.value, facts),
        (write.say("Gevinst i", "Gain in"), [write.percent(float(p)) for p in gain]),
    ]
    shows = write.say(
        f"Året giver en gevinst i flest fremtider i {facts.year_numbers[best]}"
        f" ({write.percent(gain[best])}) og i færrest i"
        f" {facts.year_numbers[worst]} ({write.percent(gain[worst])}).",
        f"The year leaves a gain in most futures in {facts.year_numbers[best]}"
        f" ({write.percent(gain[best])}) and in fewest in"
        f" {facts.year_numbers[worst]} ({write.percent(gain[worst])}).",
    )
    if gain[best] == gain[worst]:
        shows = write.say(
            f"Årets nettobesparelse er positiv i {write.percent(gain[best])} af fremtiderne, hvert"
            " år.",
            f"The year's net saving is positive in {write.percent(gain[best])} of the futures,"
            " every year.",
        )
    caption = write.say(
        f"Kommunens nettobesparelse pr. år, {label} ({write.unit()}, {facts.prices})",
        f"The municipality's net saving by year, {label} ({write.unit()}, {facts.prices})",
    )
    title = write.say("Nettobesparelsen i hvert år", "The net saving of each year")
    alternative = write.say(
        f"Søjlediagram over {facts.period}: for hvert år spænder en bred søjle over de midterste"
        " 8 af 10 fremtider og en smal over 5 af 10. Tallene står i tabellen.",
        f"Bar chart of {facts.period}: for each year a wide bar spans the middle 8 of 10 futures"
        " and a narrow one 5 of 10. The figures are in the table.",
    )
    draw = picture("plot_saving_by_year", facts.result, strategy=facts.strategy, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_by_year(facts, caption, columns))


def _fan(facts: Facts) -> Chart:
    """Return the fan of the cumulative net saving."""
    from stepdown.report.plots import fan_values

    write, label = facts.write, facts.label()
    values = fan_values(facts.result, facts.strategy)
    paid = facts.own(analysis.payback_by_year(facts.result).value).values
    columns = [*_bands(values.value, facts)]
    if values.published.notnull().any():
        published = published_words(facts.result, [facts.strategy]).head(write.lang)
        head = write.say(f"{published} netto", f"{published} net")
        columns.append((head, thousands(facts, values.published.values)))
    head = write.say("Tjent hjem", "Paid back")
    columns.append((head, [write.percent(float(p)) for p in paid]))
    median = float(values.value.sel(quantile=0.5).values[-1])
    middle, often = write.signed(median), write.of_ten(float(paid[-1]))
    shows = write.say(
        f"Ved udgangen af {facts.last} er den samlede nettobesparelse i den midterste fremtid"
        f" {middle}. Pengene er da tjent hjem {often}.",
        f"By the end of {facts.last} the net saving in all of the middle future is {middle}. The"
        f" money is back by then {often}.",
    )
    caption = write.say(
        f"Samlet nettobesparelse siden {facts.first}, {label} ({write.unit()}, {facts.prices})",
        f"Net saving since {facts.first}, {label} ({write.unit()}, {facts.prices})",
    )
    note = write.say(
        "Tjent hjem: andelen af fremtider, hvor den samlede nettobesparelse er og bliver mindst 0"
        " fra og med året.",
        "Paid back: the share of futures in which the net saving so far is, and stays, at least 0"
        " from that year on.",
    )
    title = write.say("Hvornår er pengene tjent hjem?", "When is the money back?")
    alternative = write.say(
        f"Vifte over den samlede nettobesparelse {facts.period}: det brede bånd er de midterste"
        " 8 af 10 fremtider, det smalle 5 af 10, linjen er medianen. Tallene står i tabellen.",
        f"Fan of the net saving so far, {facts.period}: the wide band is the middle 8 of 10"
        " futures, the narrow one 5 of 10, the line is the median. The figures are in the table.",
    )
    draw = picture("plot_fan", facts.result, strategy=facts.strategy, lang=write.lang)
    return Chart(title, shows, alternative, draw, table_by_year(facts, caption, columns, (note,)))


def _bookable(facts: Facts) -> Table:
    """Return what can be booked, and what must be set aside."""
    say = facts.write.say
    sure = analysis.bookable(facts.result, _SURE)
    reserve = analysis.reserve(facts.result, _COVERED)
    columns = [
        (say("Brutto, nås i 8 af 10", "Gross, in 8 of 10"), facts.own(sure["gross"])),
        (say("Netto, nås i 8 af 10", "Net, in 8 of 10"), facts.own(sure["net"])),
        (say("Reserve, året", "Reserve, the year"), facts.own(reserve["value"])),
        (say("Reserve, samlet", "Reserve, in all"), facts.own(reserve["cumulative"])),
    ]
    caption = say(
        f"Hvad der kan budgetteres, og hvad der skal være i reserve, {facts.label()}"
        f" ({facts.write.unit()}, {facts.prices})",
        f"What can be booked, and what must be in reserve, {facts.label()} ({facts.write.unit()},"
        f" {facts.prices})",
    )
    note = say(
        "Det første og andet tal nås eller overgås i 8 af 10 fremtider, hvert år for sig. Reserven"
        " dækker tabet i 9 af 10 fremtider: årets eget, og det samlede siden første år.",
        "The first two figures are reached or passed in 8 of 10 futures, each year by itself. The"
        " reserve covers the loss in 9 of 10 futures: that of the year, and that since the first.",
    )
    return table_by_year(
        facts, caption, [(head, thousands(facts, v.values)) for head, v in columns], (note,)
    )


def _waterfall(facts: Facts) -> Chart:
    """Return the way from gross to net saving, by payer."""
    write, data = facts.write, analysis.saving_by_payer(facts.result)
    own = data.present_value.sel(strategy=facts.strategy)
    items = [item for item in own["item"].values if abs(own.sel(item=item)).max() >= 1]
    items = list(dict.fromkeys([*items, "net_saving"]))
    labels = facts.result[f"payer_{write.lang}"]
    payers = [p for p in own.payer.values if abs(own.sel(payer=p)).max() >= 1] or [facts.payer]
    columns = [(write.say("Post", "Item"), [write.say(*_ITEMS[str(item)]) for item in items])]
    for payer in payers:
        values = own.sel(payer=payer, item=items).values
        columns.append((str(labels.sel(payer=payer).item()), thousands(facts, values)))
    total = own.sum("payer").sel(item=items).values
    columns.append((write.say("Alle betalere", "All payers"), thousands(facts, total)))
    caption = write.say(
        f"Fra brutto til netto, nutidsværdi {facts.period}, {facts.label()} ({write.unit()},"
        f" {facts.prices})",
        f"From gross to net, present value {facts.period}, {facts.label()} ({write.unit()},"
        f" {facts.prices})",
    )
    title = write.say("Fra bruttobesparelse til nettobesparelse", "From gross to net saving")
    gross = float(analysis.of_payer(own.sel(item="gross_saving")))
    net = float(analysis.of_payer(own.sel(item="net_saving")))
    shows = write.say(
        f"Kommunens bruttobesparelse er {write.signed(gross)} i nutidsværdi. Når investeringen er"
        " betalt og tilskud og refusion er regnet med, ender nettobesparelsen på"
        f" {write.signed(net)}.",
        f"The municipality's gross saving is {write.signed(gross)} in present value. Once the"
        f" investment is paid and grants and reimbursement are counted, {write.signed(net)} is"
        " left.",
    )
    alternative = write.say(
        "Søjler fra bruttobesparelsen ned til nettobesparelsen, en for hver post. Tallene står i"
        " tabellen.",
        "Bars from the gross saving to the net saving, one for each item. The figures are in the"
        " table.",
    )
    level = int(facts.result.attrs["price_level"])
    draw = picture(
        "plot_waterfall", data, strategy=facts.strategy, price_level=level, lang=write.lang
    )
    return Chart(title, shows, alternative, draw, table_of(caption, columns))


def _three_totals(facts: Facts) -> Table:
    """Return the change of the three totals by year."""
    say, years = facts.write.say, facts.years
    heads = {
        "service_expenditure_dkk": say("Serviceudgift", "Service expenditure"),
        "municipality_net_dkk": say("Kommunen netto", "Municipality, net"),
        "public_expenditure_dkk": say("Alle offentlige kasser", "All public purses"),
    }
    columns = []
    for key, head in heads.items():
        more = years[key] - years[key].isel(strategy=0, drop=True)
        columns.append((head, thousands(facts, facts.by_year(more))))
    caption = say(
        f"Tre totaler, ændring i udgift, {facts.label()} ({facts.write.unit()}, {facts.prices})",
        f"Three totals, change in spending, {facts.label()} ({facts.write.unit()}, {facts.prices})",
    )
    note = say(
        "Gennemsnit. Her er fortegnet budgettets: + er merudgift, - er mindreudgift."
        " Serviceudgiften er før tilskud og refusion og er den, servicerammen ser.",
        "Means. The sign here is that of budgets: + is more spending, - is less. Service"
        " expenditure is before grants and reimbursement; it is what the ceiling sees.",
    )
    return table_by_year(facts, caption, columns, (note,))


def _budget_lines(facts: Facts) -> Iterator[Table]:
    """Yield the budget lines with what is likely to come of them in the last year they name."""
    if "line_saving_dkk" not in facts.result:
        return
    write, lines = facts.write, analysis.lines_reached(facts.result)
    saved = facts.years.line_saving_dkk.sum("payer", skipna=False)
    rows = []
    for at, name in enumerate(facts.result[f"budget_line_{write.lang}"].values):
        own = lines.isel(budget_line=at)
        if float(own.published.sum()) <= 0:
            continue
        year = int(own.year.values[np.flatnonzero(own.published.values > 0)[-1]])
        kind = str(own.budget_line_kind.item())
        drawn = saved.isel(budget_line=at).sel(year=year)
        rows.append(
            (
                str(name),
                _kind(kind, facts),
                str(year),
                write.thousands(float(own.published.sel(year=year))),
                write.thousands(float(drawn.mean())),
                write.percent(float(own.value.sel(year=year))),
            )
        )
    if not rows:
        return
    say = write.say
    head = (say("Budgetlinje", "Budget line"), say("Art", "Kind"), say("År", "Year"),
            say("Budgetteret", "Budgeted"), say("Beregnet gennemsnit", "Calculated mean"),
            say("Nås i", "Reached in"))  # fmt: skip
    caption = say(
        f"Budgetlinjerne i det sidste år, de nævner ({write.unit()}, {facts.prices})",
        f"The budget lines in the last year they name ({write.unit()}, {facts.prices})",
    )
    note = say(
        "En restopgave er ikke regnet med, og der gives ingen sandsynlighed for den: der ligger"
        " ingen beregning bag.",
        "A residual is not counted and has no probability: no calculation stands behind it.",
    )
    align: tuple[Align, ...] = ("left",) * 3 + ("right",) * 3
    yield Table(caption, head, tuple(rows), align, (note,))


def _kind(kind: str, facts: Facts) -> str:
    kinds = {"estimate": ("skøn", "estimate"), "target": ("måltal", "target"),
             "residual": ("restopgave", "residual")}  # fmt: skip
    return facts.write.say(*kinds[kind])
