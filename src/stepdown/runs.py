"""Chunks of draws run side by side; what a chunk gives depends on no other and on no order.

Decision: docs/decisions/0010-threads-and-chunks.md.
"""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import xarray as xr

from stepdown.chunks import chunk_dataset, lines_dataset
from stepdown.parameters import draw_parameters
from stepdown.plan import Plan
from stepdown.sampling import NOT_LINEAR, walk_sample
from stepdown.settings import RunSettings
from stepdown.walks import walk_chunk

__all__ = ["CHUNK", "run_chunks"]

CHUNK = 64
"""Draws built and walked at a time: some 20 MB of tables. The inflow solves 32 side by side."""


def run_chunks(
    plan: Plan, run: RunSettings, first: int, threads: int, progress: Callable[[int], None]
) -> list[tuple[xr.Dataset, int]]:
    """Run the draws of a run from `first` on.

    Parameters
    ----------
    plan, run
        What to run.
    first
        The draws before it were run already.
    threads
        At most so many chunks at a time.
    progress
        Called with the number of draws just finished.

    Returns
    -------
        Each chunk's dataset, and its number of draws over a bound.
    """
    firsts = range(first, run.n_draws, _size(run))
    pool = ThreadPoolExecutor(threads)
    try:
        # The first chunk alone: it compiles, and a wrong scenario fails before the rest starts.
        futures = [pool.submit(_run_chunk, plan, run, firsts[0])]
        wait(futures)
        futures[0].result()
        futures += [pool.submit(_run_chunk, plan, run, start) for start in firsts[1:]]
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
    count = min(_size(run), run.n_draws - first)
    sobol_draws = run.n_draws if run.design == "sobol" else None
    draws = draw_parameters(plan.scenario, run.seed, first, count, sobol_draws)
    if not plan.scenario.has_staircase:
        return lines_dataset(plan, draws, run.n_replicates), 0
    if run.purpose == "expectation":
        chunk, counts = walk_sample(plan, draws, run)
        result = chunk_dataset(plan, draws, chunk, counts).drop_vars(NOT_LINEAR, errors="ignore")
        return result, int(chunk.over_bound.sum())
    luck_of = 0 if run.luck == "common" else first
    chunk, counts = walk_chunk(plan, draws, run.seed, run.n_replicates, luck_of)
    return chunk_dataset(plan, draws, chunk, counts), int(chunk.over_bound.sum())


def _size(run: RunSettings) -> int:
    """Return draws in a chunk; one where each has the luck of draw 0, the first of its chunk."""
    return 1 if run.luck == "common" else CHUNK
