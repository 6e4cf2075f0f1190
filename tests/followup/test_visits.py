import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup.visits import officer_coverage, quarter_days, visit_coverage, visits_by_quarter
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.schema import ROLES


def ledger(links, visits, towns=("鱼复",) * 3):
    """Links as (officer, enterprise, role); visits as (officer, enterprise, day)."""
    firms = [f"E{i + 1}" for i in range(len(towns))]
    enterprises = pd.DataFrame({"enterprise_id": firms, "name": firms, "town": towns})
    seen = pd.DataFrame(visits, columns=["officer_id", "enterprise_id", "visited_on"])
    return Ledger(
        enterprises=typed("enterprises", enterprises),
        links=typed("links", pd.DataFrame(links, columns=["officer_id", "enterprise_id", "role"])),
        visits=typed("visits", seen.assign(visit_id=[f"V{i}" for i in range(len(seen))])),
    )


GIVEN = ledger(
    [
        ("G1", "E1", "linked officer"), ("G2", "E2", None),
        ("Y1", "E1", "park officer"), ("Y1", "E3", "park officer"),
    ],
    [
        ("G1", "E1", "2022-05-01"), ("G1", "E1", "2022-07-10"), ("G1", "E1", "2022-08-01"),
        ("G9", "E2", "2022-09-01"), ("G1", "E1", "2022-12-01"),
    ],
)  # fmt: skip


def test_due_and_done_by_enterprise_and_officer():
    found = visit_coverage(GIVEN, "2022Q3").set_index("enterprise_id")
    assert found["due"].tolist() == [1, 1, 0]
    assert found["done"].tolist() == [2, 0, 0]
    assert found["done_by_others"].tolist() == [0, 1, 0]
    assert found["covered"].tolist() == [True, False, pd.NA]
    assert found["days_since"].tolist() == [60, 29, pd.NA]
    # From the visit before the quarter to the first in it; from the quarter's start; the whole quarter.
    assert found["longest_gap"].tolist() == [70, 62, 91]


def test_the_team_is_one_and_three():
    found = visit_coverage(GIVEN, "2022Q3").set_index("enterprise_id")
    assert not found["team_complete"].any()
    assert found.loc["E1", "missing_roles"] == "服务专员、党建指导员"
    assert found.loc["E3", "missing_roles"] == "挂点干部、服务专员、党建指导员"
    whole = ledger(
        [(f"X{i}", "E1", role) for i, role in enumerate(ROLES)], [("X0", "E1", "2022-07-01")], ["鱼复"]
    )
    assert visit_coverage(whole, "2022Q3")["team_complete"].all()


def test_a_running_quarter_is_counted_up_to_the_day():
    found = visit_coverage(GIVEN, "2022Q3", on="2022-07-20").set_index("enterprise_id")
    assert found["done"].tolist() == [1, 0, 0]
    assert found.loc["E1", "longest_gap"] == 70
    assert found.loc["E2", "longest_gap"] == 19
    with pytest.raises(ValueError, match="after the day of the count"):
        visit_coverage(GIVEN, "2023Q1")


@pytest.mark.parametrize("quarter", ["2022q3", "2022 Q3", "2022-Q3"])
def test_quarters_are_read_as_people_write_them(quarter):
    assert quarter_days(quarter)[1] == pd.Timestamp("2022-09-30")


@pytest.mark.parametrize("quarter", ["2022Q5", "Q3", "2022", 3])
def test_other_quarters_are_refused(quarter):
    with pytest.raises(ValueError, match="such as '2022Q3'"):
        quarter_days(quarter)


def test_missing_tables_are_named_in_the_error():
    with pytest.raises(LedgerError, match="links"):
        visit_coverage(Ledger(), "2022Q3")


def test_officers_are_summed_up():
    found = officer_coverage(visit_coverage(GIVEN, "2022Q3"))
    assert found[["officer_id", "numerator", "denominator", "visits", "longest_gap"]].to_numpy().tolist() == [
        ["G1", 1, 1, 2, 70],
        ["G2", 0, 1, 0, 62],
    ]
    assert found["few"].all()


def test_sample_by_quarter():
    sample = load_liangjiang()
    found = visits_by_quarter(sample)
    assert found["visits"].sum() == len(sample.visits)
    assert found["demands"].sum() == 476
    assert found["denominator"].unique().tolist() == [240]
