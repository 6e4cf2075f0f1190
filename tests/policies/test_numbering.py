"""Which numbers, headings and questions begin a part of a document."""

import time

import pytest
from helpers.policy_clauses import clauses_of, split


@pytest.mark.parametrize(
    "quoted", ["第二条规定的标准执行。", "第二条、第三条执行。", "第二条第一款执行。", "第二条所列情形除外。"]
)
def test_quoted_articles_are_no_articles(quoted):
    found = split("某办法", "第一条 按照本办法", quoted, "第二条 施行。")
    assert [(c.article, c.text) for c in found.clauses] == [
        ("第一条", f"按照本办法{quoted}"),
        ("第二条", "施行。"),
    ]


def test_a_second_act_in_the_same_file_begins_a_division_under_its_title():
    found = split(
        "某区人才办法", "第一条 博士补贴3万元。", "第二条 本办法自2023年1月1日起施行。", "某区住房办法",
        "第一条 租金减半。", "第二条 施行。",
    )  # fmt: skip
    assert [(one.chapter, one.article) for one in found.clauses] == [
        ("", "第一条"), ("", "第二条"), ("某区住房办法", "第一条"), ("某区住房办法", "第二条"),
    ]  # fmt: skip
    assert found.clauses[1].text == "本办法自2023年1月1日起施行。"
    # A list within an article that begins anew is no second act.
    again = split("某办法", "第一条 甲。", "第二条 乙按照规定。", "第一条 丙。")
    assert {one.chapter for one in again.clauses} == {""}


def test_a_guide_without_numbers_keeps_headings_with_what_they_head():
    found = split(
        "2024年申报指南", "现将有关事项通知如下。", "支持对象", "规上工业企业。",
        "申报时间", "2024年5月6日至2024年6月15日。", "逾期不受理。",
    )  # fmt: skip
    assert [clause.text for clause in found.clauses] == [
        "现将有关事项通知如下。",
        "支持对象：规上工业企业。",
        "申报时间：2024年5月6日至2024年6月15日。\n逾期不受理。",
    ]


def test_articles_of_an_english_page():
    found = split(
        "Measures", "Article 1 A subsidy of 10 percent.", "as stated in", "Article 2 These take effect."
    )
    assert [one.article for one in found.clauses] == ["Article 1", "Article 2"]


def test_questions_below_a_numbered_heading_are_clauses_of_their_own():
    lines = [
        "一、主要内容",
        "问：哪些人可以申请？",
        "答：取得硕士学位的人员。",
        "问：租金是多少？",
        "答：市场价的60%。",
        "二、施行",
        "自印发之日起施行。",
    ]
    assert clauses_of("某办法解读", *lines)[:2] == [
        ("一、问1", "一、 主要内容", "问：哪些人可以申请？答：取得硕士学位的人员。"),
        ("一、问2", "一、 主要内容", "问：租金是多少？答：市场价的60%。"),
    ]


def test_headings_of_a_guide_hold_its_numbered_lists():
    lines = [
        "申领条件",
        "在本市参加失业保险的职工。",
        "补贴标准",
        "1. 初级每人1000元",
        "2. 中级每人1500元",
        "申请时间",
        "2024年5月1日至5月31日",
    ]
    assert clauses_of("某补贴申领指南", *lines) == [
        ("申领条件", "", "申领条件：在本市参加失业保险的职工。"),
        ("1.", "补贴标准", "初级每人1000元"),
        ("2.", "补贴标准", "中级每人1500元"),
        ("申请时间", "", "申请时间：2024年5月1日至5月31日"),
    ]


def test_an_excerpt_may_skip_many_articles_but_a_broken_line_does_not_begin_one():
    assert [a for a, *_ in clauses_of("某条例（节选）", "第三条 甲。", "第三十条 乙。")] == [
        "第三条",
        "第三十条",
    ]
    assert [a for a, *_ in clauses_of("某条例", "第三条 依照", "第三十条 申请的，应当备案。")] == ["第三条"]


def test_an_act_whose_articles_are_rows_of_a_table():
    rows = ["| 第一条 | 给予10万元。 |", "| 第二条 | 每月 | 1000元。 |"]
    assert [(c.article, c.text) for c in split("某意见", *rows).clauses] == [
        ("第一条", "给予10万元。"),
        ("第二条", "每月 1000元。"),
    ]
    # A table of sections that are quoted is no act.
    assert len(split("某清单", "第一条 依据如下：", *rows, "第二条 乙。").clauses) == 2


def test_decimal_numbers_are_levels_and_amounts_are_not():
    lines = ["1 总体要求", "为稳增长制定。", "2 支持措施", "2.1 产值奖励", "奖励10万元。", "2.2 用电补贴"]
    lines += ["1.5万元以内。", "2.2.1 每千瓦时0.05元。", "2.2.2 最高50万元。", "3 附则", "由某局解释。"]
    labels = [clause.article for clause in split("某指引", *lines).clauses]
    assert labels == ["1", "2.1", "2.2", "3"]


