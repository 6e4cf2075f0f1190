import re

import pytest
from helpers.csv_ledger import DEMANDS, ENTERPRISES
from helpers.ledger_files import workbook

from liaison_analysis._messages import speaking
from liaison_analysis.ledger.reading import read_ledger


def test_check_prints_ok_and_tables(liaison, source):
    result = liaison("check", source)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:3] == ["ok ledger", "  enterprises: 2 rows", "  demands: 1 rows"]
    assert "no offers (企业产品): what enterprises make is read out of main_business" in result.stdout


def test_check_counts_what_was_masked_by_sheet_and_kind(liaison, source):
    rows = "D1,E1,2022-03-05,电话13812345678 或 023-67891234,是,collected\n"
    (source / "demands.csv").write_text(DEMANDS + rows, encoding="utf-8")
    (source / "enterprises.csv").write_text(ENTERPRISES + "E3,丙厂13912345678\n", encoding="utf-8")
    result = liaison("check", source)
    assert result.exit_code == 0
    rows = result.stdout.partition("\nmasked on reading\n")[2]
    assert [line.split() for line in rows.splitlines()] == [
        ["sheet", "kind", "n"],
        ["enterprises", "mobile", "1"],
        ["demands", "mobile", "1"],
        ["demands", "landline", "1"],
    ]
    assert "masked on reading, by kind: mobile 2, landline 1; the file keeps the originals" in result.stdout
    assert not re.search(r"\d{7}", result.stdout)


def test_check_lists_enterprises_that_are_entered_twice(liaison, source):
    (source / "enterprises.csv").write_text(
        "enterprise_id,name\nE1,云岫机器人有限公司\nE2,云岫机器人股份公司\nE3,澄砚轴承\n", encoding="utf-8"
    )
    result = liaison("check", source)
    assert result.exit_code == 0
    rows = result.stdout.partition("may be one enterprise\n")[2].splitlines()
    assert rows[1].split() == ["E1", "E2", "云岫机器人有限公司", "云岫机器人股份公司", "same", "name"]


def test_check_groups_problems_with_their_first_cells_and_writes_all_of_them(liaison, source, tmp_path):
    import openpyxl

    long = "2022年13月" + "长" * 90
    bad = "".join(f"D{i},E{i},2022-13-0{i},灯,是,collected\n" for i in range(1, 7)) + f"D7,E1,{long},灯,是,\n"
    (source / "demands.csv").write_text(DEMANDS + bad, encoding="utf-8")
    out = tmp_path / "problems.xlsx"
    result = liaison("check", source, "--problems", out)
    assert result.exit_code == 1
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    # Seven bad dates, and four unknown enterprises.
    assert lines[0] == "ledger: 11 problems; correct them first"
    first = lines.index(next(line for line in lines if line.startswith("  raised_on: not a date")))
    assert lines[first].endswith("(7 cells)")
    assert lines[first + 1] == "    demands, row 2: 2022-13-01"
    assert lines[first + 6] == "    and 2 more"
    assert "  sheets: enterprises → 2 rows of enterprises; demands → 7 rows of demands" in lines
    written = list(openpyxl.load_workbook(out)["problems"].iter_rows(values_only=True))
    assert len(written) == 12
    assert ("demands", 8, "raised_on", long) in [row[:4] for row in written]


def test_check_names_headers_as_the_clerk_wrote_them(liaison, tmp_path):
    path = tmp_path / "台账.xlsx"
    rows = [["企业名称", "走访时间", "诉求内容"], ["甲公司", "3.5", "停车难"]]
    workbook(path, {"3月": rows})
    with speaking("zh"):
        result = liaison("check", path)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "台账.xlsx：1 个问题，须先更正"
    assert lines[1].startswith("  走访时间：日期没有年份；请加 --year 2022")
    assert lines[2] == "    3月 第 2 行：3.5"
    assert (
        "  表头：企业名称 → 企业名称（甲公司）；走访时间 → 提出日期（3.5）；就是台账的表头：诉求内容" in lines
    )


