"""How every figure looks: sizes, colours, and numbers on axes.

Colours are those of Okabe and Ito, darkened until text and lines stand out from white paper (at
least 4.5 : 1), so that the colour-blind can tell them apart; strategies differ in dashes and marks
too, and bands in lightness, so that a grey print still reads. The font is the one that comes with
matplotlib, so a figure looks the same on every machine.

Source: Okabe and Ito, "Color universal design" (2002, revised 2008); WCAG 2.1, 1.4.3 and 1.4.11.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from stepdown.report.plots.words import say
from stepdown.report.words import Language, number, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

__all__ = [
    "BAND_50",
    "BAND_80",
    "COLOURS",
    "DASHES",
    "FONT",
    "GAIN",
    "GRID",
    "INK",
    "LOSS",
    "MARKS",
    "MEDIAN",
    "MUTED",
    "POINTS_PER_CM",
    "PUBLISHED",
    "RESIDUAL",
    "SIZE",
    "WIDTH",
    "Unit",
    "axes_box",
    "figure_of",
    "font",
    "money_unit",
    "number_axis",
    "only_strategy",
    "strategy_label",
    "text_width",
    "value_limits",
    "wrapped",
    "year_ticks",
]

WIDTH = 16.0
"""Width of a figure [cm]: the column of a report on A4."""
SIZE = 8.5
"""Of all text [points]."""
FONT = "DejaVu Sans"
INK, MUTED, GRID = "#1f1f1f", "#595959", "#e2e2e2"
BAND_80, BAND_50, MEDIAN = "#cde2f2", "#86b8dc", "#0b4f8a"
PUBLISHED, RESIDUAL = "#b84a00", "#595959"
GAIN, LOSS = "#0b5f9e", "#c65102"
COLOURS = ("#0b5f9e", "#b84a00", "#00735a", "#97417c", "#7d5a00", "#3c3c3c")
"""Of strategies, in their order."""
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (9, 3)),
                           (0, (3, 1.5, 1.5, 1.5, 1.5, 1.5)))  # fmt: skip
MARKS = ("o", "s", "^", "D", "v", "P")
POINTS_PER_CM = 72 / 2.54


@dataclass(frozen=True)
class Unit:
    """What amounts of money are divided by, and what an axis says of it."""

    divisor: float
    text: str
    """Unit and price level: "mio. kr. (2018-priser)"."""


def figure_of(axes: "Axes") -> "Figure":
    """Return the whole figure that axes stand in."""
    figure = axes.get_figure(root=True)
    assert figure is not None, "own invariant: axes stand in a figure"
    return figure


def money_unit(values: Any, price_level: int | None, lang: Language) -> Unit:
    """Return millions where amounts are, else thousands; with the price level where it is known."""
    finite = np.abs(np.asarray(values, dtype=float))
    largest = float(np.nanmax(finite, initial=0.0, where=np.isfinite(finite)))
    divisor, key = (1e6, "million") if largest >= 1e6 or largest == 0 else (1e3, "thousands")
    text = word(key, lang)
    if price_level is not None:
        text = f"{text} ({word('prices', lang).format(price_level)})"
    return Unit(divisor, text)


def number_axis(axis: Any, lang: Language, *, n_ticks: int = 6, percent: bool = False) -> None:
    """Write an axis's numbers as the language does, all with as many decimals as the steps ask."""
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    class Formatter(ScalarFormatter):
        """Numbers of a language."""

        def format_ticks(self, values: Any) -> list[str]:
            places = _decimals(values)
            return [written(value, places) for value in values]

    def written(value: float, places: int) -> str:
        if percent:
            return f"{100 * value:.0f}{' %' if lang == 'da' else '%'}"
        return number(value, lang, places)

    axis.set_major_locator(MaxNLocator(nbins=n_ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(Formatter())


def value_limits(axes: "Axes", values: Any) -> None:
    """Set the vertical limits by what is drawn, 0 included, with a little room."""
    finite = np.asarray(values, dtype=float).ravel()
    finite = np.append(finite[np.isfinite(finite)], 0.0)
    low, high = float(finite.min()), float(finite.max())
    room = 0.05 * (high - low) or 1.0
    axes.set_ylim(low - room if low < 0 else 0.0, high + room)


def year_ticks(
    axes: "Axes", years: Any, positions: Any, below: "Sequence[str] | None" = None
) -> None:
    """Name budget years as categories; every second or third where all do not fit.

    `below` is a second line for each year.
    """
    width, _ = axes_box(axes)
    low, high = axes.get_xlim()
    apart = width * abs(float(positions[1] - positions[0])) / (high - low) if len(years) > 1 else 99
    second = [f"\n{text}" for text in below] if below is not None else [""] * len(years)
    names = [f"{int(year)}{text}" for year, text in zip(years, second, strict=True)]
    widest = max(text_width(line) for name in names for line in name.split("\n"))
    every = max(1, int(np.ceil((widest + 4) / apart)))
    # The last may not reach over to the first of a panel beside it.
    ends = (np.asarray(positions, dtype=float) - low) / (high - low) * width + widest / 2
    names = [
        name if at % every == 0 and (every == 1 or end <= width + 4) else ""
        for at, (name, end) in enumerate(zip(names, ends, strict=True))
    ]
    axes.set_xticks(np.asarray(positions, dtype=float), names)
    axes.tick_params(axis="x", length=0, pad=5)


def axes_box(axes: "Axes") -> tuple[float, float]:
    """Return width and height of axes [points]."""
    scale = 72 / figure_of(axes).dpi
    return float(axes.bbox.width * scale), float(axes.bbox.height * scale)


@cache
def text_width(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """Return how wide a line is [points]."""
    from matplotlib.textpath import text_to_path

    width, _, _ = text_to_path.get_text_width_height_descent(text, font(size, bold), False)
    return float(width)


def wrapped(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> str:
    """Return a text broken between words so that no line is wider than `width` [cm].

    A word that is wider by itself is left as it is.
    """
    lines: list[str] = []
    for part in text.split():
        joined = f"{lines[-1]} {part}" if lines else part
        if lines and text_width(joined, size, bold=bold) <= width * POINTS_PER_CM:
            lines[-1] = joined
        else:
            lines.append(part)
    return "\n".join(lines)


def only_strategy(values: Any, strategy: str | None) -> str:
    """Return the strategy to draw: the one named, or the only one there is.

    Raises
    ------
    KeyError
        None is named and there are several, or there is no such strategy.
    """
    names = [str(name) for name in values.strategy.values if str(name) != "baseline"]
    if strategy is None and len(names) == 1:
        return names[0]
    if strategy not in names:
        raise KeyError(f"strategy = {strategy!r}: give one of {', '.join(names)}")
    return strategy


def strategy_label(values: Any, strategy: str, lang: Language) -> str:
    """Return what people call a strategy."""
    key = f"strategy_{lang}"
    if key not in values.coords:
        return say("without", lang) if strategy == "baseline" else strategy
    return str(values[key].sel(strategy=strategy).item())


@cache
def font(size: float, bold: bool) -> "FontProperties":
    """Return the font of all text."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")


def _decimals(values: Any) -> int:
    """Return the decimals that tell neighbouring ticks apart."""
    ticks = np.unique(np.asarray(values, dtype=float))
    if ticks.size < 2:
        return 0
    step = float(np.diff(ticks).min())
    for places in range(6):
        if abs(step * 10**places - round(step * 10**places)) < 1e-6 * 10**places:
            return places
    return 6
