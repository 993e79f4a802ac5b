"""Write scenario.toml: each number of the source stands here once, and nothing is typed twice.

    python tests/cases/hiv/make_scenario.py

Source: Chancellor et al., "Modelling the Cost Effectiveness of Lamivudine/Zidovudine Combination
Therapy in HIV Infection", PharmacoEconomics 1997;12(1):54-66, as restated in Briggs, Claxton and
Sculpher, Decision Modelling for Health Economic Evaluation, 2006, exercise 2.5.
"""

from pathlib import Path

COUNTS = {
    "a": {"a": 1251, "b": 350, "c": 116, "d": 17},
    "b": {"b": 731, "c": 512, "d": 15},
    "c": {"c": 1312, "d": 437},
}
RELATIVE_RISK = 0.509
N_CYCLES, COMBINATION_CYCLES = 20, 2
CARE = {"a": (1_701, 1_055), "b": (1_774, 1_278), "c": (6_948, 2_059)}
ZIDOVUDINE, LAMIVUDINE = 2_278, 2_086.50
DISCOUNT = 0.06
PEOPLE = 1_000
FIRST_YEAR = 2000
LABELS = {
    "a": ("CD4 over 200", "CD4 above 200"),
    "b": ("CD4 under 200", "CD4 below 200"),
    "c": ("Aids", "AIDS"),
}

HEAD = f"""# WRITTEN BY make_scenario.py IN THIS FOLDER; CHANGE THAT, NOT THIS.
#
# A published case with exact answers: the HIV model of Chancellor et al. Source: see
# make_scenario.py. Everybody starts in state a and can only get worse (b, c) or die (d). Under
# combination therapy a relative risk multiplies the probability of every worsening in the first
# two cycles, and only in them a second drug is paid for.
#
# A cycle is a year, counted at its end and discounted from the first cycle on. The price of a state
# is care and drugs together; drug_cost is the drugs' part of it, so that the two published parts
# can be told apart. life_years is not discounted in the source.
#
# AMOUNTS ARE POUNDS. The file format calls every amount DKK; read GBP. There is no indexation:
# price year and price level are the same, so the year chosen has no effect.
schema_version = 1
name = "hiv"

[title]
da = "Behandling af hiv (offentliggjort eksempel)"
en = "HIV therapy (published case)"

[description]
da = "Giver modellen de offentliggjorte tal, når en effekt ganger sandsynligheder og hører op?"
en = "Does the model give the published figures when an effect on probabilities ends?"

[clock]
starts = "{FIRST_YEAR}-01"
first_budget_year = {FIRST_YEAR}
n_budget_years = {N_CYCLES}
cycle_months = 12

[bands]
ages = ["30-"]
months_on_step = ["0-"]

[payers]
health = {{ da = "Sundhedsvæsenet", en = "Health service" }}
"""


def quantity(value: float, unit: str, why: str) -> str:
    """Return a quantity as a line of the file."""
    year = f", price_year = {FIRST_YEAR}" if "DKK" in unit else ""
    return f'{{ value = {value!r}, unit = "{unit}"{year}, assumption = "{why} in the source" }}'


def price(step: str, drugs: float, names: str) -> list[str]:
    why = f"direct and community care, {' + '.join(map(str, CARE[step]))}, and {names}"
    amount = quantity(sum(CARE[step]) + drugs, "DKK per child and year", why)
    return [f"price = {amount}", f"outcomes.drug_cost = {quantity(drugs, 'GBP per year', names)}"]


def steps() -> list[str]:
    lines = []
    for level, (step, (da, en)) in enumerate(LABELS.items()):
        lines += [f"[steps.{step}]", f'label = {{ da = "{da}", en = "{en}" }}', f"level = {level}"]
        lines += ['kind = "state"', 'payer = "health"', 'effect_scale = "probability"']
        lines += price(step, ZIDOVUDINE, f"zidovudine {ZIDOVUDINE}")
        lived = quantity(1.0, "years per year", "a year lived is a year,")
        lines += [f"outcomes.life_years = {lived}", ""]
    lines += ["[steps.d]", 'label = { da = "Død", en = "Dead" }', "level = 0", 'kind = "exit"']
    return [*lines, 'payer = "health"', ""]


def moves() -> list[str]:
    lines = []
    for origin, counts in COUNTS.items():
        for to, count in counts.items():
            if to != origin:
                total = sum(counts.values())
                p = quantity(count / total, "probability", f"{count} transitions of {total}")
                lines += [f"[moves.{origin}_{to}]", f'from = "{origin}"', f'to = "{to}"']
                lines += [f"probability = {p}", ""]
    return lines


def combination() -> list[str]:
    last = FIRST_YEAR + COMBINATION_CYCLES - 1
    label = '{ da = "Zidovudin og lamivudin", en = "Zidovudine and lamivudine" }'
    worse = [f'"{origin}_{to}"' for origin, row in COUNTS.items() for to in row if to != origin]
    ratio = quantity(RELATIVE_RISK, "ratio", "relative risk of progression, per cycle,")
    lines = [
        "[strategies.combination]", f"label = {label}", "",
        "[strategies.combination.investments.lamivudine]", f"label = {label}",
        f'start = "{FIRST_YEAR}-01"', f'end = "{last}-12"', "",
        "[strategies.combination.investments.lamivudine.effects.progression]",
        f"on = [{', '.join(worse)}]", f"risk_ratio = {ratio}", "",
        "[strategies.combination.periods.both_drugs]",
        f"from_year = {FIRST_YEAR}", f"to_year = {last}",
    ]  # fmt: skip
    for step in LABELS:
        names = f"zidovudine {ZIDOVUDINE} + lamivudine {LAMIVUDINE}"
        lines.append(f"[strategies.combination.periods.both_drugs.steps.{step}]")
        lines += price(step, ZIDOVUDINE + LAMIVUDINE, names)
    return lines


STOCK = [
    "[stock]", f'date = "{FIRST_YEAR - 1}-12"', "age_years = 30",
    'assumption = "a thousand people in place of one; ages play no part in the source"',
    f"children = {{ a = {PEOPLE} }}", "",
]  # fmt: skip
MONEY = [
    "[money]", f"price_level = {FIRST_YEAR}",
    f"indexation = {quantity(0.0, 'per year', 'no indexation of the amounts')}",
    'counting = "end"', 'discount_timing = "end"', "", "[[money.discount]]", "from_year = 0",
    f"rate = {quantity(DISCOUNT, 'per year', '6 % for costs, none for life-years')}", "",
]  # fmt: skip
BASELINE = ["[baseline]", 'da = "Zidovudin alene"', 'en = "Zidovudine alone"', ""]


def text() -> str:
    """Return the whole file."""
    parts = [HEAD.splitlines(), [""], steps(), moves(), STOCK, MONEY, BASELINE, combination()]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("scenario.toml").write_text(text(), encoding="utf-8", newline="\n")
