"""What a book takes over from the scenario it was filled in from, and whether it may.

Prices of the country, rates and effects are there to be taken over. Children, caseload, starts,
strategies, costs and promises are one municipality's own: a book of another one gives its own for
each, or says that the same holds there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.quantity import Provenance, YearRow
from stepdown.scenario.tree import figures
from stepdown.workbook.entries import Entries
from stepdown.workbook.layout import LAYOUT, choice_word
from stepdown.workbook.left_out import path_of
from stepdown.workbook.rows import Row
from stepdown.workbook.template_rows import BASELINE, TODAY, scenario_values, template_rows
from stepdown.workbook.typed_numbers import shown

__all__ = ["check_taken_over", "drop_other_papers", "is_another_municipality"]

_YEARS = "years"
_NAMES = ("name", "title_da", "title_en")
_TEXTS = ("title_da", "title_en", "description_da", "description_en")
_CLOCK = ("price_level", "first_budget_year", "n_budget_years")
_PAPERS = ("stock_later", "growth", "accounts", "base_budget")
"""Tables of one municipality that no book holds and no scenario needs."""
_NOT_IN_BOOK = ("levels", "capacity")
"""Tables of one municipality that no book holds and that its strategies need."""
_SIZE = ("low", "center", "high")
_SHARE = tuple(f"share_{part}" for part in _SIZE)
_DELAY = tuple(f"delay_{part}" for part in _SIZE)


@dataclass(frozen=True)
class _Facts:
    """What of a sheet's rows is one municipality's own."""

    identity: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    """Cells that make up one fact; each fact is to be given, or confirmed."""
    grounds: tuple[tuple[str, str, str], ...] = ()
    """A first cell of numbers, with the cells of its source and its assumption."""
    guesses: tuple[tuple[str, ...], ...] = ()
    """Cells that hold what is assumed of a line: no fact, but not to be emptied either."""


_BASIS = ("source", "assumption")
_FACTS = {
    "strategies": _Facts(("strategy",), (("label_da", "label_en"),)),
    "children": _Facts(("step",), (("children",), ("beyond",))),
    "levers": _Facts(
        ("strategy", "lever", "effect"), (_SIZE, ("start",)), (("center", *_BASIS),)
    ),
    "prices": _Facts(
        ("what", "item"), (("center", "low", "high", "sd"),), (("center", *_BASIS),)
    ),
    "lines": _Facts(
        ("line",), (), (("share_center", "share_source", "share_assumption"),
                        ("delay_center", "delay_source", "delay_assumption")),
        (_SHARE, _DELAY),
    ),
    "posts": _Facts(
        ("strategy", "investment", "cost"), (("posts",), ("start",)),
        (("posts", "posts_source", "posts_assumption"), ("price", *_BASIS)),
    ),
    "amounts": _Facts(
        ("type", "strategy", "investment", "payer", "name"), ((_YEARS,), ("start",)),
        ((_YEARS, *_BASIS),),
    ),
    "published": _Facts(("strategy", "line"), ((_YEARS,),), ((_YEARS, *_BASIS),)),
}  # fmt: skip


def is_another_municipality(entries: Entries, above: LoadedScenario) -> bool:
    """Tell whether a book is of another municipality than the scenario it extends.

    Notes: it is where its name or a title differs, or the municipality of its own sources.
    """
    row, known = entries.reader.scenario, scenario_values(above.scenario, "")
    if any(row.get(key) not in (None, known[key]) for key in _NAMES):
        return True
    stated, stock = row.get("municipality"), above.scenario.given_stock
    rows = (own for _, own in figures(above.scenario) if isinstance(own, YearRow))
    owners = _owners(above, () if stock is None else (stock,)) or _owners(above, rows)
    return stated is not None and bool(owners) and _plain(stated) not in map(_plain, owners)


def _owners(above: LoadedScenario, cited: Iterable[Provenance]) -> set[str]:
    """Return the municipalities whose papers some figures cite."""
    keys = (key for figure in cited for key in figure.sources if key in above.evidence)
    return {own for key in keys if (own := above.evidence.source(key).municipality) is not None}


def _plain(name: object) -> str:
    return str(name).casefold().replace("kommune", "").strip()


def check_taken_over(entries: Entries, above: LoadedScenario, own: Mapping[str, Any]) -> None:
    """Report what a book would take over in silence.

    Parameters
    ----------
    above
        The scenario that is extended.
    own
        Its tables without those of the shipped base files, which are no municipality's.
    """
    rows = template_rows(above.scenario)
    is_other = is_another_municipality(entries, above)
    if is_other:
        _check_first_sheet(entries, above.scenario)
        for key in _NOT_IN_BOOK:
            if own.get(key):
                entries.reader.say(
                    entries.reader.scenario, "extends", f"[{key}] of {above.scenario.name}",
                    "it is that municipality's own, and no book can change it",
                    "make the template from a scenario without it")  # fmt: skip
    for sheet, facts in _FACTS.items():
        _check_sheet(entries, sheet, facts, _Old(above.scenario, own, rows[sheet], is_other))


@dataclass(frozen=True)
class _Old:
    """The scenario that a book was filled in from, and its rows of one sheet."""

    scenario: Scenario
    own: Mapping[str, Any]
    rows: list[dict[str, Any]]
    is_other: bool

    def is_own(self, sheet: str, cells: Mapping[str, Any]) -> bool:
        """Tell whether a row is the municipality's own, and not one of the base files."""
        if sheet == "prices":
            table, key = ("steps", "price") if cells["what"] == "step" else ("parameters", None)
            found = self.own.get(table, {}).get(cells["item"], {})
            return bool(found.get(key) if key else found)
        if sheet == "levers" and cells["strategy"] == BASELINE:
            table, key = TODAY[cells["lever"]]
            return bool(self.own.get(table, {}).get(key))
        return True


