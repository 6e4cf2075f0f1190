import numpy as np
import pandas as pd
import pytest

from liaison_analysis.followup.chances import settlement_chances
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

START = pd.Timestamp("2022-01-01")


def ledger(rows, **columns):
    """Demands as (owner, raised, settled) in days from 2022-01-01."""
    days = {name: [None if row[k] is None else START + pd.Timedelta(days=int(row[k])) for row in rows]
            for k, name in ((1, "raised_on"), (2, "settled_on"))}  # fmt: skip
    frame = pd.DataFrame({name: pd.to_datetime(pd.Series(value)) for name, value in days.items()})
    frame = frame.assign(
        demand_id=[f"D{i:04}" for i in range(len(rows))],
        enterprise_id="E1",
        text="诉求",
        owner=[row[0] for row in rows],
        **columns,
    )
    return Ledger(demands=typed("demands", frame))


def simulated(n=600, seed=0):
    """Two departments, one three times as fast, and one of three demands; open at day 200."""
    rng = np.random.default_rng(seed)
    owner = np.where(np.arange(n) % 2, "慢部", "快部").astype(object)
    owner[:3] = "小部"
    raised = rng.integers(0, 180, n)
    wait = rng.exponential(np.where(owner == "快部", 25, 75)).astype(int)
    settled = [int(r + w) if r + w <= 200 else None for r, w in zip(raised, wait, strict=True)]
    return list(zip(owner, raised.tolist(), settled, strict=True))


ON = START + pd.Timedelta(days=200)


def test_a_faster_department_has_better_chances_and_earlier_days():
    rows = [*simulated(), ("快部", 190, None), ("慢部", 190, None), ("小部", 190, None)]
    chances = settlement_chances(ledger(rows), ON, within=40).set_index("demand_id")
    fast, slow, small = (chances.loc[f"D{i:04}"] for i in (600, 601, 602))
    assert 0.55 < fast["chance"] < 0.85  # 1 - exp(-30 / 25) = .70
    assert 0.2 < slow["chance"] < 0.5  # 1 - exp(-30 / 75) = .33
    # Three demands carry little information: the estimate stays near the average.
    assert slow["chance"] < small["chance"] < fast["chance"]
    assert fast["expected_on"] < slow["expected_on"]
    assert fast["drivers"].startswith("责任部门 快部 ×")
    assert (fast["speed"] > 1, slow["speed"] < 1) == (True, True)
    assert (fast["likely_breach"], slow["likely_breach"]) == (False, True)


def test_what_is_over_its_limit_has_no_chance_and_is_no_warning():
    rows = [*simulated(), ("快部", 150, None)]
    late = settlement_chances(ledger(rows), ON, within=50).set_index("demand_id").loc["D0600"]
    assert late[["days", "chance", "likely_breach"]].tolist() == [50, 0.0, False]
    in_time = settlement_chances(ledger(rows), ON, within=51).set_index("demand_id").loc["D0600"]
    assert 0 < in_time["chance"] < 0.2


def test_later_settlements_and_later_assignments_are_not_known_yet():
    rows = simulated()
    day = START + pd.Timedelta(days=100)
    early = [(o, r, s if s is not None and s <= 100 else None) for o, r, s in rows if r <= 100]
    ids = [f"D{i:04}" for i, row in enumerate(rows) if row[1] <= 100]
    then = ledger(early)
    then.demands["demand_id"] = pd.array(ids, dtype="str")
    now = settlement_chances(ledger(rows), day)
    pd.testing.assert_frame_equal(now, settlement_chances(then, day))
    assigned = [START + pd.Timedelta(days=150)] * len(rows)
    hidden = settlement_chances(ledger(rows, assigned_on=assigned), day)
    assert hidden["drivers"].eq("").all()


def test_the_same_demands_in_another_order_have_the_same_chances():
    given = ledger(simulated(200))
    turned = Ledger(demands=given.demands.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(settlement_chances(given, ON), settlement_chances(turned, ON))


def test_groups_of_the_caller_are_factors_and_english_is_spoken():
    rows = [("一部", row[1], row[2]) for row in simulated()]
    themes = {f"D{i:04}": "停车" if i % 2 else "融资" for i in range(600)}
    chances = settlement_chances(ledger(rows), ON, groups={"theme": themes}, language="en")
    assert set(chances["drivers"].str.split(" ×").str[0]) == {"theme 停车", "theme 融资"}
    parking = chances["drivers"].str.contains("停车")
    assert chances.loc[parking, "speed"].max() < 1 < chances.loc[~parking, "speed"].min()


def test_without_any_settlement_nothing_is_learnt():
    with pytest.raises(ValueError, match="no demand was settled by that day"):
        settlement_chances(ledger([("甲", 0, None)]), ON)
    with pytest.raises(ValueError, match="within must be"):
        settlement_chances(ledger(simulated(20)), ON, within=-1)


def test_what_cannot_be_solved_is_not_listed_and_makes_none_likelier():
    rows = [("部", 0, 10 * (i % 4 + 1)) for i in range(40)] + [("部", 60, None)] * 40
    status = ["settled"] * 40 + ["solving"] * 40
    plain = settlement_chances(ledger(rows, status=status), START + pd.Timedelta(days=65), within=30)
    closed = ["settled"] * 40 + ["solving"] * 20 + ["cannot be solved"] * 20
    fewer = settlement_chances(ledger(rows, status=closed), START + pd.Timedelta(days=65), within=30)
    assert len(plain) == 40
    assert fewer["demand_id"].tolist() == [f"D{i:04}" for i in range(40, 60)]
    assert fewer["chance"].max() <= plain["chance"].max()
