"""Views drawn: what stands where, in Chinese, without overlaps."""

import matplotlib as mpl

mpl.use("Agg")

import inspect
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import zhplot
from helpers.small_ledger import ledger
from helpers.tiered_chain import tiers
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text

from liaison_analysis import load_liangjiang
from liaison_analysis.plots.chain import _lines, plot_chain
from liaison_analysis.supply_chain.views import (
    enterprise_view,
    product_view,
    route_view,
    supply_view,
    town_view,
)


@pytest.fixture(scope="module")
def figures():
    led = load_liangjiang()
    return {
        "enterprise": plot_chain(enterprise_view(led, "E001")),
        "product": plot_chain(product_view(led, "新能源乘用车", upstream=3, downstream=0)),
        "town": plot_chain(town_view(led, "水土")),
        "supply": plot_chain(supply_view(led, "龙兴")),
        "route": plot_chain(route_view(led, "湿电子化学品", "人形机器人")),
    }


def texts(ax):
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


def test_signature():
    parameters = inspect.signature(plot_chain).parameters
    assert parameters["ax"].default is None
    assert not [p for p in parameters.values() if p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD}]
    _, ax = plt.subplots()
    assert plot_chain(enterprise_view(ledger(), "R"), ax) is ax


@pytest.mark.parametrize("name", ["enterprise", "product", "town", "supply", "route"])
def test_labels_are_chinese_and_do_not_overlap(figures, name):
    ax = figures[name]
    ax.figure.canvas.draw()  # a missing glyph warns, and warnings are errors
    assert "合成示例数据 · synthetic sample" in texts(ax)
    home = Path(zhplot.__file__).resolve().parent
    for text in ax.findobj(Text):
        assert home in Path(findfont(FontProperties(family=text.get_fontfamily()))).resolve().parents
    boxes = [(t.get_text(), t.get_window_extent()) for t in ax.texts if t.get_text()]
    clashes = [(a, b) for i, (a, one) in enumerate(boxes) for b, other in boxes[:i] if one.overlaps(other)]
    assert clashes == []


def test_the_way_to_what_is_sought_is_shown(figures):
    ax = figures["enterprise"]
    assert {"华数机器人", "工业机器人", "焊装生产线", "新能源乘用车"} <= set(texts(ax))
    orange = [p for p in ax.patches if p.get_facecolor() == mpl.colors.to_rgba("#e08a2e")]
    assert len(orange) == 2  # the two kinds of cars that its demand asks for
    assert any("橙：诉求所找" in text for text in texts(ax))


def test_a_note_counts_nodes_left_out(figures):
    view = product_view(load_liangjiang(), "新能源乘用车", upstream=3, downstream=0)
    notes = [text for text in texts(figures["product"]) if text.startswith("另有") and "more" in text]
    assert notes == [f"另有 {n} 个 · {n} more" for n in view.graph["more"].values()]


def test_missing_products_are_dashed_and_links_run_to_the_right():
    ax = plot_chain(enterprise_view(ledger(), "R"))
    dashed = [p for p in ax.patches if p.get_linestyle() == "--"]
    assert len(dashed) == 1  # 力矩传感器, which nobody makes
    arrows = [a for a in ax.texts if getattr(a, "arrow_patch", None) is not None]
    assert len(arrows) == 6
    assert all(a.xy[0] > a.xyann[0] for a in arrows)


def test_links_within_a_column_or_back_are_counted_not_drawn():
    view = product_view(load_liangjiang(), "新能源乘用车", upstream=3, downstream=0)
    layer = dict(view.nodes(data="layer"))
    row = dict(view.nodes(data="row"))
    undrawn = [
        (u, v)
        for u, v in view.edges()
        if layer[v] < layer[u] or (layer[v] == layer[u] and abs(row[u] - row[v]) != 1)
    ]
    notes = [text for text in texts(plot_chain(view)) if "未画" in text]
    assert undrawn
    assert f"另有 {len(undrawn)} 条同列或回环关系未画" in notes[0]


def test_products_keep_their_names_and_enterprises_are_shortened():
    names = [("a", "生物技术"), ("b", "重庆火锅底料")]
    led = tiers(names, [("重庆火锅底料", "生物技术", "part")])
    assert {"生物技术", "重庆火锅底料"} <= set(texts(plot_chain(town_view(led))))
    assert "华数机器人" in texts(plot_chain(enterprise_view(load_liangjiang(), "E001")))


def test_a_view_of_nothing_says_so_and_its_title_has_room():
    ax = plot_chain(town_view(tiers([("a", "车")], [("铁", "路", "part")])))
    assert "没有可画的内容 · nothing to show" in texts(ax)
    ax.figure.canvas.draw()
    assert ax.figure.bbox.contains(*ax._left_title.get_window_extent().max)


def test_titles_do_not_run_into_what_says_that_rows_are_synthetic():
    ax = plot_chain(route_view(load_liangjiang(), "E001", "E241", without=["E199"]))
    ax.figure.canvas.draw()
    note = next(t for t in ax.texts if t.get_text().startswith("合成示例数据"))
    assert not note.get_window_extent().overlaps(ax._left_title.get_window_extent())


def test_links_that_skip_a_column_go_around_the_boxes_of_their_row():
    chain = [("铜", "线", "part"), ("线", "机", "part"), ("铜", "机", "part")]
    ax = plot_chain(town_view(tiers([("a", "铜"), ("b", "线"), ("c", "机")], chain)))
    bends = [
        arrow.arrow_patch.get_connectionstyle().rad
        for arrow in ax.texts
        if getattr(arrow, "arrow_patch", None) is not None
    ]
    assert sum(rad < 0 for rad in bends) == 1


def test_the_line_below_is_broken_where_the_figure_is_narrow():
    assert _lines(["甲乙丙", "ab", "丁戊己"], 6) == "甲乙丙　ab\n丁戊己"
    assert _lines(["甲乙丙丁", "戊"], 2) == "甲乙丙丁\n戊"
    assert _lines([], 5) == ""
