"""What a published saving is: a line of a budget, a target, or what somebody found or reckoned."""

from typing import Literal

from stepdown.evidence import Evidence
from stepdown.scenario.budget_model import PublishedLine

__all__ = ["Basis", "published_basis"]

Basis = Literal["budget", "target", "evaluation", "accounts", "estimate"]
_BY_GRADE: dict[str, Basis] = {
    "evaluation": "evaluation",
    "register": "accounts",
    "expert": "budget",  # a municipality's own paper
}


def published_basis(line: PublishedLine, evidence: Evidence) -> Basis:
    """Return what a line is by its kind, and of an estimate by the grade of what it cites."""
    if line.kind == "target":
        return "target"
    grades = {evidence.figure(key).grade for key in line.row.sources}
    return next((basis for grade, basis in _BY_GRADE.items() if grade in grades), "estimate")
