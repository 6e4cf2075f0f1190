"""Main text, title and metadata of a document on a web page."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from liaison_analysis._messages import message
from liaison_analysis.policies.clauses import is_title
from liaison_analysis.policies.closings import IMPRINT
from liaison_analysis.policies.dates import DAY
from liaison_analysis.policies.embedded import embedded_document
from liaison_analysis.policies.particulars import DOCUMENT_NUMBER, ISSUED_BESIDE, NUMBER_BESIDE
from liaison_analysis.policies.source import UnreadableError, row_text

if TYPE_CHECKING:
    from collections.abc import Iterator

# A page with fewer Chinese characters outside of its frames has its text in them; judgement.
_FRAMED: Final = 10
_UNSEEN: Final = frozenset({
    "script", "style", "nav", "head", "footer", "aside", "template", "noscript", "noframes", "iframe",
    "select", "button", "input", "textarea", "svg", "object",
})  # fmt: skip
_BLOCKS: Final = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "section", "article", "blockquote", "dd",
    "dt",
    "header", "main", "body", "table", "ul", "ol", "dl", "thead", "tbody", "tfoot", "caption", "pre",
    "center",
    "fieldset", "form", "hr", "figure", "figcaption", "address",
})  # fmt: skip
_HIDDEN_STYLE: Final = re.compile(
    r"display:none|visibility:hidden|mso-hide:all|font-size:0(?:px|pt|em)?(?:;|$)|opacity:0(?:\.0+)?(?:;|$)"
    r"|text-indent:-\d{3,}"
)
# Styles that a script takes away when the page has loaded, as around articles of an official account.
_HIDDEN_AT_FIRST: Final = re.compile(r"visibility:hidden|opacity:0(?:\.0+)?(?:;|$)")
_MEDIA_RULE: Final = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
_RULE: Final = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR: Final = re.compile(r"[a-z0-9]*([.#][\w-]+)", re.IGNORECASE)
# Class names and ids of elements around an article in the content management systems of government sites.
_ARTICLE_NAME: Final = re.compile(
    r"^(?:zoom(?:con)?|ucap-?content|ucapcontent|trs_(?:editor|ueditor).*|article(?:[-_]?(?:content|con|body|text"
    r"|main|box))?(?:-body)?|content[-_]?(?:article|text|body|main)|(?:news|info|detail|view|main|page|text|con)s?"
    r"[-_]?(?:con|cont|content|text|body|txt|main)|contxt|artibody|zwcontent|wzcon|xxgk_?content|zhengwen"
    r"|view|mainbody|vsb_content.*|mainContent)$",
    re.IGNORECASE,
)
_FURNITURE_NAME: Final = re.compile(
    r"(?:^|[-_])(?:nav|navbar|menu|crumbs?|breadcrumbs?|footer|foot|copyright|toolbar|sidebar|share|bdshare|social"
    r"|related|recommend|print|login|search|banner|qrcode|ewm|pagination|pager|friendlinks?|position|location"
    r"|hotword)s?(?:$|[-_\d])",
    re.IGNORECASE,
)
# An element with such a name is taken for the article if it holds more than this share of the text;
# judgement.
_FURNITURE_SHARE: Final = 0.2
# Share of the text that a named element must hold to be the article, and that a child must hold to be
# followed where no element is named. Compared with others in benchmarks/policy_pages.py (24 pages,
# 2026-11-30).
_NAMED_SHARE: Final = 0.5
_CHILD_SHARE: Final = 0.6
_SAME: Final = 0.9  # share of the best that counts as the same text
# A page lists documents if its links hold more than this share of the text, without a sentence outside of
# them.
_LIST_SHARE: Final = 0.5
# Buttons and labels; a line that consists only of these is not text.
_BUTTON: Final = (
    r"(?:字体|字号)(?:大小)?[:：]?|[Aa][-+]?[大中小]?|[大中小]|(?:一键)?分享(?:到|至)?[:：]?|(?:我要)?打印(?:本页|本文|此页|此文|正文|文章)?"
    r"|关闭(?:窗口|本页|页面|此页)?|收藏(?:本页)?|返回(?:顶部|首页|列表)?|(?:我要)?纠错|朗读|听全文|下载(?:文字版|图片版|PDF版)"
    r"|微信|微博|QQ空间|更多|(?:浏览|阅读|点击|访问)(?:次数|量|数)?[:：]?|\d+|次|正文|[-–—·>|/:：×+↺【】\[\]（）()]"
)
_BUTTONS: Final = re.compile(
    rf"(?=.{{0,120}}$)(?!\s*\d+\s*$)(?!\s*\d{{4}}/\d+/\d+\s*$)(?:\s*(?:{_BUTTON}))+\s*"
)
_FURNITURE: Final = re.compile(
    r"(?:发布|发表|更新|发文|成稿|录入|加入|上传)(?:日期|时间)\s*[:：].{0,120}|\d{4}-\d{1,2}-\d{1,2}(?:\s\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|(?:信息|文章|稿件|内容|文字|图片)?来源\s*[:：].{0,60}|(?:责任|图文|本期)?编辑\s*[:：].{0,20}|(?:审核|校对|初审|复审|终审|责编|撰文|供稿|记者|[▲△]?\s*图源?|图片)\s*[:：].{0,30}|[▲△]?\s*图源\s*[:：].{0,30}|(?:免责)?声明\s*[:：].{0,30}转载.{0,120}|.{0,6}(?:点击|戳).{0,4}(?:蓝字|名片).{0,20}|(?:点(?:个)?(?:分享|收藏|在看|点?赞)\s*)+|(?:浏览|阅读|点击|访问)(?:次数|量|数)\s*[:：].{0,20}"
    r"|\d{1,2}:\d{2}(?::\d{2})?|(?:Published|Updated|Source|Author)\s*[:：].{0,60}|(?:日期|时间|作者)\s*[:：]\s*\S{0,20}"
    r"|[-—–=\s]*(?:END|完)[-—–=\s]*|标签\s*[:：][^，。；]{0,30}|扫描二维码.{0,20}|扫一扫.{0,30}|(?:手机|微信)(?:扫码|扫描).{0,30}|分享(?:到|至)\s*[:：].{0,24}"
    r"|(?:上|下)一[篇条]\s*[:：].*|相关(?:附件|链接|文章|新闻|阅读|解读|稿件|报道|信息)\s*[:：]?"
    r"|(?:当前|所在|您现在的?|你|您)的?位置\s*[:：>》].*|首页\s*[>》/].*"
    r"|(?:版权所有|主办单位|承办单位|技术支持|网站标识码|网站地图|联系我们|关于我们|免责声明|隐私声明)\s*[:：|©].{0,80}"
    r"|(?:版权所有|网站地图|联系我们|关于我们)|[一-鿿]{2,8}\s*[:：]\s*https?://\S+|.{0,30}(?:ICP备|公网安备|网站标识码).*"
)
# Longest line below a title that holds days, source and buttons beside each other; judgement.
_INFO_LENGTH: Final = 120
_PARTS: Final = re.compile(r"[\s|｜]+|(?=【)|(?<=】)")
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
    "title": ("名称", "标题", "文件名称"), "document_number": ("文号", "发文字号", "文件编号"),
    "issuer": ("发布机构", "发文机关", "发文机构", "制发机关", "发布单位"),
    "issued_on": ("成文日期", "发文日期", "印发日期", "生成日期"), "published_on": ("发布日期",
    "公开日期", "发布时间"),
    "": ("索引号", "分类", "主题分类", "主题词", "关键词", "体裁分类", "有效性", "效力状态", "文件状态",
    "组配分类",
         "统一编号", "实施日期", "失效日期", "公文种类", "关键字", "信息索引"),
}  # fmt: skip
_FIELD_NAMES: Final = {label: field for field, labels in _FIELDS.items() for label in labels}
_LABELS: Final = "|".join(r"\s*".join(name) for name in sorted(_FIELD_NAMES, key=len, reverse=True))
_FIELD: Final = re.compile(rf"[\s【\[]*({_LABELS})[】\]]?\s*[:：]\s*(.*)")
_ATTACHMENT: Final = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv)(?:$|[?#])", re.IGNORECASE
)
_RELATED: Final = re.compile(
    r"(?:相关|热门|推荐|最新|延伸)(?:附件|链接|文章|新闻|阅读|解读|稿件|报道|信息|推荐|文件|政策)[:：]?|猜你喜欢[:：]?"
)
_LABEL_LENGTH: Final = 8  # characters in which the label of attachments stands; judgement
_LINK: Final = "\ue000\ue001"  # private characters around the text of a link
_ONLY_LINKS: Final = re.compile(rf"(?:[\s>|·・•●■◆/、-]|\d+\. |{_LINK[0]}[^{_LINK}]*{_LINK[1]})+")
_SITE_SUFFIX: Final = re.compile(r"\s*[-_—–|]+\s*[^-_—–|]*(?:网站|门户|政府网|信息网|公开平台|官网|网)\s*$")
_SITE_PREFIX: Final = re.compile(r"^[^-_—–|]*(?:网站|门户|政府网|官网)\s*[-_—–|]+\s*")
# A window's title that is only the name of the site or of the body.
_SITE_NAME: Final = re.compile(
    r"(?:网站?|门户|平台|政府|局|委员会|厅|中心|公开|首页|频道|专栏|详情|文件|公报|法规|查询)$"
)
_SHORTEST_TITLE: Final = 8  # characters; judgement
_ENCODING: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CHINESE: Final = re.compile(r"[㐀-鿿]")
_PUNCTUATION: Final = re.compile(r"[，。；：、]")
# Weight of a punctuation mark in characters, since menus have none; judgement.
_PUNCTUATION_WEIGHT: Final = 100


_DEEPEST: Final = 2048  # limit of the parser (libxml2)
# A copy repeats at least this many characters, and this share of the rest; judgement.
_COPY_LINE: Final = 4
_COPY_LENGTH: Final = 200
# A short act is copied with its first article, in at least this many lines and characters; judgement.
_COPY_LINES: Final = 3
_COPY_OF_ACT: Final = 40
_COPY_SHARE: Final = 0.8
_COPIES_TRIED: Final = 200


class Page(NamedTuple):
    """Lines of a page's main text, metadata of the document, and a note for the reader.

    ``stated`` may hold title, issuer, document_number, issued_on and published_on as they are written.
    """

    lines: list[str]
    stated: dict[str, str]
    attachments: list[str]
    note: str


def read_page(data: bytes) -> Page:
    r"""Read the main text of a web page, and the metadata in its head and in its table of particulars.

    Hidden elements, menus, footers, share bars and a second copy of the text are left out. The main text is
    the element with a name that content management systems use (``zoom``, ``TRS_Editor``,
    ``article-content``) if it holds half of the text outside of links; else the deepest element that holds
    most of it.

    Parameters
    ----------
    data
        Bytes of the page; UTF-8, UTF-16 with a mark, GB18030 or what the page declares.

    Returns
    -------
    Page
        No lines where the page only lists links to documents; the note says so.

    Examples
    --------
    >>> html = '<meta name="ArticleTitle" content="某办法"><div class="nav"><a>首页</a></div>'
    >>> page = read_page((html + '<p>第一条 给予补助。</p><p hidden>第二条</p>').encode())
    >>> page.stated["title"], page.lines
    ('某办法', ['第一条 给予补助。'])
    """
    root = parse_html(data)
    stated, titles = _meta(root), [_squeeze("".join(title.itertext())) for title in root.iter("title")]
    embedded, beside = embedded_document(
        [script.text or "" for script in root.iter("script")], markup=_markup(root)
    )
    _drop_unseen(root)
    if embedded and len(_CHINESE.findall(embedded)) > 2 * _characters(root):  # a script writes the page
        beside.setdefault("title", _heading(root, [], titles))
        beside = {field: value for field, value in beside.items() if value}
        root = parse_html(f"<html><body><div>{embedded}</div></body></html>".encode())
        stated = beside | {field: value for field, value in stated.items() if field != "title" or not beside}
        _drop_unseen(root)
    elif not _has_text(root):  # some pages hide everything until a script runs
        root = parse_html(data)
        _drop_unseen(root, hidden=False)
    frames = _frames(data) if b"frame" in data.lower() and _characters(root) < _FRAMED else []
    if frames:
        shown = ", ".join(frames)
        note = message("only shows other pages in frames; save the page in the frame: {names}", names=shown)
        return Page([], {}, [], note)
    scores = _scores(root)
    if _is_listing(root, scores) and "title" not in stated:
        return Page([], {}, [], message("only lists links to documents; save the pages that they open"))
    article = _article(root, scores)
    attachments = _attachments(root, article)
    lines = _without_outer_links(article)
    around, above = _around(root, lines)
    information = _information(around)
    lines, particulars = _without_furniture(lines)
    found = {**_tabled(root), **_particulars(root, article), **particulars}
    for field, value in (*found.items(), *information.items()):
        stated.setdefault(field, value)
    if "title" not in stated:
        heading = _heading(root, lines, titles) or _title_above(above)
        if heading:
            stated["title"] = heading
    return Page(without_second_copy(lines), stated, attachments, "")


def parse_html(data: bytes) -> Any:
    """Parse a page into an ``lxml`` tree, in the encoding that it declares or that its bytes allow."""
    from lxml import html

    text = _decoded(data)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ValueError, html.etree.ParserError):
        return html.document_fromstring(b"<body></body>", parser=parser)
    if any("xcessive depth" in entry.message for entry in parser.error_log):
        raise UnreadableError(message("nests elements deeper than {n:,}; save the page again", n=_DEEPEST))
    return root


def _decoded(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    declared = _ENCODING.search(data[:4096])
    name = declared.group(1).decode("ascii", "replace").lower() if declared else ""
    name = "gb18030" if name in {"gb2312", "gbk", "gb18030"} else name
    for encoding in dict.fromkeys([name, "utf-8-sig", "gb18030"]):
        try:
            return data.decode(encoding).replace("\x00", "") if encoding else data.decode("utf-8-sig")
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode(name if name == "gb18030" else "utf-8", "replace").replace("\x00", "")


def _squeeze(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def _meta(root: Any) -> dict[str, str]:
    """Title, dates and source that the head states."""
    stated: dict[str, str] = {}
    names = {"articletitle": "title", "og:title": "title", "pubdate": "published_on",
    "publishdate": "published_on",
             "contentsource": "source", "sitename": "site", "docnumber": "document_number",
             "article:published_time": "published_on"}  # fmt: skip
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        value = _squeeze(meta.get("content") or "")
        if name in names and value:
            stated.setdefault(names[name], value)
    return stated


def _hidden_names(root: Any) -> set[str]:
    """Classes and ids that a style sheet of the page hides by a selector of one name."""
    hidden = set()
    for sheet in root.iter("style"):
        for selectors, body in _RULE.findall(_MEDIA_RULE.sub("", sheet.text or "")):
            if "display:none" in "".join(body.lower().split()):
                matches = (_SIMPLE_SELECTOR.fullmatch(selector.strip()) for selector in selectors.split(","))
                hidden |= {match.group(1) for match in matches if match}
    return hidden


def _is_hidden(element: Any, hidden: set[str]) -> bool:
    if element.get("hidden") is not None:
        return True
    style = "".join((element.get("style") or "").lower().split())
    if style and _HIDDEN_STYLE.search(style):
        return True
    return any(f".{name}" in hidden for name in (element.get("class") or "").split()) or (
        f"#{element.get('id')}" in hidden
    )


def _drop_unseen(root: Any, *, hidden: bool = True) -> None:
    """Remove elements that a browser does not show, and menus and footers that are marked as such."""
    names = _hidden_names(root)
    elements = list(root.iter())
    for element in elements:
        if element.tag in _UNSEEN and element.getparent() is not None:
            _drop(element)
    if not hidden:
        return
    for element in elements:
        if element.tag in {"html", "body"} or element.getparent() is None or not _is_hidden(element, names):
            continue
        style = "".join((element.get("style") or "").lower().split())
        is_text = _HIDDEN_AT_FIRST.search(style) and _characters(element) > _NAMED_SHARE * _characters(root)
        if not is_text:
            _drop(element)


def _characters(element: Any) -> int:
    return sum(len(_CHINESE.findall(text)) for text in element.itertext())


def _frames(data: bytes) -> list[str]:
    """Addresses of the pages that a page shows in frames, without blank ones."""
    root = parse_html(data)
    addresses = [one.get("src") or "" for tag in ("frame", "iframe") for one in root.iter(tag)]
    return [address for address in dict.fromkeys(addresses) if address and address != "about:blank"]


def _markup(root: Any) -> list[str]:
    """Texts that a script may put on the page: those of hidden fields, and templates."""
    kept = [field.text or "" for field in root.iter("textarea")]
    return kept + [one.text or "" for one in root.iter("script") if "html" in (one.get("type") or "")]


def _has_text(root: Any) -> bool:
    return any(text.strip() for text in root.itertext())


def _drop(element: Any) -> None:
    """Remove an element with its content; the text after it stays."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + tail
        else:
            previous.tail = (previous.tail or "") + tail
    parent.remove(element)


