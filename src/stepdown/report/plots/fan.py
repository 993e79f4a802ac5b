"""The fan: what has been saved in all by the end of each year, with the published line."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from stepdown.analysis import budget_years, net_saving, of_payer, promised
from stepdown.analysis.payers import own_payer
from stepdown.analysis.purpose import refuse_expectation
from stepdown.report.plots.frame import (
    Margins,
    figure_title,
    framed,
    label_room,
    legend_below,
    mark_zero,
    new_axes,
    panel_title,
    panels,
    title_room,
    top_label,
)
from stepdown.report.plots.labels import EndLabel, label_clear, label_ends
from stepdown.report.plots.style import (
    BAND_50,
    BAND_80,
    MEDIAN,
    PUBLISHED,
    RESIDUAL,
    figure_of,
    money_unit,
    number_axis,
    only_strategy,
    strategy_label,
    value_limits,
    year_ticks,
)
from stepdown.report.plots.words import say
from stepdown.report.published import basis_of, words_of
from stepdown.report.words import Language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["fan_figure", "fan_values", "net_values", "plot_fan", "published_label"]

_PUBLISHED = (("published", PUBLISHED, (0, (4, 2))),
              ("published_with_residual", RESIDUAL, (0, (1, 1.5))))  # fmt: skip
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
_LABEL_ROOM = 3.7  # to the right of the axes [cm]


def fan_values(result: xr.Dataset, strategy: str, payer: str | None = None) -> xr.Dataset:
    """Return what `plot_fan` draws.

    Returns
    -------
        `value` (quantile, year) [DKK]: cumulative net saving by the end of the year; `published`
        and `published_with_residual` (year) [DKK], the published cumulative net, nan after its
        last year and where none was published; `published_basis`, what it is.
    """
    return _values(result, strategy, payer, cumulative=True)


def net_values(result: xr.Dataset, strategy: str, payer: str | None = None) -> xr.Dataset:
    """Return what `plot_saving_by_year` draws.

    Returns
    -------
        As `fan_values` of each year by itself, and `p_gain` (year) in [0, 1].
    """
    found = _values(result, strategy, payer, cumulative=False)
    gains = net_saving(result, payer).sel(strategy=strategy, drop=True) > 0
    return found.assign(p_gain=gains.mean(["draw", "replicate"]))


def plot_fan(
    data: xr.Dataset,
    *,
    strategy: str | None = None,
    payer: str | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the fan of a strategy's cumulative net saving.

    Parameters
    ----------
    data
        A result of `simulate`.
    strategy
        May be left out where there is one.
    payer
        A payer with its committees, or "all"; else whose money the result is about. The published
        line is of that one.
    lang
        Of words and numbers.
    ax
        Axes to draw on; else a figure of their own is made, of a report column's width.

    Returns
    -------
        Bands hold 8 and 5 of 10 futures, the line is the median; a dashed line is the published
        net, as far as it was published. What is drawn: `fan_values`.
    """
    name = only_strategy(data, strategy)
    values = fan_values(data, name, payer)
    unit = money_unit(values.to_array(), int(data.attrs["price_level"]), lang)
    heading = strategy_label(data, name, lang) if data.sizes["strategy"] > 2 else ""
    text = f"{say('cumulative', lang)}, {unit.text}"
    room = Margins(right=_LABEL_ROOM, top=label_room(text, heading))
    axes = new_axes(5.8, room) if ax is None else ax
    _draw_fan(axes, values / unit.divisor, lang)
    value_limits(axes, (values / unit.divisor).to_array())
    number_axis(axes.yaxis, lang)
    label_ends(axes, _end_labels(values / unit.divisor, lang), _LABEL_ROOM)
    _label_inside(axes, values / unit.divisor, lang)
    top_label(axes, text, above=heading)
    return axes


def fan_figure(result: xr.Dataset, lang: Language = "da", *, is_alone: bool = True) -> "Figure":
    """Return one figure with a fan for every strategy, on one scale: savings.png of a run.

    A figure that stands alone bears the title of its run; one in a report says what it shows.
    """
    names = [str(name) for name in result.strategy.values[1:]]
    every = {name: fan_values(result, name) for name in names}
    amounts = np.concatenate([values.to_array().values.ravel() for values in every.values()])
    unit = money_unit(amounts, int(result.attrs["price_level"]), lang)
    title, below = say("cumulative", lang), unit.text
    if is_alone:
        title = word("figure_title", lang).format(title=result.attrs[f"title_{lang}"])
        below = f"{say('cumulative', lang)}, {unit.text}"
    head = title_room(title)
    if len(names) == 1:
        room = Margins(right=_LABEL_ROOM, top=head + 0.8)
        axes = [plot_fan(result, lang=lang, ax=new_axes(5.8, room))]
        figure_title(axes[0], title)
        return figure_of(axes[0])
    shown = ["80", "50", "median", *(k for k, _, _ in _PUBLISHED if _is_published(every, k))]
    columns = 2 if len(names) in (2, 4) else 3
    axes = panels(
        len(names), 5.8, columns=columns, head=head + 0.6, foot=1.5 if len(shown) < 5 else 2.0
    )
    for axis, (name, values) in zip(axes, every.items(), strict=True):
        _draw_fan(axis, values / unit.divisor, lang)
        panel_title(axis, strategy_label(result, name, lang))
    value_limits(axes[0], amounts / unit.divisor)
    number_axis(axes[0].yaxis, lang)
    figure_title(axes[0], title, below)
    legend_below(axes, 3 if len(shown) < 5 else 2)
    return figure_of(axes[0])


