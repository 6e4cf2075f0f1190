"""What a web page states of its document: title, number, issuer and days, in its head, tables and lines."""

from __future__ import annotations

import re
from typing import Any, Final

from liaison_analysis.policies.dates import DAY
from liaison_analysis.policies.document_titles import DOCUMENT_NUMBER
from liaison_analysis.policies.page_furniture import (
    INFO_LENGTH,
    LINK,
    is_furniture,
    labelled,
    without_imprint,
)
from liaison_analysis.policies.page_lines import lines_of, row_cells, squeeze
from liaison_analysis.policies.particulars import ISSUED_BESIDE, NUMBER_BESIDE

_FIGURES: Final = (
    rf"(?:{DAY}|\d{{4}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*\d{{1,2}}|[A-Z][a-z]{{2,8}}\.? \d{{1,2}}, \d{{4}})"
)
# The day of publication and the source, in a line with other information on the page.
_PUBLISHED: Final = re.compile(
    rf"(?<![一-鿿])(?:(?:发布|发表|公开|更新|加入|录入|上传|上网|发稿)?(?:时间|日期)|发布于|Published|Updated)\s*[:：]?\s*({_FIGURES})"
)
_DAY_ALONE: Final = re.compile(rf"(?!\d+年)({_FIGURES})(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?(?:\s+\D.*)?")
_DAY_BESIDE: Final = re.compile(r"[\s|｜]+(\d{4}-\d{1,2}-\d{1,2})$")
_MINUTE: Final = re.compile(r"(?:^|\s)(\d{4}-\d{1,2}-\d{1,2})\s+\d{1,2}:\d{2}")
_SOURCE: Final = re.compile(
    r"(?:(?:信息|文章|稿件|内容)?来源|Source)\s*[:：]\s*([^\s【\[|｜]{2,30}?)(?=$|[\s【\[|｜]|(?:发布|发表|更新)?(?:时间|日期)|浏览|阅读|点击|字[体号])"
)
_FEWEST_LABELS: Final = 2  # labels from which a table is one of particulars; judgement
_INFO_LINES: Final = 8  # lines on each side of the beginning of the text that may hold them; judgement
_FIELDS: Final = {
    "title": ("名称", "标题", "文件名称"),
    "document_number": ("文号", "发文字号", "文件编号", "发文文号", "文件字号"),
    "issuer": ("发布机构", "发文机关", "发文机构", "制发机关", "发布单位", "发文单位", "制定机关", "公布机关",
               "发布部门", "公开机构", "发布机关", "印发机关", "印发单位", "制定单位", "颁布机关"),
    "issued_on": ("成文日期", "发文日期", "印发日期", "生成日期", "发文时间", "成文时间", "印发时间"),
    "published_on": ("发布日期", "公开日期", "发布时间", "公布日期", "公开时间"),
    "": ("索引号", "分类", "主题分类", "主题词", "关键词", "体裁分类", "有效性", "效力状态", "文件状态",
         "有效状态", "文件有效性", "废止状态", "文件效力",
         "组配分类", "统一编号", "实施日期", "失效日期", "公文种类", "关键字", "信息索引", "信息索引号",
         "索取号", "公开方式", "公开形式", "公开范围", "公开时限", "公开类别", "统一登记号", "登记号",
         "生效日期", "废止日期", "时效性", "时效", "效力级别", "公文时效", "信息分类", "信息类别",
         "服务对象", "主题", "体裁", "文种", "文件类型", "文件类别"),
}  # fmt: skip
_FIELD_NAMES: Final = {label: field for field, labels in _FIELDS.items() for label in labels}
_LABELS: Final = "|".join(r"\s*".join(name) for name in sorted(_FIELD_NAMES, key=len, reverse=True))
_META_NAMES: Final = {
    "articletitle": "title", "og:title": "title", "pubdate": "published_on", "publishdate": "published_on",
    "contentsource": "source", "sitename": "site", "docnumber": "document_number",
    "article:published_time": "published_on",
}  # fmt: skip
_FIELD: Final = re.compile(rf"[\s【\[]*({_LABELS})[】\]]?\s*[:：]\s*(.*)")

# Another particular behind one on the same line: 发布单位：某局 发布日期：2025-07-20.
_NEXT_LABEL: Final = re.compile(r"\s+(?:浏览|来源|阅读|点击|[一-鿿]{2,6}\s*[:：])")


def stated_in_head(root: Any) -> dict[str, str]:
    """Title, dates and source that the head states."""
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        value = squeeze(meta.get("content") or "")
        if name in _META_NAMES and value:
            stated.setdefault(_META_NAMES[name], value)
    for element in root.xpath("//*[@id='publish_time']")[:1]:  # of an official account
        stated.setdefault("published_on", squeeze("".join(element.itertext())))
    return stated


def _field_name(label: str) -> str:
    return _FIELD_NAMES["".join(label.split())]


