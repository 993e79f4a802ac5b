"""When things work: ramps, hiring lags and fade-outs as weights by month.

A weight is the share of the full effect at the middle of a month; it works on logarithms.
"""

import numpy as np
from numpy.typing import NDArray

from stepdown.parameters import Draws
from stepdown.plan import Plan
from stepdown.scenario.kinds import Timing
from stepdown.scenario.quantity import Quantity

__all__ = ["in_post", "weights"]

Floats = NDArray[np.float64]


def weights(plan: Plan, draws: Draws, timing: Timing) -> Floats:
    """Return the share of the full effect, (draw, month) in [0, 1].

    It rises from 0 when the posts are filled to 1 after the ramp, halves with each half-life
    while it runs, and after the end falls to 0 over the fade-out, or at once.
    """
    since = _since_filled(plan, draws, timing)
    ramp = _cycles(plan, draws, timing.ramp)
    with np.errstate(divide="ignore", invalid="ignore"):
        rising = np.where(ramp > 0, since / ramp, since > 0)
    weight = np.clip(rising, 0.0, 1.0)
    if timing.half_life is not None:
        half_life = _cycles(plan, draws, timing.half_life)
        weight *= 0.5 ** (np.clip(since - ramp, 0.0, None) / half_life)
    return weight * _after_end(plan, draws, timing)


def in_post(plan: Plan, draws: Draws, timing: Timing) -> Floats:
    """Return the share of each month in which posts are filled and paid, (draw, month)."""
    filled = np.clip(_since_filled(plan, draws, timing) + 0.5, 0.0, 1.0)
    if timing.end is None:
        return filled
    month = np.arange(plan.stairs.n_months)
    return filled * (month <= plan.month(timing.end))


def _since_filled(plan: Plan, draws: Draws, timing: Timing) -> Floats:
    """Return the cycles from filled posts to the middle of each month, (draw, month)."""
    month = np.arange(plan.stairs.n_months) + 0.5
    lag = _cycles(plan, draws, timing.hiring_lag)
    return np.asarray(month[None, :] - plan.month(timing.start) - lag)


def _after_end(plan: Plan, draws: Draws, timing: Timing) -> Floats:
    month = np.arange(plan.stairs.n_months) + 0.5
    if timing.end is None:
        return np.ones((draws.count, month.size))
    past = month[None, :] - (plan.month(timing.end) + 1)
    fade = _cycles(plan, draws, timing.fade_out)
    with np.errstate(divide="ignore", invalid="ignore"):
        falling = np.where(fade > 0, 1.0 - past / fade, past < 0)
    return np.asarray(np.clip(falling, 0.0, 1.0))


def _cycles(plan: Plan, draws: Draws, months: Quantity | None) -> Floats:
    """Return a number of months in cycles, (draw, 1)."""
    if months is None:
        return np.zeros((draws.count, 1))
    return draws.of(months)[:, None] / plan.scenario.clock.cycle_months
