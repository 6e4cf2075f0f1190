"""A salon's plan for hosts and guests: workbook, calendars, a printable page."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd

from liaison_analysis._checks import check_frame, check_kind
from liaison_analysis._files import replacing
from liaison_analysis.introductions import ROLE_NAMES
from liaison_analysis.ledger import write_workbook
from liaison_analysis.report.fonts import font_face
from liaison_analysis.salons import guest_timetable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from liaison_analysis.salons import SalonPlan

# Characters of a sheet's name that Excel allows.
_LONGEST_SHEET = 31
_ROLES = ROLE_NAMES["zh"]


@dataclass(frozen=True)
class SalonTimes:
    """When and where the slots of a salon are.

    Attributes
    ----------
    title, place
        As guests are to read them.
    start
        When the first slot begins; without a time zone it is Chinese time.
    minutes, pause
        How long a meeting lasts, and how long guests have to change tables.

    Examples
    --------
    >>> times = SalonTimes("机器人产业沙龙", dt.datetime(2026, 12, 3, 14, 0), minutes=25)
    >>> times.clock(1)
    '14:30–14:55'
    """

    title: str
    start: dt.datetime
    minutes: int = 20
    pause: int = 5
    place: str = ""

    def span(self, slot: int) -> tuple[dt.datetime, dt.datetime]:
        """Begin and end of a slot.

        Parameters
        ----------
        slot
            From 0.

        Returns
        -------
        tuple of datetime
            Both with a time zone.

        Examples
        --------
        >>> times = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0))
        >>> begin, end = times.span(1)
        >>> f"{begin:%H:%M}", (end - begin).seconds // 60
        ('14:25', 20)
        """
        start = self.start if self.start.tzinfo else self.start.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        begin = start + slot * dt.timedelta(minutes=self.minutes + self.pause)
        return begin, begin + dt.timedelta(minutes=self.minutes)

    def clock(self, slot: int) -> str:
        """Begin and end of a slot as times of day.

        Parameters
        ----------
        slot
            From 0.

        Returns
        -------
        str
            Such as ``14:00–14:20``.

        Examples
        --------
        >>> times = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0))
        >>> times.clock(0)
        '14:00–14:20'
        """
        begin, end = self.span(slot)
        return f"{begin:%H:%M}–{end:%H:%M}"


def write_salon_workbook(
    plan: SalonPlan,
    meetings: pd.DataFrame,
    path: Path,
    times: SalonTimes,
    *,
    names: Mapping[Any, str] | pd.Series,
) -> Path:
    """Write the guest list, the whole timetable and a sheet for each guest to an ``.xlsx`` file.

    Parameters
    ----------
    plan, meetings
        From ``plan_salon`` and ``schedule_salon``.
    path
        File to write; replaced as a whole when everything is written.
    times
        When the slots are.
    names
        Name of each enterprise by its id, such as ``ledger.names()``; ids without a name are shown as they
        are.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    LedgerError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis.salons import plan_salon, schedule_salon
    >>> introductions = pd.DataFrame(
    ...     [("E1", "E2", "customer", 0.9, 1, "焊接机器人用于车身")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> plan = plan_salon(introductions, capacity=2)
    >>> meetings = schedule_salon(plan, slots=1, tables=1)
    >>> times, folder = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0)), Path(tempfile.mkdtemp())
    >>> from liaison_analysis.ledger import read_sheets
    >>> book = write_salon_workbook(plan, meetings, folder / "salon.xlsx", times, names={"E2": "整车厂"})
    >>> [sheet.name for sheet in read_sheets(book)][2:]
    ['01 E1', '02 整车厂']
    """
    check_kind(plan, "plan", "SalonPlan", source="plan_salon")
    check_frame(meetings, "meetings", ["slot", "table", "a", "b", "reason"], source="schedule_salon")
    named = dict(names)
    sheets = {
        "主办方日程 timetable": _host_table(meetings, times, named),
        "参会名单 guests": _guest_table(plan, meetings, named),
    }
    for number, guest in enumerate(plan.guests["enterprise_id"], start=1):
        title = f"{number:02d} {_called(named, guest)}"
        sheets[re.sub(r"[\[\]:*?/\\'\s]+", " ", title)[:_LONGEST_SHEET]] = _own_table(
            meetings, guest, times, named
        )
    return write_workbook(path, sheets)


def salon_calendar(
    meetings: pd.DataFrame, guest: Any, times: SalonTimes, *, names: Mapping[Any, str] | pd.Series
) -> bytes:
    """Make one guest's meetings as an iCalendar file (RFC 5545), the same bytes for the same plan.

    Parameters
    ----------
    meetings, times, names
        As in `write_salon_workbook`.
    guest
        An ``enterprise_id``.

    Returns
    -------
    What to write to an ``.ics`` file: one event for each meeting, in UTC.

    Examples
    --------
    >>> from liaison_analysis.salons import plan_salon, schedule_salon
    >>> introductions = pd.DataFrame(
    ...     [("E1", "E2", "customer", 0.9, 1, "焊接机器人用于车身")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> meetings = schedule_salon(plan_salon(introductions, capacity=2), slots=1, tables=1)
    >>> times = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0))
    >>> text = salon_calendar(meetings, "E1", times, names={"E2": "整车厂"}).decode()
    >>> [line for line in text.splitlines() if line.startswith(("SUMMARY", "DTSTART"))]
    ['SUMMARY:沙龙：整车厂', 'DTSTART:20261203T060000Z']
    """
    import icalendar

    check_frame(meetings, "meetings", ["slot", "a", "b"], source="schedule_salon")

    named = dict(names)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//liaison-analysis//salon//ZH")
    calendar.add("version", "2.0")
    for slot, table, meets, reason in guest_timetable(meetings, guest)[
        ["slot", "table", "meets", "reason"]
    ].itertuples(index=False):
        begin, end = (moment.astimezone(dt.UTC) for moment in times.span(slot))
        event = icalendar.Event()
        event.add("uid", f"{begin:%Y%m%dT%H%M}-{guest}-{meets}@liaison-analysis")
        event.add("dtstamp", begin)
        event.add("dtstart", begin)
        event.add("dtend", end)
        event.add("summary", f"{times.title}：{_called(named, meets)}")
        event.add("location", f"{times.place} {table + 1} 号桌".strip())
        event.add("description", str(reason))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def write_salon_calendars(
    plan: SalonPlan,
    meetings: pd.DataFrame,
    folder: Path,
    times: SalonTimes,
    *,
    names: Mapping[Any, str] | pd.Series,
) -> list[Path]:
    """Write the `salon_calendar` of every guest to a folder, named by its number in the list and its id.

    Parameters
    ----------
    plan, meetings, times, names
        As in `write_salon_workbook`.
    folder
        Made if it is not there; each file is replaced as a whole.

    Returns
    -------
    The files, in the order of the guest list.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis.salons import plan_salon, schedule_salon
    >>> introductions = pd.DataFrame(
    ...     [("E1", "E2", "customer", 0.9, 1, "焊接机器人用于车身")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> plan = plan_salon(introductions, capacity=2)
    >>> meetings = schedule_salon(plan, slots=1, tables=1)
    >>> times, folder = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0)), Path(tempfile.mkdtemp())
    >>> [path.name for path in write_salon_calendars(plan, meetings, folder, times, names={})]
    ['01-E1.ics', '02-E2.ics']
    """
    check_kind(plan, "plan", "SalonPlan", source="plan_salon")
    check_frame(meetings, "meetings", ["slot", "a", "b"], source="schedule_salon")
    written = []
    for number, guest in enumerate(plan.guests["enterprise_id"], start=1):
        path = folder / f"{number:02d}-{re.sub(r'[^0-9A-Za-z_-]', '_', str(guest))}.ics"
        with replacing(path) as temporary:
            temporary.write_bytes(salon_calendar(meetings, guest, times, names=names))
        written.append(path)
    return written


def write_salon_page(
    plan: SalonPlan,
    meetings: pd.DataFrame,
    path: Path,
    times: SalonTimes,
    *,
    names: Mapping[Any, str] | pd.Series,
    synthetic: bool = False,
) -> Path:
    """Write the timetable and every guest's page as one HTML file that opens and prints offline.

    Parameters
    ----------
    plan, meetings, times, names
        As in `write_salon_workbook`.
    path
        File to write; replaced as a whole when it is complete.
    synthetic
        Whether to say that the data are synthetic.

    Returns
    -------
    The file. Every text in it is escaped; printed, each guest begins on a new page.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis.salons import plan_salon, schedule_salon
    >>> introductions = pd.DataFrame(
    ...     [("E1", "E2", "customer", 0.9, 1, "焊接机器人用于车身")],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
    ... )
    >>> plan = plan_salon(introductions, capacity=2)
    >>> meetings = schedule_salon(plan, slots=1, tables=1)
    >>> times, folder = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0)), Path(tempfile.mkdtemp())
    >>> page = write_salon_page(plan, meetings, folder / "salon.html", times, names={"E2": "整车厂"})
    >>> "整车厂" in page.read_text(encoding="utf-8")
    True
    """
    check_kind(plan, "plan", "SalonPlan", source="plan_salon")
    import jinja2

    check_frame(meetings, "meetings", ["slot", "table", "a", "b", "reason"], source="schedule_salon")

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("liaison_analysis.report", "assets"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    named = dict(names)
    tables = [
        ("全部日程", "", _host_table(meetings, times, named)),
        ("参会名单", "", _guest_table(plan, meetings, named)),
    ]
    guests = plan.guests[["enterprise_id", "why"]].itertuples(index=False)
    tables += [
        (_called(named, guest), why, _own_table(meetings, guest, times, named)) for guest, why in guests
    ]
    values = {
        "title": times.title,
        "place": times.place,
        "day": f"{times.span(0)[0]:%Y-%m-%d}",
        "synthetic": synthetic,
        "n_meetings": len(meetings),
        "sections": [(head, why, list(table), table.to_numpy().tolist()) for head, why, table in tables],
    }
    template = environment.get_template("salon.html.j2")
    bare = template.render(values, font_face="")
    with replacing(path) as temporary:
        temporary.write_text(template.render(values, font_face=font_face(bare)), encoding="utf-8")
    return path


def _called(names: Mapping[Any, str], guest: Any) -> str:
    return str(names.get(guest, guest))


def _host_table(meetings: pd.DataFrame, times: SalonTimes, names: Mapping[Any, str]) -> pd.DataFrame:
    """Give the whole timetable, for the host."""
    rows = [
        (slot + 1, times.clock(slot), table + 1, _called(names, a), _called(names, b), reason)
        for slot, table, a, b, reason in meetings[["slot", "table", "a", "b", "reason"]].itertuples(
            index=False
        )
    ]
    return pd.DataFrame(rows, columns=["轮次", "时间", "桌号", "甲方", "乙方", "理由"])


def _guest_table(plan: SalonPlan, meetings: pd.DataFrame, names: Mapping[Any, str]) -> pd.DataFrame:
    """Guests, each with its role and the reason."""
    held = pd.concat([meetings["a"], meetings["b"]]).value_counts()
    rows = [
        (_called(names, guest), _ROLES.get(role, role), int(held.get(guest, 0)), why)
        for guest, role, why in plan.guests[["enterprise_id", "role", "why"]].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["单位", "角色", "场数", "邀请理由"])


def _own_table(
    meetings: pd.DataFrame, guest: Any, times: SalonTimes, names: Mapping[Any, str]
) -> pd.DataFrame:
    """One guest's timetable."""
    rows = [
        (slot + 1, times.clock(slot), table + 1, _called(names, meets), reason)
        for slot, table, meets, reason in guest_timetable(meetings, guest)[
            ["slot", "table", "meets", "reason"]
        ].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["轮次", "时间", "桌号", "对接对象", "理由"])
