"""The two probabilities apart: a saving reached, and a budget kept where the file has a frame."""

import numpy as np
import pytest

import stepdown
from stepdown.analysis import budget_kept, saving_reached
from stepdown.errors import InputError
from stepdown.scenario.shipped import shipped_folder

FRAME = """
[base_budget]
by_year = { "2018" = 48_000_000 }
after = "repeat"
unit = "DKK per year"
price_year = 2018
assumption = "a frame made up for this test"
"""


def hoersholm(folder, edit=lambda text: text, more=""):
    """Write Hørsholm's file with an edit and more tables."""
    text = (shipped_folder() / "hoersholm" / "scenario.toml").read_text(encoding="utf-8")
    path = folder / "scenario.toml"
    path.write_text(edit(text) + more, encoding="utf-8")
    return path


def test_a_budget_is_kept_when_own_spending_stays_within_the_frame(tmp_path):
    result = stepdown.simulate(hoersholm(tmp_path, more=FRAME), n_draws=60, seed=3)
    kept = budget_kept(result)
    own = result.sel(strategy="rettidig_indsats", year=2021)
    spent = own.cost_dkk.sel(payer="municipality") + own.casework_dkk + 2_055_000
    frame = 48_000_000 + 2_055_000 - 3_000_000
    assert kept.frame.sel(strategy="rettidig_indsats", year=2021) == frame
    expected = float((spent <= frame).mean())
    assert 0 < expected < 1
    assert float(kept.value.sel(strategy="rettidig_indsats", year=2021)) == expected


def test_without_a_frame_or_a_published_change_no_probability_is_given(tmp_path):
    assert budget_kept(stepdown.simulate("hoersholm", n_draws=5)) is None
    result = stepdown.simulate(hoersholm(tmp_path, more=FRAME), n_draws=5)
    assert np.isnan(budget_kept(result).value.sel(strategy="caseload_31")).all()
    assert np.isnan(budget_kept(result).value.sel(strategy="rettidig_indsats", year=2022))


def test_a_residual_gets_no_probability(tmp_path):
    path = hoersholm(tmp_path, lambda text: text.replace('kind = "estimate"', 'kind = "residual"'))
    reached = saving_reached(stepdown.simulate(path, n_draws=5))
    assert reached.published.sel(strategy="rettidig_indsats", year=2021) == 3_000_000
    assert reached.value.isnull().all()


def test_a_line_in_the_scope_net_is_compared_with_its_payers_net_saving(tmp_path):
    path = hoersholm(tmp_path, lambda text: text.replace('scope = "measures"', 'scope = "net"'))
    result = stepdown.simulate(path, n_draws=60, seed=3)
    own = result.sel(strategy="rettidig_indsats", year=2019)
    expected = float((own.net_saving_dkk.sel(payer="municipality") >= 250_000).mean())
    reached = saving_reached(result).value.sel(strategy="rettidig_indsats", year=2019)
    assert 0 < expected < 1
    assert float(reached.squeeze()) == expected


def test_a_line_in_another_price_level_is_refused(tmp_path):
    path = hoersholm(
        tmp_path, lambda text: text.replace("price_level = 2018", "price_level = 2020")
    )
    with pytest.raises(InputError, match="compared in its own price level"):
        stepdown.load_scenario(path)


def test_a_stock_that_does_not_stand_where_the_model_starts_is_refused(tmp_path):
    path = hoersholm(tmp_path, lambda text: text.replace('date = "2017-12"', 'date = "2016-12"'))
    with pytest.raises(InputError, match=r'stock\.date.*write date = "2017-12"'):
        stepdown.load_scenario(path)


def test_a_municipality_cites_its_own_evidence_beside_its_scenario(tmp_path):
    cited = (shipped_folder() / "evidence" / "hoersholm-budget-2017.toml").read_text("utf-8")
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "own-2017.toml").write_text(cited, encoding="utf-8")
    path = hoersholm(tmp_path, lambda text: text.replace("hoersholm-budget-2017/", "own-2017/"))
    loaded = stepdown.load_scenario(path)
    assert loaded.scenario.stock.sources[0].startswith("own-2017/")
    assert loaded.evidence.source("own-2017/cases").municipality == "Hørsholm Kommune"
