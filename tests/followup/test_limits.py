from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from helpers.listed_demands import ledger

from liaison_analysis import Analysis, Ledger, read_ledger
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.limits import (
    PRESETS,
    STAGES,
    UNITS,
    check_limits,
    checked_limits,
    days_to_close,
    limit_table,
)
from liaison_analysis.ledger import LIMIT_STAGES, LIMIT_UNITS, write_ledger, write_template

OPEN = ("2022-03-01", None, None, None, "collected", True, None)


def limits(*rows):
    return pd.DataFrame(rows, columns=["kind", "stage", "level", "within", "unit", "notify", "warn_share"])


CLOSE = limits(
    ("", "close", 0, 10, "days", "officer", 0.8),
    ("", "close", 1, 12, "days", "head", 0.8),
    ("", "close", 2, 20, "days", "leader", 0.8),
)


@pytest.mark.parametrize(
    ("day", "state", "level", "notify"),
    [
        ("2022-03-08", "in time", 0, "officer"),
        ("2022-03-09", "near", 0, "officer"),
        ("2022-03-11", "near", 0, "officer"),
        ("2022-03-12", "over", 0, "officer"),
        ("2022-03-13", "over", 0, "officer"),
        ("2022-03-14", "over", 1, "head"),
        ("2022-03-21", "over", 1, "head"),
        ("2022-03-22", "over", 2, "leader"),
    ],
)
def test_a_limit_warns_ends_and_escalates_on_its_days(day, state, level, notify):
    due = check_limits(ledger(OPEN), day, limits=CLOSE).iloc[0]
    assert due[["state", "level", "notify"]].tolist() == [state, level, notify]
    assert due["due_on"] == pd.Timestamp("2022-03-11")


def test_days_on_which_the_enterprise_owes_material_do_not_count():
    pauses = pd.DataFrame(
        {
            "demand_id": ["D0", "D0", "D0", "other"],
            "paused_on": ["2022-02-20", "2022-03-04", "2022-03-05", "2022-03-01"],
            "resumed_on": ["2022-03-02", "2022-03-07", "2022-03-08", None],
        }
    ).apply(lambda column: column if column.name == "demand_id" else pd.to_datetime(column))
    due = check_limits(ledger(OPEN), "2022-03-14", limits=CLOSE, pauses=pauses).iloc[0]
    # One day of the first, which began before the demand; four of the two that overlap.
    assert due[["waited", "paused", "state"]].tolist() == [8, 5, "near"]
    assert due["due_on"] == pd.Timestamp("2022-03-16")
    still = pauses.iloc[[1]].assign(resumed_on=pd.NaT)
    assert check_limits(ledger(OPEN), "2022-03-30", limits=CLOSE, pauses=still).iloc[0][
        ["waited", "state"]
    ].tolist() == [3, "paused"]
    with pytest.raises(ValueError, match="pauses: columns resumed_on"):
        check_limits(ledger(OPEN), limits=CLOSE, pauses=pauses.drop(columns="resumed_on"))


def test_hours_end_on_days_and_working_days_are_counted_by_the_calendar():
    table = limits(
        ("", "assign", 0, 60, "minutes", "", 0.8),
        ("", "plan", 0, 24, "hours", "", 0.8),
        ("", "close", 0, 3, "working days", "", 0.8),
    )
    friday = ("2022-03-04", None, None, None, "collected", True, None)
    due = check_limits(ledger(friday), "2022-03-05", limits=table).set_index("stage")
    assert due["due_on"].dt.strftime("%m-%d").to_dict() == {
        "assign": "03-04",
        "plan": "03-05",
        "close": "03-09",
    }
    assert due["state"].to_dict() == {"assign": "over", "plan": "near", "close": "in time"}


def test_a_stage_that_is_reached_is_not_listed():
    rows = [
        ("2022-03-01", None, None, None, "collected", True, None),
        ("2022-03-01", "2022-03-02", None, None, "assigned", True, None),
        ("2022-03-01", "2022-03-02", None, None, "solving", True, None),
        ("2022-03-01", "2022-03-02", "2022-03-05", None, "settled", True, None),
        ("2022-03-01", "2022-03-02", "2022-03-05", "2022-03-06", "fed back", True, None),
    ]
    table = limits(*((None, stage, 0, 5, "days", "", 0.8) for stage in
                     ("assign", "answer", "plan", "close", "feed back")))  # fmt: skip
    due = check_limits(ledger(*rows), "2022-03-10", limits=table)
    assert due.groupby("demand_id")["stage"].agg(sorted).to_dict() == {
        "D0": ["answer", "assign", "close", "plan"],
        "D1": ["answer", "close", "plan"],
        "D2": ["close"],
        "D3": ["feed back"],
    }
    assert due.loc[due["demand_id"].eq("D3"), "due_on"].tolist() == [pd.Timestamp("2022-03-10")]


def test_a_kind_with_limits_of_its_own_leaves_those_of_every_kind():
    given = ledger(OPEN, OPEN)
    given.demands["kind"] = pd.array(["urgent", None], dtype="str")
    table = limits(("urgent", "close", 0, 1, "days", "", 0.8), ("", "close", 0, 9, "days", "", 0.8))
    due = check_limits(given, "2022-03-03", limits=table).set_index("demand_id")["within"]
    assert due.to_dict() == {"D0": 1, "D1": 9}


