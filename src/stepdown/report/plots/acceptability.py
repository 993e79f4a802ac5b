"""The acceptability curve: how probable it is that each strategy is the best choice."""

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
from stepdown.report.plots.labels import EndLabel, label_ends
from stepdown.report.plots.style import (
    COLOURS,
    DASHES,
    FONT,
    INK,
    SIZE,
    money_unit,
    number_axis,
    strategy_label,
    wrapped,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_acceptability"]

_LABEL_ROOM = 4.4  # to the right of the axes [cm]
_MOST = len(COLOURS)  # curves that can be told apart


def plot_acceptability(
    data: xr.Dataset,
    *,
    labels: Mapping[str, str] | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the probability that each strategy is the best, over the worth of a month or the budget.

    Parameters
    ----------
    data
        What `acceptability` or `acceptability_by_budget` gives: `probability` (worth or budget,
        strategy) and `frontier`, the strategy with the highest mean.
    labels
        What people call the strategies, by name; else their labels in `data`, else their names.
    lang, ax
        As of `plot_fan`.

    Returns
    -------
        A line for each strategy, at most six: those most probable anywhere, and all that are ever
        on the frontier. The frontier is drawn thick, and marked where it begins on a line.
    """
    axis = "budget" if "budget" in data.dims else "worth"
    unit = money_unit(data[axis].values, None, lang)
    divisor = unit.divisor if axis == "budget" else 1e3
    across = data[axis].values / divisor
    above = f"{say('p_best', lang)}. {say('frontier_is_thick', lang)}"
    room = Margins(right=_LABEL_ROOM, top=label_room(above), bottom=1.6)
    axes = new_axes(5.8, room) if ax is None else ax
    framed(axes)
    chosen = _most_probable(data)
    ends = []
    for place, name in enumerate(chosen):
        chance = data.probability.sel(strategy=name).values
        colour, dashes = COLOURS[place], DASHES[place]
        axes.plot(across, chance, color=colour, ls=dashes, lw=1.5, gid=name)
        on = data.frontier.values == name
        if on.any():
            axes.plot(across, np.where(on, chance, np.nan), color=colour, lw=3.6, ls="-",
                      solid_capstyle="round", alpha=0.85, gid=f"frontier-{name}")  # fmt: skip
        label = (labels or {}).get(name) or strategy_label(data, name, lang)
        ends.append(EndLabel(label, float(chance[-1]), colour, bool(on.any())))
    axes.set_xlim(across[0], across[-1])
    highest = float(data.probability.max())
    axes.set_ylim(0, min(np.ceil(10 * highest + 0.5) / 10, 1.0))
    number_axis(axes.yaxis, lang, n_ticks=5, percent=True)
    number_axis(axes.xaxis, lang)
    text = say(axis, lang).format(unit.text)
    axes.set_xlabel(wrapped(text, 11), fontsize=SIZE, fontfamily=FONT, color=INK)
    label_ends(axes, ends, _LABEL_ROOM)
    top_label(axes, above)
    return axes


def _most_probable(data: xr.Dataset) -> list[str]:
    """Return the strategies to draw, in the order of the data: the frontier's, then the likely."""
    names = [str(name) for name in data.strategy.values]
    first = list(dict.fromkeys(str(name) for name in data.frontier.values))
    along = [dim for dim in data.probability.dims if dim != "strategy"]
    peaks = data.probability.max(along)
    others = sorted(names, key=lambda name: -float(peaks.sel(strategy=name)))
    chosen = list(dict.fromkeys([*first, *others]))[:_MOST]
    return [name for name in names if name in chosen]
