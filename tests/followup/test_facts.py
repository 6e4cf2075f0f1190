import pandas as pd
import pytest
from helpers import demand_ledger

from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.facts import closing_days, count_day, demand_facts, has_settling_days
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def ledger(rows, **tables):
    """Ledger of demands given as (id, raised, settled, status, reopened)."""
    frame = pd.DataFrame(rows, columns=["demand_id", "raised_on", "settled_on", "status", "reopened"])
    frame = frame.assign(enterprise_id="E1", text="诉求")
    return Ledger(demands=typed("demands", frame), source="test.xlsx", **tables)


def table(facts, *columns):
    return facts.collect(facts.table)[list(columns)].to_numpy().tolist()


def test_settlements_after_the_day_are_still_to_come():
    given = ledger([("D1", "2022-01-01", "2022-03-01", "settled", None)])
    assert table(demand_facts(given, on="2022-02-01"), "is_settled", "days") == [[False, 31]]
    assert table(demand_facts(given, on="2022-03-01"), "is_settled", "days") == [[True, 59]]
    assert table(demand_facts(given, on="2021-12-31"), "days") == []


def test_a_settlement_that_did_not_hold_leaves_the_demand_open():
    given = ledger(
        [
            ("D1", "2022-01-01", "2022-02-01", "solving", True),
            ("D2", "2022-01-01", "2022-02-01", "settled", True),
            ("D3", "2022-01-01", "2022-02-01", "solving", False),
        ]
    )
    assert table(demand_facts(given, on="2022-03-01"), "is_settled") == [[False], [True], [True]]


def test_status_without_a_day_is_settled_on_an_unknown_one():
    given = ledger([("D1", "2022-01-01", None, "settled", None), ("D2", None, "2022-01-05", "settled", None)])
    assert table(demand_facts(given, on="2022-03-01"), "is_settled", "undated") == [
        [True, True],
        [True, True],
    ]


def test_settled_before_raised_is_refused_with_every_demand():
    given = ledger([(f"D{i}", "2022-02-01", "2022-01-01", "settled", None) for i in range(7)])
    with pytest.raises(LedgerError, match=r"test.xlsx · demands: 7 problems") as caught:
        demand_facts(given)
    assert caught.value.problems["row"].tolist() == list(range(2, 9))
    assert "D0 was raised on 2022-02-01" in caught.value.problems["reason"][0]
    assert demand_facts(given, in_order=False).on == pd.Timestamp("2022-02-01")


def test_the_last_date_of_anything_that_happened_is_the_day():
    visits = pd.DataFrame(
        {"visit_id": ["V"], "officer_id": ["G"], "enterprise_id": ["E1"], "visited_on": "2022-05-01"}
    )
    projects = pd.DataFrame(
        {"project_id": ["P"], "enterprise_id": ["E1"], "name": ["x"], "planned_on": "2023-01-01"}
    )
    given = ledger(
        [("D1", "2022-01-01", None, None, None)],
        visits=typed("visits", visits),
        projects=typed("projects", projects),
    )
    assert count_day(given) == pd.Timestamp("2022-05-01")
    assert count_day(given, "2022-04-01 13:00") == pd.Timestamp("2022-04-01")
    for wrong in ("not a day", pd.NaT, object()):
        with pytest.raises(ValueError, match="on must be a date"):
            count_day(given, wrong)
    with pytest.raises(ValueError, match="holds no date"):
        count_day(Ledger())


def test_groups_of_demands_enterprises_months_and_the_callers_own():
    enterprises = typed(
        "enterprises", pd.DataFrame({"enterprise_id": ["E1"], "name": ["甲"], "town": ["鱼复"]})
    )
    given = ledger(
        [("D1", "2022-01-01", None, None, None), ("D2", "2022-02-01", None, None, None)],
        enterprises=enterprises,
    )
    matter = pd.Series({"D1": "停车"}, name="matter")
    facts = demand_facts(given, ["town", "month", "owner", matter, {"D2": "b"}])
    counted = facts.collect(facts.table.group_by(facts.keys).agg(n=facts.table.count()))
    assert counted.columns.tolist() == ["town", "month", "owner", "matter", "group", "n"]
    assert counted.fillna("").to_numpy().tolist() == [
        ["鱼复", "2022-01", "", "停车", "", 1],
        ["鱼复", "2022-02", "", "", "b", 1],
    ]


def test_wrong_groups_are_named_in_the_error():
    given = ledger([("D1", "2022-01-01", None, None, None)])
    with pytest.raises(ValueError, match=r"no column 'twon'.*town"):
        demand_facts(given, "twon")
    with pytest.raises(ValueError, match="a name of its own"):
        demand_facts(given, ["owner", "owner"])
    with pytest.raises(ValueError, match="expected one group per demand_id, got several for 'D1'"):
        demand_facts(given, pd.Series(["a", "b"], index=["D1", "D1"]))
    with pytest.raises(ValueError, match="names of columns, or mappings"):
        demand_facts(given, [3])


UNSOLVED = [
    ("E1", 0, 10, "settled", None),
    ("E1", 0, 20, "cannot be solved", None),
    ("E2", 0, None, "not accepted", None),
    ("E2", 0, None, "solving", None),
]


def test_what_is_closed_without_being_solved_is_neither_settled_nor_open():
    facts = demand_facts(demand_ledger.ledger(UNSOLVED), on="2022-02-01")
    flags = facts.collect(facts.table)[["is_settled", "is_closed", "closed_undated"]]
    assert sorted(map(tuple, flags.to_numpy().tolist())) == [
        (False, False, False),
        (False, True, False),
        (False, True, True),
        (True, False, False),
    ]
    # On the tenth of January nobody had closed the second one yet; the day of the third is not known.
    facts = demand_facts(demand_ledger.ledger(UNSOLVED), on="2022-01-10")
    assert facts.collect(facts.table.agg(n=facts.table.is_closed.sum()))["n"].tolist() == [1]


def test_days_of_settlement_are_those_of_settled_demands():
    assert has_settling_days(demand_ledger.ledger(UNSOLVED).demands)
    assert not has_settling_days(demand_ledger.ledger(UNSOLVED[1:]).demands)
    assert closing_days(demand_ledger.ledger(UNSOLVED).demands).dropna().dt.day.tolist() == [21]
