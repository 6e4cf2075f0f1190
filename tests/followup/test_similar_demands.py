import pandas as pd
import pytest

from liaison_analysis.followup import similar_demands
from liaison_analysis.followup.similar_demands import precedents
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

ENCODERS = ["lexical"]


def ledger(**columns):
    frame = pd.DataFrame(
        {
            "demand_id": ["D0", "D1", "D2", "D3"],
            "enterprise_id": "E1",
            "text": ["厂门口没地方停车", "厂门口没地方停车，员工绕圈", "厂门口没地方停车", "贷款利率太高"],
            "owner": "甲科",
            "raised_on": pd.to_datetime(["2022-01-01", "2022-01-03", "2022-01-05", "2022-01-07"]),
            "settled_on": pd.to_datetime(["2022-01-11", "2022-02-03", None, "2022-01-09"]),
            "satisfied": [True, False, None, None],
            **columns,
        }
    )
    return Ledger(demands=typed("demands", frame))


def found(given, asked, on="2022-03-01", **options):
    return precedents(given, asked, on=on, encoders=ENCODERS, **options)


def test_settled_demands_alike_with_what_was_done_how_long_and_how_content():
    alike = found(ledger(办理情况=["划了十个车位", "增设道闸", "", "贴息"]), ["D2"])
    assert alike[["rank", "demand_id", "done", "days"]].to_numpy().tolist() == [
        [1, "D0", "划了十个车位", 10],
        [2, "D1", "增设道闸", 31],
    ]
    assert alike["satisfied"].tolist() == [True, False]
    assert alike["likeness"].iloc[0] == 1
    assert found(ledger(), ["D2"])["done"].isna().all()


def test_a_demand_is_not_its_own_precedent_and_a_text_finds_it():
    assert found(ledger(), ["D0"])["demand_id"].tolist() == ["D1"]
    assert found(ledger(), ["厂门口没地方停车"])["demand_id"].tolist() == ["D0", "D1"]


def test_only_settlements_up_to_the_day_count():
    assert found(ledger(), ["D2"], on="2022-02-02")["demand_id"].tolist() == ["D0"]
    assert found(ledger(), ["D2"], on="2022-01-06").empty
    again = ledger(status="solving", reopened=[True, None, None, None])
    assert found(again, ["D2"])["demand_id"].tolist() == ["D1"]


def test_where_nothing_is_alike_there_is_no_row():
    assert found(ledger(), ["环评怎么办理"]).empty
    assert found(Ledger(), ["停车"]).empty
    with pytest.raises(ValueError, match="top of 1 or more"):
        found(ledger(), ["停车"], top=0)


def test_days_may_be_working_days():
    alike = found(ledger(), ["D2"], unit="working")
    assert alike["days"].tolist() == [6, 21]
    assert alike["unit"].unique().tolist() == ["working"]


def test_of_many_settled_demands_the_newest_are_compared_and_the_others_counted(monkeypatch):
    assert found(ledger(), ["D2"]).attrs["left_out"] == 0
    monkeypatch.setattr(similar_demands, "_MOST_HISTORY", 1)
    alike = found(ledger(), ["D2"])
    # D1 was settled last.
    assert alike["demand_id"].tolist() == ["D1"]
    assert (alike.attrs["compared"], alike.attrs["left_out"]) == (1, 2)
