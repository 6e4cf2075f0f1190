import pandas as pd
import pytest

from liaison_analysis.policies import application_windows, policy_calendar, read_policies
from liaison_analysis.policies.dates import read_validity
from liaison_analysis.policies.windows import application_periods, read_windows


def test_the_validity_beside_a_label_of_applying_is_no_window():
    assert read_windows("有效期：2024年5月1日至2027年4月30日 申报时间：常年") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("请于2025年6月30日前提交申报材料。", [("apply_to", "2025-06-30")]),
        ("申报时间为2024年1月1日—2024年3月31日", [("apply_from", "2024-01-01"), ("apply_to", "2024-03-31")]),
        ("申报时间。2025年6月1日至6月30日。", [("apply_from", "2025-06-01"), ("apply_to", "2025-06-30")]),
        ("2025年3月1日至4月30日期间提出申请", [("apply_from", "2025-03-01"), ("apply_to", "2025-04-30")]),
        (("受理时间：2025年8月11日（星期一）9:00至31日（星期日）"
          "17:30"), [("apply_from", "2025-08-11"), ("apply_to", "2025-08-31")]),
        (("自2025年9月1日起开始报名，报名截止日期为2025年"
          "9月30日"), [("apply_from", "2025-09-01"), ("apply_to", "2025-09-30")]),
        ("2021年1月1日至2021年12月31日购置设备的企业可以申请", []),
        ("本办法自2023年5月1日起施行，申报按年度进行", []),
    ],
)  # fmt: skip
def test_windows_to_apply_are_apart_from_validity(text, wanted):
    assert [condition[:2] for condition in read_windows(text)] == wanted
    assert read_validity([text]) == [] or "施行" in text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("申报时间：分两批申报。第一批：2025年4月1日至4月30日；第二批：2025年9月1日至2025年9月30日。逾期不予受理。",
         ["2025-04-01 2025-04-30", "2025-09-01 2025-09-30"]),
        ("申报时间：\n一季度：2025年3月20日—3月31日\n二季度：2025年6月20日—6月30日",
         ["2025-03-20 2025-03-31", "2025-06-20 2025-06-30"]),
        ("上半年申报时间为2025年3月1日至3月20日，下半年申报时间为9月1日至9月20日。",
         ["2025-03-01 2025-03-20", "2025-09-01 2025-09-20"]),
        ("第一批于2025年4月30日前申报，第二批于2025年9月30日前申报。",
         ["None 2025-04-30", "None 2025-09-30"]),
        ("2025年4月1日起，通过小程序申请，2025年5月31日截止。", ["2025-04-01 2025-05-31"]),
        # The days of other steps are none for applicants.
        ("申报时间为2025年3月1日至3月31日，评审时间为2025年4月7日至4月15日，公示期2025年5月6日至5月12日。",
         ["2025-03-01 2025-03-31"]),
        ("申报时间：2025年3月3日至3月28日。县局审核：2025年4月1日至4月10日。", ["2025-03-03 2025-03-28"]),
        ("分三批受理，截止日期分别为2025年3月31日、6月30日、9月30日，逾期顺延。",
         ["None 2025-03-31", "None 2025-06-30", "None 2025-09-30"]),
        # Without a year, and none before, the year is not guessed.
        ("申报时间：9月1日至9月20日。", []),
    ],
)  # fmt: skip
def test_every_period_of_a_clause_is_read_and_no_other_step(text, wanted):
    assert [f"{window.opens} {window.closes}" for window in application_periods(text)] == wanted


def test_periods_in_the_column_of_a_table_are_read():
    rows = [
        "| 项目类别 | 网上申报时间 | 评审时间 |",
        "| 中心建设 | 2025年2月10日至2025年3月10日 | 2025年4月1日至4月9日 |",
    ]
    rows += [
        "| 成果转化 | 2025年5月6日至2025年6月6日 | 2025年7月1日至7月9日 |",
        "| 设计大赛 | 全年受理 | — |",
    ]
    found = application_periods("各类项目申报时间见下表：\n" + "\n".join(rows))
    assert [str(one.closes) for one in found] == ["2025-03-10", "2025-06-06"]
    steps = "| 阶段 | 时间 |\n| 网上申报 | 2025年2月10日至3月10日 |\n| 专家评审 | 2025年4月10日至4月20日 |"
    assert [str(one.opens) for one in application_periods(steps)] == ["2025-02-10"]


def test_first_and_last_days_may_stand_in_columns_of_their_own(tmp_path):
    rows = "| 项目 | 开始时间 | 截止时间 |\n|---|---|---|\n| 技改 | 2026年2月2日 | 2026年3月6日 |\n"
    rows += "| 品牌 | 2026年5月11日 | 2026年6月12日 |\n"
    (tmp_path / "a.md").write_text(f"# 某县申报日程\n\n{rows}", encoding="utf-8")
    windows = application_windows(read_policies(tmp_path))
    assert windows["opens"].dt.strftime("%m-%d").tolist() == ["02-02", "05-11"]
    assert windows["closes"].dt.strftime("%m-%d").tolist() == ["03-06", "06-12"]


def test_the_heading_above_says_what_the_days_of_items_are():
    item = "科普项目：2026年3月31日前。"
    assert [str(one.closes) for one in application_periods(item, heading="三、 申报时间")] == ["2026-03-31"]
    assert application_periods(item) == application_periods(item, heading="四、 评审时间") == []
    clauses = [
        {"text": "重点项目：2025年12月8日至2026年1月9日；", "chapter": "三、 申报时间", "clause_id": "甲"}
    ]
    windows = application_windows(pd.DataFrame(clauses).assign(policy="某通知", article="（一）"))
    assert windows["opens"].dt.strftime("%Y-%m-%d").tolist() == ["2025-12-08"]


def test_each_period_of_a_clause_is_a_row_and_an_event_of_its_own(tmp_path):
    text = "申报时间：第一批2025年4月1日至4月30日，第二批2025年9月1日至9月30日。"
    (tmp_path / "a.md").write_text(f"# 某区申报通知\n\n一、{text}\n\n二、奖励5万元。\n", encoding="utf-8")
    clauses = read_policies(tmp_path)
    span = clauses.loc[0, ["apply_from", "apply_to"]].tolist()
    assert span == [pd.Timestamp("2025-04-01"), pd.Timestamp("2025-09-30")]
    windows = application_windows(clauses)
    assert windows["closes"].dt.strftime("%m-%d").tolist() == ["04-30", "09-30"]
    lines = policy_calendar(clauses).decode().splitlines()
    assert len({line for line in lines if line.startswith("UID")}) == 2
