"""Children on the steps over time: the baseline against a strategy."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from stepdown.analysis import children_on_steps
from stepdown.analysis.children import ALL_PLACEMENTS
from stepdown.report.plots.frame import (
    Margins,
    figure_title,
    framed,
    label_room,
    legend_below,
    new_axes,
    panel_title,
    panels,
    title_room,
    top_label,
)
from stepdown.report.plots.labels import EndLabel, label_ends
from stepdown.report.plots.style import (
    BAND_80,
    MEDIAN,
    PUBLISHED,
    figure_of,
    number_axis,
    only_strategy,
    strategy_label,
    year_ticks,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_stock", "stock_figure", "stock_values"]

_LABEL_ROOM = 3.7  # to the right of the axes [cm]


def stock_values(result: xr.Dataset, strategy: str) -> xr.Dataset:
    """Return what `plot_stock` draws.

    Returns
    -------
        `without`, `with_strategy` (step, year): mean children on 31 December; `low`, `high`,
        between which 8 of 10 futures with the strategy lie. Steps with help, and
        `all_placements` last. Of simulated children: no count of real ones is among them.
    """
    stock = children_on_steps(result).stock
    own = stock.sel(strategy=strategy, drop=True)
    found = {
        "without": stock.sel(statistic="mean", strategy="baseline", drop=True),
        "with_strategy": own.sel(statistic="mean", drop=True),
        "low": own.sel(statistic="10 %", drop=True),
        "high": own.sel(statistic="90 %", drop=True),
    }
    return xr.Dataset(found).transpose("step", "year")


def plot_stock(
    data: xr.Dataset,
    *,
    step: str = ALL_PLACEMENTS,
    strategy: str | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the children on one step at the end of each year, with and without a strategy.

    Parameters
    ----------
    data
        A result of `simulate`, of a scenario with children.
    step
        A step with help; all placements together unless told otherwise.
    strategy, lang, ax
        As of `plot_fan`.

    Returns
    -------
        Lines are means, the band holds 8 of 10 futures with the strategy. The axis begins at 0.
        What is drawn: `stock_values`.
    """
    name = only_strategy(data, strategy)
    values = stock_values(data, name).sel(step=step)
    heading = strategy_label(data, name, lang) if data.sizes["strategy"] > 2 else ""
    text = f"{step_label(data, step, lang)}: {say('stock', lang)}"
    room = Margins(right=_LABEL_ROOM, top=label_room(text, heading))
    axes = new_axes(5.2, room) if ax is None else ax
    _draw(axes, values, lang)
    last = values.isel(year=-1)
    labels = [
        EndLabel(say("without", lang), float(last.without), PUBLISHED),
        EndLabel(say("with", lang), float(last.with_strategy), MEDIAN),
        EndLabel(say("fan_80", lang), float(last.high + last.with_strategy) / 2, MEDIAN),
    ]
    label_ends(axes, labels, _LABEL_ROOM)
    top_label(axes, text, above=heading)
    return axes


def stock_figure(
    result: xr.Dataset, strategy: str | None = None, lang: Language = "da"
) -> "Figure":
    """Return one figure with a panel for every step with help, each on a scale of its own."""
    name = only_strategy(result, strategy)
    values = stock_values(result, name)
    steps = [str(step) for step in values.step.values]
    title = strategy_label(result, name, lang)
    axes = panels(len(steps), 4.1, head=title_room(title) + 0.6, foot=0.9, shared=False)
    for axis, step in zip(axes, steps, strict=True):
        own = values.sel(step=step)
        _draw(axis, own, lang, n_ticks=4)
        panel_title(axis, step_label(result, step, lang))
    text = say("stock", lang)
    figure_title(axes[0], title, f"{text[0].upper()}{text[1:]}")
    legend_below(axes, 3)
    return figure_of(axes[0])


def step_label(result: xr.Dataset, step: str, lang: Language) -> str:
    """Return what people call a step, or the sum over placements."""
    if step == ALL_PLACEMENTS:
        return say(ALL_PLACEMENTS, lang)
    return str(result[f"step_{lang}"].sel(step=step).item())


def _draw(axes: "Axes", values: xr.Dataset, lang: Language, n_ticks: int = 6) -> None:
    framed(axes)
    at = np.arange(values.sizes["year"])
    axes.fill_between(at, values.low, values.high, color=BAND_80, lw=0, label=say("fan_80", lang))
    axes.plot(at, values.without, color=PUBLISHED, lw=1.8, ls=(0, (4, 2)), gid="without",
              label=say("without", lang))  # fmt: skip
    axes.plot(at, values.with_strategy, color=MEDIAN, lw=2, gid="with", label=say("with", lang))
    axes.set_xlim(-0.3, at[-1] + 0.3 if at.size > 1 else 0.3)
    year_ticks(axes, values.year.values, at)
    axes.set_ylim(0, max(float(values.to_array().max()) * 1.1, 1.0))
    number_axis(axes.yaxis, lang, n_ticks=n_ticks)
