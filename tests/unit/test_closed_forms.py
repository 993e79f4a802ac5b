"""Figures that a formula gives: occupancy, competing risks, birthdays, certain moves, inflow."""

import naive
import numpy as np
import pytest
from small import (
    CHILDREN,
    ENTRIES_DOWN,
    NOTHING,
    WHY,
    Chain,
    build,
    counts,
    figure,
    on,
    strategy,
    write_chain,
    write_small,
)

from stepdown import expected, load_scenario, simulate
from stepdown.errors import InputError, RunError

CASES = "cases per caseworker"


def shares(path, strategy_name="baseline"):
    """Return expected children on each state at the opening edge and at the end of every year."""
    found = expected(path, n_draws=1).stock.sel(strategy=strategy_name).isel(draw=0).values
    return found


# ------------------------------------------------------------------------------ occupancy


P = np.array([[0.7, 0.2, 0.1, 0.0], [0.3, 0.45, 0.2, 0.05], [0.0, 0.1, 0.85, 0.05], [0, 0, 0, 1.0]])
STATES = ("a", "b", "c", "d")


def moves_of(matrix, way="probability"):
    return {
        (STATES[i], STATES[j]): f"{way} = {matrix[i][j]!r}"
        for i in range(len(matrix))
        for j in range(len(matrix))
        if i != j and matrix[i][j] > 0
    }


def test_yearly_probabilities_are_powers_of_the_matrix(tmp_path):
    chain = Chain(STATES, moves_of(P.tolist()), {"a": 60, "b": 40})
    start = np.array([60, 40, 0, 0.0])
    found = shares(write_chain(tmp_path, chain))
    for year in range(10):
        after = start @ np.linalg.matrix_power(P, year + 1)
        np.testing.assert_allclose(found[year], after, rtol=1e-12)


def test_monthly_rates_are_powers_of_the_months_matrix(tmp_path):
    """Within a month one move: 1 - exp(-sum of rates / 12), split in proportion to the rates."""
    rates = [[0, 0.9, 0.3, 0], [0.4, 0, 0.8, 0.2], [0, 0.5, 0, 0.6], [0, 0, 0, 0.0]]
    chain = Chain(STATES, moves_of(rates, "rate"), {"a": 60, "b": 40}, cycle_months=1, n_years=4)
    leaving = np.sum(rates, axis=1)
    month = np.zeros((4, 4))
    for i in range(4):
        gone = 1 - np.exp(-leaving[i] / 12)
        month[i] = 0 if leaving[i] == 0 else gone * np.array(rates[i]) / leaving[i]
        month[i, i] = 1 - gone
    found = shares(write_chain(tmp_path, chain))
    for year in range(4):
        after = np.array([60, 40, 0, 0.0]) @ np.linalg.matrix_power(month, 12 * year + 12)
        np.testing.assert_allclose(found[year], after, rtol=1e-11)


def test_competing_hazards(tmp_path):
    """Constant hazards 0.15 and 0.05 a year: cumulative incidence at 3 years, to 1e-9.

    Known: 0.3383912729 and 0.1127970910, r / 0.2 x (1 - exp(-0.6)).
    """
    moves = {("a", "b"): "rate = 0.15", ("a", "c"): "rate = 0.05"}
    chain = Chain(("a", "b", "c"), moves, {"a": 1}, cycle_months=1, n_years=3)
    path = write_chain(tmp_path, chain)
    np.testing.assert_allclose(shares(path)[2, 1:], [0.3383912729, 0.1127970910], atol=1e-9)
    moved = expected(path, n_draws=1).moves.sel(strategy="baseline").isel(draw=0).sum("year")
    np.testing.assert_allclose(moved, [0.3383912729, 0.1127970910], atol=1e-9)


def test_rates_per_month_are_twelve_a_year(tmp_path):
    per_year = Chain(("a", "b"), {("a", "b"): "rate = 0.24"}, {"a": 1}, cycle_months=1, n_years=2)
    path = write_chain(tmp_path / "year", per_year)
    text = path.read_text().replace(
        'value = 0.24, unit = "per year"', 'value = 0.02, unit = "per month"'
    )
    (tmp_path / "month.toml").write_text(text)
    np.testing.assert_allclose(shares(tmp_path / "month.toml"), shares(path), rtol=1e-14)
    assert shares(path)[1, 0] == pytest.approx(np.exp(-0.48), rel=1e-13)


