"""Chunks -> one labelled Dataset, with published lines and enough to run it again."""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown import budgetlines
from stepdown.lever_results import LEVER_UNITS
from stepdown.plan import Plan
from stepdown.scenario import LoadedScenario
from stepdown.scenario.budget_model import BudgetLine
from stepdown.scenario.learnt import kept_own, learnt_numbers
from stepdown.scenario.published_basis import published_basis
from stepdown.scenario.quantity import Label, YearRow
from stepdown.scenario.tree import figures
from stepdown.settings import RunSettings, settings_attributes, settings_coordinates

__all__ = ["BUDGET_LINES", "FORMAT", "RESIDUAL_LINES", "finish", "versions"]

FORMAT = 2
"""Number of the form that a result has, in its attributes: a reader takes this one alone.

Raised when a variable, coordinate or attribute is removed or means something else, or the file is
another; not when one is added. 2: the file ends in a seal.
"""

BUDGET_LINES, RESIDUAL_LINES = "budget-lines", "budget-lines-residual"
"""Published lines that stand for a strategy's budget lines; no file can name a line so."""

_UNITS = {
    "months_in_step": ("child-months", "time on each step, by the step held at the month's start"),
    "stock": ("children", "children on each step on 31 December"),
    "start_stock": ("children", "children on each step when the model starts"),
    "moves": ("moves", "moves made, and departures at birthdays"),
    "open_cases": ("cases", "weighted open cases within reach, mean of the year's months"),
    "requests": ("requests", "requests for a place on a step with a limit"),
    "displaced": ("children", "children whom a full step sent to its overflow"),
    "made_to_wait": ("children", "children who had to wait for a place"),
    "waiting_months": ("child-months", "months that children waited for a place"),
    "adult_cost_dkk": ("DKK", "spending on adult life; not part of any saving"),
    "price_dkk_per_month": ("DKK per child and month", "price of a step"),
    "cost_dkk": ("DKK", "spending on measures before transfers"),
    "one_off_dkk": ("DKK", "the part of the spending that moves cost, once each"),
    "casework_dkk": ("DKK", "caseworkers for more open cases than the baseline has"),
    "investment_dkk": ("DKK", "spending on the strategy, grants included"),
    "grant_dkk": ("DKK", "grants received less grants given"),
    "stranded_dkk": ("DKK", "fixed part of the price of emptied places under notice"),
    "refusion_dkk": ("DKK", "state reimbursement for costly children, received less given"),
    "gross_saving_dkk": ("DKK", "spending on measures, baseline less strategy"),
    "reinvested_dkk": ("DKK", "part of the saving on measures that is spent again"),
    "budget_reduction_dkk": ("DKK", "saving on measures less what is spent again"),
    "service_expenditure_dkk": ("DKK", "municipality's spending before grants and reimbursement"),
    "municipality_net_dkk": ("DKK", "municipality's spending after grants and reimbursement"),
    "public_expenditure_dkk": ("DKK", "spending of all payers; transfers cancel"),
    "net_saving_dkk": ("DKK", "gain of a payer; positive: that payer gains"),
    "discount_factor": ("1", "worth of a krone in the year the investment starts"),
    "outcome": ("outcome-years", "named outcome, summed over children and years"),
    "parameter_value": ("unit of the parameter", "drawn value of each uncertain number"),
    "inflow_misfit": ("children", "expected less documented stock"),
    "line_saving_dkk": ("DKK", "what a budget line saves; nan for a residual, which is not drawn"),
    "line_investment_dkk": ("DKK", "what a budget line costs, as published"),
    "line_published_dkk": ("DKK", "published saving of a budget line, positive"),
    "published_dkk": ("DKK", "published saving, positive"),
    "base_budget_dkk": ("DKK", "frame before the strategies, nan where the file says none"),
}


