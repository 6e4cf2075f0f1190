"""Web pages of governments: the act and its particulars, without what the site puts around it."""

import csv
import json
from pathlib import Path

import pytest

from liaison_analysis.policies import policy_documents, read_policies
from liaison_analysis.policies.source import UnreadableError
from liaison_analysis.policies.web_pages import is_furniture, read_page

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "policy_pages"
ACT = "".join(
    f"<p>第{n}条 对符合条件的企业，按照设备购置额的百分之十给予补助，最高一百万元。</p>"
    for n in "一二三四五六"
)
MENU = (
    "<div class='top'><ul>"
    + "".join(f"<li><a href='#'>栏目{i}、公开</a></li>" for i in range(40))
    + "</ul></div>"
)


def page(body, head=""):
    return (
        f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()
    )


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


def test_a_second_copy_of_the_act_is_left_out():
    assert len(read_page(page(f"<div><p>某办法</p>{ACT}</div><div><p>某办法</p>{ACT}</div>")).lines) == 7
    # Two articles alike are no copy.
    twice = ["第一条 奖励。", "第二条 奖励。", "第三条 奖励。"]
    assert read_page(page("".join(f"<p>{line}</p>" for line in twice))).lines == twice


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


def test_tables_of_data_are_rows_and_tables_for_layout_are_not():
    data = "<table><tr><th>档次</th><th>标准</th></tr><tr><td>一档</td><td>50 万元</td></tr></table>"
    layout = f"<table><tr><td><p>某办法。</p>{ACT}{data}</td></tr></table>"
    lines = read_page(page(layout)).lines
    assert lines[0] == "某办法。"
    assert lines[-2:] == ["| 档次 | 标准 |", "| 一档 | 50 万元 |"]


def test_a_page_that_lists_links_has_no_text():
    body = (
        "<ul>"
        + "".join(f"<li><a href='{i}.html'>关于第{i}件事的通知</a>[2024-01-0{i}]</li>" for i in range(1, 9))
        + "</ul>"
    )
    read = read_page(page(body))
    assert read.lines == []
    assert read.note == "only lists links to documents; save the pages that they open"


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


@pytest.mark.parametrize(
    ("line", "furniture"),
    [
        ("打印关闭", True), ("【字体：大 中 小】", True), (("发表时间：2023-07-27 09:46:26 信息来源：某"
            "局 浏览量： -"), True),
        ("A+大 A+中 A+小", True), ("当前位置： 首页 > 政策", True), ("主办单位：某局 粤ICP备1号", True),
        ("2024-01-01", True),
        ("打印合同的费用减半。", False), ("第一条", False), ("2024", False), ("更多企业享受补贴", False),
        ("编辑丨某人", True), ("-END-", True),
        ("2024-10-15 16:30 来源：某局 【打印】", True), ("标签：创业", True),
        ("网站应当公示", False), ("2021/6/15", False),
    ],
)  # fmt: skip
def test_furniture(line, furniture):
    assert is_furniture(line) == furniture


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/policy_pages is not at hand")
def test_pages_as_governments_publish_them():
    with (SHARED / "truth.csv").open(encoding="utf-8-sig") as file:
        truth = {row["file"]: row for row in csv.DictReader(file)}
    documents = policy_documents(SHARED).set_index("file")
    assert len(truth) == len(documents) == 24
    for name, row in truth.items():
        assert documents.loc[name, "policy"] == row["title"]
        assert documents.loc[name, "articles"] == int(row["articles"])
        assert "missing: " not in documents.loc[name, "numbering"]
    texts = "\n".join(read_policies(SHARED)["text"]).splitlines()
    assert not [line for line in texts if is_furniture(line)]


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


def test_a_document_number_above_the_text_is_read_and_lines_of_an_account_are_not():
    body = (
        "<div>某商务〔2023〕15号</div><div id='zoom'><p>点击上方蓝字关注我们</p>"
        f"{ACT}<p>▲图源：某市人社</p><p>审核：某某</p><p>点分享 点收藏 点在看</p>"
        "<p>政策解读：https://example.org/1</p></div>"
    )
    read = read_page(page(body))
    assert read.stated["document_number"] == "某商务〔2023〕15号"
    assert len(read.lines) == 6


