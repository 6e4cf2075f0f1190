import pandas as pd
import pytest

from liaison_analysis.ledger import Ledger, load_liangjiang
from liaison_analysis.policies import application_windows, automatic_grants, missing_fields, policy_calendar
from liaison_analysis.policies.claims import grant_amount


@pytest.fixture(scope="module")
def ledger():
    sample = load_liangjiang()
    firms = sample.enterprises.head(3).assign(
        enterprise_id=["E1", "E2", "E3"], name=["甲", "乙", "丙"], town=["鱼复", "水土", "鱼复"],
        category=["小巨人", "专精特新", "小巨人"], headcount=[120, 60, 30],
    )  # fmt: skip
    rows = [
        ("A", "甲办法", "第一条", "鱼复的小巨人企业一次性奖励20万元。", "鱼复", "小巨人", None, None),
        ("B", "甲办法", "第二条", "小巨人企业投资500万元以上的，奖励30万元。", None, "小巨人", None, None),
        ("C", "乙办法", "第一条", "职工50人以上的企业按工资8%给予补助。", None, None, 50, "2022-12-31"),
        ("D", "乙办法", "第二条", "奖励10万元。", None, None, None, None),
    ]
    columns = ["clause_id", "policy", "article", "text", "town", "category", "min_headcount", "valid_to"]
    policies = pd.DataFrame(rows, columns=columns)
    benefits = ["一次性奖励20万元", "奖励30万元", "按工资8%给予补助", "奖励10万元"]
    return Ledger(
        enterprises=firms, demands=sample.demands.iloc[:0], policies=policies.assign(benefit=benefits)
    )


def with_firms(ledger, **columns):
    return Ledger(
        enterprises=ledger.enterprises.assign(**columns), demands=ledger.demands, policies=ledger.policies
    )


def test_grants_without_application_are_those_that_the_ledger_decides_for_all(ledger):
    found = automatic_grants(ledger)
    # B leaves an investment to be checked, D sets no condition.
    assert found[["clause_id", "enterprise_id"]].to_numpy().tolist() == [
        ["A", "E1"],
        ["A", "E3"],
        ["C", "E1"],
        ["C", "E2"],
    ]
    assert found["amount"].iloc[:2].tolist() == [200_000.0, 200_000.0]
    assert found["amount"].iloc[2:].isna().all()
    assert set(automatic_grants(ledger, on="2023-01-01")["clause_id"]) == {"A"}
    unknown = with_firms(ledger, headcount=[120, None, 30])
    assert set(automatic_grants(unknown)["clause_id"]) == {"A"}


def test_one_missing_field_is_named_with_what_it_would_decide(ledger):
    asked = missing_fields(with_firms(ledger, town=["鱼复", "水土", None], headcount=[None, 60, None]))
    assert asked[["enterprise_id", "field", "clauses", "amount"]].to_numpy().tolist() == [
        ["E1", "headcount", "C", 0.0], ["E3", "headcount", "C", 0.0], ["E3", "town", "A", 200_000.0],
    ]  # fmt: skip
    assert missing_fields(ledger).empty
    # Two missing fields of one clause decide nothing alone.
    assert "A" not in "".join(missing_fields(with_firms(ledger, town=None, category=None))["clauses"])


@pytest.mark.parametrize(
    ("benefit", "amount"),
    [
        ("一次性奖励1,000万元", 1e7),
        ("奖励一万元", 1e4),
        ("最高100万元", None),
        ("按8%给予补助", None),
        ("每人补贴2000元", None),
        ("分别给予2万元、4万元奖励", None),
        (None, None),
    ],
)
def test_only_a_fixed_sum_is_added_up(benefit, amount):
    found = grant_amount({"benefit": benefit})
    assert (None if pd.isna(found) else found) == amount


def test_windows_and_ends_become_a_calendar():
    rows = [
        ("A", "甲通知", "一、", "申报时间：2025年3月1日至3月31日。", None),
        ("B", "乙通知", "二、", "请于2025年2月15日前申报。", "2025-12-31"),
        ("C", "乙通知", "三、", "奖励10万元。", "2025-12-31"),
    ]
    policies = pd.DataFrame(rows, columns=["clause_id", "policy", "article", "text", "valid_to"])
    windows = application_windows(policies)
    assert windows["clause_id"].tolist() == ["B", "A"]
    assert windows["opens"].isna().tolist() == [True, False]
    lines = policy_calendar(policies).decode().splitlines()
    assert [line for line in lines if line.startswith(("DTSTART", "DTEND", "SUMMARY"))] == [
        "SUMMARY:申报截止：乙通知 二、", "DTSTART;VALUE=DATE:20250215", "DTEND;VALUE=DATE:20250216",
        "SUMMARY:申报期：甲通知 一、", "DTSTART;VALUE=DATE:20250301", "DTEND;VALUE=DATE:20250401",
        "SUMMARY:有效期届满：乙通知", "DTSTART;VALUE=DATE:20251231", "DTEND;VALUE=DATE:20260101",
    ]  # fmt: skip
    assert policy_calendar(policies) == policy_calendar(policies)
