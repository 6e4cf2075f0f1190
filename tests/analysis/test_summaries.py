from types import SimpleNamespace

import pandas as pd
import pytest
from helpers.small_ledger import ledger

from liaison_analysis.analysis.results import Text
from liaison_analysis.analysis.summaries import (
    chain_text,
    introductions_text,
    loop_text,
    plain_name,
    policies_text,
    salon_text,
    themes_text,
    visits_text,
)

NONE = pd.DataFrame()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("[甲](http://x)<b>*厂*</b>$1$", "［甲］(http：//x)＜b＞＊厂＊＜/b＞＄1＄"),
        ("甲公司https://evil.example", "甲公司https：//evil.example"),
        ("www.evil.example的甲", "www．evil.example的甲"),
        ("甲\n- 乙\r\n\t丙", "甲 - 乙 丙"),
        ("甲\u202e司公\u2066乙\u200b丙\ufeff", "甲司公乙丙"),
        ("a@b.example", "a＠b.example"),
    ],
)
def test_names_of_the_ledger_act_in_no_prose(name, plain):
    assert plain_name(name) == plain


def test_the_gap_that_helps_most_is_not_the_first_of_the_table():
    gaps = pd.DataFrame({"product": ["编码器", "铜杆"], "asked_for": [2, 0], "n_beneficiaries": [7, 80]})
    longer = pd.DataFrame({"product": ["人形机器人"]})
    key = pd.DataFrame({"name": ["甲"], "enterprises_hit": [9]})
    clusters = pd.DataFrame({"name": ["机器人", "压铸"], "n_enterprises": [5, 4]})
    said = chain_text(gaps, longer, key, clusters)
    assert "2 needed products are made by nobody here; demands name 1 of them: 编码器." in said.en
    assert "Filling 铜杆 would help most: 80 enterprises" in said.en
    assert "人形机器人" in said.zh
    assert "波及9家企业" in said.zh
    assert "候选集群2个，最大的是机器人，5家企业" in said.zh
    assert "供应路径" not in said.zh
    routes = pd.DataFrame({"path": ["铜→线", "铜→板→线"], "depends_on": ["", "乙厂"]})
    said = chain_text(gaps, longer, key, clusters, routes=routes, ends=("<甲>", "丙"))
    assert "2 ways (five at most are counted), 1 of which no single" in said.en
    assert "到丙的供应路径有2条（至多计五条），其中1条不依赖独家企业；最强的是铜→线。" in said.zh
    assert "<甲>" not in said.en + said.zh


def test_no_gap_is_told_as_such():
    said = chain_text(gaps=NONE, longer=NONE, key=NONE, clusters=NONE)
    assert said == Text(
        "No product that is needed here lacks a maker.", "本地所需产品均有企业生产，未见断链。"
    )


def test_themes_that_move_and_what_comes_back():
    themes = pd.DataFrame({"name": ["停车", "融资"], "size": [10, 30]})
    trends = pd.DataFrame({"name": ["停车", "融资"], "trend": ["falling", "steady"]})
    more = pd.DataFrame({"group": ["水土"], "name": ["停车"]})
    again = pd.DataFrame({"group": [0, 0, 1, 1]})
    said = themes_text(themes, trends, more, again)
    assert said.en == (
        "2 themes; most is asked for “finance” (30), “停车” (10). Rising beyond chance: none; "
        "fading: 停车. Asked more "
        "than elsewhere: 水土–停车. 2 demands come back in nearly the same words."
    )
    assert said.zh.startswith("诉求归为2个主题，最多的是“融资”（30）、“停车”（10）。")


def test_who_is_first_and_who_would_be_without_the_evidence():
    found = pd.DataFrame(
        {
            "seeker_id": ["R", "R", "R", "V"],
            "counterpart_id": ["W", "V", "G", "R"],
            "role": ["customer", "customer", "supplier", "supplier"],
            "rank": [2, 1, 1, 1],
            "asked_share": [0.0, 0.5, 0.0, 0.1],
            "calibration": "uncalibrated",
        }
    )
    ablation = pd.DataFrame(
        {"counterpart_id": ["V", "W"], "rank_without_chain": [pd.NA, 1], "rank_without_asked": [3, 1]}
    )
    said = introductions_text(ledger(), "R", found, ablation)
    assert said.en == (
        "4 introductions, 2 of them on an own demand; 甲机器人 should meet 乙整车, 丁焊装 first. Without the "
        "product chain, of the ten best 丁焊装 would come first. Without its own demands, of "
        "the ten best 丁焊装 "
        "would come first. Outcomes of meetings are too few to say how probable a deal is."
    )
    assert said.zh.endswith("对接结果太少，还说不出成交的概率。")
    sure = introductions_text(ledger(), "R", found.assign(calibration="calibrated on 60 outcomes"), ablation)
    assert sure.en.endswith("Confidence is calibrated on 60 outcomes.")
    assert sure.zh.endswith("成交概率已按既往对接结果校准。")
    nobody = introductions_text(ledger(), "M", found, ablation)
    assert nobody.en == "4 introductions, 2 of them on an own demand; none for 戊电机."


