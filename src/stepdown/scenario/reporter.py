"""How the checks speak: one call per problem, with the file and line found from the key."""

from collections.abc import Collection, Sequence

from stepdown.errors import Collector, nearest
from stepdown.files.model import holder
from stepdown.files.positions import KeyPath
from stepdown.files.toml import TomlFile
from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Quantity

__all__ = ["Reporter"]


class Reporter:
    """Collects problems of the files of one scenario."""

    def __init__(self, files: Sequence[TomlFile], problems: Collector) -> None:
        self._files = list(files)
        self._problems = problems

    def __call__(self, path: KeyPath, what: str, rule: str, fix: str) -> None:
        """Report a problem at a key."""
        file = holder(self._files, path)
        key = ".".join(str(part) for part in path)
        self._problems.report(file.name, file.line(path), key, what, rule, fix)

    def known(self, path: KeyPath, kind: str, name: str, names: Collection[str]) -> bool:
        """Report a name that is not among the known ones; tell whether it is."""
        if name in names:
            return True
        close = nearest(name, names)
        fix = f"did you mean {close}?" if close else f"name one of {', '.join(names)}"
        self(path, f'unknown {kind} "{name}"', f"a {kind} must be defined in the file", fix)
        return False

    def unit(self, path: KeyPath, quantity: Quantity, units: Sequence[str]) -> None:
        """Report a unit that is not one of those wanted."""
        if quantity.unit not in units:
            wanted = " or ".join(f'"{unit}"' for unit in units)
            fix = f'write unit = "{units[0]}"'
            self(path, f'unit "{quantity.unit}"', f"the unit here is {wanted}", fix)

    def resolved(self, scenario: Scenario, quantity: Quantity) -> Quantity:
        """Return the shared parameter behind a reference, or the quantity itself."""
        if quantity.parameter is None:
            return quantity
        return scenario.parameters.get(quantity.parameter, quantity)
