"""Files that cannot be read as scenarios, several mistakes at once, and which file is named."""

import shutil
from pathlib import Path

import pytest

from stepdown.errors import InputError, Problem
from stepdown.scenario import load, load_scenario
from stepdown.scenario.shipped import base_names, scenario_names, shipped_folder

HOERSHOLM = (shipped_folder() / "hoersholm" / "scenario.toml").read_text(encoding="utf-8")
WHY = 'assumption = "made up for a test"'


def problems_of(path: Path | str) -> tuple[Problem, ...]:
    """Return what is wrong with a scenario."""
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    return caught.value.problems


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("price_level = 2018", "price_level = 1.200.000",
         ("`1.200.000` is no number", "Fix: write 1_200_000")),
        ("value = 29,", "value = 0,25,", ("`0,25` is no number", "Fix: write 0.25")),
        ("price_level = 2018", "price_level = 12 %", ("`12 %` is no number", "Fix: write 0.12")),
        ("price_level = 2018", "price_level = kr. 2", ("`kr. 2` is no number", "Fix: write 2")),
        ("price_level = 2018", "price_level =", ("has no value",)),
        ("price_level = 2018", "price_level 2018", ("has no = after its key",)),
        ("price_level = 2018", "price_level: 2018", ("has no = after its key",)),
        ("price_level = 2018", "price_level = 2018\nprice_level = 2018", ("stands twice",)),
        ("[money]", "[stock]\n[stock]", ("`[stock]` stands twice",)),
        ('name = "hoersholm"', 'name = "hoersholm', ("quote is not closed",)),
        ('name = "hoersholm"', "name = hoersholm", ("`hoersholm` without quotes",)),
        ('name = "hoersholm"', "name = “hoersholm”", ('Fix: write "hoersholm"',)),
        ('starts = "2018-01"', "starts = 2018-01", ('Fix: write "2018-01"',)),
        ("price_level = 2018", "price_level = True", ("Fix: write true",)),
        ("[money]", "[money", ("a bracket is not closed",)),
        ("price_level = 2018", "price_level = @", ("Fix: ",)),
        ("price_level = 2018", "price_level = " + "9" * 5000, ("thousands of digits",)),
    ],
)  # fmt: skip
def test_not_toml(old: str, new: str, words: tuple[str, ...], tmp_path: Path) -> None:
    """The line where reading stopped, and what an author most likely did there."""
    assert old in HOERSHOLM
    text = HOERSHOLM.replace(old, new, 1)
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    (problem,) = problems_of(path)
    said = str(problem)
    if not problem.what.startswith("a number with"):  # of which the library knows no line
        line = text[: text.index(new)].count("\n") + new.count("\n") + 1
        assert said.startswith(f"{path}:{line}: "), said
    for word in words:
        assert word in said
    for jargon in ("TOMLDecode", "column", "Invalid", "Expected", "Illegal"):
        assert jargon not in said


def test_open_bracket_at_the_end(tmp_path: Path) -> None:
    """A list that is never closed is told at the end of the file."""
    path = tmp_path / "scenario.toml"
    path.write_text("schema_version = 1\nx = [1, \n", encoding="utf-8")
    (problem,) = problems_of(path)
    assert (problem.line, problem.what) == (2, "a bracket is not closed")


def test_deep_brackets(tmp_path: Path) -> None:
    """Nonsense that no reader can follow is refused like any other."""
    path = tmp_path / "scenario.toml"
    path.write_text("x = " + "[" * 20_000, encoding="utf-8")
    (problem,) = problems_of(path)
    assert problem.what == "too many brackets"


def test_not_utf8(tmp_path: Path) -> None:
    """A file saved in an old Danish encoding is told so, on the first line that breaks."""
    path = tmp_path / "scenario.toml"
    path.write_bytes('schema_version = 1\nname = "Hørsholm"\n'.encode("latin-1"))
    (problem,) = problems_of(path)
    assert str(problem).startswith(f"{path}:2: not UTF-8;")
    assert problem.fix == "save the file as UTF-8"


