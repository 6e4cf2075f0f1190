import pytest

from liaison_analysis.ledger.headers import column_meanings, is_known, meaning_of


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


def test_of_two_headers_of_one_meaning_the_more_telling_filled_one_is_taken():
    found = column_meanings(["问题", "诉求内容", "办理情况"], [["a"], ["b"], ["c"]], "demands")
    assert {j: one.column for j, one in found.items()} == {1: "text", 2: "status"}
    found = column_meanings(["问题", "诉求内容"], [["a"], [""]], "demands")
    assert found[0].column == "text"
