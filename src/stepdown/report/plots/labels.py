"""Labels on lines: each beside the end of its line, moved apart where two would meet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stepdown.report.plots.style import (
    FONT,
    INK,
    SIZE,
    axes_box,
    text_width,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EndLabel", "label_clear", "label_ends", "spread_apart"]

_LINE = 1.3  # height of a line of text, in sizes of the font
_GAP = 3.0  # least room between two labels [points]


@dataclass(frozen=True)
class EndLabel:
    """A text that belongs at a height of the vertical axis."""

    text: str
    y: float
    """In the axis's own numbers."""
    colour: str = INK
    bold: bool = False


def label_ends(axes: "Axes", labels: list[EndLabel], width: float, *, size: float = SIZE) -> None:
    """Write labels at the right edge of the axes, each at its height or as near as there is room.

    Parameters
    ----------
    axes
        Axes whose limits are final.
    labels
        In any order.
    width
        Room to the right of the axes [cm].
    size
        Of the text [points].
    """
    if not labels:
        return
    low, high = axes.get_ylim()
    _, tall = axes_box(axes)
    order = sorted(labels, key=lambda label: label.y)
    texts = [wrapped(label.text, width - 0.45, size, bold=label.bold) for label in order]
    heights = np.array([size * _LINE * (text.count("\n") + 1) for text in texts])
    wanted = (np.array([label.y for label in order]) - low) / (high - low) * tall
    placed = spread_apart(wanted, heights + _GAP, -0.1 * tall, 1.1 * tall)
    for label, text, want, at in zip(order, texts, wanted, placed, strict=True):
        axes.annotate(
            text, (1, want / tall), (11, at - want), xycoords="axes fraction",
            textcoords="offset points", va="center", fontsize=size, color=label.colour,
            fontweight="bold" if label.bold else "normal", fontfamily=FONT, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": label.colour, "lw": 0.6, "shrinkA": 1,
                        "shrinkB": 1, "relpos": (0, 0.5)}, gid="end-label", parse_math=False,
        )  # fmt: skip


def label_clear(
    axes: "Axes",
    text: str,
    at: tuple[float, float],
    lines: "list[tuple[np.ndarray, np.ndarray]]",
    colour: str,
) -> None:
    """Write a label above or below a point, as near as no line runs through it.

    Parameters
    ----------
    axes
        Axes whose limits are final.
    text
        Short: it stands on one line.
    at
        The point, in the axes' own numbers.
    lines
        The lines to keep clear of: across (rising) and up, in the axes' own numbers.
    colour
        Of the text and of the line to the point.
    """
    from matplotlib.patheffects import withStroke

    text = wrapped(text, 4.5)
    wide = max(text_width(line) for line in text.split("\n")) + 4
    high = SIZE * _LINE * (text.count("\n") + 1)
    (x0, x1), (y0, y1), (width, tall) = axes.get_xlim(), axes.get_ylim(), axes_box(axes)
    x, y = (at[0] - x0) / (x1 - x0) * width, (at[1] - y0) / (y1 - y0) * tall
    left = min(max(x - wide / 2, 0.0), width - wide)
    within = np.linspace(left, left + wide, 25)
    paths = [
        (np.interp(within / width * (x1 - x0) + x0, across, up) - y0) / (y1 - y0) * tall
        for across, up in lines
    ]
    tried = [sign * step for step in range(8, int(tall / 2), 3) for sign in (1, -1)]
    free = [up for up in tried if _is_free(y + up, high, paths, tall)]
    up = free[0] if free else 8.0
    axes.annotate(
        text, at, (left + wide / 2 - x, up), textcoords="offset points", ha="center", va="center",
        fontsize=SIZE, color=colour, fontfamily=FONT, annotation_clip=False, gid="line-label",
        parse_math=False,
        path_effects=[withStroke(linewidth=2.5, foreground="white")],
        arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.6, "shrinkA": 0, "shrinkB": 2},
    )  # fmt: skip


def _is_free(middle: float, high: float, paths: "list[np.ndarray]", tall: float) -> bool:
    """Tell whether a label at a height meets no line, and stays within the axes."""
    if not high / 2 <= middle <= tall - high / 2:
        return False
    # Lines beyond their last point are nan, and nothing is near nan.
    return not any(bool((np.abs(path - middle) < high / 2 + 2).any()) for path in paths)


def spread_apart(
    wanted: "np.ndarray", heights: "np.ndarray", low: float, high: float
) -> "np.ndarray":
    """Return middles as near to those wanted as can be without two things meeting.

    Parameters
    ----------
    wanted
        Middles, rising.
    heights
        Of the things, room between them included.
    low, high
        Where they may stand; too little room is shared out from below.

    Notes: with the heights below each taken off, the order is all that is asked: isotonic
    regression gives the least squares solution, and clipping it keeps it the least within bounds.
    """
    from scipy.optimize import isotonic_regression

    below = np.concatenate([[0.0], np.cumsum((heights[:-1] + heights[1:]) / 2)])
    # Bounds of the first middle, so that the last ends inside too.
    first, last = low + heights[0] / 2, high - heights[-1] / 2 - below[-1]
    free = isotonic_regression(wanted - below).x
    middles: np.ndarray = np.clip(free, first, max(first, last)) + below
    return middles
