"""The table of who uses what."""

import pytest

from liaison_analysis.products import product_catalogue
from liaison_analysis.products.users import (
    ANY_MAKER,
    MANY_PEOPLE,
    place_strength,
    use_strength,
    use_table,
    uses_of,
)


def test_the_table_is_whole():
    table = use_table()
    assert len(table) >= 150
    assert {use.relation for use in table} == {"material", "part", "equipment", "service", "byproduct"}
    for use in table:
        assert use.offered
        assert use.users
        # A word that stands in both columns would count twice.
        assert not set(use.users) & set(use.sometimes), use.offered
        for word in (*use.offered, *use.users, *use.sometimes):
            assert word in {ANY_MAKER, MANY_PEOPLE} or "@" not in word


def test_the_head_of_a_compound_says_what_it_is():
    assert uses_of("小麦麸皮")[0].word == "麸皮"
    assert next(row.word for row in uses_of("点灯检测外协")) == "点灯检测"
    assert uses_of("您好") == []


def test_a_word_inside_says_less_and_one_before_other_goods_least():
    panel = next(row.use for row in uses_of("玻璃减薄"))
    assert use_strength(panel, "液晶面板") == 1.0
    assert use_strength(panel, "面板检测设备") == pytest.approx(0.35)
    assert [place_strength(rest) for rest in ("", "与测试", "切割", "检测设备")] == [1.0, 1.0, 0.8, 0.35]


def test_a_kind_of_a_user_counts_by_its_steps():
    sterile = uses_of("灭菌")[0].use
    kinds = {kind: step for step, kind in enumerate(["留置针", *product_catalogue().kinds_of("留置针")])}
    assert use_strength(sterile, "三通阀", {}) == 0.0
    assert 0.8 <= use_strength(sterile, "未知名", kinds) <= 1.0


def test_a_word_inside_a_thing_says_less_where_another_ends_it():
    rows = {row.word: row.strength for row in uses_of("喷墨印花墨水")}
    assert max(rows, key=rows.get) == "印花墨水"
    assert rows["印花墨水"] == 1.0
    assert all(strength < 0.5 for word, strength in rows.items() if word != "印花墨水")
