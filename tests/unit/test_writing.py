"""Files put in place whole, and what is left behind by processes that were killed."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stepdown.errors import InputError, RunError
from stepdown.writing import aside, check_replaceable, make_folder, unwritten, write_whole


def left_by(process_ends: bool, folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that makes a folder aside, and is killed or waits with it."""
    code = (
        "import os, sys, time; from pathlib import Path; from stepdown.writing import aside\n"
        f"with aside(Path({str(folder)!r})) as made:\n"
        "    (made / 'half').write_bytes(b'half'); print('made', flush=True)\n"
        f"    os._exit(9) if {process_ends} else time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        said.readline()
    if process_ends:
        process.wait()
    return process


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / ("a" * 200)
    write_whole(target, b"one ", memoryview(b"whole"))
    assert target.read_bytes() == b"one whole"

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("stepdown.writing.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"other")
    assert target.read_bytes() == b"one whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_that_cannot_sync_is_written_all_the_same(tmp_path: Path, monkeypatch) -> None:
    def unable(_: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("stepdown.writing.os.fsync", unable)
    assert write_whole(tmp_path / "file", b"whole").read_bytes() == b"whole"


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot ask whether a process lives")
def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_is_not(
    tmp_path: Path,
) -> None:
    lives = left_by(process_ends=False, folder=tmp_path)
    try:
        left_by(process_ends=True, folder=tmp_path)
        assert len(list(tmp_path.iterdir())) == 2
        with aside(tmp_path):
            pass
        (kept,) = tmp_path.iterdir()
        assert f"-{lives.pid}-" in kept.name
    finally:
        lives.kill()
        lives.wait()
    with aside(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_another_machine_left_is_removed_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / "making-0123abcd-1-lastweek", tmp_path / "making-0123abcd-1-thishour"
    of_the_user = tmp_path / "making-of-2024-video"
    for folder in (old, new, of_the_user):
        folder.mkdir()
    day = 86_400
    for folder in (old, of_the_user):
        os.utime(folder, (time.time() - 2 * day,) * 2)
    with aside(tmp_path, "making"):
        pass
    assert set(tmp_path.iterdir()) == {new, of_the_user}


def test_a_folder_that_cannot_be_made_leaves_none_of_its_parents(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="too long"):
        make_folder(tmp_path / "a" / "b" / ("c" * 300))
    assert list(tmp_path.iterdir()) == []
    made = make_folder(tmp_path / "a" / "b")
    assert made == [tmp_path / "a" / "b", tmp_path / "a"]
    assert make_folder(tmp_path / "a" / "b") == []


def test_a_folder_in_the_place_of_a_file_is_no_file(tmp_path: Path) -> None:
    check_replaceable(tmp_path / "missing")
    with pytest.raises(IsADirectoryError):
        check_replaceable(tmp_path)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, RunError),
        (errno.EDQUOT, RunError),
        (errno.EIO, RunError),
        (errno.EACCES, InputError),
        (errno.ENAMETOOLONG, InputError),
    ],
)
def test_a_disk_that_fails_is_no_mistake_of_the_user(number: int, kind: type) -> None:
    told = unwritten(Path("out"), OSError(number, os.strerror(number)), "--out", "rule", "fix")
    assert type(told) is kind
    assert os.strerror(number) in str(told)
    assert "\n" not in str(told)
