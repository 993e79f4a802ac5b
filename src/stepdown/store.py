"""Results on disk: written whole or not at all, read whole and checked, or refused in one line.

Decision: docs/decisions/0026-stored-runs.md.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import xarray as xr

from stepdown.errors import InputError, Problem
from stepdown.netcdf import attributes_in, pack, unpack
from stepdown.results import FORMAT
from stepdown.scenario import LoadedScenario, rebuild_scenario
from stepdown.seal import seal_of, seal_state
from stepdown.writing import unwritten, write_whole

__all__ = ["RESULT_FILE", "open_result", "result_bytes", "save_result", "scenario_of"]

_T = TypeVar("_T")

RESULT_FILE = "result.nc"
"""What a run's file is called in its folder."""

_VARIABLES = (
    "discount_factor",
    "grant_dkk",
    "gross_saving_dkk",
    "investment_dkk",
    "net_saving_dkk",
    "parameter_value",
    "published_dkk",
)
_STAIRCASE_VARIABLES = ("cost_dkk", "months_in_step", "moves", "start_stock", "stock")
_COORDINATES = (
    "strategy",
    "strategy_da",
    "strategy_en",
    "draw",
    "replicate",
    "year",
    "payer",
    "payer_da",
    "payer_en",
    "payer_part_of",
)
_STAIRCASE_COORDINATES = ("step_da", "step_en", "step_level", "step_kind")
_ATTRIBUTES = (
    "title_da",
    "title_en",
    "scenario",
    "scenario_sha256",
    "scenario_text",
    "evidence",
    "evidence_text",
    "published",
    "seed",
    "n_draws",
    "n_replicates",
    "design",
    "luck",
    "purpose",
    "first_budget_year",
    "price_level",
    "draws_over_bound",
    "versions",
)
_JSON = ("scenario_text", "evidence", "evidence_text", "published", "versions")
_MAY_LACK = ("line_saving_dkk", "published_dkk")
"""What is nan where there is nothing: a line that is not drawn, a year without a promise."""
_AGAIN = "stepdown run SCENARIO --out FOLDER writes a new one"


def open_result(path: str | os.PathLike[str]) -> xr.Dataset:
    """Read the result of a run and check that it can be relied on.

    Parameters
    ----------
    path
        A `result.nc`, or the folder that `stepdown run --out` wrote it in.

    Returns
    -------
        The Dataset as `stepdown.simulate` returned it, in memory: the file is closed again.

    Raises
    ------
    InputError
        There is no such file; it cannot be read to its end; it is not byte for byte as it was
        written; it is no result of Stepdown, or one of another form; or something is missing in it,
        a number included. All that is missing is named at once.
    """
    file = _result_file(Path(path))
    data = _bytes_of(file)
    state = seal_state(data)
    if state == "changed":
        raise _altered(file, "its checksum is that of other bytes")
    if state == "unsealed":
        # What it is, is read from its attributes alone: the rest is not to be trusted.
        _check_is_ours(_read(file, data, attributes_in), file)
        raise _altered(file, "there is no checksum at its end")
    result = _read(file, data, unpack).drop_encoding()
    result.attrs = {
        key: value.item() if isinstance(value, np.generic) else value
        for key, value in result.attrs.items()
    }
    _check_is_ours(result.attrs, file)
    name = str(file)
    problems = [*_missing(result, name), *_not_json(result, name), *_not_finite(result, name)]
    if problems:
        raise InputError(problems)
    return result


def save_result(result: xr.Dataset, path: str | os.PathLike[str]) -> Path:
    """Write a result as netCDF 4, in place only when it is whole.

    Parameters
    ----------
    result
        What `stepdown.simulate` or `stepdown.open_result` returned.
    path
        The file, or an existing folder, where it is then called `result.nc`.

    Returns
    -------
        The file.

    Raises
    ------
    InputError
        It cannot be written there.
    RunError
        The disk is full, or fails.
    """
    file = Path(path)
    try:
        if file.is_dir():
            file = file / RESULT_FILE
        return write_whole(file, *result_bytes(result))
    except OSError as error:
        fix = "name a file in a folder that you may write in"
        raise unwritten(file, error, "", "a result is a file", fix) from None


