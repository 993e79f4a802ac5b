"""Scenarios that draw some of their numbers together from a posterior."""

import json

import numpy as np
import pytest
from tests.posteriors import RATE, RATIO, write_posterior
from tests.small import write_small

import stepdown
from stepdown.analysis.designed_runs import linked_numbers
from stepdown.analysis.regression import expected_value
from stepdown.analysis.varied import with_number
from stepdown.errors import InputError
from stepdown.parameters import draw_parameters, quantile
from stepdown.report.listing import explained
from stepdown.scenario import load_scenario
from stepdown.scenario.learnt import kept_own, learnt_numbers
from stepdown.store import scenario_of

HOME, AGAIN = "moves.foster_home.rate", "moves.again_to_foster.rate"
EFFECT = "caseload.elasticity.all"
N = 37
NUMBERS = '"moves.*.rate" = "*"\n"caseload.elasticity.*" = "*@elsewhere"'


def draws_of_three():
    """Return two rates that rise together, and an effect that falls."""
    steps = np.linspace(0, 1, N).reshape(1, N)
    return {
        HOME: (0.05 + 0.1 * steps, RATE),
        AGAIN: (0.02 + 0.05 * steps, RATE),
        EFFECT: (0.2 * steps, RATIO),
        f"{EFFECT}@here": (0.3 - 0.4 * steps, RATIO),
        f"{EFFECT}@elsewhere": (0.2 - 0.4 * steps, RATIO),
    }


def write(folder, numbers=NUMBERS, *, more="", **evidence):
    """Write a small scenario with a posterior beside it; return the scenario's file."""
    if not (folder / "learnt.nc").exists():
        write_posterior(folder / "learnt.nc", draws_of_three(), **evidence)
    extra = f'[posterior]\nfile = "learnt"\n{more}[posterior.numbers]\n{numbers}\n'
    return write_small(folder, extra=extra)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write(tmp_path_factory.mktemp("joint"))


@pytest.fixture(scope="module")
def scenario(file):
    return load_scenario(file).scenario


def problem_of(path):
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


# ------------------------------------------------------------------------------------ draws


def test_learnt_numbers_come_from_one_row(scenario):
    values = draw_parameters(scenario, 1, 0, 500).values
    row = (values[HOME] - 0.05) / 0.1 * (N - 1)
    np.testing.assert_allclose(row, row.round(), atol=1e-4)
    np.testing.assert_allclose(values[AGAIN], 0.02 + 0.05 * row / (N - 1), rtol=1e-5)
    np.testing.assert_allclose(values[EFFECT], 0.2 - 0.4 * row / (N - 1), atol=1e-6)
    assert set(row.round().astype(int)) == set(range(N))


def test_every_row_is_as_likely(scenario):
    """Counts of 37 rows in 74,000 draws against 2,000 each.

    chi2 with 36 degrees of freedom is above 103 with probability 2.2e-8 (false alarm). A row that
    comes 23 % too often is found with probability 0.976.
    """
    row = (draw_parameters(scenario, 5, 0, 74_000).values[HOME] - 0.05) / 0.1 * (N - 1)
    counts = np.bincount(row.round().astype(int), minlength=N)
    assert ((counts - 2000.0) ** 2 / 2000).sum() < 103


def test_other_numbers_keep_their_bits(scenario, tmp_path):
    before = draw_parameters(load_scenario(write_small(tmp_path)).scenario, 1, 0, 50).values
    after = draw_parameters(scenario, 1, 0, 50).values
    assert set(before) == set(after)
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {HOME, AGAIN, EFFECT}


def test_a_run_can_be_extended(scenario):
    whole = draw_parameters(scenario, 1, 0, 40).values
    rest = draw_parameters(scenario, 1, 25, 15).values
    for name in whole:
        np.testing.assert_array_equal(whole[name][25:], rest[name])


def test_sobol_points_visit_rows_evenly(tmp_path):
    """16 scrambles of 64 points over 32 rows: each row twice in every scramble, exactly."""
    write_posterior(tmp_path / "learnt.nc", {HOME: (np.arange(1.0, 33).reshape(2, 16), RATE)})
    scenario = load_scenario(write(tmp_path, f'"{HOME}" = "*"')).scenario
    values = draw_parameters(scenario, 1, 0, 1024, sobol_draws=1024).values[HOME]
    for scramble in values.reshape(16, 64):
        rows, counts = np.unique(scramble, return_counts=True)
        assert len(rows) == 32
        assert (counts == 2).all()


