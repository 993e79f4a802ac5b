"""A workbook under way: its formats, its sheets, and the same bytes every time."""

import datetime
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stepdown.extras import require
from stepdown.report.words import Language, percent

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["Book", "lines_of", "require_xlsx", "sheet_name"]

_CREATED = datetime.datetime(2000, 1, 1)  # a date of its own would change the bytes of each export
_FONT = {"font_name": "Calibri", "font_size": 10, "valign": "vcenter"}
_GREY, _BLUE, _YELLOW, _RULE = "#F2F2F2", "#DCE6F1", "#FFF2CC", "#7F7F7F"
_SIGNED = "+#,##0;-#,##0;0"
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 15},
    "lead": {"text_wrap": True, "valign": "top"},
    "small": {"text_wrap": True, "valign": "top", "font_size": 9, "font_color": "#404040"},
    "field": {"bold": True},
    "text": {"text_wrap": True, "valign": "top"},
    "plain": {},
    "link": {"font_color": "#0563C1", "underline": 1},
    "fill_in": {"bg_color": _YELLOW, "border": 1, "border_color": _RULE},
    "fill_in_text": {
        "bg_color": _YELLOW, "border": 1, "border_color": _RULE, "text_wrap": True, "valign": "top",
    },
    "header": {
        "bold": True, "bg_color": _BLUE, "bottom": 1, "text_wrap": True, "valign": "bottom",
    },
    "header_right": {
        "bold": True, "bg_color": _BLUE, "bottom": 1, "align": "right", "text_wrap": True,
        "valign": "bottom",
    },
    "section": {"bold": True, "italic": True},
    "line": {"indent": 1, "text_wrap": True},
    "memo": {"indent": 1, "text_wrap": True, "font_color": "#404040"},
    "function": {"align": "center"},
    "function_open": {"align": "center", "bg_color": _YELLOW},
    "amount": {"num_format": _SIGNED},
    "memo_amount": {"num_format": _SIGNED, "font_color": "#404040"},
    "share": {"num_format": "0%"},
    "total": {"bold": True, "top": 1, "bg_color": _GREY},
    "total_amount": {"bold": True, "top": 1, "bg_color": _GREY, "num_format": _SIGNED},
    "net": {"bold": True, "top": 1, "bottom": 6, "bg_color": _BLUE},
    "net_amount": {
        "bold": True, "top": 1, "bottom": 6, "bg_color": _BLUE, "num_format": _SIGNED,
    },
    "rounding": {"indent": 1, "italic": True, "text_wrap": True},
    "rounding_amount": {"italic": True, "num_format": "+0.0;-0.0;0.0"},
    "kroner": {"num_format": "#,##0;-#,##0;0"},
    "count": {"num_format": "#,##0.0"},
    "year": {"num_format": "0"},
    "heading": {"bold": True, "font_size": 11, "bottom": 1},
}  # fmt: skip


@dataclass
class Book:
    """One workbook; sheets are added in order, and the bytes come at the end."""

    lang: Language
    title: str
    _file: io.BytesIO = field(default_factory=io.BytesIO)
    _formats: dict[str, "Format"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_xlsx()
        import xlsxwriter

        self.workbook = xlsxwriter.Workbook(
            self._file,
            # A name in a scenario that begins with = is a text, and no link is made of an address.
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        self.workbook.set_properties({"title": self.title, "created": _CREATED})
        self.workbook.set_calc_mode("auto")
        self.names: list[str] = []

    def style(self, name: str) -> "Format":
        """Return a format by name; each is made once."""
        if name not in self._formats:
            self._formats[name] = self.workbook.add_format(_FONT | _FORMATS[name])
        return self._formats[name]

    def share_style(self, share: float) -> "Format":
        """Return the format that shows a probability as it is told elsewhere: "<1 %"."""
        shown = percent(share, self.lang)
        if shown[0] not in "<>":
            return self.style("share")
        if shown not in self._formats:
            self._formats[shown] = self.workbook.add_format(_FONT | {"num_format": f'"{shown}"'})
        return self._formats[shown]

    def write_share(self, sheet: "Worksheet", row: int, column: int, share: float) -> None:
        """Write a probability: the cell holds the number and shows it rounded."""
        sheet.write_number(row, column, share, self.share_style(share))

    def sheet(self, name: str, *, repeat: int, freeze: tuple[int, int]) -> "Worksheet":
        """Add a sheet that prints on A4 across; `repeat` is the row that every page begins with."""
        sheet = self.workbook.add_worksheet(name)
        self.names.append(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.repeat_rows(repeat)
        sheet.freeze_panes(*freeze)
        sheet.hide_gridlines(2)
        sheet.set_footer("&L&8&F - &A&R&8&P / &N")
        return sheet

    def data(self) -> bytes:
        """Finish the workbook and return its bytes."""
        self.workbook.close()
        return self._file.getvalue()


def require_xlsx() -> None:
    """Refuse to write a workbook without the library that writes them.

    Raises
    ------
    MissingExtraError
        xlsxwriter is missing or too old.
    """
    require("writing a workbook", "excel", "xlsxwriter")


def sheet_name(wanted: str, taken: list[str], suffix: str = "") -> str:
    """Return a name that Excel takes: 31 characters, without its special ones, no two alike."""
    clean = re.sub(r"[\[\]:*?/\\']", " ", wanted)
    clean = re.sub(r"\s+", " ", clean).strip() or "-"
    for number in range(1, 1000):
        end = suffix if number == 1 else f"{suffix} {number}"
        name = clean[: 31 - len(end)].rstrip() + end
        if name.casefold() not in {own.casefold() for own in taken}:
            return name
    raise AssertionError("own invariant: a workbook has fewer sheets")


def lines_of(text: str, width: int) -> int:
    """Return how many lines a wrapped text takes in a cell of some characters' width."""
    return sum(-(-max(len(part), 1) // width) for part in text.split("\n"))
