"""One number at a time: what a figure is where the number is fixed, all others uncertain."""

from collections.abc import Sequence

import xarray as xr

from stepdown.analysis.distribution import mean
from stepdown.analysis.figures_of_runs import figure_of_runs
from stepdown.analysis.varied import with_number
from stepdown.errors import ParameterError
from stepdown.scenario import LoadedScenario
from stepdown.simulation import simulate

__all__ = ["one_way"]


def one_way(  # noqa: PLR0913 - all but the first three are by name
    loaded: LoadedScenario,
    parameter: str,
    values: Sequence[float],
    *,
    n_draws: int = 200,
    seed: int = 1,
    figure: str = "present_value",
    strategy: str | None = None,
    payer: str | None = None,
) -> xr.Dataset:
    """Simulate a scenario with one number fixed at some values, everything else the same.

    Parameters
    ----------
    loaded
        The scenario.
    parameter
        Path of the number's key, or of a shared parameter; it need not be uncertain.
    values
        At least one, in the number's unit.

    Other arguments
    ---------------
    n_draws, seed
        Draws behind each value, with 2 replicates: the same numbers, and the same luck.
    figure, strategy, payer
        As in `figure_of_runs`.

    Returns
    -------
        (parameter_value): `value`, the mean of the figure, and `error`; `change` from the first
        value and `change_error`, which is smaller, as the runs differ by that number alone.

    Raises
    ------
    ParameterError
        There is no such number, or no value.
    """
    if not len(values):
        raise ParameterError("values = []: give at least one. Write values = [0.1, 0.2].")
    runs = []
    for value in values:
        run = simulate(with_number(loaded, parameter, value), n_draws, seed)
        runs.append(figure_of_runs(run, figure, strategy, payer))
    together = xr.concat(runs, "parameter_value", join="exact", combine_attrs="override")
    together = together.assign_coords(parameter_value=[float(value) for value in values])
    change = mean(together - together.isel(parameter_value=0, drop=True))
    return mean(together).assign(change=change.value, change_error=change.error)
