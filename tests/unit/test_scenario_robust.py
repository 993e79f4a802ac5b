"""Loading is light, and no damage to a file breaks it: it loads, or tells what is wrong."""

import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepdown.errors import InputError
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import shipped_folder

HOERSHOLM = (shipped_folder() / "hoersholm" / "scenario.toml").read_text(encoding="utf-8")
LINES = HOERSHOLM.splitlines()
TOLD = [i for i, line in enumerate(LINES) if line.strip() and not line.startswith("#")]
HEAVY = ("h5netcdf", "h5py", "matplotlib", "numba", "numpy", "pandas", "scipy", "xarray")


def test_loading_imports_nothing_heavy() -> None:
    """A file is checked without any numerical library, and only cited evidence is read."""
    code = (
        "import sys\n"
        "from stepdown.scenario import load_scenario\n"
        "loaded = load_scenario('hoersholm')\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
        "shipped = loaded.evidence.folders[-1]\n"
        "print(len(loaded.evidence._files) < len(list(shipped.glob('*.toml'))))\n"
    )
    source = Path(load_scenario.__code__.co_filename).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=source
    )
    assert run.stdout.split("\n")[:2] == ["[]", "True"]


def loads_or_tells(lines: list[str]) -> None:
    """Load damaged lines; any error but one for the user fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            load_scenario(path)
        except InputError as error:
            for problem in error.problems:
                assert problem.file
                assert problem.what
                assert problem.fix
                assert "Input should" not in str(problem)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_lines(data: st.DataObject) -> None:
    """A line left out, doubled, moved or cut short."""
    lines = list(LINES)
    at = data.draw(st.sampled_from(TOLD))
    kind = data.draw(st.sampled_from(["delete", "double", "cut", "move"]))
    line = lines[at]
    if kind == "cut":
        lines[at] = line[: data.draw(st.integers(0, len(line) - 1))]
    else:
        if kind != "double":
            del lines[at]
        if kind != "delete":
            lines.insert(data.draw(st.integers(0, len(lines))), line)
    loads_or_tells(lines)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_characters(data: st.DataObject) -> None:
    """One to three characters replaced, inserted or left out."""
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.sampled_from(TOLD))
        line = lines[at]
        place = data.draw(st.integers(0, max(len(line) - 1, 0)))
        letter = data.draw(
            st.sampled_from(["", "a", "0", "9", "-", ".", ",", '"', "'", "=", "[", "]", "{", "}",
                             "_", "ø", " ", "\n", "\t", "#", "/", "\\", "٣", "²", "inf"])
        )  # fmt: skip
        keep = data.draw(st.integers(0, 1))
        lines[at] = line[:place] + letter + line[place + keep :]
    loads_or_tells(lines)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_other_values(data: st.DataObject) -> None:
    """A value of any kind in the place of another."""
    lines = list(LINES)
    at = data.draw(st.sampled_from([i for i in TOLD if " = " in LINES[i]]))
    key, _, _ = lines[at].partition(" = ")
    value = data.draw(
        st.sampled_from(["5", "-5", "0", "0.5", "1e400", "-inf", "true", '""', '"x"', '"2018-01"',
                         "[]", "[[]]", "[5]", '["x"]', "{}", "{ a = 1 }", "[{}]", "2018-01-01",
                         "07:30:00", "{ value = 1 }", '{ parameter = "x" }', "9" * 30,
                         '{ from_evidence = "a/b" }', '{ factors = {}, source = "a/b" }',
                         '{ by_year = {}, source = [] }', '"' + "x" * 300 + '"'])
    )  # fmt: skip
    lines[at] = f"{key} = {value}"
    loads_or_tells(lines)
