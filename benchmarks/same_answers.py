"""One question, one answer: `python benchmarks/same_answers.py [SCENARIO ...]`.

Every analysis that fits or compares numbers is asked of stored runs under several settings of
OpenBLAS, each in a process of its own. Prints the largest relative difference from the first
setting, by scenario and analysis, in Markdown. Exit status 1 if any is above 1e-6. With another
library than OpenBLAS, and for kernels that the processor lacks, all settings are the same.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr

import stepdown
from stepdown import analysis
from stepdown.scenario.shipped import scenario_names

Answers = dict[str, list[float] | list[str]]

LARGEST_DIFFERENCE = 1e-6
SETTINGS = {
    "1 thread": {"OPENBLAS_NUM_THREADS": "1"},
    "2 threads": {"OPENBLAS_NUM_THREADS": "2"},
    "Haswell": {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell"},
    "Zen": {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Zen"},
    "Sandybridge": {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Sandybridge"},
    "Prescott": {"OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Prescott"},
}
_WORTH = np.linspace(0.0, 200_000.0, 21)


def answers(result: xr.Dataset) -> Answers:
    """Return what each analysis says of a run: numbers and names, by analysis and variable."""
    asked = {
        "evpi": analysis.evpi(result),
        "evppi": analysis.evppi(result),
        "evsi": _evsi(result),
        "tornado": analysis.tornado(result),
        "first_order": analysis.first_order_indices(result),
        "best_strategy": analysis.best_strategy(result),
        "compare_strategies": analysis.compare_strategies(result),
        "marginal_saving": analysis.marginal_saving(result),
        "bookable": analysis.bookable(result),
        "reserve": analysis.reserve(result),
        "payback": analysis.payback_by_year(result),
        "level_reaching": _level(result),
    }
    if "months_in_step" in result:
        asked["frontier"] = analysis.frontier_switches(result)
        asked["acceptability"] = analysis.acceptability(result, _WORTH.tolist())
    return {
        f"{name}.{variable}": np.ravel(values.values).tolist()
        for name, said in asked.items()
        for variable, values in {**said.coords, **said.data_vars}.items()
    }


def _evsi(result: xr.Dataset) -> xr.Dataset:
    """Return what an evaluation of the first number that can be a ratio would be worth."""
    values = result.parameter_value.transpose("draw", "parameter").values
    first = int(np.flatnonzero((values > 0).all(axis=0) & (np.ptp(values, axis=0) > 0))[0])
    study = analysis.Evaluation(str(result.parameter.values[first]), 1000, 24, 0.25)
    return analysis.evsi(result, study)


def _level(result: xr.Dataset) -> xr.Dataset:
    """Return which level reaches the median saving of the last year."""
    year = int(result.year.values[-1])
    target = float(analysis.net_saving(result).sel(year=year).median())
    return analysis.level_reaching(result, target, year, 0.5, figure="net_saving")


def differences(first: Answers, other: Answers) -> dict[str, float]:
    """Return the largest relative difference of each analysis; infinite where names differ."""
    found: dict[str, float] = {}
    for key, values in first.items():
        left, right = np.array(values), np.array(other[key])
        name = key.partition(".")[0]
        found[name] = max(found.get(name, 0.0), _difference(left, right))
    return found


def _difference(left: np.ndarray, right: np.ndarray) -> float:
    """Return the largest difference relative to the larger of two numbers."""
    if left.shape != right.shape or (left.dtype.kind != "f" and not np.array_equal(left, right)):
        return float("inf")
    if left.dtype.kind != "f":
        return 0.0
    size = np.fmax(np.abs(left), np.abs(right))
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    apart = np.where(same, 0.0, np.abs(left - right) / np.where(size > 0, size, 1.0))
    return float(np.where(np.isnan(apart), np.inf, apart).max(initial=0.0))


def answers_under(setting: dict[str, str], stored: Path) -> Answers:
    """Return the answers of a process with a setting of OpenBLAS."""
    done = subprocess.run(
        [sys.executable, __file__, "--stored", str(stored)],
        env={**os.environ, **setting}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    found: Answers = json.loads(done.stdout)
    return found


def main() -> int:
    """Compare the settings on shipped scenarios and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenarios", nargs="*", default=scenario_names())
    parser.add_argument("--draws", type=int, default=256)
    parser.add_argument("--stored", type=Path, help="answer of this run, as JSON, and no more")
    options = parser.parse_args()
    if options.stored:
        sys.stdout.write(json.dumps(answers(stepdown.open_result(options.stored))))
        return 0
    names, worst = list(SETTINGS), 0.0
    sys.stdout.write("| Scenario | Analysis | " + " | ".join(names[1:]) + " |\n")
    sys.stdout.write("| --- | --- |" + " ---: |" * (len(names) - 1) + "\n")
    for scenario in options.scenarios:
        with tempfile.TemporaryDirectory() as folder:
            stored = Path(folder, "result.nc")
            stepdown.save_result(stepdown.simulate(scenario, n_draws=options.draws, seed=1), stored)
            found = [answers_under(setting, stored) for setting in SETTINGS.values()]
        rows = [differences(found[0], other) for other in found[1:]]
        for name in rows[0]:
            cells = [row[name] for row in rows]
            worst = max(worst, *cells)
            sys.stdout.write(f"| {scenario} | {name} | {' | '.join(f'{c:.0e}' for c in cells)} |\n")
        sys.stdout.flush()
    return int(worst > LARGEST_DIFFERENCE)


if __name__ == "__main__":
    sys.exit(main())
