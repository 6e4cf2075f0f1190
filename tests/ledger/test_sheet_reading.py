import datetime as dt
import os
import re
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import parquet_reading, sheet_reading
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.workbooks import write_workbook

NOON = dt.datetime(2022, 3, 5, 12, 30)  # noqa: DTZ001 - Excel knows no time zones


def test_rows_start_at_the_first_row_and_end_at_the_last_filled_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active["C3"] = "a"
    book.active["B4"] = 1
    book.active["Z90"] = " "
    book.save(tmp_path / "a.xlsx")
    assert read_sheets(tmp_path / "a.xlsx")[0].rows == [[], [], ["", "", "a"], ["", "1"]]


def with_errors(path, **cells):
    """A workbook of two sheets; what cells of the second show that begin with # are errors of formulas."""
    book = openpyxl.Workbook()
    book.active["B2"] = "plain"
    sheet = book.create_sheet("二 & <三>")
    for place, value in cells.items():
        sheet[place] = value
        sheet[place].data_type = "e" if str(value).startswith("#") else sheet[place].data_type
    book.save(path)
    return path


def test_a_failed_formula_is_read_as_what_it_shows_in_its_own_sheet(tmp_path):
    path = with_errors(tmp_path / "a.xlsx", A1="a", C2="#DIV/0!", A3=7, B4="#N/A")
    first, second = read_sheets(path)
    assert first.rows == [[], ["", "plain"]]
    assert second.rows == [["a"], ["", "", "#DIV/0!"], ["7"], ["", "#N/A"]]


def test_errors_of_newer_excels_are_named_and_not_called_damage(tmp_path):
    path = with_errors(tmp_path / "a.xlsx", A1="a", AB3="#SPILL!", B2="#N/A", A5="#CALC!")
    with pytest.raises(LedgerError) as caught:
        read_sheets(path)
    assert caught.value.problems.drop(columns="reason").to_numpy().tolist() == [
        ["二 & <三>", 3, "AB", "#SPILL!"],
        ["二 & <三>", 5, "A", "#CALC!"],
    ]
    assert "fix or clear the cell" in str(caught.value)


def test_sheets_that_are_not_wanted_come_without_rows(tmp_path):
    path = write_workbook(
        tmp_path / "a.xlsx", {"x": pd.DataFrame({"a": ["1"]}), "y": pd.DataFrame({"a": ["2"]})}
    )
    assert [(s.name, s.rows) for s in read_sheets(path, lambda name: name == "y")] == [
        ("x", []),
        ("y", [["a"], ["2"]]),
    ]


def test_a_full_width_sheet_is_read_and_a_wider_file_refused(tmp_path):
    widest = ",".join(f"c{i}" for i in range(16_384))
    (tmp_path / "demands.csv").write_text(f"{widest}\n1\n")
    assert [len(row) for row in read_sheets(tmp_path)[0].rows] == [16_384, 1]
    (tmp_path / "demands.csv").write_text(f"{widest},x\n1\n")
    with pytest.raises(LedgerError, match=r"spans more than 20,000,000 cells or 16,384 columns"):
        read_sheets(tmp_path)


def test_one_wide_row_in_a_long_file_is_refused(tmp_path):
    (tmp_path / "demands.csv").write_text("x\n" * 30_000 + "," * 16_000 + "x\n")
    with pytest.raises(LedgerError, match=r"spans more than 20,000,000 cells"):
        read_sheets(tmp_path)


def test_parquet_that_unfolds_to_too_many_cells_is_refused(tmp_path):
    pd.DataFrame({"a": np.zeros(20_000_001, dtype="int8")}).to_parquet(tmp_path / "demands.parquet")
    assert (tmp_path / "demands.parquet").stat().st_size < 100_000
    with pytest.raises(LedgerError, match=r"has more than 20,000,000 cells"):
        read_sheets(tmp_path)


