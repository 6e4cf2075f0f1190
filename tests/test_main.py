"""The command line."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import entry_points

import pandas as pd
import pytest
from typer.testing import CliRunner

from liaison_analysis import __main__, report
from liaison_analysis.__main__ import app
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.sheets import read_sheets

ENTERPRISES = "enterprise_id,name\nE1,华数机器人\nE2,甲厂\n"
DEMANDS = "demand_id,enterprise_id,raised_on,text,in_remit,status\n"


@pytest.fixture
def liaison():
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, list(map(str, arguments)))


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    (folder / "enterprises.csv").write_text(ENTERPRISES, encoding="utf-8")
    (folder / "demands.csv").write_text(
        DEMANDS + "D1,E1,2022-03-05,停车位不足,是,collected\n", encoding="utf-8"
    )
    return folder


def test_policies_writes_a_table_that_a_ledger_takes(liaison, source, tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    text = "合成办法\n第一条 鱼复片区职工人数50人以上的企业，补助3万元。\n第二条 自2022年1月1日起施行。\n"
    (folder / "a.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "clauses.xlsx"
    assert liaison("policies", folder, out, "--town", "鱼复").exit_code == 0
    clauses, words = read_sheets(out)
    assert [row[0] for row in clauses.rows] == ["条款编号", "a-第一条", "a-第二条"]
    assert ["a-第一条", "最低人数", "50", "职工人数50人以上"] in words.rows
    header, *rows = clauses.rows
    table = pd.DataFrame(rows, columns=header)
    table.to_csv(source / "政策条款.csv", index=False)
    read = read_ledger(source).policies.iloc[0]
    assert (read["town"], read["min_headcount"], read["valid_from"]) == (
        "鱼复",
        50,
        pd.Timestamp("2022-01-01"),
    )
    again = liaison("policies", folder, out)
    assert again.exit_code == 1
    assert "is there already" in again.output


def test_no_arguments_print_help(liaison):
    result = liaison()
    assert result.exit_code == 0
    for command in ("check", "report", "sample"):
        assert command in result.stdout


def test_check_prints_ok_and_tables(liaison, source):
    result = liaison("check", source)
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[:3] == [["ok", "ledger"], ["enterprises", "2", "rows"], ["demands", "1", "rows"]]
    assert "no offers (企业产品): no graph, chain gaps or introductions" in result.stdout


def test_check_tells_what_was_masked_by_sheet_and_kind(liaison, source):
    rows = "D1,E1,2022-03-05,电话13812345678 或 023-67891234,是,collected\n"
    (source / "demands.csv").write_text(DEMANDS + rows, encoding="utf-8")
    (source / "enterprises.csv").write_text(ENTERPRISES + "E3,丙厂13912345678\n", encoding="utf-8")
    result = liaison("check", source)
    assert result.exit_code == 0
    told = result.stdout.partition("\nmasked on reading\n")[2]
    assert [line.split() for line in told.splitlines()] == [
        ["sheet", "kind", "n"],
        ["enterprises", "mobile", "1"],
        ["demands", "mobile", "1"],
        ["demands", "landline", "1"],
    ]
    assert "masked on reading, by kind: mobile 2, landline 1; the file keeps the originals" in result.stdout
    assert not re.search(r"\d{7}", result.stdout)


def test_check_tells_of_enterprises_that_stand_there_twice(liaison, source):
    (source / "enterprises.csv").write_text(
        "enterprise_id,name\nE1,云岫机器人有限公司\nE2,云岫机器人股份公司\nE3,澄砚轴承\n", encoding="utf-8"
    )
    result = liaison("check", source)
    assert result.exit_code == 0
    told = result.stdout.partition("may be one enterprise\n")[2].splitlines()
    assert told[1].split() == ["E1", "E2", "云岫机器人有限公司", "云岫机器人股份公司", "same", "name"]


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


@pytest.mark.parametrize("command", ["check", "report"])
def test_unreadable_ledger_is_one_line(liaison, command, tmp_path):
    (tmp_path / "empty.xlsx").touch()
    options = ["--out", tmp_path / "out"] if command == "report" else []
    result = liaison(command, tmp_path / "empty.xlsx", *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("empty.xlsx: the file is empty")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_report_passes_its_options_on_and_prints_the_path(liaison, source, tmp_path, monkeypatch):
    asked = []

    def run_report(source, out, *, notebooks=None, min_group=None):
        asked.append((source, out, notebooks, min_group))
        return out / "index.html"

    monkeypatch.setattr(report, "run_report", run_report)
    result = liaison("report", source, "--out", tmp_path / "o", "--notebooks", tmp_path, "--min-group", 3)
    assert result.stdout == f"{tmp_path / 'o' / 'index.html'}\n"
    assert result.exit_code == 0
    assert asked == [(source, tmp_path / "o", tmp_path, 3)]


def test_failed_chapters_are_one_line_and_status_1(liaison, source, tmp_path, monkeypatch):
    def run_report(_source, out, **_options):
        raise report.ReportError(out / "index.html", {"02_gaps": "stopped at code cell 3 with KeyError: 'x'"})

    monkeypatch.setattr(report, "run_report", run_report)
    result = liaison("report", source, "--out", tmp_path / "o")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "1 part of the report failed: 02_gaps stopped at code cell 3 with KeyError"
    )
    assert result.stderr.count("\n") == 1


def test_unforeseen_error_keeps_its_traceback(liaison, source, monkeypatch):
    def broken(path):
        raise ZeroDivisionError(path)

    monkeypatch.setattr(__main__, "read_ledger", broken)
    assert isinstance(liaison("check", source).exception, ZeroDivisionError)
    # Typer's own would print local variables, and with them people's data.
    assert app.pretty_exceptions_enable is False


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
    assert path.read_text() == "somebody's work"


def test_sample_wants_a_workbook(liaison, tmp_path):
    result = liaison("sample", tmp_path / "ledger.csv")
    assert result.exit_code == 1
    assert result.stderr.endswith("not a workbook's name; end it with .xlsx\n")


def test_installed_as_liaison_and_as_a_module(source):
    (point,) = entry_points(group="console_scripts", name="liaison")
    assert point.load() is app
    command = [sys.executable, "-m", "liaison_analysis", "check", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - the command is the test's own
    assert done.stdout.startswith("ok ledger\n")


def test_lists_are_written_for_a_day(liaison, source, tmp_path):
    from python_calamine import CalamineWorkbook

    path = tmp_path / "lists.xlsx"
    result = liaison("lists", source, path, "--on", "2022-04-10", "--since", "2022-03-31", "--within", 30)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{path}\n"
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["问题清单", "任务清单", "责任清单", "调度单"]
    dispatched = book.get_sheet_by_name("调度单").to_python()
    assert dispatched[1][1:4] == ["新超期", "", "D1"]
    last = ["--on", "2022-04-10", "--since", "2022-03-31", "--before"]
    assert liaison("lists", source, path, *last, source).exit_code == 0
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_name("调度单").to_python() == dispatched
    assert "nowhere" in liaison("lists", source, path, *last, tmp_path / "nowhere.xlsx").output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["lists.csv"], "not a workbook's name; end it with .xlsx"),
        (["lists.xlsx", "--on", "someday"], "on must be a date, such as '2022-12-31'; got 'someday'"),
        (["lists.xlsx", "--on", "2093-01-01", "--unit", "working"], "chinesecalendar"),
    ],
)
def test_lists_say_what_is_wrong(liaison, source, tmp_path, options, told):
    result = liaison("lists", source, tmp_path / options[0], *options[1:])
    assert result.exit_code == 1
    assert told in result.stderr
    assert not (tmp_path / options[0]).exists()
