"""The folder of a run: its result survives whatever fails after it."""

import errno
import io
import json
from pathlib import Path

import pytest
import xarray as xr

import stepdown
from stepdown.errors import InputError, RunError
from stepdown.report import run as run_module
from stepdown.report.out_folder import OutFolder
from stepdown.report.run import RunRequest, run_and_report
from stepdown.store import open_result

OLD = {"result.nc": b"old", "budget.csv": b"old", "children.csv": b"old", "savings.png": b"old"}
ALL = sorted(OLD)


@pytest.fixture(scope="module")
def result() -> xr.Dataset:
    return stepdown.simulate("hoersholm", n_draws=2)


def request(out: Path, **more: object) -> RunRequest:
    settings = {
        "scenario": "hoersholm", "n_draws": 3, "n_replicates": None, "seed": 1, "n_threads": None,
        "out": out, "lang": "en", "shows": "tables", "break_even": False, "precision": None,
        "max_draws": 100, "design": "independent", "purpose": "distribution", "n_children": None,
    }  # fmt: skip
    return RunRequest(**(settings | more))


def raising(error: BaseException):
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def with_old(folder: Path) -> Path:
    folder.mkdir()
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("error", [ImportError("numpy is too old"), ValueError("a font"),
                                   ModuleNotFoundError("no", name="matplotlib")])  # fmt: skip
def test_a_picture_that_cannot_be_drawn_is_a_note(tmp_path, monkeypatch, capsys, error) -> None:
    monkeypatch.setattr("stepdown.report.plots.fan_figure", raising(error))
    run_and_report(request(with_old(tmp_path / "out")))
    assert names(tmp_path / "out") == ["budget.csv", "children.csv", "result.nc"]
    said = capsys.readouterr()
    assert "savings.png was not drawn: " in said.err
    assert len(said.err.splitlines()) == 1
    assert "Present value" in said.out


def test_a_picture_that_finds_no_room_is_a_note(tmp_path, result, capsys, monkeypatch) -> None:
    with OutFolder(tmp_path / "out") as out:
        out.keep(result)
        full = OSError(errno.ENOSPC, "No space left on device")
        monkeypatch.setattr("stepdown.writing.os.fsync", raising(full))
        out.add_picture("savings.png", b"picture")
        out.put()
    out.raise_failures()
    assert names(tmp_path / "out") == ["result.nc"]
    assert "savings.png: cannot be written: No space left" in capsys.readouterr().err


def test_a_csv_that_fails_costs_that_file_alone(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(run_module, "children_csv", raising(ZeroDivisionError("by zero")))
    with pytest.raises(RunError) as caught:
        run_and_report(request(with_old(tmp_path / "out")))
    assert str(caught.value) == (
        f"{tmp_path}/out/children.csv: was not made: ZeroDivisionError: by zero"
    )
    assert "budget.csv" in names(tmp_path / "out")
    assert "children.csv" not in names(tmp_path / "out")  # it would be an earlier run's
    assert open_result(tmp_path / "out").sizes["draw"] == 3
    assert "Present value" in capsys.readouterr().out


@pytest.mark.parametrize("error", [MemoryError(), KeyError("cost_dkk"), RunError("no spread")])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_summary_that_fails_keeps_the_result(tmp_path, monkeypatch, error, is_first) -> None:
    folder = tmp_path / "out" if is_first else with_old(tmp_path / "out")
    monkeypatch.setattr(run_module, "summarise", raising(error))
    with pytest.raises(RunError) as caught:
        run_and_report(request(folder))
    assert len(str(caught.value).splitlines()) == 1
    assert names(folder) == ["result.nc"]
    assert open_result(folder).sizes["draw"] == 3


def test_a_break_even_that_fails_finds_all_files_written(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(run_module, "break_even", raising(RunError("draw 3 has a negative price")))
    for shows in ("json", "tables"):
        with pytest.raises(RunError, match="draw 3"):
            run_and_report(request(tmp_path / shows, break_even=True, shows=shows))
        assert names(tmp_path / shows) == ALL


@pytest.mark.parametrize("purpose", ["distribution", "expectation"])
def test_json_is_printed_when_all_is_written(tmp_path, monkeypatch, purpose) -> None:
    class Watched(io.StringIO):
        def write(self, text: str) -> int:
            assert {"result.nc", "budget.csv", "children.csv"} <= set(names(tmp_path / "out"))
            assert not [name for name in names(tmp_path / "out") if name.startswith(".")]
            return super().write(text)

    stdout = Watched()
    monkeypatch.setattr("sys.stdout", stdout)
    run_and_report(request(tmp_path / "out", shows="json", purpose=purpose))
    assert json.loads(stdout.getvalue())["purpose"] == purpose


def test_a_result_that_finds_no_room_leaves_the_old_run_and_prints(
    tmp_path, monkeypatch, capsys
) -> None:
    folder = with_old(tmp_path / "out")
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("stepdown.writing.os.fsync", raising(full))
    with pytest.raises(RunError) as caught:
        run_and_report(request(folder))
    assert "result.nc: cannot be written: No space left on device" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert {name: (folder / name).read_bytes() for name in names(folder)} == OLD
    assert "Present value" in capsys.readouterr().out


def test_a_result_that_cannot_be_packed_costs_no_table(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("stepdown.report.out_folder.result_bytes", raising(MemoryError("280 MB")))
    with pytest.raises(RunError, match=r"result\.nc: was not made: MemoryError: 280 MB"):
        run_and_report(request(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert "Present value" in capsys.readouterr().out


def test_an_interrupted_summary_leaves_the_old_run(tmp_path, monkeypatch) -> None:
    folder = with_old(tmp_path / "out")
    monkeypatch.setattr(run_module, "summarise", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        run_and_report(request(folder))
    assert {name: (folder / name).read_bytes() for name in names(folder)} == OLD


def test_expectations_leave_no_picture_of_an_earlier_run(tmp_path) -> None:
    run_and_report(request(with_old(tmp_path / "out"), purpose="expectation", shows="nothing"))
    assert names(tmp_path / "out") == ["budget.csv", "children.csv", "result.nc"]


def test_a_file_that_cannot_be_replaced_is_told_before_the_run(tmp_path, monkeypatch) -> None:
    (tmp_path / "out" / "budget.csv").mkdir(parents=True)
    monkeypatch.setattr(run_module, "simulate", raising(AssertionError("it was run")))
    with pytest.raises(InputError, match=r"budget\.csv: --out: cannot be written: Is a directory"):
        run_and_report(request(tmp_path / "out"))


def test_papers_of_an_earlier_run_are_named(tmp_path: Path, capsys) -> None:
    """Other commands make them, so they are left; but nobody takes them for this run's."""
    (tmp_path / "report.pdf").write_bytes(b"of another run")
    run_and_report(request(tmp_path))
    said = capsys.readouterr().err
    assert "report.pdf in the folder is made from an earlier run" in said
    assert "budget.xlsx" not in said
    assert (tmp_path / "report.pdf").read_bytes() == b"of another run"
