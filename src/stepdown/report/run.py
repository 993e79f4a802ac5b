"""The job behind `stepdown run`: simulate, sum up, print, and write all files or none."""

import json
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import xarray as xr
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stepdown.analysis import BreakEven, break_even, own_payer
from stepdown.analysis.purpose import is_for_expectation
from stepdown.errors import InputError, Problem
from stepdown.extras import lack
from stepdown.kernel.cache import is_kept
from stepdown.report.accounts import accounts_table
from stepdown.report.budget_csv import budget_csv
from stepdown.report.budget_lines import summarise_lines
from stepdown.report.children import children_csv
from stepdown.report.console import print_break_even, print_summaries
from stepdown.report.doubts import doubts
from stepdown.report.means import means_csv, print_means, summarise_means
from stepdown.report.summary import StrategySummary, summarise
from stepdown.report.terminal import terminal
from stepdown.report.whose_money import whose_unit
from stepdown.report.words import Language, kroner, millions, number, word
from stepdown.sampling import check_linear
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.simulation import compiled_parts, simulate
from stepdown.store import save_result
from stepdown.warming import cold_parts, warm

__all__ = ["RunRequest", "run_and_report"]

_BREAK_EVEN_DRAWS = 100  # behind each effect tried
_MISFIT = 0.05  # of the documented stock; beyond it a step is named in a warning


@dataclass(frozen=True)
class RunRequest:
    """What the user asked for."""

    scenario: str
    n_draws: int
    n_replicates: int | None
    """None: what the purpose asks for."""
    seed: int
    n_threads: int | None
    out: Path | None
    lang: Language
    shows: Literal["tables", "json", "nothing"]
    break_even: bool
    precision: float | None
    max_draws: int
    design: Literal["independent", "sobol"]
    purpose: Literal["distribution", "expectation"]
    n_children: int | None


def run_and_report(request: RunRequest) -> None:
    """Run a scenario and report it as asked.

    Raises
    ------
    InputError
        The scenario is wrong, or the output folder cannot be written.
    RunError
        A draw has impossible values.
    """
    loaded = load_scenario(request.scenario)
    _check_break_even(request, loaded)
    out = None if request.out is None else _OutFolder(request.out)
    try:
        result = _simulate(request, loaded)
        if request.purpose == "expectation":
            _report_means(request, loaded, result, out)
            return
        summaries = summarise(result)
        points = _break_even(request, loaded)
        if request.shows == "json":
            document = _document(result, summaries, points)
            print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201
        console = terminal(quiet=request.shows != "tables")
        lang = request.lang
        written = []
        if out is not None:
            # Before anything is printed: a reader who leaves a pager early loses no result.
            budget = budget_csv(
                summaries, result.attrs["price_level"], lang, whose_unit(result, lang)
            )
            written = out.write(result, budget, lang)
        print_summaries(console, result, summaries, lang)
        if "cost_dkk" in result:
            console.print(_baseline_cost(result, lang))
        for part in accounts_table(loaded.scenario, result, lang):
            console.print(part)
        print_break_even(console, result, points, lang)
        _warn(request, result, loaded)
        for path in written:
            console.print(word("written", lang).format(path), style="dim", soft_wrap=True)
    except BaseException:
        if out is not None:
            out.leave()
        raise


def _report_means(
    request: RunRequest, loaded: LoadedScenario, result: xr.Dataset, out: "_OutFolder | None"
) -> None:
    """Report a run for expectations: means with their errors."""
    means, lang = summarise_means(loaded, result), request.lang
    if request.shows == "json":
        document = _head(result) | {"strategies": [asdict(one) for one in means]}
        print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201
    console = terminal(quiet=request.shows != "tables")
    print_means(console, result, means, lang)
    _warn(request, result, loaded)
    if out is not None:
        level, whose = result.attrs["price_level"], whose_unit(result, lang)
        for path in out.write(result, means_csv(means, level, lang, whose), lang):
            console.print(word("written", lang).format(path), style="dim", soft_wrap=True)
        console.print(word("no_figure", lang), style="dim")


def _simulate(request: RunRequest, loaded: LoadedScenario) -> xr.Dataset:
    err = terminal(errors=True, quiet=request.shows == "nothing")
    if request.purpose == "expectation":
        check_linear(loaded)  # before anybody waits for compiling
    cold = cold_parts(compiled_parts(loaded.scenario))
    if cold:
        err.print(word("compiling" if is_kept() else "compiling_unkept", request.lang))
        warm(cold)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        # How many draws a precision takes is not known beforehand.
        total = request.n_draws if request.precision is None else None
        task = bar.add_task(loaded.scenario.name, total=total)
        return simulate(
            loaded,
            request.n_draws,
            request.seed,
            n_replicates=request.n_replicates,
            n_threads=request.n_threads,
            progress=lambda done: bar.advance(task, done),
            precision=request.precision,
            max_draws=request.max_draws,
            design=request.design,
            purpose=request.purpose,
            n_children=request.n_children,
        )


def _baseline_cost(result: xr.Dataset, lang: Language) -> str:
    """Return what measures cost in the last year without the investment."""
    year = int(result.year[-1])
    cost = result.cost_dkk.sel(strategy="baseline", year=year).sum("payer")
    low, middle, high = (millions(float(q), lang) for q in cost.quantile([0.1, 0.5, 0.9]))
    return word("baseline_cost", lang).format(year=year, low=low, middle=middle, high=high)


