"""What a published saving is called: what an evaluation found is no budget."""

import json
from collections.abc import Iterable
from typing import NamedTuple

import xarray as xr

from stepdown.report.words import Language

__all__ = ["PublishedWords", "basis_of", "line_words", "published_words", "words_of"]

Both = tuple[str, str]


class PublishedWords(NamedTuple):
    """Words of one kind of published saving, each in Danish and English."""

    heading: Both
    """Of a column."""
    adjective: Both
    """"The ... saving"."""
    amount: Both
    """An amount in a year, as the subject of a sentence."""
    change: Both
    """What it does to the budget, as a row of a table."""
    row: Both
    """A row of savings."""

    def head(self, lang: Language) -> str:
        """Return the heading of a column of amounts."""
        return self.heading[lang == "en"]

    def saving(self, lang: Language) -> str:
        """Return "the ... saving", without the article."""
        return f"{self.adjective[0]} besparelse" if lang == "da" else f"{self.adjective[1]} saving"


_WORDS = {
    "budget": PublishedWords(
        ("Budgetteret", "Budgeted"),
        ("budgetterede", "budgeted"),
        ("de budgetterede {amount} i {year}", "the budgeted {amount} in {year}"),
        ("Budgetteret ændring", "Budgeted change"),
        ("Budgetteret besparelse", "Budgeted saving"),
    ),
    "target": PublishedWords(
        ("Måltal", "Target"),
        ("målsatte", "targeted"),
        ("måltallet på {amount} i {year}", "the target of {amount} in {year}"),
        ("Ændring efter måltal", "Targeted change"),
        ("Måltal for besparelsen", "Targeted saving"),
    ),
    "evaluation": PublishedWords(
        ("Evalueret", "Evaluated"),
        ("evaluerede", "evaluated"),
        (
            "de {amount} i {year}, som en evaluering fandt,",
            "the {amount} in {year} that an evaluation found",
        ),
        ("Ændring efter evalueringen", "Change as evaluated"),
        ("Evalueret besparelse", "Evaluated saving"),
    ),
    "accounts": PublishedWords(
        ("Regnskab", "Accounts"),
        ("regnskabsførte", "recorded"),
        ("de {amount} i {year} fra regnskabet", "the {amount} in {year} from the accounts"),
        ("Ændring efter regnskabet", "Change in the accounts"),
        ("Besparelse efter regnskabet", "Saving in the accounts"),
    ),
    "estimate": PublishedWords(
        ("Anslået", "Estimated"),
        ("anslåede", "estimated"),
        ("de anslåede {amount} i {year}", "the estimated {amount} in {year}"),
        ("Anslået ændring", "Estimated change"),
        ("Anslået besparelse", "Estimated saving"),
    ),
    "several": PublishedWords(
        ("Offentliggjort", "Published"),
        ("offentliggjorte", "published"),
        ("de offentliggjorte {amount} i {year}", "the published {amount} in {year}"),
        ("Offentliggjort ændring", "Published change"),
        ("Offentliggjort besparelse", "Published saving"),
    ),
}


def words_of(basis: str) -> PublishedWords:
    """Return the words for a basis."""
    return _WORDS[basis]


def published_words(result: xr.Dataset, strategies: Iterable[str]) -> PublishedWords:
    """Return the words for what some strategies publish, residuals apart."""
    return _WORDS[basis_of(result, strategies)]


def basis_of(result: xr.Dataset, strategies: Iterable[str]) -> str:
    """Return what the published savings of some strategies are, residuals apart, or "several"."""
    lines = json.loads(result.attrs["published"])
    chosen = set(strategies)
    bases = {
        _basis(line)
        for key, line in lines.items()
        if key.rpartition(".")[0] in chosen and line.get("kind") != "residual"
    }
    return bases.pop() if len(bases) == 1 else "several"


def line_words(result: xr.Dataset, strategy: str, line: str) -> PublishedWords:
    """Return the words for one published line of a strategy."""
    return _WORDS[_basis(json.loads(result.attrs["published"]).get(f"{strategy}.{line}", {}))]


def _basis(line: dict[str, str]) -> str:
    """Return what a line is; a run that was stored before it was told has its kind and scope."""
    by_scope = "budget" if line.get("scope") == "budget_lines" else "estimate"
    return line.get("basis") or ("target" if line.get("kind") == "target" else by_scope)
