import inspect
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import pytest
import zhplot
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.text import Text

from liaison_analysis import load_liangjiang, plots, rank_introductions

NOTE = "合成示例数据 · synthetic sample"
HERE = ("style", "introductions", "themes")
PUBLIC = {
    name: getattr(plots, name)
    for name in plots.__all__
    if name.startswith("plot_") and getattr(plots, name).__module__.rpartition(".")[2] in HERE
}


@pytest.fixture(scope="module")
def ledger():
    return load_liangjiang()


@pytest.fixture(scope="module")
def introductions(ledger):
    return rank_introductions(ledger, ["E001"])


@pytest.fixture(scope="module")
def figures(ledger, introductions):
    """Every public figure, drawn into axes of its own on the sample ledger."""
    monthly = pd.DataFrame(
        {
            "month": ["2022-01", "2022-02"] * 2,
            "theme": [0, 0, 1, 1],
            "name": ["停车"] * 2 + ["融资"] * 2,
            "n": [3, 1, 0, 9],
        }
    )
    meetings = pd.DataFrame(
        {"slot": [0, 0, 1], "table": [0, 1, 0], "a": ["E001", "E243", "E001"], "b": ["E241", "E014", "E242"],
         "score": [0.9, 0.3, 0.6]}
    )  # fmt: skip
    bars = pd.DataFrame({"label": [f"产品{i}" for i in range(9)], "n": range(9, 0, -1)})
    return {
        "plot_bars": plots.plot_bars(bars, "label", "n", title="产品", most=5, ledger=ledger),
        "plot_theme_map": plots.plot_theme_map(
            pd.DataFrame({"name": ["停车"], "size": 3, "x": 0.0, "y": 0.0, "label_x": 0.0, "label_y": 0.0}),
            ledger=ledger,
        ),
        "plot_theme_months": plots.plot_theme_months(monthly, ledger=ledger),
        "plot_introductions": plots.plot_introductions(introductions, ledger, "E001"),
        "plot_timetable": plots.plot_timetable(meetings, ledger),
    }


def texts(ax):
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


def test_every_public_figure_is_tried_here(figures):
    assert set(figures) == set(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_signature(name):
    parameters = inspect.signature(PUBLIC[name]).parameters
    assert parameters["ax"].default is None
    assert not [p for p in parameters.values() if p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD}]


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_chinese_is_drawn_with_the_packaged_font_and_the_figure_says_it_is_synthetic(figures, name):
    ax = figures[name]
    ax.figure.canvas.draw()  # a missing glyph warns, and warnings are errors
    assert NOTE in texts(ax)
    home = Path(zhplot.__file__).parent
    for text in ax.findobj(Text):
        assert home in Path(findfont(FontProperties(family=text.get_fontfamily()))).parents


def test_own_axes_are_used_and_settings_are_left_alone(ledger):
    before = dict(mpl.rcParams)
    _, ax = plt.subplots()
    assert plots.plot_demands_by_month(ledger, ax) is ax
    assert dict(mpl.rcParams) == before
    assert ax.get_title(loc="left") + ax.get_title() == "每月诉求 Demands by month"
    ax.figure.canvas.draw()


def test_real_rows_carry_no_note(ledger):
    real = ledger.enterprises.assign(is_synthetic=False)
    ax = plots.plot_demands_by_month(replace(ledger, enterprises=real))
    assert NOTE not in texts(ax)


def test_months_are_counted(ledger):
    counts = plots.demands_by_month(ledger)
    assert counts["month"].tolist() == [f"2022-{m:02d}" for m in range(1, 13)]
    march = ledger.demands["raised_on"].dt.month.eq(3).sum()
    assert counts.loc[2, "raised"] == march
    heights = [bar.get_height() for bar in plots.plot_demands_by_month(ledger).patches]
    assert heights == [*counts["raised"], *counts["settled"]]


def test_bars_keep_the_order_and_a_note_counts_those_left_out(figures):
    ax = figures["plot_bars"]
    assert [bar.get_width() for bar in ax.patches] == [9, 8, 7, 6, 5]
    assert ax.yaxis_inverted()
    assert ax.get_xlabel() == "另有 4 项 · 4 more"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("重庆市甲乙有限责任公司", "甲乙"),
        ("佛山市甲乙有限责任公司", "甲乙"),
        ("有限公司", "有限公司"),
        ("甲（重庆）丙丁股份有限公司", "甲丙丁"),
        ("成都科技有限公司", "成都科技有限公司"),
        ("江苏甲科技有限公司", "江苏甲"),
        ("西安银行股份有限公司", "西安银行"),
    ],
)
def test_short_names(name, short):
    assert plots.short_name(name) == short