def test_every_wrong_row_of_the_limits_is_named():
    wrong = limits(
        ("", "shut", 0, 5, "days", "", 0.8),
        ("", "close", 0, -1, "weeks", "", 8),
    )
    with pytest.raises(LedgerError) as caught:
        check_limits(ledger(OPEN), limits=wrong)
    assert caught.value.problems[["row", "column", "value"]].astype(str).to_numpy().tolist() == [
        ["2", "stage", "shut"],
        ["3", "unit", "weeks"],
        ["3", "within", "-1"],
        ["3", "warn_share", "8.0"],
    ]
    with pytest.raises(LedgerError, match="level twice"):
        checked_limits(pd.concat([CLOSE, CLOSE]))
    with pytest.raises(LedgerError, match="no level 0"):
        checked_limits(CLOSE.iloc[1:])
    with pytest.raises(ValueError, match="columns stage are missing"):
        checked_limits(CLOSE.drop(columns="stage"))
    with pytest.raises(ValueError, match="expected limits named one of '30 days'"):
        limit_table("soon")


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_limits_that_hold(preset):
    table = limit_table(preset)
    pd.testing.assert_frame_equal(
        checked_limits(table), checked_limits(checked_limits(table)), check_dtype=False
    )
    assert len(checked_limits(table)) == len(PRESETS[preset])
    assert check_limits(ledger(), "2022-03-01", limits=preset).empty


def test_what_cannot_be_solved_has_no_limit_any_more():
    row = ("2022-03-01", None, None, None, "cannot be solved", True, None)
    assert check_limits(ledger(OPEN), "2022-03-20", limits=CLOSE)["demand_id"].tolist() == ["D0"]
    assert check_limits(ledger(row), "2022-03-20", limits=CLOSE).empty


LEDGER_LIMITS = [
    ["类别", "环节", "级别", "时限", "单位", "通知", "提醒比例"],
    [None, "办结", None, 10, "天", "经办人", "80%"],
    [None, "办结", 1, 12, "天", "负责人", None],
    ["用工", "办结", 0, 3, "工作日", "人社局", 0.5],
]
LEDGER_PAUSES = [
    ["诉求编号", "暂停日", "恢复日"],
    ["D1", "2022-03-04", "2022-03-06"],
    ["D2", "2022年3月2日", None],
]


def workbook(path, limits=LEDGER_LIMITS, pauses=LEDGER_PAUSES, names=("时限", "暂停")):
    book = openpyxl.Workbook()
    book.active.title = "企业名录"
    for row in [["企业编号", "企业名称"], ["E1", "甲公司"]]:
        book.active.append(row)
    demands = [["诉求编号", "企业编号", "提出日期", "诉求内容", "诉求类别", "办理状态"]]
    demands += [[f"D{i}", "E1", "2022-03-01", "停车难", kind, "办理中"] for i, kind in enumerate("甲甲甲", 1)]
    demands += [["D4", "E1", "2022-03-04", "招工难", "用工", "办理中"]]
    for name, rows in zip(("企业诉求", *names), (demands, limits, pauses), strict=True):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_limits_and_pauses_of_a_workbook_hold_without_being_asked_for(tmp_path):
    given = read_ledger(workbook(tmp_path / "台账.xlsx"))
    assert given.limits[["level", "unit"]].to_numpy().tolist() == [
        [0, "days"],
        [1, "days"],
        [0, "working days"],
    ]
    assert given.limits["warn_share"].isna().tolist() == [False, True, False]
    assert len(given.left_out) == 0
    due = check_limits(given, "2022-03-14").set_index("demand_id")
    assert due["stage"].unique().tolist() == ["close"]  # the preset's feedback is not added to the own table
    assert due["notify"].to_dict() == {"D1": "经办人", "D2": "经办人", "D3": "负责人", "D4": "人社局"}
    assert due["state"].to_dict() == {"D1": "over", "D2": "paused", "D3": "over", "D4": "over"}
    assert due[["waited", "paused"]].loc["D1"].tolist() == [11, 2]
    # Four working days from Friday the 4th; three of them are the limit.
    assert due.loc["D4", "due_on"] == pd.Timestamp("2022-03-09")
    # What is handed over goes before what the ledger has.
    assert set(check_limits(given, "2022-03-14", limits="30 days")["within"]) == {30}
    none = pd.DataFrame(columns=["demand_id", "paused_on", "resumed_on"])
    assert set(check_limits(given, "2022-03-14", pauses=none)["paused"]) == {0}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_limits_are_written_and_read_back(tmp_path, language):
    given = read_ledger(workbook(tmp_path / "台账.xlsx"))
    for path in (tmp_path / "again.xlsx", tmp_path / "folder"):
        assert read_ledger(write_ledger(given, path, language=language)) == given
    frames = {"时限": pd.DataFrame(LEDGER_LIMITS[1:], columns=LEDGER_LIMITS[0]), "demands": given.demands}
    frames["enterprises"] = given.enterprises
    assert Ledger.from_frames(frames).limits.equals(given.limits)


