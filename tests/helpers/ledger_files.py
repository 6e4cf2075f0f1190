import csv
import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.reading import read_ledger

ENTERPRISES = [["enterprise_id", "name", "headcount"], ["E1", "甲公司", 120], ["E2", "乙公司", None]]

DEMANDS = [
    ["demand_id", "enterprise_id", "raised_on", "text", "status", "settled_on", "in_remit"],
    ["D1", "E1", "2022-03-05", "停车难", "settled", "2022-04-01", "yes"],
    ["D2", "E2", "2022-03-06", "用电不稳", "solving", None, "no"],
]


def workbook(path, sheets, *, change=None):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    book.save(path)
    return path


def ledger_file(tmp_path, *, change=None, **tables):
    return workbook(
        tmp_path / "台账.xlsx", {"enterprises": ENTERPRISES, "demands": DEMANDS} | tables, change=change
    )


def folder(path, **tables):
    path.mkdir()
    for name, rows in ({"enterprises": ENTERPRISES, "demands": DEMANDS} | tables).items():
        with (path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    return path


def repacked(path, part, edit):
    """Replace one part of a workbook by what ``edit`` makes of its bytes."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[part] = edit(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def problems(path):
    """Every problem of a broken ledger as tuples (sheet, row, column, value, reason)."""
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    table = caught.value.problems
    assert table["row"].dtype == "Int64"
    return [
        (sheet, None if pd.isna(row) else int(row), column, value, reason)
        for sheet, row, column, value, reason in table.itertuples(index=False)
    ]


def places(path):
    return [found[:4] for found in problems(path)]


def message(path):
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    return str(caught.value)


def demands(*rows):
    return [DEMANDS[0], *rows]


# Personal data: masked before anything else is done with it.


NUMBERS = ["13812345678", "139 1234 5678", "023-67891234", "500109199001011234", "6222021234567890123",
           "zhang@example.com", "渝A12345"]  # fmt: skip


def leaks(text, numbers=NUMBERS):
    plain = re.sub(r"[\s\-]", "", str(text))
    return [number for number in numbers if re.sub(r"[\s\-]", "", number) in plain]


def small_ledger(**tables):
    given_tables = {
        "enterprises": pd.DataFrame({"enterprise_id": ["E1", "E2"], "name": ["=HYPERLINK(1)", "http://a.b"]}),
        "demands": pd.DataFrame(
            {
                "demand_id": ["D1", "D2"],
                "enterprise_id": ["E1", "E2"],
                "raised_on": ["2022-01-02", "2022-01-03"],
                "text": ["mailto:a@b", "+1"],
                "status": ["settled", "fed back"],
                "in_remit": pd.array([True, None], dtype="boolean"),
            }
        ),
    } | tables
    return Ledger(**{name: typed(name, frame) for name, frame in given_tables.items()})
