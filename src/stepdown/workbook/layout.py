"""The sheets and columns of the template: what is written, and how it is read back."""

from dataclasses import dataclass
from typing import Literal

from stepdown.report.words import Language

__all__ = ["CHOICES", "LAYOUT", "SCENARIO_KEYS", "VERSION", "Column", "SheetLayout", "choice_words"]

VERSION = 1
"""Of the template; a book of another version is refused."""

Kind = Literal["code", "text", "number", "year", "choice"]


@dataclass(frozen=True)
class Column:
    """One column: its heading in both languages, and what a cell holds."""

    key: str
    da: str
    en: str
    kind: Kind = "text"
    width: int = 14
    needed: bool = False
    choices: str = ""
    """Name of the choices, in `CHOICES`."""

    def heading(self, lang: Language) -> str:
        """Return the heading in a language."""
        return self.da if lang == "da" else self.en


@dataclass(frozen=True)
class SheetLayout:
    """One sheet: its name and title in both languages, its columns, and whether years follow."""

    key: str
    da: str
    en: str
    lead_da: str
    lead_en: str
    columns: tuple[Column, ...]
    has_years: bool = False

    def name(self, lang: Language) -> str:
        """Return the sheet's name in a language."""
        return self.da if lang == "da" else self.en


CHOICES: dict[str, dict[str, tuple[str, str]]] = {
    "kind_of_price": {"step": ("trin", "step"), "shared": ("delt pris", "shared price")},
    "price_unit": {
        "DKK per child and year": ("kr. pr. barn pr. år", "DKK per child and year"),
        "DKK per child and month": ("kr. pr. barn pr. måned", "DKK per child and month"),
        "DKK per post and year": ("kr. pr. årsværk pr. år", "DKK per post and year"),
        "DKK per course": ("kr. pr. forløb", "DKK per course"),
    },
    "distribution": {
        "value": ("fast tal", "fixed"),
        "triangular": ("trekant", "triangular"),
        "uniform": ("jævn", "uniform"),
        "lognormal": ("lognormal", "lognormal"),
        "normal": ("normal", "normal"),
        "gamma": ("gamma", "gamma"),
    },
    "amount": {
        "saving": ("besparelse", "saving"),
        "investment": ("investering", "investment"),
        "cost": ("udgift", "cost"),
        "grant": ("tilskud", "grant"),
    },
    "line_kind": {
        "estimate": ("skøn", "estimate"),
        "target": ("måltal", "target"),
        "residual": ("restopgave", "residual"),
    },
    "after": {"repeat": ("gentag", "repeat"), "zero": ("nul", "zero")},
    "scope": {"measures": ("indsatser", "measures"), "net": ("netto", "net")},
    "grade": {
        "evaluation": ("evaluering", "evaluation"),
        "register": ("register", "register"),
        "tariff": ("takst", "tariff"),
        "expert": ("sagkyndigt skøn", "expert"),
    },
}
"""Words of each choice by the scenario's own word: Danish, English."""


def choice_words(name: str, lang: Language) -> list[str]:
    """Return the words that a cell of a choice may hold, in a language."""
    return [words[0 if lang == "da" else 1] for words in CHOICES[name].values()]


SCENARIO_KEYS: dict[str, tuple[str, str]] = {
    "version": ("Skabelonens version", "Version of the template"),
    "extends": ("Bygger på scenariet", "Extends the scenario"),
    "name": ("Navn (små bogstaver a-z, tal og _)", "Name (lower-case a-z, digits and _)"),
    "title_da": ("Titel på dansk", "Title in Danish"),
    "title_en": ("Titel på engelsk", "Title in English"),
    "description_da": ("Spørgsmål på dansk", "Question in Danish"),
    "description_en": ("Spørgsmål på engelsk", "Question in English"),
    "price_level": ("Prisniveau (år)", "Price level (year)"),
    "first_budget_year": ("Første budgetår", "First budget year"),
    "n_budget_years": ("Antal budgetår", "Number of budget years"),
    "municipality": ("Kommune (for egne kilder)", "Municipality (for sources of your own)"),
    "source_date": ("Dato for egne kilder", "Date of sources of your own"),
}
"""Rows of the sheet that says what the scenario is."""

_BASIS = (
    Column("price_year", "Prisår", "Price year", "year", 9, needed=True),
    Column("source", "Kilde", "Source", "text", 36),
    Column("grade", "Grad", "Grade", "choice", 14, choices="grade"),
    Column("assumption", "Antagelse", "Assumption", "text", 36),
    Column("note", "Note", "Note", "text", 24),
)
_LABELS = (
    Column("label_da", "Navn på dansk", "Name in Danish", "text", 32),
    Column("label_en", "Navn på engelsk", "Name in English", "text", 32),
)
_AFTER = (Column("after", "Efter sidste år", "After the last year", "choice", 15, choices="after"),)