def test_every_wrong_cell_of_the_sheets_is_named_with_its_row(tmp_path):
    limits = [
        LEDGER_LIMITS[0],
        [None, "办好", 0, 10, "天", None, None],
        [None, "办结", 0, -1, "周", None, 2],
        ["用工", "办结", 1, 5, "天", None, None],
        ["人才", "反馈", None, 5, "天", None, None],
        ["人才", "反馈", 0, 6, "天", None, None],
        ["人才", "反馈", 1.5, 6, "天", None, None],
    ]
    pauses = [
        LEDGER_PAUSES[0],
        ["D9", "2022-03-04", None],
        ["D1", "2022-03-04", "2022-03-01"],
        ["D1", None, "2022-03-09"],
    ]
    with pytest.raises(LedgerError) as caught:
        read_ledger(workbook(tmp_path / "台账.xlsx", limits, pauses))
    found = caught.value.problems
    assert found[["sheet", "row", "column", "value"]].astype(str).to_numpy().tolist() == [
        ["时限", "2", "stage", "办好"],
        ["时限", "3", "within", "-1"],
        ["时限", "3", "unit", "周"],
        ["时限", "3", "warn_share", "2"],
        ["时限", "4", "level", "1"],
        ["时限", "6", "kind + stage + level", "人才 / feed back / 0"],
        ["时限", "7", "level", "1.5"],
        ["暂停", "2", "demand_id", "D9"],
        ["暂停", "3", "resumed_on", "2022-03-01"],
        ["暂停", "4", "paused_on", ""],
    ]
    reasons = dict(zip(found["row"].astype(str) + found["column"], found["reason"], strict=True))
    assert "办结" in reasons["2stage"]
    assert "add a row of level 0 for the same kind" in reasons["4level"]
    assert "row 5" in reasons["6kind + stage + level"]
    assert "企业诉求" in reasons["2demand_id"]


def test_a_list_of_demands_with_a_column_of_limits_is_not_taken_for_the_table_of_limits(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["单位", "环节", "时限", "类别", "诉求内容", "提出日期"])
    book.active.append(["甲公司", "办结", "5", "用地", "厂房漏水，希望维修", "2022-03-05"])
    book.save(tmp_path / "台账.xlsx")
    given = read_ledger(tmp_path / "台账.xlsx")
    assert given.demands["text"].tolist() == ["厂房漏水，希望维修"]
    assert given.limits.empty


def test_the_template_begins_with_limits_that_can_be_edited(tmp_path):
    path = write_template(tmp_path / "a.xlsx", rows={"limits": limit_table("60 min / 24 h / 7 d")})
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book["时限"][2]] == [None, "响应", 0, 60, "分钟", "责任部门经办人", 0.8]
    book["企业名录"].append(["E1", "甲公司"])
    book["企业诉求"].append(["D1", "E1", "2022-03-05", "停车难"])
    book["时限"]["D4"] = 5
    book.save(path)
    given = read_ledger(path)
    closing = check_limits(given, "2022-03-08").set_index("stage").loc["close"]
    assert closing[["within", "state"]].tolist() == [5, "in time"]
    assert days_to_close(given) == 5


def test_an_analysis_follows_the_limits_of_its_ledger():
    rows = [
        ("2022-03-01", None, "2022-03-03", None, "settled", True, None),
        ("2022-03-01", None, "2022-03-20", None, "settled", True, None),
        OPEN,
        OPEN,
    ]
    given = ledger(*rows)
    given.demands["kind"] = pd.array([None, None, "用工", None], dtype="str")
    own = limits(("用工", "close", 0, 60, "days", "", 0.8), ("", "close", 0, 5, "working days", "", 0.8))
    given = replace(given, limits=own)
    analysis = Analysis(given, on="2022-03-21")
    assert analysis.within == 7
    assert set(analysis.today.limits["within"]) == {5, 60}
    due = analysis.today.chances.set_index("demand_id")
    assert due["due_on"].dt.strftime("%m-%d").to_dict() == {"D2": "04-30", "D3": "03-08"}
    assert due["chance"].to_dict()["D3"] == 0
    assert "1 open demand is over the limit already" in analysis.today.text.en
    assert Analysis(given, within=9, on="2022-03-21").today.chances["due_on"].tolist() == (
        [pd.Timestamp("2022-03-10")] * 2
    )


def test_the_words_of_the_schema_are_those_that_limits_are_counted_by():
    assert list(LIMIT_STAGES) == list(STAGES)
    assert list(LIMIT_UNITS) == list(UNITS)
    table = pd.DataFrame(LEDGER_LIMITS[1:3], columns=LEDGER_LIMITS[0]).assign(提醒比例=0.5)
    assert checked_limits(table)[["stage", "level", "unit"]].to_numpy().tolist() == [
        ["close", 0, "days"],
        ["close", 1, "days"],
    ]
    with pytest.raises(LedgerError, match="a whole number"):
        checked_limits(CLOSE.assign(level=[0, 1.5, 2]))
