"""Small scenarios, written to a folder and loaded like any other file.

`write_small` extends the Danish staircase with a handful of children and three years. Arrivals are
given, so that one more child in the stock changes nothing but that child; pass
`arrivals=None` to derive them. `write_chain` stands alone: a few states and the moves between them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stepdown.kernel.loop import Counts, simulate_runs
from stepdown.parameters import Draws, draw_parameters
from stepdown.plan import Plan, make_plan
from stepdown.scenario import load_scenario
from stepdown.tables import Chunk, build_chunk

WHY = 'assumption = "made up for a test"'
CHILDREN = {
    "home_support": 12,
    "network_care": 2,
    "foster_care": 6,
    "boarding_school": 1,
    "own_room": 2,
    "residential_home": 4,
    "institution": 3,
    "reunified": 4,
}
ARRIVALS = {
    "home_support": 9,
    "network_care": 0.5,
    "foster_care": 2,
    "boarding_school": 0.5,
    "own_room": 1,
    "residential_home": 1.5,
    "institution": 1.5,
}
ENTRIES_DOWN = """
[strategies.help]
label = { da = "Hjælp", en = "Help" }
[strategies.help.investments.team]
label = { da = "Hold", en = "Team" }
start = "2018-03"
ramp = { value = 6, unit = "months", assumption = "made up for a test" }
[strategies.help.investments.team.costs.posts]
posts = { value = 0.5, unit = "posts", assumption = "made up for a test" }
price = { parameter = "price_of_post" }
[strategies.help.investments.team.effects.entries]
on = ["placement", "re_entry", "breakdown"]
hazard_ratio = { value = 0.6, unit = "ratio", assumption = "made up for a test" }
"""
"""A strategy that lowers placements and breakdowns, with half a post."""


def figure(value: float, unit: str, price_year: int | None = None) -> str:
    """Return an inline quantity."""
    year = f", price_year = {price_year}" if price_year else ""
    return f'{{ value = {value!r}, unit = "{unit}"{year}, {WHY} }}'


def counts(children: dict[str, int]) -> str:
    """Return lines of children by step."""
    return "\n".join(f"{step} = {number}" for step, number in children.items())


def write_small(
    folder: Path,
    strategies: str = ENTRIES_DOWN,
    *,
    children: dict[str, int] | None = None,
    arrivals: dict[str, float] | None = ARRIVALS,
    n_years: int = 3,
    extra: str = "",
    base: str = "danish-staircase",
) -> Path:
    """Write a small municipality; return its file.

    `extra` is any TOML that may stand before [clock], or tables of its own.
    """
    given = (
        ""
        if arrivals is None
        else "\n".join(
            f"[inflow.{step}]\nchildren_per_year = {figure(number, 'children per year')}"
            for step, number in arrivals.items()
        )
    )
    return _write(
        folder,
        f"""
schema_version = 1
extends = "{base}"
name = "small"
title = {{ da = "Lille", en = "Small" }}
description = {{ da = "Til en test.", en = "For a test." }}
{extra}
[clock]
starts = "2018-01"
first_budget_year = 2018
n_budget_years = {n_years}
[money]
price_level = 2018
[stock]
date = "2017-12"
{WHY}
[stock.children]
{counts(CHILDREN if children is None else children)}
{given}
[caseload]
reference = {figure(30.0, "cases per caseworker")}
baseline = {figure(30.0, "cases per caseworker")}
{strategies}
""",
    )


NOTHING = '[strategies.nothing]\nlabel = { da = "Intet", en = "Nothing" }\n'


@dataclass(frozen=True)
class Chain:
    """States by name, and moves (from, to) with "probability = 0.1" or "rate = 0.1" per year."""

    states: tuple[str, ...]
    moves: dict[tuple[str, str], str]
    children: dict[str, int]
    cycle_months: int = 12
    n_years: int = 10
    age_years: int | None = 10
    ages: str = '"10-"'
    times: str = '"0-"'
    by_time: str = ""
    money: str = ""
    more: str = ""
    strategies: str = NOTHING


def write_chain(folder: Path, chain: Chain) -> Path:
    """Write a scenario without a base: states, moves, one price of 1000 a month on each state."""
    leaving = {start for start, _ in chain.moves}
    steps = "\n".join(
        f'[steps.{state}]\nlabel = {{ da = "{state}", en = "{state}" }}\nlevel = {level}\n'
        f'kind = "{"state" if state in leaving else "exit"}"\n'
        f"price = {figure(1000.0, 'DKK per child and month', 2018)}"
        for level, state in enumerate(chain.states)
    )
    moves = "\n".join(_move(chain, ends, law) for ends, law in chain.moves.items())
    age = "" if chain.age_years is None else f"age_years = {chain.age_years}"
    return _write(
        folder,
        f"""
