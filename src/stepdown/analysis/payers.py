"""Payers and their committees: what a payer has is its own and that of its parts.

Where a payer may be named and is not, a figure is of `own_payer`.
"""

import numpy as np
import xarray as xr

from stepdown.errors import ParameterError, nearest
from stepdown.scenario import whose_money

__all__ = ["committees", "of_payer", "own_payer"]


def own_payer(values: xr.DataArray | xr.Dataset) -> str:
    """Return whose money a result is about.

    Parameters
    ----------
    values
        A result, or a part of it with payers.

    Returns
    -------
        `municipality`; of a result without a payer of that name the first that is no part of
        another.
    """
    parts = zip(values.payer.values, values.payer_part_of.values, strict=True)
    return whose_money.own_payer({str(name): str(whole) for name, whole in parts})


def of_payer(values: xr.DataArray, payer: str | None = None) -> xr.DataArray:
    """Return what a payer has, its parts included.

    Parameters
    ----------
    values
        (..., payer) of a result, with the coordinate `payer_part_of`.
    payer
        A payer, or "all": all public purses, in which transfers cancel. None: `own_payer`.

    Returns
    -------
        (...), in the unit of `values`.

    Raises
    ------
    ParameterError
        There is no such payer; names those that there are.
    """
    if payer == "all":
        return values.sum("payer")
    payer = own_payer(values) if payer is None else payer
    if payer not in values.payer.values:
        known = [str(name) for name in values.payer.values]
        near = nearest(payer, [*known, "all"]) or known[0]
        raise ParameterError(
            f"payer = {payer!r}: no payer of this result is called that; there are "
            f'{", ".join(known)}, and "all" for all public purses. Write payer = "{near}".'
        )
    members = (values.payer == payer) | (values.payer_part_of == payer)
    if int(members.sum()) == 1:
        return values.sel(payer=payer, drop=True)
    return values.isel(payer=np.flatnonzero(members.values)).sum("payer", skipna=False)


def committees(result: xr.Dataset, payer: str | None = None) -> tuple[str, ...]:
    """Return the parts of a payer, in the order of the file; none where it has no parts."""
    payer = own_payer(result) if payer is None else payer
    parts = result.payer.values[result.payer_part_of.values == payer]
    return tuple(str(part) for part in parts)
