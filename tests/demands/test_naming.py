"""Words and names of themes."""

from __future__ import annotations

import numpy as np

from liaison_analysis.demands.naming import short_phrase, theme_table, theme_words


def test_words_of_one_theme_come_before_words_of_all_and_stop_words_stay_out():
    texts = ["希望解决停车位问题", "停车位不足,员工多", "员工贷款难", "贷款利率高,希望员工"]
    first, second = theme_words(texts, np.array([0, 0, 1, 1]), n_themes=2)
    assert first[0] == "停车位"
    assert second[0] == "贷款"
    assert not {"希望", "问题", "解决"} & set(first + second)


def test_a_word_of_two_texts_ranks_above_a_word_repeated_in_one():
    texts = ["变压器变压器变压器变压器", "停电了", "又停电", "贷款"]
    assert theme_words(texts, np.array([0, 0, 0, 1]), n_themes=2)[0][0] == "停电"


def test_numbers_and_unassigned_texts_do_not_name_a_theme():
    assert theme_words(["三千 300kva 停电", "贷款"], np.array([0, -1]), n_themes=2) == [["停电"], []]


def test_the_phrase_holds_the_best_words_and_is_short():
    texts = ["很长的一句话说了许多别的事情没有停车位也没有充电桩", "天气不错啊,停车位和充电桩"]
    assert short_phrase(texts, ["停车位", "充电桩"]) == "停车位和充电桩"
    assert short_phrase(["短"], ["停车位", "充电桩", "电"]) == "停车位、充电桩"


def test_the_table_counts_shares():
    table = theme_table(["停车", "贷款"], [["车位"], []], ["没车位", ""], [3, 1])
    assert list(table.columns) == ["theme", "name", "terms", "size", "share", "phrase"]
    assert table["share"].tolist() == [0.75, 0.25]


def test_no_theme_is_named_after_a_person():
    texts = ["张三反映停车位不足", "张三反映停车位太少", "联系王经理解决停车位", "联系王经理,停车位不够"]
    [words] = theme_words(texts, np.zeros(4, dtype=int), n_themes=1)
    assert "停车位" in words
    assert not {"张三", "王经理"} & set(words)
    assert short_phrase(["张三反映停车位少,员工停车位不够"], ["停车位"]) == "员工停车位不够"
