"""Running on until the headline is precise enough.

The headline is the mean present value of the municipality's net saving over the budget years, its
parts included; of several strategies, the one with the largest error.

Decision: docs/decisions/0014-uncertainty.md.
"""

from collections.abc import Callable
from dataclasses import replace
from math import ceil, isnan, nan

import numpy as np
import xarray as xr

from stepdown.plan import Plan
from stepdown.settings import RunSettings

__all__ = ["headline_error", "run_until_precise"]

Parts = list[tuple[xr.Dataset, int]]

_ROUND = 100  # draws: where a run may stop, whatever the size of a chunk


def run_until_precise(
    plan: Plan,
    run: RunSettings,
    precision: float,
    max_draws: int,
    run_from: Callable[[RunSettings, int], Parts],
) -> tuple[RunSettings, Parts]:
    """Run batch after batch until the headline is precise enough or `max_draws` are reached.

    Parameters
    ----------
    plan, run
        What to run, and how many draws to begin with.
    precision
        The Monte Carlo standard error wanted [DKK].
    max_draws
        Where to stop all the same, >= the draws to begin with.
    run_from
        Runs the draws of a run from a number on.

    Returns
    -------
        The settings, with the draws that were run and the error they came to; and all chunks.

    Notes: a batch ends at a multiple of 100 draws or at `max_draws`; it is what the error so far
    says is wanting, at most as many draws again as there are. The draws are those of one run of
    that many.
    """
    parts = run_from(run, 0)
    error = headline_error(plan, [part[0] for part in parts])
    while not error <= precision and run.n_draws < max_draws:
        # A tenth more than the error asks for, since it is itself uncertain.
        wanted = 0.0 if isnan(error) else run.n_draws * min(1.1 * (error / precision) ** 2, 2.0)
        first = run.n_draws
        hundreds = max(ceil(wanted / _ROUND), first // _ROUND + 1)
        run = replace(run, n_draws=min(hundreds * _ROUND, max_draws))
        parts += run_from(run, first)
        error = headline_error(plan, [part[0] for part in parts])
    return replace(run, precision_dkk=precision, headline_error_dkk=error), parts


def headline_error(plan: Plan, chunks: list[xr.Dataset]) -> float:
    """Return the Monte Carlo standard error of the headline [DKK]; nan for a single draw."""
    years = slice(plan.scenario.clock.first_budget_year, None)
    payers = list(plan.scenario.own_payers)
    values = []
    for chunk in chunks:
        net = chunk.net_saving_dkk.sel(payer=payers, year=years).sum("payer").mean("replicate")
        value = (net * chunk.discount_factor.sel(year=years)).sum("year")
        values.append(value.transpose("strategy", "draw").values[1:])
    by_draw = np.concatenate(values, axis=1)
    if by_draw.shape[1] < 2:
        return nan
    return float((by_draw.std(axis=1, ddof=1) / np.sqrt(by_draw.shape[1])).max(initial=0.0))
