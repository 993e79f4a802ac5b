"""Datasets to the bytes of a netCDF 4 file, and back.

The library of HDF5 only ever sees memory. On a disk it locks files, which network drives refuse;
and where a disk is full it crashes when the program ends, with data that it could not write. What
it packs costs the size of the file in memory, and no time.

Decision: docs/decisions/0026-stored-runs.md.
"""

import io
from collections.abc import Mapping
from typing import Any

import xarray as xr

__all__ = ["attributes_in", "pack", "pack_tree", "unpack"]

Encoding = Mapping[str, Mapping[str, Any]]


def pack(dataset: xr.Dataset, encoding: Encoding) -> memoryview:
    """Return a dataset as the bytes of a netCDF 4 file.

    Parameters
    ----------
    dataset
        What to write.
    encoding
        How to write each variable, as in `Dataset.to_netcdf`.
    """
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    data = io.BytesIO()
    with h5netcdf.File(data, "w") as file:
        dataset.dump_to_store(H5NetCDFStore(file), encoding=encoding)
    return data.getbuffer()


def pack_tree(tree: xr.DataTree, encoding: Mapping[str, Encoding]) -> memoryview:
    """Return a tree of datasets, one below its root, as the bytes of a netCDF 4 file.

    Parameters
    ----------
    tree
        What to write; its root has attributes alone.
    encoding
        Of the variables of each child, by its name.
    """
    import h5netcdf
    from xarray.backends import H5NetCDFStore

    data = io.BytesIO()
    with h5netcdf.File(data, "w") as file:
        tree.to_dataset().dump_to_store(H5NetCDFStore(file))
        for name, node in tree.children.items():
            store = H5NetCDFStore(file, group=name, mode="a")
            node.to_dataset(inherit=False).dump_to_store(store, encoding=encoding.get(name, {}))
    return data.getbuffer()


def unpack(data: bytes, group: str | None = None) -> xr.Dataset:
    """Return the dataset in the bytes of a netCDF 4 file, read to its end.

    Notes: raises whatever h5py, h5netcdf and xarray raise where it cannot be read.
    """
    with _opened(data, group) as found:
        return found.load()


def attributes_in(data: bytes) -> dict[str, Any]:
    """Return the attributes of the dataset in the bytes of a netCDF 4 file, and read no variable.

    Notes: raises as `unpack`.
    """
    with _opened(data) as found:
        return dict(found.attrs)


def _opened(data: bytes, group: str | None = None) -> xr.Dataset:
    # Units such as months are no dates: nothing is to be decoded as time.
    return xr.open_dataset(io.BytesIO(data), group=group, engine="h5netcdf", decode_times=False)
