"""What the calibration changes: `python benchmarks/calibration_effects.py [--write PAGE]`.

Runs Hørsholm, Faxe and Herning with the priors of their scenarios and with the shipped posterior,
with its rates alone and its effects alone, and with posteriors in which the spread between
municipalities is held at three values. Prints tables in Markdown; `--write` puts them between the
marks of a page. Posteriors for the three values are calibrated and kept in `--posteriors`.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import page
import xarray as xr

import stepdown
from stepdown import analysis
from stepdown.calibration.calibrate import calibrate
from stepdown.calibration.contents import write_contents
from stepdown.calibration.posterior import write_tree
from stepdown.calibration.smc import SamplerSettings
from stepdown.calibration.target_files import load_targets
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.scenario.learnt import learnt_numbers
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.tree import named_quantities, replace_quantities

TAUS = (0.03, 0.1, 0.3)
TAU = "tau_caseload"
CASELOAD = "caseload.elasticity.all"
PLACEMENT = "caseload.elasticity.by_class.placement"
MILLION = 1e6

RATES = ("moves.", "rate_factors.", "birthdays.")
"""How the names of rates begin; all other learnt numbers are effects."""
UNCHANGED = Quantity(value=1.0, unit="ratio", assumption="a factor that changes nothing")


@dataclass(frozen=True)
class Case:
    """A scenario, and the strategy that is read."""

    name: str
    title: str
    strategy: str
    line: str | None
    """The published saving, if there is one."""


CASES = (
    Case("hoersholm", "Hørsholm", "rettidig_indsats", "gross_saving"),
    Case("faxe", "Faxe", "faelles_om_forebyggelse", None),
    Case("herning", "Herning", "sverigesprogrammet", "final"),
)


def main() -> None:
    """Run every case in every variant, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--break-even-draws", type=int, default=100)
    parser.add_argument("--particles", type=int, default=500, help="of a calibration")
    parser.add_argument("--populations", type=int, default=4, help="of a calibration")
    parser.add_argument("--posteriors", type=Path, default=Path("out/posteriors"),
                        help="where posteriors for the three values are kept")  # fmt: skip
    options = parser.parse_args()
    settings = SamplerSettings(options.particles, options.populations)
    held = {tau: posterior_at(tau, options.posteriors, settings) for tau in TAUS}
    with tempfile.TemporaryDirectory() as folder:
        tables = [
            table_of(case, variants(case, held, Path(folder)), options.draws,
                     options.break_even_draws)
            for case in CASES
        ]  # fmt: skip
    text = f"{said_of(options.draws, options.break_even_draws)}\n\n" + "\n".join(tables)
    sys.stdout.write(text)
    if options.write:
        page.write(options.write, text)


def said_of(n_draws: int, n_break_even: int) -> str:
    """Return what the tables were made of."""
    contents = loaded_posterior().contents
    return (
        f"{n_draws:,} draws, seed 1, 2 replicates; break-even with {n_break_even} draws. Posterior "
        f"`{contents.calibration}`: {contents.n_draws:,} draws, {contents.n_targets} targets, "
        f"SHA-256 {contents.draws_sha256[:12]}. Money in DKK million, each scenario's price level."
    )


def loaded_posterior():
    """Return the shipped posterior."""
    return load_scenario("hoersholm-calibrated").posterior


def posterior_at(tau: float, folder: Path, settings: SamplerSettings) -> Path:
    """Return a posterior with the spread between municipalities held at a value, made if needed."""
    problem = load_targets("herning").with_fixed({TAU: tau})
    # Of other targets, models or settings it is another posterior.
    made_of = f"{settings}{problem.provenance}".encode()
    path = folder / f"herning-tau-{tau:g}-{hashlib.sha256(made_of).hexdigest()[:12]}.nc"
    if not path.with_suffix(".json").exists():
        sys.stderr.write(f"calibrating with {TAU} = {tau:g}\n")
        folder.mkdir(parents=True, exist_ok=True)
        write_tree(calibrate(problem, settings).tree, path)
        write_contents(path)
    return path.resolve()


def variants(case: Case, held: dict[float, Path], folder: Path) -> dict[str, LoadedScenario]:
    """Return the scenario with its priors, and with all or a part of what was learnt."""
    found = {"prior": load_scenario(case.name)}
    whole = load_scenario(f"{case.name}-calibrated")
    found["rates learnt"] = part_of(whole, found["prior"], are_rates=True)
    found["effects learnt"] = part_of(whole, found["prior"], are_rates=False)
    found["posterior"] = whole
    for tau, path in held.items():
        file = folder / f"{case.name}-{tau:g}.toml"
        file.write_text(
            f'schema_version = 1\nextends = "{case.name}-calibrated"\n'
            f'[posterior]\nfile = "{path}"\n', encoding="utf-8"
        )  # fmt: skip
        found[f"tau {tau:g}"] = load_scenario(file)
    return found


