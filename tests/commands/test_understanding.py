import openpyxl
import pytest
from helpers.ledger_files import workbook

from liaison_analysis.commands.understanding import decided, print_understanding
from liaison_analysis.ledger import read_ledger

HEAD = ["序号", "企业名称", "走访时间", "诉求内容", "责任部门", "办理情况", "备忘"]


@pytest.fixture
def clerks(tmp_path):
    rows = [
        HEAD,
        ["1", "甲公司", "3月5日", "停车难", "建设部", "已办结", "x"],
        ["2", "甲公司", "3月6日", "用电不足", "电力部", "下周再说", ""],
        ["3", "乙公司", "3月7日", "暂无诉求", "", "", ""],
    ]
    return workbook(tmp_path / "台账.xlsx", {"台账": rows, "说明": [["每月报送"]]})


def test_adopting_writes_the_ledger_and_counts_the_questions(liaison, clerks, tmp_path):
    out = tmp_path / "ledger.xlsx"
    refused = liaison("adopt", clerks, out)
    assert refused.exit_code == 1
    assert "day without a year" in refused.stdout + refused.stderr
    assert not out.exists()
    result = liaison("adopt", clerks, out, "--year", 2021)
    assert (result.exit_code, result.stdout) == (0, f"{out}: 1 question\n")
    assert read_ledger(out).demands["raised_on"].dt.strftime("%F").tolist() == ["2021-03-05", "2021-03-06"]
    book = openpyxl.load_workbook(out)
    for row in book["understood"].iter_rows(min_row=2):
        if row[2].value == "下周再说":
            row[3].value = "solving"
    answers = tmp_path / "answers.xlsx"
    book.save(answers)
    result = liaison("adopt", clerks, out, "--answers", answers, "--year", 2021, "--overwrite")
    assert result.stdout == f"{out}: 0 questions\n"
    assert read_ledger(out).demands["status"].tolist() == ["settled", "solving"]


@pytest.mark.parametrize("command", ["adopt", "template"])
def test_neither_replaces_somebodys_file_nor_writes_another_kind(liaison, clerks, tmp_path, command):
    source = [clerks] if command == "adopt" else []
    taken = tmp_path / "taken.xlsx"
    taken.write_text("somebody's work")
    assert "is there already" in liaison(command, *source, taken).stderr
    assert taken.read_text() == "somebody's work"
    assert liaison(command, *source, tmp_path / "a.csv").stderr.endswith("end it with .xlsx\n")


@pytest.mark.parametrize(("options", "sheet"), [([], "企业诉求"), (["--language", "en"], "demands")])
def test_a_template_has_the_sheets_of_its_language(liaison, tmp_path, options, sheet):
    path = tmp_path / "blank.xlsx"
    result = liaison("template", path, *options)
    assert (result.exit_code, result.stdout) == (0, f"{path}\n")
    assert sheet in openpyxl.load_workbook(path).sheetnames


def test_a_ledger_that_was_decided_needs_no_year_and_is_gone_afterwards(clerks):
    with decided(clerks, 2021, None) as path:
        assert path.name == "台账.xlsx"
        assert path != clerks
        assert read_ledger(path).demands["raised_on"].dt.year.tolist() == [2021, 2021]
    assert not path.exists()
    with decided(clerks, None, None) as path:
        assert path == clerks


def test_what_was_understood_is_printed_in_a_few_lines(clerks, capsys):
    print_understanding(read_ledger(clerks, year=2021))
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "台账 → 2 rows of demands"
    said = dict(line.split(": ", 1) for line in lines[1:])
    assert said["headers"].split(", ")[:3] == [
        "序号 → number (1)",
        "企业名称 → enterprise (甲公司)",
        "走访时间 → raised_on (3月5日)",
    ]
    assert said["kept under their own header"] == "备忘"
    assert said["states"] == "已办结 → settled (1), 下周再说 → ? (1)"
    assert said["year of 2 days of raised_on"] == "2021 (given)"
    assert said["rows left out"] == "nothing asked 1, no header was found in this sheet 1"
    assert said["open"].endswith("(unknown, 1): 台账 3 下周再说")


def test_a_long_line_is_cut_with_the_number_of_what_is_left(tmp_path, capsys):
    head = [*HEAD[:6], *(f"另{i}" for i in range(15))]
    rows = [head, ["1", "甲公司", "2022-03-05", "停车难", "建设部", "已办结", *("x" * 15)]]
    print_understanding(read_ledger(workbook(tmp_path / "台账.xlsx", {"台账": rows})))
    line = next(line for line in capsys.readouterr().out.splitlines() if "kept under" in line)
    assert line.endswith("另11 and 3 more")
