"""Standard output and standard error that never end a run by themselves.

What a run made is on the disk before anything is printed, so a stream that fails costs the print
alone. Standard output that fails is told; standard error that fails has nobody to tell.

Decision: docs/decisions/0009-files-and-errors.md.
"""

import contextlib
import errno
import io
import json
import os
import sys
from typing import IO, Any

from stepdown.errors import RunError

__all__ = ["NotPrintedError", "complain", "prepare_streams", "say", "say_json", "silence_output"]

_BROKEN_PIPE = 128 + 13  # as a shell tells of a program that was ended by the signal


class NotPrintedError(RunError):
    """Standard output took no more.

    Parameters
    ----------
    error
        What the system said.
    """

    def __init__(self, error: OSError) -> None:
        self.is_unread = error.errno in (errno.EPIPE, errno.ESHUTDOWN)
        super().__init__(
            f"standard output cannot be written: {error.strerror or error}. What was to be written "
            "into files is there"
        )

    @property
    def code(self) -> int:
        """What the command line returns: a reader that has seen enough is no failure to tell."""
        return _BROKEN_PIPE if self.is_unread else self.exit_code


class _Output(io.TextIOWrapper):
    """Standard output; fails in a way of its own, so that no file's failure is taken for it."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise NotPrintedError(error) from None

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise NotPrintedError(error) from None


class _Errors(io.TextIOWrapper):
    """Standard error; drops what it cannot write."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()


def prepare_streams() -> None:
    """Make standard output and error such that no print ends in a traceback.

    A character that the terminal's encoding lacks becomes a question mark, on standard error an
    escape. A stream that is closed is one that nobody reads.
    """
    _occupy()
    for name, kind, unknown in (
        ("stdout", _Output, "replace"),
        ("stderr", _Errors, "backslashreplace"),
    ):
        stream = getattr(sys, name)
        if stream is None:
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until the end
        elif stream is getattr(sys, f"__{name}__") and type(stream) is io.TextIOWrapper:
            stream = _wrapped(stream, kind, unknown)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def say(text: str) -> None:
    """Print a text to standard output."""
    sys.stdout.write(f"{text}\n")


def say_json(document: Any) -> None:
    """Print a document as JSON; where the encoding lacks letters, as escapes, which mean the same.

    Raises
    ------
    NotPrintedError
        Standard output took no more.
    """
    is_unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    say(json.dumps(document, ensure_ascii=not is_unicode, indent=2))


def complain(text: str) -> None:
    """Print a text to standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def silence_output() -> None:
    """Let what is still to be flushed go nowhere, so that Python says nothing of it at its end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.close(null)


def _occupy() -> None:
    """Open closed streams on nothing: else the next file would be opened as standard output."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _wrapped(stream: io.TextIOWrapper, kind: type[io.TextIOWrapper], unknown: str) -> IO[str]:
    """Return a stream of a kind on the bytes of another, which is of no more use."""
    encoding, by_line = stream.encoding, stream.line_buffering
    return kind(stream.detach(), encoding=encoding, errors=unknown, line_buffering=by_line)
