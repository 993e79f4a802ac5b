"""Figures: what their axes hold, in both languages, and that no label stands on another."""

import json
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.text import Text

import stepdown
from stepdown.analysis import budget_years, luck_share, net_saving, present_value
from stepdown.errors import StepdownError
from stepdown.report import plots
from stepdown.report.plots import style
from stepdown.report.plots.labels import spread_apart
from stepdown.report.probability import in_hundred

LANGUAGES = ("da", "en")
MUNICIPAL = {"payer": "municipality"}


@pytest.fixture(name="result", scope="module")
def hoersholm():
    return stepdown.simulate("hoersholm", n_draws=16, seed=1)


@pytest.fixture(name="lines", scope="module")
def hjoerring():
    return stepdown.simulate("hjoerring", n_draws=16, seed=1)


@pytest.fixture(name="grid", scope="module")
def hoersholm_levels():
    return stepdown.simulate("hoersholm-levels", n_draws=8, seed=1)


@pytest.fixture(name="waterfall", scope="module")
def waterfall_data():
    items = ["gross_saving", "casework", "investment", "grants", "stranded", "refusion"]
    own = [[9e6, 1e6], [-5e5, 0], [-1.2e7, 0], [2e6, -2e6], [0, 0], [-1e6, 1e6]]
    amounts = np.array([*own, np.sum(own, axis=0)])[None]
    dims = ("strategy", "item", "payer")
    return xr.Dataset(
        {"present_value": (dims, amounts), "value": ((*dims, "year"), amounts[..., None] / 10)},
        {
            "strategy": ["help"],
            "item": [*items, "net_saving"],
            "payer": ["municipality", "state"],
            "payer_part_of": ("payer", ["", ""]),
            "year": [2020],
        },
    )


@pytest.fixture(name="tornado", scope="module")
def tornado_data():
    return xr.Dataset(
        {
            "low": ("parameter", [-9e6, 1e6, -1e6]),
            "high": ("parameter", [7e6, -2e6, -0.5e6]),
            "parameter_low": ("parameter", [0.6, 12.0, 1400.0]),
            "parameter_high": ("parameter", [1.4, 30.0, 2200.0]),
            "middle": -0.75e6,
        },
        {"parameter": ["a.long_name", "b", "c"]},
    )


@pytest.fixture(name="choice", scope="module")
def acceptability_data():
    worth = np.linspace(0, 60_000, 13)
    names = ["baseline", *(f"level_{n}" for n in range(8))]
    scores = np.stack([np.exp(-worth / 2e4), *(worth / (2e4 + 1e4 * n) for n in range(8))], axis=1)
    chances = scores / scores.sum(axis=1, keepdims=True)
    frontier = np.array(names)[chances.argmax(axis=1)]
    return xr.Dataset(
        {"probability": (("worth", "strategy"), chances), "frontier": ("worth", frontier)},
        {"worth": worth, "strategy": names},
    )


def drawn(axes, key):
    """Return what was drawn under a name."""
    found = [child for child in axes.findobj() if child.get_gid() == key]
    assert found, key
    return found


def bars(axes, key):
    """Return (middle, foot, top) of upright bars."""
    boxes = [patch.get_bbox() for patch in drawn(axes, key)]
    return np.array([[(b.x0 + b.x1) / 2, b.y0, b.y1] for b in boxes])


def texts(figure):
    """Return every text that is seen, laid out."""
    figure.draw_without_rendering()
    hidden = {
        id(label)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in hidden_labels(axis)
    }
    found = [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and id(text) not in hidden
    ]
    assert found
    return found


def hidden_labels(axis):
    """Return the labels of ticks beyond the limits, and of those left over from before."""
    low, high = sorted(axis.get_view_interval())
    n_ticks = len(axis.get_majorticklocs())
    for place, tick in enumerate(axis.majorTicks):
        yield tick.label2
        if place >= n_ticks or not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
            yield tick.label1


def extents(text):
    """Return the box of a text in pixels, without the line that leads to it."""
    return Text.get_window_extent(text).extents