def refused_parquet(path, table, **options):
    """Message of the refusal, that the file was small, and that little memory was taken."""
    pq.write_table(table, path, **options)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    with pytest.raises(LedgerError) as caught:
        read_sheets(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak + pa.total_allocated_bytes() < 200_000_000
    return str(caught.value)


def test_one_long_text_in_very_many_rows_of_a_parquet_file(tmp_path):
    # Forty gigabytes of text, and five kilobytes of file.
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 40_000, "int32"), pa.array(["长" * 350_000]))
    table = pa.table({"a": long})
    for name, options in (("a", {}), ("b", {"store_schema": False})):
        found = refused_parquet(tmp_path / f"{name}.parquet", table, compression="zstd", **options)
        assert found.startswith(f"{name}.parquet: holds more than 640,000,000 characters")


def test_lists_that_a_parquet_file_unpacks_to(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_reading, "MAX_CELLS", 200_000)
    lists = pa.array([[None] * 90_000] * 3, pa.list_(pa.int8()))
    path = tmp_path / "a.parquet"
    assert refused_parquet(path, pa.table({"a": lists})) == (
        "a.parquet: has more than 200,000 values in lists; write one value in a cell"
    )
    deep = pa.array([1])
    for _ in range(90):
        deep = pa.StructArray.from_arrays([deep], ["a"])
    pq.write_table(pa.table({"demands": deep}), path)
    assert len(read_sheets(path)[0].rows) == 2


def test_equal_texts_of_a_parquet_file_come_as_written(tmp_path):
    frame = pd.DataFrame({"a": ["x", None, "y", "x", ""], "b": [1, None, 3, 4, 5]})
    frame.astype({"a": "category"}).to_parquet(tmp_path / "a.parquet")
    rows = [["a", "b"], ["x", "1"], [], ["y", "3"], ["x", "4"], ["", "5"]]
    assert read_sheets(tmp_path / "a.parquet")[0].rows == rows
    frame.to_parquet(tmp_path / "a.parquet")
    assert read_sheets(tmp_path / "a.parquet")[0].rows == rows


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "demands.csv"
    path.write_text("a\n1\n")
    states = [path.stat()]
    path.write_text("a\n1\n2\n")
    real = os.fstat

    def earlier_first(handle):
        return states.pop() if states else real(handle)

    monkeypatch.setattr(sheet_reading.os, "fstat", earlier_first)
    with pytest.raises(LedgerError, match=r"changed while it was read; close it elsewhere and try again"):
        read_sheets(path)


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_reading, "MAX_BYTES", 10)
    (tmp_path / "demands.csv").write_text("a,b,c\n1,2,3\n")
    with pytest.raises(LedgerError, match=r"demands\.csv: is larger than 1 GB"):
        read_sheets(tmp_path)


def test_a_sheet_in_another_encoding_is_not_taken_for_an_empty_one(tmp_path):
    path = write_workbook(tmp_path / "a.xlsx", {"demands": pd.DataFrame({"a": ["x"]})})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].decode().encode("utf-16")
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    with pytest.raises(LedgerError, match=r"is damaged"):
        read_sheets(path)


def test_a_parquet_file_whose_cells_point_past_their_words(tmp_path):
    table = pa.table({"企业编号": ["E1", "E2", "E3"] * 3, "名": ["甲", "乙", "甲"] * 3})
    pq.write_table(table, tmp_path / "offers.parquet", compression="none", store_schema=False)
    whole = (tmp_path / "offers.parquet").read_bytes()
    refused = 0
    for at in range(4, 60):
        data = whole[:at] + b"\x02" + whole[at + 1 :]
        (tmp_path / "offers.parquet").write_bytes(data)
        try:
            cells = {cell for row in read_sheets(tmp_path / "offers.parquet")[0].rows for cell in row}
        except LedgerError:
            refused += 1
        else:  # what is read stands in the file and is no word from elsewhere in memory
            plain = re.sub(rb"[\x00-\x1f]", b"", data)
            assert [cell for cell in cells if cell.encode() not in plain] == []
    assert refused >= 20


