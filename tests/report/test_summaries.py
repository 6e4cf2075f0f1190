from types import SimpleNamespace

import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis.report.summaries import (
    Brief,
    chain_brief,
    introductions_brief,
    ledger_brief,
    loop_brief,
    policies_brief,
    salon_brief,
    themes_brief,
    visits_brief,
)

NONE = pd.DataFrame()


def test_a_notebook_shows_both_languages():
    assert Brief("One gap.", "一处断链。")._repr_markdown_() == "One gap.\n\n一处断链。"


def test_names_of_the_ledger_bring_no_markup():
    named = frame(
        "enterprises",
        ["enterprise_id", "name"],
        [("A", "[甲](http://x)<b>*厂*</b>$1$"), ("B", "乙厂")],
    )
    demands = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text"],
        [("D1", "A", "2022-01-05", "x"), ("D2", "A", "2022-01-06", "y"), ("D3", "B", "2022-01-07", "z")],
    )
    said = ledger_brief(ledger(enterprises=named, demands=demands))._repr_markdown_()
    assert "甲" in said
    assert not set(said) & set("[]<>*$")


def test_shares_of_the_remit_and_without_the_one_that_raised_most():
    rows = [
        ("D1", "R", True, "2022-02-01"),
        ("D2", "R", True, None),
        ("D3", "R", False, "2022-02-01"),
        ("D4", "V", True, "2022-02-01"),
    ]
    demands = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text", "in_remit", "settled_on"],
        [(demand, firm, "2022-01-05", demand, own, done) for demand, firm, own, done in rows],
    )
    said = ledger_brief(ledger(demands=demands))
    assert said.english == (
        "3 enterprises in 2 towns raised 4 demands. 3 of them (75.0%) lie in the group's "
        "own remit. 2 of these "
        "(66.7%) are settled. 甲机器人 alone raised 3; without it 100.0% are settled."
    )
    assert said.chinese == (
        "2个片区3家企业共提出诉求4条。其中3条属职责范围内（75.0%）。已办结2条（66.7%）。"
        "甲机器人一家提出3条，剔除后办结率为100.0%。"
    )


def test_without_a_remit_all_demands_are_the_base():
    said = ledger_brief(ledger())
    assert "remit" not in said.english
    assert "0 of these (0.0%) are settled" in said.english


def test_the_gap_that_helps_most_is_not_the_first_of_the_table():
    gaps = pd.DataFrame({"product": ["编码器", "铜杆"], "asked_for": [2, 0], "n_beneficiaries": [7, 80]})
    longer = pd.DataFrame({"product": ["人形机器人"]})
    key = pd.DataFrame({"name": ["甲"], "enterprises_hit": [9]})
    clusters = pd.DataFrame({"name": ["机器人", "压铸"], "n_enterprises": [5, 4]})
    said = chain_brief(gaps, longer, key, clusters)
    assert "2 needed products are made by nobody here; demands name 1 of them: 编码器." in said.english
    assert "Filling 铜杆 would help most: 80 enterprises" in said.english
    assert "人形机器人" in said.chinese
    assert "波及9家企业" in said.chinese
    assert "候选集群2个，最大的是机器人，5家企业" in said.chinese
    assert "供应路径" not in said.chinese
    routes = pd.DataFrame({"path": ["铜→线", "铜→板→线"], "depends_on": ["", "乙厂"]})
    said = chain_brief(gaps, longer, key, clusters, routes=routes, ends=("<甲>", "丙"))
    assert "2 ways (five at most are counted), 1 of which no single" in said.english
    assert "到丙的供应路径有2条（至多计五条），其中1条不依赖独家企业；最强的是铜→线。" in said.chinese
    assert "<甲>" not in said.english + said.chinese


def test_no_gap_is_told_as_such():
    said = chain_brief(gaps=NONE, longer=NONE, key=NONE, clusters=NONE)
    assert said == Brief(
        "No product that is needed here lacks a maker.", "本地所需产品均有企业生产，未见断链。"
    )


