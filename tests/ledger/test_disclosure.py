import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis import load_liangjiang
from liaison_analysis.ledger.disclosure import (
    OTHERS,
    suppress_small_groups,
    without_small_figures,
    without_small_groups,
)
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.writing import write_ledger


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
    # 龙兴 has one enterprise; the next larger town joins it, else it would follow from the total.
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


# Twelve enterprises at most: each is a part of its own, so that what is judged is exact.
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "enterprise_id": st.sampled_from("ABCDEFGHIJKL"),
            "town": st.sampled_from(["水土", "鱼复", "龙兴"]),
            "theme": st.sampled_from(["停车", "融资", "用工", "电力"]),
            "settled": st.booleans(),
        }
    ),
    min_size=1,
    max_size=60,
)


def counted(by):
    def measure(rows):
        counts = rows.groupby(by)["settled"].agg(["size", "sum"]).reset_index()
        counts["rate"] = counts["sum"] / counts["size"]
        return counts.astype({"sum": "int64"})

    return measure


def few(members):
    return 0 < len(set(members)) < 3


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_no_figure_discloses_one_or_two_enterprises(rows):
    rows = pd.DataFrame(rows)
    shown = without_small_figures(counted(["town"]), rows, "town", least=3)
    whole = counted(["town"])(rows).set_index("town")
    pd.testing.assert_frame_equal(shown.set_index("town"), whole.loc[shown["town"]])
    for town in shown["town"]:
        there = rows[rows["town"].eq(town)]
        assert not few(there["enterprise_id"])
        assert not few(there.loc[there["settled"], "enterprise_id"])
    # The total minus what is shown, of all and of the settled; with nothing shown the total discloses
    # nothing.
    rest = rows[~rows["town"].isin(shown["town"])]
    if len(shown):
        assert not few(rest["enterprise_id"])
        assert not few(rest.loc[rest["settled"], "enterprise_id"])
        assert not few(rest.loc[~rest["settled"], "enterprise_id"])


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_no_small_cell_of_a_table_by_two_columns_follows_from_its_margins(rows):
    rows = pd.DataFrame(rows)
    keys = ["town", "theme"]
    shown = without_small_figures(counted(keys), rows, keys, least=3)
    cells = rows.groupby(keys)["enterprise_id"].agg(set)
    seen = set(shown[keys].itertuples(index=False, name=None))
    hidden = [cell for cell in cells.index if cell not in seen]
    assert not [cell for cell in seen if few(cells[cell])]
    for i in (0, 1):
        for value in {cell[i] for cell in seen}:
            left = [cells[cell] for cell in hidden if cell[i] == value]
            assert not few(set().union(*left))
    if hidden:
        # Margins of two cells and more are known: a small cell must not be their only solution.
        lines = [
            [cell[i] == value for cell in hidden]
            for i in (0, 1)
            for value in sorted({c[i] for c in cells.index})
        ]
        sizes = [
            sum(cell[i] == value for cell in cells.index)
            for i in (0, 1)
            for value in sorted({c[i] for c in cells.index})
        ]
        sums = np.array([line for line, size in zip(lines, sizes, strict=True) if size > 1], dtype=float)
        solved = np.diag(np.linalg.pinv(sums) @ sums) if len(sums) else np.zeros(len(hidden))
        kept_anything = {value for cell in seen for value in cell}
        for cell, share in zip(hidden, solved, strict=True):
            if few(cells[cell]) and set(cell) & kept_anything:
                assert share < 1 - 1e-6


def test_what_two_counts_differ_by_is_a_figure_too():
    rows = pd.DataFrame({"enterprise_id": list("ABCDEFGH"), "town": ["水土"] * 4 + ["鱼复"] * 4})
    rows["settled"] = [True, True, True, False, True, True, True, True]
    # One enterprise of 水土 is not settled: 3 of 4 says so. Without it, 鱼复 would follow from the total.
    assert without_small_figures(counted(["town"]), rows, "town", least=3).empty
    rows["settled"] = True
    assert len(without_small_figures(counted(["town"]), rows, "town", least=3)) == 2