def test_a_quote_that_is_never_closed_does_not_grow_with_the_file(tmp_path):
    (tmp_path / "offers.csv").write_text('enterprise_id,product\nE1,"' + "x" * (1 << 24) + "\n", "utf-8")
    with pytest.raises(LedgerError, match=r"line 2: field larger than field limit .*; correct the quotes"):
        read_sheets(tmp_path / "offers.csv")


def test_text_of_a_parquet_file_that_was_written_as_binary_is_read_and_masked(tmp_path):
    texts = ["停车难，电话１３９８３４１２２２６".encode(), "用电".encode("gb18030")]
    columns = {"demand_id": ["D1", "D2"], "enterprise_id": ["E1", "E1"], "raised_on": ["2022-03-01"] * 2}
    pq.write_table(pa.table({**columns, "text": pa.array(texts, pa.binary())}), tmp_path / "demands.parquet")
    pd.DataFrame({"enterprise_id": ["E1"], "name": ["甲厂"]}).to_parquet(tmp_path / "enterprises.parquet")
    assert read_ledger(tmp_path).demands["text"].tolist() == ["停车难，电话[手机号]", "用电"]
    broken = pa.table({**columns, "text": pa.array([b"\xff\xff", b"x"], pa.binary())})
    pq.write_table(broken, tmp_path / "demands.parquet")
    with pytest.raises(LedgerError, match=r"demands\.parquet: holds bytes that are no text"):
        read_ledger(tmp_path)


def test_a_users_own_column_of_phones_is_masked_by_its_header(tmp_path):
    (tmp_path / "enterprises.csv").write_text("enterprise_id,name\nE1,甲厂\n", encoding="utf-8")
    header = "demand_id,enterprise_id,raised_on,text,办公电话,手机后四位,微信号,楼栋\n"
    row = "D1,E1,2022-03-01,停车难,67891234转801,2226,zhaoliu88,67891234\n"
    (tmp_path / "demands.csv").write_text(header + row, encoding="utf-8")
    (cells,) = read_ledger(tmp_path).demands[["办公电话", "手机后四位", "微信号", "楼栋"]].to_numpy().tolist()
    assert cells == ["[固定电话]", "[手机号]", "[微信号]", "67891234"]


@pytest.mark.parametrize("suffix", [".xls", ".et", ".ods"])
def test_workbooks_of_another_office_are_read_with_their_merged_cells_and_days(tmp_path, suffix):
    # Saved by LibreOffice 7 from a sheet of three demands, two of them under one merged name.
    data = Path(__file__).parents[1] / "data" / f"libreoffice{'.xls' if suffix == '.et' else suffix}"
    path = tmp_path / f"台账{suffix}"
    path.write_bytes(data.read_bytes())
    ledger = read_ledger(path)
    assert ledger.names()[ledger.demands["enterprise_id"]].tolist() == [
        *["江北恒泰精密机械有限公司"] * 2,
        "东岸云帆软件有限责任公司",
    ]
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == [
        "2022-06-03",
        "2022-06-03",
        "2022-06-07",
    ]
    assert ledger.demands["status"].tolist() == ["settled", "solving", "cannot be solved"]


def test_files_of_a_folder_that_may_hold_demands_and_are_not_read_are_named(tmp_path):
    rows = "企业名称,诉求内容,提出日期\n甲公司,停车难,2022-06-01\n"
    (tmp_path / "6月.csv").write_text(rows, encoding="utf-8")
    for name in ("7月.docx", "README.md", "~$7月.docx"):
        (tmp_path / name).write_bytes(b"x")
    notes = read_ledger(tmp_path).notes
    assert [note for note in notes if "not read" in note] == [
        "file '7月.docx' of the folder was not read; give it alone if it holds demands"
    ]
