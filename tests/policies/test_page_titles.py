"""Titles of pages whose head states none."""

import pytest
from helpers.web_page import ACT, page

from liaison_analysis.policies.web_pages import read_page


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>关于某事的通知-某市经济局网站</title>", "<h2>关于某事的通知</h2>", "关于某事的通知"),
        ("<title>某市政府网</title>", "<h1>某办法</h1>", "某办法"),
        ("<title>某实施细则 - 某区人民政府门户网站</title>", "<p>某实施细则</p>", "某实施细则"),
    ],
)
def test_titles_without_a_statement_in_the_head(head, body, title):
    assert read_page(page(f"<div>{body}{ACT}</div>", head)).stated["title"] == title


@pytest.mark.parametrize(
    ("window", "title"),
    [
        ("某市促进外贸若干措施 - 某市商务", "某市促进外贸若干措施"),
        ("关于2024年度某市拟认定名单的公示", "关于2024年度某市拟认定名单的公示"),
        ("某市人民政府", ""),
    ],
)
def test_the_window_names_the_title_where_it_also_stands_on_the_page_without_a_heading(window, title):
    body = (
        "<div>某市人民政府</div><div class='t'>关于2024年度某市拟认定<br>名单的公示</div>"
        f"<div>某市促进外贸若干措施</div><div id='zoom'>{ACT}</div>"
    )
    assert read_page(page(body, f"<title>{window}</title>")).stated.get("title", "") == title


def test_the_title_above_the_text_has_no_heading():
    head = "<title>某省科学技术厅</title>"
    above = "<div class='t'>某省科学技术厅关于印发某办法的通知</div><div>发布时间：2024-03-22 17:05</div>"
    beside = "<p>相关附件：<a href='/a/1.pdf'>申报书</a></p><p><a href='/a/2.pdf'>别的手册</a></p>"
    read = read_page(
        page(f"<div><ul><li>首页</li></ul>{above}<div id='js_con'>{ACT}</div>{beside}</div>", head)
    )
    assert read.stated["title"] == "某省科学技术厅关于印发某办法的通知"
    assert read.attachments == ["申报书"]
    assert len(read.lines) == 6


def test_a_heading_that_names_the_site_is_no_title():
    headings = "<h1 class='logo'>某区人民政府</h1><h3>关于征集技术需求的通知</h3>"
    assert read_page(page(f"{headings}<div>{ACT}</div>")).stated["title"] == "关于征集技术需求的通知"


def test_a_headline_beside_the_text_is_not_its_title():
    body = f"<td><div><b>某县农机报废更新补贴实施方案</b>{ACT}</div></td>"
    read = read_page(page(f"<table><tr><td>·关于公布产品目录的公告</td>{body}</tr></table>"))
    assert read.stated.get("title", "") != "·关于公布产品目录的公告"
