"""Figures of a result, `plot_x(data, *, lang="da", ax=None) -> Axes`: drawn on what is given.

Nothing is shown or written, and matplotlib is imported by the functions, not by the module: who
draws nothing needs none. `x_values` gives the very numbers that `plot_x` draws, for the sentence
and the table beside it.
"""

from stepdown.report.plots.acceptability import plot_acceptability
from stepdown.report.plots.by_year import plot_luck, plot_saving_by_year
from stepdown.report.plots.fan import fan_figure, fan_values, net_values, plot_fan
from stepdown.report.plots.flows import flow_values, plot_flows
from stepdown.report.plots.levels import level_values, plot_levels
from stepdown.report.plots.stock import plot_stock, stock_figure, stock_values
from stepdown.report.plots.targets import plot_targets
from stepdown.report.plots.tornado import plot_tornado
from stepdown.report.plots.waterfall import plot_waterfall, waterfall_values

__all__ = [
    "fan_figure",
    "fan_values",
    "flow_values",
    "level_values",
    "net_values",
    "plot_acceptability",
    "plot_fan",
    "plot_flows",
    "plot_levels",
    "plot_luck",
    "plot_saving_by_year",
    "plot_stock",
    "plot_targets",
    "plot_tornado",
    "plot_waterfall",
    "stock_figure",
    "stock_values",
    "waterfall_values",
]
