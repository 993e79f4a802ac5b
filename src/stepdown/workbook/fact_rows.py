"""The sheets of children and of levers -> tables of a scenario file."""

import re
from typing import Any

from stepdown.workbook.entries import Entries, Path
from stepdown.workbook.rows import Row
from stepdown.workbook.template_rows import BASELINE, SIZES, TODAY

__all__ = ["fill_child", "fill_lever", "finish_stock", "simple_numbers"]

_COUNTS = {"children": "children", "beyond": "beyond_reach"}
_LEVER_UNITS = {
    ("caseload", "baseline"): "cases per caseworker",
    ("caseload", "posts"): "posts",
    ("caseload", "children_0_17"): "children",
    ("caseload", "turnover"): "per year",
    ("follow_up", "baseline"): "months",
}


def simple_numbers(row: Row, prefix: str, unit: str) -> dict[str, Any] | None:
    """Return the numbers of a fixed value or a triangle; None where no cell has one."""
    low, middle, high = (row.get(f"{prefix}{part}") for part in ("low", "center", "high"))
    if low is None and middle is None and high is None:
        return None
    if low is None and high is None:
        return {"value": middle, "unit": unit}
    return {"distribution": "triangular", "low": low, "mode": middle, "high": high, "unit": unit}


def fill_child(entries: Entries, row: Row) -> None:
    """Put the children of one step into the stock."""
    step = row.get("step")
    is_step = entries.is_known(row, "step", "steps", "step")
    if not is_step or not entries.is_positive(row, *_COUNTS):
        return
    for key, table in _COUNTS.items():
        number, known = row.get(key), (entries.known_at(("stock", table)) or {}).get(step)
        if number is not None and number != int(number):
            entries.reader.say(row, key, f"{number:g} children",
                               "children who stand on a step on one day are a whole number",
                               f"write {int(number)} or {int(number) + 1}")  # fmt: skip
        elif number is None and known is not None and row.is_empty(key):
            entries.reader.say(row, key, "empty", "the extended scenario has children here, and an"
                               " empty cell is not taken for 0", "write the number; 0 if there is"
                               " none")  # fmt: skip
        elif number is not None and (number or known is not None):
            entries.put(("stock", table, step), int(number), row, key)


def finish_stock(entries: Entries) -> None:
    """Put the day and the source of the children, who are one figure, and let the model start."""
    row, stock = entries.reader.scenario, entries.tables.get("stock")
    if stock is None:
        return
    known, date = entries.known_at(("stock",)) or {}, row.get("stock_date")
    _check_stock(entries, stock, known)
    basis = entries.basis(
        row, {"children": stock.get("children", {}), "unit": "children"}, "stock_"
    )
    if date is None or basis is None:
        if row.is_empty("stock_date"):
            entries.reader.say(row, "stock_date", "empty", "children are counted on a day",
                               "write the year and 12: the end of December before the model"
                               " starts")  # fmt: skip
        return
    for table in _COUNTS.values():
        # In the order of the scenario, so that a book that changes nothing gives the same bits.
        order = list(known.get(table, {}))
        counts = stock.get(table, {})
        stock.pop(table, None)
        if counts:
            steps = sorted(counts, key=lambda own: order.index(own) if own in order else len(order))
            stock[table] = {step: counts[step] for step in steps}
    if known.get("age_years") is not None:
        stock["age_years"] = known["age_years"]
    if known.get("note") is not None and known.get("source") == basis.get("source"):
        basis.setdefault("note", known["note"])
    entries.month(("stock", "date"), row, "stock_date")
    for key, value in basis.items():
        entries.put(("stock", key), value, row, f"stock_{key}")
    if re.fullmatch(r"\d{4}-12", str(date)) and date != known.get("date"):
        entries.put(("clock", "starts"), f"{int(str(date)[:4]) + 1}-01", row, "stock_date")


