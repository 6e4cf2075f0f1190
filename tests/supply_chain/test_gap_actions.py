import pandas as pd
import pytest
from helpers.small_ledger import frame

from liaison_analysis import options
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.supply_chain.gap_actions import ACTIONS, choose_actions

TEXTS = {"D1": "膜要从日本买，太慢", "D2": "胶水用量小，想和别家拼单"}
GAPS = [
    # product, nearest, n_enterprises, n_beneficiaries, asked_for
    ("轴承", "某轴承厂", 9, 20, 0),
    ("电机", "", 5, 10, 0),
    ("阀门", "", 5, 9, 0),
    ("膜", "", 1, 1, 1),
    ("胶水", "", 1, 1, 1),
    ("螺母", "", 1, 1, 0),
]


def chosen():
    rows = [(demand, "E1", pd.Timestamp("2022-03-01"), text) for demand, text in TEXTS.items()]
    demands = frame("demands", ["demand_id", "enterprise_id", "raised_on", "text"], rows)
    columns = ["product", "nearest", "n_enterprises", "n_beneficiaries", "asked_for"]
    asked = pd.DataFrame({"product": ["膜", "胶水"], "demand_id": ["D1", "D2"]})
    return choose_actions(Ledger(demands=demands), pd.DataFrame(GAPS, columns=columns), asked)


def test_a_maker_elsewhere_comes_first_then_many_who_gain_then_buying_together():
    actions, _ = chosen()
    assert actions == ["near by", "attract", "buy jointly", "import", "buy jointly", "import"]
    assert set(actions) == set(ACTIONS)


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("zh", ["诉求说现用进口（从日本）", "诉求说愿与别家合买（拼单）"]),
        ("en", ["has it from abroad by its demand (从日本)", "a demand would buy with others (拼单)"]),
    ],
)
def test_the_reason_quotes_the_demand_in_the_language_of_the_reader(language, quoted):
    with options(language=language):
        _, evidence = chosen()
    assert quoted[0] in evidence[3]
    assert quoted[1] in evidence[4]
    asked = "1条诉求点名" if language == "zh" else "named by demands: 1"
    assert [asked in one for one in evidence] == [False, False, False, True, True, False]
