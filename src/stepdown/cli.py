"""The command line.

Exit codes: 0 ok, 1 the run failed, 2 a mistake in input or usage, 130 interrupted, 141 nobody reads
on, 143 terminated.

Heavy libraries are imported inside the commands that need them, so that `--help` and `check` are
instant.
"""

import gc
import io
import os
import sys
from pathlib import Path
from typing import Any, Literal

import click

import stepdown
from stepdown.endings import heed_signals, undone
from stepdown.errors import StepdownError, shown
from stepdown.files.kroner import two_readings
from stepdown.streams import NotPrintedError, complain, prepare_streams, say, silence_output

__all__ = ["main"]

_EPILOG = (
    "Exit codes: 0 ok; 1 the run failed; 2 a mistake in input or usage; 130 interrupted; "
    "143 terminated."
)


class _PathType(click.Path):
    """A path that can be asked for: an empty one is a variable that is not set."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or refuse it before anything is computed."""
        if not str(value).strip():
            self.fail("it is empty, perhaps from a variable that is not set. Name a file or a "
                      "folder; . is the current one.", param, ctx)  # fmt: skip
        try:
            os.stat(value)
        except (FileNotFoundError, NotADirectoryError):
            pass
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            self.fail(f"{shown(str(value), 200)}: {why}. Name another.", param, ctx)
        return super().convert(value, param, ctx)


_PATH = _PathType()


def main() -> None:
    """Run the command line and exit."""
    # Draws are worked on side by side; a library that splits each small product again only waits.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Importing makes hundreds of thousands of objects and no garbage: a tenth of a small run went
    # to looking for some.
    gc.set_threshold(100_000)
    prepare_streams()
    heed_signals()
    try:
        with undone(_forget_unkept_code):
            code = _stepdown.main(standalone_mode=False)
        sys.stdout.flush()
    except NotPrintedError as error:
        code = _not_printed(error)
    except click.ClickException as error:
        _misused(error)
        code = error.exit_code
    except StepdownError as error:
        complain(str(error))
        code = error.exit_code
    except OSError as error:
        complain(shown(f"{error.filename or 'stepdown'}: {error.strerror or error}"))
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


class _Count(click.IntRange):
    """A whole number; 1.000 is told for what a Dane means by it."""

    name = "whole number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or say how a thousand is written."""
        readings = two_readings(value) if isinstance(value, str) else None
        if readings is not None and readings.thousands == int(readings.thousands):
            self.fail(
                f"{value}: thousands are not parted. Write {readings.thousands:.0f}", param, ctx
            )
        return int(super().convert(value, param, ctx))


