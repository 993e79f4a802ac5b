"""Libraries that only some commands need: asked for before any work, in one line that mends it."""

import json
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement

import stepdown
from stepdown import extras
from stepdown.cli import _stepdown
from stepdown.errors import MissingExtraError
from stepdown.report.plots import fan_figure
from stepdown.report.plots.frame import new_axes

COMMANDS = {
    "babel": ("report", "nowhere"),
    "jinja2": ("report", "nowhere"),
    "matplotlib": ("report", "nowhere"),
    "typst": ("report", "nowhere"),
    "xlsxwriter": ("export", "nowhere", "--xlsx"),
    "python-calamine": ("import", "nowhere.xlsx", "--out", "out"),
    "arviz-stats": ("calibrate", "nowhere", "--out", "out.nc"),
}
TEMPLATE = ("template", "nowhere", "--xlsx", "out.xlsx")
EXTRA_OF = {"report": "report", "export": "excel", "template": "excel", "import": "excel",
            "calibrate": "calibrate"}  # fmt: skip


def lowest(library):
    """Return what the installed package asks of a library, as pip wrote it down."""
    found = {Requirement(text).name: Requirement(text) for text in metadata.requires("stepdown")}
    return f"{library}{found[library].specifier}"


@pytest.fixture
def pretend(monkeypatch):
    """Pretend that a library has a version; None: that it is not installed."""

    def have(library, version):
        found = metadata.version

        def known(name):
            if name != library:
                return found(name)
            if version is None:
                raise metadata.PackageNotFoundError(name)
            return version

        monkeypatch.setattr(extras, "version", known)
        extras.require.cache_clear()

    return have


@pytest.mark.parametrize("arguments", [*COMMANDS.values(), TEMPLATE], ids=" ".join)
def test_every_library_has_a_command_that_asks_for_it_among_its_own_extra(arguments):
    extra = EXTRA_OF[arguments[0]]
    needed = {Requirement(t).name for t in metadata.requires("stepdown") if f"'{extra}'" in t}
    assert needed == {n for n, of in COMMANDS.items() if EXTRA_OF[of[0]] == extra}


@pytest.mark.parametrize(("version", "state"), [(None, "not installed"),
                                                ("0.0.1", "0.0.1 is installed")])  # fmt: skip
@pytest.mark.parametrize(
    ("library", "arguments"), [*COMMANDS.items(), ("xlsxwriter", TEMPLATE)], ids=str
)
def test_a_command_asks_before_it_reads_anything(
    library, arguments, version, state, pretend, tmp_path, monkeypatch
):
    """None of the files named is there: an error about them would come from reading."""
    monkeypatch.chdir(tmp_path)
    pretend(library, version)
    done = CliRunner().invoke(_stepdown, list(arguments))
    assert isinstance(done.exception, MissingExtraError), done.exception
    assert done.exception.exit_code == 2
    said = str(done.exception)
    assert "\n" not in said
    assert f"needs {lowest(library)} ({state}). Fix: " in said
    assert said.endswith(f'[{EXTRA_OF[arguments[0]]}]"')
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", [None, "3.1.0"])
def test_a_run_without_pictures_writes_all_else_and_says_so(version, pretend, tmp_path, capsys):
    pretend("matplotlib", version)
    out = str(tmp_path / "out")
    done = CliRunner().invoke(_stepdown, ["run", "hjoerring", "--draws", "3", "--out", out])
    assert done.exit_code == 0
    assert {p.name for p in Path(out).iterdir()} == {"result.nc", "budget.csv"}
    note = f"savings.png was not drawn: it needs {lowest('matplotlib')}"
    assert note in done.output + capsys.readouterr().err


def test_a_figure_asked_for_in_python_says_the_same(pretend):
    result = stepdown.simulate("hoersholm", n_draws=3, seed=1)
    pretend("matplotlib", "3.1.0")
    for draw in (lambda: fan_figure(result), lambda: new_axes(3.0)):
        with pytest.raises(MissingExtraError, match=r"a figure needs matplotlib.*3\.1\.0 is"):
            draw()


def test_a_library_of_the_lowest_version_or_a_newer_one_will_do(pretend):
    named = lowest("matplotlib").partition(">=")[2]
    for version in (named, f"{named}.post1", "99.0rc1"):
        pretend("matplotlib", version)
        assert extras.lack("a report", "report") is None


CALIBRATE = "Provides-Extra: calibrate\nRequires-Dist: nobody-has-this>=2; extra == 'calibrate'\n"
REPORT = "Provides-Extra: report\nRequires-Dist: nobody-has-this>=2; extra == 'report'\n"


