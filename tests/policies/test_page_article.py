"""The element of the main text, and the files linked in it."""

from helpers.web_page import ACT, MENU, page

from liaison_analysis.policies.web_pages import read_page


def test_the_element_that_the_content_system_names_is_the_text():
    body = (
        f"{MENU}<div class='main'><h1>某办法</h1><div class='info'>发布时间：2024-01-02 来源：本网</div>"
        f"<div id='zoomcon'><p>各有关单位：</p>{ACT}</div><div class='bottom'>上一篇：某通知。</div></div>"
    )
    read = read_page(page(body))
    assert read.lines[0] == "各有关单位："
    assert len(read.lines) == 7
    assert read.stated["title"] == "某办法"


def test_without_a_name_the_deepest_element_with_the_sentences_is_the_text():
    side = "<div><p>热线：12345</p><p>某某网站，版权所有：某市政府。粤ICP备00000000号</p></div>"
    read = read_page(page(f"{MENU}<div><div><p>某通知如下。</p>{ACT}</div></div>{side}"))
    assert read.lines[0] == "某通知如下。"
    assert len(read.lines) == 7


def test_attachments_are_named_and_lists_keep_their_numbers():
    links = (
        "<p>附件：<a href='/a/1.docx?x=1'>申请表</a></p><p><a href='2.pdf'></a></p><p><a href='3.ht"
        "ml'>链接</a></p>"
    )
    read = read_page(
        page(f"<div><p>某通知。</p><ol start='a'><li>甲，乙。</li><li value='5'>丙。</li></ol>{links}</div>")
    )
    assert read.attachments == ["申请表", "2.pdf"]
    assert read.lines[1:3] == ["1. 甲，乙。", "5. 丙。"]


def test_a_page_that_lists_links_has_no_text():
    body = (
        "<ul>"
        + "".join(f"<li><a href='{i}.html'>关于第{i}件事的通知</a>[2024-01-0{i}]</li>" for i in range(1, 9))
        + "</ul>"
    )
    read = read_page(page(body))
    assert read.lines == []
    assert read.note == "only lists links to documents; save the pages that they open"


def test_a_page_that_is_a_table_is_not_left_for_the_notice_below_it():
    body = (
        "<p>某市惠企政策清单</p><table><tr><td>政策</td><td>标准</td></tr><tr><td>上市奖励</td><td>500万元</td></tr>"
        "</table><div><p>主办单位：某市政府办，备案号：粤ICP备0000号，网站标识码：000。</p></div>"
    )
    assert read_page(page(body)).lines == ["某市惠企政策清单", "| 政策 | 标准 |", "| 上市奖励 | 500万元 |"]
