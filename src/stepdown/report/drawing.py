"""A figure beside other files: one that cannot be drawn is a note, and no reason to stop.

matplotlib may be missing, too old, or fail on a font; what was computed is worth more.
"""

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from stepdown.errors import shown
from stepdown.extras import lack
from stepdown.streams import complain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["drawn"]


def drawn(name: str, draw: "Callable[[], Figure]") -> bytes | None:
    """Draw a figure as PNG; None, with a note on standard error, where that fails.

    Parameters
    ----------
    name
        Of the file, for the note.
    draw
        Makes the figure; it imports what it needs.
    """
    note = lack(f"{shown(name)} was not drawn: it", "report", "matplotlib")
    if note is not None:
        complain(note)
        return None
    picture = io.BytesIO()
    try:
        draw().savefig(picture, format="png", dpi=150)
    except Exception as error:
        complain(f"{shown(name)} was not drawn: {type(error).__name__}: {shown(str(error))}")
        return None
    return picture.getvalue()
