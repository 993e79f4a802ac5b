"""The sheet of every figure behind a calculation, with its source and grade; assumptions first."""

from collections.abc import Iterator, Mapping
from typing import Any

from stepdown.report.words import Language, number
from stepdown.scenario import LoadedScenario
from stepdown.scenario.model import Frailty, StartStock, Stock
from stepdown.scenario.money import Reimbursement
from stepdown.scenario.quantity import Provenance, Quantity, YearRow
from stepdown.scenario.tree import figures
from stepdown.workbook.book import Book, lines_of
from stepdown.workbook.words import say

__all__ = ["write_assumptions"]

_SMALL = 5  # real children: fewer are not told
_WIDTHS = (40, 34, 16, 8, 11, 50, 14, 60)
_KEYS = ("key", "value", "unit", "price_year", "is_assumed", "assumption", "grade", "source")
_SHAPES = ("low", "mode", "median", "mean", "high", "sd")


def write_assumptions(book: Book, loaded: LoadedScenario) -> None:
    """Write one row for each figure of the scenario."""
    lang = book.lang
    rows = sorted(_rows(loaded, lang), key=lambda row: (row[4] != say("yes", lang), row[0]))
    assumed = sum(row[4] == say("yes", lang) for row in rows)
    sheet = book.sheet(say("sheet_assumptions", lang), repeat=3, freeze=(4, 1))
    title = say("assumptions_title", lang).format(n=len(rows), assumed=assumed)
    sheet.write(0, 0, title, book.style("title"))
    sheet.write(1, 0, say("assumptions_lead", lang), book.style("plain"))
    text = book.style("text")
    columns = [
        {"header": say(key, lang), "header_format": book.style("header"), "format": text}
        for key in _KEYS
    ]
    options = {
        "columns": columns,
        "data": rows,
        "name": "assumptions",
        "style": "Table Style Light 9",
    }
    sheet.add_table(3, 0, 3 + max(len(rows), 1), len(columns) - 1, options)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    for at, row in enumerate(rows, start=4):
        pairs = zip(row, _WIDTHS, strict=True)
        sheet.set_row(at, 14 * max(lines_of(str(text), width * 6 // 5) for text, width in pairs))


def _rows(loaded: LoadedScenario, lang: Language) -> Iterator[list[Any]]:
    for path, figure in figures(loaded.scenario):
        if isinstance(figure, Quantity) and figure.parameter is not None:
            continue
        grades, sources = _basis(loaded, figure, lang)
        yield [
            ".".join(str(part) for part in path),
            _value(figure, lang),
            getattr(figure, "unit", None) or "",
            getattr(figure, "price_year", None) or "",
            say("no" if figure.assumption is None else "yes", lang),
            figure.assumption or "",
            grades,
            sources,
        ]


def _value(figure: Provenance, lang: Language) -> str:
    """Return a figure in words; counts of few real children are not told."""
    if isinstance(figure, Reimbursement):
        bands = zip(figure.shares, figure.above, strict=True)
        return ", ".join(f"{_short(100 * s, lang)} % > {_short(a, lang)}" for s, a in bands)
    if isinstance(figure, YearRow):
        amounts = figure.by_year.items()
        return ", ".join(f"{year}: {_short(amount, lang)}" for year, amount in amounts)
    if isinstance(figure, Quantity):
        if figure.distribution is None:
            return "" if figure.value is None else _short(figure.value, lang)
        shape = ", ".join(
            f"{say(f'shape_{name}', lang)} {_short(getattr(figure, name), lang)}"
            for name in _SHAPES
            if getattr(figure, name) is not None
        )
        return f"{say(f'distribution_{figure.distribution}', lang)}: {shape}"
    if isinstance(figure, StartStock | Stock):
        beyond = getattr(figure, "beyond_reach", {})
        more = f"; {say('beyond_reach', lang)}: {_counts(beyond, lang)}" if beyond else ""
        return f"{_counts(figure.children, lang)}{more}"
    factors = getattr(figure, "factors", {}) or getattr(figure, "by_year", {})
    pairs = list(factors.items())
    if isinstance(figure, Frailty):
        shares = (f"{_short(100 * share, lang)} %" for share in figure.shares)
        pairs = list(zip(shares, figure.multipliers, strict=True))
    return ", ".join(f"{name}: {_short(value, lang)}" for name, value in pairs)


def _counts(children: Mapping[str, float], lang: Language) -> str:
    """Return the real children on each step; a few are not told."""
    return ", ".join(
        f"{name}: {'<5' if 0 < count < _SMALL else _short(count, lang)}"
        for name, count in children.items()
    )


def _short(value: float, lang: Language) -> str:
    """Return a number with the decimals that it has, at most 7."""
    digits = f"{value:.7f}".rstrip("0").partition(".")[2]
    return number(value, lang, len(digits))


def _basis(loaded: LoadedScenario, figure: Provenance, lang: Language) -> tuple[str, str]:
    """Return the grades and the sources that a figure cites."""
    grades, sources = [], []
    for key in figure.sources:
        source, cited = loaded.evidence.source(key), loaded.evidence.figure(key)
        place = source.address or source.municipality
        grade = say(f"grade_{cited.grade}", lang)
        grades += [] if grade in grades else [grade]
        sources.append(f"{key}: {source.title}, {source.publisher}, {source.date}, {place}")
    return ", ".join(grades), "; ".join(sources)