def part_of(whole: LoadedScenario, prior: LoadedScenario, *, are_rates: bool) -> LoadedScenario:
    """Return the calibrated scenario with only its rates, or only its effects, from the posterior.

    No file can say so: the prior of the caseload's effect rests on New York, and so does the
    posterior of the rates, a little. It is for looking at the parts alone.
    """
    before = named_quantities(prior.scenario)
    back = {
        id(number): before.get(name, UNCHANGED)
        for name, number in learnt_numbers(whole.scenario).items()
        if name.startswith(RATES) != are_rates
    }
    scenario = replace_quantities(whole.scenario, lambda _, own: back.get(id(own), own))
    return replace(whole, scenario=scenario)


def table_of(
    case: Case, scenarios: dict[str, LoadedScenario], n_draws: int, n_break_even: int
) -> str:
    """Return the table of one case: a column for each variant."""
    columns: list[list[str]] = []
    titles: list[str] = []
    for name, loaded in scenarios.items():
        sys.stderr.write(f"{case.name}: {name}\n")
        result = stepdown.simulate(loaded, n_draws, seed=1)
        rows = dict(figures_of(case, result))
        if name in ("prior", "posterior"):
            rows |= dict(break_even_of(case, loaded, n_break_even))
        columns.append(list(rows.values()))
        titles = max(titles, list(rows), key=len)
    cells = [
        (title, *(column[row] if row < len(column) else "" for column in columns))
        for row, title in enumerate(titles)
    ]
    return page.table(case.title, ("", *scenarios), cells)


def figures_of(case: Case, result: xr.Dataset) -> Iterator[tuple[str, str]]:
    """Yield the figures of one run, each with its title."""
    yield "Effect of the caseload: 50 % (10 to 90 %)", drawn(result, CASELOAD)
    yield "... on placements", drawn(result, PLACEMENT)
    if case.line is not None:
        reached = analysis.saving_reached(result).sel(strategy=case.strategy, line=case.line)
        year = int(reached.year[reached.value.notnull()][-1])
        yield f"P(saving of {year} reached) (95 %)", chance(reached.sel(year=year))
    gross = analysis.budget_years(result).gross_saving_dkk.sel(strategy=case.strategy)
    year = int(gross.year[min(3, gross.sizes["year"] - 1)])
    yield f"Saving on measures in {year}: 10, 50, 90 %", spread(gross.sel(year=year))
    value = analysis.present_value(result).sel(strategy=case.strategy)
    yield "Present value of net saving: 10, 50, 90 %", spread(value)
    middle = analysis.mean(value)
    yield "... mean (standard error)", f"{million(middle.value)} ({million(middle.error)})"
    yield "P(present value > 0) (95 %)", chance(analysis.probability(value > 0))
    back = analysis.payback_by_year(result).sel(strategy=case.strategy)
    yield f"P(paid back by {int(back.year[-1])}) (95 %)", chance(back.isel(year=-1))
    months = analysis.mean(analysis.placement_months_avoided(result)).sel(strategy=case.strategy)
    yield (
        "Placement months avoided, mean (standard error)",
        (f"{float(months.value):.0f} ({float(months.error):.0f})"),
    )


def break_even_of(case: Case, loaded: LoadedScenario, n_draws: int) -> Iterator[tuple[str, str]]:
    """Yield how strong the effects must be for the strategy just to pay."""
    found = analysis.break_even(loaded, case.strategy, n_draws=n_draws)
    title = "Break-even: times the median effects"
    if found.factor is None:
        most, value = found.present_value_dkk[-1]
        yield title, f"none up to {most:g} (present value then {million(value)})"
        return
    yield title, f"{found.factor:.2f}"
    if found.elasticity is not None:
        yield "... which is an effect of the caseload of", f"{found.elasticity:.2f}"


def drawn(result: xr.Dataset, name: str) -> str:
    """Return the middle and the band of a number as it was drawn."""
    low, middle, high = np.quantile(result.parameter_value.sel(parameter=name), (0.1, 0.5, 0.9))
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def chance(found: xr.Dataset) -> str:
    """Return a probability with its interval."""
    value, low, high = (100 * float(found[name]) for name in ("value", "low", "high"))
    return f"{value:.0f} % ({low:.0f}-{high:.0f})"


def spread(values: xr.DataArray) -> str:
    """Return the 10, 50 and 90 % quantiles over all futures, in millions."""
    return ", ".join(million(v) for v in np.quantile(values, (0.1, 0.5, 0.9)))


def million(amount: float | xr.DataArray | Sequence[float]) -> str:
    """Return an amount in millions."""
    return f"{float(np.asarray(amount)) / MILLION:.1f}"


if __name__ == "__main__":
    main()
