"""What the shipped posterior learnt: `python benchmarks/calibration_page.py [--write PAGE]`.

Prints tables in Markdown of what was learnt, how every target is met, and the back-cast, which is
calibrated anew with fewer draws; `--write` puts them between the marks of a page, and the figure of
all targets beside it as `calibration.png`.
"""

import argparse
import sys
from pathlib import Path

import page
import xarray as xr

from stepdown.calibration.checks import back_cast
from stepdown.calibration.diagnostics import Fit, fits, learnt
from stepdown.calibration.smc import SamplerSettings
from stepdown.calibration.target_files import LoadedTargets, read_targets
from stepdown.report.plots import plot_targets
from stepdown.report.plots.style import figure_of
from stepdown.scenario.shipped import shipped_folder

LEAST = 0.1  # of the prior's variance; numbers that narrow less are counted only


def main() -> None:
    """Read the posterior, print or write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", type=Path, help="page to write the tables into")
    parser.add_argument("--particles", type=int, default=200, help="of the back-cast")
    options = parser.parse_args()
    loaded = read_targets("herning")
    file = shipped_folder() / "posteriors" / "herning.nc"
    tree = xr.open_datatree(file, engine="h5netcdf").load()
    labels = {t.name: t.label.en for t in loaded.problem.targets}
    settings = SamplerSettings(n_particles=options.particles, n_populations=2)
    parts = numbers(tree), targets(labels, fits(tree)), later(loaded, labels, settings)
    text = "\n".join(parts)
    if options.write is None:
        sys.stdout.write(text)
        return
    page.write(options.write, text)
    axes = plot_targets(fits(tree), labels=labels, lang="en")
    figure_of(axes).savefig(options.write.with_suffix(".png"), dpi=110)


def numbers(tree: xr.DataTree) -> str:
    """Return the numbers that were learnt about, those most narrowed first."""
    found = sorted(learnt(tree), key=lambda each: -each.narrowed)
    told = [each for each in found if each.narrowed >= LEAST]
    rows = [
        (each.label_en, each.unit, bands(each.prior), bands(each.posterior), f"{each.narrowed:.0%}")
        for each in told
    ]
    draws = tree["posterior"].to_dataset().sizes
    note = (
        f"{len(found) - len(told)} other numbers narrow by less than {LEAST:.0%}. R-hat is at most "
        f"{max(each.rhat for each in found):.3f}, the effective sample size at least "
        f"{min(each.ess for each in found):,.0f} of {draws['chain']} x {draws['draw']} draws."
    )
    heading = (
        "Number",
        "Unit",
        "Prior 10 / 50 / 90 %",
        "Posterior 10 / 50 / 90 %",
        "Variance less",
    )
    return page.table("What was learnt", heading, rows, note)


def targets(labels: dict[str, str], met: tuple[Fit, ...]) -> str:
    """Return every target with what prior and posterior expect of it."""
    rows = [
        (
            labels[fit.name],
            *observed(fit),
            bands(fit.prior, fit.unit),
            bands(fit.posterior, fit.unit),
            f"{fit.surprise:.0%}",
            "learnt from" if fit.is_used else "held out",
        )
        for fit in met
    ]
    heading = ("Target", "Unit", "Observed", "Prior 10 / 50 / 90 %", "Posterior 10 / 50 / 90 %",
               "P(as far out again)", "Use")  # fmt: skip
    return page.table("How every target is met", heading, rows)


def later(loaded: LoadedTargets, labels: dict[str, str], settings: SamplerSettings) -> str:
    """Return what came last, predicted from what was known earlier."""
    last = loaded.file.predicted_from_the_rest
    used = {t.name for t in loaded.problem.targets if t.is_used and t.name not in last}
    again = back_cast(loaded.problem, frozenset(used | set(loaded.file.known_early)), settings)
    rows = [
        (labels[fit.name], *observed(fit), bands(fit.posterior, fit.unit), f"{fit.surprise:.0%}")
        for fit in fits(again.tree)
        if fit.name in last
    ]
    heading = ("Target", "Unit", "Observed", "Predicted 10 / 50 / 90 %", "P(as far out)")
    return page.table("Back-cast: the end, predicted from what was known midway", heading, rows)


def observed(fit: Fit) -> tuple[str, str]:
    """Return the unit and what was observed; kroner in millions."""
    return "DKK million" if fit.unit == "DKK" else fit.unit, figure(fit.observed, fit.unit)


def bands(values: tuple[float, ...], unit: str = "") -> str:
    """Return quantiles side by side."""
    return " / ".join(figure(value, unit) for value in values)


def figure(value: float, unit: str) -> str:
    """Return a figure with three digits that count."""
    shown = value / 1e6 if unit == "DKK" else value
    size = abs(shown)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{shown:,.{decimals}f}"


if __name__ == "__main__":
    main()
