import pytest

from liaison_analysis.ledger import read_ledger


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
    ("options", "reason"),
    [
        (["lists.csv"], "not a workbook's name; end it with .xlsx"),
        (["lists.xlsx", "--on", "someday"], "on must be a date, such as '2022-12-31'; got 'someday'"),
        (["lists.xlsx", "--on", "2093-01-01", "--unit", "working"], "chinesecalendar"),
    ],
)
def test_lists_say_what_is_wrong(liaison, source, tmp_path, options, reason):
    result = liaison("lists", source, tmp_path / options[0], *options[1:])
    assert result.exit_code == 1
    assert reason in result.stderr
    assert not (tmp_path / options[0]).exists()


def test_lists_never_replace_the_ledger_or_a_file_of_somebody(liaison, source, tmp_path):
    ledger = tmp_path / "ledger.xlsx"
    assert liaison("sample", ledger).exit_code == 0
    data = ledger.read_bytes()
    for options in ([], ["--overwrite"]):
        result = liaison("lists", ledger, ledger, *options)
        assert result.exit_code == 1
        assert "is an input of this command" in result.stderr
    assert "is there already" in liaison("lists", source, ledger).stderr
    assert "is an input of this command" in liaison("lists", source, ledger, "--before", ledger).stderr
    assert ledger.read_bytes() == data
    assert "lies in the folder that is read" in liaison("lists", source, source / "lists.xlsx").stderr


def test_a_text_that_excel_cannot_hold_is_cut_with_a_note(liaison, source, tmp_path):
    import pandas as pd
    from helpers.csv_ledger import DEMANDS

    rows = f"D1,E1,2022-03-05,{'停车难' * 12_000},是,collected\n"
    (source / "demands.csv").write_text(DEMANDS + rows, encoding="utf-8")
    path = tmp_path / "lists.xlsx"
    assert liaison("lists", source, path, "--on", "2022-04-10").exit_code == 0
    sheet = pd.read_excel(path, sheet_name="问题清单", engine="calamine").to_numpy().ravel()
    (text,) = [cell for cell in sheet if isinstance(cell, str) and cell.startswith("停车难")]
    assert len(text) == 32_767
    assert text.endswith("车…（全文36,000字，此处截断）")


def test_papers_of_the_meeting_are_a_workbook_and_a_document(liaison, source, tmp_path):
    from python_calamine import CalamineWorkbook

    path = tmp_path / "meeting.xlsx"
    result = liaison("dispatch", source, path, "--on", "2022-04-10", "--since", "2022-03-31")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{path}\n{path.with_suffix('.docx')}\n"
    assert CalamineWorkbook.from_path(str(path)).sheet_names[3] == "需议事项"
    # Its own files are replaced, a foreign document is not.
    again = ["dispatch", source, path, "--on", "2022-04-10"]
    assert liaison(*again).exit_code == 0
    path.with_suffix(".docx").write_text("somebody's work")
    assert "is there already" in liaison(*again).stderr


def test_limits_of_the_meeting_are_a_name_or_a_table(liaison, source, tmp_path):
    table = tmp_path / "limits.csv"
    table.write_text("stage,within,unit\nclose,5,weeks\n", encoding="utf-8")
    path = tmp_path / "meeting.xlsx"
    wrong = {"soon": "expected limits named one of", table: "'weeks': expected one of minutes"}
    for limits, reason in wrong.items():
        result = liaison("dispatch", source, path, "--on", "2022-04-10", "--limits", limits)
        assert result.exit_code == 1
        assert reason in result.stderr
    missing = liaison("dispatch", source, path, "--limits", tmp_path / "nowhere.csv")
    assert "not a table of limits" in missing.stderr
    assert not path.exists()


def test_what_an_earlier_meeting_decided_is_read_back_and_followed(liaison, source, tmp_path):
    import openpyxl
    from python_calamine import CalamineWorkbook

    first, second = tmp_path / "march.xlsx", tmp_path / "may.xlsx"
    assert liaison("dispatch", source, first, "--on", "2022-04-30").exit_code == 0
    book = openpyxl.load_workbook(first)
    sheet = book["需议事项"]
    headers = [cell.value for cell in sheet[1]]
    row = {name: sheet.cell(2, headers.index(name) + 1) for name in headers}
    demand_id = row["诉求编号"].value
    row["议定事项"].value, row["牵头部门"].value, row["完成时限"].value = "现场办公", "建设部", "2022-05-10"
    book.save(first)
    result = liaison("dispatch", source, second, "--on", "2022-05-31", "--decisions", first)
    assert result.exit_code == 0, result.output
    written = CalamineWorkbook.from_path(str(second)).get_sheet_by_name("议定落实").to_python()
    assert len(written) == 2
    assert written[1][1] == demand_id
    assert [written[1][3], written[1][4], written[1][7]] == ["现场办公", "建设部", "超期 21 天未办结"]
    sheet.cell(2, headers.index("完成时限") + 1).value = "月底"
    book.save(first)
    wrong = liaison("dispatch", source, second, "--on", "2022-05-31", "--decisions", first, "--overwrite")
    assert wrong.exit_code == 1
    assert "完成时限" in wrong.stderr
    assert "月底" in wrong.stderr


@pytest.fixture
def linked(source):
    (source / "links.csv").write_text(
        "officer_id,enterprise_id,role\nO1,E1,linked officer\n", encoding="utf-8"
    )
    return source


def test_the_form_of_visits_is_written_filled_in_and_added_to_the_ledger(liaison, linked, tmp_path):
    from openpyxl import load_workbook

    form, out = tmp_path / "form.xlsx", tmp_path / "ledger.xlsx"
    result = liaison("visits", linked, form, "--quarter", "2022Q2", "--on", "2022-04-10")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{form}\n"
    book = load_workbook(form)
    headers = [cell.value for cell in book["走访反馈"][1]]
    book["走访反馈"].cell(2, headers.index("走访日期") + 1).value = "2022-04-12"
    book["走访反馈"].cell(2, headers.index("承诺事项") + 1).value = "一周内答复"
    book["新提诉求"].cell(2, 3).value = "想招普工"
    book.save(form)
    result = liaison("visits", linked, out, "--read", form)
    assert result.exit_code == 0, result.output
    back = read_ledger(out)
    assert back.visits["promised"].tolist()[-1] == "一周内答复"
    assert back.demands["text"].tolist()[-1] == "想招普工"
    book["走访反馈"].cell(2, headers.index("走访日期") + 1).value = "某天"
    book.save(form)
    result = liaison("visits", linked, out, "--read", form)
    assert result.exit_code == 1
    assert "走访反馈" in result.stderr
    assert "走访日期" in result.stderr


def test_a_quarter_of_another_form_is_refused(liaison, linked, tmp_path):
    result = liaison("visits", linked, tmp_path / "form.xlsx", "--quarter", "spring")
    assert result.exit_code == 1
    assert "2022Q3" in result.stderr or "quarter" in result.stderr
    assert not (tmp_path / "form.xlsx").exists()