# ------------------------------------------------------------------------- certainty, chance none


@pytest.mark.parametrize("cycle_months", [1, 12])
def test_probabilities_0_and_1(tmp_path, cycle_months):
    """A forced move takes everybody in the first cycle; one that never happens takes nobody."""
    moves = {("a", "b"): "probability = 1.0", ("a", "c"): "probability = 0.0"}
    chain = Chain(("a", "b", "c"), moves, {"a": 500}, cycle_months=cycle_months, n_years=2)
    path = write_chain(tmp_path, chain)
    run = simulate(path, n_draws=3, seed=1, n_replicates=3)
    on_step = run.months_in_step
    assert (on_step.isel(year=0).sel(step="a") == 500 * cycle_months).all()
    assert (on_step.isel(year=1).sel(step="b") == 500 * 12).all()
    assert (run.stock.isel(year=-1).sel(step="b") == 500).all()
    assert (run.moves.sum("year").sel(move="a_b") == 500).all()
    assert (run.moves.sel(move="a_c") == 0).all()
    np.testing.assert_allclose(shares(path)[0], [0, 500, 0], atol=1e-12)


def test_the_caseload_does_not_slow_a_certain_move(tmp_path):
    """Ten times the cases at an elasticity of 1 make a tenth of a rate; certainty has no rate."""
    cases = "cases per caseworker"
    more = (
        f"[caseload]\nreference = {figure(20.0, cases)}\nbaseline = {figure(20.0, cases)}\n"
        f"price_of_post = {figure(500_000.0, 'DKK per post and year', 2018)}\n"
        f"elasticity.all = {figure(1.0, 'ratio')}\n"
    )
    slower = strategy("slower", caseload=f"cases_per_caseworker = {figure(200.0, cases)}")
    moved = {}
    for law in ("probability = 1.0", "probability = 0.5"):
        chain = Chain(
            ("a", "b"), {("a", "b"): law}, {"a": 50}, n_years=1, more=more, strategies=slower
        )
        run = simulate(write_chain(tmp_path / law[-3:], chain), n_draws=2, seed=1)
        moved[law] = run.moves.sel(strategy="slower", move="a_b")
    assert (moved["probability = 1.0"] == 50).all()
    assert (moved["probability = 0.5"] < 25).all()


@pytest.mark.parametrize(("months", "left_in"), [(12, 13), (5, 6), (24, 25)])
def test_a_move_that_is_certain_after_some_months_on_the_step(tmp_path, months, left_in):
    """Never before that many months, then at once: the step is held for one month more."""
    by_time = f'by_time = {{ factors = {{ "0-{months - 1}" = 0.0, "{months}-" = 1.0 }}, {WHY} }}'
    chain = Chain(
        ("a", "b"), {("a", "b"): "probability = 1.0"}, {"a": 40}, cycle_months=1, n_years=3,
        times=f'"0-{months - 1}", "{months}-"', by_time=by_time,
    )  # fmt: skip
    path = write_chain(tmp_path, chain)
    run = simulate(path, n_draws=2, seed=1)
    assert (run.months_in_step.sel(step="a").sum("year") == 40 * left_in).all()
    exact = expected(path, n_draws=1).months_in_step.sel(step="a").sum("year")
    np.testing.assert_allclose(exact, 40 * left_in, rtol=1e-12)


SLOW = (
    f"[caseload]\nreference = {figure(20.0, CASES)}\nbaseline = {figure(20.0, CASES)}\n"
    f"price_of_post = {figure(500_000.0, 'DKK per post and year', 2018)}\n"
    f"elasticity.all = {figure(1.0, 'ratio')}\n"
)
TENFOLD = strategy("slower", caseload=f"cases_per_caseworker = {figure(200.0, CASES)}")
HALVED = strategy("slower", on("a_b", 0.5))
RAISED = strategy("slower", on("a_b", 3.0))


SPLIT = {("a", "b"): "probability = 0.1", ("a", "c"): "probability = 0.15"}


