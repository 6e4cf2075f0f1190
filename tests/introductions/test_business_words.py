"""The phrases of a business text, and what it says that a firm takes in."""

from liaison_analysis.introductions.business_words import bought_words, business_phrases, is_scope


def test_registers_list_what_a_firm_may_do():
    text = "一般项目：木制品制造；家具销售。（除依法须经批准的项目外，依法自主开展经营活动）实际做实木餐桌"
    assert business_phrases(text) == [("木制品", 0.6), ("家具", 0.6), ("实木餐桌", 1.0)]
    assert is_scope(text)
    assert not is_scope("实木餐桌、书柜制造")


def test_what_is_excluded_is_no_phrase():
    assert business_phrases("化工产品销售（不含许可类化工产品）") == [("化工产品", 0.6)]


def test_only_the_clause_that_buys_says_what_is_bought():
    text = "配合饲料、预混料；常年收麸皮、豆渣；含氟污泥资源化"
    assert bought_words(text) == {"常年收麸皮", "豆渣", "含氟污泥资源化"}
