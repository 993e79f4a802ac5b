"""Compiling beforehand, the independent parts side by side in processes of their own.

numba compiles under one lock, so only processes share the work. Each compiles a part into a folder
of its own, and the folders are merged when all are done: numba's indices are not made for two
writers. Where a process cannot start, or fails, its part is compiled in this one.

Decision: docs/decisions/0022-start-up.md.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stepdown.endings import undone
from stepdown.kernel.cache import (
    cache_folder,
    forget_old_caches,
    is_whole,
    mark_whole,
    merge_caches,
)
from stepdown.writing import aside

__all__ = ["PARTS", "Warmth", "cold_parts", "warm"]

_WAIT_SECONDS = 0.02

PARTS = {
    "inflow": "hoersholm",
    "growth": "faxe",
    "apart": "hoersholm",
    "together": "hoersholm-scarce-families",
}
"""What is compiled, and the shipped scenario that leads through it: the derived inflow, constant
and growing; the walk child by child, and month by month."""


@dataclass(frozen=True)
class Warmth:
    """What was compiled beforehand, and where it is."""

    parts: tuple[str, ...]
    """Compiled now; none if all were."""
    seconds: float
    n_bytes: int
    """Of the whole folder."""
    folder: Path


def cold_parts(wanted: Iterable[str]) -> list[str]:
    """Return the parts that are not compiled yet for this version."""
    return [part for part in wanted if not is_whole(part)]


def warm(wanted: Iterable[str]) -> Warmth:
    """Compile the parts that are cold, as many at a time as there are processors."""
    begun = time.monotonic()
    cold = cold_parts(wanted)
    if cold:
        with aside(cache_folder().parent, "making") as made:
            done = _run(cold, made)
            for part in done:
                merge_caches(made / part / cache_folder().name)
        for part in set(cold).difference(done):
            from stepdown.compiling import compile_part

            compile_part(part, PARTS[part])
        mark_whole(cold)
        forget_old_caches()
    size = sum(file.stat().st_size for file in cache_folder().rglob("*") if file.is_file())
    return Warmth(tuple(cold), time.monotonic() - begun, size, cache_folder())


def _run(cold: list[str], made: Path) -> list[str]:
    """Compile parts in processes; return those that were compiled."""
    waiting, running, done = list(cold), dict[str, subprocess.Popen[bytes]](), []
    with undone(lambda: _kill(running)):
        try:
            while waiting or running:
                while waiting and len(running) < (os.cpu_count() or 1):
                    part = waiting.pop(0)
                    process = _start(part, made / part)
                    if process is not None:
                        running[part] = process
                for part, process in list(running.items()):
                    if process.poll() is not None:
                        _release(running.pop(part))
                        done += [part] if process.returncode == 0 else []
                time.sleep(_WAIT_SECONDS)
        finally:
            _kill(running)
    return done


def _kill(running: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """End processes and wait for their end, by the system alone: a signal may come in a `poll`."""
    for process in running.values():
        process.kill()
        _release(process)
        if os.name != "nt":
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process.pid, 0)


def _release(process: "subprocess.Popen[bytes]") -> None:
    """Close the pipe that tells a process that this one lives."""
    assert process.stdin is not None, "own invariant: every process is started with a pipe"
    process.stdin.close()


def _start(part: str, folder: Path) -> "subprocess.Popen[bytes] | None":
    """Start a process that compiles a part into a folder; None where none can be started."""
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "NUMBA_CACHE_DIR": str(folder),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    null = subprocess.DEVNULL
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "stepdown.compiling", part, PARTS[part]],
            env=environment, stdin=subprocess.PIPE, stdout=null, stderr=null,
        )  # fmt: skip
    except OSError:
        return None
