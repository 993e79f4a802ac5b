"""The scenarios, bases and evidence that come with the package."""

from pathlib import Path

import stepdown

__all__ = ["base_names", "posterior_names", "scenario_names", "shipped_folder"]


def shipped_folder() -> Path:
    """Return the folder of scenarios: inside the installed package, or of the source tree."""
    package = Path(stepdown.__file__).parent
    installed = package / "scenarios"
    return installed if installed.is_dir() else package.parents[1] / "scenarios"


def scenario_names() -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(path.parent.name for path in shipped_folder().glob("*/scenario.toml"))


def base_names() -> list[str]:
    """Return the names of the shipped base files."""
    return sorted(path.stem for path in (shipped_folder() / "base").glob("*.toml"))


def posterior_names() -> list[str]:
    """Return the names of the shipped posteriors."""
    return sorted(path.stem for path in (shipped_folder() / "posteriors").glob("*.nc"))
