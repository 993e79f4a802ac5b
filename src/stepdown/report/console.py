"""What `stepdown run` prints: a table per strategy, then what it adds up to."""

from rich.console import Console, Group
from rich.text import Text
from xarray import Dataset

from stepdown.analysis import BreakEven, children_on_steps
from stepdown.report.adult_life import adult_life_line
from stepdown.report.budget_lines import lines_table, summarise_lines
from stepdown.report.children import children_table
from stepdown.report.committees import committees_table
from stepdown.report.places import places_lines
from stepdown.report.published import words_of
from stepdown.report.summary import StrategySummary, YearSummary
from stepdown.report.terminal import Grid, Head
from stepdown.report.totals import totals_table
from stepdown.report.whose_money import whose_money
from stepdown.report.words import (
    Language,
    kroner,
    millions,
    number,
    percent,
    thousands,
    word,
)

__all__ = ["lever_lines", "print_break_even", "print_summaries"]


def print_summaries(
    console: Console, result: Dataset, summaries: list[StrategySummary], lang: Language
) -> None:
    """Print every strategy of a run, under its title and what makes it possible to run again."""
    facts = result.attrs
    runs = word("runs", lang).format(
        draws=number(facts["n_draws"], lang), replicates=facts["n_replicates"], seed=facts["seed"]
    )
    console.print(Text.assemble((facts[f"title_{lang}"], "bold"), f" ({runs})"))
    for said in whose_money(result, lang):
        console.print(Text(said))
    is_lines = "months_in_step" not in result
    console.print(word("reading_lines" if is_lines else "reading", lang), style="dim")
    children = None if is_lines else children_on_steps(result)
    for summary in summaries:
        console.print()
        console.print(_table(summary, facts["price_level"], lang))
        console.print(_totals(summary, lang))
        adult = adult_life_line(result, summary.name, lang)
        for text in (*places_lines(result, summary.name, lang), *([adult] if adult else [])):
            console.print(text)
        for line in lever_lines(result, summary.name, lang):
            console.print(Text(line))
        years = [year.year for year in summary.years]
        if summary.committees:
            console.print()
            console.print(committees_table(summary.committees, years, facts["price_level"], lang))
        if children is not None:
            console.print()
            console.print(totals_table(summary, facts["price_level"], lang))
            console.print()
            console.print(children_table(result, children, summary.name, lang))
    lines = summarise_lines(result)
    if lines:
        years = [year.year for year in summaries[0].years]
        console.print()
        console.print(lines_table(lines, years, facts["price_level"], lang))
    if children is not None:
        console.print()
        for key in ("service_note", "no_personal_data"):
            console.print(word(key, lang), style="dim")
    if "refusion_dkk" in result:
        console.print(word("refusion_note", lang), style="dim")


def lever_lines(result: Dataset, strategy: str, lang: Language) -> list[str]:
    """Return the levers that a strategy changes, year by year: means over draws and months."""
    lines = []
    for name, key in (
        ("caseload", "caseload_by_year"),
        ("follow_up_interval_months", "follow_up_by_year"),
    ):
        if name not in result:
            continue
        runs = [dim for dim in ("draw", "replicate") if dim in result[name].dims]
        path = result[name].sel(strategy=["baseline", strategy]).mean(runs)
        before, after = path.values.reshape(2, result.sizes["year"], -1).mean(axis=2)
        if (before == after).all():
            continue
        first = int(result.year.values.searchsorted(result.attrs["first_budget_year"]))
        said = [
            f"{year} {number(float(value), lang, 1)}"
            for year, value in zip(result.year.values[first:], after[first:], strict=True)
        ]
        against = word("against", lang).format(number(float(before[-1]), lang, 1))
        lines.append(f"{word(key, lang)}: {', '.join(said)} ({against})")
    return lines


