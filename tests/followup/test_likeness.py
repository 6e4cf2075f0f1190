import numpy as np
import pytest

from liaison_analysis.followup import likeness as likeness_module
from liaison_analysis.followup.likeness import (
    DAMPING,
    SAME_TOPICS,
    SAME_WORDS,
    Likeness,
    are_same_matter,
    clean_texts,
    same_matter,
)

TEXTS = ["厂门口没地方停车", "招不到焊工", "停车位太少"]


def by_length(texts):
    """An encoder of the caller's: length and how often 停 stands in it."""
    return [[len(text), text.count("停"), 1.0] for text in texts]


def test_the_same_text_is_wholly_alike_and_nearer_ones_more_so():
    likeness = Likeness.learn(TEXTS, ["lexical"])
    cosines = likeness.cosines(likeness.features(TEXTS))
    np.testing.assert_allclose(np.diag(cosines), 1, atol=1e-6)
    assert cosines[0, 2] > cosines[0, 1]


def test_products_are_the_weighted_sum_of_the_blocks():
    likeness = Likeness.learn(TEXTS, ["lexical", by_length])
    blocks = likeness.features(TEXTS[:2])
    name = next(key for key in blocks if key.startswith("encoder "))
    assert set(blocks) == {"words", "topics", "intents", "themes", "lexical", name}
    expected = (blocks["words"] @ likeness.rows["words"].T).toarray()
    expected += 0.5 * (blocks["topics"] @ likeness.rows["topics"].T)
    expected += 0.5 * (blocks["intents"] @ likeness.rows["intents"].T)
    expected += 2.0 * (blocks["themes"] @ likeness.rows["themes"].T)
    # Affinities of distributions: two texts about parking are nearer than one about staff.
    same, other = blocks["themes"][0] @ likeness.rows["themes"][[2, 1]].T
    assert other < 0.5 < same <= 1
    expected += blocks["lexical"] @ likeness.rows["lexical"].T + blocks[name] @ likeness.rows[name].T
    np.testing.assert_allclose(likeness.products(blocks), expected, rtol=1e-5)


def test_vectors_are_centred_on_the_texts_learnt_from():
    likeness = Likeness.learn(TEXTS, ["lexical"])
    rows = likeness.rows["lexical"]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (rows @ rows.T)[0, 1] < 0


def test_masks_are_not_part_of_the_matter_and_no_text_has_no_row():
    assert clean_texts(["联系[手机号]停車难"]) == ["联系 停车难"]
    likeness = Likeness.learn(TEXTS, ["lexical"])
    assert likeness.cosines(likeness.features([])).shape == (0, 3)


def test_texts_are_compared_alike_in_blocks_in_pairs_and_all_at_once(monkeypatch):
    monkeypatch.setattr("liaison_analysis.followup.likeness._BLOCK", 4)
    texts = [
        "厂门口停车位不够",
        "停车位太少，停车难",
        "招不到焊工",
        "焊工难招",
        "",
        "用电不足",
        "停车难",
        "电费太高",
        "招工难",
    ]
    likeness = Likeness.learn(texts, ["lexical"], damping=DAMPING)
    topics = likeness.rows["topics"] @ likeness.rows["topics"].T
    whole = (topics >= SAME_TOPICS) & (likeness.cosines(likeness.rows) >= SAME_WORDS)
    whole |= np.eye(len(texts), dtype=bool)
    assert (same_matter(likeness).toarray() == whole).all()
    left, right = (each.ravel().tolist() for each in np.indices(whole.shape))
    assert are_same_matter(likeness, left, right).tolist() == whole.ravel().tolist()
    assert len(texts) < whole.sum() < whole.size


def test_what_is_not_compared_is_not_computed(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("intents are read")

    whole = Likeness.learn(TEXTS, ["lexical"])
    monkeypatch.setattr(likeness_module, "intent_probabilities", refuse)
    words = Likeness.learn(TEXTS, ["lexical"], blocks=["words"])
    asked = ["停车没地方"]
    assert set(words.features(asked)) == {"words", "lexical"}
    with pytest.raises(AssertionError, match="intents are read"):
        whole.features(asked)
    np.testing.assert_allclose(words.cosines(words.features(TEXTS)), whole.cosines(whole.rows), atol=1e-6)


def test_of_many_texts_the_same_pairs_of_a_group_are_found_as_of_few(monkeypatch):
    texts = [
        f"{gate}门{state}" for gate in "东西南北" for state in ("停车位不够", "停车位太少", "招不到焊工")
    ]
    groups = np.array(["a", "b", "a"] * 4)
    learnt = Likeness.learn(texts, ["lexical"], damping=DAMPING)
    few, every = same_matter(learnt, groups).toarray(), same_matter(learnt).toarray()
    assert few.sum() < every.sum()
    np.testing.assert_array_equal(few, every & (groups[:, None] == groups))
    monkeypatch.setattr(likeness_module, "_BLOCK", 2)
    np.testing.assert_array_equal(same_matter(learnt, groups).toarray(), few)
    np.testing.assert_array_equal(same_matter(learnt).toarray(), every)