class _Kroner(click.FloatRange):
    """An amount above 0 that can be read in one way: 50.000 is 50 to a program."""

    def __init__(self) -> None:
        super().__init__(0, min_open=True)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the amount, or say what both its readings are."""
        readings = two_readings(value) if isinstance(value, str) else None
        if readings is not None:
            self.fail(f"{readings.what}; {readings.fix}", param, ctx)
        return float(super().convert(value, param, ctx))


def _forget_unkept_code() -> None:
    """Remove compiled code that lasts as long as the process, if any was loaded."""
    cache = sys.modules.get("stepdown.kernel.cache")
    if cache is not None:
        cache.forget_unkept()


def _misused(error: click.ClickException) -> None:
    """Say how a command is used, and what was wrong: with the words of the command line as seen."""
    said = io.StringIO()
    error.show(said)
    complain("\n".join(shown(line) for line in said.getvalue().splitlines()))


def _not_printed(error: NotPrintedError) -> int:
    """Tell that standard output took no more, unless its reader has seen enough."""
    if not error.is_unread:
        complain(str(error))
    silence_output()
    return error.code


@click.group(
    name="stepdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
)
@click.version_option(stepdown.__version__, prog_name="stepdown")
def _stepdown() -> None:
    """Say what a municipality saves by helping children earlier, when, and how sure that is.

    SCENARIO is the name of a shipped scenario (see `stepdown scenarios`), a file, or a folder with
    a scenario.toml.
    """


@_stepdown.command()
@click.argument("scenario")
@click.option("--draws", default=1000, show_default=True,
              type=_Count(1, 10_000_000),
              help="Sets of assumptions: what we do not know.")  # fmt: skip
@click.option("--replicates", type=_Count(1, 1_000_000),
              help="Realisations of chance for each set: what is luck. Default: 2, with --for "
              "expectation 1.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=_Count(0, (1 << 64) - 1),
              help="The same seed gives the same bits.")  # fmt: skip
@click.option("--precision", type=_Kroner(),
              help="Go on until the simulation error of the mean present value is at most this, "
              "in kroner; --draws to begin with.")  # fmt: skip
@click.option("--max-draws", default=100_000, show_default=True,
              type=_Count(1, 10_000_000),
              help="Where --precision stops all the same.")  # fmt: skip
@click.option("--design", type=click.Choice(["independent", "sobol"]), default="independent",
              show_default=True,
              help="How draws are chosen; sobol: more evenly, for expectations.")  # fmt: skip
@click.option("--for", "purpose", type=click.Choice(["distribution", "expectation"]),
              default="distribution", show_default=True,
              help="expectation: means and their errors alone, from few children in each of many "
              "draws.")  # fmt: skip
@click.option("--children", type=_Count(1),
              help="With --for expectation: how many children to expect in a draw. Default: "
              "1000.")  # fmt: skip
@click.option("--threads", type=_Count(1, 4096), help="Default: one per processor.")
@click.option("--out", type=_PATH,
              help="Folder for result.nc, CSV files and figure; made if missing.")  # fmt: skip
@click.option("--lang", type=click.Choice(["da", "en"]), default="da",
              show_default=True, help="Language of tables, files and figure.")  # fmt: skip
@click.option("--break-even", is_flag=True,
              help="Also find the effect at which each strategy just pays for itself.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, nothing else.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
def run(scenario: str, **options: Any) -> None:
    """Simulate SCENARIO and print what it saves by budget year."""
    if options["purpose"] == "distribution" and options["children"] is not None:
        raise click.UsageError(
            "--children goes with --for expectation: a distribution needs the real number of "
            "children. Leave out --children, or add --for expectation."
        )
    if options["purpose"] == "expectation" and options["break_even"]:
        raise click.UsageError(
            "--break-even does not go with --for expectation: it simulates all the children. "
            "Leave out one of them."
        )
    from stepdown.report.run import RunRequest, run_and_report

    request = RunRequest(
        scenario=scenario,
        n_draws=options["draws"],
        n_replicates=options["replicates"],
        seed=options["seed"],
        n_threads=options["threads"],
        out=options["out"],
        lang=options["lang"],
        shows="json" if options["as_json"] else "nothing" if options["quiet"] else "tables",
        break_even=options["break_even"],
        precision=options["precision"],
        max_draws=options["max_draws"],
        design=options["design"],
        purpose=options["purpose"],
        n_children=options["children"],
    )
    run_and_report(request)


@_stepdown.command()
@click.argument("scenario")
def check(scenario: str) -> None:
    """Check SCENARIO and print what its effects touch. Simulates nothing."""
    from stepdown.report.listing import checked
    from stepdown.scenario import load_scenario

    say(checked(load_scenario(scenario)))


@_stepdown.command()
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True)
def scenarios(lang: str) -> None:
    """List the shipped scenarios."""
    from stepdown.report.listing import shipped

    say(shipped("en" if lang == "en" else "da"))


@_stepdown.command()
@click.argument("kind", type=click.Choice(["scenario", "evidence"]), default="scenario")
def schema(kind: str) -> None:
    """Print the JSON Schema of scenario (or evidence) files, for editors."""
    from stepdown.scenario.schema import schema_text

    say(schema_text(kind).removesuffix("\n"))


@_stepdown.command()
@click.argument("scenario")
def explain(scenario: str) -> None:
    """List every figure that SCENARIO rests on, with its source and grade, assumptions first."""
    from stepdown.report.listing import explained
    from stepdown.scenario import load_scenario

    say(explained(load_scenario(scenario)))


@_stepdown.command()
@click.argument("targets")
@click.option("--out", type=_PATH,
              help="File for the posterior (netCDF); what an interrupted calibration has done is "
              "kept beside it.")  # fmt: skip
@click.option("--particles", default=400, show_default=True, type=_Count(50, 1_000_000),
              help="Draws in each population.")  # fmt: skip
@click.option("--populations", default=4, show_default=True, type=_Count(2, 1000),
              help="Populations that share nothing: their agreement is the check.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=_Count(0, (1 << 64) - 1),
              help="The same seed gives the same bits.")  # fmt: skip
@click.option("--fix", "fixed", multiple=True, metavar="NUMBER=VALUE",
              help="Hold a number at a value; may be given again.")  # fmt: skip
@click.option("--leave-one-out", is_flag=True, help="Also predict each target from the others.")
@click.option("--threads", type=_Count(1, 4096), help="Default: one per processor.")
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def calibrate(targets: str, **options: Any) -> None:
    """Learn rates and effects from TARGETS and print what was learnt.

    TARGETS is the name of a shipped file of targets, such as herning, or a path.
    """
    fixed = {}
    for given in options["fixed"]:
        name, _, value = given.partition("=")
        try:
            fixed[name] = float(value)
        except ValueError:
            raise click.UsageError(
                f"--fix {given}: a number and its value are wanted, as in --fix tau_caseload=0.1."
            ) from None
    from stepdown.calibration.smc import SamplerSettings
    from stepdown.report.calibration import CalibrationRequest, calibrate_and_report

    sampler = SamplerSettings(options["particles"], options["populations"], options["seed"])
    calibrate_and_report(
        CalibrationRequest(
            targets=targets,
            settings=sampler,
            fixed=fixed,
            out=options["out"],
            n_threads=options["threads"],
            lang=options["lang"],
            shows="json" if options["as_json"] else "tables",
            leave_one_out=options["leave_one_out"],
        )
    )


@_stepdown.command()
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True)
def warm(lang: str) -> None:
    """Compile the model beforehand, so that no run has to wait for it."""
    from stepdown.errors import RunError
    from stepdown.kernel.cache import is_kept
    from stepdown.report.warmth import warmth_text
    from stepdown.report.words import word
    from stepdown.warming import PARTS, cold_parts, warm

    language: Literal["da", "en"] = "en" if lang == "en" else "da"
    if not is_kept():
        raise RunError(word("compiled_unkept", language))
    if cold_parts(PARTS):
        complain(word("compiling_all", language))
    say(warmth_text(warm(PARTS), language))


@_stepdown.command()
@click.argument("run1", type=_PATH)
@click.argument("run2", type=_PATH)
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(run1: Path, run2: Path, lang: str, as_json: bool) -> None:
    """Print what changed in the input from RUN1 to RUN2, and what it did to the result.

    A run is a result.nc, or the folder that `stepdown run --out` wrote it in.
    """
    from stepdown.report.comparison_console import compare_files

    compare_files(run1, run2, "en" if lang == "en" else "da", as_json=as_json)


@_stepdown.command()
@click.argument("run", type=_PATH)
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True,
              help="Language of the report.")  # fmt: skip
@click.option("--out", type=_PATH,
              help="A file that ends in .html or .pdf, or a folder for both; made if missing. "
              "Default: beside the run.")  # fmt: skip
@click.option("--strategy", help="The strategy that the first page is about, by its name in the "
              "scenario. Default: the one with a published saving, or the best level.")  # fmt: skip
def report(run: Path, lang: str, out: Path | None, strategy: str | None) -> None:
    """Write a report of RUN, a folder that `run --out` wrote: one HTML file and one PDF."""
    from stepdown.report.render.files import ReportRequest, write_report

    write_report(ReportRequest(run, out, "en" if lang == "en" else "da", strategy))


@_stepdown.command()
@click.argument("run", type=_PATH)
@click.option("--xlsx", is_flag=True, required=True, help="Write a workbook, the one form so far.")
@click.option("--out", type=_PATH, help="Default: budget.xlsx beside the run.")
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True)
@click.option("--strategy", "strategies", multiple=True,
              help="A strategy to have forms; may be repeated. Default: all.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace the file if it is there already.")
def export(run: Path, out: Path | None, lang: str, strategies: tuple[str, ...],
           **options: bool) -> None:  # fmt: skip
    """Write the budget form of RUN, a folder that `stepdown run --out` wrote."""
    from stepdown.workbook.commands import export_run

    language: Literal["da", "en"] = "en" if lang == "en" else "da"
    say(str(export_run(run, out, language, strategies or None, replace=options["replace"])))


@_stepdown.command()
@click.argument("scenario", required=False)
@click.option("--xlsx", "target", required=True, type=_PATH,
              help="The workbook to write.")  # fmt: skip
@click.option("--lang", type=click.Choice(["da", "en"]), default="da", show_default=True)
@click.option("--replace", is_flag=True, help="Replace the file if it is there already.")
def template(scenario: str | None, target: Path, lang: str, replace: bool) -> None:
    """Write a workbook to fill in, empty or with the figures of SCENARIO."""
    from stepdown.workbook.commands import write_template

    language: Literal["da", "en"] = "en" if lang == "en" else "da"
    say(str(write_template(scenario, target, language, replace=replace)))


@_stepdown.command("import")
@click.argument("book", type=_PATH)
@click.option("--out", required=True, type=_PATH,
              help="Folder of the scenario.toml; made if missing.")  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace a scenario that is there already.")
def import_(book: Path, out: Path, replace: bool) -> None:
    """Read BOOK, a filled-in template, into a scenario."""
    from stepdown.workbook.commands import import_template

    for line in import_template(book, out, replace=replace):
        say(line)
