"""Checks of correlations: numbers that exist and are uncertain, and coefficients that can be.

A pair that is not named has the correlation 0, also where both numbers go with a third; so a set of
coefficients may be impossible although each of them lies between -1 and 1.
"""

from collections.abc import Iterable, Mapping

from stepdown.errors import nearest
from stepdown.files.positions import KeyPath
from stepdown.scenario.learnt import learnt_numbers
from stepdown.scenario.model import Correlation, Scenario
from stepdown.scenario.quantity import Quantity
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.tree import figures, named_quantities

__all__ = ["check_correlations"]

_LEAST_PIVOT = 1e-9  # of a matrix that is positive definite in more than name
_Pairs = dict[tuple[str, str], float]


def check_correlations(scenario: Scenario, say: Reporter) -> None:
    """Report everything wrong with the correlations of a scenario."""
    names = named_quantities(scenario)
    uncertain = [name for name, quantity in names.items() if quantity.distribution is not None]
    references = {
        ".".join(str(part) for part in path): figure.parameter
        for path, figure in figures(scenario)
        if isinstance(figure, Quantity) and figure.parameter is not None
    }
    learnt = learnt_numbers(scenario)
    pairs: _Pairs = {}
    is_sound = True
    caused = _caused(scenario)
    for name in caused & set(learnt):
        rule = "what a budget line's cause correlates cannot come from a posterior too"
        fix = "remove the line's cause, or the number from [posterior.numbers]"
        say(("posterior", "numbers"), f'"{name}" has a cause', rule, fix)
    for index, correlation in enumerate(scenario.correlations):
        for name in set(correlation.between) & caused:
            rule = "what a budget line's cause correlates has its correlations from the cause"
            fix = "name other lines in the cause, or remove cause from this one"
            say(("correlations", index, "between"), f'"{name}" has a cause', rule, fix)
        for name in set(correlation.between) & set(learnt):
            rule = "what is drawn from a posterior goes with other numbers as it does there"
            fix = "remove the correlation, or the number from [posterior.numbers]"
            say(("correlations", index, "between"), f'"{name}" has a posterior', rule, fix)
        path: KeyPath = ("correlations", index)
        known = _check_pair((*path, "between"), correlation, names, uncertain, references, say)
        rho = _check_rho((*path, "rho"), correlation.rho, say)
        pair = (min(correlation.between), max(correlation.between))
        if known and pair in pairs:
            rule = "two numbers have one correlation"
            say((*path, "between"), f"{' and '.join(pair)} a second time", rule, "remove one")
        if known and rho is not None:
            pairs.setdefault(pair, rho)
        is_sound = is_sound and known and rho is not None
    if is_sound:
        for group in _groups(pairs):
            _check_definite(group, say)


def _caused(scenario: Scenario) -> set[str]:
    """Return the names of the numbers that causes correlate."""
    return {
        f"budget_lines.{name}.{key}"
        for name, line in scenario.budget_lines.items()
        if line.cause is not None
        for key in ("realised_share", "delay_months")
    }


def _check_pair(
    path: KeyPath,
    correlation: Correlation,
    names: Mapping[str, Quantity],
    uncertain: list[str],
    references: Mapping[str, str],
    say: Reporter,
) -> bool:
    """Tell whether two different uncertain numbers are named."""
    between = correlation.between
    if len(between) != 2 or between[0] == between[1]:
        rule = "a correlation is between two different numbers"
        say(path, f"{len(set(between))} number(s)", rule,
            'write between = ["parameters.one", "parameters.two"]')  # fmt: skip
        return False
    # Both are looked at, so that both are told.
    sound = [
        _is_uncertain((*path, index), name, names, uncertain, references, say)
        for index, name in enumerate(between)
    ]
    return all(sound)


def _is_uncertain(
    path: KeyPath,
    name: str,
    names: Mapping[str, Quantity],
    uncertain: list[str],
    references: Mapping[str, str],
    say: Reporter,
) -> bool:
    """Tell whether a name is that of an uncertain number, and say so if not."""
    if name in uncertain:
        return True
    if say.is_told(tuple(name.split("."))):
        return False
    if name in references:
        rule = "a shared parameter is named once, where it stands"
        fix = f'write "parameters.{references[name]}"'
        say(path, f'"{name}" is a use of a shared parameter', rule, fix)
    elif name in names:
        rule = "a number that is certain goes with no other"
        say(path, f'"{name}" is one value', rule, "give it a distribution, or leave it out")
    else:
        close = nearest(name, uncertain)
        fix = f'write "{close}"' if close else f"name one of {', '.join(uncertain) or 'none'}"
        rule = "a correlated number is named by the path of its key"
        say(path, f'unknown number "{name}"', rule, fix)
    return False


def _check_rho(path: KeyPath, rho: Quantity, say: Reporter) -> float | None:
    """Return a coefficient that can be, or None."""
    if rho.value is None:
        rule = "how two numbers go together is stated, not drawn"
        if rho.from_evidence is None:
            say(path, "no single value", rule, "write value = NUMBER")
        return None
    say.unit(path, rho, ("correlation",))
    if -1 < rho.value < 1:
        return rho.value
    rule = "a correlation lies between -1 and 1; two numbers that are one are one shared parameter"
    say(path, f"{rho.value:g}", rule, "write a number between them, or use one shared parameter")
    return None


def _groups(pairs: _Pairs) -> list[_Pairs]:
    """Return the pairs in groups that share no number."""
    groups: list[_Pairs] = []
    for pair, rho in pairs.items():
        touched = [g for g in groups if any(set(pair) & set(other) for other in g)]
        merged = {pair: rho}
        for group in touched:
            merged |= group
            groups.remove(group)
        groups.append(merged)
    return groups


def _check_definite(pairs: _Pairs, say: Reporter) -> None:
    """The matrix that a group of correlations implies is positive definite."""
    if _is_definite(pairs):
        return
    said = ", ".join(f"{one} with {two} {rho:g}" for (one, two), rho in sorted(pairs.items()))
    names = sorted({name for pair in pairs for name in pair})
    missing = [
        f"{one} with {two}"
        for place, one in enumerate(names)
        for two in names[place + 1 :]
        if (one, two) not in pairs
    ]
    rule = "no numbers can be correlated so (the matrix must be positive definite)"
    if missing:
        rule += f"; pairs that are not named count as 0: {', '.join(missing)}"
    fix = f"multiply these coefficients by {_largest_factor(pairs):.2g} or less"
    say(("correlations",), said, rule, f"{fix}, or name the missing pairs" if missing else fix)


def _largest_factor(pairs: _Pairs) -> float:
    """Return the largest factor, in whole hundredths, that makes a group possible."""
    factors = (hundredths / 100 for hundredths in range(99, -1, -1))
    return next(f for f in factors if _is_definite({p: f * rho for p, rho in pairs.items()}))


def _is_definite(pairs: _Pairs) -> bool:
    """Tell whether the implied matrix has a Cholesky factor (plain Python: the files need no more).

    Notes: numbers in no pair are independent and need not be looked at.
    """
    names = sorted({name for pair in pairs for name in pair})
    factor: list[list[float]] = []
    for place, name in enumerate(names):
        row: list[float] = []
        for other in range(place):
            rho = pairs.get((names[other], name), 0.0)
            row.append((rho - _dot(row, factor[other][:other])) / factor[other][other])
        pivot = 1 - _dot(row, row)
        if pivot < _LEAST_PIVOT:
            return False
        factor.append([*row, pivot**0.5])
    return True


def _dot(left: Iterable[float], right: Iterable[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))
