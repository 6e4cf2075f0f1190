"""The packaged weights are those that the packaged examples give."""

import pytest

from liaison_analysis.demands.intent_model import INTENTS, IntentModel, packaged_examples, packaged_model
from liaison_analysis.demands.intents import learnt_model

# One text for each intent, in the order of INTENTS.
TEXTS = [
    *("想找客户,接订单", "找供应商买轴承", "想贷款,利息低的", "送样检测出报告", "和高校联合攻关"),
    *("缺焊工", "想申报技改补贴", "停车位不够", "厂里停电"),
]
N_CLAUSES = [2, 1, 2, 1, 1, 1, 1, 1, 1]
ASKED = [{intent} for intent in INTENTS]


def test_learning_again_gives_the_packaged_weights():
    again, packaged = learnt_model(), packaged_model()
    assert again.words.words == packaged.words.words
    assert packaged.words.weights == pytest.approx(again.words.weights, abs=1e-3)
    assert packaged.of_dense == pytest.approx(again.of_dense, abs=1e-3)
    some = [text for text, _ in packaged_examples()[::40]]
    probabilities = [model.probabilities(some, [1] * len(some)) for model in (again, packaged)]
    assert probabilities[1] == pytest.approx(probabilities[0], abs=2e-3)


def test_a_model_that_is_written_and_read_gives_the_same_probabilities():
    learnt = IntentModel.learn(TEXTS, N_CLAUSES, ASKED, encoder="lexical")
    again = IntentModel.from_bytes(learnt.to_bytes())
    assert again.to_bytes() == learnt.to_bytes()
    texts, n_clauses = [*TEXTS, "", "🙂"], [*N_CLAUSES, 0, 1]
    probabilities = again.probabilities(texts, n_clauses, encoder="lexical")
    assert probabilities == pytest.approx(learnt.probabilities(texts, n_clauses, encoder="lexical"), abs=1e-3)
    assert probabilities[:9].argmax(axis=1).tolist() == list(range(9))
    assert again.probabilities([], []).shape == (0, len(INTENTS))


def test_every_example_has_a_text_and_known_intents():
    examples = packaged_examples()
    assert len(examples) > 3_900
    assert all(text.strip() for text, _ in examples)
    assert set().union(*(intents for _, intents in examples)) == set(INTENTS)


def test_what_the_enterprise_does_decides_who_sells_and_who_buys():
    texts = ["本地有没有做谐波减速器的"] * 2
    own, other = packaged_model().probabilities(texts, [1, 1], ["谐波减速器", "工业机器人"])
    customer, supplier = INTENTS.index("customer"), INTENTS.index("supplier")
    assert own[customer] > other[customer]
    assert own[supplier] < 0.5 < other[supplier]
    assert packaged_model().probabilities(texts, [1, 1], ["", ""]) == pytest.approx(
        packaged_model().probabilities(texts, [1, 1])
    )
