"""The notebooks of the documentation run, print what they show, and show nothing of the machine."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))


def check(folder, *names):
    """Run notebooks without writing, in a process of their own."""
    command = [sys.executable, str(folder / "run.py"), "--check", *names]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def test_there_is_one_for_each_kind_of_reader():
    assert NAMES == ["aide", "analyst", "researcher"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_and_prints_what_it_shows(name):
    done = check(FOLDER, name)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_small_and_has_outputs(name):
    path = FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < 200_000
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)


@pytest.mark.parametrize(
    ("source", "shown", "said"),
    [
        ("1 / 0", "", "ZeroDivisionError"),
        ("print('new')", "old\n", "something else"),
        ("import tempfile; print(tempfile.__file__)", "", "a path of the machine"),
    ],
)
def test_what_is_wrong_with_a_notebook_is_found(source, shown, said, tmp_path):
    (tmp_path / "run.py").write_bytes((FOLDER / "run.py").read_bytes())
    cell = nbformat.v4.new_code_cell(source)
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=shown)]
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "wrong.ipynb")
    done = check(tmp_path)
    assert done.returncode == 1
    assert said in done.stderr
