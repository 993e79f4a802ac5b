"""The uniforms behind draws: independent, correlated, and Sobol points; and the files' checks."""

from statistics import NormalDist

import numpy as np
import pytest
from scipy import special, stats
from small import ENTRIES_DOWN, figure, write_small

from stepdown.errors import InputError, ParameterError
from stepdown.parameters import draw_parameters
from stepdown.report.listing import checked
from stepdown.scenario import load_scenario
from stepdown.uniforms import check_sobol, correlated, independent_uniforms, sobol_uniforms

NAMES = ["a", "b", "c", "d"]
CLOSED, FOSTER, NETWORK = (
    f"moves.{m}.rate" for m in ("case_closed", "foster_home", "network_home")
)
BOARDING = "steps.boarding_school.price"


def pair(one, two, rho):
    return f'[[correlations]]\nbetween = ["{one}", "{two}"]\nrho = {figure(rho, "correlation")}\n'


def drawn(folder, text, n_draws=2000):
    path = write_small(folder, ENTRIES_DOWN, extra=text)
    return draw_parameters(load_scenario(path).scenario, 20240607, 0, n_draws).values


# ------------------------------------------------------------------------------------- the copula


def test_scores_have_the_stated_correlations():
    """Fisher's z of four correlations, 200,000 draws: false alarm 1e-6; an error of .014 is caught.

    The standard error of z is .00224; 4.89 of them are the limit, and with 1.3 more an error is
    caught in 9 runs of 10.
    """
    n = 200_000
    wanted = np.eye(4)
    wanted[0, 2] = wanted[2, 0] = 0.6
    wanted[0, 1] = wanted[1, 0] = -0.3
    independent = independent_uniforms(20240607, 0, n, NAMES)
    found = correlated(independent, NAMES, {("c", "a"): 0.6, ("a", "b"): -0.3})
    above = np.triu_indices(4, 1)
    seen = np.corrcoef(special.ndtri(found))[above]
    z = (np.arctanh(seen) - np.arctanh(wanted[above])) * np.sqrt(n - 3)
    assert np.abs(z).max() < stats.norm.isf(1e-6 / 2 / z.size)
    for row in found:
        assert stats.kstest(row, "uniform").pvalue > 1e-6 / 4


def test_the_copula_in_plain_python():
    """b goes with a, and c with b alone, each score by the formula for two or three numbers."""
    normal = NormalDist()
    uniforms = independent_uniforms(3, 0, 200, NAMES)
    found = correlated(uniforms, NAMES, {("a", "b"): 0.6, ("b", "c"): -0.5})
    for draw in range(200):
        a, b, c = (normal.inv_cdf(u) for u in uniforms[:3, draw])
        # c has no correlation with a, and -0.5 with b's score 0.6 a + 0.8 b.
        scores = (a, 0.6 * a + 0.8 * b, -0.625 * b + (1 - 0.625**2) ** 0.5 * c)
        for row, score in enumerate(scores):
            assert found[row, draw] == pytest.approx(normal.cdf(score), rel=1e-9)


def test_a_number_made_certain_leaves_the_other_alone(tmp_path):
    """As the search for the break-even effect makes effects certain."""
    scenario = load_scenario(write_small(tmp_path, extra=pair(FOSTER, CLOSED, 0.7))).scenario
    closed = scenario.moves["case_closed"]
    certain = closed.rate.model_copy(update={"distribution": None, "value": 0.6})
    moves = scenario.moves | {"case_closed": closed.model_copy(update={"rate": certain})}
    found = draw_parameters(scenario.model_copy(update={"moves": moves}), 3, 0, 20).values
    alone = load_scenario(write_small(tmp_path)).scenario
    assert (found[FOSTER] == draw_parameters(alone, 3, 0, 20).values[FOSTER]).all()


def test_rows_in_no_pair_keep_their_bits():
    uniforms = independent_uniforms(1, 0, 500, NAMES)
    found = correlated(uniforms, NAMES, {("c", "b"): 0.6})
    assert (found[[0, 1, 3]] == uniforms[[0, 1, 3]]).all()
    assert (found[2] != uniforms[2]).all()
    assert correlated(uniforms, NAMES, {}) is uniforms


def test_the_order_of_names_and_pairs_changes_nothing():
    uniforms = independent_uniforms(1, 0, 500, NAMES)
    pairs = {("a", "b"): 0.5, ("c", "b"): -0.4, ("a", "d"): 0.2}
    turned = {(two, one): rho for (one, two), rho in reversed(pairs.items())}
    found = correlated(uniforms, NAMES, pairs)
    backwards = correlated(uniforms[::-1], NAMES[::-1], turned)[::-1]
    assert found.tobytes() == np.ascontiguousarray(backwards).tobytes()


def test_a_pair_without_a_row_is_left_out():
    uniforms = independent_uniforms(1, 0, 50, NAMES)
    assert correlated(uniforms, NAMES, {("a", "gone"): 0.9}) is uniforms


def test_extreme_uniforms_stay_inside():
    edge = np.array([2.0**-53, 1 - 2.0**-53])
    found = correlated(np.array([edge] * 3), NAMES[:3], {("a", "b"): 0.6, ("a", "c"): 0.6})
    assert (found > 0).all()
    assert (found < 1).all()


