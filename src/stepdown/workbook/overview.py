"""The first sheet: what each strategy costs and saves, and what the other sheets hold."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stepdown import analysis
from stepdown.report.whose_money import whose_money
from stepdown.report.words import number
from stepdown.workbook.book import Book
from stepdown.workbook.cells import letters
from stepdown.workbook.form import OUTLINE_YEARS, Form
from stepdown.workbook.lines import rounded
from stepdown.workbook.words import say

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["fill_overview", "open_overview"]

_HEAD = 4  # row of the headings, from 0
_FIRST_YEAR, _LAST_YEAR = "D", letters(3 + OUTLINE_YEARS - 1)


def open_overview(book: Book) -> "Worksheet":
    """Add the sheet, to be filled when the others are written."""
    return book.sheet(say("sheet_overview", book.lang), repeat=_HEAD, freeze=(_HEAD + 1, 1))


def fill_overview(
    book: Book, sheet: "Worksheet", totals: Sequence[Form], holds: Sequence[tuple[str, str]]
) -> None:
    """Write the strategies, from their total forms, and the list of sheets."""
    lang, first = book.lang, totals[0].proposal
    attrs = first.years.attrs
    runs = first.years.sizes["draw"] * first.years.sizes["replicate"]
    sheet.write(0, 0, say("overview_title", lang).format(attrs[f"title_{lang}"]),
                book.style("title"))  # fmt: skip
    lead = say("overview_lead", lang).format(level=attrs["price_level"], runs=number(runs, lang))
    lead = " ".join((lead, *whose_money(first.years, lang)))
    sheet.write(1, 0, lead, book.style("plain"))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 10, 14)
    years = [first.numbers[position] for position in totals[0].outline]
    sums = say("sums_over", lang).format(years[0], years[-1])
    sheet.merge_range(_HEAD - 1, 1, _HEAD - 1, 4, sums, book.style("header"))
    sheet.write(_HEAD, 0, say("strategy", lang), book.style("header"))
    keys = ("sum_saving", "sum_investment", "sum_other", "sum_net", "lasting_net",
            "present_value", "error", "p_paid_back", "deepest", "deepest_year")  # fmt: skip
    for column, key in enumerate(keys, start=1):
        heading = say(key, lang).format(first.numbers[-1])
        sheet.write(_HEAD, column, heading, book.style("header_right"))
    sheet.set_row(_HEAD, 42)
    for row, form in enumerate(totals, start=_HEAD + 1):
        _write_strategy(book, sheet, form, row)
    row = _HEAD + 2 + len(totals)
    sheet.write(row, 0, say("deficit_note", lang), book.style("plain"))
    _write_contents(book, sheet, holds, row + 2)


def _write_strategy(book: Book, sheet: "Worksheet", form: Form, row: int) -> None:
    proposal, amount = form.proposal, book.style("amount")
    sheet.write_url(row, 0, f"internal:'{form.name}'!A1", book.style("link"), proposal.label)
    for column, part in enumerate(("saving", "investment", "other", "net"), start=1):
        rows = form.rows if part == "net" else form.part(part)  # type: ignore[arg-type]
        value = sum(form.rounded_sum(rows, year) for year in form.outline)
        if part in form.totals:
            at = form.totals[part] + 1
            formula = f"=SUM('{form.name}'!{_FIRST_YEAR}{at}:{_LAST_YEAR}{at})"
            sheet.write_formula(row, column, formula, amount, value)
        else:
            sheet.write_number(row, column, 0, amount)
    if len(form.years) > OUTLINE_YEARS:
        lasting = form.rounded_sum(form.rows, form.years[-1])
        sheet.write_formula(row, 5, f"={form.net[OUTLINE_YEARS]}", amount, lasting)
    here = {"strategy": proposal.strategy}
    worth = analysis.mean(analysis.present_value(proposal.years).sel(here))
    # The budget's sign in the whole row: what is saved is a minus.
    sheet.write_number(row, 6, rounded(-float(worth.value)), amount)
    sheet.write_number(row, 7, rounded(float(worth.error)), book.style("kroner"))
    paid_back = analysis.payback_year(proposal.years).sel(here).notnull()
    book.write_share(sheet, row, 8, float(paid_back.mean()))
    deepest = analysis.deepest_deficit(proposal.years).sel(here)
    depth = float(deepest.depth.sel(quantile=0.5))
    if depth < 0:
        sheet.write_number(row, 9, rounded(-depth), amount)
        sheet.write_number(row, 10, int(deepest.year), book.style("year"))


def _write_contents(
    book: Book, sheet: "Worksheet", holds: Sequence[tuple[str, str]], row: int
) -> None:
    sheet.write(row, 0, say("contents", book.lang), book.style("field"))
    for at, (name, text) in enumerate(holds, start=row + 1):
        sheet.write_url(at, 0, f"internal:'{name}'!A1", book.style("link"), name)
        sheet.write(at, 1, text, book.style("plain"))