def _scores(root: Any) -> dict[Any, tuple[int, int]]:
    """Measure the text of each element, outside of links and within them; punctuation adds weight."""
    scores: dict[Any, tuple[int, int]] = {}
    for element in reversed(list(root.iter())):  # children come before their parents
        is_notice = not len(element) and is_furniture(_squeeze(element.text or ""))
        outside, within = 0 if is_notice else _weight(element.text), 0
        for child in element:
            a, b = scores[child]
            outside += a + _weight(child.tail)
            within += b
        scores[element] = (0, outside + within) if element.tag == "a" else (outside, within)
    return scores


def _weight(text: str | None) -> int:
    if not text:
        return 0
    return len(_CHINESE.findall(text)) + _PUNCTUATION_WEIGHT * len(_PUNCTUATION.findall(text))


def _is_listing(root: Any, scores: dict[Any, tuple[int, int]]) -> bool:
    outside, within = scores[root]
    if within <= _LIST_SHARE * (outside + within):
        return False
    return not any(
        "。" in (element.text or "") + (element.tail or "") for element in root.iter() if element.tag != "a"
    )


def _named(element: Any, pattern: re.Pattern[str], *, search: bool) -> bool:
    names = [*(element.get("class") or "").split(), element.get("id") or "", str(element.tag)]
    return any(pattern.search(name) if search else pattern.match(name) for name in names if name)


