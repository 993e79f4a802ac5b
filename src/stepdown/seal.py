"""A checksum at the end of a file, by which its bytes are known again.

It is one line of text after the file's own end. Readers of netCDF, HDF5 and zip know where their
data ends and pass over it, so other programs open a sealed file as any other.

Decision: docs/decisions/0026-stored-runs.md.
"""

import hashlib
from typing import Literal

__all__ = ["Sealed", "seal_of", "seal_state"]

Sealed = Literal["whole", "changed", "unsealed"]

_MARK = b"\nStepdown SHA-256 "
_LENGTH = len(_MARK) + 64 + 1


def seal_of(data: bytes | memoryview) -> bytes:
    """Return the line to write after the bytes of a file."""
    return _MARK + hashlib.sha256(data).hexdigest().encode() + b"\n"


def seal_state(data: bytes) -> Sealed:
    """Tell whether a file is as it was sealed, was changed since, or bears no seal."""
    seal = data[-_LENGTH:]
    if not seal.startswith(_MARK):
        return "unsealed"
    return "whole" if seal == seal_of(memoryview(data)[:-_LENGTH]) else "changed"
