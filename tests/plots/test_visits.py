import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text

from liaison_analysis import load_liangjiang
from liaison_analysis.followup import plan_visits, project_status
from liaison_analysis.plots import plot_late_projects, plot_visit_plan
from liaison_analysis.plots.style import FONTS


@pytest.fixture(scope="module")
def ledger():
    return load_liangjiang()


def words(ax):
    return [text.get_text() for text in ax.findobj(Text)]


def test_both_figures_say_that_they_are_synthetic_in_chinese_letters(ledger):
    plan = plot_visit_plan(plan_visits(ledger, "2023Q1"), ledger=ledger)
    late = plot_late_projects(project_status(ledger), most=4, ledger=ledger)
    for ax in (plan, late):
        assert "合成示例数据 · synthetic sample" in words(ax)
        assert {tuple(text.get_fontfamily()) for text in ax.findobj(Text)} == {tuple(FONTS)}
        assert ax.get_title(loc="left")
    assert any("另有 7 个" in text for text in words(late))


def test_figures_of_nothing(ledger):
    assert len(plot_late_projects(project_status(ledger).iloc[:0]).patches) == 0
    _, ax = plt.subplots()
    assert plot_visit_plan(plan_visits(ledger, "2023Q1").iloc[:0], ax) is ax
