"""Rows of amounts by year: which years must stand there, and what holds after the last."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from stepdown.workbook.layout import choice_word
from stepdown.workbook.rows import BookReader, Row

__all__ = ["BudgetYears", "check_years"]

_INSIDE = "a year inside a row has an amount; an empty cell is not taken for 0"
_KEPT = "a year that the extended scenario has an amount for has one here too"


class BudgetYears(NamedTuple):
    """The first and the last year of the budget tables."""

    first: int
    last: int


def check_years(
    reader: BookReader, row: Row, known: Mapping[str, Any], span: BudgetYears, *, is_promise: bool
) -> None:
    """Report the budget years that a row says nothing of.

    Parameters
    ----------
    known
        The same row in the scenario that the book extends; empty where it has none.
    is_promise
        Whether it is a published saving, which says nothing of years before and after it.

    Notes: a row has amounts from the first budget year, or from where the row that it extends
    begins, without a gap; after its last amount a column says what holds, unless that is 0 or the
    row that it extends says nothing of it either.
    """
    if not row.years or any(key.isdigit() for key in row.wrong):
        return
    outside = [int(year) for year in row.years if not span.first <= int(year) <= span.last]
    for year in outside:
        reader.say(row, str(year), f"an amount of {year}, which is no budget year",
                   f"the budget years are {span.first} to {span.last}",
                   "change the year in the heading, or the budget years in the first"
                   " sheet")  # fmt: skip
    given = [int(year) for year in row.years if int(year) not in outside]
    if not given:
        return
    before = {int(year) for year in known.get("by_year", {})}
    inside = set(range(given[0], given[-1] + 1))
    kept = {year for year in before if span.first <= year <= span.last} - inside
    if not is_promise and not (before and min(before) == given[0]):
        inside |= set(range(span.first, given[0]))
    for years, rule in ((inside, _INSIDE), (kept, _KEPT)):
        _tell_missing(reader, row, sorted(years - set(given)), rule)
    ends_early = given[-1] < span.last and row.years[str(given[-1])] != 0
    is_as_before = before and max(before) == given[-1] and "after" not in known
    if not is_promise and ends_early and row.is_empty("after") and not is_as_before:
        reader.say(row, "after", f"nothing is said of the years after {given[-1]}",
                   f"the budget years go on to {span.last}",
                   f'write "{choice_word("after", "repeat", reader.lang)}" if the last amount'
                   f' holds on, or "{choice_word("after", "zero", reader.lang)}"')  # fmt: skip


def _tell_missing(reader: BookReader, row: Row, years: list[int], rule: str) -> None:
    """Report years without an amount, at their cells or where their columns are missing."""
    fix = "write the amount; 0 if there is none"
    for year in years:
        if str(year) in row.cells:
            reader.say(row, str(year), f"no amount for {year}", rule, fix)
    gone = [str(year) for year in years if str(year) not in row.cells]
    if gone:
        row.wrong |= set(gone)
        headings = ", ".join(gone)
        reader.tell(f"{row.sheet}!{row.number}:{row.number}", f"no amount for {headings}", rule,
                    f"add a column with the heading {headings}, and {fix}")  # fmt: skip