def figures_of(kind, data, lang):
    """Return the figures of one kind, by what they show."""
    result, lines, grid, waterfall, tornado, choice = data
    one = "rettidig_indsats"
    luck = luck_share(net_saving(result))
    made = {
        "fan": lambda: [plots.plot_fan(result, strategy=one, lang=lang),
                        plots.plot_fan(lines, strategy=str(lines.strategy.values[-1]), lang=lang)],
        "fans": lambda: [plots.fan_figure(r, lang) for r in (result, lines, grid)],
        "year": lambda: [plots.plot_saving_by_year(result, strategy=one, lang=lang),
                         plots.plot_saving_by_year(lines, strategy=str(lines.strategy.values[-1]),
                                                   lang=lang)],
        "luck": lambda: [plots.plot_luck(luck, strategy=one, lang=lang)],
        "levels": lambda: [plots.plot_levels(r, lang=lang) for r in (result, lines, grid)],
        "stock": lambda: [plots.plot_stock(result, strategy=one, lang=lang),
                          plots.stock_figure(result, one, lang)],
        "flows": lambda: [plots.plot_flows(result, strategy=one, lang=lang)],
        "waterfall": lambda: [plots.plot_waterfall(waterfall, price_level=2018, lang=lang),
                              plots.plot_waterfall(waterfall, payer="all", lang=lang)],
        "tornado": lambda: [plots.plot_tornado(tornado, labels={
            "a.long_name": "Hvor meget hele pakken ændrer antallet af nye anbringelser"
        }, lang=lang)],
        "acceptability": lambda: [plots.plot_acceptability(choice, lang=lang),
                                  plots.plot_acceptability(choice.rename(worth="budget"),
                                                           lang=lang)],
    }  # fmt: skip
    return [drawn if isinstance(drawn, Figure) else drawn.figure for drawn in made[kind]()]


KINDS = ("fan", "fans", "year", "luck", "levels", "stock", "flows", "waterfall", "tornado",
         "acceptability")  # fmt: skip


@pytest.fixture(name="data", scope="module")
def all_data(result, lines, grid, waterfall, tornado, choice):
    return result, lines, grid, waterfall, tornado, choice


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_texts_stand_apart_on_the_page_in_the_own_font(data, kind, lang):
    """Boxes around the texts may touch (a point of overlap), not more; none leaves the page."""
    point = 1.0
    for figure in figures_of(kind, data, lang):
        page = figure.bbox.extents
        scale = figure.dpi / 72 * point
        found = [(text, extents(text)) for text in texts(figure)]
        for text, box in found:
            assert box[0] >= page[0] - scale, text
            assert box[1] >= page[1] - scale, text
            assert box[2] <= page[2] + scale, text
            assert box[3] <= page[3] + scale, text
            file = Path(findfont(text.get_fontproperties(), fallback_to_default=False))
            assert Path(matplotlib.get_data_path()) in file.parents, text
        for (one, a), (other, b) in combinations(found, 2):
            across = min(a[2], b[2]) - max(a[0], b[0])
            up = min(a[3], b[3]) - max(a[1], b[1])
            assert min(across, up) <= scale, (one.get_text(), other.get_text())


def test_overlapping_texts_would_be_found(result):
    axes = plots.plot_fan(result, strategy="caseload_25")
    axes.annotate("her", (1, 0.5), xycoords="axes fraction")
    axes.annotate("og her", (1, 0.5), xycoords="axes fraction")
    boxes = [extents(t) for t in texts(axes.figure) if "her" in t.get_text()]
    assert min(boxes[0][2], boxes[1][2]) - max(boxes[0][0], boxes[1][0]) > 5


def test_the_fan_is_the_quantiles_of_the_cumulative_saving(result):
    axes = plots.plot_fan(result, strategy="caseload_25")
    net = budget_years(result).net_saving_dkk.sel(strategy="caseload_25", **MUNICIPAL)
    runs = np.cumsum(net.transpose("draw", "replicate", "year").values, axis=2)
    runs = runs.reshape(-1, runs.shape[2]) / 1e6
    (line,) = drawn(axes, "median")
    np.testing.assert_allclose(line.get_ydata(), [0, *np.median(runs, axis=0)])
    np.testing.assert_array_equal(line.get_xdata(), [2018, *range(2019, 2029)])
    outer, inner = (band.get_paths()[0].vertices for band in axes.collections[:2])
    for band, low, high in ((outer, 0.1, 0.9), (inner, 0.25, 0.75)):
        last = band[band[:, 0] == 2028, 1]
        expected = np.quantile(runs[:, -1], [low, high])
        np.testing.assert_allclose([last.min(), last.max()], expected)
    assert not [child for child in axes.findobj() if child.get_gid() == "published"]


