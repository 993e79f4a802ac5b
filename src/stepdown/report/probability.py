"""How a probability is rounded: one rule for console, report, workbook and figures.

Halves are rounded up, as a spreadsheet does. What happens in some futures is never told as none,
and what fails in some never as all.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

__all__ = ["Rounded", "in_hundred", "in_ten"]

_TENTHS = (Decimal("0.15"), Decimal("0.85"))  # beyond, a tenth is too coarse: 5 % is not 1 of 10


class Rounded(NamedTuple):
    """So many of so many."""

    n: int
    of: Literal[10, 100]
    bound: Literal["under", "over"] | None = None
    """The share is below, or above, what is told."""


def in_hundred(share: float) -> Rounded:
    """Round a share to hundredths; any real number."""
    exact = _exact(share)
    if 0 < exact < Decimal("0.01"):
        return Rounded(1, 100, "under")
    if Decimal("0.99") < exact < 1:
        return Rounded(99, 100, "over")
    return Rounded(_half_up(exact * 100), 100)


def in_ten(share: float) -> Rounded:
    """Round a share to tenths from 15 to 85 %, to hundredths outside."""
    exact = _exact(share)
    if _TENTHS[0] <= exact <= _TENTHS[1]:
        return Rounded(_half_up(exact * 10), 10)
    return in_hundred(share)


def _exact(share: float) -> Decimal:
    """Return the decimal number that is meant: 15 digits, as many as a spreadsheet has."""
    return Decimal(f"{share:.15g}")


def _half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
