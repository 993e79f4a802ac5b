"""Checks of rows by year: what holds before their first year and after their last.

A row of costs, grants or published amounts is 0 before its first year. After its last it is what
`after` says. Where the model goes on, and what the row pays for does too, nobody but the writer
knows which is meant, so there is no default.

Decision: docs/decisions/0035-rows-amounts-and-fixes.md.
"""

from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text
from stepdown.scenario.check_figures import end_of_budget
from stepdown.scenario.model import Investment, Scenario, Strategy
from stepdown.scenario.quantity import YearRow
from stepdown.scenario.reporter import Reporter

__all__ = ["check_rows"]


def check_rows(scenario: Scenario, say: Reporter) -> None:
    """Report every row that ends before what it is a row of, and rows of other years."""
    if say.is_told(("clock",)):
        return
    for name, strategy in scenario.strategies.items():
        for own, investment in strategy.investments.items():
            path: KeyPath = ("strategies", name, "investments", own)
            end = _paid_until(strategy, investment)
            for cost_name, cost in investment.costs.items():
                here = (*path, "costs", cost_name, "row")
                if cost.row is not None:
                    _check_end(here, scenario, cost.row, end, say)
                    _check_sign(here, cost.row, "a cost is money spent", say)
            for grant_name, grant in investment.grants.items():
                here = (*path, "grants", grant_name, "row")
                _check_end(here, scenario, grant.row, end, say)
                _check_sign(here, grant.row, "a grant goes from giver to receiver", say)
    for name, line in scenario.budget_lines.items():
        for key, rows in (("saving", line.saving), ("investment", line.investment)):
            for payer, row in rows.items():
                _check_end(("budget_lines", name, key, payer), scenario, row, None, say)
    if scenario.base_budget is not None:
        _check_frame(scenario, scenario.base_budget, say)


def _paid_until(strategy: Strategy, investment: Investment) -> int | None:
    """Return the year in which all that an investment may pay for has ended; None if some goes on.

    The levers of the strategy stand beside its investments, and any of them may pay for them.
    """
    # What works without costs of its own is paid for by another's.
    free = (own for own in strategy.investments.values() if own.effects and not own.costs)
    paid = (investment, strategy.caseload, strategy.follow_up, *free)
    ends = [timing.end for timing in paid if timing is not None]
    return max(int(end[:4]) for end in ends if end) if all(ends) else None


def _check_end(
    path: KeyPath, scenario: Scenario, row: YearRow, ended: int | None, say: Reporter
) -> None:
    """Report a row that ends without saying what follows, or is of no year of the model."""
    first, last = int(scenario.clock.starts[:4]), end_of_budget(scenario) - 1
    if row.first > last or (row.last < first and row.after != "repeat"):
        rule = f"the model runs from {first} to {last}, and other years count for nothing"
        years = f"{row.first}" if row.first == row.last else f"{row.first}-{row.last}"
        fix = "give amounts of those years, or a clock that reaches the row's"
        say((*path, "by_year"), f"amounts of {years}", rule, fix)
        return
    _check_early(path, row, first, say)
    is_over = ended is not None and ended <= row.last
    if row.last < last and row.ends_open and not is_over:
        amount = amount_text(row.by_year[str(row.last)])
        what = f"the row ends in {row.last} and the model in {last}"
        rule = f"from {row.last + 1} on it is 0 or {amount} again, and the result differs"
        fix = 'add after = "zero" or after = "repeat", or name the years'
        say((*path, "after"), what, rule, fix)


def _check_early(path: KeyPath, row: YearRow, first: int, say: Reporter) -> None:
    """Report amounts of years before the model, which would be lost."""
    for year, amount in row.by_year.items():
        if int(year) < first and amount != 0:
            rule = f"the model begins in {first}, and years before it count for nothing"
            fix = f"leave {year} out, or let the clock start earlier"
            say((*path, "by_year", year), f"{amount_text(amount)} in {year}", rule, fix)


def _check_sign(path: KeyPath, row: YearRow, why: str, say: Reporter) -> None:
    for year, amount in row.by_year.items():
        if amount < 0:
            fix = (
                f'write "{year}" = {amount_text(-amount)}, if the minus is the paper\'s sign for it'
            )
            rule = f"{why}: it is positive; what goes the other way is no part of it"
            say((*path, "by_year", year), f"{amount_text(amount)} in {year}", rule, fix)


def _check_frame(scenario: Scenario, row: YearRow, say: Reporter) -> None:
    """A frame is known in the years it names; one of 0 is no frame."""
    path: KeyPath = ("base_budget",)
    _check_sign(path, row, "a frame is money to spend", say)
    years = range(scenario.clock.first_budget_year, end_of_budget(scenario))
    if row.after == "zero" and row.last < years[-1]:
        rule = "a frame of 0 would be exceeded by any spending"
        fix = 'leave out after: in a year without a frame no chance is given; or write "repeat"'
        say((*path, "after"), f'after = "zero" from {row.last + 1} on', rule, fix)
    if all(row.stated(year) is None for year in years):
        rule = f"the budget years are {years[0]} to {years[-1]}"
        say((*path, "by_year"), f"a frame of {row.first}-{row.last}", rule,
            "name budget years, or move the clock")  # fmt: skip
