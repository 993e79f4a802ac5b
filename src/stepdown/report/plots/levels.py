"""The curve over levels of investment: what each level saves, and which is best."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from stepdown.analysis import mean, present_value
from stepdown.analysis.purpose import refuse_expectation
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
    COLOURS,
    DASHES,
    INK,
    MARKS,
    axes_box,
    money_unit,
    number_axis,
    strategy_label,
    value_limits,
    wrapped,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["level_values", "plot_levels"]

_LABEL_ROOM = 4.2  # to the right of the axes [cm]
_DODGE = 0.16  # between lines at one level, in levels


class _Line(NamedTuple):
    """One curve over levels."""

    label: str
    at: list[int]
    """Places among the categories."""
    strategies: list[str]
    is_joined: bool
    """Levels have an order; strategies side by side have none."""


def level_values(result: xr.Dataset, payer: str | None = None) -> xr.Dataset:
    """Return what `plot_levels` draws, by strategy, the baseline first.

    Returns
    -------
        `mean` and `error` [DKK present value], `low`, `high` [DKK], between which 8 of 10 futures
        lie, and `p_best` in [0, 1]: the share of futures in which none is better; ties share.
    """
    refuse_expectation(result, "the spread of savings")
    own = present_value(result, payer)
    values = own.reindex(strategy=result.strategy.values, fill_value=0.0)
    summary = mean(values)
    bands = values.quantile([0.1, 0.9], ["draw", "replicate"], skipna=False)
    best = values == values.max("strategy")
    return xr.Dataset(
        {
            "mean": summary.value,
            "error": summary.error,
            "low": bands.sel(quantile=0.1, drop=True),
            "high": bands.sel(quantile=0.9, drop=True),
            "p_best": (best / best.sum("strategy")).mean(["draw", "replicate"]),
        }
    )


def plot_levels(
    data: xr.Dataset,
    *,
    payer: str | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the present value of the net saving over the levels of the investment, and the best.

    Parameters
    ----------
    data
        A result of `simulate`. With levels of one lever, or of several, where every combination of
        the others is a line; without levels the strategies stand side by side, in their order.
    payer
        A payer with its committees, or "all".
    lang, ax
        As of `plot_fan`.

    Returns
    -------
        Marks are means, thin lines hold 8 of 10 futures; the highest mean is ringed, and the text
        above says how often it is the best. The baseline is 0 by definition. What is drawn:
        `level_values`.
    """
    values = level_values(data, payer)
    unit = money_unit(values[["low", "high"]].to_array(), int(data.attrs["price_level"]), lang)
    scaled = values / unit.divisor
    names, lines = _lines(data, lang)
    room = _LABEL_ROOM if len(lines) > 1 else 0.5
    best = str(values.strategy.values[int(values["mean"].argmax("strategy"))])
    share = percent(float(values.p_best.sel(strategy=best)), lang)
    found = say("highest", lang).format(name=strategy_label(data, best, lang), share=share)
    text = f"{say('present_value_of_net', lang)}, {unit.text}: {say('mean_and_80', lang)}. {found}"
    margins = Margins(right=room, bottom=1.6, top=label_room(text))
    axes = new_axes(5.8, margins) if ax is None else ax
    framed(axes)
    axes.set_xlim(-0.5, len(names) - 0.5)
    value_limits(axes, scaled[["low", "high"]].to_array())
    mark_zero(axes)
    for place, line in enumerate(lines):
        _draw_line(axes, scaled, line, (place, len(lines)), best)
    width = axes_box(axes)[0] / len(names) * 2.54 / 72
    labels = [wrapped(name, width - 0.15) for name in names]
    axes.set_xticks(range(len(names)), labels, parse_math=False)
    axes.tick_params(axis="x", length=0)
    number_axis(axes.yaxis, lang)
    if len(lines) > 1:
        last = [float(scaled["mean"].sel(strategy=line.strategies[-1])) for line in lines]
        colours = [COLOURS[place % len(COLOURS)] for place in range(len(lines))]
        ends = zip((line.label for line in lines), last, colours, strict=True)
        label_ends(axes, [EndLabel(*end) for end in ends], room)
    top_label(axes, text)
    return axes


def _draw_line(
    axes: "Axes", values: xr.Dataset, line: _Line, place: tuple[int, int], best: str
) -> None:
    """Draw one line of how many, its levels a little to the side of each other's."""
    number, n_lines = place
    own = values.sel(strategy=line.strategies)
    at = np.array(line.at) + _DODGE * (number - (n_lines - 1) / 2)
    colour, mark = COLOURS[number % len(COLOURS)], MARKS[number % len(MARKS)]
    axes.vlines(at, own.low, own.high, color=colour, lw=1.4, alpha=0.65, gid="fan_80")
    dashes = DASHES[number % len(DASHES)] if line.is_joined else "none"
    axes.plot(at, own["mean"], ls=dashes, lw=1.6, color=colour, marker=mark, ms=5.5, gid="mean")
    if best in line.strategies:
        spot = line.strategies.index(best)
        axes.plot(at[spot], float(own["mean"][spot]), "o", ms=12, mfc="none", mec=INK, mew=1.4,
                  gid="best")  # fmt: skip


def _lines(data: xr.Dataset, lang: Language) -> tuple[list[str], list[_Line]]:
    """Return the categories across, and the lines over them."""
    strategies = [str(name) for name in data.strategy.values]
    axes = [str(name) for name in data.coords if str(name).startswith("level_")]
    if not axes:
        labels = [strategy_label(data, name, lang) for name in strategies]
        return labels, [_Line("", list(range(len(labels))), strategies, False)]
    cells = list(zip(*(data[axis].values.astype(str) for axis in axes), strict=True))
    words = _level_words(data, axes, lang)
    across = list(dict.fromkeys(cell[0] for cell in cells))
    rest = list(dict.fromkeys(cell[1:] for cell in cells))
    lines = []
    for others in rest:
        members = [at for at, cell in enumerate(cells) if cell[1:] == others]
        label = ", ".join(words[n + 1, level] for n, level in enumerate(others))
        at = [across.index(cells[member][0]) for member in members]
        lines.append(_Line(label, at, [strategies[member] for member in members], True))
    return [words[0, level] for level in across], lines


def _level_words(data: xr.Dataset, axes: list[str], lang: Language) -> dict[tuple[int, str], str]:
    """Return what people call each level of each axis.

    A strategy made from levels is called by theirs, with commas between; where that cannot be taken
    apart, a level is called by its name.
    """
    found: dict[tuple[int, str], str] = {}
    for strategy in data.strategy.values[1:]:
        own = data.sel(strategy=strategy)
        parts = strategy_label(data, str(strategy), lang).split(", ")
        for number, axis in enumerate(axes):
            level = str(own[axis].item())
            found.setdefault((number, level), parts[number] if len(parts) == len(axes) else level)
    for number, axis in enumerate(axes):
        baseline = str(data[axis][0].item())
        found.setdefault((number, baseline), say("without", lang))
    return found
