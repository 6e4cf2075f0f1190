"""Clauses of a policy document: the tree of its numbering, cut where something is granted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.policies.closings import without_closings
from liaison_analysis.policies.document_titles import DOCUMENT_NUMBER, is_title, split_title
from liaison_analysis.policies.numbering import Part, numbered_tree, under_headings
from liaison_analysis.policies.source import Paragraph, join_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GRANT: Final = re.compile(
    r"奖励|补助|补贴|奖补|贴息|资助|减免|免收|免费|免于|减半|返还|给予|补偿|支持资金|优惠|抵扣|全额|承担.{0,12}费|不低于.{0,6}万元的支持"
)
_CONDITIONS: Final = re.compile(
    r"(?:下列|以下|下述|如下)(?:[一-龥]{0,8})(?:条件|材料|资料|情形|程序|步骤|流程|文件|义务|职责|要求|行为|原则)"
)
# To whom a notice is addressed, in one of its first lines.
_ADDRESSEE: Final = re.compile(
    r"[^。；|]{0,60}(?:单位|企业|部门|机构|政府|委员会|管委会|办事处|街道|[局委办会镇乡院所])[：:]"
)
_OPENING: Final = 4  # lines in which the addressee is looked for; judgement
# The header of a table: at least three short labels without figures.
_HEADER: Final = re.compile(r"\|(?:\s*[^|\d。；，]{1,12}\s*\|){3,}")


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
        Clauses in reading order. In a document without any numbers each paragraph is a clause, without the
        document's own number, its addressee, and the header of a table, which stands with its first row.

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
    root = numbered_tree(paragraphs)
    title, preamble = split_title(root.lines, title)
    if not root.children:
        at = next((i for i, paragraph in enumerate(paragraphs) if paragraph.text == title), -1)
        rest = [
            paragraph
            for i, paragraph in enumerate(paragraphs)
            if i != at and not (i < _OPENING and DOCUMENT_NUMBER.fullmatch(paragraph.text))
        ]
        addressed = next((i for i, one in enumerate(rest[:_OPENING]) if _ADDRESSEE.fullmatch(one.text)), None)
        preamble = "" if addressed is None else rest.pop(addressed).text
        body = under_headings(_rows_with_header(rest))
        notes = [note.text for i, paragraph in enumerate(paragraphs) if i == at for note in paragraph.notes]
        clauses = [
            Clause(f"第{i}段", "", line, place, "\n".join(note.text for note in of_it))
            for i, (line, place, of_it) in enumerate(body, 1)
        ]
        return Document(title, preamble, clauses, tuple(notes))
    return Document(title, preamble, list(_leaves(root, _Above())), tuple(root.notes))


def _rows_with_header(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Join the header and the title of a table with its first row, since alone they grant nothing."""
    joined: list[Paragraph] = []
    for i, paragraph in enumerate(paragraphs):
        above = joined[-1] if joined else None
        starts = i == 1 or (i > 1 and not paragraphs[i - 2].text.startswith("|"))
        is_row = paragraph.text.startswith("|")
        last = above.text.rpartition("\n")[2] if above else ""
        if above and is_row and ((starts and _HEADER.fullmatch(last)) or is_title(last)):
            joined[-1] = Paragraph(
                f"{above.text}\n{paragraph.text}", above.place, (*above.notes, *paragraph.notes)
            )
        else:
            joined.append(paragraph)
    return joined


class _Above(NamedTuple):
    """What a clause inherits from above: headings, label, introductory sentence and their notes."""

    chapter: str = ""
    prefix: str = ""
    lead: str = ""
    notes: tuple[str, ...] = ()


def _clause(above: _Above, label: str, node: Part, text: str, notes: Sequence[str] | None = None) -> Clause:
    own = node.notes if notes is None else notes
    return Clause(label, above.chapter, text, node.place, "\n".join(dict.fromkeys((*above.notes, *own))))


def _leaves(node: Part, above: _Above) -> Iterator[Clause]:
    waiting: list[Part] = []  # paragraphs behind items, which together are one clause
    for child in node.children:
        if child.is_paragraph:
            waiting.append(child)
            continue
        if waiting and waiting[-1].own.endswith(("：", ":")):  # it introduces further items
            last = waiting.pop()
            above = above._replace(lead=last.own, notes=(*above.notes, *last.notes))
        yield from _between(above, waiting)
        waiting = []
        label = child.full_label(above.prefix)
        notes = (*above.notes, *child.notes)
        if not child.children:
            if child.own and not child.is_bare_heading:
                yield _clause(above, label, child, above.lead + child.own)
        elif child.is_heading and child.kind != "条":
            chapter = " ".join(part for part in (above.chapter, child.heading) if part)
            inside = "" if child.is_division else label
            yield from _leaves(child, _Above(chapter, inside, "", notes))
        elif _grants_apart(child):
            yield from _leaves(child, _Above(above.chapter, label, above.lead + child.own, notes))
        else:
            yield _clause(above, label, child, above.lead + child.whole(), child.all_notes())
    yield from _between(above, waiting)


def _between(above: _Above, paragraphs: Sequence[Part]) -> Iterator[Clause]:
    """Make the paragraphs behind or between items one clause."""
    if paragraphs:
        label = f"{above.prefix}末{'款' if above.lead else '段'}"
        notes = [note for node in paragraphs for note in node.notes]
        yield _clause(above, label, paragraphs[0], join_lines([node.own for node in paragraphs]), notes)


def _grants_apart(node: Part) -> bool:
    """Whether the items below are different grants, and not a list of conditions, documents or steps."""
    granting = sum(bool(_GRANT.search(child.whole())) for child in node.children if not child.is_paragraph)
    return granting >= 2 and not _CONDITIONS.search(node.own)
