"""The published Sick-Sicker model as a scenario: its printed figures, its trace, its frontier.

Source: Alarid-Escudero et al., Medical Decision Making 2023;43(1):3-20. "More digits" were had by
running the paper's formulas; the printed figures are the acceptance values.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stepdown import expected, load_scenario, simulate

CASE = Path(__file__).parent / "sick_sicker"
PEOPLE = 1000

PUBLISHED = {
    "baseline": ("151,580", "20.711"),
    "a": ("284,805", "21.499"),
    "b": ("259,100", "22.184"),
    "ab": ("378,875", "23.137"),
}
MORE_DIGITS = {
    "baseline": (151579.8660, 20.71133146),
    "a": (284804.5134, 21.49866281),
    "b": (259100.4106, 22.18446514),
    "ab": (378875.1984, 23.13684414),
}
HALF_CYCLE = {
    "baseline": (152262.2907, 21.03815092),
    "a": (285676.9230, 21.82883641),
    "b": (259991.5153, 22.51119814),
    "ab": (379955.4473, 23.46684559),
}
NO_CORRECTION = {
    "baseline": (153541.4129, 21.55448661),
    "a": (287185.6408, 22.34554446),
    "b": (261490.9744, 23.03260781),
    "ab": (381676.0957, 23.98896893),
}
PRINTED_TRACE = """
1: .859 .139 .000 .002
2: .792 .189 .014 .005
3: .755 .206 .032 .008
4: .729 .208 .052 .011
5: .707 .206 .072 .015
"""


@cache
def solution():
    return expected(CASE, n_draws=1)


@cache
def scenario():
    return load_scenario(CASE).scenario


def per_person(result):
    """Return discounted cost and QALYs per person, by strategy."""
    cost = (result.cost_dkk.sum("payer") * result.discount_factor).sum("year")
    qaly = (result.outcome.sel(outcome_name="qaly") * result.discount_factor).sum("year")
    return cost / PEOPLE, qaly / PEOPLE


def at_opening_edges(strategy):
    """Return people on each state at t = 0, ..., 75, as shares."""
    stock = solution().stock.sel(strategy=strategy).isel(draw=0).values / PEOPLE
    return np.vstack([[1.0, 0.0, 0.0, 0.0], stock[:-1]])


@pytest.mark.parametrize("strategy", list(PUBLISHED))
def test_printed_figures(strategy):
    """Every digit that the paper prints."""
    cost, qaly = (float(x.sel(strategy=strategy).item()) for x in per_person(solution()))
    assert (f"{cost:,.0f}", f"{qaly:.3f}") == PUBLISHED[strategy]


@pytest.mark.parametrize("strategy", list(MORE_DIGITS))
def test_more_digits(strategy):
    """To half a unit of the last digit known, 1e-4 of a dollar and 1e-8 of a QALY."""
    cost, qaly = (float(x.sel(strategy=strategy).item()) for x in per_person(solution()))
    assert cost == pytest.approx(MORE_DIGITS[strategy][0], abs=6e-5)
    assert qaly == pytest.approx(MORE_DIGITS[strategy][1], abs=6e-9)


@pytest.mark.parametrize(
    ("weights", "known"),
    [([0.5] + [1.0] * 74 + [0.5], HALF_CYCLE), ([1.0] * 76, NO_CORRECTION)],
    ids=["half-cycle", "no correction"],
)
def test_other_corrections(tmp_path, weights, known):
    """The same case with another within-cycle correction: the choice is all in the weights."""
    text = (CASE / "scenario.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition("weights = [")
    _, _, after = rest.partition("]")
    path = tmp_path / "scenario.toml"
    path.write_text(f"{before}weights = {weights}{after}", encoding="utf-8")
    cost, qaly = per_person(expected(path, n_draws=1))
    for strategy, (dollars, years) in known.items():
        assert cost.sel(strategy=strategy).item() == pytest.approx(dollars, abs=6e-5)
        assert qaly.sel(strategy=strategy).item() == pytest.approx(years, abs=6e-9)


def test_printed_trace():
    edges = at_opening_edges("baseline")
    for line in PRINTED_TRACE.split("\n")[1:-1]:
        cycle, _, shares = line.partition(":")
        printed = [f"{share:.3f}".lstrip("0") for share in edges[int(cycle)]]
        assert printed == shares.split()


def test_last_row_of_the_trace():
    last = [0.11572345, 0.03417854, 0.31706154, 0.53303648]
    np.testing.assert_allclose(at_opening_edges("baseline")[75], last, atol=6e-9, rtol=0)


@pytest.mark.parametrize(("strategy", "hazard_ratio"), [("baseline", 1.0), ("b", 0.6)])
def test_probabilities_are_those_of_the_rates(strategy, hazard_ratio):
    """The file's probabilities, computed again from the rates of the paper."""
    p = {name: 1 - np.exp(-rate) for name, rate in [
        ("h_d", 0.002), ("s1_d", 0.006), ("s2_d", 0.02),
        ("h_s1", 0.15), ("s1_h", 0.5), ("s1_s2", 0.105 * hazard_ratio),
    ]}  # fmt: skip
    for name in ("h_s1", "s1_h", "s1_s2"):
        p[name] *= 1 - p[f"{name.partition('_')[0]}_d"]
    own = {} if strategy == "baseline" else scenario().strategies[strategy].probabilities
    for name, move in scenario().moves.items():
        assert own.get(name, move.probability).value == pytest.approx(p[name], rel=1e-14)


def test_weights_are_simpsons_in_the_order_of_the_paper():
    third = 1 / 3
    inner = [2 * third if i % 2 == 0 else 4 * third for i in range(2, 76)]
    np.testing.assert_allclose(scenario().money.weights, [third, *inner, third], rtol=1e-15)


def test_frontier():
    """Published: incremental cost 107,521 and 119,775, ICER 72,988 and 125,764; A is dominated."""
    cost, qaly = (x.isel(draw=0).to_series() for x in per_person(solution()))
    steps = [
        ("baseline", "b", "107,521", "1.473", "72,988"),
        ("b", "ab", "119,775", "0.952", "125,764"),
    ]
    for low, high, dollars, years, ratio in steps:
        more, gained = cost[high] - cost[low], qaly[high] - qaly[low]
        assert (f"{more:,.0f}", f"{gained:.3f}", f"{more / gained:,.0f}") == (dollars, years, ratio)
    assert cost["a"] > cost["b"]
    assert qaly["a"] < qaly["b"]


def test_simulation_agrees():
    """Simulated cost and QALYs per person agree with the expected ones, every strategy.

    1,000 replicates of 1,000 people, seed 20230103. |z| <= 4.89 for each of 8 figures: false alarm
    1e-6 each. The standard errors are asserted to be below 0.08 %: an error of 0.65 % is caught in
    999 runs of 1,000 (4.89 + 3.09 standard errors).
    """
    run = simulate(CASE, n_draws=1, seed=20230103, n_replicates=1000)
    exact = per_person(solution())
    for simulated, known in zip(per_person(run), exact, strict=True):
        found = simulated.isel(draw=0)
        error = found.std("replicate", ddof=1) / np.sqrt(found.sizes["replicate"])
        z = (found.mean("replicate") - known.isel(draw=0)) / error
        assert (error / found.mean("replicate") < 8e-4).all()
        assert (abs(z) <= 4.89).all(), z.values


def test_simulated_people_are_conserved():
    run = simulate(CASE, n_draws=1, seed=3, n_replicates=2)
    assert (run.start_stock.sum("step") == PEOPLE).all()
    assert (run.stock.sum("step") == PEOPLE).all()
