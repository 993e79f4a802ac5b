"""How the kernel's functions are compiled: three decorators, each with its reason.

Compiled code is kept from run to run. Its cost at first use is what these choices save: helpers
without the wrappers that only a call from Python needs take a quarter less time to compile.
"""

from collections.abc import Callable
from typing import Any

from numba import njit

__all__ = ["entry", "inlined", "inner"]

Decorator = Callable[[Callable[..., Any]], Any]

entry: Decorator = njit(cache=True, nogil=True, _nrt=False, no_cfunc_wrapper=True)
"""Called from Python. Lets other threads run meanwhile."""

inner: Decorator = njit(cache=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Called from compiled code only: from Python it has no entry, and a call ends the process.

Makes and keeps no arrays, so it counts no references to any: counting took half of a walk's time.
"""

inlined: Decorator = njit(
    cache=True, forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""The same, and copied into its callers: what is called for every candidate. Handing over the
tables took a tenth of a walk."""