def test_a_salon_says_who_meets_the_seeker_and_who_nobody():
    meetings = pd.DataFrame({"slot": [3, 1, 0], "a": ["R", "V", "G"], "b": ["V", "G", "R"]})
    meetings.attrs["gap"] = 0.0012
    plan = SimpleNamespace(guests=pd.DataFrame({"enterprise_id": ["R", "V", "G", "M"]}), gap=0.013)
    proposed = pd.DataFrame({"rank": [2, 1], "title": ["乙", "机器人 → 整车"], "missing": ["", "银行"]})
    proposed = proposed.assign(title_en=proposed["title"], missing_en=["", "a bank"])
    said = salon_text(ledger(), "R", plan, meetings, proposed, slots=6)
    assert said.en == (
        "Worth most by the scores: 机器人 → 整车. It lacks a bank. The salon for 甲机器人 has 4 guests "
        "and 3 meetings in 6 slots; it first meets 丙减速器, 乙整车. 1 guest is "
        "without a meeting. Guest list and timetable are proven within "
        "1.3% and 0.12% of the best."
    )


def test_a_salon_says_how_many_meet_a_wish_who_waits_and_how_the_last_one_compares():
    meetings = pd.DataFrame({"slot": [0], "a": ["R"], "b": ["V"]})
    meetings.attrs |= {"gap": 0.0, "idle": 3.0}
    plan = SimpleNamespace(guests=pd.DataFrame({"enterprise_id": ["R", "V", "G"]}), gap=0.0)
    compared = pd.DataFrame(
        [("held", 3, 1, 1, 0, 1, 0.5), ("proposed", 3, 2, 4, 1, 0, 0.9)],
        columns=["list", "n_guests", "n_meetings", "wishes_met", "seeker_wishes_met", "n_without", "value"],
    )
    said = salon_text(ledger(), "R", plan, meetings, slots=2, focus=["R"], compared=compared)
    assert "1 of the 3 meet its wish or one of its counterparts', under half: not more who do" in said.en
    assert "the guests wait 3 slots in all" in said.en
    assert "could meet 1 wish, 3 of these guests 4 (of the seeker's own 0 and 1)" in said.en
    assert "3家中有1家能满足" in said.zh
    assert "不足一半" in said.zh


def test_the_loop_tells_rates_with_intervals_and_medians_not_reached():
    rates = pd.DataFrame(
        {
            "scope": ["all", "all", "without E2"],
            "measure": ["settled_in_remit", "fed_back", "settled_in_remit"],
            "numerator": [6, 0, 1],
            "denominator": [8, 0, 2],
            "rate": [0.75, float("nan"), 0.5],
            "low": [0.41, float("nan"), 0.1],
            "high": [0.93, float("nan"), 0.9],
        }
    )
    months = pd.DataFrame({"month": ["2022-01", "2022-02"], "opening": [0, 3], "closing": [3, 5]})
    times = pd.DataFrame({"in_remit": [True], "median_days": [float("nan")], "closed_median": [40.0]})
    said = loop_text(rates, times, months, 2, within=30)
    assert said.en == (
        "75.0% (6/8; 41.0%–93.0%) of the demands in remit are settled. The median time to settle those in "
        "remit is not reached yet. 5 demands are open at the end of 2022-02, 3 a month before. 2 are "
        "over 30 days."
    )
    reached = pd.DataFrame({"median_days": [74.0, 9.0], "closed_median": [55.5, 9.0]})
    said = loop_text(rates, reached, months, 2, within=30)
    assert "Half of all are settled within 74 days; the settled ones alone say 55.5, which is" in said.en
    said = loop_text(rates, reached.iloc[1:], months, 2, within=30)
    assert "Half of all are settled within 9 days. 5 demands" in said.en


def test_policies_say_what_is_to_be_asked_of_the_authorities():
    expiring = pd.DataFrame({"policy": ["办法", "办法"]})
    said = policies_text(3, 2, 1, expiring)
    assert said.en == (
        "3 demands ask about policy: a clause answers 2, none answers 1; these are to be asked of the "
        "authorities. 2 clauses end within sixty days, of 办法."
    )
    assert policies_text(1, 1, 0, NONE).zh == "涉及政策的诉求1条，1条找到条款，0条没有条款可答。"


def test_visits_due_and_the_plan():
    coverage = pd.DataFrame({"due": [1, 1], "covered": [1, 0], "team_complete": [True, True]})
    plan = pd.DataFrame({"week": [1, 2]})
    plan.attrs |= {"gap": 0.0004, "trips": 2, "most": 1}
    assert visits_text(coverage, plan).en == (
        "1 of 2 visits due in the quarter were made; 2 of 2 teams are complete. The next "
        "quarter's plan makes 2 visits in 2 trips, at most 1 an officer, within 0.04% of the best."
    )