def _check_break_even(request: RunRequest, loaded: LoadedScenario) -> None:
    """Refuse a break-even where there is no effect to scale."""
    if request.break_even and not loaded.scenario.has_staircase:
        rule = "the break-even is that of effects on moves, and budget lines have none"
        problem = Problem(loaded.files[0].name, 0, "--break-even", "no staircase", rule,
                          "leave out --break-even")  # fmt: skip
        raise InputError([problem])


def _break_even(request: RunRequest, loaded: LoadedScenario) -> dict[str, BreakEven]:
    """Find every strategy's break-even effect, where asked for."""
    if not request.break_even:
        return {}
    draws = min(request.n_draws, _BREAK_EVEN_DRAWS)
    return {
        name: break_even(loaded, name, n_draws=draws, seed=request.seed)
        for name in loaded.scenario.strategies
    }


def _warn(request: RunRequest, result: xr.Dataset, loaded: LoadedScenario) -> None:
    """Say on stderr where rates and documented stock do not fit, and where a bound was exceeded."""
    if request.shows == "nothing" or not loaded.scenario.has_staircase:
        return
    err, lang = terminal(errors=True), request.lang
    for text in doubts(loaded.scenario, lang):
        err.print(text)
    stock = loaded.scenario.stock.children
    misfit = result.inflow_misfit.isel(target=0).mean("draw")
    for step, wanted in stock.items():
        off = float(misfit.sel(step=step))
        if abs(off) > max(_MISFIT * wanted, 0.5):
            label = result[f"step_{lang}"].sel(step=step).item()
            expected = number(wanted + off, lang, 1)
            err.print(word("misfit", lang).format(step=label, expected=expected, wanted=wanted))
    wanted = result.attrs.get("precision_dkk", float("inf"))
    error = result.attrs.get("headline_error_dkk", 0.0)
    if not error <= wanted:
        amounts = {"error": kroner(error, lang), "wanted": kroner(wanted, lang)}
        draws = number(result.attrs["n_draws"], lang)
        err.print(word("imprecise", lang).format(draws=draws, **amounts))
    if result.attrs["draws_over_bound"]:
        err.print(word("over_bound", lang).format(result.attrs["draws_over_bound"]))


def _document(
    result: xr.Dataset, summaries: list[StrategySummary], points: dict[str, BreakEven]
) -> dict[str, object]:
    return {
        **_head(result),
        "strategies": [asdict(summary) for summary in summaries],
        "budget_lines": [asdict(line) for line in summarise_lines(result)],
        "break_even": {name: asdict(point) for name, point in points.items()},
    }


def _head(result: xr.Dataset) -> dict[str, object]:
    """Return what every document says of its run."""
    keys = ("scenario", "scenario_sha256", "seed", "n_draws", "n_replicates", "price_level",
            "design", "purpose", "n_children", "precision_dkk", "headline_error_dkk")  # fmt: skip
    return {
        "schema_version": 1,
        "unit": "DKK",
        "payer": own_payer(result),
        **{key: _plain(result.attrs[key]) for key in keys if key in result.attrs},
    }


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else str(value)


class _OutFolder:
    """The output folder: proved writable before the run, left as it was if the run fails."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_new = not path.exists()
        try:
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
        except OSError as error:
            rule = "the results are written there"
            what = f"cannot be written: {error.strerror}"
            raise InputError(
                [Problem(str(path), 0, "--out", what, rule, "name a folder you may write in")]
            ) from None

    def leave(self) -> None:
        """Remove the folder again if this run made it and it is empty."""
        if self._is_new and not any(self._path.iterdir()):
            self._path.rmdir()

    def write(self, result: xr.Dataset, budget: str, lang: Language) -> list[Path]:
        """Write every file beside its name first, then put them all in place."""
        with tempfile.TemporaryDirectory(dir=self._path, prefix=".writing-") as folder:
            # The dataset is packed outside the interpreter's lock, beside tables and figure.
            with ThreadPoolExecutor(1) as beside:
                netcdf = beside.submit(save_result, result, Path(folder))
                made = _write_small(result, budget, lang, Path(folder))
                made.insert(0, netcdf.result())
            for path in made:
                os.replace(path, self._path / path.name)
        return [self._path / path.name for path in made]


def _write_small(result: xr.Dataset, budget: str, lang: Language, folder: Path) -> list[Path]:
    made = [_write_csv(folder / "budget.csv", budget)]
    if "months_in_step" in result:
        made.append(_write_csv(folder / "children.csv", children_csv(result, lang)))
    picture = None if is_for_expectation(result) else _write_figure(result, lang, folder)
    return made if picture is None else [*made, picture]


def _write_csv(path: Path, text: str) -> Path:
    # The mark at the start tells Danish spreadsheets that the file is UTF-8.
    path.write_text(text, encoding="utf-8-sig", newline="")
    return path


def _write_figure(result: xr.Dataset, lang: Language, folder: Path) -> Path | None:
    note = lack("savings.png was not drawn: it", "report", "matplotlib")
    if note is not None:
        print(note, file=sys.stderr)  # noqa: T201
        return None
    from stepdown.report.plots import fan_figure

    figure = fan_figure(result, lang)
    path = folder / "savings.png"
    figure.savefig(path, dpi=150)
    return path