def test_the_published_line_is_saving_less_investment_as_far_as_it_goes(result, lines):
    one = plots.fan_values(result, "rettidig_indsats")
    years = budget_years(result).sel(strategy="rettidig_indsats", line="gross_saving")
    own = (years.investment_dkk - years.grant_dkk).sel(**MUNICIPAL).mean("draw")
    saving = years.published_dkk.values
    known = ~np.isnan(saving)
    last = np.flatnonzero(known)[-1] + 1
    expected = np.cumsum(np.nan_to_num(saving) - own.values)[:last]
    np.testing.assert_allclose(one.published.values[:last], expected)
    assert np.isnan(one.published.values[last:]).all()
    axes = plots.plot_fan(result, strategy="rettidig_indsats")
    (line,) = drawn(axes, "published")
    np.testing.assert_allclose(line.get_ydata(), [0, *expected / 1e6])
    assert one.published_with_residual.isnull().all()
    whole = plots.fan_values(lines, str(lines.strategy.values[-1]))
    assert float(whole.published_with_residual[-1]) > float(whole.published[-1])


def test_the_published_line_is_the_municipality_s(result):
    values = plots.fan_values(result, "rettidig_indsats", "all")
    assert values.published.isnull().all()


def test_years_by_themselves(result):
    axes = plots.plot_saving_by_year(result, strategy="caseload_25", lang="en")
    net = net_saving(result).sel(strategy="caseload_25").transpose("year", "draw", "replicate")
    runs = net.values.reshape(net.sizes["year"], -1)
    low, high = np.quantile(runs, [0.1, 0.9], axis=1) / 1e6
    np.testing.assert_allclose(bars(axes, "fan_80")[:, 1:], np.stack([low, high], axis=1))
    names = [label.get_text().split("\n") for label in axes.get_xticklabels()]
    assert [year for year, _ in names] == [str(year) for year in range(2018, 2028)]
    assert [chance for _, chance in names] == [
        f"{in_hundred(p).n}%" for p in (runs > 0).mean(axis=1)
    ]


def test_luck_and_knowledge_fill_the_bar(result):
    found = luck_share(net_saving(result)).sel(strategy="caseload_25")
    axes = plots.plot_luck(luck_share(net_saving(result)), strategy="caseload_25", lang="en")
    share = found.share.values.clip(0, 1)
    np.testing.assert_allclose(bars(axes, "luck")[:, 2], share)
    np.testing.assert_allclose(bars(axes, "knowledge")[:, 1], share)
    np.testing.assert_allclose(bars(axes, "knowledge")[:, 2], 1.0)
    spread = np.sqrt(found.luck + found.knowledge).values / 1e6
    assert [t.get_text() for t in drawn(axes, "spread")] == [f"{s:.1f}" for s in spread]


def test_levels_stand_in_order_and_the_best_is_ringed(grid):
    axes = plots.plot_levels(grid, lang="en")
    names = [label.get_text() for label in axes.get_xticklabels()]
    assert [name.split()[0] for name in names] == ["33", "31", "29", "27", "25"]
    without, with_help = drawn(axes, "mean")
    value = present_value(grid).mean(["draw", "replicate"]) / 1e6
    helped = [float(value.sel(strategy=f"caseload-c{n}__early_help-yes"))
              for n in (33, 31, 29, 27, 25)]  # fmt: skip
    alone = [float(value.sel(strategy=f"caseload-c{n}__early_help-no")) for n in (31, 29, 27, 25)]
    np.testing.assert_allclose(with_help.get_ydata(), helped)
    np.testing.assert_allclose(without.get_ydata(), [0.0, *alone])
    (ring,) = drawn(axes, "best")
    np.testing.assert_allclose(ring.get_ydata()[0], max(0.0, *helped, *alone))


