"""Stepdown: what a municipality saves by helping children earlier, when, and how sure that is.

The names below are imported when first used, so that `import stepdown` is instant.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepdown.expectation import expected as expected
    from stepdown.scenario import load_scenario as load_scenario
    from stepdown.simulation import simulate as simulate
    from stepdown.store import open_result as open_result
    from stepdown.store import save_result as save_result

__version__ = "0.1.0"
__all__ = ["expected", "load_scenario", "open_result", "save_result", "simulate"]

_HOMES = {
    "expected": "expectation",
    "load_scenario": "scenario",
    "open_result": "store",
    "save_result": "store",
    "simulate": "simulation",
}
_MAKERS = ("open_result", "simulate")


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        if name in _MAKERS:
            import_module("stepdown.accessor")  # so that their results have `.stepdown`
        value = getattr(import_module(f"stepdown.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'stepdown' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
