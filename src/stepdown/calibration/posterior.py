"""The posterior as a DataTree in ArviZ's layout: groups of draws by chain, with provenance.

Chains are the sampler's populations, which share nothing. Their draws stand in the order of their
ancestors, so that siblings are neighbours and ArviZ's effective sample size counts their likeness.
"""

import json
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import stepdown
from stepdown.calibration.likelihood import observations
from stepdown.calibration.problem import CalibrationProblem
from stepdown.calibration.smc import Particles, SamplerSettings
from stepdown.netcdf import pack_tree
from stepdown.results import versions
from stepdown.writing import write_whole

__all__ = ["posterior_tree", "tree_bytes", "write_tree"]

Floats = NDArray[np.float64]


def posterior_tree(
    problem: CalibrationProblem,
    settings: SamplerSettings,
    priors: list[Particles],
    found: list[Particles],
) -> xr.DataTree:
    """Return prior and posterior draws, what both predict, and what was observed.

    Parameters
    ----------
    problem, settings
        What was learnt, and how.
    priors, found
        The populations as they began and as they ended.

    Returns
    -------
        Groups `posterior` and `prior` (one variable for each number), `posterior_predictive` and
        `prior_predictive` (one for each target: what would be observed), `posterior_expected` and
        `prior_expected` (what the model expects), `log_likelihood`, `observed_data`,
        `constant_data` (spreads) and `sample_stats`; all over chain and draw where they have draws.
    """
    random = np.random.Generator(np.random.Philox(np.random.SeedSequence((settings.seed, 1 << 32))))
    groups = {
        "posterior": _numbers(problem, found),
        "prior": _numbers(problem, priors),
        "posterior_expected": _by_target(problem, [problem.in_units(p.predicted) for p in found]),
        "prior_expected": _by_target(problem, [problem.in_units(p.predicted) for p in priors]),
        "posterior_predictive": _observable(problem, found, random),
        "prior_predictive": _observable(problem, priors, random),
        "log_likelihood": _by_target(problem, [p.log_likelihoods for p in found]),
        "observed_data": xr.Dataset(
            {t.name: ((), t.observed, _attributes(t.unit, t.sources)) for t in problem.targets}
        ),
        "constant_data": xr.Dataset(
            {
                t.name: ((), t.spread, {"kind": t.kind, "reason": t.reason, "used": int(t.is_used)})
                for t in problem.targets
            }
        ),
        "sample_stats": _stats(found),
    }
    tree: xr.DataTree = xr.DataTree.from_dict(
        {name: _numbered(group) for name, group in groups.items()}
    )
    tree.attrs = {
        "calibration": problem.name,
        "inference_library": "stepdown",
        "inference_library_version": stepdown.__version__,
        "seed": str(settings.seed),
        "n_particles": settings.n_particles,
        "n_populations": settings.n_populations,
        "targets_text": problem.provenance,
        "target_sources": json.dumps(sorted({s for t in problem.targets if t.is_used
                                             for s in t.sources})),
        "prior_sources": json.dumps(sorted({s for n in problem.numbers for s in n.sources})),
        "versions": json.dumps(versions()),
    }  # fmt: skip
    return tree


def write_tree(tree: xr.DataTree, path: Path) -> None:
    """Write a posterior as NetCDF; draws are kept as 4-byte numbers."""
    write_whole(path, tree_bytes(tree))


def tree_bytes(tree: xr.DataTree) -> memoryview:
    """Return a posterior as the bytes that `write_tree` writes."""
    return pack_tree(
        tree,
        {
            name: {
                str(v): {"dtype": "f4", "zlib": True} for v in node.data_vars if node[str(v)].ndim
            }
            for name, node in tree.children.items()
        },
    )


def _numbered(group: xr.Dataset) -> xr.Dataset:
    """Give chains and draws their numbers."""
    return group.assign_coords({dim: np.arange(n) for dim, n in group.sizes.items()})


def _numbers(problem: CalibrationProblem, populations: list[Particles]) -> xr.Dataset:
    values = np.stack([problem.values(p.z) for p in populations])
    numbers = xr.Dataset()
    for i, number in enumerate(problem.numbers):
        attributes = _attributes(str(number.prior.unit), number.sources)
        attributes |= {"label_da": number.label.da, "label_en": number.label.en}
        numbers[number.name] = (("chain", "draw"), values[..., i], attributes)
    for each in problem.derived:
        mean, spread, z = (numbers[name] for name in (each.mean, each.spread, each.z))
        numbers[each.name] = mean + spread * z
        numbers[each.name].attrs = mean.attrs | {
            f"label_{lang}": f"{mean.attrs[f'label_{lang}']} ({place})"
            for lang, place in _place(each.name).items()
        }
    return numbers


def _place(name: str) -> dict[str, str]:
    """Return what a derived number holds for, by language; its name ends in @ and a place."""
    place = name.rpartition("@")[2]
    if place == "elsewhere":
        return {"da": "andre kommuner", "en": "other municipalities"}
    return dict.fromkeys(("da", "en"), place.capitalize())


def _attributes(unit: str, sources: tuple[str, ...]) -> dict[str, str]:
    return {"units": unit, "sources": " ".join(sources)}


def _by_target(problem: CalibrationProblem, values: list[Floats]) -> xr.Dataset:
    stacked = np.stack(values)
    return xr.Dataset(
        {t.name: (("chain", "draw"), stacked[..., i], {"units": t.unit})
         for i, t in enumerate(problem.targets)}
    )  # fmt: skip


def _observable(
    problem: CalibrationProblem, populations: list[Particles], random: np.random.Generator
) -> xr.Dataset:
    drawn = [
        np.column_stack(
            [observations(t.kind, t.spread, p.predicted[:, i], random)
             for i, t in enumerate(problem.targets)]
        )
        for p in populations
    ]  # fmt: skip
    return _by_target(problem, drawn)


def _stats(found: list[Particles]) -> xr.Dataset:
    """Return the log likelihood of each draw, and how each population came there."""
    lp = np.stack([p.log_likelihoods.sum(axis=1) for p in found])
    stats = xr.Dataset({"lp": (("chain", "draw"), lp)})
    stats["log_evidence"] = ("chain", [p.log_evidence for p in found])
    stats["steps"] = ("chain", [p.step for p in found])
    stats["acceptance_rate"] = ("chain", [float(np.mean([h[1] for h in p.history])) for p in found])
    stats["remembered"] = ("chain", [max(h[3] for h in p.history) for p in found])
    stats["remembered"].attrs["long_name"] = "largest correlation left by the moves of any step"
    return stats
