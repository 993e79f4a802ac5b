"""Starting up: what is imported, and compiled code that is kept, found whole, and never stale."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest
from tests.small import build

import stepdown
from stepdown.kernel import cache
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names
from stepdown.simulation import compiled_parts
from stepdown.warming import PARTS, cold_parts

SOURCE = Path(stepdown.__file__).parent


def python(code, **environment):
    """Run code in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | environment,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (("run", "hoersholm", "--draws", "2"), ("scipy.stats", "matplotlib", "h5py")),
        (("warm",), ("scipy.special", "xarray", "pandas", "matplotlib", "pydantic")),
    ],
)
def test_a_command_imports_only_what_it_needs(arguments, absent):
    code = (
        "import sys; from stepdown.cli import main\n"
        f"sys.argv = ['stepdown', *{arguments!r}]\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        f"print([name for name in {absent!r} if name in sys.modules])"
    )
    assert python(code)[-1] == "[]"


def test_importing_the_package_imports_nothing_else():
    code = "import sys; import stepdown; print(sorted(m for m in sys.modules if 'stepdown' in m))"
    assert python(code) == ["['stepdown']"]


@pytest.mark.parametrize("name", ["hoersholm", "hoersholm-scarce-families"])
def test_any_number_of_draws_is_walked_by_the_same_compiled_code(name):
    # numba compiles once for each layout; an axis of length 1 may change it.
    one, many = build(name, 1), build(name, 3)
    assert numba.typeof(one.chunk.tables) == numba.typeof(many.chunk.tables)
    assert numba.typeof(one.chunk.coupling) == numba.typeof(many.chunk.coupling)


def test_every_scenario_is_made_of_parts_that_can_be_compiled_beforehand():
    found = {n: compiled_parts(load_scenario(n).scenario) for n in scenario_names()}
    assert found["hoersholm"] == ("inflow", "apart")
    assert found["faxe"] == ("growth", "apart")
    assert found["hoersholm-scarce-families"] == ("inflow", "together")
    assert found["hjoerring"] == ()
    assert {part for parts in found.values() for part in parts} == set(PARTS)
    for part, name in PARTS.items():
        assert part in found[name]


def test_an_edit_of_a_helper_changes_the_folder(tmp_path):
    copy = tmp_path / "stepdown"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    code = "from stepdown.kernel.cache import cache_folder; print(cache_folder().name)"
    environment = {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "code")}
    before = python(code, **environment)
    assert before == python(code, **environment)
    assert before != python(code, **environment, NUMBA_OPT="2")
    helper = copy / "kernel" / "spending.py"
    helper.write_text(helper.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    assert before != python(code, **environment)


def test_without_a_folder_to_write_to_code_is_kept_for_the_process_alone(tmp_path):
    (tmp_path / "file").write_text("in the way")
    code = (
        "from stepdown.kernel.cache import cache_folder, is_whole\n"
        "print(cache_folder(), is_whole('apart'), cache_folder().is_dir())"
    )
    folder, *rest = python(code, NUMBA_CACHE_DIR=str(tmp_path / "file" / "code"))[-1].split()
    assert rest == ["False", "True"]
    assert not Path(folder).exists()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a cache with the code of one function, noted as whole."""
    own = tmp_path / "0123456789abcdef"
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(own))
    (own / "kernel").mkdir(parents=True)
    for name in ("loop.f-1.py311.nbi", "loop.f-1.py311.1.nbc"):
        (own / "kernel" / name).write_bytes(b"0123456789")
    cache.mark_whole(["apart"])
    return own


def test_a_file_cut_short_empties_the_folder(folder):
    assert cache.is_whole("apart")
    assert cold_parts(PARTS) == ["inflow", "growth", "together"]
    (folder / "kernel" / "loop.f-1.py311.nbi").write_bytes(b"0123456789 and more")
    assert cache.is_whole("apart")
    (folder / "kernel" / "loop.f-1.py311.1.nbc").write_bytes(b"01234")
    assert not cache.is_whole("apart")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"kernel/gone.nbc": 1}'])
def test_a_note_that_is_no_note_empties_the_folder(folder, text):
    (folder / "apart.json").write_text(text)
    assert not cache.is_whole("apart")
    assert list(folder.iterdir()) == []


def test_merging_takes_a_function_whole_from_one_folder(folder, tmp_path):
    made = tmp_path / "made"
    (made / "kernel").mkdir(parents=True)
    for name in ("loop.f-1.py311.nbi", "loop.f-1.py311.1.nbc", "loop.f-1.py311.2.nbc",
                 "loop.g-9.py311.nbi", "loop.g-9.py311.1.nbc"):  # fmt: skip
        (made / "kernel" / name).write_bytes(b"other")
    cache.merge_caches(made)
    found = {path.name: path.read_bytes() for path in (folder / "kernel").iterdir()}
    assert found == {
        "loop.f-1.py311.nbi": b"0123456789",
        "loop.f-1.py311.1.nbc": b"0123456789",
        "loop.g-9.py311.nbi": b"other",
        "loop.g-9.py311.1.nbc": b"other",
    }


def test_old_folders_go_and_the_latest_stay(folder):
    now = time.time()
    for number in range(8):
        old = folder.parent / f"{number:016x}"
        old.mkdir()
        days = 0.5 if number < 5 else number
        os.utime(old, (now - days * 86_400, now - days * 86_400))
    beside = folder.parent / "not-ours"
    beside.mkdir()
    os.utime(beside, (0, 0))
    cache.forget_old_caches()
    left = {path.name for path in folder.parent.iterdir()}
    assert left == {folder.name, "not-ours", *(f"{number:016x}" for number in range(5))}


def test_warm_fails_where_nothing_can_be_kept(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    done = subprocess.run(
        [sys.executable, "-m", "stepdown", "warm", "--lang", "en"],
        env=os.environ | {"NUMBA_CACHE_DIR": str(blocked / "code")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Set NUMBA_CACHE_DIR" in done.stderr
    assert "Traceback" not in done.stderr


def test_warm_says_what_it_did_and_then_that_nothing_is_left():
    code = (
        "from stepdown.cli import main; import sys; sys.argv[1:] = ['warm', '--lang', 'en']; main()"
    )
    first, again = python(code), python(code)
    assert first[0].startswith(("Compiled in ", "Everything is compiled already."))
    assert again[0] == "Everything is compiled already."
    assert again[1] == first[1]
    assert str(cache.cache_folder()) in again[1]


def test_after_warming_a_run_of_any_size_compiles_nothing(tmp_path):
    # From an empty folder: two processes compile, and what they made is merged.
    environment = {"NUMBA_CACHE_DIR": str(tmp_path)}
    code = "from stepdown.warming import warm; print(warm(['inflow', 'apart']).parts)"
    assert python(code, **environment) == ["('inflow', 'apart')"]
    assert python(code, **environment) == ["()"]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")}
    assert before
    for size in ("1, n_replicates=1", "3"):
        python(f"import stepdown; stepdown.simulate('hoersholm', {size})", **environment)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")} == before
