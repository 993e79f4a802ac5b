"""How time and memory grow with the work: `python benchmarks/scaling.py [--quick]`.

Each size runs in a process of its own, which first runs size 1: so compiled code is loaded, and
what the peak memory of the process rises by afterwards is the job's. Seconds are processor time of
all threads. The exponent is the slope of log time (memory) over log size, least squares over the
last two thirds of the sizes: 1 is proportional, and fixed costs pull it down.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from page import table
from process import answer, peak_mib

__all__ = ["exponent"]

LONG_ENOUGH, MOST_REPEATS = 0.5, 5  # seconds, after which a job is not repeated
SMALLEST_MIB = 1.0  # less is lost in what the process has already
SCENARIO = "hoersholm"


class Series(NamedTuple):
    """One thing that grows, and the job that has it."""

    title: str
    heading: str
    sizes: tuple[int, ...]
    job: Callable[[int], Any]
    """Runs a size to its end; returns what a run of the package would keep."""


def main() -> None:
    """Measure every series and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave out the largest sizes")
    parser.add_argument("--job", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        name, size = options.job
        sys.stdout.write(json.dumps(measured(SERIES[name].job, int(size))))
        return
    for name, series in SERIES.items():
        sizes = series.sizes[: max(2, len(series.sizes) - 2)] if options.quick else series.sizes
        found = [answer(__file__, name, size) for size in sizes]
        sys.stdout.write(_table(series, sizes, found) + "\n")
        sys.stdout.flush()


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Return the slope of log value over log size in the last two thirds of the sizes."""
    first = len(sizes) - math.ceil(2 * len(sizes) / 3)
    x, y = ([math.log(value) for value in part[first:]] for part in (sizes, values))
    mean = sum(x) / len(x)
    return sum((a - mean) * b for a, b in zip(x, y, strict=True)) / sum((a - mean) ** 2 for a in x)


def _table(series: Series, sizes: Sequence[int], found: Sequence[dict[str, float]]) -> str:
    seconds = [each["seconds"] for each in found]
    mib = [each["mib"] for each in found]
    rows = [
        (f"{size:,}", f"{spent:.3f}", f"{spent / size * 1e3:.3f}", _memory(peak))
        for size, spent, peak in zip(sizes, seconds, mib, strict=True)
    ]
    known = all(peak >= SMALLEST_MIB for peak in mib[len(mib) // 3 :])
    grows = f"{exponent(sizes, mib):.2f}" if known else "-"
    rows.append(("Exponent", f"{exponent(sizes, seconds):.2f}", "", grows))
    heading = (series.heading, "CPU s", "ms each", "Memory, MiB above that of size 1")
    return table(series.title, heading, rows)


def _memory(mib: float) -> str:
    return f"{mib:,.0f}" if mib >= SMALLEST_MIB else f"below {SMALLEST_MIB:.0f}"


# ------------------------------------------------------- what is measured, in processes of its own


def measured(job: Callable[[int], Any], size: int) -> dict[str, float]:
    """Return the least processor seconds of a size, and what it adds to the peak memory."""
    job(1)
    before, seconds = peak_mib(), []
    while sum(seconds) < LONG_ENOUGH and len(seconds) < MOST_REPEATS:
        start = time.process_time()
        job(size)
        seconds.append(time.process_time() - start)
    return {"seconds": min(seconds), "mib": peak_mib() - before}


def _reference(n_draws: int, n_threads: int = 1, **features: int) -> Any:
    """Walk draws of the reference job, keeping each draw's months by strategy and year."""
    import engine
    import numpy as np
    from reference import EXIT, Features

    kept = engine.walk_draws(
        "mid",
        n_draws,
        lambda counts: counts.months[..., :EXIT].sum(axis=(2, 4)),
        Features(**features),
        n_threads,
    )
    return np.concatenate(kept, axis=1)


def _scenario(n_draws: int) -> Any:
    import stepdown

    return stepdown.simulate(SCENARIO, n_draws=n_draws, seed=1)


DRAWS, FEW_DRAWS, FEW_CHILDREN, FEW_YEARS = 50, 8, 20, 5
SERIES = {
    "children": Series(
        f"Children: the reference job, {FEW_DRAWS} draws x 2 strategies x 20 years",
        "Children", (1_000, 10_000, 100_000, 1_000_000),
        lambda size: _reference(FEW_DRAWS, n_children=size),
    ),
    "draws": Series(
        f"Draws: the reference job, {FEW_CHILDREN} children x 2 strategies x {FEW_YEARS} years, "
        "2 threads",
        "Draws", (100, 1_000, 10_000, 100_000, 1_000_000),
        lambda size: _reference(
            size, n_threads=2, n_children=FEW_CHILDREN, n_months=12 * FEW_YEARS
        ),
    ),
    "years": Series(
        f"Years: the reference job, {DRAWS} draws x 2 strategies x 2,000 children",
        "Years", (5, 10, 20, 40),
        lambda size: _reference(DRAWS, n_months=12 * size),
    ),
    "strategies": Series(
        f"Strategies: the reference job, {DRAWS} draws x 2,000 children x 20 years",
        "Strategies", (2, 4, 8, 16, 20),
        lambda size: _reference(DRAWS, n_strategies=size),
    ),
    "scenario": Series(
        f"Draws: `stepdown.simulate(\"{SCENARIO}\")`, 2 replicates, all processors",
        "Draws", (100, 1_000, 10_000), _scenario,
    ),
}  # fmt: skip


if __name__ == "__main__":
    main()
