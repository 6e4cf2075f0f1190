import pandas as pd
import pytest

from liaison_analysis.followup.routing import (
    MOST_HISTORY,
    duties,
    known_owners,
    responsibility,
    suggest_owner,
)
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

ENCODERS = ["lexical"]
PARKING = ["厂门口没地方停车", "停车位太少，员工绕圈", "车位不够，道闸也坏了", "货车占了停车位"]
STAFF = ["招不到焊工", "缺普工，想请园区帮忙招工", "技工难招，盼办一场招聘会", "年后缺人手"]


def ledger(rows):
    """Demands as (text, owner, raised, assigned, settled)."""
    columns = ["text", "owner", "raised_on", "assigned_on", "settled_on"]
    frame = pd.DataFrame(rows, columns=columns)
    for name in columns[2:]:
        frame[name] = pd.to_datetime(frame[name])
    frame = frame.assign(demand_id=[f"D{i}" for i in range(len(frame))], enterprise_id="E1")
    return Ledger(demands=typed("demands", frame))


def history():
    rows = [(text, "甲科", f"2022-01-0{i + 1}", f"2022-01-0{i + 1}", f"2022-02-0{i + 1}")
            for i, text in enumerate(PARKING)]  # fmt: skip
    return [*rows, *((text, "乙科", f"2022-01-1{i}", f"2022-01-1{i}", None) for i, text in enumerate(STAFF))]


def suggested(given, texts, **options):
    return suggest_owner(given, texts, on="2022-03-01", encoders=ENCODERS, **options)


def test_the_department_that_took_such_demands_comes_first_with_its_settled_precedents():
    found = suggested(ledger(history()), ["停车位又被占了", "招工难"])
    assert found.columns.tolist() == ["row", "rank", "owner", "probability", "precedents", "role"]
    first = found[found["rank"].eq(1)]
    assert first["owner"].tolist() == ["甲科", "乙科"]
    named = first["precedents"].iloc[0].split("、")
    assert named[0] == "D3"  # the one about a place taken
    assert len(named) == 3
    assert first["precedents"].iloc[1] == ""  # none of its demands is settled
    assert found.groupby("row")["probability"].sum().le(1).all()
    assert found.attrs["n_history"] == 8


def test_what_came_later_is_not_learnt_from():
    rows = history()
    later = [
        ("停车费太贵", "丙科", "2022-03-02", None, None),
        ("停车费太贵", "丁科", "2022-02-01", "2022-03-05", None),
    ]
    pd.testing.assert_frame_equal(
        suggested(ledger([*rows, *later]), ["停车费太贵"]), suggested(ledger(rows), ["停车费太贵"])
    )
    settled_later = [(*row[:4], "2022-03-02") for row in rows]
    assert suggested(ledger(settled_later), ["停车费太贵"])["precedents"].eq("").all()


def test_below_the_threshold_the_first_is_unsure():
    given = ledger(history())
    p = suggested(given, ["停车位又被占了"])["probability"].iloc[0]
    for least, role in ((p - 0.001, "lead"), (p + 0.001, "unsure")):
        assert suggested(given, ["停车位又被占了"], least=least)["role"].tolist() == [role, "alternative"]


def test_a_text_of_two_matters_names_who_supports():
    text = "停车位太少，员工绕圈找车位，道闸也坏了，停车难。另外缺普工，招不到焊工，想请园区帮忙招工。"
    found = suggested(ledger(history() * 4), [text], top=1)
    assert found["role"].tolist()[1:] == ["support"]
    assert set(found["owner"]) == {"甲科", "乙科"}


def test_names_of_departments_speak_where_there_is_no_history():
    found = suggested(Ledger(), ["招不到焊工，缺普工", "贷款难，想要贴息"], owners=["人社局", "财政金融局"])
    assert found.loc[found["rank"].eq(1), "owner"].tolist() == ["人社局", "财政金融局"]
    assert "招工用工" in duties("某区人社分中心")
    with pytest.raises(ValueError, match="name the departments"):
        suggested(Ledger(), ["招工"])
    with pytest.raises(ValueError, match="top of 1 or more"):
        suggested(ledger(history()), ["招工"], top=0)


def test_departments_seen_once_leave_room_for_one_never_seen():
    rows = [*history(), ("消防验收", "丙科", "2022-01-20", None, None)]
    whole = suggested(ledger(rows), ["停车位又被占了"])["probability"].sum()
    assert abs(whole - (1 - 1 / 9)) < 0.002


def test_a_transfer_that_is_settled_counts_for_the_department_that_settled_it():
    given = ledger(
        [("停车", "甲科", "2022-01-01", None, "2022-01-05"), ("停车", "甲科", "2022-01-02", None, None)]
    )
    given.demands["transferred_to"] = pd.array(["乙科", "乙科"], dtype="str")
    assert known_owners(given, pd.Timestamp("2022-01-06"))["owner"].tolist() == ["乙科", "甲科"]
    assert known_owners(given, pd.Timestamp("2022-01-04"))["owner"].tolist() == ["甲科", "甲科"]


def test_the_newest_of_a_long_history_are_learnt_from():
    days = pd.date_range("2010-01-01", periods=MOST_HISTORY + 2)
    given = ledger([("停车", "甲科", day, None, None) for day in days])
    kept = known_owners(given, days[-1])
    assert (len(kept), kept["demand_id"].iloc[0]) == (MOST_HISTORY, "D2")


def test_no_text_no_suggestion():
    assert suggested(ledger(history()), []).empty


def test_the_receiver_stays_responsible_until_another_has_accepted():
    given = ledger(
        [("停车", owner, "2022-01-01", None, None) for owner in ("甲科", "甲科", "甲科", "甲科", None)]
    )
    given.demands["transferred_to"] = pd.array([None, "乙科", "乙科", "乙科", None], dtype="str")
    given.demands["responded_on"] = pd.to_datetime([None, None, "2022-01-05", None, None])
    given.demands["status"] = pd.array(["assigned", "assigned", "assigned", "solving", None], dtype="str")
    links = pd.DataFrame({"officer_id": ["G1"], "enterprise_id": ["E1"]})
    linked = Ledger(demands=given.demands, links=typed("links", links))
    found = responsibility(linked, "2022-01-06")
    assert found[["responsible", "why"]].to_numpy().tolist() == [
        ["甲科", "owner"],
        ["甲科", "not accepted"],
        ["乙科", "accepted"],
        ["乙科", "accepted"],
        ["G1", "officer"],
    ]
    assert responsibility(linked, "2022-01-04")["why"].tolist()[2] == "not accepted"
    assert responsibility(Ledger(demands=given.demands), "2022-01-06")["why"].tolist()[4] == "nobody"