def test_a_scenario_correlates_two_numbers_and_no_other(tmp_path):
    """Each correlated number has the same distribution, not the same draws; the rest keep bits."""
    alone, together = drawn(tmp_path, ""), drawn(tmp_path, pair(FOSTER, CLOSED, 0.7))
    # Names in the order of the alphabet: case_closed comes first and keeps its draws.
    changed = {name for name in alone if name in together and (alone[name] != together[name]).any()}
    assert changed == {FOSTER}
    spearman = stats.spearmanr(together[FOSTER], together[CLOSED]).statistic
    # The rank correlation of normal scores with correlation .7 is .683; 2,000 draws, error .013.
    assert spearman == pytest.approx(6 / np.pi * np.arcsin(0.35), abs=0.07)
    assert stats.ks_2samp(alone[FOSTER], together[FOSTER]).pvalue > 1e-6


def test_check_lists_correlations(tmp_path):
    path = write_small(tmp_path, extra=pair(FOSTER, CLOSED, 0.7))
    assert f"  {FOSTER} with {CLOSED}: 0.7" in checked(load_scenario(path))
    assert "Correlations" not in checked(load_scenario(write_small(tmp_path)))


def test_correlated_draws_are_extended_bit_for_bit(tmp_path):
    path = write_small(tmp_path, ENTRIES_DOWN, extra=pair(FOSTER, CLOSED, 0.7))
    scenario = load_scenario(path).scenario
    whole = draw_parameters(scenario, 3, 0, 50).values
    parts = [draw_parameters(scenario, 3, first, 25).values for first in (0, 25)]
    for name, values in whole.items():
        assert (values == np.concatenate([part[name] for part in parts])).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (pair("moves.foster_hom.rate", CLOSED, 0.5), f'write "{FOSTER}"'),
        (pair("steps.foster_care.price", CLOSED, 0.5), "a number that is certain goes with no"),
        (pair("caseload.price_of_post", CLOSED, 0.5), 'write "parameters.price_of_post"'),
        (pair(FOSTER, CLOSED, 1.0), "a correlation lies between -1 and 1"),
        (pair(FOSTER, FOSTER, 0.5), "between two different numbers"),
        (pair(FOSTER, CLOSED, 0.5) + pair(CLOSED, FOSTER, 0.4), "a second time"),
        (pair(FOSTER, CLOSED, 0.5).replace('"correlation"', '"ratio"'), 'unit = "correlation"'),
        (
            pair(FOSTER, CLOSED, 0.5).replace("value = 0.5", 'parameter = "price_of_post"'),
            "remove unit",
        ),
        (
            pair(FOSTER, CLOSED, 0.9) + pair(NETWORK, CLOSED, 0.9),
            f"count as 0: {FOSTER} with {NETWORK}. Fix: multiply these coefficients by 0.78",
        ),
        (
            pair(FOSTER, CLOSED, 0.9) + pair(NETWORK, CLOSED, 0.9) + pair(FOSTER, NETWORK, -0.9),
            f"{CLOSED} with {NETWORK} 0.9, {FOSTER} with {NETWORK} -0.9; no numbers can",
        ),
    ],
)
def test_a_mistake_is_told(tmp_path, text, says):
    with pytest.raises(InputError) as caught:
        load_scenario(write_small(tmp_path, extra=text))
    assert len(caught.value.problems) == 1
    assert says in str(caught.value)


def test_a_wrong_number_is_not_called_unknown(tmp_path):
    """What is wrong with the number itself is told, once."""
    path = write_small(tmp_path, extra=pair(FOSTER, CLOSED, 0.5))
    path.write_text(path.read_text() + '\n[moves.foster_home.rate]\nvalue = "many"\n')
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert not any("correlations" in problem.key for problem in caught.value.problems)


@pytest.mark.parametrize(("rho", "is_possible"), [(-0.499, True), (-0.501, False)])
def test_three_equal_correlations_are_above_minus_a_half(tmp_path, rho, is_possible):
    text = pair(FOSTER, CLOSED, rho) + pair(NETWORK, CLOSED, rho) + pair(FOSTER, NETWORK, rho)
    path = write_small(tmp_path, extra=text + pair(BOARDING, "money.indexation", 0.99))
    if is_possible:
        assert len(load_scenario(path).scenario.correlations) == 4
    else:
        with pytest.raises(InputError, match="positive definite"):
            load_scenario(path)


# ------------------------------------------------------------------------------------------ Sobol


def test_every_scramble_has_one_point_in_each_cell():
    n = 64
    found = sobol_uniforms(7, 0, 16 * n, NAMES, 16 * n).reshape(4, 16, n)
    cells = np.sort(np.floor(found * n).astype(int), axis=-1)
    assert (cells == np.arange(n)).all()
    assert (found > 0).all()
    assert (found < 1).all()
    assert len(np.unique(found[:, :, 0])) == 4 * 16, "scrambles differ"


def test_points_do_not_depend_on_how_they_are_asked_for():
    whole = sobol_uniforms(7, 0, 512, NAMES, 512)
    parts = [
        sobol_uniforms(7, first, min(50, 512 - first), NAMES, 512) for first in range(0, 512, 50)
    ]
    assert (whole == np.concatenate(parts, axis=1)).all()
    assert (whole != sobol_uniforms(8, 0, 512, NAMES, 512)).all()
    assert sobol_uniforms(7, 3, 20, [], 512).shape == (0, 20)


@pytest.mark.parametrize("n_draws", [1, 8, 15, 48, 100, 16 * 3])
def test_other_numbers_of_draws_are_refused(n_draws):
    with pytest.raises(ParameterError, match="16 scrambles of a power of two"):
        check_sobol(n_draws)


def test_sixteen_times_a_power_of_two_is_taken():
    for power in range(8):
        check_sobol(16 << power)
