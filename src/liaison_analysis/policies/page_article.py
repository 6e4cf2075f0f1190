"""Which element of a web page holds its main text, and the files that are linked in it."""

from __future__ import annotations

import re
from typing import Any, Final

from liaison_analysis.policies.page_furniture import is_furniture
from liaison_analysis.policies.page_lines import BLOCKS, squeeze
from liaison_analysis.policies.page_tree import CHINESE, MAIN_SHARE, drop_element

# Class names and ids of elements around an article in the content management systems of government sites.
_ARTICLE_NAME: Final = re.compile(
    r"^(?:zoom(?:con)?|ucap-?content|ucapcontent|trs_(?:editor|ueditor).*|article(?:[-_]?(?:content|con|body|text"
    r"|main|box))?(?:-body)?|content[-_]?(?:article|text|body|main)|(?:news|info|detail|view|main|page|text|con)s?"
    r"[-_]?(?:con|cont|content|text|body|txt|main)|contxt|artibody|zwcontent|wzcon|xxgk_?content|zhengwen|js_content|rich_media_content"
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
# Share of the text that a child must hold to be followed where no element is named; compared likewise.
_CHILD_SHARE: Final = 0.6
_SAME: Final = 0.9  # share of the best that counts as the same text
# Share of a page's text that its links hold at least where it only lists documents; judgement.
_LIST_SHARE: Final = 0.5
_ATTACHMENT: Final = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv)(?:$|[?#])", re.IGNORECASE
)
_LABEL_LENGTH: Final = 8  # characters in which the label of attachments stands; judgement
_PUNCTUATION: Final = re.compile(r"[，。；：、]")
# Weight of a punctuation mark in characters, since menus have none; judgement.
_PUNCTUATION_WEIGHT: Final = 100


def text_weights(root: Any) -> dict[Any, tuple[int, int]]:
    """Measure the text of each element, outside of links and within them; punctuation adds weight."""
    scores: dict[Any, tuple[int, int]] = {}
    for element in reversed(list(root.iter())):  # children come before their parents
        is_notice = not len(element) and is_furniture(squeeze(element.text or ""))
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
    return len(CHINESE.findall(text)) + _PUNCTUATION_WEIGHT * len(_PUNCTUATION.findall(text))


def is_listing(root: Any, scores: dict[Any, tuple[int, int]]) -> bool:
    """Whether a page only lists links: most of its text, and no sentence outside of them."""
    outside, within = scores[root]
    if within <= _LIST_SHARE * (outside + within):
        return False
    return not any(
        "。" in (element.text or "") + (element.tail or "") for element in root.iter() if element.tag != "a"
    )


def _named(element: Any, pattern: re.Pattern[str], *, search: bool) -> bool:
    names = [*(element.get("class") or "").split(), element.get("id") or "", str(element.tag)]
    return any(pattern.search(name) if search else pattern.match(name) for name in names if name)


def find_article(root: Any, scores: dict[Any, tuple[int, int]]) -> Any:
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
                    drop_element(element)
    named = [element for element in top.iter() if _named(element, _ARTICLE_NAME, search=False)]
    named = [element for element in named if scores[element][0] >= MAIN_SHARE * whole]
    if named:
        most = max(scores[element][0] for element in named)
        # The innermost of the elements with the same text.
        return [element for element in named if scores[element][0] >= _SAME * most][-1]
    node = top
    while True:
        best = max(node, key=lambda child: scores[child][0], default=None)
        if best is None or best.tag not in {*BLOCKS, "td", "th", "font", "span"}:
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


def linked_files(root: Any, article: Any) -> list[str]:
    """Names of linked files: of all in the text, and of those beside it that are labelled 附件."""
    names = []
    inside = set(article.iter("a"))
    for link in root.iter("a"):
        address = link.get("href") or ""
        parent = link.getparent()
        labelled = parent is not None and "附件" in "".join(parent.itertext())[:_LABEL_LENGTH]
        if _ATTACHMENT.search(address) and (link in inside or labelled):
            text = squeeze("".join(link.itertext())) or address.rpartition("/")[2]
            names.append(text)
    return list(dict.fromkeys(names))