def test_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Windows editors put a mark before the text; the file loads all the same."""
    path = tmp_path / "scenario.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HOERSHOLM.encode())
    assert load_scenario(path).scenario.name == "hoersholm"


def test_windows_line_ends_keep_their_lines(tmp_path: Path) -> None:
    """Lines are counted alike with either kind of line end."""
    text = HOERSHOLM.replace("price_level = 2018", 'price_level = "2018"')
    lines = set()
    for name, end in (("unix.toml", "\n"), ("windows.toml", "\r\n")):
        path = tmp_path / name
        path.write_bytes(text.replace("\n", end).encode())
        lines.add(problems_of(path)[0].line)
    assert len(lines) == 1


def test_missing_file_and_misspelt_name() -> None:
    """What is not there is told with the nearest shipped name."""
    (problem,) = problems_of("hoersholmm")
    assert "did you mean hoersholm?" in str(problem)
    (problem,) = problems_of("nowhere/scenario.toml")
    assert problem.what == "no such scenario"
    for odd in ("", "a\0b", "x" * 5000):
        problems_of(odd)


def test_folder_without_scenario(tmp_path: Path) -> None:
    """A folder is not a scenario by itself."""
    (problem,) = problems_of(tmp_path)
    assert problem.what == "a folder without a scenario.toml"
    (tmp_path / "scenario.toml").mkdir()
    problems_of(tmp_path)


def test_ways_to_name_a_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name, a folder, a file, as text or as a path; a folder at hand goes before a name."""
    shipped = shipped_folder() / "hoersholm"
    monkeypatch.chdir(tmp_path)
    for way in ("hoersholm", shipped, shipped / "scenario.toml", str(shipped)):
        assert load_scenario(way).scenario.name == "hoersholm"
    own = tmp_path / "hoersholm"
    own.mkdir()
    text = HOERSHOLM.replace('name = "hoersholm"', 'name = "own"')
    (own / "scenario.toml").write_text(text, encoding="utf-8")
    assert load_scenario("hoersholm").scenario.name == "own"


def test_shipped_names() -> None:
    """Every shipped scenario is listed, loads, and has the name of its folder."""
    assert "hoersholm" in scenario_names()
    assert "danish-staircase" in base_names()
    for name in scenario_names():
        folded = name.replace("-", "_")
        assert load_scenario(name).scenario.name == folded


@pytest.mark.parametrize("extends", ["base", "base.toml", "../base", "./sub/../base.toml"])
def test_base_by_path(extends: str, tmp_path: Path) -> None:
    """A base is found from the file that extends it, with or without .toml."""
    folder = tmp_path / "own"
    (folder / "sub").mkdir(parents=True)
    base = folder / "base.toml" if not extends.startswith("..") else tmp_path / "base.toml"
    base.write_text(HOERSHOLM, encoding="utf-8")
    path = folder / "scenario.toml"
    text = f'schema_version = 1\nextends = "{extends}"\nname = "own"\n'
    path.write_text(text, encoding="utf-8")
    loaded = load_scenario(path)
    assert loaded.scenario.name == "own"
    assert [Path(file.name).name for file in loaded.files] == [
        "scenario.toml", "base.toml", "danish-staircase-with-spread.toml", "follow-up.toml",
        "danish-staircase.toml", "municipal-budget.toml",
    ]  # fmt: skip


def test_circle_of_bases(tmp_path: Path) -> None:
    """Two files that extend each other are told once, at the second."""
    for name, base in (("a", "b"), ("b", "a")):
        text = f'schema_version = 1\nextends = "{base}"\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    (problem,) = problems_of(tmp_path / "a.toml")
    assert (Path(problem.file).name, problem.line, problem.key) == ("b.toml", 2, "extends")


