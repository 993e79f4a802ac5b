"""Rows of a template -> tables of a scenario file, and evidence for sources in the user's words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from stepdown.errors import nearest
from stepdown.workbook.reading import BookReader, Row
from stepdown.workbook.template_rows import CENTERS
from stepdown.workbook.toml_text import Figure

__all__ = ["Entries", "entries_of"]

Path = tuple[str, ...]
_EVIDENCE_KEY = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LEAST_ASSUMPTION = 8  # characters


@dataclass
class Entries:
    """A scenario file under way: its tables, where each key came from, and its evidence."""

    reader: BookReader
    known: Mapping[str, Any]
    """Tables of the scenario that is extended."""
    tables: dict[str, Any] = field(default_factory=dict)
    cells: dict[Path, str] = field(default_factory=dict)
    evidence: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Figures that rest on a source in the user's own words, by name."""
    taken: frozenset[str] = frozenset()
    """Files of evidence that the extended scenario has beside it."""

    @property
    def stem(self) -> str:
        """Name of the file of evidence, a new one where the extended scenario has it already."""
        name = str(self.reader.scenario.get("name") or "own")
        stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") + "-workbook"
        others = (f"{stem}-{number}" for number in count(2))
        return next(own for own in chain((stem,), others) if own not in self.taken)

    def put(self, path: Path, value: Any, row: Row, key: str) -> None:
        """Set a key, and remember the cell it came from; an empty cell sets nothing."""
        if value is None:
            return
        table = self.tables
        for part in path[:-1]:
            table = table.setdefault(part, {})
        table[path[-1]] = value
        self.cells[path] = row.place(key)

    def at(self, path: Path) -> Any:
        """Return what was put at a path."""
        found: Any = self.tables
        for part in path:
            found = found[part]
        return found

    def is_known(self, row: Row, key: str, table: str, what: str) -> bool:
        """Tell whether the code in a cell is one of a table; report it otherwise."""
        name = row.get(key)
        names = {**dict(self.known.get(table, {})), **self.tables.get(table, {})}
        if name is None or name in names:
            return name is not None
        close = nearest(name, names)
        fix = f"did you mean {close}?" if close else f"one of {', '.join(names) or 'none'}"
        self.reader.say(row, key, f'unknown {what} "{name}"',
                        f"a {what} is one of the scenario's", fix)  # fmt: skip
        return False

    def is_positive(self, row: Row, *keys: str) -> bool:
        """Tell whether no number of a row is negative; report those that are."""
        wrong = [key for key in keys if (row.get(key) or 0) < 0]
        for key in wrong:
            value = row.get(key)
            self.reader.say(row, key, f"{value:g} is negative",
                            "prices, posts and amounts are positive; the type says what they are",
                            f"write {-value:g}")  # fmt: skip
        return not wrong

    def basis(self, row: Row, numbers: dict[str, Any], prefix: str = "") -> dict[str, Any] | None:
        """Return what a number rests on; None where it says neither source nor assumption."""
        source, assumption = row.get(f"{prefix}source"), row.get(f"{prefix}assumption")
        if source is None and assumption is None:
            if not {f"{prefix}source", f"{prefix}assumption"} & row.wrong:
                self.reader.say(row, f"{prefix}source", "neither source nor assumption",
                                "every number says where it is from, or why it is assumed",
                                "fill in one of the two columns")  # fmt: skip
            return None
        if assumption is not None and len(assumption) < _LEAST_ASSUMPTION:
            self.reader.say(row, f"{prefix}assumption", f'"{assumption}"',
                            f"an assumption has at least {_LEAST_ASSUMPTION} characters",
                            "write why the number is assumed")  # fmt: skip
            return None
        found: dict[str, Any] = {}
        if source is not None:
            keys = [part.strip() for part in source.split(",")]
            if not all(_EVIDENCE_KEY.fullmatch(key) for key in keys):
                keys = [self._own_source(row, source, numbers, prefix)]
            found["source"] = keys[0] if len(keys) == 1 else keys
        if assumption is not None:
            found["assumption"] = assumption
        if row.get(f"{prefix}note") is not None:
            found["note"] = row.get(f"{prefix}note")
        return found

    def _own_source(self, row: Row, source: str, numbers: dict[str, Any], prefix: str) -> str:
        """Keep a figure of evidence for a source in the user's words; return its key."""
        for key in ("municipality", "source_date"):
            if self.reader.scenario.get(key) is None:
                rule = "a source of your own is a paper of a municipality, with a date"
                self.reader.say(self.reader.scenario, key, "empty", rule, "fill it in")
        sheet = re.sub(r"[^a-z]", "", row.sheet.lower().replace("ø", "oe").replace("å", "aa"))
        name = f"{sheet}-{row.number}" + (f"-{prefix.strip('_')}" if prefix else "")
        figure: dict[str, Any] = {}
        if "by_year" in numbers:
            figure["values"] = Figure(numbers["by_year"])
        else:
            middle = (numbers.get(key) for key in ("value", "mode", "median", "mean", "high"))
            figure["value"] = next(number for number in middle if number is not None)
        figure["unit"] = numbers["unit"]
        figure["measure"] = "amount" if "by_year" in numbers else "mean"
        if numbers.get("price_year") is not None:
            figure["price_year"] = numbers["price_year"]
        figure["grade"] = row.get("grade") or "expert"
        figure["note"] = f"{source} ({row.place(f'{prefix}source')})"
        self.evidence[name] = figure
        return f"{self.stem}/{name}"

    def quantity(self, path: Path, row: Row, numbers: dict[str, Any], prefix: str = "") -> None:
        """Put a number with its source, unless something of it is wrong."""
        basis = self.basis(row, numbers, prefix)
        if basis is not None:
            given = {key: value for key, value in numbers.items() if value is not None}
            first = next((k for k in ("center", "posts", "low") if f"{prefix}{k}" in row.cells), "")
            self.put(path, Figure(given | basis), row, f"{prefix}{first}")

    def by_year(self, path: Path, row: Row) -> None:
        """Put a row of amounts by year with its source, unless something of it is wrong."""
        if not row.years:
            if not any(key.isdigit() for key in row.wrong):
                self.reader.say(row, "name" if "name" in row.cells else "line", "no amount",
                                "a row has an amount for at least one year",
                                "fill in a year, or empty the row")  # fmt: skip
            return
        numbers = {
            "by_year": Figure(row.years),
            **({"after": row.get("after")} if row.get("after") else {}),
            "unit": "DKK per year",
            "price_year": row.get("price_year"),
        }
        basis = self.basis(row, numbers)
        if basis is None or numbers["price_year"] is None:
            return
        first = next(iter(row.years))
        self.put(path, Figure(numbers | basis), row, first)
        self.cells[(*path, "price_year")] = row.place("price_year")
        self.cells[(*path, "after")] = row.place("after")
        for year in row.years:
            self.cells[(*path, "by_year", year)] = row.place(year)

    def label(self, path: Path, row: Row) -> None:
        """Put the names of something in both languages; one stands for both where it is alone."""
        danish, english = row.get("label_da"), row.get("label_en")
        if danish or english:
            names = Figure(da=danish or english, en=english or danish)
            self.put((*path, "label"), names, row, "label_da")

    def start(self, path: Path, row: Row) -> None:
        """Put the first month of an investment, as year-month."""
        start = row.get("start")
        if start is not None and not _MONTH.fullmatch(str(start)):
            self.reader.say(row, "start", f'"{start}"', "a month is written year-month",
                            "write it as 2026-01")  # fmt: skip
        elif start is not None:
            other = self.cells.get((*path, "start"))
            if other is not None and self.at((*path, "start")) != start:
                self.reader.say(row, "start", f'"{start}" is another month than in {other}',
                                "an investment starts once, whatever lines it has",
                                "write the same month in all its rows")  # fmt: skip
            self.put((*path, "start"), start, row, "start")


