"""Scenarios with one number changed: fixed, or multiplied, all others as uncertain as before.

A number that keeps its name keeps its uniform, so the same draws and the same luck serve every
variant.
"""

from dataclasses import replace
from typing import Any

from stepdown.errors import ParameterError, nearest
from stepdown.files.positions import KeyPath
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.scenario.kinds import Month
from stepdown.scenario.model import Effect, Investment, Strategy
from stepdown.scenario.quantity import Label, Quantity
from stepdown.scenario.tree import figures, named_quantities, replace_quantities

__all__ = ["with_arrivals", "with_number", "with_placement_prices"]

_SCALED = ("value", "mean", "sd", "median", "mode", "low", "high")
_WHY = "varied to see what it does"
_MORE = "more_arrivals"


def with_number(loaded: LoadedScenario, name: str, value: float) -> LoadedScenario:
    """Return a scenario in which one number is known.

    Parameters
    ----------
    name
        Path of its key, or of a shared parameter; an uncertain number or a value.

    Raises
    ------
    ParameterError
        The scenario has no such number.
    """
    known = named_quantities(loaded.scenario)
    if name not in known:
        close = nearest(name, known)
        hint = f"Did you mean {close}?" if close else "Name it by the path of its key."
        raise ParameterError(f"parameter = {name!r}: this scenario has no such number. {hint}")

    def fixed(path: KeyPath, quantity: Quantity) -> Quantity:
        if ".".join(str(part) for part in path) != name or quantity.parameter is not None:
            return quantity
        return Quantity(
            value=float(value), unit=quantity.unit, price_year=quantity.price_year, assumption=_WHY
        )

    return _with(loaded, replace_quantities(loaded.scenario, fixed))


def with_placement_prices(loaded: LoadedScenario, factor: float) -> LoadedScenario:
    """Return a scenario in which a month on every placement costs so many times as much.

    A strategy's own prices of placements are multiplied too; the spread between children, and what
    moves cost once, are as they were.

    Raises
    ------
    ParameterError
        There is no placement with a price; or a shared parameter is the price of a placement and
        something else too.
    """
    scenario = loaded.scenario
    placed = {n for n, step in scenario.steps.items() if step.kind == "placement"}
    all_uses = [(p, q) for p, q in figures(scenario) if isinstance(q, Quantity)]
    prices = [(path, q) for path, q in all_uses if _is_price(path, placed)]
    if not prices:
        raise ParameterError(
            "break_even_price: this scenario has no placement with a price, so there is no price "
            "that could be wrong. Ask for break_even or one_way."
        )
    shared = {q.parameter for _, q in prices if q.parameter is not None}
    elsewhere = [p for p, q in all_uses if q.parameter in shared and not _is_price(p, placed)]
    if elsewhere:
        raise ParameterError(
            f"break_even_price: a parameter is the price of a placement and also "
            f"{'.'.join(str(part) for part in elsewhere[0])}. Give the placement a price of its "
            "own."
        )

    def scaled(path: KeyPath, quantity: Quantity) -> Quantity:
        is_shared = len(path) == 2 and path[0] == "parameters" and path[1] in shared
        if quantity.parameter is not None or not (is_shared or _is_price(path, placed)):
            return quantity
        given = {n: getattr(quantity, n) for n in _SCALED if getattr(quantity, n) is not None}
        return quantity.model_copy(update={n: v * factor for n, v in given.items()})

    return _with(loaded, replace_quantities(scenario, scaled))


def with_arrivals(loaded: LoadedScenario, strategy: str, factor: float) -> LoadedScenario:
    """Return a scenario in which so many times as many children arrive, from the start on.

    Returns
    -------
        Two strategies: "more_arrivals", the baseline with them, and the strategy with them. The
        children at the start are as they were.
    """
    scenario = loaded.scenario
    entries = tuple(scenario.inflow)
    label = Label(da="Andet antal nye børn", en="Other arrivals")
    ratio = Quantity(value=factor, unit="ratio", assumption=_WHY)
    start: Month = scenario.clock.starts
    arrivals = Investment(
        label=label, start=start, effects={"arrivals": Effect(on=entries, inflow_ratio=ratio)}
    )
    own = scenario.strategies[strategy]
    both: dict[str, Strategy] = {
        _MORE: Strategy(label=label, investments={_MORE: arrivals}),
        strategy: own.model_copy(update={"investments": {**own.investments, _MORE: arrivals}}),
    }
    return _with(loaded, scenario.model_copy(update={"strategies": both}))


def _is_price(path: KeyPath, placed: set[str]) -> bool:
    """Tell whether a path is that of the price of a placement, the baseline's or a strategy's."""
    return len(path) >= 3 and path[-3] == "steps" and path[-1] == "price" and path[-2] in placed


def _with(loaded: LoadedScenario, scenario: Any) -> LoadedScenario:
    assert isinstance(scenario, Scenario), "own invariant: the copy of a scenario is one"
    return replace(loaded, scenario=scenario)