def test_a_page_that_is_a_table_is_not_left_for_the_notice_below_it():
    body = (
        "<p>某市惠企政策清单</p><table><tr><td>政策</td><td>标准</td></tr><tr><td>上市奖励</td><td>500万元</td></tr>"
        "</table><div><p>主办单位：某市政府办，备案号：粤ICP备0000号，网站标识码：000。</p></div>"
    )
    assert read_page(page(body)).lines == ["某市惠企政策清单", "| 政策 | 标准 |", "| 上市奖励 | 500万元 |"]


def test_an_article_that_is_invisible_until_the_page_has_loaded_is_read():
    hidden = "<div style='visibility: hidden; opacity: 0;'>{}</div>"
    lines = read_page(page(f"<h1>某办法</h1>{hidden.format(ACT)}<div>长按识别</div>")).lines
    assert [line for line in lines if line.startswith("第")][-1].startswith("第六条")


def test_a_page_that_a_script_builds_is_read_from_its_data():
    data = json.dumps({"data": {"title": "某办法", "source": "某市商务局", "content": ACT}})
    read = read_page(page(f"<div id='app'>加载中</div><script>window.__STATE__ = {data}</script>"))
    assert len(read.lines) == 6
    assert (read.stated["title"], read.stated["source"]) == ("某办法", "某市商务局")


def test_lines_of_preformatted_text_stay_apart():
    text = "某办法\n\n    第一条 对企业给予补助，\n最高一百万元。\n    第二条 本办法由某局解释。\n"
    assert read_page(page(f"<pre>{text}</pre>")).lines == [line.strip() for line in text.split("\n") if line]


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


def test_a_short_act_that_stands_twice_is_read_once():
    act = "<h1>某办法</h1><p>2024-04-10</p><p>第一条 甲奖励十万元。</p><p>第二条 乙奖励五万元。</p>"
    act += "<p>第三条 本办法由某局负责解释。</p><p>第四条 本办法自印发之日起施行。</p>"
    lines = read_page(page(f"<div class='pc'>{act}</div><div class='mobile'>{act}</div>")).lines
    assert [line[:3] for line in lines if line.startswith("第")] == ["第一条", "第二条", "第三条", "第四条"]


def test_links_below_a_heading_of_related_documents_are_no_text():
    related = "<p>相关文章</p><p>・<a href='1.html'>某园区简介</a></p><p>・<a href='2.html'>某指南</a></p>"
    assert read_page(page(f"<div>{ACT}{related}<p>以上由某局解释。</p></div>")).lines[6:] == [
        "以上由某局解释。"
    ]


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


def test_text_in_a_hidden_field_that_a_script_shows_is_read():
    field = f"<textarea id='content' style='display:none'>{ACT.replace('<', '&lt;')}</textarea>"
    read = read_page(page(f"<h1>某办法</h1><div id='show'>加载中</div>{field}"))
    assert (read.stated["title"], len(read.lines)) == ("某办法", 6)
    # A form beside the text is not the document.
    form = "<textarea>请填写您的意见。</textarea>"
    assert len(read_page(page(f"<div>{ACT}</div>{form}")).lines) == 6


def test_a_heading_that_names_the_site_is_no_title():
    headings = "<h1 class='logo'>某区人民政府</h1><h3>关于征集技术需求的通知</h3>"
    assert read_page(page(f"{headings}<div>{ACT}</div>")).stated["title"] == "关于征集技术需求的通知"


def test_a_page_of_frames_names_the_pages_to_save():
    frames = b"<html><frameset><frame src='top.htm'><frame src='a/1.htm'></frameset></html>"
    read = read_page(frames)
    assert (read.lines, "top.htm, a/1.htm" in read.note) == ([], True)
    assert len(read_page(page(f"<iframe src='share.htm'></iframe>{ACT}")).lines) == 6
