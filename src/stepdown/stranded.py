"""What emptied places go on costing: the fixed part of a price under notice.

A strategy that uses fewer places of a step than the baseline leaves places empty. For some months
each still costs a fixed share of its price. Places are counted by stocks, not by child: which of
the places stands empty does not matter to the account.

Decision: docs/decisions/0015-reimbursement-and-totals.md.
"""

import numpy as np
from numpy.typing import NDArray

from stepdown.errors import RunError
from stepdown.parameters import Draws
from stepdown.plan import Plan

__all__ = ["stranded_cost", "stranded_places"]

Floats = NDArray[np.float64]


def stranded_places(occupied: NDArray[np.integer], notice: Floats) -> Floats:
    """Return emptied places still under notice.

    A place stands empty in a month when the strategy holds fewer children on the step than the
    baseline. It is given up once it has stood empty for the whole notice: with E(t) the empty
    places of month t, and n months of notice,

        stranded(t) = E(t) - min(E(t - n), ..., E(t)),  E = 0 before the start.

    So one place emptied once costs exactly n months; a place that fills again costs nothing from
    then on; a longer notice never costs less; and n beyond the horizon strands all that is empty.
    Between whole months the figure is interpolated.

    Parameters
    ----------
    occupied
        (strategy, draw, replicate, month) [children]. The baseline first.
    notice
        (draw) [months], >= 0.

    Returns
    -------
        (strategy, draw, replicate, month) [places], 0 for the baseline.
    """
    empty = np.maximum(occupied[:1].astype(np.int64) - occupied, 0)
    n_months = empty.shape[3]
    limited = np.minimum(notice, n_months)
    whole = np.floor(limited)
    part = (limited - whole)[:, None, None]
    lowest = empty.copy()  # the fewest empty at once over the last `back` months and this one
    given_up = np.zeros(empty.shape)
    for back in range(int(np.ceil(limited.max(initial=0.0))) + 1):
        if back:
            lowest[..., back:] = np.minimum(lowest[..., back:], empty[..., : n_months - back])
            lowest[..., :back] = 0
        weight = np.where((whole == back)[:, None, None], 1 - part, 0.0)
        weight = np.where((whole + 1 == back)[:, None, None], part, weight)
        given_up += weight * lowest
    return np.asarray(empty - given_up)


def stranded_cost(
    plan: Plan, draws: Draws, price: Floats, occupied: NDArray[np.integer] | None
) -> Floats | None:
    """Price the places under notice, or return None where no step has a notice period.

    Parameters
    ----------
    price
        (strategy, draw, step) or (strategy, draw, year, step) [DKK per child and month, price
        level]. Places are those that the baseline bought, at its price.
    occupied
        (strategy, draw, replicate, month, step) [children at the month's opening edge].

    Returns
    -------
        (strategy, draw, replicate, year, payer) [DKK]. Cost, positive; not reimbursed.

    Raises
    ------
    RunError
        A drawn notice period is negative; names the step and the draw.
    """
    scenario = plan.scenario
    noticed = [name for name in plan.steps if scenario.steps[name].notice_months is not None]
    if not noticed:
        return None
    assert occupied is not None, "own invariant: notice periods need the months' occupancy"
    payers = list(scenario.payers)
    found = np.zeros((*occupied.shape[:3], plan.n_years, len(payers)))
    for name in noticed:
        step, index = scenario.steps[name], plan.step(name)
        assert step.notice_months is not None, "own invariant: only steps with a notice period"
        assert step.fixed_share is not None, "own invariant: a checked notice has a fixed share"
        notice = draws.of(step.notice_months)
        _check(draws, name, notice)
        places = stranded_places(occupied[..., index], notice)
        months = places.reshape(*places.shape[:3], plan.n_years, -1).sum(axis=-1)
        own = price[0, ..., index].reshape(draws.count, 1, -1)  # one price, or one for each year
        fixed = own * draws.of(step.fixed_share)[:, None, None]
        found[..., payers.index(step.payer)] += months * fixed
    return found


def _check(draws: Draws, step: str, notice: Floats) -> None:
    if notice.min(initial=0.0) < 0:
        draw = int(notice.argmin())
        raise RunError(
            f"draw {draws.first + draw}: the notice period of {step} is {notice[draw]:.3g} months; "
            "it is >= 0. Use a distribution without negative values."
        )
