"""A web page as a tree, without what a browser does not show."""

from __future__ import annotations

import re
from typing import Any, Final

from liaison_analysis._messages import message
from liaison_analysis.policies.source import UnreadableError

_UNSEEN: Final = frozenset({
    "script", "style", "nav", "head", "footer", "aside", "template", "noscript", "noframes", "iframe",
    "select", "button", "input", "textarea", "svg", "object",
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
#: Share of a page's text that an element must hold to be its main text; compared with others in
#: benchmarks/policies_pages.py (24 pages, 2026-11-30).
MAIN_SHARE: Final = 0.5
_ENCODING: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
#: A Chinese character.
CHINESE: Final = re.compile(r"[㐀-鿿]")
_DEEPEST: Final = 2048  # limit of the parser (libxml2)


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


def drop_unseen(root: Any, *, hidden: bool = True) -> None:
    """Remove elements that a browser does not show, and menus and footers that are marked as such."""
    names = _hidden_names(root)
    elements = list(root.iter())
    for element in elements:
        if element.tag in _UNSEEN and element.getparent() is not None:
            drop_element(element)
    if not hidden:
        return
    for element in elements:
        if element.tag in {"html", "body"} or element.getparent() is None or not _is_hidden(element, names):
            continue
        style = "".join((element.get("style") or "").lower().split())
        is_text = _HIDDEN_AT_FIRST.search(style) and count_chinese(element) > MAIN_SHARE * count_chinese(root)
        if not is_text:
            drop_element(element)


def count_chinese(element: Any) -> int:
    """Chinese characters of an element's text."""
    return sum(len(CHINESE.findall(text)) for text in element.itertext())


def frame_addresses(data: bytes) -> list[str]:
    """Addresses of the pages that a page shows in frames, without blank ones."""
    root = parse_html(data)
    addresses = [one.get("src") or "" for tag in ("frame", "iframe") for one in root.iter(tag)]
    return [address for address in dict.fromkeys(addresses) if address and address != "about:blank"]


def script_markup(root: Any) -> list[str]:
    """Texts that a script may put on the page: those of hidden fields, and templates."""
    kept = [field.text or "" for field in root.iter("textarea")]
    return kept + [one.text or "" for one in root.iter("script") if "html" in (one.get("type") or "")]


def has_text(root: Any) -> bool:
    """Whether anything but white space is left of a page."""
    return any(text.strip() for text in root.itertext())


def drop_element(element: Any) -> None:
    """Remove an element with its content; the text after it stays."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + tail
        else:
            previous.tail = (previous.tail or "") + tail
    parent.remove(element)
