"""The tornado: which assumptions move the result most."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from stepdown.report.plots.frame import (
    Margins,
    framed,
    label_room,
    new_axes,
    top_label,
)
from stepdown.report.plots.style import (
    FONT,
    GRID,
    INK,
    POINTS_PER_CM,
    SIZE,
    axes_box,
    money_unit,
    number_axis,
    text_width,
    wrapped,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_tornado"]

_NAMES = 6.4  # room for the names of the assumptions [cm]
_LOW, _HIGH = "#e0a84a", "#0b5f9e"


def plot_tornado(
    data: xr.Dataset,
    *,
    labels: Mapping[str, str] | None = None,
    most: int = 10,
    what: str | None = None,
    price_level: int | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw what the result is when each assumption is low and when it is high.

    Parameters
    ----------
    data
        What `tornado` gives: `low`, `high` [DKK] by parameter, the widest first, with
        `parameter_low` and `parameter_high`; and `middle`.
    labels
        What people call the parameters, by name; the name itself where there is none.
    most
        How many to draw, from the widest.
    what
        What the horizontal axis holds; the present value of the net saving unless told otherwise.
    price_level
        To be named on the axis.
    lang, ax
        As of `plot_fan`.

    Returns
    -------
        A row for each assumption, its 10 % and 90 % values under its name; from the mean over all
        futures a bar to the result with the low value, and one to that with the high value.
    """
    shown = data.isel(parameter=slice(most))
    ends = np.stack([shown.low.values, shown.high.values])
    unit = money_unit(np.append(ends, shown.middle), price_level, lang)
    ends = ends / unit.divisor
    rows = np.arange(shown.sizes["parameter"])
    names = [_named(shown.isel(parameter=row), labels or {}, lang) for row in rows]
    row_height = max(name.count("\n") + 1 for name in names) * SIZE * 1.25 / 72 * 2.54 + 0.25
    text = f"{what or say('present_value_of_net', lang)}, {unit.text}"
    room = Margins(_NAMES, 0.5, 1.6, label_room(text))
    axes = new_axes(row_height * rows.size, room) if ax is None else ax
    framed(axes)
    middle = float(shown.middle) / unit.divisor
    for end, colour, key in zip(ends, (_LOW, _HIGH), ("low", "high"), strict=True):
        axes.barh(rows, end - middle, 0.6, middle, color=colour, edgecolor=INK, lw=0.4,
                  label=say(f"parameter_{key}", lang), gid=key)  # fmt: skip
    axes.axvline(middle, color=INK, lw=0.9, gid="middle")
    axes.set_yticks(rows, names, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(rows.size - 0.5, -0.5)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    _number_ends(axes, ends, lang)
    number_axis(axes.xaxis, lang)
    _legend(axes)
    top_label(axes, text, left=_NAMES)
    return axes


def _number_ends(axes: "Axes", ends: "np.ndarray", lang: Language) -> None:
    """Write both ends of every bar beyond it."""
    places = 1 if np.abs(ends).max() < 100 else 0
    width, _ = axes_box(axes)
    widest = max(text_width(number(float(v), lang, places)) for v in ends.ravel()) + 10
    low, high = float(ends.min()), float(ends.max())
    scale = (high - low or 1.0) / max(width - 2 * widest, 30)
    axes.set_xlim(low - widest * scale, high + widest * scale)
    for row, pair in enumerate(ends.T):
        for value, side in ((pair.min(), -1), (pair.max(), 1)):
            axes.annotate(
                number(float(value), lang, places), (value, row), (4 * side, 0), va="center",
                textcoords="offset points", ha="left" if side > 0 else "right", fontsize=SIZE,
                color=INK, fontfamily=FONT, gid="amount",
            )  # fmt: skip


def _named(one: xr.Dataset, labels: Mapping[str, str], lang: Language) -> str:
    """Return the name of an assumption over its low and high value."""
    name = str(one.parameter.item())
    heading = wrapped(labels.get(name, name.replace(".", " ").replace("_", " ")), _NAMES - 0.4)
    ends = [float(one[f"parameter_{end}"]) for end in ("low", "high")]
    largest = max(abs(end) for end in ends)
    # Three figures of the larger; the smaller has as many decimals.
    places = int(np.clip(2 - np.floor(np.log10(largest)), 0, 6)) if largest > 0 else 0
    low, high = (number(end, lang, places) for end in ends)
    return f"{heading}\n{say('from_to', lang).format(low, high)}"


def _legend(axes: "Axes") -> None:
    width, height = axes_box(axes)
    corner = ((4 - _NAMES * POINTS_PER_CM) / width, -20 / height)
    axes.legend(loc="upper left", bbox_to_anchor=corner, ncols=2, frameon=False,
                borderaxespad=0, prop={"family": FONT, "size": SIZE}, labelcolor=INK,
                handlelength=1.2, columnspacing=1.4)  # fmt: skip
