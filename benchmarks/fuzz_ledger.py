"""Feed broken workbooks, CSV and Parquet files to ``read_ledger``: only a ``LedgerError`` may come out.

Run with ``python benchmarks/fuzz_ledger.py --inputs 100000`` in the project's environment; atheris is taken
from ``.bench-venv``. Three engines share the inputs: ``atheris`` (libFuzzer, led by the coverage of this
package) changes bytes of CSV files, of the parts of a workbook, of Parquet files and of their footers;
``hypothesis`` makes up tables out of headers, cells and encodings; ``mutate`` breaks whole ledgers of three
tables by numbered recipes (``--engine mutate --first 4711 --inputs 1`` makes that one again).

Each engine reads in a long-lived process: it may take 4 GB of address space, and 20 seconds of processor time
for one input, so that a busy machine causes no findings. A process that dies is a finding, and the next one
takes over. The input is kept beside each finding.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fuzz_inputs import (
    DEMANDS,
    ENTERPRISES,
    NASTY,
    PHONE,
    SEEDS,
    TABLES,
    csv_bytes,
    place,
    workbook,
    write_input,
)

ROOT = Path(__file__).parents[1]
ENGINES = {"atheris": 0.8, "hypothesis": 0.1, "mutate": 0.1}
ADDRESS_SPACE = 4 << 30
SECONDS = 20


class TooSlow(BaseException):
    """One input took longer than allowed; not an ``Exception``, so that no handler catches it."""


class Judge:
    """Reads inputs and counts the outcomes; prints a line of JSON for each finding."""

    def __init__(self) -> None:
        from liaison_analysis.errors import LedgerError
        from liaison_analysis.ledger import read_ledger

        self.error, self.read = LedgerError, read_ledger
        self.seen: Counter[str] = Counter()
        self.slowest, self.done = 0.0, 0

        def stop(*_: object) -> None:
            raise TooSlow

        signal.signal(signal.SIGPROF, stop)

    def __call__(self, path: Path, kind: str, *, leaks: bool, again: object) -> None:
        """Read one ledger; ``leaks``: its phone number has nothing beside it by which it would not be one."""
        folder = path if path.is_dir() else path.parent
        before = {f.name: (f.stat().st_mtime_ns, f.stat().st_size) for f in os.scandir(folder)}
        start = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        output = ""
        try:
            ledger = self.read(path)
            result = "read"
            if leaks:
                output = (
                    repr(ledger) + str(ledger.notes) + "".join(f.to_csv() for f in ledger.tables.values())
                )
        except self.error as error:
            deep = error.problems["row"].notna().any() or len(error.problems) > 1
            result = "refused, cells" if deep else "refused, file"
            output = str(error) + (error.problems.to_csv() if leaks else "")
        except BaseException as error:  # any other exception is a finding
            result = f"{type(error).__name__}: {error}"[:200]
        signal.setitimer(signal.ITIMER_PROF, 0)
        self.slowest = max(self.slowest, time.process_time() - start)
        # After other digits, as the number of a thing or as an amount, it is not taken for a phone number.
        if leaks and re.search(rf"(?<!\d)(?<!编号)(?<!收入){PHONE}(?!\d)", output):
            result = "leaked: " + output[max(0, output.index(PHONE) - 30) :][:80]
        after = {f.name: (f.stat().st_mtime_ns, f.stat().st_size) for f in os.scandir(folder)}
        if before != after:
            result = "wrote something"
        good = result in {"read", "refused, cells", "refused, file"}
        self.seen[f"{kind} {result if good else 'found'}"] += 1
        self.done += 1
        if not good:
            self.tell({"find": result, "input": again})
        if not good or self.done % 500 == 0:
            self.tell_counts()

    def tell(self, what: dict[str, object]) -> None:
        print("@" + json.dumps(what), flush=True)

    def tell_counts(self) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.tell({"done": self.done, "seen": self.seen, "slowest": self.slowest, "peak": peak})


def by_numbers(judge: Judge, root: Path, first: int, inputs: int) -> None:
    """Whole ledgers of three tables, broken by numbered recipes."""
    book = workbook()
    for number in range(first, first + inputs):
        folder = root / str(number)
        folder.mkdir(exist_ok=True)
        kind = ("xlsx", "csv", "parquet")[number % 3]
        judge(write_input(number, folder, book), kind, leaks=True, again=number)
        shutil.rmtree(folder)


def by_hypothesis(judge: Judge, root: Path, first: int, inputs: int) -> None:
    """Tables made up of headers and cells, in encodings that may not fit, with bytes put between."""
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis import strategies as st

    cells = st.one_of(
        st.sampled_from([*NASTY, *(cell for row in DEMANDS for cell in row)]), st.text(max_size=12)
    )
    header = st.lists(st.one_of(st.sampled_from(ENTERPRISES[0] + DEMANDS[0]), cells), min_size=1, max_size=9)
    body = st.lists(st.lists(cells, max_size=9), max_size=6)
    codecs = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be", "latin-1", "utf-7"])
    marks = st.sampled_from([",", "\t", ";", '","', "\r\n"])

    @seed(first)
    @settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(header, body, st.tuples(codecs, marks, st.binary(max_size=8)), st.booleans())
    def read(header, body, written, first_table):
        (codec, mark, junk), table = written, "enterprises" if first_table else "demands"
        data = "\n".join(mark.join(row) for row in [header, *body]).encode(codec, "replace") + junk
        folder = root / "ledger"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / f"{table}.csv").write_bytes(data)
        if len(body) % 2:
            other = "demands" if table == "enterprises" else "enterprises"
            (folder / f"{other}.csv").write_bytes(csv_bytes(TABLES[other]))
        judge(folder, "csv", leaks=False, again=data.hex()[:4_000])

    read()


def by_atheris(judge: Judge, root: Path, first: int, inputs: int) -> None:
    """Bytes of files and of their parts, changed where that leads into code not reached before."""
    import atheris

    corpus = root / "corpus"
    corpus.mkdir(exist_ok=True)
    for kind, (_, data) in enumerate(SEEDS):
        (corpus / str(kind)).write_bytes(bytes([kind]) + data)
    start = judge.done

    def read(data: bytes) -> None:
        kind = data[0] % len(SEEDS) if data else 0
        folder = root / "ledger"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        judge(place(kind, data[1:], folder), SEEDS[kind][0].split()[0], leaks=False, again=data.hex()[:4_000])
        if judge.done - start >= inputs:
            judge.tell_counts()
            os._exit(0)  # libFuzzer would keep the process

    options = ["-max_len=8192", "-len_control=0", "-rss_limit_mb=0", "-timeout=60", "-verbosity=0"]
    atheris.Setup([sys.argv[0], f"-seed={first + 1}", *options, str(corpus)], read)
    atheris.Fuzz()


def work(engine: str, first: int, inputs: int) -> None:
    """Read inputs in this process."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    if engine == "atheris":
        # Last, so that only what the project's own environment lacks is taken from there.
        sys.path += [str(folder) for folder in ROOT.glob(".bench-venv/lib/python*/site-packages")]
        import atheris

        with atheris.instrument_imports(include=["liaison_analysis"]):
            import liaison_analysis.ledger.model  # noqa: F401 - so that its coverage is seen
    judge = Judge()
    root = Path(os.environ["FUZZ_ROOT"])
    {"mutate": by_numbers, "hypothesis": by_hypothesis, "atheris": by_atheris}[engine](
        judge, root, first, inputs
    )
    judge.tell_counts()


