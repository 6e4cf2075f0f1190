import inspect

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest
from matplotlib.text import Text

from liaison_analysis import load_liangjiang
from liaison_analysis.followup.conformance import loop_conformance
from liaison_analysis.followup.duration import settling_curves
from liaison_analysis.followup.progress import backlog, settlement
from liaison_analysis.plots import followup as followup_plots
from liaison_analysis.plots.style import FONTS

PUBLIC = {
    name: draw for name, draw in vars(followup_plots).items() if name.startswith("plot_") and callable(draw)
}


@pytest.fixture(scope="module")
def drawn():
    """Every public figure, drawn on the sample ledger."""
    ledger = load_liangjiang()
    rates = settlement(ledger, by="owner").query("scope == 'all' and measure == 'settled_in_remit'")
    return {
        "plot_demands_by_month": followup_plots.plot_demands_by_month(ledger),
        "plot_rates": followup_plots.plot_rates(rates, "owner", title="部门", most=5, ledger=ledger),
        "plot_backlog": followup_plots.plot_backlog(backlog(ledger), ledger=ledger),
        "plot_settling": followup_plots.plot_settling(settling_curves(ledger, "town"), "town", ledger=ledger),
        "plot_loop": followup_plots.plot_loop(loop_conformance(ledger), ledger=ledger),
    }


def words(ax):
    return [text.get_text() for text in ax.findobj(Text)]


def test_every_figure_says_that_it_is_synthetic_in_chinese_letters(drawn):
    assert drawn.keys() == PUBLIC.keys()
    for ax in drawn.values():
        assert "合成示例数据 · synthetic sample" in words(ax)
        assert {tuple(text.get_fontfamily()) for text in ax.findobj(Text)} == {tuple(FONTS)}


def test_figures_take_ax_and_name_their_options(drawn):
    for name, draw in PUBLIC.items():
        parameters = inspect.signature(draw).parameters.values()
        assert "ax" in [parameter.name for parameter in parameters], name
        assert not {parameter.kind for parameter in parameters} & {inspect.Parameter.VAR_POSITIONAL}
        assert drawn[name].get_title(loc="left")


def test_rates_of_few_are_hollow_and_a_note_counts_those_left_out(drawn):
    faces = [line.get_markerfacecolor() for line in drawn["plot_rates"].lines if line.get_marker() == "o"]
    assert faces.count("white") == 2
    assert any("另有 4 项未画" in text for text in words(drawn["plot_rates"]))


def test_curves_start_with_all_open(drawn):
    lines = [line for line in drawn["plot_settling"].lines if len(line.get_xdata()) > 5]
    assert len(lines) == 3
    assert all((line.get_xdata()[0], line.get_ydata()[0]) == (0, 1) for line in lines)


def test_figures_of_nothing_and_of_too_many_groups():
    ledger = load_liangjiang()
    nothing = pd.DataFrame(columns=["who", "numerator", "denominator", "rate", "low", "high", "few"])
    assert len(followup_plots.plot_rates(nothing.astype({"denominator": int, "few": bool}), "who").lines) == 0
    with pytest.raises(ValueError, match="expected 6 groups at most, got 12"):
        followup_plots.plot_settling(settling_curves(ledger, "month"), "month")