@pytest.mark.parametrize(
    ("moves", "factor", "change"),
    [
        ({("a", "b"): "probability = 0.25"}, 4.0, TENFOLD),
        ({("a", "b"): "probability = 0.125"}, 8.0, TENFOLD),
        (SPLIT, 4.0, TENFOLD),
        (SPLIT, 4.0, HALVED),
    ],
)
def test_a_factor_makes_a_move_certain(tmp_path, moves, factor, change):
    """Nobody leaves in 6 months, everybody at the next edge, whatever slows rates down."""
    by_time = f'by_time = {{ factors = {{ "0-5" = 0.0, "6-" = {factor} }}, {WHY} }}'
    chain = Chain(
        ("a", "b", "c"), moves, {"a": 300}, cycle_months=1, n_years=1, times='"0-5", "6-"',
        by_time=by_time, more=SLOW, strategies=change,
    )  # fmt: skip
    path = write_chain(tmp_path, chain)
    run = simulate(path, n_draws=2, seed=1)
    assert (run.months_in_step.sel(step="a").sum("year") == 300 * 7).all()
    exact = expected(path, n_draws=1).months_in_step.sel(step="a").sum("year")
    np.testing.assert_allclose(exact, 300 * 7, rtol=1e-12)
    built = build(path)
    twin = naive.simulate(built.plan.stairs, built.chunk.tables, 1, 0, 1)
    np.testing.assert_array_equal(built.run().moves, twin.moves)


@pytest.mark.parametrize(("change", "ratio"), [(TENFOLD, 0.1), (HALVED, 0.5), (RAISED, 3.0)])
def test_a_factor_makes_a_move_certain_in_its_band_alone(tmp_path, change, ratio):
    """0.5 x 1 in a first month, 0.5 x 2 in the second; a lever or an effect changes the first."""
    by_time = f'by_time = {{ factors = {{ "0-0" = 1.0, "1-" = 2.0 }}, {WHY} }}'
    chain = Chain(
        ("a", "b"), {("a", "b"): "probability = 0.5"}, {"a": 1}, cycle_months=1, n_years=1,
        times='"0-0", "1-"', by_time=by_time, more=SLOW, strategies=change,
    )  # fmt: skip
    found = expected(write_chain(tmp_path, chain), n_draws=1).months_in_step.sel(step="a")
    by_strategy = found.sum("year").isel(draw=0)
    assert by_strategy.sel(strategy="baseline").item() == pytest.approx(1.5, rel=1e-12)
    assert by_strategy.sel(strategy="slower").item() == pytest.approx(1 + 0.5**ratio, rel=1e-12)


def test_a_strategy_may_make_a_move_certain(tmp_path):
    """By a probability of its own, or by a relative risk of 2 on a half; in the baseline half."""
    own = f"[strategies.own.probabilities]\na_b = {figure(1.0, 'probability')}\n"
    label = '[strategies.own]\nlabel = { da = "Egen", en = "Own" }\n'
    twice = strategy("own", on("a_b", 2.0, kind="risk_ratio"))
    for number, change in enumerate((label + own, twice)):
        chain = Chain(("a", "b"), {("a", "b"): "probability = 0.5"}, {"a": 400}, strategies=change)
        path = write_chain(tmp_path / str(number), chain)
        text = path.read_text().replace("level = 0\n", 'level = 0\neffect_scale = "probability"\n')
        path.write_text(text)
        moved = simulate(path, n_draws=2, seed=1).moves.isel(year=0).sel(move="a_b")
        assert (moved.sel(strategy="own") == 400).all()
        assert (moved.sel(strategy="baseline") < 300).all()


def test_a_shared_parameter_makes_a_move_certain(tmp_path):
    chain = Chain(("a", "b"), {("a", "b"): "probability = 1.0"}, {"a": 50}, more=SLOW,
                  strategies=TENFOLD)  # fmt: skip
    path = write_chain(tmp_path, chain)
    one = f"[parameters.one]\nvalue = 1.0\nunit = 'probability'\n{WHY}\n"
    text = path.read_text().replace(figure(1.0, "share"), '{ parameter = "one" }') + one
    path.write_text(text)
    moved = simulate(path, n_draws=2, seed=1).moves.isel(year=0).sel(move="a_b")
    assert (moved == 50).all()


@pytest.mark.parametrize(
    ("law", "more", "says"),
    [
        ("rate = 2e6", "", ("a_b has the bound 2", "leave = 1.0 under [bounds]")),
        ("rate = 40000.0", "[bounds]\nleave = 4096\n", ("bound 4096", "under [bounds]")),
        (
            "rate = 400.0",
            RAISED.replace("3.0", "1e4"),
            ("an effect multiplies", "effects on leave"),
        ),
    ],
)
def test_rates_beyond_what_the_clock_holds_name_the_bound(tmp_path, law, more, says):
    chain = Chain(("a", "b"), {("a", "b"): law}, {"a": 5}, cycle_months=1, more=more,
                  strategies=NOTHING if "strategies" not in more else "")  # fmt: skip
    with pytest.raises(RunError) as error:
        simulate(write_chain(tmp_path, chain), n_draws=1, seed=1)
    for words in says:
        assert words in str(error.value)


