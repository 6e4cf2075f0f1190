"""Lines of a page as a browser shows them."""

from helpers.web_page import ACT, page

from liaison_analysis.policies.web_pages import read_page


def test_tables_of_data_are_rows_and_tables_for_layout_are_not():
    data = "<table><tr><th>档次</th><th>标准</th></tr><tr><td>一档</td><td>50 万元</td></tr></table>"
    layout = f"<table><tr><td><p>某办法。</p>{ACT}{data}</td></tr></table>"
    lines = read_page(page(layout)).lines
    assert lines[0] == "某办法。"
    assert lines[-2:] == ["| 档次 | 标准 |", "| 一档 | 50 万元 |"]


def test_lines_of_preformatted_text_stay_apart():
    text = "某办法\n\n    第一条 对企业给予补助，\n最高一百万元。\n    第二条 本办法由某局解释。\n"
    assert read_page(page(f"<pre>{text}</pre>")).lines == [line.strip() for line in text.split("\n") if line]


def test_a_cell_that_spans_rows_stands_in_each_of_them():
    table = (
        "<table><tr><td>类别</td><td>等级</td><td>标准</td></tr>"
        "<tr><td rowspan='3'>紧缺工种</td><td>高级</td><td>2600</td></tr>"
        "<tr><td>中级</td><td>1900</td></tr><tr><td></td><td></td></tr>"
        "<tr><td>一般</td><td colspan='2'>1500</td></tr></table>"
    )
    assert read_page(page(f"<div>{ACT}{table}</div>")).lines[-4:] == [
        "| 类别 | 等级 | 标准 |",
        "| 紧缺工种 | 高级 | 2600 |",
        "| 紧缺工种 | 中级 | 1900 |",
        "| 一般 | 1500 |",
    ]


def test_numerals_drawn_before_headings_are_set_apart_and_words_that_begin_with_them_are_not():
    headings = [f"<p>{one}</p><p>奖励5万元。</p>" for one in ("一鼓励晋级", "二支持外拓", "三强化金融")]
    assert read_page(page("<div>" + "".join(headings) + "</div>")).lines[::2] == [
        "一、鼓励晋级",
        "二、支持外拓",
        "三、强化金融",
    ]
    words = ["一次性奖励如下", "二级资质企业", "三年内免税企业"]
    assert read_page(page("".join(f"<p>{one}</p>" for one in words))).lines == words


def test_numbers_that_cards_draw_are_those_of_their_headings():
    cards = "".join(
        f"<div><i>{n}</i><h3>{name}</h3><p>奖励{n}万元。</p></div>"
        for n, name in ((1, "首店"), (2, "夜间经济"))
    )
    assert read_page(page(f"<div>{cards}</div>")).lines == [
        "1. 首店",
        "奖励1万元。",
        "2. 夜间经济",
        "奖励2万元。",
    ]


def test_a_picture_before_a_heading_is_no_part_of_it():
    text = "<p>💰 <b>奖励标准</b></p><p>每家奖励20万元。</p><p>⏰ 请于12月10日前申报。</p>"
    wanted = ["奖励标准：", "每家奖励20万元。", "请于12月10日前申报。"]
    assert read_page(page(f"<div>{text}</div>")).lines == wanted
