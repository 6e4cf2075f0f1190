"""Names that are nearly a product's, and words that only resemble one."""

import pytest

from liaison_analysis.text.near_names import near_products

PRODUCTS = ["汽油发动机", "柴油发动机", "铝合金轮毂", "表面处理加工"]


def test_the_nearest_name_and_its_place():
    assert near_products(["天冷,想买汽油机发动机"], PRODUCTS) == [(0, "汽油发动机", 5, 11)]


def test_what_is_not_near_is_left_alone():
    assert near_products(["厂门口的路灯坏了", "", "铝"], PRODUCTS) == []
    assert near_products(["想买汽油发动机"], []) == []
    assert near_products([], PRODUCTS) == []


def test_each_of_several_words_finds_its_product_once_sorted_by_text_and_product():
    assert near_products(["路灯", "汽油发动机柴油发动机总成和铝合金轮毂件"], PRODUCTS) == [
        *((1, "柴油发动机", 5, 10), (1, "汽油发动机", 0, 5), (1, "铝合金轮毂", 13, 18))
    ]


def test_a_kind_that_only_one_of_them_names_does_not_keep_them_apart():
    assert near_products(["想买离心水泵"], ["离心泵"]) == [(0, "离心泵", 2, 6)]


@pytest.mark.parametrize(
    ("product", "near"), [("聚偏氟乙烯", []), ("聚四氟乙烯膜", [(0, "聚四氟乙烯膜", 0, 5)])]
)
def test_one_distinguishing_character_is_enough(product, near):
    assert near_products(["聚四氟乙烯涂层工艺"], [product]) == near
