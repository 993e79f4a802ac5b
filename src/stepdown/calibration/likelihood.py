"""How likely an observation is, given what the model expects.

Counts of one team are not Poisson: teams differ. So the mean of a count is itself gamma distributed
about the expected one, which makes it negative binomial (Cameron and Trivedi, Regression Analysis
of Count Data, 2nd ed. 2013, section 3.3).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

__all__ = ["distance", "implausibility", "log_likelihood", "observations"]

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

    Counts are first put on the scale on which their variance is constant (Anscombe, "The
    transformation of Poisson, binomial and negative-binomial data", Biometrika 35, 1948), there
    without its small-sample terms, so that it is smooth down to 0; near 0 it is too large, and
    `implausibility` is exact there.
    """
    if kind == "normal":
        return (expected - observed) / spread
    if kind == "lognormal":
        return np.log(np.maximum(expected, _LEAST) / observed) / spread
    if kind == "binomial":
        shares = np.clip([observed / spread, *expected], 0, 1)
        angles = np.arcsin(np.sqrt(shares)) * 2 * np.sqrt(spread)
    else:
        size = 1 / np.expm1(spread**2)
        means = np.maximum([observed, *expected], 0.0)
        angles = np.arcsinh(np.sqrt(means / size)) * 2 * np.sqrt(size)
    return np.asarray(angles[1:] - angles[0], dtype=np.float64)


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
