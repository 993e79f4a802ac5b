"""The age-dependent Sick-Sicker model with rewards on transitions, against its printed figures.

Source: Alarid-Escudero et al., Medical Decision Making 2023;43(1):21-41. "More digits" were had by
running the paper's formulas; the printed figures are the acceptance values.
"""

import runpy
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from stepdown import expected, simulate

CASE = Path(__file__).parent / "sick_sicker_by_age"
PEOPLE = 1000

PUBLISHED = {
    "baseline": ("116,374", "18.879"),
    "a": ("218,789", "19.636"),
    "b": ("202,536", "20.199"),
    "ab": ("296,300", "21.097"),
}
MORE_DIGITS = {
    "baseline": (116374.4480, 18.8791953),
    "a": (218789.3592, 19.6355560),
    "b": (202536.4599, 20.1989255),
    "ab": (296300.3259, 21.0965266),
}
TRACE = {10: [0.626897, 0.185290, 0.164654, 0.023159], 50: [0.157581, 0.045144, 0.050436, 0.746839]}


@cache
def solution():
    return expected(CASE, n_draws=1)


@cache
def made():
    return runpy.run_path(str(CASE / "make_scenario.py"))


def per_person(result):
    """Return discounted cost and QALYs per person, by strategy."""
    cost = (result.cost_dkk.sum("payer") * result.discount_factor).sum("year")
    qaly = (result.outcome.sel(outcome_name="qaly") * result.discount_factor).sum("year")
    return cost / PEOPLE, qaly / PEOPLE


def test_the_file_is_what_its_script_writes():
    assert (CASE / "scenario.toml").read_text(encoding="utf-8") == made()["text"]()


@pytest.mark.parametrize("strategy", list(PUBLISHED))
def test_printed_figures(strategy):
    """Every digit that the paper prints."""
    cost, qaly = (float(x.sel(strategy=strategy).item()) for x in per_person(solution()))
    assert (f"{cost:,.0f}", f"{qaly:.3f}") == PUBLISHED[strategy]


@pytest.mark.parametrize("strategy", list(MORE_DIGITS))
def test_more_digits(strategy):
    """To half a unit of the last digit known, 1e-4 of a dollar and 1e-7 of a QALY."""
    cost, qaly = (float(x.sel(strategy=strategy).item()) for x in per_person(solution()))
    assert cost == pytest.approx(MORE_DIGITS[strategy][0], abs=6e-5)
    assert qaly == pytest.approx(MORE_DIGITS[strategy][1], abs=6e-8)


def test_frontier():
    """Published: 86,162 and 93,764 for 1.320 and 0.898, ICER 65,288 and 104,461; A is dominated."""
    cost, qaly = (x.isel(draw=0).to_series() for x in per_person(solution()))
    steps = [
        ("baseline", "b", "86,162", "1.320", "65,288", 65287.595),
        ("b", "ab", "93,764", "0.898", "104,461", 104460.514),
    ]
    for low, high, dollars, years, ratio, derived in steps:
        more, gained = cost[high] - cost[low], qaly[high] - qaly[low]
        assert (f"{more:,.0f}", f"{gained:.3f}", f"{more / gained:,.0f}") == (dollars, years, ratio)
        assert more / gained == pytest.approx(derived, abs=6e-4)
    assert cost["a"] > cost["b"]
    assert qaly["a"] < qaly["b"]


@pytest.mark.parametrize("cycle", list(TRACE))
def test_trace(cycle):
    stock = solution().stock.sel(strategy="baseline").isel(draw=0, year=cycle - 1).values / PEOPLE
    np.testing.assert_allclose(stock, TRACE[cycle], atol=6e-7, rtol=0)


@pytest.mark.parametrize("strategy", list(PUBLISHED))
def test_against_the_matrices_of_the_paper(strategy):
    """Cost and QALYs once more as the paper's code sums them: arrays of transitions and rewards.

    To 1e-12 relative, written without the scenario file: only the figures of its script are used.
    """
    paper = made()
    in_a, in_b = "a" in strategy.replace("baseline", ""), strategy in ("b", "ab")
    treated = in_a * paper["COST_OF_A"] + in_b * paper["COST_OF_B"]
    cost = [paper["COST"]["h"], *(paper["COST"][s] + treated for s in ("s1", "s2")), 0.0]
    qaly = [*paper["QALY"].values(), 0.0]
    qaly[1] = paper["QALY_OF_A_ON_S1"] if in_a else qaly[1]
    p = {way: 1 - np.exp(-rate) for way, rate in paper["RATES"].items()}
    if in_b:
        p["s1", "s2"] = 1 - np.exp(-paper["RATIO_OF_B"] * paper["RATES"]["s1", "s2"])
    well, worse = p["s1", "h"], p["s1", "s2"]
    now, total = np.array([1.0, 0.0, 0.0, 0.0]), np.array([cost[0], qaly[0]]) / 3
    for cycle, death in enumerate(paper["DEATHS"], start=1):
        h, s1, s2 = (np.exp(-times * death) for times in paper["TIMES_DEATHS"].values())
        matrix = np.array([
            [h * (1 - p["h", "s1"]), h * p["h", "s1"], 0, 1 - h],
            [s1 * well, s1 * (1 - well - worse), s1 * worse, 1 - s1],
            [0, 0, s2, 1 - s2],
            [0, 0, 0, 1],
        ])  # fmt: skip
        made_moves = now[:, None] * matrix
        dollars, years = np.tile(cost, (4, 1)), np.tile(qaly, (4, 1))
        dollars[0, 1] += paper["FALLING_SICK_COSTS"]
        years[0, 1] -= paper["FALLING_SICK_TAKES"]
        dollars[:3, 3] += paper["DYING_COSTS"]
        last = cycle == paper["N_CYCLES"]
        weight = 1 / 3 if last else 2 / 3 if cycle % 2 == 1 else 4 / 3
        earned = np.array([(made_moves * dollars).sum(), (made_moves * years).sum()])
        total += earned * weight / (1 + paper["DISCOUNT"]) ** cycle
        now = made_moves.sum(axis=0)
    found = [x.sel(strategy=strategy).item() for x in per_person(solution())]
    np.testing.assert_allclose(found, total, rtol=1e-12)


def test_simulation_agrees():
    """Simulated cost and QALYs per person agree with the expected ones, every strategy.

    400 replicates of 1,000 people, seed 20230121. |z| <= 4.89 for each of 8 figures: false alarm
    1e-6 each. The standard errors are asserted to be below 0.13 %: an error of 1.04 % is caught in
    999 runs of 1,000 (4.89 + 3.09 standard errors).
    """
    run = simulate(CASE, n_draws=1, seed=20230121, n_replicates=400)
    exact = per_person(solution())
    for simulated, known in zip(per_person(run), exact, strict=True):
        found = simulated.isel(draw=0)
        error = found.std("replicate", ddof=1) / np.sqrt(found.sizes["replicate"])
        z = (found.mean("replicate") - known.isel(draw=0)) / error
        assert (error / found.mean("replicate") < 1.3e-3).all()
        assert (abs(z) <= 4.89).all(), z.values
