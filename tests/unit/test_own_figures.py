"""Own figures of a strategy, for all years or some, and ratios on probabilities: by hand."""

import numpy as np
import pytest
from small import NOTHING, Chain, figure, on, strategy, write_chain

from stepdown import expected, simulate
from stepdown.errors import InputError, RunError
from stepdown.scenario import load_scenario

P = np.array([[0.7, 0.2, 0.1], [0.3, 0.55, 0.15], [0.0, 0.0, 1.0]])
STATES = ("a", "b", "c")
MOVES = {
    (STATES[i], STATES[j]): f"probability = {float(P[i, j])!r}"
    for i in range(2)
    for j in range(3)
    if i != j
}
BASE = Chain(STATES, MOVES, {"a": 60, "b": 40}, n_years=5)
OWN = NOTHING.replace("nothing", "own")


def written(folder, strategies, *, scale="probability", **fields):
    """Write the chain; ratios on moves from a and b multiply probabilities, unless told not to."""
    path = write_chain(folder, Chain(**{**BASE.__dict__, "strategies": strategies, **fields}))
    text = path.read_text()
    for state in "ab":
        text = text.replace(f"[steps.{state}]\n", f'[steps.{state}]\neffect_scale = "{scale}"\n', 1)
    path.write_text(text)
    return path


def stocks(path, name="own"):
    return expected(path, n_draws=1).stock.sel(strategy=name).isel(draw=0).values


def follow(matrices):
    """Return the stocks at year ends after one matrix a year."""
    now, found = np.array([60.0, 40.0, 0.0]), []
    for matrix in matrices:
        now = now @ matrix
        found.append(now)
    return np.array(found)


def with_ratio(ratio, cells=((0, 2), (1, 2))):
    """Return P with some cells times a ratio, and what is left on the diagonal."""
    changed = P.copy()
    for row, column in cells:
        changed[row, column] *= ratio
        changed[row, row] += P[row, column] * (1 - ratio)
    return changed


# ------------------------------------------------------------- ratios that multiply probabilities


def test_a_risk_ratio_per_cycle_multiplies_the_probability(tmp_path):
    """Both moves to c at 0.4 times their probability: the complement stays where it is."""
    both = 'on = ["a_c", "b_c"]\n' + on("x", 0.4, kind="risk_ratio").partition("\n")[2]
    found = stocks(written(tmp_path, strategy("own", both)))
    np.testing.assert_allclose(found, follow([with_ratio(0.4)] * 5), rtol=1e-13)


def test_it_starts_and_ends(tmp_path):
    effect = on("a_c", 2.5, kind="risk_ratio")
    timing = 'start = "2019-01"\nend = "2020-12"\n'
    found = stocks(written(tmp_path, strategy("own", effect, timing=timing)))
    changed = with_ratio(2.5, ((0, 2),))
    np.testing.assert_allclose(found, follow([P, changed, changed, P, P]), rtol=1e-13)


def test_a_ramp_works_on_the_logarithm_of_the_ratio(tmp_path):
    """Over four years: weights 1/8, 3/8, 5/8, 7/8 in the middle of the first four cycles."""
    timing = f'start = "2018-01"\nramp = {figure(48.0, "months")}\n'
    text = strategy("own", on("a_c", 0.5, kind="risk_ratio"), timing=timing)
    matrices = [with_ratio(0.5**w, ((0, 2),)) for w in (0.125, 0.375, 0.625, 0.875, 1.0)]
    np.testing.assert_allclose(stocks(written(tmp_path, text)), follow(matrices), rtol=1e-13)


def test_the_scale_matters(tmp_path):
    """The same ratio as one of rates gives other figures, and those of matrix exponentials."""
    effect = on("a_c", 0.4)
    found = stocks(written(tmp_path, strategy("own", effect), scale="rate"))
    leaving = -np.log(0.7)
    rates = np.array([2 / 3, 1 / 3 * 0.4]) * leaving
    gone = 1 - np.exp(-rates.sum())
    changed = P.copy()
    changed[0] = [1 - gone, *(gone * rates / rates.sum())]
    np.testing.assert_allclose(found, follow([changed] * 5), rtol=1e-13)
    other = stocks(written(tmp_path / "risk", strategy("own", on("a_c", 0.4, kind="risk_ratio"))))
    assert abs(found - other).max() > 0.1


def test_ages_of_an_effect_on_probabilities(tmp_path):
    """Everybody is 10 at the start: an effect from 12 to 13 works in the third and fourth cycle."""
    effect = on("a_c", 0.4, kind="risk_ratio", more='ages = "12-13"')
    found = stocks(written(tmp_path, strategy("own", effect)))
    changed = with_ratio(0.4, ((0, 2),))
    np.testing.assert_allclose(found, follow([P, P, changed, changed, P]), rtol=1e-13)