def test_check_asks_about_names_with_what_they_may_mean(liaison, tmp_path):
    import openpyxl

    register = [
        ["企业名称", "所属新城"],
        ["重庆云岫机器人有限公司", "鱼复"],
        ["重庆云岫轴承有限公司", "水土"],
    ]
    rows = [["企业名称", "走访时间", "诉求内容"], ["重庆云岫", "2022-03-05", "停车难"]]
    path = workbook(tmp_path / "台账.xlsx", {"企业名录": register, "诉求": rows})
    out = tmp_path / "问题.xlsx"
    with speaking("zh"):
        result = liaison("check", path, "--problems", out)
    assert result.exit_code == 0
    asked = result.stdout.partition("1 处待确认\n")[2].splitlines()
    assert asked[0].startswith("  企业名称：")
    assert asked[1].startswith("    诉求 第 2 行：重庆云岫（可能是 ")
    sheet = openpyxl.load_workbook(out)["待确认"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["工作表", "行", "列", "值", "问题和处理办法", "可能是"]
    assert [cell.value for cell in sheet[2]][:4] == ["诉求", 2, "企业名称", "重庆云岫"]


@pytest.mark.parametrize(("options", "sheet"), [([], "demands"), (["--language", "zh"], "企业诉求")])
def test_sample_is_a_workbook_that_can_be_read(liaison, tmp_path, options, sheet):
    from python_calamine import CalamineWorkbook

    path = tmp_path / "ledger.xlsx"
    result = liaison("sample", path, *options)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{path}\n"
    assert sheet in CalamineWorkbook.from_path(str(path)).sheet_names
    assert len(read_ledger(path).demands) == 476


def test_sample_never_replaces_a_file(liaison, tmp_path):
    path = tmp_path / "ledger.xlsx"
    path.write_text("somebody's work")
    result = liaison("sample", path)
    assert result.exit_code == 1
    assert "is there already" in result.stderr
    assert "\n" not in result.stderr.strip()
    assert path.read_text() == "somebody's work"


def test_sample_wants_a_workbook(liaison, tmp_path):
    result = liaison("sample", tmp_path / "ledger.csv")
    assert result.exit_code == 1
    assert result.stderr.endswith("not a workbook's name; end it with .xlsx\n")


def test_sample_replaces_its_own_file_as_long_as_nobody_changed_it(liaison, tmp_path):
    import openpyxl

    path = tmp_path / "ledger.xlsx"
    assert [liaison("sample", path).exit_code for _ in range(2)] == [0, 0]
    book = openpyxl.load_workbook(path)
    book.save(path)
    data = path.read_bytes()
    assert liaison("sample", path).exit_code == 1
    assert path.read_bytes() == data
    assert liaison("sample", path, "--overwrite").exit_code == 0
    assert path.read_bytes() != data


def test_names_are_written_to_decide_and_answers_read_back(liaison, source, tmp_path):
    import openpyxl

    (source / "demands.csv").write_text(
        DEMANDS + "D1,华数机器,2022-03-05,灯,是,collected\n", encoding="utf-8"
    )
    review, out = tmp_path / "review.xlsx", tmp_path / "new.xlsx"
    assert liaison("resolve", source, review).exit_code == 0
    book = openpyxl.load_workbook(review)
    for row in book["review"].iter_rows(min_row=2):
        row[1].value = "E1 华数机器人"
    book.save(review)
    # A clerk's answers are not overwritten.
    assert "is there already" in liaison("resolve", source, review).stderr
    assert liaison("resolve", source, review, "--out", review).stderr.startswith(
        f"{review.as_posix()} is an input of this command"
    )
    result = liaison("resolve", source, review, "--out", out)
    assert result.exit_code == 0, result.output
    assert read_ledger(out).demands["enterprise_id"].tolist() == ["E1"]
