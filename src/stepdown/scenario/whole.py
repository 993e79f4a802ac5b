"""Whether a file has a staircase, and what it then cannot lack.

The types take a scenario without one, since a scenario of budget lines alone has none.
"""

from collections.abc import Mapping

__all__ = ["STAIRCASE_NEEDS", "STAIRCASE_TABLES", "lacking"]

STAIRCASE_NEEDS = ("bands", "steps", "moves", "stock")
"""What a staircase cannot lack."""

STAIRCASE_TABLES = (
    *STAIRCASE_NEEDS,
    "rate_factors",
    "birthdays",
    "inflow",
    "stock_later",
    "growth",
    "caseload",
    "follow_up",
    "law",
    "bounds",
    "frailty",
    "capacity",
    "adult_life",
    "accounts",
)
"""Keys that mean nothing without a staircase."""


def lacking(tables: Mapping[str, object]) -> list[str]:
    """Return what a staircase in the tables of a file lacks; nothing for budget lines alone."""
    has_staircase = any(key in tables for key in STAIRCASE_TABLES)
    if not has_staircase and "budget_lines" in tables:
        return []
    return [key for key in STAIRCASE_NEEDS if key not in tables]