def _article(root: Any, scores: dict[Any, tuple[int, int]]) -> Any:
    """Find the element of the main text."""
    body = root.find("body")
    top = root if body is None else body
    whole = max(scores[top][0], 1)
    for element in list(top.iter()):
        if element is not top and _named(element, _FURNITURE_NAME, search=True):
            outside, _ = scores[element]
            if outside < _FURNITURE_SHARE * whole and not re.search(
                r"第\s*[一1]\s*条", "".join(element.itertext())
            ):
                scores[element] = (0, 0)
                if element.getparent() is not None:
                    _drop(element)
    named = [element for element in top.iter() if _named(element, _ARTICLE_NAME, search=False)]
    named = [element for element in named if scores[element][0] >= _NAMED_SHARE * whole]
    if named:
        most = max(scores[element][0] for element in named)
        # The innermost of the elements with the same text.
        return [element for element in named if scores[element][0] >= _SAME * most][-1]
    node = top
    while True:
        best = max(node, key=lambda child: scores[child][0], default=None)
        if best is None or best.tag not in {*_BLOCKS, "td", "th", "font", "span"}:
            return node
        rest = scores[node][0] - scores[best][0]
        siblings = "".join("".join(child.itertext()) for child in node if child is not best)
        if (
            scores[best][0] < _CHILD_SHARE * whole
            or best.tag in {"tr", "p"}
            or (
                rest
                and re.search(r"第\s*[一二三四五六七八九十\d]+\s*条|[。；]", siblings)
                and not _copyright(siblings)
            )
        ):
            return node
        node = best


