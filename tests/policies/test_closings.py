"""What stands below a text is in no clause, and the text is kept whole."""

import pytest

from liaison_analysis.policies.clauses import split_clauses
from liaison_analysis.policies.closings import attachment_names, without_closings
from liaison_analysis.policies.source import Note, Paragraph

NOTICE = ("某市商务局关于奖励的通知", "一、给予甲企业奖励10万元。", "二、本通知自印发之日起施行。")


def text_of(*lines):
    return [line for line, kept in zip(lines, without_closings(lines), strict=True) if kept]


@pytest.mark.parametrize(
    "closing",
    [
        ("某市商务局", "2024年5月6日"),
        ("某市人力资源和社会保障局　　某市财政局", "2024年5月6日"),
        ("某市商务局", "某市财政局", "某市税务局", "二〇二四年五月六日"),
        ("某市商务局 2024年5月6日",),
        ("某市残疾人联合会　　某市财政局", "2024年5月6日"),
        ("某市商务局（盖章）", "2024年5月6日"),
        ("某市软件行业协会", "2024年5月6日"),
        ("特此通知。", "附件：1.申请表", "2.汇总表", "某市商务局", "2024年5月6日"),
        ("某市商务局", "2024年5月6日", "（联系人：王工，电话：[固定电话]）"),
        ("附件：", "1. 申请表.docx", "2. 汇总表.xlsx"),
        ("附件1：申请表.docx", "附件2：汇总表.xlsx"),
        ("联 系 人：王工 刘工", "联系电话：[固定电话]", "通讯地址：某市某路1号（邮编：518000）"),
        ("（信息公开形式：主动公开）",),
        ("公开方式：主动公开", "| 抄送：市委各部委，市人大办公室。 |", "| 某市商务局 2024年5月6日印发 |"),
        ("（此件公开发布）",),
    ],
)  # fmt: skip
def test_signature_attachments_contacts_and_imprint_are_no_text(closing):
    assert text_of(*NOTICE, *closing) == list(NOTICE)


@pytest.mark.parametrize(
    "text",
    [
        ("五、联系方式", "联系电话：[固定电话]"),  # a part of the guide that announces them
        ("联系电话：[固定电话]", "三、由某市商务局解释。"),  # not at the end
        ("申请时间", "2024年5月6日"),
        ("附件", "某市奖励细则", "第一条 给予奖励。"),
        ("附件1 某市奖励细则", "第一条 给予奖励。"),
        ("附件1：", "某市奖励细则规定如下。"),
        ("三、办理单位：某市商务局",),
        ("四、联系人：王工，电话：[固定电话]",),  # a part of its own
        ("2024年5月6日，某市商务局印发通知。",),
    ],
)
def test_lines_that_only_look_like_closings_are_kept(text):
    assert text_of(*NOTICE, *text) == [*NOTICE, *text]


def test_firms_of_a_list_do_not_sign():
    lines = ("现公示：", "某市甲机械有限公司", "某市乙机械有限公司", "某市商务局", "2024年5月6日")
    assert text_of(*lines) == list(lines[:3])


def test_the_signature_of_a_notice_is_dropped_and_its_annex_stays():
    lines = [
        *NOTICE,
        "附件：某市奖励细则",
        "某市商务局",
        "2024年5月6日",
        "附件",
        "某市奖励细则",
        "第一条 奖励5万元。",
    ]
    clauses = split_clauses([Paragraph(line, "") for line in lines]).clauses
    assert [clause.text for clause in clauses] == [
        "给予甲企业奖励10万元。",
        "本通知自印发之日起施行。",
        "奖励5万元。",
    ]
    assert clauses[2].chapter == "附件 某市奖励细则"


def test_a_line_with_a_footnote_is_text():
    lines = [
        Paragraph("一、奖励10万元。", ""),
        Paragraph("特此通知。", "", (Note("通知", "1 自印发之日起"),)),
    ]
    assert split_clauses(lines).clauses[0].notes == "1 自印发之日起"


def test_names_of_attachments_are_listed_and_annexes_are_not():
    assert attachment_names([*NOTICE, "附件：1. 申请表", "2. 汇总表", "某市商务局"]) == ["申请表", "汇总表"]
    assert attachment_names([*NOTICE, "附件：申请表"]) == ["申请表"]
    assert attachment_names([*NOTICE, "附件1", "某市奖励细则", "1. 奖励5万元。"]) == []
