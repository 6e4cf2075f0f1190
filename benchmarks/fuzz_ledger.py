"""Feed broken workbooks, CSV and Parquet files to ``read_ledger``: only a ``LedgerError`` may come out.

Run with ``python benchmarks/fuzz_ledger.py --inputs 100000`` in the project's environment. Every input has a
number, and ``--first 4711 --inputs 1`` makes that one again. Inputs are read in a process of their own,
which may take 4 GB of address space and 20 seconds for one; a crash of it counts as a find. Numbers are
invented ledgers with a phone number in them, so that a leak counts as a find too.

Half of the inputs are whole files with bytes changed; the others are changed inside: parts of the workbook's
zip, cells of CSV, values of Parquet columns.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

PHONE = "13812345678"
ENTERPRISES = [["企业编号", "企业名称", "人数"], ["E1", "甲公司" + PHONE, "120"], [PHONE, "乙公司", ""]]
DEMANDS = [
    ["demand_id", "enterprise_id", "raised_on", "text", "status", "settled_on", "in_remit", "备注"],
    ["D1", "E1", "2022-03-05", "停车难,请联系" + PHONE, "settled", "2022-04-01", "yes", "=1+1"],
    ["D2", PHONE, "44630", "用电不稳", "办理中", "", "否", "x"],
]
OFFERS = [["企业编号", "产品", "收入占比"], ["E1", "机器人", "35%"], [PHONE, "整车", "0.4"]]
TABLES = {"enterprises": ENTERPRISES, "demands": DEMANDS, "offers": OFFERS}
NASTY = [
    *("", " ", "\x00", "\n", '"', "'", ",", "\t", "=1+1", PHONE, "١٣٨", "1e999", "nan", "-0", "9" * 400),
    *("2022-13-45", "0000-00-00", "99999", "60", "\ud7ff", "\ufeff", "\u202e", "<", "&", "]]>", "A1"),
    *("XFD1048576", "1048577", "企业编号", "demand_id", "enterprises", "是", "1e+17", "5.00109199001011e+17"),
    "长" * 40_000,
]


def workbook() -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    for name, rows in TABLES.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                (sheet.write_number if cell.isdecimal() else sheet.write_string)(
                    i, j, float(cell) if cell.isdecimal() else cell
                )
    book.close()
    return target.getvalue()


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in rows]
    return "\n".join(",".join(row) for row in quoted).encode(encoding, errors="replace")


def parquet_bytes(rows: list[list[str]], rng: random.Random) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns, wild = {}, rng.random() < 0.4
    for j, header in enumerate(rows[0]):
        cells = pa.array([row[j] for row in rows[1:]])
        kind = rng.random() if wild else 1
        if kind < 0.1:
            cells = cells.dictionary_encode()
        elif kind < 0.2:
            cells = pa.array([rng.choice([None, 1, 2**62, -1]) for _ in rows[1:]])
        elif kind < 0.25:
            cells = pa.array([rng.choice([None, float("nan"), 1e308, 13812345678.0]) for _ in rows[1:]])
        elif kind < 0.3:
            cells = pa.array([rng.choice([None, 0, -(2**62), 2**62]) for _ in rows[1:]], pa.timestamp("us"))
        elif kind < 0.33:
            cells = pa.array([[1], None][: len(rows) - 1] + [[]] * (len(rows) - 3))
        elif kind < 0.36:
            cells = pa.array([b"\xff\x00"] * (len(rows) - 1))
        columns[header] = cells
    target = io.BytesIO()
    codec = rng.choice(["none", "snappy", "zstd", "gzip"])
    pq.write_table(pa.table(columns), target, compression=codec, store_schema=rng.random() < 0.5)
    return target.getvalue()


def broken_bytes(data: bytes, rng: random.Random) -> bytes:
    """Change bytes, and move, repeat, drop or insert pieces."""
    changed = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        if not changed:
            break
        at, length = rng.randrange(len(changed)), rng.choice([1, 2, 4, 30, 400])
        match rng.randrange(7):
            case 0:
                changed[at] ^= 1 << rng.randrange(8)
            case 1:
                changed[at : at + length] = rng.randbytes(length)
            case 2:
                del changed[at : at + length]
            case 3:
                changed[at:at] = changed[at : at + length] * rng.choice([1, 2, 50])
            case 4:
                changed[at : at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\x00" * 4, b"\xff\xff\xff\x7f"])
            case 5:
                changed[at:at] = rng.choice(NASTY).encode("utf-8", "surrogatepass")
            case _:
                del changed[at:]
    return bytes(changed)


def broken_rows(rows: list[list[str]], rng: random.Random) -> list[list[str]]:
    rows = [list(row) for row in rows]
    for _ in range(rng.choice([1, 2, 5])):
        i = rng.randrange(len(rows))
        j = rng.randrange(len(rows[i]))
        match rng.randrange(6):
            case 0 | 1:
                rows[i][j] = rng.choice(NASTY) + rng.choice(["", rows[i][j]])
            case 2:
                rows.insert(i, list(rng.choice(rng.choice([DEMANDS, OFFERS, ENTERPRISES]))))
            case 3 if len(rows) > 2:
                del rows[i]
            case 4 if len(rows[i]) > 1:
                del rows[i][j]
            case _:
                rows[i].insert(j, rng.choice(NASTY))
    return rows


def broken_workbook(data: bytes, rng: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for name in rng.choices(sorted(parts), k=rng.choice([1, 1, 2])):
        how = rng.random()
        if how < 0.5:
            parts[name] = broken_bytes(parts[name], rng)
        elif how < 0.9:
            text = parts[name].decode(errors="replace")
            pieces = text.replace("<", "\x01<").replace('"', '\x01"').split("\x01")
            at = rng.randrange(len(pieces))
            pieces[at] = rng.choice([rng.choice(pieces), '"' + rng.choice(NASTY), pieces[at] * 2, ""])
            parts[name] = "".join(pieces).encode("utf-8", "surrogatepass")
        else:
            parts[rng.choice(sorted(parts))] = parts[name]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def write_input(number: int, folder: Path, book: bytes) -> Path:
    """Make one broken ledger; the same number makes the same one."""
    rng = random.Random(number)  # noqa: S311 - inputs that can be made again, no secrets
    kind, inside = ("xlsx", "csv", "parquet")[number % 3], rng.random() < 0.5
    if kind == "xlsx":
        path = folder / "ledger.xlsx"
        path.write_bytes(broken_workbook(book, rng) if inside else broken_bytes(book, rng))
        return path
    path = folder / "ledger"
    path.mkdir()
    for name, rows in TABLES.items():
        if rng.random() < 0.02:
            continue
        hit = name == rng.choice(list(TABLES))
        cells = rows
        if hit and inside and kind == "csv":
            cells = broken_rows(rows, rng)
        elif hit and inside:
            # Columns of one Parquet file are of one length: cells change, and rows stay.
            cells = [rows[0], *[[rng.choice([cell, *NASTY]) for cell in row] for row in rows[1:]]]
        encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
        data = csv_bytes(cells, encoding) if kind == "csv" else parquet_bytes(cells, rng)
        (path / f"{name}.{kind}").write_bytes(broken_bytes(data, rng) if hit and not inside else data)
    return path


class TooSlow(Exception):  # noqa: N818 - what it says is enough
    """One input took longer than it may."""


def work(first: int, inputs: int, seconds: float) -> None:
    """Read inputs; print a line of JSON for each find, and one at the end."""
    from liaison_analysis.errors import LedgerError
    from liaison_analysis.ledger import read_ledger

    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))

    def stop(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, stop)
    book, seen, slowest, done = workbook(), Counter(), 0.0, 0
    end = time.monotonic() + seconds
    root = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108 - as fast as memory
    try:
        for number in range(first, first + inputs):
            if time.monotonic() > end:
                break
            print(json.dumps({"at": number}), flush=True)
            folder = root / str(number)
            folder.mkdir()
            path = write_input(number, folder, book)
            before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
            start = time.monotonic()
            signal.alarm(20)
            try:
                ledger = read_ledger(path)
                result = "read"
                frames = "".join(frame.to_csv() for frame in ledger.tables.values())
                said = repr(ledger) + str(ledger.notes) + frames
            except LedgerError as error:
                result = "refused"
                said = str(error) + error.problems.to_csv()
            except BaseException as error:
                result = said = f"{type(error).__name__}: {error}"[:200]
            signal.alarm(0)
            slowest = max(slowest, time.monotonic() - start)
            # After other digits, or as the number of a thing, it is not told to be a phone number.
            if re.search(rf"(?<!\d)(?<!编号){PHONE}(?!\d)", said) and result in {"read", "refused"}:
                result = "leaked: " + said[max(0, said.index(PHONE) - 30) :][:80]
            if {file: file.stat().st_mtime_ns for file in folder.rglob("*")} != before:
                result = "wrote something"
            kind = ("xlsx", "csv", "parquet")[number % 3]
            seen[f"{kind} {result if result in {'read', 'refused'} else 'found'}"] += 1
            done += 1
            if result not in {"read", "refused"}:
                print(json.dumps({"find": result, "number": number}), flush=True)
            shutil.rmtree(folder)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"done": done, "seen": seen, "slowest": slowest, "peak": peak}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=3_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this long")
    parser.add_argument("--batch", type=int, default=3_000, help="inputs of one process")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help="put the counts into RESULTS.md")
    given = parser.parse_args()
    if given.worker:
        work(given.first, given.inputs, given.seconds)
        return
    start, seen, finds, slowest, peak = time.monotonic(), Counter(), [], 0.0, 0
    at, last = given.first, given.first + given.inputs
    while at < last and time.monotonic() - start < given.seconds:
        left = given.seconds - (time.monotonic() - start)
        options = {"first": at, "inputs": min(given.batch, last - at), "seconds": left}
        command = [sys.executable, __file__, "--worker"]
        command += [word for name, value in options.items() for word in (f"--{name}", str(value))]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - this very file
        lines = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
        finds += [line for line in lines if "find" in line]
        ends = [line for line in lines if "done" in line]
        if ends:
            at += ends[0]["done"]
            seen.update(ends[0]["seen"])
            slowest, peak = max(slowest, ends[0]["slowest"]), max(peak, ends[0]["peak"])
        else:
            # The process died: what it had counted is lost, so that only the input it died of is counted.
            died = max((line["at"] for line in lines if "at" in line), default=at)
            finds.append(
                {"find": f"process ended with {ran.returncode}: {ran.stderr[-200:]}", "number": died}
            )
            seen["inputs of a batch that ended early"] += died - at
            at = died + 1
        print(
            f"{at - given.first:,} inputs, {len(finds)} finds, {time.monotonic() - start:.0f} s", flush=True
        )
    for find in finds:
        print(find)
    print(dict(sorted(seen.items())), f"slowest {slowest:.2f} s, peak {peak} MB")
    if given.write:
        from results import write_section

        rows = "\n".join(f"| {name} | {n:,} |" for name, n in sorted(seen.items()))
        write_section(
            "fuzz",
            f"## Broken files\n\n`read_ledger` on {at - given.first:,} broken ledgers, {len(finds)} finds "
            "(another exception than `LedgerError`, a crash, a leak or a write); the slowest took "
            f"{slowest:.1f} s, and no process more than {peak} MB.\n\n| inputs | n |\n| --- | --- |\n{rows}",
        )


if __name__ == "__main__":
    main()