def run(engine: str, first: int, inputs: int, seconds: float) -> dict[str, object]:
    """Read inputs in processes of their own, one after the other, each going on where the last one died."""
    seen, finds, slowest, peak, at = Counter(), [], 0.0, 0, first
    last, end = first + inputs, time.monotonic() + seconds
    # Short stretches, since what libFuzzer found to be new is kept between them in the folder.
    shared = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - as fast as memory
    with tempfile.TemporaryDirectory(dir=shared) as root:
        while at < last and time.monotonic() < end:
            command = [
                sys.executable,
                str(Path(__file__).resolve()),
                "--worker",
                "--engine",
                engine,
                "--first",
                str(at),
            ]
            command += ["--inputs", str(min(last - at, 5_000))]
            ran = subprocess.Popen(  # noqa: S603 - this very file
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=os.environ | {"FUZZ_ROOT": root},
                cwd=root,  # libFuzzer writes its slow inputs to its working folder
            )
            counts, stopped = {"done": 0, "seen": {}, "slowest": 0.0, "peak": 0}, False
            for line in ran.stdout or ():
                sums = json.loads(line[1:]) if line.startswith("@") else {}
                counts = sums if "done" in sums else counts
                finds += [sums] if "find" in sums else []
                if time.monotonic() > end and not stopped:
                    stopped = True
                    ran.kill()
            code = ran.wait()
            seen.update(counts["seen"])
            slowest, peak = max(slowest, counts["slowest"]), max(peak, counts["peak"])
            at += counts["done"]
            if code and not stopped:
                finds.append({"find": f"process ended with {code}", "input": f"after {at} of {engine}"})
                at += 1
            print(f"{engine}: {at - first:,} inputs, {len(finds)} finds", flush=True)
    return {"inputs": sum(seen.values()), "seen": seen, "finds": finds, "slowest": slowest, "peak": peak}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help="run one alone; all by their shares if not given")
    parser.add_argument("--inputs", type=int, default=3_000)
    parser.add_argument("--first", type=int, default=0, help="number, and seed of the other engines")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="stop each engine after this long"
    )
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="put the counts into RESULTS.md")
    given = parser.parse_args()
    if given.worker:
        work(given.engine, given.first, given.inputs)
        return
    shares = {given.engine: 1.0} if given.engine else ENGINES
    # Each waits for processes of its own.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            engine: pool.submit(run, engine, given.first, round(share * given.inputs), given.seconds)
            for engine, share in shares.items()
        }
    sums = {engine: ran.result() for engine, ran in runs.items()}
    rows = [
        f"| {engine} | {name} | {n:,} |"
        for engine, what in sums.items()
        for name, n in sorted(what["seen"].items())
    ]
    finds = [(engine, find) for engine, what in sums.items() for find in what["finds"]]
    for engine, find in finds:
        print(engine, json.dumps(find)[:3_000])
    versions = ", ".join(f"{name} {version(name)}" for name in ("atheris", "hypothesis", "pyarrow", "pandas"))
    text = (
        f"## Broken files\n\n`read_ledger` on {sum(what['inputs'] for what in sums.values()):,} broken "
        f"ledgers: {len(finds)} findings (another exception than `LedgerError`, a crash, a leak or a "
        f"write); the slowest took {max(what['slowest'] for what in sums.values()):.1f} s, and no process "
        f"more than {max(what['peak'] for what in sums.values())} MB. Refused, file: before any cell was "
        "looked at.\n\n"
        + "\n".join(["| engine | inputs | n |", "| --- | --- | --- |", *rows])
        + f"\n\nVersions: {versions}."
    )
    print(text)
    if given.write:
        from results import write_section

        write_section("fuzz", text)


def version(name: str) -> str:
    """Version of a package in any of the environments."""
    sys.path += [str(folder) for folder in ROOT.glob(".bench-venv/lib/python*/site-packages")]
    return importlib.metadata.version(name)


if __name__ == "__main__":
    random.seed(0)
    main()
