"""Headers by synonyms and patterns."""

import pytest

from liaison_analysis.ledger.headers import is_known, meaning_of


@pytest.mark.parametrize(
    ("written", "column"),
    [("责任单位", "owner"), ("办理情况", "status"), ("办结时间", "settled_on"), ("诉求\n编号", "demand_id"),
     ("提出日期（年月日）", "raised_on"), ("2.企业名称*", "enterprise"), ("企业反映问题的时间", "raised_on"),
     ("牵头责任部门", "owner"), ("是否已经办结", "done"), ("留言详情", "text"), ("（一）诉求内容", "text")],
)  # fmt: skip
def test_headers_of_clerks_are_understood(written, column):
    assert meaning_of(written, "demands").column == column


def test_a_sentence_is_no_header():
    assert not is_known("员工宿舍不够，希望协调")
    assert meaning_of("天气情况如何", "demands") is None


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("需要政府帮助解决的问题", "text"),
        ("存在困难及需协调解决的问题", "text"),
        ("問題解決時間", "settled_on"),
        ("诉求办结时间", "settled_on"),
        ("责任单位名称", "owner"),
        ("整改责任单位", "owner"),
        ("企业满意度（满意/不满意）", "satisfied"),
        ("是否属于本单位职责", "in_remit"),
        ("问题是否解决", "done"),
        ("入企时间", "raised_on"),
        ("反映问题企业", "enterprise"),
        ("Department", "owner"),
    ],
)
def test_headers_of_other_bureaus_are_understood(written, column):
    assert meaning_of(written, "demands").column == column


@pytest.mark.parametrize(
    "written",
    ["预计办结时间", "拟解决时间", "承诺答复时间", "完成时限", "下次走访时间", "未解决原因", "是否需要解决",
     "诉求来源", "问题数量", "下一步措施", "配合单位", "挂钩部门", "生产经营情况", "用工问题"],
)  # fmt: skip
def test_what_only_sounds_like_a_column_of_the_ledger_is_none(written):
    assert meaning_of(written, "demands") is None


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Firm's name", "enterprise"),
        ("Date of visit", "raised_on"),
        ("Concern / Request", "text"),
        ("Lead Dept.", "owner"),
        ("Completed on", "settled_on"),
        ("Settled?", ""),
        ("Closed?", "done"),
        ("Request / Owner", ""),
        ("Problem area", "kind"),
        ("Contact person", ""),
    ],
)
def test_english_headers_are_understood_by_their_words(header, column):
    found = meaning_of(header, "demands")
    assert (found.column if found else "") == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("调研企业及接待人", "enterprise"),
        ("走访发现的问题", "text"),
        ("上级交办问题", "text"),
        ("问题及整改情况", "text"),
        ("责任站所", "owner"),
        ("承办", "owner"),
        ("走访企业及人数", ""),
    ],
)
def test_headers_of_logs_and_of_two_matters_are_understood(header, column):
    found = meaning_of(header, "demands")
    assert (found.column if found else "") == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("销号与否", "done"),
        ("问题解决了没", "done"),
        ("转办结果", "status"),
        ("督办内容", "text"),
        ("Visited company", "enterprise"),
        ("Action by", "owner"),
        ("Latest progress", "status"),
        ("Action plan", ""),
    ],
)
def test_headers_of_supervision_and_of_english_logs_are_understood(header, column):
    found = meaning_of(header, "demands")
    assert (found.column if found else "") == column


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("办理状态及时间", "status"),
        ("办结时间及结果", "status"),
        ("办结时间", "settled_on"),
        ("Issue / 问题", "text"),
        ("Status / 状态", "status"),
        ("Date/Time Closed", "settled_on"),
        ("客户诉求", "text"),
        ("办理过程", "status"),
    ],
)
def test_headers_of_two_words_or_languages(header, column):
    assert meaning_of(header, "demands").column == column
