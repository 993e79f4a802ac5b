"""The sheets and columns of the template: what is written, and how it is read back."""

from dataclasses import dataclass
from typing import Literal

from stepdown.report.words import Language

__all__ = [
    "CHOICES",
    "LAYOUT",
    "SCENARIO_KEYS",
    "VERSION",
    "Column",
    "SheetLayout",
    "choice_word",
    "choice_words",
]

VERSION = 1
"""Of the template; a book of another version is refused."""

Kind = Literal["code", "text", "number", "kroner", "share", "year", "choice"]


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
    may_lack: bool = False
    """Whether a sheet is read without it: what is not read, or was added later."""

    @property
    def is_number(self) -> bool:
        """Whether its cells hold numbers, a year among them."""
        return self.kind in ("number", "kroner", "share", "year")

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
    is_new: bool = False
    """Whether books that were filled in before it was added are read without it."""

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
    "same": {"yes": ("ja", "yes"), "no": ("nej", "no")},
    "lever_unit": {
        "cases per caseworker": ("sager pr. rådgiver", "cases per caseworker"),
        "months": ("måneder", "months"),
        "courses per year": ("forløb pr. år", "courses per year"),
        "posts": ("årsværk", "posts"),
        "children": ("børn", "children"),
        "per year": ("pr. år", "per year"),
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


def choice_word(name: str, own: str, lang: Language) -> str:
    """Return the word of one choice in a language, as a cell has it."""
    return CHOICES[name][own][0 if lang == "da" else 1]


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
    "law": ("Lov (kode)", "Law (code)"),
    "stock_date": (
        "Børnene er talt ultimo (år-måned)", "Children counted at the end of (year-month)",
    ),
    "stock_source": ("Kilde til antal børn", "Source of the numbers of children"),
    "stock_assumption": ("Antagelse om antal børn", "Assumption on the numbers of children"),
}  # fmt: skip
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
_SAME = Column("same", "Gælder også os", "Ours too", "choice", 13, choices="same", may_lack=True)
"""Whether a figure of the municipality that a book was filled in from holds for this one too."""
_UNREAD = Column("label", "Betegnelse (læses ikke)", "Label (not read)", width=36, may_lack=True)
_AFTER = (Column("after", "Efter sidste år", "After the last year", "choice", 15, choices="after"),)

LAYOUT: tuple[SheetLayout, ...] = (
    SheetLayout(
        "strategies", "Strategier", "Strategies",
        "De handlemuligheder, som regnes mod ingen indsats.",
        "The courses of action that are compared with doing nothing.",
        (Column("strategy", "Strategi", "Strategy", "code", 26, needed=True), *_LABELS, _SAME),
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
        "children", "Børn", "Children",
        "Kommunens egne børn på hvert trin den dag, de er talt (arket Scenarie). Uden for"
        " rækkevidde: børn, som andre kommuner har ansvaret for, og som ingen indsats flytter.",
        "The municipality's own children on each step on the day they were counted (sheet"
        " Scenario). Beyond reach: handled by other municipalities, so no strategy moves them.",
        (
            Column("step", "Trin", "Step", "code", 22, needed=True),
            _UNREAD,
            Column("children", "Børn", "Children", "number", 10),
            Column("beyond", "Uden for rækkevidde", "Beyond reach", "number", 13),
            _SAME,
        ),
        is_new=True,
    ),
    SheetLayout(
        "levers", "Indsatser", "Levers",
        "Hvad der gælder i dag (strategi: baseline), og hvornår hver strategis indsatser begynder,"
        " og hvor store de er.",
        "What holds today (strategy: baseline), and when the levers of each strategy start, and how"
        " large they are.",
        (
            Column("strategy", "Strategi", "Strategy", "code", 20, needed=True),
            Column("lever", "Indsats", "Lever", "code", 20, needed=True),
            Column("effect", "Virkning", "Effect", "code", 20),
            _UNREAD,
            Column("start", "Start (år-måned)", "Start (year-month)", "text", 12),
            Column("end", "Slut (år-måned)", "End (year-month)", "text", 12),
            Column("low", "Lav", "Low", "number", 9),
            Column("center", "Værdi, eller midten", "Value, or middle", "number", 12),
            Column("high", "Høj", "High", "number", 9),
            Column("unit", "Enhed", "Unit", "choice", 20, choices="lever_unit"),
            Column("source", "Kilde", "Source", "text", 36),
            Column("grade", "Grad", "Grade", "choice", 14, choices="grade"),
            Column("assumption", "Antagelse", "Assumption", "text", 36),
            Column("note", "Note", "Note", "text", 24),
            _SAME,
        ),
        is_new=True,
    ),
    SheetLayout(
        "prices", "Priser", "Prices",
        "Hvad en plads koster på hvert trin, og priser, som flere linjer deler.",
        "What a place costs on each step, and prices that several lines share.",
        (
            Column("what", "Art", "Kind", "choice", 12, needed=True, choices="kind_of_price"),
            Column("item", "Trin eller pris", "Step or price", "code", 22, needed=True),
            _UNREAD,
            Column("unit", "Enhed", "Unit", "choice", 24, needed=True, choices="price_unit"),
            Column("distribution", "Fordeling", "Distribution", "choice", 12, needed=True,
                   choices="distribution"),
            Column("center", "Værdi, eller midten", "Value, or middle", "kroner", 13),
            Column("low", "Lav", "Low", "kroner", 11),
            Column("high", "Høj", "High", "kroner", 11),
            Column("sd", "Spredning", "Std. dev.", "kroner", 11),
            *_BASIS, _SAME,
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
            Column("price", "Pris pr. årsværk", "Price of a post", "kroner", 14),
            Column("price_year", "Prisår", "Price year", "year", 9),
            Column("source", "Kilde til pris", "Source of price", "text", 36),
            Column("grade", "Grad", "Grade", "choice", 14, choices="grade"),
            Column("assumption", "Antagelse om pris", "Assumption on price", "text", 30),
            Column("note", "Note om pris", "Note on price", "text", 22), _SAME,
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
            Column("share_low", "Andel, lav", "Share, low", "share", 10),
            Column("share_center", "Andel, mest sandsynlig", "Share, most likely", "share", 12),
            Column("share_high", "Andel, høj", "Share, high", "share", 10),
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
            *_AFTER, *_BASIS, _SAME,
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
            *_AFTER, *_BASIS, _SAME,
        ),
        has_years=True,
    ),
)  # fmt: skip