def print_break_even(
    console: Console, result: Dataset, points: dict[str, BreakEven], lang: Language
) -> None:
    """Print the effect at which each strategy just pays for itself."""
    for name, point in points.items():
        label = result[f"strategy_{lang}"].sel(strategy=name).item()
        if point.factor is None:
            console.print(Text(f"{label}. {_no_break_even(point, lang)}"))
            continue
        meant = [f"{effect} {number(ratio, lang, 2)}" for effect, ratio in point.ratios.items()]
        if point.elasticity is not None:
            elasticity = number(point.elasticity, lang, 2)
            meant.insert(0, word("elasticity", lang).format(elasticity))
        if point.follow_up_elasticity is not None:
            elasticity = number(point.follow_up_elasticity, lang, 2)
            meant.insert(0, word("follow_up_elasticity", lang).format(elasticity))
        said = word("break_even", lang).format(factor=number(point.factor, lang, 2))
        console.print(Text(f"{label}. {said} ({', '.join(meant)})"))


def _no_break_even(point: BreakEven, lang: Language) -> str:
    """Say that no effect pays, and how far the search went."""
    if point.stopped is None:
        return word("break_even_none", lang)
    largest = max(factor for factor, _ in point.present_value_dkk)
    return word("break_even_stopped", lang).format(factor=number(largest, lang))


def _table(summary: StrategySummary, price_level: int, lang: Language) -> Grid:
    label = summary.label_da if lang == "da" else summary.label_en
    unit = f"{word('thousands', lang)}, {word('prices', lang).format(price_level)}"
    headings: list[Head] = [
        word("year", lang),
        word("short_spending", lang),
        word("short_grant", lang),
        (f"{word('short_gross', lang)} 10 %", "50 %", "90 %"),
        (f"{word('short_net', lang)} 10 %", "50 %", "90 %"),
        word("p_positive", lang),
    ]
    if _has_lines(summary):
        headings.append((words_of(summary.published_basis).head(lang), word("p_reached", lang)))
    if _has_residual(summary):
        headings.append(word("short_residual", lang))
    if any(year.p_kept is not None for year in summary.years):
        headings.append(word("p_kept", lang))
    rows = [_cells(summary, year, lang) for year in summary.years]
    return Grid(f"{label} ({unit})", headings, rows)


def _cells(summary: StrategySummary, year: YearSummary, lang: Language) -> list[str]:
    amounts = (year.spending, year.grant, *year.gross_quantiles, *year.net_quantiles)
    cells = [str(year.year), *(thousands(amount, lang) for amount in amounts)]
    cells.append(percent(year.p_positive, lang))
    if _has_lines(summary):
        cells += _promise(year, lang)
    if _has_residual(summary):
        cells.append("" if year.residual is None else thousands(year.residual, lang))
    if any(other.p_kept is not None for other in summary.years):
        cells.append("" if year.p_kept is None else percent(year.p_kept, lang))
    return cells


def _promise(year: YearSummary, lang: Language) -> list[str]:
    """Return what was published of a year, residuals apart, and how likely it is reached."""
    amounts = [amount for amount in year.published.values() if amount is not None]
    reached = [p for p in year.p_reached.values() if p is not None]
    promised = sum(amounts) - (year.residual or 0.0)
    if not amounts:
        return ["", ""]
    if reached:
        return [thousands(promised, lang), " / ".join(percent(p, lang) for p in reached)]
    if not promised and year.residual:
        return ["", ""]
    return [thousands(promised, lang), word("no_promise", lang)]


def _has_residual(summary: StrategySummary) -> bool:
    return any(year.residual is not None for year in summary.years)


def _has_lines(summary: StrategySummary) -> bool:
    return any(a is not None for year in summary.years for a in year.published.values())


def _totals(summary: StrategySummary, lang: Language) -> Group:
    low, middle, high = (millions(value, lang) for value in summary.present_value)
    lines = [
        _before_savings(summary, lang),
        f"{word('present_value', lang)}: 10 % {low}, 50 % {middle}, 90 % {high}; "
        f"{word('mean', lang)} {millions(summary.present_value_mean, lang)} "
        f"({word('error', lang)} ±{millions(summary.present_value_error, lang)})",
        f"{word('payback', lang)}: {_payback(summary, lang)}",
        _deepest(summary, lang),
    ]
    last = summary.years[-1].year
    if summary.luck_share is not None:
        share = percent(summary.luck_share, lang)
        low, high = (percent(end, lang) for end in summary.luck_share_interval or ())
        between = word("interval", lang).format(low, high)
        lines.append(f"{word('luck', lang).format(last)}: {share} ({between})")
    lines += _spread(summary, lang)
    if summary.places:
        placed = sum(summary.places.values())
        lines.append(f"{word('places', lang).format(last)}: {number(placed, lang, 1)}")
    if _has_residual(summary):
        lines.append(word("residual_note", lang))
    if any(round(year.casework) for year in summary.years):
        lines.append(word("casework_note", lang))
    if summary.years[-1].reinvested is not None:
        lines.append(_reinvested(summary.years[-1], summary.years[-1].reinvested, lang))
    return Group(*(Text(line) for line in lines), *_children(summary, lang))


