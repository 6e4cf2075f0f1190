import pytest

from liaison_analysis.names.places import (
    Location,
    is_place,
    leading_places,
    located,
    places_differ,
    short_places,
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("内蒙古自治区鄂尔多斯市隼川", ["内蒙古自治区", "内蒙古自治区鄂尔多斯市"]),
        ("延边朝鲜族自治州隼川", ["延边朝鲜族自治州"]),
        ("重庆市石柱土家族自治县隼川", ["重庆市", "重庆市石柱土家族自治县"]),
        ("昆山隼川", ["昆山"]),
        ("广东顺德隼川", ["广东", "广东顺德"]),
        ("合肥高新技术产业开发区隼川", ["合肥高新技术产业开发区"]),
        ("江苏省苏州市吴中区木渎镇隼川", ["江苏省", "江苏省苏州市", "江苏省苏州市吴中区木渎镇"]),
        ("雄安新区隼川", ["雄安新区"]),
        ("平安隼川", []),
        ("四川安宁隼川", ["四川"]),
        ("隼川", []),
        ("", []),
    ],
)
def test_a_name_begins_with_places_that_lie_in_one_another(text, places):
    assert [text[:end] for end in leading_places(text)] == places


def test_every_province_is_known_short_and_whole():
    provinces = {
        "北京": "市", "天津": "市", "河北": "省", "山西": "省", "内蒙古": "自治区", "辽宁": "省",
        "吉林": "省", "黑龙江": "省", "上海": "市", "江苏": "省", "浙江": "省", "安徽": "省",
        "福建": "省", "江西": "省",
        "山东": "省", "河南": "省", "湖北": "省", "湖南": "省", "广东": "省", "广西": "壮族自治区",
        "海南": "省",
        "重庆": "市", "四川": "省", "贵州": "省", "云南": "省", "西藏": "自治区", "陕西": "省", "甘肃": "省",
        "青海": "省", "宁夏": "回族自治区", "新疆": "维吾尔自治区", "台湾": "省", "香港": "特别行政区",
        "澳门": "特别行政区",
    }  # fmt: skip
    assert len(provinces) == 34
    for name, kind in provinces.items():
        assert is_place(name)
        assert is_place(name + kind)
        assert located(name + kind) == located(name) == Location(frozenset({name}), frozenset(), frozenset())
    assert set(provinces) <= set(short_places())


def test_the_short_name_of_a_county_alone_may_be_a_brand():
    assert [is_place(text) for text in ("峨眉山", "峨眉山市", "沙河", "渝北区", "中国", "")] == [
        False, True, False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("成都", "重庆渝北", True),
        ("重庆", "渝北", False),
        ("中国", "成都", False),
        ("北京朝阳", "辽宁朝阳", True),
        ("朝阳", "北京朝阳", False),
        ("江苏省昆山市", "昆山", False),
        ("苏州工业园区", "昆山", False),
        ("张家港", "昆山", True),
        ("", "", False),
    ],
)
def test_places_differ_at_the_level_that_both_name(a, b, differ):
    assert places_differ(a, b) == places_differ(b, a) == differ
