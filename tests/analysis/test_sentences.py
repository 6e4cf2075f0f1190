import pytest

from liaison_analysis.analysis.sentences import plain_name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("[甲](http://x)<b>*厂*</b>$1$", "［甲］(http：//x)＜b＞＊厂＊＜/b＞＄1＄"),
        ("甲公司https://evil.example", "甲公司https：//evil.example"),
        ("www.evil.example的甲", "www．evil.example的甲"),
        ("甲\n- 乙\r\n\t丙", "甲 - 乙 丙"),
        ("甲\u202e司公\u2066乙\u200b丙\ufeff", "甲司公乙丙"),
        ("a@b.example", "a＠b.example"),
    ],
)
def test_names_of_the_ledger_act_in_no_prose(name, plain):
    assert plain_name(name) == plain
