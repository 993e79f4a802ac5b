"""A random part of the children of each draw, for expectations alone.

Arrivals and expected stocks have their Poisson means multiplied by a share, and of the documented
stock a random part of that share is kept; every count is divided by the share afterwards. So months
on steps, moves, costs and refunds keep their expectation in every draw, and everything that is
linear in them does. Nothing else does: spreads, quantiles and probabilities are not those of a
municipality with its real number of children.

Decision: docs/decisions/0023-expectations.md.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import InputError, Problem
from stepdown.kernel.layout import POISSON
from stepdown.kernel.loop import Counts, simulate_runs
from stepdown.kernel.randomness import WORD
from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario import LoadedScenario, Scenario
from stepdown.settings import RunSettings
from stepdown.tables import Chunk, build_chunk
from stepdown.uniforms import independent_uniforms

__all__ = ["NOT_LINEAR", "check_linear", "expected_children", "sampled", "walk_part", "walk_sample"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOT_LINEAR = ("reinvested_dkk", "budget_reduction_dkk")
"""Variables of a result that a part of the children cannot give: a maximum with 0 is in them."""

_STOCK = "which children of the stock"  # no parameter's name has a space


def check_linear(loaded: LoadedScenario) -> None:
    """Refuse a scenario whose costs are not sums over independent children.

    Raises
    ------
    InputError
        Every reason at once: places, fixed posts, notice periods; or no children at all.
    """
    scenario, file = loaded.scenario, loaded.files[0].name
    found = [
        Problem(file, 0, key, "does not go with an expectation from a part of the children", rule,
                "leave out --for expectation (purpose = \"expectation\" in Python)")
        for key, rule in _reasons(scenario)
    ]  # fmt: skip
    if found:
        raise InputError(found)


def _reasons(scenario: Scenario) -> list[tuple[str, str]]:
    """Return the keys that make a result more than a sum over children, and why."""
    if not scenario.has_staircase:
        return [("stock", "there are budget lines alone, and no children to take a part of")]
    found = [
        (f"capacity.{name}", "a part of the children fills no places") for name in scenario.capacity
    ]
    caseload = scenario.caseload
    if caseload is not None and caseload.mode == "fixed_posts":
        found.append(("caseload.mode", "with fixed posts the caseload follows all the children"))
    found += [
        (f"steps.{name}.notice_months", "whether a place stands empty depends on all the children")
        for name, step in scenario.steps.items()
        if step.notice_months is not None
    ]
    return found


def walk_sample(plan: Plan, draws: Draws, run: RunSettings) -> tuple[Chunk, Counts]:
    """Build a chunk of draws and walk a random part of the children of each.

    Returns
    -------
        The chunk, of all children; and the counts, scaled up.
    """
    chunk = build_chunk(plan, draws)
    return chunk, walk_part(plan, draws, chunk, run)


def walk_part(plan: Plan, draws: Draws, chunk: Chunk, run: RunSettings) -> Counts:
    """Walk a random part of the children of a chunk.

    Parameters
    ----------
    chunk
        Of all children.
    run
        With the children to expect in a draw.

    Returns
    -------
        The counts (float64) over the draw's share: unbiased in every draw.
    """
    assert run.n_children is not None, "own invariant: an expectation has a number of children"
    assert chunk.coupling is None, "own invariant: only scenarios without coupling are linear"
    share = _shares(plan, chunk, run.n_children)
    tables = sampled(chunk, share, run.seed, draws).tables
    counts, _ = simulate_runs(plan.stairs, tables, run.seed, draws.first, run.n_replicates)
    part_of = share / WORD
    scaled = {
        name: each / part_of.reshape(1, -1, *(1,) * (each.ndim - 2))
        for name, each in counts._asdict().items()
    }
    return counts._replace(**scaled)


def expected_children(plan: Plan, chunk: Chunk) -> Floats:
    """Return the expected children of a run of the baseline, (draw): at the start and arriving."""
    tables = chunk.tables
    months = np.bincount(plan.stairs.months["period"], minlength=tables.arrivals.shape[1])
    arrivals = tables.arrivals["mean"][..., 0].sum(axis=(2, 3, 4)) * months
    start = tables.stock_fixed + tables.stock_drawn["mean"]
    return np.asarray(start.sum(axis=(1, 2)) + arrivals.sum(axis=1))


def _shares(plan: Plan, chunk: Chunk, n_children: int) -> Ints:
    """Return the share of the children to walk, (draw) in units of 2^-32, at most all of them."""
    children = expected_children(plan, chunk)
    share = np.minimum(n_children / np.maximum(children, n_children), 1.0)
    return np.asarray(np.maximum(np.rint(share * WORD), 1), dtype=np.int64)


def sampled(chunk: Chunk, share: Ints, seed: int, draws: Draws) -> Chunk:
    """Return a chunk with a random part of its children.

    Parameters
    ----------
    chunk
        Of all children.
    share
        (draw) [2^-32]. The part wanted; 2^32 gives the same tables, to the bit.
    seed, draws
        What the choice among the documented children is keyed by.

    Notes: the documented stock is thinned by systematic sampling from step to step, with one
    uniform for each draw: a step keeps the whole part of its share and one child more with the
    probability of the rest, and all steps together are within one child of the share of all. The
    arithmetic is in integers, so each number has exactly the expectation of its share. Which of a
    step's children are kept is no matter: they are alike before they are drawn.
    """
    tables = chunk.tables
    uniform = independent_uniforms(seed, draws.first, draws.count, [_STOCK])[0]
    point = np.floor(uniform * WORD).astype(np.int64)
    total = tables.stock_fixed.reshape(draws.count, -1).cumsum(axis=1)
    kept = (total * share[:, None] + point[:, None]) // WORD
    fixed = np.diff(kept, axis=1, prepend=0).reshape(tables.stock_fixed.shape)
    part_of = share / WORD
    thinned = tables._replace(
        arrivals=_fewer(tables.arrivals, part_of),
        stock_fixed=fixed,
        stock_drawn=_fewer(tables.stock_drawn, part_of),
    )
    return replace(chunk, tables=thinned)


def _fewer(poisson: NDArray[np.void], part_of: Floats) -> NDArray[np.void]:
    """Return Poisson records with the means of a part; a thinned Poisson number is one too."""
    records = np.empty(poisson.shape, dtype=POISSON)
    mean = poisson["mean"] * part_of.reshape(-1, *(1,) * (poisson.ndim - 1))
    records["mean"], records["none"] = mean, np.exp(-mean)
    return records
