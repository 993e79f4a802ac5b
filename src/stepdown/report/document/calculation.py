"""The calculation in a few lines: what a strategy costs, what comes back, and what is left."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Table
from stepdown.report.document.numbers import (
    MILLIONS,
    Writer,
    decimals_in_millions,
    in_millions,
)
from stepdown.report.document.tables import Align

__all__ = ["calculation", "other_changes"]

_TOLD = 50_000.0  # kroner; a part of the rest that is at least this is named

Line = tuple[str, NDArray[np.float64]]
Row = tuple[str, Sequence[float]]


def calculation(facts: Facts) -> Table:
    """Return the municipality's own calculation, all years and the last.

    Each figure is rounded as the sentences round it; what the rounded lines lack is a line.
    """
    write, lines = facts.write, _lines(facts)
    amounts = [_in_all_and_last(values) for _, values in lines]
    totals = _in_all_and_last(facts.by_year(facts.net))
    round_one = _in_thousands
    if max(abs(one[0]) for one in (*amounts, totals)) >= MILLIONS:
        round_one = in_millions
    cells = [[round_one(dkk) for dkk in one] for one in (*amounts, totals)]
    rest = [round(total - sum(parts), 1) for *parts, total in zip(*cells, strict=True)]
    rows: list[Row] = [(name, cells[at]) for at, (name, _) in enumerate(lines)]
    rows += [(write.say("Afrunding", "Rounding"), rest)] if any(rest) else []
    rows.append((_result_word(facts, cells[-1]), cells[-1]))
    return _table(facts, rows, is_in_millions=round_one is in_millions)


def _table(facts: Facts, rows: Sequence[Row], *, is_in_millions: bool) -> Table:
    """Lay the calculation out: one column where there is one year."""
    write = facts.write
    unit = write.unit()
    if is_in_millions:
        unit = write.say("mio. kr.", "DKK million")
    caption = write.say(f"Regnestykket for kommunen ({unit}, {facts.prices})",
                        f"The municipality's calculation ({unit}, {facts.prices})")  # fmt: skip
    note = write.say("Minus er en merudgift. Hvert tal er afrundet for sig.",
                     "A minus is a cost. Each figure is rounded by itself.")  # fmt: skip
    columns = slice(1 + min(len(facts.year_numbers), 2))
    head: tuple[str, ...] = (write.say("Gennemsnit", "Average"), facts.period, str(facts.last))
    align: tuple[Align, ...] = ("left", "right", "right")
    written = [
        [name, *(_written(write, amount, is_in_millions=is_in_millions) for amount in amounts)]
        for name, amounts in rows
    ]
    cells = tuple(tuple(row[columns]) for row in written)
    return Table(caption, head[columns], cells, align[columns], (note,), has_sum=True)


def _in_all_and_last(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values.sum()), float(values[-1])


def _in_thousands(dkk: float) -> float:
    """Return whole 10,000 kroner in thousands, as a sentence tells an amount below a million."""
    return round(dkk, -4) / 1000


def _written(write: Writer, amount: float, *, is_in_millions: bool) -> str:
    return write.number(amount, decimals_in_millions(amount * 1e6) if is_in_millions else 0)


def _lines(facts: Facts) -> list[Line]:
    """Return the parts of the municipality's net saving by year, without those of nothing."""
    write = facts.write
    spending = -facts.by_year(analysis.of_payer(facts.years.investment_dkk))
    grants = facts.by_year(analysis.of_payer(facts.years.grant_dkk))
    gross = facts.by_year(facts.gross)
    other = facts.by_year(facts.net) - spending - grants - gross
    saved = write.say("Sparet på hjælp og anbringelser", "Saved on help and placements")
    if not facts.has_children:
        saved = write.say("Sparet på budgetlinjerne", "Saved on the budget lines")
    cost = write.say("Udgift til strategien", "Spending on the strategy")
    lines = [(cost, spending)]
    # What is left out must be no more than a rounding.
    least = _TOLD if max(abs(spending.sum()), abs(gross.sum())) >= MILLIONS else _TOLD / 10
    if _is_told(grants, least):
        lines.append((_grant_word(facts), grants))
    lines.append((saved, gross))
    if _is_told(other, least):
        lines.append((_other_word(facts), other))
    return lines


def _is_told(values: NDArray[np.float64], least: float) -> bool:
    return bool(max(abs(values.sum()), abs(values[-1])) >= least)


def _grant_word(facts: Facts) -> str:
    givers = facts.givers
    said = f" ({facts.write.listed([name.lower() for name in givers])})" if givers else ""
    return facts.write.say(f"Tilskud{said}", f"Grants{said}")


def other_changes(facts: Facts) -> list[str]:
    """Return what else than spending, grants and saving moves the municipality's result."""
    write, totals = facts.write, facts.totals[facts.strategy]
    parts = []
    if abs(totals.refusion) >= _TOLD:
        parts.append(write.say("statsrefusion", "state reimbursement"))
    if abs(totals.stranded) >= _TOLD:
        parts.append(write.say("opsagte pladser", "places under notice"))
    if abs(totals.casework) >= _TOLD:
        parts.append(
            write.say(*(("færre sager", "fewer cases") if totals.casework < 0 else
                        ("flere sager", "more cases")))
        )  # fmt: skip
    return parts


def _other_word(facts: Facts) -> str:
    parts = other_changes(facts)
    said = f" ({facts.write.listed(parts)})" if parts else ""
    return facts.write.say(f"Andet{said}", f"Other{said}")


def _result_word(facts: Facts, shown: Sequence[float]) -> str:
    """Return what the result is called: by its sign, where all columns have the same."""
    write = facts.write
    result = write.say("Kommunens nettoresultat", "The municipality's net result")
    kinds = {write.result(amount) for amount in shown if amount}
    return f"{result} ({kinds.pop()})" if len(kinds) == 1 else result
