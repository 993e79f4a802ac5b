"""Problems, the errors that carry them, and the search for the nearest word."""

import pickle
import subprocess
import sys

import pytest

from stepdown.errors import (
    Collector,
    InputError,
    ParameterError,
    Problem,
    RunError,
    StepdownError,
    nearest,
    shown,
)

FULL = Problem(
    file="scenarios/x.toml",
    line=7,
    key="follow_up.interval_months",
    what="-3 (int)",
    rule="must be > 0",
    fix="interval_months = 3",
)


def test_problem_prints_every_part() -> None:
    """The whole message, as the house style words it."""
    assert str(FULL) == (
        "scenarios/x.toml:7: follow_up.interval_months: -3 (int); must be > 0. "
        "Fix: interval_months = 3"
    )


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("x.toml", 0, "a.b", "2", "must be 1", ""), "x.toml: a.b: 2; must be 1"),
        (Problem("x.toml", 3, "", "no table [a]", "", "[a]"), "x.toml:3: no table [a]. Fix: [a]"),
        (Problem("x.toml", 3, "a", "", "must be 1", ""), "x.toml:3: a: must be 1"),
        (Problem("x.toml", 3, "a", "", "", "a = 1"), "x.toml:3: a: Fix: a = 1"),
        (Problem("", 3, "a", "2", "", ""), "line 3: a: 2"),
        (Problem("", 0, "", "2", "", ""), "2"),
        (Problem("x.toml", 0, "", "", "", ""), "x.toml"),
        (Problem("", 0, "", "", "", ""), ""),
        (Problem("", 0, "a", "2", "must be 1.", "a = 1"), "a: 2; must be 1. Fix: a = 1"),
    ],
)
def test_problem_leaves_out_empty_parts(problem: Problem, text: str) -> None:
    """No stray separator stands for a part that is not there."""
    assert str(problem) == text


def test_problem_stays_on_one_line() -> None:
    """A line break inside a value does not break the line."""
    assert str(Problem("x.toml", 1, "a", "'b\r\nc'", "", "")) == "x.toml:1: a: 'b c'"


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("a\x1b[31mred\x07", r"a\x1b[31mred\x07"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("left\u202eright\u200b", r"left\u202eright\u200b"),
        ("b\udcc3", r"b\udcc3"),
        ("Hørsholm \u2013 10 %", "Hørsholm \u2013 10 %"),
    ],
)
def test_what_is_not_seen_is_shown_as_an_escape(raw: str, seen: str) -> None:
    """No value of a file steers the terminal, whatever the error that says it."""
    assert shown(raw) == seen
    assert str(Problem("x.toml", 1, raw, raw, "", "")) == f"x.toml:1: {seen}: {seen}"
    assert str(RunError(f"draw 3: {raw}")) == f"draw 3: {seen}"
    assert str(ParameterError(f"draw 3: {raw}\nsecond")) == f"draw 3: {seen}\nsecond"


def test_a_long_value_is_cut_in_its_middle() -> None:
    """Both ends are kept, and how much is left out is said."""
    value = "begin" + "x" * 100_000 + "end"
    for text in (str(Problem("x.toml", 1, "a", value, value, value)), str(RunError(value))):
        assert len(text) < 5000
        assert "begin" in text
        assert "end" in text
        assert " characters ...] " in text


def test_input_error_sorts_by_file_then_line() -> None:
    """Line 9 stands before line 10, and the order of finding does not show."""
    found = [
        Problem("b.toml", 1, "k", "w", "", ""),
        Problem("a.toml", 10, "k", "w", "", ""),
        Problem("a.toml", 9, "z", "w", "", ""),
        Problem("a.toml", 9, "k", "w", "", ""),
    ]
    error = InputError(found)
    assert error.problems == (found[3], found[2], found[1], found[0])
    assert str(error).split("\n") == [
        "a.toml:9: k: w",
        "a.toml:9: z: w",
        "a.toml:10: k: w",
        "b.toml:1: k: w",
    ]


def test_input_error_survives_pickling() -> None:
    """A worker process can hand the error back."""
    copy = pickle.loads(pickle.dumps(InputError([FULL])))
    assert isinstance(copy, InputError)
    assert copy.problems == (FULL,)
    assert str(copy) == str(FULL)


def test_input_error_needs_a_problem() -> None:
    """An error that names nothing is a mistake of ours."""
    with pytest.raises(AssertionError, match="at least one problem"):
        InputError([])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StepdownError("said"), 1),
        (RunError("said"), 1),
        (ParameterError("said"), 2),
        (InputError([Problem("", 0, "", "said", "", "")]), 2),
    ],
)
def test_every_error_has_its_exit_code(error: StepdownError, code: int) -> None:
    """The command line needs only the base class to end rightly."""
    assert isinstance(error, StepdownError)
    assert error.exit_code == code
    assert str(error) == "said"


def test_collector_raises_all_at_once() -> None:
    """Both ways of keeping a problem end in the same error."""
    collector = Collector()
    collector.report("x.toml", 9, "b", "2", rule="must be 1", fix="b = 1")
    collector.report("x.toml", 10, "c", "3")
    collector.add(FULL)
    assert [problem.key for problem in collector.problems] == ["b", "c", FULL.key]
    with pytest.raises(InputError) as caught:
        collector.raise_if_any()
    assert caught.value.problems == (
        FULL,
        Problem("x.toml", 9, "b", "2", "must be 1", "b = 1"),
        Problem("x.toml", 10, "c", "3", "", ""),
    )


def test_collector_without_problems_is_silent() -> None:
    """Nothing found, nothing raised; what is found later still is."""
    collector = Collector()
    collector.raise_if_any()
    collector.add(FULL)
    with pytest.raises(InputError):
        collector.raise_if_any()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("price_yaer", "price_year"),
        ("price-year", "price_year"),
        ("PRICE_YEAR", "price_year"),
        ("horizon", "horizon"),
        ("Horizon", "Horizon"),
        ("horizn", "Horizon"),
        ("zzz", None),
        ("", None),
    ],
)
def test_nearest(word: str, expected: str | None) -> None:
    """Misspelt words are found, in any case; strange words are not."""
    known = ["price_year", "horizon", "Horizon"]
    assert nearest(word, known) == expected
    assert nearest(word, reversed(known)) == expected
    assert nearest(word, []) is None


def test_import_is_light() -> None:
    """A fresh interpreter imports the module without any package from outside."""
    code = (
        "import sys; import stepdown.errors; "
        "print(sorted({'numpy', 'numba', 'pydantic', 'pandas', 'xarray'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
