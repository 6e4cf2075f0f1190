"""When applications for a grant are taken, read from the words of a clause: one period or several."""

from __future__ import annotations

import datetime as dt
import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis.policies.dates import (
    DAY,
    NARROW,
    PART,
    RUNS,
    SELF,
    TO_WORD,
    YEAR,
    Condition,
    read_date,
)
from liaison_analysis.text import CHINESE_NUMERALS, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CLOCK: Final = (
    r"(?:\s*[（(][^（()）]{1,8}[）)])?(?:\s*(?:上午|下午|中午"
    r"|晚上)?\s*\d{1,2}\s*(?:[:：]\d{2}|[时点](?:\d{1,2}分)?))?"
)
_MONTH_DAY: Final = rf"{PART}\s*月\s*{PART}\s*日"
_LATER: Final = rf"(?:{YEAR}\s*年\s*)?(?:{PART}\s*月\s*)?{PART}\s*日"
_APPLYING: Final = (
    r"(?:申报|申请|报名|受理|征集|申领|提交|报送|填报|登记|申办|预约|缴费|参保|兑现|网上报名|线上申报)"
)
_APPLY: Final = re.compile(_APPLYING)
# Other steps, whose days are none for applicants.
_STEP: Final = re.compile(
    r"公示|审[核查批]|评[审估价]|核[查验]|验收|公布|拨付|发放|支付|建设|实施|执行|答辩|考试|培训|举办|活动|纳税|发生"
)
# A heading that ends in a full stop before its days: 申报时间。2025年6月1日至30日。
_RUN_IN: Final = re.compile(
    rf"((?:^|(?<=[。；;\n]))[^，。；;\n]{{0,6}}{_APPLYING}[^，。；;\n\d]{{0,6}})。(?={DAY})"
)
# A further period may leave out the year: 2025年3月1日至3月20日、9月1日至9月20日.
_WINDOW: Final = re.compile(
    rf"(?P<first>{DAY}|(?<![年\d])(?P<no_year>{_MONTH_DAY})){_CLOCK}\s*(?:起|开始)?[，,]?{TO_WORD}(?P<last>{_LATER}|{DAY}){_CLOCK}"
)
_DEADLINE: Final = re.compile(
    rf"(?:截止|截至|期限|时间)[^，。；\d]{{0,10}}(?:至|到|为|[:：])?\s*(?P<last>{DAY})|(?:至|到)\s*(?P<last2>{DAY})\s*(?:止|截止|结束)"
    rf"|(?P<last3>{DAY}){_CLOCK}\s*(?:之?前|以前|截止|止)"
)
_OPENS: Final = re.compile(rf"(?:自|从)?\s*(?P<first>{DAY}){_CLOCK}\s*(?:起|开始)(?!至|到)")
_NEXT_DAY: Final = re.compile(rf"[、，,和及与]+\s*(?P<last>{_LATER})")
# Several rounds of applications: 第一批, 上半年, 二季度.
_ROUND: Final = re.compile(
    rf"第\s*[{CHINESE_NUMERALS}\d]{{1,2}}\s*[批轮期次]|首批|[上下]半年|[一二三四1-4]季度"
)
# After it the next sentences may hold periods alone: 申报时间：, 分两批受理。
_ANNOUNCES: Final = re.compile(
    rf"{_APPLYING}[^，。；]{{0,8}}(?:时间|期限|安排|批次|日期)|分[{CHINESE_NUMERALS}\d]{{1,2}}[批轮次期]|[:：]\s*$"
)
_HEADS: Final = re.compile(rf"{_APPLYING}[^，。；]{{0,8}}(?:时间|期限|安排|批次|日期)$")
# Before two days: those between which a policy is in force.
_IN_FORCE: Final = re.compile(rf"(?:有效期限?|{RUNS}(?:期限?|时间|日期))\s*(?:为|是|[:：])?\s*(?:自|从)?\s*$")
# After two days: what was bought or done between them.
_DONE: Final = re.compile(
    r"\s*(?:期间|以来|内)?[^，]{0,4}(?:购置|购买|新增|建成|投产|取得|获评|发生|实施|完成|签订)"
)
# Largest distance in characters between words of applying and their dates; judgement.
_NEAR: Final = 24
# Characters beside a period in a sentence of its own below 申报时间： at most; judgement.
_LABEL: Final = 16
_BEGINNING: Final = re.compile(r"(?:开始|起始|开放|启动)(?:时间|日期)$")
_ENDING: Final = re.compile(r"(?:截止|结束|终止)(?:时间|日期)$")
_TIME_COLUMN: Final = re.compile(r"(?:起止)?(?:时间|日期|期限)(?:安排)?")