def test_a_ratio_of_1_saves_exactly_nothing(tmp_path):
    path = written(tmp_path, strategy("own", on("a_c", 1.0, kind="risk_ratio")))
    result = simulate(path, n_draws=4, seed=1)
    assert (result.net_saving_dkk == 0).all()
    assert (result.moves.sel(strategy="own") == result.moves.sel(strategy="baseline")).all()


def test_another_strategys_own_row_changes_no_bit(tmp_path):
    """Within the bounds: 1.3 times a probability of 0.3 is 1.5 times its hazard, below 2."""
    alone = strategy("own", on("a_c", 0.5, kind="risk_ratio"))
    more = strategy("other", on("b_a", 1.3, kind="risk_ratio"))
    runs = [
        simulate(written(tmp_path / str(n), text), n_draws=3, seed=2).sel(strategy="own")
        for n, text in enumerate((alone, alone + more))
    ]
    assert (runs[0].moves.values == runs[1].moves.values).all()
    assert runs[0].moves.sum() > 0


def test_probabilities_above_1_are_an_error(tmp_path):
    path = written(tmp_path, strategy("own", on("a_b", 4.6, kind="risk_ratio")))
    with pytest.raises(RunError, match=r"leaving step a under own .* add up to 1\.02"):
        simulate(path, n_draws=1, seed=1)


# ---------------------------------------------------------------------------- periods and ages

PERIOD = "[strategies.own.periods.some]\nfrom_year = 2019\nto_year = 2020\n"


@pytest.mark.parametrize("cycle_months", [1, 12])
def test_own_probabilities_of_some_years(tmp_path, cycle_months):
    own = f"[strategies.own.probabilities]\na_c = {figure(0.04, 'probability')}\n"
    own += PERIOD + "[strategies.own.periods.some.probabilities]\n"
    own += f"a_c = {figure(0.25, 'probability')}\nb_a = {figure(0.0, 'probability')}\n"
    path = written(tmp_path, OWN + own, scale="rate", cycle_months=cycle_months)
    n_cycles = 12 // cycle_months
    outside = with_ratio(0.4, ((0, 2),))
    inside = with_ratio(0.0, ((1, 0),))
    inside[0] = [0.55, 0.2, 0.25]
    years = [outside, inside, inside, outside, outside]
    matrices = [np.linalg.matrix_power(matrix, n_cycles) for matrix in years]
    np.testing.assert_allclose(stocks(path), follow(matrices), rtol=1e-12)
    plain = np.linalg.matrix_power(P, n_cycles)
    np.testing.assert_allclose(stocks(path, "baseline"), follow([plain] * 5), rtol=1e-12)


def test_own_probabilities_keep_the_factors_by_age(tmp_path):
    """All are 10 at the start; moves to b are half as likely from 12 on, and the strategy's too."""
    own = f"[strategies.own.probabilities]\na_b = {figure(0.3, 'probability')}\n"
    path = written(tmp_path, OWN + own, ages='"10-11", "12-"')
    half = 'by_age = { factors = { "10-11" = 1.0, "12-" = 0.5 }, assumption = "for a test" }'
    path.write_text(path.read_text().replace("[moves.a_b]\n", f"[moves.a_b]\n{half}\n"))
    for name, p in (("own", 0.3), ("baseline", 0.2)):
        young, old = P.copy(), P.copy()
        young[0], old[0] = [0.9 - p, p, 0.1], [0.9 - p / 2, p / 2, 0.1]
        matrices = [young, young, old, old, old]
        np.testing.assert_allclose(stocks(path, name), follow(matrices), rtol=1e-13)


def test_a_price_of_some_years(tmp_path):
    """1,000 a month; the strategy 900, and 2,500 in 2019 and 2020."""
    own = f"[strategies.own.steps.a]\nprice = {figure(900.0, 'DKK per child and month', 2018)}\n"
    own += PERIOD + "[strategies.own.periods.some.steps.a]\n"
    own += f"price = {figure(2500.0, 'DKK per child and month', 2018)}\n"
    idle = {"moves": {("a", "b"): "probability = 0.0"}, "states": ("a", "b"), "children": {"a": 10}}
    path = write_chain(tmp_path, Chain(**{**BASE.__dict__, **idle, "strategies": OWN + own}))
    result = simulate(path, n_draws=2, seed=1, n_replicates=1)
    net = result.net_saving_dkk.sel(strategy="own", payer="municipality").isel(replicate=0, draw=1)
    np.testing.assert_allclose(net, [12_000, -180_000, -180_000, 12_000, 12_000], rtol=1e-13)
    assert result.price_dkk_per_month.dims == ("strategy", "draw", "year", "step")
    exact = expected(path, n_draws=2).cost_dkk
    np.testing.assert_allclose(result.cost_dkk.isel(replicate=0), exact, rtol=1e-13)


