"""How wrong prices or arrivals may be before a strategy stops paying.

The factor on all prices of placements, or on the arrivals, at which the mean present value of the
municipality's net saving is 0. Everything else stays as uncertain as it is; the same draws and the
same luck serve every factor.

Decision: docs/decisions/0028-value-of-information.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import xarray as xr
from scipy.optimize import brentq

from stepdown.analysis.distribution import mean
from stepdown.analysis.savings import present_value
from stepdown.analysis.varied import with_arrivals, with_placement_prices
from stepdown.errors import ParameterError, RunError
from stepdown.scenario import LoadedScenario
from stepdown.simulation import simulate

__all__ = ["BreakEvenFactor", "break_even_inflow", "break_even_price"]

_LARGEST = 16.0
_PRECISE = 0.005


@dataclass(frozen=True)
class BreakEvenFactor:
    """The factor at which a strategy just pays for itself, or stops to."""

    factor: float | None
    """Times what the scenario says; None when no factor from 1/16 to 16, or up to where the search
    `stopped`, brings it to 0."""
    error: float | None
    """Standard error of the factor, from the number of draws."""
    present_value_dkk: tuple[tuple[float, float], ...]
    """(factor, mean present value) pairs tried, in DKK; factor 1 is the scenario itself."""
    stopped: str | None = None
    """Why no run could be made with a factor further from 1; None where that was not the end."""


def break_even_price(
    loaded: LoadedScenario,
    strategy: str,
    *,
    n_draws: int = 200,
    seed: int = 1,
    payer: str | None = None,
) -> BreakEvenFactor:
    """Return how many times as dear placements must be for a strategy to just pay.

    Parameters
    ----------
    loaded, strategy
        The scenario, and the name of a strategy.
    n_draws, seed
        Draws behind each factor, with one replicate.
    payer
        Whose money.

    Raises
    ------
    ParameterError
        There is no such strategy; or no placement with a price of its own.
    """
    alone = _alone(loaded, strategy)

    def value(factor: float) -> xr.DataArray:
        run = simulate(with_placement_prices(alone, factor), n_draws, seed, n_replicates=1)
        return present_value(run, payer).sel(strategy=strategy)

    return _factor(value)


def break_even_inflow(
    loaded: LoadedScenario,
    strategy: str,
    *,
    n_draws: int = 200,
    seed: int = 1,
    payer: str | None = None,
) -> BreakEvenFactor:
    """Return how many times as many children must arrive for a strategy to just pay.

    Arguments and errors are as in `break_even_price`. Both worlds get the same arrivals; the
    children at the start stay. The strategy's caseload is kept with the changed number of cases,
    and so are the shares of children whom courses reach.
    """
    alone = _alone(loaded, strategy)
    if not alone.scenario.inflow:
        raise ParameterError(
            "break_even_inflow: nobody arrives in this scenario, so no number of arrivals could be "
            "wrong. Ask for break_even or break_even_price."
        )

    def value(factor: float) -> xr.DataArray:
        run = simulate(with_arrivals(alone, strategy, factor), n_draws, seed, n_replicates=1)
        values = present_value(run, payer)
        more = values.isel(strategy=0, drop=True)
        return values.sel(strategy=strategy, drop=True) - more

    return _factor(value)


def _alone(loaded: LoadedScenario, strategy: str) -> LoadedScenario:
    """Return the scenario with one strategy, which is all that is simulated."""
    known = loaded.scenario.strategies
    if strategy not in known:
        raise ParameterError(f"strategy = {strategy!r}: must be one of {', '.join(known)}.")
    only = {strategy: known[strategy]}
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"strategies": only}))


def _factor(value_at: Callable[[float], xr.DataArray]) -> BreakEvenFactor:
    """Return the factor at which the mean is 0, to 0.5 % of it.

    It is bracketed by doubling or halving from 1, whichever way the mean goes to 0.
    """
    tried: dict[float, float] = {}
    errors: dict[float, float] = {}

    def tell(factor: float) -> float:
        if factor not in tried:
            found = mean(value_at(factor))
            tried[factor], errors[factor] = float(found.value), float(found.error)
        return tried[factor]

    bracket = _bracket(tell)
    if not isinstance(bracket, tuple):
        return BreakEvenFactor(None, None, tuple(sorted(tried.items())), bracket)
    low, high = bracket
    factor = float(brentq(tell, low, high, xtol=_PRECISE * low))
    slope = (tell(high) - tell(low)) / (high - low)
    last = errors[min(errors, key=lambda known: abs(known - factor))]
    return BreakEvenFactor(factor, abs(last / slope), tuple(sorted(tried.items())))


def _bracket(tell: Callable[[float], float]) -> tuple[float, float] | str | None:
    """Return two factors between which the mean is 0, or why there are none: None is the range."""
    at_one = tell(1.0)  # what is wrong with the scenario itself is raised
    try:
        slope = tell(2.0) - at_one
        if slope == 0:
            return None
        times = 2.0 if slope * at_one < 0 else 0.5
        near, far = 1.0, times
        while at_one * tell(far) > 0:
            near, far = far, far * times
            if not 1 / _LARGEST <= far <= _LARGEST:
                return None
    except RunError as error:
        return str(error)
    return min(near, far), max(near, far)