def test_the_rest_after_one_enterprise_is_taken_away_is_not_shown():
    rows = pd.DataFrame({"enterprise_id": list("ABCDE") + ["F"] * 9})

    def both(rows):
        n = {"all": len(rows), "without F": int(rows["enterprise_id"].ne("F").sum())}
        return pd.DataFrame({"scope": list(n), "n": list(n.values())})

    assert without_small_figures(both, rows, "scope", least=3).to_numpy().tolist() == [["all", 14]]


def test_extremes_go_and_what_cannot_be_measured_of_a_part_counts_as_nothing(ledger):
    def measure(part):
        part.require("visits")
        return pd.DataFrame({"what": ["visits"], "n": [len(part.visits)], "longest": [len(part.visits) + 7]})

    assert without_small_figures(measure, ledger, "what").to_numpy().tolist() == [["visits", 4]]
    assert without_small_figures(measure, ledger, "what", least=0)["longest"].tolist() == [11]
    assert without_small_figures(measure, ledger, "what", least=5).empty


LEDGERS = st.lists(
    st.tuples(
        st.sampled_from(["水土", "鱼复", "龙兴", None]),
        st.sampled_from(["四上", "小巨人"]),
        st.lists(st.sampled_from(["建设部", "财政部", "人社部", None]), max_size=3),
    ),
    min_size=1,
    max_size=14,
)


@settings(deadline=None, max_examples=40)
@given(LEDGERS, st.integers(2, 5))
def test_no_group_of_a_protected_ledger_is_smaller_than_asked_for_nor_is_what_is_left(firms, least):
    ids = [f"E{i}" for i in range(len(firms))]
    enterprises = pd.DataFrame({"enterprise_id": ids, "name": ids}).assign(
        town=[town for town, _, _ in firms], category=[category for _, category, _ in firms]
    )
    asked = [(one, owner) for one, (_, _, owners) in zip(ids, firms, strict=True) for owner in owners]
    demands = pd.DataFrame(asked, columns=["enterprise_id", "owner"], dtype="str").assign(
        demand_id=[f"D{i}" for i in range(len(asked))], raised_on="2022-01-01", text="停车"
    )
    tables = {"enterprises": enterprises, "demands": demands}
    shown = Ledger(**{name: typed(name, frame) for name, frame in tables.items()}).protected(least)
    for name, column in (("enterprises", "town"), ("enterprises", "category"), ("demands", "owner")):
        frame = shown.tables[name].dropna(subset=[column])
        sizes = frame.groupby(column)["enterprise_id"].nunique()
        assert sizes.min() >= least or frame.empty
        # No group is dropped unless all of them together are too few.
        given = tables[name].dropna(subset=[column])
        assert len(frame) == len(given) or given["enterprise_id"].nunique() < least or len(sizes) == 0


def test_three_is_the_default_of_every_way_to_protect():
    ids = list("ABCDEFGH")
    towns = ["a"] * 2 + ["b"] * 3 + ["c"] * 3
    enterprises = typed("enterprises", pd.DataFrame({"enterprise_id": ids, "name": ids, "town": towns}))
    ledger = Ledger(enterprises=enterprises)
    assert without_small_groups(ledger) == without_small_groups(ledger, least=3)
    assert without_small_groups(ledger) != without_small_groups(ledger, least=2)
    assert without_small_groups(ledger) != without_small_groups(ledger, least=4)
    rows = pd.DataFrame({"enterprise_id": list("ABCDEF"), "town": list("aabbbb")})
    assert suppress_small_groups(rows["town"], rows["enterprise_id"]).tolist() == [OTHERS] * 6
    count = counted_rows("town")
    three = without_small_figures(count, rows, "town", least=3)
    assert without_small_figures(count, rows, "town").equals(three)
    assert not without_small_figures(count, rows, "town", least=2).equals(three)
    months = pd.DataFrame({"enterprise_id": list("AABCDEFG"), "month": list("11222333")})
    assert without_small_figures(counted_rows("month"), months, "month")["month"].tolist() == ["3"]
    assert without_small_figures(counted_rows("month"), months, "month", least=4).empty


def counted_rows(by):
    return lambda rows: rows.groupby(by).size().reset_index(name="n")


def test_a_ledger_without_a_limit_stays_as_it_is(ledger):
    assert ledger.protected(None) is ledger
    assert ledger.protected(3) == without_small_groups(ledger, least=3)
    with pytest.raises(ValueError, match="expected least of 2 or more"):
        ledger.protected(1)
