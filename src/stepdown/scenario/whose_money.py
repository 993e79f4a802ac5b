"""Whose money a scenario is about: the municipality's, or the first payer's where it has none."""

from collections.abc import Mapping

__all__ = ["MUNICIPALITY", "own_payer", "own_payers"]

MUNICIPALITY = "municipality"


def own_payer(part_of: Mapping[str, str | None]) -> str:
    """Return the payer that every figure is of unless another is asked for.

    Parameters
    ----------
    part_of
        Every payer in the order of the file, with the payer that it is part of, if any.

    Returns
    -------
        `municipality`; of a scenario without a payer of that name the first that is no part of
        another, or the first of all.
    """
    if MUNICIPALITY in part_of:
        return MUNICIPALITY
    return next((name for name, whole in part_of.items() if not whole), next(iter(part_of)))


def own_payers(part_of: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return that payer and its parts, in the order of the file."""
    own = own_payer(part_of)
    return tuple(name for name, whole in part_of.items() if own in (name, whole))
