from types import SimpleNamespace

import pandas as pd
import pytest
from helpers.demand_ledger import ledger
from helpers.listed_demands import ledger as listed

from liaison_analysis import Analysis
from liaison_analysis.report.first_screen import _short, first_screen


@pytest.fixture
def home(hostile_data):
    return hostile_data["home"]


def test_five_figures_with_what_changed_since_the_month_before(home):
    figures = {one["key"]: one for one in home["figures"]}
    assert list(figures) == ["fig_raised", "fig_settled", "fig_open_day", "fig_late", "fig_visits"]
    assert (figures["fig_raised"]["value"], figures["fig_raised"]["month"]) == (15, "2022-04")
    assert figures["fig_raised"]["change"] == 15 - 5
    assert (figures["fig_visits"]["value"], figures["fig_visits"]["change"]) == (1, 1)


def test_six_questions_are_answered_in_a_sentence_each(home):
    assert [one["view"] for one in home["answers"]] == [
        "themes", "chain", "introductions", "salons", "policies", "loop",
    ]  # fmt: skip
    for one in home["answers"]:
        assert one["text"]["zh"].endswith("。")
        assert one["text"]["en"].endswith(".")
        assert "\n" not in one["text"]["zh"]


def test_decisions_name_a_department_a_product_and_a_salon(home):
    assert [one["key"] for one in home["decisions"]] == ["decide_late", "decide_gap", "decide_salon"]
    product, asked, helped = home["decisions"][1]["arguments"]
    assert (product, asked >= 1, helped >= 1) == ("伺服电机", True, True)


def test_calls_have_short_names_that_no_other_enterprise_has():
    names = {
        "E1": "重庆远航机床有限公司",
        "E2": "重庆远航机床股份有限公司",
        "E3": "重庆砺石轴承有限公司",
        "E4": "某厂",
    }
    calls = pd.DataFrame({"seeker_id": ["E1", "E3"], "counterpart_id": ["E2", "E4"]})
    analysis = SimpleNamespace(
        introductions=SimpleNamespace(calls=calls), ledger=SimpleNamespace(names=lambda: pd.Series(names))
    )
    assert _short(analysis) == {"E1": "远航机床有限公司", "E2": "远航机床股份有限公司", "E3": "砺石轴承"}


def test_figures_of_single_enterprises_are_left_out_where_groups_are_protected(protected_data):
    home = protected_data["home"]
    assert "fig_late" not in {one["key"] for one in home["figures"]}
    assert "fig_visits" not in {one["key"] for one in home["figures"]}


@pytest.mark.parametrize(("n", "caution_text"), [(1, "只有1条诉求"), (60, "不足100条"), (150, None)])
def test_few_demands_come_with_a_caution(n, caution_text):
    rows = [("E1", i % 30, None, "solving", None) for i in range(n)]
    caution = first_screen(Analysis(ledger(rows)), {})["caution"]
    assert (caution_text is None and caution is None) or caution_text in caution["zh"]


def raised(*days):
    rows = [(day, None, None, None, "collected", True, None) for day in days]
    screen = first_screen(Analysis(listed(*rows)), {"loop": {"text": {"zh": "。", "en": "."}}})
    return {one["key"]: one for one in screen["figures"]}


def test_a_month_that_is_not_over_is_compared_with_as_many_days_of_the_one_before():
    figures = raised("2022-01-05", "2022-01-12", "2022-01-20", "2022-01-31", "2022-02-03", "2022-02-12")
    assert (figures["fig_raised"]["value"], figures["fig_raised"]["change"]) == (2, 2 - 2)
    assert figures["fig_raised"]["part"]
    assert figures["fig_open_day"]["on"] == "2022-02-12"


def test_a_month_that_is_over_is_compared_with_the_whole_one_before():
    figures = raised("2022-01-05", "2022-01-12", "2022-01-31", "2022-02-03", "2022-02-28")
    assert (figures["fig_raised"]["value"], figures["fig_raised"]["change"]) == (2, 2 - 3)
    assert not figures["fig_raised"]["part"]
    assert pd.isna(figures["fig_open"]["change"]) is False


def test_demands_of_unknown_day_count_as_open_but_in_no_month():
    some = raised("2022-01-05", "2022-02-12", None, None)
    assert (some["fig_open_day"]["value"], some["fig_open_day"]["change"]) == (4, None)
    assert some["fig_raised"]["value"] == 1


def test_no_figure_speaks_of_months_where_no_day_is_known():
    rows = [
        (None, None, "2022-02-12", None, "settled", True, None),
        (None, None, None, None, "solving", True, None),
    ]
    screen = first_screen(Analysis(listed(*rows)), {"loop": {"text": {"zh": "。", "en": "."}}})
    assert [one["key"] for one in screen["figures"]] == ["fig_enterprises"]
