"""The uniform numbers behind the draws: independent, or points of a Sobol sequence, correlated.

Decisions: docs/decisions/0003-random-numbers.md, docs/decisions/0014-uncertainty.md.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from stepdown.errors import ParameterError
from stepdown.kernel.randomness import parameter_uniforms

__all__ = ["N_SCRAMBLES", "check_sobol", "correlated", "independent_uniforms", "sobol_uniforms"]

Floats = NDArray[np.float64]

N_SCRAMBLES = 16
"""Independent scrambles that a Sobol run is made of; their spread is the error of its means."""

_SOBOL_BITS = 30
_EDGE = 2.0**-53  # the smallest uniform of an independent draw, and its distance from 1


def independent_uniforms(seed: int, first: int, count: int, names: Sequence[str]) -> Floats:
    """Return (name, draw) uniforms inside (0, 1), each a function of seed, draw and name alone."""
    keys = [hashlib.sha256(name.encode()).digest() for name in names]
    low = np.array([int.from_bytes(key[:4], "little") for key in keys], dtype=np.uint64)
    high = np.array([int.from_bytes(key[4:8], "little") for key in keys], dtype=np.uint64)
    uniforms: Floats = parameter_uniforms(np.uint64(seed), first, count, low, high)
    return uniforms


def check_sobol(n_draws: int) -> None:
    """Refuse a number of draws that is not 16 times a power of two.

    Raises
    ------
    ParameterError
        With the numbers of draws nearest to it that are.
    """
    each, rest = divmod(n_draws, N_SCRAMBLES)
    if rest or not each or each & (each - 1):
        below = N_SCRAMBLES << max(each.bit_length() - 1, 0)
        raise ParameterError(
            f"n_draws = {n_draws}: Sobol points come in {N_SCRAMBLES} scrambles of a power of two "
            f"each. Write n_draws = {below} or {2 * below} (--draws {below})."
        )


def sobol_uniforms(seed: int, first: int, count: int, names: Sequence[str], n_draws: int) -> Floats:
    """Return (name, draw) uniforms inside (0, 1) of Sobol points in 16 independent scrambles.

    Parameters
    ----------
    seed
        Seed of the run; with the number of the scramble it settles the scramble.
    first, count
        The draws wanted. Draw d is point d modulo n of scramble d // n, n = n_draws / 16.
    names
        The numbers; each is a dimension, in this order.
    n_draws
        Draws of the whole run, 16 times a power of two.

    Notes: scipy scrambles by a random lower triangular matrix and a digital shift, the affine form
    of Owen's scramble (Matousek 1998): each point is uniform, and the variance of a mean is that of
    Owen's. Points are multiples of 2^-30, and half a step is added, so that none is 0.
    """
    size = n_draws // N_SCRAMBLES
    parts = [np.empty((0, len(names)))]
    draw = first
    while draw < first + count and names:
        group, start = divmod(draw, size)
        wanted = min(size - start, first + count - draw)
        parts.append(_points(seed, group, len(names), start, wanted))
        draw += wanted
    if not names:
        return np.empty((0, count))
    return np.ascontiguousarray(np.concatenate(parts).T) + 0.5 ** (_SOBOL_BITS + 1)


def _points(seed: int, group: int, n_names: int, start: int, count: int) -> Floats:
    """Return points of one scramble, (point, name)."""
    from scipy.stats import qmc

    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, group])))
    engine = qmc.Sobol(n_names, scramble=True, bits=_SOBOL_BITS, seed=chance)
    if start > 0:
        engine.fast_forward(start)
        return np.asarray(engine.random(count))
    # From the first point on, scipy wants a power of two, and warns otherwise.
    return np.asarray(engine.random(1 << (count - 1).bit_length()))[:count]


def correlated(
    uniforms: Floats, names: Sequence[str], pairs: Mapping[tuple[str, str], float]
) -> Floats:
    """Correlate uniforms by a Gaussian copula.

    Parameters
    ----------
    uniforms
        (name, draw), independent, inside (0, 1).
    names
        Of the rows.
    pairs
        Correlation of the normal scores of two names; 0 for a pair not named. A pair with a name
        that has no row is left out.

    Returns
    -------
        (name, draw). Each row is uniform as before; rows in no pair keep their bits, and so does
        the first name of the alphabet in each group that hangs together.
    """
    rows = {name: row for row, name in enumerate(names)}
    known = {pair: rho for pair, rho in pairs.items() if pair[0] in rows and pair[1] in rows}
    if not known:
        return uniforms
    # By the alphabet, so that neither the order of the pairs in the file nor that of the numbers
    # matters.
    own = sorted({name for pair in known for name in pair})
    matrix = np.eye(len(own))
    for (one, two), rho in known.items():
        i, j = own.index(one), own.index(two)
        matrix[i, j] = matrix[j, i] = rho
    factor = np.linalg.cholesky(matrix)
    found = uniforms.copy()
    places = [rows[name] for name in own]
    scores = special.ndtri(uniforms[places])
    for number, place in enumerate(places):
        weights = factor[number, : number + 1]
        if np.any(weights[:-1] != 0):
            mixed = np.zeros(uniforms.shape[1])
            for weight, score in zip(weights, scores, strict=False):
                mixed += weight * score
            # Beyond 8.2 standard deviations the distribution function rounds to 0 or 1.
            found[place] = np.clip(special.ndtr(mixed), _EDGE, 1 - _EDGE)
    return found
