"""Figures of a result. `plot_x(data, *, ax=None) -> Axes`: drawn on what is given, never shown."""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from stepdown.analysis import budget_years, net_saving, of_payer, promised
from stepdown.report.words import Language, number, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_cumulative_saving", "savings_figure"]

_BLUE, _PALE, _PALER, _ORANGE, _GREY = "#0b4f8a", "#7fb2dc", "#cfe3f3", "#c05a00", "#555555"


def plot_cumulative_saving(
    result: xr.Dataset, strategy: str, *, lang: Language = "da", ax: "Axes | None" = None
) -> "Axes":
    """Draw the fan of a strategy's cumulative net saving for the municipality.

    Bands hold 8 and 5 of 10 futures, the line is the median; a dashed line is the published net,
    where every year of it is known from the file.
    """
    axes = ax if ax is not None else _new_axes()
    cumulative = net_saving(result).sel(strategy=strategy).cumsum("year") / 1e6
    levels = [0.1, 0.25, 0.5, 0.75, 0.9]
    bands = cumulative.quantile(levels, ["draw", "replicate"]).values
    # A year's result stands at its end; the fan opens from 0 when the first year begins.
    years = budget_years(result).year.values
    ends = np.concatenate([[years[0]], years + 1])
    bands = np.concatenate([np.zeros((len(levels), 1)), bands], axis=1)
    axes.fill_between(ends, bands[0], bands[4], color=_PALER, label=word("fan_80", lang), lw=0)
    axes.fill_between(ends, bands[1], bands[3], color=_PALE, label=word("fan_50", lang), lw=0)
    axes.plot(ends, bands[2], color=_BLUE, lw=2, label=word("median", lang))
    _plot_published(axes, result, strategy, lang)
    axes.axhline(0, color=_GREY, lw=0.8)
    axes.set_xticks(years + 0.5, [str(year) for year in years])
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(years[0], years[-1] + 1)
    axes.yaxis.set_major_formatter(
        lambda value, _: number(value, lang, 0 if value == int(value) else 1)
    )
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#e5e5e5", lw=0.6)
    axes.set_axisbelow(True)
    label = result[f"strategy_{lang}"].sel(strategy=strategy).item()
    axes.set_title(label, loc="left", fontsize=11)
    return axes


def savings_figure(result: xr.Dataset, lang: Language = "da") -> "Figure":
    """Return one figure with a fan for every strategy, on one scale."""
    from matplotlib.figure import Figure

    strategies = [str(name) for name in result.strategy.values[1:]]
    columns = min(len(strategies), 3)
    rows = -(-len(strategies) // columns)
    figure = Figure(figsize=(max(7.0, 4.6 * columns), 3.9 * rows + 1.1), layout="constrained")
    axes = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
    for axis, strategy in zip(axes, strategies, strict=False):
        plot_cumulative_saving(result, strategy, lang=lang, ax=axis)
    for axis in axes[len(strategies) :]:
        axis.set_visible(False)
    unit = word("prices", lang).format(result.attrs["price_level"])
    for row in range(rows):
        axes[row * columns].set_ylabel(
            f"{word('cumulative', lang)}, {word('million', lang)}\n({unit})"
        )
    figure.suptitle(
        word("figure_title", lang).format(title=result.attrs[f"title_{lang}"]), x=0.01, ha="left"
    )
    handles: dict[str, Any] = {}
    for axis in axes:
        for handle, name in zip(*axis.get_legend_handles_labels(), strict=True):
            handles.setdefault(name, handle)
    figure.legend(
        list(handles.values()), list(handles), loc="outside lower left", ncols=4, frameon=False
    )
    return figure


def _plot_published(axes: "Axes", result: xr.Dataset, strategy: str, lang: Language) -> None:
    """Draw the published cumulative net: published savings less the municipality's investment.

    Where a residual was published, a second line adds it: no calculation stands behind it.
    """
    years = budget_years(result).sel(strategy=strategy)
    published = promised(result).sel(strategy=strategy)
    own = (of_payer(years.investment_dkk) - of_payer(years.grant_dkk)).mean("draw")
    styles = [(published.calculated.notnull(), "published_net", _ORANGE, (0, (4, 2)))]
    if published.residual.notnull().any():
        is_known = published.calculated.notnull() | published.residual.notnull()
        styles.append((is_known, "published_with_residual", _GREY, (0, (1, 2))))
    for index, (is_known, key, colour, dashes) in enumerate(styles):
        known = np.flatnonzero(is_known.values)
        if not known.size:
            continue
        last = int(known[-1]) + 1
        saving = published.calculated.fillna(0) + index * published.residual.fillna(0)
        cumulative = np.concatenate([[0.0], np.cumsum((saving - own).values[:last])]) / 1e6
        edges = years.year.values[0] + np.arange(last + 1)
        axes.plot(edges, cumulative, color=colour, lw=2, ls=dashes, label=word(key, lang))


def _new_axes() -> "Axes":
    from matplotlib.figure import Figure

    return Figure(figsize=(7, 4.5), layout="constrained").subplots()
