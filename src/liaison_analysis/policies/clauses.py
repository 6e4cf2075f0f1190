"""Clauses of a policy document: its numbering read as a tree, split where something is granted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.policies.closings import without_closings
from liaison_analysis.policies.source import Paragraph
from liaison_analysis.text import CHINESE_NUMERALS, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CN: Final = CHINESE_NUMERALS
_DIGIT: Final = rf"[{_CN}\d０-９]"
_N: Final = rf"{_DIGIT}(?:[ 　]?{_DIGIT}){{0,5}}"
_UNIT: Final = r"[年月日号万亿千百元个倍吨米亩岁人类级版折公平小天]"  # after a number that is an amount
_MARKS: Final[dict[str, re.Pattern[str]]] = {
    "编": re.compile(rf"第\s*({_N})\s*[编部]分?(?![位门件])[\s:：、]*"),
    "章": re.compile(rf"第\s*({_N})\s*章[\s:：、]*"),
    "节": re.compile(rf"第\s*({_N})\s*节[\s:：、]*"),
    "条": re.compile(
        rf"[【\[]?第\s*(?P<n>{_N})\s*条(?:之(?P<inserted>[{_CN}]))?[】\]]?[\s:：、]*"
        r"|Article\s+(?P<english>\d{1,3})\b[\s.:：]*"
    ),
    "一、": re.compile(rf"([{_CN}]{{1,4}})[、.．]\s*"),
    "（一）": re.compile(rf"[（(]([{_CN}]{{1,4}})[）)]\s*"),
    "1.1.1": re.compile(rf"(?:[0-9]{{1,2}}[.．]){{2}}([0-9]{{1,2}})[\s　]*(?=[一-鿿])(?!{_UNIT})"),
    "1.1": re.compile(rf"[0-9]{{1,2}}[.．]([0-9]{{1,2}})[\s　]*(?=[一-鿿])(?!{_UNIT})"),
    "1.": re.compile(r"([0-9０-９]{1,3})(?:[.．、](?![0-9０-９](?!\d{3}年))"
                     r"|\s(?=[^\d\s年月日%％万亿个元]))\s*"),
    "（1）": re.compile(r"[（(]?([0-9０-９]{1,3})[）)]\s*"),
    "①": re.compile(r"([①-⑳])\s*"),
}  # fmt: skip
_DIVISIONS: Final = ("编", "章", "节")
# Kinds of parts without a number: a heading of a guide, a question, a paragraph after items.
_HEADED_PART: Final = "题"
_ASKED: Final = "问"
_PARAGRAPH: Final = "款"
_ITEMS: Final = ("一、", "1.", "（1）", "①")
_DECIMALS: Final = ("1.1", "1.1.1")
# Words after a number that is quoted and not a paragraph's own number: 第三条规定的…, （一）项…
_QUOTED: Final = re.compile(
    r"(?:第|规定|所[列称指述定]|之?规定|的[^确]|[和及或与至到]第|[和及或与至到、][（(]|中[的所]|款|项|目|条)"
)
_OPEN_END: Final = re.compile(
    r"(?:[，、,（(《“〔]|按照?|依照|依据|根据|本[办细]法|前款|符合|以及|[和与及]|适用|参照|违反|享受)$"
)
_TERMINAL: Final = re.compile(r"[。；;：:！!？?](?:[”』）)]*)$")
_CONTENTS_LINE: Final = re.compile(r"(?:[.．…·⋯\-_]\s*){3,}\d{1,3}$|^目\s*[录次]$")
_INLINE: Final = re.compile(
    rf"(?<=[:：;；。])\s*(?=[（(][{_CN}]{{1,4}}[）)])"
    rf"|(?<=[:：;；。])\s*(?=[（(]\d{{1,2}}[）)])"
    r"|(?<=[:：;；。])\s*(?=[①-⑳])"
    r"|(?<=[:：;；])\s*(?=\d{1,2}[.．、](?!\d))"
    rf"|(?<=[。；;…])\s*(?=第\s?{_N}\s?(?:条(?:之[{_CN}])?|[编章节])[\s　])"
    rf"|(?<=\s)(?=第\s?{_N}\s?[编章节]\s+[^\s，。；：]{{1,20}}\s+第\s?{_N}\s?条[\s　])"
)
_HEADED: Final = re.compile(
    rf"(第\s?{_N}\s?[编章节]\s*[^\s，。；：]{{1,20}})[\s　]+(第\s?{_N}\s?条(?![的规所款第和及、]).*)",
    re.DOTALL,
)
_ANNEX: Final = re.compile(
    r"(?:附件|附录|附表)\s*[0-9０-９一二三四五六七八九十]{0,2}\s*[:：]?\s*|[总附]\s*则$"
)
_ANNEX_ROW: Final = re.compile(
    r"\|\s*((?:附件|附录|附表)\s*[0-9０-９一二三四五六七八九十]{0,2}\s*[^|]{0,60}?)\s*\|[\s|]*"
)
_ROW_NUMBER: Final = re.compile(rf"\|\s*(第\s*({_N})\s*条)")
_ARTICLE_ROW: Final = re.compile(rf"\|\s*(第\s*{_N}\s*条[^|]{{0,400}}?)\s*\|\s*(.*?)[\s|]*")
_FEWEST_ROWS: Final = 2  # rows that begin with 第一条, 第二条; judgement
_GRANT: Final = re.compile(
    r"奖励|补助|补贴|奖补|贴息|资助|减免|免收|免费|免于|减半|返还|给予|补偿|支持资金|优惠|抵扣|全额|承担.{0,12}费|不低于.{0,6}万元的支持"
)
_CONDITIONS: Final = re.compile(
    r"(?:下列|以下|下述|如下)(?:[一-龥]{0,8})(?:条件|材料|资料|情形|程序|步骤|流程|文件|义务|职责|要求|行为|原则)"
)
_TITLE: Final = re.compile(
    r"(?:办法|措施|细则|意见|规定|方案|指南|指引|须知|政策|条例|规则|通知|公告|通告|公示|通报|决定|计划|纲要|批复|解读|条款|清单)(?:[（(][^）)]*[）)])*$"
)
# A line above the last line of a title that is broken over lines names a place, a body or a matter, and is
# neither the head of a printed document (某局文件) nor a label of the site.
_TITLE_BEGINS: Final = re.compile(
    r"(?!.*(?:公报|第[\d一二三四五六七八九十 ]+期))"
    r"(?=.*(?:[省市区县旗州盟乡镇]|关于|促进|支持|国务院|[委局厅部院会]$))[一-鿿《》“”（）()、\d ]{4,40}"
    r"(?<!文件)(?<!公报)(?<!汇编)(?<!公开)(?<!平台)(?<!网站)(?<!网)(?<!频道)(?<!专栏)(?<!号)(?<!通知)(?<!日)(?<!页)"
)
_TITLE_LINES: Final = 3  # further lines of a title at most; judgement
_ACT_TITLE: Final = 80  # characters of a title at most; judgement
_FURTHEST: Final = 200  # articles that an excerpt skips at most; judgement
_SHORT_HEADING: Final = 10  # characters of a heading in a document without numbers; judgement
# Headings from which they number an act (judgement: one may stand by chance).
_FEWEST_HEADINGS: Final = 2
_QUESTION: Final = re.compile(r"(?:问|Q)\s*\d{0,2}\s*[:：、.]")
# Sentences below the list of a publicity notice: how long it is public, and how to object.
_OBJECTION: Final = re.compile(
    r"(?:公示(?:时间|期限|期间|期内?)|(?:如|若)?(?:对[^，。]{0,20})?有(?:任何)?异议|任何单位[和或及]个人对)"
)
_TITLE_LENGTH: Final = 60  # characters of an act's title at most; judgement
_ANNEX_TITLE: Final = 60  # characters of an annex's number and title at most; judgement
_HEADING: Final = 30  # characters of a heading at most; judgement


class Clause(NamedTuple):
    """The smallest part of a policy that grants something, or a whole article where that is a single grant.

    ``article`` is its number as written (``第二条（一）``), ``chapter`` the headings above, ``text`` its
    words with its introductory sentence, ``place`` where it begins, ``notes`` the footnotes that it refers
    to, one per line.
    """

    article: str
    chapter: str
    text: str
    place: str
    notes: str = ""


class Document(NamedTuple):
    """A policy document cut into clauses.

    ``preamble`` is the text before the first number, ``notes`` are its footnotes and the title's.
    """

    title: str
    preamble: str
    clauses: list[Clause]
    notes: tuple[str, ...] = ()


@dataclass
class _Node:
    kind: str
    label: str
    place: str
    lines: list[str] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def own(self) -> str:
        if self.kind == _HEADED_PART and len(self.lines) > 1:
            return f"{self.lines[0]}：{_join(self.lines[1:])}"
        return _join(self.lines)

    @property
    def is_heading(self) -> bool:
        """Whether this is only a heading of what follows."""
        own = self.own
        return self.kind in _DIVISIONS or (
            len(own) <= _HEADING and not _TERMINAL.search(own) and "，" not in own
        )

    def whole(self) -> str:
        """All text below in the order of the document, each numbered part on a line of its own."""
        unnumbered = {_HEADED_PART, _ASKED}
        below = (child.label * (child.kind not in unnumbered) + child.whole() for child in self.children)
        parts = [self.own, *below]
        return "\n".join(part for part in parts if part)

    def all_notes(self) -> list[str]:
        """Give the notes of this and of all below."""
        return [*self.notes, *(note for child in self.children for note in child.all_notes())]


def split_clauses(paragraphs: Sequence[Paragraph], *, title: str = "") -> Document:
    """Cut a document into clauses by its numbering: 编 章 节 条, 一、 （一） 1. （1） ①.

    The order of levels is taken from their first appearance, since documents without 条 differ. A number
    counts only if it is the next of its level or restarts at one, and is not a quotation (第三条规定的…,
    前款（一）项…). An article's items become clauses of their own where at least two of them grant something
    and they are not a list of conditions, documents or steps; each then keeps the introductory sentence.

    Parameters
    ----------
    paragraphs
        From ``documents.read_paragraphs``; lines of one broken paragraph are joined.
    title
        The title where it is known beside the text; otherwise the first line that reads like one.

    Returns
    -------
    Document
        Clauses in reading order. In a document without any numbers each paragraph is a clause.

    Examples
    --------
    >>> lines = ["某办法", "第一条 奖励如下：", "（一）首次获评的，奖励20万元；", "（二）复核奖励10万元。"]
    >>> lines += ["第二条 按照", "第一条规定申报的，应当备案。"]
    >>> document = split_clauses([Paragraph(line, "") for line in lines])
    >>> document.title, [clause.article for clause in document.clauses]
    ('某办法', ['第一条（一）', '第一条（二）', '第二条'])
    >>> document.clauses[0].text
    '奖励如下：首次获评的，奖励20万元；'
    """
    is_text = without_closings([paragraph.text for paragraph in paragraphs])
    # A line with a footnote is text, whatever it looks like.
    paragraphs = [p for p, kept in zip(paragraphs, is_text, strict=True) if kept or p.notes]
    root = _tree(list(_pieces(paragraphs)))
    title, preamble = _title(root.lines, title)
    if not root.children:
        at = next((i for i, paragraph in enumerate(paragraphs) if paragraph.text == title), -1)
        body = _under_headings([paragraph for i, paragraph in enumerate(paragraphs) if i != at])
        notes = [note.text for i, paragraph in enumerate(paragraphs) if i == at for note in paragraph.notes]
        clauses = [
            Clause(f"第{i}段", "", line, place, "\n".join(note.text for note in of_it))
            for i, (line, place, of_it) in enumerate(body, 1)
        ]
        return Document(title, "", clauses, tuple(notes))
    return Document(title, preamble, list(_leaves(root, _Above())), tuple(root.notes))


def _under_headings(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join headings of a document without numbers with the text below, and questions with their answers.

    A guide has 申报时间 in one line and the days in the next; separately, neither is informative.
    """
    opening = [_opens_part(one.text, after.text) for one, after in pairwise([*paragraphs, Paragraph("", "")])]
    if sum(opening) < _FEWEST_HEADINGS:
        return list(paragraphs)
    joined: list[Paragraph] = []
    lines = 0  # lines of the current part; those before the first heading stay separate
    for paragraph, opens in zip(paragraphs, opening, strict=True):
        if opens or not lines:
            joined.append(paragraph)
            lines = int(opens)
            continue
        above = joined[-1]
        mark = "：" if lines == 1 and not _TERMINAL.search(above.text) else "\n"
        joined[-1] = Paragraph(
            above.text + mark + paragraph.text, above.place, (*above.notes, *paragraph.notes)
        )
        lines += 1
    return joined


