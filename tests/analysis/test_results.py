import pandas as pd
import pytest

from liaison_analysis.analysis.results import Result, Text


def test_a_text_is_asked_for_by_language():
    text = Text("One gap.", "一处断链。")
    assert (text["en"], text["zh"]) == ("One gap.", "一处断链。")
    with pytest.raises(KeyError, match="expected language 'en' or 'zh', got 'fr'"):
        text["fr"]


def test_a_notebook_shows_both_languages():
    assert Text("One gap.", "一处断链。")._repr_markdown_() == "One gap.\n\n一处断链。"


def test_a_result_draws_on_the_axes_it_is_given():
    seen = []
    result = Result(table=pd.DataFrame({"n": [1]}), text=Text("", ""), draw=lambda ax: seen.append(ax) or ax)
    assert result.plot("axes") == "axes"
    assert seen == ["axes"]


@pytest.mark.parametrize("options", [{"draw": None}, {"draw": lambda ax: ax, "table": pd.DataFrame()}])
def test_a_figure_without_data_says_so(options):
    result = Result(**{"table": pd.DataFrame({"n": [1]}), "text": Text("", "")} | options)
    with pytest.raises(ValueError, match="nothing to draw"):
        result.plot()


def test_the_repr_of_a_result_lists_its_columns_and_no_cells():
    result = Result(table=pd.DataFrame({"n": [1], "name": ["甲"]}), text=Text("", ""))
    assert repr(result) == "Result(1 rows: n, name)"
