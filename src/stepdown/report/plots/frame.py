"""Axes made for a report's column, with room for their labels known before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stepdown.extras import require
from stepdown.report.plots.style import (
    FONT,
    GRID,
    INK,
    MUTED,
    POINTS_PER_CM,
    SIZE,
    WIDTH,
    axes_box,
    figure_of,
    font,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "Margins",
    "figure_title",
    "framed",
    "label_room",
    "legend_below",
    "mark_zero",
    "new_axes",
    "panel_title",
    "panels",
    "title_room",
    "top_label",
]

_CM_PER_INCH = 2.54


@dataclass(frozen=True)
class Margins:
    """Room around the axes of a figure [cm]."""

    left: float = 1.5
    right: float = 0.4
    bottom: float = 0.9
    top: float = 0.9


def new_axes(height: float, margins: Margins | None = None) -> "Axes":
    """Return empty axes in a figure of their own, with set margins.

    Parameters
    ----------
    height
        Of the axes [cm].
    margins
        Room for labels; they are known before drawing, so nothing is laid out twice.
    """
    require("a figure", "report", "matplotlib")
    from matplotlib.figure import Figure

    room = margins or Margins()
    tall = height + room.bottom + room.top
    figure = Figure(figsize=(WIDTH / _CM_PER_INCH, tall / _CM_PER_INCH))
    width = 1 - (room.left + room.right) / WIDTH
    return figure.add_axes((room.left / WIDTH, room.bottom / tall, width, height / tall))


def panels(
    n: int,
    height: float,
    *,
    columns: int = 3,
    head: float = 0.0,
    foot: float = 0.0,
    shared: bool = True,
) -> "list[Axes]":
    """Return axes for `n` panels in one figure, three to a row unless told otherwise.

    Parameters
    ----------
    n
        How many.
    height
        Of a row, its panels' titles and years included [cm].
    columns
        At most so many beside each other.
    head, foot
        Room above all of them for a title, and below them for a legend [cm].
    shared
        One vertical scale for all, numbered at the left; else each has its own.
    """
    require("a figure", "report", "matplotlib")
    from matplotlib.figure import Figure

    columns = min(n, columns)
    rows = -(-n // columns)
    tall = head + rows * height + foot
    figure = Figure(figsize=(WIDTH / _CM_PER_INCH, tall / _CM_PER_INCH))
    left, gap = 1.3, 0.5 if shared else 1.2
    width = (WIDTH - left - 0.3 - gap * (columns - 1)) / columns
    made: list[Any] = []
    for at in range(n):
        row, column = divmod(at, columns)
        bottom = foot + (rows - 1 - row) * height + 0.7
        box = (left + column * (width + gap), bottom, width, height - 1.7)
        share = (box[0] / WIDTH, box[1] / tall, box[2] / WIDTH, box[3] / tall)
        made.append(figure.add_axes(share, sharey=made[0] if made and shared else None))
        if column and shared:
            made[-1].tick_params(labelleft=False)
    return made


def title_room(title: str) -> float:
    """Return the height that `figure_title` takes for a title [cm]."""
    lines = wrapped(title, WIDTH - 0.6, SIZE + 2, bold=True).count("\n") + 1
    return float((8 + (SIZE + 2) * 1.25 * lines) / POINTS_PER_CM)


def figure_title(axes: "Axes", title: str, below: str = "") -> None:
    """Write the title of the axes' figure, and what all its axes hold, at the top left."""
    figure = figure_of(axes)
    tall = figure.get_figheight() * 72
    heading = wrapped(title, WIDTH - 0.6, SIZE + 2, bold=True)
    words: Any = {"ha": "left", "va": "top", "fontfamily": FONT, "color": INK,
                  "parse_math": False}  # fmt: skip
    figure.text(0.012, 1 - 5 / tall, heading, fontsize=SIZE + 2, fontweight="bold", **words)
    down = title_room(title) * POINTS_PER_CM + 1
    figure.text(0.012, 1 - down / tall, wrapped(below, WIDTH - 0.6), fontsize=SIZE, **words)


def framed(axes: "Axes") -> "Axes":
    """Dress axes: thin frame at the left and below, faint lines across, small text."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(color=MUTED, linewidth=0.6)
    axes.tick_params(labelsize=SIZE, labelcolor=INK, color=MUTED, width=0.6, length=3)
    axes.tick_params(labelfontfamily=FONT)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    return axes


def mark_zero(axes: "Axes", direction: str = "across") -> None:
    """Draw the line at 0, where a gain begins."""
    line = axes.axhline if direction == "across" else axes.axvline
    line(0, color=INK, lw=0.9, zorder=2.5, gid="zero")


def top_label(
    axes: "Axes", text: str, *, above: str = "", clear: float = 0.0, left: float = 1.3
) -> None:
    """Write what the vertical axis holds above it, where it is read first; a bold title over it.

    The text is the axis's own label, so that whoever asks the axes for it gets it. `clear` is room
    for what stands right above the axes [points], `left` how far left of them the text may begin
    [cm].
    """
    width, height = axes_box(axes)
    room = axes.get_position().x0 * figure_of(axes).get_figwidth() * 72
    begin = float(min(max(room - 4, 0), left * POINTS_PER_CM))
    # The text may run on above the labels at the right.
    across = figure_of(axes).get_figwidth() * 72 - room + begin - 12
    lines = wrapped(text, across / POINTS_PER_CM)
    axes.set_ylabel(lines, rotation=0, ha="left", va="bottom", fontsize=SIZE, color=INK,
                    parse_math=False)  # fmt: skip
    axes.yaxis.label.set_fontfamily(FONT)
    axes.yaxis.set_label_coords(-begin / width, 1 + (5 + clear) / height)
    if above:
        _panel_title(axes, above, -begin, clear + 9 + SIZE * 1.25 * (lines.count("\n") + 1))


def label_room(text: str, above: str = "", clear: float = 0.0) -> float:
    """Return the height that `top_label` takes in a figure of its own [cm]."""
    lines = wrapped(text, WIDTH - 0.6).count("\n") + 1 + (1.3 if above else 0)
    return float((lines * SIZE * 1.25 + clear + 12) / POINTS_PER_CM)


def panel_title(axes: "Axes", text: str) -> None:
    """Write the bold title of a panel above it."""
    _panel_title(axes, text, 0.0, 5.0)


def _panel_title(axes: "Axes", text: str, right: float, up: float) -> None:
    width, _ = axes_box(axes)
    heading = wrapped(text, (width - right) / POINTS_PER_CM, SIZE, bold=True)
    axes.annotate(heading, (0, 1), (right, up), xycoords="axes fraction", va="bottom",
                  textcoords="offset points", fontsize=SIZE, fontweight="bold", color=INK,
                  fontfamily=FONT, annotation_clip=False, gid="panel-title",
                  parse_math=False)  # fmt: skip


def legend_below(axes: "Sequence[Axes]", columns: int) -> None:
    """Explain once, at the foot, what all panels have in common."""
    handles: dict[str, Any] = {}
    for one in axes:
        for handle, name in zip(*one.get_legend_handles_labels(), strict=True):
            handles.setdefault(wrapped(name, WIDTH / columns - 1.4), handle)
    figure_of(axes[0]).legend(
        list(handles.values()), list(handles), loc="lower left", ncols=columns, frameon=False,
        bbox_to_anchor=(0.0, 0.0), borderaxespad=0.3, prop=font(SIZE, False), labelcolor=INK,
        handlelength=2.4,
    )  # fmt: skip
