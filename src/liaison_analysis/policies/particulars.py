"""Metadata of a document: title, issuer, number, days of issue and publication, and its articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.policies.closings import OFFICES
from liaison_analysis.policies.dates import DAY, NARROW, read_date
from liaison_analysis.policies.document_titles import DOCUMENT_NUMBER
from liaison_analysis.text import CHINESE_NUMERALS, chinese_number, read_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from liaison_analysis.policies.clauses import Clause, Document
    from liaison_analysis.policies.source import SourceDocument

# The number with the day or other information beside it: 某科规〔2022〕1号 2022年5月9日印发.
NUMBER_BESIDE: Final = re.compile(
    r"([一-鿿]{1,16}\s*[〔\[［（(【]\s*\d{4}\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号)\s+[^，。；]{1,40}"
)
ISSUED_BESIDE: Final = re.compile(rf"\s({DAY})\s*(?:印发|发布|公布)")
# Order by which an act was published, in the brackets below its title.
_ORDER: Final = re.compile(r"^[（(].{0,60}?日([一-鿿]{2,24}?令第?\d{1,5}号)(?:公布|发布|颁布)")
_BODY: Final = (
    r"[一-鿿（）()、\s]{1,60}?(?:政府|办公厅|办公室|委员会|管委会|局|厅|部|委|院|中心|银行"
    r"|总署|署|会|集团|公司|处)"
)
# The body whose order it is: 某市人民政府令第88号.
_ORDERING: Final = re.compile(r"([一-鿿]{2,22}(?:政府|国务院|委员会|部|局|署|厅))令")
# Titles of collections, whose parts have numbers of their own.
_COLLECTION: Final = re.compile(r"(?:汇编|选编|汇总|合集|大全|手册)(?:[（(][^）)]*[）)])*$")
_TITLE_ISSUER: Final = re.compile(
    rf"^(?:[（(]?转载[）)]?)?\s*({_BODY})(?:等\s*[\d一二三四五六七八九十]+\s*(?:部门|单位|个部门))?\s*(?:关于|转发|印发)"
)
_SIGNED: Final = re.compile(rf"{_BODY}(?:\s+{_BODY})*")
# The body and the day on one line, below a title or a text.
_SIGNED_BESIDE: Final = re.compile(rf"({OFFICES.pattern})\s+({DAY})(?:印发|发布)?")
_MOST_SIGNERS: Final = 8  # lines of a joint signature; judgement
_PASSED: Final = re.compile(rf"[（(][^（）()]{{0,80}}?({DAY})[^（）()]{{0,60}}(?:印发|发布|公布|通过|颁布)")
_NO_SOURCE: Final = frozenset({"本网", "本站", "原创", "互联网", "网络", ""})
_NEWSPAPER: Final = re.compile(r"报|网$|公众号|新闻|电视|南方\+|客户端|数据库|发布$|融媒|日报")
_FIRST_LINES: Final = 12  # lines in which the number and the signature are searched for; judgement
_ARTICLE: Final = re.compile(rf"第((?:[{CHINESE_NUMERALS}\d０-９]){{1,6}})条(?:之([{CHINESE_NUMERALS}]))?")


class Particulars(NamedTuple):
    """Metadata that a document states; other texts are empty and other days missing.

    ``own_page``: whether the page is the issuer's own, so that its day is the day of publication.
    """

    title: str
    issuer: str
    document_number: str
    issued_on: dt.date | None
    published_on: dt.date | None
    own_page: bool


class Numbering(NamedTuple):
    """Articles of an act: their number (``n``), their span, missing and repeated ones.

    ``title`` is that of a second act or an annex, ``others`` are the further acts of the document; the first
    act's ``n`` counts them too, annexes apart.
    """

    n: int
    span: str
    missing: list[str]
    repeated: list[str]
    title: str = ""
    others: tuple[Numbering, ...] = ()

    @property
    def text(self) -> str:
        """One line for a reader: ``第一条…第五十四条, none missing``."""
        if not self.span:
            return ""
        gaps = f"missing: {'、'.join(self.missing)}" if self.missing else "none missing"
        twice = f"; more than once: {'、'.join(self.repeated)}" if self.repeated else ""
        name = f"{self.title}: " * bool(self.title)
        return "; ".join([f"{name}{self.span}, {gaps}{twice}", *(other.text for other in self.others)])


def read_particulars(source: SourceDocument, document: Document) -> Particulars:
    """Read title, issuer, document number and days from the page's metadata, else from the act itself.

    The title is the one that the page's head states, else the first line that reads like one. The issuer is
    the body named before 关于 in the title, else in the signature above the date, in the table of
    particulars, or in the source, unless that is a newspaper.

    Examples
    --------
    >>> from liaison_analysis.policies.clauses import split_clauses
    >>> from liaison_analysis.policies.source import Paragraph, plain
    >>> lines = ["某市经济局关于印发某办法的通知", "某经规〔2024〕3号", "第一条 给予补助。", "2024年7月26日"]
    >>> source = plain([Paragraph(line, "") for line in lines])
    >>> read_particulars(source, split_clauses(source.paragraphs))[1:4]
    ('某市经济局', '某经规〔2024〕3号', datetime.date(2024, 7, 26))
    """
    stated = source.stated
    title = stated.get("title") or document.title
    lines = [paragraph.text for paragraph in source.paragraphs]
    head = lines[:_FIRST_LINES]
    numbered = [] if _COLLECTION.search(title) else head
    number = _document_number([stated.get("document_number", ""), *numbered]).translate(NARROW)
    signature, signed_on, signed_at = _signature(lines)
    # Below a signature, brackets tell the history of the act that is republished or passed on.
    own_head = head if signed_on is None else head[:signed_at]
    passed = next((match for line in own_head if (match := _PASSED.search(line))), None)
    beside = next(
        (
            match
            for line in own_head
            if NUMBER_BESIDE.fullmatch(line.strip("（）()")) and (match := ISSUED_BESIDE.search(line))
        ),
        None,
    )
    printed = passed or beside
    issued_on = read_date(stated.get("issued_on", "")) or (
        read_date(printed.group(1)) if printed else signed_on
    )
    named = _TITLE_ISSUER.match(title)
    source_name = stated.get("source", "")
    if source_name in _NO_SOURCE or _NEWSPAPER.search(source_name):
        source_name = ""
    ordering = _ORDERING.match(number)
    issuer = (
        (named.group(1) if named else "")
        or signature
        or (ordering.group(1) if ordering else "")
        or stated.get("issuer", "")
        or source_name
    )
    published_on = read_date(stated.get("published_on", ""))
    source_of_page = stated.get("source", "")
    own = (
        source_of_page in _NO_SOURCE
        or (not stated.get("site") and bool(issuer) and issuer.endswith(source_of_page.removeprefix("本")))
        or _same_body(stated.get("site", ""), issuer)
    )
    return Particulars(title, " ".join(issuer.split()), number, issued_on, published_on, own)


def _same_body(site: str, issuer: str) -> bool:
    """Whether the site is the issuer's own; the day of a page that republishes an act is not the act's."""
    place = re.sub(r"(?:人民)?政府.*|门户.*|网站.*|信息网.*", "", site)
    return bool(issuer) and bool(place) and (place in issuer or issuer in site)


def _document_number(lines: Sequence[str]) -> str:
    before = ""
    for line in lines:
        bare = re.sub(r"\s+", "", line).strip("（）()")
        beside = NUMBER_BESIDE.match(line.strip("（）()"))
        if beside and not DOCUMENT_NUMBER.fullmatch(bare):
            return re.sub(r"\s+", "", beside.group(1))
        if DOCUMENT_NUMBER.fullmatch(bare):
            return (before if before.endswith(("令", "公告")) and bare.startswith("第") else "") + bare
        before = bare
    ordered = next((match for line in lines if (match := _ORDER.search("".join(line.split())))), None)
    return ordered.group(1) if ordered else ""


def _signature(lines: Sequence[str]) -> tuple[str, dt.date | None, int]:
    """Find the first line that is only a date, the body that signs above it, and the line's place."""
    for i, line in enumerate(lines):
        bare = re.sub(r"\s+", "", line)
        if re.fullmatch(rf"[（(]?{DAY}[）)]?", bare) and (day := read_date(bare)):
            top = i - bool(i and _SIGNED.fullmatch(lines[i - 1]))
            while 0 < top < i and i - top < _MOST_SIGNERS and OFFICES.fullmatch(lines[top - 1]):
                top -= 1
            return " ".join(lines[top:i]), day, i
        beside = _SIGNED_BESIDE.fullmatch(line.strip())
        if beside and (day := read_date(beside.group(2))):
            return beside.group(1), day, i
    return "", None, 0


