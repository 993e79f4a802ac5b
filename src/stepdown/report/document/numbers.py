"""Numbers, money, shares and dates as a reader of the language expects them, by Babel."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import ModuleType

from stepdown.extras import require
from stepdown.report.probability import in_hundred, in_ten
from stepdown.report.words import Language

__all__ = ["MILLIONS", "Writer", "decimals_in_millions", "in_millions"]

_LOCALES = {"da": "da_DK", "en": "en_GB"}
_GAP = "\u00a0"  # a number and its unit stay on one line
_EMPTY = "-"
_FEW = 5  # real children; fewer are not told


def _babel(module: str) -> ModuleType:
    """Return a module of Babel; it is an extra, loaded when a report is made."""
    require("a report", "report", "babel")
    return import_module(f"babel.{module}")


MILLIONS = 945_000
"""Kroner from which an amount is told in millions."""


def in_millions(dkk: float) -> float:
    """Return an amount in millions as a page tells it, in a sentence and in a table alike."""
    return round(dkk / 1e6, decimals_in_millions(dkk))


def decimals_in_millions(dkk: float) -> int:
    """Return the decimals of an amount in millions."""
    return 1 if abs(dkk) < 99_950_000 else 0


@dataclass(frozen=True)
class Writer:
    """Writes in one language: chooses between two sentences, and puts numbers into words."""

    lang: Language

    def say(self, danish: str, english: str) -> str:
        """Return the sentence of the language; "kr." at its end has its full stop already."""
        return (danish if self.lang == "da" else english).replace("kr..", "kr.")

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with so many decimals; a dash for what is not a number."""
        if not math.isfinite(value):
            return _EMPTY
        value = round(value, decimals) + 0.0
        form = "#,##0" + ("." + "0" * decimals if decimals else "")
        return str(_babel("numbers").format_decimal(value, form, locale=_LOCALES[self.lang]))

    def amount(self, dkk: float) -> str:
        """Return kroner as a sentence says them: rounded, without a sign.

        Millions with one decimal (none from 100 million); below 0.95 million whole 10,000 kroner.
        """
        size = abs(dkk)
        if not math.isfinite(dkk):
            return _EMPTY
        if size >= MILLIONS:
            said = self.number(in_millions(size), decimals_in_millions(size))
            return self.say(f"{said}{_GAP}mio.{_GAP}kr.", f"DKK{_GAP}{said}{_GAP}million")
        if 0 < size < 5_000:
            return self.say(f"under{_GAP}10.000{_GAP}kr.", f"less than DKK{_GAP}10,000")
        said = self.number(round(size, -4))
        return self.say(f"{said}{_GAP}kr.", f"DKK{_GAP}{said}")

    def signed(self, dkk: float) -> str:
        """Return kroner as a sentence says them, with a minus where it is below 0."""
        said = self.amount(dkk)
        return f"minus{_GAP}{said}" if dkk <= -5_000 else said

    def result(self, dkk: float) -> str:
        """Return what a result is called: a loss is more spending."""
        return self.say(*(("nettobesparelse", "gain") if dkk >= 0 else ("merudgift", "loss")))

    def thousands(self, dkk: float) -> str:
        """Return kroner in thousands for a table, without the unit."""
        return self.number(dkk / 1000)

    def unit(self) -> str:
        """Return the unit of `thousands`."""
        return self.say("1.000 kr.", "DKK thousand")

    def percent(self, share: float) -> str:
        """Return a share in whole per cent; what rounds to none or all says "under" or "over"."""
        if not math.isfinite(share):
            return _EMPTY
        rounded = in_hundred(share)
        bound = f"{rounded.bound} " if rounded.bound else ""
        return f"{bound}{self.number(rounded.n)}{self.say(f'{_GAP}%', '%')}"

    def share(self, share: float) -> str:
        """Return a share of the futures as a figure: "8 of 10", "5 of 100"."""
        if not math.isfinite(share):
            return _EMPTY
        if share <= 0:
            return self.say("ingen", "none")
        if share >= 1:
            return self.say("alle", "all")
        rounded = in_ten(share)
        bound = f"{rounded.bound}{_GAP}" if rounded.bound else ""
        of = self.say("af", "of")
        return f"{bound}{rounded.n}{_GAP}{of}{_GAP}{rounded.of}"

    def of_ten(self, share: float) -> str:
        """Return a share of the futures in words: "in 8 of 10 futures"."""
        if not math.isfinite(share):
            return _EMPTY
        if share <= 0:
            return self.say("i ingen af de beregnede fremtider", "in none of the futures")
        if share >= 1:
            return self.say("i alle de beregnede fremtider", "in all of the futures")
        said = self.share(share).replace(_GAP, " ")
        fewer = said.replace("under", self.say("færre end", "fewer than"))
        fewer = fewer.replace("over", self.say("flere end", "more than"))
        return self.say(f"i {fewer} fremtider", f"in {fewer} futures")

    def real_children(self, count: float) -> str:
        """Return a number of real children; fewer than five are not told."""
        if 0 < count < _FEW:
            return self.say("under 5", "under 5")
        return self.number(count)

    def day(self, day: date) -> str:
        """Return a date in words."""
        return str(_babel("dates").format_date(day, "long", locale=_LOCALES[self.lang]))

    def month(self, text: str) -> str:
        """Return a month such as "2017-12" in words."""
        year, month = (int(part) for part in text.split("-"))
        written = _babel("dates").format_date(date(year, month, 1), "MMMM y",
                                              locale=_LOCALES[self.lang])  # fmt: skip
        return str(written)

    def listed(self, parts: Sequence[str]) -> str:
        """Return a list in words: "a, b and c"."""
        if not parts:
            return _EMPTY
        listed = _babel("lists").format_list(list(parts), "standard", locale=_LOCALES[self.lang])
        return str(listed)
