import datetime as dt
import os
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from liaison_analysis._files import replacing
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.workbooks import write_workbook

NOON = dt.datetime(2022, 3, 5, 12, 30)  # noqa: DTZ001 - Excel knows no time zones


def test_what_is_written_is_plain_values_of_the_right_kind(tmp_path):
    frame = pd.DataFrame(
        {
            "文": ["=1+1", "http://a.b", None],
            "数": pd.array([1, None, -3], dtype="Int64"),
            "half": [0.5, float("inf"), float("nan")],
            "日": pd.to_datetime(["2022-03-05", "1850-01-01", None]),
            "时": pd.to_datetime(["2022-03-05 12:30"] * 3),
            "否": pd.array([True, False, None], dtype="boolean"),
            "类": pd.Categorical(["a", "b", None]),
        }
    )
    path = write_workbook(tmp_path / "a.xlsx", {"甲": frame, "乙": pd.DataFrame()})
    book = openpyxl.load_workbook(path)
    assert [[cell.value for cell in row] for row in book["甲"].iter_rows(min_row=2)] == [
        ["=1+1", 1, 0.5, dt.datetime(2022, 3, 5), NOON, "true", "a"],  # noqa: DTZ001 - as NOON
        ["http://a.b", None, "inf", "1850-01-01", NOON, "false", "b"],
        [None, -3, None, None, NOON, None, None],
    ]
    assert book["甲"]["A2"].data_type == "s"
    assert book["甲"]["E2"].number_format == "yyyy-mm-dd hh:mm"
    assert book["甲"].freeze_panes == "A2"
    assert book["甲"].auto_filter.ref == "A1:G4"
    assert not any("hyperlink" in name.lower() for name in zipfile.ZipFile(path).namelist())


def test_columns_of_one_name_are_all_written(tmp_path):
    frame = pd.DataFrame([["1", "2"]], columns=["a", "a"])
    assert read_sheets(write_workbook(tmp_path / "a.xlsx", {"s": frame}))[0].rows == [["a", "a"], ["1", "2"]]


def test_what_excel_does_not_hold_is_refused_all_at_once(tmp_path):
    many = pd.DataFrame({"a": np.zeros(1_048_576)})
    wide = pd.DataFrame([["x"] * 16_385], columns=range(16_385))
    long = pd.DataFrame({"h" * 32_768: ["x"], "b": pd.Categorical(["😀" * 16_384])})
    with pytest.raises(LedgerError) as caught:
        write_workbook(tmp_path / "a.xlsx", {"many": many, "wide": wide, "long": long}, whole=True)
    found = caught.value.problems
    assert list(zip(found["sheet"], found["row"].fillna(0), strict=True)) == [
        ("many", 0),
        ("wide", 0),
        ("long", 1),
        ("long", 2),
    ]
    assert not list(tmp_path.iterdir())
    write_workbook(tmp_path / "cut.xlsx", {"long": long})
    ((head, *_), (_, text)) = read_sheets(tmp_path / "cut.xlsx")[0].rows
    assert head.endswith("h…（全文32,768字，此处截断）")
    assert text.endswith("😀…（全文16,384字，此处截断）")
    assert len(text.encode("utf-16-le")) // 2 in {32_766, 32_767}
    fits = pd.DataFrame({"a": ["长" * 32_767]})
    assert read_sheets(write_workbook(tmp_path / "b.xlsx", {"s": fits}))[0].rows[1] == ["长" * 32_767]


@pytest.mark.parametrize("words", [["x" * 128, "y" * 128], ["a,b"]])
def test_a_drop_down_that_excel_would_drop_is_refused(tmp_path, words):
    with pytest.raises(ValueError, match=r"too much for \[\('s', 'a'\)\]; offer fewer or shorter words"):
        write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame({"a": ["x"]})}, choices={("s", "a"): words})


def test_replacing_keeps_the_old_file_when_the_block_fails(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def interrupted():
        with replacing(path) as temporary:
            temporary.write_text("half")
            assert temporary.parent == tmp_path
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text() == "old"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_replacing_makes_folders_and_takes_the_longest_names(tmp_path):
    name = "长" * 83 + ".xlsx"
    with replacing(tmp_path / "new" / name) as temporary:
        temporary.write_text("x")
    made = tmp_path / "new" / name
    mask = os.umask(0)
    os.umask(mask)
    assert made.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_bad_sheet_name_leaves_nothing_behind(tmp_path):
    with pytest.raises(Exception, match=r"Invalid Excel character"):
        write_workbook(tmp_path / "a.xlsx", {"../[x]": pd.DataFrame({"a": ["x"]})})
    assert not list(tmp_path.iterdir())
