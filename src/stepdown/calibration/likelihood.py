"""How likely an observation is, given what the model expects.

Counts of one team are not Poisson: teams differ. So the mean of a count is itself gamma distributed
about the expected one, which makes it negative binomial (Cameron and Trivedi, Regression Analysis
of Count Data, 2nd ed. 2013, section 3.3).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

__all__ = [
    "distance",
    "implausibility",
    "log_likelihood",
    "observations",
    "probability_below",
    "slope_and_curvature",
    "stretched",
]

Floats = NDArray[np.float64]
_LEAST = 1e-9  # an expected count or share of 0 would make anything else impossible


def log_likelihood(kind: str, observed: float, spread: float, expected: Floats) -> Floats:
    """Return the log likelihood of an observation.

    Parameters
    ----------
    kind
        "normal", "lognormal", "binomial" or "negative_binomial".
    observed, spread
        As in `Target`.
    expected
        (draw). What the model expects: a mean, the median of a lognormal, a share of a binomial.

    Returns
    -------
        (draw).
    """
    law, shape = _law(kind, spread, expected)
    density = law.logpmf if kind in ("binomial", "negative_binomial") else law.logpdf
    return np.asarray(density(observed, **shape), dtype=np.float64)


def observations(kind: str, spread: float, expected: Floats, random: np.random.Generator) -> Floats:
    """Draw what would be observed, (draw); of a binomial the count."""
    law, shape = _law(kind, spread, expected)
    drawn = law.rvs(size=expected.shape, random_state=random, **shape)
    return np.asarray(drawn, dtype=np.float64)


def distance(kind: str, observed: float, spread: float, expected: Floats) -> Floats:
    """Return how far the expected lies above the observed, in standard deviations, (draw).

    On the scale of `stretched`; near 0 it is too large for counts, and `implausibility` is exact.
    """
    share = observed / spread if kind == "binomial" else observed
    there = stretched(kind, spread, np.array([share], dtype=np.float64))
    found: Floats = stretched(kind, spread, expected) - there[0]
    return found


def stretched(kind: str, spread: float, expected: Floats) -> Floats:
    """Return expectations on the scale on which observations have variance 1, (draw).

    For counts that of Anscombe, "The transformation of Poisson, binomial and negative-binomial
    data", Biometrika 35 (1948), without its small-sample terms, so that it is smooth down to 0.
    """
    found: Floats
    if kind == "normal":
        found = expected / spread
    elif kind == "lognormal":
        found = np.log(np.maximum(expected, _LEAST)) / spread
    elif kind == "binomial":
        found = np.arcsin(np.sqrt(np.clip(expected, 0, 1))) * 2 * np.sqrt(spread)
    else:
        size = 1 / np.expm1(spread**2)
        found = np.arcsinh(np.sqrt(np.maximum(expected, 0.0) / size)) * 2 * np.sqrt(size)
    return found


def slope_and_curvature(
    kind: str, observed: float, spread: float, at: float
) -> tuple[float, float]:
    """Return the log likelihood's first and second derivative on the scale of `stretched`."""
    step = 0.05
    around = _unstretched(kind, spread, at + step * np.array([-1.0, 0.0, 1.0]))
    below, here, above = log_likelihood(kind, observed, spread, around)
    return float((above - below) / (2 * step)), float((above - 2 * here + below) / step**2)


def _unstretched(kind: str, spread: float, at: Floats) -> Floats:
    """Return the expectations at places on the scale of `stretched`."""
    found: Floats
    if kind == "normal":
        found = at * spread
    elif kind == "lognormal":
        found = np.exp(at * spread)
    elif kind == "binomial":
        found = np.sin(np.clip(at / (2 * np.sqrt(spread)), 0, np.pi / 2)) ** 2
    else:
        size = 1 / np.expm1(spread**2)
        found = size * np.sinh(np.maximum(at / (2 * np.sqrt(size)), 0.0)) ** 2
    return found


def implausibility(kind: str, observed: float, spread: float, expected: Floats) -> Floats:
    """Return how implausible an observation is, in standard deviations of a normal, (draw).

    For counts, the normal quantile of the tail of their law that the observation begins.
    """
    if kind in ("normal", "lognormal"):
        return np.abs(distance(kind, observed, spread, expected))
    law, shape = _law(kind, spread, expected)
    tails = np.minimum(law.logcdf(observed, **shape), law.logsf(observed - 1, **shape))
    found: Floats = np.maximum(-special.ndtri_exp(np.minimum(tails, 0.0)), 0.0)
    return found


def probability_below(kind: str, observed: float, spread: float, expected: Floats) -> Floats:
    """Return the probability of less than was observed and half that of just as much, (draw)."""
    law, shape = _law(kind, spread, expected)
    if kind in ("normal", "lognormal"):
        return np.asarray(law.cdf(observed, **shape), dtype=np.float64)
    upto, below = law.cdf(observed, **shape), law.cdf(observed - 1, **shape)
    return np.asarray((upto + below) / 2, dtype=np.float64)


def _law(kind: str, spread: float, expected: Floats) -> tuple[Any, dict[str, Any]]:
    """Return scipy's law of an observation and its shape."""
    if kind == "normal":
        return stats.norm, {"loc": expected, "scale": spread}
    positive = np.maximum(expected, _LEAST)
    if kind == "lognormal":
        return stats.lognorm, {"s": spread, "scale": positive}
    if kind == "binomial":
        return stats.binom, {"n": round(spread), "p": np.clip(expected, _LEAST, 1 - _LEAST)}
    assert kind == "negative_binomial", "own invariant: a file's types know no other kind"
    # The squared coefficient of variation of a lognormal mean whose logarithm varies by `spread`.
    size = 1 / np.expm1(spread**2)
    return stats.nbinom, {"n": size, "p": size / (size + positive)}
