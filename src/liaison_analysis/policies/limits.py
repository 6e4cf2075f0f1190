"""Reading of documents in a separate process, which is ended when it takes too long or too much memory."""

from __future__ import annotations

import atexit
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from typing import IO, Any, Final

from liaison_analysis._messages import marked, message
from liaison_analysis.policies.formats import SECONDS, read_bytes
from liaison_analysis.policies.source import Note, Paragraph, SourceDocument, UnreadableError

#: Memory that reading one document may take, in bytes.
MEMORY: Final = 1 << 30
_TOO_LARGE: Final = marked("takes more than {n} GB of memory to read; split it, or save it again")
_LENGTH: Final = struct.Struct("<Q")


class ParserError(ValueError):
    """A parser failed in the other process; the message is the kind of failure."""


class _Worker:
    """A process that reads one document after another."""

    def __init__(self) -> None:
        paths = os.pathsep.join(path for path in sys.path if path)
        self._process = subprocess.Popen(  # noqa: S603 - this Python, our own module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": paths},
        )
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            answer = _receive(self._process.stdout)
            self._answers.put(answer)
            if answer is None:
                return

    def ask(self, data: bytes, suffix: str, seconds: float) -> bytes | None:
        """Answer a request; none where the process ended. Raises ``queue.Empty`` after the time."""
        try:
            _send(self._process.stdin, suffix.encode() + b"\n" + data)
        except OSError:  # it has ended already
            return None
        return self._answers.get(timeout=seconds)

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue


_workers: list[_Worker] = []
_lock = threading.Lock()


def read_bounded(data: bytes, suffix: str, *, seconds: float = SECONDS) -> SourceDocument:
    """Read a document as ``formats.read_bytes`` does, within ``seconds`` and 1 GB.

    Parameters
    ----------
    data, suffix
        As for ``formats.read_bytes``.
    seconds
        Time that it may take.

    Raises
    ------
    UnreadableError
        It takes longer or more memory, or cannot be read.
    ParserError
        Its parser fails; the message is the kind of failure.

    Examples
    --------
    >>> read_bounded("第一条 甲。".encode(), ".txt").paragraphs
    [Paragraph(text='第一条 甲。', place='第1段', notes=())]
    """
    with _lock:
        worker = _workers.pop() if _workers else _Worker()
        try:
            answer = worker.ask(data, suffix, seconds)
        except queue.Empty:
            worker.end()
            raise UnreadableError(
                message(
                    "takes longer than {seconds:g} seconds to read; split it, or save it again",
                    seconds=seconds,
                )
            ) from None
        except BaseException:
            worker.end()
            raise
        if answer is None:
            worker.end()
            raise UnreadableError(
                message(
                    "takes more than {memory} GB of memory to read; split it, or save it again",
                    memory=MEMORY >> 30,
                )
            )
        _workers.append(worker)
    found: dict[str, Any] = json.loads(answer)
    if "unreadable" in found:
        raise UnreadableError(found["unreadable"])
    if "failed" in found:
        raise ParserError(found["failed"])
    paragraphs = [
        Paragraph(text, place, tuple(Note(*note) for note in notes))
        for text, place, notes in found["paragraphs"]
    ]
    return SourceDocument(
        paragraphs, found["stated"], found["attachments"], found["note"], found["footnotes"]
    )


@atexit.register
def _end_all() -> None:
    for worker in _workers:
        worker.end()


def _send(stream: IO[bytes] | None, data: bytes) -> None:
    if stream is None:
        raise OSError("no stream")
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _receive(stream: IO[bytes] | None) -> bytes | None:
    if stream is None:
        return None
    try:
        head = stream.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack(head)
        data = stream.read(length)
    except (OSError, ValueError):  # closed in the meantime
        return None
    return data if len(data) == length else None


def answer_to(data: bytes, suffix: str) -> dict[str, Any]:
    """Read a document for the parent process; errors become part of the answer.

    Examples
    --------
    >>> answer_to(b"%PDF-1.7 no more", ".pdf")
    {'failed': 'PdfminerException'}
    """
    try:
        return read_bytes(data, suffix)._asdict()
    except UnreadableError as error:
        return {"unreadable": str(error)}
    except Exception as error:  # noqa: BLE001 - parsers of other formats raise arbitrary errors
        if _ran_out_of_memory(error):
            return {"unreadable": message(_TOO_LARGE, n=MEMORY >> 30)}
        return {"failed": type(error).__name__}


def _ran_out_of_memory(error: BaseException | None) -> bool:
    """Whether an error is, or was caused by, a ``MemoryError``; parsers wrap it in errors of their own."""
    while error is not None:
        if isinstance(error, MemoryError) or any(isinstance(part, MemoryError) for part in error.args):
            return True
        error = error.__cause__ or error.__context__
    return False


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until the parent process ends."""
    while (request := _receive(requests)) is not None:
        suffix, _, data = request.partition(b"\n")
        answer = json.dumps(answer_to(data, suffix.decode()))
        _send(answers, answer.encode("utf-8", "surrogatepass"))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no memory limit; the time limit works everywhere
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    _bound_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
