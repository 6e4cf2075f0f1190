import re

import pytest
from helpers.csv_ledger import DEMANDS, ENTERPRISES

from liaison_analysis.ledger.reading import read_ledger


def test_check_prints_ok_and_tables(liaison, source):
    result = liaison("check", source)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[:3] == [["ok", "ledger"], ["enterprises", "2", "rows"], ["demands", "1", "rows"]]
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


def test_check_prints_every_problem_as_a_table(liaison, source):
    bad = "".join(f"D{i},E{i},2022-13-0{i},灯,是,collected\n" for i in range(1, 8))
    (source / "demands.csv").write_text(DEMANDS + bad, encoding="utf-8")
    result = liaison("check", source)
    assert result.exit_code == 1
    headline, _, header, *rows = result.stdout.splitlines()
    # Seven bad dates, and five enterprises that nobody knows.
    assert headline == "ledger: 12 problems"
    assert header.split() == ["sheet", "row", "column", "value", "reason"]
    assert len(rows) == 12
    assert rows[0].split()[:4] == ["demands", "2", "raised_on", "2022-13-01"]
    assert {row.split()[1] for row in rows} == {str(row) for row in range(2, 9)}
    assert result.stderr == ""


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
    # The answers of a clerk are not replaced.
    assert "is there already" in liaison("resolve", source, review).stderr
    assert liaison("resolve", source, review, "--out", review).stderr.startswith(
        f"{review.as_posix()} is what is read"
    )
    result = liaison("resolve", source, review, "--out", out)
    assert result.exit_code == 0, result.output
    assert read_ledger(out).demands["enterprise_id"].tolist() == ["E1"]
