"""A PDF that unpacks to far more than a document's text is refused before a library unpacks it."""

import zlib

import pytest

from liaison_analysis.policies import pdf_guard
from liaison_analysis.policies.source import UnreadableError


@pytest.mark.parametrize("times", [1, 2])
def test_a_pdf_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(times):
    packed = bytes(200 << 20)
    for _ in range(times):  # packed twice, it unpacks to a small stream first
        packed = zlib.compress(packed, 9)
    data = b"%PDF-1.4\n1 0 obj <</Filter/FlateDecode>>\nstream\r\n" + packed + b"\nendstream"
    with pytest.raises(UnreadableError, match="unpacks to more than 32 MB in one part"):
        pdf_guard.refuse_bomb(data)


def test_streams_that_are_pictures_or_damaged_are_not_taken_for_bombs(monkeypatch):
    monkeypatch.setattr(pdf_guard, "MAX_STREAM", 1000)
    monkeypatch.setattr(pdf_guard, "MAX_STREAMS", 2500)

    def stream(size, dictionary=b"<<>>", cut=0):
        packed = zlib.compress(b"a" * size)
        return (
            b"1 0 obj " + dictionary + b"\nstream\n" + packed[: len(packed) - cut] + b"\nendstream endobj\n"
        )

    pdf_guard.refuse_bomb(stream(9000, b"<</Subtype /Image>>") + stream(900))
    pdf_guard.refuse_bomb(stream(900, cut=4) + b"stream\nno packed stream endstream\n")
    pdf_guard.refuse_bomb(stream(900) * 2)
    with pytest.raises(UnreadableError, match="unpacks to more than"):
        pdf_guard.refuse_bomb(stream(900) * 3)
    with pytest.raises(UnreadableError, match="in one part"):
        pdf_guard.refuse_bomb(stream(9000, b"<</Subtype /Image>>") + stream(1001))
