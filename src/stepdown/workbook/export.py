"""A finished run -> the budget form of a Danish municipality, as a workbook.

Decision: docs/decisions/0031-workbook.md.
"""

from collections.abc import Iterator, Sequence

import xarray as xr

from stepdown import analysis
from stepdown.analysis.purpose import is_for_expectation
from stepdown.errors import ParameterError, nearest
from stepdown.report.words import Language
from stepdown.scenario import LoadedScenario
from stepdown.workbook.assumptions import write_assumptions
from stepdown.workbook.base import BaseRow, base_rows, write_base
from stepdown.workbook.book import Book, sheet_name
from stepdown.workbook.charts import write_charts
from stepdown.workbook.form import Form, open_form, write_form
from stepdown.workbook.lines import Proposal, form_payers
from stepdown.workbook.overview import fill_overview, open_overview
from stepdown.workbook.provenance import write_provenance
from stepdown.workbook.tables import write_children, write_probabilities, write_quantiles
from stepdown.workbook.words import say

__all__ = ["workbook_of"]

_SHEETS = ("base", "quantiles", "probabilities", "children", "charts", "assumptions", "provenance")


def workbook_of(
    result: xr.Dataset,
    loaded: LoadedScenario,
    lang: Language = "da",
    strategies: Sequence[str] | None = None,
) -> bytes:
    """Return a run as a workbook: budget forms, uncertainty, children, assumptions, provenance.

    Parameters
    ----------
    result
        A result with at least two draws of independent luck.
    loaded
        The scenario it was run from.
    lang
        "da" or "en".
    strategies
        Those to have forms; every strategy unless given.

    Returns
    -------
        The bytes of an .xlsx file; the same for the same result.

    Raises
    ------
    InputError
        The library that writes workbooks is not installed.
    ParameterError
        There is no such strategy, or the run has no quantiles.
    """
    chosen = _chosen(result, strategies)
    if is_for_expectation(result):
        raise ParameterError(
            "a workbook shows quantiles and probabilities, which a run for expectations does not "
            "have. Run the scenario without --for expectation."
        )
    book = Book(lang, str(result.attrs[f"title_{lang}"]))
    years = analysis.budget_years(result)
    reached = analysis.saving_reached(years)
    children = analysis.children_beside_money(years) if "months_in_step" in years else None
    proposals = [Proposal(loaded.scenario, years, name, lang, reached, children) for name in chosen]
    rows = base_rows(proposals)
    overview = open_overview(book)
    reserved = [say(f"sheet_{key}", lang) for key in _SHEETS]
    totals = [_write_forms(book, own, rows, reserved) for own in proposals]
    forms = list(book.names[1:])
    write_base(book, proposals, rows)
    write_quantiles(book, proposals)
    write_probabilities(book, proposals)
    write_children(book, proposals)
    write_charts(book, proposals)
    write_assumptions(book, loaded)
    write_provenance(book, result, loaded)
    holds = [(name, say("holds_form", lang).format(name)) for name in forms]
    holds += [(say(f"sheet_{key}", lang), say(f"holds_{key}", lang)) for key in _SHEETS]
    fill_overview(book, overview, totals, holds)
    return book.data()


def _chosen(result: xr.Dataset, strategies: Sequence[str] | None) -> list[str]:
    """Return the strategies to write, in the order of the result."""
    known = [str(name) for name in result.strategy.values[1:]]
    for name in strategies or ():
        if name not in known:
            close = nearest(name, known)
            fix = f"Did you mean {close}?" if close else f"Name one of {', '.join(known)}."
            raise ParameterError(f'no strategy "{name}" in this run. {fix}')
    return [name for name in known if strategies is None or name in strategies]


def _write_forms(
    book: Book, proposal: Proposal, rows: Sequence[BaseRow], reserved: Sequence[str]
) -> Form:
    """Write the total form of a strategy and one of each committee; return the total.

    The total stands before the committees' and is written after them, since it names their cells.
    """
    own = [row for row in rows if row.strategy == proposal.strategy]
    taken = [*book.names, *reserved]
    names = list(_names(proposal, own, taken))
    total = Form(proposal, None, names[0][1], own)
    parts = [
        Form(proposal, payer, name, [row for row in own if row.line.payer == payer])
        for payer, name in names[1:]
    ]
    first, *others = [open_form(book, form) for form in (total, *parts)]
    for form, sheet in zip(parts, others, strict=True):
        write_form(book, sheet, form, ())
    write_form(book, first, total, parts)
    return total


def _names(
    proposal: Proposal, rows: Sequence[BaseRow], taken: list[str]
) -> Iterator[tuple[str | None, str]]:
    """Yield the payers that get a form, the total (None) first, each with the name of its sheet."""
    lang = proposal.lang
    parts = analysis.committees(proposal.years)
    suffix = f" - {say('in_total', lang)}" if parts else ""
    for payer in (None, *(form_payers(proposal.years) if parts else ())):
        if payer is not None:
            if not any(row.line.payer == payer for row in rows):
                continue
            label = proposal.payer_label(payer)
            letters = label.rpartition("(")[2].removesuffix(")") if label.endswith(")") else label
            suffix = f" - {letters[:12]}"
        name = sheet_name(proposal.label, taken, suffix)
        taken.append(name)
        yield payer, name
