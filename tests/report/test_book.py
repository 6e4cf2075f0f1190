import zipfile

import pandas as pd
import pytest

from liaison_analysis.report.book import _cell, write_report_workbook


@pytest.fixture(scope="module")
def path(hostile_analysis, hostile_data, tmp_path_factory):
    return write_report_workbook(
        hostile_analysis, hostile_data, tmp_path_factory.mktemp("book") / "report.xlsx"
    )


def test_sheets_are_in_chinese_and_hold_tasks_introductions_and_the_salon(path):
    sheets = pd.read_excel(path, sheet_name=None, engine="calamine")
    assert list(sheets)[:2] == ["方法与局限", "任务清单"]
    assert {"牵线对接", "最先联系的十对", "邀请名单", "日程", "诉求", "断链缺链", "走访覆盖"} <= set(sheets)
    introductions = sheets["牵线对接"]
    assert {"客户", "供应商"} <= set(introductions["对象角色"])
    assert introductions["理由"].str.len().gt(4).all()
    assert "乙整车" in set(introductions["对接对象"])
    assert sheets["诉求"]["提出日期"].iloc[0] == pd.Timestamp("2022-01-05")


def test_what_is_to_be_checked_names_columns_in_the_language_of_the_sheet():
    assert _cell("checks", "category；三年期满复核通过", {}, "zh") == "类别；三年期满复核通过"
    assert _cell("checks", "headcount", {}, "en") == "Headcount"


def test_meanings_of_columns_stand_in_the_first_sheet(path):
    notes = pd.read_excel(path, sheet_name=0, engine="calamine")
    assert "双方做同一种产品，引见前请斟酌。" in set(notes["说明"])


def test_nothing_in_it_is_a_formula_or_a_link(path):
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]
