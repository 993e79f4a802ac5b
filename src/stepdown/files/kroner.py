"""Amounts of kroner that can be read in two ways, and which units count kroner.

250.000 is 250 kroner to a program and 250 thousand to a Dane. Nobody can tell which was meant, so
such an amount is never converted: whoever wrote it is shown both. A number that was read has
forgotten how it was written (250.000 and 250.0 are the same), so the text itself is judged.

Decision: docs/decisions/0035-rows-amounts-and-fixes.md.
"""

import re
from dataclasses import dataclass

from stepdown.files.words import amount_text, without_currency

__all__ = ["ASK_PRICE_YEAR", "TwoReadings", "is_kroner", "two_readings"]

ASK_PRICE_YEAR = (
    "add price_year = YEAR, the year whose prices the amount is in, as the paper has it that the "
    "amount was read from"
)
"""How a price year is found: only a reader of the paper can know it, so no fix names one."""

_TWO_WAYS = re.compile(r"([+-]?)(\d[\d_ ]*)[.,](\d{3})", re.ASCII)
_KRONER = re.compile(r"(?i)dkk|\bkr\b|\bkron(?:e|er)\b")
_SCALED = re.compile(r"(?i)\bt\.? ?kr|\b(?:thousand|tusind|mio|million|millioner|mia|billion)|000")


@dataclass(frozen=True)
class TwoReadings:
    """A number as written, and the two numbers that it can mean."""

    token: str
    decimal: float
    """Where the mark is a decimal mark."""
    thousands: float
    """Where the mark parts thousands."""

    @property
    def kroner(self) -> float:
        """The first as an amount of kroner, to whole øre."""
        return round(self.decimal, 2)

    @property
    def what(self) -> str:
        """Say both as amounts of kroner."""
        more = f"{amount_text(self.thousands)} kroner"
        if self.thousands % 1000 == 0 and abs(self.thousands) < 1_000_000:
            more = f"{amount_text(self.thousands / 1000)} thousand kroner"
        return f"{self.token} can be read as {amount_text(self.kroner)} kroner or {more}"

    @property
    def fix(self) -> str:
        """Say what to type in a file for either amount of kroner."""
        return f"write {amount_text(self.kroner)} or {amount_text(self.thousands)}"


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
    # What is 0 either way is 0.
    return None if decimal == thousands else TwoReadings(bare, decimal, thousands)


def is_kroner(unit: object) -> bool:
    """Tell whether a unit counts kroner, one by one: not thousands or millions of them."""
    if not isinstance(unit, str):
        return False
    return _KRONER.search(unit) is not None and _SCALED.search(unit) is None
