"""What a cell says about a day, in all usual formats, and what a title says about years and months.

Small numbers such as 6.15 or 2022.6 are never serial dates of 1900 or 1905.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from liaison_analysis.text import read_number

if TYPE_CHECKING:
    from collections.abc import Collection

#: Years outside this range are typing errors, such as 0202 or 20222.
YEARS: Final = range(1900, 2101)
# Serial numbers of days that a ledger can hold: 1954 to 2119.
_SERIALS: Final = range(20_000, 80_000)
_EPOCH: Final = dt.date(1899, 12, 30)
#: Days between Excel's count from 1900 and the count from 1904 of old Macs.
MAC_SHIFT: Final = 1462
#: Pattern of a day inside a text, with its year or without: 2024年3月5日, 3.5.
DAY_IN_TEXT: Final = r"(?:20\d\d\s*[年./-]\s*)?\d{1,2}\s*(?:月\s*\d{1,2}\s*[日号]|[./-]\s*\d{1,2})"
#: A day beside other words in a cell, such as 已办结（6月20日）, and one that begins with its year.
DAY_BESIDE: Final = re.compile(
    r"(?:\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*[日号]?|\d{1,2}\s*月\s*\d{1,2}\s*[日号]|"
    r"(?<![\d.])\d{1,2}[./]\d{1,2}(?![\d.%]))"
)
WITH_YEAR: Final = re.compile(r"^\d{4}")

_TIME: Final = (
    r"(?:[ T]*(?:上午|下午|早上|晚上|中午|AM|PM)?\s*\d{1,2}[:时点]\d{0,2}(?:[:分]\d{0,2}秒?)?(?:\.\d+)?"
    r"\s*(?:AM|PM|Z|\+\d\d:?\d\d)?)?"
)
_WEEKDAY: Final = r"(?:\s*\(?(?:周|星期|礼拜)[一二三四五六日天]\)?|\s*\([一二三四五六日]\))?"
_TAIL: Final = rf"{_WEEKDAY}\s*(?:上午|下午)?{_TIME}{_WEEKDAY}\s*$"
_FULL: Final = re.compile(
    rf"^'?(\d{{4}})\s*[-/.年、,\\_\s]\s*(\d{{1,2}})\s*[-/.月、,\\_\s]\s*(\d{{1,2}})\s*[日号]?\.?{_TAIL}"
)
_COMPACT: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\s*\d{2}:?\d{2}(?::?\d{2})?)?$")
_SHORT_YEAR: Final = re.compile(
    rf"^'?(\d{{2}})\s*([-/.年])\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_TAIL}"
)
# Years of the calendar of Taiwan, 1912 being the first: 112年3月5日, 民國112/3/5.
_OF_REPUBLIC: Final = re.compile(
    rf"^(?:(?:中华民国|中華民國|民国|民國)\s*(\d{{2,3}})|(1[0-3]\d))\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_TAIL}"
)
_FIRST_OF_REPUBLIC: Final = 1911
# Days from which a column tells its calendar; judgement.
_FEWEST: Final = 3
_YEAR_LAST: Final = re.compile(rf"^(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*(\d{{4}}){_TAIL}")
_ENGLISH: Final = re.compile(
    r"^(?:(\d{1,2})[- ]([A-Z]{3})[A-Z]*\.?[-, ]+(\d{4}|\d{2})|([A-Z]{3})[A-Z]*\.? (\d{1,2}),? (\d{4}))$"
)
_MONTHS: Final = {
    m: i
    for i, m in enumerate(
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1
    )
}
_NO_YEAR: Final = re.compile(rf"^(\d{{1,2}})\s*[-/.月、]\s*(\d{{1,2}})\s*[日号]?{_TAIL}")
_DAY_ONLY: Final = re.compile(rf"^(\d{{1,2}})\s*[日号]{_TAIL}")
_NO_DAY: Final = re.compile(
    r"^(\d{4})\s*(?:[-/.年]\s*\d{1,2}\s*月?份?|\d{2})?\s*年?$|"
    r"^(?:\d{2,4}\s*[-/.年])?\s*(?:\d{1,2}\s*月份?\s*(?:上旬|中旬|下旬|初|中|底|末)?|"
    r"[第一二三四1-4]{1,2}季度|[上下]半年)(?:左右|前后)?$"
)
_SERIAL: Final = re.compile(r"^(\d{5})(?:\.\d+)?$")
# Separators of two days: words and long dashes are tried before a hyphen, which days may contain.
_SPAN: Final = re.compile(r"^(.*?\d[日号]?)\s*(?:--|—+|–|~|至|到)\s*(\d.*)$|^(.*\d[日号]?)\s*-\s*(\d.*)$")
_CHINESE: Final = re.compile(r"[〇○零0一二三四五六七八九十]+(?=[年月日号])|(?<=月)[一二三四五六七八九十]+$")
_DIGITS: Final = {c: i % 10 for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys("〇○Oo0", 0)
_CHINESE_YEAR: Final = re.compile(r"(?:二[〇○零Oo0]|一九)[〇○零Oo0一二三四五六七八九]{2}(?=\s*年)")
_HINT: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-./]\s*\d{1,2}(?!\d)|(?=\s*(?:上|下)半年|\s*第?[一二三四1-4]季度|$|[^\d]))"
)
# A sheet named 202401, or 20240131.
_COMPACT_HINT: Final = re.compile(r"(?<!\d)(20\d{2})(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d)")
_RANGE_HINT: Final = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[年.-]\s*(\d{1,2})\s*月?\s*(?:\d{1,2}\s*日)?\s*[-—–~至到]+\s*"
    r"((?:19|20)\d{2})\s*[年.-]\s*(\d{1,2})\s*月?"
)
_YEAR_AND_MONTH: Final = re.compile(r"^\s*'?(1[5-9]|[2-4]\d)\s*[-./年]\s*(1[0-2]|0?[1-9])\s*月?份?\s*$")
_MONTH_HINT: Final = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s*月")


@dataclass(frozen=True)
class Reading:
    """What a cell says about a day: the parts that are known, and what is open.

    ``open`` is ``""`` for a full day, ``year`` or ``month`` where that is missing, ``order`` where day and
    month may be exchanged, ``zero`` where a number may have lost a trailing zero (6.1 for 6.10),
    ``part`` for a month or year alone, and ``unread`` for anything else.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    open: str = ""
    span: bool = False