@pytest.mark.parametrize(
    ("moves", "factor", "key", "says"),
    [
        ({("a", "b"): "probability = 0.5"}, 2.5, "moves.a_b.by_time.factors.6-",
         ('the probability of leaving a at ages "10-", "6-" on it is 0.5 x 2.5 = 1.25',
          "Fix: write 2 or less")),
        ({("a", "b"): "probability = 0.3", ("a", "c"): "probability = 0.2"}, 3.0,
         "moves.a_b.by_time.factors.6-",
         ("add up to 1.5 (a_b 0.3 x 3 = 0.9, a_c 0.2 x 3 = 0.6)", "Fix: write 1.3333 or less")),
    ],
)  # fmt: skip
def test_a_factor_that_makes_a_probability_too_large(tmp_path, moves, factor, key, says):
    by_time = f'by_time = {{ factors = {{ "0-5" = 1.0, "6-" = {factor} }}, {WHY} }}'
    chain = Chain(("a", "b", "c"), moves, {"a": 5}, times='"0-5", "6-"', by_time=by_time)
    with pytest.raises(InputError) as error:
        load_scenario(write_chain(tmp_path, chain))
    (problem,) = error.value.problems
    assert problem.key == key
    assert problem.line > 0
    for words in says:
        assert words in str(problem)


def test_an_uncertain_probability_that_a_factor_makes_too_large(tmp_path):
    """A beta distribution has no end below 1, so only a draw tells: band and product are named."""
    by_time = f'by_time = {{ factors = {{ "0-5" = 1.0, "6-" = 4.0 }}, {WHY} }}'
    chain = Chain(("a", "b"), {("a", "b"): "probability = 0.5"}, {"a": 5}, times='"0-5", "6-"',
                  by_time=by_time)  # fmt: skip
    path = write_chain(tmp_path, chain)
    beta = f'{{ distribution = "beta", mean = 0.5, sd = 0.1, unit = "share", {WHY} }}'
    path.write_text(path.read_text().replace(figure(0.5, "share"), beta))
    with pytest.raises(
        RunError, match=r'leaving step a at ages "10-", "6-" on it, add up to [12]\.\d+'
    ):
        simulate(path, n_draws=2, seed=1)


def test_time_on_the_step_starts_again_with_a_move(tmp_path):
    """Two states that are left after 6 months: 7 months on each in turn, 36 = 5 x 7 + 1."""
    by_time = f'by_time = {{ factors = {{ "0-5" = 0.0, "6-" = 1.0 }}, {WHY} }}'
    moves = {("a", "b"): "probability = 1.0", ("b", "a"): "probability = 1.0"}
    chain = Chain(
        ("a", "b"),
        moves,
        {"a": 10},
        cycle_months=1,
        n_years=3,
        times='"0-5", "6-"',
        by_time=by_time,
    )
    run = simulate(write_chain(tmp_path, chain), n_draws=2, seed=1)
    assert (run.months_in_step.sel(step="a").sum("year") == 10 * (7 + 7 + 7)).all()
    assert (run.months_in_step.sel(step="b").sum("year") == 10 * (7 + 7 + 1)).all()


@pytest.mark.parametrize("share", [0.0, 0.35, 1.0])
def test_a_birthday(tmp_path, share):
    """Everybody turns 18 in the middle of a two-year horizon; nobody moves otherwise."""
    more = (
        f'[birthdays.18]\nleave_to = "out"\n[birthdays.18.goes_on]\na = {figure(share, "share")}\n'
    )
    chain = Chain(
        ("a", "out"), {("a", "out"): "rate = 0.0"}, {"a": 400}, cycle_months=1, n_years=2,
        age_years=17, ages='"17-"', more=more,
    )  # fmt: skip
    path = write_chain(tmp_path, chain)
    np.testing.assert_allclose(shares(path), [[400 * share, 400 * (1 - share)]] * 2, atol=1e-9)
    run = simulate(path, n_draws=2, seed=1)
    stay = run.stock.sel(step="a")
    assert (run.months_in_step.sel(step="a").isel(year=0) == 400 * 12).all()
    assert (stay.isel(year=0) == stay.isel(year=1)).all()
    assert (run.moves.sel(move="birthday_18").sum("year") == 400 - stay.isel(year=1)).all()
    if share in (0.0, 1.0):
        assert (stay == 400 * share).all()
    else:
        # 1,600 children decide: |z| <= 4.89, false alarm 1e-6; catches a share off by 0.095.
        error = np.sqrt(share * (1 - share) / 3200)
        mean = stay.isel(strategy=0, year=0).mean().item() / 400
        assert abs(mean - share) <= 4.89 * np.sqrt(2) * error