def _check_first_sheet(entries: Entries, scenario: Scenario) -> None:
    """Texts, years and the day of the count are given, the question not as another asked it."""
    row, known = entries.reader.scenario, scenario_values(scenario, "")
    rule = f"a book of another name, title or municipality than {scenario.name} has its own"
    for key in (*_TEXTS, *_CLOCK):
        other = row.get(key.replace("_da", "_en") if key.endswith("_da") else
                        key.replace("_en", "_da"))  # fmt: skip
        if row.is_empty(key) and (key in _CLOCK or other is None):
            entries.reader.say(row, key, "empty", rule, "write your own")
        elif key in _TEXTS and row.get(key) == known[key]:
            entries.reader.say(row, key, f'"{known[key]}"', rule, "write your own")
    children = entries.reader.rows.get("children", [])
    if children and not all(own.get("same") == "yes" for own in children):
        # Of the day of the count nothing: most count on the same one.
        for key in ("stock_source", "stock_assumption"):
            if known.get(key) is not None and row.get(key) == known[key]:
                entries.reader.say(row, key, f'"{known[key]}"', rule, "write your own")


def _check_sheet(entries: Entries, sheet: str, facts: _Facts, old: _Old) -> None:
    found = {
        tuple(row.get(key) for key in facts.identity): row
        for row in entries.reader.rows.get(sheet, [])
    }
    missing = []
    for cells in old.rows:
        if entries.is_left_out(path_of(sheet, _as_row(cells)) or ("",)):
            continue
        row = found.get(tuple(cells.get(key) for key in facts.identity))
        if row is None:
            is_fact = old.is_other and bool(facts.groups) and old.is_own(sheet, cells)
            if is_fact and any(_held(cells, group) for group in facts.groups):
                missing.append(cells)
            continue
        _check_emptied(entries, (sheet, facts), row, cells)
        if old.is_other and row.get("same") != "yes" and old.is_own(sheet, cells):
            _check_touched(entries, (sheet, facts), row, cells, old.scenario.name)
        if row.sheet not in entries.reader.broken:
            _check_grounds(entries, facts, row, cells)
    if missing:
        _tell_missing(entries, sheet, facts, missing, old.scenario.name)


def _as_row(cells: Mapping[str, Any]) -> Row:
    return Row("", 0, values=dict(cells))


def _held(cells: Mapping[str, Any], group: tuple[str, ...]) -> list[Any]:
    """Return what a row of the template holds of one fact; empty where it holds nothing."""
    if group == (_YEARS,):
        return [cells[key] for key in sorted(cells) if key.isdigit()]
    values = [cells.get(key) for key in group]
    return values if any(value is not None for value in values) else []


def _stands(row: Row, group: tuple[str, ...]) -> list[Any]:
    return list(row.years.values()) if group == (_YEARS,) else [row.get(key) for key in group]


def _is_taken(row: Row, cells: Mapping[str, Any], group: tuple[str, ...]) -> bool:
    """Tell whether a fact is still the other's: a row of years by one year with its source, too."""
    if _stands(row, group) == _held(cells, group):
        return True
    is_same = any(amount and cells.get(year) == amount for year, amount in row.years.items())
    cited = row.get("source")
    return group == (_YEARS,) and is_same and cited is not None and cited == cells.get("source")


def _is_wrong(row: Row, group: tuple[str, ...]) -> bool:
    """Tell whether a cell of a fact was reported."""
    return any(key in group or (group == (_YEARS,) and key.isdigit()) for key in row.wrong)


