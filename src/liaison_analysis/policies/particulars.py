"""Metadata of a document: title, issuer, number, days of issue and publication, and its articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.policies.dates import DAY, read_date
from liaison_analysis.text import CHINESE_NUMERALS, chinese_number, read_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from liaison_analysis.policies.clauses import Clause, Document
    from liaison_analysis.policies.source import SourceDocument

_NUMBER: Final = re.compile(
    r"[一-鿿]{1,16}\s*[〔\[［（(【]\s*\d{4}\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号"
    r"|(?:[一-鿿]{2,24}令\s*)?第\s*\d{1,5}\s*号(?:令|公告)?|[一-鿿]{2,24}令\s*\d{4}\s*年\s*第?\s*\d{1,4}\s*号"
)
_BODY: Final = (
    r"[一-鿿（）()、\s]{1,60}?(?:政府|办公厅|办公室|委员会|管委会|局|厅|部|委|院|中心|银行"
    r"|总署|署|会|集团|公司|处)"
)
_TITLE_ISSUER: Final = re.compile(
    rf"^(?:[（(]?转载[）)]?)?\s*({_BODY})(?:等\s*[\d一二三四五六七八九十]+\s*(?:部门|单位|个部门))?\s*关于"
)
_SIGNED: Final = re.compile(rf"{_BODY}(?:\s+{_BODY})*")
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
    """Articles of a document: their number (``n``), their span, missing and repeated ones."""

    n: int
    span: str
    missing: list[str]
    repeated: list[str]

    @property
    def text(self) -> str:
        """One line for a reader: ``第一条…第五十四条, none missing``."""
        if not self.n:
            return ""
        gaps = f"missing: {'、'.join(self.missing)}" if self.missing else "none missing"
        twice = f"; more than once: {'、'.join(self.repeated)}" if self.repeated else ""
        return f"{self.span}, {gaps}{twice}"


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
    number = _document_number([stated.get("document_number", ""), *head])
    signature, signed_on = _signature(lines)
    passed = next((match for line in head if (match := _PASSED.search(line))), None)
    issued_on = read_date(stated.get("issued_on", "")) or (
        read_date(passed.group(1)) if passed else signed_on
    )
    named = _TITLE_ISSUER.match(title)
    source_name = stated.get("source", "")
    if source_name in _NO_SOURCE or _NEWSPAPER.search(source_name):
        source_name = ""
    issuer = (named.group(1) if named else "") or signature or stated.get("issuer", "") or source_name
    published_on = read_date(stated.get("published_on", ""))
    own = stated.get("source", "") in _NO_SOURCE or _same_body(stated.get("site", ""), issuer)
    return Particulars(title, " ".join(issuer.split()), number, issued_on, published_on, own)


def _same_body(site: str, issuer: str) -> bool:
    """Whether the site is the issuer's own; the day of a page that republishes an act is not the act's."""
    place = re.sub(r"(?:人民)?政府.*|门户.*|网站.*|信息网.*", "", site)
    return bool(issuer) and bool(place) and (place in issuer or issuer in site)


def _document_number(lines: Sequence[str]) -> str:
    before = ""
    for line in lines:
        bare = re.sub(r"\s+", "", line).strip("（）()")
        if _NUMBER.fullmatch(bare):
            return (before if before.endswith(("令", "公告")) and bare.startswith("第") else "") + bare
        before = bare
    return ""


def _signature(lines: Sequence[str]) -> tuple[str, dt.date | None]:
    """Find the first line that is only a date, and the body that signs above it."""
    for i, line in enumerate(lines):
        bare = re.sub(r"\s+", "", line)
        if re.fullmatch(rf"[（(]?{DAY}[）)]?", bare) and (day := read_date(bare)):
            above = lines[i - 1] if i else ""
            return (above if _SIGNED.fullmatch(above) else ""), day
    return "", None


def read_numbering(clauses: Sequence[Clause]) -> Numbering:
    """Count the articles of a document and list gaps, to check that none was lost.

    Articles of annexes, which restart at one, are left out.

    Examples
    --------
    >>> from liaison_analysis.policies.clauses import Clause
    >>> articles = ["第一条", "第二条（一）", "第二条（二）", "第四条", "第四条之一"]
    >>> numbering = read_numbering([Clause(article, "", "给予补助。", "") for article in articles])
    >>> numbering.n, numbering.text
    (4, '第一条…第四条之一, missing: 第三条')
    """
    order: list[tuple[int, int]] = []
    repeated: list[str] = []
    chinese = True
    for clause in clauses:
        match = _ARTICLE.match(clause.article)
        if not match or clause.chapter.startswith("附"):
            continue
        chinese = not match.group(1)[0].isdigit()
        key = (read_number(match.group(1)), read_number(match.group(2)) if match.group(2) else 0)
        if order and key == order[-1]:
            continue
        if key in order:
            repeated.append(match.group())
        order.append(key)
    if not order:
        return Numbering(0, "", [], [])
    numbers = sorted({number for number, _ in order})
    gaps = sorted(set(range(numbers[0], numbers[-1] + 1)) - set(numbers))
    first, last = (_label(key, chinese=chinese) for key in (order[0], order[-1]))
    missing = [_label((gap, 0), chinese=chinese) for gap in gaps]
    return Numbering(len(set(order)), f"{first}…{last}" if len(order) > 1 else first, missing, repeated)


def _label(key: tuple[int, int], *, chinese: bool) -> str:
    number, inserted = key
    written = chinese_number(number) if chinese and 0 < number < 1000 else str(number)
    return f"第{written}条" + (f"之{chinese_number(inserted)}" if inserted else "")
