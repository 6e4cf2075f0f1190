import datetime as dt

import pytest

from liaison_analysis.policies.dates import read_date, read_validity, read_windows

ISSUED = dt.date(2024, 7, 26)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("自2022年1月1日起施行，有效期至2024年12月31日。", "2022-01-01", "2024-12-31"),
        ("施行期限：2022年4月1日至2025年3月31日", "2022-04-01", "2025-03-31"),
        ("执行时间：2022年2月1日起至2023年12月31日止", "2022-02-01", "2023-12-31"),
        ("本办法自2022年7月1日起实施，有效期5年。", "2022-07-01", "2027-06-30"),
        ("本办法自2024年2月29日起施行，有效期一年。", "2024-02-29", "2025-02-27"),
        ("自二〇二二年十月二十一日起施行，有效期两年。", "2022-10-21", "2024-10-20"),
        ("自二○二二年十二月三日起施行", "2022-12-03", None),
        ("本办法试行两年，自2023年7月1日起。", "2023-07-01", "2025-06-30"),
        ("2022年6月31日起施行", None, None),
        # Other things have a validity, too.
        ("认定结果有效期三年。本办法自2022年3月1日起施行，有效期5年。", "2022-03-01", "2027-02-28"),
        ("资格证书有效期为六年，到期前申请。本办法自2022年3月1日起施行。", "2022-03-01", None),
        ("申报期限至2023年6月30日。本办法自2023年5月1日起施行，有效期三年。", "2023-05-01", "2026-04-30"),
        ("《某奖励办法》自2018年1月1日起施行以来成效明显。本办法自2023年5月1日起施行。", "2023-05-01", None),
        ("2019年5月1日起施行的《某措施》同时废止。本措施自2023年1月1日起实施。", "2023-01-01", None),
        (
            "本规定自2023年1月1日起施行。《某办法》（2016年3月1日施行，有效期五年）同时废止。",
            "2023-01-01",
            None,
        ),
        ("2021年1月1日至2021年12月31日购置的设备", None, None),
        ("本细则自2024年1月1日起施行，2026年12月31日终止。", "2024-01-01", "2026-12-31"),
        ("政策有效期：2023年1月1日至2023年12月31日。", "2023-01-01", "2023-12-31"),
        ("| 政策有效期 | 2024年1月1日至2024年12月31日 |", "2024-01-01", "2024-12-31"),
        ("| 施行日期： | 2024年3月5日 | 有效期 | 两年 |", "2024-03-05", "2026-03-04"),
        ("| 资格有效期 | 2024年1月1日至2024年12月31日 |", None, None),
        # From the day of issue.
        ("本办法自印发之日起施行，有效期5年。", "2024-07-26", "2029-07-25"),
        ("本规定自发布之日起30日后施行。", "2024-08-25", None),
    ],
)
def test_validity_is_what_the_act_states_of_itself(text, first, last):
    read = {c.field: c.value for c in read_validity([text], issued_on=ISSUED)}
    assert (read.get("valid_from"), read.get("valid_to")) == (first, last)


def test_an_unknown_day_of_issue_is_not_guessed():
    assert read_validity(["本办法自印发之日起施行，有效期5年。"]) == []


def test_the_last_statement_of_an_act_counts_and_words_stand_in_the_text():
    texts = ["本办法自2020年1月1日起试行。", "第九条", "本办法自2023年5月1日起施行，有效期三年。"]
    read = read_validity(texts)
    assert [c[:2] for c in read] == [("valid_from", "2023-05-01"), ("valid_to", "2026-04-30")]
    assert read[0].words == "自2023年5月1日起施行，有效期三年"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("请于2025年6月30日前提交申报材料。", [("apply_to", "2025-06-30")]),
        ("申报时间为2024年1月1日—2024年3月31日", [("apply_from", "2024-01-01"), ("apply_to", "2024-03-31")]),
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


def test_days_as_pages_write_them():
    assert read_date("2024/9/12") == read_date("2024年9月12日 印发") == dt.date(2024, 9, 12)
    assert read_date("成文") is None
    assert read_date("Jun 18, 2024") == read_date("18 June 2024") == dt.date(2024, 6, 18)
    assert read_date("June 2024") is None


def test_days_in_figures_and_the_end_of_a_grant():
    texts = ["对企业用电给予10%优惠，执行至2022年12月31日。", "本办法自2024-07-01起施行，有效期至2027.6.30。"]
    assert [c.value for c in read_validity(texts)] == ["2024-07-01", "2027-06-30"]
    assert read_validity(texts[:1]) == []
