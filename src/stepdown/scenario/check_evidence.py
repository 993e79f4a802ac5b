"""What figures rest on: cited numbers are filled in, and citations must be found and true."""

from stepdown.evidence import Evidence
from stepdown.evidence.records import Figure
from stepdown.files.kroner import is_kroner
from stepdown.files.positions import KeyPath
from stepdown.files.words import amount_text
from stepdown.scenario.check_figures import end_of_budget
from stepdown.scenario.model import Scenario
from stepdown.scenario.quantity import Quantity, YearRow
from stepdown.scenario.reporter import Reporter
from stepdown.scenario.tree import figures, replace_quantities

__all__ = ["check_sources", "with_cited"]


def with_cited(scenario: Scenario, evidence: Evidence, say: Reporter) -> Scenario:
    """Return the scenario with the figures that are taken from evidence, and check references."""

    def fill(path: KeyPath, quantity: Quantity) -> Quantity:
        if quantity.parameter is not None:
            _check_reference(path, quantity.parameter, scenario, say)
        if quantity.from_evidence is None:
            return quantity
        return _filled(path, quantity, quantity.from_evidence, evidence, say)

    filled: Scenario = replace_quantities(scenario, fill)
    return filled


def _check_reference(path: KeyPath, name: str, scenario: Scenario, say: Reporter) -> None:
    if path[0] == "parameters":
        rule = "a shared parameter is a number of its own, or other numbers would depend on a chain"
        say(path, f'a parameter that names the parameter "{name}"', rule,
            f"use {name} where {path[-1]} is used, or write value = NUMBER")  # fmt: skip
    else:
        say.known(path, "parameter", name, scenario.parameters)


def _filled(
    path: KeyPath, quantity: Quantity, key: str, evidence: Evidence, say: Reporter
) -> Quantity:
    """Return a quantity with the number of its record; what cannot be taken is left as it is."""
    if key not in evidence:
        _unknown(path, key, evidence, say)
        return quantity
    figure = evidence.figure(key)
    if figure.value is None:
        row = figure.values or {}
        names, numbers = ", ".join(row), ", ".join(map(amount_text, row.values()))
        rule = "a quantity is one number"
        year = f", price_year = {figure.price_year}" if figure.price_year else ""
        fix = f'write {{ value = NUMBER, unit = "{figure.unit}"{year}, source = "{key}" }} '
        fix += f"with one of {numbers}"
        say((*path, "from_evidence"), f'"{key}" is a row of numbers ({names})', rule, fix)
        return quantity
    taken = {"value": figure.value, "unit": figure.unit, "price_year": figure.price_year}
    return quantity.model_copy(update={**taken, "source": key})


def _unknown(path: KeyPath, key: str, evidence: Evidence, say: Reporter) -> None:
    if key.partition("/")[0] in evidence.wrong_files:
        return  # its own problems are reported
    rule = "a source is the key file/figure of a figure in the evidence"
    say(path, f'"{key}" is not in the evidence', rule, evidence.suggest(key))


def check_sources(scenario: Scenario, evidence: Evidence, say: Reporter) -> None:
    """Every source exists, and what is copied from one source equals it."""
    for path, figure in figures(scenario):
        for index, key in enumerate(figure.sources):
            if key not in evidence and key != getattr(figure, "from_evidence", None):
                here = (*path, "source")
                _unknown(here if isinstance(figure.source, str) else (*here, index), key,
                         evidence, say)  # fmt: skip
        if isinstance(figure, YearRow):
            _check_row(path, figure, evidence, say)
            if path[0] != "accounts":  # known in the years they name
                _check_years(path, figure, scenario, evidence, say)
        elif isinstance(figure, Quantity):
            _check_value(path, figure, evidence, say)


def _check_value(path: KeyPath, quantity: Quantity, evidence: Evidence, say: Reporter) -> None:
    """A number that cites one of its unit, without a word of its own, must be that number."""
    if quantity.value is None or len(quantity.sources) != 1 or quantity.assumption or quantity.note:
        return
    key = quantity.sources[0]
    figure = evidence.figure(key) if key in evidence else None
    if figure is None or figure.value is None or figure.unit != quantity.unit:
        return
    # Of another price year it may be another amount.
    same_prices = figure.price_year in (None, quantity.price_year)
    if same_prices and figure.value != quantity.value:
        what = f"{amount_text(quantity.value)}, where {key} says {amount_text(figure.value)}"
        rule = "a number with one source equals it, or says by assumption why not"
        say((*path, "value"), what, rule, f"write value = {amount_text(figure.value)}, cite "
            'what says otherwise, or add assumption = "why this number"')  # fmt: skip


def _only_source(row: YearRow, evidence: Evidence) -> str | None:
    """Return the one source that a row rests on without an assumption of its own."""
    is_alone = len(row.sources) == 1 and row.assumption is None
    return row.sources[0] if is_alone and row.sources[0] in evidence else None


def _check_years(
    path: KeyPath, row: YearRow, scenario: Scenario, evidence: Evidence, say: Reporter
) -> None:
    """Report years of the model that a row leaves out and the one row it cites does not."""
    key = _only_source(row, evidence)
    if key is None or not is_kroner(evidence.figure(key).unit):
        return
    years = range(int(scenario.clock.starts[:4]), end_of_budget(scenario))
    for year, amount in (evidence.figure(key).values or {}).items():
        if year not in row.by_year and int(year) in years and amount != 0:
            rule = "a row with one source has all its years, or says by assumption why not"
            what = f"no amount for {year}, where {key} says {amount_text(amount)}"
            fix = f'write "{year}" = {amount_text(amount)}, or add assumption = "why not"'
            say((*path, "by_year"), what, rule, fix)


def _check_unit(path: KeyPath, row: YearRow, key: str, figure: Figure, say: Reporter) -> None:
    """Report the digits of a source that counts in another unit; other digits may be the same."""
    cited = figure.values or {}
    same = [year for year, amount in row.by_year.items() if amount and amount == cited.get(year)]
    if same:
        what = f"{amount_text(row.by_year[same[0]])} in {same[0]}, the digits of {key}"
        rule = f"{key} counts in {figure.unit}, and a row in {row.unit}"
        say((*path, "by_year", same[0]), what, rule, f"write the amount in {row.unit}")


def _check_row(path: KeyPath, row: YearRow, evidence: Evidence, say: Reporter) -> None:
    """A row that cites one row of evidence, and nothing else, must be that row."""
    key = _only_source(row, evidence)
    if key is None:
        return
    figure = evidence.figure(key)
    cited = figure.values or {}
    rule = "a row with one source equals it, or says by assumption why not"
    if not is_kroner(figure.unit):
        _check_unit(path, row, key, figure, say)
        return
    for year, amount in row.by_year.items():
        here = (*path, "by_year", year)
        if year in cited and cited[year] != amount:
            fix = f'write "{year}" = {amount_text(cited[year])}'
            what = f"{amount_text(amount)} in {year}, where {key} says {amount_text(cited[year])}"
            say(here, what, rule, fix)
        if cited and year not in cited:
            fix = f'add assumption = "why this amount", or leave out {year}'
            say(here, f"{amount_text(amount)} in {year}, of which {key} says nothing", rule, fix)
    if cited and figure.price_year not in (None, row.price_year):
        what = f"prices of {row.price_year}, where {key} has {figure.price_year}"
        say((*path, "price_year"), what, rule, f"price_year = {figure.price_year}")
