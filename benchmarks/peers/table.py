"""The table of peers as Markdown, made from what each answered."""

from collections.abc import Sequence
from typing import Any, NamedTuple

Answer = dict[str, Any]

HEADINGS = ("Tool", "Version", "N", "ns per child-month", "Million child-months a second and core",
            "Engine is faster by", "Largest z", "Leaves out", "Remarks")  # fmt: skip
ALIGNMENT = ("---", "---", "---:", "---:", "---:", "---:", "---:", "---", "---")


class Measured(NamedTuple):
    """One tool with one number of children."""

    tool: str
    n_children: int
    answer: Answer
    """What the tool wrote."""
    engine_ns: float
    """The engine's time, before and after, the faster one [ns per child-month]."""
    largest_z: float
    """Largest deviation from the exact expectation [standard errors]."""


class Missing(NamedTuple):
    """A tool that could not be run."""

    tool: str
    why: str


def nanoseconds(answer: Answer) -> float:
    """Return the time of a child-month on the steps [ns]; those in the exit do not count."""
    lived = sum(sum(year[:-1]) for year in answer["months"]) / answer["runs"]
    return answer["seconds_per_run"] * 1e9 / lived


def markdown(rows: Sequence[Measured | Missing]) -> str:
    """Return the table; a tool's best number of children is set in bold."""
    best: dict[str, float] = {}
    for row in rows:
        if isinstance(row, Measured):
            best[row.tool] = min(nanoseconds(row.answer), best.get(row.tool, float("inf")))
    lines = [HEADINGS, ALIGNMENT]
    for row in rows:
        if isinstance(row, Missing):
            lines.append((row.tool, f"not built: {row.why}", *("",) * 7))
        else:
            lines.append(_cells(row, nanoseconds(row.answer) == best[row.tool]))
    return "".join("|" + "|".join(f" {cell} " if cell else " " for cell in line) + "|\n"
                   for line in lines)  # fmt: skip


def _cells(row: Measured, is_best: bool) -> tuple[str, ...]:
    ns = nanoseconds(row.answer)
    ratio = f"{_three(ns / row.engine_ns)} x"
    versions = ", ".join([*row.answer["versions"], row.answer["language"]])
    return (row.tool, versions, f"{row.n_children:,}", _three(ns), _three(1e3 / ns),
            f"**{ratio}**" if is_best else ratio, f"{row.largest_z:.1f}",
            row.answer["simplifications"], row.answer["remarks"])  # fmt: skip


def _three(value: float) -> str:
    """Return three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
