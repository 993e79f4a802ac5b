"""What counts as a case, and how many cases a municipality says it has."""

from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Quantity

__all__ = ["MANY_CASES", "case_share", "case_weights", "open_cases"]

MANY_CASES = 0.08
"""Cases per child aged 0-17 beyond which a number is more likely a misunderstanding."""


def case_weights(scenario: Scenario) -> tuple[float, ...]:
    """Return the cases that a child on each step counts as, in the order of the steps."""
    weights = []
    for step in scenario.steps.values():
        own = None if step.case_weight is None else _value(scenario, step.case_weight)
        weights.append(0.0 if not step.counts_as_case else 1.0 if own is None else own)
    return tuple(weights)


def open_cases(scenario: Scenario) -> float:
    """Return the weighted open cases of the documented stock, children beyond reach left out."""
    weight = dict(zip(scenario.steps, case_weights(scenario), strict=True))
    return sum(weight.get(name, 0.0) * n for name, n in scenario.stock.children.items())


def case_share(scenario: Scenario) -> float | None:
    """Return open cases per child aged 0-17; None where the file does not say how many there are.

    An uncertain number of children is read at its middle.
    """
    if scenario.caseload is None or scenario.caseload.children_0_17 is None:
        return None
    children = _value(scenario, scenario.caseload.children_0_17)
    return None if not children else open_cases(scenario) / children


def _value(scenario: Scenario, quantity: Quantity) -> float | None:
    if quantity.parameter is not None:
        quantity = scenario.parameters.get(quantity.parameter, quantity)
    middle = (quantity.value, quantity.median, quantity.mean, quantity.mode)
    return next((float(one) for one in middle if one is not None), None)