@lru_cache(maxsize=16384)
def read_day(written: str, *, number: bool = False, mac: bool = False, republic: bool = False) -> Reading:
    """Read one cell.

    Parameters
    ----------
    written
        The cell.
    number
        Whether it holds a number, not a text.
    mac
        Whether serial numbers count from 1904.
    republic
        Whether years of three digits are of Taiwan's calendar where 民國 does not say so.

    Examples
    --------
    >>> read_day("二〇二二年三月五日"), read_day("6.15")
    (Reading(year=2022, month=3, day=5, open='', span=False),
     Reading(year=None, month=6, day=15, open='year', span=False))
    >>> read_day("民國112年3月5日")
    Reading(year=2023, month=3, day=5, open='', span=False)
    >>> read_day("6.1", number=True).open, read_day("2022.6").open, read_day("44625").day
    ('zero', 'part', 5)
    """
    text = _plain(written)
    if found := _FULL.match(text) or _COMPACT.match(text):
        return _made(*map(int, found.groups()[:3]))
    if found := _SERIAL.match(text):
        serial = int(found[1]) + (MAC_SHIFT if mac else 0)
        if serial in _SERIALS:
            day = _EPOCH + dt.timedelta(days=serial)
            return Reading(day.year, day.month, day.day)
        return Reading(open="unread")
    if _NO_DAY.match(text):
        return Reading(open="part")
    if found := _NO_YEAR.match(text):
        month, day_of = int(found[1]), int(found[2])
        reading = _made(2000, month, day_of)
        if reading.open:
            return reading
        loses_zero = number and "." in text and day_of in {1, 2, 3} and len(found[2]) == 1
        return Reading(None, month, day_of, "zero" if loses_zero else "year")
    return _read_rarer(text, republic=republic)


