"""The command line through its real entry: what it prints, writes and returns."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import xarray as xr

from stepdown.scenario.shipped import shipped_folder

HEAVY = ("numpy", "scipy", "numba", "xarray", "pandas", "matplotlib")


def stepdown(*arguments, cwd=None, **more):
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "stepdown", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        encoding="utf-8",
        timeout=300,
        check=False,
        **more,
    )


@pytest.fixture
def edited(tmp_path):
    """Return a function that copies Hørsholm's scenario with one edit."""

    def edit(old, new):
        text = (shipped_folder() / "hoersholm" / "scenario.toml").read_text(encoding="utf-8")
        assert text.count(old) >= 1, old
        path = tmp_path / "scenario.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return edit


def test_run_prints_the_tables_and_writes_four_files(tmp_path):
    out = tmp_path / "out"
    done = stepdown("run", "hoersholm", "--draws", 60, "--out", out, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "intet lovet" in done.stdout
    assert "Kommunen -1.340.000 kr., Staten -910.000 kr., i alt -2.250.000 kr." in done.stdout
    written = ["budget.csv", "children.csv", "result.nc", "savings.png"]
    assert sorted(path.name for path in out.iterdir()) == written
    assert "Tre totaler, gennemsnit" in done.stdout
    assert "helårspersoner og bestand den 31. december" in done.stdout
    with xr.open_dataset(out / "result.nc") as result:
        assert result.sizes["draw"] == 60
        assert result.net_saving_dkk.attrs["units"] == "DKK"
    assert (out / "savings.png").read_bytes().startswith(b"\x89PNG")


def test_published_rows_stand_in_the_csv_to_the_krone(tmp_path):
    done = stepdown("run", "hoersholm", "--draws", 20, "--out", tmp_path / "out", "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    text = (tmp_path / "out" / "budget.csv").read_text(encoding="utf-8-sig")
    rows = {tuple(line.split(";")[:2]): line.split(";")[3:7] for line in text.splitlines()}
    own = "Rettidig Indsats (29 sager)"
    assert rows[own, "Udgifter til strategien"] == ["2250000", "2090000", "2055000", "2055000"]
    assert rows[own, "Tilskud til kommunen"] == ["-910000", "-910000", "0", "0"]
    assert rows[own, "Kommunens investering"] == ["1340000", "1180000", "2055000", "2055000"]
    published = rows[own, "Budgetteret ændring"]
    assert published == ["0", "-250000", "-1500000", "-3000000"]


def test_brackets_and_colons_in_names_mean_nothing(edited):
    path = edited('da = "Rettidig Indsats (29 sager)"', 'da = "Rettidig [/] :smile: [bold]Indsats"')
    done = stepdown("run", path, "--draws", 5)
    assert done.returncode == 0, done.stderr
    assert "Rettidig [/] :smile: [bold]Indsats (1.000 kr." in done.stdout


def test_json_is_all_there_is_on_stdout():
    done = stepdown("run", "hoersholm", "--draws", 20, "--json", "--lang", "en")
    document = json.loads(done.stdout)
    assert document["schema_version"] == 1
    first = document["strategies"][0]["years"][0]
    assert (first["year"], first["spending"], first["grant"]) == (2018, 2_250_000, 910_000)
    assert first["published"] == {"gross_saving": 0.0}
    assert first["p_reached"] == {"gross_saving": None}


def test_the_same_seed_gives_the_same_output():
    one = stepdown("run", "hoersholm", "--draws", 20, "--json", "--seed", 7, "--threads", 1)
    two = stepdown("run", "hoersholm", "--draws", 20, "--json", "--seed", 7, "--threads", 2)
    other = stepdown("run", "hoersholm", "--draws", 20, "--json", "--seed", 8)
    assert one.stdout == two.stdout
    assert one.stdout != other.stdout


def test_a_precision_that_is_not_reached_is_a_warning():
    arguments = ("run", "hoersholm", "--draws", 20, "--precision", 1000, "--max-draws", 30)
    done = stepdown(*arguments, "--json", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "simulation error is DKK" in done.stderr
    assert "after 30 draws, not DKK 1,000" in " ".join(done.stderr.split())
    document = json.loads(done.stdout)
    assert (document["n_draws"], document["precision_dkk"]) == (30, 1000)
    assert document["headline_error_dkk"] > 1000


def test_luck_and_both_couplings_are_told_with_their_errors():
    done = stepdown("run", "hoersholm", "--draws", 32, "--design", "sobol", "--json")
    document = json.loads(done.stdout)
    assert document["design"] == "sobol"
    for strategy in document["strategies"]:
        low, high = strategy["luck_share_interval"]
        assert low < strategy["luck_share"] < high
        for spread in (strategy["spread_last_year"], strategy["spread_present_value"]):
            assert 0 < spread["luck_shared"] < spread["luck_independent"]
            assert 0 < spread["luck_shared_error"] < spread["luck_shared"]
    done = stepdown("run", "hoersholm", "--draws", 20)
    assert "95 %-interval" in done.stdout
    assert "når barnet lever samme liv i begge verdener" in " ".join(done.stdout.split())
    assert "Advarsel: simulationsusikkerheden" not in done.stderr


def test_expectations_are_means_and_errors_alone(tmp_path):
    out = tmp_path / "out"
    arguments = ("run", "hoersholm", "--draws", 130, "--for", "expectation", "--children", 80)
    done = stepdown(*arguments, "--out", out)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "en tilfældig del af børnene (i gennemsnit 80, eller alle)" in said
    assert "m. regression" in said
    assert "10 %" not in said
    assert "P(" not in said
    assert "savings.png viser et spænd og tegnes ikke" in said
    assert sorted(path.name for path in out.iterdir()) == [
        "budget.csv",
        "children.csv",
        "result.nc",
    ]
    for name in ("budget.csv", "children.csv"):
        assert "%" not in (out / name).read_text(encoding="utf-8-sig"), name
    with xr.open_dataset(out / "result.nc") as result:
        assert (result.attrs["purpose"], result.attrs["n_children"]) == ("expectation", 80)
        assert result.sizes["replicate"] == 1
    done = stepdown(*arguments, "--json")
    document = json.loads(done.stdout)
    assert (document["purpose"], document["n_children"]) == ("expectation", 80)
    for strategy in document["strategies"]:
        assert strategy["present_value"]["error"] > 0
        assert strategy["present_value"]["adjusted_error"] > 0
        assert set(strategy["years"][0]) == {
            "year", "spending", "grant", "gross_saving", "casework", "net_saving"
        }  # fmt: skip
    done = stepdown(*arguments, "--lang", "en", "--draws", 20)
    assert "a random part of the children (80 on average, or all)" in " ".join(done.stdout.split())
    done = stepdown(*arguments, "--json", "--draws", 1)
    value = json.loads(done.stdout, parse_constant=pytest.fail)["strategies"][0]["present_value"]
    assert (value["error"], value["adjusted"]) == (None, None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("hoersholm-scarce-families", "--for", "expectation"), "capacity.foster_care"),
        (("hjoerring", "--for", "expectation"), "no children to take a part of"),
        (("hoersholm", "--for", "expectation", "--break-even"), "--break-even"),
        (("hoersholm", "--children", "80"), "real number of children"),
        (("hoersholm", "--for", "quantiles"), "--for"),
        (("hoersholm", "--for", "expectation", "--children", "0"), "--children"),
    ],
)
def test_what_has_no_expectation_from_few_children_exits_2(tmp_path, arguments, says):
    done = stepdown("run", *arguments, "--draws", 5, "--out", tmp_path / "out")
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()


def test_break_even_names_the_effect_that_pays():
    done = stepdown("run", "hoersholm", "--draws", 20, "--json", "--break-even")
    point = json.loads(done.stdout)["break_even"]["caseload_25"]
    assert point["factor"] > 0
    assert point["elasticity"] == pytest.approx(0.12 * point["factor"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("home_support = 207", "home_suport = 207", "did you mean home_support?"),
        ('start = "2018-01"', 'start = "2018-13"', "2018-13"),
        ("value = 33,", 'value = "33",', "number"),
        ("price_year = 2016, ", "", "price year"),
        ("value = 105_000", "value = -105_000", "negative"),
        ("[stock]", "[stock", "a bracket is not closed"),
    ],
)
def test_a_mistake_in_a_file_names_its_place_and_exits_2(edited, tmp_path, old, new, says):
    path = edited(old, new)
    for command in (("check",), ("run", "--draws", "5", "--out", str(tmp_path / "out"))):
        done = stepdown(command[0], path, *command[1:])
        assert done.returncode == 2, done.stderr
        assert says in done.stderr
        assert f"{path}:" in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert not (tmp_path / "out").exists()


def test_a_missing_file_names_the_scenarios_there_are():
    done = stepdown("run", "horsholm")
    assert done.returncode == 2
    assert "did you mean hoersholm?" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--draws", "0"),
        ("--seed", "-1"),
        ("--lang", "no"),
        ("--x",),
        ("--precision", "0"),
        ("--precision", "50.000"),
    ],
)
def test_wrong_usage_exits_2(arguments):
    done = stepdown("run", "hoersholm", *arguments)
    assert done.returncode == 2
    assert arguments[0] in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written_is_said_before_the_run(tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = stepdown("run", "hoersholm", "--draws", "5", "--out", tmp_path / "file" / "out")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "file").read_text() == "in the way"


