"""One budget form: a committee's, or the municipality's, for one strategy.

Every figure is a formula on the sheet of base figures, with its value beside it for readers that do
not calculate.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from stepdown.analysis.payers import committees
from stepdown.report.words import number
from stepdown.workbook.base import BaseRow, base_cell, base_range
from stepdown.workbook.book import Book, lines_of
from stepdown.workbook.cells import letters
from stepdown.workbook.lines import Part, Proposal, rounded
from stepdown.workbook.memo import MemoRow, memo_rows
from stepdown.workbook.texts import KnownFigures, form_texts
from stepdown.workbook.words import say

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["OUTLINE_YEARS", "Form", "open_form", "write_form"]

OUTLINE_YEARS = 4  # the budget year and three overslagsår
_LABEL, _PAYER, _FUNCTION, _YEAR = 0, 1, 2, 3  # columns
_SCALE = 75  # per cent: a form's table on one page of A4
_TEXT_WIDTH = 150  # characters in a row of text over the whole width


@dataclass
class Form:
    """The form of one payer; `payer` None is the municipality with all its committees."""

    proposal: Proposal
    payer: str | None
    name: str
    """Of the sheet."""
    rows: Sequence[BaseRow]
    net: dict[int, str] = field(default_factory=dict)
    """Cell of the net change by position of its column, once written."""
    totals: dict[str, int] = field(default_factory=dict)
    """Row of each total, once written."""

    @property
    def years(self) -> list[int]:
        """Positions of the years shown: the outline years, and the last one if there are more."""
        n = len(self.proposal.numbers)
        return list(range(min(n, OUTLINE_YEARS))) + ([n - 1] if n > OUTLINE_YEARS else [])

    @property
    def outline(self) -> list[int]:
        """Positions of the budget year and the overslagsår alone."""
        return self.years[:OUTLINE_YEARS]

    def part(self, part: Part) -> list[BaseRow]:
        """Return the lines of one part of the form."""
        return [row for row in self.rows if row.line.part == part]

    def rounded_sum(self, rows: Sequence[BaseRow], year: int) -> int:
        """Return the sum of rounded lines [DKK thousand]."""
        return sum(rounded(row.line.amounts[year]) for row in rows)


def open_form(book: Book, form: Form) -> "Worksheet":
    """Add the sheet of a form, to be filled by `write_form`."""
    sheet = book.sheet(form.name, repeat=8, freeze=(9, 1))
    for column, width in ((_LABEL, 55), (_PAYER, 11), (_FUNCTION, 10)):
        sheet.set_column(column, column, width)
    sheet.set_column(_YEAR, _YEAR + OUTLINE_YEARS, 12)
    # A scale of its own, since a page break is ignored where the sheet is fitted to the page.
    sheet.set_print_scale(_SCALE)
    sheet.center_horizontally()
    return sheet


def write_form(book: Book, sheet: "Worksheet", form: Form, others: Sequence[Form]) -> None:
    """Write one form; `others` are those of the committees, written before, which a total lists."""
    _write_head(book, sheet, form)
    row = 9
    for part in ("saving", "investment", "other"):
        row = _write_part(book, sheet, form, part, row)
    row = _write_net(book, sheet, form, row)
    if others:
        row = _write_committees(book, sheet, form, others, row)
    memo = memo_rows(form.proposal, form.payer)
    row = _write_memo(book, sheet, form, memo, row + 1)
    row = _write_notes(book, sheet, form, row)
    _write_texts(book, sheet, form, memo, row + 1)


def _write_head(book: Book, sheet: "Worksheet", form: Form) -> None:
    lang, own = book.lang, form.proposal
    sheet.write(0, 0, say("form_title", lang).format(own.label), book.style("title"))
    level = own.years.attrs["price_level"]
    runs = own.years.sizes["draw"] * own.years.sizes["replicate"]
    title = own.years.attrs[f"title_{lang}"]
    note = say("mean_note", lang).format(runs=number(runs, lang), level=level)
    sheet.write(1, 0, f"{title}. {note}", book.style("plain"))
    parts = committees(own.years)
    if form.payer is not None:
        is_own = form.payer == own.payer
        committee = say("no_committee", lang) if is_own else own.payer_label(form.payer)
    else:
        committee = say("all_committees" if parts else "fill_in", lang)
    fields = (
        ("committee", committee),
        ("sector", say("fill_in", lang)),
        ("service", say("fill_in", lang)),
        ("current_or_capital", say("current", lang)),
        ("budget_type", say("fill_in", lang)),
    )
    for row, (key, value) in enumerate(fields, start=2):
        sheet.write(row, _LABEL, say(key, lang), book.style("field"))
        style = "fill_in" if value == say("fill_in", lang) else "plain"
        sheet.merge_range(row, _PAYER, row, _YEAR + OUTLINE_YEARS, value, book.style(style))
    first, last = own.numbers[0], own.numbers[form.outline[-1]]
    effect = say("effect_in", lang).format(first=first, last=last, level=level)
    sheet.write(7, 0, f"{effect}. {say('sign_note', lang)}", book.style("field"))
    payers = say("committee", lang) if parts else ""
    heads = [say("line", lang), payers, say("function", lang)]
    sheet.write_row(8, 0, heads, book.style("header"))
    for column in range(OUTLINE_YEARS + 1):
        sheet.write(8, _YEAR + column, _heading(form, column), book.style("header_right"))
    sheet.set_row(8, 28)


def _heading(form: Form, column: int) -> str:
    numbers, lang = form.proposal.numbers, form.proposal.lang
    if column == OUTLINE_YEARS:
        if len(numbers) <= OUTLINE_YEARS:
            return say("lasting_none", lang)
        return say("lasting", lang).format(numbers[-1])
    return str(numbers[column]) if column < len(form.outline) else ""


def _column_of(form: Form, position: int) -> int:
    """Return the column of the year that stands at a position of `form.years`."""
    return _YEAR + (OUTLINE_YEARS if position >= OUTLINE_YEARS else position)


def _write_part(book: Book, sheet: "Worksheet", form: Form, part: Part, row: int) -> int:
    """Write the lines of one part and their total; return the next row."""
    rows = form.part(part)
    if part == "other" and not rows:
        return row
    lang, key = book.lang, "savings" if part == "saving" else part
    sheet.write(row, 0, say(f"{key}_heading", lang), book.style("section"))
    first = row + 1
    for at, base in enumerate(rows, start=first):
        sheet.write(at, _LABEL, base.line.label, book.style("line"))
        sheet.write(
            at, _PAYER, _short_payer(form.proposal, base.line.payer), book.style("function")
        )
        if base.line.function:
            sheet.write(at, _FUNCTION, base.line.function, book.style("function"))
        elif part != "other":
            sheet.write(at, _FUNCTION, "", book.style("function_open"))
        for position, year in enumerate(form.years):
            formula = f"=ROUND({base_cell(book, base, year)}/1000,0)"
            value = rounded(base.line.amounts[year])
            sheet.write_formula(at, _column_of(form, position), formula,
                                book.style("amount"), value)  # fmt: skip
        sheet.set_row(at, 14 * lines_of(base.line.label, 62))
    end = first + len(rows)
    sheet.write_row(end, 0, [say(f"{key}_total", lang), "", ""], book.style("total"))
    for position, year in enumerate(form.years):
        column = _column_of(form, position)
        name = letters(column)
        formula = f"=SUM({name}{first + 1}:{name}{end})" if rows else "=0"
        value = form.rounded_sum(rows, year)
        sheet.write_formula(end, column, formula, book.style("total_amount"), value)
    _fill_row(book, sheet, form, end, "total")
    form.totals[part] = end
    return end + 1


def _write_net(book: Book, sheet: "Worksheet", form: Form, row: int) -> int:
    """Write the net change, the cumulative one and the rounding; return the next row."""
    lang = book.lang
    net, cumulative, rounding = row, row + 1, row + 2
    sum_of = " + ".join("ABC"[: len(form.totals)])
    head = say("net_total", lang).format(sum_of)
    sheet.write_row(net, 0, [head, "", ""], book.style("net"))
    sheet.write(cumulative, 0, say("cumulative", lang), book.style("line"))
    sheet.write(rounding, 0, say("rounding", lang), book.style("rounding"))
    so_far = 0
    for position, year in enumerate(form.years):
        column = _column_of(form, position)
        name = letters(column)
        cells = "+".join(f"{name}{total + 1}" for total in form.totals.values())
        value = form.rounded_sum(form.rows, year)
        sheet.write_formula(net, column, f"={cells}", book.style("net_amount"), value)
        form.net[position] = f"'{form.name}'!{name}{net + 1}"
        if position < OUTLINE_YEARS:
            so_far += value
            before = f"{letters(column - 1)}{cumulative + 1}+" if position else ""
            sheet.write_formula(cumulative, column, f"={before}{name}{net + 1}",
                                book.style("amount"), so_far)  # fmt: skip
        exact = sum(base.line.amounts[year] for base in form.rows) / 1000
        total = f"SUM({base_range(book, form.rows, year)})/1000" if form.rows else "0"
        sheet.write_formula(rounding, column, f"={total}-{name}{net + 1}",
                            book.style("rounding_amount"), exact - value)  # fmt: skip
    _fill_row(book, sheet, form, net, "net")
    form.totals["net"] = net
    return rounding + 1


def _fill_row(book: Book, sheet: "Worksheet", form: Form, row: int, style: str) -> None:
    """Give the columns without a year the look of their row."""
    used = {_column_of(form, position) for position in range(len(form.years))}
    for column in range(_YEAR, _YEAR + OUTLINE_YEARS + 1):
        if column not in used:
            sheet.write_blank(row, column, None, book.style(style))


def _write_committees(
    book: Book, sheet: "Worksheet", form: Form, others: Sequence[Form], row: int
) -> int:
    """Write the net change of each committee, from its own form; return the next row."""
    sheet.write(row, 0, say("by_committee", book.lang), book.style("section"))
    for at, other in enumerate(others, start=row + 1):
        assert other.payer is not None, "own invariant: a committee's form has a payer"
        is_own = other.payer == other.proposal.payer
        label = other.proposal.payer_label(other.payer)
        label = say("no_committee", book.lang) if is_own else label
        sheet.write_url(at, 0, f"internal:'{other.name}'!A1", book.style("line"), label)
        for position, year in enumerate(form.years):
            sheet.write_formula(at, _column_of(form, position), f"={other.net[position]}",
                                book.style("amount"),
                                other.rounded_sum(other.rows, year))  # fmt: skip
    return row + 1 + len(others)


def _write_memo(
    book: Book, sheet: "Worksheet", form: Form, rows: Sequence[MemoRow], row: int
) -> int:
    """Write what stands beside the form's own figures; return the next row."""
    sheet.write(row, 0, say("for_comparison", book.lang), book.style("section"))
    for at, memo in enumerate(rows, start=row + 1):
        sheet.write(at, _LABEL, memo.label, book.style("memo"))
        for position, year in enumerate(form.years):
            value = memo.values[year]
            if not np.isnan(value):
                column = _column_of(form, position)
                if memo.is_share:
                    book.write_share(sheet, at, column, value)
                else:
                    sheet.write_number(at, column, rounded(value), book.style("memo_amount"))
    return row + 1 + len(rows)


