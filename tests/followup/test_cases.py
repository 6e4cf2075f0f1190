import numpy as np
import pandas as pd
import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st
from scipy import sparse

from liaison_analysis.followup.cases import _stars, case_story, common_cases
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

ENCODERS = ["lexical"]
PARKING = ["厂门口停车位不够，没地方停车", "停车位太少，停车难", "没地方停车，车位不够"]


def ledger(rows, **tables):
    """Demands as (enterprise, text, raised, settled)."""
    frame = pd.DataFrame(rows, columns=["enterprise_id", "text", "raised_on", "settled_on"])
    for name in ("raised_on", "settled_on"):
        frame[name] = pd.to_datetime(frame[name])
    frame = frame.assign(demand_id=[f"D{i}" for i in range(len(frame))], owner="甲科")
    firms = sorted(set(frame["enterprise_id"]))
    enterprises = pd.DataFrame({"enterprise_id": firms, "name": firms, "town": [f[0] for f in firms]})
    return Ledger(
        demands=typed("demands", frame), enterprises=typed("enterprises", enterprises),
        **{name: typed(name, table) for name, table in tables.items()},
    )  # fmt: skip


def rows(*firms, settled=None):
    days = ["2022-01-03", "2022-01-01", "2022-01-02"]
    return [(firm, PARKING[i % 3], days[i % 3], settled) for i, firm in enumerate(firms)]


def cases_of(given, **options):
    return common_cases(given, on="2022-03-01", encoders=ENCODERS, **options)


def test_one_matter_of_three_enterprises_of_a_place_is_one_case():
    given = ledger([*rows("A1", "A2", "A3"), ("A1", "招不到焊工", "2022-01-04", None)])
    case = cases_of(given).iloc[0]
    assert len(cases_of(given)) == 1
    assert case[["case_id", "place", "n_demands", "n_enterprises", "n_open", "owners"]].tolist() == [
        "D1", "A", 3, 3, 3, "甲科"
    ]  # fmt: skip
    assert case["demand_ids"] == "D1、D2、D0"
    assert case["enterprise_ids"] == "A2、A3、A1"
    assert case["matter"] in PARKING


def test_enterprises_are_counted_not_demands_and_places_not_mixed():
    assert cases_of(ledger(rows("A1", "A1", "A1"))).empty
    assert cases_of(ledger(rows("A1", "A2", "B3"))).empty
    assert len(cases_of(ledger(rows("A1", "A2")), least=2)) == 1
    chain = {"A1": "电池链", "A2": "电池链", "B3": "电池链"}
    assert cases_of(ledger(rows("A1", "A2", "B3")), places=chain)["place"].tolist() == ["电池链"]
    with pytest.raises(ValueError, match="2 enterprises or more"):
        cases_of(ledger(rows("A1")), least=1)
    with pytest.raises(ValueError, match="no column 'street'"):
        cases_of(ledger(rows("A1")), places="street")


def test_a_case_that_is_settled_is_none_any_more():
    assert cases_of(ledger(rows("A1", "A2", "A3", settled="2022-02-01"))).empty
    mixed = [*rows("A1", "A2", settled="2022-02-01"), rows("A1", "A2", "A3")[2]]
    assert cases_of(ledger(mixed))[["n_demands", "n_open"]].to_numpy().tolist() == [[3, 1]]


def test_demands_of_different_themes_are_not_one_matter():
    themes = {"D0": "停车", "D1": "停车", "D2": "充电"}
    assert cases_of(ledger(rows("A1", "A2", "A3")), themes=themes).empty
    assert len(cases_of(ledger(rows("A1", "A2", "A3")), themes=dict.fromkeys(themes, "停车"))) == 1


def test_the_history_of_a_case_is_sorted_by_day():
    visits = pd.DataFrame(
        {"visit_id": ["V1", "V2", "V3"], "officer_id": "G1", "enterprise_id": ["A1", "A2", "A1"],
         "visited_on": pd.to_datetime(["2021-12-01", "2022-01-10", "2022-04-01"])}
    )  # fmt: skip
    given = ledger(rows("A1", "A2", "A3"), visits=visits)
    case = cases_of(given).iloc[0]
    given.demands.loc[0, "settled_on"] = pd.Timestamp("2022-02-10")
    decisions = pd.DataFrame(
        {"demand_id": ["D1", "other"], "decided_on": pd.Timestamp("2022-02-01"), "decision": "建停车楼"}
    )
    story = case_story(given, case, on="2022-03-01", decisions=decisions)
    assert story[["step", "demand_id", "enterprise_id"]].to_numpy().tolist() == [
        ["raised", "D1", "A2"],
        ["raised", "D2", "A3"],
        ["raised", "D0", "A1"],
        ["visited", "", "A2"],
        ["decided", "D1", "A2"],
        ["settled", "D0", "A1"],
    ]
    assert story["note"].tolist()[0] == PARKING[1]
    assert story.loc[story["step"].eq("decided"), "note"].tolist() == ["建停车楼"]


@given_any(
    pairs=st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40),
    firms=st.lists(st.integers(0, 5), min_size=12, max_size=12),
)
def test_stars_are_those_of_the_plain_greedy_choice(pairs, firms):
    same = np.eye(12, dtype=bool)
    for one, other in pairs:
        same[one, other] = same[other, one] = True
    firms = np.array(firms)
    left, plain = np.ones(12, dtype=bool), []
    while True:
        here = same & left[:, None] & left[None, :]
        reach = [len(set(firms[row])) for row in here]
        if max(reach) < 2:
            break
        middle = int(np.argmax(reach))
        plain.append((middle, np.flatnonzero(here[middle]).tolist()))
        left[here[middle]] = False
    assert _stars(sparse.csr_array(same), firms, 2) == plain
