"""Where a sentence names things."""

import pytest

from liaison_analysis.demands.noun_pieces import (
    character_pairs,
    noun_pieces,
    product_places,
    stands_sought,
    words_of,
)
from liaison_analysis.products import product_catalogue


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("想找一家做谐波减速器的厂", ["谐波减速器"]),
        ("急需三十吨镀锌板、冷轧卷", ["镀锌板", "冷轧卷"]),
        ("", []),
    ],
)
def test_pieces_stand_between_verbs_amounts_and_marks(sentence, pieces):
    assert [sentence[a:b] for a, b in noun_pieces(sentence)] == pieces


def test_the_longest_product_counts_where_words_overlap():
    text = "谐波减速器和轴承"
    places = product_places(text, product_catalogue())
    assert [text[a:b] for a, b, _ in places] == ["谐波减速器", "轴承"]


def test_what_follows_a_verb_of_seeking_is_sought():
    assert stands_sought("想找轴承", 2)
    assert not stands_sought("轴承很好", 0)


def test_pairs_and_words_of_a_kind():
    assert character_pairs("轴承钢") == {"轴承", "承钢"}
    assert character_pairs("钢") == frozenset()
    assert "吨" in words_of("measure")
