"""Pure functions on a result: what is saved, when, how sure, and what would change it."""

from stepdown.analysis.breakeven import BreakEven, break_even
from stepdown.analysis.children import children_beside_money, full_year_places
from stepdown.analysis.distribution import luck_share, mean, probability, quantiles
from stepdown.analysis.savings import (
    budget_kept,
    budget_years,
    deepest_deficit,
    net_saving,
    payback_year,
    present_value,
    saving_reached,
)

__all__ = [
    "BreakEven",
    "break_even",
    "budget_kept",
    "budget_years",
    "children_beside_money",
    "deepest_deficit",
    "full_year_places",
    "luck_share",
    "mean",
    "net_saving",
    "payback_year",
    "present_value",
    "probability",
    "quantiles",
    "saving_reached",
]
