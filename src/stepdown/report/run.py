"""The job behind `stepdown run`: simulate, write the result, sum up, and print."""

import contextlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import xarray as xr
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stepdown.analysis import BreakEven, break_even, own_payer
from stepdown.errors import InputError, Problem, RunError, StepdownError
from stepdown.kernel.cache import is_kept
from stepdown.report.accounts import accounts_table
from stepdown.report.budget_csv import budget_csv
from stepdown.report.budget_lines import summarise_lines
from stepdown.report.children import children_csv
from stepdown.report.console import print_break_even, print_summaries
from stepdown.report.doubts import doubts
from stepdown.report.drawing import drawn
from stepdown.report.means import means_csv, print_means, summarise_means
from stepdown.report.out_folder import OutFolder
from stepdown.report.summary import StrategySummary, summarise
from stepdown.report.terminal import terminal
from stepdown.report.whose_money import whose_unit
from stepdown.report.words import Language, kroner, millions, number, word
from stepdown.sampling import check_linear
from stepdown.scenario import LoadedScenario, load_scenario
from stepdown.simulation import compiled_parts, simulate
from stepdown.streams import complain, say_json
from stepdown.warming import cold_parts, warm

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["RunRequest", "run_and_report"]

_BREAK_EVEN_DRAWS = 100  # behind each effect tried
_MISFIT = 0.05  # of the documented stock; beyond it a step is named in a warning
_PAPERS = ("report.html", "report.pdf", "budget.xlsx")
"""What other commands make from a run and put beside it."""


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
        A draw has impossible values; or the run is through, and a file could not be written.
    """
    loaded = load_scenario(request.scenario)
    _check_break_even(request, loaded)
    with OutFolder(request.out) as out:
        result = _simulate(request, loaded)
        out.keep(result)
        if request.purpose == "expectation":
            _report_means(request, loaded, result, out)
        else:
            _report(request, loaded, result, out)
    out.raise_failures()


def _report(
    request: RunRequest, loaded: LoadedScenario, result: xr.Dataset, out: OutFolder
) -> None:
    """Report a run: what it saves, with its spread."""
    lang, level = request.lang, result.attrs["price_level"]
    whose = whose_unit(result, lang)
    with _summing_up():
        summaries = summarise(result)
    out.add("budget.csv", lambda: _csv(budget_csv(summaries, level, lang, whose)))
    _add_children(result, lang, out)
    if request.out is not None:
        out.add_picture("savings.png", drawn("savings.png", lambda: _figure(result, lang)))
    # Before anything is printed, and before the break-even, which takes a minute.
    written = out.put()
    if request.shows == "json":
        say_json(_document(result, summaries, _break_even(request, loaded)))
    console = terminal(quiet=request.shows != "tables")
    print_summaries(console, result, summaries, lang)
    if "cost_dkk" in result:
        console.print(_baseline_cost(result, lang))
    for part in accounts_table(loaded.scenario, result, lang):
        console.print(part)
    if request.shows == "tables":
        print_break_even(console, result, _break_even(request, loaded), lang)
    _warn(request, result, loaded)
    for path in written:
        console.print(word("written", lang).format(path), style="dim", soft_wrap=True)
    _tell_earlier(request)


def _report_means(
    request: RunRequest, loaded: LoadedScenario, result: xr.Dataset, out: OutFolder
) -> None:
    """Report a run for expectations: means with their errors."""
    lang = request.lang
    with _summing_up():
        means = summarise_means(loaded, result)
    level, whose = result.attrs["price_level"], whose_unit(result, lang)
    out.add("budget.csv", lambda: _csv(means_csv(means, level, lang, whose)))
    _add_children(result, lang, out)
    written = out.put()
    if request.shows == "json":
        say_json(_head(result) | {"strategies": [asdict(one) for one in means]})
    console = terminal(quiet=request.shows != "tables")
    print_means(console, result, means, lang)
    _warn(request, result, loaded)
    for path in written:
        console.print(word("written", lang).format(path), style="dim", soft_wrap=True)
    if written:
        console.print(word("no_figure", lang), style="dim")
    _tell_earlier(request)


def _tell_earlier(request: RunRequest) -> None:
    """Tell on stderr which papers in the folder are of a run that is no longer there."""
    if request.out is None:
        return
    for name in _PAPERS:
        if (request.out / name).exists():
            complain(word("earlier_run", request.lang).format(name))


@contextlib.contextmanager
def _summing_up() -> Iterator[None]:
    """Tell in a line that a run cannot be summed up; its result is kept."""
    try:
        yield
    except StepdownError:
        raise
    except Exception as error:
        what = f"the run is through, but cannot be summed up: {type(error).__name__}: {error}"
        raise RunError(what) from error


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


def _add_children(result: xr.Dataset, lang: Language, out: OutFolder) -> None:
    if "months_in_step" in result:
        out.add("children.csv", lambda: _csv(children_csv(result, lang)))


def _csv(text: str) -> bytes:
    # The mark at the start tells Danish spreadsheets that the file is UTF-8.
    return text.encode("utf-8-sig")


def _figure(result: xr.Dataset, lang: Language) -> "Figure":
    from stepdown.report.plots import fan_figure

    return fan_figure(result, lang)