def _check_stock(entries: Entries, stock: dict[str, Any], known: dict[str, Any]) -> None:
    """Report steps whose row is gone, and other numbers under the source of those before."""
    reader, row = entries.reader, entries.reader.scenario
    rows = reader.rows["children"]
    steps = {step for table in _COUNTS.values() for step in known.get(table, {})}
    gone = steps - {own.get("step") for own in rows}
    for step in sorted(gone):
        numbers = [known[table][step] for table in _COUNTS.values() if step in known.get(table, {})]
        reader.tell(rows[0].sheet, f"no row for {step}",
                    f"the extended scenario has {sum(numbers)} children there, who would be gone",
                    "write the row again, with 0 if there is none")  # fmt: skip
    is_changed = any(stock.get(table, {}) != known.get(table, {}) for table in _COUNTS.values())
    sources = known.get("source")
    source = ", ".join(sources) if isinstance(sources, list) else sources
    same = (row.get("stock_source"), row.get("stock_assumption")) == (
        source, known.get("assumption"))  # fmt: skip
    is_whole = not gone and not any(own.wrong for own in rows)
    if source and is_changed and same and is_whole:
        reader.say(row, "stock_source", "other numbers of children, and the same source",
                   "the source says the numbers that were there",
                   "write where your numbers are from")  # fmt: skip


def fill_lever(entries: Entries, row: Row) -> None:
    """Put how large a lever is, and when it works."""
    strategy, lever = row.get("strategy"), row.get("lever")
    numbers = ("low", "center", "high")
    if strategy is None or lever is None or not entries.is_positive(row, *numbers):
        return
    if strategy == BASELINE:
        _fill_today(entries, row)
    elif entries.is_known(row, "strategy", "strategies", "strategy"):
        above: Path = ("strategies", strategy)
        above = (*above, lever) if lever in SIZES else (*above, "investments", lever)
        if entries.known_at(above) is None and lever not in SIZES:
            rule = "a row of this sheet is a lever that the extended scenario has"
            entries.reader.say(row, "lever", f'unknown lever "{lever}"', rule,
                               "give a new investment its rows in the sheets of posts and"
                               " amounts")  # fmt: skip
            return
        _fill_times(entries, row, above)
        _fill_size(entries, row, above)


def _fill_times(entries: Entries, row: Row, above: Path) -> None:
    for key in ("start", "end"):
        entries.month((*above, key), row, key)
    if entries.known_at((*above, "end")) is not None and row.is_empty("end") and "end" in row.cells:
        entries.without.add((*above, "end"))


def _fill_size(entries: Entries, row: Row, above: Path) -> None:
    lever, effect = row.get("lever"), row.get("effect")
    if lever in SIZES:
        path, unit = (*above, SIZES[lever]), _LEVER_UNITS[lever, "baseline"]
    else:
        path, unit = (*above, "effects", effect, "reach", "courses_per_year"), "courses per year"
    given = simple_numbers(row, "", unit)
    if given is None or not _is_own_unit(entries, row, unit):
        return
    if lever not in SIZES and entries.known_at(path) is None:
        entries.reader.say(row, "effect", f'"{effect or ""}" has no number of courses',
                           "the extended scenario says which effects reach so many a year",
                           "leave the number out, or name such an effect")  # fmt: skip
        return
    entries.quantity(path, row, given)


def _fill_today(entries: Entries, row: Row) -> None:
    path = TODAY.get(row.get("lever"))
    if path is None:
        rule = "what holds today is one of " + ", ".join(TODAY)
        entries.reader.say(row, "lever", f'"{row.get("lever")}"', rule, "write one of them")
        return
    given = simple_numbers(row, "", _LEVER_UNITS[path])
    if given is None or not _is_own_unit(entries, row, _LEVER_UNITS[path]):
        return
    entries.quantity(path, row, given)
    reference = ("caseload", "reference")
    known = entries.known_at(path)
    if path == ("caseload", "baseline") and known == entries.known_at(reference):
        # The rates hold at the caseload of today, where the scenario says so.
        entries.quantity(reference, row, given)


def _is_own_unit(entries: Entries, row: Row, unit: str) -> bool:
    """Tell whether a row counts in the unit of its lever; report it otherwise."""
    written = row.get("unit")
    if written not in (None, unit):
        entries.reader.say(row, "unit", f'"{written}"', f"this lever counts {unit}",
                           f"choose {unit}, and give the number in it")  # fmt: skip
    return written in (None, unit)
