"""The phrases of a business text, and what it says that a firm takes in."""

from liaison_analysis.introductions.business_words import (
    bought_words,
    business_phrases,
    is_scope,
    scope_words,
)


def test_registers_list_what_a_firm_may_do():
    text = "一般项目：木制品制造；家具销售。（除依法须经批准的项目外，依法自主开展经营活动）实际做实木餐桌"
    assert business_phrases(text) == [("木制品", 0.3), ("家具", 0.3), ("实木餐桌", 1.0)]
    assert is_scope(text)
    assert not is_scope("实木餐桌、书柜制造")


def test_a_list_alone_weighs_more_than_beside_the_firms_own_words_and_names_without_a_verb_no_more():
    assert business_phrases("一般项目：金属表面处理及热处理加工；模具销售。") == [
        ("金属表面处理及热处理加工", 0.6), ("模具", 0.6),
    ]  # fmt: skip
    assert business_phrases("一般项目：金属表面处理及热处理加工；模具销售。从事油缸修复、模具") == [
        ("金属表面处理及热处理加工", 0.3), ("模具", 1.0), ("油缸修复", 1.0),
    ]  # fmt: skip


def test_words_of_the_scope_are_those_that_the_firm_does_not_say_itself():
    text = "许可项目：道路货物运输。一般项目：装卸搬运；仓储。主营大件运输、仓储"
    assert scope_words(text) == {"道路货物运输", "装卸搬运"}
    assert scope_words("大件运输、仓储") == frozenset()


def test_where_goods_go_and_what_others_do_is_no_business():
    text = "油缸、阀块，镀铬外委；封边条全部外购；单件50吨以内；兼出口，内销为主"
    assert [words for words, _ in business_phrases(text)] == ["油缸", "阀块"]


def test_what_is_excluded_is_no_phrase():
    assert business_phrases("化工产品销售（不含许可类化工产品）") == [("化工产品", 0.6)]


def test_only_the_clause_that_buys_says_what_is_bought():
    text = "配合饲料、预混料；常年收麸皮、豆渣；含氟污泥资源化"
    assert bought_words(text) == {"常年收麸皮", "豆渣", "含氟污泥资源化"}