def _reinvested(year: YearSummary, again: float, lang: Language) -> str:
    """Return how the last year's saving on measures is split."""
    return word("reinvested_note", lang).format(
        year=year.year,
        gross=millions(year.gross_saving, lang),
        again=millions(again, lang),
        rest=millions(again - year.gross_saving, lang),
        sign=word("sign", lang),
    )


def _spread(summary: StrategySummary, lang: Language) -> list[str]:
    """Return the spread over chance under both ways to couple the worlds, where there is one."""
    parts = []
    for heading, spread in (
        (str(summary.years[-1].year), summary.spread_last_year),
        (word("spread_of_value", lang), summary.spread_present_value),
    ):
        if spread is not None:
            told = {
                name: f"{millions(spread[f'luck_{name}'], lang)}"
                f" (±{millions(spread[f'luck_{name}_error'], lang)})"
                for name in ("shared", "independent")
            }
            parts.append(f"{heading} {word('spread_pair', lang).format(**told)}")
    return [f"{word('spread', lang)}: {'; '.join(parts)}"] if parts else []


def _deepest(summary: StrategySummary, lang: Language) -> str:
    """Return the deepest hole before the gains, if there is any in one future of ten."""
    if summary.deepest[0] >= 0:
        return word("no_deficit", lang)
    depths = ", ".join(
        f"{level} {millions(value, lang)}"
        for level, value in zip(("10 %", "50 %", "90 %"), summary.deepest, strict=True)
    )
    return f"{word('deepest', lang).format(summary.deepest_year)}: {depths}"


def _before_savings(summary: StrategySummary, lang: Language) -> str:
    """Return what the first year costs each payer, before any saving."""
    labels = summary.payers_da if lang == "da" else summary.payers_en
    parts = [
        f"{label} {kroner(amount, lang)}"
        for label, amount in zip(labels, summary.first_year_by_payer, strict=True)
        if round(amount) != 0
    ]
    total = f"{word('total', lang)} {kroner(sum(summary.first_year_by_payer), lang)}"
    heading = word("before_savings", lang).format(summary.years[0].year)
    return f"{heading}: {', '.join([*parts, total])}"


def _payback(summary: StrategySummary, lang: Language) -> str:
    years = sorted(summary.payback)
    chosen = sorted({years[min(3, len(years) - 1)], years[len(years) // 2], years[-1]})
    said = [
        word("payback_by", lang).format(year, percent(summary.payback[year], lang))
        for year in chosen
    ]
    never = percent(1 - summary.payback[years[-1]], lang)
    return "; ".join([*said, word("payback_never", lang).format(years[-1], never)])


def _children(summary: StrategySummary, lang: Language) -> list[Text]:
    c = summary.children
    if not c:
        return []
    share = percent(c["share_family_like"], lang)
    before = percent(c["baseline_share_family_like"], lang)
    parts = [
        _plus_minus("months_avoided", c["placement_months_avoided"],
                    c["placement_months_avoided_error"], lang),
        _plus_minus("moves_down", c["moves_down"], c["moves_down_error"], lang),
        _plus_minus("breakdowns", -c["breakdowns"], c["breakdowns_error"], lang),
        f"{word('family_like', lang)}: {share} ({word('against', lang).format(before)})",
    ]  # fmt: skip
    heading = word("children", lang).format(summary.years[0].year, summary.years[-1].year)
    return [Text(f"{heading}: " + "; ".join(parts))]


def _plus_minus(key: str, value: float, error: float, lang: Language) -> str:
    return f"{word(key, lang)}: {number(value, lang, 1)} ±{number(error, lang, 1)}"