def test_shares_of_best_are_counted_run_by_run(grid):
    values = plots.level_values(grid)
    own = present_value(grid).transpose("strategy", "draw", "replicate").values
    own = np.concatenate([np.zeros_like(own[:1]), own]).reshape(own.shape[0] + 1, -1)
    counts = np.bincount(own.argmax(axis=0), minlength=own.shape[0])  # no two strategies tie
    np.testing.assert_allclose(values.p_best, counts / own.shape[1])


def test_the_stock_is_the_mean_of_the_futures(result):
    axes = plots.plot_stock(result, strategy="caseload_25", step="foster_care")
    stock = budget_years(result).stock.sel(step="foster_care").mean(["draw", "replicate"])
    (without,), (own,) = drawn(axes, "without"), drawn(axes, "with")
    np.testing.assert_allclose(without.get_ydata(), stock.sel(strategy="baseline"))
    np.testing.assert_allclose(own.get_ydata(), stock.sel(strategy="caseload_25"))
    placed = budget_years(result).stock.where(result.step_kind == "placement", 0).sum("step")
    axes = plots.plot_stock(result, strategy="caseload_25")
    (own,) = drawn(axes, "with")
    expected = placed.sel(strategy="caseload_25").mean(["draw", "replicate"])
    np.testing.assert_allclose(own.get_ydata(), expected)


def test_flows_are_all_moves_between_steps(result):
    flows = plots.flow_values(result, "caseload_25")
    moves = budget_years(result).moves.mean(["draw", "replicate", "year"])
    between = ~moves.move.str.startswith("birthday")
    for name, strategy in (("without", "baseline"), ("with_strategy", "caseload_25")):
        expected = float(moves.sel(strategy=strategy)[between].sum())
        np.testing.assert_allclose(float(flows[name].sum()), expected)
    one = flows.isel(flow=(flows.from_step == "foster_care") & (flows.to_step == "institution"))
    named = moves.sel(strategy="baseline", move="foster_breaks_to_institution")
    np.testing.assert_allclose(one.without, [float(named)])
    np.testing.assert_allclose(flows.change, flows.with_strategy - flows.without, atol=1e-12)
    text = json.loads(result.attrs["scenario_text"])
    assert text  # the ends of the moves come from the run's own scenario


def test_arcs_lead_up_at_the_right_and_down_at_the_left(result):
    axes = plots.plot_flows(result, strategy="caseload_25", lang="en")
    steps = [text.get_text().replace("\n", " ") for text in drawn(axes, "step")]
    assert steps.index("Case closed") < steps.index("Support at home") < steps.index("Foster care")
    values = plots.flow_values(result, "caseload_25")
    seen = (values.without + values.with_strategy > 0) & (values.from_step != values.to_step)
    assert len(drawn(axes, "flow")) == int(seen.sum())
    for patch in drawn(axes, "flow"):
        start, *_, end = patch._path_original.vertices
        assert (start[0] > 0) == (end[1] > start[1])


def test_a_waterfall_ends_where_the_items_add_up(waterfall):
    axes = plots.plot_waterfall(waterfall, lang="en")
    boxes = [patch.get_bbox() for patch in axes.patches]
    ends = np.array([[box.x0, box.x1] for box in boxes])
    expected = [[0, 9], [9, 8.5], [8.5, -3.5], [-3.5, -1.5], [-1.5, -2.5], [0, -2.5]]
    np.testing.assert_allclose(ends, expected)
    names = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert names[0] == "Saving on measures"
    assert "Emptied places under notice" not in names
    own = plots.waterfall_values(waterfall, "help", "state", 2020)
    np.testing.assert_allclose(own, [1e5, -2e5, 1e5, 0.0])


def test_a_tornado_reaches_both_ends(tornado):
    axes = plots.plot_tornado(tornado, lang="en", most=2)
    for key in ("low", "high"):
        reached = [patch.get_x() + patch.get_width() for patch in drawn(axes, key)]
        np.testing.assert_allclose(reached, tornado[key].values[:2] / 1e6)
        assert {patch.get_x() for patch in drawn(axes, key)} == {-0.75}
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "a long name\n0.60 to 1.40",
        "b\n12.0 to 30.0",
    ]


