"""Each budget year by itself: the spread of its net saving, and how much of it is luck."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from stepdown.report.plots.fan import net_values, published_label
from stepdown.report.plots.frame import (
    Margins,
    framed,
    label_room,
    mark_zero,
    new_axes,
    top_label,
)
from stepdown.report.plots.labels import EndLabel, label_ends
from stepdown.report.plots.style import (
    BAND_50,
    BAND_80,
    FONT,
    INK,
    MEDIAN,
    PUBLISHED,
    SIZE,
    money_unit,
    number_axis,
    only_strategy,
    strategy_label,
    value_limits,
    year_ticks,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language, number, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_luck", "plot_saving_by_year"]

_LABEL_ROOM = 3.7  # to the right of the axes [cm]
_NUMBERS = SIZE * 1.3  # room for the figures above bars [points]
_LUCK, _KNOWLEDGE = "#e0a84a", "#0b5f9e"


def plot_saving_by_year(
    data: xr.Dataset,
    *,
    strategy: str | None = None,
    payer: str | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the spread of each budget year's net saving, with the chance of a gain under the year.

    Parameters
    ----------
    data
        A result of `simulate`.
    strategy, payer, lang, ax
        As of `plot_fan`.

    Returns
    -------
        Bars hold 8 and 5 of 10 futures, a line the median; a mark is the published net of the
        year. What is drawn: `net_values`.
    """
    name = only_strategy(data, strategy)
    values = net_values(data, name, payer)
    unit = money_unit(
        values[["value", "published"]].to_array(), int(data.attrs["price_level"]), lang
    )
    heading = strategy_label(data, name, lang) if data.sizes["strategy"] > 2 else ""
    text = f"{say('net_by_year', lang)}, {unit.text}"
    room = Margins(right=_LABEL_ROOM, top=label_room(text, heading), bottom=1.7)
    axes = new_axes(5.8, room) if ax is None else ax
    framed(axes)
    at = np.arange(values.sizes["year"])
    bands, published = values.value.values / unit.divisor, values.published.values / unit.divisor
    axes.bar(at, bands[4] - bands[0], 0.62, bands[0], color=BAND_80, gid="fan_80")
    axes.bar(at, bands[3] - bands[1], 0.62, bands[1], color=BAND_50, gid="fan_50")
    axes.hlines(bands[2], at - 0.31, at + 0.31, color=MEDIAN, lw=2, gid="median")
    mark_zero(axes)
    known = np.isfinite(published)
    if known.any():
        axes.plot(at[known], published[known], "D", ms=5, mfc="white", mec=PUBLISHED, mew=1.6,
                  gid="published", zorder=3)  # fmt: skip
    axes.set_xlim(-0.5, at[-1] + 0.5)
    value_limits(axes, np.concatenate([bands.ravel(), published]))
    number_axis(axes.yaxis, lang)
    chances = [percent(float(p), lang) for p in values.p_gain]
    year_ticks(axes, values.year.values, at, below=chances)
    axes.set_xlabel(say("chance_below", lang), fontsize=SIZE, fontfamily=FONT, color=INK)
    label_ends(
        axes,
        _end_labels(bands, published, published_label(values, "published", lang), lang),
        _LABEL_ROOM,
    )
    top_label(axes, text, above=heading)
    return axes


def plot_luck(
    data: xr.Dataset,
    *,
    strategy: str | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how much of each year's spread is chance and how much is uncertain assumptions.

    Parameters
    ----------
    data
        What `luck_share` gives for net savings by year, (strategy, year).
    strategy, lang, ax
        As of `plot_fan`.

    Returns
    -------
        Bars share out the variance, whiskers are the 95 % interval of the share of chance, the
        figure above is the standard deviation. Where the share is estimated above 1, the bar is
        full and the whisker ends at the edge; a year without any spread has no bar.
    """
    name = only_strategy(data, strategy)
    values = data.sel(strategy=name)
    spread = np.sqrt((values.luck + values.knowledge).values.clip(min=0))
    unit = money_unit(spread, None, lang)
    heading = strategy_label(data, name, lang) if data.sizes["strategy"] > 1 else ""
    above = say("spread_above", lang).format(unit.text)
    text = f"{say('variance_share', lang)} ({say('luck_interval', lang)}). {above}"
    room = Margins(right=_LABEL_ROOM, top=label_room(text, heading, _NUMBERS))
    axes = new_axes(5.4, room) if ax is None else ax
    framed(axes)
    at = np.arange(values.sizes["year"])
    share = values.share.values.clip(0, 1)
    axes.bar(at, share, 0.7, color=_LUCK, gid="luck", edgecolor="white", lw=0.5)
    axes.bar(at, 1 - share, 0.7, share, color=_KNOWLEDGE, gid="knowledge", edgecolor="white",
             lw=0.5)  # fmt: skip
    ends = np.stack([share - values.low.values.clip(0, 1), values.high.values.clip(0, 1) - share])
    axes.errorbar(at, share, ends.clip(min=0), fmt="none", ecolor=INK, elinewidth=1.2, capsize=3)
    for place, size in zip(at, spread / unit.divisor, strict=True):
        axes.annotate(number(float(size), lang, 1), (place, 1), (0, 3), ha="center", va="bottom",
                      textcoords="offset points", fontsize=SIZE - 0.5, color=INK, fontfamily=FONT,
                      gid="spread", annotation_clip=False)  # fmt: skip
    axes.set_ylim(0, 1)
    axes.set_xlim(-0.5, at[-1] + 0.5)
    number_axis(axes.yaxis, lang, n_ticks=4, percent=True)
    year_ticks(axes, values.year.values, at)
    last = float(share[-1]) if np.isfinite(share[-1]) else 0.0
    known = [("luck", last / 2, "#7d5a00"), ("knowledge", (1 + last) / 2, _KNOWLEDGE)]
    labels = [EndLabel(say(key, lang), y, colour) for key, y, colour in known]
    label_ends(axes, labels, _LABEL_ROOM)
    top_label(axes, text, above=heading, clear=_NUMBERS)
    return axes


def _end_labels(
    bands: "np.ndarray", published: "np.ndarray", label: str, lang: Language
) -> list[EndLabel]:
    """Return what stands at the right, at the heights of the last year."""
    last = bands[:, -1]
    own = (("fan_80", slice(3, 5)), ("fan_50", slice(2, 4)), ("median", slice(2, 3)))
    labels = [EndLabel(say(key, lang), float(last[at].mean()), MEDIAN) for key, at in own]
    known = published[np.isfinite(published)]
    if known.size:
        labels.append(EndLabel(f"◇ {label}", float(known[-1]), PUBLISHED))
    return labels
