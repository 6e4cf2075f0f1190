import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.workbook_reading import kind_of, workbook_sheets, xml_workbook_sheets

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (OLE + b"\0" * 99, "xls"),
        (archive("xl/workbook.xml"), "xlsx"),
        (archive("xl\\Workbook.bin"), "xlsb"),
        (archive("content.xml", "meta.xml"), "ods"),
        (archive("content.xml", "xl/workbook.xml"), "xlsx"),
        (b"PK\x03\x04 and no more", "xlsx"),
        ("编号,诉求".encode(), "text"),
        ("诉求".encode("utf-16"), "text"),
    ],
)
def test_a_file_format_is_detected_by_its_bytes(data, kind):
    assert kind_of(data, "a.xlsx") == kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"Rar!\x1a", "is a RAR archive; unpack it"),
        (b"7z\xbc\xaf\x27", "is a 7-Zip archive"),
        (b"\x1f\x8b\x08", "is a gzip archive"),
        (b"%PDF-1.7", "is a PDF; export the table"),
        (b"\x89PNG\0\0", "is not an Excel workbook"),
    ],
)
def test_what_is_no_workbook_says_what_it_is(data, reason):
    with pytest.raises(LedgerError, match=rf"^a\.xlsx: .*{reason}"):
        kind_of(data, "a.xlsx")


def book_bytes(change, *, sheets=("台账",)):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        book.create_sheet(name)
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(data, wanted=lambda _: True):
    return workbook_sheets(data, "a.xlsx", "xlsx", "a.xlsx", wanted)


def test_small_numbers_under_a_date_format_are_numbers_again_and_are_marked():
    def change(book):
        sheet = book["台账"]
        for i, value in enumerate((6.15, 6.0, 2022.0, 45.5, 12.9, 13.1), 1):
            sheet.cell(i, 1, value).number_format = "yyyy-mm-dd"
        sheet.cell(1, 2, 6.1)
        sheet.cell(2, 2, 44_625).number_format = "yyyy-mm-dd"

    (sheet,) = read(book_bytes(change))
    assert [row[0] for row in sheet.rows] == ["6.15", "6", "2022", "45.5", "12.9", "13.1"]
    assert [row[1] for row in sheet.rows[:2]] == ["6.1", "2022-03-05"]
    assert sheet.marks.numbers == {(0, 0), (4, 0), (0, 1)}
    assert not sheet.marks.date1904


def test_days_of_an_old_mac_count_from_1904():
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book["台账"].append([dt.datetime(2022, 3, 5)])  # noqa: DTZ001 - a spreadsheet's days have no time zone
        book["台账"].cell(2, 1, 6.15).number_format = "yyyy-mm-dd"

    (sheet,) = read(book_bytes(change))
    assert sheet.rows == [["2022-03-05"], ["6.15"]]
    assert sheet.marks.date1904
    assert sheet.marks.numbers == {(1, 0)}


def test_a_sheet_knows_its_merged_struck_commented_and_hidden_cells():
    def change(book):
        sheet = book["台账"]
        sheet.append(["甲", "停车难", "作废"])
        sheet.append([None, "用电难", "=TODAY()"])
        sheet.merge_cells("A1:A2")
        sheet["C1"].font = openpyxl.styles.Font(strike=True)
        sheet["B2"].comment = Comment("重复", "x")
        book["旧"].sheet_state = "hidden"
        book["旧"].append(["x"])

    first, second = read(book_bytes(change, sheets=("台账", "旧")))
    assert (first.name, first.file, first.hidden) == ("台账", "a.xlsx", False)
    assert first.rows == [["甲", "停车难", "作废"], ["", "用电难"]]
    assert first.marks.merged == ((0, 0, 1, 0),)
    assert first.marks.struck == {(0, 2)}
    assert {place: text.strip() for place, text in first.marks.comments.items()} == {(1, 1): "重复"}
    assert first.marks.formulas == {(1, 2): "=TODAY()"}
    assert (second.rows, second.hidden) == ([["x"]], True)


def test_sheets_that_are_not_wanted_and_charts_come_without_rows_or_not_at_all():
    def change(book):
        for sheet in book.worksheets:
            sheet.append(["x"])
        book.create_chartsheet("图")

    data = book_bytes(change, sheets=("台账", "说明"))
    assert [(sheet.name, sheet.rows) for sheet in read(data, lambda name: name == "说明")] == [
        ("台账", []),
        ("说明", [["x"]]),
    ]


def test_an_old_workbook_that_breaks_off_asks_for_a_new_one():
    with pytest.raises(LedgerError, match=r"is encrypted or damaged; open it and save it as \.xlsx"):
        workbook_sheets(OLE + b"\0" * 600, "a.xls", "xls", "", lambda _: True)


def test_formulas_without_a_value_get_the_one_that_follows_from_the_other_cells():
    def change(book):
        sheet = book["台账"]
        sheet.append(["序号", "企业", "日期", "期限"])
        sheet.append([1, "=名录!B2", dt.datetime(2022, 3, 5), "=C2+15"])  # noqa: DTZ001
        sheet.append(["=A2+1", "乙公司", '=TEXT(C2,"m月d日")', "=TODAY()"])
        book["名录"].append(["编号", "名称"])
        book["名录"].append(["E1", "甲公司"])

    first, _ = read(book_bytes(change, sheets=("台账", "名录")))
    assert first.rows[1:] == [["1", "甲公司", "2022-03-05", "2022-03-20"], ["2", "乙公司", "3月5日"]]
    assert first.marks.formulas == {(2, 3): "=TODAY()"}
    assert first.marks.computed == {
        (1, 1): "=名录!B2", (1, 3): "=C2+15", (2, 0): "=A2+1", (2, 2): '=TEXT(C2,"m月d日")',
    }  # fmt: skip


def test_an_xml_spreadsheet_is_read_with_its_formulas_and_marks():
    page = """<?xml version="1.0" encoding="gb2312"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
      xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
      xmlns:x="urn:schemas-microsoft-com:office:excel">
    <Styles><Style ss:ID="s1"><Font ss:StrikeThrough="1"/></Style></Styles>
    <Worksheet ss:Name="台账"><Table><Row><Cell><Data ss:Type="Number">6.15</Data></Cell>
    <Cell ss:Formula="=RC[-1]+1"/></Row>
    <Row ss:Index="3"><Cell ss:Index="2" ss:StyleID="s1">
    <Data ss:Type="DateTime">2022-03-05T00:00:00.000</Data>
    </Cell></Row></Table></Worksheet><Worksheet ss:Name="旧"><Table><Row><Cell><Data ss:Type="String">x</Data>
    </Cell></Row></Table></Worksheet></Workbook>"""
    first, second = xml_workbook_sheets(page.encode("gb18030"), "a.xls", "", lambda name: name == "台账")
    assert first.rows == [["6.15", "7.15"], [], ["", "2022-03-05"]]
    assert first.marks.computed == {(0, 1): "=A1+1"}
    assert first.marks.numbers == {(0, 0), (0, 1)}
    assert first.marks.struck == {(2, 1)}
    assert (second.name, second.rows) == ("旧", [])