def _copyright(text: str) -> bool:
    return bool(re.search(r"ICP备|公网安备|版权所有|网站标识码", text))


def _attachments(root: Any, article: Any) -> list[str]:
    """Names of linked files: of all in the text, and of those beside it that are labelled 附件."""
    names = []
    inside = set(article.iter("a"))
    for link in root.iter("a"):
        address = link.get("href") or ""
        parent = link.getparent()
        labelled = parent is not None and "附件" in "".join(parent.itertext())[:_LABEL_LENGTH]
        if _ATTACHMENT.search(address) and (link in inside or labelled):
            text = _squeeze("".join(link.itertext())) or address.rpartition("/")[2]
            names.append(text)
    return list(dict.fromkeys(names))


def lines_of(top: Any) -> Iterator[str]:
    """Give the text of block elements in order; list items get the number that the browser shows.

    Works without recursion, and in time that grows with the page.
    """
    from lxml import etree

    line: list[str] = []
    counts: dict[Any, int] = {}
    mark = ""
    written = 0  # elements around that keep their line breaks
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag == "br" or tag in _BLOCKS:
                yield from (mark + "".join(line)).split("\n")
                mark = "" if "".join(line).strip() else mark
                line = []
            written += tag == "pre"
            if tag == "li":
                mark = _list_mark(element, counts)
            if tag == "tr" and _is_grid(element):
                # Cells are read as a whole; their content is not visited again.
                yield _grid_row(element)
                walk.skip_subtree()
                continue
            line.append((element.text or "").replace("\n", "\n" if written else " "))
        else:
            if tag in _BLOCKS:
                yield from (mark + "".join(line)).split("\n")
                mark = "" if "".join(line).strip() else mark
                line = []
                written -= tag == "pre"
            elif tag in {"td", "th"}:
                line.append(" ")
            if element is not top:
                line.append((element.tail or "").replace("\n", "\n" if written else " "))
    yield from (mark + "".join(line)).split("\n")


