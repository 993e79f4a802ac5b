"""Pure functions on a result: what is saved, when, how sure, and what would change it."""

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
from stepdown.analysis.lines import gross_saving, lines_reached, saving_of_lines
from stepdown.analysis.payers import committees, of_payer
from stepdown.analysis.ratio import ratio_of_means
from stepdown.analysis.regression import (
    centred_parameters,
    regressed_mean,
    regression_on_draws,
)
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

__all__ = [
    "BreakEven",
    "bands",
    "break_even",
    "budget_kept",
    "budget_years",
    "centred_parameters",
    "children_beside_money",
    "children_on_steps",
    "committees",
    "control_variate",
    "controlled_mean",
    "deepest_deficit",
    "full_year_places",
    "gross_saving",
    "lines_reached",
    "luck_share",
    "mean",
    "net_saving",
    "of_payer",
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
    "saving_of_lines",
    "saving_reached",
    "saving_spread",
    "shared_lives_ratio",
    "spread_by_coupling",
    "variance_ratio_of_lives",
]
