"""How likely an observation is, given what the model expects.

Counts of one team are not Poisson: teams differ. So the mean of a count is itself gamma distributed
about the expected one, which makes it negative binomial (Cameron and Trivedi, Regression Analysis
of Count Data, 2nd ed. 2013, section 3.3).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["log_likelihood", "observations"]

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
    law = _law(kind, spread, expected)
    counts = kind in ("binomial", "negative_binomial")
    return np.asarray(law.logpmf(observed) if counts else law.logpdf(observed), dtype=np.float64)


def observations(kind: str, spread: float, expected: Floats, random: np.random.Generator) -> Floats:
    """Draw what would be observed, (draw); of a binomial the count."""
    return np.asarray(_law(kind, spread, expected).rvs(random_state=random), dtype=np.float64)


def _law(kind: str, spread: float, expected: Floats) -> Any:
    """Return scipy's law of an observation."""
    if kind == "normal":
        return stats.norm(expected, spread)
    positive = np.maximum(expected, _LEAST)
    if kind == "lognormal":
        return stats.lognorm(spread, scale=positive)
    if kind == "binomial":
        return stats.binom(round(spread), np.clip(expected, _LEAST, 1 - _LEAST))
    assert kind == "negative_binomial", "own invariant: a file's types know no other kind"
    # A gamma mean whose logarithm varies by about `spread`: squared coefficient of variation.
    size = 1 / np.expm1(spread**2)
    return stats.nbinom(size, size / (size + positive))
