"""What a file may say of laws, levers, need, bases and what it leaves out: one message each."""

import pytest
from small import ENTRIES_DOWN, WHY, figure, on, strategy, write_small

from stepdown import simulate
from stepdown.errors import InputError
from stepdown.report.doubts import many_cases
from stepdown.report.listing import checked
from stepdown.scenario import load_scenario
from stepdown.scenario.cases import case_share, case_weights

FOLLOW_UP = (
    "[follow_up]\nreference = {}\nbaseline = {}\n".format(*[figure(6.0, "months")] * 2)
    + f"elasticity.all = {figure(0.05, 'ratio')}\n"
)
OFTEN = '[strategies.help.follow_up]\nstart = "2018-01"\ninterval_months = '


LEAVING = f"[caseload.turnover]\nvalue = 0.2\nunit = 'per year'\n{WHY}\n"
TOGETHER = "[strategies.help.interactions.more]\nbetween = ['team', '{}']\n" + on("placement", 0.9)


def problem_of(path):
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("extra", "more", "key", "said"),
    [
        ('law = "barnetslov"', "", "law", ("unknown law", "did you mean barnets_lov?")),
        ('law = "barnets_lov"', "", "law", ("was not in force in 2018", 'law = "serviceloven"')),
        (
            'law = "serviceloven"',
            FOLLOW_UP.replace("baseline = { value = 6.0", "baseline = { value = 9.0"),
            "follow_up.baseline",
            ("9 months between follow-ups", "at least every 6 months"),
        ),
        (
            'law = "serviceloven"',
            FOLLOW_UP + OFTEN + figure(12.0, "months") + "\n",
            "strategies.help.follow_up.interval_months",
            ("12 months between follow-ups", "Serviceloven"),
        ),
        (
            "",
            OFTEN + figure(3.0, "months") + "\n",
            "strategies.help.follow_up",
            ("no [follow_up] in the scenario", "add a table [follow_up]"),
        ),
        (
            "",
            f"[steps.reunified]\ncase_weight = {figure(0.5, 'cases per child')}\n",
            "steps.reunified.case_weight",
            ("a weight on a step without cases", "counts_as_case = true"),
        ),
        (
            "",
            '[steps.reunified]\nkind = "need"\ncounts_as_case = true\n',
            "steps.reunified.counts_as_case",
            ("counts_as_case on a step of need", "costs nothing"),
        ),
        (
            "",
            '[strategies.help.caseload]\nstart = "2018-01"\n',
            "strategies.help.caseload",
            ("neither cases_per_caseworker nor turnover",),
        ),
        (
            "",
            '[strategies.help.caseload]\nstart = "2018-01"\n'
            f"turnover = {figure(0.1, 'per year')}\n",
            "strategies.help.caseload.turnover",
            ("no turnover in [caseload]",),
        ),
        (
            "",
            LEAVING,
            "caseload.turnover",
            ("without the others", "vacancy_months"),
        ),
        (
            "",
            TOGETHER.replace("{}", "caseload"),
            "strategies.help.interactions.more.between.1",
            ('unknown investment or lever "caseload"',),
        ),
        (
            "",
            TOGETHER.replace("{}", "team"),
            "strategies.help.interactions.more.between",
            ("team twice",),
        ),
        (
            "",
            "[strategies.help.investments.team.costs.more]\nposts_for_caseload = true\n"
            'price = { parameter = "price_of_post" }\n'
            '[strategies.help.caseload]\nstart = "2018-01"\n'
            f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}\n",
            "strategies.help.investments.team.costs.more.posts_for_caseload",
            ("no posts in [caseload]",),
        ),
        (
            "",
            f"[moves.foster_home]\nshare = {figure(1.2, 'share')}\n",
            "moves.foster_home.share",
            ("1.2 is no probability",),
        ),
        ('without = ["moves.foster_hom"]', "", "without", ("is in no file", "remove it")),
        ('without = "moves"', "", "without", ("is no list of names", 'without = ["moves"]')),
    ],
)
def test_one_message(tmp_path, extra, more, key, said):
    problem = problem_of(write_small(tmp_path, ENTRIES_DOWN + more, extra=extra))
    assert problem.key == key
    assert problem.line > 1
    for text in said:
        assert text in str(problem)


