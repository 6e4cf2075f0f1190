import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.visit_plans import NoVisitPlanError, plan_visits
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


@pytest.fixture(scope="module")
def sample():
    return load_liangjiang()


def small(*links, demands=(), visits=()):
    firms = sorted({firm for _, firm, _ in links})
    enterprises = pd.DataFrame({"enterprise_id": firms, "name": firms, "town": "鱼复"})
    asked = pd.DataFrame(demands, columns=["enterprise_id", "raised_on"])
    seen = pd.DataFrame(visits, columns=["officer_id", "enterprise_id", "visited_on"])
    return Ledger(
        enterprises=typed("enterprises", enterprises),
        links=typed("links", pd.DataFrame(links, columns=["officer_id", "enterprise_id", "role"])),
        demands=typed("demands", asked.assign(demand_id=[f"D{i}" for i in range(len(asked))], text="诉求")),
        visits=typed("visits", seen.assign(visit_id=[f"V{i}" for i in range(len(seen))])),
    )


def test_every_linked_enterprise_once_by_its_officer(sample):
    plan = plan_visits(sample, "2023Q1")
    assert sorted(plan["enterprise_id"]) == sorted(sample.links["enterprise_id"].unique())
    linked = sample.links[sample.links["role"].eq("linked officer")]
    assert plan.merge(linked, on=["officer_id", "enterprise_id"]).shape[0] == 240
    assert plan.groupby(["officer_id", "week"]).size().max() == 2
    assert plan.attrs["gap"] < 0.01
    assert plan.attrs["bound"] <= plan.attrs["cost"]
    early, late = (plan[plan["week"].isin(weeks)]["urgency"].mean() for weeks in ([1], [4, 5]))
    assert early > 3 * late
    pd.testing.assert_frame_equal(plan, plan_visits(sample, "2023Q1"))


def test_without_enough_room_the_error_names_the_officers():
    links = [("G1", f"E{i}", "linked officer") for i in range(3)] + [("G2", "E9", "linked officer")]
    given = small(*links)
    away = {"G1": range(1, 13)}
    with pytest.raises(
        NoVisitPlanError, match="3 enterprises can only be visited by G1, who have room for 1"
    ) as caught:
        plan_visits(given, "2023Q1", on="2022-12-31", per_week=1, unavailable=away)
    assert caught.value.problems["enterprise_id"].tolist() == ["E0", "E1", "E2"]
    plan = plan_visits(given, "2023Q1", on="2022-12-31", per_week=3, unavailable=away)
    assert plan.loc[plan["officer_id"].eq("G1"), "week"].tolist() == [13, 13, 13]


def test_without_an_officer_the_error_names_the_enterprises():
    given = small(("G1", "E1", "linked officer"), ("Y1", "E2", "park officer"))
    with pytest.raises(NoVisitPlanError, match=r"1 enterprises have nobody to visit them \(E2\)"):
        plan_visits(given, "2023Q1", on="2022-12-31")
    plan = plan_visits(given, "2023Q1", on="2022-12-31", roles=None)
    assert plan["role"].tolist() == ["linked officer", "park officer"]


def test_a_running_quarter_plans_what_is_left():
    given = small(
        ("G1", "E1", "linked officer"), ("G1", "E2", "linked officer"), visits=[("G9", "E1", "2023-01-05")]
    )
    plan = plan_visits(given, "2023Q1", on="2023-01-20")
    assert plan["enterprise_id"].tolist() == ["E2"]
    assert plan["week"].tolist() == [3]
    assert plan["days_since_visit"].isna().all()
    assert plan_visits(given, "2023Q1", on="2023-01-04").shape[0] == 2
    with pytest.raises(ValueError, match="2023Q1 is over"):
        plan_visits(given, "2023Q1", on="2023-04-01")


def test_a_ledger_of_links_alone_can_be_planned():
    plan = plan_visits(small(("G1", "E1", "linked officer")), "2023Q1")
    assert plan[["week", "officer_id", "enterprise_id"]].to_numpy().tolist() == [[1, "G1", "E1"]]
    assert plan.attrs["on"] == pd.Timestamp("2022-12-31")


def test_nothing_left_to_visit():
    given = small(("G1", "E1", "linked officer"), visits=[("G1", "E1", "2023-01-05")])
    plan = plan_visits(given, "2023Q1", on="2023-01-06")
    assert plan.empty
    assert plan.attrs["gap"] == 0


def test_open_demands_make_urgent():
    given = small(
        *[("G1", f"E{i}", "linked officer") for i in range(3)],
        demands=[("E2", "2022-10-02"), ("E2", "2022-12-31"), ("E1", "2022-12-31")],
        visits=[("G1", f"E{i}", "2022-12-31") for i in range(3)],
    )
    plan = plan_visits(given, "2023Q1", per_week=1).set_index("enterprise_id")
    assert plan["urgency"].sort_index().tolist() == [0, 1, 3]
    assert plan["week"].loc[["E2", "E1"]].tolist() == [1, 2]


def test_wrong_arguments_are_named_in_the_error(sample):
    with pytest.raises(LedgerError, match="links"):
        plan_visits(Ledger(), "2023Q1", on="2022-12-31")
    with pytest.raises(ValueError, match=r"unknown officers \['X'\], weeks \[14\]"):
        plan_visits(sample, "2023Q1", unavailable={"X": [14]})
    with pytest.raises(ValueError, match="per_week of 1 or more"):
        plan_visits(sample, "2023Q1", per_week=0)
    with pytest.raises(ValueError, match="roles: some of linked officer"):
        plan_visits(sample, "2023Q1", roles=[])
