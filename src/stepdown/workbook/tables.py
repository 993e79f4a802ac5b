"""The sheets of quantiles, probabilities and children: tables to filter, in unrounded figures."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from stepdown import analysis
from stepdown.workbook.book import Book
from stepdown.workbook.lines import Proposal, outcomes
from stepdown.workbook.words import say

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["quantile_rows", "write_children", "write_probabilities", "write_quantiles"]

LEVELS = (0.1, 0.2, 0.5, 0.9)
FIRST_ROW = 4  # the first line of a table, counted from 0


def write_quantiles(book: Book, proposals: Sequence[Proposal]) -> None:
    """Write means and quantiles by year, of each committee and of the municipality."""
    lang, first = book.lang, proposals[0]
    title = say("quantiles_title", lang).format(first.years.attrs["price_level"])
    sheet = _sheet(book, "sheet_quantiles", title, say("quantiles_lead", lang), 3)
    head, right = book.style("header"), book.style("header_right")
    keys = ("strategy", "payer", "figure", "statistic")
    rows = [row for own in proposals for row in quantile_rows(own)]
    columns = [{"header": say(key, lang), "header_format": head} for key in keys]
    columns += [
        {"header": str(year), "header_format": right, "format": book.style("kroner")}
        for year in first.numbers
    ]
    _table(sheet, "quantiles", columns, rows)
    for column, width in enumerate((26, 50, 30, 34)):
        sheet.set_column(column, column, width)
    sheet.set_column(len(keys), len(columns) - 1, 13)


def quantile_rows(proposal: Proposal) -> list[list[Any]]:
    """Return the rows of one strategy: strategy, payer, figure, statistic, then kroner by year."""
    lang, found = proposal.lang, []
    for payer in (*analysis.committees(proposal.years), proposal.payer):
        is_all = payer == proposal.payer
        label = say("municipality_all", lang) if is_all else proposal.payer_label(payer)
        for key, values in _figures(proposal, payer):
            for statistic, amounts in _statistics(values, lang):
                found.append([proposal.label, label, say(key, lang), statistic,
                              *(float(amount) + 0.0 for amount in amounts)])  # fmt: skip
    return found


def _figures(proposal: Proposal, payer: str) -> Iterator[tuple[str, xr.DataArray]]:
    here = {"strategy": proposal.strategy}
    net = analysis.net_saving(proposal.years, payer).sel(here)
    gross = analysis.gross_saving(proposal.years, payer).sel(here)
    if "stranded_dkk" in proposal.years:
        gross = gross - analysis.of_payer(proposal.own.stranded_dkk, payer)
    if bool((gross != 0).any()) or bool((net != 0).any()):
        yield "gross", gross
        yield "net", net
        yield "net_cumulative", net.cumsum("year")


def _statistics(values: xr.DataArray, lang: Any) -> Iterator[tuple[str, Any]]:
    means, bands = analysis.mean(values), outcomes(values, LEVELS)
    yield say("mean", lang), means.value.values
    yield say("error_of_mean", lang), means.error.values
    for level in LEVELS:
        yield f"{level * 100:.0f} %", bands.sel(quantile=level).values


def write_probabilities(book: Book, proposals: Sequence[Proposal]) -> None:
    """Write the probability of a gain, of what was budgeted, and of having paid back, by year."""
    lang = book.lang
    title = say("probabilities_title", lang)
    sheet = _sheet(book, "sheet_probabilities", title, say("probabilities_lead", lang), 2)
    head, right = book.style("header"), book.style("header_right")
    looks = {"budgeted": "kroner", "probability": "share", "low": "share", "high": "share"}
    columns: list[dict[str, Any]] = [
        {"header": say(key, lang), "header_format": head} for key in ("strategy", "figure", "year")
    ]
    columns += [
        {"header": say(key, lang), "header_format": right, "format": book.style(look)}
        for key, look in looks.items()
    ]
    rows = [row for own in proposals for row in _probabilities(own)]
    _table(sheet, "probabilities", columns, rows)
    for at, row in enumerate(rows, start=FIRST_ROW):
        for column, share in enumerate(row[-3:], start=len(columns) - 3):
            book.write_share(sheet, at, column, share)
    for column, width in enumerate((30, 44, 10, 18, 16, 12, 12)):
        sheet.set_column(column, column, width)


def _probabilities(proposal: Proposal) -> Iterator[list[Any]]:
    lang, here = proposal.lang, {"strategy": proposal.strategy}
    gain = analysis.probability(analysis.net_saving(proposal.years).sel(here) > 0)
    yield from _chance_rows(proposal, say("p_gain", lang), gain, None)
    reached = proposal.reached.sel(here)
    for line in reached.line.values:
        own = reached.sel(line=line)
        if bool(own.value.notnull().any()):
            label = say("p_reached_short", lang).format(_line_label(proposal, str(line)))
            yield from _chance_rows(proposal, label, own, own.published)
    kept = analysis.budget_kept(proposal.years)
    if kept is not None:
        own = kept.sel(here)
        yield from _chance_rows(proposal, say("p_kept", lang), own, own.frame)
    first = analysis.payback_year(proposal.years).sel(here)
    years = xr.DataArray(list(proposal.numbers), dims="year", coords={"year": proposal.years.year})
    yield from _chance_rows(
        proposal, say("p_payback", lang), analysis.probability(first <= years), None
    )


def _chance_rows(
    proposal: Proposal, label: str, chance: xr.Dataset, budgeted: xr.DataArray | None
) -> Iterator[list[Any]]:
    for year in proposal.numbers:
        own = chance.sel(year=year)
        if not np.isnan(float(own.value)):
            amount = None if budgeted is None else float(budgeted.sel(year=year))
            yield [proposal.label, label, str(year), amount,
                   *(float(own[key]) for key in ("value", "low", "high"))]  # fmt: skip


def _line_label(proposal: Proposal, line: str) -> str:
    lang = proposal.lang
    own = proposal.scenario.strategies[proposal.strategy].published.get(line)
    if own is None:
        return say("lines_in_all", lang)
    return own.label.da if lang == "da" else own.label.en


def write_children(book: Book, proposals: Sequence[Proposal]) -> None:
    """Write how many children get each kind of help, with the strategy and without."""
    lang, first = book.lang, proposals[0]
    title = say("children_title", lang)
    has_children = "months_in_step" in first.years
    lead = say("children_lead" if has_children else "no_children", lang)
    sheet = _sheet(book, "sheet_children", title, lead, 3)
    for column, width in enumerate((30, 28, 24, 14)):
        sheet.set_column(column, column, width)
    if not has_children:
        return
    rows = list(_children(first, [own.strategy for own in proposals]))
    head, right = book.style("header"), book.style("header_right")
    columns = [
        {"header": say(key, lang), "header_format": head}
        for key in ("strategy", "measure", "volume", "statistic")
    ]
    columns += [
        {"header": str(year), "header_format": right, "format": book.style("count")}
        for year in first.numbers
    ]
    _table(sheet, "children", columns, rows)
    sheet.set_column(4, len(columns) - 1, 9)


def _children(first: Proposal, strategies: list[str]) -> Iterator[list[Any]]:
    lang, years = first.lang, first.years
    found = analysis.children_on_steps(years)
    labels = {
        str(step): str(label)
        for step, label in zip(years.step.values, years[f"step_{lang}"].values, strict=True)
    }
    baseline = str(years.strategy.values[0])
    for strategy in (baseline, *strategies):
        who = str(years[f"strategy_{lang}"].sel(strategy=strategy).values)
        for step in found.step.values:
            label = labels.get(str(step), say("all_placements", lang))
            for volume in ("full_year_places", "stock"):
                for statistic in found.statistic.values:
                    own = found[volume].sel(strategy=strategy, step=step, statistic=statistic)
                    said = say("mean", lang) if statistic == "mean" else str(statistic)
                    yield [who, label, say(volume, lang), said,
                           *(float(value) for value in own.transpose("year").values)]  # fmt: skip


def _sheet(book: Book, key: str, title: str, lead: str, frozen: int) -> "Worksheet":
    sheet = book.sheet(say(key, book.lang), repeat=FIRST_ROW - 1, freeze=(FIRST_ROW, frozen))
    sheet.write(0, 0, title, book.style("title"))
    sheet.merge_range(1, 0, 1, 6, lead, book.style("small"))
    sheet.set_row(1, 42)
    return sheet


def _table(
    sheet: "Worksheet", name: str, columns: list[dict[str, Any]], rows: list[list[Any]]
) -> None:
    options = {"columns": columns, "data": rows, "name": name, "style": "Table Style Light 9"}
    last = FIRST_ROW + max(len(rows), 1) - 1
    sheet.add_table(FIRST_ROW - 1, 0, last, len(columns) - 1, options)