def result_bytes(result: xr.Dataset) -> tuple[memoryview, bytes]:
    """Return the two parts of a result's file: netCDF 4, and the seal of its bytes."""
    data = pack(result.drop_encoding(), _encoding(result))
    return data, seal_of(data)


def scenario_of(result: xr.Dataset) -> LoadedScenario:
    """Read again the scenario that a result was made from, by the texts kept in it.

    Parameters
    ----------
    result
        What `stepdown.simulate` or `open_result` returned.

    Returns
    -------
        The scenario with its files and evidence, as they were when the run was made. Changes made
        to a loaded scenario in Python, without a file, are not in it.

    Raises
    ------
    InputError
        The texts are missing or altered, or this version of Stepdown finds them wrong.
    """
    name = str(result.attrs.get("scenario", "result"))
    kept = ("scenario_text", "evidence_text", "scenario_sha256")
    gone = [key for key in kept if key not in result.attrs]
    if gone:
        raise _wrong(name, f"no {', '.join(gone)} among its attributes",
                     "a result keeps the files it was made from", _AGAIN)  # fmt: skip
    texts = json.loads(result.attrs["scenario_text"])
    digest = hashlib.sha256("\0".join(texts.values()).encode()).hexdigest()
    if digest != result.attrs["scenario_sha256"]:
        raise _wrong(name, "scenario_text is not what scenario_sha256 was taken of",
                     "the files kept in a result are those it was made from", _AGAIN)  # fmt: skip
    evidence = json.loads(result.attrs["evidence_text"])
    return rebuild_scenario(texts, evidence, result.attrs.get("posterior_text", ""))


def _wrong(file: Path | str, what: str, rule: str, fix: str) -> InputError:
    return InputError([Problem(str(file), 0, "", what, rule, fix)])


def _result_file(path: Path) -> Path:
    """Return the file that a path leads to."""
    try:
        return _found(path)
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise _wrong(path, what, "a run is a result.nc, or the folder that holds one",
                     "check the path") from None  # fmt: skip


def _found(path: Path) -> Path:
    file = path / RESULT_FILE if path.is_dir() else path
    if file.is_file():
        return file
    if not path.exists():
        raise _wrong(path, "no such file or folder",
                     "a run is a result.nc, or the folder that holds one", "check the path; "
                     f"{_AGAIN}")  # fmt: skip
    others = sorted(path.glob("*.nc")) if path.is_dir() else []
    fix = f"did you mean {others[0]}?" if others else _AGAIN
    raise _wrong(path, f"a folder without {RESULT_FILE}",
                 "a run is a result.nc, or the folder that holds one", fix)  # fmt: skip