def _opens_part(text: str, after: str) -> bool:
    """Whether a line is a question, or a heading: short, without punctuation or figures, and not the last."""
    if _QUESTION.match(text):
        return True
    is_short = len(text) <= _SHORT_HEADING and not re.search(r"[，。；：、|\d《》]", text.rstrip("：:"))
    return is_short and len(after) > len(text)


def _pieces(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Lines without tables of contents, cut where a number starts within the line."""
    tabled = _articles_in_rows([paragraph.text for paragraph in paragraphs])
    for text, place, notes in paragraphs:
        if tabled and (row := _ARTICLE_ROW.fullmatch(text)):
            text = f"{row.group(1)} {row.group(2).replace(' | ', ' ')}"  # noqa: PLW2901 - the row is the article
        if _CONTENTS_LINE.search(text):
            continue
        annex = _ANNEX_ROW.fullmatch(text)
        if annex:  # the title of an annex that is a table stands in its first row
            yield Paragraph(annex.group(1), place, notes)
            continue
        parts = []
        for piece in [text] if text.startswith("|") else _INLINE.split(text):
            heading = _HEADED.match(piece)  # a heading and its first article on one line
            parts += [part.strip() for part in (heading.groups() if heading else (piece,)) if part.strip()]
        left = list(notes)
        for i, part in enumerate(parts, start=1):
            last = i == len(parts)
            here = [note for note in left if last or note.anchor in "".join(part.split())]
            left = [note for note in left if note not in here]
            yield Paragraph(part, place, tuple(here))


def _articles_in_rows(texts: Sequence[str]) -> bool:
    """Whether a table is only the layout of an act: its rows begin with 第一条, 第二条, and no line does."""
    numbers = [
        read_number(re.sub(r"\s", "", match.group(2))) for text in texts if (match := _ROW_NUMBER.match(text))
    ]
    return numbers[:_FEWEST_ROWS] == list(range(1, _FEWEST_ROWS + 1)) and not any(
        re.match(r"第\s*[一1]\s*条", text) for text in texts
    )


def _tree(pieces: Sequence[Paragraph]) -> _Node:
    root = _Node("", "", "")
    stack = [root]
    last: dict[str, int] = {}
    before = ""
    headings = _headings(pieces)
    for i, (text, place, notes) in enumerate(pieces):
        mark = _mark(text, "" if _is_label(stack[-1], before) else before, last)
        if i in headings:
            node = _Node(_HEADED_PART, text.rstrip("：:"), place, [text.rstrip("：:")])
            root.children.append(node)
            stack = [root, node]
        elif mark is None and len(stack) > 1 and _QUESTION.match(text):
            node = _question(stack, text, place)
        elif mark is None and _OBJECTION.match(text) and _in_list(stack):
            node = _paragraph(stack, text, place)
        elif mark is None:
            node = _continue(stack, text, place)
        else:
            kind, number, label, rest = mark
            if kind == "条" and number == 1 and last.get("条", 0) > 1:
                _begin_act(stack, before)
            while not _may_hold(stack[-1], kind, {node.kind for node in stack}):
                stack.pop()
            node = _Node(kind, label, place, [rest] if rest else [])
            stack[-1].children.append(node)
            stack.append(node)
            last[kind] = number
        node.notes += [note.text for note in notes]
        before = text
    return root


def _headings(pieces: Sequence[Paragraph]) -> set[int]:
    """Places of the headings of a guide whose only numbers are those of lists below its headings.

    Such a guide has a heading before its first number; otherwise short lines belong to the numbered parts.
    """
    texts = [piece.text for piece in pieces]
    if any(_MARKS[kind].match(text) for text in texts for kind in ("章", "条", "一、", "（一）")):
        return set()
    first = next((i for i, text in enumerate(texts) if _MARKS["1."].match(text)), 0)
    places = {
        i
        for i, text in enumerate(texts[:-1])
        if not _TITLE.search(text)
        and not any(mark.match(text) for mark in _MARKS.values())
        and (_opens_part(text, texts[i + 1]) or (i + 1 == first and _opens_part(text, text + " ")))
        and not _QUESTION.match(text)
    }
    return places if len(places) >= _FEWEST_HEADINGS and min(places) < first else set()


def is_title(line: str) -> bool:
    """Whether a line ends as titles of acts and notices do: 某办法, 关于某事的通知, 某方案（试行）.

    Examples
    --------
    >>> is_title("某市奖励办法（试行）"), is_title("某市财政局文件")
    (True, False)
    """
    return len(line) <= _ACT_TITLE and bool(_TITLE.search(line)) and not re.search(r"[。；|>»]", line)


def _question(stack: list[_Node], text: str, place: str) -> _Node:
    """Begin a question of an interpretation as a part of its own, below the numbered part it stands in."""
    while stack[-1].kind == _ASKED or (len(stack) > 2 and not stack[-1].is_heading):
        stack.pop()
    asked = sum(child.kind == _ASKED for child in stack[-1].children) + 1
    node = _Node(_ASKED, f"问{asked}", place, [text])
    stack[-1].children.append(node)
    stack.append(node)
    return node


def _in_list(stack: list[_Node]) -> bool:
    """Whether the current part is an item of a list of at least two, as in a publicity notice."""
    return len(stack) > 1 and stack[-1].kind in _ITEMS and len(stack[-2].children) > 1


def _begin_act(stack: list[_Node], title: str) -> None:
    """Start a new division at the line before a first article where that is a second act's title."""
    node = next((one for one in reversed(stack) if title and one.lines[-1:] == [title]), None)
    if node is None or len(title) > _TITLE_LENGTH or not _TITLE.search(title) or _TERMINAL.search(title):
        return
    node.lines.pop()
    if node.kind == _PARAGRAPH and not node.lines:
        stack[stack.index(node) - 1].children.remove(node)
    del stack[1:]
    act = _Node(_DIVISIONS[0], "", node.place, [title])
    stack[0].children.append(act)
    stack.append(act)


def _is_label(node: _Node, before: str) -> bool:
    """Whether the line before is a heading, which may end in any word: 第二章 社会参与."""
    return (
        bool(node.lines)
        and node.lines[-1] in before
        and len(node.lines) == 1
        and (
            node.kind in _DIVISIONS
            or (node.is_heading and before != node.own and node.kind in {"一、", "（一）"})
        )
    )


def _mark(text: str, before: str, last: dict[str, int]) -> tuple[str, int, str, str] | None:
    """Kind, number, label and remaining text of a line that starts with a number of its own."""
    if text.startswith("|"):
        return None
    annex = _ANNEX.match(text)
    if annex and len(text) <= _ANNEX_TITLE and "见" not in text[:4]:
        return "章", 0, annex.group().strip(" :："), text[annex.end() :]
    for kind, pattern in _MARKS.items():
        match = pattern.match(text)
        if not match:
            continue
        rest = text[match.end() :]
        english = match.groupdict().get("english")
        number = read_number(english or match.group(1))
        quoted = _QUOTED.match(rest) and not match.group()[-1].isspace()
        seen = last.get(kind, 0)
        follows = number in {1, seen + 1}
        if kind in {*_DIVISIONS, "条"}:  # an excerpt starts anywhere, and articles may have been deleted
            # Excerpts skip many; then the number stands apart, after a complete sentence.
            stands_apart = match.group()[-1].isspace() and before.endswith("。")
            follows = follows or not seen or seen < number <= seen + (_FURTHEST if stands_apart else 3)
        again = kind == "条" and bool(match.group("inserted")) and number == seen
        if not quoted and (follows or again) and not _OPEN_END.search(before):
            label = f"Article {number}" if english else re.sub(r"[\s:：]", "", match.group())
            return kind, number, label, rest
    return None


def _may_hold(above: _Node, kind: str, open_kinds: set[str]) -> bool:
    """Whether a number of this kind stands below ``above``."""
    if not above.kind:
        return True
    if kind in _DIVISIONS:
        return above.kind in _DIVISIONS[: _DIVISIONS.index(kind)]
    if above.kind == _PARAGRAPH:
        return False
    if kind == "条":  # an item of an article holds no article
        has_paragraph = any(child.kind == _PARAGRAPH for child in above.children)
        return above.kind in _DIVISIONS or ("条" not in open_kinds and above.is_heading and not has_paragraph)
    return kind not in open_kinds or above.kind in _DIVISIONS


def _continue(stack: list[_Node], text: str, place: str) -> _Node:
    """Add a line without a number to the part that it belongs to, and return that part.

    A paragraph after a complete item belongs to the article again; in a PDF, where lines are broken, this
    cannot be recognised, and it stays with the item.
    """
    node = stack[-1]
    ended = node.lines and node.lines[-1].endswith("。") and not text.startswith("|")
    if (
        ended
        and not place.endswith("页")
        and len(stack) > 2
        and not stack[-2].is_heading
        and stack[-2].kind not in _DIVISIONS
    ):
        return _paragraph(stack, text, place)
    node.lines.append(text)
    return node


def _paragraph(stack: list[_Node], text: str, place: str) -> _Node:
    """Begin a paragraph of the part above the current one, behind that one."""
    stack.pop()
    node = _Node(_PARAGRAPH, "", place, [text])
    stack[-1].children.append(node)
    stack.append(node)
    return node


def _join(lines: Sequence[str]) -> str:
    """Join lines: a blank only between Latin words, rows of tables on lines of their own."""
    joined = ""
    for line in lines:
        if line.startswith("|") or joined.endswith("|"):
            joined += "\n" * bool(joined) + line
        else:
            latin = (
                joined[-1:].isascii() and joined[-1:].isalnum() and line[:1].isascii() and line[:1].isalpha()
            )
            joined += " " * latin + line
    return joined


def _title(lines: Sequence[str], known: str = "") -> tuple[str, str]:
    """Separate the title from what stands between it and the first number."""
    if known:
        bare = "".join(known.split())
        return known, "\n".join(line for line in lines if "".join(line.split()) != bare)
    if not lines:
        return "", ""
    at = next((i for i, line in enumerate(lines) if len(line) <= _ACT_TITLE and _TITLE.search(line)), 0)
    first = at
    while first and at - first < _TITLE_LINES and _TITLE_BEGINS.fullmatch(lines[first - 1]):
        first -= 1
    return _join(lines[first : at + 1]), "\n".join([*lines[:first], *lines[at + 1 :]])


class _Above(NamedTuple):
    """What a clause inherits from above: headings, label, introductory sentence and their notes."""

    chapter: str = ""
    prefix: str = ""
    lead: str = ""
    notes: tuple[str, ...] = ()


def _clause(above: _Above, label: str, node: _Node, text: str, notes: Sequence[str] | None = None) -> Clause:
    own = node.notes if notes is None else notes
    return Clause(label, above.chapter, text, node.place, "\n".join(dict.fromkeys((*above.notes, *own))))


def _leaves(node: _Node, above: _Above) -> Iterator[Clause]:
    waiting: list[_Node] = []  # paragraphs behind items, which together are one clause
    for child in node.children:
        if child.kind == _PARAGRAPH:
            waiting.append(child)
            continue
        if waiting and waiting[-1].own.endswith(("：", ":")):  # it introduces further items
            last = waiting.pop()
            above = above._replace(lead=last.own, notes=(*above.notes, *last.notes))
        yield from _between(above, waiting)
        waiting = []
        label = _full_label(above.prefix, child)
        notes = (*above.notes, *child.notes)
        if not child.children:
            text = child.own
            # A heading without text below comes from a table of contents.
            longest = _ANNEX_TITLE if label.startswith("附") else _HEADING
            is_bare = child.kind in {*_DIVISIONS, _HEADED_PART} and len(text) <= longest
            if text and not (is_bare and not _TERMINAL.search(text) and len(child.lines) == 1):
                yield _clause(above, label, child, above.lead + text)
        elif child.is_heading and child.kind != "条":
            heading = child.own if child.kind == _HEADED_PART else f"{child.label} {child.own}".strip()
            chapter = " ".join(part for part in (above.chapter, heading) if part)
            inside = "" if child.kind in {*_DIVISIONS, _HEADED_PART} else label
            yield from _leaves(child, _Above(chapter, inside, "", notes))
        elif _grants_apart(child):
            yield from _leaves(child, _Above(above.chapter, label, above.lead + child.own, notes))
        else:
            yield _clause(above, label, child, above.lead + child.whole(), child.all_notes())
    yield from _between(above, waiting)


def _full_label(prefix: str, node: _Node) -> str:
    """Put the labels above before a node's own, unless it repeats them: 2.1 below 2."""
    if node.kind == "条":
        return node.label
    if node.kind in _DECIMALS:
        above = re.escape(re.split(r"[.．](?=\d+$)", node.label)[0])
        prefix = re.sub(rf"{above}[.．、]?$", "", prefix)
    return prefix + node.label


def _between(above: _Above, paragraphs: Sequence[_Node]) -> Iterator[Clause]:
    """Make the paragraphs behind or between items one clause."""
    if paragraphs:
        label = f"{above.prefix}末{'款' if above.lead else '段'}"
        notes = [note for node in paragraphs for note in node.notes]
        yield _clause(above, label, paragraphs[0], _join([node.own for node in paragraphs]), notes)


def _grants_apart(node: _Node) -> bool:
    """Whether the items below are different grants, and not a list of conditions, documents or steps."""
    granting = sum(bool(_GRANT.search(child.whole())) for child in node.children if child.kind != _PARAGRAPH)
    return granting >= 2 and not _CONDITIONS.search(node.own)
