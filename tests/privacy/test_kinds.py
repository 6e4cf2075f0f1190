from liaison_analysis.privacy.kinds import MASKS


def test_what_stands_in_the_place_of_each_kind():
    assert list(MASKS.values()) == [
        "[邮箱]", "[身份证号]", "[银行卡号]", "[手机号]", "[固定电话]", "[车牌号]", "[微信号]", "[QQ号]",
    ]  # fmt: skip
