"""Values of a file as its reader would write them, for messages."""

import datetime
import re
from typing import Any

__all__ = ["amount_text", "as_number", "as_toml", "kind_of", "plain_name", "without_currency"]

_LONGEST = 60
_LARGE = 1e15
_CURRENCY = re.compile(r"(?i)(?<![a-z])(?:kr|dkk)(?![a-z])\.?")


def as_toml(value: Any) -> str:
    """Return a value as it stands in a file; long ones are cut, tables and lists only named."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        cut = value if len(value) <= _LONGEST else value[: _LONGEST - 3] + "..."
        return '"' + cut.replace("\n", " ") + '"'
    if isinstance(value, int | float):
        return _short(value) if abs(value) >= _LARGE else f"{value}"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return kind_of(value)


def _short(value: float) -> str:
    """Return a large number shortly; a whole number may be too large to be a float."""
    try:
        return f"{float(value):g}"
    except OverflowError:
        return "a number with very many digits"


def amount_text(number: float) -> str:
    """Return a number as a file has it, with all its digits: 1_200_000, -2_250_000.5, 0.25."""
    shown = float(f"{number:.12g}")  # without what arithmetic leaves in the last digits
    if abs(shown) >= 10_000:
        return f"{shown:_.0f}" if shown == round(shown) else f"{shown:_}"
    return f"{shown:.0f}" if shown == round(shown) else f"{shown}"


def without_currency(text: str) -> str:
    """Return an amount without the word for kroner beside it."""
    return _CURRENCY.sub("", text.replace("\N{NO-BREAK SPACE}", " ")).strip()


def kind_of(value: Any) -> str:
    """Say in plain words what kind of value it is."""
    if isinstance(value, bool):
        return "true or false"
    for kind, words in (
        (str, "text"),
        (int, "a whole number"),
        (float, "a decimal number"),
        (dict, "a table"),
        (list | tuple, "a list"),
        (datetime.date | datetime.time, "a date"),
    ):
        if isinstance(value, kind):
            return words
    return "another value"


def as_number(text: str) -> str | None:
    """Return a number written the Danish way, or in quotes, as a file wants it; None if it is none.

    Notes: dots part thousands where there are several or a comma follows them, a comma is the
    decimal mark, and a per cent is a hundredth. What can be meant in two ways is told by
    `stepdown.files.kroner.two_readings`, which is asked first.
    """
    words = without_currency(text)
    percent = words.endswith("%")
    words = words.rstrip("% ").replace(" ", "").replace("_", "")
    if not re.fullmatch(r"[-+]?\d+(\.\d+)*(,\d+)?", words, re.ASCII):
        return None
    if "," in words or words.count(".") > 1:
        words = words.replace(".", "").replace(",", ".")
    if percent:
        return f"{float(words) / 100:g}"
    whole, _, decimals = words.partition(".")
    decimals = decimals.rstrip("0")
    whole = f"{int(whole):_}" if abs(int(whole)) >= 10_000 else whole
    return f"{whole}.{decimals}" if decimals else whole


def plain_name(name: str) -> str:
    """Return a name in the letters that names may have: Støtte i hjemmet -> stoette_i_hjemmet."""
    plain = name.lower()
    for danish, spelt in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        plain = plain.replace(danish, spelt)
    plain = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return plain if plain[:1].isalpha() else f"name_{plain}".strip("_")
