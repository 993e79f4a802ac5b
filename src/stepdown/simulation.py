"""The conductor: scenario -> draws -> tables -> walk -> results, chunk by chunk."""

from collections.abc import Callable
from os import PathLike, cpu_count
from pathlib import Path
from typing import Literal

import xarray as xr

from stepdown.errors import ParameterError
from stepdown.kernel.cache import mark_whole
from stepdown.plan import make_plan
from stepdown.precision import run_until_precise
from stepdown.results import finish
from stepdown.runs import run_chunks
from stepdown.sampling import check_linear
from stepdown.scenario import LoadedScenario, Scenario, load_scenario
from stepdown.settings import N_CHILDREN, RunSettings, check_purpose, replicates_for
from stepdown.uniforms import check_sobol

__all__ = ["compiled_parts", "simulate"]

_MOST_DRAWS = 10_000_000


def simulate(  # noqa: PLR0913 - the one public door; all but three arguments are by name
    scenario: str | PathLike[str] | LoadedScenario,
    n_draws: int = 1000,
    seed: int = 1,
    *,
    n_replicates: int | None = None,
    n_threads: int | None = None,
    progress: Callable[[int], None] | None = None,
    precision: float | None = None,
    max_draws: int = 100_000,
    design: Literal["independent", "sobol"] = "independent",
    luck: Literal["own", "common"] = "own",
    purpose: Literal["distribution", "expectation"] = "distribution",
    n_children: int | None = None,
) -> xr.Dataset:
    """Simulate a scenario: baseline and strategies, over what is not known and over luck.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, path of a file or its folder, or a scenario already loaded.
    n_draws
        Parameter sets, >= 1: what we do not know. With `precision`, how many to begin with.
    seed
        0 to 2^64 - 1. The same seed gives the same bits, for any number of threads.

    Other arguments
    ---------------
    n_replicates
        Realisations of chance for each draw, >= 1; at least 2 to tell luck from knowledge. By
        default 2, and 1 for expectations.
    n_threads
        Threads, >= 1; by default one per processor.
    progress
        Called with the number of draws just finished.
    precision
        Go on until the headline's Monte Carlo standard error is at most this [DKK]: of the mean
        present value of the municipality's net saving, the largest over strategies.
    max_draws
        Where to stop all the same; `attrs["headline_error_dkk"]` then is above `precision`.
    design
        "sobol" for Sobol points in 16 independent scrambles, for expectations and indices;
        `n_draws` is then 16 times a power of two.
    luck
        "common" gives every draw the same luck, for sensitivity work alone.
    purpose
        "expectation" walks a random part of the children of each draw and scales up: means and
        their errors are those of all children, and nothing else is. Quantiles, probabilities and
        the like refuse such a result.
    n_children
        Expected children of a draw in a run for expectations, at the start and arriving; at most
        the real number is walked. By default 1,000.

    Returns
    -------
        Dataset with dims strategy, draw, replicate, year, step, payer, in that order. The first
        strategy is the baseline. Money is in fixed prices; every variable has units.

    Raises
    ------
    InputError
        The scenario is wrong, or has no expectation from a part of its children; holds every
        problem with file, line and fix.
    ParameterError
        An argument is out of range.
    RunError
        A draw has impossible values, such as a negative price.
    """
    _check("n_draws", n_draws, 1, _MOST_DRAWS)
    replicates = replicates_for(purpose, n_replicates)
    _check("n_replicates", replicates, 1, 1_000_000)
    _check("seed", seed, 0, (1 << 64) - 1)
    threads = n_threads if n_threads is not None else (cpu_count() or 1)
    _check("n_threads", threads, 1, 4096)
    if purpose == "expectation" and n_children is None:
        n_children = N_CHILDREN
    run = RunSettings(
        n_draws, replicates, seed, design, luck, purpose=purpose, n_children=n_children
    )
    _check_design(run, precision)
    check_purpose(run)
    loaded = scenario
    if not isinstance(loaded, LoadedScenario):
        loaded = load_scenario(Path(loaded) if isinstance(loaded, PathLike) else loaded)
    if run.purpose == "expectation":
        check_linear(loaded)
    plan = make_plan(loaded.scenario)
    told = progress or (lambda _: None)
    if precision is None:
        parts = run_chunks(plan, run, 0, threads, told)
    else:
        _check("max_draws", max_draws, n_draws, _MOST_DRAWS)
        run, parts = run_until_precise(plan, run, precision, max_draws, lambda settings, first: (
            run_chunks(plan, settings, first, threads, told)
        ))  # fmt: skip
    mark_whole(compiled_parts(plan.scenario))
    return finish(plan, loaded, [part[0] for part in parts], sum(part[1] for part in parts), run)


def compiled_parts(scenario: Scenario) -> tuple[str, ...]:
    """Return the parts of the compiled code that a run of a scenario leads through."""
    if not scenario.has_staircase:
        return ()
    fixed_posts = scenario.caseload is not None and scenario.caseload.mode == "fixed_posts"
    walk = "together" if scenario.capacity or fixed_posts else "apart"
    grows = scenario.growth is not None or bool(scenario.stock_later)
    return ("growth" if grows else "inflow", walk)


def _check(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ParameterError(
            f"{name} = {value!r} ({type(value).__name__}): must be a whole number from {low} to "
            f"{high}. Write {name} = {max(low, 1)}."
        )


def _check_design(run: RunSettings, precision: float | None) -> None:
    """Refuse designs that do not exist, or that do not go together."""
    for name, value, known in (
        ("design", run.design, ("independent", "sobol")),
        ("luck", run.luck, ("own", "common")),
    ):
        if value not in known:
            raise ParameterError(
                f'{name} = {value!r}: must be "{known[0]}" or "{known[1]}". '
                f'Write {name} = "{known[0]}".'
            )
    if run.design == "sobol":
        check_sobol(run.n_draws)
    if precision is None:
        return
    if isinstance(precision, bool) or not isinstance(precision, int | float) or not precision > 0:
        raise ParameterError(
            f"precision = {precision!r}: must be an amount in DKK above 0. "
            "Write precision = 50_000."
        )
    if run.design == "sobol" or run.luck == "common":
        raise ParameterError(
            "precision needs independent draws with luck of their own: only they can be extended, "
            "and have an error that falls with their number. Leave out precision, or write design "
            '= "independent" and luck = "own".'
        )
