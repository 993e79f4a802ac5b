"""`result.stepdown`: its figures are those of the analysis, and what it shows is safe to show."""

import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
import xarray as xr

import stepdown
from stepdown import analysis
from stepdown.errors import InputError
from stepdown.report.comparison import compare_runs
from stepdown.report.notebook import shown_headline


@pytest.fixture(scope="module")
def run() -> xr.Dataset:
    return stepdown.simulate("hoersholm", n_draws=12)


def test_the_summary_is_what_the_analysis_says(run):
    found = run.stepdown.summary()
    net = analysis.net_saving(run)
    xr.testing.assert_equal(found.net_saving_dkk, analysis.mean(net).value)
    xr.testing.assert_equal(found.net_saving_dkk_error, analysis.mean(net).error)
    xr.testing.assert_equal(found.net_saving_dkk_quantiles, analysis.bands(net))
    value = analysis.present_value(run)
    xr.testing.assert_equal(found.present_value_dkk, analysis.mean(value).value)
    reached = analysis.saving_reached(run)
    xr.testing.assert_equal(found.p_reached, reached.value)
    payback = analysis.payback_year(run)
    assert (found.p_paid_back == payback.notnull().mean(["draw", "replicate"])).all()
    children = analysis.children_beside_money(run)
    np.testing.assert_allclose(
        found.placement_months_avoided, children.placement_months_avoided, rtol=1e-12
    )
    assert all(found[name].attrs["units"] for name in found)
    state = run.stepdown.summary("state").net_saving_dkk.sel(strategy="rettidig_indsats", year=2018)
    assert float(state) == pytest.approx(float(analysis.net_saving(run, "state").isel(
        strategy=0, year=0).mean()), rel=1e-12)  # fmt: skip


@pytest.mark.parametrize("name", ["hjoerring", "herning"])
def test_other_kinds_of_scenario(name):
    run = stepdown.simulate(name, n_draws=4)
    assert ("placement_months_avoided" in run.stepdown.summary()) == (name == "herning")
    text = repr(run.stepdown.show())
    assert run.attrs["title_da"] in text
    assert ("Restopgave" in text) == (name == "hjoerring")


def test_a_run_for_expectations_shows_means_alone():
    run = stepdown.simulate("hoersholm", n_draws=8, purpose="expectation")
    assert not {"p_gain", "present_value_dkk_quantiles"} & set(run.stepdown.summary())
    assert "P(g" not in repr(run.stepdown.show("en"))


class Reader(HTMLParser):
    """Reads HTML: what is open, which tags there are, and the text."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.text = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "scope"}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize(
    ("lang", "words"),
    [("da", ("Hørsholm", "Netto", "2018-priser", "mio. kr.")), ("en", ("Net", "2018 prices"))],
)
def test_it_shows_itself_in_both_languages(run, lang, words):
    shown = run.stepdown.show(lang)
    text = " ".join(read(shown._repr_html_()).text)
    for word in words:
        assert word in text
        assert word in repr(shown)
    mean = run.stepdown.summary().net_saving_dkk.sel(strategy="rettidig_indsats", year=2018)
    amount = f"{float(mean) / 1000:,.0f}"
    assert (amount.replace(",", ".") if lang == "da" else amount) in text


def test_labels_are_escaped(run):
    wicked = '<script>alert("1")</script>&'
    labels = np.array([wicked] * run.sizes["strategy"])
    other = run.assign_coords(strategy_da=("strategy", labels)).assign_attrs(title_da=wicked)
    html = shown_headline(other)._repr_html_()
    reader = read(html)
    assert "script" not in reader.tags
    assert wicked in "".join(reader.text)
    comparison = other.stepdown.show_comparison(run.isel(draw=slice(6)))
    assert "script" not in read(comparison._repr_html_()).tags


def test_a_comparison_shows_itself(run, tmp_path):
    (tmp_path / "scenario.toml").write_text(
        'schema_version = 1\nextends = "hoersholm"\n[strategies.rettidig_indsats]\n'
        'label = { da = "<b>Fed</b>", en = "Bold" }\n'
        "[clock]\nn_budget_years = 9\n",
        encoding="utf-8",
    )
    other = stepdown.simulate(tmp_path, n_draws=12)
    assert run.stepdown.compare(other) == compare_runs(run, other)
    reader = read(run.stepdown.show_comparison(other)._repr_html_())
    assert "b" not in reader.tags
    assert "clock.n_budget_years" in reader.text
    assert "What it does to the result: Bold" in repr(run.stepdown.show_comparison(other, "en"))
    assert "ens" in repr(run.stepdown.show_comparison(run))


def test_it_saves_and_knows_its_scenario(run, tmp_path):
    again = stepdown.open_result(run.stepdown.save(tmp_path))
    assert again.stepdown.scenario().scenario == stepdown.load_scenario("hoersholm").scenario
    assert again.stepdown._repr_html_() == run.stepdown._repr_html_()


def test_it_writes_its_report(tmp_path):
    run = stepdown.simulate("hjoerring", n_draws=30)
    (path,) = run.stepdown.report(tmp_path / "own.html", "en")
    assert path == tmp_path / "own.html"
    assert run.attrs["title_en"] in path.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        run.stepdown.report(path / "report.html")


def test_it_is_there_once_results_are_made_or_opened_and_costs_nothing_before():
    code = (
        "import sys, stepdown\n"
        "assert not any(m.split('.')[0] in ('xarray', 'numba', 'rich') for m in sys.modules)\n"
        "stepdown.open_result\n"
        "import xarray as xr\n"
        "assert hasattr(xr.Dataset, 'stepdown')\n"
        "assert 'stepdown.report' not in sys.modules, 'reports are imported when asked for'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
