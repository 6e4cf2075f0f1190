from types import SimpleNamespace

import pandas as pd
from helpers.small_ledger import ledger

from liaison_analysis.analysis.introduction_texts import chain_text, introductions_text, salon_text
from liaison_analysis.analysis.results import Text

NONE = pd.DataFrame()


def test_the_gap_that_helps_most_is_not_the_first_of_the_table():
    gaps = pd.DataFrame({"product": ["编码器", "铜杆"], "asked_for": [2, 0], "n_beneficiaries": [7, 80]})
    longer = pd.DataFrame({"product": ["人形机器人"]})
    key = pd.DataFrame({"name": ["甲"], "enterprises_hit": [9]})
    clusters = pd.DataFrame({"name": ["机器人", "压铸"], "n_enterprises": [5, 4]})
    text = chain_text(gaps, longer, key, clusters)
    assert "2 needed products are made by nobody here; demands name 1 of them: 编码器." in text.en
    assert "Filling 铜杆 would help most: 80 enterprises" in text.en
    assert "人形机器人" in text.zh
    assert "波及9家企业" in text.zh
    assert "候选集群2个，最大的是机器人，5家企业" in text.zh
    assert "供应路径" not in text.zh
    routes = pd.DataFrame({"path": ["铜→线", "铜→板→线"], "depends_on": ["", "乙厂"]})
    text = chain_text(gaps, longer, key, clusters, routes=routes, ends=("<甲>", "丙"))
    assert "2 ways (five at most are counted), 1 of which no single" in text.en
    assert "到丙的供应路径有2条（至多计五条），其中1条不依赖独家企业；最强的是铜→线。" in text.zh
    assert "<甲>" not in text.en + text.zh


def test_the_text_states_that_there_is_no_gap():
    text = chain_text(gaps=NONE, longer=NONE, key=NONE, clusters=NONE)
    assert text == Text(
        "No product that is needed here lacks a maker.", "本地所需产品均有企业生产，未见断链。"
    )


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
    text = introductions_text(ledger(), "R", found, ablation)
    assert text.en == (
        "4 introductions, 2 of them on an own demand; 甲机器人 should meet 乙整车, 丁焊装 first. Without the "
        "product chain, of the ten best 丁焊装 would come first. Without its own demands, of "
        "the ten best 丁焊装 "
        "would come first. Outcomes of meetings are too few to say how probable a deal is."
    )
    assert text.zh.endswith("对接结果太少，还说不出成交的概率。")
    calibrated = introductions_text(
        ledger(), "R", found.assign(calibration="calibrated on 60 outcomes"), ablation
    )
    assert calibrated.en.endswith("Confidence is calibrated on 60 outcomes.")
    assert calibrated.zh.endswith("成交概率已按既往对接结果校准。")
    nobody = introductions_text(ledger(), "M", found, ablation)
    assert nobody.en == "4 introductions, 2 of them on an own demand; none for 戊电机."


def test_a_salon_says_who_meets_the_seeker_and_who_nobody():
    meetings = pd.DataFrame({"slot": [3, 1, 0], "a": ["R", "V", "G"], "b": ["V", "G", "R"]})
    meetings.attrs["gap"] = 0.0012
    plan = SimpleNamespace(guests=pd.DataFrame({"enterprise_id": ["R", "V", "G", "M"]}), gap=0.013)
    proposed = pd.DataFrame({"rank": [2, 1], "title": ["乙", "机器人 → 整车"], "missing": ["", "银行"]})
    proposed = proposed.assign(title_en=proposed["title"], missing_en=["", "a bank"])
    text = salon_text(ledger(), "R", plan, meetings, proposed, slots=6)
    assert text.en == (
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
    text = salon_text(ledger(), "R", plan, meetings, slots=2, focus=["R"], compared=compared)
    assert "1 of the 3 meet its wish or one of its counterparts', under half: not more who do" in text.en
    assert "the guests wait 3 slots in all" in text.en
    assert "could meet 1 wish, 3 of these guests 4 (of the seeker's own 0 and 1)" in text.en
    assert "3家中有1家能满足" in text.zh
    assert "不足一半" in text.zh
