"""What sensitivity is asked of: one figure of one strategy, and the numbers of the draws."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.lines import gross_saving
from stepdown.analysis.options import months_avoided_of_options, values_of_options
from stepdown.analysis.savings import budget_years, present_value
from stepdown.errors import ParameterError, nearest

__all__ = ["figure_of_runs", "named_parameters", "net_benefits", "numbers_of_draws"]

Floats = NDArray[np.float64]

_FIGURES = ("present_value", "gross_saving", "placement_months_avoided")


def figure_of_runs(
    result: xr.Dataset,
    figure: str | xr.DataArray = "present_value",
    strategy: str | None = None,
    payer: str | None = None,
) -> xr.DataArray:
    """Return one figure of one strategy by run, (draw, replicate).

    Parameters
    ----------
    result
        Of `simulate`.
    figure
        "present_value" of the net saving or "gross_saving" discounted [DKK],
        "placement_months_avoided" [child-months], or any figure (strategy, draw, replicate) or
        (draw, replicate) made of the result.
    strategy
        Name; the first strategy of the file unless given.
    payer
        Whose money; "all" for all public purses.

    Raises
    ------
    ParameterError
        There is no such figure or strategy; or months are asked of budget lines.
    """
    if isinstance(figure, xr.DataArray):
        values = figure
    elif figure == "present_value":
        values = present_value(result, payer)
    elif figure == "gross_saving":
        gross = gross_saving(result, payer) * budget_years(result).discount_factor
        values = gross.sum("year")
    elif figure == "placement_months_avoided":
        values = months_avoided_of_options(result)
    else:
        close = nearest(str(figure), _FIGURES) or _FIGURES[0]
        raise ParameterError(
            f"figure = {figure!r}: must be one of {', '.join(_FIGURES)}, or an array made of the "
            f'result. Write figure = "{close}".'
        )
    if "strategy" in values.dims:
        values = values.sel(strategy=_strategy(result, strategy), drop=True)
    return values.transpose("draw", ...)


def net_benefits(
    result: xr.Dataset, worth_dkk: float = 0.0, payer: str | None = None
) -> xr.DataArray:
    """Return the net benefit of each course of action, (strategy, draw, replicate) [DKK].

    The present value of the net saving, and what the placement months avoided are worth; the
    baseline's is 0. Months are discounted as money is.
    """
    value = values_of_options(result, payer)
    return value + worth_dkk * months_avoided_of_options(result) if worth_dkk else value


def numbers_of_draws(result: xr.Dataset) -> Floats:
    """Return the uncertain numbers of a result, (draw, parameter)."""
    return np.asarray(result.parameter_value.transpose("draw", "parameter").values, dtype=float)


def named_parameters(result: xr.Dataset, names: tuple[str, ...]) -> list[int]:
    """Return where parameters stand in a result.

    Raises
    ------
    ParameterError
        A name is not that of an uncertain number; says the nearest.
    """
    known = [str(name) for name in result.parameter.values]
    wrong = [name for name in names if name not in known]
    if wrong:
        close = nearest(wrong[0], known)
        hint = f"Did you mean {close}?" if close else "result.parameter lists them all."
        raise ParameterError(
            f"parameter {wrong[0]!r}: no uncertain number of this result is called that; a number "
            f"is named by the path of its key in the file. {hint}"
        )
    return [known.index(name) for name in names]


def _strategy(result: xr.Dataset, strategy: str | None) -> str:
    own = [str(name) for name in result.strategy.values[1:]]
    if strategy is None:
        return own[0]
    if strategy not in own:
        close = nearest(strategy, own) or own[0]
        raise ParameterError(
            f'strategy = {strategy!r}: must be one of {", ".join(own)}. Write strategy = "{close}".'
        )
    return strategy
