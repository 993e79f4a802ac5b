"""Results on disk: what is written comes back the same, and what cannot be relied on is refused."""

import errno
import json
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

import stepdown
from stepdown.errors import InputError, RunError
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import scenario_names, shipped_folder
from stepdown.scenario.tree import figures
from stepdown.store import open_result, save_result, scenario_of

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return stepdown.simulate("hoersholm", n_draws=3)


@pytest.fixture(scope="module")
def file(run: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_result(run, tmp_path_factory.mktemp("run"))


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        open_result(path)
    return str(caught.value)


def assert_as_made(found: xr.Dataset, made: xr.Dataset) -> None:
    xr.testing.assert_identical(found, made)
    assert list(found.attrs) == list(made.attrs)
    for key, value in made.attrs.items():
        assert type(found.attrs[key]) is type(value), key
    for name in made.variables:
        assert found[name].dtype == made[name].dtype, name


def test_what_is_written_comes_back_the_same(run: xr.Dataset, file: Path) -> None:
    assert_as_made(open_result(file), run)
    assert_as_made(open_result(str(file.parent)), run)
    assert [path.name for path in file.parent.iterdir()] == ["result.nc"]


@pytest.mark.parametrize("name", ["hjoerring", "faxe", "hoersholm-levels"])
def test_every_kind_of_result_comes_back(name: str, tmp_path: Path) -> None:
    made = stepdown.simulate(name, n_draws=2)
    assert_as_made(open_result(save_result(made, tmp_path)), made)


@pytest.mark.parametrize("case", ["hiv", "sick_sicker"])
def test_the_result_of_a_published_case_is_taken(case: str, tmp_path: Path) -> None:
    made = stepdown.simulate(CASES / case, n_draws=2)
    assert_as_made(open_result(save_result(made, tmp_path)), made)


@pytest.mark.parametrize(
    "settings",
    [{"purpose": "expectation", "n_children": 50}, {"design": "sobol"}, {"luck": "common"}],
)
def test_settings_come_back(settings: dict[str, str], tmp_path: Path) -> None:
    made = stepdown.simulate("hoersholm", n_draws=16, **settings)
    assert_as_made(open_result(save_result(made, tmp_path / "own-name.nc")), made)


def test_a_result_that_was_opened_is_written_as_it_was(file: Path, tmp_path: Path) -> None:
    again = save_result(open_result(file), tmp_path)
    assert_as_made(open_result(again), open_result(file))
    assert abs(again.stat().st_size - file.stat().st_size) < 0.01 * file.stat().st_size


def test_a_result_may_be_written_over_the_file_it_was_read_from(file: Path, tmp_path: Path) -> None:
    own = shutil.copy(file, tmp_path)
    save_result(open_result(own), own)
    assert_as_made(open_result(own), open_result(file))


def test_no_such_path(tmp_path: Path) -> None:
    said = refused(tmp_path / "nowhere")
    assert "nowhere: no such file or folder" in said
    assert "stepdown run" in said


def test_a_folder_without_a_result(tmp_path: Path) -> None:
    assert "a folder without result.nc" in refused(tmp_path)
    (tmp_path / "other.nc").touch()
    assert "did you mean" in refused(tmp_path)
    assert "other.nc" in refused(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"year;saving\n2018;1\n", "is not netCDF"),
        (b"CDF\x01" + bytes(60), "is netCDF 3"),
        (b"\x89HDF\r\n\x1a\n" + bytes(60), "damaged or cut short"),
    ],
)
def test_what_is_no_netcdf_4(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "result.nc"
    path.write_bytes(data)
    assert said in refused(path)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_file_cut_short(file: Path, share: float, tmp_path: Path) -> None:
    whole = file.read_bytes()
    cut = tmp_path / "result.nc"
    cut.write_bytes(whole[: int(share * len(whole))])
    said = refused(cut)
    assert "damaged or cut short" in said
    assert "\n" not in said


def test_numbers_damaged_inside_a_compressed_block(file: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(file, tmp_path))
    with h5py.File(own) as opened:
        block = opened["months_in_step"].id.get_chunk_info(0)
    data = bytearray(own.read_bytes())
    data[block.byte_offset : block.byte_offset + 16] = bytes(16)
    own.write_bytes(data)
    assert "is damaged, or was changed after it was written" in refused(own)


@pytest.mark.parametrize("length", [1, 8, 4096])
def test_no_changed_byte_goes_unseen(file: Path, length: int, tmp_path: Path) -> None:
    """Forty places each: bits flipped and bytes zeroed, in the data, the names and the seal."""
    whole = file.read_bytes()
    random = np.random.default_rng(length)
    starts = [*random.integers(len(whole), size=32), *(len(whole) - 1 - np.arange(0, 80, 10))]
    for start in map(int, starts):
        damaged = bytearray(whole)
        if start % 2:
            damaged[start : start + length] = bytes(len(damaged[start : start + length]))
        else:
            damaged[start] ^= 1 << start % 8
        if damaged == whole:
            continue
        own = tmp_path / "result.nc"
        own.write_bytes(damaged)
        said = refused(own)
        assert said.startswith(f"{own}: ")
        assert "damaged" in said
        assert "\n" not in said


def test_what_another_program_wrote_is_told_from_damage(run: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "result.nc"
    run.to_netcdf(path, engine="h5netcdf")
    said = refused(path)
    assert "was changed after it was written: there is no checksum at its end" in said
    assert "write with stepdown.save_result" in said
    with h5py.File(save_result(run, path), "r+") as opened:
        opened.attrs["seed"] = "2"
    assert "was changed after it was written" in refused(path)


def test_other_programs_open_a_sealed_file(run: xr.Dataset, file: Path) -> None:
    with xr.open_dataset(file, engine="h5netcdf", decode_times=False) as opened:
        xr.testing.assert_equal(opened.net_saving_dkk, run.net_saving_dkk)


def test_numbers_that_are_none_are_named(run: xr.Dataset, tmp_path: Path) -> None:
    one = run.cost_dkk.where(run.draw > 0)
    net, published = run.net_saving_dkk * np.nan, run.published_dkk + np.inf
    wrong = run.assign(net_saving_dkk=net, cost_dkk=one, published_dkk=published)
    said = refused(save_result(wrong, tmp_path))
    lines = said.splitlines()
    assert len(lines) == 3
    assert f"cost_dkk: {one.isnull().sum().item():,} of {one.size:,} values are no number" in said
    assert "net_saving_dkk: " in said
    assert "published_dkk: " in said  # a year without a promise is nan, but none is infinite
    promised = run.assign(published_dkk=run.published_dkk * np.nan)
    open_result(save_result(promised, tmp_path))


def test_no_file_is_opened_by_hdf5_which_would_lock_it(
    run: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Network drives refuse locks; what HDF5 is given is memory, both ways."""
    real = {name: getattr(h5py.h5f, name) for name in ("create", "open")}
    given: list[bytes] = []

    def watched(name: str) -> object:
        return lambda path, *rest, **more: (given.append(path), real[name](path, *rest, **more))[1]

    for name in real:
        monkeypatch.setattr(h5py.h5f, name, watched(name))
    open_result(save_result(run, tmp_path))
    assert len(given) >= 2
    assert all(b"BytesIO" in path for path in given)


def test_a_full_disk_is_told_in_a_line_and_leaves_the_old_result(
    run: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_result(run, tmp_path)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("stepdown.writing.os.fsync", full)
    with pytest.raises(RunError) as caught:
        save_result(run.isel(draw=[0]), tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}/result.nc: cannot be written: No space left on device. "
        "Make room on the disk, or name another place"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["result.nc"]
    assert open_result(tmp_path).sizes["draw"] == 3


def test_netcdf_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "rain.nc"
    xr.Dataset({"rain": ("day", [1.0, 2.0])}).to_netcdf(path, engine="h5netcdf")
    assert "is netCDF, but no result of Stepdown" in refused(path)


@pytest.mark.parametrize(
    ("form", "said", "fix"),
    [
        (None, "which did not number the form of its results", "Fix: run again"),
        (1, "in form 1", "Fix: run again"),
        (3, "in form 3", "install that version, or run again"),
        ("2", "in form 2", "run again"),
    ],
)
def test_another_form(run: xr.Dataset, form: object, said: str, fix: str, tmp_path: Path) -> None:
    attrs = {key: value for key, value in run.attrs.items() if key != "format"}
    other = run.assign_attrs({})
    other.attrs = attrs | ({} if form is None else {"format": form})
    message = refused(save_result(other, tmp_path))
    other.to_netcdf(tmp_path / "unsealed.nc", engine="h5netcdf")
    assert refused(tmp_path / "unsealed.nc") == message.replace("result.nc", "unsealed.nc")
    assert "written by Stepdown 0.1.0" in message
    assert said in message
    assert fix in message
    assert "stepdown run hoersholm --draws 3 --seed 1" in message


def test_another_version_of_the_program_with_the_same_form(run: xr.Dataset, tmp_path: Path) -> None:
    other = run.assign_attrs(versions=json.dumps({"stepdown": "9.9.9"}))
    assert open_result(save_result(other, tmp_path)).attrs["versions"] == other.attrs["versions"]


def test_all_that_is_missing_is_named_at_once(run: xr.Dataset, tmp_path: Path) -> None:
    poor = run.drop_vars(["net_saving_dkk", "stock", "payer_da"])
    del poor.attrs["seed"]
    poor.attrs["published"] = "{"
    said = refused(save_result(poor, tmp_path)).splitlines()
    keys = [line.split("result.nc: ")[1].split(":")[0] for line in said]
    assert keys == ["net_saving_dkk", "payer_da", "published", "seed", "stock"]


def test_a_folder_that_cannot_be_written_in(run: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        save_result(run, tmp_path / "nowhere" / "result.nc")


@pytest.mark.parametrize("name", scenario_names())
def test_the_scenario_of_a_result_is_the_one_it_was_made_from(name: str) -> None:
    loaded = load_scenario(name)
    again = scenario_of(stepdown.simulate(loaded, n_draws=1, n_replicates=1))
    assert again.scenario == loaded.scenario
    assert [file.text for file in again.files] == [file.text for file in loaded.files]
    for _, figure in figures(loaded.scenario):
        for key in figure.sources:
            assert again.evidence.figure(key) == loaded.evidence.figure(key)
            assert again.evidence.source(key) == loaded.evidence.source(key)


def test_a_scenario_made_again_gives_the_same_result(run: xr.Dataset) -> None:
    xr.testing.assert_identical(stepdown.simulate(scenario_of(run), n_draws=3), run)


def own_scenario(folder: Path) -> Path:
    """Write a scenario with evidence of its own, over others of the same name in like folders."""
    own = folder / "own"
    (own / "evidence").mkdir(parents=True)
    text = (shipped_folder() / "evidence/al-2012.toml").read_text(encoding="utf-8")
    (own / "evidence/own-paper.toml").write_text(text, encoding="utf-8")
    top = "schema_version = 1\nextends = "
    for name, base in (("a", "hoersholm"), ("b", "../../a/x/scenario.toml")):
        (folder / name / "x").mkdir(parents=True)
        (folder / name / "x/scenario.toml").write_text(f'{top}"{base}"\n', encoding="utf-8")
    path = own / "scenario.toml"
    figure = (
        '{ value = 0.5, unit = "ratio", source = "own-paper/placement-risk", note = "made up" }'
    )
    path.write_text(
        f'{top}"../b/x/scenario.toml"\n[parameters]\nown_figure = {figure}\n', encoding="utf-8"
    )
    return path


def test_own_evidence_and_files_of_one_name_are_kept(tmp_path: Path) -> None:
    made = stepdown.simulate(own_scenario(tmp_path), n_draws=1)
    shutil.rmtree(tmp_path / "own")
    again = scenario_of(made)
    names = [file.name for file in again.files]
    assert names[:4] == ["scenario.toml", "x/scenario.toml", "_x/scenario.toml",
                         "hoersholm/scenario.toml"]  # fmt: skip
    assert again.evidence.figure("own-paper/placement-risk").measure
    assert again.scenario.parameters["own_figure"].value == 0.5


def test_altered_texts_are_refused(run: xr.Dataset) -> None:
    texts = json.loads(run.attrs["scenario_text"])
    texts["scenario.toml"] += "\n# looks harmless\n"
    with pytest.raises(InputError, match="scenario_sha256"):
        scenario_of(run.assign_attrs(scenario_text=json.dumps(texts)))
    with pytest.raises(InputError, match="no scenario_text"):
        scenario_of(xr.Dataset())


def test_evidence_gone_from_a_result_is_told(run: xr.Dataset) -> None:
    with pytest.raises(InputError, match="is not in the evidence"):
        scenario_of(run.assign_attrs(evidence_text="{}"))