def test_a_law_calls_its_steps_by_its_names(tmp_path):
    scenario = load_scenario(
        write_small(tmp_path, ENTRIES_DOWN, extra='law = "serviceloven"')
    ).scenario
    assert scenario.laws["serviceloven"].longest_follow_up.value == 6
    assert scenario.laws["barnets_lov"].longest_follow_up.value == 3
    early = 'law = "barnets_lov"\n[laws.barnets_lov]\nin_force_from = "2018-01"\n'
    path = write_small(tmp_path / "early", ENTRIES_DOWN, extra=early)
    result = simulate(path, n_draws=1, seed=1, n_replicates=1, n_threads=1)
    names = dict(zip(result.step.values, result.step_da.values, strict=True))
    assert names["institution"] == "Børne- og ungehjem (institution)"
    assert names["residential_home"] == "Børne- og ungehjem (opholdssted)"
    assert names["foster_care"] == "Plejefamilie"
    assert result.attrs["law"] == "barnets_lov"


def test_a_scenario_may_extend_several_files(tmp_path):
    """The first named lies on top; a file that two of them extend lies under both."""
    path = write_small(tmp_path)
    base = path.read_text(encoding="utf-8").replace(
        'extends = "danish-staircase"',
        'extends = ["follow-up", "danish-staircase-with-need", "danish-staircase"]',
    )
    path.write_text(base, encoding="utf-8")
    with pytest.raises(InputError, match="given for some steps only"):
        load_scenario(path)  # the base with need leaves the arrivals to be derived
    path = write_small(tmp_path, arrivals=None, base='follow-up", "danish-staircase-with-need')
    text = path.read_text(encoding="utf-8").replace(
        'extends = "follow-up", "danish-staircase-with-need"',
        'extends = ["follow-up", "danish-staircase-with-need"]',
    )
    path.write_text(text, encoding="utf-8")
    loaded = load_scenario(path)
    names = [file.name.rpartition("/")[2] for file in loaded.files]
    assert names == [
        "scenario.toml",
        "follow-up.toml",
        "danish-staircase-with-need.toml",
        "danish-staircase.toml",
        "municipal-budget.toml",
    ]
    assert loaded.scenario.follow_up is not None
    assert "home_support" not in loaded.scenario.inflow
    assert "need_mild" in loaded.scenario.inflow


def test_without_leaves_out_what_a_base_has(tmp_path):
    first = load_scenario("hoersholm").scenario
    again = load_scenario("hoersholm-levels").scenario
    assert "rettidig_indsats" in first.strategies
    assert "rettidig_indsats" not in again.strategies
    assert again.moves == first.moves


def test_cases_are_weighted_and_too_many_are_doubted(tmp_path):
    """30 cases, 12 of them at half weight: 24 cases are 8 % of 300 children, and more of fewer."""
    halved = f"[steps.home_support]\ncase_weight = {figure(0.5, 'cases per child')}\n"

    def scenario(children):
        few = f"[caseload.children_0_17]\nvalue = {children}\nunit = 'children'\n"
        few += 'assumption = "made up for a test"\n'
        return load_scenario(write_small(tmp_path, few + halved + ENTRIES_DOWN)).scenario

    enough, few = scenario(300), scenario(299)
    weights = dict(zip(enough.steps, case_weights(enough), strict=True))
    assert weights["home_support"] == 0.5
    assert weights["foster_care"] == 1.0
    assert weights["left"] == weights["reunified"] == 0.0
    assert case_share(enough) == 24 / 300
    assert many_cases(enough, "en") is None
    assert many_cases(few, "en").startswith("Warning: 24 cases are 8% of the children")
    assert "familier" in many_cases(few, "da")


@pytest.mark.parametrize(("costs", "warns"), [("", True), ("posts", False)])
def test_a_lever_that_costs_nothing_is_a_warning(tmp_path, costs, warns):
    """Fewer cases per caseworker are posts; a plan without them is an oversight, not an error."""
    caseload = f"cases_per_caseworker = {figure(20.0, 'cases per caseworker')}"
    text = strategy("fewer", caseload=caseload)
    if costs:
        text = strategy("fewer", caseload=caseload, timing='start = "2018-01"\n') + (
            "[strategies.fewer.investments.own.costs.posts]\n"
            f"posts = {figure(1.0, 'posts')}\nprice = {{ parameter = 'price_of_post' }}\n"
        )
    said = checked(load_scenario(write_small(tmp_path, text)))
    assert ("fewer changes caseload or follow-up and costs nothing" in said) == warns