def stated_in_tables(root: Any) -> dict[str, str]:
    """Read a table of particulars whose labels stand in cells of their own, with or without a colon."""
    found: dict[str, str] = {}
    for table in root.iter("table"):
        rows = [row_cells(row) for row in table.iter("tr")]
        pairs = [pair for cells in rows for pair in _labelled(cells)]
        if len(pairs) >= _FEWEST_LABELS:
            # A row with one label that is not known still states the others.
            pairs += [pair for cells in rows if len(cells) > 2 for pair in _known(cells)]
            for field, value in pairs:
                if field and value:
                    found.setdefault(field, value)
    return found


def _known(cells: list[str]) -> list[tuple[str, str]]:
    """Pairs of the known fields and their values in the cells of a row."""
    pairs = zip(cells[::2], cells[1::2], strict=False)
    return [pair for label, value in pairs for pair in _labelled([label, value])]


def _labelled(cells: list[str]) -> list[tuple[str, str]]:
    """Pairs of a field and its value in the cells of a row; none where some label is no particular."""
    pairs = []
    for label, value in zip(cells[::2], [*cells[1::2], ""], strict=False):
        name = re.sub(r"[\s:：【】\[\]]", "", label)
        if name not in _FIELD_NAMES:
            return []
        pairs.append((_FIELD_NAMES[name], value if len(value) <= INFO_LENGTH else ""))
    return pairs


def lines_around(root: Any, lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines on both sides of the beginning of the text, and those above it."""
    body = root.find("body")
    everything = [
        re.sub(rf"[{LINK}]", "", squeeze(line)) for line in lines_of(root if body is None else body)
    ]
    everything = [line for line in everything if line]
    begins = everything.index(lines[0]) if lines and lines[0] in everything else 0
    above = everything[max(0, begins - _INFO_LINES) : begins]
    return [*above, *lines[:_INFO_LINES]], above


def stated_in_lines(around: list[str]) -> dict[str, str]:
    """Read day and source from the lines below a page's title: 时间：2024-08-20 来源：区商务局 阅读：53."""
    found: dict[str, str] = {}
    for line in around:
        if len(line) > INFO_LENGTH:
            continue
        day, source = _PUBLISHED.search(line), _SOURCE.search(line)
        if day:
            found.setdefault("published_on", day.group(1))
        if source:
            found.setdefault("source", source.group(1))
        if number := NUMBER_BESIDE.fullmatch(line):
            found.setdefault("document_number", number.group(1))
            if issued := ISSUED_BESIDE.search(line):
                found.setdefault("issued_on", issued.group(1))
            elif beside := _DAY_BESIDE.search(line):
                found.setdefault("published_on", beside.group(1))
    alone = next((match for line in around if (match := _DAY_ALONE.fullmatch(line))), None) or next(
        (match for line in around if len(line) <= INFO_LENGTH // 2 and (match := _MINUTE.search(line))), None
    )
    if alone:
        found.setdefault("published_on", alone.group(1))
    return found


def stated_at_end(lines: list[str]) -> dict[str, str]:
    """Read the source in a line of its own below the text, as official accounts write it."""
    found = (_SOURCE.fullmatch(labelled(line)) for line in lines[-_INFO_LINES:])
    return next(({"source": match.group(1)} for match in found if match), {})


def stated_above(root: Any, article: Any) -> dict[str, str]:
    """Read the table of metadata above the text on pages of government information disclosure."""
    found: dict[str, str] = {}
    texts = []
    for element in root.iter():
        if element is article:
            break
        texts += [
            squeeze(element.text or ""),
            *(
                [squeeze(element.tail or "")]
                if element.tag in {"b", "strong", "span", "label", "em", "i", "font"}
                else []
            ),
        ]
    waiting = ""
    for text in texts:
        if not text:
            continue
        match = _FIELD.fullmatch(text)
        if not waiting and DOCUMENT_NUMBER.fullmatch(text):
            found.setdefault("document_number", text)
        elif match:
            field, value = _field_name(match.group(1)), _NEXT_LABEL.split(match.group(2))[0]
            waiting = "" if value else field
            if field and value:
                found.setdefault(field, value)
        elif waiting:
            found.setdefault(waiting, text)
            waiting = ""
    return found


def without_particulars(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """Lines of the document alone, and what the lines of particulars among them state."""
    found: dict[str, str] = {}
    kept = []
    for i, line in enumerate(lines):
        field = _FIELD.fullmatch(line) if i < 30 else None
        if field:
            name = _field_name(field.group(1))
            value = _NEXT_LABEL.split(field.group(2))[0]
            if name and value:
                found.setdefault(name, value)
            continue
        if line.startswith("|") and _labelled([cell.strip() for cell in line.strip("| ").split(" | ")]):
            continue
        if not is_furniture(line):
            kept.append(line)
    return without_imprint(kept), found
