"""Results made by hand: a Dataset with the net savings one wishes, in the shape of a run's."""

import json

import numpy as np
import xarray as xr

FIRST_YEAR = 2020
MONTHS_PLACED = 120.0


def futures(
    net, *, spending=0.0, grant=0.0, avoided=0.0, rate=0.0, names=None, levels=None, published=None
):
    """Return a result of one payer.

    Parameters
    ----------
    net
        (strategy, draw, replicate, year). Net saving of the strategies, without the baseline.
    spending, grant, avoided
        Broadcast to (strategy, draw, 1, year), the last to replicates too: investment, grant from
        the state, placement months avoided.
    rate
        Of discounting, a year.
    names, levels
        Of the strategies, baseline left out; levels with it, by axis.
    published
        (strategy, line, year) with the kinds by "strategy.line", baseline left out.
    """
    net = np.asarray(net, dtype=float)
    n_strategies, n_draws, n_replicates, n_years = net.shape
    fixed = (n_strategies, n_draws, n_years)
    spent = with_baseline(np.broadcast_to(spending, fixed))
    given = with_baseline(np.broadcast_to(grant, fixed))
    saved = with_baseline(net)
    gross = saved + (spent - given)[:, :, None]
    placed = MONTHS_PLACED - with_baseline(np.broadcast_to(avoided, net.shape))
    runs = ("strategy", "draw", "replicate", "year")
    state = np.stack([given, -given], axis=-1)
    years = FIRST_YEAR + np.arange(n_years)
    factor = (1.0 + rate) ** -np.arange(n_years)
    named = ["baseline", *(names or [f"s{number}" for number in range(n_strategies)])]
    lines, kinds = (
        published if published is not None else (np.zeros((n_strategies, 0, n_years)), {})
    )
    data = {
        "net_saving_dkk": ((*runs, "payer"), np.stack([saved, -given_to(given, saved)], axis=-1)),
        "cost_dkk": ((*runs, "payer"), np.stack([1e6 - gross, 0 * gross], axis=-1)),
        "gross_saving_dkk": (runs, gross),
        "investment_dkk": (("strategy", "draw", "year", "payer"), np.stack([spent, 0 * spent], -1)),
        "grant_dkk": (("strategy", "draw", "year", "payer"), state),
        "months_in_step": ((*runs, "step"), np.stack([600 - placed, placed], axis=-1)),
        "discount_factor": (("draw", "year"), np.tile(factor, (n_draws, 1))),
        "published_dkk": (("strategy", "line", "year"), with_baseline(lines) * as_nan(lines)),
    }  # fmt: skip
    coords = {
        "strategy": named,
        "draw": np.arange(n_draws),
        "replicate": np.arange(n_replicates),
        "year": years,
        "payer": ["municipality", "state"],
        "payer_part_of": ("payer", ["", ""]),
        "step": ["home_support", "foster_care"],
        "step_kind": ("step", ["home", "placement"]),
        "line": [f"line{number}" for number in range(lines.shape[1])],
        **{f"level_{axis}": ("strategy", own) for axis, own in (levels or {}).items()},
    }
    attrs = {"first_budget_year": FIRST_YEAR, "published": json.dumps(kinds)}
    return xr.Dataset(data, coords, attrs)


def with_baseline(values):
    return np.concatenate([np.zeros((1, *values.shape[1:])), values])


def given_to(given, saved):
    return np.broadcast_to(given[:, :, None], saved.shape)


def as_nan(lines):
    """The baseline has no published line."""
    return np.concatenate([np.full((1, *lines.shape[1:]), np.nan), np.ones(lines.shape)])


def in_years(by_future, n_years=1):
    """Return (strategy, draw, replicate, year) of amounts by future that fall in the first year."""
    by_future = np.asarray(by_future, dtype=float)
    if by_future.ndim == 2:
        by_future = by_future[:, :, None]
    rest = np.zeros((*by_future.shape, n_years - 1))
    return np.concatenate([by_future[..., None], rest], axis=-1)
