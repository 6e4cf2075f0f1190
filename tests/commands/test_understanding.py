import openpyxl
import pytest
from helpers.ledger_files import workbook

from liaison_analysis.commands.understanding import print_understanding
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
    asked = liaison("adopt", clerks, out)
    assert asked.stdout.splitlines()[0] == f"{out}: 3 questions"  # two days without a year, and a state
    assert read_ledger(out).demands["raised_on"].isna().all()
    result = liaison("adopt", clerks, out, "--year", 2021)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"{out}: 1 question"
    assert result.stdout.splitlines()[1].endswith(f"liaison adopt {clerks} {out} --answers EDITED.xlsx")
    assert read_ledger(out).demands["raised_on"].dt.strftime("%F").tolist() == ["2021-03-05", "2021-03-06"]
    book = openpyxl.load_workbook(out)
    for row in book["如何理解"].iter_rows(min_row=2):
        if row[2].value == "下周再说":
            row[3].value = "办理中"
    answers = tmp_path / "answers.xlsx"
    book.save(answers)
    # The year stands among the answers.
    result = liaison("adopt", clerks, out, "--answers", answers)
    assert result.stdout == f"{out}: 0 questions\n"
    assert read_ledger(out).demands["status"].tolist() == ["settled", "solving"]
    # Next month's file is one command, with the answers or with the ledger that they made.
    june = workbook(
        tmp_path / "6月.xlsx",
        {"台账": [HEAD, ["1", "丙公司", "6月5日", "停车难", "建设部", "下周再说", ""]]},
    )
    for decided in (answers, out):
        for command in (
            ["check", june],
            ["adopt", june, tmp_path / "6.xlsx"],
            ["lists", june, tmp_path / "l.xlsx"],
        ):
            result = liaison(*command, "--answers", decided)
            assert result.exit_code == 0, result.output
        adopted = read_ledger(tmp_path / "6.xlsx").demands.iloc[0]
        assert (adopted["status"], f"{adopted['raised_on']:%F}") == ("solving", "2021-06-05")


def test_every_command_that_reads_a_ledger_takes_year_and_answers(liaison):
    commands = ("check", "adopt", "lists", "dispatch", "report", "notebooks", "resolve")
    without = [
        one for one in commands if not {"--year", "--answers"} <= set(liaison(one, "--help").stdout.split())
    ]
    assert without == []


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


def test_the_reading_of_a_ledger_is_printed_in_a_few_lines(clerks, capsys):
    print_understanding(read_ledger(clerks, year=2021))
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    summary = dict(line.split(": ", 1) for line in lines)
    assert summary["sheets"] == "台账 → 2 rows of demands"
    assert summary["headers"].split("; ")[:3] == [
        "序号 → number (1)",
        "企业名称 → enterprise (甲公司)",
        "走访时间 → raised_on (3月5日)",
    ]
    assert summary["headers"].endswith("as the ledger has them: 诉求内容, 责任部门")
    assert summary["kept under their own header"] == "备忘"
    assert summary["states"] == "已办结 → settled (1); 下周再说 → not understood (1)"
    assert summary["years"] == "2 days of raised_on without one are in 2021 (as you decided)"
    assert summary["rows left out"].startswith("nothing asked (1, the first in 台账, row 4)")


def test_sheets_of_one_table_stand_together_and_nothing_is_cut(tmp_path, capsys):
    head = [*HEAD[:6], *(f"另{i}" for i in range(15))]
    rows = [head, ["1", "甲公司", "2022-03-05", "停车难", "建设部", "已办结", *("x" * 15)]]
    print_understanding(read_ledger(workbook(tmp_path / "台账.xlsx", {"3月": rows, "4月": rows})))
    out = capsys.readouterr().out
    assert "  sheets: 3月, 4月 → 2 rows of demands\n" in out
    kept = next(line for line in out.splitlines() if "kept under" in line)
    assert kept.endswith(", ".join(head[6:]))
