"""The waterfall: from the saving on measures to the net saving, item by item."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from stepdown.analysis.payers import of_payer, own_payer
from stepdown.report.plots.frame import (
    Margins,
    framed,
    label_room,
    mark_zero,
    new_axes,
    top_label,
)
from stepdown.report.plots.style import (
    FONT,
    GAIN,
    GRID,
    INK,
    LOSS,
    SIZE,
    axes_box,
    money_unit,
    number_axis,
    only_strategy,
    strategy_label,
    text_width,
    wrapped,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_waterfall", "waterfall_values"]

_NAMES = 5.2  # room for the names of the items [cm]
_ROW = 0.85  # height of an item [cm]
_TOTALS = ("gross_saving", "net_saving")
_NET = "#3c3c3c"


def waterfall_values(
    data: xr.Dataset, strategy: str, payer: str | None = None, year: int | None = None
) -> xr.DataArray:
    """Return what `plot_waterfall` draws, (item) [DKK]: items that are 0 are left out.

    `data` is as of `plot_waterfall`; the gross saving and the net saving always stay. Without a
    year, present values.
    """
    amounts = data.present_value if year is None else data.value.sel(year=year)
    own = of_payer(amounts.sel(strategy=strategy, drop=True), payer)
    kept = [str(i) in _TOTALS or bool(abs(own.sel(item=i)) > 0.5) for i in own["item"].values]
    found: xr.DataArray = own.isel(item=np.flatnonzero(kept))
    return found


def plot_waterfall(
    data: xr.Dataset,
    *,
    strategy: str | None = None,
    payer: str | None = None,
    year: int | None = None,
    price_level: int | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how the saving on measures becomes a payer's net saving.

    Parameters
    ----------
    data
        What `saving_by_payer` gives: `present_value` (strategy, item, payer) and `value` (the same
        by year) [DKK], each item as it adds to the net saving (spending is negative), the first
        `gross_saving`, the last `net_saving`.
    strategy, lang, ax
        As of `plot_fan`.
    payer
        A payer with its committees, or "all": all public purses; else whose money it is.
    year
        A budget year; else present values over all of them.
    price_level
        To be named on the axis.

    Returns
    -------
        Rows from the top: each bar begins where the one above it ended, and the last is what is
        left. What is drawn: `waterfall_values`.
    """
    name = only_strategy(data, strategy)
    values = waterfall_values(data, name, payer, year)
    items, amounts = [str(i) for i in values["item"].values], values.values
    starts = _starts(items, amounts)
    unit = money_unit(np.stack([starts, starts + amounts]), price_level, lang)
    heading = strategy_label(data, name, lang) if data.sizes["strategy"] > 1 else ""
    when = say("present_value", lang) if year is None else str(year)
    text = f"{_payer_label(data, payer, lang)}: {when}, {unit.text}"
    room = Margins(_NAMES, 0.5, 0.9, label_room(text, heading))
    axes = new_axes(_ROW * len(items), room) if ax is None else ax
    framed(axes)
    rows = np.arange(len(items))
    colours = [_NET if i == "net_saving" else GAIN if v >= 0 else LOSS
               for i, v in zip(items, amounts, strict=True)]  # fmt: skip
    start, long = starts / unit.divisor, amounts / unit.divisor
    axes.barh(rows, long, 0.62, start, color=colours, zorder=2, gid="bars")
    for row in rows[:-1]:
        axes.plot([start[row] + long[row]] * 2, [row - 0.31, row + 1.31], color="#8a8a8a", lw=0.8,
                  zorder=1)  # fmt: skip
    names = [wrapped(say(i, lang), _NAMES - 0.4) for i in items]
    axes.set_yticks(rows, names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(items) - 0.5, -0.5)
    _number_bars(axes, start, long, lang)
    mark_zero(axes, "down")
    number_axis(axes.xaxis, lang)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    top_label(axes, text, above=heading, left=_NAMES)
    return axes


def _starts(items: list[str], amounts: "np.ndarray") -> "np.ndarray":
    """Return where each bar begins: at the sum of those above it, and the net at 0."""
    before = np.concatenate([[0.0], np.cumsum(amounts)[:-1]])
    return np.where([item == "net_saving" for item in items], 0.0, before)


def _number_bars(axes: "Axes", start: "np.ndarray", long: "np.ndarray", lang: Language) -> None:
    """Write each amount beyond the end of its bar, in room made for it at both edges."""
    texts = [number(float(v), lang, 1 if abs(long).max() < 100 else 0) for v in long]
    width, _ = axes_box(axes)
    widest = max(text_width(text) for text in texts) + 10
    ends = np.concatenate([start, start + long, [0.0]])
    low, high = float(ends.min()), float(ends.max())
    scale = (high - low or 1.0) / max(width - 2 * widest, 30)
    axes.set_xlim(low - widest * scale, high + widest * scale)
    for row, (at, by, text) in enumerate(zip(start, long, texts, strict=True)):
        side = 1 if by >= 0 else -1
        axes.annotate(text, (at + by, row), (4 * side, 0), textcoords="offset points",
                      ha="left" if side > 0 else "right", va="center", fontsize=SIZE, color=INK,
                      fontfamily=FONT, gid="amount")  # fmt: skip


def _payer_label(data: xr.Dataset, payer: str | None, lang: Language) -> str:
    payer = own_payer(data) if payer is None else payer
    if payer == "all":
        return say("all_payers", lang)
    key = f"payer_{lang}"
    return str(data[key].sel(payer=payer).item()) if key in data.coords else say(payer, lang)
