"""Title of the document on a web page whose head does not state it."""

from __future__ import annotations

import re
from typing import Any, Final

from liaison_analysis.policies.document_titles import is_title
from liaison_analysis.policies.page_furniture import is_furniture
from liaison_analysis.policies.page_lines import squeeze

_SITE_SUFFIX: Final = re.compile(r"\s*[-_—–|]+\s*[^-_—–|]*(?:网站|门户|政府网|信息网|公开平台|官网|网)\s*$")
_SITE_PREFIX: Final = re.compile(r"^[^-_—–|]*(?:网站|门户|政府网|官网)\s*[-_—–|]+\s*")
# A window's title that is only the name of the site or of the body.
_SITE_NAME: Final = re.compile(
    r"(?:网站?|门户|平台|政府|局|委员会|厅|中心|公开|首页|频道|专栏|详情|文件|公报|法规|查询)$"
)
_SHORTEST_TITLE: Final = 8  # characters; judgement
_FIRST_LINES: Final = 4  # lines of the text in which its own title is looked for; judgement
_NUMBERED: Final = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}[章条]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、]"
)


def begins_with_title(lines: list[str]) -> bool:
    """Whether the text begins with its own title, below names of the site or the body at most."""
    head = []
    for line in lines[:_FIRST_LINES]:
        if _NUMBERED.match(line):
            break
        head.append(line)
    return any(is_title(line) and len(line) >= _SHORTEST_TITLE for line in head)


def title_above(above: list[str]) -> str:
    """Give the line above the text that reads like a title, if it is the only one."""
    titles = {line for line in above if is_title(line) and not is_furniture(line)}
    return next((line for line in titles if len(titles) == 1 and len(line) >= _SHORTEST_TITLE), "")


def title_by_headings(root: Any, lines: list[str], titles: list[str]) -> str:
    """Title by the page's headings and its ``title``, where the head does not state it."""
    whole = titles[0] if titles else ""
    headings = [squeeze("".join(h.itertext())) for level in ("h1", "h2", "h3") for h in root.iter(level)]
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