def _place(row: Row, group: tuple[str, ...]) -> str:
    """Return the cell to speak of: the first that is filled in."""
    if group == (_YEARS,):
        return next(iter(row.years), "name")
    return next((key for key in group if row.get(key) is not None), group[0])


def _check_emptied(
    entries: Entries, sheet: tuple[str, _Facts], row: Row, cells: Mapping[str, Any]
) -> None:
    """Report a fact that the template gave and that the book has emptied: it would still hold."""
    name, facts = sheet
    for group in (*facts.groups, *facts.guesses):
        keys = [key for key in group if key in row.cells]
        held = _held(cells, group)
        if name != "strategies" and held and keys and all(map(row.is_empty, keys)):
            rule = f"the extended scenario has {_said(held, entries)} here, which would still hold"
            entries.reader.say(row, keys[0], "empty", rule, "write what holds here")


def _check_touched(
    entries: Entries, sheet: tuple[str, _Facts], row: Row, cells: Mapping[str, Any], other: str
) -> None:
    """Report the facts of a row that are still those of another municipality."""
    name, facts = sheet
    yes, no = (choice_word("same", own, entries.reader.lang) for own in ("yes", "no"))
    fix = f'write your own, or "{yes}" under "{entries.reader.heading(name, "same")}" if it holds'
    fix += " here too"
    if path_of(name, row) is not None:
        fix += f', or "{no}" to leave it out'
    for group in facts.groups:
        held = _held(cells, group)
        if held and _is_taken(row, cells, group) and not _is_wrong(row, group):
            what = f"{_named(cells, facts)}: {_said(held, entries)}, as in {other}"
            rule = f"a book of another name, title or municipality than {other} does not take it"
            entries.reader.say(row, _place(row, group), what, f"{rule} over in silence", fix)
            entries.told |= {row.place(key) for key in row.cells}


def _check_grounds(entries: Entries, facts: _Facts, row: Row, cells: Mapping[str, Any]) -> None:
    """Report a number that was changed while the source that it had still stands beside it."""
    for first, source, assumption in facts.grounds:
        groups = (*facts.groups, *facts.guesses)
        group = next((own for own in groups if first in own), (first,))
        held = _held(cells, group)
        if not held or cells.get(source) is None or _stands(row, group) == held:
            continue
        numbers = row.years if group == (_YEARS,) else [key for key in group if key in row.values]
        same = (row.get(source), row.get(assumption)) == (cells[source], cells.get(assumption))
        if same and numbers and not _is_wrong(row, group):
            entries.reader.say(row, next(iter(numbers)), "another number than before, and the same"
                               f' source, {cells[source]}', "the source says the number that was"
                               " there", "write where your number is from, or say under the"
                               " assumption why it was chosen")  # fmt: skip
            entries.told |= {row.place(key) for key in numbers}


def _tell_missing(
    entries: Entries, sheet: str, facts: _Facts, missing: list[dict[str, Any]], other: str
) -> None:
    """Report rows of another municipality that are not in the book, and so would still hold."""
    layout = next(own for own in LAYOUT if own.key == sheet)
    reader, names = entries.reader, []
    for cells in missing:
        held = next(own for group in facts.groups if (own := _held(cells, group)))
        names.append(f"{_named(cells, facts)} ({_said(held, entries)})")
    if sheet in reader.rows:
        fix = "write the rows again, with your own figures"
        if path_of(sheet, _as_row(missing[0])) is not None:
            no, heading = choice_word("same", "no", reader.lang), reader.heading(sheet, "same")
            fix += f', or with "{no}" under "{heading}"'
    else:
        fix = "make a new template with stepdown template, which has the sheet, and copy the cells"
    what = f"no row for {'; '.join(names)}"
    reader.tell(layout.name(reader.lang), what, f"they would hold as in {other}", fix)


def _named(cells: Mapping[str, Any], facts: _Facts) -> str:
    return " ".join(str(cells[key]) for key in facts.identity if cells.get(key) is not None)


def _said(held: list[Any], entries: Entries) -> str:
    """Return what a fact holds, each value once, in the language of the book."""
    values = dict.fromkeys(value for value in held if value is not None)
    return ", ".join(
        shown(value, entries.reader.lang) if isinstance(value, int | float) else f'"{value}"'
        for value in values
    )


def drop_other_papers(entries: Entries, own: Mapping[str, Any]) -> None:
    """Leave out what only another municipality's papers say: later counts, accounts, its frame."""
    entries.without |= {(key,) for key in _PAPERS if own.get(key)}
