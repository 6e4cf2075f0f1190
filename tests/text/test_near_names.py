"""Names that come near, and words that only sound like it."""

from itertools import pairwise

from liaison_analysis.text.near_names import near_products

PRODUCTS = ["汽油发动机", "柴油发动机", "铝合金轮毂", "表面处理加工"]


def test_the_nearest_name_and_its_place():
    text = "想买汽油机发动机"
    found = near_products([text], PRODUCTS)
    assert [(i, product) for i, product, *_ in found] == [(0, "汽油发动机")]
    (_, _, start, end) = found[0]
    assert text[start:end] in {"汽油机发动机", "发动机", "汽油机"}


def test_what_is_not_near_is_left_alone():
    assert near_products(["厂门口的路灯坏了", "", "铝"], PRODUCTS) == []
    assert near_products(["想买汽油发动机"], []) == []


def test_places_do_not_overlap():
    found = near_products(["汽油发动机柴油发动机总成和铝合金轮毂件"], PRODUCTS)
    places = sorted((a, b) for _, _, a, b in found)
    assert all(b <= c for (_, b), (c, _) in pairwise(places))
    assert len(found) >= 2


def test_a_kind_that_only_one_of_them_names_does_not_keep_them_apart():
    assert near_products(["想买离心水泵"], ["离心泵"]) == [(0, "离心泵", 2, 6)]


def test_one_character_that_tells_kinds_apart_is_enough():
    text = "聚四氟乙烯涂层工艺"
    assert near_products([text], ["聚偏氟乙烯"]) == []
    assert [product for _, product, *_ in near_products([text], ["聚四氟乙烯膜"])] == ["聚四氟乙烯膜"]