def test_themes_that_move_and_what_comes_back():
    themes = pd.DataFrame({"name": ["停车", "融资"], "size": [10, 30]})
    trends = pd.DataFrame({"name": ["停车", "融资"], "trend": ["falling", "steady"]})
    more = pd.DataFrame({"group": ["水土"], "name": ["停车"]})
    again = pd.DataFrame({"group": [0, 0, 1, 1]})
    said = themes_brief(themes, trends, more, again)
    assert said.english == (
        "2 themes; most is asked for “融资” (30), “停车” (10). Rising beyond chance: none; "
        "fading: 停车. Asked more "
        "than elsewhere: 水土–停车. 2 demands come back in nearly the same words."
    )
    assert said.chinese.startswith("诉求归为2个主题，最多的是“融资”（30）、“停车”（10）。")


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
    said = introductions_brief(ledger(), "R", found, ablation)
    assert said.english == (
        "4 introductions, 2 of them on an own demand; 甲机器人 should meet 乙整车, 丁焊装 first. Without the "
        "product chain, of the ten best 丁焊装 would come first. Without its own demands, of "
        "the ten best 丁焊装 "
        "would come first. How sure that makes a deal: uncalibrated."
    )
    assert said.chinese.endswith("因缺少对接结果，置信度未校准。")
    sure = introductions_brief(ledger(), "R", found.assign(calibration="calibrated on 60 outcomes"), ablation)
    assert sure.english.endswith("How sure that makes a deal: calibrated on 60 outcomes.")
    assert sure.chinese.endswith("置信度已按既往结果校准。")
    nobody = introductions_brief(ledger(), "M", found, ablation)
    assert nobody.english == "4 introductions, 2 of them on an own demand; none for 戊电机."


def test_a_salon_says_who_meets_the_seeker_and_who_nobody():
    meetings = pd.DataFrame({"slot": [3, 1, 0], "a": ["R", "V", "G"], "b": ["V", "G", "R"]})
    meetings.attrs["gap"] = 0.0012
    plan = SimpleNamespace(
        guests=pd.DataFrame({"enterprise_id": ["R", "V", "G", "M"]}), meetings=meetings, gap=0.013
    )
    proposed = pd.DataFrame({"rank": [2, 1], "title": ["乙", "机器人 → 整车"], "missing": ["", "银行"]})
    said = salon_brief(ledger(), "R", plan, proposed, slots=6)
    assert said.english == (
        "Worth most by the scores: 机器人 → 整车. It lacks 银行. The salon for 甲机器人 has 4 guests "
        "and 3 meetings in 6 slots; it meets 丙减速器, 乙整车. 1 guest is "
        "without a meeting. Guest list and timetable are proven within "
        "1.3% and 0.12% of the best."
    )


def test_a_salon_without_a_timetable_is_refused():
    plan = SimpleNamespace(guests=NONE, meetings=None, gap=0.0)
    with pytest.raises(ValueError, match=r"plan must hold its meetings.*scheduled"):
        salon_brief(ledger(), "R", plan, NONE, slots=6)


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
    late = pd.DataFrame({"demand_id": ["D1", "D2"]})
    said = loop_brief(rates, times, months, late, within=30)
    assert said.english == (
        "75.0% (6/8; 41.0%–93.0%) of the demands in remit are settled. The median time to settle those in "
        "remit is not reached yet. 5 demands are open at the end of 2022-02, 3 a month before. 2 are "
        "over 30 days."
    )
    reached = pd.DataFrame({"median_days": [74.0, 9.0], "closed_median": [55.5, 9.0]})
    said = loop_brief(rates, reached, months, late, within=30)
    assert "Half of all are settled within 74 days; the settled ones alone say 55.5, which is" in said.english
    said = loop_brief(rates, reached.iloc[1:], months, late, within=30)
    assert "Half of all are settled within 9 days. 5 demands" in said.english


def test_policies_count_questions_not_rows():
    found = pd.DataFrame(
        {
            "asked": ["甲", "甲", "乙", "乙"],
            "clause_id": ["c1", "c2", None, "c1"],
            "answered": [True, True, False, False],
        }
    )
    expiring = pd.DataFrame({"policy": ["办法", "办法"]})
    said = policies_brief(found, pd.DataFrame({"demand_id": ["D1"]}), expiring)
    assert said.english == (
        "1 of 2 questions found a clause. 1 demand about policy found none: these are to be asked of the "
        "authorities. 2 clauses end within sixty days, of 办法."
    )


def test_visits_and_late_projects():
    coverage = pd.DataFrame({"due": [1, 1], "covered": [1, 0], "team_complete": [True, True]})
    plan = pd.DataFrame({"week": [1, 2]})
    plan.attrs |= {"gap": 0.0004, "trips": 2, "most": 1}
    projects = pd.DataFrame({"days_late": [5, 0, 3], "open_demands": [1, 4, 0]})
    said = visits_brief(coverage, plan, projects)
    assert said.english == (
        "1 of 2 visits due in the quarter were made; 2 of 2 teams are complete. The next "
        "quarter's plan makes 2 "
        "visits in 2 trips, at most 1 an officer, within 0.04% of the best. 2 of 3 projects have a milestone "
        "that is due and not done; 1 of these enterprises have open demands."
    )
    assert visits_brief(None, None, None).english == "The ledger holds no links, visits or projects."
