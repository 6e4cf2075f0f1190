"""Compound files whose chains have no end are refused before a parser follows them."""

import struct
from pathlib import Path

import pytest

from liaison_analysis import LedgerError
from liaison_analysis.ledger.compound_guard import refuse_endless

REAL = (Path(__file__).parents[1] / "data" / "libreoffice.xls").read_bytes()


def test_a_real_file_passes():
    refuse_endless(REAL, "a.xls")


def with_number(place, value, *, base=REAL):
    return base[:place] + struct.pack("<I", value) + base[place + 4 :]


def table(data):
    """Where the first table of sectors stands."""
    (first,) = struct.unpack_from("<I", data, 76)
    return 512 + first * 512


def test_a_directory_or_stream_that_comes_back_to_itself_is_refused():
    (directory,) = struct.unpack_from("<I", REAL, 48)
    endless = with_number(table(REAL) + 4 * directory, directory)
    with pytest.raises(LedgerError, match="is encrypted or damaged; open it"):
        refuse_endless(endless, "a.xls")
    start = next(
        struct.unpack_from("<I", REAL, at + 116)[0]
        for at in range(512 + directory * 512, 512 + directory * 512 + 512, 128)
        if REAL[at + 66] == 5
    )
    with pytest.raises(LedgerError, match="is encrypted or damaged"):
        refuse_endless(with_number(table(REAL) + 4 * start, start), "a.xls")


@pytest.mark.parametrize("data", [b"", REAL[:40], bytes(2048)])
def test_what_is_too_short_or_blank_is_refused(data):
    with pytest.raises(LedgerError, match="is encrypted or damaged"):
        refuse_endless(data, "a.xls")
