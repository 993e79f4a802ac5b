"""The calculation in five lines: what a strategy costs, what comes back, and what is left."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stepdown import analysis
from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Table
from stepdown.report.document.tables import Align

__all__ = ["calculation", "other_changes", "rounded_to_sum"]

_MILLION = 1e6
_TOLD = 50_000.0  # kroner; a part of the rest that is at least this is named

Line = tuple[str, NDArray[np.float64]]


def calculation(facts: Facts) -> Table:
    """Return the municipality's own calculation, all years and the last; its lines add up."""
    write = facts.write
    lines = _lines(facts)
    net = facts.by_year(facts.net)
    wholes = [np.array([float(v.sum()), float(v[-1])]) for _, v in lines]
    totals = np.array([float(net.sum()), float(net[-1])])
    in_millions = max(abs(v[0]) for v in (*wholes, totals)) >= _MILLION
    unit = _MILLION / 10 if in_millions else 1000.0
    columns = [rounded_to_sum([whole[at] for whole in wholes], totals[at], unit) for at in range(2)]
    columns = columns if len(facts.year_numbers) > 1 else columns[:1]
    names = [name for name, _ in lines] + [_result_word(facts, totals[0])]
    decimals, scale = (1, 10) if in_millions else (0, 1)
    rows = tuple(
        (name, *(write.number(column[row] / scale, decimals) for column in columns))
        for row, name in enumerate(names)
    )
    said = write.say(
        *(("mio. kr.", "DKK million") if in_millions else ("1.000 kr.", "DKK thousand"))
    )
    caption = write.say(f"Regnestykket for kommunen ({said}, {facts.prices})",
                        f"The municipality's calculation ({said}, {facts.prices})")  # fmt: skip
    head = ("", facts.period, str(facts.last))[: 1 + len(columns)]
    head = (write.say("Gennemsnit", "Average"), *head[1:])
    note = write.say("Minus er en udgift. Afrundet, så linjerne går op.",
                     "A minus is a cost. Rounded so that the lines add up.")  # fmt: skip
    right: Align = "right"
    align: tuple[Align, ...] = ("left", *(right for _ in columns))
    return Table(caption, head, rows, align, (note,), has_sum=True)


def rounded_to_sum(parts: Sequence[float], total: float, unit: float) -> list[int]:
    """Round parts to whole units that add up to their rounded total, which comes last.

    Each part is off by less than a unit and a half: what is left is taken where rounding moved
    the other way most.
    """
    exact = np.asarray(parts, dtype=float) / unit
    rounded = np.round(exact).astype(int)
    target = round(total / unit)
    while (left := target - int(rounded.sum())) != 0:
        error = (exact - rounded) * np.sign(left)
        rounded[int(np.argmax(error))] += int(np.sign(left))
    return [*(int(part) for part in rounded), target]


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
    if _is_told(grants):
        lines.append((_grant_word(facts), grants))
    lines.append((saved, gross))
    if _is_told(other):
        lines.append((_other_word(facts), other))
    return lines


def _is_told(values: NDArray[np.float64]) -> bool:
    return bool(max(abs(values.sum()), abs(values[-1])) >= _TOLD)


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


def _result_word(facts: Facts, total: float) -> str:
    kind = facts.write.say(*(("overskud", "gain") if total >= 0 else ("underskud", "loss")))
    return facts.write.say(f"Kommunens resultat ({kind})", f"The municipality's result ({kind})")
