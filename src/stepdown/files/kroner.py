"""Amounts of kroner that can be read in two ways, and which units count kroner.

250.000 is 250 kroner to a program and 250 thousand to a Dane. Nobody can tell which was meant, so
such an amount is never converted: whoever wrote it is shown both. A number that was read has
forgotten how it was written (250.000 and 250.0 are the same), so the text itself is judged.

Decision: docs/decisions/0035-rows-amounts-and-fixes.md.
"""

import re
from dataclasses import dataclass

from stepdown.files.words import amount_text, without_currency

__all__ = ["TwoReadings", "is_kroner", "two_readings"]

_TWO_WAYS = re.compile(r"([+-]?)(\d[\d_ ]*)[.,](\d{3})", re.ASCII)
_KRONER = re.compile(r"(?i)dkk|\bkr\b|\bkron(?:e|er)\b")
_SCALED = re.compile(r"(?i)\bt\.? ?kr|\b(?:thousand|tusind|mio|million|millioner|mia|billion)|000")


@dataclass(frozen=True)
class TwoReadings:
    """An amount as written, and the two amounts that it can mean."""

    token: str
    decimal: float
    """In kroner, where the mark is a decimal mark; rounded to øre."""
    thousands: float
    """In kroner, where the mark parts thousands."""

    @property
    def what(self) -> str:
        """Say both readings in one sentence."""
        more = f"{amount_text(self.thousands)} kroner"
        if self.thousands % 1000 == 0:
            more = f"{amount_text(self.thousands / 1000)} thousand kroner"
        return f"{self.token} can be read as {amount_text(self.decimal)} kroner or {more}"

    @property
    def fix(self) -> str:
        """Say what to type for either, in a file."""
        return f"write {amount_text(self.decimal)} or {amount_text(self.thousands)}"


def two_readings(token: str) -> TwoReadings | None:
    """Return the two amounts that a written amount of kroner can mean; None where it means one.

    Parameters
    ----------
    token
        The number as it is written in a file or a cell: 250.000, 1_250.500, -12,500 kr.

    Notes: two readings has what has one mark and three digits after it. 250.0 and 250.00 have one,
    since a krone has a hundred øre and thousands three digits; 1.250.000 and 1.250,50 can only be
    Danish.
    """
    bare = without_currency(token)
    match = _TWO_WAYS.fullmatch(bare)
    if match is None:
        return None
    sign, whole, rest = match.groups()
    whole = re.sub(r"[_ ]", "", whole)
    decimal, thousands = float(f"{sign}{whole}.{rest}"), float(f"{sign}{whole}{rest}")
    if decimal == thousands:  # 0.000
        return None
    return TwoReadings(bare, round(decimal, 2), thousands)


def is_kroner(unit: object) -> bool:
    """Tell whether a unit counts kroner, one by one: not thousands or millions of them."""
    if not isinstance(unit, str):
        return False
    return _KRONER.search(unit) is not None and _SCALED.search(unit) is None
