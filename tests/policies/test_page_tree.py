"""What of a page is seen, in any encoding and nested as deeply as a parser takes."""

import pytest
from helpers.web_page import ACT, page

from liaison_analysis.policies.source import UnreadableError
from liaison_analysis.policies.web_pages import read_page


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='DISPLAY: none'>{}</div>", "<div hidden>{}</div>", "<div class='copy'>{}</div>",
        "<p style='visibility:hidden'>{}</p>", "<div id='mobile'>{}</div>",
        "<span style='font-size:0px'>{}</span>",
    ],
)  # fmt: skip
def test_hidden_elements_are_left_out(hidden):
    style = "<style>@media print{.main{display:none}} .copy, #mobile {display : none;}</style>"
    read = read_page(
        page(
            f"<div class='main'><p>第一条 奖励10万元。</p>{hidden.format('第二条 奖励99万元。')}</div>", style
        )
    )
    assert read.lines == ["第一条 奖励10万元。"]


def test_a_page_that_hides_everything_until_a_script_runs_is_read_all_the_same():
    assert read_page(page("<div style='display:none'><p>第一条 奖励。</p></div>")).lines == ["第一条 奖励。"]


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "unknown-8"])
def test_encodings_as_declared_or_as_the_bytes_allow(declared):
    text = f"<meta charset='{declared}'><p>第一条 奖励㙍企业。</p>"
    encoding = "gb18030" if declared.lower().startswith("gb") else "utf-8"
    assert read_page(text.encode(encoding)).lines == ["第一条 奖励㙍企业。"]


def test_deep_nesting_and_empty_pages():
    deep = "<div>{0}<p>第一条 奖励。</p>{1}</div>"
    assert read_page(page(deep.format("<div>" * 1500, "</div>" * 1500))).lines == ["第一条 奖励。"]
    with pytest.raises(UnreadableError, match="deeper than 2,048"):
        read_page(page(deep.format("<div>" * 3000, "</div>" * 3000)))
    assert read_page(b"<!-- -->").lines == []
    assert read_page(b"\xff\xfe").lines == []


def test_an_article_that_is_invisible_until_the_page_has_loaded_is_read():
    hidden = "<div style='visibility: hidden; opacity: 0;'>{}</div>"
    lines = read_page(page(f"<h1>某办法</h1>{hidden.format(ACT)}<div>长按识别</div>")).lines
    assert [line for line in lines if line.startswith("第")][-1].startswith("第六条")
