"""Documents that need too much time or memory give a one-line error, and the next one is still read."""

import io
import json
import subprocess
import sys
import threading
import zlib

import pytest

from liaison_analysis.policies import limits
from liaison_analysis.policies.limits import ParserError, answer_to, read_bounded, serve
from liaison_analysis.policies.source import UnreadableError

GOOD = "第一条 甲。".encode()


def bomb(size):
    """A PDF whose only stream unpacks to so many bytes."""
    packer = zlib.compressobj(9)
    chunk = b"BT (a) Tj ET " * 80_000
    packed = b"".join(packer.compress(chunk) for _ in range(size // len(chunk))) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<<>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
    ]
    body = b"%PDF-1.4\n"
    places = []
    for i, one in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % i + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + b"xref\n0 5\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 5/Root 1 0 R>>startxref\n%d\n%%%%EOF" % len(body)
    )


def test_a_document_that_takes_too_long_is_refused_and_the_next_is_read():
    with pytest.raises(UnreadableError, match=r"takes longer than 0\.2 seconds to read; split it"):
        read_bounded(bomb(30 << 20), ".pdf", seconds=0.2)
    assert read_bounded(GOOD, ".txt").paragraphs[0].text == "第一条 甲。"


def test_the_other_process_may_take_one_gigabyte(monkeypatch):
    code = "from liaison_analysis.policies import limits as l\nl._bound_memory()\nbytearray(2 << 30)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert ended.stderr.splitlines()[-1] == "MemoryError"

    def greedy(*_):
        raise ValueError(MemoryError())  # as pdfplumber does

    monkeypatch.setattr(limits, "read_bytes", greedy)
    assert "takes more than 1 GB of memory" in answer_to(GOOD, ".txt")["unreadable"]


def test_errors_of_the_other_process_come_back():
    with pytest.raises(ParserError, match="PdfminerException"):
        read_bounded(b"%PDF-1.7 no more", ".pdf")
    assert answer_to(b"PK", ".docx") == {"failed": "BadZipFile"}


def test_a_process_that_ended_is_replaced():
    read_bounded(GOOD, ".txt")
    limits._workers[-1]._process.kill()
    limits._workers[-1]._process.wait()
    with pytest.raises(UnreadableError, match="memory"):
        read_bounded(GOOD, ".txt")
    assert read_bounded(GOOD, ".txt").paragraphs[0].text == "第一条 甲。"


def test_documents_from_several_threads_do_not_mix():
    wanted = {i: f"第一条 {i}。" for i in range(8)}
    found = {}

    def ask(i):
        found[i] = read_bounded(wanted[i].encode(), ".txt").paragraphs[0].text

    threads = [threading.Thread(target=ask, args=(i,)) for i in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == wanted


def test_the_server_ends_with_its_input():
    request = b".txt\n" + GOOD
    answers = io.BytesIO()
    serve(io.BytesIO(len(request).to_bytes(8, "little") + request + b"cut off"), answers)
    assert json.loads(answers.getvalue()[8:])["paragraphs"] == [["第一条 甲。", "第1段", []]]
