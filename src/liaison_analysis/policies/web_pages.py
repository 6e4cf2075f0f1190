"""A document on a web page: its main text, and what the page states of it."""

from __future__ import annotations

from typing import Final, NamedTuple

from liaison_analysis._messages import message
from liaison_analysis.policies.embedded import embedded_document
from liaison_analysis.policies.page_article import find_article, is_listing, linked_files, text_weights
from liaison_analysis.policies.page_furniture import without_outer_links, without_second_copy
from liaison_analysis.policies.page_lines import numbers_joined, squeeze, undecorated
from liaison_analysis.policies.page_particulars import (
    lines_around,
    stated_above,
    stated_at_end,
    stated_in_head,
    stated_in_lines,
    stated_in_tables,
    without_particulars,
)
from liaison_analysis.policies.page_titles import begins_with_title, title_above, title_by_headings
from liaison_analysis.policies.page_tree import (
    CHINESE,
    count_chinese,
    drop_unseen,
    frame_addresses,
    has_text,
    parse_html,
    script_markup,
)

# A page with fewer Chinese characters outside of its frames has its text in them; judgement.
_FRAMED: Final = 10


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
    stated = stated_in_head(root)
    titles = [squeeze("".join(title.itertext())) for title in root.iter("title")]
    embedded, beside = embedded_document(
        [script.text or "" for script in root.iter("script")], markup=script_markup(root)
    )
    drop_unseen(root)
    if embedded and len(CHINESE.findall(embedded)) > 2 * count_chinese(root):  # a script writes the page
        beside.setdefault("title", title_by_headings(root, [], titles))
        beside = {field: value for field, value in beside.items() if value}
        root = parse_html(f"<html><body><div>{embedded}</div></body></html>".encode())
        stated = beside | {field: value for field, value in stated.items() if field != "title" or not beside}
        drop_unseen(root)
    elif not has_text(root):  # some pages hide everything until a script runs
        root = parse_html(data)
        drop_unseen(root, hidden=False)
    frames = frame_addresses(data) if b"frame" in data.lower() and count_chinese(root) < _FRAMED else []
    if frames:
        shown = ", ".join(frames)
        note = message("only shows other pages in frames; save the page in the frame: {names}", names=shown)
        return Page([], {}, [], note)
    scores = text_weights(root)
    if is_listing(root, scores) and "title" not in stated:
        return Page([], {}, [], message("only lists links to documents; save the pages that they open"))
    article = find_article(root, scores)
    attachments = linked_files(root, article)
    lines = without_outer_links(article)
    around, above = lines_around(root, lines)
    information = stated_at_end(lines) | stated_in_lines(around)
    lines, particulars = without_particulars(lines)
    found = {**stated_in_tables(root), **stated_above(root, article), **particulars}
    for field, value in (*found.items(), *information.items()):
        stated.setdefault(field, value)
    if "title" not in stated:
        heading = title_by_headings(root, lines, titles) or (
            "" if begins_with_title(lines) else title_above(above)
        )
        if heading:
            stated["title"] = heading
    return Page(numbers_joined(undecorated(without_second_copy(lines))), stated, attachments, "")
