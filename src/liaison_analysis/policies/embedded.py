"""Documents that a page holds as data for a script, and not as elements."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_STARTS: Final = re.compile(r"(?:^|[=(,])\s*(?=[{\[])")
_CHINESE: Final = re.compile(r"[㐀-鿿]")
_ESCAPED: Final = re.compile(r"\\u[4-9][0-9a-fA-F]{3}")
_TRIED: Final = 20  # places in a script at which data may begin; judgement
_SHORTEST: Final = 50  # Chinese characters of a text that is a document; judgement
_KEYS: Final = {
    "title": ("title", "articletitle", "doctitle", "headline", "name", "subject"),
    "source": ("source", "docsource", "contentsource", "publisher", "publishorg", "author"),
    "issuer": ("issuer", "issueorg", "publishagency", "fwjg", "dispatchorg"),
    "document_number": ("filenum", "docnumber", "docno", "fileno", "documentnumber", "fwzh", "wh", "symbol"),
    "published_on": ("publishtime", "pubdate", "publishdate", "pubtime", "docreltime", "releasetime",
                     "datepublished", "createtime"),
}  # fmt: skip


def embedded_document(scripts: list[str], *, markup: Iterable[str] = ()) -> tuple[str, dict[str, str]]:
    r"""Find the longest text in the data of a page's scripts, and what stands beside it.

    Pages that a script builds keep the document as JSON: ``window.__INITIAL_STATE__ = {"title": …}``.

    Parameters
    ----------
    scripts
        Texts of the page's ``script`` elements.
    markup
        Texts of elements whose content a script shows, such as a hidden ``textarea``.

    Returns
    -------
    tuple[str, dict[str, str]]
        The document as HTML, empty where there is none, and title, source, issuer, document_number and
        published_on as far as they are stated.

    Examples
    --------
    >>> text = "<p>第一条 " + "给予补助。" * 20 + "</p>"
    >>> script = "var page = " + json.dumps({"data": {"title": "某办法", "content": text}}) + ";"
    >>> body, stated = embedded_document([script])
    >>> body == text, stated
    (True, {'title': '某办法'})
    """
    best, beside = max(markup, key=lambda text: len(_CHINESE.findall(text)), default=""), {}
    if len(_CHINESE.findall(best)) < _SHORTEST:
        best = ""
    for script in scripts:
        if not (_CHINESE.search(script) or _ESCAPED.search(script)):
            continue
        for holder, text in _texts(script):
            if len(_CHINESE.findall(text)) > max(len(_CHINESE.findall(best)), _SHORTEST - 1):
                best, beside = text, holder
    if "<" not in best:
        escaped = "&lt;" in best
        best = html.unescape(best) if escaped else f"<pre>{html.escape(best)}</pre>" * bool(best)
    return best, _stated(beside)


def _texts(script: str) -> list[tuple[dict[str, Any], str]]:
    """Texts in the data of one script, each with the object around it."""
    decoder = json.JSONDecoder()
    found: list[tuple[dict[str, Any], str]] = []
    at = tried = 0
    while tried < _TRIED and (start := _STARTS.search(script, at)):
        tried += 1
        try:
            data, at = decoder.raw_decode(script, start.end())
        except (ValueError, RecursionError):
            at = start.end() + 1
            continue
        waiting = [data]
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                found += [(one, value) for value in one.values() if isinstance(value, str)]
                waiting += [value for value in one.values() if isinstance(value, dict | list)]
            else:
                waiting += [value for value in one if isinstance(value, dict | list)]
    return found


def _stated(holder: dict[str, Any]) -> dict[str, str]:
    values = {re.sub(r"[^a-z]", "", key.lower()): value for key, value in holder.items()}
    stated = {}
    for field, keys in _KEYS.items():
        value = next((values[key] for key in keys if values.get(key)), None)
        if field == "published_on" and isinstance(value, int) and 10**9 < value < 10**13:
            seconds = value / 1000 if value > 10**11 else value
            value = dt.datetime.fromtimestamp(seconds, dt.timezone(dt.timedelta(hours=8))).date().isoformat()
        if isinstance(value, str):
            stated[field] = " ".join(value.split())
    return stated
