"""How prior and posterior of a calibration meet their targets."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from stepdown.calibration.diagnostics import Fit
from stepdown.report.plots.frame import (
    Margins,
    framed,
    label_room,
    legend_below,
    new_axes,
    top_label,
)
from stepdown.report.plots.style import GRID, INK, MEDIAN, MUTED, SIZE, number_axis, wrapped
from stepdown.report.plots.words import say
from stepdown.report.words import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_targets"]

_NAMES = 7.2  # room for the names of the targets [cm]
_WIDEST = 8.0  # standard deviations; further out says no more


def plot_targets(
    data: Sequence[Fit],
    *,
    labels: Mapping[str, str] | None = None,
    lang: Language = "da",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw how far prior and posterior expect to lie from what was observed.

    Parameters
    ----------
    data
        What `stepdown.calibration.diagnostics.fits` gives.
    labels
        What people call the targets, by name; the name itself where there is none.
    lang, ax
        As of `plot_fan`.

    Returns
    -------
        A row for each target, in standard deviations of its observation, which stands at 0: a thin
        bar for the prior's 10 to 90 %, a thick one for the posterior's, a mark at its median,
        filled where the target was learnt from. What lies beyond 8 is drawn at 8.
    """
    names = [wrapped((labels or {}).get(fit.name, fit.name), _NAMES - 0.4) for fit in data]
    lines = [name.count("\n") + 1 for name in names]
    tops = np.cumsum([0, *(n + 0.5 for n in lines)])
    rows = (tops[:-1] + tops[1:]) / 2
    text = say("distance_to_target", lang)
    room = Margins(_NAMES, 0.5, 1.9, label_room(text))
    axes = new_axes(tops[-1] * SIZE * 1.3 / 72 * 2.54, room) if ax is None else ax
    framed(axes)
    for group, width, colour in (("prior", 2.0, MUTED), ("posterior", 5.0, MEDIAN)):
        bands = np.clip([getattr(fit, f"{group}_distance") for fit in data], -_WIDEST, _WIDEST)
        axes.hlines(rows, bands[:, 0], bands[:, 2], color=colour, lw=width, gid=group,
                    alpha=1.0 if group == "prior" else 0.55,
                    label=say(f"{group}_bar", lang))  # fmt: skip
    for is_used, key in ((True, "learnt_from"), (False, "held_out")):
        own = [(row, fit) for row, fit in zip(rows, data, strict=True) if fit.is_used == is_used]
        middles = np.clip([fit.posterior_distance[1] for _, fit in own], -_WIDEST, _WIDEST)
        axes.plot(middles, [row for row, _ in own], ls="", marker="o", ms=5, mec=MEDIAN,
                  mfc=MEDIAN if is_used else "white", gid=key, label=say(key, lang))  # fmt: skip
    axes.axvline(0, color=INK, lw=0.9, gid="observed")
    axes.set_yticks(rows, names, parse_math=False)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(tops[-1], 0)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    number_axis(axes.xaxis, lang)
    legend_below([axes], 2)
    top_label(axes, text, left=_NAMES)
    return axes
