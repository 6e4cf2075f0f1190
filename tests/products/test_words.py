"""Words for products in running text."""

from liaison_analysis.products.catalogue import product_catalogue
from liaison_analysis.products.terms import affixes, fold_term
from liaison_analysis.products.words import find_product_words


def test_the_longest_word_counts_and_latin_words_are_not_cut_apart():
    found = find_product_words(["要谐波减速器，不要CTO", float("nan")], product_catalogue())
    assert found == ["谐波减速器"]


def test_spelling_does_not_matter():
    assert find_product_words(["找ＲＶ 减速机"], product_catalogue()) == ["RV减速器"]


def test_everyday_words_name_no_goods_in_a_text():
    assert find_product_words(["请协助办理设计方案和保险"], product_catalogue()) == []
    assert all(word == fold_term(word) for word in affixes("everyday word"))
