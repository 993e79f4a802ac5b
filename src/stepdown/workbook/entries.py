"""Rows of a template -> tables of a scenario file, and evidence for sources in the user's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from stepdown.errors import nearest
from stepdown.workbook.rows import BookReader, Row
from stepdown.workbook.toml_text import Figure
from stepdown.workbook.typed_numbers import shown, typed
from stepdown.workbook.year_rows import BudgetYears, check_years

__all__ = ["Entries", "Path"]

Path = tuple[str, ...]
_EVIDENCE_KEY = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_AMOUNT = "DKK per year"
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
    without: set[Path] = field(default_factory=set)
    """Tables of the extended scenario that the file leaves out."""
    told: set[str] = field(default_factory=set)
    """Cells of which no more is said: what else is wrong there follows from what was told."""

    def known_at(self, path: Path) -> Any:
        """Return what the extended scenario has at a path; None where it has nothing."""
        found: Any = self.known
        for part in path:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    @property
    def span(self) -> BudgetYears | None:
        """The budget years, as the book has them or else the scenario; None where one is wrong."""
        clock, row = self.known.get("clock", {}), self.reader.scenario
        if {"first_budget_year", "n_budget_years"} & row.wrong:
            return None
        numbers = [row.get(key) or clock.get(key)
                   for key in ("first_budget_year", "n_budget_years")]  # fmt: skip
        if not all(isinstance(n, int | float) and n == int(n) for n in numbers):
            return None
        first, n_years = (int(number) for number in numbers)
        return BudgetYears(first, first + n_years - 1)

    def is_left_out(self, path: Path) -> bool:
        """Tell whether the book leaves out a table, or one that it stands in."""
        return any(path[: len(out)] == out for out in self.without)

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
            assert value is not None, "own invariant: what is negative is a number"
            self.reader.say(row, key, f"{shown(value, self.reader.lang)} is negative",
                            "prices, posts, children and amounts are positive; the type says what"
                            " they are", f"write {typed(-value)}")  # fmt: skip
        return not wrong

    def basis(self, row: Row, numbers: dict[str, Any], prefix: str = "") -> dict[str, Any] | None:
        """Return what a number rests on; None where it says neither source nor assumption."""
        source, assumption = row.get(f"{prefix}source"), row.get(f"{prefix}assumption")
        if source is None and assumption is None:
            is_below = f"{prefix}source" not in row.cells and row.sheet in self.reader.broken
            if not is_below and not {f"{prefix}source", f"{prefix}assumption"} & row.wrong:
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
        row_of = next((key for key in ("by_year", "children") if key in numbers), None)
        if row_of is not None:
            figure["values"] = Figure(numbers[row_of])
        else:
            middle = (numbers.get(key) for key in ("value", "mode", "median", "mean", "high"))
            figure["value"] = next(number for number in middle if number is not None)
        figure["unit"] = numbers["unit"]
        figure["measure"] = {"by_year": "amount", "children": "count"}.get(str(row_of), "mean")
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

    def by_year(self, path: Path, row: Row, *, is_promise: bool = False) -> None:
        """Put a row of amounts by year with its source, unless something of it is wrong."""
        if not row.years and not any(key.isdigit() for key in row.wrong):
            self.reader.say(row, "name" if "name" in row.cells else "line", "no amount",
                            "a row has an amount for at least one year",
                            "write the amounts under the years")  # fmt: skip
        if self.span is not None and row.sheet not in self.reader.broken:
            known = self.known_at(path) or {}
            check_years(self.reader, row, known, self.span, is_promise=is_promise)
        numbers = {"by_year": row.years, "unit": _AMOUNT, "price_year": row.get("price_year")}
        basis = self.basis(row, numbers)
        if basis is None or not row.years or row.get("price_year") is None:
            return
        after = {"after": row.get("after")} if row.get("after") else {}
        numbers = {"by_year": Figure(row.years), **after, "unit": _AMOUNT,
                   "price_year": row.get("price_year")}  # fmt: skip
        self.put(path, Figure(numbers | basis), row, next(iter(row.years)))
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

    def month(self, path: Path, row: Row, key: str) -> None:
        """Put a month, as year-month; the same one in all rows that give it."""
        month = row.get(key)
        if month is not None and not _MONTH.fullmatch(str(month)):
            year = re.search(r"(?:19|20)\d\d", str(month))
            fix = "write the year in four digits, a dash, and the month in two"
            if year is not None:
                fix = f"write {year[0]}, a dash, and the month in two digits"
            self.reader.say(row, key, f'"{month}"', "a month is written year-month", fix)
        elif month is not None:
            other = self.cells.get(path)
            if other is not None and self.at(path) != month:
                self.reader.say(row, key, f'"{month}" is another month than in {other}',
                                "an investment starts once, whatever lines it has",
                                "write the same month in all its rows")  # fmt: skip
            self.put(path, month, row, key)