def test_a_learnt_number_has_the_mean_and_the_quantiles_of_its_draws(scenario):
    number = learnt_numbers(scenario)[HOME]
    assert expected_value(number) == pytest.approx(0.1, rel=1e-6)
    np.testing.assert_allclose(quantile(number, np.array([0.0, 0.5, 1.0])), [0.05, 0.1, 0.15], 1e-6)


def test_learnt_numbers_are_one_set(scenario):
    together = [numbers for numbers in linked_numbers(scenario) if len(numbers) > 1]
    assert [set(numbers) for numbers in together] == [{HOME, AGAIN, EFFECT}]


def test_a_learnt_number_can_be_held_at_a_value(file):
    held = with_number(load_scenario(file), HOME, 0.07)
    values = draw_parameters(held.scenario, 1, 0, 20).values
    assert (values[HOME] == 0.07).all()
    again = draw_parameters(load_scenario(file).scenario, 1, 0, 20).values
    np.testing.assert_array_equal(values[AGAIN], again[AGAIN])


# ------------------------------------------------------------------------------------ layers


def test_what_a_scenario_says_itself_stays_its_own(tmp_path):
    """A pattern in a file below gives way to a number written above it; a name above does not."""
    write(tmp_path).rename(tmp_path / "below.toml")
    own = """schema_version = 1
extends = "below.toml"
[moves.foster_home]
rate = { value = 0.08, unit = "per year", assumption = "our own count" }
"""
    upper = tmp_path / "upper.toml"
    upper.write_text(own, encoding="utf-8")
    loaded = load_scenario(upper)
    assert set(learnt_numbers(loaded.scenario)) == {AGAIN, EFFECT}
    assert kept_own(loaded.scenario, loaded.posterior) == [HOME]
    upper.write_text(f'{own}[posterior.numbers]\n"{HOME}" = "*"\n', encoding="utf-8")
    assert HOME in learnt_numbers(load_scenario(upper).scenario)


def test_a_value_can_become_learnt(tmp_path):
    rate = "moves.foster_home.rate"
    certain = """[moves.foster_home]
rate = { value = 0.08, unit = "per year", assumption = "our own count" }
"""
    path = write(tmp_path, f'"{rate}" = "{AGAIN}"\n{certain}')
    values = draw_parameters(load_scenario(path).scenario, 1, 0, 30).values[rate]
    assert len(np.unique(values)) > 10
    assert values.max() < 0.0701


# ---------------------------------------------------------------------------------- what is told


def test_a_result_says_where_its_numbers_come_from(file, tmp_path):
    loaded = load_scenario(file)
    result = stepdown.simulate(loaded, n_draws=8, seed=1)
    said = json.loads(result.attrs["posterior"])
    assert said["calibration"] == "made_up"
    assert said["file"] == "learnt.nc"
    assert said["sha256"] == loaded.posterior.contents.draws_sha256
    assert said["numbers"] == {HOME: HOME, AGAIN: AGAIN, EFFECT: f"{EFFECT}@elsewhere"}
    drawn = draw_parameters(loaded.scenario, 1, 0, 8).values
    for name in (HOME, AGAIN, EFFECT):
        np.testing.assert_array_equal(result.parameter_value.sel(parameter=name), drawn[name])
    rebuilt = scenario_of(result)
    assert set(learnt_numbers(rebuilt.scenario)) == {HOME, AGAIN, EFFECT}
    changed = result.assign_attrs(posterior_text="")
    with pytest.raises(InputError, match="a stored run keeps what the posterior holds"):
        scenario_of(changed)


def test_explain_names_the_calibration(file):
    text = explained(load_scenario(file))
    line = text[text.index(f"{EFFECT} = ") :].split("\n")
    assert line[0].startswith(f"{EFFECT} = posterior (mean 0, ")
    assert line[1].strip() == f"POSTERIOR of calibration made_up, 1 target ({EFFECT}@elsewhere)"


# ------------------------------------------------------------------------------------- refusals


def test_a_posterior_whose_priors_and_targets_share_evidence_is_refused(tmp_path):
    key = "ubbesen-2012/reunification-within-5-years"
    path = write(tmp_path, target_sources=[key], prior_sources=[key])
    # The priors beside the posterior that rest on it are told too.
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    told = {problem.key: problem for problem in caught.value.problems}
    assert f"priors and targets of this posterior share {key}" in told["posterior.file"].what


