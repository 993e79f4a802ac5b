"""Moves between steps: the staircase with the moves up at one side and down at the other."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import xarray as xr

from stepdown.analysis import budget_years, mean
from stepdown.report.plots.frame import (
    Margins,
    label_room,
    new_axes,
    top_label,
)
from stepdown.report.plots.style import (
    FONT,
    INK,
    MUTED,
    SIZE,
    only_strategy,
    strategy_label,
    text_width,
    wrapped,
)
from stepdown.report.plots.words import say
from stepdown.report.words import Language, number
from stepdown.store import scenario_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["flow_values", "plot_flows"]

_ROW = 1.15  # height of a step [cm]
_NAMES = 3.4  # width of the column of names [cm]
_WIDEST = 7.0  # line of the largest flow [points]
_PAPER = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}
_CERTAIN = 3.0  # standard errors, from which a change is called one
_FEWER, _MORE, _SAME = "#97417c", "#00735a", "#a3a3a3"


class _Arc(NamedTuple):
    """One flow between two rows of the staircase."""

    low: int
    high: int
    is_up: bool
    without: float
    with_strategy: float
    change: int
    """1 more moves, -1 fewer, 0 no certain difference."""


def flow_values(result: xr.Dataset, strategy: str) -> xr.Dataset:
    """Return what `plot_flows` draws: moves a year between steps, mean over the budget years.

    Returns
    -------
        (flow): `without`, `with_strategy` [moves a year], `change` and its standard error `error`;
        coordinates `from_step`, `to_step`. Planned moves and breakdowns between two steps are one
        flow. Also moves that end on the step where they began (a new foster family after a
        breakdown), which are not drawn. Departures at birthdays are no moves between steps.
    """
    moves = scenario_of(result).scenario.moves
    by_year = budget_years(result).moves
    ends = [(moves[n].from_step, moves[n].to_step) if n in moves else None
            for n in by_year.move.values.astype(str)]  # fmt: skip
    known = np.flatnonzero([end is not None for end in ends])
    names = np.array([">".join(end) for end in ends if end is not None])
    counts = by_year.isel(move=known).mean("year").assign_coords(flow=("move", names))
    flows = counts.groupby("flow").sum("move")
    own = flows.sel(strategy=strategy, drop=True)
    change = mean(own - flows.isel(strategy=0, drop=True))
    runs = ["draw", "replicate"]
    found = xr.Dataset({
        "without": flows.isel(strategy=0, drop=True).mean(runs), "with_strategy": own.mean(runs),
        "change": change.value, "error": change.error,
    })  # fmt: skip
    pairs = [str(flow).split(">") for flow in found.flow.values]
    return found.assign_coords(
        from_step=("flow", [pair[0] for pair in pairs]),
        to_step=("flow", [pair[1] for pair in pairs]),
    )


def plot_flows(
    data: xr.Dataset,
    *,
    strategy: str | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the moves between steps, and which of them the strategy makes more or fewer.

    Parameters
    ----------
    data
        A result of `simulate`, of a scenario with children.
    strategy, lang, ax
        As of `plot_fan`.

    Returns
    -------
        Steps stand by level, the highest at the top, those of one level as in the file. Arcs at the
        right are moves up, at the left moves down; the thicker, the more (as the square root, so
        that the rare ones are seen). Numbers are moves a year without and with the strategy, on the
        flows that change most as far as there is room. What is drawn: `flow_values`.
    """
    name = only_strategy(data, strategy)
    values = flow_values(data, name)
    steps = _steps(data, values)
    years = budget_years(data).year.values
    text = say("flows", lang).format(int(years[0]), int(years[-1]))
    heading = strategy_label(data, name, lang) if data.sizes["strategy"] > 2 else ""
    height = _ROW * len(steps) + 0.4
    room = Margins(0.2, 0.2, 0.8, label_room(text, heading))
    axes = new_axes(height, room) if ax is None else ax
    axes.set_frame_on(False)
    axes.tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
    width = 15.6
    axes.set_xlim(-width / 2, width / 2)
    axes.set_ylim(-0.75, len(steps) - 0.25)
    for row, step in enumerate(steps):
        label = str(data[f"step_{lang}"].sel(step=step).item())
        axes.text(0, row, wrapped(label, _NAMES - 0.3), ha="center", va="center", fontsize=SIZE,
                  parse_math=False,
                  fontfamily=FONT, color=INK, gid="step",
                  bbox={"boxstyle": "round,pad=0.3", "fc": "#f2f2f2", "ec": "none"})  # fmt: skip
    arcs = _arcs(values, steps)
    largest = max((max(arc.without, arc.with_strategy) for arc in arcs), default=1.0)
    for arc in sorted(arcs, key=lambda one: one.change != 0):
        _draw_arc(axes, arc, largest, len(steps))
    _number_arcs(axes, arcs, len(steps), lang)
    _heads(axes, len(steps), lang)
    top_label(axes, text, above=heading)
    return axes