def read_numbering(clauses: Sequence[Clause]) -> Numbering:
    """Count the articles of each act of a document and list gaps, to check that none was lost.

    A second act, whose articles restart at one below a title of its own, and an annex with articles are
    counted apart. An act that is a copy of one above is not counted; its articles are repeated ones.

    Examples
    --------
    >>> from liaison_analysis.policies.clauses import Clause
    >>> articles = ["第一条", "第二条（一）", "第二条（二）", "第四条", "第四条之一"]
    >>> clauses = [Clause(article, "", "给予补助。", "") for article in articles]
    >>> clauses += [Clause(article, "某区补贴办法", "给予补贴。", "") for article in ("第一条", "第二条")]
    >>> numbering = read_numbering(clauses)
    >>> numbering.n
    6
    >>> numbering.text
    '第一条…第四条之一, missing: 第三条; 某区补贴办法: 第一条…第二条, none missing'
    """
    acts: dict[str, list[Clause]] = {}
    for clause in clauses:
        if _ARTICLE.match(clause.article):
            acts.setdefault(act_of(clause.chapter), []).append(clause)
    texts: set[tuple[str, str]] = set()
    parts: list[Numbering] = []
    for name, of_it in acts.items():
        own = {(clause.article, clause.text) for clause in of_it}
        part = _numbering(name, of_it)
        if parts and own <= texts:
            parts[0].repeated.extend(dict.fromkeys(_ARTICLE.match(c.article).group() for c in of_it))  # type: ignore[union-attr]
            continue
        texts |= own
        parts.append(part)
    if not parts:
        return Numbering(0, "", [], [])
    counted = [part for part in parts if not part.title.startswith("附")]
    return parts[0]._replace(n=sum(part.n for part in counted), others=tuple(parts[1:]))