# --------------------------------------------------------------------------------- the inflow


def test_an_inflow_that_keeps_the_stock_keeps_it(tmp_path):
    """Where rates and stock fit, the baseline stays as documented: to 1e-9 a year, all steps.

    The stock is that of the small scenario's given arrivals, so it can be kept exactly.
    """
    given = build(write_small(tmp_path / "given"), n_draws=1)
    steady = given.chunk.inflow.start.stock[0].sum(axis=-1)
    steps = [step for step in given.plan.steps if step != "left"]
    children = {step: round(1000 * steady[given.plan.step(step)]) for step in steps}
    keep = write_small(tmp_path / "keep", children=children, arrivals=None)
    built = build(keep, n_draws=1)
    index = [built.plan.step(step) for step in steps]
    misfit = built.chunk.inflow.misfit[0, 0, index]
    np.testing.assert_allclose(misfit, 0, atol=1e-3 * min(children.values()))
    found = expected(keep, n_draws=1).sel(strategy="baseline").stock.isel(draw=0)
    for year in range(3):
        wanted = [children[step] for step in steps]
        np.testing.assert_allclose(found.isel(year=year).sel(step=steps), wanted, rtol=1e-3)


def growing_stock(folder, n_years=6):
    """Write a stock that doubles on some steps by 2020 and then grows by 4 % a year."""
    children = {step: 40 * number for step, number in CHILDREN.items() if step != "reunified"}
    later = {
        step: round(number * (1.5 if number > 100 else 1.3)) for step, number in children.items()
    }
    extra = (
        f"growth = {figure(0.04, 'per year')}\n"
        f'[[stock_later]]\ndate = "2020-12"\n{WHY}\n[stock_later.children]\n{counts(later)}\n'
    )
    path = write_small(
        folder, ENTRIES_DOWN, children=children, arrivals=None, n_years=n_years, extra=extra
    )
    return path, children, later


def test_a_growing_stock_meets_its_targets(tmp_path):
    """Straight to the documented stock, then by the growth rate.

    The inflow is fitted with one birth cohort standing for several; against the exact solution it
    may miss by 0.2 % of a step's stock (measured: up to 0.1 %). Steps that rates and stock leave
    with a misfit miss by that too.
    """
    path, children, later = growing_stock(tmp_path)
    found = expected(path, n_draws=3).sel(strategy="baseline").stock
    misfit = build(path, n_draws=3).chunk.inflow.misfit[:, 1:]
    for step, number in children.items():
        ends = [number + (later[step] - number) * (year + 1) / 3 for year in range(3)]
        ends += [later[step] * 1.04**year for year in range(1, 4)]
        fitted = found.sel(step=step).values - misfit[:, :, list(found.step.values).index(step)]
        np.testing.assert_allclose(fitted, np.tile(ends, (3, 1)), rtol=0.002, err_msg=step)


def test_given_arrivals_fill_an_empty_state(tmp_path):
    """24 a year, left at 0.5 a year: after n months 2 (1 - q^n) / (1 - q), q to stay a month."""
    more = f'[inflow.a]\nages = {{ factors = {{ "0-17" = 1.0, "18-" = 0.0 }}, {WHY} }}\n'
    more += f"children_per_year = {figure(24.0, 'children per year')}\n"
    chain = Chain(
        ("a", "b"), {("a", "b"): "rate = 0.5"}, {"a": 0}, cycle_months=1, n_years=3,
        age_years=None, ages='"0-17", "18-"', more=more,
    )  # fmt: skip
    found = shares(write_chain(tmp_path, chain))
    q = np.exp(-0.5 / 12)
    for year in range(3):
        n = 12 * (year + 1)
        assert found[year, 0] == pytest.approx(2 * (1 - q**n) / (1 - q), rel=1e-10)
