"""What every peer is given and what it answers; needs numpy alone, so that any environment has it.

A peer is a script with two arguments, the table (.npz) and the file for its answer (JSON). It says
what it is and hands `measure` a function that makes one run; all else happens here, alike for all.
"""

import json
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

REPEAT_SECONDS = 0.25
"""A repeat is as many runs as take this long [s of processor time]."""
FEWEST_REPEATS = 3

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Run = Callable[["Job", int], Ints]


class Job(NamedTuple):
    """One scenario for one list of children: what a run reads."""

    probability: Floats
    """(L, A, D, S + 1, S + 1) [per month]. Where a child goes; rows sum to 1, the exit keeps."""
    level: Ints
    """(T,). Level of the intervention in each month."""
    age_band: Ints
    """(T + greatest age,). Band of an age in months."""
    time_band: Ints
    """(T + longest time,). Band of a time on the step in months."""
    step: Ints
    """(N,). Step of each child at the start."""
    age: Ints
    """(N,) [months]. Age of each child at the start; the list is sorted by it."""
    elapsed: Ints
    """(N,) [months]. Time on the step at the start."""

    @property
    def n_months(self) -> int:
        """Months to simulate."""
        return self.level.size

    @property
    def n_steps(self) -> int:
        """Steps, without the exit."""
        return self.probability.shape[-1] - 1

    @property
    def cells(self) -> tuple[int, ...]:
        """Sizes of the axes by which a row of the table is found: level, age, time, step."""
        return self.probability.shape[:-1]


def load(path: Path) -> Job:
    """Read a table that `save` wrote."""
    with np.load(path) as arrays:
        return Job(**arrays)


def save(path: Path, job: Job) -> None:
    """Write a table for peers in Python, and the same as text for R beside it."""
    np.savez(path, **job._asdict())
    lines = [f"{job.n_months} {job.step.size} {' '.join(map(str, job.cells))}"]
    for values in job:
        # repr gives back the same number; R reads it with scan().
        lines.append(" ".join(map(repr, values.ravel().tolist())))
    path.with_suffix(".txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def by_year(by_month: Ints) -> Ints:
    """Sum children by month and state, (T, S + 1), to years [child-months]."""
    return by_month.reshape(-1, 12, by_month.shape[-1]).sum(axis=1)


def counts_of(history: Ints, n_states: int) -> Ints:
    """Count children by month and state in a history, (T, N)."""
    month = np.arange(len(history))[:, None]
    cells = (history + month * n_states).ravel()
    return np.bincount(cells, minlength=len(history) * n_states).reshape(-1, n_states)


def measure(run: Run, *packages: str, simplifications: str = "none", remarks: str = "") -> None:
    """Make runs for the seconds asked for, and write what came of them and how long one took.

    The first run is not timed: it compiles where something is compiled. Time is processor time of
    the whole process; the fastest repeat counts, since other work on a machine only adds.
    """
    table, answer, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    job = load(table)
    start = time.process_time()
    run(job, 0)
    first = time.process_time() - start
    months, n_runs, per_run = 0, 0, []
    n_in_repeat, begun = 1, time.process_time()
    while len(per_run) < FEWEST_REPEATS or time.process_time() - begun < seconds:
        start = time.process_time()
        for _ in range(n_in_repeat):
            n_runs += 1
            months = months + run(job, n_runs)
        per_run.append((time.process_time() - start) / n_in_repeat)
        n_in_repeat = max(1, round(REPEAT_SECONDS / min(per_run)))
    outcome: dict[str, Any] = {
        "versions": [f"{name} {version(name)}" for name in packages],
        "language": f"Python {platform.python_version()}",
        "seconds_per_run": min(per_run),
        "seconds_first_run": first,
        "months": np.asarray(months).tolist(),
        "runs": n_runs,
        "simplifications": simplifications,
        "remarks": remarks,
    }
    answer.write_text(json.dumps(outcome), encoding="ascii")
