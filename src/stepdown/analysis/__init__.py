"""Pure functions on a result: what is saved, when, how sure, and what would change it."""

from stepdown.analysis.break_even_factor import (
    BreakEvenFactor,
    break_even_inflow,
    break_even_price,
)
from stepdown.analysis.breakeven import BreakEven, break_even
from stepdown.analysis.children import (
    children_beside_money,
    children_on_steps,
    full_year_places,
    placement_months_avoided,
)
from stepdown.analysis.control import control_variate, controlled_mean
from stepdown.analysis.coupling import saving_spread, spread_by_coupling
from stepdown.analysis.distribution import bands, luck_share, mean, probability, quantiles
from stepdown.analysis.evaluation import Evaluation, events_per_child_year, evsi, evsi_of
from stepdown.analysis.figures_of_runs import figure_of_runs, net_benefits
from stepdown.analysis.first_order import first_order_indices
from stepdown.analysis.frontier import (
    acceptability,
    acceptability_by_budget,
    acceptability_of,
    frontier_switches,
    frontier_switches_of,
)
from stepdown.analysis.goal import bookable, level_reaching
from stepdown.analysis.headline import headline
from stepdown.analysis.information import evpi, evpi_of, evppi, evppi_of
from stepdown.analysis.levels import marginal_saving
from stepdown.analysis.lines import gross_saving, lines_reached, saving_of_lines
from stepdown.analysis.one_way import one_way
from stepdown.analysis.origins import saving_by_payer, saving_by_step
from stepdown.analysis.parts_of_saving import saving_by_age, saving_by_move
from stepdown.analysis.payback import annual_payback, payback_by_year, payback_reached
from stepdown.analysis.payers import committees, of_payer, own_payer
from stepdown.analysis.ratio import ratio_of_means
from stepdown.analysis.regression import centred_parameters, regressed_mean, regression_on_draws
from stepdown.analysis.reserves import expected_shortfall, reserve
from stepdown.analysis.savings import (
    budget_kept,
    budget_years,
    deepest_deficit,
    net_saving,
    payback_year,
    present_value,
    promised,
    reached_in_futures,
    saving_reached,
)
from stepdown.analysis.shared_lives import shared_lives_ratio, variance_ratio_of_lives
from stepdown.analysis.smoothing import SmoothMean, smooth_mean
from stepdown.analysis.sobol import sobol_indices, sobol_indices_of
from stepdown.analysis.strategies import best_strategy, compare_strategies
from stepdown.analysis.tornado import tornado

__all__ = [
    "BreakEven",
    "BreakEvenFactor",
    "Evaluation",
    "SmoothMean",
    "acceptability",
    "acceptability_by_budget",
    "acceptability_of",
    "annual_payback",
    "bands",
    "best_strategy",
    "bookable",
    "break_even",
    "break_even_inflow",
    "break_even_price",
    "budget_kept",
    "budget_years",
    "centred_parameters",
    "children_beside_money",
    "children_on_steps",
    "committees",
    "compare_strategies",
    "control_variate",
    "controlled_mean",
    "deepest_deficit",
    "events_per_child_year",
    "evpi",
    "evpi_of",
    "evppi",
    "evppi_of",
    "evsi",
    "evsi_of",
    "expected_shortfall",
    "figure_of_runs",
    "first_order_indices",
    "frontier_switches",
    "frontier_switches_of",
    "full_year_places",
    "gross_saving",
    "headline",
    "level_reaching",
    "lines_reached",
    "luck_share",
    "marginal_saving",
    "mean",
    "net_benefits",
    "net_saving",
    "of_payer",
    "one_way",
    "own_payer",
    "payback_by_year",
    "payback_reached",
    "payback_year",
    "placement_months_avoided",
    "present_value",
    "probability",
    "promised",
    "quantiles",
    "ratio_of_means",
    "reached_in_futures",
    "regressed_mean",
    "regression_on_draws",
    "reserve",
    "saving_by_age",
    "saving_by_move",
    "saving_by_payer",
    "saving_by_step",
    "saving_of_lines",
    "saving_reached",
    "saving_spread",
    "shared_lives_ratio",
    "smooth_mean",
    "sobol_indices",
    "sobol_indices_of",
    "spread_by_coupling",
    "tornado",
    "variance_ratio_of_lives",
]
