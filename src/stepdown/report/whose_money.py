"""What is said of whose money the figures are, where it is not a municipality's."""

import xarray as xr

from stepdown.analysis import own_payer
from stepdown.report.words import Language, word
from stepdown.scenario.whose_money import MUNICIPALITY

__all__ = ["whose_money", "whose_unit"]


def whose_money(result: xr.Dataset, lang: Language) -> list[str]:
    """Return the sentence that says who "the municipality" is; none where there is one."""
    payer = own_payer(result)
    if payer == MUNICIPALITY:
        return []
    label = result[f"payer_{lang}"].sel(payer=payer).item()
    return [word("whose_money", lang).format(label)]


def whose_unit(result: xr.Dataset, lang: Language) -> str:
    """Return the same as it stands beside the unit of a table; nothing where there is one."""
    payer = own_payer(result)
    if payer == MUNICIPALITY:
        return ""
    return word("whose_unit", lang).format(result[f"payer_{lang}"].sel(payer=payer).item())
