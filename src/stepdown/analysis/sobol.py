"""Sobol indices of first and total order from a designed set of runs, with the luck taken off.

Two independent sets of draws A and B, and for each number the draws A with that number from B. A
draw has the same luck in all of them, so that they differ by what is not known alone. What is left
of the luck is taken off by products across replicates: the luck of one is no part of another's.

Decision: docs/decisions/0028-value-of-information.md.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.analysis.designed_runs import draws_of, linked_numbers, mixed, run_draws
from stepdown.analysis.figures_of_runs import figure_of_runs
from stepdown.errors import ParameterError
from stepdown.parameters import Draws
from stepdown.scenario import LoadedScenario

__all__ = ["sobol_indices", "sobol_indices_of"]

Floats = NDArray[np.float64]


def sobol_indices(first: Floats, second: Floats, mixed_draws: Floats) -> dict[str, Floats]:
    """Return Sobol indices from figures of a designed set of runs.

    Parameters
    ----------
    first, second
        (draw) or (draw, replicate). The figure at the draws A, and at B. Without replicates it is
        free of luck; with them there are at least 2, and those of one number share their luck.
    mixed_draws
        (number, draw) or (number, draw, replicate). The figure at A with one number from B.

    Returns
    -------
        `first_order`, `total_order`, `first_order_error`, `total_order_error`, (number). First
        order: the share of the variance that goes when the number is known. Total order: the share
        that is left when all others are known. They are never clipped, so an index of 0 may come
        out below 0, by its error.

    Notes: the errors are those of ratios to the first order, from what each draw adds.
    Source: Saltelli et al., Computer Physics Communications 181 (2010); Jansen, Computer Physics
    Communications 117 (1999), for the total order.
    """
    a, b, ab = (np.asarray(part, dtype=np.float64) for part in (first, second, mixed_draws))
    if a.ndim == 1:
        a, b, ab = a[:, None], b[:, None], ab[..., None]
    elif a.shape[1] == 1:
        raise ParameterError(
            "n_replicates = 1: what is luck cannot be told from what is not known by one replicate "
            "of each draw. Write n_replicates = 2."
        )
    centre = (a.mean() + b.mean()) / 2
    a, b, ab = a - centre, b - centre, ab - centre
    whole = (_products(a, a) + _products(b, b)) / 2
    found: dict[str, Floats] = {}
    for name, parts in (
        ("first_order", _products(b, ab - a)),
        ("total_order", _products(ab - a, ab - a) / 2),
    ):
        share = parts.mean(axis=1) / whole.mean()
        influence = (parts - share[:, None] * whole) / whole.mean()
        found[name] = share
        found[f"{name}_error"] = influence.std(axis=1, ddof=1) / np.sqrt(len(a))
    return found


def sobol_indices_of(
    loaded: LoadedScenario,
    groups: Mapping[str, Sequence[str]] | None = None,
    *,
    n_draws: int = 256,
    seed: int = 1,
    figure: str = "present_value",
    strategy: str | None = None,
    payer: str | None = None,
) -> xr.Dataset:
    """Simulate what Sobol indices take, and return them.

    Parameters
    ----------
    loaded
        The scenario.
    groups
        Names of uncertain numbers, by name of a group; each group is one input. All others are one
        more group, "others". By default the first part of their names groups them: "moves",
        "steps", "caseload" and so on.
    n_draws, seed
        Draws of each set, with 2 replicates: it takes as many sets as there are groups, and two.

    Other arguments
    ---------------
    figure, strategy, payer
        As in `figure_of_runs`.

    Returns
    -------
        (parameter): as `sobol_indices`, of groups of numbers.

    Raises
    ------
    ParameterError
        A group names what is no uncertain number; names one twice; or parts numbers that depend on
        each other.
    """
    own = _groups(loaded, groups)
    base, other = (draws_of(loaded.scenario, s, n_draws) for s in (seed, (seed + 1) % (1 << 64)))

    def figures(draws: list[Draws]) -> Floats:
        run = run_draws(loaded, draws, seed, 2)
        values = figure_of_runs(run, figure, strategy, payer)
        return np.asarray(values.transpose("draw", "replicate").values)

    a, b = figures(base), figures(other)
    ab = np.array([figures(mixed(base, other, names)) for names in own.values()])
    found = sobol_indices(a, b, ab)
    return xr.Dataset(
        {name: ("parameter", values, {"units": "1"}) for name, values in found.items()},
        {"parameter": list(own)},
    )


def _groups(
    loaded: LoadedScenario, groups: Mapping[str, Sequence[str]] | None
) -> dict[str, tuple[str, ...]]:
    """Return groups of numbers that are independent of each other and hold each number once."""
    sets = linked_numbers(loaded.scenario)
    known = [name for linked in sets for name in linked]
    if groups is None:
        found: dict[str, tuple[str, ...]] = {}
        for linked in sets:
            head = linked[0].partition(".")[0]
            found[head] = (*found.get(head, ()), *linked)
        return found
    found = {name: tuple(names) for name, names in groups.items()}
    named = [name for names in found.values() for name in names]
    wrong = [name for name in named if name not in known or named.count(name) > 1]
    if wrong:
        raise ParameterError(
            f"groups: {wrong[0]!r} is no uncertain number of this scenario, or stands in two "
            "groups. Name each by the path of its key, once."
        )
    for linked in sets:
        homes = {next((g for g, names in found.items() if n in names), "others") for n in linked}
        if len(homes) > 1:
            raise ParameterError(
                f"groups: {' and '.join(linked[:2])} are correlated, so they are one input. "
                "Put them into one group."
            )
    rest = tuple(name for name in known if name not in named)
    return {**found, "others": rest} if rest else found


def _products(left: Floats, right: Floats) -> Floats:
    """Return the product of two means over luck for each draw, without the luck they share.

    (..., draw, replicate) -> (..., draw): the product of the means over replicates, less the part
    of it that is the covariance over luck.
    """
    n = left.shape[-1]
    means = left.mean(axis=-1) * right.mean(axis=-1)
    if n == 1:
        return np.asarray(means)
    shared = ((left * right).mean(axis=-1) - means) / (n - 1)
    return np.asarray(means - shared)
