"""The conductor: scenario -> draws -> tables -> walk -> results, chunk by chunk."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from os import PathLike, cpu_count
from pathlib import Path

import xarray as xr

from stepdown.chunks import chunk_dataset, lines_dataset
from stepdown.errors import ParameterError
from stepdown.parameters import draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.results import RunSettings, finish
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.walks import walk_chunk

__all__ = ["simulate"]

_CHUNK = 100  # draws built and walked at a time: some 30 MB of tables


def simulate(
    scenario: str | PathLike[str] | LoadedScenario,
    n_draws: int = 1000,
    seed: int = 1,
    *,
    n_replicates: int = 2,
    n_threads: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> xr.Dataset:
    """Simulate a scenario: baseline and strategies, over what is not known and over luck.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, path of a file or its folder, or a scenario already loaded.
    n_draws
        Parameter sets, >= 1: what we do not know.
    seed
        0 to 2^64 - 1. The same seed gives the same bits, for any number of threads.

    Other arguments
    ---------------
    n_replicates
        Realisations of chance for each draw, >= 1; at least 2 to tell luck from knowledge.
    n_threads
        Threads, >= 1; by default one per processor.
    progress
        Called with the number of draws just finished.

    Returns
    -------
        Dataset with dims strategy, draw, replicate, year, step, payer, in that order. The first
        strategy is the baseline. Money is in fixed prices; every variable has units.

    Raises
    ------
    InputError
        The scenario is wrong; holds every problem with file, line and fix.
    ParameterError
        An argument is out of range.
    RunError
        A draw has impossible values, such as a negative price.
    """
    _check("n_draws", n_draws, 1, 10_000_000)
    _check("n_replicates", n_replicates, 1, 1_000_000)
    _check("seed", seed, 0, (1 << 64) - 1)
    threads = n_threads if n_threads is not None else (cpu_count() or 1)
    _check("n_threads", threads, 1, 4096)
    loaded = scenario
    if not isinstance(loaded, LoadedScenario):
        loaded = load_scenario(Path(loaded) if isinstance(loaded, PathLike) else loaded)
    plan = make_plan(loaded.scenario)
    run = RunSettings(n_draws, n_replicates, seed)
    parts = _run_chunks(plan, run, threads, progress or (lambda _: None))
    over = sum(part[1] for part in parts)
    return finish(plan, loaded, [part[0] for part in parts], over, run)


def _run_chunks(
    plan: Plan, run: RunSettings, threads: int, progress: Callable[[int], None]
) -> list[tuple[xr.Dataset, int]]:
    """Run every chunk; what a chunk gives does not depend on the others or on their order."""
    firsts = range(0, run.n_draws, _CHUNK)
    pool = ThreadPoolExecutor(threads)
    try:
        # The first chunk alone: it compiles, and a wrong scenario fails before the rest starts.
        futures = [pool.submit(_run_chunk, plan, run, firsts[0])]
        wait(futures)
        futures[0].result()
        futures += [pool.submit(_run_chunk, plan, run, first) for first in firsts[1:]]
        pending = set(futures)
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                progress(future.result()[0].sizes["draw"])
    finally:
        # Not waiting: an interrupted user does not sit out a chunk that is being compiled.
        pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in futures]


def _run_chunk(plan: Plan, run: RunSettings, first: int) -> tuple[xr.Dataset, int]:
    draws = draw_parameters(plan.scenario, run.seed, first, min(_CHUNK, run.n_draws - first))
    if not plan.scenario.has_staircase:
        return lines_dataset(plan, draws, run.n_replicates), 0
    chunk, counts = walk_chunk(plan, draws, run.seed, run.n_replicates)
    return chunk_dataset(plan, draws, chunk, counts), int(chunk.over_bound.sum())


def _check(name: str, value: int, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ParameterError(
            f"{name} = {value!r} ({type(value).__name__}): must be a whole number from {low} to "
            f"{high}. Write {name} = {max(low, 1)}."
        )
