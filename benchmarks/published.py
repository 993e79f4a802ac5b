"""Set every published line beside the model's: `python benchmarks/published.py [--write PAGE]`.

Prints a table in Markdown; `--write` puts it between the marks of a page. Lines that are inputs
(investments, grants) are compared to the krone; those that are hopes stand beside the distribution.
Takes a minute or two.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import xarray as xr

import stepdown
from stepdown import analysis
from stepdown.analysis.lines import gross_saving
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names

BEGIN, END = "<!-- published: begin -->", "<!-- published: end -->"
HEADINGS = ("Scenario", "Strategy", "Line", "Year", "Published", "10 %", "50 %", "90 %",
            "P(saving reached)", "P(budget kept)")  # fmt: skip


def main() -> None:
    """Run every shipped scenario that publishes something, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into this page")
    parser.add_argument("--draws", type=int, default=400)
    options = parser.parse_args()
    rows = [row for name in scenario_names() for row in rows_of(name, options.draws)]
    lines = [HEADINGS, ("---",) * 4 + ("---:",) * 6, *rows]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    text = (
        f"DKK thousand in each scenario's price level; {options.draws} draws, seed 1.\n\n{text}\n"
    )
    sys.stdout.write(text)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        before, _, rest = page.partition(BEGIN)
        after = rest.partition(END)[2]
        options.write.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")


def rows_of(name: str, n_draws: int) -> Iterator[tuple[str, ...]]:
    """Yield a row for every published line and year of a scenario."""
    loaded = load_scenario(name)
    scenario = loaded.scenario
    if not any(s.published for s in scenario.strategies.values()) and not scenario.budget_lines:
        return
    result = stepdown.simulate(loaded, n_draws=n_draws, seed=1)
    reached, kept = analysis.saving_reached(result), analysis.budget_kept(result)
    kinds = json.loads(result.attrs["published"])
    for strategy in reached.strategy.values:
        for line in reached.line.values:
            facts = kinds.get(f"{strategy}.{line}")
            for year in reached.year.values if facts else ():
                at = {"strategy": strategy, "line": line, "year": year}
                published = float(reached.published.sel(at))
                if np.isnan(published):
                    continue
                spread = ("", "", "")
                if facts["kind"] != "residual":
                    spread = _quantiles(_saved(result, facts, str(strategy), int(year)))
                probability = _percent(float(reached.value.sel(at)))
                if published == 0:
                    probability = "no saving promised"
                if facts["kind"] == "residual":
                    probability = "residual"
                own = "no base budget" if kept is None else _percent(
                    float(kept.value.sel(strategy=strategy, year=year)))  # fmt: skip
                label = f"{line} ({facts['kind']})"
                yield (name, str(strategy), label, str(year), _thousand(published), *spread,
                       probability, own)  # fmt: skip


def _saved(result: xr.Dataset, facts: dict[str, str], strategy: str, year: int) -> xr.DataArray:
    """Return what the line is compared with, (draw, replicate) [DKK]."""
    at = {"strategy": strategy, "year": year}
    if facts["scope"] == "net":
        return analysis.net_saving(result, facts.get("payer", "municipality")).sel(at)
    if facts["scope"] == "budget_lines":
        return gross_saving(result).sel(at)
    return result.gross_saving_dkk.sel(at)


def _quantiles(values: xr.DataArray) -> tuple[str, ...]:
    return tuple(_thousand(float(values.quantile(level))) for level in (0.1, 0.5, 0.9))


def _thousand(amount: float) -> str:
    return f"{amount / 1000:,.0f}"


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{share:.0%}"


if __name__ == "__main__":
    main()
