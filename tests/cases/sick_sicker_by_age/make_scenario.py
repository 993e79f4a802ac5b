"""Write scenario.toml: each number of the paper stands here once, and nothing is computed by hand.

    python tests/cases/sick_sicker_by_age/make_scenario.py

Source: Alarid-Escudero et al., "A Tutorial on Time-Dependent Cohort State-Transition Models in R
Using a Cost-Effectiveness Analysis Example", Medical Decision Making 2023;43(1):21-41. The rates of
death are those of the life table for the United States, 2015, which the paper uses.
"""

from math import exp
from pathlib import Path

FIRST_AGE, N_CYCLES = 25, 75
DEATHS_PER_YEAR = """
0.001014 0.000999 0.001070 0.001087 0.001162 0.001167 0.001213 0.001289 0.001331 0.001375
0.001420 0.001490 0.001550 0.001616 0.001657 0.001747 0.001902 0.002052 0.002173 0.002395
0.002559 0.002807 0.003023 0.003349 0.003712 0.004085 0.004490 0.004905 0.005364 0.005806
0.006253 0.006775 0.007395 0.007895 0.008418 0.008974 0.009666 0.010456 0.011384 0.011838
0.012667 0.013593 0.014700 0.015732 0.017340 0.018758 0.020967 0.022917 0.024913 0.026767
0.029707 0.032412 0.035982 0.039238 0.043595 0.048727 0.053735 0.059911 0.066618 0.074051
0.082190 0.090754 0.103968 0.115093 0.124341 0.137872 0.154177 0.172393 0.194100 0.212654
0.243752 0.259087 0.287781 0.316429 0.339149
"""
DEATHS = [float(rate) for rate in DEATHS_PER_YEAR.split()]
TIMES_DEATHS = {"h": 1, "s1": 3, "s2": 10}
RATES = {("h", "s1"): 0.15, ("s1", "h"): 0.5, ("s1", "s2"): 0.105}
RATIO_OF_B = 0.6
COST = {"h": 2_000, "s1": 4_000, "s2": 15_000}
QALY = {"h": 1.0, "s1": 0.75, "s2": 0.5}
QALY_OF_A_ON_S1 = 0.95
COST_OF_A, COST_OF_B = 12_000, 13_000
FALLING_SICK_COSTS, FALLING_SICK_TAKES, DYING_COSTS = 1_000, 0.01, 2_000
DISCOUNT = 0.03
PEOPLE = 1_000
LABELS = {"h": ("Rask", "Healthy"), "s1": ("Syg", "Sick"), "s2": ("Mere syg", "Sicker")}
TREATMENTS = {
    "a": ("Behandling A", "Treatment A", ("a",)),
    "b": ("Behandling B", "Treatment B", ("b",)),
    "ab": ("Behandling A og B", "Treatments A and B", ("a", "b")),
}
BANDS = [f"{FIRST_AGE + i}-{FIRST_AGE + i}" for i in range(N_CYCLES - 1)]
BANDS.append(f"{FIRST_AGE + N_CYCLES - 1}-")

HEAD = f"""# WRITTEN BY make_scenario.py IN THIS FOLDER; CHANGE THAT, NOT THIS.
#
# A published case with exact answers: the Sick-Sicker model with deaths by age and rewards on
# transitions. Source: see make_scenario.py. The model is that of tests/cases/sick_sicker, but that
# people die at the rate of their age (one band for each year of age), that falling sick costs
# something once and takes some quality of life, and that dying costs something once. What happens
# on a transition is counted at the edge at which it takes effect, with that edge's weight.
#
# AMOUNTS ARE US DOLLARS. The file format calls every amount DKK; read USD. There is no indexation:
# price year and price level are the same, so the year chosen has no effect.
schema_version = 1
name = "sick_sicker_by_age"

[title]
da = "Syg og mere syg efter alder (offentliggjort eksempel)"
en = "Sick-Sicker by age (published case)"

[description]
da = "Giver modellen de offentliggjorte tal, når risikoen følger alderen og skiftene koster?"
en = "Does the model give the published figures when risks follow age and transitions cost?"

[clock]
starts = "2000-01"
first_budget_year = 2000
n_budget_years = {N_CYCLES + 1}
cycle_months = 12

[bands]
ages = [{", ".join(f'"{band}"' for band in BANDS)}]
months_on_step = ["0-"]

[payers]
health = {{ da = "Sundhedsvæsenet", en = "Health service" }}
"""


def quantity(value: float, unit: str, why: str) -> str:
    """Return a quantity as a line of the file."""
    year = ", price_year = 2000" if "DKK" in unit else ""
    return f'{{ value = {value!r}, unit = "{unit}"{year}, assumption = "{why} of the paper" }}'


def price(dollars: float, why: str) -> str:
    return f"price = {quantity(dollars, 'DKK per child and year', why)}"


