"""Figures of a report, drawn when the report is laid out and not before."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["picture"]


def picture(name: str, data: Any, **options: Any) -> "Callable[[], Figure]":
    """Return what draws a figure of `stepdown.report.plots`, by name, when it is called."""

    def draw() -> "Figure":
        from stepdown.report import plots

        drawn = getattr(plots, name)(data, **options)
        figure: Figure = drawn if name.endswith("_figure") else drawn.get_figure()
        return figure

    return draw