def _without_outer_links(article: Any) -> list[str]:
    """Lines of an element without those at its ends that hold nothing but links."""
    for link in article.iter("a"):
        link.text = _LINK[0] + (link.text or "")
        last = link[-1] if len(link) else None
        if last is None:
            link.text += _LINK[1]
        else:
            last.tail = (last.tail or "") + _LINK[1]
    lines = [line for line in map(_squeeze, lines_of(article)) if line.strip(_LINK)]
    lines = _without_related(lines)
    links = [bool(_ONLY_LINKS.fullmatch(line)) for line in lines]
    first = next((i for i, only in enumerate(links) if not only), 0)
    last_line = next((i for i in range(len(links), 0, -1) if not links[i - 1]), len(links))
    bare = (_squeeze(re.sub(rf"[{_LINK}]", "", line)) for line in lines[first:last_line])
    return [line for line in bare if line]


def _without_related(lines: list[str]) -> list[str]:
    """Leave out links to other documents below a heading such as 相关文章."""
    kept = []
    related = False
    for line in lines:
        only_links = bool(_ONLY_LINKS.fullmatch(line))
        related = only_links and related
        if not related:
            kept.append(line)
        related = related or bool(_RELATED.fullmatch(re.sub(rf"[{_LINK}\s]", "", line)))
    return kept