def entries_of(reader: BookReader, known: Mapping[str, Any], taken: Iterable[str] = ()) -> Entries:
    """Return what the rows of a book say, as tables of a scenario file.

    Parameters
    ----------
    known
        Tables of the scenario that is extended.
    taken
        Names of the files of evidence beside it.

    Notes: a row with a wrong cell is left out, so that what is right of the book is checked all
    the same.
    """
    entries = Entries(reader, known, taken=frozenset(taken))
    for sheet, fill in _FILLED.items():
        for row in reader.rows.get(sheet, []):
            fill(entries, row)
    return entries


def _strategy(entries: Entries, row: Row) -> None:
    if row.get("strategy") is not None:
        path = ("strategies", row.get("strategy"))
        entries.tables.setdefault("strategies", {}).setdefault(path[1], {})
        entries.label(path, row)


def _payer(entries: Entries, row: Row) -> None:
    name = row.get("payer")
    if name is None:
        return
    danish, english = row.get("label_da"), row.get("label_en")
    if not (danish or english):
        entries.reader.say(row, "label_da", "empty", "a payer has a name", "fill it in")
        return
    entries.put(("payers", name, "da"), danish or english, row, "label_da")
    entries.put(("payers", name, "en"), english or danish, row, "label_en")
    entries.put(("payers", name, "part_of"), row.get("part_of"), row, "part_of")


def _price(entries: Entries, row: Row) -> None:
    is_step = row.get("what") == "step"
    if is_step and not entries.is_known(row, "item", "steps", "step"):
        return
    numbers = ("center", "low", "high", "sd")
    needed = ("item", "what", "unit", "distribution", "price_year")
    if not entries.is_positive(row, *numbers) or any(row.get(key) is None for key in needed):
        return
    kind = row.get("distribution")
    shape: dict[str, Any] = {} if kind == "value" else {"distribution": kind}
    middle = CENTERS[kind]
    given = {middle or "mode": row.get("center")} | {key: row.get(key) for key in numbers[1:]}
    if all(value is None for value in given.values()):
        if not row.wrong & set(numbers):
            entries.reader.say(row, "center", "no number", "a price has a number",
                               "fill it in, or empty the row")  # fmt: skip
        return
    if row.wrong & set(numbers):
        return
    shape |= given | {"unit": row.get("unit"), "price_year": row.get("price_year")}
    item = row.get("item")
    path = ("steps", item, "price") if is_step else ("parameters", item)
    entries.quantity(path, row, shape)


