"""Standard output and error that fail, signals, and names that cannot be: no traceback, no loss."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stepdown.store import open_result

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell closes the streams")

STEPDOWN = f"{sys.executable} -m stepdown"
RUN = f"{STEPDOWN} run hoersholm --draws 5 --out out"

FULL = (
    b"standard output cannot be written: No space left on device. "
    b"What was to be written into files is there\n"
)


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        cwd=folder,
        env=os.environ | environment,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize(
    ("redirected", "code", "said"),
    [
        (">&-", 0, b""),
        (">&- 2>&-", 0, b""),
        ("2>/dev/full", 0, b""),
        ("| true", 141, b""),
        (">/dev/full", 1, FULL),
        ("--json >/dev/full", 1, FULL),
    ],
)
def test_a_stream_that_fails_costs_no_run(
    redirected: str, code: int, said: bytes, tmp_path: Path
) -> None:
    done = shell(f"{RUN} {redirected}", tmp_path)
    assert (done.returncode, done.stderr) == (code, said)
    assert open_result(tmp_path / "out").sizes["draw"] == 5
    written = ["budget.csv", "children.csv", "result.nc", "savings.png"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == written


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp437"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_letters_that_cannot_be_printed_are_replaced(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = shell(f"{RUN} && {STEPDOWN} compare out out --json", tmp_path, **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    tables, _, document = done.stdout.partition(b"\n{\n")
    assert b"rsholm" in tables
    assert b"?" in tables
    # Of JSON no letter is lost.
    assert json.loads(b"{" + document)["schema_version"] == 1
    open_result(tmp_path / "out")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "hoersholm", "--out", ""), "not set"),
        (("run", "hoersholm", "--out", " "), "not set"),
        (("calibrate", "herning", "--out", ""), "not set"),
        (("report", ""), "not set"),
        (("compare", "a", ""), "not set"),
        (("template", "--xlsx", ""), "not set"),
        (("import", "book.xlsx", "--out", ""), "not set"),
        (("run", "hoersholm", "--out", "x" * 300), "File name too long"),
        (("run", "hoersholm", "--out", "new/" + "x" * 300), "File name too long"),
        (("report", "x" * 300), "File name too long"),
        (("export", "x" * 300, "--xlsx"), "File name too long"),
        (("run", "hoersholm", "--out", "file"), "cannot be written: it is a file, not a folder"),
        (("run", "hoersholm", "--out", "file/out"), "cannot be written: Not a directory"),
        (("calibrate", "herning", "--out", "x.json"), "ends in .json"),
        (("run", "hoersholm", "--lang", "\x1b[31m"), r"\x1b[31m"),
    ],
)
def test_a_name_that_cannot_be_is_told_before_anything_is_done(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    command = [sys.executable, "-m", "stepdown", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    assert len(done.stderr) < 2000
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_run_that_is_terminated_leaves_nothing(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    command = [*STEPDOWN.split(), "run", "hoersholm", "--draws", "2000000", "--out", "new/out"]
    # These tests may run under nohup, which would have the signal ignored.
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not (tmp_path / "new" / "out").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    try:
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == code
    assert said.splitlines()[-1] == "terminated; no file was written in part"
    assert list(tmp_path.iterdir()) == []
