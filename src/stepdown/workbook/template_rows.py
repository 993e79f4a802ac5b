"""A scenario -> the rows of a filled-in template; what no cell can hold stays in the scenario."""

from collections.abc import Iterator
from typing import Any

from stepdown.scenario import Scenario
from stepdown.scenario.model import Cost, Investment
from stepdown.scenario.quantity import Provenance, Quantity, YearRow

__all__ = ["CENTERS", "scenario_values", "template_rows"]

Cells = dict[str, Any]
CENTERS = {
    "value": "value", "triangular": "mode", "lognormal": "median", "normal": "mean",
    "gamma": "mean", "uniform": None,
}  # fmt: skip
"""Which number of a distribution stands in the middle column."""
_SIMPLE = (None, "triangular")  # what the columns low, most likely, high can hold
_POST = "DKK per post and year"


def scenario_values(scenario: Scenario, extends: str) -> Cells:
    """Return what the first sheet says of a scenario that the book will extend."""
    clock = scenario.clock
    return {
        "extends": extends,
        "name": scenario.name,
        "title_da": scenario.title.da,
        "title_en": scenario.title.en,
        "description_da": scenario.description.da,
        "description_en": scenario.description.en,
        "price_level": scenario.money.price_level,
        "first_budget_year": clock.first_budget_year,
        "n_budget_years": clock.n_budget_years,
    }


def template_rows(scenario: Scenario) -> dict[str, list[Cells]]:
    """Return the rows of every sheet, by its key; amounts by year have the year's digits as key."""
    strategies = [
        {"strategy": name, "label_da": own.label.da, "label_en": own.label.en}
        for name, own in scenario.strategies.items()
        if not own.levels  # a grid writes its own strategies
    ]
    payers = [
        {"payer": name, "label_da": own.da, "label_en": own.en, "part_of": own.part_of}
        for name, own in scenario.payers.items()
    ]
    return {
        "strategies": strategies,
        "payers": payers,
        "prices": list(_prices(scenario)),
        "posts": list(_posts(scenario)),
        "lines": list(_lines(scenario)),
        "amounts": list(_amounts(scenario)),
        "published": list(_published(scenario)),
    }


def _prices(scenario: Scenario) -> Iterator[Cells]:
    for name, step in scenario.steps.items():
        price = step.price
        if price is not None and price.parameter is None and _fits(price):
            yield {"what": "step", "item": name, "label": step.label.da, **_quantity(price)}
    for name, shared in scenario.parameters.items():
        if shared.is_money and _fits(shared):
            yield {"what": "shared", "item": name, "label": "", **_quantity(shared)}


def _fits(quantity: Quantity) -> bool:
    """Tell whether the columns of a price can hold a number."""
    return (quantity.distribution or "value") in CENTERS


def _quantity(quantity: Quantity) -> Cells:
    kind = quantity.distribution or "value"
    center = CENTERS[kind]
    return {
        "unit": quantity.unit,
        "distribution": kind,
        "center": None if center is None else getattr(quantity, center),
        "low": quantity.low,
        "high": quantity.high,
        "sd": quantity.sd,
        "price_year": quantity.price_year,
        **_basis(quantity),
    }


def _basis(figure: Provenance) -> Cells:
    return {
        "source": ", ".join(figure.sources) or None,
        "assumption": figure.assumption,
        "note": figure.note,
    }


def _investments(scenario: Scenario) -> Iterator[tuple[Cells, Investment]]:
    """Yield the investments of the strategies that the file writes one by one."""
    for name, strategy in scenario.strategies.items():
        for investment_name, investment in strategy.investments.items():
            if not strategy.levels:
                here = {"strategy": name, "investment": investment_name, "start": investment.start}
                yield here, investment


def _posts(scenario: Scenario) -> Iterator[Cells]:
    for here, investment in _investments(scenario):
        for name, cost in investment.costs.items():
            if cost.posts is not None and cost.posts.value is not None and _price_fits(cost):
                number, price = cost.posts, cost.price
                assert price is not None, "own invariant: a price that fits is there"
                yield {
                    **here, "cost": name, **_labels(cost), "payer": cost.payer,
                    "posts": number.value,
                    **{f"posts_{key}": value for key, value in _basis(number).items()},
                    "shared": price.parameter, "price": price.value,
                    "price_year": price.price_year, **_basis(price),
                }  # fmt: skip


def _price_fits(cost: Cost) -> bool:
    price = cost.price
    if price is None:
        return False
    return price.parameter is not None or (price.value is not None and price.unit == _POST)


def _labels(own: Any) -> Cells:
    if own.label is None:
        return {}
    return {"label_da": own.label.da, "label_en": own.label.en}


def _lines(scenario: Scenario) -> Iterator[Cells]:
    for name, line in scenario.budget_lines.items():
        cells: Cells = {
            "line": name, **_labels(line), "kind": line.kind,
            "strategies": ", ".join(line.strategies), "cause": line.cause,
        }  # fmt: skip
        for key, quantity in (("share", line.realised_share), ("delay", line.delay_months)):
            if quantity is not None and quantity.distribution in _SIMPLE and not quantity.parameter:
                center = quantity.value if quantity.distribution is None else quantity.mode
                own = {"low": quantity.low, "center": center, "high": quantity.high,
                       **_basis(quantity)}  # fmt: skip
                cells |= {f"{key}_{part}": value for part, value in own.items() if part != "note"}
        yield cells


def _amounts(scenario: Scenario) -> Iterator[Cells]:
    for name, line in scenario.budget_lines.items():
        for kind, rows in (("investment", line.investment), ("saving", line.saving)):
            for payer, row in rows.items():
                yield {"type": kind, "name": name, "payer": payer, **_row(row)}
    for here, investment in _investments(scenario):
        for name, cost in investment.costs.items():
            if cost.row is not None:
                yield {**here, "type": "cost", "name": name, **_labels(cost),
                       "payer": cost.payer, **_row(cost.row)}  # fmt: skip
        for name, grant in investment.grants.items():
            yield {**here, "type": "grant", "name": name, "payer": grant.giver, **_row(grant.row)}


def _published(scenario: Scenario) -> Iterator[Cells]:
    for name, strategy in scenario.strategies.items():
        for own, line in strategy.published.items():
            if not strategy.levels:
                yield {
                    "strategy": name, "line": own, **_labels(line), "kind": line.kind,
                    "scope": line.scope, "payer": line.payer, **_row(line.row),
                }  # fmt: skip


def _row(row: YearRow) -> Cells:
    return {**row.by_year, "after": row.after, "price_year": row.price_year, **_basis(row)}
