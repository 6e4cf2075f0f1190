"""Texts that nearly repeat one another."""

import pytest

from liaison_analysis.text import similarity
from liaison_analysis.text.similarity import near_duplicates


def test_near_duplicates_are_joined_in_chains_and_repeats_are_marked():
    texts = [
        "园区北门停车位不足",
        "贷款利率高",
        "园区北门的停车位不足",
        None,
        "园区北门的停车位太不足",
        "贷款利率高",
    ]
    result = near_duplicates(texts, enterprises=["a", "b", "c", "d", "a", "b"])
    assert result.groupby("group")["row"].apply(list).tolist() == [[0, 2, 4], [1, 5]]
    assert result["repeat"].tolist() == [True, False, True, True, True]
    assert result.loc[result["group"] == 1, "similarity"].tolist() == [1, 1]


@pytest.mark.parametrize("texts", [[], [""], ["停车", "贷款"]])
def test_no_duplicates_give_an_empty_table(texts):
    result = near_duplicates(texts, enterprises=["a"] * len(texts))
    assert result.empty
    assert list(result.columns) == ["group", "row", "text", "similarity", "enterprise_id", "repeat"]


def test_near_duplicates_refuse_a_threshold_of_zero():
    with pytest.raises(ValueError, match="got 0"):
        near_duplicates(["停车"], threshold=0)


def test_duplicates_are_found_across_blocks_as_within_one(monkeypatch):
    texts = [f"第{c}车间停电三次" for c in "一二三"] + [
        "银行贷款利率高",
        "第一车间停电三次",
        "银行的贷款利率高",
    ]
    whole = near_duplicates(texts)
    monkeypatch.setattr(similarity, "_BLOCK", 2)
    assert near_duplicates(texts).equals(whole)
    assert whole.groupby("group")["row"].apply(list).tolist() == [[0, 1, 2, 4], [3, 5]]
    assert whole.set_index("row").loc[[0, 4], "similarity"].tolist() == [1, 1]


def test_the_nearest_of_several_counts_wherever_it_stands():
    texts = ["车间停电三次", "车间停电三次", "车间停电四次"]
    near = near_duplicates(texts, threshold=0.5)
    assert near["similarity"].tolist() == pytest.approx([1, 1, 3 / 5], abs=1e-6)


def test_the_threshold_itself_is_near_enough():
    texts = ["停车位难", "停车位贵"]  # two of three bigrams in common
    assert near_duplicates(texts, threshold=0.6667).empty
    assert near_duplicates(texts, threshold=2 / 3)["similarity"].tolist() == pytest.approx(
        [2 / 3] * 2, abs=1e-6
    )


def test_rows_compared_one_at_a_time_give_the_same_groups(monkeypatch):
    texts = [f"园区{gate}门停车位{state}" for gate in "东西南北" for state in ("不足", "太不足", "很难找")]
    whole = near_duplicates(texts)
    monkeypatch.setattr(similarity, "_CELLS", 1)
    assert len(whole)
    assert near_duplicates(texts).equals(whole)
