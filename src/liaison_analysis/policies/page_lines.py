"""Text of a web page as the lines that a browser shows, with the numbers of lists and the rows of tables."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis.policies.source import row_text

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Elements that begin a line of their own.
BLOCKS: Final = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "section", "article", "blockquote", "dd",
    "dt", "header", "main", "body", "table", "ul", "ol", "dl", "thead", "tbody", "tfoot", "caption", "pre",
    "center", "fieldset", "form", "hr", "figure", "figcaption", "address",
})  # fmt: skip
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# Rows, columns and characters of cells that are repeated in the rows that they span at most, so that a small
# page does not grow; judgement.
_MOST_ROWS: Final = 200
_MOST_COLUMNS: Final = 20
_MOST_REPEATED: Final = 200
# Numbers on lines of their own from which they count cards, and what a card begins with; judgement.
_FEWEST_CARDS: Final = 2
# Pictures (emoji, dingbats without numbers) before a line's words.
_PICTURES: Final = re.compile(
    "^(?:[\U0001f000-\U0001faff\u2700-\u2775\u2794-\u27bf\u2b05-\u2b55\ufe0f\u200d\u23e9-\u23fa]\\s*)+"
)
_LABEL: Final = re.compile(r"[一-鿿]{2,10}[：:]?")
_NUMERALS: Final = "一二三四五六七八九十"
_FEWEST_NUMERALS: Final = 3
_CARD_HEADING: Final = 24
_HEADING: Final = re.compile(r"(?![是次个年月日季等级类般定])\s*[^，。；：、\d]{3,}")
_NAMES: Final = re.compile(r"[“《一-鿿A-Za-z]")
_DEEP: Final = 40  # ancestors of a list that are searched for an outer list; judgement


def squeeze(text: str) -> str:
    """Text with single blanks between words."""
    return " ".join(text.replace("\u200b", "").split())


def lines_of(top: Any) -> Iterator[str]:
    """Give the text of block elements in order; list items get the number that the browser shows.

    Works without recursion, and in time that grows with the page.
    """
    from lxml import etree

    line: list[str] = []
    counts: dict[Any, int] = {}
    spans: dict[Any, dict[int, tuple[int, str]]] = {}
    mark = ""
    written = 0  # elements around that keep their line breaks
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag == "br" or tag in BLOCKS:
                yield from (mark + "".join(line)).split("\n")
                mark = "" if "".join(line).strip() else mark
                line = []
            written += tag == "pre"
            if tag == "li":
                mark = _list_mark(element, counts)
            if tag == "tr" and _is_grid(element):
                # Cells are read as a whole; their content is not visited again.
                yield row_text(_spanned_cells(element, spans))
                walk.skip_subtree()
                continue
            line.append((element.text or "").replace("\n", "\n" if written else " "))
        else:
            if tag in BLOCKS:
                yield from (mark + "".join(line)).split("\n")
                mark = "" if "".join(line).strip() else mark
                line = []
                written -= tag == "pre"
            elif tag in {"td", "th"}:
                line.append(" ")
            if element is not top:
                line.append((element.tail or "").replace("\n", "\n" if written else " "))
    yield from (mark + "".join(line)).split("\n")


def numbers_joined(lines: list[str]) -> list[str]:
    """Join numbers on lines of their own that count up from 1, as cards draw them, with the lines below.

    Examples
    --------
    >>> numbers_joined(["1", "发放消费券", "全年800万元。", "2", "支持首店", "某办法第", "3", "条"])[:4]
    ['1. 发放消费券', '全年800万元。', '2. 支持首店', '某办法第']
    """
    lines = _numerals_apart(lines)
    wanted, places = 1, []
    for i, line in enumerate(lines[:-1]):
        if re.fullmatch(rf"0?{wanted}[.、]?", line) and _NAMES.match(lines[i + 1]):
            places.append(i)
            wanted += 1
    if len(places) < _FEWEST_CARDS:
        return lines
    joined: list[str] = []
    numbers = {place: n for n, place in enumerate(places, start=1)}
    for i, line in enumerate(lines):
        if i - 1 in numbers:
            joined[-1] = f"{numbers[i - 1]}. {line}"
        else:
            joined.append(line)
    return joined


def undecorated(lines: list[str]) -> list[str]:
    """Lines without pictures before their words; a short one with a picture is a heading: 💰奖励标准.

    Examples
    --------
    >>> undecorated(["💰 奖励标准", "每家奖励20万元。", "⏰ 请于12月10日前申报。"])
    ['奖励标准：', '每家奖励20万元。', '请于12月10日前申报。']
    """
    bare = [(line, _PICTURES.sub("", line).strip()) for line in lines]
    return [
        f"{text.rstrip('：:')}：" if text != line and _LABEL.fullmatch(text) else text
        for line, text in bare
        if text
    ]


def _numerals_apart(lines: list[str]) -> list[str]:
    """Set numerals apart that are drawn before short headings: 一鼓励晋级, 二支持外拓, 三强化金融."""
    places: list[int] = []
    for i, line in enumerate(lines):
        wanted = _NUMERALS[len(places) : len(places) + 1]
        if wanted and len(line) <= _CARD_HEADING and line.startswith(wanted) and _HEADING.fullmatch(line[1:]):
            places.append(i)
    if len(places) < _FEWEST_NUMERALS:
        return lines
    return [f"{line[0]}、{line[1:].strip()}" if i in places else line for i, line in enumerate(lines)]


def _list_mark(item: Any, counts: dict[Any, int]) -> str:
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    count = counts.get(parent, _whole(parent.get("start"), 1) - 1) + 1
    count = _whole(item.get("value"), count)
    counts[parent] = count
    # A list within a list gets another kind of number; otherwise its first item would restart the outer list.
    depth = sum(one.tag == "ol" for one in itertools.islice(parent.iterancestors(), _DEEP))
    if depth == 0:
        return f"{count}. "
    is_circled = depth > 1 and 0 < count <= len(_CIRCLED)
    return f"{_CIRCLED[count - 1]} " if is_circled else f"（{count}）"


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,6}\s*", text) else default


def _is_grid(row: Any) -> bool:
    """Whether a row belongs to a table of data; a table with a single column, or around tables, is layout."""
    table = next(row.iterancestors("table"), None)
    if table is None or "data-grid" in table.attrib:
        return table is None or table.get("data-grid") == "1"
    nested = next(iter(table.iterdescendants("table")), None) is not None
    columns = 0
    for one in table.iter("tr"):
        columns = max(columns, sum(bool("".join(c.itertext()).strip()) for c in one if c.tag in {"td", "th"}))
        if columns > 1:
            break
    table.set("data-grid", str(int(columns > 1 and not nested)))
    return bool(table.get("data-grid") == "1")


def _spanned_cells(row: Any, spans: dict[Any, dict[int, tuple[int, str]]]) -> list[str]:
    """Cells of a row, with the text of cells above that reach down into it.

    ``spans`` holds, for each table, the rows that the cell of a column still takes, and its text.
    """
    down = spans.setdefault(next(row.iterancestors("table"), None), {})
    cells: list[str] = []

    def fill() -> None:
        while len(cells) in down:
            left, text = down.pop(len(cells))
            if left > 1:
                down[len(cells)] = (left - 1, text)
            cells.append(text)

    own = False
    for cell in row:
        if cell.tag not in {"td", "th"}:
            continue
        fill()
        text = squeeze(" ".join(cell.itertext()))
        own = own or bool(text)
        rows = _whole(cell.get("rowspan"), 1)
        if rows > 1 and len(cells) < _MOST_COLUMNS:
            down[len(cells)] = (min(rows, _MOST_ROWS) - 1, text if len(text) <= _MOST_REPEATED else "")
        cells.append(text)
        cells += [""] * (min(_whole(cell.get("colspan"), 1), _MOST_COLUMNS) - 1) if down else []
    fill()
    return cells if own else []


def row_cells(row: Any) -> list[str]:
    """Texts of the cells of a table's row."""
    return [squeeze(" ".join(cell.itertext())) for cell in row if cell.tag in {"td", "th"}]
