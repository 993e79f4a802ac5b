"""What a run for expectations may be asked: means, and nothing that needs all the children.

Decision: docs/decisions/0023-expectations.md.
"""

import xarray as xr

from stepdown.errors import ParameterError

__all__ = ["is_for_expectation", "refuse_expectation"]


def is_for_expectation(values: xr.DataArray | xr.Dataset) -> bool:
    """Tell whether figures come from a part of the children, so that only means are right."""
    return "purpose" in values.coords and str(values.purpose.values) == "expectation"


def refuse_expectation(values: xr.DataArray | xr.Dataset, asked: str) -> None:
    """Refuse what a part of the children cannot tell; do nothing for any other run.

    Parameters
    ----------
    values
        A result, or any figure computed from one.
    asked
        What was asked for, as the subject of a sentence in the plural.

    Raises
    ------
    ParameterError
        The figures come from a run for expectations.
    """
    if is_for_expectation(values):
        raise ParameterError(
            f'{asked} cannot be told from a run with purpose = "expectation": it walked a part of '
            "the children, so its spread is not that of the real number. Ask it for means, or "
            'simulate with purpose = "distribution" (leave out --for expectation).'
        )