_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_DEEP: Final = 40  # ancestors of a list that are searched for an outer list; judgement


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


def _grid_row(row: Any) -> str:
    return row_text([_squeeze(" ".join(cell.itertext())) for cell in row if cell.tag in {"td", "th"}])


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


def _field_name(label: str) -> str:
    return _FIELD_NAMES["".join(label.split())]


def _tabled(root: Any) -> dict[str, str]:
    """Read a table of particulars whose labels stand in cells of their own, with or without a colon."""
    found: dict[str, str] = {}
    for table in root.iter("table"):
        pairs = [pair for row in table.iter("tr") for pair in _labelled(_cells(row))]
        if len(pairs) >= _FEWEST_LABELS:
            for field, value in pairs:
                if field and value:
                    found.setdefault(field, value)
    return found


def _cells(row: Any) -> list[str]:
    return [_squeeze(" ".join(cell.itertext())) for cell in row if cell.tag in {"td", "th"}]


def _labelled(cells: list[str]) -> list[tuple[str, str]]:
    """Pairs of a field and its value in the cells of a row; none where some label is no particular."""
    pairs = []
    for label, value in zip(cells[::2], [*cells[1::2], ""], strict=False):
        name = re.sub(r"[\s:：【】\[\]]", "", label)
        if name not in _FIELD_NAMES:
            return []
        pairs.append((_FIELD_NAMES[name], value if len(value) <= _INFO_LENGTH else ""))
    return pairs