def qaly(years: float, why: str) -> str:
    return f"outcomes.qaly = {quantity(years, 'qaly per year', why)}"


def steps() -> list[str]:
    lines = []
    for level, (step, (da, en)) in enumerate(LABELS.items()):
        lines += [f"[steps.{step}]", f'label = {{ da = "{da}", en = "{en}" }}', f"level = {level}"]
        lines += ['kind = "state"', 'payer = "health"', price(COST[step], f"c_{step.upper()}")]
        lines += [qaly(QALY[step], f"u_{step.upper()}"), ""]
    lines += ["[steps.d]", 'label = { da = "Død", en = "Dead" }', "level = 0", 'kind = "exit"']
    return [*lines, 'payer = "health"', ""]


def moves() -> list[str]:
    """Return the moves: probabilities of a cycle, conditional on surviving it where one lives."""
    lines = []
    for (origin, to), rate in RATES.items():
        survive = [exp(-TIMES_DEATHS[origin] * death) for death in DEATHS]
        why = f"1 - exp(-{rate}), times the chance to survive the cycle by age,"
        lines += move(origin, to, 1 - exp(-rate), survive, why)
        if (origin, to) == ("h", "s1"):
            takes = quantity(-FALLING_SICK_TAKES, "qaly per move", "disutility of falling sick")
            lines += [
                one_off(FALLING_SICK_COSTS, "cost of falling sick"),
                f"outcomes.qaly = {takes}",
            ]
        lines.append("")
    for origin, times in TIMES_DEATHS.items():
        die = [1 - exp(-times * death) for death in DEATHS]
        why = f"1 - exp(-{times} x the rate of death at {FIRST_AGE})"
        lines += move(origin, "d", die[0], [p / die[0] for p in die], why)
        lines += [one_off(DYING_COSTS, "cost of dying"), ""]
    return lines


def one_off(dollars: float, why: str) -> str:
    return f'payer = "health"\none_off = {quantity(dollars, "DKK per move", why)}'


def move(origin: str, to: str, p: float, factors: list[float], why: str) -> list[str]:
    by_age = ", ".join(
        f'"{band}" = {factor!r}' for band, factor in zip(BANDS, factors, strict=True)
    )
    return [
        f"[moves.{origin}_{to}]",
        f'from = "{origin}"',
        f'to = "{to}"',
        f"probability = {quantity(p, 'probability', why)}",
        f'by_age = {{ factors = {{ {by_age} }}, assumption = "life table of the paper" }}',
    ]


def money() -> list[str]:
    third = 1 / 3
    inner = [2 * third if i % 2 == 0 else 4 * third for i in range(2, N_CYCLES + 1)]
    weights = ", ".join(repr(weight) for weight in [third, *inner, third])
    zero = quantity(0.0, "per year", "there is no indexation in the amounts")
    rate = quantity(DISCOUNT, "per year", "3 % for costs and quality of life")
    return [
        "[money]", "price_level = 2000", f"indexation = {zero}", 'counting = "weights"',
        "# Simpson's rule in the order the paper's code has it: between the ends 2/3 comes first.",
        f"weights = [{weights}]", "", "[[money.discount]]", "from_year = 0", f"rate = {rate}", "",
    ]  # fmt: skip


def strategies() -> list[str]:
    lines = []
    for name, (da, en, parts) in TREATMENTS.items():
        more = ("a" in parts) * COST_OF_A + ("b" in parts) * COST_OF_B
        why = f"c_S and c_trt{name.upper()} together,"
        lines += [f"[strategies.{name}]", f'label = {{ da = "{da}", en = "{en}" }}']
        for step in ("s1", "s2"):
            lines += [f"[strategies.{name}.steps.{step}]", price(COST[step] + more, why)]
            if step == "s1" and "a" in parts:
                lines.append(qaly(QALY_OF_A_ON_S1, "u_trtA"))
        if "b" in parts:
            slower = 1 - exp(-RATIO_OF_B * RATES["s1", "s2"])
            why = f"1 - exp(-{RATIO_OF_B} x {RATES['s1', 's2']})"
            own = quantity(slower, "probability", why)
            lines += [f"[strategies.{name}.probabilities]", f"s1_s2 = {own}"]
        lines.append("")
    return lines


STOCK = [
    "[stock]", 'date = "1999-12"', f"age_years = {FIRST_AGE}",
    'assumption = "a thousand people in place of one; every figure of the paper is per person"',
    f"children = {{ h = {PEOPLE} }}", "",
]  # fmt: skip
BASELINE = ["[baseline]", 'da = "Uden behandling"', 'en = "Standard of care"', ""]


def text() -> str:
    """Return the whole file."""
    parts = [HEAD.splitlines(), [""], steps(), moves(), STOCK, money(), BASELINE, strategies()]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("scenario.toml").write_text(text(), encoding="utf-8", newline="\n")
