"""What `check`, `explain` and `scenarios` print: plain text, without simulating anything."""

from collections.abc import Iterator

from stepdown.evidence import Evidence
from stepdown.report.doubts import doubts
from stepdown.report.words import Language
from stepdown.scenario import LoadedScenario, Scenario, load_scenario
from stepdown.scenario.classes import classes_of, targets_of
from stepdown.scenario.learnt import kept_own
from stepdown.scenario.model import Frailty, StartStock, Stock
from stepdown.scenario.money import Reimbursement
from stepdown.scenario.posterior_model import Learnt
from stepdown.scenario.quantity import Provenance, Quantity, YearRow
from stepdown.scenario.shipped import scenario_names
from stepdown.scenario.tree import figures

__all__ = ["checked", "explained", "shipped"]


def checked(loaded: LoadedScenario) -> str:
    """Return that a scenario is sound, its moves by class, and what each effect touches."""
    scenario = loaded.scenario
    lines = [f"{loaded.files[0].name}: ok", *_size(scenario), *doubts(scenario, "en")]
    lines += ["", "Moves and their classes"] if scenario.has_staircase else []
    for name, move in scenario.moves.items():
        classes = ", ".join(classes_of(scenario, move))
        lines.append(f"  {name}: {move.from_step} -> {move.to_step} ({classes})")
    for name, strategy in scenario.strategies.items():
        lines += ["", f"Strategy {name}"]
        for investment_name, investment in strategy.investments.items():
            for effect_name, effect in investment.effects.items():
                lines.append(f"  {investment_name}.{effect_name} touches")
                if effect.inflow_ratio is not None:
                    lines += [f"    arrivals on {step}" for step in effect.on]
                lines += _touched(scenario, effect.on)
        for interaction_name, interaction in strategy.interactions.items():
            pair = " and ".join(interaction.between)
            lines.append(f"  {interaction_name} ({pair} together) touches")
            lines += _touched(scenario, interaction.on)
        for line_name, line in scenario.budget_lines.items():
            if name in line.strategies:
                lines.append(f"  budget line {line_name} ({line.kind})")
    if scenario.correlations:
        lines += ["", "Correlations (of normal scores)"]
    for both in scenario.correlations:
        lines.append(f"  {' with '.join(both.between)}: {both.rho.value:g}")
    return "\n".join(lines)


def _touched(scenario: Scenario, on: tuple[str, ...]) -> list[str]:
    return [f"    {move} (as {by})" for move, by in targets_of(scenario, on).items()]


def explained(loaded: LoadedScenario) -> str:
    """Return every figure with its source and grade; assumptions first, then by key."""
    rows = sorted(_rows(loaded.scenario, loaded.evidence))
    n_assumed = sum(1 for row in rows if row[0] == 0)
    lines = [f"{loaded.scenario.name}: {len(rows)} figures, {n_assumed} of them assumptions", ""]
    lines += [f"{key} = {value}\n    {basis}" for _, key, value, basis in rows]
    if loaded.posterior is not None:
        own = kept_own(loaded.scenario, loaded.posterior)
        name = loaded.posterior.contents.calibration
        lines += ["", f"Numbers of posterior {name} that this scenario does not take: {len(own)}"]
        lines += [f"    {key}" for key in own]
    return "\n".join(lines)


def shipped(lang: Language) -> str:
    """Return the shipped scenarios, a name and a question each."""
    lines = []
    for name in scenario_names():
        scenario = load_scenario(name).scenario
        title = scenario.title.da if lang == "da" else scenario.title.en
        question = scenario.description.da if lang == "da" else scenario.description.en
        lines.append(f"{name}\n    {title}\n    {question}")
    return "\n".join(lines)


def _size(scenario: Scenario) -> list[str]:
    clock = scenario.clock
    last = clock.first_budget_year + clock.n_budget_years - 1
    years = f"budget years {clock.first_budget_year}-{last}"
    if not scenario.has_staircase:
        return [
            f"{len(scenario.budget_lines)} budget lines and no staircase, "
            f"{len(scenario.strategies)} strategies beside the baseline",
            years,
        ]
    counts = (scenario.stock.children, scenario.stock.beyond_reach)
    stock = sum(sum(children.values()) for children in counts)
    return [
        f"{len(scenario.steps)} steps, {len(scenario.moves)} moves, "
        f"{len(scenario.strategies)} strategies beside the baseline",
        f"{stock} children at the start, {years}",
    ]


def _rows(scenario: Scenario, evidence: Evidence) -> Iterator[tuple[int, str, str, str]]:
    for path, figure in figures(scenario):
        if isinstance(figure, Quantity) and figure.parameter is not None:
            continue
        key = ".".join(str(part) for part in path)
        assumed = figure.assumption is not None
        yield (0 if assumed else 1), key, _value(figure), _basis(figure, evidence)


def _value(figure: Provenance) -> str:
    if isinstance(figure, Reimbursement):
        bands = zip(figure.shares, figure.above, strict=True)
        said = ", ".join(f"{share:.0%} above {above:,.0f}" for share, above in bands)
        return f"from {figure.from_year}: {said} {figure.unit}, level of {figure.price_year}"
    if isinstance(figure, YearRow):
        amounts = ", ".join(f"{year}: {amount:,.0f}" for year, amount in figure.by_year.items())
        return f"{amounts} {figure.unit}, {figure.price_year} prices"
    if isinstance(figure, Quantity):
        unit = figure.unit or ""
        prices = f", {figure.price_year} prices" if figure.price_year else ""
        if figure.distribution is None:
            return f"{figure.value:,.10g} {unit}{prices}"
        shape = ", ".join(
            f"{name} {getattr(figure, name):,.10g}"
            for name in ("mean", "sd", "median", "mode", "low", "high")
            if getattr(figure, name) is not None
        )
        return f"{figure.distribution} ({shape}) {unit}{prices}"
    if isinstance(figure, Frailty):
        classes = zip(figure.shares, figure.multipliers, strict=True)
        return ", ".join(f"{share:.0%}: {multiplier:g}" for share, multiplier in classes)
    by_name = getattr(figure, "factors", None) or getattr(figure, "by_year", {})
    if isinstance(figure, StartStock | Stock):
        beyond: dict[str, int] = getattr(figure, "beyond_reach", {})
        by_name = {**figure.children, **{f"{name} (beyond reach)": n for name, n in beyond.items()}}
    return ", ".join(f"{name}: {value:g}" for name, value in by_name.items())


def _basis(figure: Provenance, evidence: Evidence) -> str:
    parts = []
    if isinstance(figure, Learnt):
        targets = f"{figure.n_targets} target{'' if figure.n_targets == 1 else 's'}"
        parts.append(
            f"POSTERIOR of calibration {figure.calibration}, {targets} ({figure.variable})"
        )
    if figure.assumption is not None:
        parts.append(f"ASSUMPTION: {figure.assumption}")
    for key in figure.sources:
        source, cited = evidence.source(key), evidence.figure(key)
        place = source.address or source.municipality
        parts.append(
            f"{key} ({cited.grade}): {source.title}, {source.publisher}, {source.date}, {place}"
        )
    return "\n    ".join(parts)
