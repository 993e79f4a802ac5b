"""Files of targets: read strictly, every problem told at once, evidence counted once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from stepdown.calibration.steady import BLOCK
from stepdown.calibration.target_files import LoadedTargets, read_targets, target_names
from stepdown.errors import InputError, Problem
from stepdown.scenario import load_scenario
from stepdown.scenario.shipped import shipped_folder
from stepdown.scenario.targets_model import ALLOWS, WANTS

MODELS = shipped_folder() / "targets" / "models"
BUSINESS_CASES = ("hoersholm", "hoersholm-employment", "faxe", "hjoerring")
SMALL = f"""
schema_version = 1
name = "small"
title = {{ da = "Lille", en = "Small" }}
description = {{ da = "En prøve", en = "A trial" }}

[models.denmark]
scenario = "{MODELS}/denmark-2017.toml"

[numbers."moves.foster_home.rate"]
prior_before_evidence = {{ distribution = "lognormal", median = 0.1, low = 0.03, high = 0.3, \
unit = "per year", \
assumption = "wide, for a test" }}

[numbers."rate_factors.reunification_teenagers.factor"]
label = {{ da = "Hjemgivelse af unge", en = "Teenagers going home" }}
prior_before_evidence = {{ distribution = "lognormal", median = 1.0, low = 0.3, high = 3.0, \
unit = "ratio", source = "bryderup-2016/placements-per-childhood" }}

[targets.annual_exit]
label = {{ da = "Ophør", en = "Exit" }}
observable = "annual_exit"
model = "denmark"
from_evidence = "statistics-denmark-placements-2017/annual-exit"
kind = "normal"
spread = 0.015
reason = "one year of several, and rounded"
"""


@pytest.fixture(scope="module")
def herning() -> LoadedTargets:
    return read_targets("herning")


def draws(loaded: LoadedTargets, count: int) -> np.ndarray:
    z = np.random.default_rng(5).normal(size=(count, len(loaded.problem.numbers)))
    return loaded.problem.values(z)


def problems_of(tmp_path: Path, text: str) -> list[Problem]:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_targets(path)
    for problem in raised.value.problems:
        assert problem.file
        assert problem.what
        assert problem.fix
        assert "Input should" not in str(problem)
    return list(raised.value.problems)


def test_shipped_file(herning: LoadedTargets) -> None:
    """The names that others rely on are there, and each number has both languages."""
    assert target_names() == ["herning"]
    names = [number.name for number in herning.problem.numbers]
    assert {
        "caseload.elasticity.all",
        "caseload.elasticity.by_class.placement",
        "moves.foster_home.rate",
        "tau_caseload",
        "z_herning",
        "z_elsewhere",
    } < set(names)
    assert names == list(herning.problem.predict.names)
    assert {each.name for each in herning.problem.derived} == {
        f"caseload.elasticity.{own}@{place}"
        for own in ("all", "by_class.placement")
        for place in ("herning", "elsewhere")
    }
    foster = next(n for n in herning.problem.numbers if n.name == "moves.foster_home.rate")
    assert (foster.label.da, foster.label.en) == (
        "Plejefamilie → Hjemgivet",
        "Foster care → Home after a placement",
    )
    assert herning.toml.text in herning.problem.provenance
    assert 'name = "denmark_2017"' in herning.problem.provenance


def test_evidence_counts_once(herning: LoadedTargets) -> None:
    """No key stands behind a prior and a used target."""
    priors = {key for number in herning.problem.numbers for key in number.sources}
    used = {key for t in herning.problem.targets if t.is_used for key in t.sources}
    assert priors
    assert used
    assert priors.isdisjoint(used)


def test_no_hope_is_a_target(herning: LoadedTargets) -> None:
    """What a business case promises, of Hørsholm, Faxe or Hjørring, is no observation."""
    hopes = set()
    for name in BUSINESS_CASES:
        scenario = load_scenario(name).scenario
        for strategy in scenario.strategies.values():
            for line in strategy.published.values():
                hopes |= set(line.row.sources)
        for own in scenario.budget_lines.values():
            for row in own.saving.values():
                hopes |= set(row.sources)
    assert len(hopes) > 5
    cited = {key for t in herning.problem.targets for key in t.sources}
    assert cited.isdisjoint(hopes)
    towns = {key for key in cited if key.startswith(("hoersholm", "faxe", "hjoerring"))}
    assert towns == {"hoersholm-budget-2017/herning-institution-placements-as-told"}


def test_herning_counts_once(herning: LoadedTargets) -> None:
    """One count at the end, one amount that it does not hold; the rest is held out."""
    used = {t.name for t in herning.problem.targets if t.is_used and t.name.startswith("herning")}
    assert used == {
        "herning_institution_end",
        "herning_placements_ratio",
        "herning_own_room_and_boarding",
    }


def test_the_same_bits_in_any_batch(herning: LoadedTargets) -> None:
    """One by one, in batches that split blocks, and on two threads at once."""
    values, predict = draws(herning, 2 * BLOCK + 5), herning.problem.predict
    whole = predict(values)
    assert whole.shape == (len(values), len(herning.problem.targets))
    assert np.isfinite(whole).all()
    np.testing.assert_array_equal(np.vstack([predict(v[None]) for v in values[:3]]), whole[:3])
    np.testing.assert_array_equal(predict(values[7:50]), whole[7:50])
    with ThreadPoolExecutor(2) as pool:
        for part in pool.map(predict, [values, values[::-1]]):
            np.testing.assert_array_equal(np.sort(part, axis=0), np.sort(whole, axis=0))


def test_impossible_draw_is_not_a_number(herning: LoadedTargets) -> None:
    """It is nan in all targets, and its neighbours keep their bits."""
    values = draws(herning, 6)
    whole = herning.problem.predict(values)
    names = list(herning.problem.predict.names)
    values[2, names.index("moves.foster_home.rate")] = -1.0
    values[4, names.index("moves.institution_home.rate")] = np.inf
    found = herning.problem.predict(values)
    assert np.isnan(found[[2, 4]]).all()
    np.testing.assert_array_equal(found[[0, 1, 3, 5]], whole[[0, 1, 3, 5]])


def test_a_place_has_its_own_number(herning: LoadedTargets) -> None:
    """e + tau z acts on Herning's counts as the sum does; elsewhere moves none of them."""
    names = list(herning.problem.predict.names)
    base = np.repeat(herning.problem.values(np.zeros((1, len(names)))), 4, axis=0)
    e, placement = (
        names.index("caseload.elasticity.all"),
        names.index("caseload.elasticity.by_class.placement"),
    )
    tau, z = names.index("tau_caseload"), names.index("z_herning")
    base[:, tau] = 0.25
    base[1, z] = 2.0
    base[2, [e, placement]] += 0.5
    base[3, names.index("z_elsewhere")] = 2.0
    found = herning.problem.predict(base)
    columns = [t.name.startswith("herning") for t in herning.problem.targets]
    assert (found[0, columns] != found[1, columns]).all()
    np.testing.assert_allclose(found[1, columns], found[2, columns], rtol=1e-12)
    np.testing.assert_array_equal(found[3], found[0])


