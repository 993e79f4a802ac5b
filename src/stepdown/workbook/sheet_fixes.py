"""Fixes meant for a scenario file, said for somebody who sits before a workbook."""

import re

from stepdown.report.words import Language
from stepdown.workbook.layout import CHOICES, LAYOUT, SCENARIO_KEYS
from stepdown.workbook.rows import heading_of

__all__ = ["as_typed", "in_words_of_the_sheet"]

_SETTING = re.compile(r'("?[a-z_0-9]+"?) = ("[^"]*"|[^\s,;]+)')
_FIGURE = re.compile(r"([a-z_]+) = \{ value = ([^,}]+)[^}]*\}")
_ROW = re.compile(r"(?:saving|investment)\.[a-z_]+ = \{[^}]*\}")
_COLUMNS = {
    "value": "center", "mode": "center", "median": "center", "mean": "center",
    "cases_per_caseworker": "center", "interval_months": "center", "courses_per_year": "center",
    "realised_share": "share_center", "delay_months": "delay_center",
}  # fmt: skip
"""Columns whose key in a file is another; those of a distribution share one."""
_UNKNOWN = {"NUMBER": "the number", "YEAR": "the year", "YEAR-MONTH": "the year and month"}
"""What a file's fix leaves to its reader."""
_GROUPED = re.compile(r"(?<=\d)_(?=\d{3})")


def in_words_of_the_sheet(fix: str, cell: str, lang: Language) -> str:
    """Return a fix with keys as headings, and numbers as they are typed into a cell.

    Parameters
    ----------
    cell
        What it is about, as Sheet!C5.
    """
    sheet = cell.partition("!")[0]

    def said(match: re.Match[str]) -> str:
        key, value = match[1].strip('"'), match[2].strip('"')
        if key.isdigit():
            return f"{_choice(value, lang)} under {key}"
        words = _heading(sheet, key, lang)
        return match[0] if words is None else f'{_choice(value, lang)} in "{words}"'

    # What a source says nothing of is not thrown away for that.
    text = re.sub(r"^remove \d{4}, or ", "", as_typed(fix))
    amounts = next(layout for layout in LAYOUT if layout.key == "amounts")
    text = _ROW.sub(f'a row in the sheet "{amounts.name(lang)}"', text)
    return _SETTING.sub(said, _FIGURE.sub(said, text))


def as_typed(text: str) -> str:
    """Return a text with its numbers as they are typed into a cell: 470000 for 470_000."""
    return _GROUPED.sub("", text)


def _heading(sheet: str, key: str, lang: Language) -> str | None:
    """Return the heading that a key of a file has in a sheet; None where no column has it."""
    for layout in LAYOUT:
        if sheet in (layout.da, layout.en):
            own = _COLUMNS.get(key, key)
            words = heading_of(layout.columns, own, lang)
            return None if words == own else words
    both = SCENARIO_KEYS.get(key)
    return None if both is None else both[0 if lang == "da" else 1]


def _choice(value: str, lang: Language) -> str:
    if value in _UNKNOWN:
        return _UNKNOWN[value]
    for options in CHOICES.values():
        if value in options:
            return options[value][0 if lang == "da" else 1]
    return value