def test_an_outcome_of_some_years(tmp_path):
    own = PERIOD + "[strategies.own.periods.some.steps.a.outcomes]\n"
    own += f"joy = {figure(0.25, 'joy per year')}\n"
    idle = {"moves": {("a", "b"): "probability = 0.0"}, "states": ("a", "b"), "children": {"a": 8}}
    path = write_chain(tmp_path, Chain(**{**BASE.__dict__, **idle, "strategies": OWN + own}))
    joy = f"[steps.a]\noutcomes.joy = {figure(1.0, 'joy per year')}\n"
    path.write_text(path.read_text().replace("[steps.a]\n", joy))
    for result in (simulate(path, n_draws=1, seed=1, n_replicates=1), expected(path, n_draws=1)):
        found = result.outcome.squeeze(drop=True)
        np.testing.assert_allclose(found.sel(strategy="own"), [8, 2, 2, 8, 8])
        np.testing.assert_allclose(found.sel(strategy="baseline"), 8)


# ------------------------------------------------------------------------------------ mistakes

MOVES_OWN = "[strategies.own.moves.a_b]\n"
SOME = "[strategies.own.periods.some]\n"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (strategy("own", on("a_c", 0.4)), "effects.own_own.hazard_ratio", "ratio of rates on"),
        (
            strategy("own", on("a_c", 0.4, kind="risk_ratio", more="at_months = 12")),
            "own_own.at_months",
            "that of one cycle",
        ),
        (OWN + MOVES_OWN + f"one_off = {figure(5.0, 'DKK', 2018)}", "a_b.one_off", "DKK per move"),
        (OWN + MOVES_OWN + f"outcomes.joy = {figure(5.0, 'joy')}", "outcomes.joy", "unknown outc"),
        (OWN + "[strategies.own.moves.x]", "own.moves.x", 'unknown move "x"'),
        (OWN + SOME + "from_year = 2019", "periods.some", "nothing in it"),
        (OWN + PERIOD.replace("2020", "2018"), "some.to_year", "2018 is before 2019"),
        (OWN + SOME + "from_year = 2040", "some.from_year", "the model runs from 2018 to 2022"),
    ],
)
def test_mistakes_are_told(tmp_path, text, key, words):
    with pytest.raises(InputError) as caught:
        load_scenario(written(tmp_path, text))
    told = [p for p in caught.value.problems if p.key.endswith(key) and words in str(p)]
    assert told, caught.value


def test_overlapping_periods_are_a_mistake(tmp_path):
    body = f"steps.a.price = {figure(500.0, 'DKK per child and month', 2018)}\n"
    later = SOME.replace("some", "later") + f"from_year = 2020\n{body}"
    with pytest.raises(InputError, match="one value in a year"):
        load_scenario(written(tmp_path, OWN + PERIOD + body + later))
    apart = later.replace("2020", "2021")
    load_scenario(written(tmp_path / "apart", OWN + PERIOD + body + apart))


def test_effect_scale_is_for_probabilities(tmp_path):
    moves = {("a", "b"): "rate = 0.2"}
    path = write_chain(tmp_path, Chain(**{**BASE.__dict__, "moves": moves, "strategies": OWN}))
    scale = '[steps.a]\neffect_scale = "probability"\n'
    path.write_text(path.read_text().replace("[steps.a]\n", scale))
    with pytest.raises(InputError, match="a has moves given as rates"):
        load_scenario(path)


def test_one_effect_works_on_one_scale(tmp_path):
    path = written(tmp_path, strategy("own", on("leave", 0.4, kind="risk_ratio")))
    path.write_text(path.read_text().replace('effect_scale = "probability"\n', "", 1))
    with pytest.raises(InputError, match="moves on both scales"):
        load_scenario(path)


def test_own_rows_are_alike_at_all_times_on_the_step(tmp_path):
    by_time = 'by_time = { factors = { "0-1" = 1.0, "2-" = 0.5 }, assumption = "for a test" }'
    path = written(tmp_path, OWN, times='"0-1", "2-"', by_time=by_time)
    with pytest.raises(InputError, match="a move from a has by_time"):
        load_scenario(path)


def test_moves_in_adult_life_cost_nothing_once(tmp_path):
    """Adult life stands outside every saving, and a one-off cost would be inside."""
    own = f"[strategies.own.moves.a_b]\none_off = {figure(500.0, 'DKK per move', 2018)}\n"
    path = written(tmp_path, OWN + own, scale="rate")
    path.write_text(path.read_text().replace('kind = "state"', 'kind = "adult"', 1))
    with pytest.raises(InputError, match="a_b leaves a step of adult life"):
        load_scenario(path)