schema_version = 1
name = "chain"
title = {{ da = "Kæde", en = "Chain" }}
description = {{ da = "Til en test.", en = "For a test." }}
[clock]
starts = "2018-01"
first_budget_year = 2018
n_budget_years = {chain.n_years}
cycle_months = {chain.cycle_months}
[bands]
ages = [{chain.ages}]
months_on_step = [{chain.times}]
[payers]
municipality = {{ da = "Kommunen", en = "Municipality" }}
state = {{ da = "Staten", en = "State" }}
{steps}
{moves}
[stock]
date = "2017-12"
{age}
{WHY}
[stock.children]
{counts(chain.children)}
[money]
price_level = 2018
indexation = {figure(0.02, "per year")}
{chain.money}
[[money.discount]]
from_year = 0
rate = {figure(0.035, "per year")}
[[money.discount]]
from_year = 36
rate = {figure(0.025, "per year")}
[baseline]
da = "Uden"
en = "Without"
{chain.more}
{chain.strategies}
""",
    )


def _move(chain: Chain, ends: tuple[str, str], law: str) -> str:
    way, _, value = law.partition(" = ")
    unit = "per year" if way == "rate" else "share"
    return (
        f'[moves.{ends[0]}_{ends[1]}]\nfrom = "{ends[0]}"\nto = "{ends[1]}"\n'
        f"{way} = {figure(float(value), unit)}\n{chain.by_time}\n"
    )


def _write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


@dataclass(frozen=True, repr=False, eq=False)
class Built:
    """A scenario laid out, drawn and tabled, as `simulate` does it for one chunk."""

    plan: Plan
    draws: Draws
    chunk: Chunk
    seed: int

    def run(self, n_replicates: int = 1) -> Counts:
        """Walk the chunk."""
        return simulate_runs(
            self.plan.stairs,
            self.chunk.tables,
            self.seed,
            self.draws.first,
            n_replicates,
            self.chunk.coupling,
        )[0]


def build(path: str | Path, n_draws: int = 2, seed: int = 1, **options: Any) -> Built:
    """Load a scenario and build the tables of its first draws."""
    plan = make_plan(load_scenario(path).scenario)
    draws = draw_parameters(plan.scenario, seed, 0, n_draws)
    return Built(plan, draws, build_chunk(plan, draws, **options), seed)


def strategy(name: str, effect: str = "", *, caseload: str = "", timing: str = "") -> str:
    """Return a strategy with one investment from 2018 on; `effect` is the body of its effect."""
    label = f'label = {{ da = "{name}", en = "{name}" }}'
    text = f"[strategies.{name}]\n{label}\n"
    if caseload:
        text += f'[strategies.{name}.caseload]\nstart = "2018-01"\n{caseload}\n'
    if effect or timing:
        text += f"[strategies.{name}.investments.own]\n{label}\n"
        text += timing or 'start = "2018-01"\n'
    if effect:
        text += f"[strategies.{name}.investments.own.effects.own_{name}]\n{effect}\n"
    return text


def on(moves: str, ratio: float, *, kind: str = "hazard_ratio", more: str = "") -> str:
    """Return the body of an effect."""
    return f'on = ["{moves}"]\n{kind} = {figure(ratio, "ratio")}\n{more}'


def all_equal(left: np.ndarray, right: np.ndarray) -> bool:
    """Tell whether two arrays have the same shape and the same bits."""
    return left.shape == right.shape and left.tobytes() == right.tobytes()


PLACED = ("network_care", "foster_care", "boarding_school", "own_room", "residential_home",
          "institution")  # fmt: skip
LADDER = "".join(
    f'[steps.{name}]\nlabel = {{ da = "{name}", en = "{name}" }}\nlevel = {level}\n'
    f'kind = "adult"\npayer = "state"\nprice = {figure(price, "DKK per child and month", 2018)}\n'
    for name, level, price in (("work", 0, 0.0), ("benefit", 1, 12_000.0))
)
"""Steps of adult life: work is free, benefit costs the state."""


def grown(low_benefit, high_benefit):
    """Adult life: everybody without a placement works; by months placed more are on benefit."""
    entries = ""
    for steps, by_band in (
        (("left", "reunified", "home_support"), (0.0, low_benefit, low_benefit)),
        (PLACED, (low_benefit, low_benefit, high_benefit)),
    ):
        for band, share in zip(("0-0", "1-23", "24-"), by_band, strict=True):
            entries += (
                f"[[adult_life.entry]]\nhighest = {list(steps)}\nmonths_placed = '{band}'\n"
                f"shares.work = {figure(1 - share, 'share')}\n"
                f"shares.benefit = {figure(share, 'share')}\n"
            )
    return LADDER + entries