def test_effects_pull_the_institutions_down(herning: LoadedTargets) -> None:
    """A stronger effect or a stronger trend leaves fewer children in institutions; rates do not."""
    names = list(herning.problem.predict.names)
    column = [t.name for t in herning.problem.targets].index("herning_institution_end")
    base = herning.problem.values(np.zeros((1, len(names))))
    start = herning.problem.predict(base)[0, column]
    for name, step in (
        ("caseload.elasticity.all", 0.3),
        ("caseload.elasticity.by_class.placement", 0.3),
        ("follow_up.elasticity.all", 0.3),
        ("follow_up.elasticity.by_class.placement", 0.3),
        ("parameters.package_on_entries", -0.3),
        ("parameters.package_on_moves_down", 0.3),
        ("drift.institutions", -0.03),
    ):
        moved = base.copy()
        moved[0, names.index(name)] += step
        assert herning.problem.predict(moved)[0, column] < start - 0.05, name


def test_every_observable_says_what_it_needs() -> None:
    from stepdown.calibration.observables import NATIONAL, PILOT

    assert {*NATIONAL, *PILOT, "number"} == set(WANTS)
    assert set(ALLOWS) < set(WANTS)


def test_small_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SMALL, encoding="utf-8")
    loaded = read_targets(path)
    assert [t.observed for t in loaded.problem.targets] == [0.16]
    assert loaded.problem.targets[0].unit == "share per year"
    assert loaded.problem.derived == ()


