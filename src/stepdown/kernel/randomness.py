"""Random numbers as pure functions of keys: Philox4x32-10, never a stream with a state.

A number depends on (seed, draw, replicate), the stream, the child's key and the candidate's
number, and on nothing else: not on other children, other strategies, threads or chunks.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
Decision: docs/decisions/0003-random-numbers.md.
"""

from decimal import Context, Decimal
from enum import IntEnum

import numpy as np
from numba import njit

__all__ = [
    "HAZARD_UNIT",
    "WORD",
    "Stream",
    "child_key",
    "exponential",
    "parameter_uniforms",
    "philox",
    "poisson",
    "run_key",
    "unit_float",
    "unit_of_word",
]


class Stream(IntEnum):
    """What a random number decides. A new member gets the next number; none is ever reused."""

    PARAMETERS = 0
    STOCK = 1
    ARRIVALS = 2
    ENTRY = 3
    MOVES = 4
    BIRTHDAYS = 5
    REACH = 6
    PRICES = 7
    PLACES = 8


HAZARD_UNIT = 1 << 40
"""Cumulative hazards are integers in units of 2^-40."""

WORD = 1 << 32
"""Shares and thresholds are integers in units of 2^-32, the width of one random word."""

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_PARAMETERS = np.uint64(Stream.PARAMETERS)


@njit(cache=True)
def philox(number, key_low, key_high, stream, key):
    """Return four independent 32-bit words (as uint64) for one counter and one 64-bit key."""
    c0, c1, c2, c3 = np.uint64(number), np.uint64(key_low), np.uint64(key_high), np.uint64(stream)
    k0, k1 = key & _LOW, key >> _32
    for _ in range(10):
        p0, p1 = _MULTIPLIER_0 * c0, _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (p1 >> _32) ^ c1 ^ k0, p1 & _LOW, (p0 >> _32) ^ c3 ^ k1, p0 & _LOW
        k0, k1 = (k0 + _WEYL_0) & _LOW, (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@njit(cache=True)
def _mix(value):
    """Scramble 64 bits (the finaliser of splitmix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True)
def run_key(seed, draw, replicate):
    """Hash (seed, draw, replicate) into the 64-bit key of one run."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    key = _mix(np.uint64(seed) + golden)
    key = _mix(key ^ (np.uint64(draw) + golden))
    return _mix(key ^ (np.uint64(replicate) + golden + golden))


@njit(cache=True)
def child_key(source, month, age_band, step, ordinal):
    """Return the two key words of a child: who it is, under every strategy.

    `source` tells the stock from the inflow; (month, age_band, step) is the cell it enters in and
    `ordinal` (below 2^28) its number there. Months and steps fit 16 and 8 bits.
    """
    low = (np.uint64(source) << np.uint64(28)) | np.uint64(ordinal)
    cell = (np.uint64(month) << np.uint64(16)) | (np.uint64(age_band) << np.uint64(8))
    return low, cell | np.uint64(step)


@njit(cache=True)
def unit_float(word_0, word_1):
    """Return a double inside (0, 1) from 52 bits of two words, symmetric, never 0 or 1."""
    bits = ((np.uint64(word_1) << _32) | np.uint64(word_0)) >> np.uint64(12)
    return (2.0 * np.float64(bits) + 1.0) * 2.0**-53


@njit(cache=True)
def unit_of_word(word):
    """Return a double inside (0, 1) from one word, symmetric, never 0 or 1."""
    return (np.float64(word) + 0.5) * 2.0**-32


def _logarithm_table() -> tuple[np.ndarray, np.ndarray]:
    # Decimal rounds correctly on every platform; libm differs in the last digit.
    context = Context(prec=40)
    centres = [1 + (Decimal(i) + Decimal("0.5")) / 256 for i in range(256)]
    logs = np.array([float(context.ln(c)) for c in centres])
    inverses = np.array([float(context.divide(1, c)) for c in centres])
    return logs, inverses


_LOG_OF_CENTRE, _INVERSE_CENTRE = _logarithm_table()
_LOG_2 = 0.6931471805599453


@njit(cache=True)
def exponential(word_0, word_1):
    """Return a standard exponential as an integer in units of 2^-40, at most 53 ln 2.

    -ln(u) by a table and a polynomial of plain additions and products, so that every processor
    gives the same bits (absolute error of the logarithm below 1e-15).
    """
    u = unit_float(word_0, word_1)
    bits = np.float64(u).view(np.int64)
    exponent = (bits >> 52) - 1023
    centre = (bits >> 44) & 0xFF
    mantissa = np.int64((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    r = mantissa * _INVERSE_CENTRE[centre] - 1.0
    log1p = r * (1.0 + r * (-0.5 + r * (1.0 / 3.0 + r * (-0.25 + r * 0.2))))
    value = -exponent * _LOG_2 - (_LOG_OF_CENTRE[centre] + log1p)
    return np.int64(max(value, 0.0) * 1099511627776.0)


@njit(cache=True)
def poisson(u, mean, p_none):
    """Return a Poisson number by inversion of one uniform; `p_none` is exp(-mean) from the tables.

    Monotone in `mean` for a given `u`: a higher inflow adds children and exchanges none.
    """
    count = 0
    term = p_none
    cumulative = term
    while u >= cumulative and term > 0.0:
        count += 1
        term = term * mean / count
        cumulative += term
    return count


@njit(cache=True, nogil=True)
def parameter_uniforms(seed, first, count, low, high):
    """Return (name, draw) uniforms inside (0, 1), keyed by two words of each name's hash."""
    uniforms = np.empty((low.size, count))
    for draw in range(count):
        run = run_key(seed, first + draw, 0)
        for name in range(low.size):
            words = philox(0, low[name], high[name], _PARAMETERS, run)
            uniforms[name, draw] = unit_float(words[0], words[1])
    return uniforms