def test_a_prior_that_shares_evidence_with_the_targets_is_refused(tmp_path):
    key = "ubbesen-2012/reunification-within-5-years"
    problem = problem_of(write(tmp_path, target_sources=[key]))
    assert problem.key == "moves.network_home.rate"
    assert key in problem.what
    assert "evidence counts once" in problem.rule
    assert '"moves.network_home.rate"' in problem.fix


@pytest.mark.parametrize(
    ("numbers", "key", "what", "fix"),
    [
        (f'"{HOME}x" = "{HOME}"', f"{HOME}x", "no number", f'"{HOME}"'),
        (f'"{HOME}" = "moves.foster_hom.rate"', HOME, "unknown number", f'"{HOME}"'),
        (f'"{EFFECT}" = "{HOME}"', EFFECT, '"per year"', "per year"),
        (f'"{EFFECT}" = "*"', EFFECT, "on average only", f'"{EFFECT}" = "{EFFECT}@elsewhere"'),
        (
            f'"steps.foster_care.price" = "{HOME}"',
            "steps.foster_care.price",
            "amount of money",
            "leave it out",
        ),
        (
            f'"caseload.price_of_post" = "{HOME}"',
            "caseload.price_of_post",
            "use of a shared parameter",
            "parameters.price_of_post",
        ),
    ],
)
def test_a_wrong_number_is_told(tmp_path, numbers, key, what, fix):
    problem = problem_of(write(tmp_path, numbers))
    assert problem.key == f"posterior.numbers.{key}"
    assert what in problem.what
    assert fix in problem.fix
    assert problem.line > 1


def test_numbers_that_name_nothing_are_told(tmp_path):
    problem = problem_of(write(tmp_path, '"moves.*.price" = "*"'))
    assert problem.key == "posterior.numbers"
    assert "names no number" in problem.what


def test_another_calibration_is_refused(tmp_path):
    problem = problem_of(write(tmp_path, more='targets = "herning"\n'))
    assert "is the posterior of targets made_up, not of herning" in problem.what


def test_a_correlation_of_a_learnt_number_is_refused(tmp_path):
    pair = f"""[[correlations]]
between = ["{HOME}", "moves.network_home.rate"]
rho = {{ value = 0.5, unit = "correlation", assumption = "made up for a test" }}
"""
    problem = problem_of(write(tmp_path, f"{NUMBERS}\n{pair}"))
    assert problem.key == "correlations.0.between"
    assert "has a posterior" in problem.what


def test_files_that_are_missing_or_wrong_are_told(tmp_path):
    path = write(tmp_path)
    beside = tmp_path / "learnt.json"
    text = beside.read_text(encoding="utf-8")
    for wrong, what in (
        ("", "it is not JSON"),
        ('{"contents_version": 2}', "contents_version is 2"),
        (text.replace('"n_draws"', '"draws"'), "is missing or wrong"),
        (text.replace('"mean": 0.', '"mean": 1.', 1), "was changed after it was written"),
        (text.replace("made_up", "mad€_up"), "was changed after it was written"),
        ("[" * 100_000, "it is not JSON"),
        (b"\xff\xfe" + text.encode(), "cannot be read"),
    ):
        beside.write_bytes(wrong if isinstance(wrong, bytes) else wrong.encode())
        problem = problem_of(path)
        assert what in problem.what
        assert problem.key == "posterior.file"
    beside.unlink()
    assert "is not there" in problem_of(path).what
    (tmp_path / "learnt.nc").unlink()
    assert "no such posterior" in problem_of(path).what


def test_contents_set_out_otherwise_or_of_before_the_checksum_are_taken(tmp_path):
    path = write(tmp_path)
    beside = tmp_path / "learnt.json"
    said = json.loads(beside.read_text(encoding="utf-8"))
    beside.write_text(json.dumps(said), encoding="utf-8")
    one = load_scenario(path).scenario
    del said["contents_sha256"]
    beside.write_text(json.dumps(said), encoding="utf-8")
    assert load_scenario(path).scenario == one


def test_draws_that_changed_are_refused_when_they_are_drawn(tmp_path):
    path = write(tmp_path)
    scenario = load_scenario(path).scenario
    with (tmp_path / "learnt.nc").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(InputError, match="is not the file that the JSON beside it tells of"):
        draw_parameters(scenario, 1, 0, 2)
    (tmp_path / "learnt.nc").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        draw_parameters(scenario, 1, 0, 2)
