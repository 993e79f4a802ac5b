"""Smooth regression on draws: exact where the truth is a natural spline, quiet where it is none."""

import numpy as np
import pytest

from stepdown.analysis import smooth_mean

GENERATOR = np.random.default_rng(7)
X = GENERATOR.normal(size=(800, 3))


def test_straight_lines_are_met_exactly():
    """Without noise a straight function is returned to rounding, also beyond the data."""
    y = np.column_stack([2 + 3 * X[:, 0], 5 - X[:, 0]])
    curve = smooth_mean(y, X[:, 0])
    at = np.array([-9.0, 0.0, 0.5, 9.0])
    mean, error = curve.at(at)
    assert mean == pytest.approx(np.column_stack([2 + 3 * at, 5 - at]), abs=1e-3)
    assert (error < 1e-3).all()
    assert curve.fitted == pytest.approx(y, abs=1e-3)


def test_products_of_numbers_are_met():
    """A product of two numbers is among the columns of several."""
    y = 1 + 2 * X[:, 0] * X[:, 1] - X[:, 2]
    assert smooth_mean(y, X).fitted[:, 0] == pytest.approx(y, abs=1e-3)


def test_curves_bend():
    """A wave with four turns is followed to 2 % of its height."""
    x = GENERATOR.uniform(-np.pi, np.pi, 2000)
    y = 7 * np.sin(x) ** 2
    assert np.abs(smooth_mean(y, x).fitted[:, 0] - y).max() < 0.14


def test_what_does_not_differ_has_no_effect():
    """A number that is the same in all draws, and a figure that is, give the mean."""
    y = GENERATOR.normal(size=800)
    for figure, x in ((y, np.ones(800)), (np.full(800, 4.0), X[:, 0])):
        curve = smooth_mean(figure, x)
        assert curve.at(np.array([0.0, 3.0]))[0] == pytest.approx(np.full((2, 1), figure.mean()))


def test_numbers_of_every_kind_stand_beside_each_other():
    """One that never differs, one with two values and one with many each have their own effect."""
    two = np.repeat([0.0, 1.0], 400)
    numbers = np.column_stack([np.ones(800), two, X[:, 0], np.full(800, 3.0), X[:, 1]])
    y = 2 + 3 * two - X[:, 1]
    assert smooth_mean(y, numbers).fitted[:, 0] == pytest.approx(y, abs=1e-3)


def test_two_values_give_their_two_means():
    """A number with two values has the mean of each, but for what noise takes off."""
    x = np.repeat([0.0, 1.0], 400)
    y = 10 * x + GENERATOR.normal(size=800)
    mean, error = smooth_mean(y, x).at(np.array([0.0, 1.0]))
    assert mean[:, 0] == pytest.approx([y[:400].mean(), y[400:].mean()], abs=0.01)
    assert error[:, 0] == pytest.approx([0.05, 0.05], rel=0.1)


def test_errors_are_those_of_a_straight_fit():
    """With a strong effect mean and error are those of least squares, at the middle and the end."""
    x = X[:, 0]
    y = 5 * x + GENERATOR.normal(size=800)
    design = np.column_stack([np.ones(800), x])
    plain, left, *_ = np.linalg.lstsq(design, y, rcond=None)
    at = np.array([[1.0, 0.0], [1.0, 2.0]])
    covariance = np.linalg.inv(design.T @ design) * left[0] / 798
    mean, error = smooth_mean(y, x).at(at[:, 1])
    assert mean[:, 0] == pytest.approx(at @ plain, abs=0.02)
    expected = np.sqrt(np.einsum("ij,jk,ik->i", at, covariance, at))
    assert error[:, 0] == pytest.approx(expected, rel=0.3)


def test_figures_err_together():
    """Functions drawn for two figures with the same noise differ by the same amounts."""
    y = 5 * X[:, 0] + GENERATOR.normal(size=800)
    both = np.column_stack([y, y + X[:, 0]])
    curves = smooth_mean(both, X[:, 0]).curves(np.array([0.0, 1.0]), 50)
    apart = curves[..., 1] - curves[..., 0]
    assert apart.std(axis=0).max() < 1e-3 * curves.std(axis=0).min()
