"""How the ledger was read, and what was taken in part only."""

from dataclasses import replace

import pandas as pd
import pytest
from helpers.small_ledger import ledger

from liaison_analysis import Analysis
from liaison_analysis.report import method_data
from liaison_analysis.report.page_data import page_data
from liaison_analysis.report.tables import word


def test_what_reading_said_stands_in_both_languages_and_once():
    notes = ("没有“供货关系”表（supplies）：…", "工作表'附件'不含单元格（程序中见 .review）", "自己的说明")
    review = pd.DataFrame(
        [{"sheet": "诉求", "row": 3, "written": "甲", "status": "unread", "why": "没有名称相近的企业"}]
    )
    said = {
        notes[0]: {"zh": notes[0], "en": "no supplies (供货关系): known trade links are not left out"},
        notes[1]: {"zh": notes[1], "en": "sheet '附件' holds no cells; see .review"},
        "没有名称相近的企业": {"zh": "没有名称相近的企业", "en": "no enterprise has a name like this"},
    }
    data = page_data(Analysis(replace(ledger(), notes=notes, review=review)), messages=said)
    assert data["meta"]["notes"] == [
        {"zh": "工作表'附件'不含单元格", "en": "sheet '附件' holds no cells"}, "自己的说明",
    ]  # fmt: skip
    table = data["views"]["method"]["tables"]["review"]
    assert (
        table["rows"][0][table["columns"].index("review_why")]["en"] == "no enterprise has a name like this"
    )


def test_what_a_large_ledger_limits_is_said_in_both_languages(analysis, data, monkeypatch):
    assert data["views"]["method"]["limits"] == []
    assert "limits_unknown" not in data["views"]["method"]
    monkeypatch.setattr(method_data, "MANY", 2)
    monkeypatch.setattr(method_data, "RAISERS", 1)
    raisers = len(analysis.overview.raisers)
    assert raisers > 1
    monkeypatch.setitem(analysis.themes.weak.attrs, "left_out", 7)
    monkeypatch.setitem(analysis.themes.weak.attrs, "compared", 10)
    n = len(analysis.ledger.enterprises)
    limits = method_data.method_part(analysis, {}, data["views"])["limits"]
    assert limits == [["limit_weak", 10, 17], ["limit_raisers", 1, raisers], ["limit_introductions", 2, n]]
    for key, taken, every in limits:
        for language in ("zh", "en"):
            said = word(key, language).format(taken, every)
            assert str(taken) in said
            assert str(every) in said


def test_of_a_part_that_is_missing_or_failed_the_page_says_that_its_limits_are_unknown(
    analysis, data, monkeypatch
):
    monkeypatch.setattr(method_data, "MANY", 2)
    built = dict(data["views"])
    built["introductions"] = {"missing": ["offers"], "tables": {}}
    built["today"] = {"failed": "ZeroDivisionError: division by zero", "tables": {}}
    part = method_data.method_part(analysis, {}, built)
    assert part["limits"] == []
    assert part["limits_unknown"] == {
        "today": {"failed": "ZeroDivisionError: division by zero"},
        "introductions": {"missing": ["offers"]},
    }


def test_an_error_that_no_part_has_noted_is_not_swallowed(analysis, data, monkeypatch):
    monkeypatch.setattr(method_data, "hard_to_replace", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        method_data.method_part(analysis, {}, data["views"])
