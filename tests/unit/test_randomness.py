"""Random numbers: the published vectors of Philox, and what is made of its words."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stepdown.kernel.randomness import (
    HAZARD_UNIT,
    Stream,
    child_key,
    exponential,
    philox,
    poisson,
    run_key,
    unit_float,
    unit_of_word,
)

ONES = 0xFFFFFFFF


def words(counter, key):
    """Return the words of a counter of four words under a key of two, as Python integers."""
    found = philox(*(np.uint64(word) for word in counter), np.uint64(key[0] | key[1] << 32))
    return [int(word) for word in found]


@pytest.mark.parametrize(
    ("counter", "key", "found"),
    [
        ([0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([ONES] * 4, [ONES] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_known_answers(counter, key, found):
    """Philox4x32-10 as in the vectors that its authors publish with Random123."""
    assert words(counter, key) == found


def test_every_part_of_the_counter_and_the_key_counts():
    base = [7, 8, 9, 10]
    answers = {tuple(words(base, [1, 2]))}
    for part in range(4):
        answers.add(tuple(words([*base[:part], base[part] + 1, *base[part + 1 :]], [1, 2])))
    answers |= {tuple(words(base, [2, 2])), tuple(words(base, [1, 3]))}
    assert len(answers) == 7


def test_streams_differ():
    """The same child, candidate and run: other numbers in every stream."""
    found = {tuple(words([0, 5, 6, int(stream)], [1, 2])) for stream in Stream}
    assert len(found) == len(Stream)


def test_runs_differ():
    """Seed, draw and replicate are not interchangeable and none is lost."""
    parts = [0, 1, 2, 2**40, 2**64 - 1]
    keys = {
        int(run_key(np.uint64(seed), draw, replicate))
        for seed in parts
        for draw in range(5)
        for replicate in range(5)
    }
    assert len(keys) == len(parts) * 25


WORDS = st.integers(0, ONES)


@given(WORDS, WORDS)
@settings(max_examples=500, deadline=None)
def test_exponential_is_the_logarithm(low, high):
    """Within 2^-40 (one unit) and 1e-15 of -ln(u), for a u of 52 bits between its neighbours."""
    u = (2 * ((high << 32 | low) >> 12) + 1) / 2**53
    assert unit_float(low, high) == u
    exact = -math.log(u) * HAZARD_UNIT
    found = int(exponential(np.uint64(low), np.uint64(high)))
    assert exact - 1 - 4e-15 * HAZARD_UNIT <= found <= exact + 4e-15 * HAZARD_UNIT + 1e-9


@pytest.mark.parametrize(
    ("low", "high", "about"),
    [(0, 0, 53 * math.log(2)), (ONES, ONES, 0.0), (0, 1 << 31, math.log(2))],
    ids=["smallest u", "largest u", "middle"],
)
def test_exponential_at_its_ends(low, high, about):
    found = int(exponential(np.uint64(low), np.uint64(high)))
    assert 0 <= found <= math.floor(53 * math.log(2) * HAZARD_UNIT)
    assert abs(found / HAZARD_UNIT - about) < 2 / HAZARD_UNIT


@given(st.integers(0, ONES), st.floats(1e-6, 600))
@settings(max_examples=300, deadline=None)
def test_poisson_is_the_inverse_distribution_function(word, mean):
    """The smallest k with P(X <= k) > u; at a border the rounding of the sum may decide."""
    u = unit_of_word(word)
    count = poisson(u, mean, math.exp(-mean))
    slack = 1e-11
    assert stats.poisson.cdf(count, mean) > u - slack
    assert count == 0 or stats.poisson.cdf(count - 1, mean) <= u + slack


@given(WORDS, st.floats(0, 700), st.floats(0, 700))
@settings(max_examples=300, deadline=None)
def test_poisson_rises_with_the_mean(word, one, other):
    u = unit_of_word(word)
    low, high = sorted((one, other))
    assert poisson(u, low, math.exp(-low)) <= poisson(u, high, math.exp(-high))


def test_poisson_at_its_ends():
    assert poisson(unit_of_word(ONES), 0.0, 1.0) == 0
    assert poisson(unit_of_word(0), 700.0, math.exp(-700)) > 0
    assert poisson(unit_of_word(ONES), 700.0, math.exp(-700)) == stats.poisson.ppf(
        unit_of_word(ONES), 700
    )


CELLS = st.tuples(
    st.integers(0, 3),  # source
    st.integers(0, 2400),  # month
    st.integers(0, 40),  # age band
    st.integers(0, 60),  # step
    st.integers(0, 2**28 - 1),  # ordinal
)


@given(CELLS, CELLS)
@settings(max_examples=500, deadline=None)
def test_child_keys_never_collide(one, other):
    key, another = (tuple(int(k) for k in child_key(*cell)) for cell in (one, other))
    assert (key == another) == (one == other)


@given(CELLS, st.integers(0, 4), st.integers(1, 5))
@settings(max_examples=300, deadline=None)
def test_neighbouring_children_have_other_keys(cell, part, distance):
    near = list(cell)
    near[part] += distance
    if near[4] < 2**28:
        assert tuple(map(int, child_key(*cell))) != tuple(map(int, child_key(*near)))


@given(CELLS)
@settings(max_examples=200, deadline=None)
def test_child_keys_fit_two_words(cell):
    """Philox takes words of 32 bits: a longer one would lose its upper bits or leak."""
    assert all(int(key) <= ONES for key in child_key(*cell))
