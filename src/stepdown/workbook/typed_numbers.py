"""What somebody may have meant who wrote a number as text, and what to type for it.

A dot parts thousands in Denmark and decimals in England, a comma the other way round. So 250.000
and 1,420 have two readings, and nobody but their writer knows which was meant: both are shown, and
neither is taken. What to type is shown without a mark of thousands, so that every spreadsheet reads
it alike; a decimal mark depends on the spreadsheet, so both are shown.
"""

import re

from stepdown.files.kroner import two_readings
from stepdown.report.words import Language

__all__ = ["readings", "shown", "typed"]

_CURRENCY = re.compile(r"(?i)(?<![a-z])(?:kr|dkk)(?![a-z])\.?|,[-\N{EN DASH}]+$")
_SPACES = re.compile(r"[\s'\N{RIGHT SINGLE QUOTATION MARK}_]")
_MINUS = re.compile("[\N{MINUS SIGN}\N{EN DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}]")
_DANISH = re.compile(r"[+-]?\d{1,3}(\.\d{3})*,\d+|[+-]?\d{1,3}(\.\d{3}){2,}|[+-]?\d+(,\d+)?")
_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3})*\.\d+|[+-]?\d{1,3}(,\d{3}){2,}|[+-]?\d+(\.\d+)?")


def readings(text: str, *, is_share: bool = False) -> list[float]:
    """Return the numbers that a text can mean: none, one or two.

    Parameters
    ----------
    is_share
        Whether it is a share, which no mark of thousands stands in.

    Notes: spaces of any kind, an apostrophe, kr. and DKK are passed over; brackets, or a minus at
    the end, are a minus; a per cent is a hundredth.
    """
    bare = _MINUS.sub("-", _CURRENCY.sub("", text.strip()).strip())
    bare = _CURRENCY.sub("", bare)
    percent, bare = bare.endswith("%"), _SPACES.sub("", bare.rstrip("% "))
    if re.fullmatch(r"\(.*\)", bare):
        bare = f"-{bare[1:-1]}"
    elif bare.endswith("-"):
        bare = f"-{bare[:-1]}"
    if not bare.isascii():
        return []
    both, found = two_readings(bare), []
    if both is not None:
        found = [both.decimal, both.thousands]
    elif _DANISH.fullmatch(bare):
        found.append(float(bare.replace(".", "").replace(",", ".")))
    elif _ENGLISH.fullmatch(bare):
        found.append(float(bare.replace(",", "")))
    if is_share and len(set(found)) == 2:
        found = [min(found, key=abs)]
    if percent:
        found = [number / 100 for number in found]
    return sorted(set(found), key=abs, reverse=True)


def shown(number: float, lang: Language) -> str:
    """Return a number with all its digits and no mark of thousands, in a language."""
    text = f"{number:.0f}" if number == round(number) else f"{number:.15g}"
    return text.replace(".", ",") if lang == "da" else text


def typed(number: float) -> str:
    """Return a number as it is typed into a cell; decimals for a Danish and an English one."""
    danish, english = shown(number, "da"), shown(number, "en")
    return danish if danish == english else f"{danish} ({english} in an English spreadsheet)"
