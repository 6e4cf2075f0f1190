"""Clauses of the sample's documents in every format, and of ten layouts that are hard to read."""

import re
from pathlib import Path

import pytest
from helpers import policy_layouts
from helpers.policy_clauses import clauses_of, split
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.policies.clauses import split_clauses
from liaison_analysis.policies.documents import read_paragraphs
from liaison_analysis.text.chinese_numbers import chinese_number

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "data" / "sources" / "policies").glob("*.txt"))


def squeezed(text):
    return re.sub(r"[\s|]", "", text)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name[:2])
def test_sample_documents_are_cut_as_they_were_written(source, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    from build_policies import clauses_of, lines_of

    wanted = clauses_of(source)
    (document,) = (ROOT / "data" / "liangjiang" / "policies").glob(f"{source.stem}.*")
    found = split_clauses(read_paragraphs(document))
    assert found.title == lines_of(source)[0][1]
    assert [squeezed(clause.text) for clause in found.clauses] == [squeezed(text) for text in wanted]
    assert sum(len(squeezed(clause.text)) for clause in found.clauses) > 100
    assert "合成" in found.title + found.preamble


@pytest.mark.parametrize("layout", policy_layouts.LAYOUTS, ids=lambda layout: layout.__name__)
def test_hard_layouts(layout, tmp_path):
    name, content, wanted = layout()
    (tmp_path / name).write_bytes(content)
    found = split_clauses(read_paragraphs(tmp_path / name)).clauses
    assert [(c.article, squeezed(c.text)) for c in found] == [(a, squeezed(t)) for a, t in wanted]


def test_a_clause_has_its_place(tmp_path):
    name, content, _ = policy_layouts.pages()
    (tmp_path / name).write_bytes(content)
    places = [clause.place for clause in split_clauses(read_paragraphs(tmp_path / name)).clauses]
    assert places == sorted(places)
    assert len(set(places)) > 1
    assert places[0] == "第1页"
    found = split("某办法", "第一章 总则", "第一节 范围", "第一条 给予补助。", "第二章 附则", "第二条 施行。")
    assert [clause.chapter for clause in found.clauses] == ["第一章 总则 第一节 范围", "第二章 附则"]


def test_lists_of_conditions_stay_whole_and_grants_come_apart():
    items = ["（一）获得补贴一次；", "（二）获得补贴两次。"]
    whole = split("某办法", "第一条 应当符合下列条件：", *items)
    assert [clause.article for clause in whole.clauses] == ["第一条"]
    assert whole.clauses[0].text.splitlines() == ["应当符合下列条件：", *items]
    apart = split("某办法", "第一条 标准如下：", *items)
    assert [clause.article for clause in apart.clauses] == ["第一条（一）", "第一条（二）"]


def test_a_question_and_its_answer_are_one():
    found = split("政策问答", "问：谁可以申请？", "答：博士。", "问：补贴多少？", "答：每月2000元。")
    assert [clause.text for clause in found.clauses] == [
        "问：谁可以申请？\n答：博士。",
        "问：补贴多少？\n答：每月2000元。",
    ]


def test_documents_without_numbers_and_titles_on_later_lines():
    found = split("渝合成〔2022〕1号", "关于印发某办法的通知", "给予补助。", "另行通知。")
    assert found.title == "关于印发某办法的通知"
    assert [clause.text for clause in found.clauses] == ["给予补助。", "另行通知。"]
    assert split_clauses([]) == ("", "", [], ())


@pytest.mark.parametrize(
    ("lines", "articles"),
    [
        # An item holds no article, nor does an item of an item.
        (
            ["第一条 标准如下：", "（一）照料费用", "1.按75%支付。", "（二）设备费用", "1.按90%支付。",
            "第二条 奖励企业10万元。"],
            ["第一条", "第二条"],
        ),
        ([("第一条 标准如下：（一）照料费用 1.按75%支付。（二）设备费用 1.按90%支付。第二"
          "条 奖励。")], ["第一条", "第二条"]),
        # A heading may end in any word.
        (["第一章 总则", "第一条 甲。", "第二章 社会参与", "第二条 乙。", "第三章 补助依据",
        "第三条 丙。"], ["第一条", "第二条", "第三条"]),
        (["第一章 总则 第一条 甲。第二章 申请和享受 第二条 乙。"], ["第一条", "第二条"]),
        (["一、扶持依据", "（一）甲。", "二、如何享受", "（一）乙。"], ["一、（一）", "二、（一）"]),
        # Numbers with blanks, in digits, and inserted ones.
        (["第 9 条 甲。第 1 0 条 乙。第 1 1 条 丙。"], ["第9条", "第10条", "第11条"]),
        (["第十一条 甲。", "第十一条之一 乙。", "第十二条 丙。"], ["第十一条", "第十一条之一", "第十二条"]),
        (["1.2025年度怎么申请？", "答：网上。", "2.何时？", "答：十月。"], ["1.", "2."]),
    ],
)  # fmt: skip
def test_every_article_once_and_in_order(lines, articles):
    assert [clause.article for clause in split("某办法", *lines).clauses] == articles


@given(
    st.lists(
        st.from_regex(r"[企业补助设备年元][企业补助设备年元，、]{0,39}", fullmatch=True),
        min_size=1,
        max_size=120,
    )
)
def test_numbered_articles_come_back(texts):
    lines = [f"第{chinese_number(n)}条　{text}。" for n, text in enumerate(texts, start=1)]
    found = split("某办法", *lines)
    assert [clause.text for clause in found.clauses] == [f"{text}。" for text in texts]


@given(
    st.lists(st.text(min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool), max_size=30)
)
def test_no_text_is_lost(lines):
    # Lines that look like an entry of a table of contents, or a heading that heads nothing, are left out.
    found = split("某办法", *lines)
    kept = squeezed(
        found.title + found.preamble + "".join(c.article + c.chapter + c.text for c in found.clauses)
    )
    for line in lines:
        if re.fullmatch(r"[一-龥]{6,}", line):
            assert line in kept


def test_the_sample_is_as_large_as_promised():
    assert len(SOURCES) == 14


def test_text_between_two_lists_of_an_article_keeps_its_place():
    lines = [
        "第一条 一般事项包括：",
        "（一）名称；",
        "（二）住所。",
        "此外还应当登记：",
        "（一）股东；",
        "（二）合伙人。",
        "费用由市财政承担。",
    ]
    assert clauses_of("某办法", *lines)[0][2].split("\n") == [
        "一般事项包括：",
        "（一）名称；",
        "（二）住所。",
        "此外还应当登记：",
        "（一）股东；",
        "（二）合伙人。",
        "费用由市财政承担。",
    ]


def test_a_sentence_between_two_lists_of_grants_introduces_the_second():
    lines = [
        "第一条 国内展会按下列标准：",
        "（一）甲展补贴1万元；",
        "（二）乙展补贴2万元。",
        "境外展会按下列标准：",
        "（一）丙展补贴3万元；",
        "（二）丁展补贴4万元。",
    ]
    assert [text for *_, text in clauses_of("某办法", *lines)] == [
        "国内展会按下列标准：甲展补贴1万元；",
        "国内展会按下列标准：乙展补贴2万元。",
        "境外展会按下列标准：丙展补贴3万元；",
        "境外展会按下列标准：丁展补贴4万元。",
    ]


def test_how_to_object_is_not_part_of_the_last_item_of_a_publicity_notice():
    lines = ["1.某市甲机械有限公司", "2.某市乙机械有限公司", "公示期为2024年6月3日至6月9日。"]
    assert [text for *_, text in clauses_of("关于名单的公示", *lines)] == [
        "某市甲机械有限公司",
        "某市乙机械有限公司",
        "公示期为2024年6月3日至6月9日。",
    ]


def test_an_annex_whose_title_is_a_row_of_its_table_is_not_part_of_the_last_item():
    lines = ["一、甲。", "二、乙。", "| 附件2 任务分工表 | | |", "| 1 | 培训 | 基层处 |"]
    clauses = clauses_of("某通知", *lines)
    assert [text for *_, text in clauses] == ["甲。", "乙。", "任务分工表\n| 1 | 培训 | 基层处 |"]


def test_neither_an_addressee_nor_the_header_of_a_table_is_a_clause():
    rows = ("| 序号 | 政策名称 | 支持内容 |", "| 1 | 参展 | 补贴2万元 |", "| 2 | 信保 | 补贴3万元 |")
    found = split(
        "关于公布清单的通知", "某办发〔2025〕8号", "各有关单位：", "现予公布。", "某区政策清单", *rows
    )
    assert [clause.text for clause in found.clauses] == [
        "现予公布。",
        f"某区政策清单\n{rows[0]}\n{rows[1]}",
        rows[2],
    ]
    assert found.preamble == "各有关单位："


def test_questions_by_any_name_hold_the_lines_below_them():
    lines = (
        "某政策问答",
        "问题1：有奖励吗？",
        "有，奖励25万元。",
        "问题2：能贴息吗？",
        "可以。",
        "每年最高40万元。",
    )
    assert [clause.text for clause in split(*lines).clauses] == [
        "问题1：有奖励吗？\n有，奖励25万元。",
        "问题2：能贴息吗？\n可以。\n每年最高40万元。",
    ]


def test_the_heading_of_a_part_is_set_apart_from_its_text():
    lines = (
        "某指南",
        "第一部分 总体要求",
        "申报单位在本市登记。",
        "第二部分 支持",
        "一、演艺",
        "奖励6万元。",
    )
    assert split(*lines).clauses[0].text == "总体要求：申报单位在本市登记。"