def _steps(data: xr.Dataset, values: xr.Dataset) -> list[str]:
    """Return the steps between which anybody moves, the lowest first."""
    moved = values.isel(flow=np.flatnonzero((values.without + values.with_strategy).values > 0))
    met = {*moved.from_step.values.astype(str), *moved.to_step.values.astype(str)}
    level = dict(zip(data.step.values.astype(str), data.step_level.values, strict=True))
    return sorted((s for s in level if s in met), key=lambda step: int(level[step]))


def _arcs(values: xr.Dataset, steps: list[str]) -> list[_Arc]:
    """Return the flows between two rows, with what the strategy does to each."""
    arcs = []
    for at in range(values.sizes["flow"]):
        one = values.isel(flow=at)
        start, end = str(one.from_step.item()), str(one.to_step.item())
        without, own = float(one.without), float(one.with_strategy)
        if start == end or without + own == 0:
            continue
        low, high = sorted((steps.index(start), steps.index(end)))
        change, error = float(one.change), float(one.error)
        certain = int(np.sign(change)) if abs(change) > _CERTAIN * error else 0
        arcs.append(_Arc(low, high, steps.index(end) == high, without, own, certain))
    return arcs


def _reach(arc: _Arc, n_steps: int) -> float:
    """Return how far out an arc bends [cm from the middle]."""
    return _NAMES / 2 + 0.5 + 4.6 * (arc.high - arc.low) / max(n_steps - 1, 1)


def _draw_arc(axes: "Axes", arc: _Arc, largest: float, n_steps: int) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    side = 1 if arc.is_up else -1
    edge, out = side * (_NAMES / 2 + 0.1), side * _reach(arc, n_steps)
    # A cubic curve comes 3/4 of the way to its two inner points.
    far = edge + (out - edge) / 0.75
    start, end = (arc.low, arc.high) if arc.is_up else (arc.high, arc.low)
    shift = 0.12 if start < end else -0.12  # leaves and arrives are told apart
    path = Path(
        [(edge, start + shift), (far, start + shift), (far, end - shift), (edge, end - shift)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    wide = max(_WIDEST * np.sqrt(max(arc.without, arc.with_strategy) / largest), 0.5)
    colour = {1: _MORE, -1: _FEWER, 0: _SAME}[arc.change]
    style = f"-|>,head_length={0.25 + wide * 0.03:.2f},head_width={0.12 + wide * 0.05:.2f}"
    axes.add_patch(
        FancyArrowPatch(path=path, arrowstyle=style, mutation_scale=10, lw=wide, color=colour,
                        fill=False, alpha=0.9 if arc.change else 0.55, capstyle="butt",
                        joinstyle="miter", gid="flow")
    )  # fmt: skip


def _number_arcs(axes: "Axes", arcs: list[_Arc], n_steps: int, lang: Language) -> None:
    """Write the largest changes on their arcs, as far as none meets another."""
    taken: list[tuple[float, float, float, float]] = []
    order = sorted(arcs, key=lambda a: (a.change == 0, -abs(a.with_strategy - a.without)))
    for arc in order:
        both = (arc.without, arc.with_strategy)
        places = 2 if max(both) < 10 else 1 if max(both) < 100 else 0
        text = " → ".join(number(moves, lang, places) for moves in both)
        wide = text_width(text, SIZE - 1) / 72 * 2.54
        side = 1 if arc.is_up else -1
        x, y = side * (_reach(arc, n_steps) + 0.15 + wide / 2), (arc.low + arc.high) / 2
        if abs(x) + wide / 2 > 7.7:
            x = side * (7.7 - wide / 2)
        box = (x - wide / 2 - 0.1, x + wide / 2 + 0.1, y - 0.2, y + 0.2)
        if any(box[0] < b[1] and b[0] < box[1] and box[2] < b[3] and b[2] < box[3] for b in taken):
            continue
        taken.append(box)
        colour = {1: _MORE, -1: _FEWER, 0: MUTED}[arc.change]
        axes.text(x, y, text, ha="center", va="center", fontsize=SIZE - 1, color=colour,
                  fontfamily=FONT, gid="amount", bbox=_PAPER)  # fmt: skip


def _heads(axes: "Axes", n_steps: int, lang: Language) -> None:
    """Say what the sides and the colours are."""
    for side, key in ((-1, "moves_down"), (1, "moves_up")):
        words: Any = {"fontsize": SIZE, "fontfamily": FONT, "color": INK, "fontweight": "bold"}
        axes.text(side * 7.7, n_steps - 0.6, say(key, lang), va="center",
                  ha="right" if side > 0 else "left", gid="side", **words)  # fmt: skip
    from matplotlib.lines import Line2D

    colours = ((_FEWER, "fewer"), (_MORE, "more"), (_SAME, "same"))
    axes.legend([Line2D([], [], color=c, lw=4) for c, _ in colours],
                [say(key, lang) for _, key in colours], loc="upper left", ncols=3, frameon=False,
                bbox_to_anchor=(0, 0), prop={"family": FONT, "size": SIZE}, labelcolor=INK,
                handlelength=1.6, borderaxespad=0.2)  # fmt: skip
