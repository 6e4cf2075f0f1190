import codecs
import csv
import datetime as dt
import os
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from helpers.ledger_files import (
    DEMANDS,
    ENTERPRISES,
    NUMBERS,
    demands,
    folder,
    leaks,
    ledger_file,
    message,
    places,
    problems,
    repacked,
    workbook,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.schema import STATUSES, TABLES
from liaison_analysis.ledger.writing import write_ledger

# Files that cannot be read: one clear line.


def test_a_missing_file(tmp_path):
    assert message(tmp_path / "台账.xlsx") == "台账.xlsx: no such file or folder; check the path"
    assert message(tmp_path / ("长" * 200 + ".xlsx")).endswith("copy it to this machine first")


def test_an_empty_file(tmp_path):
    (tmp_path / "a.xlsx").touch()
    assert message(tmp_path / "a.xlsx") == "a.xlsx: the file is empty; save it again from where it came"


@pytest.mark.parametrize(
    "content", [b"enterprise_id,name\nE1,a\n", b"\x00" * 1000, b"PK\x03\x04" + b"\x00" * 400]
)
def test_no_zip_under_the_name_of_a_workbook(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    expected = "a.xlsx: is not an Excel workbook, or only part of one; save it again as .xlsx"
    assert message(tmp_path / "a.xlsx") == expected


def test_half_a_workbook(tmp_path):
    path = ledger_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    assert message(path) == "台账.xlsx: is not an Excel workbook, or only part of one; save it again as .xlsx"


def test_an_encrypted_workbook(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(codecs.decode("d0cf11e0a1b11ae1", "hex") + b"\x00" * 600)
    reason = "is encrypted or damaged; open it and save it as .xlsx without a password"
    assert message(tmp_path / "a.xlsx") == f"a.xlsx: {reason}"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xls", b"x", "is not an Excel workbook, or only part of one; save it again as .xlsx"),
        ("a.xlsx", b"Rar!\x1a\x07", "is a RAR archive; unpack it and give the workbook inside"),
        ("a.xlsx", b"%PDF-1.7", "is a PDF; export the table as .xlsx and give that"),
        ("a.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         "is protected by a password (encrypted); open it and save it without one as .xlsx"),
        ("a.rar", b"x", "unsupported file type (.rar); unpack it and give the file inside"),
        ("a.pdf", b"x", "unsupported file type (.pdf); save it as .xlsx"),
        ("a.docx", b"x", "is not a Word document (.docx), or is protected; save it as .docx"),
        ("ledger", b"x", "unsupported file type (none); give a workbook"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_to_save_it_as(tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    assert message(tmp_path / name).startswith(f"{name}: {reason}")
    assert "\n" not in message(tmp_path / name)


def test_a_zip_that_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    expected = "a.xlsx: is a zip file but not an Excel workbook; save it as .xlsx"
    assert message(tmp_path / "a.xlsx") == expected


def test_a_damaged_sheet(tmp_path):
    path = repacked(ledger_file(tmp_path), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2])
    assert message(path).startswith("台账.xlsx: is damaged ('xl/worksheets/sheet1.xml': ")
    assert message(path).endswith("; open it in Excel and save it again")


def test_a_workbook_whose_sheets_are_lost(tmp_path):
    path = repacked(ledger_file(tmp_path), "xl/_rels/workbook.xml.rels", lambda _: b"<Relationships/>")
    assert "is damaged" in message(path)


def test_a_workbook_of_other_sheets(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"说明": [["x"]], "Sheet2": [["y"]]})
    why = (
        "no list of demands; its header needs a column of enterprises and one of demands, such as "
        "企业名称 and 诉求内容"
    )
    assert problems(path) == [("说明", 1, "", "x", why), ("Sheet2", 1, "", "y", why)]


def test_a_workbook_without_cells(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"enterprises": [], "demands": []})
    assert message(path) == "a.xlsx: holds no cells; save the workbook again with its data"


def test_a_folder_without_tables(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "demands.csv").mkdir()
    assert "holds no .csv or .parquet file and no workbook; give a workbook" in message(tmp_path)


def test_a_folder_named_like_a_workbook_is_a_folder(tmp_path):
    assert len(read_ledger(folder(tmp_path / "x.xlsx")).demands) == 2
    (tmp_path / "y.xlsx").mkdir()
    assert message(tmp_path / "y.xlsx").startswith("y.xlsx: holds no .csv or .parquet file")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.xlsx")
    assert message(tmp_path / "a.xlsx").startswith("a.xlsx: is not a regular file")


def test_every_unreadable_file_of_a_folder_is_named(tmp_path):
    path = folder(tmp_path / "f")
    (path / "demands.csv").write_bytes(bytes(range(128, 256)) * 9)
    (path / "offers.parquet").write_bytes(b"PAR1 junk PAR1")
    (path / "visits.csv").write_bytes(b"")
    assert problems(path) == [
        ("demands.csv", None, "", "", "is not text in UTF-8, UTF-16 or GB 18030; save it as CSV UTF-8"),
        (
            "offers.parquet",
            None,
            "",
            "",
            "is not a Parquet file, or damaged; write it again with pandas.DataFrame.to_parquet",
        ),
        ("visits.csv", None, "", "", "the file is empty; save it again from where it came"),
    ]


def test_a_quote_that_is_never_closed_swallows_no_rows(tmp_path):
    path = folder(tmp_path / "f")
    (path / "demands.csv").write_text(
        'demand_id,enterprise_id,raised_on,text\nD1,E1,2022-01-02,"停车难\nD2,E1,2022-01-03,用电\n'
    )
    [(sheet, _, _, _, reason)] = problems(path)
    assert sheet == "demands.csv"
    assert reason == (
        "is not a CSV file (line 3: a quotation mark is never closed); correct the quotes or save it again "
        "as CSV"
    )


def test_two_files_for_one_table(tmp_path):
    path = folder(tmp_path / "f", 诉求=DEMANDS)
    assert problems(path) == [
        ("诉求", None, "", "", "a second sheet for demands, beside 'demands'; keep one")
    ]


# Sheets that hold problems: all at once, with the row as Excel counts it.


def test_all_problems_of_all_sheets_come_at_once_sorted_by_sheet_and_row(tmp_path):
    path = ledger_file(
        tmp_path,
        demands=[
            ["企业诉求台账"],
            ["2022年"],
            DEMANDS[0],
            ["D1", "E9", "2022-02-30", "停车难", "settled", "2022-04-01", "maybe"],
            [],
            ["D1", "E1", "2022-03-05", None, "later", "2022-03-01", "yes"],
        ],
        offers=[["企业编号", "产品", "收入占比"], ["E1", "机器人", "120%"], ["E7", "减速器", "lots"]],
    )
    assert problems(path) == [
        ("demands", 4, "enterprise_id", "E9", "unknown; add it to enterprises or correct it"),
        (
            "demands",
            4,
            "raised_on",
            "2022-02-30",
            "not a date between 1900 and 2100; write it as 2022-03-31, 2022/3/31 or 2022年3月31日",
        ),
        ("demands", 4, "in_remit", "maybe", "neither yes nor no; write yes or no (是 or 否)"),
        ("demands", 6, "demand_id", "D1", "is already in row 4; remove one or give it another key"),
        ("demands", 6, "text", "", "empty; every row needs a value here"),
        (
            "demands",
            6,
            "status",
            "later",
            "not one of " + ", ".join(f"{k} ({v})" for k, v in STATUSES.items()),
        ),
        (
            "demands",
            6,
            "settled_on",
            "2022-03-01",
            "before raised_on (2022-03-05); correct one of the two dates",
        ),
        ("offers", 2, "weight", "120%", "above 1; give a share between 0 and 1, or a percentage such as 35%"),
        ("offers", 3, "enterprise_id", "E7", "unknown; add it to enterprises or correct it"),
        ("offers", 3, "weight", "lots", "not a number; write digits only, such as 0.35 or 35%"),
    ]
    assert message(path).splitlines()[:2] == [
        "台账.xlsx · demands, offers: 10 problems",
        "  demands · row 4 · enterprise_id = 'E9': unknown; add it to enterprises or correct it",
    ]
    assert message(path).splitlines()[-1] == "  and 5 more; the whole table is in .problems"


def test_sheets_are_sorted_as_in_the_workbook(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "产品": [["企业编号", "产品"], ["E9", "x"]],
            "诉求": demands(["D1", "E9", "2022-01-01", "x"]),
            "企业": ENTERPRISES,
        },
    )
    assert places(path) == [("产品", 2, "enterprise_id", "E9"), ("诉求", 2, "enterprise_id", "E9")]


def test_an_empty_required_sheet_and_one_with_a_header_only(tmp_path):
    path = ledger_file(tmp_path, demands=[], enterprises=[ENTERPRISES[0]])
    assert problems(path) == [
        ("enterprises", None, "", "", "no rows below the header; fill it in"),
        (
            "demands",
            None,
            "",
            "",
            (
                "no header row in the first 30 rows; write one with at least demand_id (诉求编号), "
                "enterprise_id (企业编号), text (诉求内容)"
            ),
        ),
    ]


def test_an_empty_optional_sheet_is_noted(tmp_path):
    ledger = read_ledger(ledger_file(tmp_path, 别名=[], offers=[["企业编号", "产品"]]))
    assert "sheet '别名' holds no cells" in ledger.notes
    assert ledger.aliases.empty
    assert ledger.offers.empty


def test_missing_columns_are_named_in_both_languages(tmp_path):
    path = ledger_file(tmp_path, demands=[["诉求编号", "企业编号", "提出日期"], ["D1", "E1", "2022-01-05"]])
    assert (
        "demands",
        1,
        "text",
        "",
        "column is missing; add one headed text or 诉求内容 or 诉求 or 问题描述",
    ) in problems(path)


@pytest.mark.parametrize("head", [["诉求编号", "企业编号"], ["诉求编号", "企业编号", "提出日期"]])
def test_demands_without_any_day_are_kept_and_their_days_asked_for_once(tmp_path, head):
    rows = [[*head, "诉求内容"]]
    rows += [[f"D{i}", "E1", *[""] * (len(head) - 2), text] for i, text in enumerate("xy")]
    ledger = read_ledger(ledger_file(tmp_path, demands=rows))
    assert ledger.demands["text"].tolist() == ["x", "y"]
    assert ledger.demands["raised_on"].isna().all()
    assert ledger.review[["row", "column", "status"]].to_numpy().tolist() == [[1, "raised_on", "missing"]]
    note = "2 of 2 demands have no day on which they were raised: they are in no month and duration"
    assert note in ledger.notes


def test_a_single_row_without_a_day_is_asked_for_at_its_place(tmp_path):
    rows = [
        ["诉求编号", "企业编号", "提出日期", "诉求内容"],
        ["D1", "E1", "2022-01-05", "x"],
        ["D2", "E1", "", "y"],
    ]
    review = read_ledger(ledger_file(tmp_path, demands=rows)).review
    assert review[["sheet", "row", "column"]].to_numpy().tolist() == [["demands", 3, "raised_on"]]


def test_a_table_that_names_enterprises_gets_their_ids(tmp_path):
    rows = [["诉求编号", "企业名称", "提出日期", "诉求内容"], ["D1", "甲公司", "2022-01-05", "停车难"]]
    demands = read_ledger(ledger_file(tmp_path, demands=rows)).demands
    assert demands[["demand_id", "enterprise_id", "企业名称"]].to_numpy().tolist() == [["D1", "E1", "甲公司"]]


def test_two_columns_of_one_meaning(tmp_path):
    rows = [[*DEMANDS[0], "诉求内容"], [*DEMANDS[1], "又"]]
    assert problems(ledger_file(tmp_path, demands=rows)) == [
        ("demands", 1, "text", "诉求内容", "a second column of this meaning; keep one")
    ]


def test_two_sheets_for_one_table(tmp_path):
    def hide(book):
        book["企业诉求"].sheet_state = "hidden"

    path = ledger_file(tmp_path, 企业诉求=DEMANDS, change=hide)
    assert problems(path) == [
        (
            "企业诉求",
            None,
            "",
            "",
            "a second sheet for demands, beside 'demands'; keep one (this one is hidden)",
        )
    ]


def test_every_row_of_a_repeated_bad_value_is_listed(tmp_path):
    rows = [[f"D{i}", "E1", "2022-13-01", "x", "later", None, "yes"] for i in range(40)]
    found = places(ledger_file(tmp_path, demands=demands(*rows)))
    expected = [
        [("demands", i + 2, "raised_on", "2022-13-01"), ("demands", i + 2, "status", "later")]
        for i in range(40)
    ]
    assert found == [place for pair in expected for place in pair]


@pytest.mark.parametrize(
    "written",
    [
        "2022-02-30",
        "尽快",
        "2022年3月",
        "2022-03",
        "3/5/2022",
        "0202-03-05",
        "20222-03-05",
        "2022.3",
        "1",
        "20221301",
        "99999",
    ],
)
def test_bad_dates(tmp_path, written):
    path = ledger_file(tmp_path, demands=demands(["D1", "E1", written, "停车难"]))
    assert places(path) == [("demands", 2, "raised_on", written)]


@pytest.mark.parametrize(
    "written",
    [
        dt.date(2022, 3, 5),
        dt.datetime(2022, 3, 5, 14, 30),  # noqa: DTZ001 - Excel knows no time zones
        44625,
        44625.6,
        "44625",
        "2022-03-05",
        "2022/3/5",
        "2022.3.5",
        "2022年3月5日",
        "2022 年 3 月 5 日",
        "2022年3月5号",
        "２０２２－０３－０５",
        "20220305",
        20220305,
        "2022-03-05 14:30:00",
        "2022-03-05T14:30",
        " 2022-03-05\n",
    ],
)
def test_good_dates(tmp_path, written):
    ledger = read_ledger(ledger_file(tmp_path, demands=demands(["D1", "E1", written, "停车难"])))
    assert ledger.demands["raised_on"].tolist() == [pd.Timestamp("2022-03-05")]
    assert ledger.demands["raised_on"].dtype == "datetime64[s]"


def test_dates_that_contradict_each_other(tmp_path):
    header = [
        "demand_id",
        "enterprise_id",
        "raised_on",
        "text",
        "assigned_on",
        "settled_on",
        "fed_back_on",
        "status",
    ]
    rows = [
        ["D1", "E1", "2022-03-05", "a", "2022-03-04", None, None, None],
        ["D2", "E1", "2022-03-05", "a", "2022-03-09", "2022-03-08", None, "settled"],
        ["D3", "E1", "2022-03-05", "a", None, "2022-03-08", "2022-03-07", "fed back"],
        ["D4", "E1", "2022-03-05", "a", "2022-03-05", "2022-03-05", "2022-03-05", "fed back"],
        ["D5", "E1", "2022-03-05", "a", None, "2022-03-08", None, "solving"],
    ]
    found = problems(ledger_file(tmp_path, demands=[header, *rows]))
    assert [(row, column, value, reason.split(";")[0]) for _, row, column, value, reason in found] == [
        (2, "assigned_on", "2022-03-04", "before raised_on (2022-03-05)"),
        (3, "settled_on", "2022-03-08", "before assigned_on (2022-03-09)"),
        (4, "fed_back_on", "2022-03-07", "before settled_on (2022-03-08)"),
        (6, "settled_on", "2022-03-08", "has a date but the status is 'solving'"),
    ]


def test_an_id_that_lost_its_digits_in_excel(tmp_path):
    rows = [["企业编号", "名称"], ["E1", "甲"], [500109202203045678, "乙"], [1234567890123456, "丙"]]
    path = ledger_file(
        tmp_path, enterprises=rows, demands=demands(["D1", 500109202203045678, "2022-01-01", "x"])
    )
    reason = "Excel kept only 15 digits of it; format the column as text and type the value again"
    assert problems(path) == [
        ("enterprises", 3, "enterprise_id", "5.00109202203046e+17", reason),
        ("enterprises", 4, "enterprise_id", "1.23456789012346e+15", reason),
        ("demands", 2, "enterprise_id", "5.00109202203046e+17", reason),
    ]


def test_an_id_that_lost_its_digits_in_a_csv_file_of_excel(tmp_path):
    path = folder(
        tmp_path / "f", enterprises=[["企业编号", "名称"], ["5.00109E+17", "甲"], ["E1", "乙"], ["E2", "丙"]]
    )
    assert places(path) == [("enterprises", 2, "enterprise_id", "5.00109E+17")]


def test_long_ids_as_text_and_short_ones_as_numbers_are_kept(tmp_path):
    rows = [["企业编号", "名称"], ["500109202203045678", "甲"], ["00123", "乙"], [7, "丙"]]
    asked = [
        ["D1", "500109202203045678", "2022-01-01", "x"],
        ["D2", "00123", "2022-01-01", "x"],
        [3, "7", "2022-01-01", "x"],
    ]
    ledger = read_ledger(ledger_file(tmp_path, enterprises=rows, demands=demands(*asked)))
    assert ledger.enterprises["enterprise_id"].tolist() == ["500109202203045678", "00123", "7"]
    assert ledger.demands["demand_id"].tolist() == ["D1", "D2", "3"]


@pytest.mark.parametrize(
    ("headcount", "reason"),
    [
        ("约120", "not a whole number; write digits only, such as 120"),
        (12.5, "not a whole number; write digits only, such as 120"),
        ("1e30", "not a whole number; write digits only, such as 120"),
        ("1e999", "not a whole number; write digits only, such as 120"),
        (-3, "below 0; correct it"),
    ],
)
def test_numbers_that_are_none_or_out_of_range(tmp_path, headcount, reason):
    path = ledger_file(tmp_path, enterprises=[*ENTERPRISES, ["E3", "丙", headcount]])
    assert problems(path) == [("enterprises", 4, "headcount", str(headcount), reason)]


def test_numbers_as_people_write_them(tmp_path):
    rows = [ENTERPRISES[0], ["E1", "甲", "1,200"], ["E2", "乙", "１２０"], ["E3", "丙", 7.0]]
    offers = [
        ["企业编号", "产品", "占比"],
        ["E1", "a", "35%"],
        ["E1", "b", 0.35],
        ["E1", "c", "1e-300"],
        ["E1", "d", ".5"],
    ]
    ledger = read_ledger(ledger_file(tmp_path, enterprises=rows, offers=offers))
    assert ledger.enterprises["headcount"].tolist() == [1200, 120, 7]
    assert ledger.offers["weight"].tolist() == [0.35, 0.35, 1e-300, 0.5]


def test_rows_with_the_same_key(tmp_path):
    supplies = [
        ["供应商编号", "客户编号", "产品"],
        ["E1", "E2", None],
        ["E2", "E1", None],
        ["E1", "E2", "机器人"],
        ["E1", "E2", None],
    ]
    path = ledger_file(
        tmp_path, enterprises=[*ENTERPRISES, ["E1", "丙", 1], ["E1", "丁", 1]], supplies=supplies
    )
    reason = "is already in row 2; remove one or give it another key"
    assert problems(path) == [
        ("enterprises", 4, "enterprise_id", "E1", reason),
        ("enterprises", 5, "enterprise_id", "E1", reason),
        ("supplies", 5, "supplier_id + customer_id + product", "E1 / E2", reason),
    ]


def test_unknown_ids_and_products_in_supplies(tmp_path):
    path = ledger_file(
        tmp_path,
        企业产品=[["企业编号", "产品"], ["E1", "机器人"]],
        产业链=[["上游", "下游"], ["减速器", "机器人"]],
        供货关系=[
            ["供方编号", "需方编号", "产品"],
            ["E1", "E8", "机器人"],
            ["E9", "E2", "减速器"],
            ["E1", "E2", "火箭"],
        ],
    )
    assert problems(path) == [
        ("供货关系", 2, "customer_id", "E8", "unknown; add it to enterprises or correct it"),
        ("供货关系", 3, "supplier_id", "E9", "unknown; add it to enterprises or correct it"),
        ("供货关系", 4, "product", "火箭", "unknown product; add it to 企业产品 or 产业链 or correct it"),
    ]


def test_a_product_that_feeds_itself(tmp_path):
    path = ledger_file(
        tmp_path, product_chain=[["上游", "下游", "关系"], ["钢", "钢", "材料"], ["钢", "轴", "祖传"]]
    )
    assert places(path) == [
        ("product_chain", 2, "downstream", "钢"),
        ("product_chain", 3, "relation", "祖传"),
    ]


def test_words_for_yes_and_no_and_coded_values_in_chinese(tmp_path):
    words = ["是", "否", "√", "×", "有", "无", True, False, "TRUE", 1, 0, "ＹＥＳ"]
    statuses = ["已收集", "已交办", "办理中", "已办结", "已反馈", "Fed Back"]
    rows = [[f"D{i}", "E1", "2022-01-01", "x", None, None, word] for i, word in enumerate(words)]
    rows += [[f"S{i}", "E1", "2022-01-01", "x", word, None, None] for i, word in enumerate(statuses)]
    found = read_ledger(ledger_file(tmp_path, demands=demands(*rows))).demands
    assert found["in_remit"].tolist()[:12] == [True, False] * 3 + [True, False, True, True, False, True]
    assert found["status"].tolist()[12:] == [
        "collected",
        "assigned",
        "solving",
        "settled",
        "fed back",
        "fed back",
    ]


def test_a_repeated_header_is_left_out_and_the_rows_below_it_are_read(tmp_path):
    path = ledger_file(tmp_path, demands=[*DEMANDS, DEMANDS[0], ["D3", "E1", "2022-01-01", "停电"]])
    ledger = read_ledger(path)
    assert ledger.demands["demand_id"].tolist() == ["D1", "D2", "D3"]
    assert ledger.origin.query("table == 'demands'")["source_row"].tolist() == [2, 3, 5]


def test_formulas_without_a_value_and_error_cells_are_named(tmp_path):
    def change(book):
        book["demands"]["D2"] = "=CELL(1)"
        book["demands"]["C3"].value, book["demands"]["C3"].data_type = "#N/A", "e"

    no_value = "formula without a value; open the file in Excel or WPS and save it, or type the value"
    assert problems(ledger_file(tmp_path, change=change)) == [
        ("demands", 2, "text", "=CELL(1)", no_value),
        (
            "demands",
            3,
            "raised_on",
            "#N/A",
            "formula error; fix or clear the cell",
        ),
    ]


def test_formulas_give_the_value_that_excel_kept(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name, rows in {"enterprises": ENTERPRISES, "demands": DEMANDS}.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    sheet.write_formula("D2", '="停车"&"难"', None, "停车难")
    book.close()
    assert read_ledger(tmp_path / "a.xlsx").demands["text"].tolist() == ["停车难", "用电不稳"]


# What must work.


def test_titles_merged_cells_and_columns_to_the_right(tmp_path):
    def change(book):
        sheet = book["demands"]
        sheet.insert_rows(1, 2)
        sheet["A1"] = "两江新区企业诉求台账"
        sheet.merge_cells("A1:G1")
        sheet["A2"] = "填报单位:"
        sheet.insert_cols(1)

    found = read_ledger(ledger_file(tmp_path, change=change)).demands
    assert found["demand_id"].tolist() == ["D1", "D2"]
    assert list(found) == [column.name for column in TABLES["demands"].columns]


def test_a_header_merged_over_two_rows(tmp_path):
    rows = [
        ["企业编号", "企业名称", "规模", None],
        [None, None, "人数", "产值"],
        ["E1", "甲", 5, 9],
        ["E2", "乙", 6, 8],
    ]

    def change(book):
        for merged in ("A1:A2", "B1:B2", "C1:D1"):
            book["enterprises"].merge_cells(merged)

    found = read_ledger(ledger_file(tmp_path, enterprises=rows, change=change)).enterprises
    assert found[["enterprise_id", "name", "headcount", "产值"]].to_numpy().tolist() == [
        ["E1", "甲", 5, "9"],
        ["E2", "乙", 6, "8"],
    ]


def test_rows_are_counted_below_titles_blank_rows_and_line_breaks(tmp_path):
    path = folder(tmp_path / "f")
    text = '台账\n\n诉求编号,企业编号,提出日期,诉求内容\nD1,E1,2022-01-01,"一\n二"\n\nD2,E1,bad,x\n'
    (path / "demands.csv").write_text(text, encoding="utf-8")
    assert places(path) == [("demands", 6, "raised_on", "bad")]


def test_hidden_sheets_are_read_and_charts_and_other_sheets_are_not(tmp_path):
    def change(book):
        book["offers"].sheet_state = "veryHidden"
        book.create_chartsheet("aliases")

    ledger = read_ledger(
        ledger_file(tmp_path, offers=[["企业编号", "产品"], ["E1", "x"]], 说明=[["x"]], change=change)
    )
    assert ledger.offers["product"].tolist() == ["x"]
    assert ledger.notes[:2] == (
        "sheet 'offers' is hidden and was read",
        "sheet '说明' is not a table of the ledger and was not read",
    )
    assert "no aliases (企业别名): former and short names are not resolved" in ledger.notes


def test_headers_in_mixed_languages_and_extra_columns(tmp_path):
    rows = [
        ["产值", "诉求编号", "enterprise_id", "提出日期(必填)", "Text", None, "备注", "备注", None],
        [1.5, "D1", "E1", 44625, "x", "无头", None, "二", None],
        [None, "D2", "E1", 44625, "y", None, None, dt.date(2022, 1, 2), None],
    ]
    found = read_ledger(ledger_file(tmp_path, demands=rows)).demands
    assert list(found)[len(TABLES["demands"].columns) :] == ["产值", "column_6", "备注", "备注_2"]
    extra = found[["产值", "column_6", "备注", "备注_2"]]
    assert extra.astype(object).where(extra.notna(), None).to_numpy().tolist() == [
        ["1.5", "无头", None, "二"],
        [None, None, None, "2022-01-02"],
    ]
    assert all(str(dtype) == "str" for dtype in extra.dtypes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_encodings_of_csv(tmp_path, encoding, delimiter):
    path = folder(tmp_path / "f")
    rows = [["诉求编号", "企业编号", "提出日期", "诉求内容"], ["D1", "E1", "2022-01-01", "充电桩,不够㐀𠀀"]]
    with (path / "demands.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    assert read_ledger(path).demands["text"].tolist() == ["充电桩,不够㐀𠀀"]


def test_nuls_and_windows_line_ends_in_csv(tmp_path):
    path = folder(tmp_path / "f")
    text = 'demand_id,enterprise_id,raised_on,text\r\nD\x001,E1,2022-01-01,"a\r\nb"\r\n'
    (path / "demands.csv").write_bytes(text.encode())
    assert read_ledger(path).demands[["demand_id", "text"]].to_numpy().tolist() == [["D1", "a\nb"]]


def test_parquet_keeps_long_numbers_and_types(tmp_path):
    path = folder(tmp_path / "f", enterprises=[["企业编号", "名称"], ["500109202203045678", "甲"]])
    (path / "demands.csv").unlink()
    pd.DataFrame(
        {
            "demand_id": [1, 2],
            "enterprise_id": [500109202203045678] * 2,
            "raised_on": pd.to_datetime(["2022-03-05 07:00", "2022-03-06 00:00"]).tz_localize(
                "Asia/Shanghai"
            ),
            "text": ["=1", None],
            "tags": [["a", "b"], None],
            "in_remit": [True, None],
        }
    ).fillna({"text": "x"}).to_parquet(path / "demands.parquet")
    found = read_ledger(path).demands
    assert found["raised_on"].dt.strftime("%F").tolist() == ["2022-03-05", "2022-03-06"]
    assert found["text"].tolist() == ["=1", "x"]
    assert found["in_remit"].tolist() == [True, pd.NA]
    assert found["tags"].iloc[0] == "['a', 'b']"


def test_a_name_with_tricks_writes_and_shows_nothing_strange(tmp_path):
    path = ledger_file(tmp_path)
    repacked(path, "xl/workbook.xml", lambda xml: xml.replace(b'"demands"', b'"../../demands&#10;&#9;[2J"'))
    sheets = read_ledger(path).origin["sheet"].unique().tolist()
    assert sheets == ["enterprises", "../../demands [2J"]
    repacked(path, "xl/workbook.xml", lambda xml: xml.replace(b'"../../demands', b'"demands('))
    assert len(read_ledger(path).demands) == 2


def test_a_sheet_that_points_out_of_the_workbook(tmp_path):
    path = repacked(
        ledger_file(tmp_path),
        "xl/_rels/workbook.xml.rels",
        lambda x: x.replace(b"/xl/worksheets/sheet1.xml", b"/../../../etc/passwd"),
    )
    assert "is damaged" in message(path)


VISITS = [["走访编号", "干部编号", "企业编号", "走访日期"], ["V1", "G1", "E1", "2022-03-05"]]


@pytest.mark.parametrize("between", [[], [[]], [[], ["走访台账"], []]])
def test_a_second_table_below_is_read_as_what_it_is(tmp_path, between):
    ledger = read_ledger(ledger_file(tmp_path, demands=[*DEMANDS, *between, *VISITS]))
    assert (len(ledger.demands), len(ledger.visits)) == (2, 1)
    assert ledger.visits["visited_on"].dt.strftime("%F").tolist() == [VISITS[1][3]]
    row = 3 + len(between) + 2
    assert ledger.origin.query("table == 'visits'")["source_row"].tolist() == [row]


def test_a_second_table_beside_is_read_as_what_it_is(tmp_path):
    beside = [[*a, None, *b] for a, b in zip(DEMANDS, [*VISITS, [None] * 4], strict=True)]
    turned = [[*b, None, *a] for a, b in zip(DEMANDS, [*VISITS, [None] * 4], strict=True)]
    first = read_ledger(ledger_file(tmp_path, demands=beside))
    assert (first.demands["demand_id"].tolist(), len(first.visits)) == (["D1", "D2"], 1)
    assert read_ledger(ledger_file(tmp_path, demands=turned)) == first


def test_columns_behind_a_blank_one_are_no_second_table(tmp_path):
    more = [
        [*a, None, *b] for a, b in zip(DEMANDS, [["企业名称", "备注"], ["甲", "x"], ["乙", "y"]], strict=True)
    ]
    found = read_ledger(ledger_file(tmp_path, demands=more)).demands
    assert found["企业名称"].tolist() == ["甲", "乙"]


def personal_ledger(tmp_path):
    return ledger_file(
        tmp_path,
        enterprises=[
            ["enterprise_id", "name", "uscc", "联系电话13812345678"],
            ["E1", "甲公司 13812345678", "500109199001011234", 13812345678],
            ["13812345678", "乙公司 139 1234 5678", None, "023-67891234"],
        ],
        demands=[
            [*DEMANDS[0], "备注"],
            ["D1", "E1", "2022-03-05", "找 139 1234 5678", "collected", None, "yes", "zhang@example.com"],
            ["500109202203045123", "13812345678", "2022-03-06", "卡6222021234567890123", None, None, None,
             "渝A12345"],
        ],
        links=[["officer_id", "enterprise_id"], ["13912345678", "E1"], ["139 1234 5678", "13812345678"]],
        visits=[
            ["visit_id", "officer_id", "enterprise_id", "visited_on"],
            ["V1", "13912345678", "13812345678", "2022-03-05"],
        ],
    )  # fmt: skip


def test_every_column_is_masked_and_keys_still_meet(tmp_path):
    ledger = read_ledger(personal_ledger(tmp_path))
    firms = ledger.enterprises
    assert firms["enterprise_id"].tolist() == ["E1", "[手机号 1]"]
    assert firms["name"].tolist() == ["甲公司 [手机号 1]", "乙公司 [手机号 2]"]
    assert firms["uscc"].tolist()[0] == "[身份证号 1]"
    assert firms["联系电话[手机号]"].tolist() == ["[手机号]", "[固定电话]"]
    assert ledger.demands["text"].tolist() == ["找 [手机号]", "卡[银行卡号]"]
    assert ledger.demands["demand_id"].tolist() == ["D1", "500109202203045123"]
    assert ledger.demands["备注"].tolist() == ["[邮箱]", "[车牌号]"]
    assert ledger.demands["enterprise_id"].tolist() == ["E1", firms["enterprise_id"].iloc[1]]
    assert ledger.visits["officer_id"].iloc[0] == ledger.links["officer_id"].iloc[0]
    assert ledger.links["officer_id"].nunique() == 2
    for frame in ledger.tables.values():
        assert leaks(frame.to_csv()) == []
    masked = ledger.masked.set_index(["sheet", "kind"])["n"]
    assert masked["enterprises", "mobile"] == 5
    assert masked["demands", "bank card"] == 1
    assert ledger.masked.dtypes.astype(str).tolist() == ["str", "str", "int64"]
    (note,) = [note for note in ledger.notes if "masked" in note]
    assert note.startswith("masked on reading, by kind: ")
    assert "mobile 12" in note
    assert leaks(ledger.masked.to_csv() + note) == []


def test_a_masked_ledger_is_read_back_as_it_is(tmp_path):
    ledger = read_ledger(personal_ledger(tmp_path))
    for name in ("a.xlsx", "folder"):
        back = read_ledger(write_ledger(ledger, tmp_path / name))
        assert back == ledger
        assert back.masked.empty


def test_nothing_is_masked_on_request(tmp_path):
    ledger = read_ledger(personal_ledger(tmp_path), mask=False)
    assert ledger.enterprises["enterprise_id"].tolist() == ["E1", "13812345678"]
    assert ledger.demands["text"].tolist() == ["找 139 1234 5678", "卡6222021234567890123"]
    assert ledger.masked.empty
    assert not [note for note in ledger.notes if "masked" in note]


def test_masks_do_not_depend_on_the_order_of_sheets(tmp_path):
    path = personal_ledger(tmp_path)
    first = read_ledger(path)
    book = openpyxl.load_workbook(path)
    book._sheets.reverse()
    book.save(path)
    assert read_ledger(path) == first


@pytest.mark.parametrize(
    "column", ["demand_id", "enterprise_id", "raised_on", "in_remit", "status", "settled_on", "text"]
)
@pytest.mark.parametrize("number", [*NUMBERS, 13812345678, 500109199001011234, 6222021234567890])
def test_no_error_holds_a_number(tmp_path, column, number):
    row = dict(zip(DEMANDS[0], DEMANDS[1], strict=True)) | {column: number}
    bad = dict(zip(DEMANDS[0], DEMANDS[2], strict=True)) | {column: number, "raised_on": "never"}
    path = ledger_file(tmp_path, demands=demands(list(row.values()), list(bad.values())))
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    numbers = [*NUMBERS, "5001091990", "6.2220212", "5.001091990"]
    assert leaks(str(caught.value), numbers) == []
    assert leaks(repr(caught.value), numbers) == []
    assert leaks(caught.value.problems.to_csv(), numbers) == []
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_no_name_of_a_file_or_sheet_leaks(tmp_path):
    sheets = {"enterprises": ENTERPRISES, "demands": DEMANDS, "王工13812345678": [["x"]]}
    path = workbook(tmp_path / "李13912345678.xlsx", sheets)
    ledger = read_ledger(path)
    assert ledger.source == "李[手机号].xlsx"
    assert leaks(repr(ledger) + str(ledger.notes), [*NUMBERS, "13912345678"]) == []
    assert "sheet '王工[手机号]' is not a table of the ledger and was not read" in ledger.notes
    with pytest.raises(LedgerError) as caught:
        read_ledger(workbook(path, {"企业名录(13812345678)": ENTERPRISES}))
    assert leaks(str(caught.value) + repr(caught.value), [*NUMBERS, "13912345678"]) == []
    path.write_bytes(b"junk")
    with pytest.raises(LedgerError) as caught:
        read_ledger(path)
    assert str(caught.value).startswith("李[手机号].xlsx: is not an Excel workbook")
    assert caught.value.__context__ is None


@settings(max_examples=80)
@given(
    st.sampled_from(["demands.csv", "demands.parquet", "demands.xlsx"]),
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"demand_id,text\n"]),
    st.sampled_from([b"", b"PAR1", b"\x10\x00\x00\x00PAR1", b"PK\x05\x06" + bytes(18)]),
)
def test_any_bytes_are_refused_with_one_kind_of_error_and_nothing_is_written(name, middle, start, end):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(start + middle + end)
        with pytest.raises(LedgerError) as caught:
            read_ledger(path if name.endswith("xlsx") else path.parent)
        assert len(caught.value.problems) >= 1
        assert [file.name for file in Path(folder).iterdir()] == [name]
        assert path.read_bytes() == start + middle + end
