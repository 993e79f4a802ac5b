"""What a calibration has done: what is kept whole is gone on from, the rest is made again."""

import errno
from pathlib import Path

import numpy as np
import pytest

from stepdown.calibration import state as state_module
from stepdown.calibration.smc import Particles
from stepdown.calibration.state import StateFolder, forget_damaged
from stepdown.errors import RunError

PARTICLES = Particles(
    z=np.arange(6.0).reshape(3, 2),
    predicted=np.ones((3, 1)),
    log_likelihoods=-np.ones((3, 1)),
    power=0.25,
    step=2,
    log_evidence=-1.5,
    history=((0.5, 0.25, 3, 0.1),),
)


def kept(folder: Path) -> Path:
    StateFolder(folder, "same").save(0, PARTICLES)
    return folder / "population-0.npz"


def test_a_population_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    kept(tmp_path / "state")
    again = StateFolder(tmp_path / "state", "same").load(0)
    assert again is not None
    np.testing.assert_array_equal(again.z, PARTICLES.z)
    assert (again.power, again.step, again.history) == (0.25, 2, PARTICLES.history)
    assert forget_damaged(tmp_path / "state") == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: bytes(len(data)),
        lambda data: data[:40] + bytes(8) + data[48:],
        lambda data: data.replace(b"Stepdown", b"stepdown"),
        lambda data: data[:-83],  # as a version without seals wrote it
    ],
)
def test_a_damaged_population_is_named_and_begun_anew(tmp_path: Path, damage) -> None:
    file = kept(tmp_path / "state")
    data = file.read_bytes()
    assert damage(data) != data
    file.write_bytes(damage(data))
    folder = StateFolder(tmp_path / "state", "same")
    assert folder.load(0) is None
    assert forget_damaged(tmp_path / "state") == [file]
    assert not file.exists()
    folder.save(0, PARTICLES)
    assert folder.load(0) is not None


def test_any_flipped_bit_is_seen(tmp_path: Path) -> None:
    file = kept(tmp_path / "state")
    whole = file.read_bytes()
    for at in range(0, len(whole), 17):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert StateFolder(tmp_path / "state", "same").load(0) is None, at


def test_another_calibration_or_version_begins_anew(tmp_path: Path, monkeypatch) -> None:
    kept(tmp_path / "state")
    assert StateFolder(tmp_path / "state", "other").load(0) is None
    monkeypatch.setattr(state_module.stepdown, "__version__", "0.0.9")
    assert StateFolder(tmp_path / "state", "same").load(0) is None


def test_a_full_disk_is_told_in_a_line(tmp_path: Path, monkeypatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = StateFolder(tmp_path / "state", "same")
    monkeypatch.setattr("stepdown.writing.os.fsync", full)
    with pytest.raises(RunError, match=r"population-0\.npz: cannot be written: No space left"):
        folder.save(0, PARTICLES)
    assert list((tmp_path / "state").iterdir()) == []
