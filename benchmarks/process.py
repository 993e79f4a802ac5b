"""Commands in processes of their own, with their time and peak memory. Needs Linux or macOS.

Whoever starts them stays small (no numpy): a child's peak memory never counts less than its
parent has.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

__all__ = ["Finished", "answer", "peak_mib", "python", "stepdown"]

_BYTES = 1 if sys.platform == "darwin" else 1024  # the unit of a peak


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    seconds: float
    processor: float
    """Processor time [s], of all threads; other work on the machine adds little to it."""
    peak_mib: float
    said: str


def python(*arguments: object, cache: str | None = None) -> Finished:
    """Run Python with arguments to its end; `cache` is an empty folder for compiled code."""
    environment = dict(os.environ)
    if cache is not None:
        for name in ("NUMBA_CACHE_DIR", "MPLCONFIGDIR"):
            environment.pop(name, None)
        environment["XDG_CACHE_HOME"] = cache
    words = [sys.executable, *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(words, stdout=out, stderr=err, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(words[1:])} failed:\n{err.read()}")
        processor = used.ru_utime + used.ru_stime
        return Finished(seconds, processor, used.ru_maxrss * _BYTES / 2**20, out.read())


def stepdown(*arguments: object, cache: str | None = None) -> Finished:
    """Run the command `stepdown`."""
    return python("-m", "stepdown", *arguments, cache=cache)


def answer(script: str, *arguments: object, cache: str | None = None) -> Any:
    """Run a job of a script, `SCRIPT --job ARGUMENTS`, and return the JSON that it writes."""
    return json.loads(python(script, "--job", *arguments, cache=cache).said)


def peak_mib() -> float:
    """Return the peak memory of this process so far [MiB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES / 2**20
