"""The job behind `stepdown calibrate`: learn, print what was learnt, and write the posterior."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from stepdown.calibration.calibrate import Calibration, calibrate
from stepdown.calibration.checks import LeftOut, back_cast, leave_one_out
from stepdown.calibration.contents import write_posterior
from stepdown.calibration.diagnostics import (
    ESS_LIMIT,
    RHAT_LIMIT,
    Fit,
    Learnt,
    conflicts,
    fits,
    learnt,
    unreliable,
)
from stepdown.calibration.history import LIMIT
from stepdown.calibration.problem import CalibrationProblem
from stepdown.calibration.smc import SamplerSettings
from stepdown.calibration.state import forget_damaged, forget_state
from stepdown.calibration.target_files import LoadedTargets, read_targets
from stepdown.endings import tell, undone
from stepdown.errors import InputError, Problem, StepdownError, shown
from stepdown.extras import require
from stepdown.report.drawing import drawn
from stepdown.report.plots import plot_targets
from stepdown.report.plots.style import figure_of
from stepdown.report.terminal import Grid, terminal
from stepdown.report.words import Language, number, percent, word
from stepdown.report.words_of_calibration import calibrated
from stepdown.streams import complain, say_json
from stepdown.writing import (
    check_replaceable,
    forget_folders,
    make_folder,
    unwritten,
    write_whole,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CalibrationRequest", "calibrate_and_report"]

_LEARNT = 0.05  # of the prior's variance
_ENOUGH = 0.1  # effective share of reweighted draws
_BESIDE = (".json", ".png")
_OUT = ("--out", "the posterior is written there", "name a file in a folder that you may write in")


@dataclass(frozen=True)
class _Findings:
    """All that a calibration is reported by."""

    found: Calibration
    again: Calibration | None
    """The back-cast."""
    predicted: tuple[str, ...]
    """Targets that the back-cast predicts."""
    left: tuple[LeftOut, ...]


@dataclass(frozen=True)
class CalibrationRequest:
    """What the user asked for."""

    targets: str
    settings: SamplerSettings
    fixed: dict[str, float]
    """Numbers held at a value."""
    out: Path | None
    n_threads: int | None
    lang: Language
    shows: Literal["tables", "json"]
    leave_one_out: bool


def calibrate_and_report(request: CalibrationRequest) -> None:
    """Calibrate as asked, print what was found, and write the posterior.

    Raises
    ------
    InputError
        The file of targets is wrong, a target cannot be met, or the posterior cannot be written.
    MissingExtraError
        arviz-stats is missing or too old.
    """
    require("a calibration", "calibrate")
    loaded = read_targets(request.targets)
    problem = loaded.problem.with_fixed(request.fixed)
    made = [] if request.out is None else _check_out(request.out)
    try:
        with undone(lambda: forget_folders(made)):
            found = _calibrated(problem, request)
            # Before what takes long and before anything is printed: nothing after it loses it.
            failure = None if request.out is None else _written(found, request.out, request.lang)
            again = _back_cast(loaded, problem, request)
            left = leave_one_out(problem, found.tree) if request.leave_one_out else ()
    finally:
        forget_folders(made)
    findings = _Findings(found, again, loaded.file.predicted_from_the_rest, left)
    if request.shows == "json":
        say_json(_document(findings))
    else:
        _print(findings, request.lang)
    if failure is not None:
        raise failure


def _written(found: Calibration, out: Path, lang: Language) -> StepdownError | None:
    """Write a posterior, what it holds and its figure; return what kept it from being written.

    Only then the state is no longer needed.
    """
    try:
        write_posterior(found.tree, out)
    except OSError as error:
        return unwritten(out, error, *_OUT)
    forget_state(_state(out))
    picture = drawn(out.with_suffix(".png").name, lambda: _picture(found, lang))
    try:
        if picture is None:
            out.with_suffix(".png").unlink(missing_ok=True)
        else:
            write_whole(out.with_suffix(".png"), picture)
    except OSError as error:
        complain(str(unwritten(out.with_suffix(".png"), error, *_OUT)))
    said = word("written", lang).format(out)
    terminal(errors=True).print(said, style="dim", soft_wrap=True)
    return None


def _picture(found: Calibration, lang: Language) -> "Figure":
    """Draw how the targets are met."""
    labels = {t.name: getattr(t.label, lang) for t in found.problem.targets}
    return figure_of(plot_targets(fits(found.tree), labels=labels, lang=lang))


def _state(out: Path) -> Path:
    """Return the folder of what a calibration has done so far."""
    return out.with_name(f"{out.name}.state")


def _check_out(out: Path) -> list[Path]:
    """Refuse a file that cannot be written, before anything is computed; return folders made."""
    if out.suffix.lower() in _BESIDE:
        rule = "what a posterior holds, and its figure, are written beside it under these endings"
        fix = f"--out {out.with_suffix('.nc')}"
        raise InputError([Problem(str(out), 0, "--out", f"ends in {out.suffix}", rule, fix)])
    try:
        made = make_folder(out.parent)
        check_replaceable(out)
    except OSError as error:
        raise unwritten(out, error, *_OUT) from None
    return made


def _calibrated(problem: CalibrationProblem, request: CalibrationRequest) -> Calibration:
    """Calibrate with a progress bar; an interruption keeps what is done beside `out`."""
    err = terminal(errors=True)
    state = None if request.out is None else _state(request.out)
    if state is not None and state.is_dir():
        for file in forget_damaged(state):
            complain(calibrated("damaged", request.lang).format(shown(str(file))))
        if any(state.iterdir()):
            err.print(calibrated("resuming", request.lang).format(state))
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        tasks = [bar.add_task(f"{problem.name} {n + 1}", total=1.0)
                 for n in range(request.settings.n_populations)]  # fmt: skip

        def told(population: int, power: float) -> None:
            # Tempering takes even steps in the logarithm of the power, until it is 1.
            bar.update(tasks[population], completed=power**0.25)

        said = calibrated("interrupted", request.lang).format(state)
        try:
            with undone(lambda: None if state is None else tell(said)):
                return calibrate(problem, request.settings, state=state, progress=told,
                                 n_threads=request.n_threads)  # fmt: skip
        except InputError:
            if state is not None:
                forget_state(state)
            raise


def _back_cast(
    loaded: LoadedTargets, problem: CalibrationProblem, request: CalibrationRequest
) -> Calibration | None:
    """Predict what came later from what was known earlier, where the file says which is which."""
    if not loaded.file.predicted_from_the_rest:
        return None
    used = frozenset(
        t.name for t in problem.targets
        if t.name in loaded.file.known_early
        or (t.is_used and t.name not in loaded.file.predicted_from_the_rest)
    )  # fmt: skip
    # Quantiles of what is predicted need fewer draws than what is learnt.
    fewer = replace(request.settings, n_particles=max(request.settings.n_particles // 2, 50),
                    n_populations=2)  # fmt: skip
    return back_cast(problem, used, fewer)


def _document(findings: _Findings) -> dict[str, Any]:
    found, again = findings.found, findings.again
    return {
        "schema_version": 1,
        "calibration": found.problem.name,
        "settings": asdict(found.settings),
        "history": [asdict(match) for match in found.matches],
        "numbers": [asdict(each) for each in learnt(found.tree)],
        "targets": [asdict(fit) for fit in fits(found.tree)],
        "back_cast": None if again is None else [asdict(fit) for fit in fits(again.tree)],
        "left_out": [asdict(each) for each in findings.left],
    }


def _print(findings: _Findings, lang: Language) -> None:
    console, found = terminal(), findings.found
    said, numbers, met = found.settings, learnt(found.tree), fits(found.tree)
    line = calibrated("settings", lang).format(
        populations=said.n_populations, particles=said.n_particles, seed=said.seed
    )
    console.print(Text.assemble((found.problem.name, "bold"), f" ({line})"))
    labels = {t.name: getattr(t.label, lang) for t in found.problem.targets}
    for table in (_history(found, labels, lang), _fits(met, labels, lang), _numbers(numbers, lang)):
        console.print()
        console.print(table)
    rest = sum(1 for each in numbers if each.narrowed < _LEARNT)
    console.print(calibrated("unlearnt", lang).format(count=rest))
    for text in _out_of_reach(found, lang):
        console.print(text)
    for text in _verdicts(numbers, met, labels, said.n_populations, lang):
        console.print(text)
    if findings.again is not None:
        console.print()
        console.print(_back_cast_table(findings.again, findings.predicted, labels, lang))
    if findings.left:
        console.print()
        console.print(_left_out(found, findings.left, lang))
        console.print(calibrated("left_out_note", lang).format(least=round(_ENOUGH * 100)))


def _verdicts(
    numbers: tuple[Learnt, ...], met: tuple[Fit, ...], labels: dict[str, str], n: int,
    lang: Language,
) -> list[str]:  # fmt: skip
    """Return whether the posterior may be believed, and which targets it does not meet."""
    limits = {"rhat_limit": number(RHAT_LIMIT, lang, 2), "ess_limit": number(ESS_LIMIT * n, lang)}
    bad = unreliable(numbers, n)
    said = []
    if bad:
        names = ", ".join(_label(each, lang) for each in bad)
        said.append(calibrated("unreliable", lang).format(names=names, **limits))
    else:
        worst = {
            "rhat": number(max(each.rhat for each in numbers), lang, 3),
            "ess": number(min(each.ess for each in numbers), lang),
        }
        said.append(calibrated("reliable", lang).format(**worst, **limits))
    against = conflicts(met)
    if against:
        names = ", ".join(labels[fit.name] for fit in against)
        said.append(calibrated("conflict", lang).format(names=names))
    return said


def _out_of_reach(found: Calibration, lang: Language) -> list[str]:
    """Return a warning that names held-out targets which no draw of the prior comes near."""
    pairs = zip(found.matches, found.problem.targets, strict=True)
    names = [getattr(t.label, lang) for m, t in pairs if not t.is_used and m.least > LIMIT]
    return [calibrated("out_of_reach", lang).format(names=", ".join(names))] if names else []


def _history(found: Calibration, labels: dict[str, str], lang: Language) -> Grid:
    rows = []
    for match, target in zip(found.matches, found.problem.targets, strict=True):
        scale = target.spread if target.kind == "binomial" else 1.0
        rows.append(
            (
                labels[target.name],
                _unit(target.unit, lang),
                _figure(target.observed, target.unit, lang),
                _bands(tuple(scale * v for v in match.expected), target.unit, lang),
                number(match.least, lang, 1),
                percent(match.share, lang),
            )
        )
    heads = ("target", "unit", "observed", "prior", "nearest", "share")
    return _grid(calibrated("history", lang), heads, rows, lang)


def _fits(met: tuple[Fit, ...], labels: dict[str, str], lang: Language) -> Grid:
    rows = [
        (
            labels[fit.name],
            _unit(fit.unit, lang),
            _figure(fit.observed, fit.unit, lang),
            _bands(fit.posterior, fit.unit, lang),
            percent(fit.surprise, lang),
            calibrated("used" if fit.is_used else "held_out", lang),
        )
        for fit in met
    ]
    heads = ("target", "unit", "observed", "posterior", "surprise", "use")
    return _grid(calibrated("fits", lang), heads, rows, lang)


def _numbers(numbers: tuple[Learnt, ...], lang: Language) -> Grid:
    rows = []
    for each in sorted(numbers, key=lambda n: -n.narrowed):
        if each.narrowed >= _LEARNT:
            bands = (_bands(b, each.unit, lang) for b in (each.prior, each.posterior))
            rows.append((_label(each, lang), each.unit, *bands, percent(each.narrowed, lang)))
    title = calibrated("learnt", lang).format(least=round(_LEARNT * 100))
    return _grid(title, ("number", "unit", "prior", "posterior", "narrowed"), rows, lang)


def _back_cast_table(
    again: Calibration, predicted: tuple[str, ...], labels: dict[str, str], lang: Language
) -> Grid:
    rows = [
        (
            labels[fit.name],
            _unit(fit.unit, lang),
            _figure(fit.observed, fit.unit, lang),
            _bands(fit.posterior, fit.unit, lang),
            percent(fit.surprise, lang),
        )
        for fit in fits(again.tree)
        if fit.name in predicted
    ]
    heads = ("target", "unit", "observed", "predicted", "surprise")
    return _grid(calibrated("back_cast", lang), heads, rows, lang)


def _left_out(found: Calibration, left: tuple[LeftOut, ...], lang: Language) -> Grid:
    rows = []
    by_name = {t.name: t for t in found.problem.targets}
    for each in left:
        target = by_name[each.name]
        rows.append(
            (
                getattr(target.label, lang),
                _figure(each.observed, target.unit, lang),
                _bands(each.expected, target.unit, lang),
                number(each.distance, lang, 1),
                percent(each.effective, lang),
            )
        )
    heads = ("target", "observed", "predicted", "distance", "effective")
    return _grid(calibrated("left_out", lang), heads, rows, lang)


def _grid(
    title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], lang: Language
) -> Grid:
    """Return a table whose texts, the unit among them, stand before its figures."""
    n_names = 2 if "unit" in heads else 1
    return Grid(title, [calibrated(key, lang) for key in heads], rows, n_names)


def _label(each: Learnt, lang: Language) -> str:
    return each.label_da if lang == "da" else each.label_en


def _bands(values: tuple[float, ...], unit: str, lang: Language) -> str:
    return " / ".join(_figure(value, unit, lang) for value in values)


def _figure(value: float, unit: str, lang: Language) -> str:
    """Return a figure with three digits that count; kroner in millions."""
    shown = value / 1e6 if unit == "DKK" else value
    size = abs(shown)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return number(shown, lang, decimals)


def _unit(unit: str, lang: Language) -> str:
    return word("million", lang) if unit == "DKK" else unit
