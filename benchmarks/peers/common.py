"""The common table: the reference job's intervention, at mid rates, for a list of children."""

import sys
from pathlib import Path

import numpy as np
from job import Job

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import reference

RATES = "mid"
DRAW = 0
"""The draw of the reference job whose table all walk."""
_EVEN = 5**0.5, 2**0.5
"""Fractions of multiples of such numbers spread evenly over (0, 1), independently of each other."""


def common_job(n_children: int) -> Job:
    """Return the table of the intervention, and as many children as the reference job begins with.

    Children stand on the steps in the engine's proportions; ages are even over the first three
    years and times on the step over those that an age allows within the first band, as the engine
    draws them. Here they are spread evenly, so that all peers have the same list.
    """
    features = reference.Features(n_children=n_children)
    prepared = reference.prepare(RATES, DRAW, 1, features)
    levels, level = np.unique(reference.ramp(features.n_months), return_inverse=True)
    going = np.stack(
        [reference.transition_table(prepared.parameters, 0, value) for value in levels]
    )
    by_step = prepared.tables.stock_fixed[0].sum(axis=0)
    step = np.repeat(np.arange(by_step.size), by_step)
    number = np.arange(step.size)
    age = np.floor(number * _EVEN[0] % 1.0 * reference.START_AGES).astype(np.int64)
    longest = np.minimum(age, reference.TIME_EDGES[1] - 1)
    elapsed = np.floor(number * _EVEN[1] % 1.0 * (longest + 1)).astype(np.int64)
    order = np.argsort(age, kind="stable")
    months = np.arange(features.n_months + reference.START_AGES + 1)
    return Job(
        probability=_with_stay(going),
        level=level,
        age_band=np.searchsorted(reference.AGE_EDGES, months, side="right") - 1,
        time_band=np.searchsorted(reference.TIME_EDGES, months, side="right") - 1,
        step=step[order],
        age=age[order],
        elapsed=elapsed[order],
    )


def reduced(job: Job, leaves_out: tuple[str, ...]) -> Job:
    """Return the table for a tool that cannot follow "age", "time", "calendar" or "elapsed".

    In the place of an axis that is left out stands one of its entries: the first age band, the
    third band of time on the step, or the full intervention. Without "elapsed", the time
    on the step before the start, everybody has just come to it.
    """
    table = job.probability.copy()
    if "calendar" in leaves_out:
        table[:] = table[-1:]
    if "age" in leaves_out:
        table[:] = table[:, :1]
        job = job._replace(age=np.zeros_like(job.age))
    if "time" in leaves_out:
        table[:] = table[:, :, 2:3]
    elapsed = np.zeros_like(job.elapsed) if "elapsed" in leaves_out else job.elapsed
    return job._replace(probability=table, elapsed=elapsed)


def _with_stay(going: np.ndarray) -> np.ndarray:
    """Return (..., S + 1, S + 1): put in who stays, and an exit that nobody leaves."""
    n_states = going.shape[-1]
    table = np.zeros((*going.shape[:-2], n_states, n_states))
    table[..., :-1, :] = going
    states = np.arange(n_states)
    table[..., states, states] = 1.0 - table.sum(axis=-1)
    return table
