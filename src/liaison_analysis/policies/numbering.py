"""The numbering of a policy document as a tree: 编 章 节 条, 一、 （一） 1. （1） ①, headings, questions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liaison_analysis.policies.document_titles import TITLE, first_title_line, is_title
from liaison_analysis.policies.source import Paragraph, join_lines
from liaison_analysis.text import CHINESE_NUMERALS, read_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CN: Final = CHINESE_NUMERALS
_DIGIT: Final = rf"[{_CN}\d０-９]"
_N: Final = rf"{_DIGIT}(?:[ 　]?{_DIGIT}){{0,5}}"
_UNIT: Final = r"[年月日号万亿千百元个倍吨米亩岁人类级版折公平小天]"  # after a number that is an amount
# Behind 1.1 a word follows, which without a blank is no unit: 2.2 年度考核, but not 2.2年.
_AFTER_DECIMAL: Final = rf"(?:[\s　]+(?=[一-鿿])|(?=[一-鿿])(?!{_UNIT}))"
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
    "1.1.1": re.compile(rf"(?:[0-9]{{1,2}}[.．]){{2}}([0-9]{{1,2}}){_AFTER_DECIMAL}"),
    "1.1": re.compile(rf"[0-9]{{1,2}}[.．]([0-9]{{1,2}}){_AFTER_DECIMAL}"),
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
# The same after an item's number, where 项目申报, 条件 and 第三方 begin headings of their own.
_QUOTED_ITEM: Final = re.compile(
    r"(?:规定的|所[列称指述定]|的[^确]|[和及或与至到、][（(]|中[的所]|[款项目条](?=[规所的中情之、，,和及或与至到]|$))"
)
_OPEN_END: Final = re.compile(
    r"(?:[，、,（(《“〔]|按照?|依照|依据|根据|本[办细]法|前款|符合|以及|[和与及]|适用|参照|违反|享受)$"
)
# Words after which a broken line goes on.
_GOES_ON: Final = re.compile(
    # Not such headings as 支持方向, 评审理由, 工作目的, 禁止行为.
    r"(?:达到?|超过|不低于|不少于|不高于|(?<!行)为|是|至|给予|(?<!目)的|对|(?<!方)向|在|将|(?<![理事])由|从|自|以|等|每)$"
)
_TERMINAL: Final = re.compile(r"[。；;：:！!？?](?:[”』）)]*)$")
_CONTENTS_LINE: Final = re.compile(r"(?:(?:[.．…·⋯\-_]\s*){3,}|…\s*)\d{1,3}$|^目\s*[录次]$")
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
_FURTHEST: Final = 200  # articles that an excerpt skips at most; judgement
_SHORT_HEADING: Final = 10  # characters of a heading in a document without numbers; judgement
_LABELLED: Final = re.compile(r"[一-鿿]{2,8}[：:]")
_FEWEST_LABELLED: Final = 2  # lines with labels from which a part is a card (judgement)
# Characters of an item's heading at most where paragraphs are not broken over lines; judgement.
_RUN_ON_HEADING: Final = 20
# Headings from which they number an act (judgement: one may stand by chance).
_FEWEST_HEADINGS: Final = 2
_QUESTION: Final = re.compile(rf"(?:问题?|Q)\s*[\d{_CN}]{{0,3}}\s*[:：、.]")
# Sentences below the list of a publicity notice: how long it is public, and how to object.
_OBJECTION: Final = re.compile(
    r"(?:公示(?:时间|期限|期间|期内?)|(?:如|若)?(?:对[^，。]{0,20})?有(?:任何)?异议|任何单位[和或及]个人对)"
)
_QUESTION_LENGTH: Final = 50  # characters of a question in a line of its own at most; judgement
_TITLE_LENGTH: Final = 60  # characters of an act's title at most; judgement
_VERSION: Final = re.compile(r"[（(][^（）()\d]{2,12}[）)]")  # （征求意见稿） below a title
# Lines from a further act's title to its first number at most: its number, its history, a sentence why.
_ACT_OPENING: Final = 4
# Characters of the title of a further act whose parts are 一、 二、 (judgement: 支持政策 is a heading).
_SHORTEST_TITLE: Final = 8
_ANNEX_LENGTH: Final = 60  # characters of an annex's number and title at most; judgement
_HEADING_LENGTH: Final = 30  # characters of a heading at most; judgement


@dataclass
class Part:
    """A numbered part of a document: its number as written, its own lines, and the parts below it."""

    kind: str
    label: str
    place: str
    lines: list[str] = field(default_factory=list)
    children: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def own(self) -> str:
        """Text of its own lines."""
        lines = self._labelled_apart()
        if len(lines) > 1 and (self.kind == _HEADED_PART or self._begins_with_heading()):
            mark = "" if lines[1].startswith("|") and self.kind != _HEADED_PART else "："
            apart = "\n" * lines[0].endswith("\n")
            return join_lines([lines[0].rstrip("\n") + mark + apart, join_lines(lines[1:])])
        return join_lines(lines)

    def _labelled_apart(self) -> list[str]:
        """Its lines, with those that a label begins (申报时间：) on lines of their own."""
        labelled = {i for i, line in enumerate(self.lines) if i and _LABELLED.match(line)}
        if len(labelled) < _FEWEST_LABELLED or self.place.endswith("页"):
            return self.lines
        return [line + "\n" * (i + 1 in labelled) for i, line in enumerate(self.lines)]

    def _begins_with_heading(self) -> bool:
        """Whether its first line heads the next, which is a paragraph and not the rest of a broken line."""
        first, second = self.lines[:2]
        longest = _SHORT_HEADING if self.place.endswith("页") else _RUN_ON_HEADING
        return (
            self.kind not in {_ASKED, _PARAGRAPH, ""}
            and not (self.kind in _DIVISIONS and (self.children or not self.label.startswith("第")))
            and len(first) <= min(longest, len(second))
            and not re.search(r"[，。；：:、！!？?（(|\d]", first)
            and not (_OPEN_END.search(first) or _GOES_ON.search(first))
        )

    @property
    def is_heading(self) -> bool:
        """Whether this is only a heading of what follows."""
        if self.kind in _DIVISIONS:
            return True
        if len(self.lines) > _HEADING_LENGTH:  # not joined for each of its items' lines
            return False
        own = self.own
        return len(own) <= _HEADING_LENGTH and not _TERMINAL.search(own) and "，" not in own

    @property
    def is_division(self) -> bool:
        """Whether this is a chapter, or a heading without a number."""
        return self.kind in {*_DIVISIONS, _HEADED_PART}

    @property
    def is_paragraph(self) -> bool:
        """Whether this is a paragraph behind or between items."""
        return self.kind == _PARAGRAPH

    @property
    def is_bare_heading(self) -> bool:
        """Whether this is a heading without text, as from a table of contents."""
        longest = _ANNEX_LENGTH if self.label.startswith("附") else _HEADING_LENGTH
        is_short = len(self.own) <= longest and len(self.lines) == 1
        return self.is_division and is_short and not _TERMINAL.search(self.own)

    @property
    def heading(self) -> str:
        """Heading of what stands below, with its number."""
        return self.own if self.kind == _HEADED_PART else f"{self.label} {self.own}".strip()

    def full_label(self, prefix: str) -> str:
        """Put the labels above before its own, unless it repeats them: 2.1 below 2."""
        if self.kind == "条":
            return self.label
        if self.kind in _DECIMALS:
            above = re.escape(re.split(r"[.．](?=\d+$)", self.label)[0])
            prefix = re.sub(rf"{above}[.．、]?$", "", prefix)
        return prefix + self.label

    def whole(self) -> str:
        """All text below in the order of the document, each numbered part on a line of its own."""
        unnumbered = {_HEADED_PART, _ASKED}
        below = (child.label * (child.kind not in unnumbered) + child.whole() for child in self.children)
        parts = [self.own, *below]
        return "\n".join(part for part in parts if part)

    def all_notes(self) -> list[str]:
        """Give the notes of this and of all below."""
        return [*self.notes, *(note for child in self.children for note in child.all_notes())]


def under_headings(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
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
    if _QUESTION.match(text) or (len(text) <= _QUESTION_LENGTH and text.endswith(("？", "?"))):
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


def numbered_tree(paragraphs: Sequence[Paragraph]) -> Part:
    """Parts of a document below one root, whose own lines stand above the first number.

    Lines of one broken paragraph are joined; a part has its number as written and the lines behind it.
    """
    pieces = list(_pieces(paragraphs))
    root = Part("", "", "")
    stack = [root]
    last: dict[str, int] = {}
    before = ""
    headings = _headings(pieces)
    for i, (text, place, notes) in enumerate(pieces):
        mark = _mark(text, "" if _is_label(stack[-1], before) else before, last)
        if i in headings:
            node = Part(_HEADED_PART, text.rstrip("：:"), place, [text.rstrip("：:")])
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
            if number == 1 and (kind in {"章", "条"} or (kind == "一、" and not last.get("条"))):
                _begin_act(stack, shortest=0 if kind != "一、" else _SHORTEST_TITLE)
            while not _may_hold(stack[-1], kind, {node.kind for node in stack}):
                stack.pop()
            node = Part(kind, label, place, [rest] if rest else [])
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
        if not TITLE.search(text)
        and not any(mark.match(text) for mark in _MARKS.values())
        and (_opens_part(text, texts[i + 1]) or (i + 1 == first and _opens_part(text, text + " ")))
        and not _QUESTION.match(text)
    }
    return places if len(places) >= _FEWEST_HEADINGS and min(places) < first else set()


def _question(stack: list[Part], text: str, place: str) -> Part:
    """Begin a question of an interpretation as a part of its own, below the numbered part it stands in."""
    while stack[-1].kind == _ASKED or (len(stack) > 2 and not stack[-1].is_heading):
        stack.pop()
    asked = sum(child.kind == _ASKED for child in stack[-1].children) + 1
    node = Part(_ASKED, f"问{asked}", place, [text])
    stack[-1].children.append(node)
    stack.append(node)
    return node


def _in_list(stack: list[Part]) -> bool:
    """Whether the current part is an item of a list of at least two, as in a publicity notice."""
    return len(stack) > 1 and stack[-1].kind in _ITEMS and len(stack[-2].children) > 1


def _begin_act(stack: list[Part], *, shortest: int) -> None:
    """Start a new division where the lines before a first number are the title of a further act.

    Such as an act below the decision that amends it, a draft below the announcement, or the next act of a
    collection. What stands between its title and its first number belongs to the preamble.
    """
    node = stack[-1]
    lines = node.lines
    # The first line is the part's own: 一、某区人才办法.
    lowest = 1 if node.kind != _PARAGRAPH else 0
    nearest = range(len(lines) - 1, max(lowest, len(lines) - _ACT_OPENING) - 1, -1)
    at = next((i for i in nearest if _is_act(lines[i], shortest)), None)
    if len(stack) == 1 or at is None:
        return
    first = max(first_title_line(lines, at), lowest)
    version = at + 1 < len(lines) and bool(_VERSION.fullmatch(lines[at + 1]))
    title = join_lines(lines[first : at + 1 + version])
    stack[0].lines += lines[at + 1 + version :]
    del lines[first:]
    if node.kind == _PARAGRAPH and not lines:
        stack[-2].children.remove(node)
    del stack[1:]
    act = Part(_DIVISIONS[0], "", node.place, [title])
    stack[0].children.append(act)
    stack.append(act)


def _is_act(line: str, shortest: int) -> bool:
    return is_title(line) and shortest <= len(line) <= _TITLE_LENGTH and not _TERMINAL.search(line)


def _is_label(node: Part, before: str) -> bool:
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
    if annex and len(text) <= _ANNEX_LENGTH and "见" not in text[:4]:
        return "章", 0, annex.group().strip(" :："), text[annex.end() :]
    for kind, pattern in _MARKS.items():
        match = pattern.match(text)
        if not match:
            continue
        rest = text[match.end() :]
        english = match.groupdict().get("english")
        number = read_number(english or match.group(1))
        of_kind = _QUOTED if kind in {*_DIVISIONS, "条"} else _QUOTED_ITEM
        quoted = of_kind.match(rest) and not match.group()[-1].isspace()
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


def _may_hold(above: Part, kind: str, open_kinds: set[str]) -> bool:
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


def _continue(stack: list[Part], text: str, place: str) -> Part:
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


def _paragraph(stack: list[Part], text: str, place: str) -> Part:
    """Begin a paragraph of the part above the current one, behind that one."""
    stack.pop()
    node = Part(_PARAGRAPH, "", place, [text])
    stack[-1].children.append(node)
    stack.append(node)
    return node
