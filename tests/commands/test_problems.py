import pandas as pd

from liaison_analysis._messages import speaking
from liaison_analysis.commands.problems import (
    as_problems,
    left_out_sheet,
    print_problems,
    problem_sheet,
    question_sheet,
    written_headers,
)

COLUMNS = ["sheet", "row", "column", "value", "reason"]
PROBLEMS = pd.DataFrame(
    [("3月", row, "raised_on", f"{row}.5", "没有年份") for row in range(2, 9)]
    + [("3月", 4, "text", "", "空白"), ("demands", None, "", "", "缺少工作表")],
    columns=COLUMNS,
)
KNOWN = pd.DataFrame(
    [
        ("header", "3月", "走访时间", "raised_on"),
        ("header", "3月", "单位", "enterprise"),
        ("header", "3月", "颜色", ""),
        ("state", "3月", "完成", "settled"),
    ],
    columns=["kind", "sheet", "written", "meaning"],
)
REVIEW = pd.DataFrame({
    "sheet": ["3月"], "row": [3], "column": ["enterprise_id"], "written": ["云岫"], "status": ["ambiguous"],
    "candidates": ["E1 重庆云岫 (0.4)"], "why": ["两家相近"],
})  # fmt: skip


def test_a_column_is_called_as_it_is_written_and_names_stand_for_ids():
    headers = written_headers(KNOWN)
    assert headers["3月", "raised_on"] == "走访时间"
    assert headers["3月", "enterprise_id"] == "单位"
    assert set(headers.values()) == {"走访时间", "单位"}
    assert written_headers(None) == {}


def test_groups_show_five_cells_and_count_the_rest(capsys):
    with speaking("zh"):
        print_problems(PROBLEMS, written_headers(KNOWN))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  走访时间：没有年份（7 处）"
    assert lines[1:6] == [f"    3月 第 {row} 行：{row}.5" for row in range(2, 7)]
    assert lines[6] == "    另有 2 处"
    assert lines[7:9] == ["  诉求内容：空白（1 处）", "    3月 第 4 行"]
    assert lines[9:] == ["  缺少工作表", "    企业诉求"]


def test_a_workbook_holds_every_problem():
    with speaking("zh"):
        sheet = problem_sheet(PROBLEMS, written_headers(KNOWN))
    assert sheet.columns.tolist() == ["工作表", "行", "列", "值", "问题和处理办法"]
    assert len(sheet) == 9
    assert sheet.iloc[6].tolist() == ["3月", 8, "走访时间", "8.5", "没有年份"]


def test_a_question_says_what_may_be_meant():
    with speaking("zh"):
        (value,) = as_problems(REVIEW)["value"]
        assert value == "云岫（可能是 E1 重庆云岫 (0.4)）"
        assert as_problems(REVIEW)["reason"].tolist() == ["两家相近（不止一个相符）"]
        row = question_sheet(REVIEW, written_headers(KNOWN)).iloc[0]
    assert row.tolist() == ["3月", 3, "单位", "云岫", "两家相近（不止一个相符）", "E1 重庆云岫 (0.4)"]


def test_what_was_left_out_stands_with_its_place_and_the_reason():
    left = pd.DataFrame(
        [("", "3月", 9, "raised_on", "合计", "合计行")], columns=["file", *COLUMNS[:4], "why"]
    )
    with speaking("zh"):
        sheet = left_out_sheet(left)
    assert sheet.iloc[0].to_dict() == {
        "文件": "", "工作表": "3月", "行": 9, "列": "提出日期", "值": "合计", "缘由": "合计行",
    }  # fmt: skip
