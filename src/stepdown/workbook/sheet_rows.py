"""Rows of a template -> tables of a scenario file, sheet by sheet."""

from collections.abc import Iterable, Mapping
from typing import Any

from stepdown.workbook.entries import Entries, Path
from stepdown.workbook.fact_rows import fill_child, fill_lever, finish_stock, simple_numbers
from stepdown.workbook.left_out import leave_out, strategies_of
from stepdown.workbook.rows import BookReader, Row
from stepdown.workbook.template_rows import CENTERS
from stepdown.workbook.toml_text import Figure
from stepdown.workbook.typed_numbers import shown

__all__ = ["entries_of"]


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
    leave_out(entries)
    for sheet, fill in _FILLED.items():
        for row in reader.rows.get(sheet, []):
            fill(entries, row)
    finish_stock(entries)
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
                               "fill it in")  # fmt: skip
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
    entries.month((*above, "start"), row, "start")
    _name_investment(entries, above, row)
    entries.label(path, row)
    entries.put((*path, "payer"), row.get("payer"), row, "payer")
    entries.quantity((*path, "posts"), row, {"value": row.get("posts"), "unit": "posts"}, "posts_")
    if row.get("shared") is not None and row.get("price") is not None:
        price = shown(row.get("price"), entries.reader.lang)
        what = f"{price} beside the shared price {row.get('shared')}"
        entries.reader.say(row, "price", what, "a post has one price", "empty one of the two cells")
    elif row.get("shared") is not None:
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
    if not entries.known_at(path):
        entries.label(path, row)


def _line(entries: Entries, row: Row) -> None:
    if any(row.get(key) is None for key in ("line", "kind", "strategies")):
        return
    path = ("budget_lines", row.get("line"))
    entries.label(path, row)
    entries.put((*path, "kind"), row.get("kind"), row, "kind")
    entries.put((*path, "strategies"), strategies_of(row), row, "strategies")
    entries.put((*path, "cause"), row.get("cause"), row, "cause")
    for prefix, key, unit in (
        ("share_", "realised_share", "share"),
        ("delay_", "delay_months", "months"),
    ):
        numbers = simple_numbers(row, prefix, unit)
        if numbers is not None:
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
    entries.month((*above, "start"), row, "start")
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
    entries.by_year((*path, "row"), row, is_promise=True)


_FILLED = {
    "strategies": _strategy, "payers": _payer, "children": fill_child, "levers": fill_lever,
    "prices": _price, "lines": _line, "posts": _post, "amounts": _amount, "published": _published,
}  # fmt: skip
"""What fills in the rows of each sheet; lines before the amounts that name them."""