def finish(
    plan: Plan, loaded: LoadedScenario, chunks: list[xr.Dataset], over_bound: int, run: RunSettings
) -> xr.Dataset:
    """Join the chunks of a run; add published lines, units, labels and provenance."""
    draw_free = [name for name in chunks[0] if "draw" not in chunks[0][name].dims]
    assert not draw_free, "own invariant: every variable of a chunk has a draw"
    result = xr.concat(chunks, "draw", join="exact", coords="minimal", compat="override")
    result["published_dkk"] = _published(plan)
    if plan.scenario.budget_lines:
        rows = ("budget_line", "year", "payer")
        result["line_investment_dkk"] = (rows, budgetlines.line_investments(plan))
        result["line_published_dkk"] = (rows, budgetlines.published_savings(plan))
    if plan.scenario.base_budget is not None:
        stated = [plan.scenario.base_budget.stated(int(year)) for year in result.year.values]
        frame = [np.nan if amount is None else amount for amount in stated]
        result["base_budget_dkk"] = ("year", np.array(frame))
    for name, (unit, meaning) in (_UNITS | LEVER_UNITS).items():
        if name in result:
            result[name].attrs = {"units": unit, "long_name": meaning}
            if "DKK" in unit:
                result[name].attrs["price_level"] = plan.scenario.money.price_level
    _label(plan, result)
    result = result.assign_coords(settings_coordinates(run))
    result.attrs = _provenance(plan, loaded, over_bound, run)
    return result


def _published(plan: Plan) -> xr.DataArray:
    """Return the published lines, (strategy, line, year) [DKK], nan where a strategy has none.

    The budget lines of a strategy stand as one line, and their residuals as another.
    """
    rows: dict[tuple[str, str], NDArray[np.float64]] = {}
    for name, strategy in plan.scenario.strategies.items():
        for own, line in strategy.published.items():
            rows[name, own] = _named_years(plan, line.row)
    for both, lines in _lines_by_published(plan).items():
        named = np.array(
            [_named_years(plan, row) for line in lines for row in line.saving.values()]
        )
        rows[both] = np.where(np.isnan(named).all(axis=0), np.nan, np.nansum(named, axis=0))
    lines_named = sorted({own for _, own in rows})
    values = np.full((len(plan.strategies), len(lines_named), plan.n_years), np.nan)
    for (name, own), row in rows.items():
        values[plan.strategies.index(name), lines_named.index(own)] = row
    return xr.DataArray(
        values,
        {
            "strategy": list(plan.strategies),
            "line": lines_named,
            "year": plan.first_year + np.arange(plan.n_years),
        },
        ("strategy", "line", "year"),
    )


def _named_years(plan: Plan, row: YearRow) -> NDArray[np.float64]:
    """Return the amounts of the years that a row names, (year) [DKK], nan elsewhere."""
    years = [str(plan.first_year + year) for year in range(plan.n_years)]
    return np.array([row.by_year.get(year, np.nan) for year in years])


def _lines_by_published(plan: Plan) -> dict[tuple[str, str], list[BudgetLine]]:
    """Gather the budget lines that save by (strategy, published line), residuals apart."""
    gathered: dict[tuple[str, str], list[BudgetLine]] = {}
    for line in plan.scenario.budget_lines.values():
        own = RESIDUAL_LINES if line.kind == "residual" else BUDGET_LINES
        for strategy in line.strategies if line.saving else ():
            gathered.setdefault((strategy, own), []).append(line)
    return gathered


def _label(plan: Plan, result: xr.Dataset) -> None:
    """Give steps, strategies and payers their Danish and English names.

    Where the law of the time has a word of its own for a step, the step has that.
    """
    scenario = plan.scenario
    own = {} if scenario.law is None else scenario.laws[scenario.law].step_labels
    strategies = [scenario.baseline, *(s.label for s in scenario.strategies.values())]
    labels: dict[str, Sequence[Label]] = {
        "strategy": strategies,
        "payer": list(scenario.payers.values()),
    }
    if scenario.has_staircase:
        labels["step"] = [own.get(name, step.label) for name, step in scenario.steps.items()]
    if scenario.budget_lines:
        labels["budget_line"] = [line.label for line in scenario.budget_lines.values()]
    for dim, said in labels.items():
        result.coords[f"{dim}_da"] = (dim, [label.da for label in said])
        result.coords[f"{dim}_en"] = (dim, [label.en for label in said])
    part_of = [payer.part_of or "" for payer in scenario.payers.values()]
    result.coords["payer_part_of"] = ("payer", part_of)
    if scenario.has_staircase:
        result.coords["step_level"] = ("step", [step.level for step in scenario.steps.values()])
        result.coords["step_kind"] = ("step", [step.kind for step in scenario.steps.values()])
    if scenario.budget_lines:
        lines = scenario.budget_lines.values()
        members = [" ".join(line.strategies) for line in lines]
        result.coords["budget_line_kind"] = ("budget_line", [line.kind for line in lines])
        result.coords["budget_line_strategies"] = ("budget_line", members)