def test_the_file_that_holds_the_key_is_named(tmp_path: Path) -> None:
    """A mistake of the base is told in the base; a figure it replaces, in the scenario."""
    base = tmp_path / "base.toml"
    mistake = 'n_budget_years = "ten"'
    base.write_text(HOERSHOLM.replace("n_budget_years = 10", mistake), encoding="utf-8")
    row = "[strategies.rettidig_indsats.published.gross_saving.row]"
    text = f'schema_version = 1\nextends = "base"\n{row}\nby_year = {{ "2018" = 0 }}\n{WHY}\n'
    (tmp_path / "scenario.toml").write_text(text, encoding="utf-8")
    found = {
        (Path(p.file).name, p.line, p.key.split(".")[-1])
        for p in problems_of(tmp_path / "scenario.toml")
    }
    line = HOERSHOLM[: HOERSHOLM.index("n_budget_years")].count("\n") + 1
    own = "scenario.toml"
    assert found == {
        ("base.toml", line, "n_budget_years"),
        (own, 3, "unit"),
        (own, 3, "price_year"),
    }


def test_without_a_base(tmp_path: Path) -> None:
    """Who forgets the base is told so first."""
    path = tmp_path / "scenario.toml"
    path.write_text(
        HOERSHOLM.replace('extends = "danish-staircase-with-spread"\n', ""), encoding="utf-8"
    )
    first = problems_of(path)[1]
    keys = {problem.key: problem for problem in problems_of(path)}
    assert 'add extends = "danish-staircase"' in keys["extends"].fix
    assert "bands" in keys["extends"].rule
    assert first.line == 1


def test_five_mistakes_at_once(tmp_path: Path) -> None:
    """Types, names, dates, sources and rows: one run tells them all, in the order of the file."""
    edits = {
        "price_level = 2018": 'price_level = "2018"',
        "own_room = 4": "own_rom = 4",
        "hoersholm-budget-2017/caseload-after": "hoersholm-budget-2017/caseload-aftr",
        'parameter = "package_on_entries"': 'parameter = "package_on_entry"',
        '"2019" = 250_000': '"2019" = 350_000',
    }
    text = HOERSHOLM
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    problems = problems_of(path)
    lines = [text[: text.index(new)].count("\n") + 1 for new in edits.values()]
    assert [problem.line for problem in problems] == lines
    assert [problem.key.split(".")[-1] for problem in problems] == [
        "price_level", "own_rom", "source", "hazard_ratio", "2019"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[caseload]\n", "[steps.foster_care]\nkind = 5\n\n[caseload]\n"),
        ("[caseload]\n", "[moves.foster_home]\nto = 5\n\n[caseload]\n"),
        ("[parameters.package_on_entries]", "[parameters.package_on_entries]\nvalue = 1"),
        ("[caseload]\n", "[caseload]\nprice = 5\n"),
        ("[caseload]\n", "[bands]\nages = [5]\n\n[caseload]\n"),
        ('starts = "2018-01"', 'starts = "January"'),
    ],
)
def test_one_mistake_is_told_once(old: str, new: str, tmp_path: Path) -> None:
    """What only follows from a wrong table is not told: no unknown steps for a wrong step."""
    assert old in HOERSHOLM
    path = tmp_path / "scenario.toml"
    path.write_text(HOERSHOLM.replace(old, new, 1), encoding="utf-8")
    assert len(problems_of(path)) == 1


def test_wrong_evidence_is_told_beside_the_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cited file that is wrong is named by its own lines, once, beside the scenario's."""
    shutil.copytree(shipped_folder(), tmp_path / "shipped")
    monkeypatch.setattr(load, "shipped_folder", lambda: tmp_path / "shipped")
    cited = tmp_path / "shipped" / "evidence" / "hoersholm-budget-2017.toml"
    text = cited.read_text(encoding="utf-8")
    cited.write_text(text.replace('publisher = "', 'publishr = "', 1), encoding="utf-8")
    path = tmp_path / "shipped" / "hoersholm" / "scenario.toml"
    path.write_text(HOERSHOLM.replace("own_room = 4", "own_rom = 4"), encoding="utf-8")
    problems = problems_of(path)
    assert {(p.file, p.key) for p in problems} == {
        (str(cited), "source.publishr"),
        (str(path), "stock.children.own_rom"),
    }
