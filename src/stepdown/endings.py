"""What is undone when a signal ends the program.

It is undone where the signal is heeded, and then the program ends. An exception raised there would
be lost when the signal comes while Python clears up an object, and the program would go on.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

__all__ = ["heed_signals", "held", "tell", "undone"]

_SHOW_CURSOR = b"\x1b[?25h"
_undo: list[Callable[[], object]] = []
_holds: list[None] = []
_waiting: list[int] = []


def heed_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP end the program with 128 and their number, nothing left.

    One that is ignored, as under nohup, stays so.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (
            signal.SIG_DFL,
            signal.default_int_handler,
        ):
            signal.signal(number, _heed)


@contextlib.contextmanager
def undone(action: Callable[[], object]) -> Iterator[None]:
    """Have an action done if a signal ends the program meanwhile; the last one first."""
    _undo.append(action)
    try:
        yield
    finally:
        _undo.remove(action)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Let a signal wait until what is done here is done as a whole."""
    _holds.append(None)
    try:
        yield
    finally:
        _holds.pop()
        if _waiting and not _holds:
            _end(_waiting[0])


def tell(text: str) -> None:
    """Write a line to standard error by the system alone: a signal may come within a print."""
    with contextlib.suppress(OSError):
        os.write(2, f"{text}\n".encode(getattr(sys.stderr, "encoding", None) or "utf-8", "replace"))


def _heed(number: int, frame: FrameType | None) -> None:
    if _holds:
        _waiting.append(number)
    else:
        _end(number)


def _end(number: int) -> None:
    """Undo and leave at once: threads may be compiling, which cannot be stopped."""
    signal.signal(number, signal.SIG_IGN)
    for action in reversed(_undo):
        with contextlib.suppress(Exception):
            action()
    with contextlib.suppress(OSError):
        if os.isatty(2):
            os.write(2, _SHOW_CURSOR)
    why = "interrupted" if number == signal.SIGINT else "terminated"
    tell(f"{why}; no file was written in part")
    os._exit(128 + number)
