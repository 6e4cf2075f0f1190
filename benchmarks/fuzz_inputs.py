"""Broken ledgers for ``fuzz_ledger.py``: whole workbooks, CSV and Parquet files, and how to break them.

Ledgers are invented, with a phone number in them, so that a leak can be found. Half of the inputs are whole
files with bytes changed; the others are changed inside: parts of the workbook's zip, cells of CSV, values of
Parquet columns.
"""

from __future__ import annotations

import io
import random
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
        # In a column of the user's own, so that the ledger is a sound one until it is broken.
        sheet.write_string(0, len(rows[0]), "复核")
        sheet.write_formula(1, len(rows[0]), "=1/0", value="#DIV/0!")
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


def _seeds() -> list[tuple[str, bytes]]:
    """What atheris starts from: kind and place, and the bytes that it changes."""
    book = workbook()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inside = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")
    parquet = parquet_bytes(OFFERS, random.Random(1))  # noqa: S311 - no secrets
    size = int.from_bytes(parquet[-8:-4], "little")
    return [
        ("csv demands", csv_bytes(DEMANDS)),
        ("csv enterprises", csv_bytes(ENTERPRISES)),
        ("xlsx whole", book),
        *(
            (f"xlsx {name}", parts[name])
            for name in (*inside, "[Content_Types].xml", "xl/_rels/workbook.xml.rels")
        ),
        ("parquet whole", parquet),
        ("parquet footer", parquet[-8 - size : -8]),
        ("parquet pages", parquet[: -8 - size]),
    ]


SEEDS = _seeds()


def place(kind: int, data: bytes, folder: Path) -> Path:
    """Write what atheris made of a seed as a ledger: the rest of the file around it is whole."""
    file, _, part = SEEDS[kind][0].partition(" ")
    if file == "csv":
        (folder / f"{part}.csv").write_bytes(data)
        return folder
    if file == "xlsx":
        path = folder / "ledger.xlsx"
        path.write_bytes(data if part == "whole" else _book_with(part, data))
        return path
    whole = next(seed for name, seed in SEEDS if name == "parquet whole")
    size = int.from_bytes(whole[-8:-4], "little")
    if part == "footer":
        data = whole[: -8 - size] + data + len(data).to_bytes(4, "little") + whole[-4:]
    elif part == "pages":
        data += whole[-8 - size :]
    (folder / "offers.parquet").write_bytes(data)
    return folder


def _book_with(part: str, data: bytes) -> bytes:
    target = io.BytesIO()
    whole = next(seed for name, seed in SEEDS if name == "xlsx whole")
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, data if name == part else source.read(name))
    return target.getvalue()
