"""`stepdown report`: what it writes, what it says, and what it refuses."""

import subprocess
import sys

import pytest

import stepdown
from stepdown.errors import InputError
from stepdown.report.render import files
from stepdown.report.render.files import ReportRequest, write_report
from stepdown.store import save_result


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    save_result(stepdown.simulate("hoersholm", n_draws=20, seed=1), folder)
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(scope="module")
def done(run):
    return subprocess.run(
        [sys.executable, "-m", "stepdown", "report", str(run)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip


def test_the_command_writes_both_files_beside_the_run_and_says_so(run, done):
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"Skrevet: {run / name}" for name in files._NAMES]
    assert names(run) == ["report.html", "report.pdf", "result.nc"]
    assert '<html lang="da">' in (run / "report.html").read_text(encoding="utf-8")
    assert (run / "report.pdf").read_bytes().startswith(b"%PDF")
    assert sum(path.stat().st_size for path in run.glob("report.*")) < 3_000_000


def test_another_process_makes_the_same_bytes(run, done, tmp_path):
    write_report(ReportRequest(run, tmp_path, "da"))
    for name in files._NAMES:
        assert (tmp_path / name).read_bytes() == (run / name).read_bytes()


@pytest.mark.parametrize(("lang", "name"), [("en", "a.html"), ("da", "b.PDF")])
def test_one_file_alone(run, tmp_path, capsys, lang, name):
    target = tmp_path / "made" / name
    write_report(ReportRequest(run / "result.nc", target, lang))
    word = {"da": "Skrevet", "en": "Written"}[lang]
    assert capsys.readouterr().out == f"{word}: {target}\n"
    assert names(tmp_path / "made") == [name]
    content = target.read_bytes()
    assert b'<html lang="en">' in content if name == "a.html" else content.startswith(b"%PDF")


def test_a_run_that_is_none_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(InputError, match=r"result\.nc"):
        write_report(ReportRequest(tmp_path, None, "da"))
    with pytest.raises(InputError, match="no such file"):
        write_report(ReportRequest(tmp_path / "missing", None, "da"))
    assert names(tmp_path) == []


def test_the_first_page_is_about_the_strategy_asked_for(run, tmp_path):
    out = tmp_path / "report.html"
    write_report(ReportRequest(run, out, "en", "caseload_25"))
    first = out.read_text(encoding="utf-8").partition("</section>")[0]
    assert "This page is about 25 cases per caseworker" in first.replace('"', "").replace(
        "&#34;", ""
    )
    with pytest.raises(InputError, match="no strategy caseload_26"):
        write_report(ReportRequest(run, tmp_path / "other.html", "en", "caseload_26"))
    assert names(tmp_path) == ["report.html"]


def test_a_place_that_cannot_be_written_is_refused(run, tmp_path):
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot be written.*--out"):
        write_report(ReportRequest(run, taken / "below", "da"))
    assert names(tmp_path) == ["taken"]


def test_a_run_for_expectations_is_refused(tmp_path):
    result = stepdown.simulate("hoersholm", n_draws=20, seed=1, purpose="expectation")
    save_result(result, tmp_path)
    with pytest.raises(InputError, match="--for expectation"):
        write_report(ReportRequest(tmp_path, None, "da"))
    assert names(tmp_path) == ["result.nc"]


def test_nothing_is_left_where_one_file_cannot_be_put_in_place(run, tmp_path):
    out = tmp_path / "out"
    (out / "report.pdf" / "full").mkdir(parents=True)
    with pytest.raises(InputError, match="cannot be written"):
        write_report(ReportRequest(run, out, "da"))
    assert names(out) == ["report.pdf"]