LAYOUT: tuple[SheetLayout, ...] = (
    SheetLayout(
        "strategies", "Strategier", "Strategies",
        "De handlemuligheder, som regnes mod ingen indsats.",
        "The courses of action that are compared with doing nothing.",
        (Column("strategy", "Strategi", "Strategy", "code", 26, needed=True), *_LABELS),
    ),
    SheetLayout(
        "payers", "Udvalg", "Committees",
        "Hvem der betaler. Et udvalg er en del af kommunen (municipality).",
        "Who pays. A committee is part of the municipality.",
        (
            Column("payer", "Betaler", "Payer", "code", 24, needed=True), *_LABELS,
            Column("part_of", "Del af", "Part of", "code", 16),
        ),
    ),
    SheetLayout(
        "prices", "Priser", "Prices",
        "Hvad en plads koster på hvert trin, og priser, som flere linjer deler.",
        "What a place costs on each step, and prices that several lines share.",
        (
            Column("what", "Art", "Kind", "choice", 12, needed=True, choices="kind_of_price"),
            Column("item", "Trin eller pris", "Step or price", "code", 22, needed=True),
            Column("label", "Betegnelse (læses ikke)", "Label (not read)", "text", 26),
            Column("unit", "Enhed", "Unit", "choice", 24, needed=True, choices="price_unit"),
            Column("distribution", "Fordeling", "Distribution", "choice", 12, needed=True,
                   choices="distribution"),
            Column("center", "Værdi, eller midten", "Value, or middle", "number", 13),
            Column("low", "Lav", "Low", "number", 11),
            Column("high", "Høj", "High", "number", 11),
            Column("sd", "Spredning", "Std. dev.", "number", 11),
            *_BASIS,
        ),
    ),
    SheetLayout(
        "posts", "Poster", "Posts",
        "Årsværk, som en strategi køber: antal gange pris.",
        "Full-time posts that a strategy buys: number times price.",
        (
            Column("strategy", "Strategi", "Strategy", "code", 20, needed=True),
            Column("investment", "Investering", "Investment", "code", 18, needed=True),
            Column("cost", "Post", "Post", "code", 16, needed=True), *_LABELS,
            Column("start", "Start (år-måned)", "Start (year-month)", "text", 12),
            Column("payer", "Betaler", "Payer", "code", 16),
            Column("posts", "Årsværk", "Full-time posts", "number", 10, needed=True),
            Column("posts_source", "Kilde til årsværk", "Source of posts", "text", 36),
            Column("posts_assumption", "Antagelse om årsværk", "Assumption on posts", "text", 30),
            Column("posts_note", "Note om årsværk", "Note on posts", "text", 22),
            Column("shared", "Delt pris", "Shared price", "code", 16),
            Column("price", "Pris pr. årsværk", "Price of a post", "number", 14),
            Column("price_year", "Prisår", "Price year", "year", 9),
            Column("source", "Kilde til pris", "Source of price", "text", 36),
            Column("grade", "Grad", "Grade", "choice", 14, choices="grade"),
            Column("assumption", "Antagelse om pris", "Assumption on price", "text", 30),
            Column("note", "Note om pris", "Note on price", "text", 22),
        ),
    ),
    SheetLayout(
        "lines", "Linjer", "Lines",
        "Budgetlinjer uden beregning bag: hvor stor en del kommer (1 = alt), og hvor sent.",
        "Budget lines without a calculation: how much comes true (1 = all), and how late.",
        (
            Column("line", "Linje", "Line", "code", 22, needed=True), *_LABELS,
            Column("kind", "Art", "Kind", "choice", 12, needed=True, choices="line_kind"),
            Column("strategies", "Strategier (med komma)", "Strategies (comma)", "text", 26,
                   needed=True),
            Column("cause", "Fælles årsag", "Common cause", "code", 16),
            Column("share_low", "Andel, lav", "Share, low", "number", 10),
            Column("share_center", "Andel, mest sandsynlig", "Share, most likely", "number", 12),
            Column("share_high", "Andel, høj", "Share, high", "number", 10),
            Column("share_source", "Kilde til andel", "Source of share", "text", 24),
            Column("share_assumption", "Antagelse om andel", "Assumption on share", "text", 36),
            Column("delay_low", "Måneder, lav", "Months, low", "number", 10),
            Column("delay_center", "Måneder, mest sandsynlig", "Months, most likely", "number", 12),
            Column("delay_high", "Måneder, høj", "Months, high", "number", 10),
            Column("delay_source", "Kilde til forsinkelse", "Source of delay", "text", 24),
            Column("delay_assumption", "Antagelse om forsinkelse", "Assumption on delay", "text",
                   36),
        ),
    ),
    SheetLayout(
        "amounts", "Beløb", "Amounts",
        "Kroner pr. år, altid positive. Linjer har besparelse og investering, strategier udgift og"
        " tilskud.",
        "Kroner a year, always positive. Lines have saving and investment, strategies cost and"
        " grant.",
        (
            Column("type", "Type", "Type", "choice", 13, needed=True, choices="amount"),
            Column("strategy", "Strategi", "Strategy", "code", 20),
            Column("investment", "Investering", "Investment", "code", 18),
            Column("name", "Linje, udgift eller tilskud", "Line, cost or grant", "code", 24,
                   needed=True),
            *_LABELS,
            Column("start", "Start (år-måned)", "Start (year-month)", "text", 12),
            Column("payer", "Betaler (tilskud: giver)", "Payer (grant: giver)", "code", 18,
                   needed=True),
            *_AFTER, *_BASIS,
        ),
        has_years=True,
    ),
    SheetLayout(
        "published", "Offentliggjort", "Published",
        "Besparelser, som byrådet har fået oplyst, positive. Netto kan være negativ.",
        "Savings that the council was told to expect, positive. Net may be negative.",
        (
            Column("strategy", "Strategi", "Strategy", "code", 24, needed=True),
            Column("line", "Linje", "Line", "code", 18, needed=True), *_LABELS,
            Column("kind", "Art", "Kind", "choice", 12, needed=True, choices="line_kind"),
            Column("scope", "Omfang", "Scope", "choice", 12, needed=True, choices="scope"),
            Column("payer", "Betaler", "Payer", "code", 16),
            *_AFTER, *_BASIS,
        ),
        has_years=True,
    ),
)  # fmt: skip
