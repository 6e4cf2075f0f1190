import datetime as dt

import pytest

from liaison_analysis.policies.clauses import Clause, split_clauses
from liaison_analysis.policies.particulars import read_numbering, read_particulars
from liaison_analysis.policies.source import Paragraph, SourceDocument


def particulars(*lines, **stated):
    source = SourceDocument([Paragraph(line, "") for line in lines], stated, [], "", [])
    return read_particulars(source, split_clauses(source.paragraphs, title=stated.get("title", "")))


ACT = (
    "某市经济局 某市财政局",
    "2024年7月26日",
    "某市奖励办法",
    "第一条 根据《某条例》（某府〔2020〕1号）给予奖励。",
)


def test_the_act_states_number_issuer_and_day():
    read = particulars("某经规〔2024〕13号", "关于印发某市奖励办法的通知", *ACT)
    assert read[:4] == (
        "关于印发某市奖励办法的通知",
        "某市经济局 某市财政局",
        "某经规〔2024〕13号",
        dt.date(2024, 7, 26),
    )


def test_the_title_names_the_issuer():
    read = particulars(*ACT, title="（转载）某市政府办公厅关于印发某办法的通知", issuer="某街道办事处")
    assert (read.issuer, read.document_number) == ("某市政府办公厅", "")


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (("某市人民政府令", "第179号", "第一条 甲。"), "某市人民政府令第179号"),
        (("某府办规〔2024〕 13 号", "第一条 甲。"), "某府办规〔2024〕13号"),
        (("某人社发[2023]7号", "第一条 甲。"), "某人社发[2023]7号"),
        (("某府发〔２０２３〕１２号", "第一条 甲。"), "某府发〔2023〕12号"),
        (("根据某府〔2020〕1号文件", "第一条 甲。"), ""),
    ],
)
def test_document_numbers(lines, number):
    assert particulars(*lines).document_number == number


def test_a_newspaper_is_no_issuer_and_a_page_that_passes_on_is_not_the_issuers():
    assert particulars("第一条 甲。", source="某日报").issuer == ""
    assert particulars("第一条 甲。", source="某市民政局", site="某区人民政府门户网站").own_page is False
    assert particulars("第一条 甲。", source="本网").own_page is True


def test_numbering_proves_completeness_or_names_the_gaps():
    def numbering(*articles, chapter=""):
        return read_numbering([Clause(article, chapter, "甲。", "") for article in articles])

    assert numbering("第一条", "第二条（一）", "第二条（二）", "第三条").text == "第一条…第三条, none missing"
    assert numbering("第1条", "第2条", "第5条").missing == ["第3条", "第4条"]
    assert numbering("第九条", "第十一条", "第十一条之一").text == "第九条…第十一条之一, missing: 第十条"
    assert numbering("第一条", "第二条", "第一条").repeated == ["第一条"]
    assert numbering("一、", "二、")[:4] == (0, "", [], [])
    assert numbering("一、", "二、").text == ""
    assert numbering("第一条", chapter="附件1 表").n == 0


def numbered(*parts):
    clauses = [
        Clause(article, chapter, f"{chapter}{article}", "")
        for chapter, *articles in parts
        for article in articles
    ]
    return read_numbering(clauses)


def test_each_act_of_a_document_has_a_count_and_a_completeness_of_its_own():
    two = numbered(
        ("", "第一条", "第二条", "第三条"), ("乙办法 第一章 总则", "第一条"), ("乙办法 第二章 标准", "第三条")
    )
    assert two.text == "第一条…第三条, none missing; 乙办法: 第一条…第三条, missing: 第二条"
    assert (two.n, two.repeated) == (5, [])


def test_articles_of_an_annex_are_listed_but_not_counted_with_the_acts():
    read = numbered(("第一章 总则", "第一条", "第二条"), ("附件1 某细则", "第一条", "第二条", "第三条"))
    assert (read.n, read.text) == (
        2,
        "第一条…第二条, none missing; 附件1 某细则: 第一条…第三条, none missing",
    )
    assert numbered(("附则", "第一条", "第二条")).n == 2  # supplementary provisions are no annex


def test_a_second_copy_of_an_act_counts_as_repeated():
    copy = [
        Clause(article, chapter, "甲。", "") for chapter in ("", "某办法") for article in ("第一条", "第二条")
    ]
    assert read_numbering(copy).repeated == ["第一条", "第二条"]
    assert read_numbering(copy).n == 2


def test_an_order_in_the_brackets_below_the_title_is_the_number():
    lines = ("某市住房办法", "（2022年5月10日某市人民政府令第88号公布 自2022年7月1日起施行）", "第一条 甲。")
    assert particulars(*lines).document_number == "某市人民政府令第88号"


def test_number_and_day_of_issue_stand_in_one_line():
    read = particulars("某市奖励办法", "某科规〔2022〕1号　2022年5月9日印发", "第一条 甲。")
    assert (read.document_number, read.issued_on) == ("某科规〔2022〕1号", dt.date(2022, 5, 9))


def test_a_body_that_passes_on_a_document_is_the_issuer():
    title = "某县人民政府办公室转发省政府办公厅关于减轻企业负担的通知"
    assert particulars("一、减税。", title=title).issuer == "某县人民政府办公室"


def test_the_day_of_a_decision_is_not_that_of_the_act_which_it_amends():
    read = particulars(
        "关于修改《某办法》的决定", "某府〔2023〕17号", "某市人民政府", "2023年9月25日", "某办法",
        "（2020年5月6日某府〔2020〕8号发布）", "第一条 奖励。",
    )  # fmt: skip
    assert (read.document_number, read.issued_on) == ("某府〔2023〕17号", dt.date(2023, 9, 25))


def test_an_order_is_the_bodys_that_it_names_and_not_the_sites():
    read = particulars("某市人民政府令", "第88号", "2024年5月20日", "第一条 甲。", issuer="某市司法局")
    assert (read.issuer, read.document_number) == ("某市人民政府", "某市人民政府令第88号")


def test_number_and_day_may_stand_in_brackets_and_a_collection_has_no_number():
    read = particulars("某区上市办法", "（某金发〔2021〕7号 2021年5月17日印发）", "第一条 奖励。")
    assert (read.document_number, read.issued_on) == ("某金发〔2021〕7号", dt.date(2021, 5, 17))
    parts = ("某区人才政策汇编（2024年版）", "某区人才办法", "（某府〔2022〕9号）", "第一条 奖励。")
    assert particulars(*parts, title=parts[0]).document_number == ""


def test_a_joint_signature_may_take_several_lines():
    signed = ("某县商务局 某县农业局", "某县财政局", "2024年6月17日")
    read = particulars("关于建设冷库的意见", "一、奖励。", *signed)
    assert read.issuer == "某县商务局 某县农业局 某县财政局"


def test_body_and_day_may_stand_on_one_line():
    read = particulars("某市补贴标准", "某市人社局 2025年1月6日", "一、补贴5万元。")
    assert (read.issuer, read.issued_on) == ("某市人社局", dt.date(2025, 1, 6))
