"""Demands as requests: rows for every thing, the settled ones marked, ids of demands kept."""

import pandas as pd
import pytest

from liaison_analysis.demands.requests import DIRECTIONS, read_requests


def test_what_is_settled_is_not_live_and_what_is_asked_is():
    requests = read_requests(["流动资金贷款已经批下来了，谢谢。现在招不到焊工"])
    rows = requests[["intent", "direction", "live"]].to_numpy().tolist()
    assert rows == [["finance", "borrow", False], ["staff", "hire", True]]


def test_places_hold_the_sentence_and_the_words_of_the_thing_stand_in_it():
    text = "贷款已经批下来了。想在附近找一家做谐波减速器的厂"
    (row,) = [row for row in read_requests([text]).to_dict("records") if row["live"]]
    assert (row["intent"], row["direction"], row["object"]) == ("supplier", "buy", "谐波减速器")
    assert row["sentence"] == text[row["start"] : row["end"]]
    assert row["product"] == "谐波减速器"


def test_ids_stand_first_and_nothing_gives_an_empty_frame():
    demands = pd.DataFrame({"demand_id": ["D1"], "enterprise_id": ["E1"], "text": ["招不到焊工"]})
    requests = read_requests(demands)
    assert requests.columns.tolist()[:3] == ["demand_id", "enterprise_id", "row"]
    assert requests["demand_id"].tolist() == ["D1"]
    assert read_requests([]).empty
    assert read_requests(["", None]).empty


def test_demands_without_text_are_an_error():
    with pytest.raises(ValueError, match=r"add \['text'\]"):
        read_requests(pd.DataFrame({"demand_id": ["D1"]}))


def test_every_intent_has_a_direction():
    from liaison_analysis.demands import INTENTS

    assert set(DIRECTIONS) == set(INTENTS)


@pytest.mark.parametrize(
    ("text", "business", "expected"),
    [
        ("订单排到十月了，不缺客户，就缺会开圆机的师傅", "针织布", {"staff"}),
        ("贷款已经批下来了，谢谢", "水泵", set()),
        ("三十六台冲床搬过来要重新安装", "冲压件", {"supplier"}),
        ("废切削液桶装的满了，原来收的那家证到期", "轴承", {"supplier"}),
        ("铝屑一天两吨，没人来拉了", "铝件加工，副产铝屑", {"customer"}),
        ("客户有了，钱不够备料", "变压器", {"finance"}),
        ("路修好了，路灯能不能也装上？", "装订机", {"site"}),
        ("不是缺人，是变压器太小", "铸造", {"utilities"}),
    ],
)
def test_what_is_asked_for_is_read_and_what_is_not_is_left_out(text, business, expected):
    demands = pd.DataFrame({"demand_id": ["D1"], "business": [business], "text": [text]})
    requests = read_requests(demands)
    assert set(requests.loc[requests["live"], "intent"]) == expected


def test_presses_that_are_to_be_installed_are_not_what_is_bought():
    requests = read_requests(["三十六台冲床搬过来要重新安装"])
    assert requests.loc[0, "object"] == "重新安装"
