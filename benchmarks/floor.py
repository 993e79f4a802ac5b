"""The floor under every speed: how long the generator alone takes, ns a call.

A call gives four random words by Philox and turns two of them into an exponential: what one
candidate of a walk needs. The chain makes each call wait for the one before it, which is the
generator's latency; the blocks of eight are how the walk makes them, side by side.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from stepdown.kernel.randomness import Stream, exponential, philox, run_key

__all__ = ["FLOORS", "N_CALLS"]

N_CALLS = 1 << 18
_AHEAD = np.zeros((3, 8, 8), np.int64)  # what a candidate needs, block, lane
_KEY = run_key(1, 0, 0)
_MOVES = np.uint64(Stream.MOVES)


@njit
def _chain(count, key):
    number = np.uint64(0)
    for _ in range(count):
        words = philox(number, np.uint64(1), np.uint64(2), _MOVES, key)
        number = words[3] ^ np.uint64(exponential(words[0], words[1]))
    return number


@njit
def _blocks(key, ahead, times):
    for _ in range(times):
        for block in range(ahead.shape[1]):
            _block(key, 8 * block, ahead, block)


@njit
def _block(key, number, ahead, block):
    """Make eight candidates in the form of the walk, which compiles to vector instructions."""
    for lane in range(ahead.shape[2]):
        words = philox(number + lane, np.uint64(1), np.uint64(2), _MOVES, key)
        ahead[0, block, lane] = exponential(words[0], words[1])
        ahead[1, block, lane] = words[2]
        ahead[2, block, lane] = words[3]


FLOORS: dict[str, Callable[[], object]] = {
    "chain": lambda: _chain(N_CALLS, _KEY),
    "blocks of eight": lambda: _blocks(_KEY, _AHEAD, N_CALLS // _AHEAD[0].size),
}
"""Each makes `N_CALLS` calls."""
