"""How the checks speak: one call per problem, with the file and line found from the key."""

from collections.abc import Callable, Collection, Sequence

from stepdown.errors import Collector, Problem, nearest
from stepdown.files.layers import Layers
from stepdown.files.meant import is_misspelt_unit
from stepdown.files.positions import KeyPath
from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Quantity

__all__ = ["Reporter"]


class Reporter:
    """Collects problems of the files of one scenario.

    Parameters
    ----------
    layers
        The files.
    problems
        Where problems go.
    told
        Keys that a problem was already reported at. What the checks find at, above or below
        them follows from it, and is not said.
    tables
        The tables of those keys: what is found on them and their own keys is not said either.
    gone
        Tables left out because they are wrong: nobody is told that they are unknown.
    """

    def __init__(
        self,
        layers: Layers,
        problems: Collector,
        told: Collection[KeyPath] = (),
        tables: Collection[KeyPath] = (),
        gone: Collection[KeyPath] = (),
    ) -> None:
        self._layers = layers
        self._problems = problems
        self._told = tuple(told)
        self._tables = frozenset(tables)
        self._found: list[KeyPath] = []
        self._gone = frozenset(gone)
        self._names = {path[-1] for path in gone}
        self._written: Callable[[KeyPath], KeyPath] = lambda path: path
        self._said: set[Problem] = set()

    def look_in(self, written: Callable[[KeyPath], KeyPath]) -> None:
        """Report what is found at a key where `written` says that the key is written."""
        self._written = written

    def __call__(self, path: KeyPath, what: str, rule: str, fix: str) -> None:
        """Report a problem at a key, once."""
        path = self._written(path)
        self._found.append(path)
        in_table = path in self._tables or path[:-1] in self._tables
        if in_table or self._follows(path, self._told):
            return
        file, line = self._layers.place(path)
        key = ".".join(str(part) for part in path)
        problem = Problem(file, line, key, what, rule, fix)
        if problem not in self._said:
            self._said.add(problem)
            self._problems.add(problem)

    def depth(self, path: KeyPath) -> int:
        """Return how many files lie over the one that a key comes from."""
        return self._layers.depth(path)

    def is_told(self, path: KeyPath) -> bool:
        """Tell whether a table is known to be wrong, so that nothing can be compared with it."""
        return self._follows(self._written(path), (*self._told, *self._found))

    @staticmethod
    def _follows(path: KeyPath, told: Collection[KeyPath]) -> bool:
        """Tell whether a path lies at, above or below one of others."""
        return any(path[: len(other)] == other[: len(path)] for other in told)

    def is_gone(self, path: KeyPath) -> bool:
        """Tell whether a table, or one right below it, was left out as wrong."""
        return any(gone == path or gone[:-1] == path for gone in self._gone)

    def known(self, path: KeyPath, kind: str, name: str, names: Collection[str]) -> bool:
        """Report a name that is not among the known ones; tell whether it is."""
        if name in names:
            return True
        if name not in self._names:
            close = nearest(name, names)
            given = ", ".join(names) or "none is defined"
            fix = f"did you mean {close}?" if close else f"name one of {given}"
            self(path, f'unknown {kind} "{name}"', f"a {kind} must be defined in the file", fix)
        return False

    def unit(self, path: KeyPath, quantity: Quantity, units: Sequence[str]) -> None:
        """Report a unit that is not one of those wanted."""
        if quantity.unit is not None and quantity.unit not in units:
            wanted = " or ".join(f'"{unit}"' for unit in units)
            close = next((unit for unit in units if is_misspelt_unit(quantity.unit, unit)), None)
            fix = f"give the number in {wanted}"
            if close is not None:
                fix = f'write unit = "{close}"'
            elif len(units) == 1:
                fix = f'give the number in that unit, with unit = "{units[0]}"'
            self(path, f'unit "{quantity.unit}"', f"the unit here is {wanted}", fix)

    def resolved(self, scenario: Scenario, quantity: Quantity) -> Quantity:
        """Return the shared parameter behind a reference, or the quantity itself.

        Of a parameter that is wrong nothing more is known: the reference has neither number nor
        unit, and no check has anything to say of it.
        """
        name = quantity.parameter
        if name is None or self.is_told(("parameters", name)):
            return quantity
        return scenario.parameters.get(name, quantity)