def _write_notes(book: Book, sheet: "Worksheet", form: Form, row: int) -> int:
    """Write how figures are rounded and what is lasting; return the next row."""
    lang, last = book.lang, form.proposal.numbers[-1]
    is_there = len(form.years) > OUTLINE_YEARS
    notes = (
        say("rounding_note", lang).format(say("sheet_base", lang)),
        say("lasting_note" if is_there else "lasting_missing", lang).format(last),
        say("draft_note", lang),
    )
    text = " ".join(notes)
    sheet.merge_range(row, 0, row, _YEAR + OUTLINE_YEARS, text, book.style("small"))
    sheet.set_row(row, 13 * lines_of(text, _TEXT_WIDTH + 10))
    return row + 1


def _write_texts(
    book: Book, sheet: "Worksheet", form: Form, memo: Sequence[MemoRow], row: int
) -> None:
    """Write the texts of the form on a page of their own, all to be approved."""
    sheet.set_h_pagebreaks([row])
    known = KnownFigures([base.line for base in form.rows], memo, form.outline)
    for key, text in form_texts(form.proposal, form.payer, known):
        sheet.merge_range(row, 0, row, _YEAR + OUTLINE_YEARS, say(key, book.lang),
                          book.style("heading"))  # fmt: skip
        sheet.merge_range(row + 1, 0, row + 1, _YEAR + OUTLINE_YEARS, text,
                          book.style("fill_in_text"))  # fmt: skip
        sheet.set_row(row + 1, max(14 * lines_of(text, _TEXT_WIDTH), 28))
        row += 2


def _short_payer(proposal: Proposal, payer: str) -> str:
    """Return the letters a committee goes by, in brackets in its name; nothing for others."""
    label = proposal.payer_label(payer)
    has_letters = payer != proposal.payer and label.endswith(")") and "(" in label
    return label.rpartition("(")[2].removesuffix(")") if has_letters else ""