def _bytes_of(file: Path) -> bytes:
    """Return the bytes of a file, by plain reading: network drives that cannot lock give them."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise _wrong(file, f"cannot be read: {error.strerror or error}", "", "ask for access, or "
                     "copy it to a disk of your own") from None  # fmt: skip


def _read(file: Path, data: bytes, read: Callable[[bytes], _T]) -> _T:
    """Read the bytes of a file as netCDF 4."""
    try:
        return read(data)
    except Exception as error:  # whatever h5py, h5netcdf and xarray raise on a damaged file
        raise _unreadable(file, data, error) from None


def _unreadable(file: Path, data: bytes, error: Exception) -> InputError:
    """Say why a file cannot be read: damaged, or something else altogether."""
    size, head = len(data), data[:8]
    rule = "a result is netCDF 4, as stepdown run --out writes it"
    if size == 0:
        return _wrong(file, "is empty", rule, _AGAIN)
    if head.startswith(b"CDF"):
        return _wrong(file, "is netCDF 3", rule, "give the result.nc of a run")
    if head != b"\x89HDF\r\n\x1a\n":
        return _wrong(file, "is not netCDF", rule, "give the result.nc of a run, or its folder")
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    what = f"is damaged or cut short ({size:,} bytes; {said})"
    rule = "a file that was copied or written in part cannot be relied on"
    return _wrong(file, what, rule, f"copy it again, or {_AGAIN}")


def _altered(file: Path, why: str) -> InputError:
    """Say that a file is not as it was written."""
    what = f"is damaged, or was changed after it was written: {why}"
    rule = "figures can be relied on only in a result that is byte for byte as it was written"
    fix = f"copy it again, or {_AGAIN}; what you change in Python, write with stepdown.save_result"
    return _wrong(file, what, rule, fix)


def _check_is_ours(attrs: Mapping[str, Any], file: Path) -> None:
    """Refuse what Stepdown did not write, and what it wrote in another form."""
    if not {"scenario", "versions"} <= set(attrs):
        raise _wrong(file, "is netCDF, but no result of Stepdown",
                     "a result says its scenario and the versions that made it",
                     "give the result.nc of a run, or its folder")  # fmt: skip
    form = attrs.get("format")
    if form == FORMAT:
        return
    by = f"written by Stepdown {_version(attrs['versions'])}"
    said = "which did not number the form of its results" if form is None else f"in form {form}"
    rule = f"this version reads form {FORMAT}; another may mean something else by the same name"
    # A later program reads what it wrote itself; an earlier form is made anew from its scenario.
    later = isinstance(form, int | np.integer) and form > FORMAT
    again = (
        f"stepdown run {attrs['scenario']} --draws {attrs.get('n_draws', 1000)} "
        f"--seed {attrs.get('seed', 1)} --out FOLDER"
    )
    fix = f"install that version, or run again: {again}" if later else f"run again: {again}"
    raise _wrong(file, f"{by}, {said}", rule, fix)


def _version(versions: Any) -> str:
    try:
        return str(json.loads(versions)["stepdown"])
    except (TypeError, ValueError, KeyError):
        return "(version not stated)"


def _missing(result: xr.Dataset, file: str) -> Iterator[Problem]:
    """Yield what every result has and this one lacks."""
    has_steps = "step" in result.variables
    variables = (*_VARIABLES, *(_STAIRCASE_VARIABLES if has_steps else ()))
    coordinates = (*_COORDINATES, *(_STAIRCASE_COORDINATES if has_steps else ()))
    wanted = {
        "variable": [name for name in variables if name not in result.data_vars],
        "coordinate": [name for name in coordinates if name not in result.coords],
        "attribute": [name for name in _ATTRIBUTES if name not in result.attrs],
    }
    for kind, names in wanted.items():
        for name in names:
            rule = f"every result of form {FORMAT} has this {kind}, and reports rest on it"
            yield Problem(file, 0, name, "missing", rule, _AGAIN)


def _not_json(result: xr.Dataset, file: str) -> Iterator[Problem]:
    """Yield the attributes that ought to be JSON and are not."""
    for key in _JSON:
        try:
            json.loads(result.attrs.get(key, "null"))
        except (TypeError, ValueError):
            yield Problem(file, 0, key, "is not JSON", "the attribute is read as JSON", _AGAIN)


def _not_finite(result: xr.Dataset, file: str) -> Iterator[Problem]:
    """Yield the variables with a number that is none, where every number is one."""
    for name, variable in result.variables.items():
        if variable.dtype.kind != "f":
            continue
        values = variable.values
        is_wrong = np.isinf(values) if name in _MAY_LACK else ~np.isfinite(values)
        count = int(is_wrong.sum())
        if count:
            what = f"{count:,} of {values.size:,} values are no number (nan, or infinite)"
            yield Problem(file, 0, str(name), what, "every report would be wrong or fail", _AGAIN)


def _encoding(result: xr.Dataset) -> dict[str, dict[str, Any]]:
    # Doubles that differ from run to run hardly shrink. Measured with 2,000 draws: 0.5 s and 28 MB,
    # where compressing them too takes 0.8 s and makes 18 MB, and no compression 0.3 s and 62 MB.
    kinds = {str(name): result[name].dtype for name in result.data_vars}
    small = [name for name, kind in kinds.items() if kind.kind == "i" or kind.str == "<f4"]
    return {name: {"zlib": True, "complevel": 1, "shuffle": True} for name in small}