def test_an_interrupted_run_leaves_nothing_half_written(tmp_path):
    out = tmp_path / "out"
    # A job started in the background inherits an ignored SIGINT; a user's terminal does not.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from stepdown.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "run", "hoersholm", "--draws", "2000000", "--out", out],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not out.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.0)
    os.kill(process.pid, signal.SIGINT)
    try:
        stdout, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert stdout == ""
    assert not out.exists()


@pytest.mark.parametrize("arguments", [("--help",), ("check", "hoersholm"), ("schema",)])
def test_quick_commands_import_nothing_heavy(arguments):
    code = (
        "import sys; from stepdown.cli import main\n"
        f"sys.argv = ['stepdown', *{arguments!r}]\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_explain_names_sources_and_says_assumption():
    done = stepdown("explain", "hoersholm")
    assert done.returncode == 0
    assert "ASSUMPTION" in done.stdout
    assert "chapin-hall-nyc/exit-to-permanency (evaluation)" in done.stdout


def test_scenarios_lists_what_is_shipped_in_both_languages():
    assert "Rettidig Indsats" in stepdown("scenarios").stdout
    assert "Timely Help" in stepdown("scenarios", "--lang", "en").stdout


def test_schema_is_json():
    assert json.loads(stepdown("schema").stdout)["$schema"].startswith("https://json-schema.org")


def test_version():
    done = stepdown("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("stepdown")


@pytest.mark.parametrize(
    ("given", "said"),
    [("1.000", "Write 1000"), ("1,000", "Write 1000"), ("abc", "not a valid whole number")],
)
def test_a_count_is_whole_and_its_thousands_are_not_parted(given, said):
    done = stepdown("run", "hoersholm", "--draws", given)
    assert done.returncode == 2
    assert said in done.stderr
