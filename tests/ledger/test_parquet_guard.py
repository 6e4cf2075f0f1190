import contextlib
import io
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.parquet_guard import refuse_unsafe_parquet
from liaison_analysis.ledger.sheet_measuring import MAX_CELLS

NAME = "offers.parquet"


def parquet(columns, **options):
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def with_footer(data, change):
    """The same file with its footer changed."""
    size = int.from_bytes(data[-8:-4], "little")
    footer = change(data[-8 - size : -8])
    return data[: -8 - size] + footer + len(footer).to_bytes(4, "little") + b"PAR1"


@pytest.mark.parametrize("codec", ["none", "snappy", "zstd", "gzip"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("words", [True, False])
def test_whole_files_pass(codec, version, words):
    columns = {
        "text": ["停车难"] * 5_000,
        "number": range(5_000),
        "none": [None] * 5_000,
        "list": [[1, 2], [], None, [3], [4]] * 1_000,
        "struct": [{"x": 1, "y": "q"}] * 5_000,
        "flag": [True, None] * 2_500,
    }
    options = {"compression": codec, "data_page_version": version, "use_dictionary": words}
    whole = parquet(columns, row_group_size=700, **options)
    assert refuse_unsafe_parquet(whole, NAME) is None
    assert refuse_unsafe_parquet(parquet({"text": pa.array([], pa.string())}, **options), NAME) is None
    with pytest.raises(LedgerError, match="is not a Parquet file, or damaged"):
        refuse_unsafe_parquet(whole[:-9] + whole[-8:], NAME)


def test_pages_that_state_more_than_they_hold():
    data = parquet({"a": [f"text {i}" for i in range(100)]}, compression="none", use_dictionary=False)
    # The first page's header follows the magic: kind, size unpacked, size packed, each a field of its own.
    header = re.match(rb"PAR1\x15\x00\x15(..)\x15(..)", data, re.DOTALL)
    assert header
    assert header[1] == header[2]
    for lie in (2**31 - 1, 2**30):
        forged = data[: header.start(1)] + varint(2 * lie) + data[header.end(1) :]
        grown = len(forged) - len(data)
        forged = with_footer(forged, lambda footer: footer)
        with pytest.raises(LedgerError, match=r"damaged|would unpack to"):
            refuse_unsafe_parquet(forged, NAME)
        # The column is as much longer as the header is: now the size alone is wrong.
        packed = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(0).total_compressed_size
        old, new = (b"\x16" + varint(2 * n) for n in (packed, packed + grown))
        forged = with_footer(forged, lambda footer, old=old, new=new: footer.replace(old, new))
        with pytest.raises(LedgerError, match=r"would unpack to 2,147 MB|would unpack to 1,074 MB"):
            refuse_unsafe_parquet(forged, NAME)


def test_rows_and_widths_that_would_not_fit():
    data = parquet({"a": ["x"] * 70, "b": ["y"] * 70})
    rows = b"\x16" + varint(140)
    many = with_footer(data, lambda footer: footer.replace(rows, b"\x16" + varint(2 * MAX_CELLS)))
    with pytest.raises(LedgerError, match="has more than 20,000,000 cells"):
        refuse_unsafe_parquet(many, NAME)
    wide = parquet({"a": pa.array([b"x" * 2_000], pa.binary(2_000))})
    with pytest.raises(LedgerError, match=r"more than 1,024 bytes of fixed width"):
        refuse_unsafe_parquet(wide, NAME)


def test_a_column_outside_of_the_file():
    data = parquet({"a": ["x"] * 70}, compression="none", use_dictionary=False)
    size = pq.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(0).total_compressed_size
    longer = with_footer(data, lambda footer: footer.replace(varint(2 * size), varint(2**40)))
    with pytest.raises(LedgerError, match="is not a Parquet file, or damaged"):
        refuse_unsafe_parquet(longer, NAME)


@given(st.data())
def test_changed_bytes_give_no_other_error(data):
    whole = bytearray(parquet({"a": ["停车", None, "x"], "b": [1, 2, 3]}, compression="snappy"))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(LedgerError):
        assert refuse_unsafe_parquet(bytes(whole), NAME) is None