def act_of(chapter: str) -> str:
    """Give the title of the act that a clause is of, from the headings above it; empty for the first act.

    Examples
    --------
    >>> act_of("某区补贴办法 第二章 标准"), act_of("附件1 某区细则 第一章 总则"), act_of("第一章 总则")
    ('某区补贴办法', '附件1 某区细则', '')
    """
    if chapter.startswith("附") and not re.match(r"附\s*则", chapter):
        return chapter.partition(" 第")[0]
    return re.split(r"(?:^|\s)(?:第[^\s]{1,8}[编部章节]|[总附]\s*则)", chapter)[0].strip()


def _numbering(title: str, clauses: Sequence[Clause]) -> Numbering:
    order: list[tuple[int, int]] = []
    repeated: list[str] = []
    chinese = True
    for clause in clauses:
        match = _ARTICLE.match(clause.article)
        if not match:
            continue
        chinese = not match.group(1)[0].isdigit()
        key = (read_number(match.group(1)), read_number(match.group(2)) if match.group(2) else 0)
        if order and key == order[-1]:
            continue
        if key in order:
            repeated.append(match.group())
        order.append(key)
    numbers = sorted({number for number, _ in order})
    gaps = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    first, last = (_label(key, chinese=chinese) for key in (order[0], order[-1]))
    missing = [_label((gap, 0), chinese=chinese) for gap in gaps]
    span = f"{first}…{last}" if len(order) > 1 else first
    return Numbering(len(set(order)), span, missing, repeated, title)


def _label(key: tuple[int, int], *, chinese: bool) -> str:
    number, inserted = key
    written = chinese_number(number) if chinese and 0 < number < 1000 else str(number)
    return f"第{written}条" + (f"之{chinese_number(inserted)}" if inserted else "")
