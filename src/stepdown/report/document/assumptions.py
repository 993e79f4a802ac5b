"""The section on what the result rests on: every figure with its value, basis and grade."""

from collections.abc import Iterator
from dataclasses import dataclass

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
    blocks: list[Block] = [Paragraph(_introduced(found, write))]
    for group in _GROUPS:
        own = [one for one in found if one.group == group]
        if own:
            blocks.append(_table(group, own, loaded, names, write))
    sources = _sources(found, loaded.evidence, write)
    if sources is not None:
        blocks.append(sources)
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
    return write.say(
        f"Beregningen bygger på {n} tal. {a} af dem er antagelser; {s} af antagelserne støtter sig"
        " til kilder, resten gør ikke. De svageste grundlag står først, og i hver tabel kommer"
        " det, strategierne ændrer, før resten. Begrundelserne står på det sprog, som"
        " scenariefilen er skrevet på. Arten siger, hvad slags kilde der er tale om, ikke hvor"
        " stor fejlen kan være.",
        f"The calculation rests on {n} figures. {a} of them are assumptions; {s} of the"
        " assumptions lean on sources, the rest do not. The weakest come first, and in each table"
        " what the strategies change comes before the rest. Reasons stand in the language of the"
        " scenario file. The grade says what kind of source it is, not how large its error may"
        " be.",
    )


def _table(
    group: str, found: list[Basis], loaded: LoadedScenario, names: Names, write: Writer
) -> Table:
    rows = []
    for one in found:
        value = _value(one.figure, names, write)
        rows.append((names.of(one.key), value, _basis(one.figure, loaded.evidence, write)))
    head = (write.say("Tal", "Figure"), write.say("Værdi", "Value"),
            write.say("Grundlag", "Basis"))  # fmt: skip
    return Table(_heading(group, write), head, tuple(rows), ("left", "left", "left"))


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


def _basis(figure: Provenance, evidence: Evidence, write: Writer) -> str:
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
        source, grade = evidence.source(key), evidence.figure(key).grade
        cited[f"{source.publisher}: {source.title} ({write.say(*GRADES[grade])})"] = None
    if cited:
        label = write.say("Kilde", "Source") if len(cited) == 1 else write.say("Kilder", "Sources")
        parts.append(f"{label}: {'; '.join(cited)}.")
    return " ".join(parts)


def _value(figure: Provenance, names: Names, write: Writer) -> str:
    """Return the value of a figure in words; real children by step only from five up."""
    if isinstance(figure, Quantity):
        return _quantity(figure, write)
    if isinstance(figure, YearRow):
        amounts = "; ".join(f"{y}: {write.number(a)}" for y, a in figure.by_year.items())
        after = (
            "" if figure.after == "zero" else write.say("; derefter det samme", "; then the same")
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


def _sources(found: list[Basis], evidence: Evidence, write: Writer) -> Table | None:
    rows: dict[tuple[str, ...], None] = {}
    for one in found:
        for key in one.figure.sources:
            source = evidence.source(key)
            place = source.address or str(source.municipality)
            date = source.date
            if date == "not stated":
                date = write.say("ikke oplyst", "not stated")
            rows[source.title, source.publisher, date, place, source.read] = None
    if not rows:
        return None
    head = (
        write.say("Titel", "Title"), write.say("Udgiver", "Publisher"),
        write.say("Dato", "Date"), write.say("Sted", "Place"), write.say("Læst", "Read"),
    )  # fmt: skip
    caption = write.say("Kilder", "Sources")
    return Table(caption, head, tuple(sorted(rows)), ("left",) * 5)
