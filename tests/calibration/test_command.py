"""`stepdown calibrate` as a user meets it: what it writes, says, refuses and goes on from."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import xarray as xr

from stepdown.calibration.diagnostics import fits
from stepdown.report.plots import plot_targets
from stepdown.scenario.shipped import shipped_folder

SMALL = f"""
schema_version = 1
name = "small"
title = {{ da = "Lille", en = "Small" }}
description = {{ da = "En prøve", en = "A trial" }}
predicted_from_the_rest = ["type_change"]

[models.denmark]
scenario = "{shipped_folder() / "targets" / "models"}/denmark-2017.toml"

[numbers."moves.foster_home.rate"]
prior_before_evidence = {{ distribution = "lognormal", median = 0.1, low = 0.03, high = 0.3, \
unit = "per year", assumption = "wide, for a test" }}

[targets.annual_exit]
label = {{ da = "Ophør", en = "Exit" }}
observable = "annual_exit"
model = "denmark"
from_evidence = "statistics-denmark-placements-2017/annual-exit"
kind = "normal"
spread = 0.015
reason = "one year of several, and rounded"

[targets.type_change]
label = {{ da = "Skift", en = "Change" }}
observable = "annual_type_change"
model = "denmark"
types = [["network_care", "foster_care"], ["residential_home"], ["institution"]]
from_evidence = "statistics-denmark-placements-2017/annual-type-change"
kind = "normal"
spread = 0.02
reason = "which types are told apart is not said"
"""
QUICK = ("--particles", "100", "--populations", "2", "--lang", "en")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stepdown", "calibrate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("calibrate")
    (path / "small.toml").write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def done(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder / "small.toml", "--out", folder / "out" / "small.nc", *QUICK)


def test_posterior_contents_and_figure_are_written(
    done: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert done.returncode == 0, done.stderr
    assert {p.name for p in (folder / "out").iterdir()} == {"small.nc", "small.json", "small.png"}
    tree = xr.open_datatree(folder / "out" / "small.nc", engine="h5netcdf")
    assert tree["posterior"].to_dataset()["moves.foster_home.rate"].sizes == {
        "chain": 2,
        "draw": 100,
    }
    for text in ("Exit", "learnt from", "Back-cast", "populations"):
        assert text in done.stdout


def test_json_says_the_same(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    again = run(folder / "small.toml", *QUICK, "--json")
    document = json.loads(again.stdout)
    tree = xr.open_datatree(folder / "out" / "small.nc", engine="h5netcdf").load()
    exit_share = next(t for t in document["targets"] if t["name"] == "annual_exit")
    kept = next(fit for fit in fits(tree) if fit.name == "annual_exit")
    assert exit_share["posterior"] == pytest.approx(kept.posterior, rel=1e-5)


def test_figure_shows_distances_from_the_observed(
    done: subprocess.CompletedProcess[str], folder: Path
) -> None:
    tree = xr.open_datatree(folder / "out" / "small.nc", engine="h5netcdf").load()
    met = fits(tree)
    axes = plot_targets(met, labels={"annual_exit": "Exit"}, lang="en")
    marks = next(line for line in axes.lines if line.get_gid() == "learnt_from")
    expected = tree["posterior_expected"].to_dataset().annual_exit.values
    middle = (float(xr.DataArray(expected).median()) - 0.16) / 0.015
    assert next(iter(marks.get_xdata())) == pytest.approx(middle, rel=1e-4)
    assert axes.get_yticklabels()[0].get_text() == "Exit"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no-such-targets",), "no-such-targets"),
        (("small.toml", "--fix", "tau=0.1"), "no number of calibration small is called so"),
        (("small.toml", "--fix", "tau"), "a number and its value are wanted"),
        (("small.toml", "--out", "small.toml/x.nc"), "cannot be written"),
    ],
)
def test_mistakes_are_told_in_a_line(folder: Path, arguments: tuple[str, ...], says: str) -> None:
    own = [str(folder / a) if a.startswith("small.toml") else a for a in arguments]
    found = run(*own, *QUICK)
    assert found.returncode == 2
    assert says in found.stderr
    assert "Traceback" not in found.stderr


def test_nonsense_is_refused_and_nothing_is_left(folder: Path, tmp_path: Path) -> None:
    """A target of -1000 is named; neither a posterior nor the state of a calibration remains."""
    nonsense = SMALL.replace(
        'from_evidence = "statistics-denmark-placements-2017/annual-exit"',
        'value = -1000\nunit = "DKK million"\n'
        'source = "statistics-denmark-placements-2017/annual-exit"',
    )
    (tmp_path / "nonsense.toml").write_text(nonsense, encoding="utf-8")
    found = run(tmp_path / "nonsense.toml", "--out", tmp_path / "own.nc", *QUICK)
    assert found.returncode == 2
    assert "targets.annual_exit: irreconcilable: observed -1000 DKK million" in found.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["nonsense.toml"]
