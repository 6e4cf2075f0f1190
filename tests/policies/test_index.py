import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from liaison_analysis import PolicyIndex, load_liangjiang
from liaison_analysis.policies.index import NO_CLAUSE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ledger():
    return load_liangjiang()


@pytest.fixture(scope="module")
def index(ledger):
    return PolicyIndex(ledger.policies)


@pytest.fixture(scope="module")
def small():
    rows = [
        ("A", "甲办法", "新建停车位每个补助1000元。", "鱼复", None, "2022-01-01", "2022-12-31"),
        ("B", "乙办法", "新建停车位每个补助800元。", "水土", None, "2023-01-01", None),
        ("C", "丙办法", "小巨人企业贷款给予贴息。", None, "小巨人", None, None),
    ]
    columns = ["clause_id", "policy", "text", "town", "category", "valid_from", "valid_to"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture(scope="module")
def five():
    clauses = [
        ("A", "公交优惠办法", "老年人凭卡免费乘坐公交车。"),
        ("B", "公租房办法", "公共租赁住房租金按市场价的百分之六十收取。"),
        ("C", "创业贷款办法", "创业担保贷款给予贴息，最高20万元。"),
        ("D", "人才公寓办法", "人才公寓租期不超过三年，租金减半。"),
        ("E", "食堂办法", "园区食堂每餐补助五元。"),
    ]
    return PolicyIndex(pd.DataFrame(clauses, columns=["clause_id", "policy", "text"]))


def test_a_clause_is_quoted_with_its_document(index, ledger):
    found = index.search(["专精特新三年复核通过有奖励吗"], k=3)
    assert found["rank"].tolist() == [1, 2, 3]
    first = found.iloc[0]
    quoted = ledger.policies.set_index("clause_id").loc[first["clause_id"]]
    assert first["article"] == "第三条"
    assert first["policy"] == "示例园区支持优质中小企业梯度成长办法（合成示例）"
    assert first["text"] == quoted["text"]
    assert "eligibility" not in found
    assert "validity" not in found


def test_no_clause_is_an_answer(index):
    found = index.search(["今天晚上食堂吃什么菜", "新建停车位补助", ""], k=2)
    none = found[found["clause_id"].isna()]
    assert none["question"].tolist() == [0, 2]
    assert none["text"].eq(NO_CLAUSE).all()
    assert none["rank"].eq(0).all()
    assert none["score"].lt(0.5).all()
    assert found["rank"].tolist() == [0, 1, 2, 1, 2, 0]
    assert found["answered"].tolist() == [False, False, False, True, True, False]
    assert found.loc[found["question"].eq(1), "article"].iloc[0] == "1."


def test_the_day_leaves_out_what_does_not_hold(small):
    index = PolicyIndex(small)
    asked = ["新建停车位补助多少"]
    assert set(index.search(asked)["clause_id"]) == {"A", "B", "C"}
    in_2022 = index.search(asked, on="2022-12-31")
    assert in_2022["clause_id"].tolist()[0] == "A"
    assert "B" not in in_2022["clause_id"].tolist()
    assert in_2022["validity"].tolist() == ["有效", "未注明期限"]
    assert index.search(asked, on="2023-01-01")["clause_id"].tolist()[0] == "B"


def test_what_the_enterprise_may_not_claim_comes_last(small):
    index = PolicyIndex(small)
    firm = pd.Series({"town": "水土", "category": None})
    found = index.search(["鱼复新建停车位补助多少"], enterprise=firm, k=2)
    assert found["clause_id"].tolist() == ["B", "A"]
    assert found["town"].tolist() == ["符合", "不符合"]
    assert found["eligibility"].tolist() == ["符合", "不符合"]
    loan = index.search(["小巨人企业贷款贴息"], enterprise={"town": "水土"}, k=1).iloc[0]
    assert (loan["category"], loan["eligibility"], loan["missing"]) == ("待核实", "待核实", "category")


def test_clauses_that_an_enterprise_fails_are_listed_too(small):
    found = PolicyIndex(small).search(["新建停车位补助多少"], enterprise={"town": "龙兴"}, k=2)
    assert set(found["clause_id"]) == {"A", "B"}
    assert found["eligibility"].eq("不符合").all()


def test_whom_a_clause_fits(index, ledger):
    found = index.beneficiaries("02_专精特新-第五条", ledger)
    firms = ledger.enterprises.set_index("enterprise_id").loc[found["enterprise_id"]]
    eligible = found["eligibility"].eq("符合").to_numpy()
    assert firms[eligible]["category"].isin(["专精特新", "小巨人"]).all()
    assert firms[eligible]["headcount"].ge(50).all()
    wanted = ledger.enterprises["category"].isin(["专精特新", "小巨人"]) & ledger.enterprises["headcount"].ge(
        50
    )
    assert eligible.sum() == wanted.sum() > 20
    assert firms[~eligible][["category", "headcount"]].isna().any(axis=1).all()
    assert found["eligibility"].tolist() == sorted(found["eligibility"], key=["符合", "待核实"].index)
    assert index.beneficiaries("02_专精特新-第五条", ledger, on="2026-01-01").empty


def test_demands_about_policy_without_an_answer(index, ledger):
    found = index.unanswered(ledger)
    assert found["score"].lt(0.5).all()
    assert found["score"].is_monotonic_increasing
    assert 5 <= len(found) < 120
    assert found["text"].isin(ledger.demands["text"]).all()
    best = index.search(found["text"].tolist(), k=1).query("rank == 1")
    assert best["clause_id"].tolist() == found["nearest"].tolist()
    assert not best["answered"].any()


def test_where_no_clause_holds_nothing_is_near(small, ledger):
    index = PolicyIndex(small.query("clause_id == 'B'"))
    found = index.search(["新建停车位补助"], on="2022-01-01")
    assert found[["rank", "score", "text"]].to_numpy().tolist() == [[0, 0.0, NO_CLAUSE]]
    assert index.unanswered(ledger, on="2022-01-01")["nearest"].isna().all()


def test_what_ends_soon(small):
    index = PolicyIndex(small)
    found = index.expiring("2022-11-01")
    assert found[["clause_id", "days_left"]].to_numpy().tolist() == [["A", 60]]
    assert index.expiring("2022-10-31").empty
    assert index.expiring("2023-01-01").empty
    assert index.expiring("2022-12-31", days=0)["days_left"].tolist() == [0]


def test_bad_arguments(small):
    with pytest.raises(ValueError, match="the columns policy, text are missing"):
        PolicyIndex(small[["clause_id"]])
    with pytest.raises(ValueError, match="there are no rows"):
        PolicyIndex(small.iloc[:0])
    with pytest.raises(ValueError, match="no clause has a text"):
        PolicyIndex(small.assign(text=[None, "", "——"]))
    index = PolicyIndex(small)
    with pytest.raises(ValueError, match="on must be a date, such as '2022-12-31'; got 'someday'"):
        index.search(["停车"], on="someday")
    with pytest.raises(ValueError, match="days: expected 0 or more, got -1"):
        index.expiring("2022-12-31", days=-1)
    with pytest.raises(ValueError, match="k: expected a whole number from 1, got 0"):
        index.search(["停车"], k=0)
    with pytest.raises(ValueError, match="enterprise: expected a row of enterprises, got 'E001'"):
        index.search(["停车"], enterprise="E001")
    with pytest.raises(ValueError, match=r"expected one of the policies .* got 'X'"):
        index.beneficiaries("X", load_liangjiang())
    with pytest.raises(ValueError, match="expected a list of questions, got one text"):
        index.search("停车")
    assert index.search([]).empty
    assert index.search(["停车位"], k=50).shape[0] <= 3


@pytest.mark.parametrize(
    "question",
    ["环评审批怎么加快", "用水用气价格优惠", "博士后工作站资助", "出口退税慢"],
)
def test_the_nearest_of_five_clauses_is_no_answer(five, question):
    assert not five.search([question], k=1)["answered"].any()


def test_questions_that_five_clauses_answer(five):
    asked = ["老人坐公交要钱吗", "公租房租金多少", "创业贷款能贴息吗", "人才公寓能住几年", "食堂吃饭有补助吗"]
    found = five.search(asked, k=1)
    assert found["clause_id"].tolist() == list("ABCDE")
    assert found["answered"].all()


def test_ranks_follow_the_shown_score(index):
    found = index.search(["充电桩补贴", "贷款贴息", "招用毕业生有什么补贴"], k=8)
    assert all(rows["score"].is_monotonic_decreasing for _, rows in found.groupby("question"))


def test_the_same_question_gives_the_same_answer(index):
    asked = ["充电桩补贴", "贷款贴息", "博士补贴"]
    assert index.search(asked).equals(index.search(asked))


def test_other_questions_beside_it_and_the_order_of_the_clauses_change_no_answer(index, ledger):
    asked = ["充电桩补贴", "贷款贴息", "招用毕业生有什么补贴"]
    together = index.search([*asked, "博士补贴", "天气怎么样"], k=8)
    turned = PolicyIndex(ledger.policies.iloc[::-1]).search(asked, k=8)
    columns = ["question", "rank", "answered", "clause_id", "score"]
    for other in (together[together["question"].lt(3)], turned):
        assert other[columns].equals(index.search(asked, k=8)[columns])


def test_of_equal_clauses_the_id_decides():
    rows = [
        ("C", "甲办法", "新建停车位补助。"),
        ("A", "甲办法", "新建停车位补助。"),
        ("B", "甲办法", "新建停车位补助。"),
    ]
    columns = ["clause_id", "policy", "text"]
    found = PolicyIndex(pd.DataFrame(rows, columns=columns)).search(["新建停车位补助多少"])
    assert found["clause_id"].tolist() == ["A", "B", "C"]


def test_fresh_processes_with_other_hash_seeds_and_threads_answer_alike():
    code = (
        "from liaison_analysis import PolicyIndex, load_liangjiang\n"
        "index = PolicyIndex(load_liangjiang().policies.head(12))\n"
        "asked = ['技改设备买了能补贴多少', '贷款贴息', '小巨人奖励']\n"
        "print(index.search(asked, k=8).to_csv(), index._ranker.score(asked).round(9).tolist())"
    )
    answers = set()
    for seed, threads in (("0", "1"), ("1", "2")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads}
        command = [sys.executable, "-c", code]
        answers.add(subprocess.run(command, env=environment, check=True, capture_output=True).stdout)  # noqa: S603 - our own code
    assert len(answers) == 1
    assert b"rank" in answers.pop()
