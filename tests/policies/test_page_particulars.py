"""Particulars of a document that its page states."""

import pytest
from helpers.web_page import ACT, page

from liaison_analysis.policies.web_pages import read_page


def test_particulars_of_public_information_are_read_and_are_no_text():
    table = (
        "<table><tr><td>索引号：</td><td>X/2024-1</td><td>分类：</td><td></td></tr><tr><td>发布机构：</td>"
        "<td>某区经济局</td><td>成文日期：</td><td>2024-07-26</td></tr><tr><td>文号：</td><td>某经规〔2024〕3号</td></tr></table>"
    )
    read = read_page(page(f"<div>{table}<div class='article-content'><p>某办法。</p>{ACT}</div></div>"))
    wanted = {"issuer": "某区经济局", "issued_on": "2024-07-26", "document_number": "某经规〔2024〕3号"}
    assert {key: read.stated[key] for key in wanted} == wanted
    assert read.lines[0] == "某办法。"


def test_the_head_states_title_and_day():
    head = (
        "<meta name='ArticleTitle' content='某通知'><meta name='PubDate' content='2024-09-12 16:38'>"
        "<title>某网</title>"
    )
    assert read_page(page(f"<h1>别的</h1>{ACT}", head)).stated == {
        "title": "某通知",
        "published_on": "2024-09-12 16:38",
    }


def test_a_document_number_above_the_text_is_read_and_lines_of_an_account_are_not():
    body = (
        "<div>某商务〔2023〕15号</div><div id='zoom'><p>点击上方蓝字关注我们</p>"
        f"{ACT}<p>▲图源：某市人社</p><p>审核：某某</p><p>点分享 点收藏 点在看</p>"
        "<p>政策解读：https://example.org/1</p></div>"
    )
    read = read_page(page(body))
    assert read.stated["document_number"] == "某商务〔2023〕15号"
    assert len(read.lines) == 6


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ("时间：2024-08-20　来源：区商务局　阅读量：53", "2024-08-20", "区商务局"),
        ("来源：县就业局 发布时间：2025-02-11 浏览：88次", "2025-02-11", "县就业局"),
        ("作者：招商局　加入时间：2019-4-18 9:05:00　点击数：2231", "2019-4-18", None),
        ("2024-04-10", "2024-04-10", None),
        ("Published: Jun 18, 2024 Source: 某片区管委会", "Jun 18, 2024", "某片区管委会"),
        ("某发布 2025-01-09 18:00 某省", "2025-01-09", None),
        ("2021年3月15日", None, None),
    ],
)
def test_day_and_source_below_the_title(line, day, source):
    stated = read_page(page(f"<div><h1>某办法</h1><p>{line}</p><div>{ACT}</div></div>")).stated
    assert (stated.get("published_on"), stated.get("source")) == (day, source)


def test_particulars_whose_labels_have_no_colon_are_read():
    table = (
        "<table><tr><th>发 文 机 关</th><td>某市农业局</td><th>成文日期</th><td>2022年3月8日</td></tr>"
        "<tr><th>标题</th><td colspan='3'>某扶持办法</td></tr></table>"
    )
    read = read_page(page(f"<div>{table}{ACT}</div>", "<title>信息公开详情</title>"))
    assert (read.stated["issuer"], read.stated["issued_on"]) == ("某市农业局", "2022年3月8日")
    assert read.stated["title"] == "某扶持办法"
    assert len(read.lines) == 6


def test_a_label_that_states_nothing_for_the_ledger_does_not_make_its_row_text():
    table = (
        "<table><tr><td>信息索引号</td><td>AN-7</td><td>发文单位</td><td>某区商务局</td></tr>"
        "<tr><td>公开方式</td><td>主动公开</td><td>发文时间</td><td>2024年12月25日</td></tr></table>"
    )
    read = read_page(page(f"<div class='c'>{table}{ACT}</div>"))
    assert (read.stated["issuer"], read.stated["issued_on"], len(read.lines)) == (
        "某区商务局",
        "2024年12月25日",
        6,
    )


def test_the_source_below_the_text_of_an_account_is_read():
    body = f"<div><h1>一问一答</h1>{ACT}<p>END</p><p>来源：某市人社局</p><p>编辑：某某　校对：某某</p></div>"
    assert read_page(page(body)).stated["source"] == "某市人社局"


def test_a_row_with_a_label_that_is_not_known_still_states_the_others():
    rows = "<tr><th>文件名称</th><td>某细则</td><th>发布机构</th><td>某市卫健委</td></tr>"
    rows += "<tr><th>成文日期</th><td>2024-12-10</td><th>自定标签</th><td>现行有效</td></tr>"
    stated = read_page(page(f"<table>{rows}</table><div>{ACT}</div>")).stated
    assert stated["issued_on"] == "2024-12-10"
