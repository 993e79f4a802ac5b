"""What the writer of a wrong value most likely meant: read from that value, or not at all.

A fix is pasted. So it shows the writer's own month, year or number in the right form, and never one
that does not follow from what stands in the file.

Decision: docs/decisions/0035-rows-amounts-and-fixes.md.
"""

import datetime
import difflib
import re
from collections.abc import Mapping
from typing import Any

from stepdown.files.kroner import two_readings
from stepdown.files.words import amount_text, as_number

__all__ = [
    "is_misspelt_unit",
    "meant_band",
    "meant_month",
    "meant_number",
    "meant_whole",
    "meant_year",
    "model_years",
]

_LEAST_LIKENESS = 0.75
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?(\d{1,2})(?:[-/.]\d{1,2})?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_NAMED = re.compile(r"([a-zæøå]{3})[a-zæøå]*\.? (\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH_OF = {name: number for number, name in enumerate(_MONTHS, start=1)} | {"may": 5, "oct": 10}
_BAND = re.compile(r"(\d{1,4}) ?(?:[-\N{EN DASH}\N{EM DASH}] ?(\d{1,4})?|\+)")
_FOUR_DIGITS = re.compile(r"\D*(\d{4})\D*")


def meant_month(value: object) -> str | None:
    """Return the month that a date or a text names, as "2018-01"; None where it names none.

    Notes: of a whole date, its month. A day and a month without the year before them are not
    taken apart, since nobody can tell which is which.
    """
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m}"
    text = str(value).strip().lower()
    month, year = "0", ""
    if found := _YEAR_FIRST.fullmatch(text):
        year, month = found.groups()
    elif found := _YEAR_LAST.fullmatch(text):
        month, year = found.groups()
    elif found := _NAMED.fullmatch(text):
        month, year = str(_MONTH_OF.get(found.group(1), 0)), found.group(2)
    return f"{year}-{int(month):02}" if 1 <= int(month) <= 12 else None


def meant_year(text: str, years: range) -> str | None:
    """Return the year that a heading names: its four digits, or two digits in the model's years."""
    if four := _FOUR_DIGITS.fullmatch(text):
        return four.group(1)
    century = f"20{text}"
    return century if re.fullmatch(r"\d\d", text) and int(century) in years else None


def meant_band(text: str) -> str | None:
    """Return the band that a text names, such as "18+", as "18-"; None where it names none."""
    found = _BAND.fullmatch(text.strip())
    return f"{found.group(1)}-{found.group(2) or ''}" if found else None


def meant_number(text: str) -> str | None:
    """Say what to write for a number that stands as text; both numbers that it can mean, or None.

    Notes: 0.250 is nobody's thousand, if it is no amount of kroner.
    """
    readings = two_readings(text)
    if readings is not None and abs(readings.decimal) >= 1:
        return f"{amount_text(readings.decimal)} or {amount_text(readings.thousands)}"
    return as_number(text)


def meant_whole(value: float, token: str) -> str:
    """Say what to write for a decimal number where a whole one is wanted.

    Parameters
    ----------
    value
        The number read.
    token
        The number as it stands in the file: 1.250 children are more likely a thousand than one.
    """
    readings = two_readings(token)
    whole = f"{value:.0f}" if value == round(value) else ""
    if readings is not None:
        more = amount_text(readings.thousands)
        return f"{whole} or {more}" if whole else more
    return whole or f"{value // 1:.0f} or {value // 1 + 1:.0f}"


def model_years(tables: Mapping[str, Any]) -> range:
    """Return the years that the clock of a file runs through; none where it has no sound clock."""
    clock = tables.get("clock")
    clock = clock if isinstance(clock, dict) else {}
    first, count = clock.get("first_budget_year"), clock.get("n_budget_years")
    if not isinstance(first, int) or not isinstance(count, int):
        return range(0)
    starts = meant_month(clock.get("starts"))
    return range(min(first, int(starts[:4])) if starts else first, first + count)


def is_misspelt_unit(unit: str, wanted: str) -> bool:
    """Tell whether a unit is another one misspelt, word by word: a day is no misspelt year.

    Numbers given in another unit would stay what they are under the new name.
    """
    words, others = unit.lower().split(), wanted.lower().split()
    return len(words) == len(others) and all(map(_is_near, words, others))


def _is_near(word: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, word, other).ratio() >= _LEAST_LIKENESS
