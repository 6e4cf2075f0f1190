"""What stands below a document's text: signature, day, contact persons, names of attachments, imprint."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis.policies.dates import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OFFICE: Final = r"(?:政府|办公厅|办公室|委员会|管委会|联合会|总工会|局|厅|部|委|院|中心|银行|总署|署)"
#: One body or several on a line, as they sign.
OFFICES: Final = re.compile(rf"[一-鿿（）()]{{1,40}}?{_OFFICE}(?:[\s、]+[一-鿿（）()]{{1,40}}?{_OFFICE})*")
# A single signature may also be that of an association or a firm.
_SIGNER: Final = re.compile(
    rf"(?:{OFFICES.pattern}|[一-鿿（）()\s]{{2,40}}(?:协会|学会|商会|集团|公司|处|队|站|馆|组))"
)
_DATE: Final = re.compile(rf"[（(]?\s*{DAY}\s*[）)]?")
_SIGNED_DATE: Final = re.compile(rf"{OFFICES.pattern}\s*{DAY}")
IMPRINT: Final = re.compile(
    r"[（(]?(?:信息)?公开(?:方式|属性|类别|形式|选项)\s*[:：].*|(?:主题词|抄送|分送|主送|印发范围)\s*[:：].*|.{2,40}\d{4}年\d{1,2}月\d{1,2}日(?:印发|印)"
    rf"|[一-鿿]{{2,24}}{_OFFICE}\s*(?:制|印制|编印)"
    r"|[（(]?此件(?:主动|依申请|不予)?公开(?:发布)?[）)]?"
)
_STAMP: Final = re.compile(r"\s*[（(](?:盖章|公章|印章|代章|签章)[）)]\s*$")
_FORMULA: Final = re.compile(r"特此(?:公告|通知|公示|通告|函[达告复]|批复|报告|说明|通报)[。！]?")
_CONTACT: Final = re.compile(
    # A number of its own makes it a part of the document: 四、联系人：.
    r"(?![一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])[（(]?[一-鿿（）()、]{0,24}?(?:联\s*系\s*(?:人|电\s*话|方\s*式|地\s*址|部\s*门)|电\s*话|热\s*线"
    r"|邮\s*箱|传\s*真|地\s*址|邮\s*(?:政\s*)?编\s*码?|网\s*址)(?:[及和与、][一-鿿]{2,6})?\s*[:：].{0,120}"
)
_CONTACT_HEADING: Final = re.compile(
    r"[^。；，]{0,16}(?:联系|咨询|电话|地址|窗口|方式|渠道|网点)[^。；，]{0,8}"
)
_ATTACHMENTS: Final = re.compile(r"附\s*件\s*[:：]\s*(?P<first>.*)")
_ATTACHMENT_NAME: Final = re.compile(r"[0-9０-９]{1,2}(?:[.．、:：]|\s)\s*(?P<name>[^。；]{2,80})")
_FILE: Final = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar)$", re.IGNORECASE)
_LINKED: Final = re.compile(
    rf"附\s*件\s*[0-9０-９]{{1,2}}\s*[:：.．、]?.{{1,80}}{_FILE.pattern}", re.IGNORECASE
)
_NUMBERED: Final = re.compile(
    r"^(?:附\s*件\s*[0-9０-９]{0,2}\s*[:：.．、]?)?\s*(?:[0-9０-９]{1,2}(?:[.．、:：]|\s))?\s*"
)
_MOST_SIGNERS: Final = 8  # lines of a joint signature; judgement


def without_closings(lines: Sequence[str]) -> list[bool]:
    """Mark each line of a document: whether it is text, and not what closes the document or one of its parts.

    A signature is a line of bodies above a line that is only a day; contact lines belong to the closing
    where they stand beside it or at the end, unless a heading announces them; an attachment list is
    introduced by 附件： and holds names only, while an annex has its own text.

    Examples
    --------
    >>> lines = ["三、本通知自印发之日起施行。", "附件：1.申请表", "2.汇总表", "某市商务局", "2024年5月6日"]
    >>> lines += ["（联系人：王工，电话：[固定电话]）", "附件1", "某市奖励细则", "第一条 给予奖励。"]
    >>> [line for line, is_text in zip(lines, without_closings(lines)) if is_text]
    ['三、本通知自印发之日起施行。', '附件1', '某市奖励细则', '第一条 给予奖励。']
    """
    bare = [_STAMP.sub("", line.strip("| \t　")) for line in lines]
    kept = [not (IMPRINT.fullmatch(line) or _FORMULA.fullmatch(line)) for line in bare]
    for start, end in _attachment_lists(lines):
        kept[start:end] = [False] * (end - start)
    closings = [len(bare)]
    for i, line in enumerate(bare):
        if _SIGNED_DATE.fullmatch(line):
            kept[i] = False
            closings.append(i)
        elif i and _DATE.fullmatch(line):
            top = _signers_above(bare, kept, i)
            if top < i:
                kept[top : i + 1] = [False] * (i + 1 - top)
                closings.append(top)
    for at in closings:
        _drop_contacts(bare, kept, at)
    return kept


def _signers_above(bare: list[str], kept: list[bool], day: int) -> int:
    """First line of the bodies that sign above a day; the day's own line where nobody does."""
    top = day
    while top and day - top < _MOST_SIGNERS:
        line = bare[top - 1]
        signs = OFFICES.fullmatch(line) or (top == day and _SIGNER.fullmatch(line))
        if not signs and kept[top - 1]:
            break
        top -= 1
    while top < day and not kept[top]:  # lines that are dropped already do not sign
        top += 1
    return top


def _drop_contacts(bare: list[str], kept: list[bool], at: int) -> None:
    """Drop contact lines next to a signature, above and below, or at the end of the document."""
    top = at
    while top and (not kept[top - 1] or _CONTACT.fullmatch(bare[top - 1])):
        top -= 1
    if top and not _CONTACT_HEADING.fullmatch(bare[top - 1]):
        kept[top:at] = [False] * (at - top)
    below = at
    while below < len(bare) and (not kept[below] or _CONTACT.fullmatch(bare[below])):
        kept[below] = False
        below += 1


def attachment_names(lines: Sequence[str]) -> list[str]:
    """Names of the attachments that a document lists below its text.

    Examples
    --------
    >>> attachment_names(["一、奖励10万元。", "附件：1.申请表", "2.汇总表.xlsx", "附件3：承诺书.docx"])
    ['申请表', '汇总表.xlsx', '承诺书.docx']
    """
    listed = [line for start, end in _attachment_lists(lines) for line in lines[start:end]]
    bare = (_NUMBERED.sub("", line).strip() for line in listed)
    return list(dict.fromkeys(name for name in bare if name))


def _attachment_lists(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First line, and line after the last, of each list of attachments."""
    for i, line in enumerate(lines):
        heading = _ATTACHMENTS.fullmatch(line)
        if not heading:
            if _LINKED.fullmatch(line):
                yield i, i + 1
            continue
        end = i + 1
        while end < len(lines) and (_ATTACHMENT_NAME.fullmatch(lines[end]) or _FILE.search(lines[end])):
            end += 1
        first = heading.group("first")
        is_name = first and not re.search(r"[。；]", first)
        if is_name or (not first and end > i + 1):
            yield i, end
