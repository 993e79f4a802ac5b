"""Statistics of one municipality's children under the strategy that was observed."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.pilot import Pilot
from stepdown.scenario.targets_model import TargetTable

__all__ = ["PILOT"]

Floats = NDArray[np.float64]


def children_at(pilot: Pilot, target: TargetTable, drift: Floats) -> Floats:
    """Children on some steps at the end of a month, given the documented children at the start.

    `drift` (draw) is what would have happened anyway, a factor per year since the start.
    """
    edge = _edge(pilot, target)
    return _on_steps(pilot, target, edge) * drift ** (edge / pilot.plan.cycles_per_year)


def children_ratio(pilot: Pilot, target: TargetTable, drift: Floats) -> Floats:
    """Children on some steps at the end of a month, over those on them at the start."""
    return children_at(pilot, target, drift) / _on_steps(pilot, target, 0)


def spending_rise(pilot: Pilot, target: TargetTable, drift: Floats) -> Floats:
    """Spending on some steps in a year less that in an earlier one [DKK, fixed prices].

    Before reimbursement; the later year with what would have happened anyway, a factor per year.
    """
    first, second = target.years
    steps = np.isin(np.array(pilot.plan.steps), target.steps)
    spent = np.where(steps, pilot.spending, 0.0).sum(axis=2)
    before = spent[:, first - pilot.plan.first_year]
    after = spent[:, second - pilot.plan.first_year]
    return np.asarray(after * drift ** (second - first) - before)


PILOT: Mapping[str, Callable[[Pilot, TargetTable, Floats], Floats]] = {
    function.__name__: function for function in (children_at, children_ratio, spending_rise)
}
"""By the name of the observable in a file."""


def _edge(pilot: Pilot, target: TargetTable) -> int:
    assert target.month is not None, "own invariant: the types ask for a month"
    return pilot.plan.month(target.month) + 1


def _on_steps(pilot: Pilot, target: TargetTable, edge: int) -> Floats:
    steps = np.isin(np.array(pilot.plan.steps), target.steps)
    return np.asarray(np.where(steps, pilot.children[:, edge], 0.0).sum(axis=1))