class Window(NamedTuple):
    """A period for applications: its first and last day, either of which may be missing, and its words."""

    opens: dt.date | None
    closes: dt.date | None
    words: str


def application_periods(text: str, *, heading: str = "") -> list[Window]:
    """Read every period for applications that a clause states (申报时间, 受理期限, 第二批…), in its order.

    The act's validity, the days of other steps (公示, 评审) and of what was bought are none. Periods may
    stand in one sentence, in sentences or lines below 申报时间：, or in the cells of a table's column; a
    further one that leaves out its year is in the year of the one before.

    Parameters
    ----------
    text
        The clause.
    heading
        The headings above it, which may say what the days of an item are: 三、申报时间 （一）科普项目：….

    Examples
    --------
    >>> text = "申报时间：第一批2025年3月1日至3月20日，第二批9月1日至9月20日；公示期2025年10月8日至12日。"
    >>> [(window.opens.isoformat(), window.closes.isoformat()) for window in application_periods(text)]
    [('2025-03-01', '2025-03-20'), ('2025-09-01', '2025-09-20')]
    >>> [window.closes.isoformat() for window in application_periods("申报期限至2023年6月30日。")]
    ['2023-06-30']
    """
    found: dict[tuple[dt.date | None, dt.date | None], Window] = {}
    above = heading.rsplit(" ", maxsplit=1)[-1]
    announced = bool(_HEADS.search(above)) and not _STEP.search(above)
    for sentence in _sentences(text.translate(NARROW)):
        if re.search(rf"{SELF}[^，]{{0,12}}{DAY}", sentence):
            announced = False
            continue
        named = bool(_APPLY.search(sentence))
        if not named and not announced:
            continue
        before = next(reversed(found.values()), None)
        windows = list(_of_sentence(sentence, before) if named else _alone(sentence, before))
        for one in windows:
            found.setdefault((one.opens, one.closes), one)
        announced = bool(windows) or (named and bool(_ANNOUNCES.search(sentence)))
    return list(found.values())


def clause_periods(clause: Mapping[Any, Any]) -> list[Window]:
    """Read the periods for applications of a clause, a row of ``policies``, below its chapter."""
    text, chapter = (
        value if isinstance(value, str) else "" for value in map(clause.get, ("text", "chapter"))
    )
    return application_periods(text, heading=chapter)


def read_windows(text: str, *, heading: str = "") -> list[Condition]:
    """Give the periods for applications of a clause as conditions, as distinct from the act's validity.

    Returns
    -------
    list[Condition]
        ``apply_from`` and ``apply_to`` in the order of the text, each with its words.

    Examples
    --------
    >>> [condition[:2] for condition in read_windows("申报时间：2025年8月11日9:00至9月10日17:30。")]
    [('apply_from', '2025-08-11'), ('apply_to', '2025-09-10')]
    """
    found = []
    for window in application_periods(text, heading=heading):
        if window.opens:
            found.append(Condition("apply_from", window.opens.isoformat(), window.words))
        if window.closes:
            found.append(Condition("apply_to", window.closes.isoformat(), window.words))
    return found


def _sentences(text: str) -> Iterator[str]:
    """Sentences of a clause; a row of a table as one for each of its cells below a heading of time."""
    for is_row, lines in groupby(text.split("\n"), key=lambda line: line.startswith("|")):
        if is_row:
            yield from _of_table([[cell.strip() for cell in line.strip("| ").split("|")] for line in lines])
        else:
            yield from re.split(r"[。；;\n]", _RUN_IN.sub(r"\1：", "\n".join(lines)))


def _of_table(rows: list[list[str]]) -> Iterator[str]:
    """Sentences of a table: its heading with each day below it, else its rows."""
    heads, *below = rows
    columns = [
        i for i, head in enumerate(heads) if _TIME_COLUMN.search(head) and not re.search(DAY, head)
    ] if below else []  # fmt: skip
    if not columns or any(re.search(DAY, head) for head in heads):
        for row in rows:
            yield from re.split(r"[。；;]", " | ".join(row))
        return
    first, last = (
        next((i for i in columns if pattern.search(heads[i])), None) for pattern in (_BEGINNING, _ENDING)
    )
    if first is not None and last is not None:  # the first day in one column, the last in another
        for row in below:
            if max(first, last) < len(row):
                yield f"申报时间：{row[first]}至{row[last]}"
        return
    for row in below:
        for i in columns:
            if i < len(row) and re.search(DAY, row[i]):
                # Where the column is only called 时间, the row says of what.
                beside = row[0] if i and _TIME_COLUMN.fullmatch(heads[i]) else ""
                yield f"{beside}{heads[i]}：{row[i]}"


