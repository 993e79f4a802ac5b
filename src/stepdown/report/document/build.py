"""The whole report of a run, in one language: its sections in the order they are read."""

import xarray as xr

from stepdown.report.document.assumptions import assumptions_section
from stepdown.report.document.checklists import cheers_section, soem_section
from stepdown.report.document.children_pages import children_section
from stepdown.report.document.comparison import comparison_section
from stepdown.report.document.drivers import drivers_section
from stepdown.report.document.facts import facts_of
from stepdown.report.document.first_page import first_page
from stepdown.report.document.limits import limits_section
from stepdown.report.document.method import method_section
from stepdown.report.document.model import Document
from stepdown.report.document.money_pages import money_section
from stepdown.report.document.provenance import footer, provenance_section
from stepdown.report.words import Language
from stepdown.store import scenario_of

__all__ = ["build_document"]


def build_document(
    result: xr.Dataset, lang: Language = "da", *, strategy: str | None = None
) -> Document:
    """Return the report of a run.

    Parameters
    ----------
    result
        Of `simulate` or `open_result`.
    lang
        Danish or English.

    Other arguments
    ---------------
    strategy
        The strategy that the first page is about; else the one with the largest published saving,
        of a grid of levels the one with the best mean, of others the file's first.

    Raises
    ------
    InputError
        The run has no futures to tell of (for expectations, or with common luck), has no such
        strategy, or does not hold its scenario.
    MissingExtraError
        Babel is missing or too old.

    Decision: docs/decisions/0029-what-the-report-says.md.
    """
    facts = facts_of(result, scenario_of(result), lang, strategy)
    write, title = facts.write, str(result.attrs[f"title_{lang}"])
    found = [
        first_page(facts),
        money_section(facts),
        children_section(facts),
        comparison_section(facts),
        drivers_section(facts),
        limits_section(facts),
        method_section(facts),
        assumptions_section(facts.loaded, write),
    ]
    sections = [section for section in found if section is not None]
    titles = {section.key: section.title for section in sections}
    sections += [
        cheers_section(facts, titles),
        soem_section(facts, titles),
        provenance_section(facts),
    ]
    municipality = title.partition(":")[0]
    subtitle = write.say(
        f"{municipality}: budgetår {facts.period}, faste {facts.prices}",
        f"{municipality}: budget years {facts.period}, fixed {facts.prices}",
    )
    return Document(
        lang=lang,
        title=title,
        subtitle=subtitle,
        sections=tuple(sections),
        contents_title=write.say("Indhold", "Contents"),
        table_title=write.say("Tallene som tabel", "The figures as a table"),
        footer=footer(facts),
    )
