import pandas as pd
import pytest
from helpers import demand_ledger

from liaison_analysis.followup.reminders import closed_by, open_demands, overdue, repeats, settled_by
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.text.similarity import near_duplicates


def ledger(**columns):
    frame = pd.DataFrame(
        {"enterprise_id": "E1", "text": "诉求", "settled_on": None, "status": None, **columns}
    )
    frame["raised_on"] = pd.to_datetime(frame["raised_on"])
    frame["settled_on"] = pd.to_datetime(frame["settled_on"])
    frame.insert(0, "demand_id", [f"D{i}" for i in range(len(frame))])
    return Ledger(demands=typed("demands", frame))


def test_open_on_a_day():
    given = ledger(
        raised_on=["2022-01-01"] * 5 + ["2022-03-01", None],
        settled_on=[None, "2022-01-20", "2022-02-20", "2022-01-20", None, None, None],
        status=["solving", "settled", "settled", "solving", "settled", None, None],
        reopened=[None, True, None, True, None, None, None],
    )
    assert open_demands(given, "2022-02-01")["demand_id"].tolist() == ["D0", "D2", "D3", "D6"]


def test_over_the_limit_by_one_day():
    given = ledger(raised_on=["2022-01-01", "2022-01-02", None], settled_on=[None] * 3)
    late = overdue(given, "2022-02-01", within=30)
    assert late[["demand_id", "days", "days_over", "due_on"]].astype(str).to_numpy().tolist() == [
        ["D0", "31", "1", "2022-01-31"]
    ]
    assert overdue(given, "2022-01-31", within=30).empty
    assert overdue(given, "2022-02-17", within=30, unit="working").empty
    with pytest.raises(ValueError, match="within must be"):
        overdue(given, within=-1)


def test_settled_late_is_listed_where_asked():
    given = ledger(raised_on=["2022-01-01"] * 3, settled_on=["2022-03-01", "2022-01-05", None])
    assert overdue(given, "2022-04-01")["demand_id"].tolist() == ["D2"]
    late = overdue(given, "2022-04-01", late=True)
    assert late[["demand_id", "days_over", "is_open"]].to_numpy().tolist() == [
        ["D2", 60, True],
        ["D0", 29, False],
    ]


TEXTS = ["园区停车位不足", "贷款利率高", "园区的停车位不足", "园区停车位不足", "", "贷款利率太高了"]


@pytest.mark.parametrize("threshold", [0.5, 0.7, 1])
def test_repeats_are_those_of_one_enterprise_among_near_duplicates(threshold):
    firms = ["E1", "E1", "E1", "E2", "E1", "E2"] * 2
    days = pd.date_range("2022-01-01", periods=12)
    given = ledger(raised_on=days, enterprise_id=firms, text=TEXTS + TEXTS[::-1])
    given.demands.loc[given.demands["text"].eq(""), "text"] = None
    found = repeats(given, threshold=threshold)
    expected = set()
    for firm, part in given.demands.dropna(subset=["text"]).groupby("enterprise_id"):
        pairs = near_duplicates(part["text"], threshold=threshold)
        for _, group in pairs.groupby("group"):
            ids = part["demand_id"].iloc[sorted(group["row"])].tolist()
            expected |= {(firm, one) for one in ids[1:]}
    assert set(zip(found["enterprise_id"], found["demand_id"], strict=True)) == expected
    assert found["days_after"].gt(0).all()


def test_a_repeat_names_the_most_similar_earlier_demand_and_whether_it_was_open():
    given = ledger(
        raised_on=["2022-01-01", "2022-01-05", "2022-02-01"],
        settled_on=["2022-01-20", None, None],
        text=["园区停车位不足", "园区的停车位不足够", "园区停车位不足"],
    )
    found = repeats(given, threshold=0.6)
    assert found[["demand_id", "repeats", "was_open"]].to_numpy().tolist() == [
        ["D1", "D0", True],
        ["D2", "D0", False],
    ]
    assert found["similarity"].iloc[1] == 1
    assert repeats(Ledger()).empty
    with pytest.raises(ValueError, match="threshold above 0"):
        repeats(given, threshold=0)


CLOSED = [
    ("E1", 0, 10, "settled", None),
    ("E1", 0, 20, "cannot be solved", None),
    ("E2", 0, None, "not accepted", None),
    ("E2", 0, None, "solving", None),
]


def test_what_is_closed_without_being_solved_is_neither_open_nor_late():
    demands = demand_ledger.ledger(CLOSED).demands
    day = pd.Timestamp("2022-03-15")
    assert settled_by(demands, day).tolist() == [True, False, False, False]
    assert closed_by(demands, day).tolist() == [False, True, True, False]
    assert open_demands(demand_ledger.ledger(CLOSED), day)["demand_id"].tolist() == ["D003"]
    assert overdue(demand_ledger.ledger(CLOSED), day, late=True, within=5)["demand_id"].tolist() == [
        "D003",
        "D000",
    ]
    # Before its day it was open still.
    assert open_demands(demand_ledger.ledger(CLOSED), "2022-01-15")["demand_id"].tolist() == ["D001", "D003"]
