"""Files for hosts and guests agree with the plan, and are safe to open."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.report.salon_files import (
    SalonTimes,
    salon_calendar,
    write_salon_calendars,
    write_salon_page,
    write_salon_workbook,
)
from liaison_analysis.salons.meetings import schedule_salon
from liaison_analysis.salons.plan import plan_salon

TIMES = SalonTimes("机器人沙龙", dt.datetime(2026, 12, 3, 14, 0), minutes=20, pause=10, place="礼嘉<厅>")  # noqa: DTZ001 - Chinese time
NAMES = {"E1": "华数机器人", "E2": "整车<厂>", "E3": "=1+1银行/支行:[一]"}


@pytest.fixture
def plan():
    rows = [
        ("E1", "E2", "customer", 0.9, 1, "焊接<script>alert(1)</script>"),
        ("E1", "E3", "financier", 0.4, 1, "诉求D1要融资"),
    ]
    columns = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]
    return plan_salon(pd.DataFrame(rows, columns=columns), capacity=3)


@pytest.fixture
def meetings(plan):
    return schedule_salon(plan, 2, 1)


def test_workbook_has_the_host_the_list_and_a_sheet_a_guest(plan, meetings, tmp_path):
    sheets = {
        s.name: s.rows
        for s in read_sheets(write_salon_workbook(plan, meetings, tmp_path / "a.xlsx", TIMES, names=NAMES))
    }
    assert list(sheets) == [
        "主办方日程 timetable", "参会名单 guests", "01 华数机器人", "02 整车<厂>", "03 =1+1银行 支行 一",
    ]  # fmt: skip
    host = sheets["主办方日程 timetable"]
    assert host[0] == ["轮次", "时间", "桌号", "甲方", "乙方", "理由"]
    assert host[1][:5] == ["1", "14:00–14:20", "1", "华数机器人", "整车<厂>"]
    assert host[2][:5] == ["2", "14:30–14:50", "1", "华数机器人", "=1+1银行/支行:[一]"]
    assert sheets["参会名单 guests"][1][:3] == ["华数机器人", "需求方", "2"]
    assert [row[3] for row in sheets["01 华数机器人"][1:]] == ["整车<厂>", "=1+1银行/支行:[一]"]


def test_calendar_has_an_event_a_meeting_at_chinese_time(meetings):
    made = icalendar.Calendar.from_ical(salon_calendar(meetings, "E1", TIMES, names=NAMES))
    events = made.walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [
        "机器人沙龙：整车<厂>",
        "机器人沙龙：=1+1银行/支行:[一]",
    ]
    assert events[1].decoded("dtstart") == dt.datetime(2026, 12, 3, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert events[1].decoded("dtend") - events[1].decoded("dtstart") == dt.timedelta(minutes=20)
    assert str(events[0]["location"]) == "礼嘉<厅> 1 号桌"
    assert len({str(event["uid"]) for event in events}) == 2


def test_calendars_are_written_for_everybody_and_twice_the_same(plan, meetings, tmp_path):
    first = [
        path.read_bytes() for path in write_salon_calendars(plan, meetings, tmp_path, TIMES, names=NAMES)
    ]
    again = write_salon_calendars(plan, meetings, tmp_path, TIMES, names=pd.Series(NAMES))
    assert [path.name for path in again] == ["01-E1.ics", "02-E2.ics", "03-E3.ics"]
    assert [path.read_bytes() for path in again] == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01-E1.ics", "02-E2.ics", "03-E3.ics"]


def test_page_escapes_every_text_and_fetches_nothing(plan, meetings, tmp_path):
    path = write_salon_page(plan, meetings, tmp_path / "salon.html", TIMES, names=NAMES, synthetic=True)
    text = path.read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert "http" not in page.get_text()
    assert [h.get_text() for h in page.find_all("h2")] == [
        "全部日程", "参会名单", "华数机器人", "整车<厂>", "=1+1银行/支行:[一]",
    ]  # fmt: skip
    assert "焊接<script>alert(1)</script>" in page.get_text()
    assert len(page.select("section.guest")) == 3
    assert "Synthetic data" in page.get_text()
    assert "Liaison Chinese" in text
    assert text == write_salon_page(plan, meetings, path, TIMES, names=NAMES, synthetic=True).read_text(
        encoding="utf-8"
    )
