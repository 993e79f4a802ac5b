"""Children older than anything depends on, where no birthday ends their stay.

From some age on the rates of a step depend on the time on it alone. All older children are then one
cohort: their entries a month and their number on each step follow from linear equations, whatever
their ages, and so does who of them entered a time band how many months ago. That past is laid out
as that of a single cohort, at the rows of age from `pooled_from` on; the last row is the present.

Let E be the entries of the pooled on each step. Of those who entered a band j months ago, it holds
the share q^j, where q outlast a month. So the number in every band is linear in E, and the moves
from there give E again.

Decision: docs/decisions/0006-children-at-the-start.md.
"""

from typing import NamedTuple

import numpy as np

from stepdown.kernel.cohort import Life, Motion, Shape
from stepdown.kernel.layout import Floats

__all__ = ["Tail", "lay_out", "tail_of"]

_NEVER_LEAVES = 1e-13
"""A share of stays that does not end is none below this."""


class Tail(NamedTuple):
    """All children from `pooled_from` on, in the steady state whose younger ages are known."""

    mass: Floats
    """(S * D, N). inf where children come and nothing ever takes them away."""
    entered: Floats
    """(L + 1, S * D, N). Of those who are of this age now, who entered the time band L, ..., 1 and
    0 months ago; L is where the last band begins."""


class _Bands(NamedTuple):
    """What one more entry of the pooled makes (slope), and what is there without any (rest)."""

    slope: Floats
    rest: Floats


def tail_of(shape: Shape, motion: Motion, life: Life) -> Tail:
    """Return who is older than a steady life has been filled to, `shape.pooled_from`."""
    n_steps, n_times = shape.steps.size, shape.time_edge.size - 1
    cells = (n_steps, n_times, life.mass.shape[2])
    rooms, first = life.mass.shape[0], shape.pooled_from
    before = life.mass[(first - 1) % rooms].reshape(cells)
    longest = int(shape.time_edge[n_times - 1])
    past = [life.entered[(first - ago) % rooms].reshape(cells) for ago in range(1, longest + 1)]
    # Entries of the 0, 1, ... months before the first pooled age.
    since = np.cumsum([np.zeros(cells), *past], axis=0)
    law = (
        shape.ages[first - 1]["band"] * shape.n_effect_bands + shape.ages[first - 1]["effect_band"]
    )
    stay = motion.rates.stay[0, law].reshape(cells)
    flow = motion.rates.flow[0, law].reshape(-1, *cells[1:])
    gone = _gone(shape, flow, cells)
    entries, masses = _in_bands(shape, (stay, gone), before, since)
    into = _entries(shape, flow, before, gone, (entries, masses))
    with np.errstate(invalid="ignore"):
        entered = np.where(into[:, None] > 0, entries.slope * into[:, None], 0.0) + entries.rest
        mass = np.where(into[:, None] > 0, masses.slope * into[:, None], 0.0) + masses.rest
    n_draws = cells[2]
    finite = np.where(np.isfinite(entered), entered, 0.0)
    return Tail(
        np.maximum(mass, 0.0).reshape(-1, n_draws),
        (finite + since[::-1]).reshape(longest + 1, -1, n_draws),
    )


def lay_out(shape: Shape, life: Life, tail: Tail) -> None:
    """Fill the rows of age of the pooled: their past, and in the last one all of them."""
    life.mass[shape.pooled_from : shape.n_start_ages] = 0.0
    life.mass[shape.n_start_ages - 1] = np.where(np.isfinite(tail.mass), tail.mass, 0.0)
    life.entered[shape.pooled_from : shape.n_start_ages] = tail.entered


def _gone(shape: Shape, flow: Floats, cells: tuple[int, ...]) -> Floats:
    """Return the share of each band who leave the step in a month, exact where it is small."""
    gone = np.zeros(cells)
    for step, slots in enumerate(shape.moves_from):
        for move in slots[slots >= 0]:
            gone[step] += flow[move]
    return gone


def _in_bands(
    shape: Shape, months: tuple[Floats, Floats], before: Floats, since: Floats
) -> tuple[_Bands, _Bands]:
    """Return entries into, and children in, every time band as far as the step's entries make them.

    A child enters the first band with the step, and the next one after the width of the one before.
    """
    stay, gone = months
    n_times = stay.shape[1]
    entries = _Bands(np.zeros(stay.shape), np.zeros(stay.shape))
    masses = _Bands(np.zeros(stay.shape), np.zeros(stay.shape))
    entries.slope[:, 0] = 1.0
    for time in range(n_times - 1):
        width = int(shape.time_edge[time + 1] - shape.time_edge[time])
        lasts = stay[:, time] ** np.arange(width)[:, None, None]
        masses.slope[:, time] = entries.slope[:, time] * lasts.sum(axis=0)
        masses.rest[:, time] = entries.rest[:, time] * lasts.sum(axis=0)
        masses.rest[:, time] += (lasts * since[:width, :, time]).sum(axis=0)
        whole = stay[:, time] ** width
        entries.slope[:, time + 1] = whole * entries.slope[:, time]
        entries.rest[:, time + 1] = whole * (entries.rest[:, time] + since[width, :, time])
    rest = stay[:, -1] * before[:, -1] + entries.rest[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        masses.slope[:, -1] = np.where(
            entries.slope[:, -1] > 0, entries.slope[:, -1] / gone[:, -1], 0
        )
        masses.rest[:, -1] = np.where(rest > 0, rest / gone[:, -1], 0)
    return entries, masses


def _entries(
    shape: Shape, flow: Floats, before: Floats, gone: Floats, bands: tuple[_Bands, _Bands]
) -> Floats:
    """Return the pooled entries of each step a month, (S, N); inf where nobody ever leaves."""
    entries, masses = bands
    n_steps, n_draws = gone.shape[0], gone.shape[2]
    leads = np.zeros((n_draws, n_steps, n_steps))  # to, from
    comes, ends = np.zeros((n_draws, n_steps)), np.zeros((n_draws, n_steps))
    for step in range(n_steps):
        moving = gone[step] > 0
        slope = np.where(moving, masses.slope[step], 0.0)
        rest = np.where(moving, masses.rest[step], 0.0) + before[step]
        ends[:, step] += np.where(moving[-1], 0.0, entries.slope[step, -1])
        for slot, move in enumerate(shape.moves_from[step]):
            if move < 0:
                continue
            to = int(shape.moves[move]["destination"])
            share = (flow[move] * slope).sum(axis=0)
            if shape.followed[step, slot] < 0 or shape.steps[to]["is_absorbing"] == 1:
                ends[:, step] += share
            else:
                leads[:, to, step] += share
                comes[:, to] += (flow[move] * rest).sum(axis=0)
    return _solved(leads, comes, ends)


def _solved(leads: Floats, comes: Floats, ends: Floats) -> Floats:
    """Solve E = comes + leads E over the steps whose stays come to an end; inf for the others."""
    n_steps = comes.shape[1]
    ending = ends > _NEVER_LEAVES
    for _ in range(n_steps):
        ending |= ((leads > 0) & ending[:, :, None]).any(axis=1)
    within = leads * ending[:, :, None] * ending[:, None, :]
    found = np.linalg.solve(np.eye(n_steps) - within, np.where(ending, comes, 0.0)[..., None])[
        ..., 0
    ]
    more = comes + (leads @ found[..., None])[..., 0]
    return np.where(ending, found, np.where(more > 0, np.inf, 0.0)).T
