"""Checks of payers and of budget lines: who pays, what is drawn, and what is not."""

from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text
from stepdown.scenario.budget_model import BudgetLine
from stepdown.scenario.check_figures import check_amount, check_share
from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Quantity, YearRow
from stepdown.scenario.reporter import Reporter

__all__ = ["check_lines", "check_payers"]

_LEAST_SHARE, _LARGEST_SHARE = -1, 3
_DRAWN = ("realised_share", "delay_months")


def check_payers(scenario: Scenario, say: Reporter) -> None:
    """A committee is part of a payer that is no part itself."""
    for name, payer in scenario.payers.items():
        whole = payer.part_of
        path: KeyPath = ("payers", name, "part_of")
        if whole is None or not say.known(path, "payer", whole, scenario.payers):
            continue
        if whole == name or scenario.payers[whole].part_of is not None:
            rule = "a payer is part of one that is no part itself, so that sums count it once"
            top = scenario.payers[whole].part_of if whole != name else None
            fix = f'write part_of = "{top}"' if top not in (None, name) else "leave out part_of"
            say(path, f"{name} is part of {whole}", rule, fix)


def check_lines(scenario: Scenario, say: Reporter) -> None:
    """Report everything wrong with the budget lines of a scenario."""
    for name, line in scenario.budget_lines.items():
        path: KeyPath = ("budget_lines", name)
        for index, strategy in enumerate(line.strategies):
            say.known((*path, "strategies", index), "strategy", strategy, scenario.strategies)
        if len(set(line.strategies)) < len(line.strategies):
            rule = "a line counts once in a strategy"
            say((*path, "strategies"), "a strategy named twice", rule, "name each strategy once")
        _check_rows(path, scenario, line, say)
        if line.kind == "residual":
            _check_residual(path, line, say)
        elif line.saving:
            _check_drawn(path, scenario, line, say)
        if line.cause is not None:
            _check_cause(path, scenario, line, say)
    _check_causes(scenario, say)


def _check_rows(path: KeyPath, scenario: Scenario, line: BudgetLine, say: Reporter) -> None:
    if not line.saving and not line.investment:
        rule = "a budget line saves or costs something"
        say(path, "neither saving nor investment", rule, "add saving.municipality = { ... }")
    for key, rows in (("saving", line.saving), ("investment", line.investment)):
        for payer, row in rows.items():
            here = (*path, key, payer)
            say.known(here, "payer", payer, scenario.payers)
            _check_row(here, scenario, row, say)


def _check_row(path: KeyPath, scenario: Scenario, row: YearRow, say: Reporter) -> None:
    level = scenario.money.price_level
    if row.price_year != level:
        rule = f"published lines are not converted, and the results are in {level} prices"
        fix = f"restate the row in {level} prices and write price_year = {level}"
        say((*path, "price_year"), f"{row.price_year} prices", rule, fix)
    other = "investment" if path[-2] == "saving" else "saving"
    first = scenario.clock.first_budget_year
    years = range(first, first + scenario.clock.n_budget_years)
    for year, amount in row.by_year.items():
        here = (*path, "by_year", year)
        if amount < 0:
            rule = "savings and investments are both positive; a sign says nothing here"
            fix = f'write "{year}" = {amount_text(-amount)}, or put it under {other}'
            say(here, amount_text(amount), rule, fix)
        if int(year) not in years and not say.is_told(("clock",)):
            rule = "a budget line is of the budget years"
            fix = f"leave it out, or let the budget years reach {year}"
            say(here, f"{year} is no budget year", rule, fix)


def _check_residual(path: KeyPath, line: BudgetLine, say: Reporter) -> None:
    for key in (*_DRAWN, "cause"):
        if getattr(line, key) is not None:
            rule = "no calculation stands behind a residual, so nothing of it is drawn"
            fix = f'leave out {key}, or write kind = "target" if somebody stands behind the sum'
            say((*path, key), f"{key} on a residual", rule, fix)


def _check_drawn(path: KeyPath, scenario: Scenario, line: BudgetLine, say: Reporter) -> None:
    if line.realised_share is None:
        rule = "a published saving comes true in part, and the file says how much"
        fix = (
            'add realised_share = { distribution = "triangular", low = NUMBER, mode = NUMBER, '
            'high = NUMBER, unit = "share", assumption = "why" }'
        )
        say(path, "no realised_share", rule, fix)
    else:
        _check_realised((*path, "realised_share"), scenario, line.realised_share, say)
    if line.delay_months is None:
        rule = "a published saving may come later than published, and the file says how late"
        fix = 'add delay_months = { value = NUMBER, unit = "months", assumption = "why" }'
        say(path, "no delay_months", rule, fix)
        return
    here = (*path, "delay_months")
    check_amount(here, scenario, line.delay_months, say, "a delay is a number of months",
                 ("months",))  # fmt: skip
    if say.resolved(scenario, line.delay_months).distribution == "normal":
        rule = "a saving comes no earlier than published, and a normal number may be below 0"
        say(here, "a normal distribution", rule, 'use distribution = "gamma" or "triangular"')


def _check_realised(path: KeyPath, scenario: Scenario, share: Quantity, say: Reporter) -> None:
    share = say.resolved(scenario, share)
    say.unit(path, share, ("share",))
    for number in (share.value, share.mean, share.median, share.low, share.high):
        if number is not None and not _LEAST_SHARE <= number <= _LARGEST_SHARE:
            rule = "1 is all of the published saving, 0 nothing, and below 0 spending rises"
            fix = "write a share"
            if 1 < number <= 300:
                fix = f"write {number / 100:g} if {number:g} per cent is meant"
            say(path, f"{number:g} times the published saving", rule, fix)
            return


def _check_cause(path: KeyPath, scenario: Scenario, line: BudgetLine, say: Reporter) -> None:
    assert line.cause is not None, "own invariant: asked for lines with a cause"
    say.known((*path, "cause"), "cause", line.cause, scenario.causes)
    for key in _DRAWN:
        quantity = getattr(line, key)
        if quantity is not None and quantity.parameter is not None:
            rule = (
                "a shared parameter is one draw for all who name it, which no cause can correlate"
            )
            fix = f"write the distribution of {key} on the line, or leave out cause"
            say((*path, key), f'the parameter "{quantity.parameter}" and a cause', rule, fix)


def _check_causes(scenario: Scenario, say: Reporter) -> None:
    for name, cause in scenario.causes.items():
        path: KeyPath = ("causes", name)
        here = (*path, "correlation")
        say.unit(here, say.resolved(scenario, cause.correlation), ("correlation",))
        check_share(here, scenario, cause.correlation, say)
        lines = [n for n, line in scenario.budget_lines.items() if line.cause == name]
        if len(lines) < 2 and not say.is_told(("budget_lines",)):
            rule = "a cause is what at least two budget lines depend on together"
            named = f"only {lines[0]} names it" if lines else "no line names it"
            say(path, named, rule, f'write cause = "{name}" on two lines, or remove it')