def _post(entries: Entries, row: Row) -> None:
    keys = ("strategy", "investment", "cost", "posts")
    is_known = entries.is_known(row, "strategy", "strategies", "strategy")
    is_positive = entries.is_positive(row, "posts", "price")
    if not (is_known and is_positive) or any(row.get(key) is None for key in keys):
        return
    strategy, investment, cost = (row.get(key) for key in keys[:3])
    above = ("strategies", strategy, "investments", investment)
    path = (*above, "costs", cost)
    entries.start(above, row)
    _name_investment(entries, above, row)
    entries.label(path, row)
    entries.put((*path, "payer"), row.get("payer"), row, "payer")
    entries.quantity((*path, "posts"), row, {"value": row.get("posts"), "unit": "posts"}, "posts_")
    if row.get("shared") is not None:
        if entries.is_known(row, "shared", "parameters", "shared price"):
            entries.put((*path, "price"), Figure(parameter=row.get("shared")), row, "shared")
    elif row.get("price") is None or row.get("price_year") is None:
        empty = "price" if row.get("price") is None else "price_year"
        entries.reader.say(row, empty, "empty", "a post has a price with its year, or a shared one",
                           "fill it in")  # fmt: skip
    else:
        numbers = {"value": row.get("price"), "unit": "DKK per post and year",
                   "price_year": row.get("price_year")}  # fmt: skip
        basis = entries.basis(row, numbers)
        if basis is not None:
            entries.put((*path, "price"), Figure(numbers | basis), row, "price")


def _name_investment(entries: Entries, path: Path, row: Row) -> None:
    """Name an investment that the extended scenario does not have after its first line."""
    known: Any = entries.known
    for part in path:
        known = known.get(part, {}) if isinstance(known, Mapping) else {}
    if not known:
        entries.label(path, row)


def _line(entries: Entries, row: Row) -> None:
    if any(row.get(key) is None for key in ("line", "kind", "strategies")):
        return
    path = ("budget_lines", row.get("line"))
    entries.label(path, row)
    entries.put((*path, "kind"), row.get("kind"), row, "kind")
    members = [name.strip() for name in str(row.get("strategies")).split(",") if name.strip()]
    entries.put((*path, "strategies"), members, row, "strategies")
    entries.put((*path, "cause"), row.get("cause"), row, "cause")
    for prefix, key, unit in (
        ("share_", "realised_share", "share"),
        ("delay_", "delay_months", "months"),
    ):
        low, middle, high = (row.get(f"{prefix}{part}") for part in ("low", "center", "high"))
        if low is None and high is None:
            numbers: dict[str, Any] = {"value": middle, "unit": unit}
        else:
            numbers = {"distribution": "triangular", "low": low, "mode": middle, "high": high,
                       "unit": unit}  # fmt: skip
        if not (low is None and middle is None and high is None):
            entries.quantity((*path, key), row, numbers, prefix)


def _amount(entries: Entries, row: Row) -> None:
    kind, name, payer = (row.get(key) for key in ("type", "name", "payer"))
    is_positive = entries.is_positive(row, *row.years)
    is_known = entries.is_known(row, "payer", "payers", "payer")
    if kind is None or name is None or not (is_positive and is_known):
        return
    if kind in ("saving", "investment"):
        if entries.is_known(row, "name", "budget_lines", "budget line"):
            entries.by_year(("budget_lines", name, kind, payer), row)
        return
    missing = [key for key in ("strategy", "investment") if row.get(key) is None]
    for key in missing:
        entries.reader.say(row, key, "empty", "costs and grants belong to a strategy's investment",
                           "fill it in")  # fmt: skip
    if missing or not entries.is_known(row, "strategy", "strategies", "strategy"):
        return
    above = ("strategies", row.get("strategy"), "investments", row.get("investment"))
    path = (*above, "costs" if kind == "cost" else "grants", name)
    entries.start(above, row)
    _name_investment(entries, above, row)
    if kind == "cost":
        entries.label(path, row)
    entries.put((*path, "payer" if kind == "cost" else "giver"), payer, row, "payer")
    entries.by_year((*path, "row"), row)


def _published(entries: Entries, row: Row) -> None:
    keys = ("strategy", "line", "kind", "scope")
    if not entries.is_known(row, "strategy", "strategies", "strategy"):
        return
    is_positive = row.get("scope") == "net" or entries.is_positive(row, *row.years)
    if not is_positive or any(row.get(key) is None for key in keys):
        return
    path = ("strategies", row.get("strategy"), "published", row.get("line"))
    entries.label(path, row)
    for key in ("kind", "scope", "payer"):
        entries.put((*path, key), row.get(key), row, key)
    entries.by_year((*path, "row"), row)


_FILLED = {
    "strategies": _strategy, "payers": _payer, "prices": _price, "lines": _line, "posts": _post,
    "amounts": _amount, "published": _published,
}  # fmt: skip
"""What fills in the rows of each sheet; lines before the amounts that name them."""