def test_acceptability_draws_the_frontier_and_the_likeliest(choice):
    axes = plots.plot_acceptability(choice, labels={"level_0": "Level nought"}, lang="en")
    lines = {line.get_gid(): line for line in axes.lines}
    shown = [name for name in lines if not name.startswith("frontier")]
    assert shown == ["baseline", *(f"level_{n}" for n in range(5))]
    np.testing.assert_allclose(
        lines["level_0"].get_ydata(), choice.probability.sel(strategy="level_0")
    )
    np.testing.assert_allclose(lines["level_0"].get_xdata(), choice.worth / 1e3)
    front = lines["frontier-baseline"].get_ydata()
    np.testing.assert_array_equal(~np.isnan(front), choice.frontier == "baseline")
    assert "Level nought" in [text.get_text() for text in texts(axes.figure)]


def test_words_and_numbers_are_those_of_the_language(result):
    danish = plots.plot_fan(result, strategy="caseload_25", lang="da")
    english = plots.plot_fan(result, strategy="caseload_25", lang="en")
    assert danish.get_ylabel() == ("Nettobesparelse i alt ved årets udgang, mio. kr. (2018-priser)")
    assert (
        english.get_ylabel()
        == "Net saving in all by the end of the year, DKK million (2018 prices)"
    )
    shown = {text.get_text() for text in texts(danish.figure)}
    assert {"midterste 8 af 10", "midterste 5 af 10", "25 sager pr. rådgiver"} <= shown
    danish.set_ylim(-1, 1)
    danish.figure.draw_without_rendering()
    assert "0,5" in [label.get_text() for label in danish.get_yticklabels()]


def test_thousands_where_amounts_are_small(result):
    small = result.assign(net_saving_dkk=result.net_saving_dkk / 1e4)
    axes = plots.plot_fan(small, strategy="caseload_25", lang="da")
    assert "1.000 kr. (2018-priser)" in axes.get_ylabel()


def test_figures_are_drawn_on_axes_that_are_given(result):
    axes = Figure(figsize=(6, 4), layout="constrained").subplots()
    assert plots.plot_fan(result, strategy="caseload_25", ax=axes) is axes
    assert plots.plot_stock(result, strategy="caseload_25", ax=axes) is axes


def test_a_strategy_is_named_where_there_are_several(result):
    with pytest.raises(KeyError, match="give one of rettidig_indsats, caseload_31, caseload_25"):
        plots.plot_fan(result)
    with pytest.raises(KeyError, match="caseload_26"):
        plots.plot_stock(result, strategy="caseload_26")


def test_a_spread_is_refused_of_expectations(result):
    means = result.assign_coords(purpose="expectation")
    with pytest.raises(StepdownError, match="expectation"):
        plots.plot_fan(means, strategy="caseload_25")


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_colours_stand_out_and_bands_differ_in_grey():
    text = (*style.COLOURS, style.INK, style.MUTED, style.MEDIAN, style.PUBLISHED, style.RESIDUAL)
    for colour in text:
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour
    bands = [luminance(c) for c in ("#ffffff", style.BAND_80, style.BAND_50, style.MEDIAN)]
    for pale, dark in pairwise(bands):
        assert (pale + 0.05) / (dark + 0.05) >= 1.3
    assert len({str(dashes) for dashes in style.DASHES}) == len(style.COLOURS)
    assert len(set(style.MARKS)) == len(style.COLOURS)


@pytest.mark.parametrize("seed", range(20))
def test_labels_are_moved_as_little_as_it_takes(seed):
    generator = np.random.default_rng(seed)
    wanted = np.sort(generator.uniform(0, 100, 5))
    heights = generator.uniform(5, 15, 5)
    placed = spread_apart(wanted, heights, 0, 100)
    gaps = np.diff(placed) - (heights[:-1] + heights[1:]) / 2
    assert (gaps >= -1e-9).all()
    assert placed[0] >= heights[0] / 2 - 1e-9
    assert placed[-1] <= 100 - heights[-1] / 2 + 1e-9
    far = np.array([10.0, 30.0, 50.0, 70.0, 90.0])
    np.testing.assert_allclose(spread_apart(far, heights, 0, 100), far)