def _of_sentence(sentence: str, before: Window | None) -> Iterator[Window]:
    """Periods of a sentence that speaks of applying."""
    end, last = 0, None
    for match in _WINDOW.finditer(sentence):
        label = re.split(r"[，,]", sentence[max(end, match.start() - _NEAR) : match.start()])[-1]
        goes_on = last is not None and match.start() - end <= _NEAR
        if _applies(sentence, match, label, goes_on=goes_on):
            window = _window(match, last or before)
            if window:
                yield window
                last = window
        end = match.end()
    if last:
        return
    opens = next((m for m in _OPENS.finditer(sentence) if _applies(sentence, m, _piece(sentence, m))), None)
    if opens and re.search(RUNS, sentence[opens.end() :][:4]):
        opens = None
    rounds = len(_ROUND.findall(sentence)) > 1
    first = read_date(opens.group("first")) if opens else None
    closed = False
    for match in _DEADLINE.finditer(sentence):
        day = read_date(match.group("last") or match.group("last2") or match.group("last3"))
        if day and _applies(sentence, match, _piece(sentence, match)) and not (first and day < first):
            words = match.group().strip()
            yield Window(first, day, words if first is None else f"{opens.group().strip()}……{words}")  # type: ignore[union-attr]
            yield from _further(sentence, match, day)
            closed = True
            if not rounds:
                return
            first = None
    if first and opens and not closed:
        yield Window(first, None, opens.group().strip())


def _further(sentence: str, match: re.Match[str], day: dt.date) -> Iterator[Window]:
    """Further last days behind the first: 截止日期分别为2025年3月31日、6月30日、9月30日."""
    at = match.end()
    while "分别" in match.group() and (one := _NEXT_DAY.match(sentence, at)):
        later = _later(one.group("last"), day)
        if later is None:
            return
        day = later
        yield Window(None, day, one.group("last"))
        at = one.end()


def _piece(sentence: str, match: re.Match[str]) -> str:
    return re.split(r"[，,]", sentence[max(0, match.start() - _NEAR) : match.start()])[-1]


def _alone(sentence: str, before: Window | None) -> Iterator[Window]:
    """Periods of a sentence below 申报时间： that holds little else: 第二批：2025年9月1日至9月30日."""
    end, last = 0, before
    for match in _WINDOW.finditer(sentence):
        label = sentence[end : match.start()].strip()
        if len(label) <= _LABEL and not _STEP.search(label) and not _DONE.match(sentence, match.end()):
            window = _window(match, last)
            if window:
                yield window
                last = window
        end = match.end()
    if not end:
        for match in _DEADLINE.finditer(sentence):
            label = sentence[: match.start()]
            day = read_date(match.group("last") or match.group("last2") or match.group("last3"))
            named = _ROUND.search(label) or label.rstrip().endswith(("：", ":"))
            if day and named and len(label) <= _LABEL and not _STEP.search(label):
                yield Window(None, day, match.group().strip())
                return


def _applies(sentence: str, match: re.Match[str], label: str, *, goes_on: bool = False) -> bool:
    """Whether a day or two are those of applications, by the words before and around them.

    ``label`` is what stands before them in their part of the sentence; ``goes_on`` whether they stand next to
    a period for applications.
    """
    if _IN_FORCE.search(sentence[max(0, match.start() - _NEAR) : match.start()]) or _DONE.match(
        sentence, match.end()
    ):
        return False
    if _STEP.search(label) and not _APPLY.search(label):
        return False
    around = sentence[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    return goes_on or bool(_APPLY.search(around))


def _window(match: re.Match[str], before: Window | None) -> Window | None:
    """Period of two days; without a year it is in that of the period before."""
    written = match.group("first")
    if match.group("no_year"):
        known = before and (before.opens or before.closes)
        if not known:
            return None
        written = f"{known.year}年{written}"
    start = read_date(written)
    end = _later(match.group("last"), start) if start else None
    return Window(start, end, match.group().strip()) if start and end and end >= start else None


def _later(text: str, start: dt.date) -> dt.date | None:
    parts = [read_number(part) for part in re.findall(rf"\d+|[{CHINESE_NUMERALS}]+", text)]
    full = [start.year, start.month, start.day][: 3 - len(parts)] + parts
    try:
        return dt.date(full[0], full[1], full[2])
    except ValueError:
        return None
