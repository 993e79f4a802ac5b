"""Files of evidence: all shipped ones are sound, are read when cited, and tell their mistakes."""

from pathlib import Path

import pytest

from stepdown.errors import InputError, Problem
from stepdown.evidence import Evidence, load_evidence
from stepdown.scenario.shipped import shipped_folder

FOLDER = shipped_folder() / "evidence"
STEMS = sorted(path.stem for path in FOLDER.glob("*.toml"))
SOURCE = """\
[source]
title = "A report"
publisher = "A publisher"
date = "2018"
municipality = "Hørsholm Kommune"
read = "2026-01-01"
"""
FIGURE = """\

[figures.saving]
value = 0.5
unit = "share"
measure = "share"
grade = "register"
note = "Counts children."
"""


@pytest.mark.parametrize("stem", STEMS)
def test_shipped_file(stem: str) -> None:
    """A shipped file reads, and each of its figures is found by its key."""
    evidence = load_evidence(FOLDER)
    figures = evidence.file(stem).figures
    assert figures
    for name in figures:
        assert f"{stem}/{name}" in evidence
        assert evidence.figure(f"{stem}/{name}") is figures[name]
    assert evidence.source(f"{stem}/any").title


def test_files_are_read_when_cited() -> None:
    """Nothing is read until a figure is asked for, and then only its file, once."""
    evidence = load_evidence(FOLDER)
    assert evidence._files == {}
    assert "al-2012/placement-risk" in evidence
    assert list(evidence._files) == ["al-2012"]
    assert evidence.file("al-2012") is evidence.file("al-2012")


@pytest.mark.parametrize("key", ["", "/", "al-2012", "al-2012/", "al-2012/no", "no/no", "x" * 999])
def test_what_is_not_there(key: str) -> None:
    """A key that leads nowhere is not contained."""
    assert key not in load_evidence(FOLDER)


def test_unknown_file() -> None:
    """Asked by name, a missing file is a KeyError: the caller knows where the name stood."""
    with pytest.raises(KeyError):
        load_evidence(FOLDER).file("no-such-file")


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("hoersholm-budget-2017/caseload-aftr", 'write "hoersholm-budget-2017/caseload-after"'),
        ("hoersholm-budget/caseload-after", 'write "hoersholm-budget-2017/caseload-after"'),
        ("al-2012/qqqqqq", "write al-2012/ and one of "),
        ("qqqqqqqqqqqqq/x", "name a figure of a file in evidence/"),
    ],
)
def test_suggestion(key: str, words: str) -> None:
    """A misspelt key leads to the nearest, an unlike one to what there is."""
    assert load_evidence(FOLDER).suggest(key).startswith(words)


def written(folder: Path, text: str) -> Evidence:
    """Return evidence of one file, named own."""
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_evidence(folder)


def problems_of(folder: Path, text: str) -> tuple[Problem, ...]:
    """Return what is wrong with a file of evidence."""
    with pytest.raises(InputError) as caught:
        written(folder, text).file("own")
    return caught.value.problems


def test_sound_file(tmp_path: Path) -> None:
    """The file that the mistakes below start from is sound."""
    evidence = written(tmp_path, SOURCE + FIGURE)
    assert evidence.figure("own/saving").value == 0.5


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("municipality", 'address = "x"\nmunicipality', 1, "source",
         ("an address and a municipality", "keep one of them")),
        ('municipality = "Hørsholm Kommune"\n', "", 1, "source",
         ("no place", "the municipality whose paper it is")),
        ("value = 0.5", "value = 0.5\nvalues = { a = 1 }", 8, "figures.saving",
         ("value and values", "keep one of them")),
        ("value = 0.5\n", "", 8, "figures.saving", ("no number", "add value = NUMBER")),
        ("value = 0.5", "values = {}", 8, "figures.saving", ("values is empty",)),
        ('unit = "share"', 'unit = "DKK"', 8, "figures.saving",
         ("without a price year", "add price_year = YEAR")),
        ("value = 0.5", "value = 0.5\ninterval = [0.2, 0.1]\ninterval_level = 0.95", 8,
         "figures.saving", ("an interval rises", "interval = [0.1, 0.2]")),
        ("value = 0.5", "value = 0.5\ninterval = [0.1, 0.2]", 8, "figures.saving",
         ("interval alone", "add interval_level = LEVEL")),
        ("value = 0.5", "value = 0.5\ninterval_level = 0.95", 8, "figures.saving",
         ("interval_level alone",)),
        ("value = 0.5", "value = 0.5\ninterval = [0.1]\ninterval_level = 0.95", 10,
         "figures.saving.interval.1", ("missing",)),
        ("value = 0.5", "value = 0.5\ninterval = [0.1, 0.2]\ninterval_level = 95", 11,
         "figures.saving.interval_level", ("must be < 1",)),
        ('measure = "share"', 'measure = "shar"', 11, "figures.saving.measure",
         ('"shar" is unknown', 'Fix: measure = "share"')),
        ("[figures.saving]", "[figures.Saving_1]", 8, "figures.Saving_1",
         ("lower-case letters a-z, digits and -", "write saving-1")),
        ("value = 0.5", 'value = "0,5"', 9, "figures.saving.value", ("Fix: value = 0.5",)),
        ("value = 0.5", "value = 0.5\nyaer = 2018", 10, "figures.saving.yaer", ("write year",)),
        ("value = 0.5", "value = 0.5\nyear = 18", 10, "figures.saving.year", ("must be >= 1900",)),
        ("grade", "note2", 12, "figures.saving.note2", ("unknown key",)),
        ('title = "A report"\n', "", 1, "source.title", ("missing", "under [source]")),
    ],
)  # fmt: skip
def test_mistake(
    old: str, new: str, line: int, key: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    """File, line, key, rule and fix of each mistake."""
    assert old in SOURCE + FIGURE
    problems = problems_of(tmp_path, (SOURCE + FIGURE).replace(old, new, 1))
    said = {problem.key: str(problem) for problem in problems}
    assert key in said, said
    assert said[key].startswith(f"{tmp_path / 'own.toml'}:{line}: {key}: ")
    for word in words:
        assert word in said[key]


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """A figure with several faults, and another's, are told together."""
    text = SOURCE + FIGURE.replace("value = 0.5\n", "").replace('"share"\nm', '"DKK"\nm', 1)
    text += FIGURE.replace("saving", "cost").replace("0.5", '"x"')
    keys = [problem.key for problem in problems_of(tmp_path, text)]
    assert keys == ["figures.saving", "figures.saving", "figures.cost.value"]


def test_wrong_file_is_remembered(tmp_path: Path) -> None:
    """A wrong file holds no figure, and is named to whoever asks which files are wrong."""
    evidence = written(tmp_path, "x = ")
    assert "own/saving" not in evidence
    assert list(evidence.wrong_files) == ["own"]
    assert evidence.suggest("own/saving").startswith("name a figure")
    with pytest.raises(InputError):
        evidence.figure("own/saving")
