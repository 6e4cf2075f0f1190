import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import parquet_reading
from liaison_analysis.ledger.parquet_reading import parquet_rows


def parquet(**columns):
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_header_and_values_come_as_a_person_reads_them_and_a_missing_one_is_blank():
    data = parquet(
        编号=pa.array(["D1", None, "D1"]),
        人数=pa.array([120, None, 3]),
        天=pa.array([0, None, 19_000], pa.date32()),
        是=pa.array([True, False, None]),
    )
    assert parquet_rows(data, "a.parquet") == [
        ["编号", "人数", "天", "是"],
        ["D1", "120", "1970-01-01", "true"],
        ["", "", "", "false"],
        ["D1", "3", "2022-01-08"],
    ]


def test_equal_texts_are_one_object():
    rows = parquet_rows(parquet(a=pa.array(["停车难" * 9] * 3)), "a.parquet")
    assert rows[1][0] is rows[2][0] is rows[3][0]


def test_binary_columns_are_text_in_either_encoding_and_other_bytes_are_refused():
    data = parquet(a=pa.array(["停车".encode(), "用电".encode("gb18030")], pa.binary()))
    assert parquet_rows(data, "a.parquet") == [["a"], ["停车"], ["用电"]]
    with pytest.raises(LedgerError, match=r"^a\.parquet: holds bytes that are no text in UTF-8 or GB 18030"):
        parquet_rows(parquet(a=pa.array([b"\xff\x80"], pa.binary())), "a.parquet")


def test_values_in_lists_are_counted_whatever_the_number_of_rows(monkeypatch):
    monkeypatch.setattr(parquet_reading, "MAX_CELLS", 6)
    assert parquet_rows(parquet(a=[[1, 2, 3], [4, 5, 6]]), "a.parquet") == [
        ["a"],
        ["[1, 2, 3]"],
        ["[4, 5, 6]"],
    ]
    with pytest.raises(LedgerError, match="has more than 6 values in lists"):
        parquet_rows(parquet(a=[[1, 2, 3], [4, 5, 6, 7]]), "a.parquet")


def test_a_truncated_file_is_refused_as_damaged():
    data = parquet(a=["停车"] * 9)
    with pytest.raises(LedgerError, match=r"^a\.parquet: "):
        parquet_rows(data[: len(data) // 2], "a.parquet")
