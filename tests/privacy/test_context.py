import pytest

from liaison_analysis.privacy.context import has_unit, is_coded, is_firm_code, is_firms_account, is_mobile
from liaison_analysis.privacy.patterns import find_personal_data


def at(text, number):
    start = text.index(number)
    return text, start, start + len(number)


@pytest.mark.parametrize(
    ("text", "coded"),
    [
        ("订单号13800001111", True),
        ("编号M13800001111", True),
        ("受理号:13800001111", True),
        ("SN13800001111", True),
        ("操作证号T13800001111", False),
        ("身份证13800001111", False),
        ("旧号13800001111", False),
        ("A\n13800001111", False),
    ],
)
def test_words_before_a_number_say_that_it_numbers_a_thing(text, coded):
    assert is_coded(text, text.index("1")) == coded


@pytest.mark.parametrize(
    ("text", "mobile"),
    [
        ("年产13800001111颗", False),
        ("订单量从13800001111降", False),
        ("共13800001111号柜", False),
        ("用13800001111号联系", True),
        ("13800001111件", False),
        ("13800001111只接短信", True),
    ],
)
def test_what_is_counted_is_no_phone(text, mobile):
    assert is_mobile(*at(text, "13800001111")) == mobile


@pytest.mark.parametrize(
    ("text", "firms"),
    [
        ("对公账号3100025809200012345", True),
        ("账号3100025809200012345(公司户)", True),
        ("账号3100025809200012345,户名重庆某某科技有限公司", True),
        ("账号3100025809200012345,户名郑某", False),
        ("公司收款账号:3100025809200012345", True),
        ("公司员工郑某工资账号3100025809200012345", False),
        ("退到张某账户3100025809200012345", False),
        ("公司已注销。账号3100025809200012345", False),
    ],
)
def test_an_account_is_a_firms_where_words_say_so(text, firms):
    assert is_firms_account(*at(text, "3100025809200012345")) == firms
    assert (find_personal_data(text) == []) == firms


def test_a_card_stays_a_persons_though_a_firm_is_named():
    assert [one.kind for one in find_personal_data("公司账户6222021234567890123")] == ["bank card"]


def test_units_and_firm_codes():
    assert has_unit("12 万元", 2)
    assert not has_unit("12 元老", 2)
    assert is_firm_code("125001198504120030")
    assert not is_firm_code("125001198504120031")
