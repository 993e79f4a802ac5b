"""Whether a posterior may be believed, what was learnt, and how it meets the targets.

Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, "Rank-normalization, folding, and
localization: an improved R-hat", Bayesian Analysis 16 (2021), for R-hat below 1.01 and an effective
sample size of 100 a chain.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from stepdown.calibration.likelihood import distance, implausibility
from stepdown.extras import require

__all__ = [
    "ESS_LIMIT",
    "RHAT_LIMIT",
    "Fit",
    "Learnt",
    "conflicts",
    "fits",
    "learnt",
    "unreliable",
]

Floats = NDArray[np.float64]

RHAT_LIMIT = 1.01
ESS_LIMIT = 100.0
"""In each chain."""
_SURPRISING = 0.001
_BANDS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Learnt:
    """What was learnt about one number."""

    name: str
    label_da: str
    label_en: str
    unit: str
    prior: tuple[float, ...]
    """10, 50 and 90 %."""
    posterior: tuple[float, ...]
    narrowed: float
    """1 less posterior over prior variance: 0 nothing learnt, 1 known."""
    rhat: float
    ess: float


@dataclass(frozen=True)
class Fit:
    """How the posterior meets one target."""

    name: str
    observed: float
    unit: str
    is_used: bool
    prior: tuple[float, ...]
    """Expected by the model, 10, 50 and 90 %."""
    posterior: tuple[float, ...]
    prior_distance: tuple[float, ...]
    """The same above the observed, in standard deviations of the observation."""
    posterior_distance: tuple[float, ...]
    surprise: float
    """Share of what would be observed again that lies as far out as what was, both sides."""


def learnt(tree: xr.DataTree) -> tuple[Learnt, ...]:
    """Return what was learnt about each number, derived ones too.

    Raises
    ------
    MissingExtraError
        arviz-stats is missing or too old.
    """
    require("a calibration", "calibrate")
    from arviz_stats import base

    array_stats: Any = vars(base)["array_stats"]
    before, after = tree["prior"].to_dataset(), tree["posterior"].to_dataset()
    found = []
    for name in after.data_vars:
        old, new = before[name].values, after[name].values
        if np.ptp(new) == 0:
            rhat, ess = 1.0, float(new.size)
        else:
            rhat = float(array_stats.rhat(new, chain_axis=0, draw_axis=1))
            ess = float(array_stats.ess(new, chain_axis=0, draw_axis=1))
        attributes = after[name].attrs
        found.append(
            Learnt(
                str(name),
                str(attributes.get("label_da", name)),
                str(attributes.get("label_en", name)),
                str(attributes["units"]),
                _bands(old),
                _bands(new),
                1 - float(new.var() / old.var()) if old.var() > 0 else 0.0,
                rhat,
                ess,
            )
        )
    return tuple(found)


def unreliable(numbers: tuple[Learnt, ...], n_chains: int) -> tuple[Learnt, ...]:
    """Return the numbers whose chains do not agree, or say too little."""
    least = ESS_LIMIT * n_chains
    return tuple(n for n in numbers if n.rhat > RHAT_LIMIT or n.ess < least)


def fits(tree: xr.DataTree) -> tuple[Fit, ...]:
    """Return how prior and posterior meet each target, held out ones too."""
    groups = {name: group.to_dataset() for name, group in tree.children.items()}
    found = []
    for name, observed in groups["observed_data"].data_vars.items():
        again = groups["posterior_predictive"][name].values.ravel()
        value = float(observed)
        below = (again < value).mean() + (again == value).mean() / 2
        found.append(
            Fit(
                str(name),
                value,
                str(observed.attrs["units"]),
                bool(groups["constant_data"][name].attrs["used"]),
                _bands(groups["prior_expected"][name].values),
                _bands(groups["posterior_expected"][name].values),
                _distances(groups, str(name), "prior"),
                _distances(groups, str(name), "posterior"),
                float(2 * min(below, 1 - below)),
            )
        )
    return tuple(found)


def conflicts(found: tuple[Fit, ...]) -> tuple[Fit, ...]:
    """Return targets that were learnt from and are not met all the same: others contradict them."""
    return tuple(fit for fit in found if fit.is_used and fit.surprise < _SURPRISING)


def _distances(groups: dict[str, xr.Dataset], name: str, group: str) -> tuple[float, ...]:
    expected = groups[f"{group}_expected"][name].values.ravel()
    spread = groups["constant_data"][name]
    kind, size = str(spread.attrs["kind"]), float(spread)
    share = expected / size if kind == "binomial" else expected
    given = kind, float(groups["observed_data"][name]), size, share
    return _bands(np.sign(distance(*given)) * implausibility(*given))


def _bands(values: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in np.nanquantile(values, _BANDS))
