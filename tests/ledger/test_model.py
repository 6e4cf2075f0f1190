import datetime as dt
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest
from helpers.ledger_files import ledger_file, small_ledger

from liaison_analysis.errors import LedgerError, MissingTableError
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.schema import DTYPES, TABLES
from liaison_analysis.ledger.writing import write_ledger


def test_notes_and_dtypes(tmp_path):
    ledger = read_ledger(ledger_file(tmp_path))
    assert ledger.source == "台账.xlsx"
    # Nothing is switched off without synonyms, themes, limits or pauses.
    assert len(ledger.notes) == len(TABLES) - 6
    for name, frame in ledger.tables.items():
        columns = {column.name: DTYPES[column.kind] for column in TABLES[name].columns}
        assert {c: str(dtype) for c, dtype in frame.dtypes.items()} == columns
    assert repr(ledger) == "Ledger(台账.xlsx: enterprises 2, demands 2)"
    assert ledger.names().to_dict() == {"E1": "甲公司", "E2": "乙公司"}


def test_require_names_every_table_that_has_no_rows(tmp_path):
    ledger = read_ledger(ledger_file(tmp_path))
    ledger.require("enterprises", "demands")
    with pytest.raises(LedgerError) as caught:
        ledger.require("offers", "demands", "visits")
    assert caught.value.problems["sheet"].tolist() == ["offers", "visits"]
    assert (
        "add the sheet visits (走访记录) with the columns visit_id, officer_id, enterprise_id, visited_on"
        in str(caught.value)
    )


def test_ledgers_are_equal_by_their_rows(tmp_path):
    one = small_ledger()
    assert one == replace(small_ledger(), source="other")
    assert one == replace(one, demands=one.demands.set_axis([4, 5]))
    assert one != replace(one, demands=one.demands.iloc[::-1])
    assert one != "ledger"
    path = write_ledger(one, tmp_path / "a.xlsx")
    assert read_ledger(str(path)) == one


def test_importing_the_ledger_loads_no_heavy_package():
    heavy = {"python_calamine", "xlsxwriter", "pyarrow.parquet"}
    code = f"import sys, liaison_analysis.ledger.model; print(*{heavy} & {{*sys.modules}})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - own code
    assert not found.stdout.strip()


def frames_of_two():
    return {
        "enterprises": pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["甲公司", "乙公司"]}),
        "offers": pd.DataFrame(
            {"企业编号": ["E1", "E2"], "产品": ["轴承", "电机"], "收入占比": ["35%", None]}
        ),
    }


def test_frames_of_required_columns_alone_make_a_ledger():
    frames = frames_of_two()
    ledger = Ledger.from_frames(frames, source="mine")
    assert repr(ledger) == "Ledger(mine: enterprises 2, offers 2)"
    assert ledger.offers["weight"].tolist() == [0.35, pd.NA]
    for name, frame in ledger.tables.items():
        columns = {column.name: DTYPES[column.kind] for column in TABLES[name].columns}
        assert {c: str(dtype) for c, dtype in frame.dtypes.items()} == columns
    typed_offers = frames["offers"].assign(收入占比=[0.35, None])
    assert Ledger(enterprises=frames["enterprises"], offers=typed_offers) == ledger
    chinese = {"企业名录": frames["enterprises"], "产品": frames["offers"]}
    assert Ledger.from_frames(chinese) == ledger


def test_a_frame_without_a_required_column_is_one_error_that_names_it():
    frames = frames_of_two()
    enterprises = frames["enterprises"].drop(columns="name")
    offers = frames["offers"].rename(columns={"产品": "商品"})
    expected = [("enterprises", "name"), ("offers", "product")]
    for make in (Ledger.from_frames, lambda tables: Ledger(**tables)):
        with pytest.raises(LedgerError) as caught:
            make({"enterprises": enterprises, "offers": offers})
        assert list(caught.value.problems[["sheet", "column"]].itertuples(index=False, name=None)) == expected
        assert "column is missing; add it (columns given: 企业编号, 商品, 收入占比)" in str(caught.value)


def test_what_is_not_a_frame_is_refused():
    with pytest.raises(TypeError, match=r"by name; write Ledger\.from_frames"):
        Ledger({"enterprises": frames_of_two()["enterprises"]})
    with pytest.raises(TypeError, match=r"enterprises: expected a DataFrame, got dict; see Ledger"):
        Ledger(enterprises={"enterprise_id": ["E1"]})
    with pytest.raises(TypeError, match="offers: expected a DataFrame, got list"):
        Ledger.from_frames({"offers": [1]})
    with pytest.raises(TypeError, match="expected a dict of DataFrames by table name, got list"):
        Ledger.from_frames([frames_of_two()["enterprises"]])


def test_every_cell_of_given_frames_is_checked_at_once():
    frames = frames_of_two() | {
        "demands": pd.DataFrame(
            {
                "demand_id": ["D1", "D1", "D3"],
                "enterprise_id": ["E1", "E9", "E2"],
                "raised_on": [pd.Timestamp("2022-03-05"), "2022-02-30", dt.date(2022, 3, 6)],
                "text": ["停车难，联系13812345678", "用电", ["一", "二"]],
                "settled_on": [pd.Timestamp("2022-03-01"), None, pd.NaT],
            }
        ),
        "products": pd.DataFrame(),
    }
    with pytest.raises(LedgerError) as caught:
        Ledger.from_frames(frames)
    assert list(caught.value.problems.iloc[:, :4].itertuples(index=False, name=None)) == [
        ("products", pd.NA, "", ""),
        ("demands", 2, "raised_on", "2022-02-30"),
        ("demands", 2, "demand_id", "D1"),
        ("demands", 1, "settled_on", "2022-03-01"),
        ("demands", 2, "enterprise_id", "E9"),
    ]
    good = frames | {"demands": frames["demands"].iloc[[0, 2]].drop(columns="settled_on")}
    ledger = Ledger.from_frames({name: frame for name, frame in good.items() if name != "products"})
    assert ledger.demands["text"].tolist() == ["停车难，联系[手机号]", "['一', '二']"]
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == ["2022-03-05", "2022-03-06"]
    assert ledger.masked.to_numpy().tolist() == [["demands", "mobile", 1]]


def test_a_missing_table_has_an_error_class_of_its_own():
    with pytest.raises(MissingTableError) as caught:
        Ledger().require("demands")
    assert isinstance(caught.value, LedgerError)
