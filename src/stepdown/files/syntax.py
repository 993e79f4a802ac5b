"""Why a text is not TOML, for a reader who has never heard of TOML.

The library says where it stopped; what a municipality's author did is mostly one of a few things:
a number written the Danish way, text without its quotes, a bracket or quote left open, a key twice.
"""

import re
from collections.abc import Callable

from stepdown.errors import Problem
from stepdown.files.kroner import two_readings
from stepdown.files.meant import meant_number
from stepdown.files.words import amount_text, as_number, plain_name

__all__ = ["syntax_problem"]

_NUMBER = re.compile(r"(?<![\w.\"'-])[-+]?\d[\d_]*(?:[.,]\d+)+(?:\s*%)?|(?<![\w.])\d[\d_.,]*\s*%")
_BARE = re.compile(r"=\s*([^\s\"'\[{#0-9+-][^#\"]*)")
_MONTH = re.compile(r"=\s*(\d{4}-\d\d)\s*([,}#]|$)")

_KRONER = r"(?:kr\b\.?|dkk\b)"
_CURRENCY_FIRST = re.compile(rf"(?i)=\s*({_KRONER}\s*[-+]?\d[\d_.,]*)")
_CURRENCY_LAST = re.compile(rf"(?i)=\s*([-+]?\d[\d_.,]*\s*{_KRONER})")

_KEY = re.compile(r"[\s\[]*([\w.-]+)\s*(?:[=\]]|$)")

_SCALE = re.compile(r"(?i)\s*(?:mio|mill|mia|t\.?\s?kr|tusind|thousand)")

_Said = tuple[str, str, str]


def syntax_problem(name: str, text: str, message: str) -> Problem:
    """Return the problem behind an error of the TOML library.

    Parameters
    ----------
    name
        The file.
    text
        What it holds.
    message
        What the library says.
    """
    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    lines = text.split("\n")
    line = int(match.group(1)) if match else max(len(text.rstrip("\n").split("\n")), 1)
    stopped = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    for reason in _REASONS:
        said = reason(stopped, message)
        if said is not None:
            return Problem(name, line, "", *said)
    where = "the end of the file" if match is None else f"`{stopped.strip()[:60]}`"
    rule = 'a line is key = value, with text in "quotes" and numbers such as 1_200_000 or 0.25'
    return Problem(name, line, "", f"not TOML: {where} cannot be read", rule, "write key = value")


def _twice(line: str, message: str) -> _Said | None:
    if not re.match("Cannot (overwrite|declare|mutate)|Duplicate", message):
        return None
    what = f"`{line.strip()[:60]}` stands twice"
    return what, "a key or a table stands once in a file", "remove one of the two"


def _name(line: str, message: str) -> _Said | None:
    """Say that a key holds a letter that keys have not."""
    if not re.search("Expected '=' after a key|end of a table|key-value|initial char", message):
        return None
    found = _KEY.match(line)
    if found is None or found.group(1).isascii():
        return None
    key = found.group(1)
    plain = ".".join(plain_name(part) for part in key.split("."))
    rule = "names have only the letters a-z, digits, _ and -; labels may have any"
    fix = f"write {plain}, if it is a name of your own; keys and shipped steps have English names"
    return f'"{key}" holds a letter that a name cannot have', rule, fix


def _unclosed(line: str, message: str) -> _Said | None:
    if re.match(r"Illegal character '\\[nr]|Unterminated|Expected \"'", message):
        rule = "text begins and ends with a quote on the same line"
        return "text whose quote is not closed", rule, 'add the closing "'
    if "at end of document" in message or "end of a table declaration" in message:
        rule = "every [ and { is closed"
        return "a bracket is not closed", rule, "add the closing ] or }"
    if "initial character for a key" in message and line.rstrip().endswith(","):
        rule = "a table in braces stands on one line"
        return "a table in braces breaks off", rule, "write it on one line"
    return None


def _number(line: str, message: str) -> _Said | None:
    del message
    amount = _CURRENCY_LAST.search(line)
    if amount is not None:
        return _amount(amount.group(1))
    code = re.sub(r"\"[^\"]*\"|'[^']*'", '""', line).partition("#")[0]
    for match in _NUMBER.finditer(code):
        token = match.group()
        if _SCALE.match(code[match.end() :]):
            rule = "an amount is a number alone, in the unit that unit says"
            return (
                f"`{code[match.start() :].strip()}` is no number",
                rule,
                "write it in whole kroner",
            )
        if re.fullmatch(r"[-+]?\d+(\.\d+)?", token.replace("_", "")):
            continue
        rule = "the decimal mark is a dot, and thousands are parted by _ or nothing"
        readings = two_readings(token)
        if readings is not None and not token.lstrip("+-").startswith("0,"):
            fix = f"write {amount_text(readings.decimal)} or {amount_text(readings.thousands)}"
            return f"`{token}` is no number", rule, f"{fix}, whichever is meant"
        number = as_number(token)
        if number is not None:
            return f"`{token}` is no number", rule, f"write {number}"
    return None


def _amount(token: str) -> _Said | None:
    """Say how an amount is written that stands beside the word for kroner."""
    token = token.strip().rstrip(",")
    number = meant_number(token)
    rule = "an amount is a number alone; its unit stands in unit"
    return None if number is None else (f"`{token}` is no number", rule, f"write {number}")


def _unquoted(line: str, message: str) -> _Said | None:
    month = _MONTH.search(line)
    if month is not None:
        return f"{month.group(1)} without quotes", "a month is text", f'write "{month.group(1)}"'
    bare = _BARE.search(line)
    if bare is None or not re.match(r"Invalid value|Expected newline|Unclosed", message):
        return None
    word = re.split(r"[,}]\s*", bare.group(1))[0].strip()
    amount = _CURRENCY_FIRST.search(line)
    if amount is not None:
        return _amount(amount.group(1))
    if word.lower() in ("true", "false"):
        return f"`{word}`", "true and false are in small letters", f"write {word.lower()}"
    quoted = re.sub(r"[“”„«»]", "", word).strip()
    return f"`{word}` without quotes", "text stands in straight quotes", f'write "{quoted}"'


def _no_value(line: str, message: str) -> _Said | None:
    if re.search(r"=\s*(#.*)?$", line) and message.startswith("Invalid value"):
        return f"`{line.strip()}` has no value", "a line is key = value", "write a value after ="
    if "Expected '='" in message:
        rule = "a line is key = value"
        return f"`{line.strip()[:60]}` has no = after its key", rule, "write key = value"
    if message.startswith("Exceeds the limit"):
        return "a number with thousands of digits", "numbers are shorter", "write a shorter number"
    return None


_REASONS: tuple[Callable[[str, str], _Said | None], ...] = (
    _twice,
    _name,
    _unclosed,
    _number,
    _no_value,
    _unquoted,
)
