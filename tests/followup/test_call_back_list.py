import pandas as pd
import pytest

from liaison_analysis.followup.call_back_list import asked_again, call_backs, solved
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

ENCODERS = ["lexical"]
ON = "2022-12-31"


def ledger(rows, **columns):
    """Demands as (enterprise, text, raised, settled, fed back, satisfied, reopened)."""
    names = ["enterprise_id", "text", "raised_on", "settled_on", "fed_back_on", "satisfied", "reopened"]
    frame = pd.DataFrame(rows, columns=names)
    for name in names[2:5]:
        frame[name] = pd.to_datetime(frame[name])
    frame = frame.assign(demand_id=[f"D{i}" for i in range(len(frame))], owner="甲科", **columns)
    enterprises = pd.DataFrame(
        {"enterprise_id": ["E1", "E2"], "name": ["一厂", "二厂"], "town": ["东", "西"]}
    )
    links = pd.DataFrame({"officer_id": ["G2", "G1", "S1"], "enterprise_id": "E1",
                          "role": ["linked officer", None, "service specialist"]})  # fmt: skip
    return Ledger(
        demands=typed("demands", frame),
        enterprises=typed("enterprises", enterprises),
        links=typed("links", links),
    )


ROWS = [
    ("E1", "厂门口停车位不够，没地方停车", "2022-01-01", "2022-01-11", "2022-01-12", True, None),
    ("E1", "停车位太少，停车难", "2022-02-01", "2022-03-01", None, None, None),
    ("E1", "招不到焊工，缺普工", "2022-02-02", "2022-03-02", "2022-03-05", False, None),
    ("E2", "停车位太少，停车难", "2022-02-05", "2022-02-15", "2022-02-16", True, None),
    ("E2", "贷款利率太高", "2022-02-06", None, None, None, None),
]


def test_who_is_called_why_and_about_what():
    calls = call_backs(ledger(ROWS), ON, encoders=ENCODERS)
    assert calls[["demand_id", "reason", "later_demand_id"]].fillna("").to_numpy().tolist() == [
        ["D2", "dissatisfied", ""],
        ["D0", "asked again", "D1"],
        ["D1", "not fed back", ""],
    ]
    first = calls.iloc[0]
    assert first[["enterprise", "linked officer", "days_since"]].tolist() == ["一厂", "G1、G2", 304]
    assert first["then"] == "重新办理，由上一级负责人牵头"
    english = call_backs(ledger(ROWS), ON, encoders=ENCODERS, language="en")
    assert english["then"].iloc[0] == "reopen, one level up"


def test_asked_again_is_the_same_enterprise_and_matter_within_the_days():
    assert asked_again(ledger(ROWS), ON, encoders=ENCODERS).to_dict() == {"D0": "D1"}
    assert asked_again(ledger(ROWS), ON, within=21, encoders=ENCODERS).to_dict() == {"D0": "D1"}
    assert asked_again(ledger(ROWS), ON, within=20, encoders=ENCODERS).empty
    assert asked_again(ledger(ROWS), "2022-01-31", encoders=ENCODERS).empty
    earlier = [ROWS[0], (*ROWS[1][:2], "2022-01-11", *ROWS[1][3:])]
    assert asked_again(ledger(earlier), ON, encoders=ENCODERS).empty


def test_closed_is_not_solved():
    rates = solved(ledger(ROWS), on=ON, encoders=ENCODERS).set_index("measure")
    assert rates[["numerator", "denominator"]].T.to_dict("list") == {
        "closed": [4, 5],
        "solved": [2, 4],
        "reopened": [0, 4],
        "dissatisfied": [1, 4],
        "asked again": [1, 4],
        "satisfied": [2, 3],
    }
    assert 0 < rates.loc["solved", "low"] < 0.5 < rates.loc["solved", "high"] < 1


def test_what_was_settled_lately_is_not_yet_known_to_be_solved():
    rates = solved(ledger(ROWS), on="2022-05-30", encoders=ENCODERS).set_index("measure")
    assert rates.loc["solved", ["numerator", "denominator"]].tolist() == [2, 3]
    rates = solved(ledger(ROWS), on="2022-05-29", encoders=ENCODERS).set_index("measure")
    assert rates.loc[["closed", "solved"], "denominator"].tolist() == [5, 2]


@pytest.mark.parametrize(
    ("status", "reopened", "numbers"), [("solving", True, [0, 1, 1]), ("settled", True, [1, 0, 1])]
)
def test_what_was_reopened_is_not_solved(status, reopened, numbers):
    row = ("E1", "停车", "2022-01-01", "2022-01-11", None, None, reopened)
    rates = solved(ledger([row], status=status), on=ON, encoders=ENCODERS).set_index("measure")
    assert rates.loc[["closed", "solved", "reopened"], "numerator"].tolist() == [numbers[0], 0, 1]
    assert rates.loc["solved", "denominator"] == 1


def test_groups_keep_every_demand():
    rates = solved(ledger(ROWS), "town", on=ON, encoders=ENCODERS)
    closed = rates[rates["measure"].eq("closed")].set_index("town")
    assert closed[["numerator", "denominator"]].T.to_dict("list") == {"东": [3, 3], "西": [1, 2]}


def test_no_demands_no_calls():
    assert call_backs(Ledger(), ON).empty
    assert solved(Ledger(), on=ON)["denominator"].tolist() == [0] * 6


def test_an_answer_that_came_later_is_not_known_yet():
    given = ledger([("E1", "停车", "2022-01-01", "2022-01-11", "2022-03-01", False, None)])
    assert call_backs(given, "2022-02-28", encoders=ENCODERS)["reason"].tolist() == ["not fed back"]
    assert call_backs(given, "2022-03-01", encoders=ENCODERS)["reason"].tolist() == ["dissatisfied"]