CITES = 'source = "bryderup-2016/placements-per-childhood"'
EXIT = 'from_evidence = "statistics-denmark-placements-2017/annual-exit"'
WRONG = {
    "a prior and a target on one figure": (
        CITES, 'source = "statistics-denmark-placements-2017/annual-exit"',
        "is in the prior and among the targets"),
    "a prior that is known": (
        'distribution = "lognormal", median = 1.0, low = 0.3, high = 3.0', "value = 1.0",
        "no distribution"),
    "an unknown number": ("moves.foster_home.rate", "moves.foster_hom.rate",
                          "did you mean moves.foster_home.rate"),
    "another unit": ('unit = "per year"', 'unit = "share"', 'the unit here is "per year"'),
    "no label": ('label = { da = "Hjemgivelse af unge", en = "Teenagers going home" }\n', "",
                 "no label"),
    "unknown evidence of a prior": (CITES, 'source = "bryderup-2016/placements"',
                                    "is not in the evidence"),
    "unknown evidence of a target": (EXIT, EXIT.replace("annual-exit", "exit"),
                                     "is not in the evidence"),
    "a row without an entry": (EXIT, EXIT.replace("annual-exit", "type-mix"), "no entry"),
    "an unknown entry": (EXIT, EXIT.replace("annual-exit", "type-mix") + '\nentry = "foster"',
                         'unknown entry "foster"'),
    "an entry of one number": (EXIT, EXIT + '\nentry = "foster"', "entry"),
    "an unknown model": ('model = "denmark"', 'model = "denmrk"', "did you mean denmark"),
    "an unknown observable": ('observable = "annual_exit"', 'observable = "annual_exits"',
                              'observable = "annual_exit"'),
    "a key it does not take": ('model = "denmark"', 'model = "denmark"\nages = "0-17"',
                               "annual_exit takes model"),
    "a key it needs": ('observable = "annual_exit"', 'observable = "breakdowns"', "no ages"),
    "a band of time that is none": (
        'observable = "annual_exit"',
        'observable = "breakdowns_early"\nages = "13-17"\nmonths = 6', "write months = 12"),
    "a step that is none": ('observable = "annual_exit"',
                            'observable = "placed_share"\nsteps = ["foster"]', "foster_care"),
    "a month beyond": ('observable = "annual_exit"',
                       'observable = "children_at"\nsteps = ["institution"]\nmonth = "2030-12"',
                       "is outside"),
    "years beyond": (
        'observable = "annual_exit"',
        'observable = "spending_rise"\nsteps = ["institution"]\nyears = [2018, 2020]',
        "2020 is outside"),
    "a rise backwards": (
        'observable = "annual_exit"',
        'observable = "spending_rise"\nsteps = ["institution"]\nyears = [2018, 2018]',
        "from one year to a later one"),
    "a value without a source": (EXIT, 'value = 0.16\nunit = "share"', "without a source"),
    "a value without a unit": (
        EXIT, 'value = 0.16\nsource = "statistics-denmark-placements-2017/annual-exit"', "no unit"),
    "two numbers": (EXIT, EXIT + "\nvalue = 0.16", "value and from_evidence"),
    "no number": (EXIT, "", "no number"),
    "a part of a child": ('kind = "normal"\nspread = 0.015', 'kind = "binomial"\nspread = 10.5',
                          "out of how many"),
    "no reason": ('reason = "one year of several, and rounded"', 'reason = "so"', "too short"),
    "a spread of 0": ("spread = 0.015", "spread = 0", "must be > 0"),
    "a place without a transfer": (
        "[models.denmark]\n", '[models.denmark]\nplace = "denmark"\n', "without [transfer]"),
    "an unknown strategy": ("[models.denmark]\n", '[models.denmark]\nstrategy = "more"\n',
                            'unknown strategy "more"'),
    "an unknown scenario": ("denmark-2017.toml", "denmark-2018.toml", "cannot be read"),
    "another version": ("schema_version = 1", "schema_version = 2", "schema_version 1"),
    "a drift that is none": ('model = "denmark"', 'model = "denmark"\ndrift = "trend"',
                             "annual_exit takes model"),
    "kroner in thousands": (
        'observable = "annual_exit"\nmodel = "denmark"\n' + EXIT,
        'observable = "spending_rise"\nmodel = "denmark"\nsteps = ["institution"]\n'
        'years = [2018, 2019]\nvalue = -7_700\nunit = "DKK thousand"\n'
        'source = "socialraadgiverne-herning-2017/saving-on-institutions"',
        "spending_rise is counted in DKK"),
    "an unknown early target": ("[models.denmark]", 'known_early = ["exit"]\n[models.denmark]',
                                'unknown target "exit"'),
    "a misspelt table": ("[targets.annual_exit]", "[target.annual_exit]", "write targets"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told(case: str, tmp_path: Path) -> None:
    """One change to a file that is right, and one that knows the rule and the line."""
    before, after, said = WRONG[case]
    assert before in SMALL
    problems = problems_of(tmp_path, SMALL.replace(before, after))
    told = [str(problem) for problem in problems]
    assert any(said in text for text in told), told
    assert all(problem.line > 0 for problem in problems)


def test_all_problems_at_once(tmp_path: Path) -> None:
    """What the types refuse, and what the checks refuse in other tables."""
    text = SMALL.replace("spread = 0.015", "spread = 0").replace('unit = "per year"', 'unit = "x"')
    text = text.replace(CITES, 'source = "bryderup-2016/none"')
    keys = [problem.key for problem in problems_of(tmp_path, text)]
    assert len(keys) == 3
    assert keys[2] == "targets.annual_exit.spread"


def test_a_transfer_names_what_is_there(tmp_path: Path) -> None:
    tables = """
[transfer]
name = "caseload"
numbers = ["moves.foster_hom.rate"]
place = "herning"
tau = { distribution = "normal", mean = 0.1, sd = 0.1, unit = "ratio", assumption = "for a test" }
"""
    told = " ".join(str(problem) for problem in problems_of(tmp_path, SMALL + tables))
    assert "moves.foster_home.rate" in told
    assert 'unknown place "herning"' in told
    assert "a standard deviation is > 0" in told


def test_no_such_file() -> None:
    with pytest.raises(InputError, match="did you mean herning"):
        read_targets("hernin")


def test_a_scenario_that_is_not_exact(tmp_path: Path) -> None:
    """Hørsholm's courses reach some children only: no cohort solution."""
    text = SMALL.replace(f"{MODELS}/denmark-2017.toml", "hoersholm")
    told = " ".join(str(problem) for problem in problems_of(tmp_path, text))
    assert "exact expected solution" in told