def _around(root: Any, lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines on both sides of the beginning of the text, and those above it."""
    body = root.find("body")
    everything = [
        re.sub(rf"[{_LINK}]", "", _squeeze(line)) for line in lines_of(root if body is None else body)
    ]
    everything = [line for line in everything if line]
    begins = everything.index(lines[0]) if lines and lines[0] in everything else 0
    above = everything[max(0, begins - _INFO_LINES) : begins]
    return [*above, *lines[:_INFO_LINES]], above


def _title_above(above: list[str]) -> str:
    """Give the line above the text that reads like a title, if it is the only one."""
    titles = {line for line in above if is_title(line) and not is_furniture(line)}
    return next((line for line in titles if len(titles) == 1 and len(line) >= _SHORTEST_TITLE), "")


def _information(around: list[str]) -> dict[str, str]:
    """Read day and source from the lines below a page's title: 时间：2024-08-20 来源：区商务局 阅读：53."""
    found: dict[str, str] = {}
    for line in around:
        if len(line) > _INFO_LENGTH:
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
        (match for line in around if len(line) <= _INFO_LENGTH // 2 and (match := _MINUTE.search(line))), None
    )
    if alone:
        found.setdefault("published_on", alone.group(1))
    return found


def _particulars(root: Any, article: Any) -> dict[str, str]:
    """Read the table of metadata above the text on pages of government information disclosure."""
    found: dict[str, str] = {}
    texts = []
    for element in root.iter():
        if element is article:
            break
        texts += [
            _squeeze(element.text or ""),
            *(
                [_squeeze(element.tail or "")]
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
            field, value = _field_name(match.group(1)), match.group(2)
            waiting = "" if value else field
            if field and value:
                found.setdefault(field, value)
        elif waiting:
            found.setdefault(waiting, text)
            waiting = ""
    return found


def _without_furniture(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """Remove buttons, labels and notices of the site from both ends and between; read metadata in them."""
    found: dict[str, str] = {}
    kept = []
    for i, line in enumerate(lines):
        field = _FIELD.fullmatch(line) if i < 30 else None
        if field:
            name = _field_name(field.group(1))
            value = re.split(r"\s+(?:浏览|来源|阅读|点击)", field.group(2))[0]
            if name and value:
                found.setdefault(name, value)
            continue
        if line.startswith("|") and _labelled([cell.strip() for cell in line.strip("| ").split(" | ")]):
            continue
        if not is_furniture(line):
            kept.append(line)
    return without_imprint(kept), found


def is_furniture(line: str) -> bool:
    """Whether a line is a button, a label or a notice of the site, not of the document.

    Examples
    --------
    >>> [is_furniture(line) for line in ("【打印】 【字体： 大 中】", "浏览次数： 12", "打印费减半。", "12")]
    [True, True, False, False]
    """
    line = line.replace("丨", "：")
    if _BUTTONS.fullmatch(line) or _FURNITURE.fullmatch(line):
        return True
    parts = [part for part in _PARTS.split(line) if part] if len(line) <= _INFO_LENGTH else []
    return len(parts) > 1 and all(_BUTTONS.fullmatch(part) or _FURNITURE.fullmatch(part) for part in parts)


def without_imprint(lines: list[str]) -> list[str]:
    """Remove the imprint of a printed document below its text: 公开方式, 抄送, 某年某月某日印发."""
    end = len(lines)
    while end and IMPRINT.fullmatch(lines[end - 1]):
        end -= 1
    return lines[:end]


def without_second_copy(lines: list[str]) -> list[str]:
    """Cut off a second copy of the text that follows the first.

    Examples
    --------
    >>> act = [f"第{n}条 企业购置设备的，按照设备购置额的百分之十给予补助。" for n in "一二三四五六七八九"]
    >>> without_second_copy(["某办法", *act, *act, "完"]) == ["某办法", *act]
    True
    """
    bare = ["".join(line.split()) for line in lines]
    first: dict[str, int] = {}
    tried = 0
    for i, text in enumerate(bare):
        if len(text) >= _COPY_LINE and text in first and tried < _COPIES_TRIED:
            tried += 1
            n = 0
            while i + n < len(bare) and first[text] + n < i and bare[i + n] == bare[first[text] + n]:
                n += 1
            copied = bare[i : i + n]
            shortest = _COPY_LENGTH
            if n >= _COPY_LINES and any(line.startswith(("第一条", "一、")) for line in copied):
                shortest = _COPY_OF_ACT
            if sum(map(len, copied)) >= max(shortest, _COPY_SHARE * sum(map(len, bare[i:]))):
                before = first[text]
                while before and bare[i - 1] == bare[before - 1]:
                    i, before = i - 1, before - 1  # noqa: PLW2901 - short lines above belong to the copy
                return lines[:i]
        first.setdefault(text, i)
    return lines


def _heading(root: Any, lines: list[str], titles: list[str]) -> str:
    """Title by the page's headings and its ``title``, where the head does not state it."""
    whole = titles[0] if titles else ""
    headings = [_squeeze("".join(h.itertext())) for level in ("h1", "h2", "h3") for h in root.iter(level)]
    headings = [text for text in headings if text and not is_furniture(text)]
    for text in headings:
        if whole and text in whole:
            return text
    bare = _SITE_PREFIX.sub("", _SITE_SUFFIX.sub("", whole))
    if bare and bare != whole and any(bare in line or line in bare for line in lines[:5] if len(line) > 3):
        return bare
    named = [text for text in headings if not _SITE_NAME.search(text)]
    return _title_on_page(root, whole) or next(iter([*named, *headings]), "")


def _title_on_page(root: Any, whole: str) -> str:
    """Give the longest part of the window's title that stands on the page, without the name of the site."""
    body = root.find("body")
    page = "".join("".join((root if body is None else body).itertext()).split())
    parts = re.split(r"(\s*[-_—–|]+\s*)", whole)
    for n in range(len(parts), 0, -2):
        text = "".join(parts[:n])
        bare = "".join(text.split())
        if len(bare) >= _SHORTEST_TITLE and bare in page and not _SITE_NAME.search(bare):
            return text
    return ""