def installed(folder, installer="pip", origin=None, more=""):
    """Write what an installer notes of a package with an extra that nobody has; return it."""
    notes = folder / "stepdown-1.dist-info"
    notes.mkdir()
    (notes / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: stepdown\nVersion: 1\nProvides-Extra: excel\n"
        "Requires-Dist: click>=1\nRequires-Dist: nobody-has-this>=2; extra == 'excel'\n"
        f"Requires-Dist: nor-this>=3; extra == 'excel'\n{CALIBRATE}{more or REPORT}",
        encoding="utf-8",
    )
    (notes / "INSTALLER").write_text(f"{installer}\n", encoding="utf-8")
    if origin is not None:
        (notes / "direct_url.json").write_text(json.dumps(origin), encoding="utf-8")
    return metadata.Distribution.at(notes)


def fix_of(monkeypatch, package):
    monkeypatch.setattr(extras, "distribution", lambda _: package)
    return extras.lack("a workbook", "excel").partition(". Fix: ")[2]


@pytest.fixture
def active(monkeypatch):
    """The environment is the one that the shell finds."""
    monkeypatch.setattr(extras.shutil, "which", lambda _: str(Path(sys.executable)))


@pytest.mark.usefixtures("active")
def test_all_that_is_lacking_is_said_in_one_line(tmp_path, monkeypatch):
    package = installed(tmp_path)
    monkeypatch.setattr(extras, "distribution", lambda _: package)
    assert extras.lack("a workbook", "excel") == (
        "a workbook needs nobody-has-this>=2 (not installed), nor-this>=3 (not installed). "
        'Fix: pip install "stepdown[excel]"'
    )
    assert extras.lack("a figure", "report", "click") is None


@pytest.mark.usefixtures("active")
@pytest.mark.parametrize(
    ("origin", "fix"),
    [
        ({"url": "{here}", "dir_info": {}}, 'pip install "{folder}[excel]"'),
        ({"url": "{here}", "dir_info": {"editable": True}}, 'pip install -e "{folder}[excel]"'),
        ({"url": "{here}/gone", "dir_info": {}}, 'pip install "nobody-has-this>=2" "nor-this>=3"'),
        ({"url": "https://x.dk/stepdown-1-py3-none-any.whl", "archive_info": {}},
         'pip install "stepdown[excel] @ https://x.dk/stepdown-1-py3-none-any.whl"'),
        ({"url": "https://x.dk/s.git", "vcs_info": {"vcs": "git", "commit_id": "1"}},
         'pip install "stepdown[excel] @ git+https://x.dk/s.git"'),
    ],
)  # fmt: skip
def test_the_fix_installs_from_where_the_package_came(origin, fix, tmp_path, monkeypatch):
    folder = tmp_path / "et sted med æ"
    folder.mkdir()
    origin = origin | {"url": origin["url"].replace("{here}", folder.as_uri())}
    found = fix_of(monkeypatch, installed(tmp_path, origin=origin))
    assert found == fix.replace("{folder}", str(folder))


@pytest.mark.usefixtures("active")
@pytest.mark.parametrize(
    ("note", "installer", "command"),
    [
        ("uv-receipt.toml", "uv", "uv tool install --force"),
        ("pipx_metadata.json", "pip", "pipx install --force"),
        ("pyvenv.cfg", "uv", "uv pip install"),
    ],
)
def test_the_fix_uses_the_installer_that_was_used(note, installer, command, tmp_path, monkeypatch):
    (tmp_path / note).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert fix_of(monkeypatch, installed(tmp_path, installer)) == f'{command} "stepdown[excel]"'


@pytest.mark.parametrize("note", ["uv-receipt.toml", "pipx_metadata.json"])
def test_a_tool_that_is_installed_anew_keeps_the_extras_it_had(note, tmp_path, monkeypatch):
    (tmp_path / note).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    text = "Provides-Extra: report\nRequires-Dist: click>=1; extra == 'report'\n"
    package = installed(tmp_path, "uv", {"url": (tmp_path / "gone").as_uri(), "dir_info": {}}, text)
    assert fix_of(monkeypatch, package).endswith(' install --force "stepdown[excel,report]"')


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_the_fix_names_an_environment_that_is_not_activated(installer, tmp_path, monkeypatch):
    monkeypatch.setattr(extras.shutil, "which", lambda _: None)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "my env" / "python"))
    found = fix_of(monkeypatch, installed(tmp_path, installer))
    python = f'"{tmp_path / "my env" / "python"}"'
    start = {"pip": f"{python} -m pip install", "uv": f"uv pip install --python {python}"}
    assert found == f'{start[installer]} "stepdown[excel]"'


def test_a_source_tree_that_was_never_installed_knows_of_no_extras(monkeypatch):
    def unknown(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(extras, "distribution", unknown)
    assert extras.lack("a report", "report") is None