def _is_published(every: "dict[str, xr.Dataset]", key: str) -> bool:
    return any(bool(values[key].notnull().any()) for values in every.values())


def draw_bands(axes: "Axes", edges: "np.ndarray", bands: "np.ndarray", lang: Language) -> None:
    """Draw the bands of 8 and of 5 futures in 10, and the median; `bands` is (quantile, edge)."""
    axes.fill_between(edges, bands[0], bands[4], color=BAND_80, lw=0, label=say("fan_80", lang))
    axes.fill_between(edges, bands[1], bands[3], color=BAND_50, lw=0, label=say("fan_50", lang))
    axes.plot(edges, bands[2], color=MEDIAN, lw=2, label=say("median", lang), gid="median")


def _draw_fan(axes: "Axes", values: xr.Dataset, lang: Language) -> None:
    """Draw bands and lines of values in the axis's unit."""
    framed(axes)
    # A year's result stands at its end; the fan opens from 0 when the first year begins.
    years = values.year.values
    edges = np.concatenate([[years[0]], years + 1])
    draw_bands(axes, edges, _from_zero(values.value.values), lang)
    mark_zero(axes)
    for key, colour, dashes in _PUBLISHED:
        known = int(values[key].notnull().sum())
        if known:
            line = _from_zero(values[key].values[None, :known])[0]
            axes.plot(edges[: known + 1], line, color=colour, lw=1.8, ls=dashes, gid=key,
                      label=published_label(values, key, lang))  # fmt: skip
    axes.set_xlim(years[0], years[-1] + 1)
    year_ticks(axes, years, years + 0.5)


def _end_labels(values: xr.Dataset, lang: Language) -> list[EndLabel]:
    """Return what stands at the right: the last value of every line and band."""
    last = values.isel(year=-1)
    own = (("fan_80", slice(3, 5)), ("fan_50", slice(2, 4)), ("median", slice(2, 3)))
    labels = [EndLabel(say(key, lang), float(last.value[at].mean()), MEDIAN) for key, at in own]
    for key, colour, _ in _PUBLISHED:
        if bool(last[key].notnull()):
            labels.append(EndLabel(published_label(values, key, lang), float(last[key]), colour))
    return labels


def _label_inside(axes: "Axes", values: xr.Dataset, lang: Language) -> None:
    """Write on published lines that end before the last year, beside their end."""
    years = values.year.values
    edges = np.concatenate([[years[0]], years + 1.0])
    drawn = [values.value.values[2], *(values[key].values for key, _, _ in _PUBLISHED)]
    lines = [(edges, _from_zero(line[None])[0]) for line in (*drawn, np.zeros(years.size))]
    for key, colour, _ in _PUBLISHED:
        known = int(values[key].notnull().sum())
        if 0 < known < years.size:
            at = (float(edges[known]), float(values[key][known - 1]))
            label_clear(axes, published_label(values, key, lang), at, lines, colour)


def _values(
    result: xr.Dataset, strategy: str, payer: str | None, *, cumulative: bool
) -> xr.Dataset:
    refuse_expectation(result, "the spread of savings")
    net = net_saving(result, payer).sel(strategy=strategy, drop=True)
    years, published = net.year, _published(result, strategy, payer)
    if cumulative:
        net = net.cumsum("year").assign_coords(year=years)
        published = {key: np.cumsum(values) for key, values in published.items()}
    bands = net.quantile(list(LEVELS), ["draw", "replicate"], skipna=False)
    found = xr.Dataset({"value": bands, **{k: ("year", v) for k, v in published.items()}})
    return found.assign_coords(published_basis=basis_of(result, [strategy]))


def published_label(values: xr.Dataset, key: str, lang: Language) -> str:
    """Return what a published line is called."""
    head = words_of(str(values.published_basis.item())).head(lang)
    return say(key, lang).format(head)


def _published(result: xr.Dataset, strategy: str, payer: str | None) -> "dict[str, np.ndarray]":
    """Return the published net by year: published savings less the municipality's investment.

    Where a residual was published, the second adds it: no calculation stands behind it. Years
    between published ones count 0; those after the last are nan.
    """
    # The whole result is large, and three of its variables are asked for.
    small = result[["published_dkk", "investment_dkk", "grant_dkk"]]
    small = small.sel(strategy=[str(result.strategy.values[0]), strategy])
    found = promised(small).isel(strategy=0)
    calculated, residual = found.calculated.values, found.residual.values
    years = budget_years(small).isel(strategy=1)
    own = of_payer(years.investment_dkk - years.grant_dkk).mean("draw").values
    known = {"published": ~np.isnan(calculated), "published_with_residual": ~np.isnan(residual)}
    if known["published_with_residual"].any():
        known["published_with_residual"] |= known["published"]
    values = {
        "published": calculated,
        "published_with_residual": np.nan_to_num(calculated) + np.nan_to_num(residual),
    }
    is_own = payer in (None, own_payer(result))
    for key, is_known in known.items():
        until = np.logical_or.accumulate(is_known[::-1])[::-1] & is_own
        values[key] = np.where(until, np.nan_to_num(values[key]) - own, np.nan)
    return values


def _from_zero(values: "np.ndarray") -> "np.ndarray":
    """Return (row, edge): 0 when the first year begins, then each year's end."""
    return np.concatenate([np.zeros((values.shape[0], 1)), values], axis=1)
