from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from liaison_analysis.policies.calibration import _WEIGHTS, FEATURES, AnswerEvidence, answer_probability
from liaison_analysis.policies.ranking import ClauseRanker

EVIDENCE = Path(__file__).parents[1] / "data" / "policy_answer_evidence.csv"

CLAUSES = ["新增停车位的，按泊位补助。", "贷款利息给予贴息。", "招用毕业生给予补贴。"]
TITLES = ["停车设施办法（合成示例）", "融资办法", "用工办法"]


@pytest.fixture(scope="module")
def index():
    return AnswerEvidence(CLAUSES, TITLES)


def features(index, questions, clauses):
    clauses = np.array(clauses)
    return dict(
        zip(FEATURES, np.moveaxis(index.features(questions, clauses, 0 * clauses), 2, 0), strict=False)
    )


def test_words_count_by_rarity(index):
    covered = features(index, ["贷款利息", "贷款", "贷款给予利息"], [[1, 0]] * 3)["coverage"]
    np.testing.assert_allclose(covered[:, 0], 1, atol=1e-6)
    assert (covered[:, 1] < 0.7).all()
    # 给予 stands in two of the three clauses, 利息 in one: the clause on graduates holds 给予 only.
    rare, common = (np.log(1 + 3.5 / (n + 0.5)) for n in (1, 2))
    apart = AnswerEvidence(
        CLAUSES, TITLES, encoder=lambda texts: np.eye(600)[[place(text) for text in texts]]
    )
    found = features(apart, ["给予利息"], [[2]])["coverage"][0, 0]
    assert found == pytest.approx(common / (rare + common))


def place(text):
    """A direction of its own for each text."""
    return sum(ord(character) * (i + 1) for i, character in enumerate(text)) % 600


def test_how_a_question_is_put_does_not_count(index):
    plain, wordy = features(index, ["毕业生补贴", "请问我们公司的毕业生有没有补贴吗"], [[2], [2]])["coverage"]
    assert plain == pytest.approx(wordy)
    assert features(index, ["有没有吗"], [[0]])["coverage"][0, 0] == 0


def test_the_title_without_its_remark_counts(index):
    bare = AnswerEvidence(CLAUSES, ["停车设施办法", *TITLES[1:]])
    for name, part in features(index, ["停车设施"], [[0, 1]]).items():
        np.testing.assert_allclose(part, features(bare, ["停车设施"], [[0, 1]])[name])
    title = features(index, ["停车设施"], [[0, 1]])["title"][0]
    assert title[0] > 0.5 > title[1]


def test_topics_of_the_clause_against_background_topics(index):
    topic = features(index, ["车位不够停", "住房公积金怎么提取"], [[0, 1], [0, 1]])["topic"]
    assert topic[0, 0] > -0.5 > topic[0, 1]
    assert (topic[1] < -0.5).all()


def test_the_probability_separates_an_answer_from_a_near_miss():
    texts = [*CLAUSES, "企业自建员工充电桩给予补助。"]
    titles = [*TITLES, "停车设施办法"]
    questions = ["自家装快充桩有补助吗", "屋顶光伏有补助吗", "住房公积金怎么提取"]
    scores = ClauseRanker(texts).score(questions)
    best = scores.argmax(axis=1)[:, None]
    evidence = AnswerEvidence(texts, titles)
    probability = answer_probability(
        evidence.features(questions, best, np.take_along_axis(scores, best, axis=1))
    )[:, 0]
    assert best[0, 0] == 3
    assert probability[0] > 0.9
    assert probability[1] < 0.5
    assert probability[2] < 0.1


def test_the_retrieval_model_alone_makes_no_answer():
    words_say_no = np.array([2.0, 0.4, 0.2, -0.4, 0.95, 0.83, 0.85])
    assert answer_probability(words_say_no) < 0.2
    both_say_yes = np.array([6.0, 0.9, 0.5, 0.1, 0.95, 0.83, 0.85])
    assert answer_probability(both_say_yes) > 0.9


def test_the_probability_is_logistic():
    assert answer_probability(np.zeros((1, len(FEATURES))))[0] < 0.01
    low, high = np.full((2, len(FEATURES)), [[0.2], [1.5]])
    assert answer_probability(low) < 0.5 < answer_probability(high)


@pytest.mark.parametrize("columns", sorted(_WEIGHTS))
def test_fitting_again_gives_the_packaged_weights(columns):
    rows = pd.read_csv(EVIDENCE)
    matrix = rows[[f"{name}_{columns}" for name in FEATURES[:columns]]].to_numpy()
    answer = rows["answer"].to_numpy() == 1
    scale = matrix.std(axis=0)
    # Both answers and the three kinds of documents have equal weight.
    cell = rows["documents"] + rows["answer"].astype("str")
    share = (1 / cell.map(cell.value_counts()) * len(cell) / cell.nunique()).to_numpy()
    model = LogisticRegression(max_iter=2000).fit(matrix / scale, answer, sample_weight=share)
    intercept, weights = _WEIGHTS[columns]
    np.testing.assert_allclose(model.coef_[0] / scale, weights, rtol=1e-3, atol=2e-3)
    assert model.intercept_[0] == pytest.approx(intercept, rel=1e-3)
