import numpy as np
import pytest

from liaison_analysis.policies.ranking import ClauseRanker, background_topics

CLAUSES = ["新增停车位的，按泊位补助。", "贷款利息给予贴息。另：停车费不补。", "招用毕业生给予补贴。"]


@pytest.fixture(scope="module")
def ranker():
    return ClauseRanker(CLAUSES)


def test_lexical_evidence_is_bm25_as_a_share_of_the_whole_question():
    found = ClauseRanker(["甲乙", "甲丙丙", "丁"], encoder="lexical").evidence(["甲丙"])
    # Written out: n = 3, k1 = 1.5, b = 0.75; 甲 in two texts, 丙 and 甲丙 in one; 2, 3 and 1 character
    # give 3, 5 and 1 grams of one and two, 3 on average.
    idf = {n: np.log(1 + (3 - n + 0.5) / (n + 0.5)) for n in (1, 2)}
    length = np.array([3, 5, 1])
    norm = 1.5 * (0.25 + 0.75 * length / 3)
    first = idf[2] * 2.5 / (1 + norm[0])
    second = idf[2] * 2.5 / (1 + norm[1]) + idf[1] * 2 * 2.5 / (2 + norm[1]) + idf[1] * 2.5 / (1 + norm[1])
    whole = idf[2] + 2 * idf[1]
    np.testing.assert_allclose(found.lexical[:, :3], [[first / whole, second / whole, 0]])


def test_the_best_sentence_of_a_clause_counts(ranker):
    found = ranker.evidence(["停车费不补"])
    assert found.sentence[0, 1] > 0.75 > found.clause[0, 1]
    columns = 3 + len(background_topics())
    assert found.sentence.shape == found.clause.shape == found.lexical.shape == (1, columns)


def test_other_words_for_the_same_are_found(ranker):
    best = ranker.score(["车没地方停", "招大学生有钱拿吗", "银行利息能报吗"]).argmax(axis=1)
    assert best.tolist() == [0, 2, 1]


def test_a_question_does_not_depend_on_what_else_is_asked(ranker):
    alone = ranker.evidence(["车没地方停"])
    among = ranker.evidence(["", "贷款", "车没地方停"])
    for one, other in zip(alone, among, strict=True):
        np.testing.assert_allclose(one[0], other[2], atol=1e-6)
    assert np.isfinite(among.score()).all()


def test_a_clause_stands_by_what_else_is_asked(ranker):
    score = ranker.score([CLAUSES[0], "东西丢了找失物认领"])
    assert score.shape == (2, 3)
    assert score[0, 0] > 5  # among the three alone none could stand higher than 1.4
    assert score[1].max() < 2
    assert ClauseRanker(CLAUSES[:1]).score([CLAUSES[0]])[0, 0] > 5


def test_background_topics_are_distinct():
    assert len(set(background_topics())) == len(background_topics()) > 100
    assert all(matter == matter.strip() != "" for matter in background_topics())
