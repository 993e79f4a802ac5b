"""Checks of money that follows a child or a place: state reimbursement, and notice periods."""

from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text
from stepdown.scenario.check_figures import check_amount, check_share
from stepdown.scenario.model import Scenario, Step
from stepdown.scenario.money import Reimbursement
from stepdown.scenario.reporter import Reporter

__all__ = ["check_notice", "check_reimbursement"]

_PAYERS = ("municipality", "state")  # the receiver and the giver
_LEAST_THRESHOLD = 10_000  # a smaller one is a thousand written 1.000


def check_reimbursement(scenario: Scenario, say: Reporter) -> None:
    """The laws follow each other, and each has rising thresholds with a share each."""
    laws = scenario.reimbursement
    if not laws:
        return
    path: KeyPath = ("reimbursement",)
    if scenario.clock.cycle_months != 1:
        say(path, "with cycles of a year", "reimbursement counts the months of a child in a year",
            "leave out [[reimbursement]]: write reimbursement = []")  # fmt: skip
    for payer in _PAYERS:
        if payer not in scenario.payers and not say.is_gone(("payers",)):
            say(path, f"no payer {payer}", "the state refunds the municipality",
                f'add {payer} = {{ da = "...", en = "..." }} under [payers]')  # fmt: skip
    years = [law.from_year for law in laws]
    if years != sorted(set(years)):
        rule = "laws follow each other by first year"
        say(path, f"from years {', '.join(map(str, years))}", rule, "put them in order, one a year")
    for index, law in enumerate(laws):
        _check_law((*path, index), law, say)


def _check_law(path: KeyPath, law: Reimbursement, say: Reporter) -> None:
    """A law has as many shares as thresholds; both rise, the shares up to 1."""
    if len(law.above) != len(law.shares):
        say((*path, "shares"), f"{len(law.shares)} shares for {len(law.above)} thresholds",
            "every threshold has the share of the cost above it",
            f"give {len(law.above)} shares")  # fmt: skip
    if list(law.above) != sorted(set(law.above)):
        said = ", ".join(amount_text(above) for above in law.above)
        say((*path, "above"), f"thresholds {said}", "thresholds rise", "put them in order")
    if law.above[0] < _LEAST_THRESHOLD:
        say((*path, "above", 0), f"{amount_text(law.above[0])} kr.",
            "a threshold is what a costly child costs in a year, in kroner; a thousand is 1_000",
            f"write {amount_text(law.above[0] * 1000)} if you meant that")  # fmt: skip
    rising = [0.0, *law.shares]
    if rising != sorted(rising) or law.shares[-1] > 1:
        said = ", ".join(f"{share:g}" for share in law.shares)
        say((*path, "shares"), f"shares {said}", "shares rise with the cost, from above 0 up to 1",
            "put them in rising order, as the law has them")  # fmt: skip


def check_notice(scenario: Scenario, say: Reporter) -> None:
    """A notice period is a fixed share of a price and the months that it goes on."""
    for name, step in scenario.steps.items():
        path: KeyPath = ("steps", name)
        if step.fixed_share is not None:
            check_share((*path, "fixed_share"), scenario, step.fixed_share, say)
        if step.notice_months is not None:
            check_amount((*path, "notice_months"), scenario, step.notice_months, say,
                         "a notice period is a number of months", ("months",))  # fmt: skip
        if step.fixed_share is not None or step.notice_months is not None:
            _check_pair(path, scenario, step, say)


def _check_pair(path: KeyPath, scenario: Scenario, step: Step, say: Reporter) -> None:
    rule = "a place under notice costs a fixed share of its price for some months"
    if step.notice_months is None:
        say((*path, "fixed_share"), "without notice_months", rule,
            'add notice_months = { value = NUMBER, unit = "months", ... }')  # fmt: skip
    if step.fixed_share is None:
        say((*path, "notice_months"), "without fixed_share", rule,
            'add fixed_share = { value = NUMBER, unit = "share", ... }')  # fmt: skip
    if step.price is None:
        say(path, "a notice period on a step without a price", rule, "add price, or remove both")
    if scenario.clock.cycle_months != 1:
        say(path, "a notice period with cycles of a year", "notice runs by month",
            "remove fixed_share and notice_months")  # fmt: skip