def _provenance(
    plan: Plan, loaded: LoadedScenario, over_bound: int, run: RunSettings
) -> dict[str, Any]:
    cited = _evidence_used(plan)
    stems = sorted({key.partition("/")[0] for key in cited})
    digest = hashlib.sha256("\0".join(file.text for file in loaded.files).encode()).hexdigest()
    return {
        "format": FORMAT,
        "title_da": plan.scenario.title.da,
        "title_en": plan.scenario.title.en,
        "scenario": plan.scenario.name,
        "scenario_sha256": digest,
        "scenario_text": json.dumps(_scenario_texts(loaded), ensure_ascii=False),
        "evidence": json.dumps(sorted(cited)),
        "evidence_text": json.dumps(
            {stem: loaded.evidence.text(stem) for stem in stems}, ensure_ascii=False
        ),
        "published": json.dumps(_published_kinds(plan, loaded)),
        **settings_attributes(run),
        "first_budget_year": plan.scenario.clock.first_budget_year,
        "price_level": plan.scenario.money.price_level,
        "draws_over_bound": over_bound,
        "law": plan.scenario.law or "",
        **_posterior(loaded),
        "versions": json.dumps(versions()),
    }


def _posterior(loaded: LoadedScenario) -> dict[str, str]:
    """Return where learnt numbers were drawn from: nothing where no number was learnt."""
    posterior, learnt = loaded.posterior, learnt_numbers(loaded.scenario)
    if posterior is None or not learnt:
        return {}
    said = {
        "calibration": posterior.contents.calibration,
        "file": posterior.draws.name,
        "sha256": posterior.contents.draws_sha256,
        "targets_sha256": posterior.contents.targets_sha256,
        "target_sources": list(posterior.contents.target_sources),
        "numbers": {name: number.variable for name, number in learnt.items()},
        "own": kept_own(loaded.scenario, posterior),
    }
    return {"posterior": json.dumps(said), "posterior_text": posterior.text}


def _scenario_texts(loaded: LoadedScenario) -> dict[str, str]:
    """Return the text of every file by a name of its own, the uppermost first."""
    texts: dict[str, str] = {}
    for file in loaded.files:
        folder, _, name = file.name.replace("\\", "/").rpartition("/")
        # Scenarios that extend each other are files of one name in folders of their own.
        if name in texts:
            name = f"{folder.rpartition('/')[2]}/{name}"
        while name in texts:
            name = f"_{name}"
        texts[name] = file.text
    return texts


def _published_kinds(plan: Plan, loaded: LoadedScenario) -> dict[str, dict[str, Any]]:
    """Return what each published line is, but its amounts."""
    found: dict[str, dict[str, Any]] = {
        f"{name}.{line_name}": {
            **line.model_dump(exclude={"row"}),
            "basis": published_basis(line, loaded.evidence),
        }
        for name, strategy in plan.scenario.strategies.items()
        for line_name, line in strategy.published.items()
    }
    for (name, own), lines in _lines_by_published(plan).items():
        kinds = sorted({line.kind for line in lines})
        basis = "target" if kinds == ["target"] else "budget"
        found[f"{name}.{own}"] = {"kind": kinds[-1], "scope": "budget_lines", "basis": basis}
    return found


def _evidence_used(plan: Plan) -> set[str]:
    return {key for _, figure in figures(plan.scenario) for key in figure.sources}


def versions() -> dict[str, str]:
    """Return the versions behind a result, by name of the package."""
    found = {}
    for name in ("stepdown", "numpy", "scipy", "numba", "xarray"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
