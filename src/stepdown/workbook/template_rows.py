"""A scenario -> the rows of a filled-in template; what no cell can hold stays in the scenario."""

from collections.abc import Iterator
from typing import Any

from stepdown.scenario import Scenario
from stepdown.scenario.kinds import Timing
from stepdown.scenario.model import Cost, Investment
from stepdown.scenario.quantity import Provenance, Quantity, YearRow

__all__ = ["BASELINE", "CENTERS", "SIZES", "TODAY", "scenario_values", "template_rows"]

Cells = dict[str, Any]
CENTERS = {
    "value": "value", "triangular": "mode", "lognormal": "median", "normal": "mean",
    "gamma": "mean", "uniform": None,
}  # fmt: skip
"""Which number of a distribution stands in the middle column."""
_MEASURES = ("home", "placement")
_SIMPLE = (None, "triangular")  # what the columns low, most likely, high can hold
_POST = "DKK per post and year"
_LINE_PARTS = ("low", "center", "high", "source", "assumption")
_GROUNDS = ("source", "assumption")
BASELINE = "baseline"
"""What the sheet of levers calls the course without any strategy."""
TODAY: dict[str, tuple[str, str]] = {
    "caseload": ("caseload", "baseline"),
    "posts": ("caseload", "posts"),
    "children_0_17": ("caseload", "children_0_17"),
    "turnover": ("caseload", "turnover"),
    "follow_up": ("follow_up", "baseline"),
}
"""The keys of what holds today, by the lever that a row of the baseline names."""
SIZES = {"caseload": "cases_per_caseworker", "follow_up": "interval_months"}
"""The key of how large a strategy's lever is."""


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
        "law": scenario.law,
        **_stock_values(scenario),
    }


def _stock_values(scenario: Scenario) -> Cells:
    stock = scenario.given_stock
    if stock is None:
        return {}
    basis = _basis(stock)
    return {"stock_date": stock.date} | {f"stock_{key}": basis[key] for key in _GROUNDS}


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
        "children": list(_children(scenario)),
        "levers": list(_levers(scenario)),
        "prices": list(_prices(scenario)),
        "posts": list(_posts(scenario)),
        "lines": list(_lines(scenario)),
        "amounts": list(_amounts(scenario)),
        "published": list(_published(scenario)),
    }


def _children(scenario: Scenario) -> Iterator[Cells]:
    """Yield the steps that children can be on; a blank where the stock does not name one."""
    stock = scenario.given_stock
    if stock is None:
        return
    for name, step in scenario.steps.items():
        cells = {"children": stock.children.get(name), "beyond": stock.beyond_reach.get(name)}
        if step.kind in _MEASURES or any(number is not None for number in cells.values()):
            yield {"step": name, "label": step.label.da, **cells}


def _levers(scenario: Scenario) -> Iterator[Cells]:
    for lever, (table, key) in TODAY.items():
        quantity = getattr(getattr(scenario, table), key, None)
        if quantity is not None:
            yield {"strategy": BASELINE, "lever": lever, "label": scenario.baseline.da,
                   **_size(quantity)}  # fmt: skip
    for name, strategy in scenario.strategies.items():
        here: Cells = {"strategy": name, "label": strategy.label.da}
        for lever, key in SIZES.items():
            change = getattr(strategy, lever)
            if change is not None and not strategy.levels:
                yield {**here, "lever": lever, **_times(change), **_size(getattr(change, key))}
    priced = {(row["strategy"], row.get("investment"))
              for row in (*_posts(scenario), *_amounts(scenario)) if "strategy" in row}  # fmt: skip
    for here, investment in _investments(scenario):
        cells = {"strategy": here["strategy"], "lever": here["investment"],
                 "label": investment.label.da, **_times(investment)}  # fmt: skip
        reached = {key: own.reach for key, own in investment.effects.items() if own.reach}
        for effect, reach in reached.items():
            yield {**cells, "effect": effect, **_size(reach.courses_per_year)}
        if not reached and (here["strategy"], here["investment"]) not in priced:
            yield cells  # the others have their start beside what they cost


def _times(timing: Timing) -> Cells:
    return {"start": timing.start, "end": timing.end}


def _size(quantity: Quantity | None) -> Cells:
    """Return the number of a lever where its columns can hold it: fixed, or a triangle."""
    if quantity is None or quantity.parameter or quantity.distribution not in _SIMPLE:
        return {}
    center = quantity.value if quantity.distribution is None else quantity.mode
    return {"low": quantity.low, "center": center, "high": quantity.high, "unit": quantity.unit,
            **_basis(quantity)}  # fmt: skip


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
            own = _size(quantity)
            cells |= {f"{key}_{part}": own.get(part) for part in _LINE_PARTS if own}
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
    return {
        **row.by_year,
        "after": row.after,
        "price_year": row.price_year,
        **_basis(row),
    }