def _read_rarer(text: str, *, republic: bool) -> Reading:
    """Read forms that few cells have."""
    if found := _SHORT_YEAR.match(text):
        return _made(2000 + int(found[1]), int(found[3]), int(found[4]))
    if (found := _OF_REPUBLIC.match(text)) and (found[1] or republic):
        return _made(_FIRST_OF_REPUBLIC + int(found[1] or found[2]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.match(text):
        first, second, year = (int(part) for part in found.groups()[:3])
        if first > 12:
            return _made(year, second, first)
        return Reading(year, first, second, "" if second > 12 or first == second else "order")
    if found := _ENGLISH.match(text.upper()):
        day_of, name, year_of = found.groups()[:3] if found[1] else (found[5], found[4], found[6])
        if name in _MONTHS:
            return _made(int(year_of) + (2000 if len(year_of) == 2 else 0), _MONTHS[name], int(day_of))
    if found := _DAY_ONLY.match(text):
        return Reading(None, None, int(found[1]), "month")
    if found := _SPAN.match(text):
        start = _plain(found[1] or found[3])
        first_day = read_day(start) if _FULL.match(start) or _NO_YEAR.match(start) else Reading()
        if first_day.open in {"", "year"} and first_day.day:
            return Reading(first_day.year, first_day.month, first_day.day, first_day.open, span=True)
    return Reading(open="unread")


def _plain(written: str) -> str:
    text = unicodedata.normalize("NFKC", written).strip().replace("\n", " ").replace("。", ".")
    if _CHINESE.search(text):
        text = _CHINESE.sub(lambda found: _as_digits(found[0]), text)
    return text


def _as_digits(written: str) -> str:
    """Write a Chinese number in digits; one written digit by digit keeps its number of digits."""
    return str(read_number(written)).zfill(1 if "十" in written else len(written))


def _made(year: int, month: int, day: int) -> Reading:
    try:
        dt.date(year, month, day)
    except ValueError:
        return Reading(open="unread")
    return Reading(year, month, day) if year in YEARS else Reading(open="unread")


def of_republic(cells: Collection[str]) -> bool:
    """Whether a column counts years as Taiwan does: a cell says so, or all of at least three are such days.

    Examples
    --------
    >>> of_republic(["112年3月5日", "民國112年3月6日"]), of_republic(["112年3月5日", "2023-03-06"])
    (True, False)
    """
    filled = [cell for cell in cells if cell]
    first = filled[:_FEWEST]  # nearly every column is told by its first cells
    if not any("国" in cell or "國" in cell for cell in filled) and not all(map(_of_republic, first)):
        return False
    found = [_of_republic(cell) for cell in filled]
    return any(one and one[1] for one in found) or (len(found) >= _FEWEST and all(found))


def _of_republic(cell: str) -> re.Match[str] | None:
    return _OF_REPUBLIC.match(_plain(cell))


def before_year(written: str) -> tuple[int, int] | None:
    """Two numbers before a year that stands last, either of which may be the day.

    Examples
    --------
    >>> before_year("3/15/2022"), before_year("2022-03-15")
    ((3, 15), None)
    """
    found = _YEAR_LAST.match(_plain(written))
    return (int(found[1]), int(found[2])) if found else None


def looks_like_day(written: str) -> bool:
    """Whether a cell is a day, with or without a year.

    Examples
    --------
    >>> looks_like_day("3月5日"), looks_like_day("120"), looks_like_day("停车难")
    (True, False, False)
    """
    return (
        len(written) <= 30
        and any(c.isdigit() or c in "一二三四五六七八九十" for c in written)
        and read_day(written).open in {"", "year", "order"}
    )


def years_in(text: str) -> set[int]:
    """Years mentioned in a title or a name.

    Examples
    --------
    >>> years_in("2022年上半年企业走访台账"), years_in("1月"), sorted(years_in("2021年12月-2022年3月"))
    ({2022}, set(), [2021, 2022])
    >>> years_in("二〇二四年重点企业走访台账"), years_in("202401")
    ({2024}, {2024})
    """
    plain = _year_in_digits(unicodedata.normalize("NFKC", text))
    return {int(found) for found in (*_HINT.findall(plain), *_COMPACT_HINT.findall(plain))}


def _year_in_digits(text: str) -> str:
    """Write a year such as 二〇二四年 in digits."""
    return _CHINESE_YEAR.sub(lambda found: "".join(str(_DIGITS[c]) for c in found[0]), text)


def dated_name(name: str) -> str:
    """Name of a sheet with the year in full where it is nothing but a year and a month; else the name itself.

    Examples
    --------
    >>> dated_name("23.11"), dated_name("24年1月"), dated_name("3.15")
    ('2023年11月', '2024年1月', '3.15')
    """
    found = _YEAR_AND_MONTH.match(unicodedata.normalize("NFKC", name))
    return f"20{found[1]}年{found[2]}月" if found else name


def range_in(text: str) -> tuple[int, int] | None:
    """First and last month of a period in a title that spans two years, counted from the year 0.

    Examples
    --------
    >>> range_in("2021年12月-2022年1月台账") == (2021 * 12 + 11, 2022 * 12), range_in("2022年") is None
    (True, True)
    """
    found = _RANGE_HINT.search(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    first, last = (int(found[k]) * 12 + int(found[k + 1]) - 1 for k in (1, 3))
    return (first, last) if first <= last else None


def month_in(text: str) -> int | None:
    """Month mentioned in a title or a name, if there is exactly one.

    Examples
    --------
    >>> month_in("3月企业走访台账"), month_in("1月-3月") is None
    (3, True)
    """
    months = {int(found) for found in _MONTH_HINT.findall(unicodedata.normalize("NFKC", text))}
    return months.pop() if len(months) == 1 else None
