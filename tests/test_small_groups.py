import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.ledger import Ledger, read_ledger, typed, write_ledger
from liaison_analysis.privacy import OTHERS
from liaison_analysis.small_groups import without_small_groups


@pytest.fixture
def ledger():
    ids = [f"E{i}" for i in range(9)]
    enterprises = {
        "enterprise_id": ids,
        "name": [f"甲{i}厂" for i in range(9)],
        "town": ["水土"] * 4 + ["鱼复"] * 3 + ["龙兴", None],
    }
    # One enterprise raised many of an owner's demands: enterprises count, not demands.
    demands = {
        "demand_id": [f"D{i}" for i in range(12)],
        "enterprise_id": ["E0"] * 6 + ["E1", "E2", "E3", "E4", "E5", "E6"],
        "raised_on": pd.Timestamp("2022-03-01"),
        "text": "停车",
        "owner": ["甲部"] * 6 + ["乙部"] * 3 + ["丙部"] * 3,
    }
    links = {
        "officer_id": ["P1", "P2", "P3", "P3", "P3"],
        "enterprise_id": ["E0", "E0", "E1", "E2", "E3"],
        "role": ["linked officer"] * 5,
    }
    visits = {
        "visit_id": ["V1", "V2", "V3", "V4"],
        "officer_id": ["P1", "P3", "P4", "P4"],
        "enterprise_id": ["E0", "E1", "E5", "E6"],
        "visited_on": pd.Timestamp("2022-03-02"),
    }
    frames = {"enterprises": enterprises, "demands": demands, "links": links, "visits": visits}
    return Ledger(**{name: typed(name, pd.DataFrame(columns)) for name, columns in frames.items()})


def test_small_groups_are_put_together_in_every_table(ledger, tmp_path):
    shown = without_small_groups(ledger, least=3)
    assert shown.enterprises["town"].tolist()[:4] == ["水土"] * 4
    # 龙兴 has one enterprise; the next larger town joins it, else the rest would tell of it.
    assert shown.enterprises["town"].tolist()[4:8] == [OTHERS] * 4
    assert pd.isna(shown.enterprises["town"].iloc[8])
    assert shown.demands.groupby("owner")["enterprise_id"].nunique().to_dict() == {"乙部": 3, OTHERS: 4}
    assert shown.links[["officer_id", "enterprise_id", "role"]].to_numpy().tolist() == [
        [OTHERS, "E0", "linked officer"],
        *[["P3", f"E{i}", "linked officer"] for i in (1, 2, 3)],
    ]
    assert shown.visits["officer_id"].tolist() == [OTHERS, "P3", OTHERS, OTHERS]
    assert read_ledger(write_ledger(shown, tmp_path / "shown")) == shown
    assert ledger.enterprises["town"].iloc[7] == "龙兴"


def test_no_group_of_the_sample_is_small():
    shown = without_small_groups(load_liangjiang(), least=5)
    for column in ("town", "category", "industry_code"):
        assert shown.enterprises.groupby(column).size().min() >= 5
    assert (shown.enterprises["town"].notna() == load_liangjiang().enterprises["town"].notna()).all()


def test_every_group_has_one_member(ledger):
    with pytest.raises(ValueError, match="expected least of 2 or more, got 1"):
        without_small_groups(ledger, least=1)
