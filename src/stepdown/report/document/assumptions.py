"""The section on what the result rests on: every figure with its value, basis and grade."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from stepdown.evidence import Evidence
from stepdown.report.document.key_words import DISTRIBUTIONS, GRADES, SHAPES, UNITS
from stepdown.report.document.keys import Names
from stepdown.report.document.model import Block, Paragraph, Section, Table
from stepdown.report.document.numbers import Writer
from stepdown.scenario import LoadedScenario
from stepdown.scenario.model import Frailty, Places, StartStock, Stock
from stepdown.scenario.money import Reimbursement
from stepdown.scenario.posterior_model import Learnt
from stepdown.scenario.quantity import Provenance, Quantity, YearRow
from stepdown.scenario.tree import figures

__all__ = ["Basis", "assumptions_section", "bases"]

_ALONE, _SUPPORTED, _LEARNT = "alone", "supported", "learnt"
_GROUPS = (_ALONE, _SUPPORTED, _LEARNT, *GRADES)
Source = tuple[str, str, str, str, str]
_DECISIVE = ("strategies", "parameters", "levels", "caseload", "follow_up", "budget_lines")


@dataclass(frozen=True)
class Basis:
    """One figure of a scenario and what it rests on."""

    key: str
    figure: Provenance
    group: str
    """`alone` (an assumption), `supported` (one that leans on sources), `learnt` (by calibration),
    or the weakest grade."""


def bases(loaded: LoadedScenario) -> list[Basis]:
    """Return the figures of a scenario, the weakest basis first; shared parameters once."""
    found = []
    for path, figure in figures(loaded.scenario):
        if isinstance(figure, Quantity) and figure.parameter is not None:
            continue
        key = ".".join(str(part) for part in path)
        found.append(Basis(key, figure, _group(figure, loaded.evidence)))
    return sorted(found, key=lambda one: (_GROUPS.index(one.group), _rank(one.key)))


def assumptions_section(loaded: LoadedScenario, write: Writer) -> Section:
    """Return the section that lists every figure by its basis, the weakest first."""
    found, names = bases(loaded), Names(loaded.scenario, write.lang)
    listed = _listed_sources(found, loaded.evidence, write)
    numbers = {row: at for at, row in enumerate(listed, 1)}
    blocks: list[Block] = [Paragraph(_introduced(found, write))]
    for group in _GROUPS:
        own = [one for one in found if one.group == group]
        if own:
            told = [_Told.of(one, loaded.evidence, numbers, names, write) for one in own]
            blocks.append(_table(group, told, write))
    if listed:
        blocks.append(_sources(listed, write))
    title = write.say("Antagelser og kilder", "Assumptions and sources")
    return Section("assumptions", title, tuple(blocks), starts_page=True)


def _group(figure: Provenance, evidence: Evidence) -> str:
    if isinstance(figure, Learnt):
        return _LEARNT
    if figure.assumption is not None:
        return _SUPPORTED if figure.sources else _ALONE
    grades = list(GRADES)
    return min((evidence.figure(key).grade for key in figure.sources), key=grades.index)


def _rank(key: str) -> tuple[bool, str]:
    """Return the place of a figure in its table: what a strategy does comes first."""
    return (not key.startswith(_DECISIVE), key)


def _introduced(found: list[Basis], write: Writer) -> str:
    counts = {group: sum(one.group == group for one in found) for group in _GROUPS}
    assumed = counts[_ALONE] + counts[_SUPPORTED]
    n, a, s = (write.number(count) for count in (len(found), assumed, counts[_SUPPORTED]))
    if not counts[_SUPPORTED]:
        s = write.say("ingen", "none")
    lean = "leans" if counts[_SUPPORTED] == 1 else "lean"
    return write.say(
        f"Beregningen bygger på {n} tal. {a} af dem er antagelser, hvoraf {s} støtter sig til"
        " kilder. De svageste grundlag står først, og i hver tabel kommer"
        " det, strategierne ændrer, før resten. Tal med samme grundlag står sammen; kilderne har"
        " numre fra listen til sidst. Begrundelserne står på det sprog, som"
        " scenariefilen er skrevet på. Arten siger, hvad slags kilde der er tale om, ikke hvor"
        " stor fejlen kan være.",
        f"The calculation rests on {n} figures. {a} of them are assumptions, of which {s}"
        f" {lean} on sources. The weakest come first, and in each table"
        " what the strategies change comes before the rest. Figures with the same basis stand"
        " together; sources have their numbers in the list at the end. Reasons stand in the"
        " language of the scenario file. The grade says what kind of source it is, not how large"
        " its error may be.",
    )


class _Told(NamedTuple):
    """One figure in words."""

    name: str
    value: str
    basis: str

    @classmethod
    def of(
        cls,
        one: Basis,
        evidence: Evidence,
        numbers: Mapping[Source, int],
        names: Names,
        write: Writer,
    ) -> Self:
        """Put a figure into words; its sources are told by their numbers in the list."""
        value = _value(one.figure, names, write)
        return cls(names.of(one.key), value, _basis(one.figure, evidence, numbers, write))


def _table(group: str, told: list[_Told], write: Writer) -> Table:
    """Return the figures of a group; those that rest on the same stand together, once."""
    by_basis: dict[str, dict[str, list[str]]] = {}
    for one in told:
        by_basis.setdefault(one.basis, {}).setdefault(one.value, []).append(one.name)
    rows = tuple(
        (" · ".join(f"{_joined(own)}: {value}" for value, own in by_value.items()), basis)
        for basis, by_value in by_basis.items()
    )
    head = (write.say("Tal og værdi", "Figure and value"), write.say("Grundlag", "Basis"))
    return Table(_heading(group, write), head, rows, ("left", "left"))


def _joined(names: list[str]) -> str:
    """Return names of figures with the same value; what all end with stands once, at the end."""
    parts = [name.rpartition(": ") for name in names]
    ends = {end for _, _, end in parts}
    if len(names) > 1 and len(ends) == 1 and all(head for head, _, _ in parts):
        return f"{', '.join(head for head, _, _ in parts)}: {ends.pop()}"
    return ", ".join(names)


def _heading(group: str, write: Writer) -> str:
    if group == _ALONE:
        return write.say("Antagelser uden kilde", "Assumptions without a source")
    if group == _SUPPORTED:
        return write.say(
            "Antagelser, der støtter sig til kilder", "Assumptions that lean on sources"
        )
    if group == _LEARNT:
        return write.say("Lært ved kalibrering", "Learnt by calibration")
    said = write.say(*GRADES[group])
    return write.say(f"Fra kilder: {said}", f"From sources: {said}")


def _basis(
    figure: Provenance, evidence: Evidence, numbers: Mapping[Source, int], write: Writer
) -> str:
    parts = []
    if isinstance(figure, Learnt):
        parts.append(write.say(
            f"Lært af {figure.n_targets} observationer i kalibreringen {figure.calibration}.",
            f"Learnt from {figure.n_targets} observations in calibration {figure.calibration}.",
        ))  # fmt: skip
    if figure.assumption is not None:
        label = write.say("Antagelse", "Assumption")
        parts.append(f"{label}: {figure.assumption.rstrip('.')}.")
    cited: dict[str, None] = {}
    for key in figure.sources:
        number, grade = numbers[_source(key, evidence, write)], evidence.figure(key).grade
        cited[f"{number} ({write.say(*GRADES[grade])})"] = None
    if cited:
        label = write.say("Kilde", "Source") if len(cited) == 1 else write.say("Kilder", "Sources")
        parts.append(f"{label} {', '.join(cited)}.")
    return " ".join(parts)


def _value(figure: Provenance, names: Names, write: Writer) -> str:
    """Return the value of a figure in words; real children by step only from five up."""
    if isinstance(figure, Quantity):
        return _quantity(figure, write)
    if isinstance(figure, YearRow):
        amounts = "; ".join(f"{y}: {write.number(a)}" for y, a in figure.by_year.items())
        after = (
            write.say("; derefter det samme", "; then the same") if figure.after == "repeat" else ""
        )
        return f"{amounts}{after} {_unit(figure.unit, figure.price_year, write)}"
    if isinstance(figure, Reimbursement):
        bands = zip(figure.shares, figure.above, strict=True)
        over = write.say("over", "above")
        said = "; ".join(f"{write.percent(s)} {over} {write.number(a)}" for s, a in bands)
        since = write.say(f"fra {figure.from_year}", f"from {figure.from_year}")
        return f"{since}: {said} {_unit(figure.unit, figure.price_year, write)}"
    return "; ".join(_parts(figure, names, write))


def _parts(figure: Provenance, names: Names, write: Writer) -> Iterator[str]:
    if isinstance(figure, StartStock | Stock):
        yield write.month(figure.date)
        for name, count in figure.children.items():
            yield f"{names.step(name)}: {write.real_children(count)}"
        beyond = getattr(figure, "beyond_reach", {})
        for name, count in beyond.items():
            label = write.say("uden for rækkevidde", "beyond reach")
            yield f"{names.step(name)}, {label}: {write.real_children(count)}"
    elif isinstance(figure, Places):
        for year, places in figure.by_year.items():
            yield f"{year}: {write.number(places)}"
    elif isinstance(figure, Frailty):
        for share, multiplier in zip(figure.shares, figure.multipliers, strict=True):
            yield f"{write.percent(share)}: {_digits(multiplier, write)}"
    else:
        for band, factor in getattr(figure, "factors", {}).items():
            yield f"{band}: {_digits(factor, write)}"


def _quantity(figure: Quantity, write: Writer) -> str:
    unit = _unit(figure.unit, figure.price_year, write)
    if figure.distribution is None:
        return f"{_digits(float(figure.value or 0.0), write)} {unit}".strip()
    shape = "; ".join(
        f"{write.say(*both)} {_digits(getattr(figure, name), write)}"
        for name, both in SHAPES.items()
        if getattr(figure, name) is not None
    )
    kind = write.say(*DISTRIBUTIONS[figure.distribution])
    return f"{shape} {unit}".strip() + f" ({kind})"


def _unit(unit: str | None, price_year: int | None, write: Writer) -> str:
    said = write.say(*UNITS.get(unit or "", (unit or "", unit or "")))
    prices = "" if price_year is None else write.say(f"{price_year}-priser", f"{price_year} prices")
    return ", ".join(part for part in (said, prices) if part)


def _digits(value: float, write: Writer) -> str:
    """Return a number of the file with the digits that it was given, at most six decimals."""
    text = f"{value:.6f}".rstrip("0")
    return write.number(value, len(text.partition(".")[2]))


def _source(key: str, evidence: Evidence, write: Writer) -> Source:
    source = evidence.source(key)
    place = source.address or str(source.municipality)
    publisher, date = source.publisher, source.date
    if publisher == "not stated":
        publisher = write.say("Udgiver ikke oplyst", "Publisher not stated")
    if date == "not stated":
        date = write.say("dato ikke oplyst", "date not stated")
    return source.title, publisher, date, place, source.read


def _listed_sources(found: list[Basis], evidence: Evidence, write: Writer) -> list[Source]:
    """Return the sources that are cited, by title."""
    cited = {_source(key, evidence, write) for one in found for key in one.figure.sources}
    return sorted(cited)


def _sources(listed: list[Source], write: Writer) -> Table:
    head = (
        write.say("Nr.", "No."),
        write.say("Kilde", "Source"),
        write.say("Sted", "Place"),
        write.say("Læst", "Read"),
    )
    rows = tuple(
        (str(at), _cited(title, publisher, date), place, read)
        for at, (title, publisher, date, place, read) in enumerate(listed, 1)
    )
    return Table(write.say("Kilder", "Sources"), head, rows, ("left",) * 4)


def _cited(title: str, publisher: str, date: str) -> str:
    """Return a source in one line; a title that ends in a sign of its own has no full stop."""
    end = "" if title.endswith((".", "?", "!")) else "."
    return f"{title}{end} {publisher}, {date}"