def test_an_act_below_the_decision_that_amends_it_begins_a_division_without_its_history():
    found = split(
        "关于修改《某基金办法》的决定", "一、将第二条修改为：“第二条 规模12亿元。”", "二、删去第三条第二款。",
        "本决定自2023年10月1日起施行。", "某市基金办法",
        "（2020年5月6日某府〔2020〕8号发布　根据2023年9月25日某决定修正）",
        "第一章 总则", "第一条 为规范基金，制定本办法。", "第二章 附则", "第二条 规模12亿元。",
    )  # fmt: skip
    assert [(one.chapter, one.article) for one in found.clauses] == [
        ("", "一、"), ("", "二、"),
        ("某市基金办法 第一章 总则", "第一条"), ("某市基金办法 第二章 附则", "第二条"),
    ]  # fmt: skip
    assert found.clauses[1].text == "删去第三条第二款。本决定自2023年10月1日起施行。"
    assert "修正" in found.preamble


def test_a_draft_below_its_announcement_keeps_its_title_in_two_lines():
    found = split(
        "关于征求意见的公告", "意见可以寄至：", "1.邮箱；", "2.某路9号。", "某区人民政府办公室",
        "关于人才住房的办法", "（征求意见稿）", "第一条 租金减半。", "第二条 施行。",
    )  # fmt: skip
    assert found.clauses[1].text == "某路9号。"
    assert {one.chapter for one in found.clauses[2:]} == {
        "某区人民政府办公室关于人才住房的办法（征求意见稿）"
    }


def test_a_plan_below_a_notice_is_an_act_and_a_short_heading_is_none():
    plan = (
        "一、某事项。",
        "二、某要求。",
        "某区绿色工厂培育方案",
        "为落实上级要求，制定本方案。",
        "一、目标是40家。",
    )
    assert [one.chapter for one in split("关于印发的通知", *plan).clauses] == ["", "", "某区绿色工厂培育方案"]
    heading = ("一、某事项。", "二、某要求。", "支持政策", "一、奖励5万元。")
    assert {one.chapter for one in split("某通知", *heading).clauses} == {""}


def test_contents_with_dots_and_a_page_are_no_parts():
    found = split(
        "某汇编", "目　录", "一、某区人才办法……1", "二、某区住房办法…… 12", "第一条 甲。", "第二条 乙。"
    )
    assert [one.article for one in found.clauses] == ["第一条", "第二条"]


def test_an_item_may_begin_with_the_words_that_quote_an_article():
    lines = [
        "一、目标任务。",
        "二、项目申报",
        "（一）项目在本区。",
        "（二）第三方评审。",
        "三、条件",
        "（一）项规定的除外。",
    ]
    assert [(article, text) for article, _, text in clauses_of("某方案", *lines)] == [
        ("一、", "目标任务。"),
        ("二、（一）", "项目在本区。"),
        ("二、（二）", "第三方评审。"),
        ("三、", "条件：（一）项规定的除外。"),
    ]


def test_the_heading_of_an_item_is_set_apart_from_its_text_and_a_broken_line_is_joined():
    lines = ["一、申报条件", "在本市登记的规上工业企业。", "二、产值达到", "2.5亿元以上的企业，奖励5万元。"]
    assert [text for _, _, text in clauses_of("某指南", *lines)] == [
        "申报条件：在本市登记的规上工业企业。",
        "产值达到2.5亿元以上的企业，奖励5万元。",
    ]
    headed = ["一、支持方向", "工业设计中心建设、设计成果转化。", "二、评审理由", "材料齐全的方可评审。"]
    assert clauses_of("某指南", *headed)[0][2] == "支持方向：工业设计中心建设、设计成果转化。"
    # Lines of a narrow column of a PDF are broken anywhere.
    broken = ("第一条 企业在境内证券监管部门备案", "并且获得受理的，奖励100万元。")
    (clause,) = split("某办法", *broken, place="第1页").clauses
    assert clause.text == "企业在境内证券监管部门备案并且获得受理的，奖励100万元。"


def test_a_long_item_below_a_long_article_takes_time_that_grows_with_its_length():
    lines = ["第一条 如下：", *["申报：甲"] * 3000, "（一）给予", *["标签：给予补助。"] * 20_000]
    begun = time.process_time()
    assert len(split(*lines).clauses) == 1
    assert time.process_time() - begun < 5  # 0.3 s; 16 s where each line reads the article again


def test_a_decimal_number_apart_from_its_text_may_be_followed_by_a_unit():
    lines = ["1 条件", "1.1 面积不少于3000平方米。", "2 政策", "2.1 补助60万元。"]
    lines += ["2.2 年度考核优秀的，补助25万元。"]
    assert [article for article, _, _ in clauses_of("某指引", *lines)] == ["1.1", "2.1", "2.2"]
