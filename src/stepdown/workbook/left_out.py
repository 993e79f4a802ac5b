"""What a book leaves out of the scenario it extends: the rows that are not this municipality's."""

from collections.abc import Callable

from stepdown.workbook.entries import Entries, Path
from stepdown.workbook.rows import Row
from stepdown.workbook.template_rows import BASELINE, SIZES

__all__ = ["leave_out", "path_of", "strategies_of"]


def leave_out(entries: Entries) -> None:
    """Take the rows that say no out of the book, and note what the file leaves out for them.

    A strategy takes its rows in all sheets with it, and a budget line that only it has.
    """
    reader = entries.reader
    for sheet, rows in reader.rows.items():
        for row in [own for own in rows if own.get("same") == "no"]:
            path = path_of(sheet, row)
            if path is None:
                reader.say(row, "same", "no", "a price, a number of children and what holds today"
                           " are needed", "write your own number instead")  # fmt: skip
                continue
            if entries.known_at(path) is not None:
                entries.without.add(path)
            rows.remove(row)
    _leave_out_lines(entries)
    for sheet, rows in reader.rows.items():
        reader.rows[sheet] = [
            row for row in rows if not entries.is_left_out(path_of(sheet, row) or ("",))
        ]


def _leave_out_lines(entries: Entries) -> None:
    """Take a strategy that is left out from the budget lines, and lines that had no other."""
    out = {path[1] for path in entries.without if path[0] == "strategies" and len(path) == 2}
    for row in entries.reader.rows.get("lines", []) if out else []:
        members = strategies_of(row)
        kept = [name for name in members if name not in out]
        if kept:
            row.values["strategies"] = ", ".join(kept)
        elif members:
            entries.without.add(("budget_lines", row.get("line")))


def strategies_of(row: Row) -> list[str]:
    """Return the strategies that a budget line belongs to."""
    names = str(row.get("strategies") or "").split(",")
    return [name.strip() for name in names if name.strip()]


def path_of(sheet: str, row: Row) -> Path | None:
    """Return the table of a row that can be left out; None where it cannot."""
    of_sheet = _PATHS.get(sheet)
    return None if of_sheet is None else of_sheet(row)


def _lever(row: Row) -> Path | None:
    if row.get("strategy") == BASELINE:
        return None
    above: Path = ("strategies", row.get("strategy"))
    lever = row.get("lever")
    return (*above, lever) if lever in SIZES else (*above, "investments", lever)


def _amount(row: Row) -> Path:
    kind, name = row.get("type"), row.get("name")
    if kind in ("saving", "investment"):
        return ("budget_lines", name, kind, row.get("payer"))
    table = "costs" if kind == "cost" else "grants"
    return ("strategies", row.get("strategy"), "investments", row.get("investment"), table, name)


_PATHS: dict[str, Callable[[Row], Path | None]] = {
    "strategies": lambda row: ("strategies", row.get("strategy")),
    "lines": lambda row: ("budget_lines", row.get("line")),
    "levers": _lever,
    "posts": lambda row: ("strategies", row.get("strategy"), "investments", row.get("investment"),
                          "costs", row.get("cost")),
    "amounts": _amount,
    "published": lambda row: ("strategies", row.get("strategy"), "published", row.get("line")),
}  # fmt: skip
